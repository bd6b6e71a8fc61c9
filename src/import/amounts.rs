//! What costs and licences have in common: who pays, and what is known of an amount.

use uuid::Uuid;

use super::draft::Draft;
use super::line::{Column, Fault, Line, optional};
use crate::domain::assessment::Assessment;
use crate::domain::cost::Distribution;
use crate::domain::identity::{AssessmentId, ProcurementId};
use crate::ids::derived;

pub(super) const SHARED_BY: Column = optional("shared_by", &["fordelingsnøkkel"], "name of the sharing key all pay by");
pub(super) const PAID_BY: Column = optional("paid_by", &["betales_av"], "the party that pays alone, in place of a key");
pub(super) const CERTAINTY: Column = optional(
    "certainty",
    &["sikkerhet"],
    "unknown (ukjent), estimated (anslått), quoted (tilbud), contracted (avtalt) or actual (faktisk)",
);
pub(super) const LOW: Column = optional("low", &["lavt"], "low estimate in kroner excluding VAT");
pub(super) const LIKELY: Column = optional("likely", &["sannsynlig"], "likely estimate in kroner excluding VAT");
pub(super) const HIGH: Column = optional("high", &["høyt"], "high estimate in kroner excluding VAT");
pub(super) const AMOUNT: Column =
    optional("amount", &["beløp"], "kroner excluding VAT, where it is quoted, contracted or actual");

#[derive(Debug, Clone, Copy)]
enum Sureness {
    Unknown,
    Estimated,
    Quoted,
    Contracted,
    Actual,
}

const SURENESS: &[(&str, Sureness)] = &[
    ("unknown", Sureness::Unknown),
    ("ukjent", Sureness::Unknown),
    ("estimated", Sureness::Estimated),
    ("anslått", Sureness::Estimated),
    ("quoted", Sureness::Quoted),
    ("tilbud", Sureness::Quoted),
    ("contracted", Sureness::Contracted),
    ("avtalt", Sureness::Contracted),
    ("actual", Sureness::Actual),
    ("faktisk", Sureness::Actual),
];

/// Who pays: by a key, or one party alone.
pub(super) fn distribution(
    line: &Line<'_>,
    draft: &Draft<'_>,
    procurement: ProcurementId,
) -> Result<Distribution, Fault> {
    match (line.optional("shared_by"), line.optional("paid_by")) {
        (Some(_), None) => Ok(Distribution::Key { sharing_key: draft.sharing_key(line, "shared_by", procurement)? }),
        (None, Some(_)) => Ok(Distribution::Party { party: draft.party(line, "paid_by")? }),
        (None, None) => {
            Err(line.fault("shared_by", "nobody pays; name a sharing key, or a party in paid_by".to_owned()))
        }
        (Some(_), Some(_)) => {
            Err(line.fault("paid_by", "both a key and a party pay; leave one of the cells empty".to_owned()))
        }
    }
}

/// What the row says of the amount; nothing where it says nothing.
pub(super) fn assessment(line: &Line<'_>) -> Result<Option<Assessment>, Fault> {
    let Some(sureness) = line.choice("certainty", SURENESS)? else {
        return match ["amount", "low", "likely", "high"].into_iter().find(|column| line.optional(column).is_some()) {
            Some(column) => {
                Err(line.fault(column, "the amount has no certainty; fill in the column certainty".to_owned()))
            }
            None => Ok(None),
        };
    };
    let amount = || line.ore("amount");
    Ok(Some(match sureness {
        Sureness::Unknown => Assessment::Unknown,
        Sureness::Estimated => Assessment::Estimated {
            low_ore: line.ore("low")?,
            likely_ore: line.ore("likely")?,
            high_ore: line.ore("high")?,
        },
        Sureness::Quoted => Assessment::Quoted { amount_ore: amount()? },
        Sureness::Contracted => Assessment::Contracted { amount_ore: amount()? },
        Sureness::Actual => Assessment::Actual { amount_ore: amount()? },
    }))
}

/// The id of a statement, from what it says.
pub(super) fn assessment_id(stream: Uuid, amount: Assessment, on: chrono::NaiveDate, source: &str) -> AssessmentId {
    AssessmentId(derived(stream, &format!("assessment/{on}/{amount:?}/{source}")))
}
