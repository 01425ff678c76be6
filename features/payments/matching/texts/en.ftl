# Why money was matched so: stored beside the decision.
matching-reference_structured = The bank gave the invoice reference in its own field: { $reference }
matching-reference_valid = The purpose names an invoice reference with valid check digits: { $reference }
matching-number_named = The purpose names the number { $number }
matching-reference_one_slip = { $written } is one typing slip away from { $reference }
matching-invoice_reissued = An earlier invoice is named; { $invoice } was issued in its place
matching-payer_inn_known = The payer's taxpayer number { $inn } is known
matching-payer_account_known = The payer's bank account is known
matching-payer_name_alike = The payer's name resembles the customer's
matching-payer_full_name = The customer's whole name stands in the payment: { $name }
matching-only_namesake_with_amount = Only one customer of this name has an unpaid invoice with this amount
matching-number_cut = The bank has cut the text; { $written } is how { $reference } begins
matching-rules_looked = What each rule said
matching-amount_is_residual = The amount equals what is left to pay
matching-amount_is_sum = The amount equals what is left to pay on all named invoices
matching-amount_less = The amount is less than the { $residual } left to pay: an instalment
matching-amount_more = The amount is more than is left to pay: { $credit } stays as the customer's credit
matching-date_equal = The invoice date is named rightly
matching-only_open_with_amount = The payer has only one unpaid invoice with this amount
matching-named_is_paid = The invoice named, { $invoice }, is paid already; this looks like last time's text
matching-stated_sum_differs = The purpose states another sum, { $stated }: the bank may have kept a fee
matching-payer_is_other_customer = The payer is known as another customer
matching-payer_is_transit = The money came through a bank's own account, so the real payer is not visible

# Why money was not matched by itself.
matching-reference_unknown = None of our invoices has the reference { $reference }: ask the payer
matching-number_unknown = None of our invoices or orders has the number { $number }
matching-number_ambiguous = Several unpaid invoices have the number { $number }: choose one
matching-reference_malformed_named = This looks like a reference, but its check digits are wrong: { $reference }
matching-invoice_paid = Invoice { $invoice } is paid already: check whether it was paid twice
matching-invoice_cancelled = Invoice { $invoice } is cancelled: agree with the customer on a refund or a new order
matching-invoice_expired = Invoice { $invoice } has expired: check prices and stock, then accept the payment
matching-date_differs = The date { $date } is not the date of invoice { $invoice }
matching-currency_differs = Invoice { $invoice } is in another currency ({ $currency })
matching-two_customers = Invoices of different customers are named
matching-other_open_with_amount = Another unpaid invoice, { $invoice }, has this amount: choose which one was paid
matching-rest_is_other_open = The excess equals what is left on another invoice, { $invoice }: both may be meant
matching-too_many_to_compare = The customer has too many unpaid invoices to rule out a mistake
matching-amount_over_cap = The amount is over the limit for automatic matching ({ $cap })
matching-payer_watched = The payer is on the watch list
matching-looks_like_other_money = The text looks like another kind of money: { $class ->
        [acquiring] card takings
        [own_transfer] our own money
        [loan] a loan
        [refund] a refund to us
        [insurance] insurance
        [interest] interest
        [budget] budget money
        [agent_settlement] an agent's settlement
       *[reversal] a reversal
    }
matching-amount_not_positive = The line brings no money: its amount is not above zero
matching-evidence_too_weak = Neither number nor payer nor amount points to one invoice

# Money for no invoice.
matching-kind_says = The bank's transaction code says so: { $kind }
matching-text_says = The purpose says so: { $class ->
        [acquiring] card takings
        [own_transfer] our own money
        [loan] a loan
        [refund] a refund to us
        [insurance] insurance
        [interest] interest
        [budget] budget money
        [agent_settlement] an agent's settlement
       *[reversal] a reversal
    }
matching-counterparty_listed = The counterparty { $inn } is listed as paying for no invoices
matching-payer_is_ourselves = The payer is ourselves
matching-line_is_reversal = The bank takes back an earlier movement
matching-class-acquiring = Card takings
matching-class-own_transfer = Our own money
matching-class-loan = Loan
matching-class-refund = Refund to us
matching-class-insurance = Insurance payment
matching-class-interest = Bank interest
matching-class-budget = Budget money
matching-class-agent_settlement = Settlement of a carrier or marketplace
matching-class-reversal = Reversal

# Rules.
matching-tier-a = Reference with check digits and the exact amount
matching-tier-b = Number, exact amount, and payer or date
matching-tier-c = Instalment of the named invoice
matching-tier-d = Named invoice, paid with an excess
matching-tier-e = The payer's only invoice with this amount
matching-tier-f = Typing slip in the reference
matching-tier-g = Last time's text, only one invoice fits
matching-tier-h = The payer's full name, only one invoice fits

# What a rule lacked.
matching-missing-fired = fits
matching-missing-vetoed = would fit, but something speaks against it
matching-missing-held = would fit, but another invoice may be meant
matching-missing-reference = no unpaid invoice is named by its reference
matching-missing-number = no unpaid invoice is named by its number
matching-missing-exact_sum = the amount is not what is left to pay on the named invoices
matching-missing-payer_or_date = neither the payer nor the date confirms the number
matching-missing-one_named = it takes exactly one named invoice
matching-missing-less = the amount is not less than what is left to pay
matching-missing-more = the amount is not more than what is left to pay, or far more
matching-missing-payer = the payer is not known as this customer
matching-missing-no_name = only for texts that name no number
matching-missing-payer_with_amount = this payer has no single unpaid invoice with this amount
matching-missing-slip = nothing looks like a mistyped number
matching-missing-policy = the company has not switched this rule on
matching-missing-paid_named = no paid invoice is named
matching-missing-full_name = no customer of this full name owes this amount

# Refusals.
matching-prefix_malformed = The letters “{ $given }” cannot be used: one or two of A B E K M H O P C T Y X are needed
matching-serial_out_of_range = The serial { $given } is out of range: from 1 to { $largest }
matching-reference_malformed = “{ $given }” is no reference, or has a mistake in it: compare every digit with the invoice
