# The words and sentences of pages, in bokmål. Amounts and dates come in as finished text.

# The frame of every page.
page-skip = Hopp til innholdet
page-procurements = Anskaffelser
page-proof-lacking = Du er logget inn uten det som trengs for å endre noe, så skjemaer kan mangle her.
page-navigation = Hovedmeny
page-account = Min konto
page-language = Språk
page-footer = Grenseløs deler kostnaden ved felles anskaffelser. Hvert beløp kan forklare seg.
page-accessibility = Tilgjengelighet
page-api = For programmer (API)
page-home = Til forsiden
page-board = Kommunene
page-keys = Nøkkelverkstedet
page-invoices = Fakturering
page-log = Loggen

# What cannot be shown.
page-not-found = Her er det ingenting
page-not-found-advice = Adressen finnes ikke, eller det den viste til, finnes ikke lenger. Gå til forsiden og let derfra.
page-refused = Dette lot seg ikke gjøre
page-done-in-part = Ikke alt ble gjort
page-done-in-part-advice = Det som står nedenfor som gjort, er gjort. Les hva som er i veien for resten.
page-refused-advice = Les hva som er i veien nedenfor, gå tilbake og rett det. Ingenting er lagret.
page-no-municipality = Kommunen finnes ikke, eller du har ikke tilgang til den.
page-no-invoice = Fakturaen finnes ikke, eller du har ikke tilgang til den.
page-no-run = Fakturakjøringen finnes ikke, eller du har ikke tilgang til den.
page-no-payment = Innbetalingen finnes ikke, eller du har ikke tilgang til den.
page-no-letter = Brevet finnes ikke, eller du har ikke tilgang til det.
page-no-agreement = Avtalen finnes ikke, eller du har ikke tilgang til den.
page-no-proposal = Forslaget finnes ikke, eller du har ikke tilgang til det.
page-no-procurement = Anskaffelsen finnes ikke, eller du har ikke tilgang til den.
page-no-account = Kontoen finnes ikke, eller du har ikke tilgang til den.
page-denied-advice = Spør den som administrerer kontoene, om du trenger tilgang. Ingenting er lagret.
page-broken = Noe gikk galt hos oss
page-broken-advice = Feilen er skrevet ned for den som drifter tjenesten. Prøv igjen om en stund.

