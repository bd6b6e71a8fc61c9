# Proposals of a sharing key, in nynorsk.

page-not-taken = Dette vart ikkje lagra. Rett det som er i vegen, og send det ein gong til.
page-text-missing = Skriv noko her, på éi linje.
page-text-too-long = Skriv kortare: høgst 500 teikn.
page-choice-refused = Vel eitt av alternativa.
page-choose = Vel
page-proposal-save = Lagre som framlegg
page-proposal-save-it = Lagre framlegget
page-proposal-name = Namn på framlegget
page-proposal-note = Merknad
page-proposal-note-hint = Éi linje, utan namn eller adresse på personar. Kan stå tom.
page-proposal-key-missing = Vel kva nøkkel framlegget skal stå i staden for.
page-proposal-not-sound = Rett felta i verkstaden først. Eit framlegg blir lagra slik det sist vart prøvd.
page-proposals = Lagra framlegg
page-proposals-none = Ingen framlegg er lagra enno. Prøv noko ovanfor, og gi det eit namn.
page-proposal = Framlegg
page-saved-on = Lagra
page-saved-by = Av
page-compare = Samanlikn dei valde
page-proposal-saved = Lagra
page-in-hearing = På høyring til { $day }: { $answered } av { $asked } har svart
page-hearing-over = Høyringa er over: { $answered } av { $asked } svarte innan { $day } eller seinare
page-adopted = Vedteken frå { $day } ({ $reference })
page-proposal-saved-by = Lagra { $day } av { $by }, i staden for nøkkelen «{ $key }».
page-proposal-saved-on = Lagra { $day }, i staden for nøkkelen «{ $key }».
page-what-it-says = Kva framlegget går ut på
page-cannot-be-tried = Framlegget kan ikkje reknast ut slik ting no står.
page-would-apply-from = Gjeld frå { $day }
page-figures-from = Tal per { $day }
page-would-join = { $name } blir med
page-would-leave = { $name } er ikkje med
page-key-tariff = Prisliste: { $name }
page-key-part = { $percent } av beløpet: { $key }
page-key-equally = { $percent } blir delt likt
page-key-by = { $percent } blir delt etter { $measure }
page-key-agreed = Avtalte prosentar for kvar deltakar
page-key-floor = Minst { $amount } for den som betaler noko
page-key-cap = Høgst { $amount } for kvar
page-hearing = Høyring
page-hearing-none = Framlegget har ikkje vore på høyring.
page-hearing-asks = { $count ->
        [0] Framlegget endrar ingenting for nokon, så det er ingen å spørje.
        [one] Eitt brev blir sendt, til den det gjeld, på det språket den les.
       *[other] { $count } brev blir sende, eitt til kvar som det gjeld, på det språket dei les.
    }
page-answer-by = Svar innan
page-send-hearing = Send på høyring
page-answer = Svar
page-answer-text = Grunngiving
page-answer-of = Svar frå
page-answered-late = etter fristen
page-no-answer = Ikkje svart
page-record-answer = Skriv inn eit svar
page-record-answer-it = Lagre svaret
page-stance = Meining
page-stance-supports = For
page-stance-opposes = Imot
page-stance-no-remarks = Ingen merknader
page-adopt = Vedta framlegget
page-adopt-lead = Nøkkelen gjeld då for kostnader og lisensar frå dagen du gir opp. Kven som er med, blir ikkje endra av dette.
page-adopt-it = Vedta
page-decision = Vedtak
page-decision-hint = Saksnummer eller dato, slik at andre finn det att.
page-comparison = Framlegg ved sida av kvarandre
page-comparison-table = Alle kommunar, framlegg for framlegg
page-comparison-none = Vel framlegga som skal stå ved sida av kvarandre, blant
