# Refusals
connections-kind_unknown = There is no kind of connection “{ $given }”. Choose one of: { $known }.
connections-system_unknown = Choose what to connect from the list.
connections-name_too_long = A name has up to 100 letters.
connections-missing = There is no such connection in this company.
connections-message_missing = There is no such message: it was dealt with long ago and forgotten, or it belongs to somebody else.
connections-message_done = The message was dealt with already. Read the page again.
connections-changed_meanwhile = The connection was changed meanwhile. Read it again and repeat.
connections-secret_malformed = A secret has up to { $most } letters, digits and signs without spaces, and a name of small letters.
connections-settings_too_large = The connection's settings are too large.
connections-state_unknown = A message is in a state nobody knows: { $given }.
connections-json_broken = This is not JSON any more: look at line { $line }, column { $column }.
connections-text_too_long = The text is too long: up to 256 KB can be mended here.
connections-boundary_inside = The text holds the line that divides the fields of this message. Write it differently.
connections-fields_changed = The message is not the one you were shown. Read the page again.

# The list
connections-title = Sources
connections-none = Nothing is connected yet
connections-none-text = Connect a shop, and its orders, customers and catalogue come here by themselves.
connections-new = Connect a shop
connections-source = Source
connections-shop = Shop
connections-system = System
connections-health = State
connections-last-contact = Last contact
connections-last-write = Last change sent
connections-last-refusal = Last refusal
connections-waits = Waits
connections-contact = Contact
connections-write = Change
connections-quarantine = Quarantine
connections-do = Actions
connections-pause = Pause
connections-resume = Go on
connections-paused = Paused. What the shop sends is kept and will be applied when you go on.
connections-resumed = It goes on. What came meanwhile will be applied within a minute.
connections-health-well = Well
connections-health-paused = Paused
connections-health-never = Not heard of yet
connections-health-refused = Refused lately
connections-health-silent = Silent for { $duration }
connections-health-quiet = Quiet for { $duration }

# One source
connections-today = Today
connections-today-counts = { $applied } applied, { $refused } refused
connections-how-to-connect = How to connect it
connections-test = Test
connections-keys = Keys
connections-no-keys = It has no key yet: nobody can call with it.
connections-key-since = since { $time }
connections-key-until = works until { $time }
connections-rotate = New key
connections-rotate-hint = The old key goes on working for 24 hours, so that you can carry the new one to the shop.
connections-key-new = The new key
connections-key-once = Copy it now: it is shown this once and never again.
connections-key-old-works = The old key goes on working for 24 hours.
connections-name = Name
connections-name-of = Name of the source
connections-name-hint = How people here call this source. Empty: as the shop.
connections-save = Save
connections-saved = Saved.

# Test
connections-test-well = If the shop called now, it would be heard.
connections-test-look = If the shop called now, somebody would have to look.
connections-test-key = The key ending in { $hint } works.
connections-test-no-key = No key works: give it a new one and type it at the shop.
connections-test-open = What comes is applied at once.
connections-test-paused = It is paused: what comes is kept and waits.
connections-test-heard = The shop has been in contact.
connections-test-refused = The shop was refused within the last hour. The reason stands below.
connections-test-silent = The shop has not called for a day or longer. Look whether its module and its scheduled task run.
connections-test-never = The shop has never called with this key. Look at the address and the key in its module.
connections-test-quarantine = { $count ->
    [0] Nothing is in quarantine.
    [one] { $count } message is in quarantine.
   *[other] { $count } messages are in quarantine.
}
connections-test-unfinished = { $count ->
    [0] No message waits.
   *[other] Messages have waited for longer than a minute.
}
connections-test-no-kind = This program has no connector for “{ $kind }”.

# Messages
connections-messages = Messages
connections-message = Message
connections-received = Received
connections-result = Result
connections-state-received = Waiting
connections-state-applied = Applied
connections-state-refused = Refused
connections-state-quarantined = Quarantine
connections-state-dropped = Not needed
connections-no-messages = Nothing here
connections-no-messages-received = Everything that came was dealt with.
connections-no-messages-applied = Nothing was applied in the last 30 days.
connections-no-messages-refused = Nothing was refused in the last 30 days.
connections-no-messages-quarantined = Nothing waits for a decision.
connections-no-messages-dropped = Nobody has put a message aside in the last 30 days.
connections-left-as-is = { $count ->
    [one] { $count } field was left as it is
   *[other] { $count } fields were left as they are
}
connections-more-fields = { $count ->
    [one] and { $count } field more
   *[other] and { $count } fields more
}

