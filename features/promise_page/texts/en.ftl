promise-page-title = Order { $number } · { $shop }
promise-page-glance = In short
promise-page-way = The way of your order
promise-page-delivery = Delivery
promise-page-goods = What is in it
promise-page-ask = Questions
promise-page-total = Total
promise-page-paid = Paid
promise-page-owed = Still to pay
promise-page-no-address = We will ask for the address by telephone.
promise-page-by = by
promise-page-back = ← To the order
promise-page-kept = in time, promised by { $time }
promise-page-late-by = later than promised by { $time }
promise-page-closed = We are closed now. We go on at { $time }.

promise-page-state-done = done:
promise-page-state-now = now:
promise-page-state-ahead = ahead:
promise-page-state-trouble = waiting:

promise-page-step-placed = Order received
promise-page-step-placed-done = Order received
promise-page-step-paid = Waiting for the money
promise-page-step-paid-done = Money arrived
promise-page-step-in-stock = Checking stock
promise-page-step-in-stock-done = In stock, kept for you
promise-page-step-confirmed = We confirm the order
promise-page-step-confirmed-done = Confirmed
promise-page-step-ready = We pack it
promise-page-step-ready-done = Ready
promise-page-step-on-the-way = We hand it to the carrier
promise-page-step-on-the-way-done = With the carrier
promise-page-step-delivered = It is delivered
promise-page-step-delivered-done = Delivered
promise-page-step-delivered-pickup = You take it
promise-page-step-delivered-pickup-done = Taken
promise-page-step-cancelled = The order was cancelled
promise-page-step-cancelled-done = The order was cancelled

promise-page-line-cancelled = The order was cancelled
promise-page-line-delivered = Delivered
promise-page-line-delivered-at = Delivered { $time }
promise-page-line-delivered-taken = Taken
promise-page-line-delivered-taken-at = Taken { $time }
promise-page-line-paid = money arrived
promise-page-line-paid-at = money arrived { $time }
promise-page-line-waits-for-money = waiting for the money
promise-page-line-in-stock = in stock
promise-page-line-short = waiting for the goods
promise-page-line-deferred = put off as agreed
promise-page-line-now-confirming = confirming
promise-page-line-now-picking = packing
promise-page-line-now-leaving = handing it to the carrier
promise-page-line-now-pickup = ready for you
promise-page-line-now-on-the-way = on its way
promise-page-line-now-paying-last = still to be paid
promise-page-line-now-waiting = waiting
promise-page-line-what-ready = ready
promise-page-line-what-confirmed = confirmed
promise-page-line-what-on-the-way = handed to the carrier
promise-page-line-what-delivered = delivered
promise-page-line-by = { $what } by { $time }
promise-page-line-late = late: { $what } was promised by { $time }

promise-page-holder-buyer = It is your turn: we begin as soon as it is paid.
promise-page-holder-buyer-pickup = Your order waits for you.
promise-page-holder-buyer-word = We wait for your word: call or write to us, and we go on.
promise-page-holder-buyer-last = You have your order; what is left is to pay for it.
promise-page-holder-deferred = We come back to the order at the time agreed.
promise-page-holder-bank = The money is with the bank.
promise-page-holder-operator = A manager has your order.
promise-page-holder-warehouse = Your order is in the warehouse.
promise-page-holder-supplier = We wait for the goods from the supplier.
promise-page-holder-carrier = The carrier has your order.
promise-page-holder-carrier-comes = Your order is packed and waits for the carrier.

promise-page-call = Call me
promise-page-slot = Another day or time
promise-page-slot-explained = This is a wish: a manager confirms it or offers another time.
promise-page-day = Day
promise-page-time = Time
promise-page-hours = { $from } to { $until } o'clock
promise-page-slot-send = Ask for it
promise-page-said-call = Told: a manager will call you.
promise-page-said-slot = Your wish was passed on: a manager will confirm the time.
promise-page-wish = The buyer asks for delivery on { $day }, { $from } to { $until } o'clock.

promise-page-panel = The buyer's page
promise-page-panel-hint = The link opens this order only. It stands in the letters to the buyer.
promise-page-open = Open as the buyer sees it
promise-page-renew = Revoke the link and make another
promise-page-make = Make a link
promise-page-renewed = The old link opens nothing any more; the new one is ready.

promise_page-link_missing = There is no such link, or its time is over. Take the link from the shop's last letter, or call us.
promise_page-document_missing = There is no such page.
promise_page-site_malformed = TAKT_SITE is an address like https://desk.example.org, not { $given }.
promise_page-rounds_over = The link was revoked too often.
promise_page-key_unreadable = The key of the links is damaged. Restore the data from a copy.
promise_page-no_phone = There is no telephone number in the order. Write to us.
promise_page-delivered_already = The order was delivered already.
promise_page-day_unknown = Choose a day from the list.
promise_page-hours_unknown = Choose a time from the list.
promise_page-finished = The order is closed. Call us.
promise_page-asked_enough = We know of your wish. If it is urgent, call us.

tasks-kind-call_buyer = Call the buyer back: asked for on the order's page
tasks-kind-change_slot = The buyer asks for another time of delivery
orders-fact-promise-page-asked = { $deed ->
    [call] The buyer asked for a call
   *[slot] The buyer asked for another time of delivery
}

promise-page-settings = Buyer's page
promise-page-settings-note = What a buyer sees behind the link to an order. Holds at once, for links that were sent already too.
promise-page-settings-on = Buyers have pages of their orders
promise-page-settings-on-hint = Off, no link opens anything and no new ones are given out.
promise-page-settings-days-after-end = A link opens after the order was finished, days
promise-page-settings-days-after-end-hint = Zero: until it is finished.
promise-page-settings-days-at-most = And after it was placed at most, days
promise-page-settings-days-at-most-hint = Even if the order is not finished.
promise-page-settings-parts = What is shown
promise-page-settings-words-ru = Your words to the buyer, in Russian
promise-page-settings-words-en = Your words to the buyer, in English
promise-page-settings-words-hint = Stand above everything: opening hours, how to call. Without words in the buyer's language the other ones are shown.
promise-page-settings-save = Save
promise-page-settings-saved = Saved.
promise_page-days_out_of_range = Give a number of days, at most { $most }.
promise_page-words_too_long = Shorten it to { $most } letters.

promise-page-settings-settings-help = The page that a buyer opens by the link in a letter: how the order stands and how to pay it. Choose what it shows and add your own words: hours, a phone. The link stands on the card of every order.