# The page of a municipality's leader.
page-in-kroner = Kroner
page-in-thousands = Tusen kroner
page-kroner = Kroner
page-thousands = Tusen kroner
page-historical = Du ser det som var kjent en tidligere dag.
page-to-today = Vis det som er kjent i dag
page-nothing-heading = Ingen kostnader ennå
page-nothing = Det er ikke registrert noen kostnad som kommunen skal bære i disse årene. Velg et annet år nedenfor.
page-to-bear = Å dekke i { $year } etter momskompensasjon
page-nothing-in-year = Ingenting
page-at-least = minst
page-between = mellom { $low } og { $high }
page-why = Hvorfor? Se hvordan { $year } er regnet ut
page-per-inhabitant = Per innbygger
page-beside-old = Sammenlignet med det gamle systemet
page-change-from-old = { $change } i forhold til et helt år
page-comparable = Blant like store kommuner
page-comparable-place = Nummer { $place } av { $of } i { $year }, regnet fra den som betaler minst per innbygger.
page-comparable-how = De andre er de inntil ti kommunene i anskaffelsen som er nærmest i innbyggertall.
page-comparable-show = Vis kommunene
page-comparable-description = Kroner per innbygger i hver kommune. Tallene står i tabellen under.
page-double = Unngå å betale dobbelt
page-double-amount = Det koster { $amount } ekstra.
page-four-years = Budsjett og økonomiplan
page-take-along = Ta med deg
page-pdf = Budsjettark som PDF
page-excel = Regneark (Excel) med levende formler
page-council = Utkast til saksframlegg (Word)
page-chart = År for år, lavt til høyt
page-chart-description = Hva kommunen skal dekke hvert år: sannsynlig beløp som søyle, lavt og høyt utfall som strek. Tallene står i tabellen over.
page-chart-old = Den stiplede streken er et helt år av det gamle systemet: { $amount }.
page-chart-old-unknown = Ingen vet ennå hva et år av det gamle systemet koster.
page-chart-old-none = Kommunen har ikke noe gammelt system å sammenligne med.
page-municipality = Kommune
page-inhabitants = Innbyggere
page-when = Hva visste vi når?
page-budget-year = Budsjettår
page-known-on = Vis det som var kjent
page-compare-with = Sammenlign med det som var kjent
page-show = Vis
page-day-refused = Skriv en dag som 01.06.2023 eller 2023-06-01, ikke senere enn i dag.
page-since-refused = Velg en dag før den som vises.
page-year-refused = Skriv et årstall fra 2000 til 2100.
page-milestones = Dager som betyr noe:
page-changed = Dette er endret siden { $day }
page-changed-visit = Dette er endret siden forrige besøk, { $day } kl. { $time }
page-changed-nothing = Ingenting er endret.
page-changed-unknown = Den dagen var verken kommunen eller anskaffelsen kjent.
page-changed-new = Ny: { $text }
page-changed-gone = Borte: { $text }
page-changed-line = { $text }, { $year }: fra { $before } til { $now }
page-year = År
page-before = Før
page-now = Nå
page-change = Endring
page-go-live-day = Ønsket oppstart
page-go-live-wish = Lagre ønsket
page-go-live-wished = Ønsker å starte { $day }.
page-go-live-none = Ingen oppstart er ønsket ennå.
page-go-live-refused = Velg en dag fra i dag av.
page-went-live = I drift fra { $day }.
page-ready = Er biblioteket klart?
page-ready-none = Ingen bibliotek er påmeldt.
page-ready-leaders-informed = Ledelsen er informert
page-ready-reported-into-budget = Meldt inn i budsjettet
page-ready-old-contract-ended = Den gamle avtalen er sagt opp
page-ready-catalogue-cleaned = Katalogen er ryddet
page-ready-school-libraries-informed = Skolebibliotekene er informert
page-ready-done = Gjort { $day }
page-ready-due = Innen { $day }
page-ready-no-date = Ingen frist
page-grounds = Grunnlaget
page-certainty = Hvor sikre beløpene er
page-sources = Kilder og kontering
page-own-invoices = Kommunens fakturaer

