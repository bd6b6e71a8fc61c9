### Why a wish is refused: parties, procurements, agreements, signups and old contracts.
### One sentence for each rejection of the rules: what is wrong, why, and what to do. The arguments are the rejection's fields.
### Days are written as 2023-12-01, amounts are given in kroner.

## Parties

party-not-registered = The party is not registered; register it with its organisation number first.
party-already-registered = The party is registered already with organisation number { $organisation_number } or with other content; use another id for another party.
party-organisation-number-missing = organisation_number is missing, and only a party that is neither municipality nor county authority may be without; copy it from Enhetsregisteret.
party-organisation-number-invalid = organisation_number "{ $organisation_number }" is not nine digits of which the last is the right check digit; copy it from Enhetsregisteret.
party-number-malformed = number "{ $number }" does not have the { $digits } digits that a party of this kind has; give a municipality four digits and a county two.
party-other-number-from-that-day = The party has number { $number } from { $from } already, and a number is not set twice for one day; give the day from which the other number holds, or correct the one that was wrong.
party-no-number-from-that-day = The party has no number from { $from } on, so that there is none to correct; give the day from which the wrong number was said to hold.
party-names-missing = names is empty; give at least one name.
party-language-twice = names holds two names in language "{ $language }"; give one name in each language.
party-name-malformed = The name in language "{ $language }" is empty, longer than 100 characters or holds line breaks; write it as the authorities do.
party-measure-malformed = measure is empty, longer than 100 characters or holds line breaks; name what was counted, such as inhabitants.
party-measure-reserved = measure "{ $measure }" is what sharing keys call one for each party, and is not counted; name what was counted, such as inhabitants.
party-figure-negative = value { $value } of { $measure } is negative; give a figure that is zero or more.
party-count-not-whole = value { $value } of { $measure } is no whole number; { $measure } are counted one by one: write the figure without decimals, and thousands with spaces.
party-figure-too-large = value { $value } of { $measure } is above 1000000000000, the largest figure taken; check the figure and its unit.
party-figure-too-precise = value { $value } of { $measure } has more than four decimals; round it as its source does.
party-source-missing = source is empty, longer than 500 bytes or holds line breaks; say where the figure is from, such as "SSB 07459".
party-reference-missing = reference is empty, longer than 500 bytes or holds line breaks; for an ending name the decision, for invoices give the reference the party wants.
party-already-ended = The party no longer exists from { $ended_on }; only figures, names and numbers for days before that, contacts and its reference are taken.
party-county-authority-is-succeeded = A county authority is neither merged nor split; name those that come after it with the command succeed.
party-only-county-authority-is-succeeded = Only a county authority is succeeded by others; use the command merge or split for this party.
party-own-heir = The party cannot take over from itself; name another party.
party-heirs-missing = No party is named that takes over; name at least one.
party-too-many-heirs = { $count } parties are to take over, and at most { $most } are taken; check the list.
party-heir-twice = Party { $party } is named twice among those that take over; name each once.
party-share-impossible = percent { $percent } is not above 0 and up to 100; give each party the percentage that was decided for it.
party-shares-not-whole = The shares are { $percent } percent together; they must be exactly 100 by the decision that holds the key.
party-day-not-taken = { $day } is before 1800 or after 2100; check the year.

## Procurements

procurement-not-opened = The procurement is not opened; open it first.
procurement-already-opened = The procurement is opened already as "{ $name }" or with other content; use another id for another procurement.
procurement-name-missing = name is empty, longer than 500 bytes or holds line breaks; give a name that people know it by.
procurement-label-missing = What the agreements are called is empty, longer than 500 bytes or holds line breaks; give a word such as tilknytningsavtale.
procurement-reference-missing = reference is empty, longer than 500 bytes or holds line breaks; name the decision by which the procurement passes on.
procurement-counties-missing = counties is empty; name at least one county authority that leads the procurement from then on.
procurement-too-many-counties = counties names { $count } county authorities, and at most { $most } are taken; check the list.
procurement-county-twice = counties names { $county } twice; name each county authority once.
procurement-passed-before-opened = The procurement would pass on { $on }, before it was opened on { $opened_on }; give a day on or after that.
procurement-already-passed = The procurement passed to other county authorities on { $passed_on } already; give a day after that.
procurement-vat-percent-missing = vat_percent is missing, and what is resold has a rate of VAT; give the rate that was decided, such as 25.
procurement-vat-percent-misplaced = vat_percent is given, but there is no output VAT by { $treatment }; leave it out.
procurement-vat-percent-impossible = vat_percent { $vat_percent } is below 0 or above 100; give the rate that was decided, such as 25.
procurement-decision-missing = decision is empty, longer than 500 bytes or holds line breaks; give the reference of the decision, such as an archive case number.
procurement-role-missing = role is empty, longer than 500 bytes or holds line breaks; give the role of who decided, such as økonomisjef, and no name.
procurement-day-not-taken = { $day } is before 1800 or after 2100; check the year.
procurement-nobody-to-nudge = Nobody is named to write to; choose at least one of those who are behind.
procurement-too-many-to-nudge = { $count } would be written to at once, and at most { $most } are; choose fewer.
procurement-not-behind = The party { $party } is not behind with anything, so there is nothing to write about; leave it out.
procurement-nudged-today = The party { $party } was written to on { $on } already, and nobody is nudged twice on a day; wait until tomorrow, or leave it out.
procurement-note-unfit = What is to be added is above 500 bytes, or has a line break or an e-mail address, which must not stand in the log; write one short line that names no person, or leave it out.

