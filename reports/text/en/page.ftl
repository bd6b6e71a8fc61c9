# The words and sentences of pages, in English. Amounts and dates come in as finished text.

# The frame of every page.
page-skip = Skip to the content
page-procurements = Procurements
page-proof-lacking = You are signed in without what it takes to change anything, so forms may be missing here.
page-navigation = Main menu
page-account = My account
page-language = Language
page-footer = Grenseløs shares the cost of joint procurements. Every amount can explain itself.
page-accessibility = Accessibility
page-api = For programs (API)
page-home = To the front page
page-board = Municipalities
page-keys = Key laboratory
page-invoices = Invoicing
page-log = The log

# What cannot be shown.
page-not-found = There is nothing here
page-not-found-advice = The address does not exist, or what it pointed to no longer does. Go to the front page and look from there.
page-refused = This could not be done
page-done-in-part = Not all of it was done
page-done-in-part-advice = What is said below to be done is done. Read what stands in the way of the rest.
page-refused-advice = Read below what is in the way, go back and mend it. Nothing has been stored.
page-no-municipality = The municipality does not exist, or you may not see it.
page-no-invoice = The invoice does not exist, or you may not see it.
page-no-run = The invoice run does not exist, or you may not see it.
page-no-payment = The payment does not exist, or you may not see it.
page-no-letter = The letter does not exist, or you may not see it.
page-no-agreement = The agreement does not exist, or you may not see it.
page-no-proposal = The proposal does not exist, or you may not see it.
page-no-procurement = The procurement does not exist, or you may not see it.
page-no-account = The account does not exist, or you may not see it.
page-denied-advice = Ask whoever administers the accounts if you need access. Nothing has been saved.
page-broken = Something went wrong on our side
page-broken-advice = The failure is written down for whoever operates the service. Try again in a while.

# The page of a municipality's leader.
page-in-kroner = Kroner
page-in-thousands = Thousands of kroner
page-kroner = Kroner
page-thousands = Thousands
page-historical = You see what was known on an earlier day.
page-to-today = Show what is known today
page-nothing-heading = No costs yet
page-nothing = No cost is recorded that the municipality bears in these years. Choose another year below.
page-to-bear = To bear in { $year } after VAT compensation
page-nothing-in-year = Nothing
page-at-least = at least
page-between = between { $low } and { $high }
page-why = Why? See how { $year } is worked out
page-per-inhabitant = Per inhabitant
page-beside-old = Compared with the old system
page-change-from-old = { $change } compared with a full year
page-comparable = Among municipalities of the same size
page-comparable-place = Number { $place } of { $of } in { $year }, counted from the one that pays least per inhabitant.
page-comparable-how = The others are the up to ten municipalities of the procurement with the closest number of inhabitants.
page-comparable-show = Show the municipalities
page-comparable-description = Kroner per inhabitant in each municipality. The table below has the figures.
page-double = Avoid paying twice
page-double-amount = That costs { $amount } more.
page-four-years = Budget and plan
page-take-along = Take along
page-pdf = Budget sheet as PDF
page-excel = Spreadsheet (Excel) with live formulas
page-council = Draft for the council (Word)
page-chart = Year by year, low to high
page-chart-description = What the municipality bears each year: the likely amount as a bar, low and high outcome as a line. The table above has the figures.
page-chart-old = The dashed line is a full year of the old system: { $amount }.
page-chart-old-unknown = Nobody knows yet what a year of the old system costs.
page-chart-old-none = The municipality has no old system to compare with.
page-municipality = Municipality
page-inhabitants = Inhabitants
page-when = What did we know when?
page-budget-year = Budget year
page-known-on = Show what was known on
page-compare-with = Compare with what was known on
page-show = Show
page-day-refused = Write a day such as 2023-06-01, not later than today.
page-since-refused = Choose a day before the one that is shown.
page-year-refused = Write a year from 2000 to 2100.
page-milestones = Days that matter:
page-changed = What has changed since { $day }
page-changed-visit = What has changed since your last visit, { $day } at { $time }
page-changed-nothing = Nothing has changed.
page-changed-unknown = On that day neither the municipality nor the procurement was known.
page-changed-new = New: { $text }
page-changed-gone = Gone: { $text }
page-changed-line = { $text }, { $year }: from { $before } to { $now }
page-year = Year
page-before = Before
page-now = Now
page-change = Change
page-go-live-day = Wished first day
page-go-live-wish = Save the wish
page-go-live-wished = Wishes to start on { $day }.
page-go-live-none = No first day is wished yet.
page-go-live-refused = Choose a day from today on.
page-went-live = In operation from { $day }.
page-ready = Is the library ready?
page-ready-none = No library has signed up.
page-ready-leaders-informed = The leaders are informed
page-ready-reported-into-budget = Reported into the budget
page-ready-old-contract-ended = The old contract is ended
page-ready-catalogue-cleaned = The catalogue is cleaned
page-ready-school-libraries-informed = The school libraries are informed
page-ready-done = Done { $day }
page-ready-due = By { $day }
page-ready-no-date = No due date
page-grounds = Grounds
page-certainty = How certain the amounts are
page-sources = Sources and accounts
page-own-invoices = The municipality’s invoices