# Where figures come from.
page-why-title = Forklaring: { $party } { $year }
page-why-heading = slik er { $year } regnet ut
page-why-lead = Hvert beløp er uten merverdiavgift, og kan regnes etter med kalkulator.
page-why-nothing = Det er ingenting å forklare i dette året.
page-why-events = Hendelsene det bygger på
page-why-event = Nr. { $position }: { $what }, registrert { $day }
page-why-range = { $likely } (mellom { $low } og { $high })
page-why-stated = Gjelder nå, fra { $day }: { $amount }. Kilde: { $source }
page-why-stated-before = Tidligere, { $day }: { $amount }. Kilde: { $source }
page-why-grant = Tilskudd fra { $from }: { $amount } trekkes fra ({ $reference }, { $day }).
page-why-grant-withdrawn = Tilskuddet fra { $from } på { $amount } ({ $reference }, { $day }) trekkes ikke fra lenger, siden { $withdrawn }: { $reason }.
page-why-moved = Flyttet fra { $from } til { $to } ({ $reference }, { $day }).
page-why-factor = Prisen ganges med { $factor } fra { $year } ({ $source }).
page-why-price = Pris for hele { $year }: { $price }.
page-why-old-system = Det gamle systemet koster { $yearly } i året, og { $paid } av årets { $of } dager betales.
page-why-alone = { $amount } bæres av kommunen alene.
page-why-shared = { $amount } deles mellom { $members } etter nøkkelen «{ $key }», med tall fra { $day }.
page-why-shared-proposed = { $amount } deles mellom { $members } etter nøkkelen «{ $key }», som bare er foreslått, med tall fra { $day }.
page-why-days = Det gjelder { $first } til { $last }: { $days } av årets { $of } dager.
page-why-figure = { $measure }: { $value } av { $sum } ({ $day }, { $source })
page-why-figure-of = Av dette { $counts } fra { $party }: { $percent } av { $value } ({ $day }, { $source })
page-why-comes-to = Det blir { $share } av { $amount }.
step-first = Et første beløp: { $amount }
step-first-by-rate = Et første beløp etter { $measure }: { $rate } × { $value } = { $amount }
step-base-equal = { $percent } deles likt: { $percent } × { $value } / { $sum } = { $weight }
step-base = { $percent } deles etter { $measure }: { $percent } × { $value } / { $sum } = { $weight }
step-agreed = Avtalt andel: { $percent }
step-whole-percent = Avrundet til { $percent }
step-rest = Av resten: { $rest } × { $weight } / { $of } = { $amount }
step-shared-again = Delt på nytt, siden andre står på et minstebeløp eller et høyeste beløp: { $rest } × { $weight } / { $of } = { $amount }
step-price = Pris: { $amount }
step-price-by-rate = Pris etter { $measure }: { $rate } × { $value } = { $amount }
step-price-of-tier = Pris etter { $measure }: { $value } er over { $above }, og det koster { $amount }
step-floor = Minstebeløp: { $floor } i stedet for { $instead }
step-cap = Høyeste beløp: { $cap } i stedet for { $instead }
step-part-of-year = For { $days } av årets { $of } dager: × { $part } / { $year } = { $amount }
step-odd-ore = Ørene som er til overs når andelene er i hele kroner: { $amount }
step-evened = Jevnet ut, så ingen får en lavere sannsynlig andel enn lav, og et tilskudd ikke øker noens andel: { $amount }
step-largest-remainder = Rundet ned til hel øre (største rest): { $exact }
step-largest-remainder-gained = Rundet opp til hel øre (største rest): { $exact }
step-nearest = Rundet til nærmeste hele øre: { $exact }
step-part = { $percent } etter «{ $key }»: { $amount } av { $part }

# The draft for the council.
council-heading = Utkast til saksframlegg: { $party } og { $procurement }
council-proposal = Forslag til vedtak
council-proposal-join = { $party } slutter seg til { $procurement }.
council-proposal-amount = { $amount } innarbeides i budsjettet for { $year }, og de følgende årene i økonomiplanen som i tabellen.
council-proposal-unknown = Beløpet for { $year } er ikke helt kjent. Det innarbeides når det er det.
council-background = Bakgrunn
council-background-text = Biblioteket i { $party } er med i { $procurement }. Kostnaden deles mellom dem som er med, etter en avtalt fordelingsnøkkel.
council-cost = Økonomi
council-cost-text = Tabellen viser hva kommunen skal dekke, slik det var kjent { $day }.

# The front page, and accessibility.
page-front = Hvem gjelder det?
page-front-lead = Velg kommunen for å se hva den felles anskaffelsen koster, hvor sikkert det er, og hvorfor.
page-front-not-yours = Ingen av rollene dine gjelder for kommunene som er med. Bruk det du når, i menyen øverst.
page-front-empty = Ingen kommuner er med i en anskaffelse ennå.
accessibility-goal = Sidene skal følge kravene i WCAG 2.2 på nivå AA.
accessibility-how = Slik er sidene laget
accessibility-script = Alt virker uten skript i nettleseren, bortsett fra passnøkler. Den som ikke har skript, bekrefter hvem de er, hos en innloggingstjeneste.
accessibility-keyboard = Alt kan gjøres med tastaturet alene, og det er synlig hvor man er.
accessibility-figures = Alle diagrammer har de samme tallene i en tabell.
accessibility-look = Sidene følger lyst og mørkt utseende, virker fra 320 piksler og kan skrives ut.
accessibility-lacks = Det som mangler
accessibility-sami = På nordsamisk er bare ord som er bekreftet, oversatt. Resten står på bokmål og er merket slik.
accessibility-messages = Noen feilmeldinger fra reglene er på engelsk. De er merket slik.
accessibility-tell = Er noe vanskelig å bruke, si fra til den som drifter tjenesten.

