//! What is to be paid in the days that are invoiced and is not certain enough: it stands beside the plan, each with why.

use super::left_over::beside_since;
use super::*;
use crate::domain::assessment::Assessment;
use crate::domain::cost::Cancelled;
use crate::domain::licence::{IndexClause, LicenceEvent};
use crate::domain::testing::facts::{licence, priced};

/// A licence whose price follows an index, of which no factor is recorded.
fn indexed(number: u128) -> Fact {
    let (stream, event) = licence(number, "2023-01-01", None, BY_KEY);
    let Event::Licence(LicenceEvent::Recorded(mut recorded)) = event else { panic!("{event:?}") };
    recorded.index_clause = Some(IndexClause { index: "KPI (SSB 14700)".to_owned(), first_year: 2023 });
    (stream, Event::Licence(LicenceEvent::Recorded(recorded)))
}

/// The reasons of all that is not planned, as the service says them.
fn reasons(more: Vec<Fact>) -> Vec<PlanFault> {
    let facts = case().into_iter().chain(more).collect();
    let beside = beside_since(facts, [], &|_| true);
    assert_eq!(beside.left_over, []);
    beside
        .not_planned
        .into_iter()
        .map(|NotPlanned { net_ore, fault }| {
            assert_eq!(net_ore, None, "{fault}");
            fault
        })
        .collect()
}

#[test]
fn what_is_not_contracted_stands_beside_the_plan_each_with_why() {
    let quoted = Assessment::Quoted { amount_ore: Ore(900) };
    let reasons = reasons(vec![
        cost(2, 2023, BY_KEY),
        cost(3, 2023, BY_KEY),
        assessed(3, estimated(100, 200, 300)),
        cost(4, 2023, BY_KEY),
        assessed(4, quoted),
        indexed(1),
        priced(1, contracted(100_000)),
        licence(2, "2023-09-01", None, BY_KEY),
        priced(2, estimated(100, 200, 300)),
    ]);
    let estimated = |name: &str| PlanFault::AmountEstimated { name: name.to_owned(), year: 2023 };
    let expected = [
        PlanFault::AmountUnknown { name: "Kostnad 2".to_owned(), year: 2023 },
        estimated("Kostnad 3"),
        PlanFault::AmountQuoted { name: "Kostnad 4".to_owned(), year: 2023 },
        PlanFault::IndexAwaited { name: "Lisens 1".to_owned(), year: 2023 },
        estimated("Lisens 2"),
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn what_is_of_another_year_or_not_paid_in_the_days_or_nothing_to_invoice_does_not() {
    let of_county = Distribution::Party { party: party(54) };
    let cancelled = Cancelled { on: day("2023-02-01"), reference: "Styringsgruppa".to_owned() };
    let none = reasons(vec![
        cost(2, 2024, BY_KEY),
        assessed(2, estimated(100, 200, 300)),
        licence(1, "2024-01-01", None, BY_KEY),
        cost(3, 2023, of_county),
        assessed(3, estimated(100, 200, 300)),
        cost(4, 2023, BY_KEY),
        (cost_id(4).0, Event::Cost(CostEvent::Cancelled(cancelled))),
    ]);
    assert_eq!(none, []);
}
