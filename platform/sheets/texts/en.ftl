sheets-busy = Other files are being prepared. Try again in a minute.
sheets-not_written = The file could not be written: the disk is full or not there. Tell whoever looks after Takt.
sheets-too_many_rows = A file holds { $most } rows, and there are more. Narrow the list: a shorter time, or one shop.
