"""Drives a running Takt with the published Python client of the RetailCRM API, as a shop's program would.

    python drive.py http://127.0.0.1:8080 KEY

The shop sells TEA and MUG, at 199.50 each. Every answer is checked.
"""

import json
import sys

import retailcrm

import answers
import failures
import firms
import goods
import lists
import people
from answers import answered, same, wait

address, key = sys.argv[1:3]
client = retailcrm.v5(address, key)

# Who one is, and how the account is set up.
same("versions", "5.0" in answered("versions", client.api_versions())["versions"], True)
credentials = answered("credentials", client.api_credentials())
same("access", credentials["siteAccess"], "access_selective")
sites = answered("sites", client.sites())["sites"]
same("one site", len(sites), 1)
site = next(iter(sites))
same("sites of the key", credentials["sitesAvailable"], [site])
for name, call, field in [
    ("statuses", client.statuses, "statuses"),
    ("status groups", client.status_groups, "statusGroups"),
    ("delivery types", client.delivery_types, "deliveryTypes"),
    ("delivery services", client.delivery_services, "deliveryServices"),
    ("payment types", client.payment_types, "paymentTypes"),
    ("payment statuses", client.payment_statuses, "paymentStatuses"),
    ("order types", client.order_types, "orderTypes"),
    ("order methods", client.order_methods, "orderMethods"),
    ("price types", client.price_types, "priceTypes"),
    ("product statuses", client.product_statuses, "productStatuses"),
    ("stores", client.stores, "stores"),
    ("countries", client.countries, "countriesIso"),
]:
    answered(name, call())[field]
answered("a wrong key", retailcrm.v5(address, "x" * 32).sites(), 403, 'Wrong "apiKey" value.')

# Customers.
person = {
    "externalId": "c-1",
    "firstName": "Иван",
    "lastName": "Петров",
    "email": "ivan@example.org",
    "phones": [{"number": "+79123456789"}],
    "address": {"city": "Казань"},
}
customer = answered("customer created", client.customer_create(person), 201)["id"]
same("created again", answered("again", client.customer_create(person), 201)["id"], customer)
found = answered("customer", client.customer("c-1"))["customer"]
same("customer's names", (found["firstName"], found["lastName"]), ("Иван", "Петров"))
same("customer's address", found["address"]["city"], "Казань")
same("by id", answered("by id", client.customer(customer, "id"))["customer"]["externalId"], "c-1")
answered("customer edited", client.customer_edit({"externalId": "c-1", "lastName": "Сидоров"}))
same("edited", answered("customer", client.customer("c-1"))["customer"]["lastName"], "Сидоров")
answered("nobody", client.customer("c-404"), 404, "Not found")
answered("bad by", client.customer("c-1", "idd"), 400,
         'Value "idd" for "by" param is not valid. Allowed values are externalId, id.')
uploaded = answered("customers uploaded", client.customers_upload([
    {"externalId": f"c-{number}", "firstName": "Покупатель", "phones": [{"number": f"+7912000{number:04}"}]}
    for number in range(10, 30)
]), 201)["uploadedCustomers"]
same("all uploaded", len(uploaded), 20)
listed = answered("customers", client.customers(None, 20, 2))
same("paged", listed["pagination"]["currentPage"], 2)
same("by e-mail", [one["id"] for one in answered("by e-mail", client.customers({"email": "ivan@example.org"}))["customers"]],
     [customer])