## Agreements

agreement-not-drafted = The agreement is not drafted; draft it with its party and county authority first.
agreement-already-drafted = The agreement was drafted on { $drafted_on } already with other content; record a change as an amendment, or use another id for another agreement.
agreement-county-is-party = The party and the county authority of the agreement are the same; an agreement is between two.
agreement-member-from-too-early = member_from { $member_from } is before { $on }, the day of the draft or of the exercise; costs are shared from that day at the earliest.
agreement-not-sent = The agreement is not sent; record the day it was sent before its signature.
agreement-already-sent = The agreement was sent on { $sent_on } already with another day or answer date; it is sent once.
agreement-sent-before-drafted = The agreement would be sent on { $on }, before its draft of { $drafted_on }; check the two days.
agreement-answer-before-sent = answer_by { $answer_by } is before { $on }, the day it is sent; give a later day to answer by.
agreement-not-signed = The agreement is not signed; record its signature first.
agreement-already-signed = The agreement was signed on { $signed_on } by { $role } already; it is signed once, so record a change as an amendment.
agreement-signed-before-sent = The agreement would be signed on { $on }, before it was sent on { $sent_on }; check the two days.
agreement-role-missing = role is empty, longer than 500 bytes or holds line breaks; give the role of who signed, such as kommunedirektør, and no name.
agreement-authority-missing = authority is empty, longer than 500 bytes or holds line breaks; name what gives the role authority to sign, such as a delegation decision.
agreement-already-active = The agreement is in force from { $active_from } already; it comes into force once.
agreement-before-signed = { $on } is before the signature of { $signed_on }; give a day on or after that.
agreement-no-option = The party is bound by the agreement, so that there is no option to exercise; nothing needs to be done.
agreement-option-already-exercised = The option was exercised on { $exercised_on } already with another day or membership; it is exercised once.
agreement-already-under-notice = Notice was given on { $notice_on }, and the agreement ends after { $last_day }; withdraw that notice first.
agreement-last-day-too-early = last_day { $last_day } is before { $on }, the day of the notice or of the draft; give a later last day.
agreement-no-notice = No notice of the agreement is in force; give notice before it is withdrawn or the agreement ends.
agreement-withdrawn-before-notice = The notice would be withdrawn on { $on }, before it was given on { $notice_on }; check the two days.
agreement-notice-run-out = The notice runs out on { $last_day } and can be withdrawn before that day alone; draft a new agreement instead.
agreement-ends-by-notice = The notice says that the agreement ends after { $last_day }; give that day, or withdraw the notice and give a new one.
agreement-already-ended = The agreement ended after { $last_day }, and nothing more happens to it; draft a new agreement instead.
agreement-subject-missing = subject is empty, longer than 500 bytes or holds line breaks; say in a few words what is changed, and name no person.
agreement-reference-missing = reference is empty, longer than 500 bytes or holds line breaks; name the document or the decision.
agreement-passed-before-drafted = The agreement would pass on { $on }, before its draft of { $drafted_on }; give a day on or after that.
agreement-already-passed = The agreement passed to another county authority on { $passed_on } already; give a day after that.
agreement-day-not-taken = { $day } is before 1800 or after 2100; check the year.
agreement-copy-unfit = The copy is said to be { $media_type }, and must be a PDF, known by its SHA-256 of 64 hexadecimal digits; send the file again.

## Signups

