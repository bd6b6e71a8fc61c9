//! What happened, day by day, as wishes in order. Days and names are those of the real project; amounts are invented.

mod finance;
mod joining;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::data::{Data, KeyStep};
use crate::dissolution::{Dissolution, DissolutionError};
use crate::domain::agreement::Commitment;
use crate::domain::calendar::{Period, day_after};
use crate::domain::identity::{LegacyId, PartyId, PersonId, ProcurementId, SharingKeyId, SignupId};
use crate::domain::key_adoption::KeyCommand;
use crate::domain::legacy::LegacyCommand;
use crate::domain::procurement::ProcurementCommand;
use crate::domain::signup::{LibraryKind, ReadinessItem, SignupCommand};
use crate::handle::{Rejected, Wish};
use crate::ids::{NAMESPACE, SeededIds, derived};
use crate::import::{Draft, Kind, RowFault};
use crate::store::people::Person;
use crate::table::{Table, TableError};
use crate::view::book::Book;

/// The media type of the suppliers' invoices.
pub const SUPPLIER_MEDIA_TYPE: &str = "application/pdf";

const COUNTY_LIBRARY: &str = "county-library";
const COUNTY_FINANCE: &str = "county-finance";
const COUNTY_COUNCIL: &str = "county-council";
const LIBRARIES: &str = "libraries";
const STATISTICS: &str = "statistics";

/// What was wished on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated {
    /// The day.
    pub on: NaiveDate,
    /// Who wished it.
    pub actor: &'static str,
    /// The wishes, in order.
    pub wishes: Vec<Wish>,
    /// The people to keep, before the wishes.
    pub people: Vec<(PersonId, Person)>,
    /// The files to keep, before the wishes: PDF.
    pub files: Vec<&'static [u8]>,
    /// A sentence for whoever is watching.
    pub told: String,
}

/// Why the story cannot be told: its files are at fault.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// A row is at fault.
    #[error("{file}, {}", .faults.first().map(ToString::to_string).unwrap_or_default())]
    Rows {
        /// The file.
        file: String,
        /// Its rows at fault.
        faults: Vec<RowFault>,
    },
    /// A file is at fault.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A rule says no.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// A party is not there, or there twice.
    #[error("procurement.toml: \"{0}\" is not the name or number of one party")]
    Party(String),
    /// Something would be left with the dissolved county authority.
    #[error(transparent)]
    Dissolution(#[from] DissolutionError),
    /// A library is not there.
    #[error("procurement.toml: \"{0}\" is not the name of a library of that party")]
    Library(String),
    /// A cost is not there.
    #[error("procurement.toml: \"{0}\" is not the name of a cost")]
    Cost(String),
}

/// The whole story. It comes out the same each time.
///
/// # Errors
/// The files are at fault; a test sees to it that those compiled in are not.
pub fn story(data: &Data) -> Result<Vec<Dated>, StoryError> {
    let ids = SeededIds::new("troms-og-finnmark");
    let nobody = |_| None;
    let mut teller = Teller {
        data,
        draft: Draft::new(Book::default(), &nobody, &ids),
        procurement: procurement_id(&data.procurement.name),
        told_until: None,
        files: Vec::new(),
        story: Vec::new(),
    };
    teller.mapping()?;
    teller.joining()?;
    teller.buying()?;
    teller.passing()?;
    teller.using()?;
    Ok(teller.story)
}

/// The id of a procurement of this name in the demonstration.
#[must_use]
pub fn procurement_id(name: &str) -> ProcurementId {
    ProcurementId(derived(NAMESPACE, &format!("procurement/{name}")))
}

struct Teller<'d> {
    data: &'d Data,
    draft: Draft<'d>,
    procurement: ProcurementId,
    told_until: Option<NaiveDate>,
    files: Vec<&'static [u8]>,
    story: Vec<Dated>,
}

type Told = Result<(), StoryError>;

