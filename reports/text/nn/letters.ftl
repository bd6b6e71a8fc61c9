# Letters that bring no document, in nynorsk.

letter-to = Til { $recipient }
letter-illustrative = Oppdikta beløp – berre til illustrasjon
letter-greeting = Med venleg helsing
letter-address = Sjå meir her: { $address }
letter-hearing-subject = Høyring om fordelingsnøkkel: «{ $proposal }». Svar innan { $day }
letter-hearing = { $sender } sender «{ $proposal }» på høyring. Det er eit framlegg til ein ny fordelingsnøkkel i { $procurement }, og han skulle gjelde frå { $from }.
letter-hearing-for-you = Dette har det å seie for dykk:
letter-hearing-year = { $year }: { $before } i dag, { $after } etter framlegget ({ $change })
letter-hearing-some-unknown = For dei andre åra er beløpa ikkje kjende enno.
letter-hearing-unknown = Kva det har å seie for dykk i kroner, er ikkje kjent enno.
letter-hearing-answer = Svar innan { $day }: om de er for eller imot, eller ikkje har merknader. Svar på denne e-posten, eller på sida der framlegget står.
letter-answer-subject = Svar på innvending: { $procurement }, { $from } – { $last }
letter-answer = Den { $day } kom de med ei innvending mot utrekninga for { $from } – { $last } i { $procurement }:
letter-answer-upheld = Innvendinga er teken til følgje. De får ei ny utrekning.
letter-answer-rejected = Innvendinga er ikkje teken til følgje, og utrekninga står.
letter-answer-rejected-and-discarded = Innvendinga er ikkje teken til følgje. Utrekninga er likevel trekt tilbake sidan, og ingenting blir fakturert etter henne.
letter-withdrawal-subject = Trekt tilbake: utrekninga for { $from } – { $last } i { $procurement }
letter-withdrawal = Førehandsvarselet av { $day } med utrekninga for { $from } – { $last } i { $procurement } er trekt tilbake. Ingenting blir fakturert etter den utrekninga.
letter-withdrawal-next = De treng ikkje svare på varselet. Det kan kome ei ny utrekning.
letter-nudge-subject = { $procurement }: dette står att hos dykk
letter-nudge = Noko står att hos dykk i { $procurement }:
letter-nudge-agreement = – Avtalen skulle vore underskriven innan { $day }.
letter-nudge-signup = – Biblioteket skulle vore påmeldt innan { $day }.
letter-nudge-notice = – Den gamle avtalen skulle vore sagd opp innan { $day }.
letter-nudge-budget = – Kjøpet skulle vore meldt inn i budsjettet innan { $day }.
letter-nudge-done = Er det alt gjort, så sei frå ved å svare på denne e-posten.
