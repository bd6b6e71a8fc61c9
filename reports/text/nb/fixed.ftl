# The fixed words of documents for payers, in bokmål. reports/text/nn says the same in nynorsk; reports/text/se has the words of
# Northern Sámi that stand beside them in the Sámi language area, each verified in events/glossary.csv.

fixed-invoice = Faktura
fixed-claim = Krav
fixed-from = fra
fixed-to = Til
fixed-organisation-number = Organisasjonsnummer
fixed-municipality-number = Kommunenummer
fixed-county-number = Fylkesnummer
fixed-number = Fakturanummer
fixed-date = Fakturadato
fixed-due-date = Forfallsdato
fixed-buyer-reference = Deres ref.
fixed-concerns = Gjelder
fixed-illustrative = Oppdiktede beløp – kun til illustrasjon
fixed-illustrative-sentence = Beløpene er oppdiktede og står her kun til illustrasjon.
fixed-description = Beskrivelse
fixed-vat-short = Mva
fixed-vat-rate = Mva-sats
fixed-vat-basis = Grunnlag
fixed-net-kroner = Kroner uten mva
fixed-net-sum = Sum uten mva
fixed-supplier-vat = Merverdiavgift på leverandørens faktura
fixed-vat = Merverdiavgift
fixed-to-pay = Å betale, kroner
fixed-account = Kontonummer
fixed-pay-by = Senest
fixed-mail-subject = { $title } { $number } fra { $issuer }
fixed-mail-attached = Vedlagt følger { $title } { $number } for { $procurement }.
fixed-mail-to-pay = Å betale
fixed-mail-kroner = { $amount } kroner
fixed-mail-remember = Merk betalingen med fakturanummeret. Fakturaen viser hvordan hvert beløp er regnet ut.
fixed-mail-greeting = Vennlig hilsen