signup-not-signed-up = The library is not signed up; sign it up first.
signup-already-signed-up = "{ $library }" signed up on { $signed_up_on } under this id already with other content; use another id for another library.
signup-library-missing = library is empty, longer than 500 bytes or holds line breaks; give the library's name.
signup-wrong-payer =
    { $library_kind ->
        [upper_secondary] An upper-secondary school library is paid for by the county authority
       *[other] A public or primary-school library is paid for by its municipality, or by another party that stands in its place
    }, and the party named is { $party_kind ->
        [municipality] a municipality
        [county_authority] a county authority
       *[other] neither a municipality nor a county authority
    }; name the party that pays.
signup-go-live-before-wish = The wished first day { $go_live } is before { $on }, the day of the wish; give a later day.
signup-before-signup = { $on } is before the signup of { $signed_up_on }; give a day on or after that.
signup-no-option = The library is bound by its signup, so that there is no option to exercise; nothing needs to be done.
signup-option-already-exercised = The option was exercised on { $exercised_on } already; it is exercised once.
signup-option-not-exercised = The library holds an option and does not take the new system into use before the option is exercised; exercise it first.
signup-older-than-choice = The choice of { $on } is older than the one of { $chosen_on } that stands; give the day of the new choice.
signup-already-live = The library has been on the new system since { $went_live_on }; its first day is changed only by correct_go_live, where it was recorded wrongly (a column of `grenselos import signups`).
signup-withdrawn-before-live = The library would leave on { $on }, before its first day on the new system, { $went_live_on }; check the two days.
signup-already-withdrawn = The library left on { $withdrawn_on }, and nothing more happens to its signup; sign it up anew with another id.
signup-reopened-before-done = "{ $item }" would be reopened on { $on }, before it was done on { $done_on }; check the two days.
signup-not-live = The library is not on the new system, so that there is no first day to correct; record the day it goes live.
signup-reason-missing = reason is empty, longer than 500 bytes or holds line breaks; say what was wrong with the first day recorded before.
signup-day-not-taken = { $day } is before 1800 or after 2100; check the year.

## Old contracts

legacy-not-recorded = The old contract is not recorded; record its party, system and terms first.
legacy-already-recorded = The old contract is recorded already for { $system } with other content; use another id for another contract.
legacy-system-missing = system is empty, longer than 500 bytes or holds line breaks; name the old system, such as Mikromarc.
legacy-amount-negative = The yearly cost { $amount_ore } kroner is negative; give the cost of a year as zero or more, or leave it out while it is unknown.
legacy-amount-too-large = The yearly cost { $amount_ore } kroner is above the largest taken, 100 000 000 000 kroner; check the number of digits.
legacy-vat-percent-impossible = vat_percent { $vat_percent } is below 0 or above 100; give the rate on the invoice, such as 25.
legacy-notice-months-too-many = notice_months { $notice_months } is above { $most }; give the period of notice in months.
legacy-source-missing = source is empty, longer than 500 bytes or holds line breaks; say where the cost is from, such as an invoice.
legacy-older-than-stated = The cost was stated on { $stated_on } already, later than { $on }; give the day of the new statement.
legacy-already-under-notice = Notice was given on { $notice_on }, and the contract is paid until { $last_day }; withdraw that notice first.
legacy-notice-too-late = Notice given on { $on } with { $notice_months } months of notice ends the contract on { $last_day_possible } at the earliest; give that day or a later one as last_day.
legacy-ends-already = The contract ends on { $last_day } already, by its extension; notice is needed only to end it before that.
legacy-no-notice = No notice of the contract is in force, so that there is none to withdraw; check which contract is meant.
legacy-withdrawn-before-notice = The notice would be withdrawn on { $on }, before it was given on { $notice_on }; check the two days.
legacy-notice-run-out = The notice runs out on { $last_day } and can be withdrawn before that day alone; record an extension instead.
legacy-extension-too-short = last_day { $last_day } does not come after { $known_last_day }, until which the contract is paid; give a later day, or give notice to end it earlier.
legacy-end-before-step = last_day { $last_day } is before { $on }, the day of the notice or extension that it follows from; look at the year.
legacy-extension-past = last_day { $last_day } is before { $on }, the day of the extension; give a later last day.
legacy-no-known-end = No last day of the contract is known that could be wrong; give notice, or record an extension.
legacy-reason-missing = reason is empty, longer than 500 bytes or holds line breaks; say what was wrong.
legacy-day-not-taken = { $day } is before 1800 or after 2100; check the year.

work-anothers-turn = Another instance has the turn to work; where it does not go on, others may take it from { $over_at } on.
work-over-at-once = The turn would be over before it begins; see the clock of this machine.