# Where figures come from.
page-why-title = Explanation: { $party } { $year }
page-why-heading = how { $year } is worked out
page-why-lead = Every amount excludes VAT and can be checked with a calculator.
page-why-nothing = There is nothing to explain in this year.
page-why-events = The events it rests on
page-why-event = No. { $position }: { $what }, recorded { $day }
page-why-range = { $likely } (between { $low } and { $high })
page-why-stated = In force since { $day }: { $amount }. Source: { $source }
page-why-stated-before = Before, { $day }: { $amount }. Source: { $source }
page-why-grant = Grant from { $from }: { $amount } is taken off ({ $reference }, { $day }).
page-why-grant-withdrawn = The grant from { $from } of { $amount } ({ $reference }, { $day }) is no longer taken off, since { $withdrawn }: { $reason }.
page-why-moved = Moved from { $from } to { $to } ({ $reference }, { $day }).
page-why-factor = The price is multiplied by { $factor } from { $year } ({ $source }).
page-why-price = Price for the whole of { $year }: { $price }.
page-why-old-system = The old system costs { $yearly } a year, and { $paid } of the year’s { $of } days are paid.
page-why-alone = { $amount } is borne by the municipality alone.
page-why-shared = { $amount } is shared among { $members } by the key “{ $key }”, with figures of { $day }.
page-why-shared-proposed = { $amount } is shared among { $members } by the key “{ $key }”, which is only proposed, with figures of { $day }.
page-why-days = This is for { $first } to { $last }: { $days } of the year’s { $of } days.
page-why-figure = { $measure }: { $value } of { $sum } ({ $day }, { $source })
page-why-figure-of = Of these { $counts } from { $party }: { $percent } of { $value } ({ $day }, { $source })
page-why-comes-to = That comes to { $share } of { $amount }.
step-first = A first amount: { $amount }
step-first-by-rate = A first amount by { $measure }: { $rate } × { $value } = { $amount }
step-base-equal = { $percent } is shared equally: { $percent } × { $value } / { $sum } = { $weight }
step-base = { $percent } is shared by { $measure }: { $percent } × { $value } / { $sum } = { $weight }
step-agreed = Agreed share: { $percent }
step-whole-percent = Rounded to { $percent }
step-rest = Of the rest: { $rest } × { $weight } / { $of } = { $amount }
step-shared-again = Shared again, since others stand at a floor or a cap: { $rest } × { $weight } / { $of } = { $amount }
step-price = Price: { $amount }
step-price-by-rate = Price by { $measure }: { $rate } × { $value } = { $amount }
step-price-of-tier = Price by { $measure }: { $value } is above { $above }, which costs { $amount }
step-floor = Floor: { $floor } instead of { $instead }
step-cap = Cap: { $cap } instead of { $instead }
step-part-of-year = For { $days } of the year’s { $of } days: × { $part } / { $year } = { $amount }
step-odd-ore = The øre that are over where shares are in whole kroner: { $amount }
step-evened = Evened, so that nobody’s low share is above the likely one, and a grant raises nobody’s share: { $amount }
step-largest-remainder = Rounded down to a whole øre (largest remainder): { $exact }
step-largest-remainder-gained = Rounded up to a whole øre (largest remainder): { $exact }
step-nearest = Rounded to the nearest whole øre: { $exact }
step-part = { $percent } by “{ $key }”: { $amount } of { $part }

