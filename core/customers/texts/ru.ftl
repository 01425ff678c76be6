customers-title = Клиенты
customers-search = Имя, телефон, почта
customers-name = Имя
customers-phone = Телефон
customers-email = Почта
customers-company = Компания
customers-since = Впервые
customers-note = Заметка
customers-nameless = Без имени
customers-none = Клиентов пока нет
customers-none-text = Клиент появится здесь с первым заказом из любого магазина.
customers-not-found = Никого не нашлось
customers-not-found-text = Попробуйте часть имени, последние цифры телефона или начало почты.
customers-card = Как связаться
customers-edit = Изменить
customers-save = Сохранить
customers-saved = Сохранено
customers-phone-add = Добавить телефон
customers-email-add = Добавить почту
customers-forget = Больше не их
customers-perhaps-same = Возможно, это тот же человек: { $name }
customers-merge = Это один человек
customers-dismiss = Разные люди
customers-merged = Карточка объединена с другой: { $name }
customers-merged-mark = объединена
customers-separate = Разъединить
customers-open = Открыть карточку

# Отказы
customers-missing = Такого клиента нет. Вернитесь к списку и найдите его по имени или телефону.
customers-changed_meanwhile = Карточку уже изменил кто-то другой. Откройте её заново и повторите правку.
customers-email_malformed = Это не похоже на адрес почты. Пример: anna@example.org
customers-phone_unreadable = Не получилось прочитать номер. Пример: +7 912 345-67-89
customers-identity_taken = Это уже принадлежит другому клиенту (№ { $customer }). Если это один человек, объедините карточки.
customers-identity_kind_unknown = Клиента узнают по телефону или почте, а не по «{ $given }».
customers-same = Эти карточки уже об одном человеке.
customers-merge_erased = Карточку стёртого человека ни с кем не объединить: чья она, уже не узнать.
customers-not_merged = Карточка ни с кем не объединена.
customers-no_conflict = Этого предложения больше нет: его уже разобрали.
customers-merge_ring = Карточки объединены по кругу. Сообщите разработчикам: клиент № { $customer }.
check-customers-merges_lead_somewhere = Объединённые покупатели ведут к одному
check-customers-merges_lead_somewhere-do = Названные покупатели указывают друг на друга. Разъедините одного из них на его карточке.

# Стирание
customers-erase = Стереть человека
customers-erase-what-goes = Исчезнут имя, телефоны, почта, адреса, комментарии и письма всех заказов этого человека, в том числе у модулей магазинов и в сохранённых сообщениях. Вернуть нельзя.
customers-erase-what-stays = Останутся деньги, товары и время: что и когда было заказано. Слова банка о платежах — документы учёта, закон велит хранить их пять лет. Резервные копии забудут человека, когда устареют; в самом магазине сотрите его отдельно.
customers-erase-reason = Почему
customers-erase-asked = человек попросил
customers-erase-withdrawn = согласие отозвано
customers-erase-no-longer-needed = цель достигнута
customers-erase-authority = требование ведомства
customers-erase-sure = Я понимаю, что вернуть нельзя
customers-erase_not_sure = Отметьте, что понимаете: вернуть нельзя.
customers-erase_reason_unknown = Выберите причину: asked, withdrawn, no_longer_needed или authority.
customers-erased_already = Этот человек уже стёрт.
customers-erased = Человек стёрт
customers-erased-said = Человек стёрт. Деньги, товары и документы остались.

customers-title-help = Покупатели, как их знает компания: один человек со всеми заказами из всех магазинов. Узнаются по телефону и почте. Ищите по имени, телефону или адресу почты.
customers-duplicates = Похожие карточки
customers-duplicates-look = Найти похожие
customers-duplicates-looking = Сравниваем карточки. Обновите страницу через минуту.
customers-duplicates-none = Похожих карточек нет
customers-duplicates-none-text = Нажмите «Найти похожие», чтобы сравнить всех покупателей.
customers-told-apart = Запомнили: это разные люди.
customers-evidence-one-order = телефон и почта из одного заказа
customers-evidence-same-name = то же имя, у одной только телефон, у другой только почта
customers-evidence-same-note = то же имя и строка заметки
customers-evidence-phone-digit = телефоны отличаются одной цифрой
customers-evidence-email-typo = почта отличается одной буквой
customers-comparing_died = Сравнение карточек прервалось. Запустите его ещё раз.

staff-scope-customers-read = смотреть клиентов
staff-scope-customers-write = менять клиентов
staff-scope-customers-erase = стирать клиентов

customers-duplicates-help = Карточки, которые могут быть об одном человеке, и по чему это видно. Объедините их или скажите, что люди разные: больше не спросим. Объединение отменяют на карточке: приметы и заказы вернутся.
