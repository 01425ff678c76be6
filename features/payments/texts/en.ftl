payments-title = Money
payments-panel = Money
payments-files = Bank files
payments-file = File
payments-line = Receipt
payments-company = Company
payments-amount = Amount
payments-payer = Payer
payments-party = Counterparty
payments-purpose = Purpose
payments-what-happened = What happened
payments-came = Came
payments-documents = Documents
payments-voucher = Vouched by
payments-upload = Upload a bank statement
payments-vouch = Upload: I vouch for the file — { $name }
payments-vouch-hint = 1CClientBankExchange (kl_to_1c.txt) or camt.052, 053, 054. The money in the file counts under your name: upload only what you got from the bank yourself.
payments-tab-suggested = To decide
payments-tab-held = Held
payments-tab-posted = Allocated
payments-tab-other = Not for orders
payments-tab-outgoing = Outgoing
payments-tab-duplicate = Repeats
payments-state-waiting = In process
payments-state-posted = Allocated
payments-state-suggested = To decide
payments-state-other = Not for an order
payments-state-held = Held
payments-state-duplicate = Repeat
payments-state-outgoing = Outgoing
payments-empty-suggested = Everything is allocated
payments-empty-held = Nothing is held
payments-empty-posted = No receipts allocated yet
payments-empty-other = No other receipts
payments-empty-outgoing = Nothing went out
payments-empty-duplicate = No repeats
payments-empty-waiting = Nothing is in process
payments-empty-text = Lines appear here when the next bank file comes.
payments-no-files = No files yet
payments-no-files-text = Upload a bank statement: each of its lines will show what became of it and why.
payments-file-vouched = { $name } vouched for this file. Fingerprint { $hash }.
payments-file-warnings = What is odd about the file
payments-more-of-file = What else the file says
payments-more-of-account = What else is said of account { $account }
payments-more-of-document = What else the document says
payments-file-line = line { $place }
payments-file-without-documents = The file holds no documents
payments-file-without-documents-text = It has balances only: nothing changed.
payments-upload_cut_off = The file did not arrive whole, nothing changed. Upload it again.
payments-paid = Paid with this money
payments-order = Order
payments-undo = Take the allocation back
payments-candidates = Which invoice is paid
payments-no-candidates = No invoice fits. Find one by its number below, or mark the money as not for an order.
payments-left = Not allocated: { $left }
payments-left-column = Not matched
payments-owed-of = { $owed } left of { $total }
payments-accept = Allocate
payments-rest-to-credit = the rest to the buyer’s credit
payments-set-aside = Not for an order
payments-other-invoice = Another invoice
payments-find-invoice = Number of an invoice or order
payments-find-hint = For example TX00102413 or 1001
payments-find = Find
payments-not-found = There is no such invoice. Check the number.
payments-inn = Taxpayer number
payments-payer-account = Payer’s account
payments-number = Document number
payments-booked = Booked by the bank
payments-references = References in the bank’s fields
payments-bank-says = What the bank said
payments-evidence = How it is proved
payments-evidence-vouched = { $name } vouched in person for the file with the fingerprint { $hash }.
payments-evidence-signed = Signed with the bank’s key { $key }.
payments-evidence-channel = Got from the bank over the protected channel { $channel }.
payments-evidence-two-persons = Confirmed by hand while the bank was silent, by two people: { $names }.
payments-evidence-none = Not counted as money.
payments-count-apart = It is a payment of its own: I vouch for it
payments-was-counted-apart = Counted as a payment of its own.
payments-not_unclear = This line is not held as a possible repeat.
payments-accepted = Allocated.
payments-was-set-aside = Marked as not for an order.
payments-was-undone = The allocation was taken back; the money waits for a decision again.
payments-reference = Payment reference
payments-invoice-total = Invoiced
payments-nothing-came = No money has come for this order yet.
payments-taken-back = { $amount } taken back
orders-fact-payments-expected = Invoice { $number } issued for { $money }
payments-accounts = Bank accounts
payments-account = Account number
payments-bic = BIC
payments-bank = Bank
payments-holder = Account holder
payments-currency = Currency
payments-new-account = Add an account
payments-open-account = Add
payments-add-account = Add an account
payments-no-accounts = No accounts yet
payments-no-accounts-text = Add your bank account: only what arrives on it counts as money.
payments-account-opened = The account was added. Lines that waited for it are being processed.
payments-folders = Folders from which bank files are taken
payments-folder = Folder
payments-last-look = Last look
payments-release = Stop taking
payments-no-folders = No folders are bound
payments-no-folders-text = The server’s operator binds a folder with takt watch bank, in the name of the accountant who vouches for its files.
payments-folder-released = The folder was released.
payments-rules = Rules of matching
payments-rules-note = They hold from the next receipt on. Whatever a rule may not settle waits for a person.
payments-rules-saved = The rules were saved.
payments-save-rules = Save
payments-accept-stale = Settle a copied text (rule G)
payments-accept-stale-hint = The purpose names an invoice that is paid; the payer has exactly one unpaid invoice with this amount.
payments-accept-names = Settle by full name (rule H)
payments-accept-names-hint = Nothing is named and the payer is unknown; one customer with exactly this surname, name and father’s name owes this amount.
payments-overpayment = Overpayment up to, % of what is left to pay
payments-overpayment-hint = 150 means half more; what is over becomes the customer’s credit (rule D).
payments-cap = Rule { $rule } by itself up to: { $says }
payments-watched = Watch list
payments-watched-hint = Taxpayer numbers and accounts, one a line. Payments from them always wait for a person.
payments-bank-inns = Taxpayer numbers of banks
payments-bank-inns-hint = A payment under them says nothing about who paid, and is never remembered. Large banks are known already.
payments-overpayment_out_of_range = Give a number from 100 to 300.
payments-cap_malformed = Give an amount above zero, or leave it empty for no limit.
payments-watched_malformed = Each entry is a taxpayer number or an account: 8 to 34 letters and digits, at most 1000 entries.
payments-bank_inn_malformed = A taxpayer number has 10 or 12 digits.
payments-rule-said = Rule { $rule } ({ $does }): { $said }
payments-once = Do not remember this payer: it was once, for the customer
payments-split = Split over several invoices
payments-split-note = Leave a field empty to give that invoice nothing.
payments-share-of = { $order } · { $payer } · owed { $owed }
payments-accept-split = Allocate the shares

