# Списки
ui-actions = Действия

# Единицы
ui-unit-pcs = шт.
ui-unit-kg = кг
ui-unit-g = г
ui-unit-l = л
ui-unit-m = м

# Время
ui-now = сейчас
ui-yesterday = вчера
ui-tomorrow = завтра
ui-ago = { $duration } назад
ui-in = через { $duration }
ui-seconds = { $count } с
ui-minutes = { $count } мин
ui-hours-minutes = { $hours } ч { $minutes } мин
ui-days-hours = { $days } д { $hours } ч
ui-days-hours-minutes = { $days } д { $hours } ч { $minutes } мин
ui-month-short = { $month ->
    [1] янв
    [2] фев
    [3] мар
    [4] апр
    [5] мая
    [6] июн
    [7] июл
    [8] авг
    [9] сен
    [10] окт
    [11] ноя
   *[12] дек
}

# Рамка страницы
ui-product = Takt
ui-skip = К содержанию
ui-menu = Меню
ui-navigation = Разделы
ui-close = Закрыть
ui-organisation = Организация
ui-organisation-switch = Перейти
ui-person-menu = Вы вошли как { $name }
ui-sign-out = Выйти
ui-language = Язык
ui-theme = Оформление
ui-theme-auto = Как в системе
ui-theme-light = Светлое
ui-theme-dark = Тёмное
ui-theme-apply = Применить
ui-density = Плотность
ui-density-roomy = Просторно
ui-density-dense = Плотно
ui-help = Для чего этот экран
ui-live = На связи: экран обновляется сам
ui-live-connecting = Соединяемся…
ui-offline = Нет связи
ui-offline-explain = Нет связи с сервером с { $time }. Показано то, что было известно к этому времени; экран обновится сам, как только связь вернётся.
ui-refresh-pending = Есть новое: обновить
ui-flash-close = Убрать сообщение

# Списки
ui-page-previous = Назад
ui-page-next = Дальше
ui-pager = Страницы списка
ui-count-exact = { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[many] { $count } строк
}
ui-count-at-least = больше { $count }
ui-sort-by = Упорядочить по «{ $column }»
ui-choose-all = Выбрать все строки на странице
ui-choose = Выбор
ui-chosen = Выбрано: { $count }
ui-undo = Отменить
ui-filter-apply = Показать
ui-filter-clear = Сбросить
ui-filter-remove = Убрать условие «{ $label }»
ui-filters = Отбор

# Формы
ui-required = обязательно
ui-optional = необязательно
ui-errors-title = { $count ->
    [one] Исправьте { $count } поле
    [few] Исправьте { $count } поля
   *[many] Исправьте { $count } полей
}
ui-form-refused = Не сохранено
ui-draft-restore = Вернуть написанное в { $time }
ui-draft-drop = Выбросить
ui-not-sent = Не отправлено: нет связи с сервером с { $time }. Введённое сохранено в этом браузере; отправьте, когда связь вернётся.
ui-note-waits = Ждёт связи, написано в { $time }
ui-note-refused = Не принято, написано в { $time }. Скопируйте слова и попробуйте ещё раз.

# Кто смотрит
ui-onlookers = Сейчас открыто у: { $names }

# Обещание и время держателей
ui-promise-left = Осталось { $duration }, сейчас держит: { $holder }
ui-promise-over = Просрочено на { $duration }, сейчас держит: { $holder }
ui-promise-none = Срок не назначен, сейчас держит: { $holder }
ui-promise-overdue = просрочено
ui-promise-no-due = без срока
ui-blame-total = Всего
ui-blame-holder = Держал
ui-blame-time = Время
ui-blame-share = Доля
ui-blame-caption = Кто сколько держал
ui-change-from-to = было { $old }, стало { $new }
ui-change-empty = пусто

# Действия
ui-copy = Скопировать
ui-copied = Скопировано
ui-more = Ещё
ui-progress-of = { $done } из { $total }

# Клавиатура
ui-find = Найти
ui-find-screens = Экраны
ui-find-recent = Недавнее
ui-find-row = Эта строка
ui-find-here = Эта страница
ui-found-count = Найдено: { $count }
ui-keys-title = Клавиши
ui-keys-hint = Работают при любой раскладке
ui-keys-list-down = Следующая строка
ui-keys-list-up = Предыдущая строка
ui-keys-list-open = Открыть строку
ui-keys-next = Следующий по сроку
ui-keys-search = Поиск
ui-keys-choose = Выбрать строку, с Shift все до неё
ui-keys-choose-all = Выбрать всю страницу
ui-keys-many = Сделать с выбранными
ui-keys-quick = Статус и комментарий строки
ui-keys-palette = Палитра команд
ui-keys-help = Эта подсказка
ui-keys-group-list = Списки
ui-keys-group-screens = Экраны
ui-keys-group-here = Эта страница
ui-keys-group-anywhere = Везде
ui-keys-tabs = Вкладка по её месту
ui-keys-page-next = Следующая страница списка
ui-keys-page-previous = Предыдущая страница списка
ui-keys-up = На уровень выше
ui-keys-send = Отправить форму, не выходя из поля
ui-keys-leave = Выйти из поля
ui-palette-placeholder = Заказ, клиент, товар, экран или действие
ui-palette-empty = Ничего похожего. Попробуйте другое слово.

