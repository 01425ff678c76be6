# Refusals
shops-settings_malformed = The settings of the connection cannot be understood: { $problem }.
shops-secret_missing = The secret “{ $name }” of the connection is not set.
shops-address_missing = The connection's settings do not say where the shop answers (“url”).
shops-address_not_https = The shop's address has to begin with https://: keys travel with every question.
shops-amount_malformed = “{ $given }” is no amount.
shops-currency_differs = The order is in { $given }, the shop's currency is { $expected }. Enter the order by hand or correct the message.
shops-total_differs = The shop says { $declared } in all, the order's lines come to { $computed }. Look at the message: something in it is not understood.
shops-unreadable = The message cannot be read: { $problem }.
shops-field_missing = The message has no “{ $field }”.
shops-time_malformed = “{ $given }” is no point in time.
shops-restored = The shop revived the order { $number } that is cancelled here. Decide whether to place it anew.
shops-unwritable = What a shop said cannot be written down.
shops-no_key = The connection has no key: issue one.
shops-delivered_twice = The same message came twice at one moment.
# Why a shop could not be asked
shops-keys_refused = The shop refuses our keys ({ $status }). Issue new ones there and set them here.
shops-asks_for_rest = The shop asks to be left alone for a while ({ $status }).
shops-answered_badly = The shop answered with { $status }.
shops-page_unreadable = The shop's list of orders cannot be read: { $problem }.
# Test
shops-test-signed = What messages are signed with is known.
shops-test-unsigned = Nobody told what messages are signed with: no message can pass. Go through the steps of connecting.
shops-test-not-asked = The shop cannot be asked for what its messages did not say: its address or its keys are missing.
shops-test-keys-refused = The shop refuses our keys. Make new ones there and type them at the steps of connecting.
shops-test-rests = The shop asks to be left alone for a while. It will be asked again by itself.
shops-test-address = The shop's address leads nowhere we may call: it has to begin with https:// and be of the public internet.
shops-test-unreachable = The shop did not answer as it should when it was asked last. It will be asked again by itself.
shops-test-answers = The shop answers when it is asked.
shops-test-soon = The shop was not asked yet. Look again in a minute.
