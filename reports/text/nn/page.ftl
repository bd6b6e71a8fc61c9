# The words and sentences of pages, in nynorsk. Amounts and dates come in as finished text.

# The frame of every page.
page-skip = Hopp til innhaldet
page-procurements = Innkjøp
page-proof-lacking = Du er logga inn utan det som trengst for å endre noko, så skjema kan mangle her.
page-navigation = Hovudmeny
page-account = Min konto
page-language = Språk
page-footer = Grenseløs deler kostnaden ved felles innkjøp. Kvart beløp kan forklare seg.
page-accessibility = Tilgjenge
page-api = For program (API)
page-home = Til framsida
page-board = Kommunane
page-keys = Nøkkelverkstaden
page-invoices = Fakturering
page-log = Loggen

# What cannot be shown.
page-not-found = Her er det ingenting
page-not-found-advice = Adressa finst ikkje, eller det ho viste til, finst ikkje lenger. Gå til framsida og leit derifrå.
page-refused = Dette lét seg ikkje gjere
page-done-in-part = Ikkje alt vart gjort
page-done-in-part-advice = Det som står nedanfor som gjort, er gjort. Les kva som er i vegen for resten.
page-refused-advice = Les kva som er i vegen nedanfor, gå tilbake og rett det. Ingenting er lagra.
page-no-municipality = Kommunen finst ikkje, eller du har ikkje tilgang til han.
page-no-invoice = Fakturaen finst ikkje, eller du har ikkje tilgang til han.
page-no-run = Fakturakøyringa finst ikkje, eller du har ikkje tilgang til ho.
page-no-payment = Innbetalinga finst ikkje, eller du har ikkje tilgang til ho.
page-no-letter = Brevet finst ikkje, eller du har ikkje tilgang til det.
page-no-agreement = Avtalen finst ikkje, eller du har ikkje tilgang til han.
page-no-proposal = Framlegget finst ikkje, eller du har ikkje tilgang til det.
page-no-procurement = Innkjøpet finst ikkje, eller du har ikkje tilgang til det.
page-no-account = Kontoen finst ikkje, eller du har ikkje tilgang til han.
page-denied-advice = Spør den som administrerer kontoane, om du treng tilgang. Ingenting er lagra.
page-broken = Noko gjekk gale hos oss
page-broken-advice = Feilen er skriven ned for den som driftar tenesta. Prøv igjen om ei stund.

