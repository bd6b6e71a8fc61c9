# What pages say of budget sheets, in nynorsk: the messages of reports/text/nb/document.ftl that they use.

unknown = ukjent
nothing = –
at-least = minst { $amount }
at-most = høgst { $amount }
contains-unknown = inneheld ukjende beløp
illustrative = Oppdikta beløp – berre til illustrasjon
illustrative-sentence = Beløpa er oppdikta og står her berre til illustrasjon.

certainty = Tryggleik
certainty-unknown = ukjent
certainty-estimated = anslag
certainty-quoted = tilbod
certainty-contracted = kontrakt
certainty-actual = faktisk
certainty-unknown-means = ingen veit enno; det er ikkje det same som null
certainty-estimated-means = vurderinga til nokon, med lågt og høgt utfall der dei er sagde
certainty-quoted-means = skriftleg pris frå leverandøren, ikkje avtalt enno
certainty-contracted-means = avtalt i kontrakt
certainty-actual-means = det beløpet det blei

kind-one-time = Eingongskostnad
kind-grant = Tilskot
kind-licence = Årleg lisens
kind-old-contract = Gammal avtale
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

line = Linje
net-total = Sum utan mva
vat-total = Meirverdiavgift (mva)
gross-total = Sum med mva
vat-compensation = Momskompensasjon
after-compensation = Å dekkje etter momskompensasjon
per-inhabitant = Kroner per innbyggjar
inhabitants = { $count } innbyggjarar { $day }
change-from-year-before = Endring frå året før
change-from-old-system = Endring frå gammalt system
old-system-yearly = Gammalt system, eit heilt år utan mva
vat-rate = { $percent } mva
kostra = funksjon { $function }, art { $kind }
kostra-vat = mva på art { $kind }
in-years = { $codes } ({ $years })
carried-from = flytta frå { $year }
carried-to = flytta til { $year }
carried-over = { $text }: { $amount } flytta frå { $from } til { $to } ({ $reference }, { $day }).
carried-amount = { $amount } kroner
carried-unknown = ukjent beløp

notes = Merk
accounts = Kontering
legend = Kor sikre beløpa er
source-inhabitants = Innbyggjarar: { $count } per { $day } ({ $source }).
source-old-system = Eit heilt år av det gamle systemet kostar { $amount } kroner utan mva.

note-key-not-adopted = Delane byggjer på fordelingsnøkkelen «{ $key }», som er foreslått, men ikkje vedteken.
note-index-not-published = Prisen på «{ $text }» følgjer ein indeks som ikkje er publisert for { $year }: beløpa frå då av er overslag.
note-key-cannot-share = { $text } kan ikkje fordelast mellom dei som er med, og er derfor ukjent: { $reason }
cannot-share-nobody = ingen er med dei dagane det gjeld.
cannot-share-no-key = ingen fordelingsnøkkel er foreslått eller vedteken.
cannot-share-figure-missing = { $party } manglar { $measure }.
cannot-share-key = nøkkelen lèt seg ikkje bruke («{ $fault }»).
cannot-share-floors-exceed = minstebeløpa kjem til { $floors } ({ $count } × { $floor }), meir enn dei { $amount } som skal delast. Senk minstebeløpet.
cannot-share-first-exceed = beløpa som blir betalte først, kjem til { $first }, meir enn dei { $amount } som skal delast. Senk dei.
cannot-share-first-and-floors-exceed = beløpa som blir betalte først, og minstebeløpa kjem til { $least }, meir enn dei { $amount } som skal delast. Senk dei.
cannot-share-caps-fall-short = med taket blir det betalt høgst { $most } av { $amount }. Hev taket.
cannot-share-grants-exceed = tilskota kjem til { $grants }, meir enn beløpet på { $amount }. Senk dei.
cannot-share-not-whole-kroner = { $amount } kan ikkje delast i heile kroner.
cannot-share-zero-sum = { $measure } er null til saman, så ingenting kan fordelast etter det.
cannot-share-no-percentage = { $party } har ingen avtalt prosent.
cannot-share-unknown-party = nøkkelen nemner { $party }, som ikkje er med. Ta han med, eller stryk det som står om han.
cannot-share-ambiguous-party = nøkkelen nemner { $party }, eit nummer som fleire av dei som er med, har eller har hatt. Skriv organisasjonsnummeret i staden.
cannot-share-party-twice = { $party } står to gonger. Hald på det eine.
cannot-share-no-bases = nøkkelen seier ikkje kva det skal fordelast etter. Gje prosentar som til saman er 100.
cannot-share-percent-sum = prosentane er ikkje 100 til saman. Rett dei.
cannot-share-floor-above-cap = minstebeløpet er over taket. Senk det eine eller hev det andre.
cannot-share-too-large = eit beløp er over 100 000 000 000 kroner, som er det største som blir teke. Senk det.
cannot-share-negative = eit tal er under null. Skriv null eller meir.
measure-inhabitants = innbyggjartal
measure-pupils = elevtal
measure-records = tal på postar i katalogen
measure-libraries = tal på bibliotek
measure-loans = utlånstal
note-give-notice-by = { $system } må seiast opp seinast { $day }. Elles blir både gammalt og nytt system betalt.
note-double-cost = I { $year } blir både { $system } og det nye systemet betalt i { $days ->
        [one] éin dag
       *[other] { $days } dagar
    }.
note-option-not-exercised = Avtalen er ein opsjon: Han kostar ingenting før han blir teken i bruk.

low = låg
likely = sannsynleg
high = høg
vat-percent = Mva
workbook-budget = Budsjett
workbook-assumptions = Føresetnader
workbook-vat-heading = Meirverdiavgift per linje
workbook-year-before = Å dekkje året før det første, sannsynleg
workbook-compensated-share = Del av mva som blir kompensert
workbook-year = År
workbook-line-kind = Slag
workbook-numbers = Nummer
workbook-function = Funksjon
workbook-kind = Art
workbook-vat-kind = Mva på art
workbook-carried = Flytta
workbook-live = Gule felt er tal; alt anna er formlar som reknar vidare på dei. Skriv eit tal over «ukjent», så følgjer summane med.
workbook-procurement = Innkjøp
workbook-party = Part
workbook-as-of = Kjent per
workbook-inhabitants = Innbyggjarar
