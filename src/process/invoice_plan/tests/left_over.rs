//! What is contracted and invoiced to nobody yet, since all that share it are set aside.

use super::*;
use crate::domain::assessment::Assessment;

const LACKS_REFERENCE: &str = "Mottakeren har verken bestillerreferanse eller ordrenummer, som en e-faktura må ha";

/// Two costs: one that is shared, and one that the first bears alone, who has named no reference.
fn alone_without_reference() -> Vec<Fact> {
    let of_first = |(stream, event): &Fact| {
        *stream == party(1).0 && matches!(event, Event::Party(PartyEvent::BuyerReferenceSet(_)))
    };
    let alone = Distribution::Party { party: party(1) };
    let more = [cost(2, 2023, alone), assessed(2, contracted(5_000))];
    case().into_iter().filter(|fact| !of_first(fact)).chain(more).collect()
}

#[test]
fn a_cost_of_which_every_share_is_set_aside_stands_in_the_plan_with_the_reason() {
    let book = Book::of(alone_without_reference());
    let plan = plan_of(&book).unwrap();
    assert_eq!(set_aside(&plan), [(party(1), LACKS_REFERENCE), (party(1), LACKS_REFERENCE)]);
    let left = plan.left_out();
    assert_eq!((&*left[0].names, left[0].net), (&["Kostnad 1", "Kostnad 2"][..], Ore(30_001 + 5_000)));
    assert_eq!(plan.net(), Ore(50_002), "nothing of it is invoiced");
    is_sound(&book, &plan);
}

#[test]
fn a_plan_that_lists_what_is_left_over_still_holds_until_that_changes() {
    let mut facts = alone_without_reference();
    let plan = plan_of(&Book::of(facts.clone())).unwrap();
    let run = InvoiceRunId(nth(RUN));
    let command = InvoiceRunCommand::Plan { run, plan: plan.clone(), planned_by: None, on: day("2023-11-01") };
    let standing_in = |facts: &[Fact]| {
        let mut book = Book::of(facts.to_vec());
        crate::handle::tests::carried_out(&mut book, &[Wish::InvoiceRun(run, command.clone())]);
        standing(&book, run, day("2023-11-15"), &NorwegianWording, &|_| true, &account_of)
    };
    assert_eq!(plan.changes(&standing_in(&facts)), []);
    facts.push(assessed(2, contracted(6_000)));
    assert!(!plan.changes(&standing_in(&facts)).is_empty());
}

#[test]
fn what_is_invoiced_already_is_not_left_over() {
    let first = plan_of(&with([])).unwrap();
    let alone = Distribution::Party { party: party(1) };
    let book = with([issued(&first, 0), issued(&first, 1), cost(2, 2023, alone), assessed(2, contracted(5_000))]);
    let second = plan_of(&book).unwrap();
    assert_eq!((second.grounds.len(), second.set_aside.len()), (1, 0));
}

#[test]
fn what_could_not_be_an_e_invoice_of_a_cost_of_its_own_is_left_over_too() {
    let alone = Distribution::Party { party: party(1) };
    let book = with([named_unfit(1), cost(2, 2023, alone), assessed(2, contracted(5_000))]);
    let plan = plan_of(&book).unwrap();
    assert_eq!(plan.left_out()[0].names, ["Kostnad 1", "Kostnad 2"]);
    is_sound(&book, &plan);
}

/// What is left over beside a plan of all that can be planned in these circumstances.
fn left_over(facts: Vec<Fact>) -> Vec<LeftOver> {
    left_over_since(facts, [], &|_| true)
}

/// The same where this was recorded after it was planned, and those are reached now.
fn left_over_since(facts: Vec<Fact>, since: impl IntoIterator<Item = Fact>, reached: Reached<'_>) -> Vec<LeftOver> {
    let beside = beside_since(facts, since, reached);
    assert_eq!(beside.not_planned, []);
    beside.left_over
}

pub(super) fn beside_since(facts: Vec<Fact>, since: impl IntoIterator<Item = Fact>, reached: Reached<'_>) -> Beside {
    let run = InvoiceRunId(nth(RUN));
    let mut book = Book::of(facts);
    let command =
        InvoiceRunCommand::Plan { run, plan: plan_of(&book).unwrap(), planned_by: None, on: day("2023-11-01") };
    crate::handle::tests::carried_out(&mut book, &[Wish::InvoiceRun(run, command)]);
    for (stream, event) in since {
        book.apply(stream, &event);
    }
    beside(&book, run, &NorwegianWording, reached)
}

/// The same where VAT is decided for the shared cost alone.
fn alone_and_undecided() -> Vec<Fact> {
    let is_decision = |(_, event): &Fact| matches!(event, Event::Procurement(ProcurementEvent::VatTreatmentDecided(_)));
    let facts = alone_without_reference().into_iter().filter(|fact| !is_decision(fact));
    facts.chain([vat_decided(VatTreatment::Resale, OF_COST, "2022-01-01")]).collect()
}

#[test]
fn what_nobody_can_be_invoiced_for_and_has_no_decision_on_vat_is_left_over_beside_the_plan() {
    let left = LeftOver {
        party: party(1),
        party_name: "Kommune 1".to_owned(),
        names: vec!["Kostnad 2".to_owned()],
        net_ore: Ore(5_000),
        reason: LACKS_REFERENCE.to_owned(),
        vat_undecided: true,
    };
    assert_eq!(left_over(alone_and_undecided()), [left]);
    assert_eq!(left_over(alone_without_reference()), [], "all of it stands in the plan");
}