# The board.
page-step-agreement = Avtale
page-step-signup = Påmelding
page-step-notice = Oppsigelse av gammel avtale
page-step-budget = Meldt inn i budsjettet
page-of = { $count } av { $of }
page-filter = Finn kommuner
page-search = Søk etter navn eller nummer
page-missing-step = Mangler
page-any-step = Hva som helst
page-sort = Rekkefølge
page-sort-number = Kommunenummer
page-sort-name = Navn
page-sort-behind = Mest etter først
page-only-behind = Bare de som er etter
page-option = opsjon
page-taken = Gjort
page-not-yet = Ikke ennå
page-not-needed = Ikke nødvendig
page-board-none = Ingen kommuner passer med det du søkte etter.
page-board-all = Vis alle
page-amounts = Kostnader og lisenser
page-amounts-none = Ingen kostnader eller lisenser er registrert ennå.
page-nothing-said = Ingen har sagt noe om beløpet ennå.
page-from-day = fra { $day }

# The key laboratory.
page-keys-lead = Prøv en annen fordelingsnøkkel, andre deltakere, minstebeløp, tak eller innfasing, og se hva det fører til for alle. Ingenting lagres før du gir det et navn.
page-form-refused = Noe må rettes før dette kan prøves. Ingenting er lagret.
page-shared-by = Fordeles etter, til sammen 100 %
page-percent-refused = Skriv prosenter fra 0 til 100 som til sammen blir 100.
page-equally = Likt
page-in-place-of = I stedet for nøkkelen
page-floor = Minstebeløp, kroner eller prosent
page-cap = Tak, kroner eller prosent
page-floor-above-cap = Minstebeløpet er over taket. Senk det ene eller hev det andre.
page-bound-refused = Skriv et beløp i kroner, som 1500, eller en prosent av det som deles, som 2,5 %. Begge deler skilles med semikolon.
page-first-each = Hver betaler først, kroner
page-grants = Tilskudd som trekkes fra først
page-grants-refused = Skriv hvem som gir og hvor mye, som Staten: 100000. Flere skilles med semikolon.
page-choose-key = Velg hvilken nøkkel som prøves
page-choose-key-refused = Det er flere nøkler. Velg en av dem.
page-keeps = Dette av nøkkelen som gjelder, blir stående:
page-keeps-krone = Andelene er i hele kroner.
page-keeps-each = Hver andel rundes av for seg.
page-keeps-percentages = Avtalte prosenter for hver part, så lenge det ikke står prosenter i feltene.
page-keeps-decimals = Andelene rundes først av i prosent.
page-keeps-firsts = Andre beløp som betales først, etter sats eller av én part.
page-keeps-tariff = Nøkkelen er en prisliste. Den blir stående som den er, så lenge det ikke står prosenter i feltene.
page-keeps-blend = Nøkkelen er satt sammen av flere. Den blir stående som den er, så lenge det ikke står prosenter i feltene.
page-amount-refused = Skriv et beløp i kroner, som 1500 eller 1500,50.
page-phase = Hvor mye av beløpet, % (innfasing)
page-phase-refused = Skriv en prosent fra 0 til 100.
page-applies-from = Gjelder fra
page-date-refused = Skriv en dag som 01.01.2024 eller 2024-01-01.
page-first-year = Første år som vises
page-members = Hvem er med
page-try = Prøv
page-as-it-is = Tilbake til slik det er
page-result = Før og etter, { $years }
page-sum-of-changes = Sum av endringene
page-changes-description = Endring for hver kommune: mindre til venstre, mer til høyre. Tallene står i tabellen under.
page-after = Etter
page-change-percent = Endring i prosent
page-change-each = Endring per innbygger

