cabinet-too_many_instructions = У заказа { $number } уже десять невыполненных указаний. Сначала отметьте сделанное.
cabinet-instruction_missing = Такого указания у заказа нет.
cabinet-instruction_open = По заказу { $number } есть указание владельца. Выполните его и отметьте на заказе, тогда дело пойдёт дальше.
cabinet-unknown_number = Такого числа в кабинете нет.
check-cabinet-sums_are_the_standings = Числа кабинета равны тому, что в нём записано о заказах
check-cabinet-sums_are_the_standings-do = Напишите нам: числа кабинета разошлись с заказами. Сами заказы целы.
check-cabinet-standings_are_the_orders = То, что кабинет записал о каждом заказе в работе, равно самому заказу
check-cabinet-standings_are_the_orders-do = Напишите нам: в кабинете записано о заказе не то, что в самом заказе. Сами заказы целы.

cabinet-title = Кабинет
cabinet-title-help = Здесь видно сразу три вещи: что в работе, что горит и что сделали вчера. Каждое число – ссылка на сами заказы. Начните с «Что горит»: там то, что нельзя оставить до вечера. Экран обновляется сам. Не понимаете заказ – откройте его и нажмите «Спросить».
cabinet-in-work = В работе
cabinet-burns = Что горит
cabinet-done = Что сделали
cabinet-orders = { $count ->
    [one] { $count } заказ
    [few] { $count } заказа
   *[many] { $count } заказов
}
cabinet-whose-turn = У кого сейчас
cabinet-no-shops = Начните с магазина
cabinet-no-shops-text = Магазин – это место, откуда приходят заказы: сайт, телефон, прилавок. Когда он будет, здесь появится всё, что в работе.
cabinet-add-shop = Завести магазин
cabinet-nothing-in-work = В работе ничего нет
cabinet-nothing-in-work-text = Здесь появятся заказы, как только их пришлёт магазин или кто-то примет по телефону.
cabinet-take-order = Принять заказ
cabinet-calm = Ничего не горит
cabinet-of-late = Опаздывают
cabinet-of-late-note = обещанный срок прошёл
cabinet-of-soon = Скоро опоздают
cabinet-of-soon-note = осталось меньше часа
cabinet-of-stuck = Застряли
cabinet-of-stuck-note = три дня без движения у нас
cabinet-what = Событие
cabinet-yesterday = Вчера
cabinet-today = Сегодня
cabinet-deed-placed = Приняли
cabinet-deed-confirmed = Подтвердили
cabinet-deed-shipped = Отправили
cabinet-deed-delivered = Вручили
cabinet-deed-cancelled = Отменили
cabinet-revenue = Выручка
cabinet-revenue-note = сколько стоит отправленное
cabinet-revenue-yesterday = Выручка вчера
cabinet-company = Компания
cabinet-companies = Компании
cabinet-worst-first = Сначала те, где горит
cabinet-more-companies = { $count ->
    [one] и ещё { $count } компания, где спокойнее
    [few] и ещё { $count } компании, где спокойнее
   *[many] и ещё { $count } компаний, где спокойнее
}
cabinet-no-companies = Нет компаний
cabinet-no-companies-text = Здесь будут компании, с которыми вы работаете, как только они заключат с вами договор.
cabinet-none-behind = Таких заказов нет
cabinet-none-behind-text = Здесь были бы сами заказы, которые считает это число. Сейчас ни одного.
cabinet-answers-in = обычно отвечает за { $time }
cabinet-answers-how = Чтобы спросить, откройте любой заказ и нажмите «Спросить».
cabinet-nobody-answers = Назначьте человека, который отвечает за компанию: его имя будет на каждом заказе.
cabinet-name-manager = Назначить

cabinet-ask = Спросить
cabinet-ask-title = Спросить о заказе
cabinet-ask-whom = Кого
cabinet-ask-what = О чём
cabinet-ask-hint = Человек получит задачу ответить, ответ будет в комментариях.
cabinet-asked = Вопрос отправлен
cabinet-answered-in = ответ за { $time }
cabinet-answer-late = ответа нет в срок
cabinet-answer-by = ждём ответа до { $due }
tasks-kind-answer = Ответить на вопрос
tasks-outcome-answered = Ответили

cabinet-hold = Придержать
cabinet-hold-title = Придержать заказ
cabinet-hold-note = Пока вы не отпустите, заказ нельзя подтвердить, собрать и отправить ни одним способом. Это время запишется на вас.
cabinet-hold-why = Почему
cabinet-hold-until = До какого времени
cabinet-hold-until-hint = Пусто: неделя, если не отпустите раньше.
cabinet-held = Заказ придержан
cabinet-let-go = Отпустить
cabinet-gone-on = Заказ отпущен
cabinet-instructions = Указания владельца
cabinet-instruct = Указать
cabinet-instruct-title = Указание по заказу
cabinet-instruct-note = Будет стоять первым на заказе. Пока кто-нибудь не отметит, что сделано, заказ не подтвердить и не отправить.
cabinet-instruct-what = Что сделать
cabinet-instructed = Указание записано
cabinet-instruction-first = Указание владельца: сначала выполните и отметьте.
cabinet-instruction-done = Сделано
cabinet-instruction-done-by = Сделано: { $name }, { $when }
cabinet-ticked = Отмечено
cabinet-words-erased = Текст стёрт
orders-fact-cabinet-instructed = Указание владельца
orders-fact-cabinet-instruction-done = Указание выполнено
orders-fact-cabinet-answered = Ответ на вопрос
