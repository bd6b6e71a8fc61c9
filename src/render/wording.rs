//! The words on the lines of an invoice, in bokmål.

use super::norwegian;
use crate::domain::calendar::Period;
use crate::process::invoice_plan::{LineNamed, Reason, ShareExplained, Wording};
use crate::text::bokmal;

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
            Reason::NoReference => bokmal("set-aside-no-reference", &[]),
            Reason::NoFinanceContact => bokmal("set-aside-no-finance-contact", &[]),
        }
    }
}

fn share_in_words(share: &ShareExplained<'_>) -> String {
    let (Some(key), Some(date)) = (share.key, share.population_date) else {
        return bokmal("invoice-share-alone", &[]);
    };
    let message = match (share.parts_count, share.granted.0) {
        (0 | 1, 0) => "invoice-share-by-key",
        (0 | 1, _) => "invoice-share-by-key-after-grants",
        (_, _) => "invoice-share-by-key-in-parts",
    };
    bokmal(
        message,
        &[
            ("net", &norwegian::kroner(share.net)),
            ("amount", &norwegian::kroner(share.amount)),
            ("granted", &norwegian::kroner(share.granted)),
            ("members", &share.members_count.to_string()),
            ("parts", &share.parts_count.to_string()),
            ("key", key),
            ("date", &norwegian::date(date)),
        ],
    )
}
