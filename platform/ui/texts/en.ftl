# Lists
ui-actions = Actions

# Units
ui-unit-pcs = pcs
ui-unit-kg = kg
ui-unit-g = g
ui-unit-l = l
ui-unit-m = m

# Time
ui-now = now
ui-yesterday = yesterday
ui-tomorrow = tomorrow
ui-ago = { $duration } ago
ui-in = in { $duration }
ui-seconds = { $count } s
ui-minutes = { $count } min
ui-hours-minutes = { $hours } h { $minutes } min
ui-days-hours = { $days } d { $hours } h
ui-days-hours-minutes = { $days } d { $hours } h { $minutes } min
ui-month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

# Page frame
ui-product = Takt
ui-skip = Skip to content
ui-menu = Menu
ui-navigation = Sections
ui-close = Close
ui-organisation = Organisation
ui-organisation-switch = Switch
ui-person-menu = Signed in as { $name }
ui-sign-out = Sign out
ui-language = Language
ui-theme = Appearance
ui-theme-auto = As the system
ui-theme-light = Light
ui-theme-dark = Dark
ui-theme-apply = Apply
ui-density = Density
ui-density-roomy = Roomy
ui-density-dense = Dense
ui-help = What this screen is for
ui-live = Connected: the screen updates itself
ui-live-connecting = Connecting…
ui-offline = Offline
ui-offline-explain = No connection to the server since { $time }. You see what was known by then; the screen will update itself when the connection is back.
ui-refresh-pending = Something is new: refresh
ui-flash-close = Dismiss the message

# Lists
ui-page-previous = Back
ui-page-next = Next
ui-pager = Pages of the list
ui-count-exact = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
ui-count-at-least = more than { $count }
ui-sort-by = Sort by “{ $column }”
ui-choose-all = Choose every row of this page
ui-choose = Choice
ui-chosen = Chosen: { $count }
ui-undo = Undo
ui-filter-apply = Show
ui-filter-clear = Reset
ui-filter-remove = Remove the condition “{ $label }”
ui-filters = Filters

# Forms
ui-required = required
ui-optional = optional
ui-errors-title = { $count ->
    [one] Correct { $count } field
   *[other] Correct { $count } fields
}
ui-form-refused = Not saved
ui-draft-restore = Bring back what was written at { $time }
ui-draft-drop = Discard
ui-not-sent = Not sent: no connection to the server since { $time }. What you typed is kept in this browser; send it when the connection is back.
ui-note-waits = Waits for the connection, written at { $time }
ui-note-refused = Not accepted, written at { $time }. Copy the words and try again.

# Who looks
ui-onlookers = Has it open right now: { $names }

# The promise and the holders' time
ui-promise-left = { $duration } left, now with: { $holder }
ui-promise-over = Overdue by { $duration }, now with: { $holder }
ui-promise-none = No due time, now with: { $holder }
ui-promise-overdue = overdue
ui-promise-no-due = no due time
ui-blame-total = Total
ui-blame-holder = Held by
ui-blame-time = Time
ui-blame-share = Share
ui-blame-caption = Who held it and for how long
ui-change-from-to = was { $old }, now { $new }
ui-change-empty = empty

# Actions
ui-copy = Copy
ui-copied = Copied
ui-more = More
ui-progress-of = { $done } of { $total }

# Keyboard
ui-find = Find
ui-find-screens = Screens
ui-find-recent = Recent
ui-find-row = This row
ui-find-here = This page
ui-found-count = Found: { $count }
ui-keys-title = Keys
ui-keys-hint = They work in every keyboard layout
ui-keys-list-down = Next row
ui-keys-list-up = Previous row
ui-keys-list-open = Open the row
ui-keys-next = Next by due time
ui-keys-search = Search
ui-keys-choose = Choose a row; with Shift, all up to it
ui-keys-choose-all = Choose the whole page
ui-keys-many = Do with the chosen ones
ui-keys-quick = Status and comment of a row
ui-keys-palette = Command palette
ui-keys-help = This help
ui-keys-group-list = Lists
ui-keys-group-screens = Screens
ui-keys-group-here = This page
ui-keys-group-anywhere = Anywhere
ui-keys-tabs = Tab by its place
ui-keys-page-next = Next page of the list
ui-keys-page-previous = Previous page of the list
ui-keys-up = One level up
ui-keys-send = Send the form from within a field
ui-keys-leave = Leave the field
ui-palette-placeholder = An order, customer, product, screen or action
ui-palette-empty = Nothing like that. Try another word.

