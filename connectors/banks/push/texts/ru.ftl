bank-push-name = Подписанные сообщения (наш формат)
bank_push-field_missing = В сообщении не указано { $name }.
bank_push-field_malformed = В сообщении { $name } записано не так, как договорились.
