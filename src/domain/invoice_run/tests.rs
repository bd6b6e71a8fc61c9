mod heard;
mod timely;

use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::decider::testing::given;
use crate::domain::calendar::Period;
use crate::domain::identity::{AssessmentId, CostId, PartyId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::supplier_invoice::Attachment;
use crate::domain::testing::day;
use crate::domain::vat::{DocumentKind, Subject, VatTreatment};

const DECISION: &str = "Sak 23/101";

fn cost(number: u128) -> Subject {
    Subject::Cost { cost: CostId(Uuid::from_u128(number)) }
}

fn party(number: u128, name: &str) -> InvoiceParty {
    InvoiceParty {
        party: PartyId(Uuid::from_u128(number)),
        name: name.to_owned(),
        organisation_number: "940101808".to_owned(),
        number: None,
    }
}

/// A share at 25 percent VAT.
fn line(of: u128, net_ore: i64) -> InvoiceLine {
    InvoiceLine {
        subject: cost(of),
        text: "Konvertering".to_owned(),
        explanation: "30 % likt og 70 % etter innbyggertall".to_owned(),
        period: None,
        net_ore: Ore(net_ore),
        vat_percent: Decimal::from(25),
        passed_on_vat_ore: None,
        invoiced_before: None,
    }
}

fn invoice(number: u128, name: &str, net_ore: i64, vat_ore: i64) -> PlannedInvoice {
    PlannedInvoice {
        invoice: InvoiceId(Uuid::from_u128(100 + number)),
        agreement: None,
        recipient: party(number, name),
        kind: DocumentKind::Invoice,
        treatment: VatTreatment::Resale,
        decisions: vec![DECISION.to_owned()],
        language: InvoiceLanguage::Bokmal,
        buyer_reference: None,
        order_reference: None,
        accounting_cost: None,
        lines: vec![line(1, net_ore)],
        vat: vec![VatSubtotal { vat_percent: Decimal::from(25), net_ore: Ore(net_ore), vat_ore: Ore(vat_ore) }],
        net_ore: Ore(net_ore),
        passed_on_vat_ore: Ore::ZERO,
        vat_ore: Ore(vat_ore),
        total_ore: Ore(net_ore + vat_ore),
        attachments: vec![],
    }
}

fn ground(of: u128, amount_ore: i64) -> Ground {
    Ground {
        subject: cost(of),
        name: format!("Kostnad {of}"),
        period: None,
        assessment: AssessmentId(Uuid::from_u128(50)),
        net_ore: Ore(amount_ore),
        passed_on_vat_ore: None,
        treatment: VatTreatment::Resale,
        decision: Some(DECISION.to_owned()),
    }
}

fn issuer() -> Issuer {
    let InvoiceParty { party, name, organisation_number, .. } = party(90, "Troms og Finnmark fylkeskommune");
    let number = Some("54".to_owned());
    Issuer { party, name, organisation_number, number, in_foretaksregisteret: false, vat_registered: true }
}

/// One cost of 1000.02 kroner, shared by two.
fn plan() -> InvoicePlan {
    InvoicePlan {
        procurement: ProcurementId(Uuid::from_u128(9)),
        issuer: issuer(),
        account_number: "12345678903".to_owned(),
        invoice_date: day("2023-12-01"),
        due_date: day("2023-12-31"),
        covers: Period::year(2023),
        one_per: InvoicePer::Payer,
        grounds: vec![ground(1, 100_002)],
        invoices: vec![invoice(1, "Tromsø", 60_000, 15_000), invoice(2, "Karasjok", 40_002, 10_001)],
        set_aside: vec![],
    }
}

fn set_aside(net_ore: i64) -> SetAside {
    SetAside {
        party: PartyId(Uuid::from_u128(3)),
        subject: cost(1),
        reason: "mangler bestillerreferanse".to_owned(),
        net_ore: Ore(net_ore),
        passed_on_vat_ore: None,
    }
}

fn plan_command(plan: InvoicePlan) -> InvoiceRunCommand {
    InvoiceRunCommand::Plan { run: InvoiceRunId(Uuid::from_u128(8)), plan, planned_by: None, on: day("2023-11-15") }
}

fn planned() -> InvoiceRunEvent {
    InvoiceRunEvent::Planned(Box::new(Planned {
        run: InvoiceRunId(Uuid::from_u128(8)),
        plan: Arc::new(plan()),
        planned_by: None,
        on: day("2023-11-15"),
    }))
}

fn approve(role: &str) -> InvoiceRunCommand {
    approve_where(role, plan().standing())
}

fn approve_where(role: &str, standing: Standing) -> InvoiceRunCommand {
    InvoiceRunCommand::Approve {
        role: role.to_owned(),
        person: PersonId(Uuid::from_u128(5)),
        standing,
        terms: Terms::default(),
        on: day("2023-11-20"),
    }
}

fn approval() -> Approved {
    Approved { role: "økonomisjef".to_owned(), person: PersonId(Uuid::from_u128(5)), on: day("2023-11-20") }
}

fn approved() -> InvoiceRunEvent {
    InvoiceRunEvent::Approved(approval())
}

fn already_approved() -> InvoiceRunRejection {
    InvoiceRunRejection::AlreadyApproved { role: "økonomisjef".to_owned(), on: day("2023-11-20") }
}

fn discard() -> InvoiceRunCommand {
    InvoiceRunCommand::Discard { issued: vec![], letters: vec![], on: day("2023-11-21") }
}

fn discarded() -> InvoiceRunEvent {
    InvoiceRunEvent::Discarded(Discarded { letters: vec![], on: day("2023-11-21") })
}

fn complete(issued: &[u128]) -> InvoiceRunCommand {
    let issued = issued.iter().map(|number| InvoiceId(Uuid::from_u128(100 + number))).collect();
    InvoiceRunCommand::Complete { issued, on: day("2023-12-02") }
}

fn completed() -> InvoiceRunEvent {
    InvoiceRunEvent::Completed(Completed { on: day("2023-12-02") })
}

/// The sound plan with one change is refused for this reason.
#[track_caller]
fn refused(change: impl FnOnce(&mut InvoicePlan), reason: InvoiceRunRejection) {
    let mut plan = plan();
    change(&mut plan);
    given::<InvoiceRun>([]).when(plan_command(plan)).then_rejected(reason);
}

fn karasjok() -> String {
    "Karasjok".to_owned()
}

#[test]
fn a_plan_that_adds_up_is_stored() {
    given::<InvoiceRun>([]).when(plan_command(plan())).then([planned()]);
}

#[test]
fn a_run_is_planned_once() {
    let other = InvoicePlan { due_date: day("2024-01-15"), ..plan() };
    given::<InvoiceRun>([planned()]).when(plan_command(other)).then_rejected(InvoiceRunRejection::AlreadyPlanned);
    given::<InvoiceRun>([planned(), approved()]).when(plan_command(plan())).then_nothing();
}

#[test]
fn the_share_of_a_party_set_aside_makes_up_what_the_invoices_lack() {
    let partly = InvoicePlan {
        invoices: vec![invoice(1, "Tromsø", 60_000, 15_000)],
        set_aside: vec![set_aside(40_002)],
        ..plan()
    };
    given::<InvoiceRun>([]).when(plan_command(partly.clone())).then([InvoiceRunEvent::Planned(Box::new(Planned {
        run: InvoiceRunId(Uuid::from_u128(8)),
        plan: Arc::new(partly.clone()),
        planned_by: None,
        on: day("2023-11-15"),
    }))]);
    let short = InvoicePlan { set_aside: vec![set_aside(40_001)], ..partly };
    given::<InvoiceRun>([]).when(plan_command(short)).then_rejected(InvoiceRunRejection::GroundDoesNotAddUp {
        name: "Kostnad 1".to_owned(),
        ground_ore: Ore(100_002),
        lines_ore: Ore(100_001),
    });
}

#[test]
fn the_lines_of_a_cost_add_up_to_it_to_the_ore() {
    refused(
        |plan| plan.grounds[0].net_ore = Ore(100_003),
        InvoiceRunRejection::GroundDoesNotAddUp {
            name: "Kostnad 1".to_owned(),
            ground_ore: Ore(100_003),
            lines_ore: Ore(100_002),
        },
    );
    refused(
        |plan| plan.grounds.push(ground(2, 500)),
        InvoiceRunRejection::GroundDoesNotAddUp {
            name: "Kostnad 2".to_owned(),
            ground_ore: Ore(500),
            lines_ore: Ore::ZERO,
        },
    );
}

#[test]
fn a_line_is_a_share_of_something_the_run_rests_on() {
    refused(
        |plan| plan.invoices[1].lines[0].subject = cost(7),
        InvoiceRunRejection::LineWithoutGround { recipient: karasjok(), text: "Konvertering".to_owned() },
    );
}

#[test]
fn an_invoice_adds_up_in_itself() {
    refused(
        |plan| plan.invoices[1].net_ore = Ore(40_003),
        InvoiceRunRejection::InvoiceNetWrong {
            recipient: karasjok(),
            stated_ore: Ore(40_003),
            computed_ore: Ore(40_002),
        },
    );
    refused(
        |plan| plan.invoices[1].total_ore = Ore(50_002),
        InvoiceRunRejection::InvoiceTotalWrong {
            recipient: karasjok(),
            stated_ore: Ore(50_002),
            computed_ore: Ore(50_003),
        },
    );
}

#[test]
fn vat_is_computed_once_on_the_sum_of_the_lines_of_a_rate() {
    // 25 % of 2 øre is 1 øre rounded up on each line, but 25 % of 4 øre is 1 øre.
    let by_line = |plan: &mut InvoicePlan, vat_ore: i64| {
        plan.grounds = vec![ground(1, 4)];
        plan.invoices.remove(0);
        let invoice = &mut plan.invoices[0];
        invoice.lines = vec![line(1, 2), line(1, 2)];
        invoice.vat[0].net_ore = Ore(4);
        invoice.vat[0].vat_ore = Ore(vat_ore);
        (invoice.net_ore, invoice.vat_ore, invoice.total_ore) = (Ore(4), Ore(vat_ore), Ore(4 + vat_ore));
    };
    refused(
        |plan| by_line(plan, 2),
        InvoiceRunRejection::InvoiceVatWrong { recipient: karasjok(), stated_ore: Ore(2), computed_ore: Ore(1) },
    );
    let mut right = plan();
    by_line(&mut right, 1);
    assert_eq!(soundness::check(&right), Ok(()));
}

#[test]
fn vat_stands_once_for_each_rate() {
    let wrong = || InvoiceRunRejection::InvoiceVatWrong {
        recipient: karasjok(),
        stated_ore: Ore(10_001),
        computed_ore: Ore(10_001),
    };
    refused(|plan| plan.invoices[1].vat.clear(), wrong());
    refused(
        |plan| {
            let again = plan.invoices[1].vat[0].clone();
            plan.invoices[1].vat.push(again);
        },
        wrong(),
    );
}

#[test]
fn a_run_without_invoices_is_refused() {
    refused(|plan| plan.invoices.clear(), InvoiceRunRejection::NothingToInvoice);
}

#[test]
fn a_run_has_limits() {
    refused(
        |plan| {
            let of = |number| SetAside { party: PartyId(Uuid::from_u128(number)), ..set_aside(0) };
            plan.set_aside = (10..5_009).map(of).collect();
        },
        InvoiceRunRejection::TooManyParticipants { participant_count: 5_001, most: 5_000 },
    );
    refused(
        |plan| plan.grounds = (1..=101).map(|number| ground(number, 1)).collect(),
        InvoiceRunRejection::TooManyGrounds { ground_count: 101, most: 100 },
    );
    for line_count in [0, 101] {
        refused(
            |plan| plan.invoices[1].lines = vec![line(1, 1); line_count],
            InvoiceRunRejection::LineCountImpossible { recipient: karasjok(), line_count, most: 100 },
        );
    }
    refused(
        |plan| plan.invoices[1].lines[0].net_ore = Ore(-10_000_000_000_001),
        InvoiceRunRejection::AmountTooLarge { amount_ore: Ore(-10_000_000_000_001) },
    );
}

#[test]
fn a_line_says_what_it_is_for_and_how_it_came_about() {
    let missing = || InvoiceRunRejection::LineTextMissing { recipient: karasjok() };
    refused(|plan| plan.invoices[1].lines[0].text = String::new(), missing());
    refused(|plan| plan.invoices[1].lines[0].explanation = String::new(), missing());
    refused(
        |plan| plan.invoices[1].lines[0].vat_percent = Decimal::from(101),
        InvoiceRunRejection::VatPercentImpossible { recipient: karasjok(), vat_percent: Decimal::from(101) },
    );
}

#[test]
fn nobody_and_nothing_stands_twice_in_a_run() {
    refused(
        |plan| plan.invoices[1].recipient = party(1, "Tromsø"),
        InvoiceRunRejection::ParticipantRepeated { party: PartyId(Uuid::from_u128(1)) },
    );
    refused(
        |plan| plan.invoices[1].invoice = plan.invoices[0].invoice,
        InvoiceRunRejection::InvoiceIdReused { invoice: InvoiceId(Uuid::from_u128(101)) },
    );
    refused(
        |plan| plan.grounds.push(ground(1, 0)),
        InvoiceRunRejection::GroundRepeated { name: "Kostnad 1".to_owned() },
    );
}

#[test]
fn an_invoice_is_due_on_its_date_at_the_earliest() {
    refused(
        |plan| plan.due_date = day("2023-11-30"),
        InvoiceRunRejection::DueBeforeDate { invoice_date: day("2023-12-01"), due_date: day("2023-11-30") },
    );
    refused(|plan| plan.invoice_date = day("1999-12-01"), InvoiceRunRejection::YearNotTaken { year: 1999 });
}

#[test]
fn the_account_number_has_eleven_digits_and_a_right_check_digit() {
    for faulty in ["12345678904", "1234567890", "123456789030", "1234.56.78903", ""] {
        refused(
            |plan| plan.account_number = faulty.to_owned(),
            InvoiceRunRejection::AccountNumberFaulty { account_number: faulty.to_owned() },
        );
    }
}

#[test]
fn a_person_approves_a_plan_whose_grounds_still_hold() {
    given::<InvoiceRun>([planned()]).when(approve("økonomisjef")).then([approved()]);
}

/// What is refused, each change as what of whom, where the standing is otherwise.
fn changed(otherwise: impl FnOnce(&mut Standing)) -> Vec<(Changed, String)> {
    let mut standing = plan().standing();
    otherwise(&mut standing);
    let changes = plan().changes(&standing);
    given::<InvoiceRun>([planned()])
        .when(approve_where("økonomisjef", standing))
        .then_rejected(InvoiceRunRejection::GroundsChanged { changes: changes.clone(), more_count: 0 });
    changes.into_iter().map(|change| (change.changed, change.of)).collect()
}

#[test]
fn a_plan_whose_grounds_have_changed_is_not_approved() {
    let of_cost = |what| vec![(what, "Kostnad 1".to_owned())];
    let anew = AssessmentId(Uuid::from_u128(51));
    assert_eq!(changed(|now| now.grounds[0].assessment = anew), of_cost(Changed::Statement));
    assert_eq!(changed(|now| now.grounds[0].net_ore = Ore(99_999)), of_cost(Changed::Amount));
    assert_eq!(changed(|now| now.grounds[0].treatment = VatTreatment::CostSharing), of_cost(Changed::Treatment));
    assert_eq!(changed(|now| now.grounds[0].decision = None), of_cost(Changed::Decision));
    assert_eq!(changed(|now| now.grounds.clear()), of_cost(Changed::Ground));
}

#[test]
fn a_plan_is_not_approved_where_the_same_amount_is_now_shared_otherwise() {
    let by_another_key = changed(|now| {
        now.shares[0].net_ore += Ore(100);
        now.shares[1].net_ore -= Ore(100);
    });
    let share = |name: &str| (Changed::Share, name.to_owned());
    assert_eq!(by_another_key, [share("Tromsø"), share("Karasjok")]);
    let with_one_more = changed(|now| {
        let alta = Share {
            party: PartyId(Uuid::from_u128(3)),
            name: "Alta".to_owned(),
            invoiced_ore: None,
            ..now.shares[0].clone()
        };
        now.shares.push(alta);
    });
    assert_eq!(with_one_more, [share("Alta")]);
    let lacks = |now: &mut Standing| {
        now.shares[1].invoiced_ore = None;
        now.shares[1].set_aside = Some("Mottakeren mangler bestillerreferanse".to_owned());
    };
    assert_eq!(changed(lacks), [(Changed::SetAside, "Karasjok".to_owned())]);
    let invoiced_elsewhere = changed(|now| now.shares[1].invoiced_ore = None);
    assert_eq!(invoiced_elsewhere, [(Changed::Invoiced, "Karasjok".to_owned())]);
    assert_eq!(changed(|now| now.shares.truncate(1)), [share("Karasjok")]);
}

#[test]
fn a_plan_is_not_approved_where_a_document_would_say_something_else() {
    let to_karasjok = |what| vec![(what, "Karasjok".to_owned())];
    let invoice = |change: fn(&mut PlannedInvoice)| changed(|now| change(&mut now.invoices[1]));
    let fifteen = invoice(|invoice| invoice.lines[0].vat_percent = Decimal::from(15));
    assert_eq!(fifteen, to_karasjok(Changed::VatRates));
    let renamed = invoice(|invoice| invoice.recipient.name = "Kárášjohka".to_owned());
    assert_eq!(renamed, to_karasjok(Changed::Name));
    let other_reference = invoice(|invoice| invoice.buyer_reference = Some("B 2".to_owned()));
    assert_eq!(other_reference, to_karasjok(Changed::BuyerReference));
    let by_order = invoice(|invoice| invoice.order_reference = Some("4711".to_owned()));
    assert_eq!(by_order, to_karasjok(Changed::OrderReference));
    let in_nynorsk = invoice(|invoice| invoice.language = InvoiceLanguage::Nynorsk);
    assert_eq!(in_nynorsk, to_karasjok(Changed::Language));
    let mut in_another_run = plan().standing();
    in_another_run.invoices[1].invoice = InvoiceId(Uuid::from_u128(99));
    assert_eq!(plan().changes(&in_another_run), []);
}

#[test]
fn a_plan_is_not_approved_where_its_issuer_is_registered_otherwise() {
    let of_issuer = |what| vec![(what, plan().issuer.name)];
    let issuer = |change: fn(&mut Issuer)| changed(|now| change(now.issuer.as_mut().unwrap()));
    assert_eq!(issuer(|issuer| issuer.vat_registered ^= true), of_issuer(Changed::VatRegistered));
    assert_eq!(issuer(|issuer| issuer.in_foretaksregisteret ^= true), of_issuer(Changed::Foretaksregisteret));
    assert_eq!(changed(|now| now.issuer = None), of_issuer(Changed::Issuer));
}

#[test]
fn a_participant_that_was_set_aside_may_be_invoiced_in_a_later_run_without_making_the_plan_stale() {
    let partly = InvoicePlan {
        invoices: vec![invoice(1, "Tromsø", 60_000, 15_000)],
        set_aside: vec![set_aside(40_002)],
        ..plan()
    };
    let mut now = partly.standing();
    now.shares[1].invoiced_ore = Some(Ore(40_002));
    assert_eq!(partly.changes(&now), []);
}

/// A claim of a share in the supplier's invoice of 1000.02 kroner and 250.01 of VAT.
fn claim(number: u128, name: &str, net_ore: i64, passed_on_vat_ore: i64) -> PlannedInvoice {
    let line =
        InvoiceLine { vat_percent: Decimal::ZERO, passed_on_vat_ore: Some(Ore(passed_on_vat_ore)), ..line(1, net_ore) };
    PlannedInvoice {
        kind: DocumentKind::Claim,
        treatment: VatTreatment::CostSharing,
        lines: vec![line],
        attachments: vec![Attachment {
            sha256: "ab".repeat(32),
            file_name: "L-1.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
        }],
        ..invoice(number, name, net_ore, 0)
    }
    .summed()
}

fn claims() -> InvoicePlan {
    InvoicePlan {
        grounds: vec![Ground {
            passed_on_vat_ore: Some(Ore(25_001)),
            treatment: VatTreatment::CostSharing,
            ..ground(1, 100_002)
        }],
        invoices: vec![claim(1, "Tromsø", 60_000, 15_000), claim(2, "Karasjok", 40_002, 10_001)],
        ..plan()
    }
}

#[test]
fn a_claim_has_no_output_vat_and_passes_on_net_and_vat_to_the_ore() {
    assert_eq!(soundness::check(&claims()), Ok(()));
    let invoice = &claims().invoices[1];
    assert_eq!((invoice.vat.len(), invoice.vat_ore, invoice.total_ore), (0, Ore::ZERO, Ore(50_003)));
    let mut short = claims();
    short.invoices[1] = claim(2, "Karasjok", 40_002, 10_000);
    let does_not_tie = InvoiceRunRejection::GroundDoesNotAddUp {
        name: "Kostnad 1".to_owned(),
        ground_ore: Ore(25_001),
        lines_ore: Ore(25_000),
    };
    assert_eq!(soundness::check(&short), Err(does_not_tie));
    let mut without = claims();
    without.invoices[1].attachments.clear();
    assert_eq!(
        soundness::check(&without),
        Err(InvoiceRunRejection::SupplierInvoiceMisplaced { recipient: karasjok() })
    );
    let mut with_rate = claims();
    with_rate.invoices[1].lines[0].vat_percent = Decimal::from(25);
    assert_eq!(
        soundness::check(&with_rate),
        Err(InvoiceRunRejection::VatPercentImpossible { recipient: karasjok(), vat_percent: Decimal::from(25) })
    );
}

#[test]
fn every_cost_has_a_decision_on_vat_that_its_documents_follow() {
    refused(
        |plan| plan.grounds[0].decision = None,
        InvoiceRunRejection::DecisionMissing { name: "Kostnad 1".to_owned() },
    );
    let differs = || InvoiceRunRejection::TreatmentDiffers { recipient: karasjok() };
    refused(|plan| plan.invoices[1].treatment = VatTreatment::OutsideScope, differs());
    refused(|plan| plan.invoices[1].kind = DocumentKind::Claim, differs());
    refused(|plan| plan.invoices[1].decisions = vec!["Sak 23/102".to_owned()], differs());
    refused(
        |plan| plan.issuer.vat_registered = false,
        InvoiceRunRejection::IssuerNotVatRegistered { issuer: "Troms og Finnmark fylkeskommune".to_owned() },
    );
}

#[test]
fn what_was_invoiced_before_is_taken_off_the_share_and_the_invoice_stays_above_zero() {
    let before = |net_ore: i64| Some(InvoicedBefore { net_ore: Ore(net_ore), passed_on_vat_ore: None });
    let settled = |net_ore: i64, vat_ore: i64| {
        let mut settled = plan();
        settled.invoices[1] = invoice(2, "Karasjok", net_ore, vat_ore);
        settled.invoices[1].lines[0].invoiced_before = before(40_002 - net_ore);
        settled
    };
    assert_eq!(soundness::check(&settled(2, 1)), Ok(()));
    assert_eq!(
        soundness::check(&settled(-4, -1)),
        Err(InvoiceRunRejection::TotalBelowZero { recipient: karasjok(), total_ore: Ore(-5) })
    );
}

#[test]
fn a_run_is_approved_once_and_by_a_role() {
    given::<InvoiceRun>([]).when(approve("økonomisjef")).then_rejected(InvoiceRunRejection::NotPlanned);
    given::<InvoiceRun>([planned()]).when(approve(" ")).then_rejected(InvoiceRunRejection::RoleMissing);
    given::<InvoiceRun>([planned(), approved()]).when(approve("fylkesbiblioteksjef")).then_rejected(already_approved());
}

#[test]
fn a_plan_nobody_wants_is_discarded_and_stays_so() {
    given::<InvoiceRun>([]).when(discard()).then_rejected(InvoiceRunRejection::NotPlanned);
    given::<InvoiceRun>([planned()]).when(discard()).then([discarded()]);
    given::<InvoiceRun>([planned(), discarded()]).when(discard()).then([]);
    let refused = || InvoiceRunRejection::AlreadyDiscarded { on: day("2023-11-21") };
    given::<InvoiceRun>([planned(), discarded()]).when(approve("økonomisjef")).then_rejected(refused());
    given::<InvoiceRun>([planned(), discarded()]).when(complete(&[1, 2])).then_rejected(refused());
}

#[test]
fn an_approved_run_is_carried_out_and_not_discarded_once_it_is_done() {
    given::<InvoiceRun>([planned(), approved(), completed()]).when(discard()).then_rejected(already_approved());
}

#[test]
fn a_run_is_done_when_all_its_invoices_are_issued() {
    given::<InvoiceRun>([]).when(complete(&[])).then_rejected(InvoiceRunRejection::NotPlanned);
    given::<InvoiceRun>([planned()]).when(complete(&[1, 2])).then_rejected(InvoiceRunRejection::NotApproved);
    given::<InvoiceRun>([planned(), approved()])
        .when(complete(&[2]))
        .then_rejected(InvoiceRunRejection::NotAllIssued { missing_count: 1 });
    given::<InvoiceRun>([planned(), approved()]).when(complete(&[1, 2])).then([completed()]);
}
