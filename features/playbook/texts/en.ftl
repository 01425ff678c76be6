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
tasks-kind-rule_failed = A rule of the playbook could not be answered: mend it
tasks-kind-rules_disagree = Two rules of the playbook want opposites: say which is right
tasks-kind-long_unconfirmed = Long unconfirmed
tasks-kind-deferred_due = Put off, its time has come
tasks-kind-inquiry_open = The supplier does not answer
tasks-kind-missed_call = Missed call: call back
tasks-kind-not_picked = Paid, not picked
tasks-kind-still_short = Paid, still not available
tasks-kind-not_handed_over = Picked, not handed over
tasks-kind-in_transit_long = In transit too long
tasks-kind-not_collected = Not collected
tasks-kind-task_ignored = A task is ignored
tasks-kind-channel_silent = A bank is silent
tasks-outcome-over = Settled by itself
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
playbook-version_missing = There is no version { $number }. Refresh the page and choose from the list.
playbook-version_unreadable = The playbook in force cannot be read any more: line { $line }, “{ $word }”. Publish a corrected text.
playbook-changed_meanwhile = While you were writing, version { $number } was published. Compare the texts and publish again.
playbook-nothing_changed = The text is that of version { $number }, which is in force.
playbook-note_too_long = The note is longer than { $most } characters. Shorten it.
playbook-action_not_known = The program does not know the action “{ $action }”. Tell the developer.
playbook-argument_not_known = The program does not know the value “{ $argument }” = “{ $given }”. Tell the developer.
playbook-actor_unwritable = Who published the playbook could not be written down. Try again.

playbook-text-open = Text of the playbook
playbook-text-title = Text of the playbook
playbook-text-note = The prose is for people, the program carries out the rule blocks. A new text holds from the moment it is published; what was begun stays as it is.
playbook-text = Text
playbook-note-field = What has changed
playbook-note-hint = In one line: everybody who looks at the versions sees it.
playbook-check = Check
playbook-publish = Publish
playbook-published = The playbook is published
playbook-rolled-back = The earlier playbook is in force again
playbook-text-right = Nothing is wrong: rules { $rules }
playbook-text-wrong = { $count ->
    [one] { $count } mistake
   *[other] { $count } mistakes
}
playbook-line = Line { $line }
playbook-changes = What will change
playbook-no-changes = The text is the one in force.
playbook-versions = Versions
playbook-version = Version
playbook-when = When
playbook-who = Who
playbook-what = What
playbook-brought-along = What Takt brings along
playbook-again = The text of version { $number } again
playbook-in-force = In force
playbook-roll-back = Go back
playbook-by-program = The program
playbook-guide = What to say and do
playbook-guide-nothing = The playbook has no advice right now.

playbook-before-confirm = { $left ->
    [0] Before confirming: all is ticked
   *[other] Left before confirming: { $left }
}
playbook-before-ready = { $left ->
    [0] Before ready: all is ticked
   *[other] Left before ready: { $left }
}
playbook-before-ship = { $left ->
    [0] Before shipping: all is ticked
   *[other] Left before shipping: { $left }
}
playbook-before-cancel = { $left ->
    [0] Before cancelling: all is ticked
   *[other] Left before cancelling: { $left }
}
playbook-tick = Done
playbook-untick = Untick
tasks-kind-steps_missing = Tick the steps of the playbook and confirm the order
orders-fact-playbook-step-ticked = Ticked: { $text }
orders-fact-playbook-step-unticked = Unticked: { $text }
playbook-step_missing = Order { $number } cannot be { $verb ->
    [confirm] confirmed
    [ready] marked as ready
    [ship] shipped
   *[cancel] cancelled
} yet. First tick on its card: “{ $step }”.{ $more ->
    [none] {""}
   *[other] {" "}{ $more } more are missing.
}
playbook-step_unknown = The playbook has changed and no longer has this step. Refresh the page.
playbook-order_finished = Order { $number } is complete or cancelled: there is nothing left to tick.

playbook-text-doubtful = { $count ->
    [one] { $count } doubtful place: the text may be published, but look at it
   *[other] { $count } doubtful places: the text may be published, but look at them
}
playbook-stage_without_owner = In the stage “{ $word }” no rule asks anybody to do anything
playbook-stage_without_deadline = In the stage “{ $word }” no rule notices that nothing happens
playbook-words = Words of the playbook
playbook-words-facts = Events
playbook-words-fields = Fields
playbook-words-actions = Actions
playbook-words-known = Values of your company
playbook-words-may = optional
playbook-words-bool = yes or no
playbook-words-int = whole number
playbook-words-text = word
playbook-words-minutes = time: 15 min, 2 h, 1 d
playbook-words-calendar = a calendar by its name
playbook-words-ladder = who is asked then: [{"{"} after = "15 min", role = "owner" {"}"}]
playbook-words-round-the-clock = round the clock