payments-waiting = Waits to be processed.
payments-posted = Paid order { $orders }.
payments-posted_in_part = Order { $orders } got a part; { $left } is not allocated.
payments-suggested = { $candidates ->
    [one] { $candidates } invoice fits: a person decides.
   *[other] { $candidates } invoices fit: a person decides.
}
payments-no_candidate = No invoice fits: a person decides.
payments-undone = The allocation was taken back: a person decides.
payments-set_aside = Marked by a person: not for an order.
payments-other_money = Not a payment for an order: { $class ->
    [acquiring] card settlement
    [own_transfer] a transfer between own accounts
    [budget] money from the budget
    [agent_settlement] a payout of a carrier or marketplace
    [reversal] the bank reversed a movement
    [loan] a loan
    [refund] a refund to us
    [insurance] an insurance payment
    [interest] the bank’s interest
   *[other] other money
}.
payments-own_transfer = A transfer between own accounts.
payments-outgoing = Outgoing: money left the account.
payments-duplicate = This movement is here already: line No { $line }. Not counted again.
payments-held_other_account = Account { $account } is not yours or not added yet. If it is yours, add it in the settings and the line will be processed by itself.
payments-held_other_currency = The currency is { $currency }, but the account is kept in { $own }.
payments-held_reversal = The bank takes money back. Check whether the allocation must be taken back.
payments-held_came_back = Money that we had sent is back: perhaps a refund did not reach its buyer. It is counted once a person vouches for it.
payments-came_back = The money that came back is counted. Keep it for the buyer, so that it can be sent again.
payments-held_copy = The bank marked the statement as a copy, and this movement was not here before. Upload the original statement.
payments-held_pending = The bank has not booked it yet.
payments-held_information = The bank told of it for information only; no money moved.
payments-held_no_amount = It has no amount.
payments-held_direction_unclear = It is unclear whether money came or went: the side and the dates disagree.
payments-held_maybe_duplicate = It looks like line No { $line }, but the bank gave another id. If it is a payment of its own, compare with the statement.
payments-held_failed = The line could not be processed because of our mistake ({ $code }). It does not count as money; please tell us.
payments-held_voucher_lost_right = Whoever vouched for the file lost the accountant’s right. Let somebody else upload it.

