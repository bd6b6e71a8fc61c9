# Agreements with their documents, and nudges, in nynorsk.

page-agreement-send = Send avtalen
page-agreement-send-it = Registrer som send
page-agreement-sign = Registrer underskrifta
page-agreement-sign-it = Registrer
page-agreement-activate = Set i kraft
page-agreement-activate-it = Set i kraft
page-agreement-exercise = Bruk opsjonen
page-agreement-exercise-it = Bruk opsjonen
page-agreement-notice = Sei opp
page-agreement-notice-it = Registrer oppseiinga
page-agreement-withdraw = Trekk oppseiinga tilbake
page-agreement-withdraw-it = Trekk tilbake
page-agreement-end = Avslutt
page-agreement-end-it = Avslutt
page-phase-absent = Finst ikkje
page-phase-drafted = Utkast
page-phase-sent = Send
page-phase-signed = Underskriven
page-phase-active = I kraft
page-phase-under-notice = Oppsagd
page-phase-ended = Avslutta
page-committed = Forplikta
page-commitment = Binding
page-county-authority = Fylkeskommune
page-drafted-on = Utkast
page-sent-on = Send
page-signed-on = Underskriven
page-active-from = I kraft frå
page-shares-from = Deler kostnader frå
page-exercised-on = Opsjonen brukt
page-notice-on = Sagd opp
page-withdrawn-on = Oppseiinga trekt
page-last-day = Siste dag
page-signer-role = Rolla til den som skreiv under
page-authority = Fullmakt
page-authority-hint = Kva som gir rolla rett til å binde, som eit delegeringsvedtak.
page-signer = Namnet til den som skreiv under
page-signer-hint = Kan stå tom om det er deg. Namnet blir oppbevart utanfor loggen og kan slettast.
page-to-municipality = Til sida til kommunen
page-documents = Dokument
page-draft = Utkast
page-copies = Underskrivne eksemplar
page-copies-none = Ingen underskriven avtale er lagd inn.
page-copy = Underskriven avtale (PDF)
page-copy-file = Underskriven avtale
page-copy-hint = PDF, høgst 10 MiB. Fila blir oppbevart uendra, og loggen har fingeravtrykket av ho.
page-copy-keep = Legg inn
page-copy-refused = Fila er ikkje teken imot.
page-kilobytes = { $count } kB
page-what-next = Kva som skal skje vidare
page-history = Historikk
page-details = Nærare
page-nudges = Skriv til dei som er på etterskot
page-nudges-lead = Kvar får eit brev om det som står att, på det språket den les. Sjå gjennom breva før dei blir sende. Ingen får meir enn eitt slikt brev om dagen.
page-nudge-note = Noko å leggje til i kvart brev
page-note-refused = Skriv høgst 500 teikn (æ, ø og å tel som to) på éi linje, utan e-postadresse.
page-nudges-show = Vis breva
page-nudges-count = { $count ->
        [one] Éin er på etterskot
       *[other] { $count } er på etterskot
    }
page-nudges-none = Ingen er på etterskot.
page-nudges-send = Send til dei valde
page-nudged = Breva er på veg.
page-nudged-today = Har fått brev i dag.
page-last-nudged = Sist mint om det { $day }
page-no-contact = Har ingen kontaktperson med e-postadresse. Brevet ville blitt liggjande.
page-was-due = frist { $day }
page-agreements = Avtalar
page-agreements-all = Alle avtalar, med dokumenta
page-agreements-none = Det er ingen avtalar enno.
page-agreements-totals = Kvar avtalane står
page-agreements-find = Finn avtalar
page-agreements-not-found = Ingen avtalar passar med det du søkte etter.
page-in-all = I alt
page-any-state = Alle
page-any-commitment = Forplikta eller opsjon
page-sort-signed = Sist underskriven
page-answer-late = svarfristen { $day } er over
page-until-day = til og med { $day }
page-agreements-found = { $count ->
        [one] Éin avtale
       *[other] { $count } avtalar
    }
page-copies-kept = { $count ->
        [one] Éin underskriven kopi
       *[other] { $count } underskrivne kopiar
    }
page-ready-item = Punkt på lista
page-ready-state = Er det gjort?
page-ready-is-done = Gjort
page-ready-is-open = Ikkje gjort
page-has-option = Opsjon
page-resumed = Det de skreiv
page-resumed-lead = Skjemaet blei ikkje sendt då, fordi det måtte visast kven som sender det. Sjå over det som står her, og send det på nytt.
page-resumed-send = Send på nytt
page-resumed-leave = Gå til sida utan å sende
page-typed-kept = Det som var skrive i skjemaet, er teke vare på i ein time og kan sendast etterpå.
