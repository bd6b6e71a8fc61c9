### Kvifor noko ikkje blir vist eller gjort, for alle av same slag. På engelsk blir det sagt som tenesta sjølv seier.

problem-parameter-invalid = Noko i adressa kan ikkje lesast. Gå tilbake til sida og vel på nytt.
problem-sign-in-needed = Det er ikkje kjent kven som spør. Logg inn for å gå vidare.
problem-access-denied = Ingen av rollene dine gir tilgang til dette. Spør den som administrerer kontoane, om du treng det.
problem-proof-needed = Dette krev innlogging med passnøkkel eller med to faktorar, og der det bind nokon, nyleg. Stadfest kven du er, og gjer det igjen.
problem-other-person-needed = Det trengst to personar, og dette byggjer på noko du har laga sjølv. Ein annan må gjere det.
problem-cross-site = Førespurnaden kom frå ei anna nettside og blei ikkje teken imot.
problem-form-of-another-session = Skjemaet høyrer til ei tidlegare innlogging. Sjå over det, og send det på nytt.
problem-not-by-proxy = Tenesta svarer berre på adressa ho er sett opp med.
problem-not-found = Det finst ikkje, eller det er ikkje dykkar å sjå.
problem-method-not-allowed = Det kan ikkje gjerast her. Gå tilbake til sida det stod på.
problem-body-too-slow = Det som blei sendt, kom ikkje fram i tide. Prøv igjen.
problem-contended = Andre endra det same samstundes. Prøv igjen.
problem-invited-already = Invitasjonen er laga før, og personen har fått roller sidan. Last sida på nytt, og inviter på nytt derifrå.
problem-changed = Andre har endra det sidan sida blei laga. Last ho på nytt.
problem-body-too-large = Det som blei sendt, er for stort. Send mindre om gongen.
problem-host-not-local = Tenesta svarer berre på adressa ho er sett opp med.
problem-not-served-here = Ein annan instans av tenesta svarer på dette.
problem-body-invalid = Skjemaet manglar noko som trengst. Last sida på nytt, og fyll det ut igjen.
problem-cannot-sign-in = Ingen er logga inn med dette.
problem-reference-unknown = Noko som er namngitt, finst ikkje. Last sida på nytt, og vel igjen.
problem-file-not-taken = Fila er av eit slag som ikkje blir teke imot, eller ho er ikkje heil. Vel ei anna fil.
problem-too-many-requests = Det kom for mange førespurnader på kort tid. Vent litt, og prøv igjen.
problem-internal = Noko svikta i tenesta. Den som driftar ho, finn årsaka i loggen.
problem-not-ready = Tenesta er ikkje klar enno. Prøv igjen om litt.
problem-position-not-reached = Det som nettopp blei gjort, er ikkje lese her enno. Prøv igjen om litt.
problem-store-unavailable = Ingenting kan lagrast no. Prøv igjen om litt.