payments-account_malformed = An account number is 20 digits or an IBAN.
payments-bic_malformed = A BIC is 9 digits (or 8 to 11 characters of SWIFT).
payments-account_known = Account { $account } was added already.
payments-file_given_up = Taking the file in took too long and was given up. Upload it again.
payments-file_empty = The file is empty. Choose the file that you downloaded from the bank.
payments-file_too_large = The file is larger than { $megabytes } MB. Export a shorter period.
payments-file_unknown = This is no statement: 1CClientBankExchange and camt.052, 053, 054 are read.
payments-reader_panicked = The file could not be read because of our mistake. Nothing changed; please tell us.
payments-import_missing = There is no such file.
payments-line_missing = There is no such receipt.
payments-invoice_missing = There is no such invoice.
payments-not_waiting = This receipt is allocated already.
payments-nothing_chosen = Choose an invoice.
payments-more_than_left = At most { $left } can be allocated.
payments-more_than_owed = Only { $owed } is left on invoice { $invoice }.
payments-not_a_receipt = This line does not count as money; there is nothing to allocate.
payments-nothing_to_undo = There is nothing to take back here.
payments-unbalanced = The posting { $kind } does not balance ({ $source }). Nothing was written.
payments-unwritable = The data could not be written.
payments-serial = The invoice numbers are used up.
payments-job_unreadable = The job is damaged.
payments-folder_not_absolute = Give the whole path of the folder, not { $path }.
payments-folder_hangs = The folder does not answer. Check the disk or the network that it is on; its files are taken when it answers.
payments-file_unreadable = The file cannot be read. Check that it is open to the program.
payments-folder_unreadable = The folder cannot be read. Check that it exists and is open to the program.
payments-folder_missing = No such folder is bound.
check-payments-books_balance = Debits equal credits in every transaction of the journal
check-payments-books_balance-do = The journal was changed past the program. Restore the data from a backup.
check-payments-orders_are_paid_by_allocations = Payments of orders equal allocations of receipts
check-payments-orders_are_paid_by_allocations-do = Compare the named orders with the bank statement; ship none of them before it is clear.
check-payments-lines_pay_what_they_were_allotted = A line of a statement pays no more than came
check-payments-lines_pay_what_they_were_allotted-do = Compare the named lines with the bank statement and undo what is too much.
check-payments-allocations_are_undone_within_themselves = No more was undone than had been allocated
check-payments-allocations_are_undone_within_themselves-do = Compare the named allocations with the bank statement.
check-payments-invoices_ask_for_what_is_owed = Invoices ask for what their orders owe
check-payments-invoices_ask_for_what_is_owed-do = Open the named orders: editing a line issues a right invoice.
check-payments-movements_are_those_of_lines = Every movement of money has its line
check-payments-movements_are_those_of_lines-do = Lines of statements were lost. Restore a backup or take the bank's file in again.
check-payments-files_have_all_their_lines = Files of banks have all their lines
check-payments-files_have_all_their_lines-do = Lines of statements were lost. Restore the data from a backup.
payments-source_taken = Posting { $kind } of { $source } exists with other amounts. Nothing was written; tell us.
payments-overdrawn = { $account } does not hold { $amount }. Reload the page and take less.
payments-no_such_account = There is no such account in the books.
payments-account_missing = There is no such bank account. Choose one of the list.
payments-entity_missing = There is no such legal entity.
payments-entity_unnamed = Say its name.
payments-inn_malformed = A taxpayer number has 10 or 12 digits.
payments-kpp_malformed = A KPP has 9 digits.
payments-other_seller = Invoice { $invoice } was issued by another of your legal entities. Transfer the money to its account or give it back to the payer.
payments-held_other_seller = The money came to another of your legal entities; the invoice is of “{ $seller }”. Transfer it or give it back to the payer.
payments-refund_missing = There is no such refund.
payments-refund_is_elsewhere = The refund stands elsewhere by now: { $state ->
    [payable] to go back
    [ordered] waits for a second person
    [approved] may be sent
    [sent] sent to the bank
    [closed] paid out
    [kept] kept as credit
   *[other] { $state }
}. Reload the page.
payments-refund_by_a_person = Only a person orders a refund, by name.
payments-refund_needs_another = Another person has to agree, not the one who ordered it.
payments-refund_of_nobody = The refund has no customer, so it cannot stay as credit.
payments-refund_other_amount = This line does not fit: { $left } is left of the refund, from the same legal entity and in the same currency.
payments-payee_unnamed = Say to whom it goes.
payments-reason_missing = Say why it goes back.
payments-more_than_surplus = At most { $surplus } can go back.
payments-not_outgoing = This line is no outgoing payment that could close a refund.
payments-not_a_reversal = This line is no reversal by the bank.
payments-reversal_of_another = This receipt does not fit: account and amount have to be the same.
payments-receipt_given_back = { $amount } of this money went back to the payer already. Settle it with the bank first.
payments-refund_confirmed = It closed refund { $refund }.
payments-reversal_counted = The bank took receipt No. { $line } back: the orders owe again.
payments-receipt_reversed = The bank took this money back (line No. { $line }).
orders-fact-payments-refund-changed = Refund of { $money }: { $state ->
    [payable] to be paid out
    [ordered] waits for a second person
    [approved] may be sent
    [sent] sent to the bank
    [closed] paid out
    [kept] kept as credit
   *[other] { $state }
}
orders-fact-payments-credit-used = { $money } of the customer’s credit was used
check-payments-journal_is_chained = The chain of the journal is unchanged
check-payments-journal_is_chained-do = Postings were changed past the program. Restore the data from a copy.
check-payments-journal_is_sealed_or_waits = Every posting is in the chain or waits for it
check-payments-journal_is_sealed_or_waits-do = Postings were changed past the program. Restore the data from a copy.
check-payments-balances_are_those_of_the_journal = Balances are those of the journal
check-payments-balances_are_those_of_the_journal-do = Run takt books rebuild for the company named.
check-payments-accounts_run_on = The entries of each account run on
check-payments-accounts_run_on-do = Run takt books rebuild for the company named.
check-payments-guarded_accounts_are_not_overdrawn = Customers’ credit and refunds are not overdrawn
check-payments-guarded_accounts_are_not_overdrawn-do = Run takt books rebuild; if that does not help, compare the account named with the bank’s statement.
check-payments-credit_is_of_receipts = Customers’ credit is parts of their receipts
check-payments-credit_is_of_receipts-do = Compare the lines named with the bank’s statement.
check-payments-refunds_are_of_receipts = Refunds are parts of receipts
check-payments-refunds_are_of_receipts-do = Compare the lines named with the bank’s statement; send no refunds until it is clear.
check-payments-refunds_are_confirmed_by_lines = What refunds paid out is what the bank says left
check-payments-refunds_are_confirmed_by_lines-do = Compare the refunds named with the bank’s statement.
check-payments-reversals_make_up = Reversals make up for what they reverse
check-payments-reversals_make_up-do = Postings were changed past the program. Restore the data from a copy.
payments-books = Books
payments-books-account = Account of the books
payments-sealed = Transactions in the chain
payments-chain-head = Fingerprint of the chain
payments-chain-hint = It changes with every posting. Write it down on paper: later it shows that the past was not rewritten.
payments-entity = Legal entity
payments-debit = Debit
payments-credit = Credit
payments-balance = Balance
payments-day = Day
payments-deed = What happened
payments-no-entries = No postings
payments-no-entries-text = They appear with the first invoice or receipt.
payments-account-bank = Bank
payments-account-unmatched = Unmatched
payments-account-receivable = Owed by buyers
payments-account-customer-credit = Customers’ credit
payments-account-refund-payable = To go back to customers
payments-account-cash-on-delivery = Cash on delivery with carriers
payments-account-deferred-revenue = Billed, not shipped
payments-account-revenue = Revenue
payments-account-vat-payable = VAT payable
payments-deed-invoice-issued = Invoice issued
payments-deed-invoice-withdrawn = Invoice withdrawn
payments-deed-bank-credit = Receipt
payments-deed-allocated = Allocated to an order
payments-deed-allocation-undone = Allocation taken back
payments-deed-credit-given = Rest became credit
payments-deed-credit-undone = Credit taken back
payments-deed-credit-used = Credit used
payments-deed-shipped = Shipped
payments-deed-returned = Goods came back
payments-deed-refund-payable = To go back
payments-deed-refund-kept = Refund kept as credit
payments-deed-refund-paid = Refund paid
payments-deed-receipt-reversed = Receipt taken back by the bank
payments-refunds = Refunds
payments-refund = Refund
payments-refund-payable = To go back
payments-refund-ordered = Waits for a second person
payments-refund-approved = May be sent
payments-refund-sent = Sent to the bank
payments-refund-closed = Paid out
payments-refund-kept = Kept as credit
payments-refund-confirmed-sum = Paid by the bank
payments-cause = Why
payments-cause-returned = goods came back
payments-cause-cancelled = order cancelled
payments-cause-overpaid = overpaid
payments-cause-credit = credit not wanted
payments-refund-payee = To whom
payments-payee-account = To account
payments-reason = Reason
payments-ordered-by = Ordered by
payments-approved-by = Approved by
payments-open-order = Open the order
payments-no-refunds = Nothing here
payments-no-refunds-text = A refund appears when goods are taken back, a paid order is cancelled, or too much was paid.
payments-order-refund = Order the refund
payments-keep-as-credit = Keep as credit
payments-keep-hint = The customer agrees that the money waits for the next order.
payments-approve = Agree
payments-approve-hint = It is more than one person decides alone: another has to agree.
payments-take-back = Take back
payments-send-hint = Pay it through the bank with { $reference } in the purpose: the outgoing line then closes the refund by itself.
payments-mark-sent = Sent to the bank
payments-confirm-hint = It closes by itself with the statement. If the bank put it otherwise, give the number of the outgoing line.
payments-outgoing-line = Number of the line
payments-confirm-refund = It is this line
payments-said-done = Done.
payments-said-credit-used = The credit was used.
payments-said-returned = The return is accepted. No money has to go back.
payments-surplus = To go back: { $surplus }
payments-claim-refund = Give back
payments-credit-waits = The customer’s credit: { $credit }
payments-use-credit = Use
payments-accept-return = Accept returned goods
payments-return-hint = Say how much came back. The order then costs less, and what was paid beyond that becomes a refund. What is fit goes back to stock, the rest is written off.
payments-returned_meanwhile = A return of order { $number } was accepted meanwhile. Open the card anew and see what is still away.
payments-return-of = { $name }: fit to be sold, at most { $most }
payments-credit-of = Waits for the next orders:
payments-claim-credit = Give the credit back
payments-vat-of = VAT { $rate } %
payments-reversal-of = Which money the bank took back
payments-reversal-hint = The orders it had paid will owe again.
payments-reverse = This one
payments-entities = Legal entities
payments-entity-name = Name
payments-kpp = KPP
payments-address = Address
payments-vat-regime = VAT
payments-vat_regime_unknown = Choose the VAT regime.
payments-regime-general = general
payments-regime-simplified = simplified, lower rate
payments-regime-exempt = exempt
payments-director = Director
payments-chief-accountant = Chief accountant
payments-default-entity = default
payments-change-entity = Change: { $name }
payments-new-entity = Add a legal entity
payments-save = Save
payments-no-entities = No legal entities yet
payments-no-entities-text = The first appears with the first invoice; add it to give its details.
payments-owners = Who sells, and whose accounts
payments-two-persons-above = Two decide on a refund above
payments-two-persons-hint = Empty: one decides.
payments-deed-cash-on-delivery = Cash on delivery
check-payments-carriers_owe_what_they_took_in = Carriers owe the cash that they took in
check-payments-carriers_owe_what_they_took_in-do = Compare the delivered orders with the carrier’s report.
check-payments-buyers_owe_what_their_orders_do = Buyers owe in the books what their orders owe
check-payments-buyers_owe_what_their_orders_do-do = Compare what buyers owe in the books with the orders; ship nothing until it is clear.
payments-vat-rates = Rates of VAT that are offered
payments-vat-rates-hint = With commas between; none is “without VAT”. An order may have any rate.
payments-kept_for_customer = Kept as the customer’s credit.
payments-keep-for-customer = All as credit of this customer

