//! One-time costs (engangskostnad): conversion, training, integration, the project itself.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Certainty, Statement, StatementRejection, next_statement};
use super::calendar::YEARS_TAKEN;
use super::identity::{AssessmentId, CostId, GrantId, PartyId, ProcurementId, SharingKeyId};
use super::money::{AMOUNT_ORE_MAX, Ore, vat_percent_is_possible};
use super::text_is_sound;
use crate::decider::Decider;

/// What the money is for.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CostKind {
    /// Moving the data from the old system.
    #[default]
    Conversion,
    /// Courses.
    Training,
    /// Joining other systems to it.
    Integration,
    /// The procurement project itself.
    Project,
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    /// All that share costs, by a sharing key.
    Key {
        /// The key.
        sharing_key: SharingKeyId,
    },
    /// One party alone.
    Party {
        /// The party.
        party: PartyId,
    },
}

/// The cost became known: that there will be one, not how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Its id.
    pub cost: CostId,
    /// The procurement it belongs to.
    pub procurement: ProcurementId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub kind: CostKind,
    /// The budget year.
    pub year: i32,
    /// Who pays.
    pub distribution: Distribution,
    /// VAT in percent.
    pub vat_percent: Decimal,
    /// The day it was recorded.
    pub on: NaiveDate,
}

/// A grant takes something off it before it is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// The grant's id.
    pub grant: GrantId,
    /// Who gives it.
    pub from: String,
    /// How much it takes off, excluding VAT.
    pub amount_ore: Ore,
    /// The letter that says so.
    pub reference: String,
    /// The day of the letter.
    pub on: NaiveDate,
}

/// It was moved to another budget year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// The year it stood in.
    pub from_year: i32,
    /// The year it stands in now.
    pub to_year: i32,
    /// Why: the decision or the letter.
    pub reference: String,
    /// The day.
    pub on: NaiveDate,
}

/// It will not come after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancelled {
    /// The day.
    pub on: NaiveDate,
    /// Why: the decision or the letter.
    pub reference: String,
}

/// What has happened to a cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CostEvent {
    /// It became known.
    Recorded(Recorded),
    /// Its amount was stated, in place of the statement before.
    Assessed(Statement),
    /// A grant takes something off.
    Granted(Granted),
    /// It was moved to another year.
    Moved(Moved),
    /// It will not come.
    Cancelled(Cancelled),
}

/// What can be wished of a cost. The fields are those of the event of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of the event, and documented there")]
pub enum CostCommand {
    /// Make it known.
    Record {
        cost: CostId,
        procurement: ProcurementId,
        name: String,
        kind: CostKind,
        year: i32,
        distribution: Distribution,
        #[schema(value_type = String)]
        vat_percent: Decimal,
        on: NaiveDate,
    },
    /// State its amount.
    Assess { assessment: AssessmentId, amount: Assessment, on: NaiveDate, source: String },
    /// Record a grant.
    Grant { grant: GrantId, from: String, amount_ore: Ore, reference: String, on: NaiveDate },
    /// Move it to another budget year.
    Move { to_year: i32, reference: String, on: NaiveDate },
    /// Cancel it.
    Cancel { on: NaiveDate, reference: String },
}

/// A cost as its events have made it. The default is one that is not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// Name, year, who pays: none before it is recorded.
    pub recorded: Option<Recorded>,
    /// The budget year it stands in.
    pub year: i32,
    /// What was said of its amount, oldest first; the last is in force.
    pub statements: Vec<Statement>,
    /// What grants take off.
    pub grants: Vec<Granted>,
    /// The moves between years, oldest first.
    pub moves: Vec<Moved>,
    /// Whether it was cancelled, and when.
    pub cancelled_on: Option<NaiveDate>,
}

impl Cost {
    /// What is known of its amount, grants not taken off.
    #[must_use]
    pub fn amount(&self) -> Assessment {
        self.statements.last().map(|statement| statement.amount).unwrap_or_default()
    }

