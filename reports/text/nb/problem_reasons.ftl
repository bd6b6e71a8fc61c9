### Why something is not done, by the reasons of one kind of problem. In English it is said as the service itself says it.

# Why no invoices can be planned, or nothing settled: the reasons of `PlanFault`.
problem-cannot-be-planned-unknown-issuer = Den som skulle fakturere, er ikke kjent. Velg en fylkeskommune i anskaffelsen.
problem-cannot-be-planned-no-county-authority = { $issuer } er ingen fylkeskommune, og ingen andre fakturerer. Velg en fylkeskommune i anskaffelsen.
problem-cannot-be-planned-register-entry-missing = Det er ikke registrert om { $issuer } sto i Foretaksregisteret og Merverdiavgiftsregisteret { $day }, og det skal stå på fakturaen. Slå det opp og registrer det først.
problem-cannot-be-planned-not-one-year = { $first } til { $last } er ikke dager i ett budsjettår, den ene etter den andre. Planlegg en kjøring for hvert år.
problem-cannot-be-planned-nothing-contracted = Anskaffelsen har ingen avtalt eller faktisk kostnad eller lisens i { $year }, og anslag og tilbud faktureres aldri. Registrer kontrakten først.
problem-cannot-be-planned-index-awaited = Prisen på «{ $name }» i { $year } følger en indeks, og til faktoren for hvert år er registrert som publisert, er den et anslag, som aldri faktureres. Registrer den publiserte faktoren først.
problem-cannot-be-planned-amount-unknown = Det er ikke kjent hva «{ $name }» kommer til i { $year }. Registrer kontrakten eller det faktiske beløpet før det faktureres.
problem-cannot-be-planned-amount-estimated = «{ $name }» i { $year } er bare anslått, og anslag faktureres aldri. Registrer kontrakten eller det faktiske beløpet.
problem-cannot-be-planned-amount-quoted = «{ $name }» i { $year } er bare et tilbud, og tilbud faktureres aldri. Registrer kontrakten eller det faktiske beløpet.
problem-cannot-be-planned-vat-undecided = Det er ikke vedtatt hvordan merverdiavgiften på «{ $name }» behandles på fakturaer { $day }, og det gjettes aldri. Registrer vedtaket til fylkeskommunens økonomiavdeling først.
problem-cannot-be-planned-supplier-invoice-missing = «{ $name }» kreves som { $treatment }, og et slikt krav har leverandørens faktura ved seg, men den er ikke registrert for disse dagene. Registrer den først, med filen.
problem-cannot-be-planned-supplier-invoice-differs = «{ $name }» ville bli krevd med { $amount_ore } kroner uten mva. før tilskudd, men leverandørens fakturaer kommer til { $invoiced_ore }. Registrer det faktiske beløpet, eller fakturaen som mangler.
problem-cannot-be-planned-supplier-invoice-of-days-differs = «{ $name }» ville bli krevd med { $amount_ore } kroner uten mva. for { $first } til { $last } før tilskudd, men leverandørens fakturaer kommer til { $invoiced_ore }. Registrer det faktiske beløpet, eller fakturaen som mangler.
problem-cannot-be-planned-supplier-invoice-not-by-day = «{ $name }» ville bli krevd med { $amount_ore } kroner uten mva. for { $first } til { $last } før tilskudd, men leverandørens fakturaer kommer til { $invoiced_ore }: En lisens fordeles på dager, og leverandøren deler året på en annen måte. Registrer også leverandørens fakturaer for resten av året, siden halvårene stemmer med dem alle, eller planlegg hele året.
problem-cannot-be-planned-supplier-invoice-reaches-beyond = Leverandørens faktura { $number } for «{ $name }» gjelder { $first } til { $last }, og av disse dagene betales { $paid_first } til { $paid_last } i dette året. Registrer det den sier om hvert år for seg, hvert under et nummer som nevner året.
problem-cannot-be-planned-key-not-adopted = «{ $name }» kan ikke deles: fordelingsnøkkelen er bare foreslått. Vedta den først.
problem-cannot-be-planned-cannot-share = «{ $name }» kan ikke deles. Se på kostnaden, medlemmene og måltallene i fordelingsnøkkelen; regnestykket sier hva som mangler.
problem-cannot-be-planned-not-contracted = Det har ikke noe kontraktsfestet eller faktisk beløp i { $year }, eller det er ingen kostnad eller lisens i det året, og ikke noe annet avregnes. Registrer beløpet først.
problem-cannot-be-planned-all-invoiced = Av det som er avtalt i { $year }, er ingenting igjen å fakturere for denne fylkeskommunen: hver andel er fakturert, er dens egen, eller er en annens å fakturere.
problem-cannot-be-planned-everybody-lacks = Alle som er igjen å fakturere i { $year }, mangler noe: { $lacking }{ $more_count ->
        [0] {""}
       *[other] ; og { $more_count } til
    }. Registrer det først.
