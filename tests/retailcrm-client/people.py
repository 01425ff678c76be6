"""Carts, notes, subscriptions, links of orders, and customers who are one."""

from answers import answered, same


def run(client, site):
    one = answered("one", client.customer_create(
        {"externalId": "p-1", "firstName": "Вера", "phones": [{"number": "+79003330001"}]}), 201)["id"]
    two = answered("two", client.customer_create(
        {"externalId": "p-2", "firstName": "Вера", "phones": [{"number": "+79003330002"}]}), 201)["id"]
    note = answered("note", client.customer_note_create({"text": "звонить утром", "customer": {"externalId": "p-1"}}, site), 201)["id"]
    same("notes", [row["id"] for row in answered("notes", client.customer_notes({"customerExternalIds": ["p-1"]}))["notes"]], [note])
    answered("note torn up", client.customer_note_delete(note))
    answered("subscription", client.customer_subscription("p-1", [{"channel": "email", "active": False}]))
    cart = {"externalId": "cart-1", "droppedAt": "2026-11-21 10:00:00+03:00", "link": "https://shop.example/cart",
            "customer": {"externalId": "p-1"}, "items": [{"offer": {"externalId": "TEA"}, "quantity": 2, "price": 199.5}]}
    answered("cart", client.customer_interaction_cart_set(site, cart))
    same("in the cart", answered("cart", client.customer_interaction_cart(site, "p-1"))["cart"]["items"][0]["quantity"], 2)
    answered("cart of another site", client.customer_interaction_cart("another", "p-1"), 404, "Not found")
    answered("cart emptied", client.customer_interaction_cart_clear(
        site, {"externalId": "cart-1", "clearedAt": "2026-11-21 11:00:00+03:00", "customer": {"externalId": "p-1"}}))
    same("empty", answered("cart", client.customer_interaction_cart(site, "p-1"))["cart"]["items"], [])

    orders = [answered("order", client.order_create(
        {"externalId": name, "customer": {"externalId": name}, "phone": phone,
         "items": [{"productName": "Чай", "initialPrice": 10, "quantity": 1}]}, site), 201)["id"]
        for name, phone in [("p-1", "+79003330001"), ("p-2", "+79003330002")]]
    answered("linked", client.order_links_create({"comment": "вместе", "orders": [{"id": orders[0]}, {"externalId": "p-2"}]}), 201)
    same("its link", answered("order", client.order("p-1"))["order"]["links"][0]["order"]["id"], orders[1])
    answered("two orders are never one", client.orders_combine({"id": orders[0]}, {"id": orders[1]}), 404, "API method not found")

    answered("combined", client.customers_combine([{"id": two}], {"id": one}))
    same("one person", answered("p-2", client.customer("p-2"))["customer"]["id"], one)
    answered("combined with nobody", client.customers_combine([{"id": 404}], {"id": one}), 400, "Errors in the input parameters")
    answered("renamed", client.customers_fix_external_ids([{"id": one, "externalId": "p-11"}]))
    same("known by it", answered("p-11", client.customer("p-11"))["customer"]["id"], one)