# The draft for the council.
council-heading = Draft for the council: { $party } and { $procurement }
council-proposal = Proposed decision
council-proposal-join = { $party } joins { $procurement }.
council-proposal-amount = { $amount } is entered in the budget for { $year }, and the following years in the plan as in the table.
council-proposal-unknown = The amount for { $year } is not wholly known. It is entered when it is.
council-background = Background
council-background-text = The library of { $party } takes part in { $procurement }. The cost is shared among those that take part by an agreed sharing key.
council-cost = Finance
council-cost-text = The table shows what the municipality bears, as known on { $day }.

# The front page, and accessibility.
page-front = Whom is it about?
page-front-lead = Choose the municipality to see what the joint procurement costs, how certain that is, and why.
page-front-not-yours = None of your roles is for the municipalities that take part. Use what you reach by the menu above.
page-front-empty = No municipality takes part in a procurement yet.
accessibility-goal = The pages are meant to meet WCAG 2.2 at level AA.
accessibility-how = How the pages are made
accessibility-script = Everything works without script in the browser but passkeys. Who has no script proves who they are at a sign-in provider.
accessibility-keyboard = Everything can be done by the keyboard alone, and one sees where one is.
accessibility-figures = Every chart has the same figures in a table.
accessibility-look = The pages follow light and dark, work from 320 pixels and print well.
accessibility-lacks = What is lacking
accessibility-sami = In Northern Sámi only verified words are translated. The rest is in bokmål and marked as such.
accessibility-messages = Some messages of the rules are in English. They are marked as such.
accessibility-tell = If something is hard to use, tell whoever operates the service.

# The board.
page-step-agreement = Agreement
page-step-signup = Signup
page-step-notice = Notice of old contract
page-step-budget = Reported into the budget
page-of = { $count } of { $of }
page-filter = Find municipalities
page-search = Search by name or number
page-missing-step = Lacks
page-any-step = Anything
page-sort = Order
page-sort-number = Municipality number
page-sort-name = Name
page-sort-behind = Most behind first
page-only-behind = Only those behind
page-option = option
page-taken = Done
page-not-yet = Not yet
page-not-needed = Not needed
page-board-none = No municipality fits what you looked for.
page-board-all = Show all
page-amounts = Costs and licences
page-amounts-none = No costs or licences are recorded yet.
page-nothing-said = Nobody has said anything of the amount yet.
page-from-day = from { $day }

# The key laboratory.
page-keys-lead = Try another sharing key, other participants, floors, caps or a phase-in, and see what it leads to for everybody. Nothing is stored before you give it a name.
page-form-refused = Something must be mended before this can be tried. Nothing has been stored.
page-shared-by = Shared by, 100% together
page-percent-refused = Write percentages from 0 to 100 that come to 100 together.
page-equally = Equally
page-in-place-of = In place of the key
page-floor = Floor, kroner or percent
page-cap = Cap, kroner or percent
page-floor-above-cap = The floor is above the cap. Lower the one or raise the other.
page-bound-refused = Write an amount in kroner, such as 1500, or a percentage of what is shared, such as 2.5 %. Put a semicolon between both.
page-first-each = Each pays first, kroner
page-grants = Grants that are taken off first
page-grants-refused = Write who gives and how much, such as The state: 100000. Put a semicolon between several.
page-choose-key = Choose which key is tried
page-choose-key-refused = There are several keys. Choose one of them.
page-keeps = This stays as it is in the key in force:
page-keeps-krone = Shares are in whole kroner.
page-keeps-each = Each share is rounded by itself.
page-keeps-percentages = Agreed percentages for each party, as long as there are no percentages in the fields.
page-keeps-decimals = Shares are first rounded in percent.
page-keeps-firsts = Other amounts that are paid first, by a rate or by one party.
page-keeps-tariff = The key is a price list. It stays as it is, as long as there are no percentages in the fields.
page-keeps-blend = The key is made of several. It stays as it is, as long as there are no percentages in the fields.
page-amount-refused = Write an amount in kroner, such as 1500 or 1500.50.
page-phase = How much of the amount, % (phase-in)
page-phase-refused = Write a percentage from 0 to 100.
page-applies-from = Applies from
page-date-refused = Write a day such as 2024-01-01.
page-first-year = First year shown
page-members = Who takes part
page-try = Try
page-as-it-is = Back to how it is
page-result = Before and after, { $years }
page-sum-of-changes = Sum of the changes
page-changes-description = Change for each municipality: less to the left, more to the right. The table below has the figures.
page-after = After
page-change-percent = Change in percent
page-change-each = Change per inhabitant

