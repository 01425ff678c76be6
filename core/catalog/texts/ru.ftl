catalog-title = Товары
catalog-search = Артикул, название, штрихкод
catalog-show = Показать
catalog-sold = В продаже
catalog-archived = В архиве
catalog-sku = Артикул
catalog-name = Название
catalog-price = Цена
catalog-price-hint = С НДС, за одну единицу
catalog-price-per = { $price } / { $unit }
catalog-currency = Валюта
catalog-unit = Единица
catalog-vat = НДС, %
catalog-vat-hint = Пусто: без НДС
catalog-barcode = Штрихкод
catalog-company = Компания
catalog-none = Товаров пока нет
catalog-none-text = Добавьте первый или загрузите таблицу: «Настройки», «Импорт». Заказы с неизвестными артикулами тоже принимаются.
catalog-not-found = Ничего не нашлось
catalog-not-found-text = Попробуйте часть артикула или названия. Снятые с продажи товары лежат в архиве.
catalog-add = Добавить товар
catalog-new = Новый товар
catalog-edit = Изменить
catalog-save = Сохранить
catalog-saved = Сохранено
catalog-back = Назад
catalog-archive = В архив
catalog-restore = Вернуть в продажу
catalog-siblings = Другие предложения этого товара
catalog-add-sibling = Ещё одно предложение

# Отказы
catalog-offer_missing = Такого товара нет. Вернитесь к списку и найдите его по артикулу.
catalog-product_missing = Такого товара нет. Добавьте предложение как новый товар.
catalog-changed_meanwhile = Товар уже изменил кто-то другой. Откройте его заново и повторите правку.
catalog-required = Заполните это поле.
catalog-too_long = Слишком длинно: не больше { $longest } знаков.
catalog-sku_malformed = Артикул не может содержать «/» и невидимые знаки.
catalog-sku_taken = Артикул { $sku } уже есть. Измените тот товар или выберите другой артикул.
catalog-sku_differs = Артикул в адресе и в теле запроса разный. Оставьте его только в адресе.
catalog-price_negative = Цена не может быть отрицательной.
catalog-barcode_malformed = Штрихкод: до 48 латинских букв и цифр без пробелов.

catalog-title-help = Что вы продаёте: название, артикул, цена, ставка НДС. Обычно товары приходят сами из каталога магазина; добавить можно и здесь. По артикулу заказы узнают товар и держат его на складе.

staff-scope-catalog-read = смотреть товары
staff-scope-catalog-write = менять товары
