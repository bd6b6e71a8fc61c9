### Why a wish about money is refused: one sentence for each reason, with the fields of the rejection as arguments.
### Amounts are given in kroner.

## Statements of an amount, of a cost as of a licence

statement-amount-negative = The amount { $amount_ore } kroner is negative; state it as zero or more, and record what takes something off as a grant.
statement-amount-too-large = The amount { $amount_ore } kroner is above the largest taken, 100 000 000 000 kroner; check the number of digits.
statement-estimate-out-of-order = The estimate has low { $low_ore }, likely { $likely_ore } and high { $high_ore } kroner; state them so that low is at most likely, and likely at most high.
statement-source-missing = The source is empty or too long; say in at most 500 bytes who or what says so, such as a document, a tender or an invoice.
statement-older-than-replaced = The statement is dated { $on }, but the one it would replace is dated { $last_on }; date it that day or later.
statement-assessment-id-reused = The assessment id was used for another statement; give a new statement a new id.

## One-time costs

cost-not-recorded = The cost is not recorded; record it first.
cost-already-recorded = The cost is recorded already, as "{ $name }", with other content; use a new id for another cost.
cost-name-missing = The name, of the cost or of who gives the grant, is empty, too long or has control characters; write at most 500 bytes of plain text.
cost-reference-missing = The reference is empty, too long or has control characters; name the decision or the letter in at most 500 bytes of plain text.
cost-year-not-taken = The year { $year } is outside 2000 to 2100; check the year.
cost-vat-percent-impossible = The VAT percentage { $vat_percent } is not between 0 and 100; write 25 for 25 percent.
cost-already-cancelled = The cost was cancelled on { $on }, so nothing more can be said of it; record a new cost if it will come after all.
cost-grant-not-positive = The grant is { $amount_ore } kroner, but a grant takes off more than nothing; state how much it takes off as a positive amount.
cost-grants-exceed-amount = The grants come to { $granted_ore } kroner, more than the amount, which is { $amount_ore } kroner at most; withdraw a grant and record a lower one, or correct the amount.
cost-grant-not-recorded = The cost has no grant of that id; give the id of one of its grants.
cost-grant-already-withdrawn = The grant was withdrawn on { $on } already; record a new grant if it is given after all.
cost-withdrawn-before-granted = The grant would be withdrawn on { $on }, before it was given on { $granted_on }; check the two days.
cost-day-before-known = The cost would be moved or cancelled on { $on }, before what happened to it on { $known_on }; check the day.
cost-reason-missing = The reason is empty, too long or has control characters; say why the grant is withdrawn in at most 500 bytes of plain text.
cost-grant-id-reused = The grant id was used for another grant; give a new grant a new id.

## Yearly licences

licence-not-recorded = The licence is not recorded; record it first.
licence-already-recorded = The licence is recorded already, as "{ $name }", with other content; use a new id for another licence, or reschedule this one.
licence-name-missing = The name is empty, too long or has control characters; write at most 500 bytes of plain text.
licence-reference-missing = The reference, the index, its source or its vintage is empty, too long or has control characters; write at most 500 bytes of plain text.
licence-ends-before-start = The licence would end on { $ends }, before it starts on { $starts }; let it end that day or later, or leave the end out while it goes on.
licence-year-not-taken = The year { $year } is outside 2000 to 2100; check the year.
licence-actual-of-no-year = What a licence came to belongs to one year; state it for the year it is of (state_actual).
licence-year-not-paid-for = No day of { $year } is paid for; check the year, or the days of the licence.
licence-year-not-begun = What { $year } came to is not known on { $on }, before { $first }; state it when the year has begun.
licence-vat-percent-impossible = The VAT percentage { $vat_percent } is not between 0 and 100; write 25 for 25 percent.
licence-no-index-clause = The price follows no index, so no factor applies to it; state a new price instead.
licence-before-index-clause = The index clause begins in { $first_year }, so no factor applies to { $year }; index { $first_year } or a later year.
licence-factor-older = The factor of { $year } was stated on { $known_on }, after { $on }; check the day.
licence-index-published = The index of { $year } is published, as recorded on { $known_on }, and is not forecast again; record the factor as published if the index was corrected.
licence-factor-impossible = The factor { $factor } is not between 0.1 and 10 with at most eight decimals; write 1.031 for a rise of 3.1 percent.
licence-indexed-price-too-large = The price of { $year } would come to more than 100 000 000 000 kroner with its index factors; correct the factors or the price.

## Sharing keys

