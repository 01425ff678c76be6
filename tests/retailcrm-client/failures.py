"""How things are refused: in the protocol's own words, letter by letter, and nothing is changed by it."""

import requests
import retailcrm

from answers import answered, same


class Answer:
    """An answer to a request that the client would never send, as the client shows answers."""

    def __init__(self, response):
        self.response = response

    def get_response(self):
        return self.response.json()

    def get_status_code(self):
        return self.response.status_code

    def is_successful(self):
        return self.response.status_code < 400

    def get_error_msg(self):
        return self.response.json()["errorMsg"]


def run(client, address, key, site):
    orders = f"{address}/api/v5/orders"
    wrong = 'Wrong "apiKey" value.'

    def get(**how):
        return Answer(requests.get(orders, timeout=30, **how))

    def post(path, data, **how):
        headers = {"X-API-KEY": key, **how.pop("headers", {})}
        return Answer(requests.post(f"{address}/api/v5/{path}", data=data, headers=headers, timeout=30, **how))

    # The key, in each of its three places.
    answered("in the query", get(params={"apiKey": key}))
    answered("in the header", get(headers={"X-API-KEY": key}))
    answered("in the body", Answer(requests.post(f"{orders}/fix-external-ids", data={"apiKey": key, "orders": "[]"}, timeout=30)))
    answered("none", get(), 403, '"apiKey" is missing.')
    for name, other in [("another", "x" * 32), ("a part", key[:-1]), ("too long", key + "0"), ("strange", "ключ")]:
        answered(f"{name} in the query", get(params={"apiKey": other}), 403, wrong)
        answered(f"{name} in the body", Answer(requests.post(
            f"{orders}/fix-external-ids", data={"apiKey": other, "orders": "[]"}, timeout=30)), 403, wrong)
    answered("in the header", get(headers={"X-API-KEY": "x" * 32}), 403, wrong)
    answered("wrong everywhere", retailcrm.v5(address, "x" * 32).order_create({"externalId": "w"}), 403, wrong)

    # Another site.
    item = {"productName": "Чай", "initialPrice": 10, "quantity": 1}
    for name, response in [
        ("order", client.order_create({"externalId": "w-1", "items": [item]}, "another")),
        ("its field", client.order_create({"externalId": "w-1", "site": "another", "items": [item]})),
        ("customer", client.customer_create({"externalId": "w-1", "site": "another"})),
        ("upload", client.orders_upload([{"externalId": "w-1", "items": [item]}], "another")),
    ]:
        answered(f"{name} of another site", response, 403, "Access denied.")

    # What is no JSON, or not of the kind.
    entity = "Errors in the entity format"
    for name, text in [("half", '{"items":'), ("no object", "[1, 2]"), ("a word", "order"), ("empty", "")]:
        answered(f"order: {name}", post("orders/create", {"order": text}), 400,
                 None if name == "empty" else entity)
    answered("no order", post("orders/create", {}), 400, "Parameter 'order' is missing")
    answered("no form at all", post("orders/create", b"\xff\xfe{", headers={"Content-Type": "application/octet-stream"}), 400)
    for name, changed in [
        ("a price", {"items": [{**item, "initialPrice": "much"}]}),
        ("a currency", {"items": [item], "currency": "EUR"}),
        ("no goods", {"items": []}),
        ("less than nothing", {"items": [{**item, "quantity": -1}]}),
    ]:
        answered(name, client.order_create({"externalId": "w-2", **changed}), 400, entity)

    # What is not there.
    answered("order", client.order("w-1"), 404, "Not found")
    answered("order by id", client.order(404404, "id"), 404, "Not found")
    answered("order by a word", client.order("word", "id"), 404, "Not found")
    answered("by", client.order("w-1", "idd"), 400,
             'Value "idd" for "by" param is not valid. Allowed values are externalId, id.')
    answered("edit by id", client.order_edit({"id": 404404, "items": [item]}, "id"), 404, "Not found")
    answered("payment", client.order_payment_edit({"externalId": "w-9", "status": "paid"}), 404, "Not found")
    answered("payment of no order", client.order_payment_create(
        {"externalId": "w-9", "type": "cash", "order": {"externalId": "w-1"}}), 400)
    answered("customer", client.customer_edit({"externalId": "w-1", "firstName": "?"}), 404, "Not found")
    answered("method", client.get("/nonsense"), 404, "API method not found")
    answered("way of asking", client.get("/orders/create"), 405, "Method Not Allowed")

    # Batches: what can be taken is, the rest is named; the client does not take it for a success.
    partly = answered("orders, partly", client.orders_upload([
        {"externalId": "w-3", "phone": "+79128880001", "items": [item]},
        {"externalId": "w-4", "items": [{**item, "initialPrice": "much"}]},
        {"externalId": "o-1"},
    ]), 460, "Orders are loaded with errors")
    same("taken", [one["externalId"] for one in partly["uploadedOrders"]], ["w-3"])
    same("named", [one["externalId"] for one in partly["failedOrders"]], ["w-4", "o-1"])
    same("said", len(partly["errors"]), 2)
    partly = answered("customers, partly", client.customers_upload(
        [{"externalId": "w-5", "firstName": "Да"}, {"externalId": "w-6", "phones": "none"}, 7]), 460, "Customers are loaded with errors")
    same("taken", [one["externalId"] for one in partly["uploadedCustomers"]], ["w-5"])
    too_many = [{"externalId": f"w-{number}", "items": [item]} for number in range(100, 151)]
    answered("fifty-one", client.orders_upload(too_many), 400, "Errors in the input parameters")
    answered("none of them", client.order("w-100"), 404, "Not found")
    same("and nothing else came in", [one["externalId"] for one in answered(
        "orders", client.orders({"externalIds": ["w-1", "w-2", "w-3", "w-4"]}))["orders"]], ["w-3"])