    /// What all grants take off.
    #[must_use]
    pub fn granted(&self) -> Ore {
        self.grants.iter().map(|grant| grant.amount_ore).sum()
    }

    fn record(&self, wished: Recorded) -> Result<Vec<CostEvent>, CostRejection> {
        match &self.recorded {
            Some(recorded) if *recorded == wished => return Ok(vec![]),
            Some(recorded) => return Err(CostRejection::AlreadyRecorded { name: recorded.name.clone() }),
            None => {}
        }
        if !text_is_sound(&wished.name) {
            return Err(CostRejection::NameMissing);
        }
        check_year(wished.year)?;
        if !vat_percent_is_possible(wished.vat_percent) {
            return Err(CostRejection::VatPercentImpossible { vat_percent: wished.vat_percent });
        }
        Ok(vec![CostEvent::Recorded(wished)])
    }

    /// A statement may be less sure than the one before: a contract can fall.
    fn assess(
        &self,
        assessment: AssessmentId,
        amount: Assessment,
        on: NaiveDate,
        source: &str,
    ) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        let statement = next_statement(&self.statements, assessment, amount, on, source)?;
        if statement.is_some() {
            check_grants(self.granted(), amount)?;
        }
        Ok(statement.map(CostEvent::Assessed).into_iter().collect())
    }

    fn grant(&self, wished: Granted) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        if let Some(known) = self.grants.iter().find(|known| known.grant == wished.grant) {
            return if *known == wished { Ok(vec![]) } else { Err(CostRejection::GrantIdReused) };
        }
        if !text_is_sound(&wished.from) {
            return Err(CostRejection::NameMissing);
        }
        check_reference(&wished.reference)?;
        let amount_ore = wished.amount_ore;
        if amount_ore <= Ore::ZERO {
            return Err(CostRejection::GrantNotPositive { amount_ore });
        }
        if amount_ore.0 > AMOUNT_ORE_MAX {
            return Err(StatementRejection::AmountTooLarge { amount_ore }.into());
        }
        check_grants(self.granted() + amount_ore, self.amount())?;
        Ok(vec![CostEvent::Granted(wished)])
    }

    fn move_to(&self, to_year: i32, reference: &str, on: NaiveDate) -> Result<Vec<CostEvent>, CostRejection> {
        self.check_alive()?;
        if to_year == self.year {
            return Ok(vec![]);
        }
        check_year(to_year)?;
        check_reference(reference)?;
        Ok(vec![CostEvent::Moved(Moved { from_year: self.year, to_year, reference: reference.to_owned(), on })])
    }

    fn cancel(&self, on: NaiveDate, reference: &str) -> Result<Vec<CostEvent>, CostRejection> {
        if self.cancelled_on == Some(on) {
            return Ok(vec![]);
        }
        self.check_alive()?;
        check_reference(reference)?;
        Ok(vec![CostEvent::Cancelled(Cancelled { on, reference: reference.to_owned() })])
    }

    /// Whether it is recorded and not cancelled.
    fn check_alive(&self) -> Result<(), CostRejection> {
        match (&self.recorded, self.cancelled_on) {
            (None, _) => Err(CostRejection::NotRecorded),
            (Some(_), Some(on)) => Err(CostRejection::AlreadyCancelled { on }),
            (Some(_), None) => Ok(()),
        }
    }
}

fn check_year(year: i32) -> Result<(), CostRejection> {
    if YEARS_TAKEN.contains(&year) { Ok(()) } else { Err(CostRejection::YearNotTaken { year }) }
}

fn check_reference(reference: &str) -> Result<(), CostRejection> {
    if text_is_sound(reference) { Ok(()) } else { Err(CostRejection::ReferenceMissing) }
}

/// Grants may be promised before the amount is certain, but never exceed one that is.
fn check_grants(granted_ore: Ore, amount: Assessment) -> Result<(), CostRejection> {
    match amount.range().filter(|_| amount.certainty() > Certainty::Estimated) {
        Some(range) if granted_ore > range.likely_ore => {
            Err(CostRejection::GrantsExceedAmount { granted_ore, amount_ore: range.likely_ore })
        }
        Some(_) | None => Ok(()),
    }
}

