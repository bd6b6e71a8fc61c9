# What pages say of budget sheets, in English: the messages of reports/text/nb/document.ftl that they use.

unknown = unknown
nothing = –
at-least = at least { $amount }
at-most = at most { $amount }
contains-unknown = contains unknown amounts
illustrative = Invented amounts – for illustration only
illustrative-sentence = The amounts are invented and stand here for illustration only.

certainty = Certainty
certainty-unknown = unknown
certainty-estimated = estimate
certainty-quoted = quote
certainty-contracted = contract
certainty-actual = actual
certainty-unknown-means = nobody knows yet, which is not the same as zero
certainty-estimated-means = somebody’s judgement, with a low and a high outcome where they are stated
certainty-quoted-means = the supplier’s written price, not yet agreed
certainty-contracted-means = agreed in a contract
certainty-actual-means = what it came to

kind-one-time = One-time cost
kind-grant = Grant
kind-licence = Yearly licence
kind-old-contract = Old contract
kind-double-cost = Double cost

sheet-title = Budget sheet { $first }–{ $last }
sheet-title-one-year = Budget sheet { $first }
as-of = as known on { $day }
municipality-number = Municipality number { $number }
county-number = County number { $number }
party-number = Number { $number }
organisation-number = organisation number { $number }
organisation-number-alone = Organisation number { $number }
budget-year = Budget
plan-year = Plan

line = Line
net-total = Sum excluding VAT
vat-total = Value added tax (VAT)
gross-total = Sum including VAT
vat-compensation = VAT compensation
after-compensation = To bear after VAT compensation
per-inhabitant = Kroner per inhabitant
inhabitants = { $count } inhabitants on { $day }
change-from-year-before = Change from the year before
change-from-old-system = Change from the old system
old-system-yearly = Old system, a full year excluding VAT
vat-rate = { $percent } VAT
kostra = function { $function }, kind { $kind }
kostra-vat = VAT on kind { $kind }
in-years = { $codes } ({ $years })
carried-from = moved from { $year }
carried-to = moved to { $year }
carried-over = { $text }: { $amount } moved from { $from } to { $to } ({ $reference }, { $day }).
carried-amount = { $amount } kroner
carried-unknown = an unknown amount

notes = Note
accounts = Accounts
legend = How certain the amounts are
source-inhabitants = Inhabitants: { $count } on { $day } ({ $source }).
source-old-system = A full year of the old system costs { $amount } kroner excluding VAT.

note-key-not-adopted = The shares rest on the sharing key “{ $key }”, which is proposed and not adopted.
note-index-not-published = The price of “{ $text }” follows an index that is not published for { $year }: the amounts from then on are estimates.
note-key-cannot-share = { $text } cannot be shared among those that take part, and is therefore unknown: { $reason }
cannot-share-nobody = nobody takes part on the days it is for.
cannot-share-no-key = no sharing key is proposed or adopted.
cannot-share-figure-missing = { $party } lacks { $measure }.
cannot-share-key = the key cannot be used (“{ $fault }”).
cannot-share-floors-exceed = the floors come to { $floors } ({ $count } × { $floor }), more than the { $amount } to share. Lower the floor.
cannot-share-first-exceed = the amounts paid first come to { $first }, more than the { $amount } to share. Lower them.
cannot-share-first-and-floors-exceed = the amounts paid first and the floors come to { $least }, more than the { $amount } to share. Lower them.
cannot-share-caps-fall-short = by the cap at most { $most } of { $amount } would be paid. Raise the cap.
cannot-share-grants-exceed = the grants come to { $grants }, more than the amount of { $amount }. Lower them.
cannot-share-not-whole-kroner = { $amount } cannot be shared in whole kroner.
cannot-share-zero-sum = { $measure } come to zero in all, so that nothing can be shared by them.
cannot-share-no-percentage = { $party } has no agreed percentage.
cannot-share-unknown-party = the key names { $party }, which does not take part. Let it take part, or take away what is said of it.
cannot-share-ambiguous-party = the key names { $party }, a number that several of those that take part have or had. Give the organisation number instead.
cannot-share-party-twice = { $party } stands there twice. Keep one of them.
cannot-share-no-bases = the key does not say what to share by. Give percentages that come to 100.
cannot-share-percent-sum = the percentages do not come to 100. Adjust them.
cannot-share-floor-above-cap = the floor is above the cap. Lower the one or raise the other.
cannot-share-too-large = an amount is above 100 000 000 000 kroner, the largest that is taken. Lower it.
cannot-share-negative = a number is below zero. Give zero or more.
measure-inhabitants = number of inhabitants
measure-pupils = number of pupils
measure-records = number of records in the catalogue
measure-libraries = number of libraries
measure-loans = number of loans
note-give-notice-by = Notice of { $system } must be given by { $day }. Otherwise both the old and the new system are paid.
note-double-cost = In { $year } both { $system } and the new system are paid for { $days ->
        [one] one day
       *[other] { $days } days
    }.
note-option-not-exercised = The agreement is an option: it costs nothing until it is exercised.

low = low
likely = likely
high = high
vat-percent = VAT
workbook-budget = Budget
workbook-assumptions = Assumptions
workbook-vat-heading = VAT by line
workbook-year-before = To bear in the year before the first, likely
workbook-compensated-share = Share of VAT that is compensated
workbook-year = Year
workbook-line-kind = Kind
workbook-numbers = Numbers
workbook-function = Function
workbook-kind = Account kind
workbook-vat-kind = VAT on kind
workbook-carried = Moved
workbook-live = Yellow cells are numbers; everything else is a formula that goes on from them. Type a number over “unknown”, and the sums follow.
workbook-procurement = Procurement
workbook-party = Party
workbook-as-of = Known on
workbook-inhabitants = Inhabitants
