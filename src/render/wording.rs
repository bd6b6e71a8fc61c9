//! The words on the lines of an invoice, in bokmål.

use super::ehf::EhfError;
use super::{IssuedDocument, e_invoice, norwegian};
use crate::domain::calendar::Period;
use crate::domain::money::Ore;
use crate::domain::series::Issued;
use crate::process::invoice_plan::{LineNamed, PartExplained, Reason, ShareExplained, Wording};
use crate::text::bokmal;
use crate::view::documents::Document;

/// Bokmål.
#[derive(Debug, Clone, Copy, Default)]
pub struct NorwegianWording;

impl Wording for NorwegianWording {
    fn line(&self, line: &LineNamed<'_>) -> String {
        match line.period {
            None => bokmal("invoice-line", &[("cost", line.name), ("year", &line.year.to_string())]),
            Some(Period { first, last }) => bokmal(
                "invoice-line-of-days",
                &[("licence", line.name), ("first", &norwegian::date(first)), ("last", &norwegian::date(last))],
            ),
        }
    }

    fn explanation(&self, share: &ShareExplained<'_>) -> String {
        let mut said = share_in_words(share);
        if let Some(before) = share.invoiced_before {
            said.push_str(". ");
            said.push_str(&bokmal("invoice-share-settled", &[("before", &norwegian::kroner(before))]));
        }
        said
    }

    fn set_aside(&self, reason: &Reason) -> String {
        match reason {
            Reason::OwnShare => bokmal("set-aside-own-share", &[]),
            Reason::InvoicedBefore => bokmal("set-aside-invoiced-before", &[]),
            Reason::OtherIssuer(issuer) => bokmal("set-aside-other-issuer", &[("issuer", issuer)]),
            Reason::NoOrganisationNumber => bokmal("set-aside-no-organisation-number", &[]),
            Reason::PayerUndecided => bokmal("set-aside-payer-undecided", &[]),
            Reason::NoReference => bokmal("set-aside-no-reference", &[]),
            Reason::NoFinanceContact => bokmal("set-aside-no-finance-contact", &[]),
            Reason::NoEInvoice(why) => bokmal("set-aside-no-e-invoice", &[("why", why)]),
        }
    }

    fn fault(&self, draft: &Issued, procurement_name: &str) -> Option<String> {
        let document = Document::Invoice(draft);
        let fault = e_invoice::fault(&IssuedDocument { document, procurement_name, illustrative: true })?;
        let is_of_the_run = matches!(
            fault,
            EhfError::DueBeforeIssue { .. }
                | EhfError::AccountNumberFaulty { .. }
                | EhfError::IssuerNotRegisteredForVat { .. }
        );
        (!is_of_the_run).then(|| fault.to_string())
    }
}

/// The most parts that are listed one by one: each takes about a hundred bytes of a line's explanation.
const PARTS_LISTED_MAX: usize = 12;

fn share_in_words(share: &ShareExplained<'_>) -> String {
    let mut said = shared_in_words(share);
    if let Some((before, first)) = share.days_before {
        said.push_str(&bokmal(
            "invoice-share-days-before",
            &[
                ("net", &norwegian::kroner(share.net)),
                ("before", &norwegian::kroner(before)),
                ("first", &norwegian::date(first)),
            ],
        ));
    }
    said
}

fn shared_in_words(share: &ShareExplained<'_>) -> String {
    let alone = || bokmal("invoice-share-alone", &[]);
    let whole: Ore = share.parts.iter().map(|part| part.share).sum();
    match &share.parts[..] {
        [] => alone(),
        [part] if share.period.is_none() => match by_key(part) {
            None => alone(),
            Some(by_key) => bokmal(
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
        [part] => match by_key(part) {
            None => alone(),
            Some(_) => bokmal("invoice-share-of-days", &[("part", &part_in_words(part))]),
        },
        parts if parts.len() > PARTS_LISTED_MAX => bokmal(
            "invoice-share-of-many-parts",
            &[("net", &norwegian::kroner(whole)), ("parts", &parts.len().to_string())],
        ),
        parts => {
            let listed: Vec<String> = parts.iter().map(part_in_words).collect();
            let listed = listed.join("; ");
            bokmal("invoice-share-of-parts", &[("net", &norwegian::kroner(whole)), ("parts", &listed)])
        }
    }
}

fn by_key(part: &PartExplained<'_>) -> Option<String> {
    let (key, date) = part.key.zip(part.population_date)?;
    Some(bokmal("invoice-share-key", &[("key", key), ("date", &norwegian::date(date))]))
}

fn part_in_words(part: &PartExplained<'_>) -> String {
    bokmal(
        "invoice-share-part",
        &[
            ("share", &norwegian::kroner(part.share)),
            ("amount", &norwegian::kroner(part.amount)),
            ("first", &norwegian::date(part.period.first)),
            ("last", &norwegian::date(part.period.last)),
            ("members", &part.members_count.to_string()),
            ("by", &by_key(part).unwrap_or_default()),
        ],
    )
}