# Finance's pages.
page-runs = Invoice runs
page-runs-none = No invoice run is planned.
page-run = Invoice run
page-run-covers = Covers
page-run-planned = Waits for approval
page-run-approved = Approved
page-run-discarded = Discarded
page-run-completed = Completed
page-state = State
page-planned-on = Planned on
page-invoices-count = Count
page-sum = Sum
page-to-match = Payments to match by hand
page-to-match-none = All payments are matched.
page-open = Open
page-reference = Reference
page-invoice = Invoice
page-match = Match with the invoice
page-payment-reversal = Reversal
page-payment-unknown-kid = Unknown KID
page-payment-several-kids = Several KIDs
page-payment-no-kid = No KID
page-payment-before-invoice = Before its invoice
page-payment-all-open = All of it is open
page-payment-rest = Rest
page-payment-settled = Settled
page-unpaid = Unpaid
page-unpaid-none = Everything is paid.
page-overpaid = Paid too much
page-overpaid-what = It was credited after it was paid. Pay it back, or let the payment pay another invoice.
page-age-not-due = Not due
page-age-30 = Up to 30 days overdue
page-age-90 = 31 to 90 days overdue
page-age-older = More than 90 days overdue
page-due = Due
page-reminders = Reminders
page-outstanding = Outstanding
page-letters = Letters
page-letter = Letter
page-server-said = The mail server’s reply
page-retry = Try again
page-letter-prebill = prebill
page-letter-answer = answer to an objection
page-letter-withdrawal = word that a prebill is withdrawn
page-letter-nudge = about what remains to be done
page-letter-parked = Waits for a person
page-letter-unknown = Unknown whether it arrived
page-letter-deferred = Tried again later
page-letter-attempting = Being sent
page-letter-queued = Queued
page-letter-arrived = Arrived
page-letter-accepted = Accepted
page-credit-notes = Credit notes
page-credit-notes-none = No credit note is issued.
page-credit-note = Credit note
page-credits = Credits invoice
page-date = Date
page-invoice-date = Invoice date
page-beside-last-year = Beside last year
page-last-year = Last year
page-invoiced-before = Invoiced before
page-planned = Planned
page-set-aside = Set aside
page-not-planned = Not in the plan
page-left-over = Left over beside the plan
page-left-over-meaning = This is not part of the plan, since the others were invoiced before or nobody can be invoiced yet. Once what is lacking is recorded, it comes with a new plan.
page-left-over-vat = How VAT on it is treated is not decided either.
page-objections = Prebill and objections
page-objections-until = Objections may come until { $day }.
page-own-object = Send the objection
page-own-prebills = What is to be invoiced
page-run-invoices = The invoices that are planned
page-vat = VAT
page-objections-none = No objections have come.
page-objections-by = Last day for objections
page-objection-upheld = Upheld
page-objection-rejected = Rejected
page-unanswered = Not answered
page-prebill = Send prebill
page-approval = Approval
page-approved-by = Approved by { $role } on { $day }.
page-your-role = Your role
page-your-id = Your id
page-id-refused = Write an id that looks like 00000000-0000-4000-8000-000000000000.
page-approve = Approve
page-run-waits = The run waits for the date of its invoices, { $day }. Then they are numbered and sent. Until then it can be discarded.
page-run-dates-passed = The run is dated { $day } and can no longer be issued with its dates. Discard it and plan anew.
page-discard = Discard the plan
page-invoices-of = invoices
page-invoices-none = No invoice has been issued to the municipality yet.
page-paid = Paid
page-overdue = Overdue: { $amount }
page-to-pay = To pay: { $amount }

# The log.
page-log-lead = Everything that has happened, in the order it was recorded. Nothing is edited or deleted; what was wrong is followed by what is right.
page-log-filter = Find in the log
page-log-party = Municipality or other party
page-party-refused = Write a municipality number or a whole name.
page-log-kind = Kind
page-any-kind = All kinds
page-log-actor = Who
page-log-first = From
page-log-last = Until
page-log-none = No events fit what you looked for.
page-log-older = Older events
page-erased = The content has been erased. That it happened, and when, still stands.
page-verify = Verify the log
page-log-sound = The chain of { $count } events is unbroken, and the book adds up.
page-log-faulty = The log or the book is not sound.

