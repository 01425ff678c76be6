catalog-title = Products
catalog-search = SKU, name, barcode
catalog-show = Show
catalog-sold = On sale
catalog-archived = Archived
catalog-sku = SKU
catalog-name = Name
catalog-price = Price
catalog-price-hint = VAT included, for one unit
catalog-price-per = { $price } / { $unit }
catalog-currency = Currency
catalog-unit = Unit
catalog-vat = VAT, %
catalog-vat-hint = Empty: not subject to VAT
catalog-barcode = Barcode
catalog-company = Company
catalog-none = No products yet
catalog-none-text = Add the first one or bring a table: “Settings”, “Import”. Orders with unknown SKUs are taken as well.
catalog-not-found = Nothing was found
catalog-not-found-text = Try a part of the SKU or name. Products that are no longer sold are in the archive.
catalog-add = Add a product
catalog-new = New product
catalog-edit = Edit
catalog-save = Save
catalog-saved = Saved
catalog-back = Back
catalog-archive = Archive
catalog-restore = Put back on sale
catalog-siblings = Other offers of this product
catalog-add-sibling = One more offer

# Refusals
catalog-offer_missing = There is no such product. Go back to the list and look by SKU.
catalog-product_missing = There is no such product. Add the offer as a new product.
catalog-changed_meanwhile = Somebody else has changed the product. Open it again and repeat your edit.
catalog-required = Fill in this field.
catalog-too_long = Too long: at most { $longest } characters.
catalog-sku_malformed = A SKU cannot contain “/” or invisible characters.
catalog-sku_taken = There already is a SKU { $sku }. Edit that product or choose another SKU.
catalog-sku_differs = The SKUs in the address and in the body differ. Leave it in the address only.
catalog-price_negative = A price cannot be negative.
catalog-barcode_malformed = A barcode has up to 48 Latin letters and digits without spaces.

catalog-title-help = What you sell: name, SKU, price, VAT. Products usually come by themselves from the shop’s catalogue; you can add them here as well. By the SKU orders know a product and hold it in stock.

staff-scope-catalog-read = see products
staff-scope-catalog-write = change products
