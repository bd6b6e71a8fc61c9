# Words of what an accounting system takes in: invoice basis, posting file, SAF-T.

voucher-type-credit-note = Kreditnota
voucher-invoice = Faktura { $number }
voucher-claim = Krav { $number }
voucher-credit-note = Kreditnota { $number } til { $credits }
voucher-received = Innbetaling { $reference }
voucher-matched = Innbetaling { $reference } ført mot { $number }
voucher-unmatched = Innbetaling { $reference } tatt av { $number }
voucher-returned = Tilbakebetaling { $reference }
voucher-handed-on = Innbetaling { $reference } tilhører en annen utsteder
voucher-passed-on = Fordring { $number } overtatt av den som er kommet i utstederens sted
voucher-reminder = Purring på { $number }
voucher-charges-waived = Purregebyr og renter på { $number } frafalt
voucher-type-received = Innbetaling
voucher-type-matched = Kundereskontro
voucher-type-paid-out = Utbetaling
voucher-type-between-issuers = Mellomregning
voucher-type-reminder = Purring
voucher-type-charges-waived = Frafalt
saft-comment = Salg, krav, purringer og innbetalinger som er ført i Grenseløs. Øvrige bilag står i fylkeskommunens hovedbok.
saft-journal-documents = Fakturaer, krav, kreditnotaer og purringer
saft-journal-payments = Innbetalinger