# One message
connections-target = Request
connections-size = Size
connections-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
connections-attempts = Attempts
connections-done = Dealt with
connections-left = Left as they are
connections-content = Content
connections-content-below = The content cannot be read field by field. It stands below as it came.
connections-no-text = Not a text:
connections-raw = As it came
connections-raw-hex = As it came, byte by byte
connections-raw-cut = Only the beginning is shown. The file has all of it.
connections-download = Download
connections-mend = Mend and apply
connections-mend-hint = Correct what is wrong and apply the message again. What you do not touch stays as the shop sent it.
connections-mend-not = This message cannot be mended here: it is too large or not a text. It can be applied again as it is.
connections-apply = Apply again
connections-apply-as-is = Apply again as it is
connections-applied = Applied.
connections-drop = Not needed
connections-drop-title = Put this message aside?
connections-drop-text = It will not be applied any more. What it says will not come here unless the shop sends it again.
connections-dropped = Put aside.

# Connecting
connections-next = Next
connections-create = Connect
connections-other-system = Another system
connections-no-shops = There is no shop yet
connections-no-shops-text = A source belongs to a shop. Create the shop first.
connections-no-systems = There is nothing to connect
connections-no-systems-text = This program was built without connectors.
connections-show-key = Show the key
connections-key-was-shown = The key ending in { $hint } was shown already. Give out a new one if it is lost.
connections-waiting = What has arrived
connections-waiting-contact = Waiting for the shop's first contact…
connections-waiting-order = Waiting for the first order…
connections-waiting-text = This page notices by itself. You may close it: nothing is lost.
connections-refresh = Look again
connections-heard = The shop has called: { $when }
connections-order-came = The first order is here: { $number }
connections-connected = The shop is connected.
connections-open-order = Open the order
connections-to-source = To the source
connections-was-refused = The shop called and was refused
connections-in-quarantine = { $count ->
    [one] { $count } message in quarantine
   *[other] { $count } messages in quarantine
}
connections-warn-loopback = You opened Takt as { $host }: no other computer finds it under this name. Open this page under the name by which the shop's server reaches Takt.
connections-warn-https = You opened Takt without https, and this system takes only https addresses. Give Takt a certificate or put it behind a proxy that has one.
connections-warn-open = You opened Takt without https: the key and the orders would travel in the open.
connections-warn-port = The address { $address } names a port. This system drops it or refuses it: Takt must answer at the usual port 443.
connections-warn-private = { $host } is a name or an address of a private network. This system calls only addresses of the public internet.
connections-warn-name = { $host } does not pass this system's check. See what it asks for above.
connections-step-module = Open the module
connections-step-address = Type the address
connections-step-address-text = Where the module asks for the address of RetailCRM, type this one:
connections-step-key = Type the key
connections-step-key-text = Where the module asks for the API key, type the key of this connection.
connections-step-save = Save and choose
connections-step-check = Open the check of the address
connections-step-name = Give Takt a fitting name
connections-step-call = Call
connections-step-order = Make a test order
connections-step-order-text = Order something in the shop. The order appears here within seconds, or when the module's scheduled task runs next.
connections-opencart = OpenCart
connections-opencart-about = RetailCRM's module for OpenCart
connections-opencart-check = The module keeps nothing of the address but the host's name and calls it by https at port 443. It takes any name, also of your own network, and does not look at who issued the certificate.
connections-opencart-module = Install the module of RetailCRM if the shop has none yet, and open its settings.
connections-opencart-save = Press save. The module then lists the shop's ways of delivery and payment and its statuses beside ours: choose a match for each and save again.
connections-woocommerce = WooCommerce
connections-woocommerce-about = RetailCRM's plugin for WooCommerce
connections-woocommerce-check = The plugin takes only host names of RetailCRM itself and refuses every other one as an incorrect URL. It has a folder for own files that take the place of its files: one file there opens the check. The address may have no port and no path; who issued the certificate is not looked at.
connections-woocommerce-file = Put this file on the shop's server. It takes the place of the plugin's own check, and updates of the plugin leave it alone.
connections-woocommerce-module = Install the plugin of RetailCRM if the shop has none yet. Its settings stand in WooCommerce among the integrations.
connections-woocommerce-save = Save. Then choose a match for each way of delivery and payment and for each status, and save again.
connections-prestashop = PrestaShop
connections-prestashop-about = RetailCRM's module for PrestaShop
connections-prestashop-check = The module wants to see retailcrm.pro, retailcrm.ru, retailcrm.es or simla.com behind a dot in the address, at any place. A name of your own domain such as takt.retailcrm.ru.example.org passes. The key must have 32 letters, as ours has.
connections-prestashop-name = Give the server of Takt one more name that passes, for example takt.retailcrm.ru.{ $host }, with a certificate for it, and open this page under that name. The address below follows.
connections-prestashop-module = Install the module of RetailCRM if the shop has none yet, and open its settings.
connections-prestashop-save = Save. Then choose a match for each way of delivery and payment and for each status, and save again.
connections-bitrix = 1C-Bitrix
connections-bitrix-about = RetailCRM's module from the marketplace
connections-bitrix-check = The module calls only https, follows no redirects, checks the certificate, and refuses a name that leads to addresses of a private network. So Takt needs a public name and a certificate that everybody accepts. It takes any such name.
connections-bitrix-module = Install the module of RetailCRM if the shop has none yet. It asks for the address and the key in the first step of its installation.
connections-bitrix-save = Go on. Choose the shop, then a match for each way of delivery and payment and for each status, and finish the installation.
connections-magento = Magento 2
connections-magento-about = RetailCRM's module for Magento 2
connections-magento-check = The module makes https and the host's name out of any address and asks which versions of the interface are there. It takes any name.
connections-magento-module = Install the module of RetailCRM if the shop has none yet. Its settings stand in the configuration of the stores.
connections-magento-save = Save. Then choose a match for each way of delivery and payment and for each status, and save again.
connections-other = Another module
connections-other-about = any other module that speaks the API v5 of RetailCRM
connections-other-check = We have not tried this module. Most take only https addresses without a port; some want a name of RetailCRM in the address or refuse private networks. Modules that speak API v3 (Webasyst, CS-Cart, Joomla) do not work.
connections-other-module = Open the module's settings where it asks for the address of RetailCRM and for an API key.
connections-other-save = Save. If the module refuses the address, its own documents say what it wants to see there.
connections-client = API client
connections-client-about = an own program that uses a library for RetailCRM's API v5
connections-client-check = The libraries for Go and Python take any address, http too. That for PHP up to version 5 wants https.
connections-client-call = Give both to the library. As a first call ask for the list of sites: it holds this shop alone.