impl Teller<'_> {
    /// 2020 to summer 2022: a need, a grant, and nobody knows the amounts.
    fn mapping(&mut self) -> Told {
        let file = &self.data.procurement;
        self.rows_within(Kind::Parties, &self.data.parties_2020, from_the_first(day(2020, 1, 1)))?;
        self.inhabitants_of(2020)?;
        let county = self.party(&file.county)?;
        self.of_procurement(ProcurementCommand::Open {
            procurement: self.procurement,
            name: file.name.clone(),
            county,
            agreement_label: file.agreement_label.clone(),
            illustrative: file.illustrative,
            on: file.opened_on,
        })?;
        self.tell(
            file.opened_on,
            COUNTY_LIBRARY,
            "The chief librarians ask the county library to buy a library system for all. 39 municipalities, the county \
             authority and Longyearbyen lokalstyre are registered."
                .to_owned(),
        )?;
        self.statistics(2021)?;
        self.statistics(2022)?;
        let on = day(2022, 5, 31);
        self.key_until(on)?;
        self.amounts_until(on)?;
        self.tell(
            on,
            COUNTY_LIBRARY,
            "Conversion, training, project and licence will come, and nobody knows how much: unknown, not zero. A key of 30 % \
             equally and 70 % by inhabitants is proposed. The National Library gives 400 000 kroner (the date of its letter \
             was not read)."
                .to_owned(),
        )
    }

    /// Autumn 2022: old contracts, and agreements to be signed before New Year.
    fn joining(&mut self) -> Told {
        let old = &self.data.procurement.old_contracts;
        let on = day(2022, 9, 20);
        self.rows(Kind::Legacy, &self.data.legacy, on)?;
        self.tell(
            on,
            COUNTY_LIBRARY,
            "Theme meeting on shared base and shared catalogue: the choice can wait until spring. The old contracts are \
             recorded."
                .to_owned(),
        )?;
        let giving = self.old_contracts_in_notice()?;
        let count = giving.len();
        self.of_legacies(
            &giving,
            &LegacyCommand::GiveNotice { on: old.notice_given_on, last_day: old.notice_last_day },
        )?;
        self.tell(
            old.notice_given_on,
            LIBRARIES,
            format!(
                "Supplier meeting: end your Mikromarc contracts now, or pay twice. {count} municipalities give notice for {}.",
                old.notice_last_day
            ),
        )?;
        let renamed = &self.data.procurement.renamed_label;
        self.of_procurement(ProcurementCommand::ChooseAgreementLabel {
            label: renamed.label.clone(),
            from: renamed.from,
        })?;
        self.rows(Kind::Agreements, &self.data.agreements, renamed.from)?;
        self.amounts_until(renamed.from)?;
        self.tell(
            renamed.from,
            COUNTY_LIBRARY,
            format!(
                "The affiliation agreement, until now called {}, is called {} from here on, and drafted for all.",
                self.data.procurement.agreement_label, renamed.label
            ),
        )?;
        let on = day(2022, 11, 15);
        self.everybody(&self.data.contacts)?;
        self.rows(Kind::Agreements, &self.data.agreements, on)?;
        self.tell(
            on,
            COUNTY_LIBRARY,
            "It is sent to all 39 municipalities and to Longyearbyen lokalstyre.".to_owned(),
        )?;
        for on in [day(2022, 12, 16), day(2022, 12, 30)] {
            self.rows(Kind::Agreements, &self.data.agreements, on)?;
            self.rows(Kind::Signups, &self.data.signups, on)?;
            let signed = self.draft.book().agreements.values().filter(|agreement| agreement.signed.is_some()).count();
            let told = format!(
                "{signed} of 40 have signed, each by somebody with authority to sign; the deadline is 30 December."
            );
            self.tell(on, LIBRARIES, told)?;
        }
        Ok(())
    }

    /// 2023: who takes part, how it is shared, and what it costs.
    fn buying(&mut self) -> Told {
        let file = &self.data.procurement;
        let on = day(2023, 1, 1);
        self.rows(Kind::Agreements, &self.data.agreements, on)?;
        self.tell(on, COUNTY_LIBRARY, "The agreements are in force.".to_owned())?;
        self.statistics(2023)?;
        self.rows(Kind::Signups, &self.data.signups, file.readiness.set_on)?;
        self.set_due_dates()?;
        let told = format!(
            "{} public and upper-secondary libraries are committed; {} public libraries and {} primary-school libraries hold \
             an option: a right without duty or cost.",
            self.libraries(Commitment::Committed, &[LibraryKind::Public, LibraryKind::UpperSecondary]),
            self.libraries(Commitment::Option, &[LibraryKind::Public]),
            self.libraries(Commitment::Option, &[LibraryKind::PrimarySchool]),
        );
        self.tell(file.readiness.set_on, COUNTY_LIBRARY, told)?;
        self.notice_withdrawn()?;
        let on = day(2023, 5, 10);
        self.rows(Kind::Signups, &self.data.signups, on)?;
        self.tell(on, LIBRARIES, "Libraries choose: shared base, shared catalogue, or their own.".to_owned())?;
        let on = day(2023, 5, 15);
        self.rows_within(Kind::Parties, &self.data.counties_2024, only(file.succession.on))?;
        self.amounts_until(on)?;
        self.tell(
            on,
            COUNTY_LIBRARY,
            "Budget submissions are due: low, likely and high estimates (invented amounts) take the place of unknown. Troms and \
             Finnmark are registered, since they will pay next year's licence for their schools."
                .to_owned(),
        )?;
        self.amounts(day(2023, 5, 24), "Tenders are in: quoted prices (invented).")?;
        let on = day(2023, 6, 15);
        self.rows(Kind::Signups, &self.data.signups, on)?;
        self.key_until(on)?;
        self.tell(
            on,
            COUNTY_COUNCIL,
            "The key is adopted, with the inhabitants of 1 January 2023 (invented decision).".to_owned(),
        )?;
        self.amounts(day(2023, 9, 15), "Revised binding tenders: new quoted prices (invented).")?;
        let moved = &file.go_live;
        self.amounts_until(moved.moved_on)?;
        self.go_live_moved()?;
        self.tell(
            moved.moved_on,
            COUNTY_LIBRARY,
            format!(
                "The contract: contracted prices (invented). It is late, and libraries now wish to go live on {}.",
                moved.moved_to
            ),
        )?;
        self.finance_decides()?;
        self.extended_again()?;
        let on = day(2023, 12, 15);
        self.amounts_until(on)?;
        self.tell(
            on,
            COUNTY_FINANCE,
            "What could not be spent is moved to the budget of 2024. The project itself is done: its actual cost is known \
             (invented)."
                .to_owned(),
        )
    }

    /// 2024-01-01: the county authority is dissolved.
    fn passing(&mut self) -> Told {
        let succession = &self.data.procurement.succession;
        let on = succession.on;
        self.rows(Kind::Parties, &self.data.numbers_2024, on)?;
        let by = |called: &BTreeMap<String, String>| -> Result<Vec<(String, PartyId)>, StoryError> {
            called.iter().map(|(of, county)| Ok((of.clone(), self.party(county)?))).collect()
        };
        let others = by(&succession.by_party)?.into_iter().map(|(of, county)| Ok((self.party(&of)?, county)));
        let dissolution = Dissolution {
            county: self.party(&succession.county)?,
            by_number: by(&succession.by_number)?.into_iter().collect(),
            by_party: others.collect::<Result<_, StoryError>>()?,
            on,
            reference: succession.reference.clone(),
        };
        // What is the county authority's alone is given to its successors first: nothing else says to which of them.
        self.rows(Kind::Signups, &self.data.signups, on)?;
        self.amounts_until(on)?;
        for wish in dissolution.wishes(self.draft.book())? {
            self.draft.wish(wish)?;
        }
        self.tell(
            on,
            COUNTY_COUNCIL,
            "Troms og Finnmark is dissolved. All 39 municipality numbers change, no organisation number of a municipality does. \
             Every agreement passes to Troms or Finnmark; so do the upper-secondary libraries and their conversion."
                .to_owned(),
        )?;
        let on = day(2024, 1, 15);
        self.supplier_invoices_until(on)?;
        self.tell(
            on,
            COUNTY_FINANCE,
            "The supplier invoices conversion, training and the sorting plant. Its invoices (invented) are kept, to go with \
             the claims."
                .to_owned(),
        )
    }

    /// 2024 to 2026: going live, indexing, a new name.
    fn using(&mut self) -> Told {
        self.signups(day(2024, 2, 2), "Checklists are ticked off; some are behind.")?;
        self.live(day(2024, 2, 12))?;
        self.statistics(2024)?;
        self.live(day(2024, 4, 8))?;
        self.amounts(
            day(2024, 5, 15),
            "Licences of 2025 are indexed by a forecast: the municipal deflator, 4.3 % (RNB24).",
        )?;
        self.live(day(2024, 6, 3))?;
        let on = day(2024, 6, 14);
        self.key_until(on)?;
        let told =
            "The key is adopted anew for 2025, with the inhabitants of 1 January 2024 (invented decision).".to_owned();
        self.tell(on, COUNTY_COUNCIL, told)?;
        self.live(day(2024, 8, 12))?;
        self.option_exercised()?;
        let on = day(2024, 11, 29);
        self.supplier_invoices_until(on)?;
        self.amounts(
            on,
            "The sorting plant of Tromsø is connected: its actual cost is known (invented), below the contract, and the supplier \
             credits the difference.",
        )?;
        self.borne_alone()?;
        self.amounts(
            day(2025, 1, 15),
            "Consumer prices of 2024 are known: they take the place of the forecast for 2025.",
        )?;
        self.statistics(2025)?;
        let on = day(2026, 1, 1);
        self.rows(Kind::Names, &self.data.names_2026, on)?;
        self.tell(on, COUNTY_LIBRARY, "Lyngen is now called Lyngen - Ivgu - Yykeä. Its number stays.".to_owned())?;
        self.amounts(day(2026, 2, 16), "Consumer prices of 2025 are known, and index 2026.")?;
        self.statistics(2026)
    }

    /// Closes a day: all that was wished since the last one, and the milestones set until now.
    fn tell(&mut self, on: NaiveDate, actor: &'static str, told: String) -> Told {
        self.milestones_until(on)?;
        let (wishes, people) = self.draft.take_out();
        self.told_until = Some(on);
        let files = std::mem::take(&mut self.files);
        self.story.push(Dated { on, actor, wishes, people, files, told });
        Ok(())
    }

    /// The days since the last one that was told, up to `on`.
    fn since_last(&self, on: NaiveDate) -> Period {
        Period { first: self.told_until.map_or(day(2000, 1, 1), day_after), last: on }
    }

    fn rows(&mut self, kind: Kind, table: &Table, on: NaiveDate) -> Told {
        self.rows_within(kind, table, self.since_last(on))
    }

    fn rows_within(&mut self, kind: Kind, table: &Table, window: Period) -> Told {
        self.draft
            .rows(kind, table, window)
            .map_err(|faults| StoryError::Rows { file: table.file().to_owned(), faults })
    }

    fn everybody(&mut self, contacts: &Table) -> Told {
        self.rows(Kind::Contacts, contacts, NaiveDate::MAX)
    }

    fn milestones_until(&mut self, on: NaiveDate) -> Told {
        let window = self.since_last(on);
        for row in self.data.milestones.rows() {
            if window.contains(row.date("set_on")?) {
                let command =
                    ProcurementCommand::SetMilestone { name: row.text("name")?.to_owned(), on: row.date("on")? };
                self.of_procurement(command)?;
            }
        }
        Ok(())
    }

    fn amounts_until(&mut self, on: NaiveDate) -> Told {
        self.rows(Kind::Costs, &self.data.costs, on)?;
        self.rows(Kind::Licences, &self.data.licences, on)
    }

    fn amounts(&mut self, on: NaiveDate, told: &str) -> Told {
        self.amounts_until(on)?;
        self.tell(on, COUNTY_LIBRARY, told.to_owned())
    }

    fn signups(&mut self, on: NaiveDate, told: &str) -> Told {
        self.rows(Kind::Signups, &self.data.signups, on)?;
        self.tell(on, LIBRARIES, told.to_owned())
    }

    fn live(&mut self, on: NaiveDate) -> Told {
        self.rows(Kind::Signups, &self.data.signups, on)?;
        let live = self.draft.book().signups.values().filter(|signup| signup.went_live.is_some()).count();
        self.tell(on, LIBRARIES, format!("{live} libraries are on the new system."))
    }

    /// The inhabitants of 1 January, known since late winter.
    fn statistics(&mut self, year: i32) -> Told {
        self.inhabitants_of(year)?;
        let on = day(year, 3, 1);
        let sum: rust_decimal::Decimal = self
            .draft
            .book()
            .parties
            .values()
            .filter_map(|party| party.figure_on("inhabitants", on))
            .filter(|figure| figure.on.year() == year)
            .map(|figure| figure.value)
            .sum();
        self.rows(Kind::Signups, &self.data.signups, on)?;
        self.tell(on, STATISTICS, format!("Statistics Norway: {sum} inhabitants on 1 January {year}."))
    }

    fn inhabitants_of(&mut self, year: i32) -> Told {
        self.rows_within(Kind::Figures, &self.data.inhabitants, only(day(year, 1, 1)))
    }

    fn key_until(&mut self, on: NaiveDate) -> Told {
        let window = self.since_last(on);
        let (procurement, definition) = (self.procurement, &self.data.key);
        let name = definition.name().to_owned();
        let sharing_key = SharingKeyId(derived(procurement.0, &format!("key/{name}")));
        for step in self.data.procurement.key.iter().filter(|step| window.contains(step.on())) {
            let definition = definition.clone();
            let command = match step.clone() {
                KeyStep::Propose { on, population_date } => KeyCommand::Propose {
                    sharing_key,
                    procurement,
                    name: name.clone(),
                    definition,
                    population_date,
                    on,
                },
                KeyStep::Adopt { on, applies_from, population_date, reference } => {
                    KeyCommand::Adopt { definition, applies_from, population_date, reference, on }
                }
            };
            self.draft.wish(Wish::SharingKey(sharing_key, command))?;
        }
        Ok(())
    }

    fn of_procurement(&mut self, command: ProcurementCommand) -> Told {
        Ok(self.draft.wish(Wish::Procurement(self.procurement, command))?)
    }

    /// The contracts of those that give notice: all but those that hold an option.
    fn old_contracts_in_notice(&self) -> Result<Vec<LegacyId>, StoryError> {
        let kept_by = self
            .data
            .procurement
            .old_contracts
            .kept_by
            .iter()
            .map(|party| self.party(party))
            .collect::<Result<Vec<_>, _>>()?;
        let of_others = |party: PartyId| !kept_by.contains(&party);
        let legacies = &self.draft.book().legacies;
        Ok(legacies
            .iter()
            .filter(|(_, legacy)| legacy.recorded.as_ref().is_some_and(|recorded| of_others(recorded.party)))
            .map(|(id, _)| *id)
            .collect())
    }

    fn of_legacies(&mut self, legacies: &[LegacyId], command: &LegacyCommand) -> Told {
        for legacy in legacies {
            self.draft.wish(Wish::Legacy(*legacy, command.clone()))?;
        }
        Ok(())
    }

    fn notice_withdrawn(&mut self) -> Told {
        let old = &self.data.procurement.old_contracts;
        let legacies = self.old_contracts_in_notice()?;
        self.of_legacies(&legacies, &LegacyCommand::WithdrawNotice { on: old.notice_withdrawn_on })?;
        self.of_legacies(&legacies, &LegacyCommand::Extend { on: old.extended_on, last_day: old.extended_to })?;
        self.rows(Kind::Signups, &self.data.signups, old.extended_on)?;
        self.tell(
            old.extended_on,
            LIBRARIES,
            format!(
                "The tender slips. Notice is withdrawn, and the old contracts are extended to {}.",
                old.extended_to
            ),
        )
    }

    fn extended_again(&mut self) -> Told {
        let old = &self.data.procurement.old_contracts;
        let (on, last_day) = (old.second_extension_on, old.second_extension_to);
        let legacies = self.old_contracts_in_notice()?;
        self.of_legacies(&legacies, &LegacyCommand::Extend { on, last_day })?;
        self.rows(Kind::Signups, &self.data.signups, on)?;
        self.tell(on, LIBRARIES, format!("The old contracts are extended once more, to {last_day} (invented): both systems will be paid for a while."))
    }

    fn committed(&self) -> Vec<(SignupId, LibraryKind)> {
        let signups = self.draft.book().signups.iter();
        signups
            .filter(|(_, signup)| signup.takes_part() && signup.commitment == Commitment::Committed)
            .filter_map(|(id, signup)| Some((*id, signup.signed_up.as_ref()?.kind)))
            .collect()
    }

    fn libraries(&self, commitment: Commitment, kinds: &[LibraryKind]) -> usize {
        let signups = self.draft.book().signups.values();
        let taking_part = signups.filter(|signup| signup.takes_part() && signup.commitment == commitment);
        taking_part.filter_map(|signup| signup.signed_up.as_ref()).filter(|known| kinds.contains(&known.kind)).count()
    }

    fn set_due_dates(&mut self) -> Told {
        let due = &self.data.procurement.readiness;
        let dates = [
            (ReadinessItem::LeadersInformed, due.leaders_informed),
            (ReadinessItem::ReportedIntoBudget, due.reported_into_budget),
            (ReadinessItem::OldContractEnded, due.old_contract_ended),
            (ReadinessItem::CatalogueCleaned, due.catalogue_cleaned),
            (ReadinessItem::SchoolLibrariesInformed, due.school_libraries_informed),
        ];
        for (signup, kind) in self.committed() {
            for (item, due) in dates.into_iter().filter(|(item, _)| concerns(*item, kind)) {
                self.draft.wish(Wish::Signup(signup, SignupCommand::SetReadinessDue { item, due }))?;
            }
        }
        Ok(())
    }

    fn go_live_moved(&mut self) -> Told {
        let moved = &self.data.procurement.go_live;
        for (signup, _) in self.committed() {
            let command = SignupCommand::WishGoLive { go_live: moved.moved_to, on: moved.moved_on };
            self.draft.wish(Wish::Signup(signup, command))?;
        }
        Ok(())
    }

    fn party(&self, called: &str) -> Result<PartyId, StoryError> {
        match self.draft.book().parties_called(called).as_slice() {
            [party] => Ok(*party),
            _ => Err(StoryError::Party(called.to_owned())),
        }
    }
}

/// Schools inform no school libraries and had no contract of their own.
fn concerns(item: ReadinessItem, kind: LibraryKind) -> bool {
    match item {
        ReadinessItem::OldContractEnded | ReadinessItem::SchoolLibrariesInformed => kind == LibraryKind::Public,
        ReadinessItem::LeadersInformed | ReadinessItem::ReportedIntoBudget | ReadinessItem::CatalogueCleaned => true,
    }
}

fn only(day: NaiveDate) -> Period {
    Period { first: day, last: day }
}

fn from_the_first(last: NaiveDate) -> Period {
    Period { first: NaiveDate::MIN, last }
}

#[expect(clippy::expect_used, reason = "the days written in this file are in the calendar")]
fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day in the calendar")
}
