# Вход
staff-sign-in = Вход
staff-email = Электронная почта
staff-password = Пароль
staff-enter = Войти
staff-sign_in_refused = Почта или пароль не подходят. Проверьте раскладку и попробуйте ещё раз.
staff-sign_in_too_often = Слишком много попыток. Подождите 15 минут и попробуйте снова.
staff-session_missing = Этот сеанс уже завершён. Войдите снова.
staff-invited-to = Приглашение: { $organisation }
staff-invited-known = С этой почтой уже входят. Подтвердите, что это вы: введите свой пароль.
staff-your-name = Ваше имя
staff-new-password = Новый пароль
staff-password-hint = Не короче 10 знаков. Лучше всего несколько слов подряд.
staff-join = Принять приглашение
staff-invitation_missing = Приглашение не найдено: его уже приняли, отозвали, или прошло больше недели. Попросите новое.

# Профиль
staff-profile = Мой профиль
staff-language = Язык
staff-theme = Оформление
staff-save = Сохранить
staff-saved = Сохранено
staff-current-password = Нынешний пароль
staff-change-password = Сменить пароль
staff-password-changed = Пароль изменён, остальные сеансы завершены
staff-password_wrong = Пароль не подходит. Введите его ещё раз.
staff-password_too_short = Пароль слишком короткий: нужно не меньше 10 знаков.
staff-password_too_long = Пароль слишком длинный: сократите его до 1000 знаков.
staff-sessions = Сеансы
staff-session-this = Этот сеанс
staff-session-end = Завершить
staff-session-ended = Сеанс завершён
staff-sign-out-everywhere = Выйти везде
staff-browser = Браузер
staff-address = Адрес
staff-last-seen = Последнее действие

# Настройки
staff-settings = Настройки
staff-settings-of = Настройки организации
staff-settings-company = Компания
staff-settings-shops = Магазины
staff-settings-orders = Заказы
staff-settings-money = Деньги
staff-settings-goods = Склад и доставка
staff-settings-buyers = Покупатели
staff-settings-programs = Программы
staff-show = Показать
staff-name = Название
staff-number = Номер
staff-kind = Вид
staff-kind-company = Компания
staff-kind-desk = Служба обработки
staff-currency = Валюта
staff-zone = Часовой пояс
staff-zone-hint = Например Europe/Moscow или Asia/Yekaterinburg
staff-only-companies = Это есть только у компаний. Выберите компанию выше.
staff-only_companies = Это есть только у компаний. Выберите компанию.
staff-denied = Ваша роль этого не позволяет. Попросите владельца дать вам право.

# Организации
staff-companies = Организация
staff-companies-mine = Мои организации
staff-company-new = Новая организация
staff-company-create = Создать
staff-company-created = Организация создана
staff-company_missing = Организация не найдена. Проверьте название или номер.
staff-company_ambiguous = Организаций с названием «{ $given }» несколько. Укажите номер.
staff-name_required = Введите название: от 1 до 200 знаков.
staff-zone_unknown = Часовой пояс «{ $given }» неизвестен. Выберите имя вида Europe/Moscow.
staff-organisation_kind_unknown = Выберите вид: компания или служба обработки.

# Магазины
staff-shop = Магазин
staff-shops = Магазины
staff-shop-new = Новый магазин
staff-shop-create = Добавить магазин
staff-shop-created = Магазин добавлен
staff-rename = Переименовать
staff-no-shops = Магазинов пока нет
staff-no-shops-hint = Добавьте магазин, затем выпустите для него токен, и заказы пойдут сюда.
staff-shop_missing = Магазин не найден. Проверьте название или номер.
staff-shop_name_taken = Магазин «{ $name }» уже есть. Выберите другое название.
staff-desk_has_no_shops = У службы обработки не бывает магазинов: они есть у компаний, на которые она работает.

# Люди
staff-person = Имя
staff-people = Люди
staff-roles = Роли
staff-roles-hint = Снимите все роли, чтобы человек больше не работал здесь.
staff-role-owner = Владелец
staff-role-manager = Менеджер
staff-role-operator = Оператор
staff-role-warehouse = Кладовщик
staff-role-accountant = Бухгалтер
staff-role-auditor = Аудитор
staff-invite = Пригласить
staff-invite-title = Пригласить человека
staff-invited = Приглашение для { $email } готово
staff-invited-hint = Передайте человеку эту ссылку на наш сайт. Она показана один раз и действует неделю.
staff-invitations = Ждут ответа
staff-invitation-withdrawn = Приглашение отозвано
staff-withdraw = Отозвать
staff-expires = Действует до
staff-person_missing = Человек не найден. Проверьте почту.
staff-person_has_another_password = У { $email } уже есть пароль, и он другой. Укажите прежний или пригласите ссылкой.
staff-email_malformed = Это не похоже на адрес почты. Введите его в виде имя@сайт.
staff-email_taken = С этой почтой уже кто-то входит. Откройте ссылку ещё раз.
staff-already_member = Этот человек уже здесь. Измените его роли в списке.
staff-roles_required = Выберите хотя бы одну роль.
staff-role_unknown = Роли «{ $given }» нет. Возможны owner, manager, operator, warehouse, accountant, auditor.
staff-last_owner = Это последний владелец. Сначала назначьте другого.