# Отказы общего вида
ui-fault-missing = Этого нет, или вам это не видно. Проверьте ссылку или вернитесь к списку.
ui-fault-conflict = Сейчас так нельзя: за это время что-то изменилось. Обновите страницу и повторите.
ui-fault-invalid = Введено не то, что нужно. Исправьте и отправьте ещё раз.
ui-fault-denied = У вас нет на это права. Попросите владельца или руководителя.
ui-fault-unavailable = Сейчас не получается. Повторите через минуту.
ui-fault-broken = Ошибка на нашей стороне. Мы её записали; повторите позже.
input-fields = Некоторые поля заполнены неверно. Исправьте отмеченные.
money-malformed = «{ $given }» не похоже на сумму. Напишите число, например 199,50.
money-too_precise = «{ $given }»: слишком много знаков после запятой, можно не больше { $decimals }.
money-overflow = Сумма слишком велика. Проверьте число.
money-mixed_currencies = Нельзя сложить { $one } и { $other }: это разные валюты. Укажите суммы в одной.
currency-unknown = Валюты «{ $given }» мы не знаем. Укажите код из трёх букв, например RUB.
time-malformed = «{ $given }» не похоже на время. Напишите, например, 2026-11-21T12:00:00Z.
vat-malformed = «{ $given }» не похоже на ставку НДС. Укажите 22, 10, 7, 5, 0 или none.
id-malformed = «{ $given }» не похоже на номер записи. Проверьте ссылку.
lang-unknown = Языка «{ $given }» у нас нет. Выберите ru или en.
entropy-unavailable = Сервер не смог получить случайные числа. Повторите через минуту.

# Образцы
ui-samples-title = Образцы
ui-samples-lead = Все части экранов во всех состояниях.
ui-samples-licences = Лицензии шрифта, значков и скрипта
ui-samples-open = Открыть отдельно
sample-confirm = Подтвердить
sample-defer = Отложить
sample-cancel = Отменить заказ
sample-open = Открыть
sample-edit = Изменить
sample-save = Сохранить
sample-back = Вернуться
sample-search = Найти
sample-remark = Комментарий
sample-remark-add = Добавить комментарий
sample-saved = Заказ TK-1041 отложен до завтра, 12:00
sample-status = На согласовании
sample-status-any = Любой статус
sample-shop = Чайная лавка
sample-shop-two = Дом и сад
sample-shop-any = Все магазины
sample-person = Анна Королёва
sample-person-two = Иван Зимин
sample-role = оператор
sample-note = ждём ответа поставщика
sample-notice-title = Деньги видны с задержкой 7 мин
sample-notice-text = Банк отвечает медленно. Обещания пересчитаны; делать ничего не нужно.
sample-bank-late = Деньги видны с задержкой 7 мин (банк)
sample-stat = в работе
sample-progress = Поступления разнесены
sample-tab = В работе
sample-details = Подробности доставки
sample-empty-title = Здесь появятся заказы
sample-empty-text = Подключите магазин или примите заказ по телефону, и первый заказ встанет сюда сам.
sample-search-orders = Номер, телефон, имя…
sample-new-order = Новый заказ
sample-desk = Заказы
sample-help = Все заказы по ближайшему обещанию. Начните сверху и откройте первый.
sample-column-order = Заказ
sample-column-promise = Обещание
sample-column-status = Статус
sample-column-customer = Покупатель
sample-column-shop = Магазин
sample-column-total = Сумма
sample-column-who = Кто ведёт
sample-column-product = Товар
sample-column-quantity = Количество
sample-column-price = Цена
sample-composition = Состав
sample-history = История
sample-clock = Часы обещания
sample-holder = { $kind ->
    [0] оператор
    [1] поставщик
    [2] покупатель
    [3] склад
    [4] перевозчик
   *[other] банк
}
sample-stage = { $kind ->
    [0] Не подтверждён
    [1] Ждём поставщика
    [2] Ждём оплату
    [3] На сборке
   *[other] В пути
}
sample-comment = просил позвонить после шести, домофон не работает
sample-product = Чай чёрный листовой «Ассам», 100 г
sample-pieces = { $count } шт
sample-pick = Заказ TK-1042
sample-taken = Взял
sample-not-there = Нет на месте
sample-fragile = Хрупкое: в пузырчатую плёнку
sample-shipped = Передан перевозчику
sample-commented = Написано
sample-edited = Изменён заказ
sample-paid = Оплачен полностью
sample-placed = Заказ принят с сайта
sample-phone = Телефон
sample-phone-hint = С кодом города; «8» поймём как «+7»
sample-reference = Номер счёта
sample-field-name = Как зовут
sample-field-email = Почта
sample-field-date = Когда доставить
sample-field-file = Выписка
sample-field-terms = Откуда отгружать
sample-field-comment = Комментарий
sample-field-agree = Согласен получать письма о заказе
sample-field-password = Пароль
sample-wrong-phone = В номере не хватает цифр. Допишите до одиннадцати.
sample-wrong-sum = «abc» не похоже на сумму. Напишите число, например 199,50.
sample-sign-in = Вход
sample-nav-tasks = Задачи
sample-nav-money = Деньги
sample-nav-stock = Товары и остатки
sample-nav-customers = Покупатели
sample-nav-settings = Настройки
ui-rail-overdue = просрочено { $count }