# Finance's pages.
page-runs = Fakturakjøringer
page-runs-none = Ingen fakturakjøring er planlagt.
page-run = Fakturakjøring
page-run-covers = Gjelder
page-run-planned = Venter på godkjenning
page-run-approved = Godkjent
page-run-discarded = Forkastet
page-run-completed = Fullført
page-state = Status
page-planned-on = Planlagt
page-invoices-count = Antall
page-sum = Sum
page-to-match = Innbetalinger som må føres for hånd
page-to-match-none = Alle innbetalinger er ført.
page-open = Ikke ført
page-reference = Referanse
page-invoice = Faktura
page-match = Før mot fakturaen
page-payment-reversal = Tilbakeføring
page-payment-unknown-kid = Ukjent KID
page-payment-several-kids = Flere KID-er
page-payment-no-kid = Uten KID
page-payment-before-invoice = Før fakturaens dato
page-payment-all-open = Hele beløpet er åpent
page-payment-rest = Rest
page-payment-settled = Ført
page-unpaid = Ubetalt
page-unpaid-none = Alt er betalt.
page-overpaid = Betalt for mye
page-overpaid-what = Det er kreditert etter at det ble betalt. Betal det tilbake, eller la innbetalingen gjelde en annen faktura.
page-age-not-due = Ikke forfalt
page-age-30 = Forfalt inntil 30 dager
page-age-90 = Forfalt 31 til 90 dager
page-age-older = Forfalt mer enn 90 dager
page-due = Forfall
page-reminders = Purringer
page-outstanding = Utestående
page-letters = Utsending
page-letter = Brev
page-server-said = Svar fra e-posttjeneren
page-retry = Prøv igjen
page-letter-prebill = forhåndsvarsel
page-letter-answer = svar på innsigelse
page-letter-withdrawal = om at forhåndsvarselet er trukket
page-letter-nudge = om det som gjenstår
page-letter-parked = Venter på en person
page-letter-unknown = Ukjent om det kom fram
page-letter-deferred = Prøves igjen
page-letter-attempting = Sendes nå
page-letter-queued = I kø
page-letter-arrived = Kommet fram
page-letter-accepted = Tatt imot
page-credit-notes = Kreditnotaer
page-credit-notes-none = Ingen kreditnota er utstedt.
page-credit-note = Kreditnota
page-credits = Gjelder faktura
page-date = Dato
page-invoice-date = Fakturadato
page-beside-last-year = Sammenlignet med året før
page-last-year = Året før
page-invoiced-before = Fakturert før
page-planned = Planlagt
page-set-aside = Satt til side
page-not-planned = Ikke med i planen
page-left-over = Gjenstår utenfor planen
page-left-over-meaning = Dette er ikke med i planen, fordi de andre ble fakturert tidligere eller ingen kan faktureres ennå. Når det som mangler er registrert, kommer det med i en ny plan.
page-left-over-vat = Hvordan merverdiavgiften skal behandles, er heller ikke vedtatt.
page-objections = Forhåndsvarsel og innvendinger
page-objections-until = Innvendinger kan komme til og med { $day }.
page-own-object = Send innvendingen
page-own-prebills = Det som skal faktureres
page-run-invoices = Fakturaene som er planlagt
page-vat = Mva.
page-objections-none = Ingen innvendinger er kommet.
page-objections-by = Siste dag for innvendinger
page-objection-upheld = Tatt til følge
page-objection-rejected = Ikke tatt til følge
page-unanswered = Ikke besvart
page-prebill = Send forhåndsvarsel
page-approval = Godkjenning
page-approved-by = Godkjent av { $role } { $day }.
page-your-role = Din rolle
page-your-id = Din bruker-id
page-id-refused = Skriv en id som ser slik ut: 00000000-0000-4000-8000-000000000000.
page-approve = Godkjenn
page-run-waits = Kjøringen venter på fakturadatoen, { $day }. Da nummereres og sendes fakturaene. Til da kan den forkastes.
page-run-dates-passed = Kjøringen er datert { $day } og kan ikke lenger utstedes med datoene sine. Forkast den og planlegg på nytt.
page-discard = Forkast planen
page-invoices-of = fakturaer
page-invoices-none = Ingen faktura er utstedt til kommunen ennå.
page-paid = Betalt
page-overdue = Forfalt: { $amount }
page-to-pay = Å betale: { $amount }

