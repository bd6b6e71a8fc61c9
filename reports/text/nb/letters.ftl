# Letters that bring no document: hearings of a sharing key, answers to objections, withdrawals of what a prebill brought, and nudges to those who are behind. In bokmål; nn and en say the same.

letter-to = Til { $recipient }
letter-illustrative = Oppdiktede beløp – kun til illustrasjon
letter-greeting = Med vennlig hilsen
letter-address = Se mer her: { $address }
letter-hearing-subject = Høring om fordelingsnøkkel: «{ $proposal }». Svar innen { $day }
letter-hearing = { $sender } sender «{ $proposal }» på høring. Det er et forslag til en ny fordelingsnøkkel i { $procurement }, og den skulle gjelde fra { $from }.
letter-hearing-for-you = Dette betyr det for dere:
letter-hearing-year = { $year }: { $before } i dag, { $after } etter forslaget ({ $change })
letter-hearing-some-unknown = For de andre årene er beløpene ikke kjent ennå.
letter-hearing-unknown = Hva det betyr for dere i kroner, er ikke kjent ennå.
letter-hearing-answer = Svar innen { $day }: om dere er for eller imot, eller ikke har merknader. Svar på denne e-posten, eller på siden der forslaget står.
letter-answer-subject = Svar på innsigelse: { $procurement }, { $from } – { $last }
letter-answer = Den { $day } kom dere med en innsigelse mot beregningen for { $from } – { $last } i { $procurement }:
letter-answer-upheld = Innsigelsen er tatt til følge. Dere får en ny beregning.
letter-answer-rejected = Innsigelsen er ikke tatt til følge, og beregningen står.
letter-answer-rejected-and-discarded = Innsigelsen er ikke tatt til følge. Beregningen er likevel trukket tilbake siden, og ingenting blir fakturert etter den.
letter-withdrawal-subject = Trukket tilbake: beregningen for { $from } – { $last } i { $procurement }
letter-withdrawal = Forhåndsvarselet av { $day } med beregningen for { $from } – { $last } i { $procurement } er trukket tilbake. Ingenting blir fakturert etter den beregningen.
letter-withdrawal-next = Dere trenger ikke å svare på varselet. Det kan komme en ny beregning.
letter-nudge-subject = { $procurement }: dette gjenstår hos dere
letter-nudge = Noe gjenstår hos dere i { $procurement }:
letter-nudge-agreement = – Avtalen skulle vært underskrevet innen { $day }.
letter-nudge-signup = – Biblioteket skulle vært påmeldt innen { $day }.
letter-nudge-notice = – Den gamle avtalen skulle vært sagt opp innen { $day }.
letter-nudge-budget = – Kjøpet skulle vært meldt inn i budsjettet innen { $day }.
letter-nudge-done = Er det alt gjort, så si fra ved å svare på denne e-posten.
