simulator-data_unreadable = Встроенные данные повреждены (строка { $line }). Соберите программу заново.
simulator-nobody = В компании никого нет: некому работать.
simulator-not_sent = Магазин ещё не отправил этот заказ.
simulator-too_late = С заказом { $order } уже что-то сделали: магазин опоздал.
simulator-unexpected_answer = Магазин получил на заказ { $order } ответ { $status }, которого не ждал.
