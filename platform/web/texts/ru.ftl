# Отказы
web-no_such_page = Такой страницы нет. Проверьте ссылку или вернитесь к началу.
web-method_not_allowed = Так обратиться к этому адресу нельзя. Вернитесь на прежнюю страницу; программам поможет описание API.
web-too_large = Отправлено слишком много данных. Разделите файл или уменьшите его.
web-unsupported_media = Такой вид данных не принимается. Отправьте { $expected }.
web-body_broken = Данные пришли не полностью. Отправьте ещё раз.
web-json_malformed = Это не JSON: ошибка в строке { $line }, столбец { $column }. Исправьте и отправьте снова.
web-field_required = Это поле нужно заполнить.
web-field_unknown = Такого поля здесь нет. Уберите его или проверьте написание.
web-field_unfit = Значение не подходит ({ $reason }). Посмотрите описание API.
web-field_unreadable = Значение не удалось прочитать. Исправьте его.
web-limit_out_of_range = Попросите от 1 до { $most } строк.
web-sign_in_required = Сначала войдите. Программы передают токен: Authorization: Bearer takt_…
web-cross_site = Запрос пришёл с другого сайта и отклонён. Откройте страницу у нас и повторите.
web-too_many_requests = Слишком много попыток. Повторите через { $seconds } с.
web-too_many_at_once = Слишком много запросов одновременно. Подождите { $seconds } с и шлите меньше за раз.
web-too_many_streams = Слишком много открытых экранов следят за изменениями. Обновите страницу через { $seconds } с.
web-overloaded = Сервер перегружен, ничего не изменилось. Повторите через { $seconds } с.
web-body_too_slow = Данные приходят слишком медленно. Проверьте связь и отправьте ещё раз.
web-if_match_required = Не сказано, какую версию вы меняете. Передайте её в заголовке If-Match.
web-if_match_malformed = «{ $given }» — не версия. Передайте число из ETag в кавычках, например If-Match: "12".
web-timed_out = Ответ готовился слишком долго. Повторите через минуту.
web-panicked = Ошибка на нашей стороне. Мы её записали; попробуйте позже.
web-not_ready = Сервер ещё не готов: { $part }. Подождите немного.
web-not_listening = Сервер не может принимать соединения. Проверьте, свободен ли адрес.

# Сертификат для TLS
web-tls_file_missing = Файла { $file } нет. Проверьте путь в --tls-cert и --tls-key.
web-tls_file_unreadable = Файл { $file } не читается. Дайте пользователю, от имени которого работает Takt, право его читать.
web-tls_file_malformed = Файл { $file } повреждён: это не PEM. Возьмите его снова у того, кто выдал сертификат.
web-tls_files_swapped = Файлы перепутаны: в { $file } лежит ключ, а в { $key } — сертификат. Поменяйте местами --tls-cert и --tls-key.
web-tls_no_certificate = В файле { $file } нет сертификата. Укажите в --tls-cert файл PEM со всей цепочкой (у Let’s Encrypt это fullchain.pem).
web-tls_no_key = В файле { $file } нет закрытого ключа. Укажите в --tls-key файл PEM с ключом (у Let’s Encrypt это privkey.pem).
web-tls_key_locked = Ключ в файле { $file } закрыт паролем, а спросить его при запуске некого. Снимите пароль: openssl pkey -in КЛЮЧ -out НОВЫЙ.
web-tls_key_unusable = Ключ в файле { $file } не подходит. Нужен RSA от 2048 бит, ECDSA P-256 или P-384 либо Ed25519: выпустите сертификат с таким ключом.
web-tls_key_of_another = Ключ { $key } не от сертификата { $file }. Укажите файлы, выпущенные вместе.
web-tls_chain_order = В файле { $file } сертификаты не по порядку: ключ { $key } подходит не к первому. Поставьте сертификат сервера первым, за ним промежуточные.
web-tls_certificate_malformed = Сертификат в файле { $file } не разобрать. Возьмите его снова у того, кто его выдал.
web-tls_expired = Сертификат в файле { $file } закончился { $at }. Продлите его и укажите новый.
web-tls_not_yet_valid = Сертификат в файле { $file } начнёт действовать { $at }. Проверьте часы этой машины или подождите.
web-tls_unusable = TLS не удалось настроить. Сообщите нам текст из журнала.

# Страница отказа
web-title-missing = Не найдено
web-title-conflict = Сейчас нельзя
web-title-invalid = Нужно исправить
web-title-denied = Нет права
web-title-unavailable = Пока не работает
web-title-broken = Ошибка у нас
web-title-sign-in = Нужен вход
web-back = Вернуться
web-to-start = К началу
web-request-id = Номер запроса для поддержки: { $id }

# Описание API
web-docs-title = API
web-docs-lead = Описание создано из самой программы. Машинная форма:
web-docs-token = Передавайте токен магазина в заголовке Authorization: Bearer takt_…
web-docs-operations = Операции
web-docs-schemas = Данные
web-docs-parameters = Параметры
web-docs-body = Тело запроса
web-docs-answers = Ответы
web-docs-name = Имя
web-docs-where = Где
web-docs-type = Тип
web-docs-meaning = Что это
web-docs-required = обязательно
web-docs-example = Пример
web-docs-status = Код
