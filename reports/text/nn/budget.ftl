# What stands around the figures of a budget sheet as PDF.

budget-figures = Tala står { $as_of }.
budget-to-bear = Å dekkje i { $year }, kroner ({ $certainty })
budget-per-inhabitant = Kroner per innbyggjar i { $year }
budget-change = { $change } i { $year }
budget-amounts = Beløp i kroner utan mva, linje for linje
budget-line = Linje
budget-notes = Merk
budget-carried-over = Flytt mellom år
budget-grounds = Grunnlag
budget-certainties = Kor sikre beløpa er
budget-page = Side
budget-page-of = av
