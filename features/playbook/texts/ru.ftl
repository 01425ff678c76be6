playbook-title = Порядок работы
playbook-note = Что делается само, когда с заказом что-то происходит.
playbook-confirm-up-to = Подтверждать сразу заказы до, штук
playbook-confirm-up-to-hint = Если весь товар зарезервирован, покупатель узнаёт о наличии сразу. 0 — не подтверждать без звонка.
playbook-task-minutes = Срок задач, рабочих минут
playbook-task-minutes-hint = За это время собирают оплаченный заказ и звонят покупателю. Считается по рабочему календарю компании.
playbook-call-role = Кто звонит покупателю
playbook-call-again = Перезвонить через, рабочих минут
playbook-call-again-hint = Если до покупателя не дозвонились.
playbook-save = Сохранить
playbook-saved = Порядок работы сохранён
playbook-call-ended = Итог звонка

tasks-kind-offer_or_refund = Оплачено, но нет в наличии: предложить замену, часть или возврат
tasks-kind-money_taken_back = Деньги отозваны: связаться с покупателем
tasks-outcome-reached = Дозвонились
tasks-outcome-not_reached = Не дозвонились
tasks-outcome-packed = Заказ собран
tasks-outcome-shipped = Заказ отправлен
tasks-outcome-put_off = Заказ отложен
tasks-outcome-money_taken_back = Заказ больше не оплачен
tasks-outcome-paid_again = Заказ снова оплачен
tasks-outcome-goods_came = Товар поступил

# Отказы
playbook-number_out_of_range = Укажите целое число от { $least } до { $most }.
playbook-role_cannot_call = Выберите, кто звонит: менеджер, оператор или владелец.
