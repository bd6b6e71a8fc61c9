# Words and sentences that several documents share, in bokmål.
# Amounts and dates come in as finished text.

unknown = ukjent
nothing = –
at-least = minst { $amount }
contains-unknown = inneholder ukjente beløp
illustrative = Oppdiktede beløp – kun til illustrasjon
illustrative-sentence = Beløpene er oppdiktede og står her kun til illustrasjon.
document-invoice = Faktura
document-claim = Krav
payment-by-number = { $title } { $number }
yes = ja
no = nei

certainty = Sikkerhet
certainty-unknown = ukjent
certainty-estimated = anslag
certainty-quoted = tilbud
certainty-contracted = kontrakt
certainty-actual = faktisk
certainty-unknown-means = ingen vet ennå; det er ikke det samme som null
certainty-estimated-means = noens vurdering, med lavt og høyt utfall der de er sagt
certainty-quoted-means = leverandørens skriftlige pris, ikke avtalt ennå
certainty-contracted-means = avtalt i kontrakt
certainty-actual-means = det beløpet det ble

kind-one-time = Engangskostnad
kind-grant = Tilskudd
kind-licence = Årlig lisens
kind-old-contract = Gammel avtale
kind-double-cost = Dobbel kostnad

sheet-title = Budsjettark { $first }–{ $last }
sheet-title-one-year = Budsjettark { $first }
as-of = slik det var kjent { $day }
municipality-number = Kommunenummer { $number }
county-number = Fylkesnummer { $number }
party-number = Nummer { $number }
organisation-number = organisasjonsnummer { $number }
organisation-number-alone = Organisasjonsnummer { $number }
budget-year = Budsjett
plan-year = Økonomiplan

low = lav
likely = sannsynlig
high = høy
line = Linje
vat-percent = Mva
net-total = Sum uten mva
vat-total = Merverdiavgift (mva)
gross-total = Sum med mva
vat-compensation = Momskompensasjon
after-compensation = Å dekke etter momskompensasjon
per-inhabitant = Kroner per innbygger
inhabitants = { $count } innbyggere { $day }
change-from-year-before = Endring fra året før
change-from-old-system = Endring fra gammelt system
old-system-yearly = Gammelt system, et helt år uten mva
vat-rate = { $percent } mva
kostra = funksjon { $function }, art { $kind }
kostra-vat = mva på art { $kind }
in-years = { $codes } ({ $years })
carried-from = flyttet fra { $year }
carried-to = flyttet til { $year }
carried-over = { $text }: { $amount } flyttet fra { $from } til { $to } ({ $reference }, { $day }).
carried-amount = { $amount } kroner
carried-unknown = ukjent beløp

notes = Merk
carried-over-heading = Flyttet mellom år
sources = Grunnlag
source-inhabitants = Innbyggere: { $count } per { $day } ({ $source }).
source-old-system = Et helt år av det gamle systemet koster { $amount } kroner uten mva.
accounts = Kontering
legend = Hvor sikre beløpene er

note-key-not-adopted = Andelene bygger på fordelingsnøkkelen «{ $key }», som er foreslått, men ikke vedtatt.
note-index-not-published = Prisen på «{ $text }» følger en indeks som ikke er publisert for { $year }: beløpene fra da av er anslag.
note-key-cannot-share = { $text } kan ikke fordeles blant dem som er med, og er derfor ukjent: { $reason }
cannot-share-nobody = ingen er med de dagene det gjelder.
cannot-share-no-key = ingen fordelingsnøkkel er foreslått eller vedtatt.
cannot-share-figure-missing = { $party } mangler { $measure }.
cannot-share-key = nøkkelen lar seg ikke bruke («{ $fault }»).
cannot-share-floors-exceed = minstebeløpene kommer til { $floors } ({ $count } × { $floor }), mer enn de { $amount } som skal deles. Senk minstebeløpet.
cannot-share-first-exceed = beløpene som betales først, kommer til { $first }, mer enn de { $amount } som skal deles. Senk dem.
cannot-share-first-and-floors-exceed = beløpene som betales først, og minstebeløpene kommer til { $least }, mer enn de { $amount } som skal deles. Senk dem.
cannot-share-caps-fall-short = med taket betales høyst { $most } av { $amount }. Hev taket.
cannot-share-grants-exceed = tilskuddene kommer til { $grants }, mer enn beløpet på { $amount }. Senk dem.
cannot-share-not-whole-kroner = { $amount } kan ikke deles i hele kroner.
cannot-share-zero-sum = { $measure } er null til sammen, så ingenting kan fordeles etter det.
cannot-share-no-percentage = { $party } har ingen avtalt prosent.
measure-inhabitants = innbyggertall
measure-pupils = elevtall
measure-records = tall på poster i katalogen
measure-libraries = tall på bibliotek
measure-loans = utlånstall
note-give-notice-by = { $system } må sies opp senest { $day }. Ellers betales både gammelt og nytt system.
note-double-cost = I { $year } betales både { $system } og det nye systemet i { $days ->
        [one] én dag
       *[other] { $days } dager
    }.
note-option-not-exercised = Avtalen er en opsjon: Den koster ingenting før den tas i bruk.

workbook-budget = Budsjett
workbook-assumptions = Forutsetninger
workbook-vat-heading = Merverdiavgift per linje
workbook-compensated-share = Andel av mva som kompenseres
workbook-year = År
workbook-line-kind = Slag
workbook-numbers = Numre
workbook-function = Funksjon
workbook-kind = Art
workbook-vat-kind = Mva på art
workbook-carried = Flyttet
workbook-live = Gule felt er tall; alt annet er formler som regner videre på dem. Skriv et tall over «ukjent», så følger summene med.
workbook-procurement = Anskaffelse
workbook-party = Part
workbook-as-of = Kjent per
workbook-inhabitants = Innbyggere

csv-row = radtype
csv-row-line = linje
csv-row-total = sum
csv-illustrative = oppdiktet
csv-procurement = anskaffelse
csv-number = nummer
csv-party = part
csv-as-of = kjent per
csv-line = linje
csv-kind = slag
csv-year = år
csv-plan = plandel
csv-certainty = sikkerhet
csv-contains-unknown = inneholder ukjente
csv-vat-percent = mva-sats
csv-net = uten mva { $bound }
csv-vat = mva { $bound }
csv-gross = med mva { $bound }
csv-after = etter kompensasjon { $bound }
csv-per-inhabitant = per innbygger { $bound }
csv-function = funksjon
csv-account-kind = art
csv-vat-kind = mva-art
csv-carried-from = flyttet fra
csv-carried-to = flyttet til
