### Why a wish is refused: access. One sentence for each rejection of the rules. Days are written as 2023-12-01.

access-not-invited = The person has no account; invite the person first.
access-already-closed = The account was closed on { $closed_on } for good; invite the person anew, which makes another account.
access-until-passed = until { $until } is before { $on }, the day the role would begin; give a later day.
access-auditor-without-end = until is missing, and an auditor reads everything for a time only; give the last day.
access-auditor-too-long = until { $until } is more than { $most } days away, the longest time for an auditor; give an earlier day, and grant it anew when it is over.
access-own-role = Nobody grants themselves a role; another administrator has to do it.
access-not-requested = Two people are required, and nobody has requested this role until this day; request it, and let another administrator grant it.
access-own-request = Two people are required, and you requested this role yourself; another administrator has to grant it.
