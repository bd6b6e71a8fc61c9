//! Names and addresses are apart from the log: who cannot be written to any more is set aside.

use super::*;
use crate::domain::identity::PersonId;
use crate::domain::testing::facts::finance_of;

const NO_CONTACT: &str = "Mottakeren har ingen økonomikontakt med e-postadresse å sende fakturaen til";

#[test]
fn who_has_an_erased_finance_contact_is_set_aside_and_the_others_are_invoiced() {
    let book = with([]);
    let but_the_first = |person: PersonId| person != finance_of(1);
    let plan = plan(&book, nth(RUN), &wanted(), &NorwegianWording, &but_the_first, &derived).unwrap();
    assert_eq!(set_aside(&plan), [(party(1), NO_CONTACT)]);
    assert_eq!(plan.invoices.iter().map(|invoice| invoice.recipient.party).collect::<Vec<_>>(), [party(2)]);
    is_sound(&book, &plan);
}

#[test]
fn where_all_contacts_are_erased_nothing_is_planned_and_it_is_said_what_they_lack() {
    let fault = plan(&with([]), nth(RUN), &wanted(), &NorwegianWording, &|_| false, &derived).unwrap_err().to_string();
    assert!(fault.contains("Kommune 1 (a contact with role finance and an e-mail address), Kommune 2 ("), "{fault}");
}

#[test]
fn a_plan_is_not_approved_once_a_contact_is_erased() {
    let run = InvoiceRunId(nth(RUN));
    let mut book = with([]);
    let command =
        InvoiceRunCommand::Plan { run, plan: plan_of(&book).unwrap(), planned_by: None, on: day("2023-11-01") };
    crate::handle::tests::carried_out(&mut book, &[Wish::InvoiceRun(run, command)]);
    let approve = |reached: Reached<'_>| {
        let role = "økonomisjef".to_owned();
        let approved = Approved { role, person: PersonId(nth(5)), on: day("2023-11-02") };
        let around = Around { reached, ..around(false, &NorwegianWording) };
        let command = crate::process::approval::approve(&book, run, approved, around);
        Wish::InvoiceRun(run, command).decide_in(&book).map(drop).map_err(|rejected| rejected.to_string())
    };
    assert_eq!(approve(&|_| true), Ok(()));
    let refused = approve(&|person| person != finance_of(1)).unwrap_err();
    assert!(refused.contains("Kommune 1 is left out for Kostnad 1: Mottakeren har ingen økonomikontakt"), "{refused}");
    assert!(!refused.contains("left to invoice"), "{refused}");
}
