# What an e-invoice says in words, and why there is no output VAT on a claim. reports/text/nn says the same in nynorsk.

ehf-about = Gjelder { $procurement }.
ehf-decided = Merverdiavgift er behandlet som { $treatment } etter vedtak: { $decisions }.
ehf-credits = Krediterer { $number } av { $date } fra { $issuer }: { $reason }
ehf-passed-on-vat = Herav merverdiavgift på leverandørens faktura: { $vat } av { $amount } kroner.
ehf-file-distribution = Fordeling på alle som deler kostnaden
ehf-file-supplier-invoice = Leverandørens faktura
claim-basis = { $why }. Vedtak: { $decisions }.
claim-distribution = Det som deles, er { $net } kroner uten merverdiavgift og { $vat } kroner i leverandørens merverdiavgift. Begge er fordelt til øret på alle som deler kostnaden.
no-output-vat-cost-sharing = Kostnadsdeling uten utgående merverdiavgift: ikke omsetning, jf. merverdiavgiftsloven § 3-1
no-output-vat-disbursement = Utlegg uten utgående merverdiavgift: ikke omsetning, jf. merverdiavgiftsloven § 3-1
no-output-vat-outside-scope = Utenfor merverdiavgiftsloven: ikke omsetning, jf. merverdiavgiftsloven § 3-1
