### Why a wish is refused: payments.
### One sentence for each rejection of the rules: what is wrong, why, and what to do. The arguments are the rejection's fields.
### Days are written as 2023-12-01, amounts are given in kroner.

payments-account-number-invalid = account_number "{ $account_number }" is not eleven digits of which the last is the right check digit; copy it from the bank, without points and spaces.
payments-other-account = These payments are those of account { $account_number }; ask for the payments of the other account.
payments-message-reused = The bank's name for the file, { $message }, is that of a file taken in on { $taken_on } with other content ({ $taken_count } entries, { $taken_ore } kroner); ask the bank which of the two is right.
payments-file-too-long = The file holds { $entries_count } entries for the account, more than are taken in one go (about 900); fetch the days one by one from the bank.
payments-amount-too-large = { $amount_ore } kroner is above the largest amount taken, 100 000 000 000; check the amount and its unit.
payments-nothing-charged = Nothing that reminders of the invoice cost is left to be paid; there is nothing to waive.
payments-amount-not-positive = The amount { $amount_ore } kroner is not above zero; give what came in.
payments-day-not-taken = { $day } is before 1800 or after 2100; check the year.
payments-booked-later = The payment would be booked on { $booked_on }, a day that is still to come; record it when it has come in.
payments-reference-missing = reference is empty, longer than 500 bytes, or holds a line break or an e-mail address; give what the payment or the voucher is known by, such as "kontoutskrift 12, linje 4", and no name.
payments-reason-missing = reason is empty, longer than 500 bytes, or holds a line break or an e-mail address; say why in a few words, and name no person.
payments-payment-unknown = No payment of the account has the id { $payment }; the list of payments shows them.
payments-payment-id-used = The id { $payment } is that of another payment; give each payment an id of its own.
payments-nothing-open = Nothing of payment { $payment } is left: all of it pays invoices, was paid back or was taken back by the bank.
payments-nothing-outstanding = Nothing of the invoice is left to be paid; where a payment is meant for another invoice, name that one.
payments-is-reversal = The payment of { $amount_ore } kroner is a reversal and pays no invoice; set it off against the payment that the bank took back.
payments-no-reversal = The payment of { $amount_ore } kroner is no reversal; name the one with the negative amount as the reversal.
payments-matched-more = { $matched_ore } kroner of the payment pay the invoice already, more than { $amount_ore }; take the payment from the invoice first.
payments-more-than-open = { $amount_ore } kroner are more than the { $open_ore } that are open of the payment; give a smaller amount, or take the payment from an invoice first.
payments-more-than-outstanding = { $amount_ore } kroner are more than the { $outstanding_ore } that are left to be paid of the invoice; give a smaller amount, or none.
payments-not-matched = The payment does not pay this invoice; the list of payments shows what each pays.
payments-reminder-too-early = The invoice was due on { $due_date }, and a reminder is sent { $days } days after that at the earliest (inkassoforskriften § 1-2); wait until then.
payments-reminder-running = The reminder of { $reminded_on } gives time until { $pay_by }; wait until that is over.
payments-pay-by-too-early = pay_by { $pay_by } is less than { $days } days after the reminder; give a later day.
payments-rate-missing = The rate of late-payment interest for the half year from { $from } is not known; add it to late_payment.interest_percent in the settings.
