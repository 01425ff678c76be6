# Отказы
connections-kind_unknown = Такого вида подключения нет: «{ $given }». Есть: { $known }.
connections-system_unknown = Выберите из списка, что подключить.
connections-name_too_long = В названии не больше 100 знаков.
connections-missing = В этой компании такого подключения нет.
connections-message_missing = Такого сообщения нет: его давно обработали и забыли, или оно чужое.
connections-message_done = Сообщение уже обработали. Обновите страницу.
connections-changed_meanwhile = Подключение успели изменить. Прочитайте его снова и повторите.
connections-secret_malformed = Секрет — до { $most } букв, цифр и знаков без пробелов, имя — из строчных латинских букв.
connections-settings_too_large = Настройки подключения слишком велики.
connections-state_unknown = Сообщение в неизвестном состоянии: { $given }.
connections-json_broken = Это уже не JSON: посмотрите строку { $line }, знак { $column }.
connections-text_too_long = Текст слишком длинный: здесь можно исправить до 256 КБ.
connections-boundary_inside = В тексте есть строка, которая разделяет поля этого сообщения. Напишите иначе.
connections-fields_changed = Это не то сообщение, которое вам показали. Обновите страницу.

# Список
connections-title = Источники
connections-none = Пока ничего не подключено
connections-none-text = Подключите магазин, и его заказы, клиенты и каталог будут приходить сюда сами.
connections-new = Подключить магазин
connections-source = Источник
connections-shop = Магазин
connections-system = Система
connections-health = Состояние
connections-last-contact = Последнее обращение
connections-last-write = Последние данные
connections-last-refusal = Последний отказ
connections-waits = Ждёт
connections-contact = Обращение
connections-write = Данные
connections-quarantine = Карантин
connections-do = Действия
connections-pause = Приостановить
connections-resume = Продолжить
connections-paused = Приостановлено. Всё, что пришлёт магазин, сохранится и применится, когда вы продолжите.
connections-resumed = Работает снова. Что пришло за это время, применится в течение минуты.
connections-health-well = Всё хорошо
connections-health-paused = Приостановлен
connections-health-never = Ещё не обращался
connections-health-refused = Недавно получил отказ
connections-health-silent = Молчит { $duration }
connections-health-quiet = Тишина { $duration }

# Один источник
connections-today = Сегодня
connections-today-counts = принято { $applied }, отказов { $refused }
connections-how-to-connect = Как его подключить
connections-test = Проверить
connections-keys = Ключи
connections-no-keys = Ключа ещё нет: обратиться никто не может.
connections-key-since = с { $time }
connections-key-until = действует до { $time }
connections-rotate = Новый ключ
connections-rotate-hint = Старый ключ действует ещё 24 часа, чтобы вы успели вписать новый в магазине.
connections-key-new = Новый ключ
connections-key-once = Скопируйте его сейчас: больше он не будет показан.
connections-key-old-works = Старый ключ действует ещё 24 часа.
connections-name = Название
connections-name-of = Название источника
connections-name-hint = Как этот источник называют здесь. Пусто — как магазин.
connections-save = Сохранить
connections-saved = Сохранено.

# Проверка
connections-test-well = Если магазин обратится сейчас, его услышат.
connections-test-look = Если магазин обратится сейчас, кому-то придётся посмотреть.
connections-test-key = Ключ с окончанием { $hint } действует.
connections-test-no-key = Ни один ключ не действует: выпустите новый и впишите его в магазине.
connections-test-open = Всё, что приходит, применяется сразу.
connections-test-paused = Источник приостановлен: что приходит, сохраняется и ждёт.
connections-test-heard = Магазин выходил на связь.
connections-test-refused = За последний час магазин получил отказ. Причина указана ниже.
connections-test-silent = Магазин не обращается сутки или дольше. Проверьте, работает ли его модуль и задание по расписанию.
connections-test-never = С этим ключом магазин ещё не обращался. Проверьте адрес и ключ в его модуле.
connections-test-quarantine = { $count ->
    [0] В карантине ничего нет.
    [one] В карантине { $count } сообщение.
    [few] В карантине { $count } сообщения.
   *[other] В карантине { $count } сообщений.
}
connections-test-unfinished = { $count ->
    [0] Необработанных сообщений нет.
   *[other] Есть сообщения, которые ждут дольше минуты.
}
connections-test-no-kind = В этой программе нет коннектора «{ $kind }».

