use super::*;
use crate::domain::agreement::{AgreementEvent, Commitment, Passed};
use crate::domain::cost::Distribution;
use crate::domain::event::Event;
use crate::domain::identity::AssessmentId;
use crate::domain::invoice_run::InvoiceRunCommand;
use crate::domain::party::PartyKind;
use crate::domain::series::{Issued, SeriesEvent};
use crate::domain::testing::facts::{
    BY_KEY, Fact, HALVES, PROCUREMENT, adopted, agreed, assessed, committed, contracted, cost, cost_id, counted,
    county, estimated, granted, municipality, named, numbered, opened, organisation_number, party, proposed,
    registered,
};
use crate::domain::testing::{day, nth};
use crate::handle::Wish;
use crate::ids::derived;
use crate::render::NorwegianWording;

const RUN: u128 = 7_000;

fn case() -> Vec<Fact> {
    [
        county(),
        municipality(1, 1_000),
        municipality(2, 3_000),
        vec![
            opened(false),
            committed(1),
            committed(2),
            proposed(HALVES),
            adopted(HALVES, "2022-01-01"),
            cost(1, 2023, BY_KEY),
            assessed(1, contracted(100_003)),
            granted(1, 20_000),
        ],
    ]
    .concat()
}

fn wanted() -> Wanted {
    Wanted {
        procurement: PROCUREMENT,
        issuer: party(54),
        year: 2023,
        account_number: "12345678903".to_owned(),
        invoice_date: day("2023-11-15"),
        due_date: day("2023-12-15"),
    }
}

fn plan_of(book: &Book) -> Result<InvoicePlan, PlanFault> {
    plan(book, nth(RUN), &wanted(), &NorwegianWording, &derived)
}

fn with(more: impl IntoIterator<Item = Fact>) -> Book {
    Book::of([case(), more.into_iter().collect()].concat())
}

/// The reasons by the party's number.
fn set_aside(plan: &InvoicePlan) -> Vec<(PartyId, &str)> {
    plan.set_aside.iter().map(|aside| (aside.party, aside.reason.as_str())).collect()
}

/// The plan adds up by its own rules: a run takes it.
fn is_sound(book: &Book, plan: &InvoicePlan) {
    let wish = Wish::InvoiceRun(
        InvoiceRunId(nth(RUN)),
        InvoiceRunCommand::Plan { run: InvoiceRunId(nth(RUN)), plan: plan.clone(), on: day("2023-11-01") },
    );
    wish.decide_in(book).unwrap_or_else(|rejected| panic!("{rejected}"));
}

/// An invoice of an earlier run.
fn issued(plan: &InvoicePlan, index: usize) -> Fact {
    let issued = Issued {
        number: 542_300_001,
        run: InvoiceRunId(nth(RUN - 1)),
        issuer: plan.issuer.clone(),
        account_number: plan.account_number.clone(),
        invoice_date: plan.invoice_date,
        due_date: plan.due_date,
        invoice: plan.invoices[index].clone(),
    };
    (nth(8_000), Event::Series(SeriesEvent::Issued(Box::new(issued))))
}

#[test]
fn everybody_is_invoiced_its_share_of_what_is_left_after_grants() {
    let book = with([]);
    let plan = plan_of(&book).unwrap();
    let amounts: Vec<(i64, i64, i64)> =
        plan.invoices.iter().map(|invoice| (invoice.net_ore.0, invoice.vat_ore.0, invoice.total_ore.0)).collect();
    assert_eq!(amounts, [(30_001, 7_500, 37_501), (50_002, 12_501, 62_503)]);
    assert_eq!(plan.grounds, [Ground { cost: cost_id(1), assessment: AssessmentId(nth(1)), amount_ore: Ore(80_003) }]);
    assert_eq!(plan.net(), Ore(80_003));
    assert!(plan.set_aside.is_empty());
    assert!(plan.invoices[0].lines[0].explanation.contains("tilskudd på 200,00 kroner er trukket fra"));
    is_sound(&book, &plan);
    assert_eq!(plan_of(&book).unwrap(), plan, "planning again gives the same ids");
}

#[test]
fn estimates_and_cancelled_costs_are_never_invoiced() {
    let nothing = Err(PlanFault::NothingContracted { year: 2023 });
    assert_eq!(plan_of(&with([assessed(1, estimated(1, 2, 3))])), nothing);
    let book = with([cost(2, 2024, BY_KEY), assessed(2, contracted(5))]);
    assert_eq!(plan_of(&book).unwrap().grounds.len(), 1, "another year's cost is another year's run");
}