# The page of a municipality's leader.
page-in-kroner = Kroner
page-in-thousands = Tusen kroner
page-kroner = Kroner
page-thousands = Tusen kroner
page-historical = Du ser det som var kjent ein tidlegare dag.
page-to-today = Vis det som er kjent i dag
page-nothing-heading = Ingen kostnader enno
page-nothing = Det er ikkje registrert nokon kostnad som kommunen skal bere i desse åra. Vel eit anna år nedanfor.
page-to-bear = Å dekkje i { $year } etter momskompensasjon
page-nothing-in-year = Ingenting
page-at-least = minst
page-between = mellom { $low } og { $high }
page-why = Kvifor? Sjå korleis { $year } er rekna ut
page-per-inhabitant = Per innbyggjar
page-beside-old = Samanlikna med det gamle systemet
page-change-from-old = { $change } i høve til eit heilt år
page-comparable = Mellom like store kommunar
page-comparable-place = Nummer { $place } av { $of } i { $year }, rekna frå den som betaler minst per innbyggjar.
page-comparable-how = Dei andre er dei inntil ti kommunane i innkjøpet som er nærast i innbyggjartal.
page-comparable-show = Vis kommunane
page-comparable-description = Kroner per innbyggjar i kvar kommune. Tala står i tabellen under.
page-double = Unngå å betale dobbelt
page-double-amount = Det kostar { $amount } ekstra.
page-four-years = Budsjett og økonomiplan
page-take-along = Ta med deg
page-pdf = Budsjettark som PDF
page-excel = Rekneark (Excel) med levande formlar
page-council = Utkast til saksframlegg (Word)
page-chart = År for år, lågt til høgt
page-chart-description = Kva kommunen skal dekkje kvart år: sannsynleg beløp som søyle, lågt og høgt utfall som strek. Tala står i tabellen over.
page-chart-old = Den stipla streken er eit heilt år av det gamle systemet: { $amount }.
page-chart-old-unknown = Ingen veit enno kva eit år av det gamle systemet kostar.
page-chart-old-none = Kommunen har ikkje noko gammalt system å samanlikne med.
page-municipality = Kommune
page-inhabitants = Innbyggjarar
page-when = Kva visste vi når?
page-budget-year = Budsjettår
page-known-on = Vis det som var kjent
page-compare-with = Samanlikn med det som var kjent
page-show = Vis
page-day-refused = Skriv ein dag som 01.06.2023 eller 2023-06-01, ikkje seinare enn i dag.
page-since-refused = Vel ein dag før den som er vist.
page-year-refused = Skriv eit årstal frå 2000 til 2100.
page-milestones = Dagar som betyr noko:
page-changed = Dette er endra sidan { $day }
page-changed-visit = Dette er endra sidan førre besøk, { $day } kl. { $time }
page-changed-nothing = Ingenting er endra.
page-changed-unknown = Den dagen var verken kommunen eller innkjøpet kjent.
page-changed-new = Ny: { $text }
page-changed-gone = Borte: { $text }
page-changed-line = { $text }, { $year }: frå { $before } til { $now }
page-year = År
page-before = Før
page-now = No
page-change = Endring
page-go-live-day = Ønskt oppstart
page-go-live-wish = Lagre ønsket
page-go-live-wished = Ønskjer å starte { $day }.
page-go-live-none = Ingen oppstart er ønskt enno.
page-go-live-refused = Vel ein dag frå i dag av.
page-went-live = I drift frå { $day }.
page-ready = Er biblioteket klart?
page-ready-none = Ingen bibliotek er påmelde.
page-ready-leaders-informed = Leiinga er informert
page-ready-reported-into-budget = Meldt inn i budsjettet
page-ready-old-contract-ended = Den gamle avtalen er sagd opp
page-ready-catalogue-cleaned = Katalogen er rydda
page-ready-school-libraries-informed = Skulebiblioteka er informerte
page-ready-done = Gjort { $day }
page-ready-due = Innan { $day }
page-ready-no-date = Ingen frist
page-grounds = Grunnlaget
page-certainty = Kor sikre beløpa er
page-sources = Kjelder og kontering
page-own-invoices = Fakturaene til kommunen

