### Hvorfor noe ikke vises eller gjøres, for alle av samme slag. På engelsk sies det som er sagt av tjenesten selv.

problem-parameter-invalid = Noe i adressen kan ikke leses. Gå tilbake til siden og velg på nytt.
problem-sign-in-needed = Det er ikke kjent hvem som spør. Logg inn for å gå videre.
problem-access-denied = Ingen av rollene dine gir tilgang til dette. Spør den som administrerer kontoene, om du trenger det.
problem-proof-needed = Dette krever innlogging med passnøkkel eller med to faktorer, og der det binder noen, nylig. Bekreft hvem du er, og gjør det igjen.
problem-other-person-needed = Det trengs to personer, og dette bygger på noe du har laget selv. En annen må gjøre det.
problem-cross-site = Forespørselen kom fra en annen nettside og ble ikke tatt imot.
problem-form-of-another-session = Skjemaet hører til en tidligere innlogging. Se over det, og send det på nytt.
problem-not-by-proxy = Tjenesten svarer bare på adressen den er satt opp med.
problem-not-found = Det finnes ikke, eller det er ikke deres å se.
problem-method-not-allowed = Det kan ikke gjøres her. Gå tilbake til siden det sto på.
problem-body-too-slow = Det som ble sendt, kom ikke fram i tide. Prøv igjen.
problem-contended = Andre endret det samme samtidig. Prøv igjen.
problem-invited-already = Invitasjonen er laget før, og personen har fått roller siden. Last siden på nytt, og inviter på nytt derfra.
problem-changed = Andre har endret det siden siden ble laget. Last den på nytt.
problem-body-too-large = Det som ble sendt, er for stort. Send mindre om gangen.
problem-host-not-local = Tjenesten svarer bare på adressen den er satt opp med.
problem-not-served-here = En annen instans av tjenesten svarer på dette.
problem-body-invalid = Skjemaet mangler noe som trengs. Last siden på nytt, og fyll det ut igjen.
problem-cannot-sign-in = Ingen er logget inn med dette.
problem-reference-unknown = Noe som er navngitt, finnes ikke. Last siden på nytt, og velg igjen.
problem-file-not-taken = Filen er av et slag som ikke tas imot, eller den er ikke hel. Velg en annen fil.
problem-too-many-requests = Det kom for mange forespørsler på kort tid. Vent litt, og prøv igjen.
problem-internal = Noe sviktet i tjenesten. Den som drifter den, finner årsaken i loggen.
problem-not-ready = Tjenesten er ikke klar ennå. Prøv igjen om litt.
problem-position-not-reached = Det som nettopp ble gjort, er ikke lest her ennå. Prøv igjen om litt.
problem-store-unavailable = Ingenting kan lagres nå. Prøv igjen om litt.
