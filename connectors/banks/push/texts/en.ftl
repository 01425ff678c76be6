bank-push-name = Signed push (our own contract)
bank_push-field_missing = The message does not say { $name }.
bank_push-field_malformed = In the message, { $name } is written in a way that was not agreed.