# Where figures come from.
page-why-title = Forklaring: { $party } { $year }
page-why-heading = slik er { $year } rekna ut
page-why-lead = Kvart beløp er utan meirverdiavgift, og kan reknast etter med kalkulator.
page-why-nothing = Det er ingenting å forklare i dette året.
page-why-events = Hendingane det byggjer på
page-why-event = Nr. { $position }: { $what }, registrert { $day }
page-why-range = { $likely } (mellom { $low } og { $high })
page-why-stated = Gjeld no, frå { $day }: { $amount }. Kjelde: { $source }
page-why-stated-before = Tidlegare, { $day }: { $amount }. Kjelde: { $source }
page-why-grant = Tilskot frå { $from }: { $amount } blir trekt frå ({ $reference }, { $day }).
page-why-grant-withdrawn = Tilskotet frå { $from } på { $amount } ({ $reference }, { $day }) blir ikkje trekt frå lenger, sidan { $withdrawn }: { $reason }.
page-why-moved = Flytta frå { $from } til { $to } ({ $reference }, { $day }).
page-why-factor = Prisen blir gonga med { $factor } frå { $year } ({ $source }).
page-why-price = Pris for heile { $year }: { $price }.
page-why-old-system = Det gamle systemet kostar { $yearly } i året, og { $paid } av dei { $of } dagane i året blir betalte.
page-why-alone = { $amount } blir bore av kommunen åleine.
page-why-shared = { $amount } blir delt mellom { $members } etter nøkkelen «{ $key }», med tal frå { $day }.
page-why-shared-proposed = { $amount } blir delt mellom { $members } etter nøkkelen «{ $key }», som berre er foreslått, med tal frå { $day }.
page-why-days = Det gjeld { $first } til { $last }: { $days } av dei { $of } dagane i året.
page-why-figure = { $measure }: { $value } av { $sum } ({ $day }, { $source })
page-why-figure-of = Av dette { $counts } frå { $party }: { $percent } av { $value } ({ $day }, { $source })
page-why-comes-to = Det blir { $share } av { $amount }.
step-first = Eit første beløp: { $amount }
step-first-by-rate = Eit første beløp etter { $measure }: { $rate } × { $value } = { $amount }
step-base-equal = { $percent } blir delt likt: { $percent } × { $value } / { $sum } = { $weight }
step-base = { $percent } blir delt etter { $measure }: { $percent } × { $value } / { $sum } = { $weight }
step-agreed = Avtalt del: { $percent }
step-whole-percent = Runda av til { $percent }
step-rest = Av resten: { $rest } × { $weight } / { $of } = { $amount }
step-shared-again = Delt på nytt, sidan andre står på eit minstebeløp eller eit høgste beløp: { $rest } × { $weight } / { $of } = { $amount }
step-price = Pris: { $amount }
step-price-by-rate = Pris etter { $measure }: { $rate } × { $value } = { $amount }
step-price-of-tier = Pris etter { $measure }: { $value } er over { $above }, og det kostar { $amount }
step-floor = Minstebeløp: { $floor } i staden for { $instead }
step-cap = Høgste beløp: { $cap } i staden for { $instead }
step-part-of-year = For { $days } av { $of } dagar i året: × { $part } / { $year } = { $amount }
step-odd-ore = Øra som er til overs når delane er i heile kroner: { $amount }
step-evened = Jamna ut, så ingen får ein lågare sannsynleg del enn låg, og eit tilskot ikkje aukar nokon sin del: { $amount }
step-largest-remainder = Runda ned til heil øre (største rest): { $exact }
step-largest-remainder-gained = Runda opp til heil øre (største rest): { $exact }
step-nearest = Runda til næraste heile øre: { $exact }
step-part = { $percent } etter «{ $key }»: { $amount } av { $part }

# The draft for the council.
council-heading = Utkast til saksframlegg: { $party } og { $procurement }
council-proposal = Framlegg til vedtak
council-proposal-join = { $party } sluttar seg til { $procurement }.
council-proposal-amount = { $amount } blir innarbeidd i budsjettet for { $year }, og dei følgjande åra i økonomiplanen som i tabellen.
council-proposal-unknown = Beløpet for { $year } er ikkje heilt kjent. Det blir innarbeidd når det er det.
council-background = Bakgrunn
council-background-text = Biblioteket i { $party } er med i { $procurement }. Kostnaden blir delt mellom dei som er med, etter ein avtalt fordelingsnøkkel.
council-cost = Økonomi
council-cost-text = Tabellen viser kva kommunen skal dekkje, slik det var kjent { $day }.

# The front page, and accessibility.
page-front = Kven gjeld det?
page-front-lead = Vel kommunen for å sjå kva det felles innkjøpet kostar, kor sikkert det er, og kvifor.
page-front-not-yours = Ingen av rollene dine gjeld for kommunane som er med. Bruk det du når, i menyen øvst.
page-front-empty = Ingen kommunar er med i eit innkjøp enno.
accessibility-goal = Sidene skal følgje krava i WCAG 2.2 på nivå AA.
accessibility-how = Slik er sidene laga
accessibility-script = Alt verkar utan skript i nettlesaren, bortsett frå passnøklar. Den som ikkje har skript, stadfestar kven dei er, hos ei innloggingsteneste.
accessibility-keyboard = Alt kan gjerast med tastaturet åleine, og det er synleg kvar ein er.
accessibility-figures = Alle diagram har dei same tala i ein tabell.
accessibility-look = Sidene følgjer lyst og mørkt utsjånad, verkar frå 320 pikslar og kan skrivast ut.
accessibility-lacks = Det som manglar
accessibility-sami = På nordsamisk er berre ord som er stadfesta, omsette. Resten står på bokmål og er merkt slik.
accessibility-messages = Nokre feilmeldingar frå reglane er på engelsk. Dei er merkte slik.
accessibility-tell = Er noko vanskeleg å bruke, sei frå til den som driftar tenesta.

