//! Every line says the days it is for; a one-time cost is shared as a whole all the same.

use super::*;
use crate::domain::testing::facts::moved;

#[test]
fn a_one_time_cost_is_for_its_budget_year_on_every_line() {
    let plan = plan_of(&with([])).unwrap();
    assert_eq!(plan.grounds[0].period, None);
    for line in plan.invoices.iter().flat_map(|invoice| &invoice.lines) {
        assert_eq!(
            (line.text.as_str(), line.period),
            ("Kostnad 1, levering i budsjettåret 2023", Some(Period::year(2023)))
        );
    }
}

#[test]
fn a_cost_that_is_moved_to_another_year_is_not_invoiced_again() {
    let first = plan_of(&with([])).unwrap();
    let book = with([issued(&first, 0), issued(&first, 1), moved(1, 2023, 2024)]);
    let next_year = Wanted { covers: Period::year(2024), ..wanted() };
    let planned = plan(&book, nth(RUN), &next_year, &NorwegianWording, &|_| true, &derived);
    assert_eq!(planned, Err(PlanFault::AllInvoiced { year: 2024 }));
}

#[test]
fn what_was_invoiced_when_lines_of_costs_said_no_days_is_known_as_well() {
    let mut first = plan_of(&with([])).unwrap();
    for line in first.invoices.iter_mut().flat_map(|invoice| &mut invoice.lines) {
        line.period = None;
    }
    let before = [issued(&first, 0), issued(&first, 1)];
    assert_eq!(plan_of(&with(before.clone())), Err(PlanFault::AllInvoiced { year: 2023 }));
    let actual = assessed(1, crate::domain::assessment::Assessment::Actual { amount_ore: Ore(100_403) });
    let plan = plan_of(&with(before.into_iter().chain([actual]))).unwrap();
    assert_eq!(plan.net(), Ore(400));
}
