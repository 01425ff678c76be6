vault-key_missing = The secrets in the database are sealed under the key { $key }, and it is not here. Put its file back ({ $file }), or name it by TAKT_SECRET_KEY_FILE; several nodes need the same.
vault-key_malformed = The file of the secret key ({ $file }) cannot be read: each line has to hold 64 hexadecimal digits.
vault-key_unwritable = The file of the secret key ({ $file }) cannot be written: { $problem }.
vault-key_unreadable = The file of the secret key ({ $file }) cannot be read: { $problem }.
vault-no_source = This program was not told where its secret key is.
vault-damaged = A secret in the database is damaged or stands in the wrong place. Type it anew where it was typed.
vault-sealing_failed = A secret cannot be sealed.
