//! The words on the lines of an invoice, in the Norwegian of who pays.

use super::ehf::EhfError;
use super::{IssuedDocument, e_invoice, have_room, norwegian};
use crate::domain::calendar::Period;
use crate::domain::invoice_run::InvoiceLanguage;
use crate::domain::money::Ore;
use crate::domain::party::WrittenForm;
use crate::domain::supplier_invoice::Attachment;
use crate::process::invoice_plan::{DaysAfter, DaysBefore, LineNamed, PartExplained, Reason, ShareExplained, Wording};
use crate::text::norwegian as say;
use crate::view::documents::Document;

/// Bokmål and nynorsk.
#[derive(Debug, Clone, Copy, Default)]
pub struct NorwegianWording;

impl Wording for NorwegianWording {
    fn line(&self, language: InvoiceLanguage, line: &LineNamed<'_>) -> String {
        let form = language.written_form();
        match line.period {
            None => say(form, "invoice-line", &[("cost", line.name), ("year", &line.year.to_string())]),
            Some(Period { first, last }) => say(
                form,
                "invoice-line-of-days",
                &[("licence", line.name), ("first", &norwegian::date(first)), ("last", &norwegian::date(last))],
            ),
        }
    }

    fn explanation(&self, language: InvoiceLanguage, share: &ShareExplained<'_>) -> String {
        let form = language.written_form();
        let mut said = share_in_words(form, share);
        if let Some(Period { first, last }) = share.supplier_days {
            said.push_str(". ");
            let days = [("first", &*norwegian::date(first)), ("last", &norwegian::date(last))];
            said.push_str(&say(form, "invoice-share-supplier-days", &days));
        }
        if let Some(before) = share.invoiced_before {
            said.push_str(". ");
            said.push_str(&say(form, "invoice-share-settled", &[("before", &norwegian::kroner(before))]));
        }
        said
    }

    fn set_aside(&self, language: InvoiceLanguage, reason: &Reason) -> String {
        let form = language.written_form();
        match reason {
            Reason::OwnShare => say(form, "set-aside-own-share", &[]),
            Reason::InvoicedBefore => say(form, "set-aside-invoiced-before", &[]),
            Reason::OtherIssuer(issuer) => say(form, "set-aside-other-issuer", &[("issuer", issuer)]),
            Reason::NoOrganisationNumber => say(form, "set-aside-no-organisation-number", &[]),
            Reason::PayerUndecided => say(form, "set-aside-payer-undecided", &[]),
            Reason::NoReference => say(form, "set-aside-no-reference", &[]),
            Reason::NoFinanceContact => say(form, "set-aside-no-finance-contact", &[]),
            Reason::OutsideVatArea => say(form, "set-aside-outside-vat-area", &[]),
            Reason::InvoicedTooMuch(difference) => {
                say(form, "set-aside-invoiced-too-much", &[("difference", &norwegian::kroner(*difference))])
            }
            Reason::NoEInvoice(why) => say(form, "set-aside-no-e-invoice", &[("why", why)]),
        }
    }

    fn fault(
        &self,
        language: Option<InvoiceLanguage>,
        document: Document<'_>,
        procurement_name: &str,
    ) -> Option<String> {
        let fault = e_invoice::fault(&IssuedDocument { document, procurement_name, illustrative: true })?;
        let is_of_the_run = matches!(
            fault,
            EhfError::DueBeforeIssue { .. }
                | EhfError::AccountNumberFaulty { .. }
                | EhfError::IssuerNotRegisteredForVat { .. }
        );
        (!is_of_the_run).then(|| in_words(&fault, language))
    }
}

fn in_words(fault: &EhfError, language: Option<InvoiceLanguage>) -> String {
    let in_norwegian = || fault.in_norwegian(language?.written_form());
    in_norwegian().unwrap_or_else(|| fault.to_string())
}

/// The same where the suppliers' files that go with a document are looked at: they may be lost, or too large.
#[derive(Clone, Copy)]
pub struct WordingWithFiles<'a> {
    /// How many bytes a file has; none where it is lost.
    pub size_bytes: &'a dyn Fn(&Attachment) -> Option<u64>,
}

impl Wording for WordingWithFiles<'_> {
    fn line(&self, language: InvoiceLanguage, line: &LineNamed<'_>) -> String {
        NorwegianWording.line(language, line)
    }

    fn explanation(&self, language: InvoiceLanguage, share: &ShareExplained<'_>) -> String {
        NorwegianWording.explanation(language, share)
    }

    fn set_aside(&self, language: InvoiceLanguage, reason: &Reason) -> String {
        NorwegianWording.set_aside(language, reason)
    }

    fn fault(
        &self,
        language: Option<InvoiceLanguage>,
        document: Document<'_>,
        procurement_name: &str,
    ) -> Option<String> {
        let of_document = NorwegianWording.fault(language, document, procurement_name);
        of_document.or_else(|| self.fault_of_files(language, &document.invoice().invoice.attachments))
    }
}