# The log.
page-log-lead = Alt som har skjedd, i den rekkefølgen det ble registrert. Ingenting rettes eller slettes; det som var feil, etterfølges av det som er rett.
page-log-filter = Finn i loggen
page-log-party = Kommune eller annen part
page-party-refused = Skriv et kommunenummer eller et helt navn.
page-log-kind = Slag
page-any-kind = Alle slag
page-log-actor = Hvem
page-log-first = Fra og med
page-log-last = Til og med
page-log-none = Ingen hendelser passer med det du søkte etter.
page-log-older = Eldre hendelser
page-erased = Innholdet er slettet. At det har skjedd, og når, står fortsatt.
page-verify = Kontroller loggen
page-log-sound = Kjeden av { $count } hendelser er ubrutt, og boken går opp.
page-log-faulty = Loggen eller boken stemmer ikke.

page-days-behind = { $days ->
        [one] én dag
       *[other] { $days } dager
    } etter
page-ready-late = Frist { $day }, { $days ->
        [one] én dag
       *[other] { $days } dager
    } siden
page-why-licence-paid = Det nye systemet betales fra { $first } til { $last } («{ $licence }»).
page-why-go-live = Ingen lisens er kjent ennå. Det nye systemet er i bruk fra { $day }, og regnes som betalt fra da av.
page-why-both-paid = Begge betales i { $days ->
        [one] én dag
       *[other] { $days } dager
    }.
page-board-found = { $count ->
        [one] Én kommune
       *[other] { $count } kommuner
    }
page-winners = { $count ->
        [one] Én betaler
       *[other] { $count } betaler
    } mindre
page-losers = { $count ->
        [one] Én betaler
       *[other] { $count } betaler
    } mer
page-not-known = { $count ->
        [one] For én er det ikke kjent
       *[other] For { $count } er det ikke kjent
    }
page-letters-out = { $count ->
        [one] Ett brev
       *[other] { $count } brev
    } er gått ut.