# Drafts, and the past by them
playbook-draft-keep = Save as a draft
playbook-draft-kept = The draft is saved
playbook-drafts = Drafts
playbook-draft-of = Draft of { $at }
playbook-draft-edit = Edit
playbook-draft-back = To the draft
playbook-draft-based-on = From version
playbook-draft-older = While the draft was written, version { $number } came out. Compare the texts before you publish.
playbook-publish-note = From that moment the company works by this text. Tasks that are open stay as they are. One button goes back to the earlier text.
playbook-dry-run = The path of one order
playbook-dry-run-note = Step by step: which rules looked, where they stopped and by how much. Nothing is changed.
playbook-dry-run-do = Show the path
playbook-dry-run-of = Order { $number } by this text
playbook-order-number = Order number
playbook-backtest = Test on past orders
playbook-backtest-note = What this text would have done. Nothing is sent to anybody, no order changes.
playbook-backtest-do = Test
playbook-from = From the day
playbook-to = Until the day
playbook-trials = Tests
playbook-trial-span = Days
playbook-trial-orders = Orders
playbook-trial-facts = Events
playbook-trial-state = State
playbook-trial-ended = Ready
playbook-trial-percent = { $percent } %
playbook-trial-of = Test: orders from { $from } to { $to }
playbook-trial-model = How it is counted: people worked as they did. A task that there really was took as long as it took; one that there was not takes as long as such tasks usually take. What shop, bank and buyer did stays; what the playbook itself confirmed, opened and closed is decided anew. The calendar is today's.
playbook-trial-under-way = Under way, orders: { $orders }
playbook-trial-again = Refresh
playbook-trial-differing = Would have gone differently
playbook-trial-unlike = Places where the past is not fully known: { $count }. There the version that ran, asked again, answers something else than it did; these orders are shown apart.
playbook-trial-promises = Promises
playbook-trial-deeds = What was done; each confirmation is a letter to the buyer
playbook-trial-days = Tasks by day and role
playbook-trial-differences = Orders that would have gone differently
playbook-trial-most = The first { $most } are shown.
playbook-trial-unlike-told = Where the past is not fully known
playbook-really = Was
playbook-would = Would have been
playbook-promise = Promise
playbook-promise-kept = kept
playbook-promise-lost = broken
playbook-deed = What
playbook-day = Day and role
playbook-tasks-really = Tasks, were
playbook-tasks-would = Tasks, would be
playbook-late-really = Late
playbook-late-would = Would be late
playbook-difference-fact = Event
playbook-difference-nothing = nothing
playbook-shadow = In the shadow
playbook-shadow-note = The text decides beside the one in force and tells only here.
playbook-shadow-begin = Put into the shadow
playbook-shadow-end = Take out of the shadow
playbook-shadow-since = Since { $at }. Orders looked at: { $orders }.
playbook-shadow-same = So far it would have decided the same.

# Why
playbook-why = Why so
playbook-why-note = Which rules looked at the order, what did not hold, and what comes next.
playbook-why-open = Why and why not
playbook-next = What comes next
playbook-next-nothing = Nothing is awaited.
playbook-next-milestone = { $milestone } — promised by { $at }
playbook-next-task = { $task } ({ $role }) — until { $at }
playbook-path = What the playbook decided
playbook-path-note = From the order's events, as it stood then.
playbook-path-empty = The playbook has not looked at this order.
playbook-path-cut = The rest is not shown: there are too many events.
playbook-path-acted = done: { $deeds }
playbook-path-nothing = nothing was done
playbook-path-late = Heard later, { $at }: by then the order had changed
playbook-path-version = By version { $number }
playbook-path-stopped = Did not hold
playbook-argument-role = for: { $role }
playbook-argument-due = within { $minutes } min
playbook-path-gap = { $left } { $operator } { $right } — off by { $gap }
playbook-path-failed = The rule could not be answered
playbook-path-done = Done
playbook-path-there = Was there already
playbook-deed-orders-confirm = Confirm the order
playbook-deed-tasks-open = Open a task
playbook-deed-tasks-close = Close a task
playbook-heard-orders-placed = Order taken in
playbook-heard-orders-paid = Money came
playbook-heard-orders-unpaid = Money taken off
playbook-heard-orders-reserved = Goods reserved
playbook-heard-orders-short = Goods are short
playbook-heard-orders-deferred = Put off
playbook-heard-orders-woken = In work again
playbook-heard-orders-confirmed = Confirmed
playbook-heard-orders-ready = Packed
playbook-heard-orders-shipped = Shipped
playbook-heard-orders-delivered = Delivered
playbook-heard-orders-status-set = Status changed
playbook-heard-tasks-closed = Task closed
playbook-heard-orders-edited = Order changed
playbook-heard-orders-taken = Taken to work on
playbook-heard-orders-given-back = Given back
playbook-heard-orders-returned = Goods came back
playbook-heard-orders-cancelled = Cancelled
playbook-heard-orders-completed = Complete
playbook-heard-tasks-opened = Task opened
playbook-heard-tasks-taken = Task taken
playbook-heard-tasks-released = Task put back
playbook-heard-tasks-lease-ended = The time for a task is over
playbook-heard-tasks-rerouted = Task passed on
playbook-heard-tasks-escalated = A task was asked about higher up
playbook-heard-playbook-lasted = Too long without a change
playbook-heard-payments-channel-silent = The bank fell silent
playbook-heard-payments-channel-heard = The bank answers again
playbook-heard-calls-missed = A missed call
playbook-heard-calls-returned = Called back
playbook-heard-supplies-inquiry-opened = The supplier was asked
playbook-heard-supplies-inquiry-closed = The supplier answered

