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
payments-evidence-two-persons = Confirmed by two people in degraded mode.
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

payments-waiting = Waits to be processed.
payments-posted = Paid order { $orders } (rule { $tier }).
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
payments-account_missing = There is no such bank account.
payments-entity_missing = There is no such legal entity.
payments-entity_unnamed = Say its name.
payments-inn_malformed = A taxpayer number has 10 or 12 digits.
payments-kpp_malformed = A KPP has 9 digits.
payments-other_seller = Invoice { $invoice } was issued by another of your legal entities. Transfer the money to its account or give it back to the payer.
payments-held_other_seller = The money came to another of your legal entities; the invoice is of “{ $seller }”. Transfer it or give it back to the payer.
payments-refund_missing = There is no such refund.
payments-refund_is_elsewhere = The refund is in another state already ({ $state }). Reload the page.
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
payments-refund_payable = To go back to the buyer
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
