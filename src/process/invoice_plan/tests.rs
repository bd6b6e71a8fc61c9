mod actuals;
mod claims;
mod days;
mod left_over;
mod licences;
mod reached;
mod shown;
mod uncertain;

use std::sync::Arc;

use super::fault::everybody_lacks;
use super::*;
use expect_test::{Expect, expect};
use rust_decimal::Decimal;

use crate::domain::agreement::{AgreementEvent, Commitment, Passed};
use crate::domain::cost::{CostEvent, Distribution};
use crate::domain::credit_note::{CreditExtent, CreditWish, credit_note};
use crate::domain::delivery::{DeliveryEvent, MailAccepted, MailOutcomeStated, MailParked};
use crate::domain::event::Event;
use crate::domain::identity::AssessmentId;
use crate::domain::invoice_run::{Approved, InvoiceRunCommand, PlannedInvoice, Prebilled, Terms};
use crate::domain::party::{PartyEvent, PartyKind};
use crate::domain::procurement::ProcurementEvent;
use crate::domain::series::{Issued, SeriesEvent};
use crate::domain::supplier_invoice::tests::invoice as supplier_invoice;
use crate::domain::testing::facts::{
    BY_KEY, Fact, HALVES, PROCUREMENT, adopted, agreed, assessed, committed, contracted, cost, cost_id, counted,
    county, estimated, granted, in_registers, municipality, named, numbered, opened, organisation_number, party,
    proposed, registered, resold, vat_decided,
};
use crate::domain::testing::{day, nth};
use crate::domain::vat::{AppliesTo, Subject, VatTreatment};
use crate::handle::Wish;
use crate::ids::derived;
use crate::process::approval::Around;
use crate::render::NorwegianWording;

const RUN: u128 = 7_000;
const COST: Subject = Subject::Cost { cost: cost_id(1) };

