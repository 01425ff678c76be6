# Refusals
gateway-key_reused = Order no. { $id } was already taken under this Idempotency-Key with other content. Use a new key for a new order.
gateway-key_malformed = A key is 1 to { $most } visible ASCII characters, without spaces.
gateway-order_lost = The order that was taken could not be read. Send it again: there will be no second one.
gateway-buyer_unknown = Give the buyer's phone, name or e-mail.

# Drafts
gateway-draft_missing = There is no draft { $id } in this shop: it was deleted, or nobody touched it for too long. Start a new one.
gateway-draft_line_missing = The draft has no line { $line }. Read the draft again.
gateway-draft_placed = The draft has become order { $order }. Change the order, or start another draft.
gateway-draft-changed_meanwhile = The draft was changed meanwhile (it was { $expected }, it is { $version }). Read it again and repeat.
gateway-draft_unwritable = The draft could not be written. Send it once more.

# Order by phone
gateway-new-order = New order
gateway-company = Company
gateway-choose = Choose
gateway-no-shops = This company has no shops
gateway-no-shops-text = Add a shop in the settings, then orders can be taken here.
gateway-phone-hint = Who has ordered before is recognised by the phone
gateway-lines-hint = For a SKU of the catalogue the quantity is enough: name and price are filled in.
gateway-cell = { $column }, row { $row }
gateway-more-rows = More rows
gateway-vat-usual = —
gateway-vat-none = No VAT
gateway-method = Way of delivery
gateway-method-unsaid = Not chosen
gateway-method-pickup = Pickup
gateway-method-courier = Courier
gateway-method-post = Post
gateway-method-point = Pickup point
gateway-terms = Terms
gateway-credit-days = Days of credit
gateway-credit-days-hint = For credit only: 1 to 365
gateway-lang = Language of mails
gateway-take = Take the order
gateway-taken = The order was taken.
gateway-already = This form has already placed an order
gateway-already-text = You changed something since. To correct the order that was taken, open it. Send the form once more and there will be another order.
gateway-open-order = Open the order that was taken

# Settings
gateway-settings = Taking orders in
gateway-usual-terms = Payment when the order does not say
gateway-usual-terms-hint = A shop may name the terms itself, in the field terms.
gateway-all-shops = All shops
gateway-as-all-shops = As all shops
check-gateway-requests_made_orders = Requests of shops that were taken made orders
check-gateway-requests_made_orders-do = Orders were lost. Ask the shop to send them again or restore a backup.

gateway-settings-settings-help = What stands in an order when the shop did not say it. Begin with the terms: choose how people pay most often. Orders that were already taken stay as they are.
