"""Corporate customers: their parts, their history, their orders."""

from answers import answered, same, wait


def run(client, site):
    anna = answered("contact", client.customer_create(
        {"externalId": "k-1", "firstName": "Анна", "phones": [{"number": "+79001112233"}]}), 201)["id"]
    boris = answered("another", client.customer_create(
        {"externalId": "k-2", "firstName": "Борис", "phones": [{"number": "+79001112244"}]}), 201)["id"]
    firm = answered("firm created", client.customer_corporate_create({
        "externalId": "f-1", "nickName": "Ромашка",
        "customerContacts": [{"isMain": True, "customer": {"externalId": "k-1"}}],
        "companies": [{"isMain": True, "name": "Ромашка", "contragent": {
            "contragentType": "legal-entity", "legalName": "ООО «Ромашка»", "INN": "7701234567"}}],
    }), 201)["id"]
    found = answered("firm", client.customer_corporate("f-1"))["customerCorporate"]
    same("the same", (found["id"], found["nickName"], found["type"]), (firm, "Ромашка", "customer_corporate"))
    same("by id", answered("by id", client.customer_corporate(firm, "id"))["customerCorporate"], found)
    for filters, count in [({"nickName": ["Ромашка"]}, 1), ({"companyName": "Ромашка"}, 1), ({"nickName": ["Лютик"]}, 0)]:
        listed = answered("firms", client.customers_corporate(filters))
        same(f"firms of {filters}", listed["pagination"]["totalCount"], count)
    answered("firm edited", client.customer_corporate_edit({"externalId": "f-1", "nickName": "Ромашка и Ко"}))
    same("edited", answered("firm", client.customer_corporate("f-1"))["customerCorporate"]["nickName"], "Ромашка и Ко")
    answered("no such firm", client.customer_corporate("f-404"), 404, "Not found")
    answered("edit of none", client.customer_corporate_edit({"externalId": "f-404", "nickName": "?"}), 404, "Not found")

    address = answered("address", client.customer_corporate_addresses_create(
        {"externalId": "f-1", "name": "Офис", "city": "Тверь"}), 201)["id"]
    answered("address edited", client.customer_corporate_addresses_edit(
        "f-1", {"id": address, "name": "Склад"}, "externalId", "id"))
    same("addresses", [one["name"] for one in answered(
        "addresses", client.customer_corporate_addresses("f-1"))["addresses"]], ["Склад"])
    company = answered("company", client.customer_corporate_companies_create(
        {"externalId": "f-1", "name": "Лютик"}), 201)["id"]
    answered("company edited", client.customer_corporate_companies_edit(
        firm, {"id": company, "name": "Василёк"}, "id", "id"))
    same("companies", {one["name"] for one in answered(
        "companies", client.customer_corporate_companies("f-1"))["companies"]}, {"Ромашка", "Василёк"})
    contact = answered("contact added", client.customer_corporate_contacts_create(
        {"externalId": "f-1", "customer": {"id": boris}}), 201)["id"]
    answered("contact edited", client.customer_corporate_contacts_edit(
        "f-1", {"id": contact, "isMain": True}, "externalId", "id"))
    contacts = answered("contacts", client.customer_corporate_contacts("f-1"))["contacts"]
    same("whom one speaks to", {one["customer"]["id"]: one["isMain"] for one in contacts}, {anna: False, boris: True})

    uploaded = answered("firms uploaded", client.customers_corporate_upload(
        [{"externalId": "f-2", "nickName": "Два"}, {"externalId": "f-3", "nickName": "Три"}]), 201)["uploadedCustomers"]
    same("both", [one["externalId"] for one in uploaded], ["f-2", "f-3"])
    answered("renamed", client.customers_corporate_fix_external_ids([{"id": uploaded[0]["id"], "externalId": "f-22"}]))
    same("known by it", answered("f-22", client.customer_corporate("f-22"))["customerCorporate"]["id"], uploaded[0]["id"])
    note = answered("note", client.customer_corporate_note_create(
        {"text": "любят чай", "customer": {"externalId": "f-1"}}), 201)["id"]
    same("notes", [one["text"] for one in answered("notes", client.customer_corporate_notes())["notes"]], ["любят чай"])
    answered("note torn up", client.customer_corporate_note_delete(note))
    answered("again", client.customer_corporate_note_delete(note), 404, "Not found")
    answered("firms combined", client.customers_combine_corporate([{"id": uploaded[1]["id"]}], {"id": firm}))
    same("one firm", answered("f-3", client.customer_corporate("f-3"))["customerCorporate"]["id"], firm)

    ordered = answered("firm's order", client.order_create({
        "externalId": "f-o-1", "customer": {"type": "customer_corporate", "externalId": "f-1"},
        "contact": {"externalId": "k-1"}, "company": {"id": company},
        "items": [{"productName": "Чай", "initialPrice": 10, "quantity": 1}],
    }, site), 201)["order"]
    same("whose it is", (ordered["customer"]["type"], ordered["customer"]["id"], ordered["contact"]["id"]),
         ("customer_corporate", firm, anna))
    same("for which company", ordered["company"]["id"], company)

    rows = wait("the firm's history", lambda: answered(
        "history", client.customers_corporate_history({"sinceId": 0}, 100))["history"])
    same("numbers grow", [row["id"] for row in rows], sorted({row["id"] for row in rows}))
    same("own changes", {row["apiKey"]["current"] for row in rows if row["source"] == "api"}, {True})
    same("born once", sum(1 for row in rows if row.get("created")), 3)