#[test]
fn a_key_that_is_only_proposed_is_not_invoiced_by() {
    let facts = case()
        .into_iter()
        .filter(|(_, event)| !matches!(event, Event::SharingKey(crate::domain::key_adoption::KeyEvent::Adopted(_))));
    assert_eq!(
        plan_of(&Book::of(facts)).unwrap_err().to_string(),
        "\"Kostnad 1\" cannot be shared: its sharing key is only proposed; adopt it first"
    );
}

#[test]
fn a_key_that_cannot_share_says_why_in_a_sentence() {
    let book = with(
        [municipality(3, 1), vec![committed(3)]]
            .concat()
            .into_iter()
            .filter(|(_, event)| !matches!(event, Event::Party(crate::domain::party::PartyEvent::Measured(_)))),
    );
    assert_eq!(
        plan_of(&book).unwrap_err().to_string(),
        "\"Kostnad 1\" cannot be shared: party \"0003\" lacks \"inhabitants\"; give it a value, 0 if it has none"
    );
}

#[test]
fn the_county_authority_pays_its_own_share_and_others_without_organisation_number_are_set_aside() {
    let book = with(
        [
            vec![committed(54), counted(54, "inhabitants", "2023-01-01", 2_000)],
            vec![registered(3, PartyKind::Other, None), numbered(3, "2100", "2002-01-01"), named(3, "Longyearbyen")],
            vec![committed(3), counted(3, "inhabitants", "2023-01-01", 2_000)],
        ]
        .concat(),
    );
    let plan = plan_of(&book).unwrap();
    assert_eq!(
        set_aside(&plan),
        [
            (party(3), "Mottakeren har ikke organisasjonsnummer og kan ikke faktureres"),
            (party(54), "Fylkeskommunens egen andel, som den selv betaler til leverandøren"),
        ]
    );
    let aside: Ore = plan.set_aside.iter().map(|aside| aside.net_ore).sum();
    assert_eq!(plan.net() + aside, Ore(80_003));
    is_sound(&book, &plan);
}

#[test]
fn what_another_county_authority_is_to_invoice_is_left_to_it() {
    let passed = Passed { county: party(55), on: day("2023-07-01"), reference: "Vedtak".to_owned() };
    let book = with([
        registered(55, PartyKind::CountyAuthority, Some(organisation_number(55))),
        named(55, "Troms fylkeskommune"),
        (nth(101), Event::Agreement(AgreementEvent::Passed(passed))),
    ]);
    let plan = plan_of(&book).unwrap();
    assert_eq!(set_aside(&plan), [(party(1), "Andelen faktureres av Troms fylkeskommune")]);
    assert_eq!(plan.invoices.len(), 1);
    is_sound(&book, &plan);
}

#[test]
fn nobody_is_invoiced_twice_and_when_all_are_there_is_nothing_to_plan() {
    let first = plan_of(&with([])).unwrap();
    let book = with([issued(&first, 0)]);
    let second = plan_of(&book).unwrap();
    assert_eq!(set_aside(&second), [(party(1), "Andelen er fakturert før")]);
    assert_eq!(second.invoices.len(), 1);
    is_sound(&book, &second);
    let all = with([issued(&first, 0), issued(&first, 1)]);
    assert_eq!(plan_of(&all), Err(PlanFault::AllInvoiced { year: 2023 }));
}

#[test]
fn a_direct_cost_and_a_shared_one_stand_on_the_same_invoice_with_vat_once() {
    let alone = Distribution::Party { party: party(1) };
    let book = with([cost(2, 2023, alone), assessed(2, contracted(1_001))]);
    let plan = plan_of(&book).unwrap();
    let [invoice, _] = &plan.invoices[..] else { panic!() };
    assert_eq!(invoice.lines.iter().map(|line| line.net_ore.0).collect::<Vec<_>>(), [30_001, 1_001]);
    assert_eq!((invoice.vat.len(), invoice.vat_ore), (1, Ore(7_751))); // 31 002 × 25 % = 7 750.5
    assert_eq!(invoice.lines[1].explanation, "Betales i sin helhet av mottakeren");
    is_sound(&book, &plan);
}

#[test]
fn an_option_holder_is_not_invoiced_and_an_unknown_issuer_plans_nothing() {
    let book = with([municipality(3, 9), vec![agreed(3, Commitment::Option, None)]].concat());
    assert_eq!(plan_of(&book).unwrap().invoices.len(), 2);
    let nobody = Wanted { issuer: party(99), ..wanted() };
    assert_eq!(plan(&book, nth(RUN), &nobody, &NorwegianWording, &derived), Err(PlanFault::UnknownIssuer));
}

#[test]
fn grounds_change_with_the_amount() {
    let costs = [cost_id(1)];
    assert_ne!(grounds(&with([]), &costs), grounds(&with([assessed(1, contracted(100_004))]), &costs));
    assert!(grounds(&with([assessed(1, estimated(1, 2, 3))]), &costs).is_empty());
}
