//! The promise of explanations: for every line of every sheet of the story, the arithmetic that is shown comes to the
//! figure. It is done here again by itself, without asking the calculation behind the sheets.

use std::collections::BTreeMap;
use std::thread;

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::story::procurement_id;
use super::tests::{book_on, day, told};
use crate::domain::assessment::{Assessment, Range, Statement};
use crate::domain::identity::{CostId, LicenceId, PartyId};
use crate::domain::money::Ore;
use crate::domain::sharing_key::{Share, Step};
use crate::view::book::Book;
use crate::view::budget::{Wanted, budget_sheet};
use crate::view::budget_sheet::LineKind;
use crate::view::explanation::{Explanation, PartExplained, Reasons, explanations};

const YEARS: [i32; 5] = [2023, 2024, 2025, 2026, 2027];
const DAYS: [&str; 5] = ["2022-12-31", "2023-05-31", "2023-10-31", "2024-01-31", "2026-03-01"];

/// Low, likely and high, in øre.
type Three = [i64; 3];

fn three(range: Range) -> Three {
    [range.low_ore.0, range.likely_ore.0, range.high_ore.0]
}

fn both(one: Three, other: Three, step: impl Fn(i64, i64) -> i64) -> Three {
    [step(one[0], other[0]), step(one[1], other[1]), step(one[2], other[2])]
}

/// The nearest whole øre, half away from zero.
fn whole(amount: Decimal) -> i64 {
    let whole = amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(whole).unwrap()
}

fn days_in(year: i32) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if leap { 366 } else { 365 }
}

fn by_days(yearly: i64, days: i64, year: i32) -> i64 {
    whole(Decimal::from(yearly) * Decimal::from(days) / Decimal::from(days_in(year)))
}

/// The amount of the statement in force; none while it is unknown.
fn stated(statements: &[Statement]) -> Option<Three> {
    for (before, after) in statements.iter().zip(statements.iter().skip(1)) {
        assert_eq!(after.replaces, Some(before.assessment), "each statement is linked to the one before");
    }
    match statements.last()?.amount {
        Assessment::Unknown => None,
        Assessment::Estimated { low_ore, likely_ore, high_ore } => Some([low_ore.0, likely_ore.0, high_ore.0]),
        Assessment::Quoted { amount_ore }
        | Assessment::Contracted { amount_ore }
        | Assessment::Actual { amount_ore } => Some([amount_ore.0; 3]),
    }
}

/// The party's share of one part, from the measures and the steps that are shown.
fn share_of_part(book: &Book, party: PartyId, part: &PartExplained) -> Option<Three> {
    assert_eq!(part.days, (part.period.last - part.period.first).num_days() + 1);
    assert_eq!(part.days_of_year, days_in(part.period.first.year()));
    let amount = three(part.amount?);
    let Some(key) = &part.key else {
        assert!(part.shares.is_empty(), "who bears all shares nothing");
        assert_eq!(part.share.map(three), Some(amount));
        return Some(amount);
    };
    for explained in &part.figures {
        let measured = &book.parties[&party].figures[&explained.measure];
        let latest = measured.range(..=key.population_date).next_back().unwrap().1;
        assert_eq!(&explained.figure, latest, "{} is the latest until {}", explained.measure, key.population_date);
    }
    let shares: Vec<i64> = part
        .shares
        .iter()
        .map(|share| {
            let mut bases = 0;
            for step in &share.steps {
                if let Step::Base { measure, value, sum, .. } = step {
                    bases += 1;
                    match part.figures.iter().find(|explained| explained.measure == *measure) {
                        Some(explained) => assert_eq!((*value, *sum), (explained.figure.value, explained.sum)),
                        None => assert_eq!((*value, *sum), (Decimal::ONE, Decimal::from(part.members_count))),
                    }
                }
            }
            assert!(bases > 0, "a share rests on bases: {:?}", share.steps);
            let shown =
                Share { party: String::new(), amount: share.share_ore, percent: None, steps: share.steps.clone() };
            assert_eq!(shown.recomputed(), share.share_ore, "the steps come to the share: {:?}", share.steps);
            share.share_ore.0
        })
        .collect();
    let amounts: Vec<i64> = part.shares.iter().map(|share| share.amount_ore.0).collect();
    let (amounts, shares): (Three, Three) = match (amounts[..].try_into(), shares[..].try_into()) {
        (Ok(amounts), Ok(shares)) => (amounts, shares),
        _ => ([amounts[0]; 3], [shares[0]; 3]),
    };
    assert_eq!(amounts, amount, "what is shared is the amount of the part");
    assert_eq!(part.share.map(three), Some(shares));
    Some(shares)
}

