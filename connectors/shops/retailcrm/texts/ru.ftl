retailcrm-kind = Модуль, который говорит по RetailCRM API
retailcrm-body_unreadable = Присланное магазином нельзя прочитать: это не форма и не JSON в форме. Байты сохранены.
retailcrm-refused = Магазину отказано: { $message } { $fields }
retailcrm-partly = Часть присланного магазином принять не удалось: { $fields }
retailcrm-unwritable = Сказанное магазином не удалось записать.
retailcrm-target_unreadable = Непонятно, о чём просил магазин.
retailcrm-too_long = Название или описание от магазина слишком длинное.
