# Отказы
shops-settings_malformed = Настройки подключения непонятны: { $problem }.
shops-secret_missing = Секрет «{ $name }» подключения не задан.
shops-address_missing = В настройках подключения не сказано, где отвечает магазин («url»).
shops-address_not_https = Адрес магазина должен начинаться с https://: с каждым вопросом передаются ключи.
shops-amount_malformed = «{ $given }» — не сумма.
shops-currency_differs = Заказ в валюте { $given }, а валюта магазина — { $expected }. Введите заказ вручную или исправьте сообщение.
shops-total_differs = Магазин говорит, что всего { $declared }, а строки заказа дают { $computed }. Посмотрите сообщение: что-то в нём не понято.
shops-unreadable = Сообщение не читается: { $problem }.
shops-field_missing = В сообщении нет поля «{ $field }».
shops-time_malformed = «{ $given }» — не время.
shops-restored = Магазин восстановил заказ { $number }, отменённый здесь. Решите, оформлять ли его заново.
shops-unwritable = Сказанное магазином не записывается.
shops-no_key = У подключения нет ключа: выпустите его.
shops-delivered_twice = Одно и то же сообщение пришло дважды в один момент.
# Почему магазин не удалось опросить
shops-keys_refused = Магазин не принимает наши ключи ({ $status }). Выпустите там новые и задайте их здесь.
shops-asks_for_rest = Магазин просит пока не обращаться ({ $status }).
shops-answered_badly = Магазин ответил { $status }.
shops-page_unreadable = Список заказов магазина не читается: { $problem }.