/// The figure from what is shown; none where something in it is unknown.
fn recomputed(book: &Book, party: PartyId, explanation: &Explanation) -> Option<Three> {
    let year = explanation.year;
    match &explanation.reasons {
        Reasons::Cost { statements, grants, whole, after_grants, .. } => {
            let amount = stated(statements);
            let granted: i64 = grants.iter().map(|grant| grant.amount_ore.0).sum();
            let left = amount.map(|amount| amount.map(|amount| (amount - granted).max(0)));
            let [whole] = &whole[..] else { panic!("a one-time cost is one part") };
            let [after] = &after_grants[..] else { panic!("a one-time cost is one part") };
            assert_eq!(whole.amount.map(three), amount);
            assert_eq!(after.amount.map(three), left);
            let (gross, net) = (share_of_part(book, party, whole), share_of_part(book, party, after));
            match explanation.kind {
                LineKind::OneTime => gross,
                LineKind::Grant => Some(both(net?, gross?, |net, gross| net - gross)),
                other @ (LineKind::Licence | LineKind::OldContract | LineKind::DoubleCost) => {
                    panic!("{other:?} is no cost")
                }
            }
        }
        Reasons::Licence { statements, factors, price, parts } => {
            let factor: Decimal = factors.iter().map(|factor| factor.factor).product();
            let yearly = stated(statements).map(|base| base.map(|base| whole(Decimal::from(base) * factor)));
            assert_eq!(price.map(three), yearly);
            let id = LicenceId(explanation.line.strip_prefix("licence-").unwrap().parse().unwrap());
            let paid_from = paid_from(book, id, year);
            let mut sum = [0; 3];
            for part in parts {
                let before = (part.period.first - paid_from).num_days();
                let amount = yearly.map(|yearly| {
                    yearly.map(|yearly| by_days(yearly, before + part.days, year) - by_days(yearly, before, year))
                });
                assert_eq!(part.amount.map(three), amount);
                sum = both(sum, share_of_part(book, party, part)?, |sum, share| sum + share);
            }
            Some(sum)
        }
        Reasons::Legacy { yearly_cost_ore, paid_days, double_days, days_of_year, .. } => {
            assert_eq!(*days_of_year, days_in(year));
            let yearly = yearly_cost_ore.as_ref()?.0;
            let double = by_days(yearly, *double_days, year);
            match explanation.kind {
                LineKind::DoubleCost => Some([double; 3]),
                LineKind::OldContract => Some([by_days(yearly, *paid_days, year) - double; 3]),
                other @ (LineKind::OneTime | LineKind::Grant | LineKind::Licence) => {
                    panic!("{other:?} is no old contract")
                }
            }
        }
    }
}

/// The first day of `year` that a licence is paid for.
fn paid_from(book: &Book, licence: LicenceId, year: i32) -> NaiveDate {
    let (starts, _) = book.licences[&licence].days.unwrap();
    starts.max(NaiveDate::from_ymd_opt(year, 1, 1).unwrap())
}

/// What all parties together are to bear of an amount in `year`, less grants; none while it is unknown.
fn to_bear(book: &Book, line: &str, year: i32) -> Option<Three> {
    if let Some(id) = line.strip_prefix("cost-") {
        let cost = &book.costs[&CostId(id.parse().unwrap())];
        let granted: i64 = cost.grants.iter().map(|grant| grant.amount_ore.0).sum();
        return Some(stated(&cost.statements)?.map(|amount| (amount - granted).max(0)));
    }
    let id = LicenceId(line.strip_prefix("licence-").unwrap().parse().unwrap());
    let licence = &book.licences[&id];
    let (_, ends) = licence.days.unwrap();
    let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
    let days = (ends.map_or(last, |ends| ends.min(last)) - paid_from(book, id, year)).num_days() + 1;
    assert!(licence.actuals.is_empty(), "the demonstration states no actual amount of a licence");
    let factor: Decimal = licence.factors.range(..=year).map(|(_, factor)| factor.factor).product();
    Some(stated(&licence.statements)?.map(|base| by_days(whole(Decimal::from(base) * factor), days, year)))
}