impl Decider for Cost {
    type Command = CostCommand;
    type Event = CostEvent;
    type Rejection = CostRejection;

    fn decide(&self, command: &CostCommand) -> Result<Vec<CostEvent>, CostRejection> {
        match command.clone() {
            CostCommand::Record { cost, procurement, name, kind, year, distribution, vat_percent, on } => {
                self.record(Recorded { cost, procurement, name, kind, year, distribution, vat_percent, on })
            }
            CostCommand::Assess { assessment, amount, on, source } => self.assess(assessment, amount, on, &source),
            CostCommand::Grant { grant, from, amount_ore, reference, on } => {
                self.grant(Granted { grant, from, amount_ore, reference, on })
            }
            CostCommand::Move { to_year, reference, on } => self.move_to(to_year, &reference, on),
            CostCommand::Cancel { on, reference } => self.cancel(on, &reference),
        }
    }

    fn evolve(mut self, event: &CostEvent) -> Self {
        match event {
            CostEvent::Recorded(recorded) => {
                self.year = recorded.year;
                self.recorded = Some(recorded.clone());
            }
            CostEvent::Assessed(statement) => self.statements.push(statement.clone()),
            CostEvent::Granted(granted) => self.grants.push(granted.clone()),
            CostEvent::Moved(moved) => {
                self.year = moved.to_year;
                self.moves.push(moved.clone());
            }
            CostEvent::Cancelled(cancelled) => self.cancelled_on = Some(cancelled.on),
        }
        self
    }
}

/// Why a wish about a cost is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum CostRejection {
    /// It is not recorded.
    NotRecorded,
    /// It is recorded with other content.
    AlreadyRecorded {
        /// The name it has.
        name: String,
    },
    /// The name is empty or too long.
    NameMissing,
    /// The reference is empty or too long.
    ReferenceMissing,
    /// The year is outside what is taken.
    YearNotTaken {
        /// The year.
        year: i32,
    },
    /// VAT is below 0 or above 100 percent.
    VatPercentImpossible {
        /// The percentage.
        #[serde(with = "rust_decimal::serde::str")]
        vat_percent: Decimal,
    },
    /// It is cancelled.
    AlreadyCancelled {
        /// The day.
        on: NaiveDate,
    },
    /// The grant's amount is not above zero.
    GrantNotPositive {
        /// The amount.
        amount_ore: Ore,
    },
    /// The grants would take off more than the certain amount.
    GrantsExceedAmount {
        /// All grants together.
        granted_ore: Ore,
        /// The amount.
        amount_ore: Ore,
    },
    /// The grant's id was used for another grant.
    GrantIdReused,
    /// The statement of the amount is at fault.
    #[serde(untagged)]
    Statement(StatementRejection),
}

