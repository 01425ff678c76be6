shipments-title = Shipments
shipments-pick = Picking
shipments-parcels = Parcels
shipments-order = Order
shipments-state = State
shipments-any-state = Any state
shipments-state-packed = Packed
shipments-state-handed-over = On its way
shipments-state-delivered = Delivered
shipments-state-returned = Coming back
shipments-carrier = Carrier
shipments-own-delivery = Our own delivery
shipments-tracking = Tracking number
shipments-places = Parcels
shipments-weight = Weight, kg
shipments-when = When
shipments-company = Company
shipments-late = late
shipments-search = Tracking or order number
shipments-none = No shipments yet
shipments-none-text = The first one appears here when the warehouse has packed an order.
shipments-not-found = Nothing found
shipments-not-found-text = Check the number or choose another state.
shipments-none-of-order = Nothing was shipped for this order.
shipments-parcel-count = { $count ->
    [one] { $count } parcel
   *[other] { $count } parcels
}
shipments-kilograms = { $weight } kg
shipments-pack-all = All is packed
shipments-pick-list = Pick list
shipments-hand-over = Hand over
shipments-hand-over-of = Hand over order { $number }
shipments-handed-over = Handed over
shipments-delivered = Delivered
shipments-not-delivered = Not delivered, coming back
shipments-change = Change
shipments-confirm-first = Packed. It can leave when a manager has confirmed the order.
shipments-part = Not all of it leaves
shipments-part-hint = Say how much leaves now. If nothing is said, all of it leaves.
shipments-left-of = { $quantity } left
shipments-back = Back
shipments-save = Save
shipments-add = Add
shipments-said-packed = Packed.
shipments-said-handed-over = Handed over. The buyer will be told.
shipments-said-delivered = Delivered.
shipments-said-returned = Noted: it is coming back. A manager has a task.
shipments-said-saved = Saved.
shipments-nothing-to-pick = Nothing to pick
shipments-nothing-to-pick-text = A new order will appear here by itself.
shipments-waiting-to-leave = Packed, waiting to leave
shipments-start = Pick
shipments-go-on = Go on
shipments-mine = I am picking it
shipments-somebody-picks = somebody picks it
shipments-short = not all reserved
shipments-not-confirmed = not confirmed
shipments-not-now = It cannot be picked now
shipments-all-left = Nothing is left to pick of this order
shipments-next = To the list
shipments-to-pick = Picked
shipments-took = Got it
shipments-took-all = Got all
shipments-ready = Ready
shipments-ready-in-part = Ready, in part
shipments-packed = Packed
shipments-undo = Undo
shipments-not-there = Not there
shipments-found = How many were found
shipments-say-not-there = Tell the manager
shipments-found-only = { $found } found, the manager knows
shipments-held-only = { $held } reserved
shipments-not-there-comment = Not there: { $name }, { $found } of { $quantity } found.
shipments-carriers = Carriers
shipments-carriers-none = No carriers yet
shipments-carriers-none-text = Without them orders leave by your own delivery.
shipments-carrier-new = New carrier
shipments-carrier-add = Add a carrier
shipments-service-new = Add a service
shipments-name = Name
shipments-tracking-url = Tracking link
shipments-tracking-url-hint = Write {"{"}number{"}"} where the tracking number goes.
shipments-remind = Remind after, days
shipments-remind-hint = If a parcel is not delivered by then, an operator gets a task. 0: never.
shipments-as-carrier = Empty: as the carrier.
shipments-reminds-after = reminds after { $days ->
    [one] { $days } day
   *[other] { $days } days
}
shipments-reminds-never = no reminders
shipments-archived = archived

# Tasks
tasks-kind-check-delivery = Find out why it has not arrived
tasks-kind-parcel-returned = Decide about a parcel that came back
tasks-kind-missing-goods = Not on the shelf: decide what to do
tasks-outcome-in-part = Packed in part
tasks-outcome-not-there = Nothing was there
tasks-outcome-delivered = Delivered
tasks-outcome-returned = Coming back

# An order’s history
orders-fact-shipments-unpacked = Unpacked: the order changed
orders-fact-shipments-edited = Shipment changed
orders-fact-shipments-returned = Parcel is coming back
orders-fact-shipments-overdue = Parcel is late
orders-path-carrier = Carrier
orders-path-service = Service
orders-path-tracking = Tracking number
orders-path-places = Parcels
orders-path-weight-grams = Weight, g

# Refusals
shipments-missing = There is no such shipment. Refresh the page.
shipments-nothing_to_pack = Nothing is left to pack of order { $number }.
shipments-more_than_open = So much is not left in order { $number }. Refresh the page and check the quantities.
shipments-not_packed = This shipment of order { $number } has left already. Refresh the page.
shipments-packed_already = Something of order { $number } stands packed. Hand that over first.
shipments-not_handed_over = The shipment of order { $number } is not on its way: refresh the page.
shipments-finished = The shipment of order { $number } is finished and cannot be changed.
shipments-not_all_looked_for = Not every line of order { $number } is marked. Mark each: got it, or not there.
shipments-line_missing = There is no such line any more: the order changed. Open it again.
shipments-found_malformed = Say how many were found: zero or more, and fewer than wanted. If all were found, press “Got it”.
shipments-carrier_missing = There is no such carrier. They are listed under “Settings”, “Carriers”.
shipments-service_of_another = This carrier has no such service. Choose one from the list.
shipments-via_malformed = Choose the carrier from the list.
shipments-tracking_malformed = A tracking number has at most 64 characters.
shipments-places_malformed = Give the number of parcels, 1 to 1000.
shipments-weight_malformed = Give a weight above zero and up to 100 tons.
shipments-name_required = Give it a name.
shipments-name_taken = There is one with this name already. Choose another name.
shipments-too_long = Too long. Shorten it.
shipments-url_malformed = A link begins with https:// and has {"{"}number{"}"} where the tracking number goes.
shipments-days_malformed = Give a number of days, 0 to 365.
shipments-no_such_state = A state is packed, handed_over, delivered or returned.
shipments-state_unknown = The database holds a shipment in the unknown state “{ $given }”. Tell the developers.
check-shipments-lines_left_in_parcels = What was shipped left in parcels
check-shipments-lines_left_in_parcels-do = Compare the named orders with their parcels.
check-shipments-belong_to_orders = Every parcel belongs to an order
check-shipments-belong_to_orders-do = Orders were lost. Restore the data from a backup.
shipments-parcel_stands = Order { $number } is packed. Unpack its parcel first, then split or merge.

shipments-title-help = Shipments and where they are: packed, on the way, delivered. Begin with those that have not left. The tracking number opens the order.
shipments-pick-help = What to pick, one order at a time, the most urgent first. Open the first, take the goods by their shelves and tick them. Say here what is not in its place: the order takes another way by itself.

staff-scope-shipments-read = see shipments

shipments-carriers-settings-help = Who carries your parcels and where they are tracked. Add a carrier and the address that shows a parcel by its number: the buyer gets the link. When a parcel has not come within the days you say, the operator is given a task.
