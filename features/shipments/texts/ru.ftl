shipments-title = Отправления
shipments-pick = Сборка
shipments-parcels = Посылки
shipments-order = Заказ
shipments-state = Состояние
shipments-any-state = Любое состояние
shipments-state-packed = Упаковано
shipments-state-handed-over = В пути
shipments-state-delivered = Доставлено
shipments-state-returned = Возвращается
shipments-carrier = Кто везёт
shipments-own-delivery = Своя доставка
shipments-tracking = Трек-номер
shipments-places = Мест
shipments-weight = Вес, кг
shipments-when = Когда
shipments-company = Компания
shipments-late = не доставлено в срок
shipments-search = Трек-номер или номер заказа
shipments-none = Отправлений пока нет
shipments-none-text = Первое появится здесь, когда склад соберёт заказ.
shipments-not-found = Ничего не нашлось
shipments-not-found-text = Проверьте номер или выберите другое состояние.
shipments-none-of-order = По этому заказу ничего не отправляли.
shipments-parcel-count = { $count ->
    [one] { $count } место
    [few] { $count } места
   *[many] { $count } мест
}
shipments-kilograms = { $weight } кг
shipments-pack-all = Всё упаковано
shipments-pick-list = Лист сборки
shipments-hand-over = Передать
shipments-hand-over-of = Передать заказ { $number }
shipments-handed-over = Передано
shipments-delivered = Доставлено
shipments-not-delivered = Не доставлено, возвращается
shipments-change = Изменить
shipments-confirm-first = Упаковано. Передать можно, когда менеджер подтвердит заказ.
shipments-part = Уезжает не всё
shipments-part-hint = Укажите, сколько уезжает сейчас. Если не указать ничего, уедет всё.
shipments-left-of = осталось { $quantity }
shipments-back = Назад
shipments-save = Сохранить
shipments-add = Добавить
shipments-said-packed = Упаковано.
shipments-said-handed-over = Передано. Покупателю сообщим.
shipments-said-delivered = Доставлено.
shipments-said-returned = Отмечено: возвращается. Менеджер получил задачу.
shipments-said-saved = Сохранено.
shipments-nothing-to-pick = Собирать нечего
shipments-nothing-to-pick-text = Новый заказ появится здесь сам.
shipments-waiting-to-leave = Упаковано, ждёт передачи
shipments-start = Собирать
shipments-go-on = Продолжить
shipments-mine = собираю я
shipments-somebody-picks = уже собирают
shipments-short = не всё в резерве
shipments-not-confirmed = не подтверждён
shipments-not-now = Собирать пока нельзя
shipments-all-left = По этому заказу собирать больше нечего
shipments-next = К списку
shipments-to-pick = Собрано
shipments-took = Взял
shipments-took-all = Взял всё
shipments-ready = Готово
shipments-ready-in-part = Готово, но не всё
shipments-packed = Упаковано
shipments-undo = Вернуть
shipments-not-there = Нет на месте
shipments-found = Сколько нашлось
shipments-say-not-there = Сообщить менеджеру
shipments-found-only = нашлось { $found }, менеджеру сообщили
shipments-held-only = в резерве { $held }
shipments-not-there-comment = Нет на месте: { $name }, нашлось { $found } из { $quantity }.
shipments-carriers = Перевозчики
shipments-carriers-none = Перевозчиков пока нет
shipments-carriers-none-text = Без них заказы уходят своей доставкой.
shipments-carrier-new = Новый перевозчик
shipments-carrier-add = Добавить перевозчика
shipments-service-new = Добавить услугу
shipments-name = Название
shipments-tracking-url = Ссылка для отслеживания
shipments-tracking-url-hint = Вместо трек-номера напишите {"{"}number{"}"}.
shipments-remind = Напомнить через, дней
shipments-remind-hint = Если посылка не доставлена, оператор получит задачу. 0: не напоминать.
shipments-as-carrier = Пусто: как у перевозчика.
shipments-reminds-after = напоминание через { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
shipments-reminds-never = без напоминаний
shipments-archived = в архиве

# Задачи
tasks-kind-check-delivery = Узнать, почему не доставлено
tasks-kind-parcel-returned = Решить, что делать с возвратом
tasks-kind-missing-goods = Нет на месте: решить, что делать
tasks-outcome-in-part = Собрано не всё
tasks-outcome-not-there = Ничего нет на месте
tasks-outcome-delivered = Доставлено
tasks-outcome-returned = Возвращается

# История заказа
orders-fact-shipments-unpacked = Распаковано: заказ изменился
orders-fact-shipments-edited = Отправление изменено
orders-fact-shipments-returned = Посылка возвращается
orders-fact-shipments-overdue = Посылка не доставлена в срок
orders-path-carrier = Перевозчик
orders-path-service = Услуга
orders-path-tracking = Трек-номер
orders-path-places = Мест
orders-path-weight-grams = Вес, г

# Отказы
shipments-missing = Такого отправления нет. Обновите страницу.
shipments-nothing_to_pack = По заказу { $number } упаковывать нечего.
shipments-more_than_open = В заказе { $number } столько не осталось. Обновите страницу и проверьте количество.
shipments-not_packed = Это отправление заказа { $number } уже ушло. Обновите страницу.
shipments-packed_already = По заказу { $number } уже есть упакованное. Сначала передайте его.
shipments-not_handed_over = Отправление заказа { $number } не в пути: обновите страницу.
shipments-finished = Отправление заказа { $number } завершено, изменить его нельзя.
shipments-not_all_looked_for = В заказе { $number } отмечены не все позиции. Отметьте каждую: взял или нет на месте.
shipments-line_missing = Такой позиции больше нет: заказ изменился. Откройте его заново.
shipments-found_malformed = Укажите, сколько нашлось: от нуля и меньше, чем нужно. Если нашлось всё, нажмите «Взял».
shipments-carrier_missing = Такого перевозчика нет. Список: «Настройки», «Перевозчики».
shipments-service_of_another = Такой услуги у этого перевозчика нет. Выберите из списка.
shipments-via_malformed = Выберите из списка, кто везёт.
shipments-tracking_malformed = Трек-номер: не больше 64 знаков.
shipments-places_malformed = Укажите число мест от 1 до 1000.
shipments-weight_malformed = Укажите вес больше нуля и не больше 100 тонн.
shipments-name_required = Укажите название.
shipments-name_taken = Такое название уже есть. Назовите иначе.
shipments-too_long = Слишком длинно. Сократите.
shipments-url_malformed = Ссылка начинается с https:// и содержит {"{"}number{"}"} на месте трек-номера.
shipments-days_malformed = Укажите число дней от 0 до 365.
shipments-no_such_state = Состояние: packed, handed_over, delivered или returned.
shipments-state_unknown = В базе неизвестное состояние отправления «{ $given }». Сообщите разработчикам.
check-shipments-lines_left_in_parcels = Отгружено столько, сколько лежит в посылках
check-shipments-lines_left_in_parcels-do = Сверьте названные заказы с посылками.
check-shipments-belong_to_orders = У каждой посылки есть её заказ
check-shipments-belong_to_orders-do = Заказы потеряны. Восстановите данные из копии.
shipments-parcel_stands = Заказ { $number } уже упакован. Распакуйте посылку, потом делите или объединяйте.

shipments-title-help = Отправления и где они: собраны, едут, вручены. Начните с тех, что ещё не уехали. Трек-номер открывает заказ.
shipments-pick-help = Что собрать со склада, по одному заказу, самый срочный первым. Откройте первый, берите товар по полкам и отмечайте. Чего нет на месте, скажите здесь же: заказ сам пойдёт по другому пути.

staff-scope-shipments-read = смотреть отправления

shipments-carriers-settings-help = Кто возит ваши посылки и где их отследить. Добавьте перевозчика и адрес, по которому посылку видно по трек-номеру: покупатель получит ссылку. Если посылка не доехала за указанные дни, оператор получит задачу.