payments-correspondent = Correspondent account
payments-correspondent-hint = 20 digits out of the bank's details: they stand in invoices and payment codes.
payments-correspondent_malformed = The correspondent account does not fit the BIC. Copy it from the bank's details.

payments-invoice = Invoice
payments-invoice-title = Invoice { $number } of { $date }
payments-invoice-to-print = Invoice: open and print
payments-invoice-replaced = This invoice was replaced by { $number }. Pay the new one; money that is already on its way under this number will be recognised.
payments-invoice-withdrawn = This invoice was withdrawn. Do not pay it.
payments-invoice-paid = This invoice is paid.
payments-supplier = Supplier
payments-buyer = Buyer
payments-basis = For
payments-basis-order = order { $number }
payments-payee-bank = Beneficiary's bank
payments-payee = Beneficiary
payments-line-number = No.
payments-line-name = Product or service
payments-line-quantity = Qty
payments-line-unit = Unit
payments-line-price = Price
payments-line-discount = Discount
payments-line-vat = VAT
payments-line-sum = Sum
payments-line-delivery = Delivery
payments-total = Total
payments-vat-inside = Including VAT { $rate }%
payments-without-vat = No VAT
payments-already-paid = Paid
payments-due = To pay
payments-sum-in-words = In words
payments-purpose-ready = Payment details
payments-purpose-keep = Please keep the number { $reference } in the payment details: by it we see your money at once.
payments-purpose-text = { $reference } Payment for order { $number }. { $vat }
payments-purpose-vat = Including VAT { $rate }% { $amount }
payments-purpose-vat-of-several = Including VAT { $amount }
payments-purpose-vat-inside = VAT included
payments-purpose-without-vat = No VAT
payments-valid-until = Valid until { $date }.
payments-sign-director = Director
payments-sign-accountant = Accountant
payments-print-hint = Print: Ctrl+P
payments-code-label = QR code for paying with a bank's application
payments-code_currency = No QR code: there is one for roubles only.
payments-code_nothing_due = No QR code: there is nothing to pay.
payments-code_no_account = No QR code: add a bank account in the currency of the order.
payments-code_bank_unnamed = No QR code: the bank account does not say the bank's name.
payments-code_account_wrong = No QR code: the key digit of account { $account } does not fit the BIC. Check the bank details.
payments-code_inn_wrong = No QR code: the check digits of tax number { $inn } do not hold. Check the details.
payments-code_unseparable = No QR code: the details do not fit into one.

