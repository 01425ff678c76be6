# Refusals
web-no_such_page = There is no such page. Check the link or go back to the start.
web-method_not_allowed = This address cannot be used like that. Go back to the page before; programs find help in the API’s description.
web-too_large = Too much data was sent. Split the file or make it smaller.
web-unsupported_media = This kind of data is not taken. Send { $expected }.
web-body_broken = The data did not arrive completely. Send it again.
web-json_malformed = This is not JSON: mistake in line { $line }, column { $column }. Correct it and send it again.
web-field_required = This field is needed.
web-field_unknown = There is no such field here. Remove it or check its spelling.
web-field_unfit = The value does not fit ({ $reason }). See the description of the API.
web-field_unreadable = The value could not be read. Correct it.
web-limit_out_of_range = Ask for 1 to { $most } rows.
web-sign_in_required = Sign in first. Programs send a token: Authorization: Bearer takt_…
web-cross_site = The request came from another site and was refused. Open the page here and repeat.
web-too_many_requests = Too many attempts. Try again in { $seconds } s.
web-too_many_at_once = Too many requests at the same time. Wait { $seconds } s and send fewer at once.
web-too_many_streams = Too many open screens follow changes. Reload the page in { $seconds } s.
web-overloaded = The server is overloaded, nothing was changed. Try again in { $seconds } s.
web-body_too_slow = The data come too slowly. Check the connection and send them again.
web-if_match_required = It is not said which version you change. Send it in the header If-Match.
web-if_match_malformed = “{ $given }” is no version. Send the number of the ETag in quotes, such as If-Match: "12".
web-timed_out = The answer took too long. Try again in a minute.
web-panicked = An error on our side. It has been recorded; try again later.
web-not_ready = The server is not ready yet: { $part }. Wait a little.
web-not_listening = The server cannot take connections. Check whether the address is free.

# The certificate for TLS
web-tls_file_missing = There is no file { $file }. Check the path in --tls-cert and --tls-key.
web-tls_file_unreadable = The file { $file } cannot be read. Give the user that Takt runs as the right to read it.
web-tls_file_malformed = The file { $file } is damaged: this is not PEM. Fetch it again from whoever issued the certificate.
web-tls_files_swapped = The files are swapped: { $file } holds a key and { $key } a certificate. Exchange --tls-cert and --tls-key.
web-tls_no_certificate = There is no certificate in { $file }. Give --tls-cert a PEM file with the whole chain (Let’s Encrypt calls it fullchain.pem).
web-tls_no_key = There is no private key in { $file }. Give --tls-key a PEM file with the key (Let’s Encrypt calls it privkey.pem).
web-tls_key_locked = The key in { $file } is under a password, and nobody is there to be asked at a start. Take it off: openssl pkey -in KEY -out NEW.
web-tls_key_unusable = The key in { $file } cannot be used. It must be RSA of 2048 bits or more, ECDSA P-256 or P-384, or Ed25519: have a certificate issued for such a key.
web-tls_key_of_another = The key { $key } does not belong to the certificate { $file }. Give the files that were issued together.
web-tls_chain_order = The certificates in { $file } are in the wrong order: the key { $key } fits another than the first. Put the server's own first and the intermediate ones after it.
web-tls_certificate_malformed = The certificate in { $file } cannot be read. Fetch it again from whoever issued it.
web-tls_expired = The certificate in { $file } ended at { $at }. Renew it and give the new one.
web-tls_not_yet_valid = The certificate in { $file } begins at { $at }. Check this machine's clock, or wait.
web-tls_unusable = TLS could not be set up. Tell us what the log says.

# The page of a refusal
web-title-missing = Not found
web-title-conflict = Not possible now
web-title-invalid = Needs correction
web-title-denied = No right
web-title-unavailable = Not working right now
web-title-broken = Our error
web-title-sign-in = Sign-in needed
web-back = Go back
web-to-start = To the start
web-request-id = Request number for support: { $id }

# Description of the API
web-docs-title = API
web-docs-lead = This description is made from the program itself. For machines:
web-docs-token = Send the shop's token in the header Authorization: Bearer takt_…
web-docs-operations = Operations
web-docs-schemas = Data
web-docs-parameters = Parameters
web-docs-body = Request body
web-docs-answers = Answers
web-docs-name = Name
web-docs-where = Where
web-docs-type = Type
web-docs-meaning = Meaning
web-docs-required = required
web-docs-example = Example
web-docs-status = Status