# Сообщения
connections-messages = Сообщения
connections-message = Сообщение
connections-received = Пришло
connections-result = Итог
connections-state-received = Ждут
connections-state-applied = Приняты
connections-state-refused = Отказано
connections-state-quarantined = Карантин
connections-state-dropped = Не нужны
connections-no-messages = Здесь пусто
connections-no-messages-received = Всё, что пришло, обработано.
connections-no-messages-applied = За последние 30 дней ничего не принято.
connections-no-messages-refused = За последние 30 дней отказов не было.
connections-no-messages-quarantined = Решения ничего не ждёт.
connections-no-messages-dropped = За последние 30 дней ничего не отложили.
connections-left-as-is = { $count ->
    [one] { $count } поле осталось как было
    [few] { $count } поля остались как были
   *[other] { $count } полей остались как были
}
connections-more-fields = { $count ->
    [one] и ещё { $count } поле
    [few] и ещё { $count } поля
   *[other] и ещё { $count } полей
}

# Одно сообщение
connections-target = Запрос
connections-size = Размер
connections-bytes = { $count ->
    [one] { $count } байт
    [few] { $count } байта
   *[other] { $count } байт
}
connections-attempts = Попыток
connections-done = Обработано
connections-left = Остались как были
connections-content = Содержимое
connections-content-below = По полям содержимое не читается. Ниже оно как пришло.
connections-no-text = Не текст:
connections-raw = Как пришло
connections-raw-hex = Как пришло, по байтам
connections-raw-cut = Показано только начало. В файле всё целиком.
connections-download = Скачать
connections-mend = Исправить и применить
connections-mend-hint = Исправьте ошибку и примените сообщение снова. Чего вы не коснётесь, останется как прислал магазин.
connections-mend-not = Исправить это сообщение здесь нельзя: оно слишком велико или это не текст. Его можно применить снова как есть.
connections-apply = Применить снова
connections-apply-as-is = Применить снова как есть
connections-applied = Применено.
connections-drop = Не нужно
connections-drop-title = Отложить это сообщение?
connections-drop-text = Оно больше не будет применено. То, о чём оно, сюда не попадёт, пока магазин не пришлёт его снова.
connections-dropped = Отложено.

