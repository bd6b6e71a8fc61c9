//! What help says below the options: examples to copy, and what one must know before.

/// Of the whole program.
pub const WHOLE: &str = "\
Begin with:
  grenselos demo
and then, on what it left:
  grenselos --data grenselos-demo/data budget --party Porsanger --from 2024
  grenselos help budget

Exit codes: 0 done; 1 it could not be done, or a check found something; 2 it cannot be done as it was asked.";

/// Of `grenselos demo`.
pub const DEMO: &str = "\
Example: tell the story into a directory, and stop there
  grenselos demo --dir story --no-serve
Dates, parties and inhabitants are real; all amounts are invented, and every document says so.";

/// Of `grenselos serve`.
pub const SERVE: &str = "\
Example:
  grenselos --data grenselos-demo/data serve
Addresses that other machines can reach take sign_in.required and TLS, or a proxy (http and sign_in in the settings).";

/// Of `grenselos access`.
pub const ACCESS: &str = "\
The service writes the log while it runs: stop it before you change accounts here, or use its API.
Roles: county-library:PROCUREMENT, municipal-leader:PARTY, library-leader:PARTY, finance:PARTY, county-finance:PARTY, \
auditor, administrator.

Examples: the first administrator; a leader; what a program may do on behalf of the county library
  grenselos access first-administrator --name \"Systemansvarlig\" --email admin@fylke.example
  grenselos access grant --email leder@alta.example --role municipal-leader:5403
  grenselos access token --email bibliotek@fylke.example --name budsjett --role county-library --until 2027-06-30";

/// Of `grenselos import`.
pub const IMPORT: &str = "\
Tables are UTF-8 with a header row. Columns are parted by commas with decimal points, or by semicolons \
with decimal commas as Excel in Norway writes them; their names may be English or Norwegian. Where any row cannot be \
taken, nothing is, and every such row is named. The same file again changes nothing.

A new log begins with parties, figures, the procurement (TOML, in the form that --columns prints), keys and agreements, in \
that order; the rest needs these. A directory that is empty is taken for a new log.

Examples: how a procurement is opened; which columns a file of signups may have; and taking one in
  grenselos import procurement --columns > anskaffelse.toml
  grenselos import procurement anskaffelse.toml
  grenselos import signups --columns
  grenselos import signups påmeldinger.csv";

