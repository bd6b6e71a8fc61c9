//! What a year of a licence came to: it is settled for that year alone.

use super::*;
use crate::domain::assessment::{Assessment, Statement};
use crate::domain::event::Event;
use crate::domain::identity::AssessmentId;
use crate::domain::licence::{CameTo, LicenceEvent};
use crate::domain::testing::facts::{licence, licence_id, priced};

fn came_to(year: i32, amount_ore: i64) -> Fact {
    let statement = Statement {
        assessment: AssessmentId(nth(90)),
        replaces: Some(AssessmentId(nth(1))),
        amount: Assessment::Actual { amount_ore: Ore(amount_ore) },
        on: day("2024-02-01"),
        source: "Leverandørens faktura".to_owned(),
    };
    (licence_id(1).0, Event::Licence(LicenceEvent::CameTo(CameTo { year, statement })))
}

fn of_year(year: i32) -> Wanted {
    Wanted { covers: Period::year(year), ..wanted() }
}

#[test]
fn what_one_year_came_to_changes_no_other_year() {
    let shared = case().into_iter().filter(|(stream, _)| *stream != cost_id(1).0);
    let mut facts: Vec<Fact> =
        shared.chain([licence(1, "2022-01-01", None, BY_KEY), priced(1, contracted(100_000))]).collect();
    let planned = |facts: &[Fact], run: u128, year: i32| {
        plan(&Book::of(facts.to_vec()), nth(run), &of_year(year), &NorwegianWording, &|_| true, &derived)
    };
    for (run, year) in [(RUN, 2023), (RUN + 1, 2024)] {
        let out = planned(&facts, run, year).unwrap();
        assert_eq!(out.net(), Ore(100_000));
        facts.extend([issued(&out, 0), issued(&out, 1)]);
    }
    facts.push(came_to(2024, 105_000));
    let subject = Subject::Licence { licence: licence_id(1) };
    let book = Book::of(facts.clone());
    let of_2023 = settlement(&book, PROCUREMENT, subject, 2023, day("2024-03-01"));
    assert_eq!(of_2023, Err(PlanFault::NotActual { year: 2023 }));
    assert_eq!(planned(&facts, RUN + 2, 2023), Err(PlanFault::AllInvoiced { year: 2023 }));
    assert!(settlement(&book, PROCUREMENT, subject, 2024, day("2024-03-01")).is_ok());
    let rest = planned(&facts, RUN + 2, 2024).unwrap();
    let nets: Vec<i64> = rest.invoices.iter().map(|invoice| invoice.net_ore.0).collect();
    assert_eq!(nets, [1_875, 3_125]);
}