# Службы обработки
staff-engagements = Кто обрабатывает
staff-engage = Передать
staff-engage-title = Передать работу службе обработки
staff-engaged = Служба подключена
staff-engaged-by = Работаем на компании
staff-engaged-by-nobody = Компаний пока нет
staff-engaged-by-nobody-hint = Владелец компании подключает вас в своих настройках. Сообщите ему номер вашей службы: { $number }.
staff-engagement-end = Завершить
staff-engagement-ended = Договор со службой завершён
staff-engagement-over = Завершено
staff-no-engagements = Заказы обрабатывают свои сотрудники
staff-no-engagements-hint = Служба увидит только то, что позволяют переданные роли, и только на время договора.
staff-lent = Переданные роли
staff-from = С
staff-until = По
staff-desk-hint = Точное название или номер службы
staff-desk_missing = Такой службы нет. Попросите у неё точное название или номер.
staff-already_engaged = В это время у компании уже есть служба обработки. Сначала завершите договор с ней.
staff-owner_is_not_lent = Роль владельца не передают. Выберите другие роли.
staff-ends_before_it_begins = Конец должен быть позже начала.
staff-engagement_missing = Договор со службой не найден. Обновите страницу.
staff-engagement_over = Договор с этой службой уже завершён.

# Календарь
staff-calendars = Рабочее время
staff-working-hours = Рабочие часы
staff-hours = Часы
staff-hours-hint = Например 9:00-13:00, 14:00-18:00. Пусто: выходной; 0:00-24:00: круглосуточно.
staff-monday = Понедельник
staff-tuesday = Вторник
staff-wednesday = Среда
staff-thursday = Четверг
staff-friday = Пятница
staff-saturday = Суббота
staff-sunday = Воскресенье
staff-holidays = Праздники
staff-holidays-none = Не соблюдаем
staff-holidays-russia = Производственный календарь России
staff-holidays_unknown = Выберите праздники из списка.
staff-special-days = Особые дни впереди
staff-no-special-days = В ближайшие месяцы всё как обычно
staff-day = День
staff-closed = Закрыто
staff-exceptions = Исключения
staff-exception-new = Новое исключение
staff-exception-add = Добавить
staff-exception-hint = Пусто: закрыто весь день
staff-no-exceptions = Исключений нет
staff-no-exceptions-hint = Исключение на дату важнее недели и праздников.
staff-note = Пометка
staff-remove = Убрать
staff-hours_malformed = Часы «{ $given }» не читаются. Напишите их как 9:00-13:00, 14:00-18:00.
staff-hours_overlap = Часы «{ $given }» пересекаются. Разведите их по порядку.
staff-calendar_always_closed = Хотя бы в один день нужны рабочие часы, иначе ни один срок не наступит.
staff-date_malformed = Дата «{ $given }» не читается. Напишите её как 2026-12-31.

# Токены
staff-tokens = Токены API
staff-token-new = Новый токен
staff-token-issue = Выпустить
staff-token-issued = Токен выпущен
staff-token-once = Сохраните его сейчас: больше он не будет показан.
staff-token-name-hint = Кто им пользуется: сайт, кассовая программа
staff-token-revoke = Отозвать
staff-token-revoked = Токен отозван
staff-token-dead = Отозван
staff-token_missing = Токен не найден. Обновите страницу.
staff-scopes = Права
staff-issued = Выпущен
staff-last-used = Использован
staff-no-tokens = Токенов пока нет
staff-no-tokens-hint = Токеном программа магазина подписывает свои запросы.
staff-scope_missing = Токену нужно право { $scope }. Выпустите токен с ним.
staff-scope_required = Выберите хотя бы одно право.
staff-scope_unknown = Права «{ $given }» нет. Есть: { $known }.

# Журнал входов
staff-sign-ins = Журнал входов
staff-no-sign-ins = Входов пока не было
staff-when = Когда
staff-outcome = Итог
staff-outcome-signed-in = Вход
staff-outcome-wrong-password = Неверный пароль
staff-outcome-too-often = Слишком часто
check-staff-memberships_join_what_is_there = Места людей ведут к людям и компаниям
check-staff-memberships_join_what_is_there-do = Записи о людях потеряны. Восстановите данные из копии.
check-staff-engagements_join_what_is_there = Договоры с отделами ведут к компаниям
check-staff-engagements_join_what_is_there-do = Записи о компаниях потеряны. Восстановите данные из копии.
staff-notice-more = Подробнее

