playbook-title = How we work
playbook-note = What happens by itself when something happens to an order.
playbook-confirm-up-to = Confirm at once orders of up to, units
playbook-confirm-up-to-hint = When all goods are reserved, the buyer hears at once that they are available. 0: never without a call.
playbook-task-minutes = Due time of tasks, working minutes
playbook-task-minutes-hint = Within this time a paid order is picked and its buyer called. Counted by the company's working calendar.
playbook-call-role = Who calls the buyer
playbook-call-again = Call again after, working minutes
playbook-call-again-hint = When the buyer was not reached.
playbook-save = Save
playbook-saved = How we work is saved
playbook-call-ended = How the call ended

tasks-kind-offer_or_refund = Paid but not available: offer another, a part, or a refund
tasks-kind-money_taken_back = The money was taken back: contact the buyer
tasks-outcome-reached = Reached
tasks-outcome-not_reached = Not reached
tasks-outcome-packed = Order packed
tasks-outcome-shipped = Order shipped
tasks-outcome-put_off = Order put off
tasks-outcome-money_taken_back = Order no longer paid
tasks-outcome-paid_again = Order paid again
tasks-outcome-goods_came = Goods came

# Refusals
playbook-number_out_of_range = Enter a whole number from { $least } to { $most }.
playbook-role_cannot_call = Choose who calls: the manager, an operator or the owner.