page-days-behind = { $days ->
        [one] one day
       *[other] { $days } days
    } behind
page-ready-late = Due { $day }, { $days ->
        [one] one day
       *[other] { $days } days
    } ago
page-why-licence-paid = The new system is paid for from { $first } to { $last } (“{ $licence }”).
page-why-go-live = No licence is known yet. The new system is in use from { $day }, and is taken to be paid for from then on.
page-why-both-paid = Both are paid for { $days ->
        [one] one day
       *[other] { $days } days
    }.
page-board-found = { $count ->
        [one] One municipality
       *[other] { $count } municipalities
    }
page-winners = { $count ->
        [one] One pays
       *[other] { $count } pay
    } less
page-losers = { $count ->
        [one] One pays
       *[other] { $count } pay
    } more
page-not-known = { $count ->
        [one] For one it is not known
       *[other] For { $count } it is not known
    }
page-letters-out = { $count ->
        [one] One letter has
       *[other] { $count } letters have
    } gone out.

# What has happened.
event-party-registered = Party registered
event-party-numbered = New number
event-party-named = New name
event-party-measured = Figure recorded
event-party-merged = Merged into another
event-party-split = Split between others
event-party-succeeded = Succeeded by others
event-party-written-form-chosen = Written form chosen
event-party-sami-language-area-set = Sámi language area set
event-party-vat-compensation-set = VAT compensation set
event-party-contact-named = Contact named
event-party-buyer-reference-set = Buyer reference set
event-party-register-entry-stated = Register entry stated
event-party-invoice-references-set = Invoice references set
event-procurement-opened = Procurement opened
event-procurement-milestone-set = Milestone set
event-procurement-agreement-label-chosen = Name of agreements chosen
event-procurement-passed = Procurement passed to others
event-procurement-vat-treatment-decided = VAT treatment decided
event-procurement-nudged = Nudges are sent
event-agreement-drafted = Agreement drafted
event-agreement-sent = Agreement sent
event-agreement-signed = Agreement signed
event-agreement-activated = Agreement in force
event-agreement-option-exercised = Option exercised
event-agreement-notice-given = Notice of agreement given
event-agreement-notice-withdrawn = Notice of agreement withdrawn
event-agreement-ended = Agreement ended
event-agreement-amended = Agreement amended
event-agreement-passed = Agreement passed to another county
event-agreement-copy-kept = Signed copy of an agreement kept
event-signup-signed-up = Library signed up
event-signup-option-exercised = Library’s option exercised
event-signup-shared-base-chosen = Choice of shared base
event-signup-shared-catalogue-chosen = Choice of shared catalogue
event-signup-go-live-wished = Go-live wished
event-signup-went-live = New system taken into use
event-signup-go-live-corrected = First day on new system corrected
event-signup-withdrawn = Library withdrawn
event-signup-readiness-due-set = Due date on the checklist set
event-signup-readiness-ticked = Item of the checklist done
event-signup-readiness-reopened = Item of the checklist reopened
event-legacy-recorded = Old contract recorded
event-legacy-yearly-cost-stated = Yearly cost of old contract stated
event-legacy-notice-given = Notice of old contract given
event-legacy-notice-withdrawn = Notice of old contract withdrawn
event-legacy-end-corrected = End of old contract corrected
event-legacy-extended = Old contract extended
event-cost-recorded = Cost recorded
event-cost-assessed = Amount of cost stated
event-cost-granted = Grant towards cost
event-cost-grant-withdrawn = Grant towards cost withdrawn
event-cost-supplier-invoiced = Supplier’s invoice for cost
event-cost-moved = Cost moved to another year
event-cost-cancelled = Cost cancelled
event-licence-recorded = Licence recorded
event-licence-priced = Licence priced
event-licence-indexed = Licence indexed
event-licence-came-to = What a year of the licence came to
event-licence-rescheduled = Days of licence changed
event-licence-supplier-invoiced = Supplier’s invoice for licence
event-sharing-key-proposed = Sharing key proposed
event-sharing-key-adopted = Sharing key adopted
event-sharing-key-proposal-saved = Proposal of a sharing key saved
event-sharing-key-hearing-opened = Proposal of a sharing key sent for hearing
event-sharing-key-hearing-answered = Answer to a hearing recorded
event-invoice-run-planned = Invoice run planned
event-invoice-run-plan-continued = Invoice plan continued
event-invoice-run-prebilled = Prebill to be sent
event-invoice-run-objection-recorded = Objection recorded
event-invoice-run-objection-answered = Objection answered
event-invoice-run-approved = Invoice run approved
event-invoice-run-numbering-begun = Numbering begun
event-invoice-run-discarded = Invoice run discarded
event-invoice-run-completed = Invoice run completed
event-series-opened = Number series opened
event-series-invoice-issued = Invoice issued
event-series-credit-note-issued = Credit note issued
event-delivery-rendered = Document drawn up
event-delivery-e-invoice-omitted = E-invoice omitted
event-delivery-e-invoice-laying-started = Laying out of e-invoice started
event-delivery-e-invoice-outcome-unknown = Unknown whether e-invoice was taken
event-delivery-e-invoice-outcome-stated = Outcome of e-invoice stated
event-delivery-e-invoice-placed = E-invoice laid out
event-delivery-mail-attempt-started = Sending begun
event-delivery-mail-accepted = Letter accepted by the server
event-delivery-mail-deferred = Letter put off
event-delivery-mail-outcome-unknown = Unknown whether the letter arrived
event-delivery-mail-parked = Letter waits for a person
event-delivery-mail-retry-requested = Retry requested
event-delivery-mail-outcome-stated = Outcome of letter stated
event-payments-opened = Account opened
event-payments-file-taken = Bank file taken in
event-payments-received = Payment received
event-payments-matched = Payment matched
event-payments-unmatched = Payment unmatched
event-payments-returned = Payment returned
event-payments-reversed = Payment reversed
event-payments-reminded = Reminder made
event-access-invited = Person invited
event-access-invitation-renewed = Person invited anew
event-access-closed = Account closed
event-access-granted = Role granted
event-access-revoked = Role revoked
event-access-requested = Role asked for
event-work-claimed = An instance works
event-work-released = An instance is done
event-payments-charges-waived = Charges waived

