stock-title = Склад
stock-main-warehouse = Основной склад
stock-product = Товар
stock-warehouse = Склад
stock-company = Компания
stock-free = Свободно
stock-held = В резерве
stock-on-hand = На складе
stock-of-which = на складе { $on_hand }, в резерве { $held }
stock-missing = Не хватает
stock-waiting = Кто ждёт
stock-orders = { $count ->
    [one] { $count } заказ
    [few] { $count } заказа
   *[many] { $count } заказов
}
stock-since = С какого времени
stock-shortages = Не хватает для заказов
stock-search = Артикул, название или штрихкод
stock-none = На складе пока пусто
stock-none-text = Запишите первый приход: артикул и количество.
stock-not-found = Ничего не нашлось
stock-not-found-text = Проверьте артикул или название. Товар, который ни разу не приходовали, ищите в разделе «Товары».
stock-never-received = Этот товар ещё ни разу не приходовали.
stock-write-down = Приход, возврат или пересчёт
stock-what = Что произошло
stock-do-receipt = Пришёл товар
stock-do-return = Вернули покупатели
stock-do-count = Пересчитали: столько лежит на самом деле
stock-sku = Артикул
stock-quantity = Количество
stock-shelf = Место
stock-shelf-hint = Например, A-03-2. Пусто: остаётся прежним.
stock-note = Примечание
stock-write = Записать
stock-written = Записано.
stock-saved = Сохранено.
stock-movements = Последние движения
stock-movement-receipt = Приход
stock-movement-return = Возврат
stock-movement-correction = Пересчёт
stock-movement-issue = Отгрузка
stock-order = заказ
stock-when = Когда
stock-to-ship = Отгрузить
stock-held-where = Где в резерве
stock-unknown = артикула нет в каталоге
stock-all-held = всё в резерве
stock-left = отгружено
stock-all-left = Весь товар отправлен.
stock-something-missing = Товара не хватает
stock-everything-held = Всё в резерве
stock-order-finished = Заказ завершён, на складе за ним ничего не числится.
stock-warehouses = Склады
stock-warehouses-hint = Товар для заказа ищется по складам в этом порядке.
stock-warehouses-none = Первый склад появится с первым приходом или заказом.
stock-warehouse-new = Новый склад
stock-warehouse-add = Добавить склад
stock-name = Название
stock-place = Порядок
stock-do = Действие
stock-save = Сохранить
stock-archive = В архив
stock-restore = Вернуть из архива
stock-archived = в архиве

# История заказа

# Отказы
stock-not_positive = Укажите количество больше нуля.
stock-negative = Количество не может быть меньше нуля.
stock-too_long = Слишком длинно. Сократите.
stock-sku_unknown = Такого артикула нет в каталоге. Проверьте его или сначала добавьте товар.
stock-offer_unknown = Такого товара нет в каталоге этой компании.
stock-warehouse_missing = Склада «{ $given }» нет. Список складов: «Настройки», «Склады».
stock-warehouse_archived = Этот склад в архиве. Верните его из архива или выберите другой.
stock-warehouse_not_empty = На складе ещё лежит товар. Сначала обнулите остатки.
stock-warehouse_last = Это последний склад в работе. Сначала добавьте другой.
stock-name_required = Укажите название склада.
stock-name_taken = Склад с таким названием уже есть. Назовите иначе.
stock-place_malformed = Выберите склад из списка.
stock-kind_unknown = Выберите, что произошло: приход, возврат или пересчёт.
stock-cursor_malformed = Откройте список сначала: этой страницы в нём нет.
stock-too_many = За один раз можно передать не больше { $most } остатков. Разделите на части.
stock-in_the_future = Время пересчёта ещё не наступило. Проверьте часы.
stock-moved_meanwhile = Остаток только что изменился. Повторите.
stock-movement_unknown = В базе неизвестный вид движения «{ $given }». Сообщите разработчикам.
stock-actor_unwritable = Не удалось записать, кто это сделал. Сообщите разработчикам.
check-stock-levels_are_the_sums_of_movements = Остатки равны суммам движений
check-stock-levels_are_the_sums_of_movements-do = Пересчитайте названный товар и внесите остаток.
check-stock-held_is_the_sum_of_reservations = Резерв равен сумме резервов по заказам
check-stock-held_is_the_sum_of_reservations-do = Правка строки названного товара в любом заказе пересчитает резерв; если не поможет, восстановите копию.
check-stock-no_more_is_held_than_lies_there = В резерве не больше, чем на складе
check-stock-no_more_is_held_than_lies_there-do = Пересчитайте названный товар и внесите остаток.
check-stock-orders_know_what_is_held_for_them = Заказы знают, что для них отложено
check-stock-orders_know_what_is_held_for_them-do = Правка строки названного заказа пересчитает резерв.
stock-movement-write-off = Списание
check-stock-what_came_back_is_what_orders_took_back = На складе вернулось не больше, чем приняли заказы, и списано не больше, чем вернулось
check-stock-what_came_back_is_what_orders_took_back-do = Откройте названный заказ и его товар; если движения верны, восстановите копию.

stock-then = Что лежало в резерве

stock-title-help = Сколько чего лежит, сколько обещано заказам и сколько свободно. Принимайте товар и правьте остаток здесь; каждое движение остаётся в истории.

staff-scope-stock-read = смотреть остатки
staff-scope-stock-write = менять остатки

stock-warehouses-settings-help = Откуда уходят товары. Заказ ищет товар по складам сверху вниз. Один склад есть всегда; назовите второй, если храните товары в нескольких местах.
