stock-title = Stock
stock-main-warehouse = Main warehouse
stock-product = Product
stock-warehouse = Warehouse
stock-company = Company
stock-free = Free
stock-held = Reserved
stock-on-hand = On hand
stock-of-which = { $on_hand } on hand, { $held } reserved
stock-missing = Missing
stock-waiting = Who waits
stock-orders = { $count ->
    [one] { $count } order
   *[other] { $count } orders
}
stock-since = Since
stock-shortages = Missing for orders
stock-search = SKU, name or barcode
stock-none = Nothing in stock yet
stock-none-text = Write down the first receipt: the SKU and how many.
stock-not-found = Nothing found
stock-not-found-text = Check the SKU or name. A product that was never received is under “Products”.
stock-never-received = This product was never received.
stock-write-down = Receipt, return or count
stock-what = What happened
stock-do-receipt = Goods arrived
stock-do-return = Buyers sent them back
stock-do-count = Counted: this is what really lies there
stock-sku = SKU
stock-quantity = Quantity
stock-shelf = Shelf
stock-shelf-hint = For example A-03-2. Empty: stays as it is.
stock-note = Note
stock-write = Write down
stock-written = Written down.
stock-saved = Saved.
stock-movements = Last movements
stock-movement-receipt = Receipt
stock-movement-return = Return
stock-movement-correction = Count
stock-movement-issue = Shipped
stock-order = order
stock-when = When
stock-to-ship = To ship
stock-held-where = Reserved where
stock-unknown = SKU not in the catalogue
stock-all-held = all reserved
stock-left = shipped
stock-all-left = All goods have left.
stock-something-missing = Goods are short
stock-everything-held = Everything is reserved
stock-order-finished = The order is finished, no stock is held for it.
stock-warehouses = Warehouses
stock-warehouses-hint = Goods for an order are looked for in this order.
stock-warehouses-none = The first warehouse appears with the first receipt or order.
stock-warehouse-new = New warehouse
stock-warehouse-add = Add a warehouse
stock-name = Name
stock-place = Order
stock-do = Action
stock-save = Save
stock-archive = Archive
stock-restore = Restore
stock-archived = archived

# An order’s history

# Refusals
stock-not_positive = Give a quantity above zero.
stock-negative = A quantity cannot be below zero.
stock-too_long = Too long. Shorten it.
stock-sku_unknown = This SKU is not in the catalogue. Check it, or add the product first.
stock-offer_unknown = There is no such product in this company’s catalogue.
stock-warehouse_missing = There is no warehouse “{ $given }”. They are listed under “Settings”, “Warehouses”.
stock-warehouse_archived = This warehouse is archived. Restore it or choose another one.
stock-warehouse_not_empty = Goods still lie in this warehouse. Bring its levels to zero first.
stock-warehouse_last = This is the last warehouse in use. Add another one first.
stock-name_required = Give the warehouse a name.
stock-name_taken = There is a warehouse with this name already. Choose another name.
stock-place_malformed = Choose a warehouse from the list.
stock-kind_unknown = Choose what happened: a receipt, a return or a count.
stock-cursor_malformed = Open the list from its start: it has no such page.
stock-too_many = At most { $most } levels can be sent at once. Split them.
stock-in_the_future = This moment has not come yet. Check the clock.
stock-moved_meanwhile = The level has just changed. Try again.
stock-movement_unknown = The database holds a movement of the unknown kind “{ $given }”. Tell the developers.
stock-actor_unwritable = Who did this could not be written. Tell the developers.
check-stock-levels_are_the_sums_of_movements = Levels are the sums of their movements
check-stock-levels_are_the_sums_of_movements-do = Count the named goods and correct the level.
check-stock-held_is_the_sum_of_reservations = What is held is the sum of reservations
check-stock-held_is_the_sum_of_reservations-do = Editing a line of the named goods in any order settles what is held; if not, restore a backup.
check-stock-no_more_is_held_than_lies_there = No more is held than lies there
check-stock-no_more_is_held_than_lies_there-do = Count the named goods and correct the level.
check-stock-orders_know_what_is_held_for_them = Orders know what is held for them
check-stock-orders_know_what_is_held_for_them-do = Editing a line of the named order settles what is held.
stock-movement-write-off = Write-off
check-stock-what_came_back_is_what_orders_took_back = No more came back to the warehouse than orders took back, and no more was written off than came back
check-stock-what_came_back_is_what_orders_took_back-do = Open the named order and its product; if the movements are right, restore a copy.

stock-then = What was held

stock-title-help = How much lies where, how much is promised to orders and how much is free. Receive goods and correct stock here; every movement stays in the history.

staff-scope-stock-read = see stock
staff-scope-stock-write = change stock

stock-warehouses-settings-help = Where goods leave from. An order looks for them from the top warehouse down. One warehouse is always there; name a second one if you keep goods in several places.
