# Who has access to what, in English.

accounts-title = Access
accounts-all = Accounts
accounts-search = Search for a name or an e-mail address
accounts-with-closed = Closed ones as well
accounts-find = Find
accounts-none = No account matches the search.
accounts-person = Person
accounts-open = Open
accounts-locked = Locked for a while after too many attempts
accounts-closed = Closed
accounts-waiting = Waits for another administrator
accounts-invite = Invite a person
accounts-name = Name
accounts-name-refused = Write the name, in at most 500 characters.
accounts-email-refused = Write an e-mail address, such as name@municipality.example.
accounts-email-taken = Somebody signs in with this address already. Invite that person anew, or use another address.
accounts-link = Hand this link to the person and to nobody else. It works once, for { $days } days:
accounts-no-roles = The person has no roles.
accounts-requested = Waiting for another administrator
accounts-own-request = You asked for this role yourself; another administrator has to grant it.
accounts-grant = Grant a role
accounts-request = Ask for a role
accounts-two-people = It takes two: you ask for the role, and another administrator grants it.
accounts-role = Role
accounts-scope = Reaches
accounts-scope-none = Everything (auditor and administrator)
accounts-procurements = Procurements (county library)
accounts-counties = County authorities (county finance)
accounts-parties = Municipalities and others that take part (municipal leader, library leader, finance)
accounts-scope-refused = Choose what the role reaches: a procurement for the county library, everything for auditor and administrator, otherwise a municipality or a county.
accounts-scope-county = This role is for a county authority. Choose one of them.
accounts-until = Last day (needed for an auditor)
accounts-until-passed = The day is past. Choose a later one.
accounts-until-missing = An auditor reads everything, and for a time only. Choose the last day.
accounts-until-too-far = An auditor has access for at most 366 days. Choose an earlier day.
accounts-revoke = Revoke
accounts-withdraw = Withdraw
accounts-keep = Signing in
accounts-unlock = Unlock
accounts-renew = Invite anew
accounts-renew-two-people = The roles then wait until another administrator has granted them again, since whoever gets the invitation signs in as the person.
accounts-end-sessions = { $sessions ->
    [0] No sign-ins to end
    [one] End { $sessions } sign-in
   *[other] End { $sessions } sign-ins
}
accounts-close = Close the account for good
accounts-close-sure = I know that roles, passwords, passkeys, sign-ins and tokens will be gone
accounts-close-unconfirmed = Tick that the account is to be closed for good.
accounts-nobody-else = Nobody is signed in, so that nobody else could grant the role.
