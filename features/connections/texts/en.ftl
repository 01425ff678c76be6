# Refusals
connections-kind_unknown = There is no kind of connection “{ $given }”. Choose one of: { $known }.
connections-name_too_long = A name has up to 100 letters.
connections-missing = There is no such connection in this company.
connections-message_missing = There is no such message: it was dealt with long ago and forgotten, or it belongs to somebody else.
connections-message_done = The message was dealt with already. Read the page again.
connections-changed_meanwhile = The connection was changed meanwhile. Read it again and repeat.
connections-secret_malformed = A secret has up to { $most } letters, digits and signs without spaces, and a name of small letters.
connections-settings_too_large = The connection's settings are too large.
connections-state_unknown = A message is in a state nobody knows: { $given }.