# The past
playbook-then = The playbook then
playbook-then-version = Version { $number } was in force
playbook-then-tasks = Tasks
playbook-then-role = Role
playbook-then-due = Due
playbook-then-state = State
playbook-then-open = Waits
playbook-then-taken = In work
playbook-then-none = There were no tasks.

playbook-draft_missing = There is no such draft. Refresh the page and choose from the list.
playbook-draft_too_long = The text is too long. Divide or shorten it.
playbook-trial_missing = There is no such test. Refresh the page and choose from the list.
playbook-span_unfit = Choose days in their order, and no more than a year.
playbook-day_unreadable = Enter a day as 2026-11-22.
playbook-order_unknown = There is no order of this number. Check the number.
playbook-argument_unwritable = A value of the rule could not be written down. Tell the developer.
playbook-outcome_unwritable = The outcome of the test could not be written down. Tell the developer.
playbook-orders-in-work = Orders that are in work now
playbook-orders-move = move to the new text
playbook-orders-stay = stay with the text before; the new one is for the orders to come
playbook-orders-stayed = (orders in work stayed with the text before)
playbook-check_broke = The check of the text broke off. Try again.
playbook-changed_under_check = The text has changed while it was being checked. Try again.
playbook-trial-broke-off = Broke off
playbook-trial-broke-off-why = The test broke off ({ $code }). Start it again; if it breaks off again, tell the developer.
playbook-trial_under_way = A test is under way. Wait for it to end and start another one then.
playbook-value-yes = yes
playbook-value-no = no

