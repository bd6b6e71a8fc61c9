# Who has access to what, in nynorsk.

accounts-title = Tilgang
accounts-all = Kontoar
accounts-search = Søk etter namn eller e-postadresse
accounts-with-closed = Òg lukka
accounts-find = Finn
accounts-none = Ingen konto passar med søket.
accounts-person = Person
accounts-open = Open
accounts-locked = Låst ei stund etter for mange forsøk
accounts-closed = Lukka
accounts-waiting = Ventar på ein annan administrator
accounts-invite = Inviter ein person
accounts-name = Namn
accounts-name-refused = Skriv namnet, med høgst 500 teikn.
accounts-email-refused = Skriv ei e-postadresse, slik som namn@kommune.example.
accounts-email-taken = Nokon loggar alt inn med denne adressa. Inviter den personen på nytt, eller bruk ei anna adresse.
accounts-link = Gje personen denne lenkja, og ingen andre. Ho verkar éin gong, i { $days } dagar:
accounts-no-roles = Personen har ingen roller.
accounts-requested = Ventar på ein annan administrator
accounts-own-request = Du bad sjølv om denne rolla; ein annan administrator må gje ho.
accounts-grant = Gje ei rolle
accounts-request = Be om ei rolle
accounts-two-people = Det trengst to: du bed om rolla, og ein annan administrator gjev ho.
accounts-role = Rolle
accounts-scope = Gjeld for
accounts-scope-none = Alt (revisor og administrator)
accounts-procurements = Innkjøp (fylkesbiblioteket)
accounts-counties = Fylkeskommunar (økonomien i fylket)
accounts-parties = Kommunar og andre som er med (kommuneleiing, bibliotekleiar, økonomi)
accounts-scope-refused = Vel det rolla gjeld for: eit innkjøp for fylkesbiblioteket, alt for revisor og administrator, elles ein kommune eller eit fylke.
accounts-scope-county = Denne rolla gjeld for ein fylkeskommune. Vel ein av dei.
accounts-until = Siste dag (må med for revisor)
accounts-until-passed = Dagen er over. Vel ein seinare.
accounts-until-missing = Ein revisor les alt, og berre for ei tid. Vel den siste dagen.
accounts-until-too-far = Ein revisor har tilgang i høgst 366 dagar. Vel ein tidlegare dag.
accounts-revoke = Ta bort
accounts-withdraw = Trekk ønsket
accounts-keep = Innlogging
accounts-unlock = Lås opp
accounts-renew = Inviter på nytt
accounts-renew-two-people = Rollene ventar då til ein annan administrator har gjeve dei på nytt, for den som får invitasjonen, loggar inn som personen.
accounts-end-sessions = { $sessions ->
    [0] Ingen innloggingar å avslutte
    [one] Avslutt { $sessions } innlogging
   *[other] Avslutt { $sessions } innloggingar
}
accounts-close = Lukk kontoen for godt
accounts-close-sure = Eg veit at roller, passord, passnøklar, innloggingar og nøklar for program blir borte
accounts-close-unconfirmed = Kryss av for at kontoen skal lukkast for godt.
accounts-nobody-else = Ingen er logga inn, så ingen andre kan gje rolla.
