"""Lists that a shop fills with its own words, people of the company, fields."""

from answers import answered, same


def run(client, site):
    for name, edit, call, field in [
        ("delivery types", client.delivery_types_edit, client.delivery_types, "deliveryTypes"),
        ("payment types", client.payment_types_edit, client.payment_types, "paymentTypes"),
        ("payment statuses", client.payment_statuses_edit, client.payment_statuses, "paymentStatuses"),
        ("order types", client.order_types_edit, client.order_types, "orderTypes"),
        ("order methods", client.order_methods_edit, client.order_methods, "orderMethods"),
        ("price types", client.price_types_edit, client.price_types, "priceTypes"),
        ("product statuses", client.product_statuses_edit, client.product_statuses, "productStatuses"),
        ("units", client.units_edit, client.units, "units"),
    ]:
        answered(f"{name} edited", edit({"code": "own", "name": "Своё", "active": True, "sym": "шт"}))
        listed = answered(name, call())[field]
        rows = listed.values() if isinstance(listed, dict) else listed
        same(f"own of {name}", [one["name"] for one in rows if one["code"] == "own"], ["Своё"])
    answered("delivery services edited", client.delivery_services_edit(
        {"code": "door", "name": "До двери", "deliveryType": "own", "active": True}))
    answered("a status of the shop", client.statuses_edit({"code": "called", "name": "Дозвонились", "group": "approval"}))
    answered("a store", client.stores_edit({"code": "main", "name": "Главный"}))
    answered("no such store", client.stores_edit({"code": "nowhere", "name": "?"}), 404, "Not found")
    answered("the site", client.sites_edit({"code": site, "url": "https://shop.example", "name": "Чай"}))
    answered("another site", client.sites_edit({"code": "another", "url": "https://shop.example"}), 403, "Access denied.")

    for name, call in [
        ("users", client.users), ("user groups", client.user_groups), ("segments", client.segments),
        ("settings", client.settings), ("couriers", client.couriers), ("currencies", client.currencies),
        ("legal entities", client.legal_entities), ("cost groups", client.cost_groups), ("cost items", client.cost_items),
        ("system", client.system_info),
    ]:
        answered(name, call())
    answered("no such person", client.user(404), 404, "Not found")

    answered("field", client.custom_field_create({"code": "gift", "name": "Подарок", "type": "boolean", "entity": "order"}), 201)
    answered("field edited", client.custom_field_edit({"code": "gift", "name": "В подарок", "entity": "order"}))
    same("field", answered("field", client.custom_field("gift", "order"))["customField"]["name"], "В подарок")
    same("fields", [one["code"] for one in answered(
        "fields", client.custom_fields({"entity": "order"}))["customFields"]], ["gift"])
    answered("dictionary", client.custom_dictionary_create(
        {"code": "sizes", "name": "Размеры", "elements": [{"name": "Большой", "code": "l"}]}), 201)
    answered("dictionary edited", client.custom_dictionary_edit({"code": "sizes", "name": "Размер", "elements": []}))
    same("dictionary", answered("dictionary", client.custom_dictionary("sizes"))["customDictionary"]["name"], "Размер")
    answered("module of none", client.integration_module("nothing"), 404, "Not found")
    same("module", answered("module", client.integration_module("test-1"))["integrationModule"]["code"], "test-1")
