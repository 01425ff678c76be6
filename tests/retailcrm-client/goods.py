"""Stock and prices, both ways."""

from answers import answered, same


def run(client, site):
    mugs = {"filters": {"offerExternalId": ["MUG"], "details": 1}}
    same("nobody counted yet", answered("inventories", client.inventories())["offers"], [])
    told = answered("counted", client.inventories_upload([
        {"externalId": "TEA", "stores": [{"code": "main", "available": 40}]},
        {"externalId": "MUG", "stores": [{"code": None, "available": "7"}]},
        {"externalId": "nothing", "stores": [{"code": "main", "available": 5}]},
    ], site))
    same("found", told["processedOffersCount"], 2)
    same("not found", told["notFoundOffers"], [{"externalId": "nothing"}])
    offer = answered("one offer", client.inventories(**mugs))["offers"][0]
    same("in its store", [(one["store"], one["quantity"]) for one in offer["stores"]], [("main", 7)])
    listed = answered("all", client.inventories(None, 20, 1))
    same("both", (len(listed["offers"]), listed["pagination"]["currentPage"]), (2, 1))
    same("of another site", answered("sites", client.inventories({"sites": ["another"]}))["offers"], [])

    order = {"externalId": "g-1", "firstName": "Пётр", "phone": "+79127770001",
             "items": [{"offer": {"externalId": "MUG"}, "productName": "Кружка", "initialPrice": 199.5, "quantity": 3}]}
    answered("ordered", client.order_create(order, site), 201)
    same("what is promised is not sold again", answered("left", client.inventories(**mugs))["offers"][0]["quantity"], 4)

    told = answered("prices", client.prices_upload([
        {"externalId": "TEA", "site": site, "prices": [{"code": "base", "price": 210.5}]},
        {"externalId": "MUG", "site": site, "prices": []},
        {"externalId": "nothing", "site": site, "prices": [{"code": "base", "price": 5}]},
    ]))
    same("priced", (told["processedOffersCount"], told["notFoundOffers"]), (2, [{"externalId": "nothing"}]))
    answered("prices of another site",
             client.prices_upload([{"externalId": "TEA", "site": "another", "prices": [{"code": "base", "price": 1}]}]),
             403, "Access denied.")
    offers = answered("offers", client.offers({"externalIds": ["TEA"]}))["offers"]
    same("the price stands", [one["price"] for one in offers], [210.5])
    same("products", len(answered("products", client.products())["products"]), 2)
    answered("groups of products", client.product_groups())