impl WordingWithFiles<'_> {
    fn fault_of_files(&self, language: Option<InvoiceLanguage>, files: &[Attachment]) -> Option<String> {
        let mut bytes_count = 0;
        for file in files {
            let file_name = &*file.file_name;
            match (self.size_bytes)(file) {
                Some(size) => bytes_count += size,
                None => {
                    return Some(match language {
                        Some(language) => say(language.written_form(), "file-lost", &[("file", file_name)]),
                        None => format!("the supplier's invoice {file_name} is not in the archive; attach it again"),
                    });
                }
            }
        }
        have_room(bytes_count).err().map(|fault| in_words(&fault, language))
    }
}

/// The most parts that are listed one by one: each takes about a hundred bytes of a line's explanation.
const PARTS_LISTED_MAX: usize = 12;

fn share_in_words(form: WrittenForm, share: &ShareExplained<'_>) -> String {
    let mut said = shared_in_words(form, share);
    if let Some(DaysAfter { last, net }) = share.days_after {
        let after = [("after", &*norwegian::kroner(net)), ("last", &norwegian::date(last))];
        said.push_str(&say(form, "invoice-share-issued-after", &after));
        if share.days_before.is_none() {
            said.push_str(&say(form, "invoice-share-invoiced-here", &[("net", &norwegian::kroner(share.net))]));
        }
    }
    if let Some(DaysBefore { first, net, is_issued }) = share.days_before {
        said.push_str(&say(
            form,
            if is_issued { "invoice-share-issued-before" } else { "invoice-share-days-before" },
            &[
                ("net", &norwegian::kroner(share.net)),
                ("before", &norwegian::kroner(net)),
                ("first", &norwegian::date(first)),
            ],
        ));
    }
    said
}

fn shared_in_words(form: WrittenForm, share: &ShareExplained<'_>) -> String {
    let alone = || say(form, "invoice-share-alone", &[]);
    let whole: Ore = share.parts.iter().map(|part| part.share).sum();
    match &share.parts[..] {
        [] => say(form, "invoice-share-none", &[]),
        [part] if share.period.is_none() => match by_key(form, part) {
            None => alone(),
            Some(by_key) => say(
                form,
                if share.granted == Ore::ZERO { "invoice-share-by-key" } else { "invoice-share-by-key-after-grants" },
                &[
                    ("net", &norwegian::kroner(whole)),
                    ("amount", &norwegian::kroner(share.amount)),
                    ("granted", &norwegian::kroner(share.granted)),
                    ("members", &part.members_count.to_string()),
                    ("by", &by_key),
                ],
            ),
        },
        [part] => match by_key(form, part) {
            None => alone(),
            Some(_) => say(form, "invoice-share-of-days", &[("part", &part_in_words(form, part))]),
        },
        parts if parts.len() > PARTS_LISTED_MAX => say(
            form,
            "invoice-share-of-many-parts",
            &[("net", &norwegian::kroner(whole)), ("parts", &parts.len().to_string())],
        ),
        parts => {
            let listed: Vec<String> = parts.iter().map(|part| part_in_words(form, part)).collect();
            let listed = listed.join("; ");
            say(form, "invoice-share-of-parts", &[("net", &norwegian::kroner(whole)), ("parts", &listed)])
        }
    }
}

fn by_key(form: WrittenForm, part: &PartExplained<'_>) -> Option<String> {
    let (key, date) = part.key.zip(part.population_date)?;
    Some(say(form, "invoice-share-key", &[("key", key), ("date", &norwegian::date(date))]))
}

fn part_in_words(form: WrittenForm, part: &PartExplained<'_>) -> String {
    say(
        form,
        "invoice-share-part",
        &[
            ("share", &norwegian::kroner(part.share)),
            ("amount", &norwegian::kroner(part.amount)),
            ("first", &norwegian::date(part.period.first)),
            ("last", &norwegian::date(part.period.last)),
            ("members", &part.members_count.to_string()),
            ("by", &by_key(form, part).unwrap_or_default()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::day;

    #[test]
    fn a_line_and_its_explanation_are_in_the_language_of_who_pays() {
        let said = |language| {
            let share = ShareExplained {
                net: Ore(10_000),
                amount: Ore(30_000),
                granted: Ore(5_000),
                period: None,
                parts: vec![PartExplained {
                    period: Period::year(2024),
                    share: Ore(10_000),
                    amount: Ore(30_000),
                    key: Some("30/70"),
                    population_date: Some(day("2024-01-01")),
                    members_count: 3,
                }],
                days_before: None,
                days_after: None,
                supplier_days: None,
                invoiced_before: Some(Ore(2_000)),
            };
            NorwegianWording.explanation(language, &share)
        };
        assert_eq!(
            said(InvoiceLanguage::Nynorsk),
            "Del 100,00 av 300,00 kroner (tilskot på 50,00 kroner er trekt frå), fordelt på 3 etter nøkkelen «30/70» med tal \
             per 01.01.2024. Fakturert a konto før: 20,00 kroner, som er trekte frå"
        );
        assert!(said(InvoiceLanguage::BokmalAndNorthernSami).starts_with("Andel 100,00 av 300,00 kroner"));
        let reason = NorwegianWording.set_aside(InvoiceLanguage::Nynorsk, &Reason::InvoicedBefore);
        assert_eq!(reason, "Delen er fakturert før");
    }
}
