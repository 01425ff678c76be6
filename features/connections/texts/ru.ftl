# Отказы
connections-kind_unknown = Такого вида подключения нет: «{ $given }». Есть: { $known }.
connections-name_too_long = В названии не больше 100 знаков.
connections-missing = В этой компании такого подключения нет.
connections-message_missing = Такого сообщения нет: его давно обработали и забыли, или оно чужое.
connections-message_done = Сообщение уже обработали. Обновите страницу.
connections-changed_meanwhile = Подключение успели изменить. Прочитайте его снова и повторите.
connections-secret_malformed = Секрет — до { $most } букв, цифр и знаков без пробелов, имя — из строчных латинских букв.
connections-settings_too_large = Настройки подключения слишком велики.
connections-state_unknown = Сообщение в неизвестном состоянии: { $given }.