sharing-key-not-proposed = The sharing key is not proposed, so it cannot be adopted; propose it first.
sharing-key-other-procurement = The sharing key belongs to the procurement { $procurement }; use a new id for a key of another procurement.
sharing-key-name-missing = The name is empty, too long or has control characters; write at most 500 bytes of plain text.
sharing-key-reference-missing = The reference is empty, too long or has control characters; name the decision in at most 500 bytes of plain text.
sharing-key-year-not-taken = The year { $year }, of the first day or of the population date, is outside 2000 to 2100; check the date.
sharing-key-already-adopted-from = Another key is adopted from { $applies_from } already ("{ $reference }"); adopt this one from another day.
sharing-key-later-adopted = Another key applies from { $applies_from } ("{ $reference }"), and days before it keep the key they have; adopt this one from a later day.
sharing-key-before-proposed = The proposal "{ $name }" was to apply from { $applies_from }, so the key cannot be adopted from an earlier day; adopt it from that day or a later one.
sharing-key-key-faulty = The key cannot be used: { $fault }.
sharing-key-proposal-is-kept = A proposal of this id is kept with other content, and a proposal is never changed; save this one under an id and a name of its own.
sharing-key-proposal-name-taken = A proposal of { $saved_on } is called "{ $name }" already; give this one another name.
sharing-key-too-many-proposals = The sharing key has { $most } proposals, and no more are kept; adopt one, or propose a new key.
sharing-key-too-many-members = More than { $most } parties would join or leave; a proposal changes the membership of at most so many.
sharing-key-member-unclear = The party { $party } is named twice, or would neither join nor leave, or both; say one of the two, once.
sharing-key-text-unfit = The text is empty, above 500 bytes, or has a line break or an e-mail address, which must not stand in the log; write one short line that names no person, or leave it out.
sharing-key-proposal-unknown = The sharing key has no such proposal; save it first.
sharing-key-already-in-hearing = The proposal is out for hearing already, with answers by { $answer_by }; for another day save it anew under another name.
sharing-key-answer-by-too-early = The last day for answers, { $answer_by }, is not after the day it is sent, { $on }; give those who are asked time to answer.
sharing-key-nobody-concerned = The proposal changes nothing for anybody, so there is nobody to ask; try another one.
sharing-key-not-in-hearing = The proposal is not out for hearing, so there is nothing to answer; send it first.
sharing-key-not-asked = The party was not asked about this proposal; only those who got the letter answer it.
sharing-key-answered-before-asked = The answer of { $on } would come before the hearing was sent on { $asked_on }; check the day.
sharing-key-hearing-not-over = The proposal "{ $name }" is out for hearing until { $answer_by }, and not everybody has answered; adopt it after that day, or when all have answered.

## Invoice runs

