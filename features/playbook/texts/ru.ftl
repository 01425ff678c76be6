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

# Черновики, проверка на прошлом
playbook-draft-keep = Сохранить черновик
playbook-draft-kept = Черновик сохранён
playbook-drafts = Черновики
playbook-draft-of = Черновик от { $at }
playbook-draft-edit = Править
playbook-draft-back = К черновику
playbook-draft-based-on = От версии
playbook-draft-older = Пока писался черновик, вышла версия { $number }. Сравните тексты, прежде чем публиковать.
playbook-publish-note = С этого момента компания работает по этому тексту. Открытые задачи остаются как есть. Вернуться к прежнему тексту можно одной кнопкой.
playbook-dry-run = Путь одного заказа
playbook-dry-run-note = Шаг за шагом: какие правила смотрели, где остановились и сколько не хватило. Ничего не меняется.
playbook-dry-run-do = Показать путь
playbook-dry-run-of = Заказ { $number } по этому тексту
playbook-order-number = Номер заказа
playbook-backtest = Проверка на прошлых заказах
playbook-backtest-note = Что было бы по этому тексту. Ничего никому не отправляется, заказы не меняются.
playbook-backtest-do = Проверить
playbook-from = С дня
playbook-to = По день
playbook-trials = Проверки
playbook-trial-span = Дни
playbook-trial-orders = Заказов
playbook-trial-facts = Событий
playbook-trial-state = Состояние
playbook-trial-ended = Готово
playbook-trial-percent = { $percent } %
playbook-trial-of = Проверка: заказы с { $from } по { $to }
playbook-trial-model = Как считается: люди работали так, как работали. Задача, которая была на самом деле, заняла столько, сколько заняла; задача, которой не было, — столько, сколько обычно занимают такие. Что сделали магазин, банк и покупатель, не меняется; что подтвердил, открыл и закрыл сам порядок работы, решается заново. Календарь — сегодняшний.
playbook-trial-under-way = Считается, заказов: { $orders }
playbook-trial-again = Обновить
playbook-trial-differing = Пошли бы иначе
playbook-trial-unlike = Мест, где прошлое известно не до конца: { $count }. Там версия, которая работала, при повторном вопросе отвечает не то, что сделала; эти заказы показаны отдельно.
playbook-trial-promises = Обещания
playbook-trial-deeds = Что сделано; каждое подтверждение — письмо покупателю
playbook-trial-days = Задачи по дням и ролям
playbook-trial-differences = Заказы, которые пошли бы иначе
playbook-trial-most = Показаны первые { $most }.
playbook-trial-unlike-told = Где прошлое известно не до конца
playbook-really = Было
playbook-would = Было бы
playbook-promise = Обещание
playbook-promise-kept = сдержано
playbook-promise-lost = нарушено
playbook-deed = Что
playbook-day = День и роль
playbook-tasks-really = Задач было
playbook-tasks-would = Задач было бы
playbook-late-really = Просрочено
playbook-late-would = Было бы просрочено
playbook-difference-fact = Событие
playbook-difference-nothing = ничего
playbook-shadow = В тени
playbook-shadow-note = Текст решает рядом с действующим и говорит об этом только здесь.
playbook-shadow-begin = Пустить в тень
playbook-shadow-end = Убрать из тени
playbook-shadow-since = С { $at }. Просмотрено заказов: { $orders }.
playbook-shadow-same = Пока он решил бы то же самое.

