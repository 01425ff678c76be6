customers-title = Customers
customers-search = Name, phone, e-mail
customers-name = Name
customers-phone = Phone
customers-email = E-mail
customers-company = Company
customers-since = First seen
customers-note = Note
customers-nameless = No name
customers-none = No customers yet
customers-none-text = A customer appears here with the first order from any shop.
customers-not-found = Nobody was found
customers-not-found-text = Try a part of the name, the last digits of the phone or the beginning of the e-mail.
customers-card = How to reach them
customers-edit = Edit
customers-save = Save
customers-saved = Saved
customers-phone-add = Add a phone
customers-email-add = Add an e-mail
customers-forget = No longer theirs
customers-perhaps-same = Perhaps the same person: { $name }
customers-merge = They are one person
customers-dismiss = Two people
customers-merged = This card was merged with another: { $name }
customers-merged-mark = merged
customers-separate = Separate
customers-open = Open the card

# Refusals
customers-missing = There is no such customer. Go back to the list and look by name or phone.
customers-changed_meanwhile = Somebody else has changed the card. Open it again and repeat your edit.
customers-email_malformed = This does not look like an e-mail address. Example: anna@example.org
customers-phone_unreadable = The number could not be read. Example: +7 912 345-67-89
customers-identity_taken = This already belongs to another customer (no. { $customer }). If they are one person, merge the cards.
customers-identity_kind_unknown = Customers are recognised by phone or e-mail, not by “{ $given }”.
customers-same = These cards are already of one person.
customers-merge_erased = A card of an erased person cannot be merged: nobody can tell whose it was.
customers-not_merged = The card is not merged with any other.
customers-no_conflict = This suggestion is gone: somebody has dealt with it.
customers-merge_ring = Cards were merged in a ring. Tell the developers: customer no. { $customer }.
check-customers-merges_lead_somewhere = Merged customers lead to one
check-customers-merges_lead_somewhere-do = The named customers point at each other. Take one merge back on the customer's card.

# Erasing
customers-erase = Erase the person
customers-erase-what-goes = Name, phones, e-mail, addresses, comments and letters of all orders of this person go, also those kept from modules of shops and in stored messages. There is no way back.
customers-erase-what-stays = Money, goods and times stay: what was ordered and when. The bank's words of payments are documents of the books, which the law wants kept for five years. Backups forget the person when they grow old; erase them in the shop itself as well.
customers-erase-reason = Why
customers-erase-asked = the person asked
customers-erase-withdrawn = consent withdrawn
customers-erase-no-longer-needed = purpose reached
customers-erase-authority = an authority demands it
customers-erase-sure = I understand that there is no way back
customers-erase_not_sure = Tick that you understand: there is no way back.
customers-erase_reason_unknown = Choose a reason: asked, withdrawn, no_longer_needed or authority.
customers-erased_already = This person is erased already.
customers-erased = The person is erased
customers-erased-said = The person is erased. Money, goods and documents stay.

customers-title-help = Buyers as the company knows them: one person with all orders from all shops. They are recognised by phone and e-mail. Search by name, phone or e-mail.
customers-duplicates = Cards alike
customers-duplicates-look = Find cards alike
customers-duplicates-looking = Comparing the cards. Refresh the page in a minute.
customers-duplicates-none = No cards are alike
customers-duplicates-none-text = Press “Find cards alike” to compare all customers.
customers-told-apart = Remembered: these are two people.
customers-evidence-one-order = phone and e-mail of one order
customers-evidence-same-name = the same name, one with a phone only, the other with an e-mail only
customers-evidence-same-note = the same name and line of the note
customers-evidence-phone-digit = phones differ in one digit
customers-evidence-email-typo = e-mails differ in one letter
customers-comparing_died = Comparing the cards broke off. Start it again.

staff-scope-customers-read = see customers
staff-scope-customers-write = change customers
staff-scope-customers-erase = erase customers

customers-duplicates-help = Cards that may be of one person, and what tells so. Merge them or say that they are two people: you will not be asked again. A merge is taken back on the card: contacts and orders return.
