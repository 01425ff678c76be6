takt-address_taken = Не удаётся занять адрес { $address }. Возможно, его держит другая программа: выберите другой через --listen.
takt-tls_half = Для TLS нужны и сертификат, и ключ. Добавьте { $missing }.
takt-tls_files_required = Для --tls-listen нужен сертификат. Добавьте --tls-cert ФАЙЛ и --tls-key ФАЙЛ.
takt-tls_nowhere = Сертификат задан, а адрес для TLS нет. Добавьте --tls-listen, например 0.0.0.0:443, или уберите --tls-cert и --tls-key.
takt-proxies_before_tls = Прокси ставят перед --listen, а он не задан: на --tls-listen заголовку X-Forwarded-For не верят. Добавьте --listen или уберите --proxies.
takt-worker_panicked = Часть программы сломалась. Смотрите журнал выше.
takt-no_signals = Система не передаёт программе сигналы.
takt-holder_silent = Папку { $folder } держит другая программа и не отвечает. Дождитесь, пока она запустится или остановится.
takt-connection_broke = Работающая программа оборвала связь. Посмотрите её журнал и повторите.
takt-input_too_large = Слишком большой файл: принимается не больше 64 МБ.
takt-output_closed = Вывод закрыт.
takt-unwritable = Команду не удалось отправить.
takt-request_unreadable = Работающая программа другой версии. Используйте одну и ту же.
takt-socket_unusable = Сокет { $path } нельзя использовать. Попробуйте более короткий путь в --data.
takt-file_unreadable = Не удаётся прочитать { $file }. Проверьте имя и права.
takt-password_missing = Передайте пароль одной строкой на стандартный ввод.
takt-folder_not_empty = Папка { $folder } не пуста. Демонстрации нужна своя: укажите другую или не указывайте --data.
takt-password = {"Пароль: "}
takt-not_utf8 = Файл не в кодировке UTF-8, начиная с байта { $byte }. Сохраните его в UTF-8.
takt-line_unreadable = Это не объект JSON, начиная со столбца { $column }. Пишите каждый заказ в одну строку.
takt-external_id_required = Укажите у заказа external_id: по нему уже принятый заказ узнаётся, когда файл подают ещё раз.
takt-line_refused = Строка { $number }: { $why }
takt-lines_refused = { $count ->
    [one] Не принята { $count } строка, она названа выше.
    [few] Не приняты { $count } строки, они названы выше.
   *[other] Не принято { $count } строк, они названы выше.
  } Исправьте и подайте файл ещё раз: принятое будет узнано.
takt-secret_missing = Передайте секрет через стандартный ввод.
takt-secret = {"Секрет: "}
takt-settings_malformed = Передайте настройки объектом JSON через стандартный ввод.

takt-playbook-done = сделано бы: { $deed }
takt-playbook-there = уже было: { $deed }
takt-playbook-stopped = не сошлось: { $condition } ({ $because })
takt-no_data = В папке { $folder } нет данных Takt. Проверьте --data (TAKT_DATA); новую установку начинает takt company create.
takt-work-retried = Снова в очереди: заданий — { $jobs }, таймеров — { $timers }, отложенного из-за ошибок — { $parked }.