# Differences
connections-difference_missing = There is no such difference: it was settled long ago and forgotten, or it belongs to somebody else.
connections-difference_settled = This difference was settled already. Read the page again.
connections-difference_not_taken = What the shop says cannot be taken over as it is. Change it here by hand, or keep ours.
connections-difference_unknown = A difference is of a kind nobody knows: { $given }.
connections-differences = Differences
connections-differences-text = Where the shop's list and ours are not the same. What agrees again leaves this list by itself.
connections-differences-open = Open
connections-differences-settled = Settled
connections-any-source = any source
connections-any-subject = anything
connections-differing = What
connections-differing-order = Orders
connections-differing-customer = Customers
connections-differing-offer = Goods
connections-differing-stock = Stock
connections-thing-order = Order { $id }
connections-thing-customer = Customer { $id }
connections-thing-offer = Product { $id }
connections-thing-stock = Stock of { $id }
connections-field = Field
connections-owner-shop = the shop's to say
connections-owner-takt = ours to say
connections-theirs = In the shop
connections-ours = Here
connections-first-seen = Since
connections-take-theirs = Take the shop's
connections-keep-ours = Keep ours
connections-theirs-taken = Taken over from the shop.
connections-ours-kept = Ours stays. It is not shown again unless the shop says something new.
connections-difference-gone = Both agree by now.
connections-not-decided = It stays as it is
connections-no-differences = No differences
connections-all-agree = What shops say and what stands here agree, as far as both were compared.
connections-none-settled = Nothing was settled in the last 30 days.
connections-settled-how = Settled
connections-settled-agreed = agreed by itself
connections-settled-theirs = the shop's was taken
connections-settled-ours = ours was kept
connections-field-contact = Buyer
connections-field-name = Name
connections-field-delivery = Delivery
connections-field-address = Address
connections-field-lines = Goods
connections-field-discount = Discount
connections-field-comment = Buyer's comment
connections-field-status = Status
connections-field-price = Price
connections-field-barcode = Barcode
connections-field-quantity = For sale

# What is typed on the way
connections-shop_address_malformed = This is no address of a shop: https://shop.example, without a name, a question or a # in it.
connections-secret_unfit = A secret has up to 1000 letters, digits and signs, without spaces.
connections-secret_for_another = The address is another shop's now: type the key of that shop. The one that is kept is not sent there.
connections-secret-set = set; empty leaves it as it is
connections-typed-hint = The shop's side makes up what its messages are signed with. When it is changed there, type it here: what was signed before passes for 24 hours more.
connections-type-anew = Type it anew
connections-erase_waits = { $count ->
    [one] { $count } message about this person waits in the sources. Apply or drop it, then erase.
   *[other] { $count } messages about this person wait in the sources. Apply or drop them, then erase.
}

connections-burning = Sources silent or refused

connections-title-settings-help = Where orders come from: the shops’ own programs, which tell of them by themselves. Begin with “Connect a shop”: it leads you step by step and tries the line. What was sent and could not be taken waits in the quarantine of its source with the reason.
