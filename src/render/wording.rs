//! The words on the lines of an invoice, in bokmål.

use super::norwegian;
use crate::process::invoice_plan::{ShareExplained, Wording};
use crate::text::bokmal;

/// Bokmål.
#[derive(Debug, Clone, Copy, Default)]
pub struct NorwegianWording;

impl Wording for NorwegianWording {
    fn line(&self, cost: &str, year: i32) -> String {
        bokmal("invoice-line", &[("cost", cost), ("year", &year.to_string())])
    }

    fn explanation(&self, share: &ShareExplained<'_>) -> String {
        let (Some(key), Some(date)) = (share.key, share.population_date) else {
            return bokmal("invoice-share-alone", &[]);
        };
        let message = if share.granted.0 == 0 { "invoice-share-by-key" } else { "invoice-share-by-key-after-grants" };
        bokmal(
            message,
            &[
                ("net", &norwegian::kroner(share.net)),
                ("amount", &norwegian::kroner(share.amount)),
                ("granted", &norwegian::kroner(share.granted)),
                ("members", &share.members_count.to_string()),
                ("key", key),
                ("date", &norwegian::date(date)),
            ],
        )
    }

    fn own_share(&self) -> String {
        bokmal("set-aside-own-share", &[])
    }

    fn invoiced_before(&self) -> String {
        bokmal("set-aside-invoiced-before", &[])
    }

    fn other_issuer(&self, issuer: &str) -> String {
        bokmal("set-aside-other-issuer", &[("issuer", issuer)])
    }

    fn no_organisation_number(&self) -> String {
        bokmal("set-aside-no-organisation-number", &[])
    }
}