/// Looks through all sheets as of one day; how many figures were done again, and how many of them were known.
fn look_through(book: &Book, as_of: &str) -> (usize, usize) {
    let procurement = procurement_id("Grenseløse muligheter");
    let (mut figures, mut known) = (0, 0);
    let mut borne: BTreeMap<(String, i32), Option<Three>> = BTreeMap::new();
    for party in book.parties.keys().copied() {
        let wanted = Wanted { procurement, party, first_year: YEARS[0], years_count: YEARS.len(), as_of: day(as_of) };
        let sheet = budget_sheet(book, wanted).unwrap();
        for (index, year) in YEARS.into_iter().enumerate() {
            let explained = explanations(book, wanted, year, None);
            let cells = sheet.lines.iter().map(|line| (line, &line.cells[index]));
            let shown: Vec<_> = cells.filter(|(_, cell)| cell.certainty.is_some()).collect();
            let ids = |lines: Vec<&String>| lines.into_iter().cloned().collect::<Vec<_>>();
            assert_eq!(
                ids(explained.iter().map(|explanation| &explanation.line).collect()),
                ids(shown.iter().map(|(line, _)| &line.id).collect()),
                "every figure of {} in {year} has an explanation",
                sheet.party_name
            );
            for (explanation, (line, cell)) in explained.iter().zip(shown) {
                let about = format!("{} {} {year} as of {as_of}", sheet.party_name, line.text);
                assert_eq!(explanation.net, cell.net, "{about}");
                let figure = recomputed(book, party, explanation);
                assert_eq!(figure, cell.net.map(three), "{about}: {explanation:#?}");
                figures += 1;
                known += usize::from(figure.is_some());
                let of = match line.kind {
                    LineKind::OneTime | LineKind::Licence => line.id.clone(),
                    LineKind::Grant => line.id.replace("grant-", "cost-"),
                    LineKind::OldContract | LineKind::DoubleCost => continue,
                };
                let sum = borne.entry((of, year)).or_insert(Some([0; 3]));
                *sum = sum.zip(figure).map(|(sum, figure)| both(sum, figure, |sum, figure| sum + figure));
            }
        }
    }
    assert!(!borne.is_empty());
    for ((line, year), sum) in borne {
        assert_eq!(sum, to_bear(book, &line, year), "all shares of {line} in {year} as of {as_of}");
    }
    (figures, known)
}

#[test]
fn every_figure_of_every_sheet_is_explained_by_arithmetic_that_comes_to_it_and_all_shares_come_to_the_amount() {
    let story = told();
    let looked_through: Vec<(usize, usize)> = thread::scope(|scope| {
        let story = &story;
        let days = DAYS.map(|as_of| scope.spawn(move || look_through(&book_on(story, as_of), as_of)));
        days.into_iter().map(|day| day.join().unwrap()).collect()
    });
    for (day, (figures, known)) in DAYS.into_iter().zip(looked_through) {
        assert!(figures > 300 && known > 40, "{day}: {figures} figures, {known} known");
    }
}

#[test]
fn arithmetic_that_does_not_come_to_the_figure_is_found() {
    let book = book_on(&told(), "2023-10-31");
    let party = book.parties_called("5403")[0];
    let procurement = procurement_id("Grenseløse muligheter");
    let wanted = Wanted { procurement, party, first_year: 2023, years_count: 1, as_of: day("2023-10-31") };
    let mut explained = explanations(&book, wanted, 2023, None);
    let old = explained.iter_mut().find(|explanation| explanation.kind == LineKind::OldContract).unwrap();
    assert_eq!(recomputed(&book, party, old), old.net.map(three));
    let Reasons::Legacy { yearly_cost_ore, .. } = &mut old.reasons else { panic!() };
    *yearly_cost_ore = yearly_cost_ore.map(|yearly| yearly + Ore(1_000));
    assert_ne!(recomputed(&book, party, old), old.net.map(three));
}