# The words of the regulation, a sentence each
playbook-words-hint = Ctrl+Space shows the words that fit at this place. Arrows choose, Enter puts in, Escape closes.
playbook-says-key-when = The event the rule answers. There may be several.
playbook-says-key-if = A condition. When there are several, all must hold.
playbook-says-key-while = A state that lasts. Instead of when.
playbook-says-key-for = How long the state must last: 2 h.
playbook-says-key-from = The event with which the state begins.
playbook-says-key-until = The event with which the state ends.
playbook-says-key-calendar = By whose hours time is counted. Without it, by the usual calendar.
playbook-says-key-then = What to do.
playbook-says-key-after = What to do when the state has ended after the rule acted.
playbook-says-key-fact = The event it is about.
playbook-says-key-fact-if = A condition for this event alone.
playbook-says-key-do = Which action.
playbook-says-key-rung-after = How long after the deadline to ask.
playbook-says-key-rung-role = Whom to ask.
playbook-says-calendar-always = Every hour, day and night.
playbook-says-orders-placed = An order was placed.
playbook-says-orders-edited = Something in the order was changed.
playbook-says-orders-paid = Money for the order came.
playbook-says-orders-unpaid = Money was taken off the order.
playbook-says-orders-reserved = All goods of the order are reserved.
playbook-says-orders-short = Goods for the order are missing.
playbook-says-orders-deferred = The order was put off.
playbook-says-orders-woken = A deferred order is in work again.
playbook-says-orders-taken = Somebody took the order.
playbook-says-orders-given-back = The order is in nobody’s hands any more.
playbook-says-orders-confirmed = The order was confirmed.
playbook-says-orders-ready = The order was packed.
playbook-says-orders-shipped = The order was shipped, all or part of it.
playbook-says-orders-returned = Goods came back.
playbook-says-orders-delivered = The order was delivered.
playbook-says-orders-cancelled = The order was cancelled.
playbook-says-orders-completed = The order is complete.
playbook-says-orders-status-set = The order has another status.
playbook-says-tasks-opened = A task was opened.
playbook-says-tasks-taken = A task was taken.
playbook-says-tasks-released = A task was given back.
playbook-says-tasks-lease-ended = A task was taken and not done in time.
playbook-says-tasks-rerouted = Somebody is away or back: another one does the task.
playbook-says-tasks-escalated = A task’s deadline passed, and the next was asked.
playbook-says-tasks-closed = A task was closed.
playbook-says-payments-channel-silent = The bank has been silent for long.
playbook-says-payments-channel-heard = The bank is heard again.
playbook-says-calls-missed = A call was missed.
playbook-says-calls-returned = A missed call was returned.
playbook-says-supplies-inquiry-opened = A supplier was asked.
playbook-says-supplies-inquiry-closed = The question to a supplier is settled.
playbook-says-order-may-be-packed = The order may be packed: it is not put off, and the money it needs is there.
playbook-says-order-in-work = The order is neither complete nor cancelled.
playbook-says-order-put-off = The order is put off.
playbook-says-order-cancelled = The order is cancelled.
playbook-says-order-in-full = The order is paid in full.
playbook-says-order-prepaid = By its terms money comes first.
playbook-says-order-confirmed = The order is confirmed.
playbook-says-order-reserved = All of it is reserved.
playbook-says-order-short = Goods are missing.
playbook-says-order-left = The order or a part of it has left.
playbook-says-order-ready = The order is packed.
playbook-says-order-delivered = The order is delivered.
playbook-says-order-pickup = The buyer collects it.
playbook-says-order-taken = Somebody has the order in hand.
playbook-says-order-stage = The stage: one of six.
playbook-says-order-status = The company’s status.
playbook-says-order-terms = The terms of payment.
playbook-says-order-source = Where the order came from.
playbook-says-order-currency = The currency: RUB.
playbook-says-order-total = The total in whole units of the currency.
playbook-says-order-units = How many units are in the order.
playbook-says-order-call-waits = A call to the buyer still waits.
playbook-says-order-task-ignored = A task of the order was not taken in time.
playbook-says-company-confirm-up-to-units = Up to how many units an order confirms itself.
playbook-says-company-task-minutes = Working minutes for a task.
playbook-says-company-call-again-minutes = Minutes until the next call.
playbook-says-company-call-role = Who calls buyers.
playbook-says-fact-terms = The terms of payment as they were placed.
playbook-says-fact-source = Where the order came from.
playbook-says-fact-in-full = Whether the order was paid in full by then.
playbook-says-fact-pickup = Whether the buyer collects it.
playbook-says-fact-money-left = Whether money itself left, not only the total changed.
playbook-says-fact-reserved = How much is reserved: all, some, none.
playbook-says-fact-all = Whether all of it left.
playbook-says-fact-from = What it was before.
playbook-says-fact-to = What it became.
playbook-says-fact-stage = The stage of the new status.
playbook-says-fact-kind = The kind of task.
playbook-says-fact-outcome = How the task ended.
playbook-says-fact-after-seconds = For how many seconds it has been silent.
playbook-says-orders-confirm = Confirm the order.
playbook-says-tasks-open = Open a task: for a role, by a deadline.
playbook-says-tasks-close = Close the task of this kind.
playbook-says-argument-kind = Which task.
playbook-says-argument-role = Who does it.
playbook-says-argument-due = How much time there is for it.
playbook-says-argument-calendar = By whose hours the deadline is counted.
playbook-says-argument-ladder = Whom to ask when the deadline has passed.
playbook-says-argument-since = From which moment the time runs.
playbook-says-argument-once = How often such a task is opened.
playbook-says-argument-again = Open another one when the one before is spent.
playbook-says-argument-outcome = How it ended.
playbook-says-since-fact = From this event.
playbook-says-since-start = From the start of the promise.
playbook-says-once-fact = One for each event.
playbook-says-once-round = One for each round of the order: since its money came or it woke.
playbook-says-once-shortage = One for each shortage.
playbook-says-terms-prepaid = Prepaid.
playbook-says-terms-on-delivery = On delivery.
playbook-says-terms-credit = Credit.

playbook-title-settings-help = What is done by itself: when an order is confirmed, who calls, who is asked next. The usual is set here by numbers, the rest in the text of the playbook: it can be tried on past orders before it is published. Begin with who calls the buyer.
