simulator-data_unreadable = The data inside the program is damaged (line { $line }). Build the program again.
simulator-nobody = Nobody is in the company: nobody can work.
simulator-not_sent = The shop has not sent this order yet.
simulator-too_late = Something was done with order { $order } meanwhile: the shop came too late.
simulator-unexpected_answer = The shop got the answer { $status } about order { $order }, which it did not expect.
