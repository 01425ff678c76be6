takt-address_taken = Cannot listen on { $address }. Another program may hold it: choose another address with --listen.
takt-tls_half = TLS needs both a certificate and a key. Add { $missing }.
takt-tls_files_required = --tls-listen needs a certificate. Add --tls-cert FILE and --tls-key FILE.
takt-tls_nowhere = There is a certificate but no address for TLS. Add --tls-listen, for example 0.0.0.0:443, or leave --tls-cert and --tls-key out.
takt-proxies_before_tls = Proxies stand in front of --listen, and there is none: on --tls-listen X-Forwarded-For is not believed. Add --listen or leave --proxies out.
takt-worker_panicked = A part of the program broke. See the log above.
takt-no_signals = The system gives this program no signals.
takt-holder_silent = Another program holds the folder { $folder } and does not answer. Wait until it has started or stopped.
takt-connection_broke = The running program hung up. Look into its log, then try again.
takt-input_too_large = The input is too large; at most 64 MB are taken.
takt-output_closed = The output was closed.
takt-unwritable = The command could not be sent.
takt-request_unreadable = The running program is another version. Use the same one for both.
takt-socket_unusable = The socket { $path } cannot be used. A shorter --data path may help.
takt-file_unreadable = Cannot read { $file }. Check the name and the rights.
takt-password_missing = Give the password on standard input, in one line.
takt-folder_not_empty = The folder { $folder } is not empty. The demo needs one of its own: name another or leave --data out.
takt-password = {"Password: "}
takt-not_utf8 = The file is not text in UTF-8, from byte { $byte } on. Save it as UTF-8.
takt-line_unreadable = This is no JSON object, from column { $column } on. Write each order in one line.
takt-external_id_required = Give the order an external_id: by it an order that is here already is recognised when the file is given again.
takt-line_refused = Line { $number }: { $why }
takt-lines_refused = { $count ->
    [one] One line was refused; it is named above.
   *[other] { $count } lines were refused; they are named above.
  } Mend them and give the file again: what was taken in is recognised.
takt-secret_missing = Give the secret on standard input.
takt-secret = {"Secret: "}
takt-settings_malformed = Give the settings as an object of JSON on standard input.

takt-playbook-done = would do: { $deed }
takt-playbook-there = was there already: { $deed }
takt-playbook-stopped = did not hold: { $condition } ({ $because })
takt-no_data = There are no data of Takt in the folder { $folder }. Check --data (TAKT_DATA); a new installation begins with takt company create.
takt-work-retried = Tried again now: jobs: { $jobs }, timers: { $timers }, facts set aside: { $parked }.