# Подключение
connections-next = Дальше
connections-create = Подключить
connections-other-system = Другая система
connections-no-shops = Магазина ещё нет
connections-no-shops-text = Источник принадлежит магазину. Сначала создайте магазин.
connections-no-systems = Подключать нечего
connections-no-systems-text = Эта программа собрана без коннекторов.
connections-show-key = Показать ключ
connections-key-was-shown = Ключ с окончанием { $hint } уже показан. Если он потерян, выпустите новый.
connections-waiting = Что уже пришло
connections-waiting-contact = Ждём первого обращения магазина…
connections-waiting-order = Ждём первого заказа…
connections-waiting-text = Страница заметит сама. Её можно закрыть: ничего не потеряется.
connections-refresh = Посмотреть снова
connections-heard = Магазин обратился: { $when }
connections-order-came = Первый заказ пришёл: { $number }
connections-connected = Магазин подключён.
connections-open-order = Открыть заказ
connections-to-source = К источнику
connections-was-refused = Магазин обратился и получил отказ
connections-in-quarantine = { $count ->
    [one] { $count } сообщение в карантине
    [few] { $count } сообщения в карантине
   *[other] { $count } сообщений в карантине
}
connections-warn-loopback = Вы открыли Takt как { $host }: под этим именем его не найдёт ни один другой компьютер. Откройте эту страницу под именем, по которому Takt виден серверу магазина.
connections-warn-https = Вы открыли Takt без https, а эта система принимает только адреса https. Дайте Takt сертификат или поставьте его за прокси, у которого он есть.
connections-warn-open = Вы открыли Takt без https: ключ и заказы пойдут по сети открыто.
connections-warn-port = В адресе { $address } указан порт. Эта система отбросит его или откажет: Takt должен отвечать на обычном порту 443.
connections-warn-private = { $host } — имя или адрес частной сети. Эта система обращается только к адресам открытого интернета.
connections-warn-name = { $host } не проходит проверку этой системы. Что ей нужно, сказано выше.
connections-step-module = Откройте модуль
connections-step-address = Впишите адрес
connections-step-address-text = Там, где модуль спрашивает адрес RetailCRM, впишите этот:
connections-step-key = Впишите ключ
connections-step-key-text = Там, где модуль спрашивает ключ API, впишите ключ этого подключения.
connections-step-save = Сохраните и сопоставьте
connections-step-check = Откройте проверку адреса
connections-step-name = Дайте Takt подходящее имя
connections-step-call = Обратитесь
connections-step-order = Сделайте пробный заказ
connections-step-order-text = Закажите что-нибудь в магазине. Заказ появится здесь через секунды или когда сработает задание модуля по расписанию.
connections-opencart = OpenCart
connections-opencart-about = модуль RetailCRM для OpenCart
connections-opencart-check = Модуль оставляет от адреса только имя узла и обращается к нему по https на порт 443. Он принимает любое имя, в том числе внутренней сети, и не смотрит, кто выдал сертификат.
connections-opencart-module = Установите модуль RetailCRM, если его ещё нет, и откройте его настройки.
connections-opencart-save = Нажмите «Сохранить». Модуль покажет способы доставки и оплаты и статусы магазина рядом с нашими: выберите пару каждому и сохраните ещё раз.
connections-woocommerce = WooCommerce
connections-woocommerce-about = плагин RetailCRM для WooCommerce
connections-woocommerce-check = Плагин принимает только имена самого RetailCRM, а любое другое отвергает как неверный URL. У него есть папка для своих файлов, которые заменяют его собственные: один такой файл открывает проверку. В адресе не должно быть порта и пути; кто выдал сертификат, он не смотрит.
connections-woocommerce-file = Положите этот файл на сервер магазина. Он заменит проверку плагина, и обновления плагина его не тронут.
connections-woocommerce-module = Установите плагин RetailCRM, если его ещё нет. Его настройки — в WooCommerce, среди интеграций.
connections-woocommerce-save = Сохраните. Затем выберите пару каждому способу доставки и оплаты и каждому статусу и сохраните ещё раз.
connections-prestashop = PrestaShop
connections-prestashop-about = модуль RetailCRM для PrestaShop
connections-prestashop-check = Модуль хочет видеть в адресе retailcrm.pro, retailcrm.ru, retailcrm.es или simla.com после точки, в любом месте. Имя вашего домена вроде takt.retailcrm.ru.example.org подходит. В ключе должно быть 32 знака — у нашего столько и есть.
connections-prestashop-name = Дайте серверу Takt ещё одно имя, которое подходит, например takt.retailcrm.ru.{ $host }, и сертификат на него, и откройте эту страницу под тем именем. Адрес ниже изменится сам.
connections-prestashop-module = Установите модуль RetailCRM, если его ещё нет, и откройте его настройки.
connections-prestashop-save = Сохраните. Затем выберите пару каждому способу доставки и оплаты и каждому статусу и сохраните ещё раз.
connections-bitrix = 1С-Битрикс
connections-bitrix-about = модуль RetailCRM из Маркетплейса
connections-bitrix-check = Модуль обращается только по https, не идёт по перенаправлениям, проверяет сертификат и отвергает имя, которое ведёт в частную сеть. Поэтому Takt нужны имя в открытом интернете и сертификат, которому все доверяют. Такое имя может быть любым.
connections-bitrix-module = Установите модуль RetailCRM, если его ещё нет. Адрес и ключ он спросит на первом шаге установки.
connections-bitrix-save = Идите дальше. Выберите магазин, затем пару каждому способу доставки и оплаты и каждому статусу и закончите установку.
connections-magento = Magento 2
connections-magento-about = модуль RetailCRM для Magento 2
connections-magento-check = Из любого адреса модуль делает https и имя узла и спрашивает, какие версии интерфейса есть. Он принимает любое имя.
connections-magento-module = Установите модуль RetailCRM, если его ещё нет. Его настройки — в конфигурации магазинов.
connections-magento-save = Сохраните. Затем выберите пару каждому способу доставки и оплаты и каждому статусу и сохраните ещё раз.
connections-other = Другой модуль
connections-other-about = любой другой модуль, который говорит на API v5 RetailCRM
connections-other-check = Этот модуль мы не пробовали. Большинство принимает только адреса https без порта; некоторые хотят видеть в адресе имя RetailCRM или отвергают частные сети. Модули с API v3 (Webasyst, CS-Cart, Joomla) не работают.
connections-other-module = Откройте настройки модуля там, где он спрашивает адрес RetailCRM и ключ API.
connections-other-save = Сохраните. Если модуль отвергает адрес, что ему нужно, сказано в его описании.
connections-client = Клиент API
connections-client-about = своя программа с библиотекой для API v5 RetailCRM
connections-client-check = Библиотеки для Go и Python принимают любой адрес, и http тоже. Библиотека для PHP до версии 5 требует https.
connections-client-call = Передайте и то и другое библиотеке. Для начала спросите список сайтов: в нём один этот магазин.

