# Words of what an accounting system takes in: invoice basis, posting file, SAF-T.

voucher-type-credit-note = Kreditnota
voucher-invoice = Faktura { $number }
voucher-claim = Krav { $number }
voucher-credit-note = Kreditnota { $number } til { $credits }
voucher-received = Innbetaling { $reference }
voucher-matched = Innbetaling { $reference } ført mot { $number }
voucher-unmatched = Innbetaling { $reference } tatt av { $number }
voucher-returned = Tilbakebetaling { $reference }
voucher-handed-on = Innbetaling { $reference } overført til rett utsteder
voucher-type-received = Innbetaling
voucher-type-matched = Kundereskontro
voucher-type-paid-out = Utbetaling
saft-comment = Salg, krav og innbetalinger som er ført i Grenseløs. Øvrige bilag står i fylkeskommunens hovedbok.
saft-journal-documents = Fakturaer, krav og kreditnotaer
saft-journal-payments = Innbetalinger
