# Proposals of a sharing key: named, set beside one another, sent for hearing, adopted. And what every form of ours says.

page-not-taken = Dette ble ikke lagret. Rett det som er i veien, og send det en gang til.
page-text-missing = Skriv noe her, på én linje.
page-text-too-long = Skriv kortere: høyst 500 tegn.
page-choice-refused = Velg et av alternativene.
page-choose = Velg
page-proposal-save = Lagre som forslag
page-proposal-save-it = Lagre forslaget
page-proposal-name = Navn på forslaget
page-proposal-note = Merknad
page-proposal-note-hint = Én linje, uten navn eller adresse på personer. Kan stå tom.
page-proposal-key-missing = Velg hvilken nøkkel forslaget skal stå i stedet for.
page-proposal-not-sound = Rett feltene i verkstedet først. Et forslag lagres slik det sist ble prøvd.
page-proposals = Lagrede forslag
page-proposals-none = Ingen forslag er lagret ennå. Prøv noe ovenfor, og gi det et navn.
page-proposal = Forslag
page-saved-on = Lagret
page-saved-by = Av
page-compare = Sammenlign de valgte
page-proposal-saved = Lagret
page-in-hearing = På høring til { $day }: { $answered } av { $asked } har svart
page-hearing-over = Høringen er over: { $answered } av { $asked } svarte innen { $day } eller senere
page-adopted = Vedtatt fra { $day } ({ $reference })
page-proposal-saved-by = Lagret { $day } av { $by }, i stedet for nøkkelen «{ $key }».
page-proposal-saved-on = Lagret { $day }, i stedet for nøkkelen «{ $key }».
page-what-it-says = Hva forslaget går ut på
page-cannot-be-tried = Forslaget kan ikke regnes ut slik ting nå står.
page-would-apply-from = Gjelder fra { $day }
page-figures-from = Tall per { $day }
page-would-join = { $name } blir med
page-would-leave = { $name } er ikke med
page-key-tariff = Prisliste: { $name }
page-key-part = { $percent } av beløpet: { $key }
page-key-equally = { $percent } deles likt
page-key-by = { $percent } deles etter { $measure }
page-key-agreed = Avtalte prosenter for hver deltaker
page-key-floor = Minst { $amount } for den som betaler noe
page-key-cap = Høyst { $amount } for hver
page-hearing = Høring
page-hearing-none = Forslaget har ikke vært på høring.
page-hearing-asks = { $count ->
        [0] Forslaget endrer ingenting for noen, så det er ingen å spørre.
        [one] Ett brev sendes, til den det angår, på det språket den leser.
       *[other] { $count } brev sendes, ett til hver som det angår, på det språket de leser.
    }
page-answer-by = Svar innen
page-send-hearing = Send på høring
page-answer = Svar
page-answer-text = Begrunnelse
page-answer-of = Svar fra
page-answered-late = etter fristen
page-no-answer = Ikke svart
page-record-answer = Skriv inn et svar
page-record-answer-it = Lagre svaret
page-stance = Mening
page-stance-supports = For
page-stance-opposes = Imot
page-stance-no-remarks = Ingen merknader
page-adopt = Vedta forslaget
page-adopt-lead = Nøkkelen gjelder da for kostnader og lisenser fra dagen du oppgir. Hvem som er med, endres ikke av dette.
page-adopt-it = Vedta
page-decision = Vedtak
page-decision-hint = Saksnummer eller dato, slik at andre finner det igjen.
page-comparison = Forslag ved siden av hverandre
page-comparison-table = Alle kommuner, forslag for forslag
page-comparison-none = Velg forslagene som skal stå ved siden av hverandre, blant
