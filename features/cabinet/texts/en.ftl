cabinet-too_many_instructions = Order { $number } has ten instructions that are not done. Tick what is done first.
cabinet-instruction_missing = The order has no such instruction.
cabinet-instruction_open = There is an instruction of the owner for order { $number }. Follow it and tick it on the order, then it goes on.
cabinet-unknown_number = The cabinet has no such number.
check-cabinet-sums_are_the_standings = The numbers of the cabinet are those of what it keeps of the orders
check-cabinet-sums_are_the_standings-do = Write to us: the numbers of the cabinet differ from the orders. The orders themselves are whole.
check-cabinet-standings_are_the_orders = What the cabinet keeps of each order in work is what the order says
check-cabinet-standings_are_the_orders-do = Write to us: the cabinet keeps another state of an order than the order has. The orders themselves are whole.

cabinet-title = Cabinet
cabinet-title-help = Three things at once: what is in work, what burns and what was done yesterday. Every number is a link to the very orders. Begin with “What burns”: it cannot wait until the evening. The screen keeps itself fresh. When an order puzzles you, open it and press “Ask”.
cabinet-in-work = In work
cabinet-burns = What burns
cabinet-done = What was done
cabinet-orders = { $count ->
    [one] { $count } order
   *[other] { $count } orders
}
cabinet-whose-turn = Whose turn it is
cabinet-no-shops = Begin with a shop
cabinet-no-shops-text = A shop is where orders come from: a site, the phone, a counter. Once it is there, all that is in work stands here.
cabinet-add-shop = Add a shop
cabinet-nothing-in-work = Nothing is in work
cabinet-nothing-in-work-text = Orders will stand here as soon as the shop sends them or somebody takes one by phone.
cabinet-take-order = Take an order
cabinet-calm = Nothing burns
cabinet-of-late = Late
cabinet-of-late-note = the promised time has passed
cabinet-of-soon = Soon late
cabinet-of-soon-note = less than an hour is left
cabinet-of-stuck = Stuck
cabinet-of-stuck-note = three days with us and nothing moved
cabinet-what = Event
cabinet-yesterday = Yesterday
cabinet-today = Today
cabinet-deed-placed = Taken
cabinet-deed-confirmed = Confirmed
cabinet-deed-shipped = Sent
cabinet-deed-delivered = Delivered
cabinet-deed-cancelled = Cancelled
cabinet-revenue = Revenue
cabinet-revenue-note = what was sent is worth
cabinet-revenue-yesterday = Revenue yesterday
cabinet-company = Company
cabinet-companies = Companies
cabinet-worst-first = Where it burns first
cabinet-more-companies = { $count ->
    [one] and { $count } calmer company
   *[other] and { $count } calmer companies
}
cabinet-no-companies = No companies
cabinet-no-companies-text = The companies you work for will stand here as soon as they engage you.
cabinet-none-behind = There are no such orders
cabinet-none-behind-text = The very orders that this number counts would stand here. There are none now.
cabinet-answers-in = usually answers in { $time }
cabinet-answers-how = To ask something, open any order and press “Ask”.
cabinet-nobody-answers = Name the person who answers for the company: the name will stand on every order.
cabinet-name-manager = Name somebody

cabinet-ask = Ask
cabinet-ask-title = Ask about the order
cabinet-ask-whom = Whom
cabinet-ask-what = What about
cabinet-ask-hint = They get a task to answer; the answer will be among the comments.
cabinet-asked = The question is sent
cabinet-answered-in = answered in { $time }
cabinet-answer-late = not answered in time
cabinet-answer-by = to be answered by { $due }
tasks-kind-answer = Answer a question
tasks-outcome-answered = Answered

cabinet-hold = Hold
cabinet-hold-title = Hold the order
cabinet-hold-note = Until you let it go the order cannot be confirmed, packed or sent in any way. This time counts as yours.
cabinet-hold-why = Why
cabinet-hold-until = Until when
cabinet-hold-until-hint = Empty: a week, unless you let it go before.
cabinet-held = The order is held
cabinet-let-go = Let go
cabinet-gone-on = The order goes on
cabinet-instructions = Instructions of the owner
cabinet-instruct = Instruct
cabinet-instruct-title = An instruction for the order
cabinet-instruct-note = Stands first on the order. Until somebody ticks it as done the order cannot be confirmed or sent.
cabinet-instruct-what = What to do
cabinet-instructed = The instruction is written down
cabinet-instruction-first = An instruction of the owner: follow it first and tick it.
cabinet-instruction-done = Done
cabinet-instruction-done-by = Done: { $name }, { $when }
cabinet-ticked = Ticked
cabinet-words-erased = The text is erased
orders-fact-cabinet-instructed = An instruction of the owner
orders-fact-cabinet-instruction-done = The instruction is done
orders-fact-cabinet-answered = A question is answered