# Расхождения
connections-difference_missing = Такого расхождения нет: оно давно решено и забыто или принадлежит другим.
connections-difference_settled = Это расхождение уже решено. Прочитайте страницу заново.
connections-difference_not_taken = Сказанное магазином не переносится как есть. Исправьте здесь вручную или оставьте наше.
connections-difference_unknown = Расхождение неизвестного вида: { $given }.
connections-differences = Расхождения
connections-differences-text = Где список магазина и наш не совпадают. Что снова совпало, уходит из списка само.
connections-differences-open = Открытые
connections-differences-settled = Решённые
connections-any-source = любой источник
connections-any-subject = всё
connections-differing = Что
connections-differing-order = Заказы
connections-differing-customer = Покупатели
connections-differing-offer = Товары
connections-differing-stock = Остатки
connections-thing-order = Заказ { $id }
connections-thing-customer = Покупатель { $id }
connections-thing-offer = Товар { $id }
connections-thing-stock = Остаток { $id }
connections-field = Поле
connections-owner-shop = решает магазин
connections-owner-takt = решаем мы
connections-theirs = В магазине
connections-ours = Здесь
connections-first-seen = С какого времени
connections-take-theirs = Взять из магазина
connections-keep-ours = Оставить наше
connections-theirs-taken = Взято из магазина.
connections-ours-kept = Остаётся наше. Снова покажется, только если магазин скажет что-то новое.
connections-difference-gone = Уже совпадает.
connections-not-decided = Осталось как было
connections-no-differences = Расхождений нет
connections-all-agree = Сказанное магазинами и записанное здесь совпадает, насколько это сравнивалось.
connections-none-settled = За последние 30 дней ничего не решали.
connections-settled-how = Решение
connections-settled-agreed = совпало само
connections-settled-theirs = взято из магазина
connections-settled-ours = оставлено наше
connections-field-contact = Покупатель
connections-field-name = Название
connections-field-delivery = Доставка
connections-field-address = Адрес
connections-field-lines = Состав
connections-field-discount = Скидка
connections-field-comment = Комментарий покупателя
connections-field-status = Статус
connections-field-price = Цена
connections-field-barcode = Штрихкод
connections-field-quantity = К продаже

# Что вводят по пути
connections-shop_address_malformed = Это не адрес магазина: https://shop.example, без имени, вопроса и # в нём.
connections-secret_unfit = В секрете до 1000 букв, цифр и знаков, без пробелов.
connections-secret_for_another = Это уже адрес другого магазина: введите его ключ. Прежний туда не отправляется.
connections-secret-set = задан; пустое поле оставит его как есть
connections-typed-hint = Чем подписаны сообщения, придумывает сторона магазина. Когда там его сменят, введите его здесь: подписанное прежним принимается ещё 24 часа.
connections-type-anew = Ввести заново
connections-erase_waits = { $count ->
    [one] В источниках ждёт { $count } сообщение об этом человеке. Примените или отклоните его, потом стирайте.
    [few] В источниках ждут { $count } сообщения об этом человеке. Примените или отклоните их, потом стирайте.
   *[other] В источниках ждут { $count } сообщений об этом человеке. Примените или отклоните их, потом стирайте.
}

connections-burning = Источники молчат или не приняты

connections-title-settings-help = Откуда приходят заказы: программы магазинов, которые сообщают о них сами. Начните с кнопки «Подключить магазин»: она проведёт по шагам и проверит связь. Что прислали, а принять не удалось, ждёт в карантине источника с причиной.