# The board.
page-step-agreement = Avtale
page-step-signup = Påmelding
page-step-notice = Oppseiing av gammal avtale
page-step-budget = Meldt inn i budsjettet
page-of = { $count } av { $of }
page-filter = Finn kommunar
page-search = Søk etter namn eller nummer
page-missing-step = Manglar
page-any-step = Kva som helst
page-sort = Rekkjefølgje
page-sort-number = Kommunenummer
page-sort-name = Namn
page-sort-behind = Mest etter først
page-only-behind = Berre dei som er etter
page-option = opsjon
page-taken = Gjort
page-not-yet = Ikkje enno
page-not-needed = Ikkje nødvendig
page-board-none = Ingen kommunar passar med det du søkte etter.
page-board-all = Vis alle
page-amounts = Kostnader og lisensar
page-amounts-none = Ingen kostnader eller lisensar er registrerte enno.
page-nothing-said = Ingen har sagt noko om beløpet enno.
page-from-day = frå { $day }

# The key laboratory.
page-keys-lead = Prøv ein annan fordelingsnøkkel, andre deltakarar, minstebeløp, tak eller innfasing, og sjå kva det fører til for alle. Ingenting blir lagra før du gir det eit namn.
page-form-refused = Noko må rettast før dette kan prøvast. Ingenting er lagra.
page-shared-by = Blir fordelt etter, til saman 100 %
page-percent-refused = Skriv prosentar frå 0 til 100 som til saman blir 100.
page-equally = Likt
page-in-place-of = I staden for nøkkelen
page-floor = Minstebeløp, kroner eller prosent
page-cap = Tak, kroner eller prosent
page-floor-above-cap = Minstebeløpet er over taket. Senk det eine eller hev det andre.
page-bound-refused = Skriv eit beløp i kroner, som 1500, eller ein prosent av det som blir delt, som 2,5 %. Begge delar blir skilde med semikolon.
page-first-each = Kvar betaler først, kroner
page-grants = Tilskot som blir trekte frå først
page-grants-refused = Skriv kven som gir og kor mykje, som Staten: 100000. Fleire blir skilde med semikolon.
page-choose-key = Vel kva nøkkel som skal prøvast
page-choose-key-refused = Det er fleire nøklar. Vel ein av dei.
page-keeps = Dette av nøkkelen som gjeld, blir ståande:
page-keeps-krone = Delane er i heile kroner.
page-keeps-each = Kvar del blir runda av for seg.
page-keeps-percentages = Avtalte prosentar for kvar part, så lenge det ikkje står prosentar i felta.
page-keeps-decimals = Delane blir først runda av i prosent.
page-keeps-firsts = Andre beløp som blir betalte først, etter sats eller av éin part.
page-keeps-tariff = Nøkkelen er ei prisliste. Ho blir ståande som ho er, så lenge det ikkje står prosentar i felta.
page-keeps-blend = Nøkkelen er sett saman av fleire. Han blir ståande som han er, så lenge det ikkje står prosentar i felta.
page-amount-refused = Skriv eit beløp i kroner, som 1500 eller 1500,50.
page-phase = Kor mykje av beløpet, % (innfasing)
page-phase-refused = Skriv ein prosent frå 0 til 100.
page-applies-from = Gjeld frå
page-date-refused = Skriv ein dag som 01.01.2024 eller 2024-01-01.
page-first-year = Første år som blir vist
page-members = Kven er med
page-try = Prøv
page-as-it-is = Tilbake til slik det er
page-result = Før og etter, { $years }
page-sum-of-changes = Sum av endringane
page-changes-description = Endring for kvar kommune: mindre til venstre, meir til høgre. Tala står i tabellen under.
page-after = Etter
page-change-percent = Endring i prosent
page-change-each = Endring per innbyggjar

