# Words on the lines of invoices and in the reasons of credit notes, in nynorsk.

invoice-line = { $cost }, levering i budsjettåret { $year }
invoice-line-of-days = { $licence }, { $first } til { $last }
invoice-share-by-key = Del { $net } av { $amount } kroner, fordelt på { $members } { $by }
invoice-share-by-key-after-grants = Del { $net } av { $amount } kroner (tilskot på { $granted } kroner er trekt frå), fordelt på { $members } { $by }
invoice-share-key = etter nøkkelen «{ $key }» med tal per { $date }
invoice-share-of-days = Del { $part }
invoice-share-part = { $share } av { $amount } kroner for { $first } til { $last }, fordelt på { $members } { $by }
invoice-share-of-parts = Del { $net } kroner, periode for periode på dei som var med: { $parts }
invoice-share-of-many-parts = Del { $net } kroner, fordelt periode for periode ({ $parts } periodar) på dei som var med
invoice-share-days-before = . Av dette gjeld { $before } kroner dagane før { $first }; { $net } kroner blir fakturerte her
invoice-share-issued-before = . Av dette er { $before } kroner fakturerte før, for dagane før { $first }; { $net } kroner blir fakturerte her
invoice-share-supplier-days = Det leverandøren fakturerte, gjeld { $first } til { $last }; den delen som fell på desse dagane, blir kravd her, med same del av meirverdiavgifta
invoice-share-settled = Fakturert a konto før: { $before } kroner, som er trekte frå
invoice-share-alone = Mottakaren betaler alt
invoice-share-none = Mottakaren ber ingen del lenger
set-aside-own-share = Delen til fylkeskommunen sjølv, som han betaler til leverandøren
set-aside-invoiced-before = Delen er fakturert før
set-aside-other-issuer = Delen blir fakturert av { $issuer }
set-aside-no-organisation-number = Mottakaren har ikkje organisasjonsnummer og kan ikkje fakturerast
set-aside-no-reference = Mottakaren har verken bestillarreferanse eller ordrenummer, som ein e-faktura må ha
set-aside-no-finance-contact = Mottakaren har ingen økonomikontakt med e-postadresse å sende fakturaen til
set-aside-outside-vat-area = Mottakaren er på Svalbard, utanfor meirverdiavgiftsområdet (mval. § 1-2), og avgjerda om mva. gjeld alle deltakarar; delen blir fakturert for seg
set-aside-no-e-invoice = Fakturaen kan ikkje bli e-faktura («{ $why }»)
set-aside-payer-undecided = Mottakaren er oppløyst og fleire har kome etter; kven som betaler, er ikkje avgjort
settlement-reason = Avrekning av { $name }: Delen blei { $share } kroner, og { $before } kroner var fakturerte a konto
file-lost = fakturaen { $file } frå leverandøren er ikkje i arkivet; legg han ved på nytt