payments-words-ones = zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen
payments-words-ones-of-thousands = zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen
payments-words-tens = twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety
payments-words-tens-and-ones = { $tens }-{ $ones }
payments-words-hundreds = one hundred|two hundred|three hundred|four hundred|five hundred|six hundred|seven hundred|eight hundred|nine hundred
payments-words-scale-1 = { $count ->
   *[other] thousand
}
payments-words-scale-2 = { $count ->
   *[other] million
}
payments-words-scale-3 = { $count ->
   *[other] billion
}
payments-words-scale-4 = { $count ->
   *[other] trillion
}
payments-words-scale-5 = { $count ->
   *[other] quadrillion
}
payments-words-major-RUB = { $count ->
    [one] rouble
   *[other] roubles
}
payments-words-minor-RUB = { $count ->
    [one] kopeck
   *[other] kopecks
}
payments-words-major-BYN = { $count ->
    [one] Belarusian rouble
   *[other] Belarusian roubles
}
payments-words-minor-BYN = { $count ->
    [one] kopeck
   *[other] kopecks
}
payments-words-major-KZT = tenge
payments-words-minor-KZT = tiyn
payments-words-major-EUR = euro
payments-words-minor-EUR = { $count ->
    [one] cent
   *[other] cents
}
payments-words-major-USD = { $count ->
    [one] US dollar
   *[other] US dollars
}
payments-words-minor-USD = { $count ->
    [one] cent
   *[other] cents
}