invoice-run-not-planned = The invoice run is not planned; plan it first.
invoice-run-already-planned = The invoice run is planned already with other content; use a new id for another run.
invoice-run-nothing-to-invoice = The plan has no invoices, so there is nothing to issue; check which costs are contracted and who is set aside.
invoice-run-too-many-participants = The plan has { $participant_count } participants, but at most { $most } are taken; part it into several runs.
invoice-run-too-many-grounds = The plan shares { $ground_count } costs and licences, but at most { $most } are taken; part it into several runs.
invoice-run-line-count-impossible = The invoice to { $recipient } has { $line_count } lines, but it must have from 1 to { $most }; part the run into several.
invoice-run-line-text-missing = A line of the invoice to { $recipient } lacks its text or its explanation, or one is too long; write at most 500 bytes of text and 2000 of explanation.
invoice-run-vat-percent-impossible = A line of the invoice to { $recipient } has the VAT percentage { $vat_percent }, which is not between 0 and 100; write 25 for 25 percent.
invoice-run-amount-too-large = The amount { $amount_ore } kroner is above the largest taken, 100 000 000 000 kroner either way; check the number of digits.
invoice-run-participant-repeated = The party { $party } stands twice in the plan; invoice it or set it aside, once.
invoice-run-invoice-id-reused = Two invoices of the plan have the id { $invoice }; give each its own.
invoice-run-ground-repeated = "{ $name }" stands twice among what is shared; name it once.
invoice-run-decision-missing = How VAT on "{ $name }" is treated is not decided, and it is never inferred; record the decision of county finance and plan the run anew.
invoice-run-treatment-differs = The document to { $recipient } treats VAT otherwise than the decision on what it is for; plan the run anew.
invoice-run-issuer-not-vat-registered = { $issuer } is not registered for VAT on the invoice date, so that it cannot charge it; correct its register entry, or have the treatment of VAT decided anew.
invoice-run-supplier-invoice-misplaced = The document to { $recipient } does not fit its treatment of VAT: the supplier's invoice and VAT go with a claim that passes them on, and with nothing else; plan the run anew.
invoice-run-too-many-attachments = { $attachment_count } documents would go with the invoice to { $recipient }, but at most { $most } are taken; part the run into several.
invoice-run-total-below-zero = The invoice to { $recipient } would come to { $total_ore } kroner, which is below zero; credit an earlier invoice instead.
invoice-run-line-without-ground = The invoice to { $recipient } has the line "{ $text }", which is a share of what the run does not rest on; add it to the grounds or take the line out.
invoice-run-set-aside-without-ground = A share of the party { $party } is set aside of what the run does not rest on; add it to the grounds or take the share out.
invoice-run-ground-does-not-add-up = The shares of "{ $name }" on invoices and set aside come to { $lines_ore } kroner, but { $ground_ore } kroner is shared; plan the run anew.
invoice-run-invoice-net-wrong = The invoice to { $recipient } says { $stated_ore } kroner excluding VAT, but its lines come to { $computed_ore } kroner; plan the run anew.
invoice-run-invoice-vat-wrong = The invoice to { $recipient } says { $stated_ore } kroner of VAT, but its lines give { $computed_ore } kroner in one subtotal for each rate; plan the run anew.
invoice-run-invoice-total-wrong = The invoice to { $recipient } says { $stated_ore } kroner to pay, but its sum and VAT come to { $computed_ore } kroner; plan the run anew.
invoice-run-account-number-faulty = The account number "{ $account_number }" is not eleven digits with a right check digit (MOD11); check it against the bank's papers and leave points and spaces out.
invoice-run-year-not-taken = The year { $year } of the invoice date is outside 2000 to 2100; check the date.
invoice-run-issuer-number-missing = { $issuer } has no county number of two digits, with which the numbers of its invoices begin; record its number first.
invoice-run-due-before-date = The invoices would be due on { $due_date }, before their date { $invoice_date }; let them be due that day or later.
invoice-run-due-passed = The invoices would be due on { $due_date }, which has passed; plan anew, with a due date that is to come.
invoice-run-dated-back = The invoices would be dated { $invoice_date }, more than { $most_days } days before they go out, and an invoice carries the date on which it is issued; plan anew, with a later date.
invoice-run-dated-ahead = The invoices would be dated { $invoice_date }, more than { $most_days } days ahead; check the date, and plan the run when it is nearer.
invoice-run-objections-until-too-late = Objections could come until { $objections_until }, and only then could the run be approved: too late for invoices dated { $invoice_date } and due on { $due_date }; set an earlier day, or plan anew with later dates.
invoice-run-grounds-changed = What the plan rests on has changed: { $changes }{ $more_count ->
        [0] {""}
        [one] ; and one thing more
       *[other] ; and { $more_count } things more
    }. Discard the run and plan it anew.
changed-ground = { $of } can no longer be shared for these days
changed-statement = the amount of { $of } was stated anew
changed-amount = { $of } comes to { $now_ore } kroner instead of { $planned_ore }
changed-supplier-vat = the supplier's VAT of { $of } comes to { $now_ore } kroner instead of { $planned_ore }
changed-treatment = VAT on { $of } is { $now } instead of { $planned }
changed-decision = the decision on VAT on { $of } is “{ $now }” instead of “{ $planned }”
changed-share = the share of { $of } in { $share_of } is { $now_ore } kroner instead of { $planned_ore }
changed-invoiced = { $now_ore } kroner are left to invoice { $of } for { $share_of } instead of { $planned_ore }
changed-set-aside = { $of } is left out for { $share_of }: { $now }
changed-name = { $planned } is called { $now }
changed-organisation-number = the organisation number of { $of } is { $now } instead of { $planned }
changed-number = the number of { $of } is { $now } instead of { $planned }
changed-language = { $of } is written to in another language
changed-buyer-reference = the reference of { $of } is { $now } instead of { $planned }
changed-order-reference = the order number of { $of } is { $now } instead of { $planned }
changed-accounting-cost = the account that { $of } books to is { $now } instead of { $planned }
changed-account-number = the account to pay { $of } to is { $now } instead of { $planned }
changed-issuer = { $of } no longer exists, and who came after it issues invoices
changed-vat-rates = the rate of VAT to { $of } is { $now } instead of { $planned }
changed-attachments = what goes with the document to { $of } is { $now } instead of { $planned }
changed-foretaksregisteret = whether { $of } stands in Foretaksregisteret is stated otherwise
changed-vat-registered = whether { $of } is registered for VAT is stated otherwise
invoice-run-already-prebilled = The prebill was sent on { $on } with objections until { $objections_until }; discard the run and plan it anew if the day must be another.
invoice-run-objections-until-impossible = Objections until { $objections_until } leave no time after { $on }; give a later day, in the years 2000 to 2100.
invoice-run-not-prebilled = The run has had no prebill, so there is nothing to object to; send it first, or discard the plan.
invoice-run-no-participant = The party { $party } has no share in the run; name one that is invoiced or set aside in it.
invoice-run-objection-text-unfit = { $field ->
        [answer] The answer
        [reference] Where the objection is filed
       *[text] What the objection says
    } { $fault ->
        [missing] is empty; write one line that names no person.
        [too-long] is too long; write one line of at most 500 bytes that names no person.
        [several-lines] has several lines; write one line that names no person.
       *[address] holds an e-mail address, which must not stand in the log; write one line that names no person.
    }