# Finance's pages.
page-runs = Fakturakøyringar
page-runs-none = Inga fakturakøyring er planlagd.
page-run = Fakturakøyring
page-run-covers = Gjeld
page-run-planned = Ventar på godkjenning
page-run-approved = Godkjend
page-run-discarded = Forkasta
page-run-completed = Fullført
page-state = Status
page-planned-on = Planlagd
page-invoices-count = Tal
page-sum = Sum
page-to-match = Innbetalingar som må førast for hand
page-to-match-none = Alle innbetalingar er førte.
page-open = Ikkje ført
page-reference = Referanse
page-invoice = Faktura
page-match = Før mot fakturaen
page-payment-reversal = Tilbakeføring
page-payment-unknown-kid = Ukjend KID
page-payment-several-kids = Fleire KID-ar
page-payment-no-kid = Utan KID
page-payment-before-invoice = Før datoen på fakturaen
page-payment-all-open = Heile beløpet er ope
page-payment-rest = Rest
page-payment-settled = Ført
page-unpaid = Ubetalt
page-unpaid-none = Alt er betalt.
page-overpaid = Betalt for mykje
page-overpaid-what = Det er kreditert etter at det vart betalt. Betal det tilbake, eller la innbetalinga gjelde ein annan faktura.
page-age-not-due = Ikkje forfalle
page-age-30 = Forfalle inntil 30 dagar
page-age-90 = Forfalle 31 til 90 dagar
page-age-older = Forfalle meir enn 90 dagar
page-due = Forfall
page-reminders = Purringar
page-outstanding = Uteståande
page-letters = Utsending
page-letter = Brev
page-server-said = Svar frå e-posttenaren
page-retry = Prøv igjen
page-letter-prebill = førehandsvarsel
page-letter-answer = svar på innvending
page-letter-withdrawal = om at førehandsvarselet er trekt
page-letter-nudge = om det som står att
page-letter-parked = Ventar på ein person
page-letter-unknown = Ukjent om det kom fram
page-letter-deferred = Blir prøvd igjen
page-letter-attempting = Blir sendt no
page-letter-queued = I kø
page-letter-arrived = Kome fram
page-letter-accepted = Teke imot
page-credit-notes = Kreditnotaer
page-credit-notes-none = Ingen kreditnota er skriven ut.
page-credit-note = Kreditnota
page-credits = Gjeld faktura
page-date = Dato
page-invoice-date = Fakturadato
page-beside-last-year = Samanlikna med året før
page-last-year = Året før
page-invoiced-before = Fakturert før
page-planned = Planlagt
page-set-aside = Sett til side
page-not-planned = Ikkje med i planen
page-left-over = Står att utanfor planen
page-left-over-meaning = Dette er ikkje med i planen, fordi dei andre vart fakturerte tidlegare eller ingen kan fakturerast enno. Når det som manglar er registrert, kjem det med i ein ny plan.
page-left-over-vat = Korleis meirverdiavgifta skal handsamast, er heller ikkje vedteke.
page-objections = Førehandsvarsel og innvendingar
page-objections-until = Innvendingar kan kome til og med { $day }.
page-own-object = Send innvendinga
page-own-prebills = Det som skal fakturerast
page-run-invoices = Fakturaene som er planlagde
page-vat = Mva.
page-objections-none = Ingen innvendingar er komne.
page-objections-by = Siste dag for innvendingar
page-objection-upheld = Teken til følgje
page-objection-rejected = Ikkje teken til følgje
page-unanswered = Ikkje svara på
page-prebill = Send førehandsvarsel
page-approval = Godkjenning
page-approved-by = Godkjend av { $role } { $day }.
page-your-role = Di rolle
page-your-id = Din brukar-id
page-id-refused = Skriv ein id som ser slik ut: 00000000-0000-4000-8000-000000000000.
page-approve = Godkjenn
page-run-waits = Køyringa ventar på fakturadatoen, { $day }. Då blir fakturaene nummererte og sende. Til då kan ho forkastast.
page-run-dates-passed = Køyringa er datert { $day } og kan ikkje lenger skrivast ut med datoane sine. Forkast ho og planlegg på nytt.
page-discard = Forkast planen
page-invoices-of = fakturaer
page-invoices-none = Ingen faktura er skriven ut til kommunen enno.
page-paid = Betalt
page-overdue = Forfalle: { $amount }
page-to-pay = Å betale: { $amount }