# Отпуска и замены
staff-absences = Отпуска
staff-absences-none = Все на месте
staff-absences-none-text = Здесь видно, кто в отпуске, до какого дня и кто его заменяет.
staff-absence-new = Кого не будет
staff-absence-add = Записать
staff-absence-set = Отсутствие записано
staff-absence-ended = Готово: человек снова на месте
staff-absence-end = Снова на месте
staff-absence-withdraw = Отменить
staff-away-until = нет до { $moment }
staff-away-from = не будет с { $moment }
staff-substitute = Кто заменяет
staff-substitute-nobody = Все с той же ролью
staff-substitute-hint = К нему сразу переходят взятые задачи. Права у заменяющего остаются свои.
staff-substitute-lacks = Нет роли: { $roles }. Такие задачи достанутся другим с этой ролью.
staff-absence_ends_before_it_begins = Конец должен быть позже начала.
staff-absence_is_over = Это время уже прошло.
staff-absence_too_long = Не дальше года вперёд и не дольше года.
staff-absence_overlaps = На это время отсутствие уже записано. Сначала отмените его.
staff-absence_missing = Такого отсутствия нет: оно закончилось или отменено. Обновите страницу.
staff-substitute_missing = Этот человек здесь не работает. Выберите другого.
staff-substitutes_themself = Себя заменить нельзя. Выберите другого.
staff-moment_unreadable = Укажите день и время.

# Календари по именам
staff-calendars-named = Другие календари
staff-calendar-named = Календарь
staff-calendar-name = Название
staff-calendar-name-hint = Им календарь называют в регламенте: calendar = "склад".
staff-calendar-add = Добавить календарь
staff-calendar-edit = Изменить
staff-no-calendars-named = Других календарей нет
staff-calendars-named-hint = Например, часы склада или колл-центра. Регламент считает по ним сроки.
staff-calendar-exceptions-hint = По одной дате в строке: 2026-12-31 9:00-13:00. Дата без часов — выходной.
staff-calendar_missing = Календаря «{ $name }» у компании нет. Добавьте его в настройках рабочего времени.
staff-calendar_name_malformed = Назовите календарь: от 1 до 40 знаков. «Круглосуточно» означает каждый час каждого дня, это имя занято.
staff-calendars_too_many = Календарей уже { $most }. Удалите ненужные.
staff-calendar_exceptions_too_many = Особых дат больше { $most }. Удалите прошедшие.

staff-manager = Ответственный
staff-manager-nobody = Никто не назначен
staff-manager-note = Кто отвечает за компанию: его видно в кабинете владельца и на каждом заказе, ему задают вопросы. Может быть из своих людей или из нанятой службы.
staff-manager-named = Ответственный назначен
staff-manager_not_here = Этот человек не работает на компанию. Выберите из списка или пригласите его.

staff-settings-help = Здесь настраивается компания: кто работает, когда открыто, что обещано и откуда приходят заказы.
staff-companies-settings-help = Название, часовой пояс и язык компании. Отсюда же открывают ещё одну компанию или службу обработки.
staff-shops-settings-help = Места продажи. У каждого магазина свои ключи, каталог и источник заказов. Начните с одного.
staff-people-settings-help = Кто здесь работает и что может. Пригласите человека по почте и дайте ему роль; он сам выберет пароль.
staff-absences-settings-help = Кого не будет и кто вместо него. На это время дела уйдут к тому, кто заменяет.
staff-engagements-settings-help = Кто отвечает за компанию и какая служба для неё работает. Начните с ответственного: его имя будет на каждом заказе.
staff-calendars-settings-help = Когда вы открыты. Обещания считаются по рабочему времени, поэтому ночь и праздники никого не делают виноватым.
staff-tokens-settings-help = Ключи, с которыми приходят программы магазинов. Ключ показывают один раз; чужой ключ отзовите.
staff-sign-ins-settings-help = Кто и когда входил и кому отказали. Смотрите сюда, если что-то показалось странным.
staff-no-sign-ins-hint = Здесь будет каждый вход и каждый отказ: кто, когда и откуда.
staff-no-special-days-hint = Здесь будут праздники и дни с другими часами на ближайшее время.
staff-practice_only = Это учебная компания: из неё ничего не уходит наружу. Сделайте это в своей компании.
staff-practice_enough = На сегодня хватит: учебную компанию вы открывали уже десять раз. Завтра можно снова.
staff-practice_full = Сейчас учатся слишком многие. Попробуйте через час.

staff-scope-company-read = видеть ответственного
staff-scope-company-write = назначать ответственного