payments-buyer-panel = Payment
payments-buyer-came = Money arrived
payments-buyer-on-delivery = { $sum } on delivery.
payments-i-have-paid = I have paid
payments-claim = Says he has paid
payments-claim-explained = The order counts as paid when the bank confirms the money. Your message helps the accountant to find a payment that is late.
payments-claim-paid-on = When
payments-claim-words = What else helps to find the payment
payments-claim-words-hint = For example: paid from my wife's account, without the number in the details.
payments-claim-send = Tell about the payment
payments-claim-said = The accountant was told. As soon as the bank confirms the money, this page changes by itself.
payments-claim-heard = You told us of a payment of { $amount } ({ $time }). The accountant is looking; the bank has not confirmed the money yet.
payments-claim-answer = The accountant's answer
payments-claim_amount = Write the amount that you paid, for example 1234.50.
payments-claim_day = A day is written as 2026-11-22.
payments-claim_too_long = No more than 500 characters.
payments-claim_needless = There is nothing to pay for this order.
payments-claims_enough = We know already that you paid: the accountant is looking. If it is urgent, ask us to call you.
payments-claim_missing = There is no such message about a payment.
payments-claim_closed = This message was dealt with already.
payments-claims = Claims of payment
payments-no-claims = Nobody waits
payments-no-claims-text = Buyers who say that they have paid while no money came will stand here.
payments-claims-wait = { $count ->
    [one] { $count } buyer says to have paid: have a look
   *[other] { $count } buyers say to have paid: have a look
}
payments-claim-of = Order { $number }
payments-claim-said-at = Said
payments-claim-paid = paid on { $day }
payments-claim-nothing-alike = No receipt of just this amount waits yet.
payments-claim-alike = A receipt of this amount
payments-claim-answer-field = Answer to the buyer
payments-claim-answer-hint = It is shown on the page of the order. Without one the message is just closed.
payments-claim-close = Dealt with
payments-claim-was-closed = The message is dealt with.
orders-fact-payments-claimed = The buyer says to have paid { $money }
orders-fact-payments-claim-closed = The claim of payment was dealt with

