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
