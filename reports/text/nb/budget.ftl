# What stands around the figures of a budget sheet as PDF.

budget-figures = Tallene står { $as_of }.
budget-to-bear = Å dekke i { $year }, kroner ({ $certainty })
budget-per-inhabitant = Kroner per innbygger i { $year }
budget-change = { $change } i { $year }
budget-amounts = Beløp i kroner uten mva, linje for linje
budget-line = Linje
budget-notes = Merk
budget-carried-over = Flyttet mellom år
budget-grounds = Grunnlag
budget-certainties = Hvor sikre beløpene er
budget-page = Side
budget-page-of = av
