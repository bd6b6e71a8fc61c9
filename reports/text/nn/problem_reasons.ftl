### Kvifor noko ikkje blir gjort, etter grunnane til eitt slag problem. På engelsk blir det sagt som tenesta sjølv seier.

# Kvifor ingen fakturaer kan planleggjast, eller ingenting avreknast: grunnane i `PlanFault`.
problem-cannot-be-planned-unknown-issuer = Den som skulle fakturere, er ikkje kjend. Vel ein fylkeskommune i innkjøpet.
problem-cannot-be-planned-no-county-authority = { $issuer } er ingen fylkeskommune, og ingen andre fakturerer. Vel ein fylkeskommune i innkjøpet.
problem-cannot-be-planned-register-entry-missing = Det er ikkje registrert om { $issuer } stod i Foretaksregisteret og Meirverdiavgiftsregisteret { $day }, og det skal stå på fakturaen. Slå det opp og registrer det først.
problem-cannot-be-planned-not-one-year = { $first } til { $last } er ikkje dagar i eitt budsjettår, den eine etter den andre. Planlegg ei køyring for kvart år.
problem-cannot-be-planned-nothing-contracted = Innkjøpet har ingen avtalt eller faktisk kostnad eller lisens i { $year }, og overslag og tilbod blir aldri fakturerte. Registrer kontrakten først.
problem-cannot-be-planned-index-awaited = Prisen på «{ $name }» i { $year } følgjer ein indeks, og til faktoren for kvart år er registrert som publisert, er han eit overslag, som aldri blir fakturert. Registrer den publiserte faktoren først.
problem-cannot-be-planned-amount-unknown = Det er ikkje kjent kva «{ $name }» kjem til i { $year }. Registrer kontrakten eller det faktiske beløpet før det blir fakturert.
problem-cannot-be-planned-amount-estimated = «{ $name }» i { $year } er berre eit overslag, og overslag blir aldri fakturerte. Registrer kontrakten eller det faktiske beløpet.
problem-cannot-be-planned-amount-quoted = «{ $name }» i { $year } er berre eit tilbod, og tilbod blir aldri fakturerte. Registrer kontrakten eller det faktiske beløpet.
problem-cannot-be-planned-vat-undecided = Det er ikkje vedteke korleis meirverdiavgifta på «{ $name }» blir behandla på fakturaer { $day }, og det blir aldri gissa. Registrer vedtaket til økonomiavdelinga i fylkeskommunen først.
problem-cannot-be-planned-supplier-invoice-missing = «{ $name }» blir kravd som { $treatment }, og eit slikt krav har fakturaen frå leverandøren ved seg, men han er ikkje registrert for desse dagane. Registrer han først, med fila.
problem-cannot-be-planned-supplier-invoice-differs = «{ $name }» ville bli kravd med { $amount_ore } kroner utan mva. før tilskot, men fakturaene frå leverandøren kjem til { $invoiced_ore }. Registrer det faktiske beløpet, eller fakturaen som manglar.
problem-cannot-be-planned-supplier-invoice-of-days-differs = «{ $name }» ville bli kravd med { $amount_ore } kroner utan mva. for { $first } til { $last } før tilskot, men fakturaene frå leverandøren kjem til { $invoiced_ore }. Registrer det faktiske beløpet, eller fakturaen som manglar.
problem-cannot-be-planned-supplier-invoice-not-by-day = «{ $name }» ville bli kravd med { $amount_ore } kroner utan mva. for { $first } til { $last } før tilskot, men fakturaene frå leverandøren kjem til { $invoiced_ore }: Ein lisens blir fordelt på dagar, og leverandøren deler året på ein annan måte. Registrer òg fakturaene frå leverandøren for resten av året, sidan halvåra stemmer med dei alle, eller planlegg heile året.
problem-cannot-be-planned-supplier-invoice-reaches-beyond = Fakturaen { $number } frå leverandøren for «{ $name }» gjeld { $first } til { $last }, og av desse dagane blir { $paid_first } til { $paid_last } betalte i dette året. Registrer det han seier om kvart år for seg, kvart under eit nummer som nemner året.
problem-cannot-be-planned-key-not-adopted = «{ $name }» kan ikkje delast: fordelingsnøkkelen er berre føreslått. Vedta han først.
problem-cannot-be-planned-cannot-share = «{ $name }» kan ikkje delast. Sjå på kostnaden, medlemene og måltala i fordelingsnøkkelen; reknestykket seier kva som manglar.
problem-cannot-be-planned-not-contracted = Det har ikkje noko kontraktfesta eller faktisk beløp i { $year }, eller det er ingen kostnad eller lisens i det året, og ikkje noko anna blir avrekna. Registrer beløpet først.
problem-cannot-be-planned-all-invoiced = Av det som er avtalt i { $year }, er ingenting att å fakturere for denne fylkeskommunen: kvar del er fakturert, er hans eigen, eller er nokon annans å fakturere.
problem-cannot-be-planned-everybody-lacks = Alle som er att å fakturere i { $year }, manglar noko: { $lacking }{ $more_count ->
        [0] {""}
       *[other] ; og { $more_count } til
    }. Registrer det først.
