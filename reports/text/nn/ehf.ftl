# What an e-invoice says in words, and why there is no output VAT on a claim, in nynorsk.

ehf-about = Gjeld { $procurement }.
ehf-decided = Meirverdiavgift er handsama som { $treatment } etter vedtak: { $decisions }.
ehf-credits = Krediterer { $number } av { $date } frå { $issuer }: { $reason }
ehf-passed-on-vat = Av dette meirverdiavgift på fakturaen frå leverandøren: { $vat } av { $amount } kroner.
ehf-file-distribution = Fordeling på alle som deler kostnaden
ehf-file-supplier-invoice = Fakturaen frå leverandøren
claim-basis = { $why }. Vedtak: { $decisions }.
claim-distribution = Det som blir delt, er { $net } kroner utan meirverdiavgift og { $vat } kroner i meirverdiavgift frå leverandøren. Begge er fordelte til øret på alle som deler kostnaden.
no-output-vat-cost-sharing = Kostnadsdeling utan utgåande meirverdiavgift: ikkje omsetning, jf. meirverdiavgiftslova § 3-1
no-output-vat-disbursement = Utlegg utan utgåande meirverdiavgift: ikkje omsetning, jf. meirverdiavgiftslova § 3-1
no-output-vat-outside-scope = Utanfor meirverdiavgiftslova: ikkje omsetning, jf. meirverdiavgiftslova § 3-1
