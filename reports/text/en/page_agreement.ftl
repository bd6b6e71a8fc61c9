# Agreements with their documents, and nudges, in English.

page-agreement-send = Send the agreement
page-agreement-send-it = Record as sent
page-agreement-sign = Record the signature
page-agreement-sign-it = Record
page-agreement-activate = Put in force
page-agreement-activate-it = Put in force
page-agreement-exercise = Exercise the option
page-agreement-exercise-it = Exercise the option
page-agreement-notice = Give notice
page-agreement-notice-it = Record the notice
page-agreement-withdraw = Withdraw the notice
page-agreement-withdraw-it = Withdraw
page-agreement-end = End
page-agreement-end-it = End
page-phase-absent = Does not exist
page-phase-drafted = Draft
page-phase-sent = Sent
page-phase-signed = Signed
page-phase-active = In force
page-phase-under-notice = Under notice
page-phase-ended = Ended
page-committed = Committed
page-commitment = Commitment
page-county-authority = County authority
page-drafted-on = Drafted
page-sent-on = Sent
page-signed-on = Signed
page-active-from = In force from
page-shares-from = Shares costs from
page-exercised-on = Option exercised
page-notice-on = Notice given
page-withdrawn-on = Notice withdrawn
page-last-day = Last day
page-signer-role = Role of who signed
page-authority = Authority
page-authority-hint = What gives the role the right to bind, such as a delegation decision.
page-signer = Name of who signed
page-signer-hint = May be left out where it is you. The name is kept outside the log and can be erased.
page-to-municipality = To the municipality's page
page-documents = Documents
page-draft = Draft
page-copies = Signed copies
page-copies-none = No signed agreement is kept.
page-copy = Signed agreement (PDF)
page-copy-file = Signed agreement
page-copy-hint = PDF, at most 10 MiB. The file is kept as it is, and the log has its fingerprint.
page-copy-keep = Keep it
page-copy-refused = The file was not taken.
page-kilobytes = { $count } kB
page-what-next = What happens next
page-history = History
page-details = Details
page-nudges = Write to those who are behind
page-nudges-lead = Each gets a letter about what is left to do, in the language they read. Look at the letters before they are sent. Nobody gets more than one such letter a day.
page-nudge-note = Something to add to each letter
page-note-refused = Write at most 500 characters (letters such as æ, ø and å count as two) on one line, without an e-mail address.
page-nudges-show = Show the letters
page-nudges-count = { $count ->
        [one] One is behind
       *[other] { $count } are behind
    }
page-nudges-none = Nobody is behind.
page-nudges-send = Send to those chosen
page-nudged = The letters are on their way.
page-nudged-today = Was written to today.
page-last-nudged = Last reminded { $day }
page-no-contact = Has no contact with an e-mail address. The letter would be left lying.
page-was-due = due { $day }
page-agreements = Agreements
page-agreements-all = All agreements, with their documents
page-agreements-none = There are no agreements yet.
page-agreements-totals = Where the agreements stand
page-agreements-find = Find agreements
page-agreements-not-found = No agreements match what you searched for.
page-in-all = In all
page-any-state = Any
page-any-commitment = Committed or option
page-sort-signed = Latest signed
page-answer-late = answer was due { $day }
page-until-day = until { $day }
page-agreements-found = { $count ->
        [one] One agreement
       *[other] { $count } agreements
    }
page-copies-kept = { $count ->
        [one] One signed copy
       *[other] { $count } signed copies
    }
page-ready-item = Item of the list
page-ready-state = Is it done?
page-ready-is-done = Done
page-ready-is-open = Not done
page-has-option = Option
page-resumed = What you typed
page-resumed-lead = The form was not sent then, since it had to be shown who sends it. Look over what stands here, and send it again.
page-resumed-send = Send again
page-resumed-leave = Go to the page without sending
page-typed-kept = What was typed into the form is kept for an hour and can be sent afterwards.
