# Who has access to what, in bokmål.

accounts-title = Tilgang
accounts-all = Kontoer
accounts-search = Søk etter navn eller e-postadresse
accounts-with-closed = Også lukkede
accounts-find = Finn
accounts-none = Ingen konto passer med søket.
accounts-person = Person
accounts-open = Åpen
accounts-locked = Låst en stund etter for mange forsøk
accounts-closed = Lukket
accounts-waiting = Venter på en annen administrator
accounts-invite = Inviter en person
accounts-name = Navn
accounts-name-refused = Skriv navnet, med høyst 500 tegn.
accounts-email-refused = Skriv en e-postadresse, slik som navn@kommune.example.
accounts-email-taken = Noen logger alt inn med denne adressen. Inviter den personen på nytt, eller bruk en annen adresse.
accounts-link = Gi personen denne lenken, og ingen andre. Den virker én gang, i { $days } dager:
accounts-no-roles = Personen har ingen roller.
accounts-requested = Venter på en annen administrator
accounts-own-request = Du ba selv om denne rollen; en annen administrator må gi den.
accounts-grant = Gi en rolle
accounts-request = Be om en rolle
accounts-two-people = Det trengs to: du ber om rollen, og en annen administrator gir den.
accounts-role = Rolle
accounts-scope = Gjelder for
accounts-scope-none = Alt (revisor og administrator)
accounts-procurements = Anskaffelser (fylkesbiblioteket)
accounts-counties = Fylkeskommuner (fylkets økonomi)
accounts-parties = Kommuner og andre som er med (kommuneledelse, bibliotekleder, økonomi)
accounts-scope-refused = Velg det rollen gjelder for: en anskaffelse for fylkesbiblioteket, alt for revisor og administrator, ellers en kommune eller et fylke.
accounts-scope-county = Denne rollen gjelder for en fylkeskommune. Velg en av dem.
accounts-until = Siste dag (må med for revisor)
accounts-until-passed = Dagen er over. Velg en senere.
accounts-until-missing = En revisor leser alt, og bare for en tid. Velg den siste dagen.
accounts-until-too-far = En revisor har tilgang i høyst 366 dager. Velg en tidligere dag.
accounts-revoke = Ta bort
accounts-withdraw = Trekk ønsket
accounts-keep = Innlogging
accounts-unlock = Lås opp
accounts-renew = Inviter på nytt
accounts-renew-two-people = Rollene venter da til en annen administrator har gitt dem på nytt, for den som får invitasjonen, logger inn som personen.
accounts-end-sessions = { $sessions ->
    [0] Ingen innlogginger å avslutte
    [one] Avslutt { $sessions } innlogging
   *[other] Avslutt { $sessions } innlogginger
}
accounts-close = Lukk kontoen for godt
accounts-close-sure = Jeg vet at roller, passord, passnøkler, innlogginger og nøkler for programmer blir borte
accounts-close-unconfirmed = Kryss av for at kontoen skal lukkes for godt.
accounts-nobody-else = Ingen er logget inn, så ingen andre kan gi rollen.