# A page that is kept up to date, and a form that came too late.
page-live-said = The page is up to date again.
page-live-kept = The page is up to date again. What you are filling in is as it was.
page-overtaken = Somebody was faster
page-overtaken-lead = This was changed after your page was shown. What you sent has not been done.
page-overtaken-happened = What has happened in the meantime
page-overtaken-do = What do you want to do?
page-overtaken-both = Both versions
page-overtaken-field = Field
page-overtaken-mine = Yours
page-overtaken-theirs = Theirs
page-overtaken-untouched = not changed
page-overtaken-keep = Keep theirs, and see the page as it is now
page-overtaken-send = Send mine all the same
page-overtaken-rules = The rules hold as ever: where it is no longer possible, you are told why.
page-name = Name

# The kinds of what the log is about.
log-kind-party = Parties
log-kind-procurement = Procurements
log-kind-agreement = Affiliation agreements
log-kind-signup = Libraries that take part
log-kind-legacy = Old contracts
log-kind-cost = One-time costs
log-kind-licence = Licences
log-kind-sharing-key = Sharing keys
log-kind-invoice-run = Invoice runs
log-kind-series = Invoices and credit notes
log-kind-delivery = Letters
log-kind-payments = Payments
log-kind-access = Access
log-kind-work = Work of the service
page-log-stream = Stream, as it stands with each event
page-log-stream-refused = There is no such stream. Choose it with an event.
page-log-verifying = Verifying: { $done } of { $of } events.
page-log-verified = Verified { $day } at { $time }.
page-verify-heading = Is the log whole?
page-verify-look = See how far it has come

# The state on a day.
page-state-on-day = The state on a day
page-state-lead = As it was known at the end of the day, or with an event of the log: what the program answered then.
page-state-day = Day
page-state-agreements = Agreements and budgets
page-state-budget = To bear in { $year }
page-state-signed = Signed
page-state-none = None.
page-state-balances = Outstanding
page-state-balances-none = Nothing was outstanding.
page-state-access = Who had access
page-state-who = Person
page-state-role = Role
page-state-for = For
page-state-until = Until
page-state-no-end = until it is revoked
page-agreement-drafted = Draft
page-agreement-sent = Sent
page-agreement-signed = Signed
page-agreement-active = In force
page-agreement-under-notice = Notice given
page-agreement-ended = Ended
