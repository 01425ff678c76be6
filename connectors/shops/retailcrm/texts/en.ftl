retailcrm-kind = Module that speaks the RetailCRM API
retailcrm-body_unreadable = What the shop sent cannot be read: it is neither a form nor JSON inside one. The bytes are kept.
retailcrm-refused = The shop was refused: { $message } { $fields }
retailcrm-partly = Some of what the shop sent could not be taken: { $fields }
retailcrm-unwritable = What the shop said could not be written down.
retailcrm-target_unreadable = It is not known what the shop asked for.
retailcrm-too_long = A name or description from the shop is too long.