# The log.
page-log-lead = Alt som har hendt, i den rekkjefølgja det blei registrert. Ingenting blir retta eller sletta; det som var feil, blir følgt av det som er rett.
page-log-filter = Finn i loggen
page-log-party = Kommune eller annan part
page-party-refused = Skriv eit kommunenummer eller eit heilt namn.
page-log-kind = Slag
page-any-kind = Alle slag
page-log-actor = Kven
page-log-first = Frå og med
page-log-last = Til og med
page-log-none = Ingen hendingar passar med det du søkte etter.
page-log-older = Eldre hendingar
page-erased = Innhaldet er sletta. At det har hendt, og når, står framleis.
page-verify = Kontroller loggen
page-log-sound = Kjeda av { $count } hendingar er ubroten, og boka går opp.
page-log-faulty = Loggen eller boka stemmer ikkje.

page-days-behind = { $days ->
        [one] éin dag
       *[other] { $days } dagar
    } etter
page-ready-late = Frist { $day }, { $days ->
        [one] éin dag
       *[other] { $days } dagar
    } sidan
page-why-licence-paid = Det nye systemet blir betalt frå { $first } til { $last } («{ $licence }»).
page-why-go-live = Ingen lisens er kjend enno. Det nye systemet er i bruk frå { $day }, og blir rekna som betalt frå då av.
page-why-both-paid = Begge blir betalte i { $days ->
        [one] éin dag
       *[other] { $days } dagar
    }.
page-board-found = { $count ->
        [one] Éin kommune
       *[other] { $count } kommunar
    }
page-winners = { $count ->
        [one] Éin betaler
       *[other] { $count } betaler
    } mindre
page-losers = { $count ->
        [one] Éin betaler
       *[other] { $count } betaler
    } meir
page-not-known = { $count ->
        [one] For éin er det ikkje kjent
       *[other] For { $count } er det ikkje kjent
    }
page-letters-out = { $count ->
        [one] Eitt brev
       *[other] { $count } brev
    } er gått ut.

