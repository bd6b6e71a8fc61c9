# Words on the lines of invoices and in the reasons of credit notes, made when a run is planned or settled, in the language of the
# payer: reports/text/nn says the same in nynorsk.

invoice-line = { $cost }, levering i budsjettåret { $year }
invoice-line-of-days = { $licence }, { $first } til { $last }
invoice-share-by-key = Andel { $net } av { $amount } kroner, fordelt på { $members } { $by }
invoice-share-by-key-after-grants = Andel { $net } av { $amount } kroner (tilskudd på { $granted } kroner er trukket fra), fordelt på { $members } { $by }
invoice-share-key = etter nøkkelen «{ $key }» med tall per { $date }
invoice-share-of-days = Andel { $part }
invoice-share-part = { $share } av { $amount } kroner for { $first } til { $last }, fordelt på { $members } { $by }
invoice-share-of-parts = Andel { $net } kroner, periode for periode på dem som var med: { $parts }
invoice-share-of-many-parts = Andel { $net } kroner, fordelt periode for periode ({ $parts } perioder) på dem som var med
invoice-share-days-before = . Av dette gjelder { $before } kroner dagene før { $first }; { $net } kroner faktureres her
invoice-share-issued-before = . Av dette er { $before } kroner fakturert før, for dagene før { $first }; { $net } kroner faktureres her
invoice-share-issued-after = . Av dette er { $after } kroner fakturert før, for dagene etter { $last }
invoice-share-invoiced-here = ; { $net } kroner faktureres her
invoice-share-supplier-days = Det leverandøren fakturerte, gjelder { $first } til { $last }; den delen som faller på disse dagene, kreves her, med samme del av merverdiavgiften
invoice-share-settled = Fakturert a konto før: { $before } kroner, som er trukket fra
invoice-share-alone = Betales i sin helhet av mottakeren
invoice-share-none = Mottakeren bærer ingen andel lenger
set-aside-own-share = Fylkeskommunens egen andel, som den selv betaler til leverandøren
set-aside-invoiced-before = Andelen er fakturert før
set-aside-other-issuer = Andelen faktureres av { $issuer }
set-aside-no-organisation-number = Mottakeren har ikke organisasjonsnummer og kan ikke faktureres
set-aside-no-reference = Mottakeren har verken bestillerreferanse eller ordrenummer, som en e-faktura må ha
set-aside-no-finance-contact = Mottakeren har ingen økonomikontakt med e-postadresse å sende fakturaen til
set-aside-outside-vat-area = Mottakeren er på Svalbard, utenfor merverdiavgiftsområdet (mval. § 1-2), og avgjørelsen om mva. gjelder alle deltakere; andelen faktureres for seg
set-aside-invoiced-too-much = Det er fakturert { $difference } kroner for mye, utgående mva ikke medregnet: det krediteres ved avregning
set-aside-no-e-invoice = Fakturaen kan ikke bli e-faktura («{ $why }»)
set-aside-payer-undecided = Mottakeren er oppløst og flere har kommet etter den; hvem som betaler, er ikke avgjort
settlement-reason = Avregning av { $name }: Andelen ble { $share } kroner, og { $before } kroner var fakturert a konto
file-lost = leverandørens faktura { $file } er ikke i arkivet; legg den ved på nytt