lacks-organisation-number = { $of } (organisasjonsnummer)
lacks-buyer-reference = { $of } (bestillarreferanse)
lacks-finance-contact = { $of } (økonomikontakt med e-postadresse)
lacks-e-invoice = { $of } ({ $why })

# Kva av det som ikkje er gjort: køyringar som ikkje får nummer.
problem-done-in-part-unnumbered = { $issued_count } fakturaer fekk nummer, { $rendered_count } dokument vart laga og { $mailed_count } brev vart sende. Dette fekk ikkje nummer: { $unnumbered }
unnumbered-run = { $procurement } { $year } ({ $issuer }): { $why }

# Kvifor ei bankfil ikkje blir teken inn: grunnane i `BankFileError`.
problem-bank-file-not-taken-unreadable = Fila kan ikkje lesast. Vel ho på nytt.
problem-bank-file-not-taken-too-large = Fila er for stor. Hent dagane éin for éin frå banken.
problem-bank-file-not-taken-no-bank-file = Det er inga bankfil. Vel camt.054 (XML) eller OCR giro (linjer som byrjar med NY).
problem-bank-file-not-taken-other-xml = Det er XML, men inga bankfil: det første elementet er { $root }. Vel camt.054.001.02, .04 eller .08.
problem-bank-file-not-taken-other-version = Det er { $message }, rett fil i ein versjon som ikkje kan lesast. Be banken om camt.054.001.08; .02 og .04 kan òg takast inn.
problem-bank-file-not-taken-statement = Det er { $message }, ei kontoutskrift. Bestill camt.054, som seier kvar innbetaling for seg, frå banken.
problem-bank-file-not-taken-malformed = Noko i fila kan ikkje forståast ({ $place }). Hent ho frå banken på nytt.
problem-bank-file-not-taken-does-not-tie = Summar eller tal i fila stemmer ikkje ({ $place }): ho er skadd. Hent ho frå banken på nytt.
problem-bank-file-not-taken-currency = Eit beløp er i { $currency } ({ $place }), og berre kroner (NOK) blir tekne inn. Registrer den innbetalinga for hand.
problem-bank-file-not-taken-booked-later = Noko i fila ({ $place }) er bokført { $booked_on }, som ikkje er komen enno. Ta inn fila når dagen er komen.
problem-bank-file-not-taken-other-account = Fila seier ingenting om konto { $account_number }. Hent rett fil.

# Why an invoice is not credited: the reasons of `CreditError`.
problem-cannot-be-credited-successor-unclear = { $issuer } finst ikkje lenger { $date }, og ingen avtale for { $recipient } seier kven av dei som kom etter, som krediterer faktura { $number }. Registrer kven avtalen har gått over til.
problem-cannot-be-credited-not-the-issuer = Faktura { $number } er utferda av { $issuer } og blir kreditert av den, eller av den som kom etter. Nemn ingen annan.
problem-cannot-be-credited-dated-before-succession = Kreditnotaen ville bli datert { $date }, då { $issuer } fanst enno. No krediterer den som kom etter, i sin eigen serie. Vel ein dag etter det.
problem-cannot-be-credited-no-series = { $issuer } har ikkje noko fylkesnummer med to siffer, som numra på kreditnotaene tek til med. Registrer det først.
problem-cannot-be-credited-no-e-invoice = Kreditnotaen for faktura { $number } kan ikkje bli ein e-faktura: { $why }
problem-cannot-be-credited-unknown-issuer = Den som skulle kreditere, er ikkje kjend. Registrer den først.
problem-cannot-be-credited-register-entry-missing = Det er ikkje registrert om { $issuer } stod i Føretaksregisteret og Meirverdiavgiftsregisteret { $day }, og det skal stå på kreditnotaen. Slå det opp og registrer det først.

# Why there is no reminder: the reasons of `ReminderError`.
problem-cannot-be-reminded-switched-off = Purringar er slått av. Den som driftar tenesta, kan slå dei på.
problem-cannot-be-reminded-fee-unknown = Det er ikkje kjent kva ei purring kan koste { $on }. Den som driftar tenesta, må leggje satsen inn.
problem-cannot-be-reminded-pay-by = Betalingsfristen for purringar i innstillingane går ut over kalenderen. Den som driftar tenesta, må setje han ned.
problem-cannot-be-reminded-successor-unclear = { $issuer } finst ikkje lenger { $on }, og ingen avtale for { $recipient } seier kven av dei som kom etter, som purrar på faktura { $number }. Registrer kven avtalen har gått over til.
problem-cannot-be-reminded-settings = Satsane for forseinka betaling i innstillingane kan ikkje brukast. Den som driftar tenesta, må rette dei.
problem-cannot-be-reminded-unknown-issuer = Den som skulle purre, er ikkje kjend. Registrer den først.
problem-cannot-be-reminded-register-entry-missing = Det er ikkje registrert om { $issuer } stod i Føretaksregisteret og Meirverdiavgiftsregisteret { $day }, og det skal stå på purringa. Slå det opp og registrer det først.

# Kva av loggen som ikkje kan lesast.
problem-log-damaged-event = Hending { $position } i loggen kan ikkje lesast. Den som driftar tenesta, må hente henne tilbake frå ein tryggingskopi, eller ta i bruk ein versjon som forstår henne.