invoice-run-too-many-objections = The run has { $most } objections, and no more are taken; discard it and plan it anew.
invoice-run-no-such-objection = The run has no objection { $objection }; look at its list.
invoice-run-objection-already-answered = Objection { $objection } was answered on { $on }, and an answer stands.
invoice-run-prebill-missing = The run has had no prebill, and the settings require one (invoice.prebill); send it first and let the day for objections pass.
invoice-run-prebill-not-sent = { $participant_count ->
    [one] The letter with the prebill has not reached { $first }; see the outbox
   *[other] The letters with the prebill have not reached { $participant_count } participants, the first of them { $first }; see the outbox
} and send it before the plan is approved.
invoice-run-objections-may-come = Objections may come until { $objections_until }; approve the run after that day.
invoice-run-objection-open = Objection { $objection }, of { $participant }, is not answered; answer it first.
invoice-run-objection-upheld = Objection { $objection }, of { $participant }, was upheld, so the plan does not stand; mend what it is about, discard the run and plan it anew.
invoice-run-own-plan = Two people are required (invoice.approvers), and nobody approves their own plan: who planned it ({ $role }) cannot; let another person approve.
invoice-run-planner-unknown = Two people are required (invoice.approvers), but nobody knows who planned the run; discard it, and plan it anew with the role and id of who plans.
invoice-run-already-approved = The invoice run was approved on { $on } ({ $role }) and is carried out as it stands; credit what is wrong.
invoice-run-not-approved = The invoice run is not approved; let a person look at the plan and approve it first.
invoice-run-already-discarded = The invoice run was discarded on { $on }; plan a new one.
invoice-run-not-all-issued = { $missing_count } invoices of the run are not issued; issue them first.
invoice-run-role-missing = The role of who approves is empty, too long or has control characters; write at most 500 bytes of plain text, and no person's name.

## Series of invoice numbers

series-not-opened = The number series is not opened; open it for the issuer and the year first.
series-already-opened = The number series is opened already with other content; use a new id for another series.
series-year-not-taken = The year { $year } is outside 2000 to 2100; check the year.
series-start-number-too-large = The series would start after the number { $last_number }, but at most 999 000 000 is taken; choose a lower one.
series-kid-impossible = The settings leave too few digits for a KID of the number { $number } and of its recipient; raise kid.number_digits or kid.customer_digits, and issue again.
series-other-issuer = The invoice is another issuer's than the series; use that issuer's series.
series-other-year = The invoice is dated { $invoice_date }, but the series numbers invoices of { $year }; use the series of that year.
series-full = The number series of { $year } has { $most } numbers, and all are used; date the document in another year.

## Delivery of invoices

