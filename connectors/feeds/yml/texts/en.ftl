# Of a whole document
yml-cut_off = The catalogue ends in the middle (line { $line }). Nothing was taken out of sale; we shall read it again.
yml-broken = The catalogue is broken at line { $line }: tags do not close each other. Have the module or whoever made the file correct it.
yml-too_deep = Elements stand in each other more than { $limit } deep (line { $line }). This is no catalogue.
yml-piece_too_long = A single tag or text at line { $line } is longer than 4 MB. Shorten the description there.
yml-too_long = The catalogue is larger than 512 MB. Split it, or leave descriptions out.
yml-too_many_offers = There are more than { $limit } offers in the catalogue. Split it.
yml-entities_refused = The catalogue declares letters of its own in its DOCTYPE (line { $line }). We do not expand such; have them written out.
yml-gzip_broken = The packed catalogue cannot be unpacked. Have the shop send it again.
yml-encoding_unknown = The catalogue says it is written in “{ $encoding }”, which we do not know. UTF-8 and windows-1251 are the usual ones.
yml-unreadable = The downloaded catalogue could not be read from the disk. We shall try again.
# Of one offer
yml-id_missing = The offer has no id.
yml-id_too_long = The id of the offer is longer than 500 letters.
yml-id_twice = An offer with this id stands in the catalogue already. The first one was taken.
yml-name_missing = The offer has no name.
yml-letters_unreadable = Letters of the offer are unreadable: the catalogue is written in another encoding than it says.
yml-price_missing = The offer has no price.
yml-price_malformed = “{ $given }” is no price.
yml-vat_unknown = “{ $given }” is no VAT rate that we know.
yml-text_too_long = A field of the offer is longer than { $limit } bytes.
yml-too_many_elements = The offer has more than { $limit } elements.
