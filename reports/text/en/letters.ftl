# Letters that bring no document, in English.

letter-to = To { $recipient }
letter-illustrative = Invented amounts, for illustration only
letter-greeting = Yours sincerely
letter-address = See more here: { $address }
letter-hearing-subject = Hearing on a sharing key: “{ $proposal }”. Answer by { $day }
letter-hearing = { $sender } asks what you think of “{ $proposal }”. It is a proposal for a new sharing key in { $procurement }, and would apply from { $from }.
letter-hearing-for-you = This is what it means for you:
letter-hearing-year = { $year }: { $before } as it is, { $after } by the proposal ({ $change })
letter-hearing-some-unknown = For the other years the amounts are not known yet.
letter-hearing-unknown = What it means for you in kroner is not known yet.
letter-hearing-answer = Answer by { $day }: whether you are for it or against it, or have no remarks. Reply to this e-mail, or answer on the page of the proposal.
letter-answer-subject = Answer to your objection: { $procurement }, { $from } – { $last }
letter-answer = On { $day } you objected to the calculation for { $from } – { $last } in { $procurement }:
letter-answer-upheld = The objection is upheld. You will get a new calculation.
letter-answer-rejected = The objection is rejected, and the calculation stands.
letter-answer-rejected-and-discarded = The objection has not been upheld. The calculation has been withdrawn since, though, and nothing will be invoiced by it.
letter-withdrawal-subject = Withdrawn: the calculation for { $from } – { $last } in { $procurement }
letter-withdrawal = The calculation for { $from } – { $last } in { $procurement } that you were sent in advance, dated { $day }, is withdrawn. Nothing will be invoiced by it.
letter-withdrawal-next = You need not answer it. A new calculation may come.
letter-nudge-subject = { $procurement }: what is left for you to do
letter-nudge = Something is left for you to do in { $procurement }:
letter-nudge-agreement = – The agreement should have been signed by { $day }.
letter-nudge-signup = – The library should have been signed up by { $day }.
letter-nudge-notice = – Notice of the old contract should have been given by { $day }.
letter-nudge-budget = – The purchase should have been reported into the budget by { $day }.
letter-nudge-done = If it is done already, say so by replying to this e-mail.
