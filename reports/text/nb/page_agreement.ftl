# Agreements with their documents, and nudges, in bokmål.

page-agreement-send = Send avtalen
page-agreement-send-it = Registrer som sendt
page-agreement-sign = Registrer underskriften
page-agreement-sign-it = Registrer
page-agreement-activate = Sett i kraft
page-agreement-activate-it = Sett i kraft
page-agreement-exercise = Bruk opsjonen
page-agreement-exercise-it = Bruk opsjonen
page-agreement-notice = Si opp
page-agreement-notice-it = Registrer oppsigelsen
page-agreement-withdraw = Trekk oppsigelsen tilbake
page-agreement-withdraw-it = Trekk tilbake
page-agreement-end = Avslutt
page-agreement-end-it = Avslutt
page-phase-absent = Finnes ikke
page-phase-drafted = Utkast
page-phase-sent = Sendt
page-phase-signed = Underskrevet
page-phase-active = I kraft
page-phase-under-notice = Oppsagt
page-phase-ended = Avsluttet
page-committed = Forpliktet
page-commitment = Binding
page-county-authority = Fylkeskommune
page-drafted-on = Utkast
page-sent-on = Sendt
page-signed-on = Underskrevet
page-active-from = I kraft fra
page-shares-from = Deler kostnader fra
page-exercised-on = Opsjonen brukt
page-notice-on = Sagt opp
page-withdrawn-on = Oppsigelsen trukket
page-last-day = Siste dag
page-signer-role = Rollen til den som skrev under
page-authority = Fullmakt
page-authority-hint = Hva som gir rollen rett til å binde, som et delegeringsvedtak.
page-signer = Navnet til den som skrev under
page-signer-hint = Kan stå tom hvis det er deg. Navnet oppbevares utenfor loggen og kan slettes.
page-to-municipality = Til kommunens side
page-documents = Dokumenter
page-draft = Utkast
page-copies = Underskrevne eksemplarer
page-copies-none = Ingen underskrevet avtale er lagt inn.
page-copy = Underskrevet avtale (PDF)
page-copy-file = Underskrevet avtale
page-copy-hint = PDF, høyst 10 MiB. Filen oppbevares uendret, og loggen har fingeravtrykket av den.
page-copy-keep = Legg inn
page-copy-refused = Filen er ikke tatt imot.
page-kilobytes = { $count } kB
page-what-next = Hva som skal skje videre
page-history = Historikk
page-details = Nærmere
page-nudges = Skriv til dem som er på etterskudd
page-nudges-lead = Hver får et brev om det som gjenstår, på det språket den leser. Se gjennom brevene før de sendes. Ingen får mer enn ett slikt brev om dagen.
page-nudge-note = Noe å legge til i hvert brev
page-note-refused = Skriv høyst 500 tegn (æ, ø og å teller som to) på én linje, uten e-postadresse.
page-nudges-show = Vis brevene
page-nudges-count = { $count ->
        [one] Én er på etterskudd
       *[other] { $count } er på etterskudd
    }
page-nudges-none = Ingen er på etterskudd.
page-nudges-send = Send til de valgte
page-nudged = Brevene er på vei.
page-nudged-today = Har fått brev i dag.
page-last-nudged = Sist minnet om det { $day }
page-no-contact = Har ingen kontaktperson med e-postadresse. Brevet ville blitt liggende.
page-was-due = frist { $day }
page-agreements = Avtaler
page-agreements-all = Alle avtaler, med dokumentene
page-agreements-none = Det er ingen avtaler ennå.
page-agreements-totals = Hvor avtalene står
page-agreements-find = Finn avtaler
page-agreements-not-found = Ingen avtaler passer med det du søkte etter.
page-in-all = I alt
page-any-state = Alle
page-any-commitment = Forpliktet eller opsjon
page-sort-signed = Sist underskrevet
page-answer-late = svarfristen { $day } er over
page-until-day = til og med { $day }
page-agreements-found = { $count ->
        [one] Én avtale
       *[other] { $count } avtaler
    }
page-copies-kept = { $count ->
        [one] Én underskrevet kopi
       *[other] { $count } underskrevne kopier
    }
page-ready-item = Punkt på listen
page-ready-state = Er det gjort?
page-ready-is-done = Gjort
page-ready-is-open = Ikke gjort
page-has-option = Opsjon
page-resumed = Det dere skrev
page-resumed-lead = Skjemaet ble ikke sendt da, fordi det måtte vises hvem som sender det. Se over det som står her, og send det på nytt.
page-resumed-send = Send på nytt
page-resumed-leave = Gå til siden uten å sende
page-typed-kept = Det som var skrevet i skjemaet, er tatt vare på i en time og kan sendes etterpå.
