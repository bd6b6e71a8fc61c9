# What stands around the figures of a budget sheet as PDF.

budget-figures = The figures stand { $as_of }.
budget-to-bear = To bear in { $year }, kroner ({ $certainty })
budget-per-inhabitant = Kroner per inhabitant in { $year }
budget-change = { $change } in { $year }
budget-amounts = Amounts in kroner excluding VAT, line by line
budget-line = Line
budget-notes = Note
budget-carried-over = Moved between years
budget-grounds = Grounds
budget-certainties = How sure the amounts are
budget-page = Page
budget-page-of = of
