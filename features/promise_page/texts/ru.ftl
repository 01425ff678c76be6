promise-page-title = Заказ { $number } · { $shop }
promise-page-glance = Коротко
promise-page-way = Путь заказа
promise-page-delivery = Доставка
promise-page-goods = Состав
promise-page-ask = Вопросы
promise-page-total = Итого
promise-page-paid = Оплачено
promise-page-owed = Осталось оплатить
promise-page-no-address = Адрес уточним по телефону.
promise-page-by = к
promise-page-back = ← К заказу
promise-page-kept = успели, обещали к { $time }
promise-page-late-by = позже обещанного на { $time }
promise-page-closed = Сейчас мы закрыты. Продолжим { $time }.

promise-page-state-done = сделано:
promise-page-state-now = сейчас:
promise-page-state-ahead = впереди:
promise-page-state-trouble = ждём:

promise-page-step-placed = Заказ принят
promise-page-step-placed-done = Заказ принят
promise-page-step-paid = Ждём деньги
promise-page-step-paid-done = Деньги пришли
promise-page-step-in-stock = Проверяем наличие
promise-page-step-in-stock-done = В наличии, отложено для вас
promise-page-step-confirmed = Подтвердим заказ
promise-page-step-confirmed-done = Подтверждено
promise-page-step-ready = Соберём
promise-page-step-ready-done = Готово
promise-page-step-on-the-way = Передадим в доставку
promise-page-step-on-the-way-done = Передано в доставку
promise-page-step-delivered = Доставим
promise-page-step-delivered-done = Доставлено
promise-page-step-delivered-pickup = Заберёте
promise-page-step-delivered-pickup-done = Выдано
promise-page-step-cancelled = Заказ отменён
promise-page-step-cancelled-done = Заказ отменён

promise-page-line-cancelled = Заказ отменён
promise-page-line-delivered = Доставлено
promise-page-line-delivered-at = Доставлено { $time }
promise-page-line-delivered-taken = Выдано
promise-page-line-delivered-taken-at = Выдано { $time }
promise-page-line-paid = деньги пришли
promise-page-line-paid-at = деньги пришли { $time }
promise-page-line-waits-for-money = ждём деньги
promise-page-line-in-stock = в наличии
promise-page-line-short = ждём товар
promise-page-line-deferred = отложен по договорённости
promise-page-line-now-confirming = подтверждаем
promise-page-line-now-picking = собираем
promise-page-line-now-leaving = передаём в доставку
promise-page-line-now-pickup = можно забирать
promise-page-line-now-on-the-way = в пути
promise-page-line-now-paying-last = осталось оплатить
promise-page-line-now-waiting = ждём
promise-page-line-what-ready = готово
promise-page-line-what-confirmed = подтвердим
promise-page-line-what-on-the-way = передадим в доставку
promise-page-line-what-delivered = доставим
promise-page-line-by = { $what } к { $time }
promise-page-line-late = опаздываем: обещали «{ $what }» к { $time }

promise-page-holder-buyer = Сейчас дело за вами: после оплаты мы сразу начнём.
promise-page-holder-buyer-pickup = Заказ ждёт вас.
promise-page-holder-buyer-word = Ждём вашего слова: позвоните или напишите нам, и продолжим.
promise-page-holder-buyer-last = Заказ у вас, осталось его оплатить.
promise-page-holder-deferred = Вернёмся к заказу в назначенный срок.
promise-page-holder-bank = Деньги идут через банк.
promise-page-holder-operator = Заказ у менеджера.
promise-page-holder-warehouse = Заказ на складе.
promise-page-holder-supplier = Ждём товар от поставщика.
promise-page-holder-carrier = Заказ у службы доставки.
promise-page-holder-carrier-comes = Заказ собран и ждёт службу доставки.

promise-page-call = Позвоните мне
promise-page-slot = Другой день или время
promise-page-slot-explained = Это просьба: менеджер подтвердит или предложит другое время.
promise-page-day = День
promise-page-time = Время
promise-page-hours = с { $from } до { $until }
promise-page-slot-send = Попросить
promise-page-said-call = Передали: менеджер вам позвонит.
promise-page-said-slot = Передали просьбу менеджеру: он подтвердит время.
promise-page-wish = Покупатель просит привезти { $day } с { $from } до { $until }.

promise-page-panel = Страница покупателя
promise-page-panel-hint = Ссылка открывает только этот заказ. Она есть в письмах покупателю.
promise-page-open = Открыть, как видит покупатель
promise-page-renew = Отозвать ссылку и сделать новую
promise-page-make = Сделать ссылку
promise-page-renewed = Прежняя ссылка больше не открывается; новая готова.

promise_page-link_missing = Такой ссылки нет, или её время прошло. Возьмите ссылку из последнего письма магазина или позвоните нам.
promise_page-document_missing = Такой страницы нет.
promise_page-site_malformed = TAKT_SITE — это адрес вида https://desk.example.org, а не { $given }.
promise_page-rounds_over = Ссылку отзывали слишком часто.
promise_page-key_unreadable = Ключ ссылок повреждён. Восстановите данные из копии.
promise_page-no_phone = В заказе нет телефона. Напишите нам.
promise_page-delivered_already = Заказ уже доставлен.
promise_page-day_unknown = Выберите день из списка.
promise_page-hours_unknown = Выберите время из списка.
promise_page-finished = Заказ уже закрыт. Позвоните нам.
promise_page-asked_enough = Мы уже знаем о вашей просьбе. Если срочно, позвоните нам.

tasks-kind-call_buyer = Перезвонить покупателю: просит на странице заказа
tasks-kind-change_slot = Покупатель просит другое время доставки
orders-fact-promise-page-asked = { $deed ->
    [call] Покупатель попросил позвонить
   *[slot] Покупатель попросил другое время доставки
}

promise-page-settings = Страница покупателя
promise-page-settings-note = Что покупатель видит по ссылке на свой заказ. Действует сразу, и для уже отправленных ссылок.
promise-page-settings-on = У покупателей есть страницы заказов
promise-page-settings-on-hint = Если выключить, ни одна ссылка ничего не откроет, и новых не будет.
promise-page-settings-days-after-end = Ссылка действует после завершения заказа, дней
promise-page-settings-days-after-end-hint = Ноль: до завершения.
promise-page-settings-days-at-most = И не дольше со дня заказа, дней
promise-page-settings-days-at-most-hint = Даже если заказ не завершён.
promise-page-settings-parts = Что показывать
promise-page-settings-words-ru = Ваши слова покупателю, по-русски
promise-page-settings-words-en = Ваши слова покупателю, по-английски
promise-page-settings-words-hint = Стоят над всем: часы работы, как позвонить. Если на языке покупателя слов нет, он увидит другие.
promise-page-settings-save = Сохранить
promise-page-settings-saved = Сохранено.
promise_page-days_out_of_range = Укажите число дней, не больше { $most }.
promise_page-words_too_long = Сократите до { $most } знаков.

promise-page-settings-settings-help = Страница, которую покупатель открывает по ссылке из письма: что с заказом и как его оплатить. Выберите, что на ней показать, и добавьте свои слова: часы работы, телефон. Увидеть её можно по ссылке в карточке любого заказа.