# Почему
playbook-why = Почему так
playbook-why-note = Какие правила смотрели на заказ, что не сошлось и чего ждать дальше.
playbook-why-open = Почему и почему нет
playbook-next = Что дальше
playbook-next-nothing = Ничего не ожидается.
playbook-next-milestone = { $milestone } — обещано к { $at }
playbook-next-task = { $task } ({ $role }) — до { $at }
playbook-path = Что решал порядок работы
playbook-path-note = Из событий заказа, как он тогда выглядел.
playbook-path-empty = Порядок работы этот заказ не смотрел.
playbook-path-cut = Дальше не показано: событий слишком много.
playbook-path-acted = сделано: { $deeds }
playbook-path-nothing = ничего не сделано
playbook-path-late = Услышано позже, { $at }: к тому времени заказ уже изменился
playbook-path-version = По версии { $number }
playbook-path-stopped = Не сошлось
playbook-argument-role = кому: { $role }
playbook-argument-due = срок: { $minutes } мин
playbook-path-gap = { $left } { $operator } { $right } — разница { $gap }
playbook-path-failed = Правило не смогло ответить
playbook-path-done = Сделано
playbook-path-there = Уже было
playbook-deed-orders-confirm = Подтвердить заказ
playbook-deed-tasks-open = Открыть задачу
playbook-deed-tasks-close = Закрыть задачу
playbook-heard-orders-placed = Заказ принят
playbook-heard-orders-paid = Пришли деньги
playbook-heard-orders-unpaid = Деньги сняты
playbook-heard-orders-reserved = Товар в резерве
playbook-heard-orders-short = Товара не хватает
playbook-heard-orders-deferred = Отложен
playbook-heard-orders-woken = Снова в работе
playbook-heard-orders-confirmed = Подтверждён
playbook-heard-orders-ready = Собран
playbook-heard-orders-shipped = Отправлен
playbook-heard-orders-delivered = Доставлен
playbook-heard-orders-status-set = Статус изменён
playbook-heard-tasks-closed = Задача закрыта
playbook-heard-orders-edited = Заказ изменён
playbook-heard-orders-taken = Взят в работу
playbook-heard-orders-given-back = Отдан обратно
playbook-heard-orders-returned = Товар вернули
playbook-heard-orders-cancelled = Отменён
playbook-heard-orders-completed = Выполнен
playbook-heard-tasks-opened = Задача открыта
playbook-heard-tasks-taken = Задача взята
playbook-heard-tasks-released = Задача возвращена
playbook-heard-tasks-lease-ended = Время на задачу вышло
playbook-heard-tasks-rerouted = Задача передана
playbook-heard-tasks-escalated = О задаче спросили выше
playbook-heard-playbook-lasted = Слишком долго без перемен
playbook-heard-payments-channel-silent = Банк замолчал
playbook-heard-payments-channel-heard = Банк отвечает снова
playbook-heard-calls-missed = Пропущенный звонок
playbook-heard-calls-returned = Перезвонили
playbook-heard-supplies-inquiry-opened = Спросили поставщика
playbook-heard-supplies-inquiry-closed = Поставщик ответил

# Прошлое
playbook-then = Порядок работы тогда
playbook-then-version = Действовала версия { $number }
playbook-then-tasks = Задачи
playbook-then-role = Роль
playbook-then-due = Срок
playbook-then-state = Состояние
playbook-then-open = Ждёт
playbook-then-taken = В работе
playbook-then-none = Задач не было.

playbook-draft_missing = Такого черновика нет. Обновите страницу и выберите из списка.
playbook-draft_too_long = Текст слишком длинный. Разделите его или сократите.
playbook-trial_missing = Такой проверки нет. Обновите страницу и выберите из списка.
playbook-span_unfit = Выберите дни не в обратном порядке и не больше года.
playbook-day_unreadable = Введите день в виде 2026-11-22.
playbook-order_unknown = Заказа с таким номером нет. Проверьте номер.
playbook-argument_unwritable = Значение правила не удалось записать. Сообщите разработчику.
playbook-outcome_unwritable = Итог проверки не удалось записать. Сообщите разработчику.
playbook-orders-in-work = Заказы, которые сейчас в работе
playbook-orders-move = перейдут на новый текст
playbook-orders-stay = останутся с прежним текстом, новый будет для следующих заказов
playbook-orders-stayed = (заказы в работе остались с прежним текстом)
playbook-check_broke = Проверка текста прервалась. Попробуйте ещё раз.
playbook-changed_under_check = Текст изменился, пока его проверяли. Попробуйте ещё раз.
playbook-trial-broke-off = Прервана
playbook-trial-broke-off-why = Проверка прервалась ({ $code }). Запустите её снова; если она опять прервётся, сообщите разработчику.
playbook-trial_under_way = Одна проверка уже идёт. Дождитесь её конца и запустите следующую.
playbook-value-yes = да
playbook-value-no = нет