# What has happened.
event-party-registered = Part registrert
event-party-numbered = Nytt nummer
event-party-named = Nytt navn
event-party-measured = Tall registrert
event-party-merged = Slått sammen med en annen
event-party-split = Delt mellom andre
event-party-succeeded = Etterfulgt av andre
event-party-written-form-chosen = Målform valgt
event-party-sami-language-area-set = Samisk språkområde satt
event-party-vat-compensation-set = Momskompensasjon satt
event-party-contact-named = Kontaktperson oppgitt
event-party-buyer-reference-set = Referanse satt
event-party-register-entry-stated = Registeropplysning oppgitt
event-party-invoice-references-set = Fakturareferanser satt
event-procurement-opened = Anskaffelse åpnet
event-procurement-milestone-set = Milepæl satt
event-procurement-agreement-label-chosen = Navn på avtalene valgt
event-procurement-passed = Anskaffelsen gikk over til andre
event-procurement-vat-treatment-decided = Merverdiavgift avgjort
event-procurement-nudged = Påminnelser sendes
event-agreement-drafted = Avtale skrevet
event-agreement-sent = Avtale sendt
event-agreement-signed = Avtale undertegnet
event-agreement-activated = Avtale trådt i kraft
event-agreement-option-exercised = Opsjon tatt i bruk
event-agreement-notice-given = Avtale sagt opp
event-agreement-notice-withdrawn = Oppsigelse av avtale trukket
event-agreement-ended = Avtale avsluttet
event-agreement-amended = Avtale endret
event-agreement-passed = Avtale gikk over til en annen fylkeskommune
event-agreement-copy-kept = Signert eksemplar av avtale oppbevart
event-signup-signed-up = Bibliotek påmeldt
event-signup-option-exercised = Bibliotekets opsjon tatt i bruk
event-signup-shared-base-chosen = Valg av felles base
event-signup-shared-catalogue-chosen = Valg av felles katalog
event-signup-go-live-wished = Ønsket oppstart
event-signup-went-live = Nytt system tatt i bruk
event-signup-go-live-corrected = Dag for nytt system rettet
event-signup-withdrawn = Bibliotek trukket
event-signup-readiness-due-set = Frist på sjekklisten satt
event-signup-readiness-ticked = Punkt på sjekklisten gjort
event-signup-readiness-reopened = Punkt på sjekklisten åpnet igjen
event-legacy-recorded = Gammel avtale registrert
event-legacy-yearly-cost-stated = Årskostnad for gammel avtale oppgitt
event-legacy-notice-given = Gammel avtale sagt opp
event-legacy-notice-withdrawn = Oppsigelse av gammel avtale trukket
event-legacy-end-corrected = Sluttdag for gammel avtale rettet
event-legacy-extended = Gammel avtale forlenget
event-cost-recorded = Kostnad registrert
event-cost-assessed = Kostnadens beløp oppgitt
event-cost-granted = Tilskudd til kostnad
event-cost-grant-withdrawn = Tilskudd til kostnad trukket
event-cost-supplier-invoiced = Leverandørfaktura for kostnad
event-cost-moved = Kostnad flyttet til et annet år
event-cost-cancelled = Kostnad strøket
event-licence-recorded = Lisens registrert
event-licence-priced = Lisenspris oppgitt
event-licence-indexed = Lisens indeksregulert
event-licence-came-to = Hva et år av lisensen kom på
event-licence-rescheduled = Lisensens dager endret
event-licence-supplier-invoiced = Leverandørfaktura for lisens
event-sharing-key-proposed = Fordelingsnøkkel foreslått
event-sharing-key-adopted = Fordelingsnøkkel vedtatt
event-sharing-key-proposal-saved = Forslag til fordelingsnøkkel lagret
event-sharing-key-hearing-opened = Forslag til fordelingsnøkkel sendt på høring
event-sharing-key-hearing-answered = Svar på høring registrert
event-invoice-run-planned = Fakturakjøring planlagt
event-invoice-run-plan-continued = Fakturaplan, neste del
event-invoice-run-prebilled = Forhåndsvarsel sendes
event-invoice-run-objection-recorded = Innvending registrert
event-invoice-run-objection-answered = Innvending besvart
event-invoice-run-approved = Fakturakjøring godkjent
event-invoice-run-numbering-begun = Nummerering begynt
event-invoice-run-discarded = Fakturakjøring forkastet
event-invoice-run-completed = Fakturakjøring fullført
event-series-opened = Nummerserie åpnet
event-series-invoice-issued = Faktura utstedt
event-series-credit-note-issued = Kreditnota utstedt
event-delivery-rendered = Dokument tegnet opp
event-delivery-e-invoice-omitted = E-faktura utelatt
event-delivery-e-invoice-laying-started = Utlegging av e-faktura påbegynt
event-delivery-e-invoice-outcome-unknown = Ukjent om e-faktura er tatt imot
event-delivery-e-invoice-outcome-stated = Utfall av e-faktura oppgitt
event-delivery-e-invoice-placed = E-faktura lagt ut
event-delivery-mail-attempt-started = Utsending begynt
event-delivery-mail-accepted = Brev mottatt av tjeneren
event-delivery-mail-deferred = Brev utsatt
event-delivery-mail-outcome-unknown = Ukjent om brevet kom fram
event-delivery-mail-parked = Brev venter på en person
event-delivery-mail-retry-requested = Nytt forsøk bestilt
event-delivery-mail-outcome-stated = Utfall av brev oppgitt
event-payments-opened = Konto åpnet
event-payments-file-taken = Bankfil tatt inn
event-payments-received = Innbetaling mottatt
event-payments-matched = Innbetaling ført mot faktura
event-payments-unmatched = Innbetaling løst fra faktura
event-payments-returned = Innbetaling betalt tilbake
event-payments-reversed = Innbetaling tilbakeført
event-payments-reminded = Purring sendes
event-access-invited = Bruker invitert
event-access-invitation-renewed = Bruker invitert på nytt
event-access-closed = Bruker avsluttet
event-access-granted = Rolle gitt
event-access-revoked = Rolle tatt tilbake
event-access-requested = Rolle bedt om
event-work-claimed = En instans arbeider
event-work-released = En instans er ferdig
event-payments-charges-waived = Gebyr og rente ettergitt