delivery-rendered-differently = The document came out different from the one recorded (SHA-256 { $sha256 }, recorded { $recorded_sha256 }); keep the recorded one, since an issued invoice never changes.
delivery-not-rendered = The document is not drawn up, so the mail cannot have been taken; draw it up first.
delivery-e-invoice-rendered = The e-invoice is drawn up already, so it goes out with the document.
delivery-e-invoice-not-rendered = There is no e-invoice that could be laid out for the access point; draw it up first.
delivery-e-invoice-being-laid-out = The e-invoice is being laid out by a worker; look again in a moment.
delivery-e-invoice-laid-out = The e-invoice is laid out already, so it is not laid out again.
delivery-e-invoice-waits-for-a-person = Nobody knows whether the access point took the e-invoice; ask it, and say whether it did.
delivery-e-invoice-outcome-not-unknown = Whether the access point took the e-invoice is no question; say it only where the outbox says that the e-invoice is uncertain.
delivery-already-accepted = The mail was taken already (Message-ID { $message_id }), so it is neither held back nor sent again.
delivery-attempt-under-way = Attempt { $attempt } to send the mail is under way; its outcome is known by { $outcome_due_at }, so look again then.
delivery-not-due = The mail was put off by the receiving side and is tried again from { $next_attempt_at }; wait, or ask for another attempt at once.
delivery-waits-for-a-person = The mail waits for a person; ask for another attempt when what it lacked has been mended.
delivery-no-such-attempt = There has been no attempt { $attempt } to send the mail, so it has no outcome; record the outcome of an attempt that began.
delivery-said-to-have-arrived = It was said on { $on } that the mail arrived, so it is neither held back nor sent again.
delivery-outcome-not-unknown = Whether the mail arrived is no question: it is to be sent, or to be tried again; say whether it arrived only where the outbox says unknown or parked.
delivery-statement-incomplete = The role of who says it, or how it is known, is empty, too long or has control characters; write at most 500 bytes of plain text each, and no person's name.
delivery-not-parked = The mail waits neither for a person nor for a later attempt, so there is nothing to retry; the worker sends it when it gets to it.

## Credit notes

credit-note-credit-reason-missing = The reason of the credit note is empty, too long, or has control characters or an e-mail address; say in at most 500 bytes why the invoice is credited.
credit-note-credit-before-invoice = The credit note would be dated { $date }, before the invoice of { $invoice_date }; date it that day or later.
credit-note-credit-to-come = The credit note would be dated { $date }, a day that is still to come; date it today.
credit-note-credit-dated-back = The credit note would be dated { $date }, more than { $most_days } days before it goes out, and a credit note carries the date on which it is issued; date it today.
credit-note-nothing-left = Nothing is left of invoice { $number } to credit; look at its credit notes.
credit-note-no-line-named = No line of invoice { $number } is named to credit; name one or more in lines, or write extent whole to credit all that is left.
credit-note-no-such-line = Invoice { $number } has { $line_count } lines and no line { $line }; name one that it has.
credit-note-line-twice = Line { $line } is named twice; name each line once.
credit-note-nothing-of-line = { $amount_ore } kroner would be credited of line { $line } of invoice { $number }, which takes nothing off it: { $left_ore } kroner are left excluding VAT; give an amount up to that, or none to credit all of it.
credit-note-above-what-is-left = { $amount_ore } kroner would be credited of line { $line } of invoice { $number }, of which { $left_ore } kroner are left excluding VAT; credit at most that.
credit-note-above-the-invoice = { $amount_ore } kroner with VAT would be credited of invoice { $number }, of which { $left_ore } kroner are left, since lines below zero took something off; credit those lines with it, or less.
credit-note-vat-above-what-is-left = { $amount_ore } kroner of the supplier's VAT would be credited of line { $line } of invoice { $number }, of which { $left_ore } kroner are left; credit at most that.

## The supplier's invoices

supplier-invoice-supplier-number-missing = The number of the supplier's invoice is empty, too long or has control characters; write it as the supplier does.
supplier-invoice-supplier-amount-too-large = The amount { $amount_ore } kroner on the supplier's invoice is above the largest taken, 100 000 000 000 kroner either way; check the number of digits.
supplier-invoice-supplier-vat-impossible = The supplier's invoice has { $net_ore } kroner excluding VAT and { $vat_ore } kroner of VAT, of another sign; check both.
supplier-invoice-file-hash-malformed = sha256 "{ $sha256 }" is not 64 hexadecimal digits in lower case; give the hash of the file that is in the archive.
supplier-invoice-file-name-malformed = file_name is empty, longer than 100 bytes or holds a path or signs that no file name has; give the name alone.
supplier-invoice-media-type-not-taken = Files of the type { $media_type } do not go with an invoice; take a PDF, PNG or JPEG.
supplier-invoice-file-size-not-taken = The file has { $size_bytes } bytes, but it must have from 1 to { $most }; take a smaller one.
supplier-invoice-supplier-day-not-taken = { $day } on the supplier's invoice is before 1800, after 2100 or before the first of its days; check the days.
supplier-invoice-supplier-period-misplaced = The supplier's invoice for a licence says for which days it is, and one for a one-time cost does not; give period for a licence alone.