#[test]
fn who_is_left_over_of_what_others_were_invoiced_for_stands_beside_the_next_plan() {
    let first = plan_of(&Book::of(alone_without_reference())).unwrap();
    let alone = Distribution::Party { party: party(2) };
    let more = [issued(&first, 0), cost(3, 2023, alone), assessed(3, contracted(700))];
    let facts: Vec<Fact> = alone_without_reference().into_iter().chain(more).collect();
    let second = plan_of(&Book::of(facts.clone())).unwrap();
    let grounds: Vec<&str> = second.grounds.iter().map(|ground| &*ground.name).collect();
    assert_eq!(grounds, ["Kostnad 2", "Kostnad 3"], "nobody's share of the first is written down again");
    let left = left_over(facts);
    let shown: Vec<_> = left.iter().map(|left| (left.party, &left.names[..], left.net_ore, &*left.reason)).collect();
    assert_eq!(shown, [(party(1), &["Kostnad 1".to_owned()][..], Ore(30_001), LACKS_REFERENCE)]);
}

#[test]
fn what_others_are_invoiced_for_by_a_new_plan_is_not_left_over_beside_one_from_before() {
    // Given a plan, when a cost is contracted that the first cannot be invoiced for and the second can.
    let since = [cost(3, 2023, BY_KEY), assessed(3, contracted(900))];
    assert_eq!(left_over_since(alone_without_reference(), since.clone(), &|_| true), []);
    // Then it stands in a new plan, with who is set aside.
    let both: Vec<Fact> = alone_without_reference().into_iter().chain(since).collect();
    let anew = plan_of(&Book::of(both)).unwrap();
    assert!(anew.grounds.iter().any(|ground| ground.name == "Kostnad 3"));
}

#[test]
fn what_was_invoiced_above_what_it_came_to_is_not_left_over_of_who_cannot_be_written_to() {
    // Given a cost that both were invoiced for, and a plan of another that the second alone bears.
    let first = plan_of(&Book::of(case())).unwrap();
    let alone = Distribution::Party { party: party(2) };
    let invoiced = [issued(&first, 0), issued(&first, 1), cost(3, 2023, alone), assessed(3, contracted(700))];
    let facts: Vec<Fact> = case().into_iter().chain(invoiced).collect();
    // When it comes to less, then nobody who cannot be written to is owed to be invoiced a negative amount.
    let came_to = |amount| [assessed(1, Assessment::Actual { amount_ore: Ore(amount) })];
    assert_eq!(left_over_since(facts.clone(), came_to(90_003), &|_| false), []);
    // Of what it comes to above it the rest is left over.
    let left = left_over_since(facts, came_to(110_003), &|_| false);
    assert_eq!(left.iter().map(|left| left.net_ore).sum::<Ore>(), Ore(10_000));
}

#[test]
fn where_all_that_is_left_has_no_decision_on_vat_either_it_is_said_what_is_lacking() {
    let first = plan_of(&Book::of(case())).unwrap();
    let both = [issued(&first, 0), issued(&first, 1)];
    let lacking = everybody_lacks(2023, vec![Lacking { of: "Kommune 1".to_owned(), lack: Lack::BuyerReference }]);
    assert_eq!(plan_of(&Book::of(alone_and_undecided().into_iter().chain(both))), Err(lacking));
}

#[test]
fn a_cost_that_cannot_be_planned_keeps_no_other_back_and_stands_beside_the_plan_with_the_reason() {
    // Given an outlay without the supplier's file, and a cost on which VAT is not decided, beside one that can be invoiced.
    let is_decision = |(_, event): &Fact| matches!(event, Event::Procurement(ProcurementEvent::VatTreatmentDecided(_)));
    let outlay = AppliesTo::Cost { cost: cost_id(2) };
    let more = [
        vat_decided(VatTreatment::Resale, OF_COST, "2022-01-01"),
        vat_decided(VatTreatment::Disbursement, outlay, "2022-01-01"),
        cost(2, 2023, BY_KEY),
        assessed(2, contracted(5_000)),
        cost(3, 2023, BY_KEY),
        assessed(3, contracted(700)),
    ];
    let facts: Vec<Fact> = case().into_iter().filter(|fact| !is_decision(fact)).chain(more).collect();
    // When it is planned, then the others go.
    let plan = plan_of(&Book::of(facts.clone())).unwrap();
    assert_eq!(plan.grounds.iter().map(|ground| &*ground.name).collect::<Vec<_>>(), ["Kostnad 1"]);
    let beside = beside_since(facts.clone(), [], &|_| true);
    let missing =
        PlanFault::SupplierInvoiceMissing { name: "Kostnad 2".to_owned(), treatment: VatTreatment::Disbursement };
    let undecided = PlanFault::VatUndecided { name: "Kostnad 3".to_owned(), day: day("2023-11-15") };
    let not_planned = |net, fault| NotPlanned { net_ore: Some(Ore(net)), fault };
    assert_eq!(beside.not_planned, [not_planned(5_000, missing.clone()), not_planned(700, undecided)]);
    assert_eq!(beside.left_over, []);
    // Where nothing else can be planned, the reason is what is said.
    let both = [issued(&plan, 0), issued(&plan, 1)];
    assert_eq!(plan_of(&Book::of(facts.into_iter().chain(both))), Err(missing));
}
