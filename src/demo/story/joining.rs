//! One that held an option joins when the others have been members for a while.

use super::{LIBRARIES, StoryError, Teller, Told};
use crate::domain::agreement::AgreementCommand;
use crate::domain::identity::{AgreementId, LegacyId, SignupId};
use crate::domain::legacy::LegacyCommand;
use crate::domain::signup::SignupCommand;
use crate::handle::Wish;

impl Teller<'_> {
    /// It is a member from the middle of a year, and gives notice of its old contract on the same day.
    pub(super) fn option_exercised(&mut self) -> Told {
        let joining = &self.data.procurement.option_exercised;
        let (on, member_from) = (joining.on, joining.member_from);
        let party = self.party(&joining.party)?;
        let book = self.draft.book();
        let signups = book.signups_of(self.procurement, party, on).into_iter().filter(|(_, signup)| {
            signup.signed_up.as_ref().is_some_and(|signed_up| signed_up.library == joining.library)
        });
        let signups: Vec<SignupId> = signups.map(|(id, _)| id).collect();
        let agreements = book.agreements_of(self.procurement, party).into_iter();
        let agreements: Vec<AgreementId> = agreements.map(|(id, _)| id).collect();
        let legacies = book.legacies_of(self.procurement, party, on).into_iter();
        let legacies: Vec<LegacyId> = legacies.map(|(id, _)| id).collect();
        if signups.is_empty() {
            return Err(StoryError::Library(joining.library.clone()));
        }
        for agreement in agreements {
            self.draft.wish(Wish::Agreement(agreement, AgreementCommand::ExerciseOption { on, member_from }))?;
        }
        for signup in signups {
            self.draft.wish(Wish::Signup(signup, SignupCommand::ExerciseOption { on }))?;
        }
        self.of_legacies(&legacies, &LegacyCommand::GiveNotice { on, last_day: joining.old_contract_last_day })?;
        self.tell(
            on,
            LIBRARIES,
            format!(
                "{} exercises its option: it shares the licence from {member_from}, and ends its old contract (invented).",
                joining.party
            ),
        )
    }
}