# Orders.
order = {
    "externalId": "o-1",
    "firstName": "Иван",
    "lastName": "Сидоров",
    "phone": "8 (912) 345-67-89",
    "email": "ivan@example.org",
    "customer": {"externalId": "c-1"},
    "customerComment": "позвонить",
    "items": [
        {"offer": {"externalId": "TEA"}, "productName": "Чай", "initialPrice": 199.5, "quantity": 2,
         "discountManualAmount": 9.5, "externalIds": [{"code": "default", "value": "i-1"}]},
        {"productName": "Кружка", "initialPrice": "100.00", "quantity": "1"},
    ],
    "delivery": {"code": "courier", "cost": 300, "address": {"city": "Казань", "street": "Баумана", "building": "1"}},
    "payments": [{"externalId": "p-1", "type": "cash"}],
    "customFields": {"roistat": "777"},
    "discountManualAmount": 80,
}
created = answered("order created", client.order_create(order, site), 201)
same("its sums", (created["order"]["summ"], created["order"]["totalSumm"]), (499, 700))
same("its field", created["order"]["customFields"], {"roistat": "777"})
answered("created again", client.order_create(order, site), 400, "Order already exists.")
answered("foreign site", client.order_create({**order, "externalId": "o-2"}, "another"), 403, "Access denied.")
read = answered("order", client.order("o-1"))["order"]
same("as created", read, created["order"])
answered("order edited", client.order_edit({"externalId": "o-1", "customerComment": "не звонить", "status": "to_confirm"}))
read = answered("order", client.order("o-1"))["order"]
same("edited", (read["customerComment"], read["status"], len(read["items"])), ("не звонить", "to_confirm", 2))
answered("no such order", client.order("o-404"), 404, "Not found")
answered("edit of none", client.order_edit({"externalId": "o-404", "customerComment": "?"}), 404, "Not found")
answered("nothing ordered", client.order_create({"externalId": "o-3"}), 400, "Errors in the entity format")
payment = answered("payment", client.order_payment_create(
    {"externalId": "p-2", "type": "bank-card", "amount": 100, "order": {"externalId": "o-1"}}), 201)["id"]
answered("payment edited", client.order_payment_edit({"externalId": "p-2", "status": "paid"}))
answered("payment deleted", client.order_payment_delete(payment))
answered("deleted again", client.order_payment_delete(payment), 404, "Not found")
partly = answered("orders uploaded", client.orders_upload([
    *({"externalId": f"u-{number}", "firstName": "Покупатель", "phone": f"+7912111{number:04}",
       "items": [{"productName": "Чай", "initialPrice": 10, "quantity": 1}]} for number in range(49)),
    {"externalId": "o-1"},
]), 460, "Orders are loaded with errors")
same("partly", (len(partly["uploadedOrders"]), [one["externalId"] for one in partly["failedOrders"]]), (49, ["o-1"]))
listed = answered("orders", client.orders({"externalIds": ["o-1", "u-0"]}))
same("two orders", sorted(one["externalId"] for one in listed["orders"]), ["o-1", "u-0"])
standing = answered("statuses", client.orders_statuses([created["id"]], ["u-0"]))["orders"]
same("standing", [(one["status"], one["group"]) for one in standing], [("to_confirm", "approval"), ("new", "new")])
born = answered("without an id", client.order_create({**order, "externalId": None, "payments": []}), 201)["id"]
answered("fixed", client.orders_fix_external_ids([{"id": born, "externalId": "o-9"}]))
same("known by it", answered("o-9", client.order("o-9"))["order"]["id"], born)


# History.
def history():
    rows, since = [], 0
    while True:
        page = answered("history", client.orders_history({"sinceId": since}, 100))["history"]
        if not page:
            return rows
        rows += page
        since = page[-1]["id"]


rows = wait("the last change is in the history",
            lambda: [row for row in history() if row["field"] == "external_id"] and history())
same("numbers grow", [row["id"] for row in rows], sorted({row["id"] for row in rows}))
same("every order once", sum(1 for row in rows if row.get("created")), 51)
same("own changes", {row["apiKey"]["current"] for row in rows if row["source"] == "api"}, {True})
changed = [row["field"] for row in rows if row["order"].get("externalId") == "o-1" and not row.get("created")]
same("one row per field", changed, ["customer_comment", "status"])
appeared = answered("customers' history", client.customers_history({"sinceId": 0}, 100))["history"]
same("people appeared", sum(1 for row in appeared if row.get("created")) >= 20, True)

answered("statistic", client.statistic_update())
answered("module", client.integration_module_edit({"code": "test-1", "integrationCode": "test", "active": True, "name": "Test"}))

# And the rest, each part with orders and people of its own.
goods.run(client, site)
firms.run(client, site)
lists.run(client, site)
people.run(client, site)
failures.run(client, address, key, site)

print(json.dumps({"checked": answers.checked}))