payments-receipts = Receipts
payments-receipts-line = { $all ->
    [one] { $all } receipt
   *[other] { $all } receipts
}: { $alone } by { $alone ->
    [one] itself
   *[other] themselves
}, { $waiting ->
    [0] nothing waits for you
    [one] { $waiting } waits for you
   *[other] { $waiting } wait for you
}
payments-receipts-alone = by themselves
payments-receipts-by-people = by people
payments-receipts-waiting = wait for you
payments-period = Time
payments-period-today = Today
payments-period-week = 7 days
payments-period-month = 30 days
payments-credit_of_several = The rest cannot become credit: the invoices chosen are of several customers. Choose those of one, or let the rest wait.
payments-kept-as-credit = Kept as the customer’s credit
payments-file-goes-back = Earlier entries are not in this file: ask again with &before={ $before }
payments-return-unfit = { $name }: not fit
payments-return-why = Why not fit
payments-invoice-validity = Validity of an invoice
payments-valid-days = An invoice is valid, days
payments-valid-days-hint = Stands on the invoice. One that is paid later is matched all the same.
payments-valid_days_out_of_range = Give a number of days from 0 to 365.
payments-refund_under_way = Money of order { $number } is on its way back. Finish the refund first, then split or merge.
payments-allocation_missing = The use of receipt { $line } does not agree with its order.

payments-burning-silent = Silent banks
payments-burning-unmatched = Money without an order

payments-title-help = Money that came to the bank. Nearly all of it finds its order by itself; what stands here needs a person. Open the first: beside it are the orders that fit and why.

payments-accounts-settings-help = The accounts that you are paid to. Only what came to one of them counts as payment, so begin with your own account. The folder below is for those whose bank program saves statements by itself.
payments-entities-settings-help = In whose name you sell: name, tax number, VAT. It is printed on invoices and keeps the books apart when there are several. The first one appears by itself; look over its details and its rate.
payments-channels-settings-help = Banks that tell of money by themselves: a payment finds its order within seconds and no statement has to be uploaded. Choose the kind of bank and connect it; its page shows what comes next. Without it all works by statements.
payments-rules-settings-help = When a payment finds its order without a person. What is larger than the amount you name waits for the accountant; an empty field means no limit. You may begin without changing anything: only what is beyond doubt is done without you.
payments-files-help = Statements that people, folders and banks have brought. Open a file: each of its lines says what became of it and why. A statement may be uploaded twice, the money is counted once.
payments-claims-help = Buyers say that they have paid. That changes no order: only money that the bank has booked does. Compare it with the receipt that is alike and answer the buyer.
payments-books-help = Double-entry books: every invoice, payment and refund is entered by itself. Open a line to see its entries. The balance of “Bank” is compared with the statement.
payments-refunds-help = Money that has to go back to buyers. Open a refund, look over the details and order it. The bank’s own line closes it; a large one is approved by a second person.
payments-proofs-help = Whether anything was lost between the bank and Takt: balances agree day by day. When something is missing in a day, upload the statement of that day. A day without a statement is not proved.
payments-by-hand-help = For the hour when the bank is silent and the money has come: two people confirm the payment, and the order goes on with the mark “by hand”. Later the statement has its say.
