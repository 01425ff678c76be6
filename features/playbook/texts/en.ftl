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