impl From<StatementRejection> for CostRejection {
    fn from(rejection: StatementRejection) -> Self {
        Self::Statement(rejection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decider::testing::given;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn recorded() -> CostEvent {
        CostEvent::Recorded(Recorded {
            cost: CostId(Uuid::from_u128(1)),
            procurement: ProcurementId(Uuid::from_u128(2)),
            name: "Konvertering".to_owned(),
            kind: CostKind::Conversion,
            year: 2023,
            distribution: Distribution::Key { sharing_key: SharingKeyId(Uuid::from_u128(3)) },
            vat_percent: Decimal::from(25),
            on: day("2022-11-01"),
        })
    }

    fn record(name: &str, year: i32, vat_percent: i64) -> CostCommand {
        CostCommand::Record {
            cost: CostId(Uuid::from_u128(1)),
            procurement: ProcurementId(Uuid::from_u128(2)),
            name: name.to_owned(),
            kind: CostKind::Conversion,
            year,
            distribution: Distribution::Key { sharing_key: SharingKeyId(Uuid::from_u128(3)) },
            vat_percent: Decimal::from(vat_percent),
            on: day("2022-11-01"),
        }
    }

    fn statement(number: u128, replaces: Option<u128>, amount: Assessment) -> CostEvent {
        CostEvent::Assessed(Statement {
            assessment: AssessmentId(Uuid::from_u128(number)),
            replaces: replaces.map(|replaced| AssessmentId(Uuid::from_u128(replaced))),
            amount,
            on: day("2023-06-01"),
            source: "Tilbud".to_owned(),
        })
    }

    fn assess(number: u128, amount: Assessment) -> CostCommand {
        CostCommand::Assess {
            assessment: AssessmentId(Uuid::from_u128(number)),
            amount,
            on: day("2023-06-01"),
            source: "Tilbud".to_owned(),
        }
    }

    fn granted(amount_ore: i64) -> Granted {
        Granted {
            grant: GrantId(Uuid::from_u128(7)),
            from: "Nasjonalbiblioteket".to_owned(),
            amount_ore: Ore(amount_ore),
            reference: "Tilskuddsbrev".to_owned(),
            on: day("2023-02-01"),
        }
    }

    fn grant(amount_ore: i64) -> CostCommand {
        let Granted { grant, from, amount_ore, reference, on } = granted(amount_ore);
        CostCommand::Grant { grant, from, amount_ore, reference, on }
    }

    fn moved() -> CostEvent {
        CostEvent::Moved(Moved {
            from_year: 2023,
            to_year: 2024,
            reference: "Budsjettvedtak".to_owned(),
            on: day("2023-12-01"),
        })
    }

    fn move_to(to_year: i32) -> CostCommand {
        CostCommand::Move { to_year, reference: "Budsjettvedtak".to_owned(), on: day("2023-12-01") }
    }

    fn cancelled() -> CostEvent {
        CostEvent::Cancelled(Cancelled { on: day("2024-03-01"), reference: "Brev".to_owned() })
    }

    fn cancel(on: &str) -> CostCommand {
        CostCommand::Cancel { on: day(on), reference: "Brev".to_owned() }
    }

    const CONTRACTED: Assessment = Assessment::Contracted { amount_ore: Ore(100_000_000) };

    #[test]
    fn a_cost_is_recorded_before_anybody_knows_its_amount() {
        given::<Cost>([]).when(record("Konvertering", 2023, 25)).then([recorded()]);
        assert_eq!(crate::decider::fold::<Cost>(&[recorded()]).amount(), Assessment::Unknown);
    }

    #[test]
    fn a_recorded_cost_cannot_be_recorded_with_other_content() {
        given::<Cost>([recorded()])
            .when(record("Opplæring", 2023, 25))
            .then_rejected(CostRejection::AlreadyRecorded { name: "Konvertering".to_owned() });
    }

    #[test]
    fn a_cost_needs_a_name_a_possible_year_and_a_possible_vat() {
        given::<Cost>([]).when(record(" ", 2023, 25)).then_rejected(CostRejection::NameMissing);
        given::<Cost>([])
            .when(record("Konvertering", 1999, 25))
            .then_rejected(CostRejection::YearNotTaken { year: 1999 });
        given::<Cost>([])
            .when(record("Konvertering", 2023, 101))
            .then_rejected(CostRejection::VatPercentImpossible { vat_percent: Decimal::from(101) });
    }

    #[test]
    fn nothing_can_be_said_of_a_cost_that_is_not_recorded() {
        given::<Cost>([]).when(assess(1, CONTRACTED)).then_rejected(CostRejection::NotRecorded);
        given::<Cost>([]).when(grant(100)).then_rejected(CostRejection::NotRecorded);
        given::<Cost>([]).when(move_to(2024)).then_rejected(CostRejection::NotRecorded);
        given::<Cost>([]).when(cancel("2024-03-01")).then_rejected(CostRejection::NotRecorded);
    }

    #[test]
    fn each_statement_of_the_amount_is_linked_to_the_one_before() {
        given::<Cost>([recorded(), statement(1, None, Assessment::Quoted { amount_ore: Ore(90_000_000) })])
            .when(assess(2, CONTRACTED))
            .then([statement(2, Some(1), CONTRACTED)]);
    }

    #[test]
    fn when_a_contract_falls_the_amount_is_an_estimate_again() {
        let estimate = Assessment::Estimated { low_ore: Ore(1), likely_ore: Ore(2), high_ore: Ore(3) };
        given::<Cost>([recorded(), statement(1, None, CONTRACTED)]).when(assess(2, estimate)).then([statement(
            2,
            Some(1),
            estimate,
        )]);
    }

    #[test]
    fn an_estimate_out_of_order_is_refused() {
        let estimate = Assessment::Estimated { low_ore: Ore(3), likely_ore: Ore(2), high_ore: Ore(3) };
        given::<Cost>([recorded()]).when(assess(1, estimate)).then_rejected(CostRejection::Statement(
            StatementRejection::EstimateOutOfOrder { low_ore: Ore(3), likely_ore: Ore(2), high_ore: Ore(3) },
        ));
    }

    #[test]
    fn a_grant_may_be_promised_while_the_amount_is_unknown() {
        given::<Cost>([recorded()]).when(grant(40_000_000)).then([CostEvent::Granted(granted(40_000_000))]);
    }

    #[test]
    fn a_grant_above_the_contracted_amount_is_refused() {
        given::<Cost>([recorded(), statement(1, None, CONTRACTED)]).when(grant(100_000_001)).then_rejected(
            CostRejection::GrantsExceedAmount { granted_ore: Ore(100_000_001), amount_ore: Ore(100_000_000) },
        );
    }

    #[test]
    fn a_certain_amount_below_what_is_granted_is_refused() {
        given::<Cost>([recorded(), CostEvent::Granted(granted(100_000_001))])
            .when(assess(1, CONTRACTED))
            .then_rejected(CostRejection::GrantsExceedAmount {
                granted_ore: Ore(100_000_001),
                amount_ore: Ore(100_000_000),
            });
    }

    #[test]
    fn a_grant_takes_off_more_than_nothing_and_its_id_is_used_once() {
        given::<Cost>([recorded()])
            .when(grant(0))
            .then_rejected(CostRejection::GrantNotPositive { amount_ore: Ore::ZERO });
        given::<Cost>([recorded(), CostEvent::Granted(granted(100))])
            .when(grant(200))
            .then_rejected(CostRejection::GrantIdReused);
        given::<Cost>([recorded(), CostEvent::Granted(granted(100))]).when(grant(100)).then_nothing();
    }

    #[test]
    fn funds_are_carried_over_to_the_next_budget_year() {
        given::<Cost>([recorded()]).when(move_to(2024)).then([moved()]);
        given::<Cost>([recorded(), moved()]).when(move_to(2024)).then_nothing();
        given::<Cost>([recorded()]).when(move_to(2101)).then_rejected(CostRejection::YearNotTaken { year: 2101 });
    }

    #[test]
    fn a_move_or_a_cancellation_names_its_decision() {
        let nameless = CostCommand::Move { to_year: 2024, reference: String::new(), on: day("2023-12-01") };
        given::<Cost>([recorded()]).when(nameless).then_rejected(CostRejection::ReferenceMissing);
        let nameless = CostCommand::Cancel { on: day("2023-12-01"), reference: String::new() };
        given::<Cost>([recorded()]).when(nameless).then_rejected(CostRejection::ReferenceMissing);
    }

    #[test]
    fn after_a_cancellation_nothing_more_happens() {
        given::<Cost>([recorded()]).when(cancel("2024-03-01")).then([cancelled()]);
        let refused = || CostRejection::AlreadyCancelled { on: day("2024-03-01") };
        for command in [assess(1, CONTRACTED), grant(100), move_to(2024), cancel("2024-03-02")] {
            given::<Cost>([recorded(), cancelled()]).when(command).then_rejected(refused());
        }
    }
}