# What has happened.
event-party-registered = Part registrert
event-party-numbered = Nytt nummer
event-party-named = Nytt namn
event-party-measured = Tal registrert
event-party-merged = Slått saman med ein annan
event-party-split = Delt mellom andre
event-party-succeeded = Etterfølgd av andre
event-party-written-form-chosen = Målform vald
event-party-sami-language-area-set = Samisk språkområde sett
event-party-vat-compensation-set = Momskompensasjon sett
event-party-contact-named = Kontaktperson oppgjeven
event-party-buyer-reference-set = Referanse sett
event-party-register-entry-stated = Registeropplysning oppgjeven
event-party-invoice-references-set = Fakturareferansar sette
event-procurement-opened = Innkjøp opna
event-procurement-milestone-set = Milepæl sett
event-procurement-agreement-label-chosen = Namn på avtalane valt
event-procurement-passed = Innkjøpet gjekk over til andre
event-procurement-vat-treatment-decided = Meirverdiavgift avgjord
event-procurement-nudged = Påminningar blir sende
event-agreement-drafted = Avtale skriven
event-agreement-sent = Avtale send
event-agreement-signed = Avtale underskriven
event-agreement-activated = Avtale teken til å gjelde
event-agreement-option-exercised = Opsjon teken i bruk
event-agreement-notice-given = Avtale sagd opp
event-agreement-notice-withdrawn = Oppseiing av avtale trekt
event-agreement-ended = Avtale avslutta
event-agreement-amended = Avtale endra
event-agreement-passed = Avtale gjekk over til ein annan fylkeskommune
event-agreement-copy-kept = Signert eksemplar av avtale oppbevart
event-signup-signed-up = Bibliotek påmeldt
event-signup-option-exercised = Opsjonen til biblioteket teken i bruk
event-signup-shared-base-chosen = Val av felles base
event-signup-shared-catalogue-chosen = Val av felles katalog
event-signup-go-live-wished = Ønskt oppstart
event-signup-went-live = Nytt system teke i bruk
event-signup-go-live-corrected = Dag for nytt system retta
event-signup-withdrawn = Bibliotek trekt
event-signup-readiness-due-set = Frist på sjekklista sett
event-signup-readiness-ticked = Punkt på sjekklista gjort
event-signup-readiness-reopened = Punkt på sjekklista opna igjen
event-legacy-recorded = Gammal avtale registrert
event-legacy-yearly-cost-stated = Årskostnad for gammal avtale oppgjeven
event-legacy-notice-given = Gammal avtale sagd opp
event-legacy-notice-withdrawn = Oppseiing av gammal avtale trekt
event-legacy-end-corrected = Sluttdag for gammal avtale retta
event-legacy-extended = Gammal avtale forlengd
event-cost-recorded = Kostnad registrert
event-cost-assessed = Beløpet for kostnaden oppgjeve
event-cost-granted = Tilskot til kostnad
event-cost-grant-withdrawn = Tilskot til kostnad trekt
event-cost-supplier-invoiced = Leverandørfaktura for kostnad
event-cost-moved = Kostnad flytta til eit anna år
event-cost-cancelled = Kostnad stroken
event-licence-recorded = Lisens registrert
event-licence-priced = Lisenspris oppgjeven
event-licence-indexed = Lisens indeksregulert
event-licence-came-to = Kva eit år av lisensen kom på
event-licence-rescheduled = Dagane for lisensen endra
event-licence-supplier-invoiced = Leverandørfaktura for lisens
event-sharing-key-proposed = Fordelingsnøkkel foreslått
event-sharing-key-adopted = Fordelingsnøkkel vedteken
event-sharing-key-proposal-saved = Framlegg til fordelingsnøkkel lagra
event-sharing-key-hearing-opened = Framlegg til fordelingsnøkkel sendt på høyring
event-sharing-key-hearing-answered = Svar på høyring registrert
event-invoice-run-planned = Fakturakøyring planlagd
event-invoice-run-plan-continued = Fakturaplan, neste del
event-invoice-run-prebilled = Førehandsvarsel blir sendt
event-invoice-run-objection-recorded = Innvending registrert
event-invoice-run-objection-answered = Innvending svara på
event-invoice-run-approved = Fakturakøyring godkjend
event-invoice-run-numbering-begun = Nummerering byrja
event-invoice-run-discarded = Fakturakøyring forkasta
event-invoice-run-completed = Fakturakøyring fullført
event-series-opened = Nummerserie opna
event-series-invoice-issued = Faktura skriven ut
event-series-credit-note-issued = Kreditnota skriven ut
event-delivery-rendered = Dokument teikna opp
event-delivery-e-invoice-omitted = E-faktura utelaten
event-delivery-e-invoice-laying-started = Utlegging av e-faktura starta
event-delivery-e-invoice-outcome-unknown = Ukjent om e-faktura er teken imot
event-delivery-e-invoice-outcome-stated = Utfall av e-faktura oppgjeve
event-delivery-e-invoice-placed = E-faktura lagd ut
event-delivery-mail-attempt-started = Utsending byrja
event-delivery-mail-accepted = Brev motteke av tenaren
event-delivery-mail-deferred = Brev utsett
event-delivery-mail-outcome-unknown = Ukjent om brevet kom fram
event-delivery-mail-parked = Brev ventar på ein person
event-delivery-mail-retry-requested = Nytt forsøk tinga
event-delivery-mail-outcome-stated = Utfall av brev oppgjeve
event-payments-opened = Konto opna
event-payments-file-taken = Bankfil teken inn
event-payments-received = Innbetaling motteken
event-payments-matched = Innbetaling ført mot faktura
event-payments-unmatched = Innbetaling løyst frå faktura
event-payments-returned = Innbetaling betalt tilbake
event-payments-reversed = Innbetaling tilbakeført
event-payments-reminded = Purring blir send
event-access-invited = Brukar invitert
event-access-invitation-renewed = Brukar invitert på nytt
event-access-closed = Brukar avslutta
event-access-granted = Rolle gjeven
event-access-revoked = Rolle teken tilbake
event-access-requested = Rolle beden om
event-work-claimed = Ein instans arbeider
event-work-released = Ein instans er ferdig
event-payments-charges-waived = Gebyr og rente ettergjeve

