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
tasks-kind-rule_failed = Правило порядка работы не сработало: исправьте его
tasks-kind-rules_disagree = Два правила регламента противоречат друг другу: решите, какое верно
tasks-kind-long_unconfirmed = Долго не подтверждён
tasks-kind-deferred_due = Отложенный, срок настал
tasks-kind-inquiry_open = Поставщик не отвечает
tasks-kind-missed_call = Пропущенный звонок: перезвонить
tasks-kind-not_picked = Оплачен, не собран
tasks-kind-still_short = Оплачен, товара всё нет
tasks-kind-not_handed_over = Собран, не передан
tasks-kind-in_transit_long = Слишком долго в пути
tasks-kind-not_collected = Не забирают
tasks-kind-task_ignored = Задачу не берут
tasks-kind-channel_silent = Банк молчит
tasks-outcome-over = Уладилось само
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
playbook-version_missing = Версии { $number } нет. Обновите страницу и выберите из списка.
playbook-version_unreadable = Действующий порядок работы больше не читается: строка { $line }, «{ $word }». Опубликуйте исправленный текст.
playbook-changed_meanwhile = Пока вы писали, вышла версия { $number }. Сравните тексты и опубликуйте снова.
playbook-nothing_changed = Текст тот же, что и в действующей версии { $number }.
playbook-note_too_long = Пояснение длиннее { $most } знаков. Сократите его.
playbook-action_not_known = Действие «{ $action }» программе неизвестно. Сообщите разработчику.
playbook-argument_not_known = Значение «{ $argument }» = «{ $given }» программе неизвестно. Сообщите разработчику.
playbook-actor_unwritable = Не удалось записать, кто опубликовал порядок работы. Попробуйте ещё раз.

playbook-text-open = Текст порядка
playbook-text-title = Текст порядка работы
playbook-text-note = Проза — для людей, блоки rule исполняет программа. Новый текст действует с момента публикации; начатое остаётся как есть.
playbook-text = Текст
playbook-note-field = Что изменилось
playbook-note-hint = Одной строкой: увидят все, кто смотрит версии.
playbook-check = Проверить
playbook-publish = Опубликовать
playbook-published = Порядок работы опубликован
playbook-rolled-back = Действует прежний порядок работы
playbook-text-right = Ошибок нет: правил { $rules }
playbook-text-wrong = { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[many] { $count } ошибок
}
playbook-line = Строка { $line }
playbook-changes = Что изменится
playbook-no-changes = Текст тот же, что действует.
playbook-versions = Версии
playbook-version = Версия
playbook-when = Когда
playbook-who = Кто
playbook-what = Что
playbook-brought-along = Порядок, который есть в Takt с самого начала
playbook-again = Снова текст версии { $number }
playbook-in-force = Действует
playbook-roll-back = Вернуть
playbook-by-program = Программа
playbook-guide = Что сказать и сделать
playbook-guide-nothing = Сейчас порядок работы ничего не подсказывает.

playbook-before-confirm = { $left ->
    [0] До подтверждения: всё отмечено
   *[other] До подтверждения осталось: { $left }
}
playbook-before-ready = { $left ->
    [0] До готовности: всё отмечено
   *[other] До готовности осталось: { $left }
}
playbook-before-ship = { $left ->
    [0] До отправки: всё отмечено
   *[other] До отправки осталось: { $left }
}
playbook-before-cancel = { $left ->
    [0] До отмены: всё отмечено
   *[other] До отмены осталось: { $left }
}
playbook-tick = Сделано
playbook-untick = Снять
tasks-kind-steps_missing = Отметить пункты порядка и подтвердить заказ
orders-fact-playbook-step-ticked = Отмечено: { $text }
orders-fact-playbook-step-unticked = Отметка снята: { $text }
playbook-step_missing = Заказ { $number }: { $verb ->
    [confirm] подтвердить
    [ready] отметить готовым
    [ship] отправить
   *[cancel] отменить
} пока нельзя. Сначала отметьте в карточке заказа: «{ $step }».{ $more ->
    [none] {""}
   *[other] {" "}И ещё пунктов: { $more }.
}
playbook-step_unknown = Порядок работы изменился, такого пункта в нём больше нет. Обновите страницу.
playbook-order_finished = Заказ { $number } завершён или отменён: отмечать в нём больше нечего.

playbook-text-doubtful = { $count ->
    [one] { $count } сомнительное место: текст можно опубликовать, но проверьте
    [few] { $count } сомнительных места: текст можно опубликовать, но проверьте
   *[many] { $count } сомнительных мест: текст можно опубликовать, но проверьте
}
playbook-stage_without_owner = На этапе «{ $word }» ни одно правило никого ни о чём не просит
playbook-stage_without_deadline = На этапе «{ $word }» ни одно правило не заметит, что ничего не происходит
playbook-words = Слова регламента
playbook-words-facts = События
playbook-words-fields = Поля
playbook-words-actions = Действия
playbook-words-known = Значения вашей компании
playbook-words-may = необязательно
playbook-words-bool = да или нет
playbook-words-int = целое число
playbook-words-text = слово
playbook-words-minutes = время: 15 min, 2 h, 1 d
playbook-words-calendar = календарь по названию
playbook-words-ladder = кого спросить потом: [{"{"} after = "15 min", role = "owner" {"}"}]
playbook-words-round-the-clock = круглосуточно
