# Proposals of a sharing key, in English.

page-not-taken = This was not stored. Mend what is in the way, and send it once more.
page-text-missing = Write something here, on one line.
page-text-too-long = Write less: at most 500 characters.
page-choice-refused = Choose one of those offered.
page-choose = Choose
page-proposal-save = Save as a proposal
page-proposal-save-it = Save the proposal
page-proposal-name = Name of the proposal
page-proposal-note = Note
page-proposal-note-hint = One line, without names or addresses of people. May be left out.
page-proposal-key-missing = Choose the key in whose place the proposal would stand.
page-proposal-not-sound = Mend the fields of the laboratory first. A proposal is saved as it was tried last.
page-proposals = Saved proposals
page-proposals-none = No proposal is saved yet. Try something above, and give it a name.
page-proposal = Proposal
page-saved-on = Saved
page-saved-by = By
page-compare = Compare those chosen
page-proposal-saved = Saved
page-in-hearing = Out for hearing until { $day }: { $answered } of { $asked } have answered
page-hearing-over = The hearing is over: { $answered } of { $asked } answered by { $day } or later
page-adopted = Adopted from { $day } ({ $reference })
page-proposal-saved-by = Saved { $day } by { $by }, in place of the key “{ $key }”.
page-proposal-saved-on = Saved { $day }, in place of the key “{ $key }”.
page-what-it-says = What the proposal says
page-cannot-be-tried = The proposal cannot be worked out as things stand now.
page-would-apply-from = Applies from { $day }
page-figures-from = Figures as of { $day }
page-would-join = { $name } takes part
page-would-leave = { $name } does not take part
page-key-tariff = Price list: { $name }
page-key-part = { $percent } of the amount: { $key }
page-key-equally = { $percent } is shared equally
page-key-by = { $percent } is shared by { $measure }
page-key-agreed = Agreed percentages for each participant
page-key-floor = At least { $amount } for whoever pays anything
page-key-cap = At most { $amount } for each
page-hearing = Hearing
page-hearing-none = The proposal has not been out for hearing.
page-hearing-asks = { $count ->
        [0] The proposal changes nothing for anybody, so there is nobody to ask.
        [one] One letter is sent, to the one whom it concerns, in the language they read.
       *[other] { $count } letters are sent, one to each whom it concerns, in the language they read.
    }
page-answer-by = Answer by
page-send-hearing = Send for hearing
page-answer = Answer
page-answer-text = Reasons
page-answer-of = Answer of
page-answered-late = after the day to answer by
page-no-answer = No answer
page-record-answer = Record an answer
page-record-answer-it = Save the answer
page-stance = Stance
page-stance-supports = For
page-stance-opposes = Against
page-stance-no-remarks = No remarks
page-adopt = Adopt the proposal
page-adopt-lead = The key then applies to costs and licences from the day you give. Who takes part is not changed by this.
page-adopt-it = Adopt
page-decision = Decision
page-decision-hint = Case number or date, so that others find it again.
page-comparison = Proposals beside one another
page-comparison-table = All municipalities, proposal by proposal
page-comparison-none = Choose the proposals that are to stand beside one another, among