# A page that is kept up to date, and a form that came too late.
page-live-said = Siden er oppdatert.
page-live-kept = Siden er oppdatert. Det du holder på å fylle ut, står som det var.
page-overtaken = Noen kom deg i forkjøpet
page-overtaken-lead = Dette er endret etter at siden din ble vist. Det du sendte, er ikke utført.
page-overtaken-happened = Dette har skjedd i mellomtiden
page-overtaken-do = Hva vil du gjøre?
page-overtaken-both = Begge versjonene
page-overtaken-field = Felt
page-overtaken-mine = Ditt
page-overtaken-theirs = Deres
page-overtaken-untouched = ikke endret
page-overtaken-keep = Behold deres, og se siden som den er nå
page-overtaken-send = Send mitt likevel
page-overtaken-rules = Reglene gjelder som ellers: er det ikke lenger mulig, får du vite hvorfor.
page-name = Navn

# The kinds of what the log is about.
log-kind-party = Parter
log-kind-procurement = Anskaffelser
log-kind-agreement = Tilknytningsavtaler
log-kind-signup = Påmeldte bibliotek
log-kind-legacy = Gamle avtaler
log-kind-cost = Engangskostnader
log-kind-licence = Lisenser
log-kind-sharing-key = Fordelingsnøkler
log-kind-invoice-run = Fakturakjøringer
log-kind-series = Fakturaer og kreditnotaer
log-kind-delivery = Utsending
log-kind-payments = Innbetalinger
log-kind-access = Tilganger
log-kind-work = Arbeidsøkter
page-log-stream = Strøm, som den står ved hver hendelse
page-log-stream-refused = Strømmen finnes ikke. Velg den ved en hendelse.
page-log-verifying = Kontrollerer: { $done } av { $of } hendelser.
page-log-verified = Kontrollert { $day } kl. { $time }.
page-verify-heading = Er loggen hel?
page-verify-look = Se hvor langt det er kommet

# The state on a day.
page-state-on-day = Tilstanden på en dag
page-state-lead = Slik det var kjent ved slutten av dagen, eller med en hendelse i loggen: det samme som programmet svarte da.
page-state-day = Dag
page-state-agreements = Avtaler og budsjett
page-state-budget = Å bære i { $year }
page-state-signed = Signert
page-state-none = Ingen.
page-state-balances = Utestående
page-state-balances-none = Ingenting var utestående.
page-state-access = Hvem som hadde tilgang
page-state-who = Person
page-state-role = Rolle
page-state-for = For
page-state-until = Til og med
page-state-no-end = til den trekkes tilbake
page-agreement-drafted = Utkast
page-agreement-sent = Sendt
page-agreement-signed = Signert
page-agreement-active = I kraft
page-agreement-under-notice = Sagt opp
page-agreement-ended = Avsluttet
