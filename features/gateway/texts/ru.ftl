# Отказы
gateway-key_reused = С этим ключом Idempotency-Key уже принят заказ № { $id } с другим содержимым. Возьмите новый ключ для нового заказа.
gateway-key_malformed = Ключ: от 1 до { $most } видимых латинских букв, цифр и знаков, без пробелов.
gateway-order_lost = Принятый заказ не удалось прочитать. Отправьте его ещё раз: второго не появится.
gateway-buyer_unknown = Укажите телефон, имя или почту покупателя.

# Черновики
gateway-draft_missing = Черновика { $id } в этом магазине нет: его удалили, или он пролежал без изменений слишком долго. Начните новый.
gateway-draft_line_missing = В черновике нет позиции { $line }. Прочитайте черновик заново.
gateway-draft_placed = Черновик уже стал заказом { $order }. Изменяйте заказ или начните новый черновик.
gateway-draft-changed_meanwhile = Черновик тем временем изменили (было { $expected }, стало { $version }). Прочитайте его заново и повторите.
gateway-draft_unwritable = Черновик не удалось записать. Отправьте его ещё раз.

# Заказ по телефону
gateway-new-order = Новый заказ
gateway-company = Компания
gateway-choose = Выбрать
gateway-no-shops = В этой компании нет магазинов
gateway-no-shops-text = Заведите магазин в настройках, тогда здесь можно будет принять заказ.
gateway-phone-hint = По телефону узнаем того, кто уже заказывал
gateway-lines-hint = Для артикула из каталога хватит количества: название и цену подставим.
gateway-cell = { $column }, строка { $row }
gateway-more-rows = Ещё строки
gateway-vat-usual = —
gateway-vat-none = Без НДС
gateway-method = Способ доставки
gateway-method-unsaid = Не выбран
gateway-method-pickup = Самовывоз
gateway-method-courier = Курьер
gateway-method-post = Почта
gateway-method-point = Пункт выдачи
gateway-terms = Условия
gateway-credit-days = Дней отсрочки
gateway-credit-days-hint = Только для отсрочки: от 1 до 365
gateway-lang = Язык писем
gateway-take = Принять заказ
gateway-taken = Заказ принят.
gateway-already = Из этой формы заказ уже принят
gateway-already-text = С тех пор вы что-то изменили. Чтобы поправить принятый заказ, откройте его. Отправите форму ещё раз: появится ещё один заказ.
gateway-open-order = Открыть принятый заказ

# Настройки
gateway-settings = Приём заказов
gateway-usual-terms = Оплата, если в заказе не сказано
gateway-usual-terms-hint = Магазин может назвать условия сам в поле terms.
gateway-all-shops = Все магазины
gateway-as-all-shops = Как у всех магазинов
check-gateway-requests_made_orders = Принятые запросы магазинов стали заказами
check-gateway-requests_made_orders-do = Заказы потеряны. Попросите магазин прислать их снова или восстановите копию.

gateway-settings-settings-help = Что подставить в заказ, если магазин об этом не сказал. Начните с условий оплаты: выберите, как платят чаще всего. Заказов, которые уже приняты, это не меняет.