# A page that is kept up to date, and a form that came too late.
page-live-said = Sida er oppdatert.
page-live-kept = Sida er oppdatert. Det du held på å fylle ut, står som det var.
page-overtaken = Nokon kom deg i forkjøpet
page-overtaken-lead = Dette er endra etter at sida di vart vist. Det du sende, er ikkje utført.
page-overtaken-happened = Dette har skjedd i mellomtida
page-overtaken-do = Kva vil du gjere?
page-overtaken-both = Begge versjonane
page-overtaken-field = Felt
page-overtaken-mine = Ditt
page-overtaken-theirs = Deira
page-overtaken-untouched = ikkje endra
page-overtaken-keep = Behald deira, og sjå sida som ho er no
page-overtaken-send = Send mitt likevel
page-overtaken-rules = Reglane gjeld som elles: er det ikkje lenger mogleg, får du vite kvifor.
page-name = Namn

# The kinds of what the log is about.
log-kind-party = Partar
log-kind-procurement = Innkjøp
log-kind-agreement = Tilknytingsavtalar
log-kind-signup = Påmelde bibliotek
log-kind-legacy = Gamle avtalar
log-kind-cost = Eingongskostnader
log-kind-licence = Lisensar
log-kind-sharing-key = Fordelingsnøklar
log-kind-invoice-run = Fakturakøyringar
log-kind-series = Fakturaer og kreditnotaer
log-kind-delivery = Utsending
log-kind-payments = Innbetalingar
log-kind-access = Tilgangar
log-kind-work = Arbeidsøkter
page-log-stream = Straum, som han står ved kvar hending
page-log-stream-refused = Straumen finst ikkje. Vel han ved ei hending.
page-log-verifying = Kontrollerer: { $done } av { $of } hendingar.
page-log-verified = Kontrollert { $day } kl. { $time }.
page-verify-heading = Er loggen heil?
page-verify-look = Sjå kor langt det er kome

# The state on a day.
page-state-on-day = Tilstanden på ein dag
page-state-lead = Slik det var kjent ved slutten av dagen, eller med ei hending i loggen: det same som programmet svara då.
page-state-day = Dag
page-state-agreements = Avtalar og budsjett
page-state-budget = Å bere i { $year }
page-state-signed = Signert
page-state-none = Ingen.
page-state-balances = Uteståande
page-state-balances-none = Ingenting var uteståande.
page-state-access = Kven som hadde tilgang
page-state-who = Person
page-state-role = Rolle
page-state-for = For
page-state-until = Til og med
page-state-no-end = til ho vert trekt tilbake
page-agreement-drafted = Utkast
page-agreement-sent = Sendt
page-agreement-signed = Signert
page-agreement-active = I kraft
page-agreement-under-notice = Sagt opp
page-agreement-ended = Avslutta