/// Of `grenselos record`.
pub const RECORD: &str = "\
Each line of the file is a command as the API takes it (see /api/ of `grenselos serve`), with the stream it is for:
  {\"kind\":\"procurement\",\"id\":\"UUID\",\"command\":{\"command\":\"set_milestone\",\"name\":\"kontrakt\",\"on\":\"2023-10-15\"}}
Kinds: party, procurement, agreement, signup, legacy, cost, licence, sharing-key. A new thing gets a new UUID of yours.

Example:
  grenselos record commands.jsonl";

/// Of `grenselos split`.
pub const SPLIT: &str = "\
Example: a licence by a key, with the arithmetic of every share
  grenselos split --amount 1650000.00 --key key.toml --parties parties.csv --explain
where key.toml says
  kind = \"divide\"
  [[base]]
  measure = \"equal\"
  percent = \"30\"
  [[base]]
  measure = \"inhabitants\"
  percent = \"70\"
and parties.csv has the columns party,inhabitants.";

/// Of `grenselos list`.
pub const LIST: &str = "\
Examples: the agreements as they stood on a milestone; all that Alta pays for
  grenselos list agreements --as-of signeringsfrist
  grenselos list costs --party Alta --format csv";

/// Of `grenselos readiness`.
pub const READINESS: &str = "\
The checklist of each library: leaders informed, reported into the budget, old contract ended, catalogue cleaned, \
school libraries informed. Those most behind come first.

Example:
  grenselos readiness --behind --as-of 2024-03-01";

/// Of `grenselos nudge`.
pub const NUDGE: &str = "\
Each gets a letter in its own language with what it is behind with, at most once a day. The worker of `grenselos serve` sends it.

Examples: one of them, with a line of your own; and everybody
  grenselos nudge --party Alta --note \"Ring oss gjerne\"
  grenselos nudge --all";

/// Of `grenselos propose`.
pub const PROPOSE: &str = "\
A proposal changes nothing until it is adopted. What it would lead to is compared anew whenever somebody looks at it.

Example:
  grenselos propose --key key.toml --name \"Halvparten likt\" --from 2026-01-01";

/// Of `grenselos people`.
pub const PEOPLE: &str = "\
Events hold a person's id and role alone. What is erased is gone from people.sqlite3 at once, and the log stays as it is; copies \
of that file are not reached. Who has an open account is refused: `grenselos access close` comes first.

Examples:
  grenselos people list
  grenselos people erase 0190a2b4-7c1e-7f00-8000-0000000000aa";

/// Of `grenselos succeed`.
pub const SUCCEED: &str = "\
All agreements pass or none: it is refused while one would be left with a county authority that no longer exists. Import the \
new numbers of the municipalities first, since they say where each belongs. Invoices stay with who issued them.

Example:
  grenselos succeed --county 54 --number 55=930068128 --number 56=830090282 --party \"Longyearbyen lokalstyre=930068128\" \\
    --on 2024-01-01 --reference \"Deling av Troms og Finnmark fylkeskommune\"";

/// Of `grenselos budget`.
pub const BUDGET: &str = "\
Examples: the sheet a leader could have seen on a day; the same as a document for the council
  grenselos budget --party Porsanger --from 2024 --as-of 2023-05-15
  grenselos budget --party 5610 --from 2024 --as-of kontrakt --format pdf --output karasjok.pdf";

/// Of `grenselos explain`.
pub const EXPLAIN: &str = "\
Example:
  grenselos explain --party 5610 --year 2024 --line Konvertering --as-of 2024-01-31";

/// Of `grenselos what-if`.
pub const WHAT_IF: &str = "\
Example: by inhabitants alone, with one more member and a dearer licence
  grenselos what-if config/procurements/troms-og-finnmark/what-if.toml --from 2024";

/// Of `grenselos supplier-invoice`.
pub const SUPPLIER_INVOICE: &str = "\
A claim without output VAT (kostnadsdeling, utlegg) passes the supplier's invoice on: its sum and its VAT are shared, to the \
øre, and its file goes with the letter and with the e-invoice. A file is known by its content; at most 10 MiB are taken.

Examples: for a one-time cost, and for the licence of a year
  grenselos supplier-invoice attach L-2024-17.pdf --cost Konvertering --number L-2024-17 --date 2024-01-15 \
--net 1950000.00 --vat 487500.00
  grenselos supplier-invoice attach lisens.xml --licence Lisens --first 2024-01-01 --last 2024-12-31 --number L-2024-18 \
--date 2024-01-15 --net 1650000.00 --vat 412500.00";

/// Of `grenselos invoice`.
pub const INVOICE: &str = "\
Examples:
  grenselos invoice plan --issuer 55 --year 2024 --date 2024-01-22
  grenselos invoice approve RUN --role økonomisjef --person ID
  grenselos invoice issue
  grenselos invoice list --format csv
Who has not paid, and a payment that came without a file:
  grenselos invoice unpaid --party Alta
  grenselos invoice pay 542300003 --amount 18889.30 --date 2024-01-19 --reference \"kontoutskrift 12, linje 4\"
What is wrong is credited, in full or by line, and never altered; the credit note is drawn up and sent by `invoice issue`:
  grenselos invoice credit 542300003 --line 1=1000.00 --reason \"Innbyggertallet var feil\"
What was invoiced on account is settled against the shares as they are: first look, then credit the sum that was shown:
  grenselos invoice settle Opplæring
  grenselos invoice settle Opplæring --credit 21000.00
A reminder, and what it cost no longer asked for:
  grenselos invoice remind 542300005
  grenselos invoice waive 542300005 --reason \"Fakturaen gikk til feil adresse\"";

/// Of `grenselos payment`.
pub const PAYMENT: &str = "\
A bank file is camt.054 (XML, version 02, 04 or 08) or OCR giro (lines that begin with NY); which it is, is seen from its content. \
A payment pays the invoice that its KID names. What is too much, has no KID or one that names no invoice, stays open until a \
person matches it or pays it back. A file, or a payment, that is known already is not booked again. Of who paid nothing is kept.

Examples: a file; what waits for a person; letting it pay an invoice, or paying it back
  grenselos payment import innbetalinger.xml
  grenselos payment list --unmatched
  grenselos payment match PAYMENT 542300003
  grenselos payment return PAYMENT --reference \"Bilag 2024-117\"";

/// Of `grenselos outbox`.
pub const OUTBOX: &str = "\
A letter is called by the number of its invoice or credit note, and a reminder such as 542300007-purring-1. \
It is queued, attempting, accepted, deferred (tried again by itself, later and later), parked (it waits for a \
person, with the reason) or unknown (the connection ended before the answer: it may have arrived or not, so it is not sent \
again by itself until a person who has asked settles it: arrived, or not). A retry carries the same Message-ID.

Examples:
  grenselos outbox
  grenselos outbox check
  grenselos outbox retry 542300007
  grenselos outbox settle 542300007 --arrived --role regnskapsfører --person ID --reason \"Bekreftet på telefon\"";

/// Of `grenselos check`.
pub const CHECK: &str = "\
Every shared amount is its shares to the øre, every invoice its lines, every series without gaps, \
every party's invoices what is paid and outstanding. Exit code 1 where not.

Example:
  grenselos --data grenselos-demo/data check";

/// Of `grenselos verify`.
pub const VERIFY: &str = "\
Example: note the head that it prints; a log that was changed since can never have it again
  grenselos --data grenselos-demo/data verify";

/// Of `grenselos export`.
pub const EXPORT: &str = "\
Accounts and VAT codes are those of [accounting] in the settings. A table is laid out as Excel in Norway opens it, or, with \
--layout plain, as programs write it. What is booked never changes later: a payment that is matched afterwards gets a voucher \
of its own.

Examples: the whole log; what a run invoices, and what of it is booked; a year's books for the tax authority
  grenselos export --output log.jsonl
  grenselos export invoice-basis --run RUN --output fakturagrunnlag.csv
  grenselos export postings --run RUN --output bilag.csv
  grenselos export saf-t --issuer 930068128 --from 2024-01-01 --to 2024-12-31 --output saf-t.xml";

/// Of `grenselos backup`.
pub const BACKUP: &str = "\
Example:
  grenselos backup log-2024-01-31.sqlite3
Names and addresses of people are not in it: copy people.sqlite3 apart, and keep such copies briefly.";

/// Of `grenselos restore`.
pub const RESTORE: &str = "\
Example:
  grenselos --data restored restore log-2024-01-31.sqlite3";

/// Of `grenselos move`.
pub const MOVE: &str = "\
Examples:
  grenselos move --from sqlite:data --to 'kurrentdb://admin:secret@one:2113,two:2113,three:2113?tls=true'
  grenselos move --from sqlite:data --to sqlite:other/data
Stop the service first. A move that was broken off is begun again by the same command, and goes on where it stood.";

/// Of `grenselos rebuild`.
pub const REBUILD: &str = "\
Example:
  grenselos rebuild";