# Слова регламента, каждое с предложением
playbook-words-hint = Ctrl+Пробел покажет слова, которые подходят в этом месте. Стрелки выбирают, Enter вставляет, Escape закрывает.
playbook-says-key-when = Событие, на которое правило отвечает. Их может быть несколько.
playbook-says-key-if = Условие. Если их несколько, должны быть верны все.
playbook-says-key-while = Состояние, которое длится. Вместо when.
playbook-says-key-for = Сколько состояние должно длиться: 2 h.
playbook-says-key-from = Событие, с которого состояние начинается.
playbook-says-key-until = Событие, которым состояние кончается.
playbook-says-key-calendar = По чьим часам считать время. Без него — по обычному календарю.
playbook-says-key-then = Что сделать.
playbook-says-key-after = Что сделать, когда состояние кончилось, а правило уже сработало.
playbook-says-key-fact = Событие, о котором речь.
playbook-says-key-fact-if = Условие для одного этого события.
playbook-says-key-do = Какое действие.
playbook-says-key-rung-after = Через сколько после срока спросить.
playbook-says-key-rung-role = Кого спросить.
playbook-says-calendar-always = Каждый час, днём и ночью.
playbook-says-orders-placed = Заказ принят.
playbook-says-orders-edited = В заказе что-то изменили.
playbook-says-orders-paid = Пришли деньги за заказ.
playbook-says-orders-unpaid = Деньги с заказа сняты.
playbook-says-orders-reserved = Весь товар заказа в резерве.
playbook-says-orders-short = Товара для заказа не хватает.
playbook-says-orders-deferred = Заказ отложен.
playbook-says-orders-woken = Отложенный заказ снова в работе.
playbook-says-orders-taken = Кто-то взял заказ.
playbook-says-orders-given-back = Заказ больше ни у кого в руках.
playbook-says-orders-confirmed = Заказ подтверждён.
playbook-says-orders-ready = Заказ собран.
playbook-says-orders-shipped = Заказ отправлен, весь или часть.
playbook-says-orders-returned = Принят возврат товаров.
playbook-says-orders-delivered = Заказ доставлен.
playbook-says-orders-cancelled = Заказ отменён.
playbook-says-orders-completed = Заказ выполнен.
playbook-says-orders-status-set = У заказа другой статус.
playbook-says-tasks-opened = Задача поставлена.
playbook-says-tasks-taken = Задачу взяли.
playbook-says-tasks-released = Задачу вернули.
playbook-says-tasks-lease-ended = Задачу взяли и не сделали вовремя.
playbook-says-tasks-rerouted = Кто-то отсутствует или вернулся: задачу делает другой.
playbook-says-tasks-escalated = Срок задачи прошёл, спросили следующего.
playbook-says-tasks-closed = Задача закрыта.
playbook-says-payments-channel-silent = Банк давно молчит.
playbook-says-payments-channel-heard = Банк снова на связи.
playbook-says-calls-missed = Звонок пропущен.
playbook-says-calls-returned = На пропущенный звонок ответили.
playbook-says-supplies-inquiry-opened = Поставщику задан вопрос.
playbook-says-supplies-inquiry-closed = Вопрос поставщику решён.
playbook-says-order-may-be-packed = Заказ можно собирать: он не отложен, и нужные деньги пришли.
playbook-says-order-in-work = Заказ не выполнен и не отменён.
playbook-says-order-put-off = Заказ отложен.
playbook-says-order-cancelled = Заказ отменён.
playbook-says-order-in-full = Заказ оплачен целиком.
playbook-says-order-prepaid = По условиям деньги вперёд.
playbook-says-order-confirmed = Заказ подтверждён.
playbook-says-order-reserved = Всё в резерве.
playbook-says-order-short = Товара не хватает.
playbook-says-order-left = Заказ или его часть отправлены.
playbook-says-order-ready = Заказ собран.
playbook-says-order-delivered = Заказ доставлен.
playbook-says-order-pickup = Покупатель заберёт сам.
playbook-says-order-taken = Заказ у кого-то в руках.
playbook-says-order-stage = Этап: один из шести.
playbook-says-order-status = Статус компании.
playbook-says-order-terms = Условия оплаты.
playbook-says-order-source = Откуда пришёл заказ.
playbook-says-order-currency = Валюта: RUB.
playbook-says-order-total = Сумма в целых единицах валюты.
playbook-says-order-units = Сколько в заказе штук.
playbook-says-order-call-waits = Звонок покупателю ещё ждёт.
playbook-says-order-task-ignored = Задачу заказа не взяли в срок.
playbook-says-company-confirm-up-to-units = До скольких штук заказ подтверждается сам.
playbook-says-company-task-minutes = Сколько рабочих минут на задачу.
playbook-says-company-call-again-minutes = Через сколько минут звонить снова.
playbook-says-company-call-role = Кто звонит покупателям.
playbook-says-fact-terms = Условия оплаты, как их назвали при заказе.
playbook-says-fact-source = Откуда пришёл заказ.
playbook-says-fact-in-full = Оплачен ли заказ целиком после этого.
playbook-says-fact-pickup = Забирает ли покупатель сам.
playbook-says-fact-money-left = Ушли ли сами деньги, а не только сумма изменилась.
playbook-says-fact-reserved = Сколько в резерве: всё, часть, ничего.
playbook-says-fact-all = Отправлено ли всё.
playbook-says-fact-from = Что было до этого.
playbook-says-fact-to = Что стало.
playbook-says-fact-stage = Этап нового статуса.
playbook-says-fact-kind = Вид задачи.
playbook-says-fact-outcome = Чем задача кончилась.
playbook-says-fact-after-seconds = Сколько секунд молчит.
playbook-says-orders-confirm = Подтвердить заказ.
playbook-says-tasks-open = Поставить задачу: роли, к сроку.
playbook-says-tasks-close = Закрыть задачу этого вида.
playbook-says-argument-kind = Какая задача.
playbook-says-argument-role = Кто её делает.
playbook-says-argument-due = Сколько времени на неё.
playbook-says-argument-calendar = По чьим часам считать срок.
playbook-says-argument-ladder = Кого спросить, когда срок прошёл.
playbook-says-argument-since = С какого момента идёт срок.
playbook-says-argument-once = Сколько раз ставить такую задачу.
playbook-says-argument-again = Поставить ещё раз, если прежняя уже сделана.
playbook-says-argument-outcome = Чем она кончилась.
playbook-says-since-fact = С этого события.
playbook-says-since-start = С начала обещания.
playbook-says-once-fact = Одна на каждое событие.
playbook-says-once-round = Одна на каждый круг заказа: с его денег или пробуждения.
playbook-says-once-shortage = Одна на каждую нехватку.
playbook-says-terms-prepaid = Предоплата.
playbook-says-terms-on-delivery = При получении.
playbook-says-terms-credit = Отсрочка.

playbook-title-settings-help = Что делается само: когда подтвердить заказ, кому звонить, кого спросить следующим. Обычное настраивается здесь числами, остальное – в тексте порядка: прежде чем публиковать, его примеряют на прошлых заказах. Начните с того, кто звонит покупателю.
