//! Where there is more than one procurement to look at: which one a page is of, and the way to the others.

use serde::Serialize;

use super::address::address_of;
use crate::domain::identity::ProcurementId;

/// The procurements that a page could be of, and the one that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procurements {
    /// The one that is shown.
    pub shown: ProcurementId,
    /// All of them, with their names.
    pub all: Vec<(ProcurementId, String)>,
}

/// The same as templates see it.
#[derive(Debug, Serialize)]
pub(super) struct ProcurementsShown<'a> {
    named: Option<ProcurementId>,
    choices: Vec<Choice<'a>>,
}

#[derive(Debug, Serialize)]
struct Choice<'a> {
    address: String,
    name: &'a str,
    is_chosen: bool,
}

fn field(procurement: ProcurementId) -> (&'static str, String) {
    ("procurement", procurement.to_string())
}

impl Procurements {
    /// The one that is shown, where addresses have to name it since there are others.
    pub(super) fn named(&self) -> Option<ProcurementId> {
        (self.all.len() > 1).then_some(self.shown)
    }

    /// The field by which addresses say which; none where there is no other.
    #[must_use]
    pub fn field(&self) -> Option<(&'static str, String)> {
        self.named().map(field)
    }

    /// As templates see it, of a page at a path.
    pub(super) fn of_page(&self, path: &str) -> ProcurementsShown<'_> {
        let others = self.all.iter().filter(|_| self.named().is_some());
        ProcurementsShown {
            named: self.named(),
            choices: others
                .map(|(procurement, name)| Choice {
                    address: address_of(path, [field(*procurement)]),
                    name,
                    is_chosen: *procurement == self.shown,
                })
                .collect(),
        }
    }
}
