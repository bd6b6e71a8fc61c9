# Words of Northern Sámi that stand beside the bokmål of documents for payers: only those that are verified, as
# events/glossary.csv has them with their source. What is not here stays Norwegian.

fixed-invoice = rehket
fixed-organisation-number = organisašuvdnanummir
fixed-vat = lasseárvodivat
fixed-account = kontonummir
fixed-distribution = juohku
fixed-reminder = hobehanreive
fixed-reminder-invoice = rehket
fixed-attachments = mielddus
fixed-prebill-decision = mearrádus