fn case() -> Vec<Fact> {
    [
        county(),
        municipality(1, 1_000),
        municipality(2, 3_000),
        vec![
            opened(false),
            resold(),
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

fn account_of(_issuer: &str) -> String {
    wanted().account_number
}

fn wanted() -> Wanted {
    Wanted {
        procurement: PROCUREMENT,
        issuer: party(54),
        covers: Period::year(2023),
        one_per: InvoicePer::Payer,
        account_number: "12345678903".to_owned(),
        invoice_date: day("2023-11-15"),
        due_date: day("2023-12-15"),
    }
}

fn plan_of(book: &Book) -> Result<InvoicePlan, PlanFault> {
    plan(book, nth(RUN), &wanted(), &NorwegianWording, &|_| true, &derived)
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
        InvoiceRunCommand::Plan {
            run: InvoiceRunId(nth(RUN)),
            plan: plan.clone(),
            planned_by: None,
            on: day("2023-11-01"),
        },
    );
    wish.decide_in(book).unwrap_or_else(|rejected| panic!("{rejected}"));
}

/// An invoice of an earlier run.
fn issued(plan: &InvoicePlan, index: usize) -> Fact {
    let issued = Issued {
        number: 542_300_001,
        kid: None,
        run: InvoiceRunId(nth(RUN - 1)),
        issuer: plan.issuer.clone(),
        account_number: plan.account_number.clone(),
        invoice_date: plan.invoice_date,
        due_date: plan.due_date,
        invoice: plan.invoices[index].clone(),
    };
    (nth(8_000), Event::Series(SeriesEvent::Issued(Arc::new(issued))))
}

#[test]
fn everybody_is_invoiced_its_share_of_what_is_left_after_grants() {
    let book = with([]);
    let plan = plan_of(&book).unwrap();
    let amounts: Vec<(i64, i64, i64)> =
        plan.invoices.iter().map(|invoice| (invoice.net_ore.0, invoice.vat_ore.0, invoice.total_ore.0)).collect();
    assert_eq!(amounts, [(30_001, 7_500, 37_501), (50_002, 12_501, 62_503)]);
    let [ground] = &plan.grounds[..] else { panic!() };
    assert_eq!((ground.subject, ground.assessment, ground.net_ore), (COST, AssessmentId(nth(1)), Ore(80_003)));
    assert_eq!((ground.treatment, ground.decision.as_deref()), (VatTreatment::Resale, Some("Sak 23/101")));
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
            .filter(|(_, event)| !matches!(event, Event::Party(PartyEvent::Measured(_)))),
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
fn who_lacks_something_is_set_aside_with_what_it_lacks_and_the_others_are_invoiced() {
    use crate::domain::party::{InvoiceReferencesSet, PartyEvent};
    let without = |left_out: fn(&PartyEvent) -> bool| {
        case().into_iter().filter(move |(stream, event)| {
            *stream != party(1).0 || !matches!(event, Event::Party(event) if left_out(event))
        })
    };
    let without_reference = || without(|event| matches!(event, PartyEvent::BuyerReferenceSet(_)));
    let book = Book::of(without_reference());
    let plan = plan_of(&book).unwrap();
    let lacks_reference = "Mottakeren har verken bestillerreferanse eller ordrenummer, som en e-faktura må ha";
    assert_eq!(set_aside(&plan), [(party(1), lacks_reference)]);
    assert_eq!(plan.invoices.iter().map(|invoice| invoice.recipient.party).collect::<Vec<_>>(), [party(2)]);
    is_sound(&book, &plan);

    let ordered = InvoiceReferencesSet { order_reference: Some("4500012345".to_owned()), accounting_cost: None };
    let ordered = (party(1).0, Event::Party(PartyEvent::InvoiceReferencesSet(ordered)));
    assert_eq!(plan_of(&Book::of(without_reference().chain([ordered]))).unwrap().set_aside, []);

    let nobody = Book::of(without(|event| matches!(event, PartyEvent::ContactNamed(_))));
    assert_eq!(
        set_aside(&plan_of(&nobody).unwrap()),
        [(party(1), "Mottakeren har ingen økonomikontakt med e-postadresse å sende fakturaen til")]
    );

    let only_the_first = issued(&plan_of(&with([])).unwrap(), 1);
    assert_eq!(
        plan_of(&Book::of(without_reference().chain([only_the_first]))).unwrap_err().to_string(),
        "all that are left to invoice in 2023 lack something: Kommune 1 (buyer_reference); record it first, by the API or \
         `grenselos import parties` and `grenselos import contacts`"
    );
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
    assert_eq!(plan(&book, nth(RUN), &nobody, &NorwegianWording, &|_| true, &derived), Err(PlanFault::UnknownIssuer));
    let recipient = Wanted { issuer: party(1), ..wanted() };
    let fault = plan(&book, nth(RUN), &recipient, &NorwegianWording, &|_| true, &derived).unwrap_err();
    assert!(matches!(fault, PlanFault::NoCountyAuthority { .. }), "{fault}");
}

const OF_COST: AppliesTo = AppliesTo::Cost { cost: cost_id(1) };

fn supplier_invoiced(net_ore: i64, vat_ore: i64) -> Fact {
    (cost_id(1).0, Event::Cost(CostEvent::SupplierInvoiced(supplier_invoice("L-1", net_ore, vat_ore))))
}

#[test]
fn nothing_is_planned_as_long_as_nobody_has_decided_how_vat_is_treated() {
    let is_decision = |fact: &Fact| matches!(fact, (_, Event::Procurement(ProcurementEvent::VatTreatmentDecided(_))));
    let undecided = Book::of(case().into_iter().filter(|fact| !is_decision(fact)));
    assert_eq!(
        plan_of(&undecided).unwrap_err().to_string(),
        "how VAT on \"Kostnad 1\" is treated on invoices of 2023-11-15 is not decided, and it is never inferred; record the \
         decision of county finance first: `grenselos import procurement`, or decide_vat_treatment by the API"
    );
}

#[test]
fn nothing_is_planned_as_long_as_nobody_has_looked_the_issuer_up() {
    let is_entry = |fact: &Fact| matches!(fact, (_, Event::Party(PartyEvent::RegisterEntryStated(_))));
    let unstated = Book::of(case().into_iter().filter(|fact| !is_entry(fact)));
    let fault = plan_of(&unstated).unwrap_err().to_string();
    assert!(fault.starts_with("nobody has stated whether Fylket stands in Foretaksregisteret"), "{fault}");
}

#[test]
fn a_shared_cost_is_claimed_without_output_vat_and_net_and_vat_tie_to_the_suppliers_invoice() {
    let decided = vat_decided(VatTreatment::CostSharing, OF_COST, "2023-01-01");
    assert_eq!(
        plan_of(&with([decided.clone()])).unwrap_err().to_string(),
        "\"Kostnad 1\" is passed on as kostnadsdeling, and such a claim carries the supplier's invoice, which is not \
         recorded; record it first, with its file: `grenselos supplier-invoice attach`, or the API"
    );
    assert_eq!(
        plan_of(&with([decided.clone(), supplier_invoiced(100_000, 25_000)])),
        Err(PlanFault::SupplierInvoiceDiffers {
            name: "Kostnad 1".to_owned(),
            amount_ore: Ore(100_003),
            invoiced_ore: Ore(100_000)
        })
    );
    let book = with([decided, supplier_invoiced(100_003, 25_001)]);
    let plan = plan_of(&book).unwrap();
    let of = |invoice: &PlannedInvoice| {
        (invoice.kind, invoice.net_ore.0, invoice.passed_on_vat_ore.0, invoice.vat_ore.0, invoice.total_ore.0)
    };
    let claim = crate::domain::vat::DocumentKind::Claim;
    // 25001 in proportion to 30001 and 50002, of which the larger remainder takes the odd øre.
    assert_eq!(
        plan.invoices.iter().map(of).collect::<Vec<_>>(),
        [(claim, 30_001, 9_375, 0, 39_376), (claim, 50_002, 15_626, 0, 65_628)]
    );
    assert_eq!(plan.grounds[0].passed_on_vat_ore, Some(Ore(25_001)));
    assert_eq!(plan.invoices[0].attachments, [supplier_invoice("L-1", 1, 0).attachment()]);
    is_sound(&book, &plan);
}

#[test]
fn one_party_gets_a_document_for_each_treatment() {
    let alone = Distribution::Party { party: party(1) };
    let outside = vat_decided(VatTreatment::OutsideScope, OF_COST, "2023-01-01");
    let book = with([outside, cost(2, 2023, alone), assessed(2, contracted(1_001))]);
    let plan = plan_of(&book).unwrap();
    let documents: Vec<_> =
        plan.invoices.iter().map(|invoice| (invoice.recipient.party, invoice.treatment, invoice.total_ore)).collect();
    assert_eq!(
        documents,
        [
            (party(1), VatTreatment::Resale, Ore(1_251)),
            (party(1), VatTreatment::OutsideScope, Ore(30_001)),
            (party(2), VatTreatment::OutsideScope, Ore(50_002)),
        ]
    );
    is_sound(&book, &plan);
}

#[test]
fn a_decision_holds_for_invoices_from_its_day() {
    let later = vat_decided(VatTreatment::OutsideScope, AppliesTo::Procurement, "2023-11-16");
    assert_eq!(plan_of(&with([later.clone()])).unwrap().invoices[0].treatment, VatTreatment::Resale);
    let on_the_day = Wanted { invoice_date: day("2023-11-16"), ..wanted() };
    let plan = plan(&with([later]), nth(RUN), &on_the_day, &NorwegianWording, &|_| true, &derived).unwrap();
    assert_eq!(plan.invoices[0].treatment, VatTreatment::OutsideScope);
}

/// No XML has a way to write the last character.
fn named_unfit(number: u128) -> Fact {
    named(number, &format!("Kommune {number}\u{fffe}"))
}

#[test]
fn who_could_not_get_an_e_invoice_is_set_aside_with_the_reason_and_the_others_are_invoiced() {
    let book = with([named_unfit(1)]);
    let plan = plan_of(&book).unwrap();
    let why = "mottakerens navn har tegnet U+FFFE, som ikke kan stå i en e-faktura";
    assert_eq!(set_aside(&plan), [(party(1), &*format!("Fakturaen kan ikke bli e-faktura («{why}»)"))]);
    assert_eq!(plan.invoices.iter().map(|invoice| invoice.recipient.party).collect::<Vec<_>>(), [party(2)]);
    is_sound(&book, &plan);

    let nobody = plan_of(&with([named_unfit(1), named_unfit(2)])).unwrap_err().to_string();
    assert!(nobody.starts_with("all that are left to invoice in 2023 lack something: Kommune 1"), "{nobody}");
    assert!(nobody.contains(why), "{nobody}");
}

fn around(prebill_required: bool, wording: &dyn Wording) -> Around<'_> {
    Around { prebill_required, two_people: false, wording, reached: &|_| true, account_of: &account_of }
}

#[test]
fn a_plan_that_sets_somebody_aside_for_its_e_invoice_still_holds() {
    let run = InvoiceRunId(nth(RUN));
    let mut book = with([named_unfit(1)]);
    let plan = plan_of(&book).unwrap();
    let command = InvoiceRunCommand::Plan { run, plan, planned_by: None, on: day("2023-11-01") };
    crate::handle::tests::carried_out(&mut book, &[Wish::InvoiceRun(run, command)]);
    let approve = |wording: &dyn Wording| {
        let role = "økonomisjef".to_owned();
        let approved = Approved { role, person: PersonId(nth(5)), on: day("2023-11-02") };
        let command = crate::process::approval::approve(&book, run, approved, around(false, wording));
        Wish::InvoiceRun(run, command).decide_in(&book).map_err(|rejected| rejected.to_string())
    };
    assert_eq!(approve(&NorwegianWording).map(drop), Ok(()));
    let refused = approve(&FileLost).unwrap_err();
    assert!(refused.contains("Kommune 2 is left out for Kostnad 1"), "{refused}");
    assert!(refused.contains("a file is lost"), "{refused}");
}

/// A file that goes with every document is not in the archive.
struct FileLost;

impl Wording for FileLost {
    fn line(&self, language: InvoiceLanguage, line: &LineNamed<'_>) -> String {
        NorwegianWording.line(language, line)
    }

    fn explanation(&self, language: InvoiceLanguage, share: &ShareExplained<'_>) -> String {
        NorwegianWording.explanation(language, share)
    }

    fn set_aside(&self, language: InvoiceLanguage, reason: &Reason) -> String {
        NorwegianWording.set_aside(language, reason)
    }

    fn fault(&self, _: Option<InvoiceLanguage>, _: Document<'_>, _: &str) -> Option<String> {
        Some("a file is lost".to_owned())
    }
}

#[test]
fn a_prebill_that_was_taken_or_brought_by_hand_has_been_sent() {
    let run = InvoiceRunId(nth(RUN));
    let mut book = with([]);
    let on = day("2023-11-01");
    let planned = InvoiceRunCommand::Plan { run, plan: plan_of(&book).unwrap(), planned_by: None, on };
    crate::handle::tests::carried_out(&mut book, &[Wish::InvoiceRun(run, planned)]);
    let prebill = crate::process::approval::prebill(&book, run, day("2023-11-10"), on, &derived);
    let InvoiceRunCommand::Prebill(Prebilled { letters, .. }) = &prebill else { panic!("{prebill:?}") };
    let letters: Vec<InvoiceId> = letters.iter().map(|letter| letter.letter).collect();
    crate::handle::tests::carried_out(&mut book, &[Wish::InvoiceRun(run, prebill)]);
    let approve = |book: &Book| {
        let role = "økonomisjef".to_owned();
        let approved = Approved { role, person: PersonId(nth(5)), on: day("2023-11-12") };
        let command = crate::process::approval::approve(book, run, approved, around(true, &NorwegianWording));
        Wish::InvoiceRun(run, command).decide_in(book).map(drop).map_err(|rejected| rejected.to_string())
    };
    let missing = |book: &Book| approve(book).unwrap_err();
    assert!(missing(&book).contains("Kommune 1"), "{}", missing(&book));
    let accepted = MailAccepted { message_id: "<1@fylke.example>".to_owned(), reply: "250 OK".to_owned(), on };
    book.apply(letters[0].0, &Event::Delivery(DeliveryEvent::MailAccepted(accepted)));
    let parked = MailParked { reason: "550 no such user".to_owned(), on };
    book.apply(letters[1].0, &Event::Delivery(DeliveryEvent::MailParked(parked)));
    assert!(missing(&book).contains("Kommune 2"), "{}", missing(&book));
    let stated = MailOutcomeStated {
        arrived: true,
        role: "regnskapsfører".to_owned(),
        person: PersonId(nth(5)),
        reason: "Levert i posten".to_owned(),
        on,
    };
    book.apply(letters[1].0, &Event::Delivery(DeliveryEvent::MailOutcomeStated(stated)));
    assert_eq!(approve(&book), Ok(()));
}

/// What is said where somebody would approve the plan of the case after more has happened.
fn approved_after(more: impl IntoIterator<Item = Fact>) -> Result<(), String> {
    let run = InvoiceRunId(nth(RUN));
    let plan = plan_of(&with([])).unwrap();
    let mut book = with(more);
    let command = InvoiceRunCommand::Plan { run, plan, planned_by: None, on: day("2023-11-01") };
    crate::handle::tests::carried_out(&mut book, &[Wish::InvoiceRun(run, command)]);
    let standing = standing(&book, run, day("2023-11-02"), &NorwegianWording, &|_| true, &account_of);
    let (role, person) = ("økonomisjef".to_owned(), PersonId(nth(5)));
    let approve = InvoiceRunCommand::Approve { role, person, standing, terms: Terms::default(), on: day("2023-11-02") };
    Wish::InvoiceRun(run, approve).decide_in(&book).map(drop).map_err(|rejected| rejected.to_string())
}

/// What has changed, as it is said where somebody would approve the plan after more has happened.
fn check_changed(more: impl IntoIterator<Item = Fact>, expected: &Expect) {
    let said = approved_after(more).unwrap_err();
    let changes = said.strip_prefix("What the plan rests on has changed: ");
    expected.assert_eq(changes.and_then(|said| said.strip_suffix(". Discard the run and plan it anew.")).unwrap());
}

#[test]
fn approval_notices_a_changed_amount_key_member_measure_and_decision() {
    assert_eq!(approved_after([]), Ok(()));
    check_changed(
        [assessed(1, contracted(100_004))],
        &expect![
            "Kostnad 1 comes to 800.04 kroner instead of 800.03; the share of Kommune 1 in Kostnad 1 is 300.02 kroner instead of 300.01"
        ],
    );
    check_changed(
        [assessed(1, estimated(1, 2, 3))],
        &expect![
            "Kostnad 1 can no longer be shared for these days; the share of Kommune 1 in Kostnad 1 is 0.00 kroner instead of 300.01; the share of Kommune 2 in Kostnad 1 is 0.00 kroner instead of 500.02"
        ],
    );
    check_changed(
        [counted(1, "inhabitants", "2023-01-01", 1_500)],
        &expect![
            "the share of Kommune 1 in Kostnad 1 is 333.35 kroner instead of 300.01; the share of Kommune 2 in Kostnad 1 is 466.68 kroner instead of 500.02"
        ],
    );
    let equally = HALVES.replace("inhabitants", "equal");
    check_changed(
        [adopted(&equally, "2022-06-01")],
        &expect![
            "the share of Kommune 1 in Kostnad 1 is 400.02 kroner instead of 300.01; the share of Kommune 2 in Kostnad 1 is 400.01 kroner instead of 500.02"
        ],
    );
    check_changed(
        [municipality(3, 2_000), vec![committed(3)]].concat(),
        &expect![
            "the share of Kommune 1 in Kostnad 1 is 200.01 kroner instead of 300.01; the share of Kommune 2 in Kostnad 1 is 333.34 kroner instead of 500.02; the share of Kommune 3 in Kostnad 1 is 266.68 kroner instead of 0.00"
        ],
    );
    check_changed(
        [vat_decided(VatTreatment::OutsideScope, OF_COST, "2023-01-01")],
        &expect!["VAT on Kostnad 1 is utenfor instead of viderefakturering"],
    );
}

#[test]
fn approval_notices_what_would_stand_otherwise_on_a_document() {
    let mut at_fifteen = resold();
    if let Event::Procurement(ProcurementEvent::VatTreatmentDecided(decided)) = &mut at_fifteen.1 {
        decided.vat_percent = Some(Decimal::from(15));
    }
    check_changed(
        [at_fifteen],
        &expect![
            "the rate of VAT to Kommune 1 is 15 % instead of 25 %; the rate of VAT to Kommune 2 is 15 % instead of 25 %"
        ],
    );
    let mut leaves_the_register = in_registers(54);
    if let Event::Party(PartyEvent::RegisterEntryStated(stated)) = &mut leaves_the_register.1 {
        stated.vat_registered = false;
    }
    check_changed([leaves_the_register], &expect!["whether Fylket is registered for VAT is stated otherwise"]);
    check_changed([numbered(2, "0009", "2023-06-01")], &expect!["the number of Kommune 2 is 0009 instead of 0002"]);
    check_changed([named(2, "Den nye kommunen")], &expect!["Kommune 2 is called Den nye kommunen"]);
}

#[test]
fn what_was_invoiced_and_wholly_credited_is_invoiced_again() {
    let first = plan_of(&with([])).unwrap();
    let (_, Event::Series(SeriesEvent::Issued(before))) = issued(&first, 0) else { panic!() };
    let wish = CreditWish {
        credit_note: InvoiceId(nth(9_000)),
        issuer: before.issuer.clone(),
        date: day("2023-11-20"),
        reason: "Feil nøkkel".to_owned(),
        extent: CreditExtent::Whole,
        invoice: before.as_ref().clone(),
        before: vec![],
    };
    let note = SeriesEvent::CreditNoteIssued(Box::new(credit_note(&wish, 542_300_002).unwrap()));
    let book = with([issued(&first, 0), (nth(8_000), Event::Series(note))]);
    assert_eq!(plan_of(&book).unwrap().invoices, first.invoices);
}

#[test]
fn what_was_invoiced_on_account_is_settled_against_what_it_came_to() {
    let first = plan_of(&with([])).unwrap();
    let on_account = || [issued(&first, 0), issued(&first, 1)];
    let actual = |amount_ore: i64| crate::domain::assessment::Assessment::Actual { amount_ore: Ore(amount_ore) };
    let book = with(on_account().into_iter().chain([assessed(1, actual(100_403))]));
    let plan = plan_of(&book).unwrap();
    let lines: Vec<_> = plan
        .invoices
        .iter()
        .flat_map(|invoice| &invoice.lines)
        .map(|line| (line.net_ore.0, line.invoiced_before.map(|before| before.net_ore.0)))
        .collect();
    assert_eq!(lines, [(150, Some(30_001)), (250, Some(50_002))]);
    assert!(
        plan.invoices[0].lines[0].explanation.ends_with("Fakturert a konto før: 300,01 kroner, som er trukket fra")
    );
    is_sound(&book, &plan);
    let same = with(on_account().into_iter().chain([assessed(1, actual(100_003))]));
    assert_eq!(plan_of(&same), Err(PlanFault::AllInvoiced { year: 2023 }));
}
