drill-not_right = Not that. Look once more at the screen in question.
drill-nothing_to_tell = There is nothing to answer here: begin the drill anew.

drill-title = Drill
drill-title-help = Half an hour to learn to work here. Press “Begin”: a practice company with ready-made orders opens, and eight tasks lead you over the screens. Nothing leaves it, and nothing in your shop changes. Begin with the first task.
drill-progress = Practice company: { $done } of { $all } done. { $next ->
    [find] Next: find an order by phone.
    [holder] Next: see who holds an order.
    [phone] Next: take an order by phone.
    [confirm] Next: confirm an order.
    [match] Next: find the order for the money.
    [ship] Next: pack and send.
    [answer] Next: answer a question.
    [count] Next: how many are in work.
   *[none] All done!
}
drill-what = The practice company
drill-what-text = Eight tasks on invented orders. Letters, banks and other programs are off, nothing of your company is touched. It ends by itself after a day.
drill-begin = Begin
drill-begun = The practice company is ready
drill-continue = Back to the drill
drill-again = Begin anew
drill-remove = End and remove
drill-tasks = Tasks
drill-worked = You have worked { $time }. Pauses do not count.
drill-done = Done
drill-next = Now
drill-go = Open the screen
drill-tell = Answer
drill-right = Right
drill-passed = Passed in { $time }
drill-passed-text = Now you can do all that every day needs. The practice company may be removed.
drill-results = Who has passed the drill
drill-who = Who
drill-result = Result
drill-has-passed = Passed
drill-not-passed = Not yet
drill-nobody = The people of the company will stand here, with the time in which they passed.

drill-task-find = Find an order by phone
drill-help-find = A buyer calls from 8 900 000-01-17. Find her order by the last digits and leave a comment on it, any.
drill-task-holder = See who holds an order
drill-help-holder = Open order { $number }. It says whose turn it is and since when. Answer here.
drill-answer-holder = Whose turn it is
drill-task-phone = Take an order by phone
drill-help-phone = Press “New order”, type a name, a phone number and one product with a price, and save.
drill-task-confirm = Confirm an order
drill-help-confirm = Open order { $number } and press “Confirm”: from there it goes to the warehouse.
drill-task-match = Find the order for the money
drill-help-match = Money came and nobody knows what for: two orders cost as much. Open the payment, choose one of them and accept.
drill-task-ship = Pack an order and send it
drill-help-ship = Order { $number } is confirmed and waits for the warehouse. Pack it and hand it to the carrier.
drill-task-answer = Answer a question
drill-help-answer = A colleague asks you about order { $number }. Open it, read, and answer with a comment.
drill-task-count = How many orders are in work
drill-help-count = Open the cabinet and see how many orders are in work now. Answer here.
drill-answer-count = In work

drill-seed-company = Practice company
drill-seed-shop = Practice shop
drill-seed-goods-1 = Oolong tea, 100 g
drill-seed-goods-2 = Clay teapot
drill-seed-goods-3 = Mug
drill-seed-buyer-1 = Maria Sokolova
drill-seed-buyer-2 = Ilya Gromov
drill-seed-buyer-3 = Anna Kotova
drill-seed-buyer-4 = Pyotr Lisin
drill-seed-buyer-5 = Vera Zimina
drill-seed-buyer-6 = Oleg Ryabov
drill-seed-address = Kazan, Uchebnaya st., 1
drill-seed-question = The buyer asks whether we can bring it after six. What do we answer?
drill-seed-payer = Ivanov Ivan
drill-seed-purpose = For the goods, thank you