lacks-organisation-number = { $of } (organisasjonsnummer)
lacks-buyer-reference = { $of } (bestillerreferanse)
lacks-finance-contact = { $of } (økonomikontakt med e-postadresse)
lacks-e-invoice = { $of } ({ $why })

# What of it is not done: runs that get no number.
problem-done-in-part-unnumbered = { $issued_count } fakturaer fikk nummer, { $rendered_count } dokumenter ble laget og { $mailed_count } brev ble sendt. Dette fikk ikke nummer: { $unnumbered }
unnumbered-run = { $procurement } { $year } ({ $issuer }): { $why }

# Why a bank file is not taken in: the reasons of `BankFileError`.
problem-bank-file-not-taken-unreadable = Filen kan ikke leses. Velg den på nytt.
problem-bank-file-not-taken-too-large = Filen er for stor. Hent dagene én for én fra banken.
problem-bank-file-not-taken-no-bank-file = Det er ingen bankfil. Velg camt.054 (XML) eller OCR giro (linjer som begynner med NY).
problem-bank-file-not-taken-other-xml = Det er XML, men ingen bankfil: det første elementet er { $root }. Velg camt.054.001.02, .04 eller .08.
problem-bank-file-not-taken-other-version = Det er { $message }, riktig fil i en versjon som ikke kan leses. Be banken om camt.054.001.08; .02 og .04 tas også.
problem-bank-file-not-taken-statement = Det er { $message }, en kontoutskrift. Bestill camt.054, som sier hver innbetaling for seg, fra banken.
problem-bank-file-not-taken-malformed = Noe i filen kan ikke forstås ({ $place }). Hent den fra banken på nytt.
problem-bank-file-not-taken-does-not-tie = Summer eller antall i filen stemmer ikke ({ $place }): den er skadet. Hent den fra banken på nytt.
problem-bank-file-not-taken-currency = Et beløp er i { $currency } ({ $place }), og bare kroner (NOK) tas inn. Registrer den innbetalingen for hånd.
problem-bank-file-not-taken-booked-later = Noe i filen ({ $place }) er bokført { $booked_on }, som ikke er kommet ennå. Ta inn filen når dagen er kommet.
problem-bank-file-not-taken-other-account = Filen sier ingenting om konto { $account_number }. Hent riktig fil.

# Why an invoice is not credited: the reasons of `CreditError`.
problem-cannot-be-credited-successor-unclear = { $issuer } finnes ikke lenger { $date }, og ingen avtale for { $recipient } sier hvem av dem som kom etter, som krediterer faktura { $number }. Registrer hvem avtalen har gått over til.
problem-cannot-be-credited-not-the-issuer = Faktura { $number } er utstedt av { $issuer } og krediteres av den, eller av den som kom etter. Nevn ingen annen.
problem-cannot-be-credited-dated-before-succession = Kreditnotaen ville bli datert { $date }, da { $issuer } fantes ennå. Nå krediterer den som kom etter, i sin egen serie. Velg en dag etter det.
problem-cannot-be-credited-no-series = { $issuer } har ikke noe fylkesnummer med to sifre, som numrene på kreditnotaene begynner med. Registrer det først.
problem-cannot-be-credited-no-e-invoice = Kreditnotaen for faktura { $number } kan ikke bli en e-faktura: { $why }
problem-cannot-be-credited-unknown-issuer = Den som skulle kreditere, er ikke kjent. Registrer den først.
problem-cannot-be-credited-register-entry-missing = Det er ikke registrert om { $issuer } sto i Foretaksregisteret og Merverdiavgiftsregisteret { $day }, og det skal stå på kreditnotaen. Slå det opp og registrer det først.

# Why there is no reminder: the reasons of `ReminderError`.
problem-cannot-be-reminded-switched-off = Purringer er slått av. Den som drifter tjenesten, kan slå dem på.
problem-cannot-be-reminded-fee-unknown = Det er ikke kjent hva en purring kan koste { $on }. Den som drifter tjenesten, må legge satsen inn.
problem-cannot-be-reminded-pay-by = Betalingsfristen for purringer i innstillingene går ut over kalenderen. Den som drifter tjenesten, må sette den ned.
problem-cannot-be-reminded-successor-unclear = { $issuer } finnes ikke lenger { $on }, og ingen avtale for { $recipient } sier hvem av dem som kom etter, som purrer på faktura { $number }. Registrer hvem avtalen har gått over til.
problem-cannot-be-reminded-settings = Satsene for forsinket betaling i innstillingene kan ikke brukes. Den som drifter tjenesten, må rette dem.
problem-cannot-be-reminded-unknown-issuer = Den som skulle purre, er ikke kjent. Registrer den først.
problem-cannot-be-reminded-register-entry-missing = Det er ikke registrert om { $issuer } sto i Foretaksregisteret og Merverdiavgiftsregisteret { $day }, og det skal stå på purringen. Slå det opp og registrer det først.

# What of the log cannot be read.
problem-log-damaged-event = Hendelse { $position } i loggen kan ikke leses. Den som drifter tjenesten, må hente den tilbake fra en sikkerhetskopi, eller ta i bruk en versjon som forstår den.