# Refusals in general
ui-fault-missing = This does not exist, or you may not see it. Check the link or go back to the list.
ui-fault-conflict = This is not possible now: something changed meanwhile. Reload the page and try again.
ui-fault-invalid = This is not what is needed here. Correct it and send it again.
ui-fault-denied = You do not have the right to do this. Ask the owner or a manager.
ui-fault-unavailable = This does not work right now. Try again in a minute.
ui-fault-broken = An error on our side. It has been recorded; try again later.
input-fields = Some fields are not filled in correctly. Correct the marked ones.
money-malformed = “{ $given }” does not look like an amount. Write a number such as 199.50.
money-too_precise = “{ $given }” has too many decimals; at most { $decimals } are possible.
money-overflow = The amount is too large. Check the number.
money-mixed_currencies = { $one } and { $other } cannot be added: they are different currencies. Give the amounts in one.
currency-unknown = We do not know the currency “{ $given }”. Give a three-letter code such as RUB.
time-malformed = “{ $given }” does not look like a time. Write, for example, 2026-11-21T12:00:00Z.
vat-malformed = “{ $given }” does not look like a VAT rate. Give 22, 10, 7, 5, 0 or none.
id-malformed = “{ $given }” does not look like a record number. Check the link.
lang-unknown = We do not have the language “{ $given }”. Choose ru or en.
entropy-unavailable = The server could not get random numbers. Try again in a minute.

# Samples
ui-samples-title = Samples
ui-samples-lead = Every part of the screens in every state.
ui-samples-licences = Licences of the font, the icons and the script
ui-samples-open = Open alone
sample-confirm = Confirm
sample-defer = Defer
sample-cancel = Cancel the order
sample-open = Open
sample-edit = Edit
sample-save = Save
sample-back = Go back
sample-search = Find
sample-remark = Comment
sample-remark-add = Add a comment
sample-saved = Order TK-1041 is deferred until tomorrow, 12:00
sample-status = Awaiting approval
sample-status-any = Any status
sample-shop = Tea Shop
sample-shop-two = Home and Garden
sample-shop-any = All shops
sample-person = Anna Koroleva
sample-person-two = Ivan Zimin
sample-role = operator
sample-note = waiting for the supplier
sample-notice-title = Money is seen with a delay of 7 min
sample-notice-text = The bank answers slowly. Promises were recalculated; nothing needs to be done.
sample-bank-late = Money is seen with a delay of 7 min (bank)
sample-stat = in work
sample-progress = Receipts matched
sample-tab = In work
sample-details = Delivery details
sample-empty-title = Orders will appear here
sample-empty-text = Connect a shop or take an order by phone, and the first one will line up here by itself.
sample-search-orders = Number, phone, name…
sample-new-order = New order
sample-desk = Orders
sample-help = All orders by the nearest promise. Begin at the top and open the first.
sample-column-order = Order
sample-column-promise = Promise
sample-column-status = Status
sample-column-customer = Customer
sample-column-shop = Shop
sample-column-total = Total
sample-column-who = Handled by
sample-column-product = Product
sample-column-quantity = Quantity
sample-column-price = Price
sample-composition = Composition
sample-history = History
sample-clock = Promise clock
sample-holder = { $kind ->
    [0] operator
    [1] supplier
    [2] buyer
    [3] warehouse
    [4] carrier
   *[other] bank
}
sample-stage = { $kind ->
    [0] Unconfirmed
    [1] With supplier
    [2] Awaiting payment
    [3] Being picked
   *[other] On its way
}
sample-comment = asked for a call after six, the intercom is broken
sample-product = Black leaf tea “Assam”, 100 g
sample-pieces = { $count } pcs
sample-pick = Order TK-1042
sample-taken = Taken
sample-not-there = Not there
sample-fragile = Fragile: use bubble wrap
sample-shipped = Handed to the carrier
sample-commented = Written
sample-edited = Order edited
sample-paid = Paid in full
sample-placed = Order came from the site
sample-phone = Phone
sample-phone-hint = With the area code; “8” is taken for “+7”
sample-reference = Invoice number
sample-field-name = Name
sample-field-email = E-mail
sample-field-date = Deliver on
sample-field-file = Statement
sample-field-terms = Ship from
sample-field-comment = Comment
sample-field-agree = Agrees to get mails about the order
sample-field-password = Password
sample-wrong-phone = Digits are missing in the number. Complete it to eleven.
sample-wrong-sum = “abc” does not look like an amount. Write a number such as 199.50.
sample-sign-in = Sign in
sample-nav-tasks = Tasks
sample-nav-money = Money
sample-nav-stock = Products and stock
sample-nav-customers = Customers
sample-nav-settings = Settings
ui-rail-overdue = { $count } late
