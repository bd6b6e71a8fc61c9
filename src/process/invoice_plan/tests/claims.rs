//! Licences that are claimed with the supplier's VAT, whatever days the supplier invoices.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::assessment::Assessment;
use crate::domain::licence::LicenceEvent;
use crate::domain::supplier_invoice::SupplierInvoice;
use crate::domain::testing::facts::{ended, licence, licence_id, priced};

const FIRST_HALF: [&str; 2] = ["2023-01-01", "2023-06-30"];
const SECOND_HALF: [&str; 2] = ["2023-07-01", "2023-12-31"];
const YEAR: [&str; 2] = ["2023-01-01", "2023-12-31"];

fn days([first, last]: [&str; 2]) -> Period {
    Period { first: day(first), last: day(last) }
}

fn supplier_invoiced(number: &str, of: [&str; 2], net_ore: i64, vat_ore: i64) -> Fact {
    let invoice = SupplierInvoice { period: Some(days(of)), ..supplier_invoice(number, net_ore, vat_ore) };
    (licence_id(1).0, Event::Licence(LicenceEvent::SupplierInvoiced(invoice)))
}

/// Municipalities that share a licence, and pass on what the supplier invoices.
fn shared(inhabitants: &[i64], price: Assessment, more: impl IntoIterator<Item = Fact>) -> Vec<Fact> {
    let numbered = || (1..).zip(inhabitants);
    let of_procurement = [
        opened(false),
        vat_decided(VatTreatment::CostSharing, AppliesTo::Procurement, "2023-01-01"),
        proposed(HALVES),
        adopted(HALVES, "2022-01-01"),
        licence(1, "2023-01-01", None, BY_KEY),
        priced(1, price),
    ];
    let municipalities = numbered().flat_map(|(number, count)| municipality(number, *count));
    let facts = county().into_iter().chain(municipalities).chain(numbered().map(|(number, _)| committed(number)));
    facts.chain(of_procurement).chain(more).collect()
}

/// Two of them, that share 1000 kroner.
fn book(more: impl IntoIterator<Item = Fact>) -> Book {
    Book::of(shared(&[1_000, 3_000], contracted(100_000), more))
}

fn claims(book: &Book, run: u128, of: [&str; 2]) -> Result<InvoicePlan, PlanFault> {
    let wanted = Wanted { covers: days(of), ..wanted() };
    plan(book, nth(run), &wanted, &NorwegianWording, &|_| true, &derived)
}

#[track_caller]
fn claimed(book: &Book, run: u128, of: [&str; 2]) -> InvoicePlan {
    let plan = claims(book, run, of).unwrap();
    is_sound(book, &plan);
    plan
}

/// Net and the supplier's VAT by who pays.
fn sums<'a>(plans: impl IntoIterator<Item = &'a InvoicePlan>) -> BTreeMap<PartyId, [Ore; 2]> {
    let mut sums: BTreeMap<PartyId, [Ore; 2]> = BTreeMap::new();
    for invoice in plans.into_iter().flat_map(|plan| &plan.invoices) {
        let [net, vat] = sums.entry(invoice.recipient.party).or_default();
        *net += invoice.net_ore;
        *vat += invoice.passed_on_vat_ore;
    }
    sums
}

fn vats(plan: &InvoicePlan) -> Vec<i64> {
    plan.invoices.iter().map(|invoice| invoice.passed_on_vat_ore.0).collect()
}

fn files(plan: &InvoicePlan) -> Vec<Vec<&str>> {
    let names = |invoice: &'_ PlannedInvoice| invoice.attachments.len();
    assert!(plan.invoices.iter().all(|invoice| names(invoice) == plan.invoices[0].attachments.len()));
    plan.invoices
        .iter()
        .map(|invoice| invoice.attachments.iter().map(|attachment| attachment.file_name.as_str()).collect())
        .collect()
}

#[test]
fn of_a_years_invoice_each_half_is_claimed_its_part_and_the_halves_tie_to_it() {
    let facts = || shared(&[1_000, 3_000], contracted(100_000), [supplier_invoiced("L-1", YEAR, 100_000, 25_001)]);
    let book = Book::of(facts());
    let first = claimed(&book, RUN, FIRST_HALF);
    // 181 of 365 days: 49 589 of 100 000, and as much of 25 001.
    assert_eq!((first.net(), vats(&first)), (Ore(49_589), vec![4_649, 7_749]));
    assert_eq!(files(&first), [["L-1.pdf"], ["L-1.pdf"]]);
    assert_eq!(
        first.invoices[0].lines[0].explanation,
        "Andel 185,96 av 495,89 kroner for 01.01.2023 til 30.06.2023, fordelt på 2 etter nøkkelen «halvt likt, halvt etter \
         innbyggere» med tall per 01.01.2023. Det leverandøren fakturerte, gjelder 01.01.2023 til 31.12.2023; den delen som faller \
         på disse dagene, kreves her, med samme del av merverdiavgiften"
    );

    let out = [issued(&first, 0), issued(&first, 1)];
    let book = Book::of(facts().into_iter().chain(out.clone()));
    let second = claimed(&book, RUN + 1, SECOND_HALF);
    assert_eq!((second.net(), vats(&second)), (Ore(50_411), vec![4_726, 7_877]));
    assert_eq!(files(&second), files(&first));
    let year = claimed(&Book::of(facts()), RUN, YEAR);
    assert_eq!(sums([&first, &second]), sums([&year]));
    assert_eq!(vats(&year).iter().sum::<i64>(), 25_001);
    assert!(!year.invoices[0].lines[0].explanation.contains("leverandøren"));

    // Once it is known that it came to that, nothing is left to settle.
    let actual = priced(1, Assessment::Actual { amount_ore: Ore(100_000) });
    let out = out.into_iter().chain([issued(&second, 0), issued(&second, 1), actual]);
    let book = Book::of(facts().into_iter().chain(out));
    let of_licence = Subject::Licence { licence: licence_id(1) };
    let settlement = settlement(&book, PROCUREMENT, of_licence, 2023, day("2023-12-20")).unwrap();
    assert!(settlement.parts.iter().all(|part| part.way == SettlementWay::Settled), "{settlement:?}");
}

#[test]
fn where_the_supplier_charges_more_after_the_first_half_the_second_makes_up_for_net_and_vat() {
    let of_first = || supplier_invoiced("L-1", FIRST_HALF, 49_589, 12_390);
    let first = claimed(&book([of_first()]), RUN, FIRST_HALF);
    let dearer = [of_first(), priced(1, contracted(120_000)), supplier_invoiced("L-2", SECOND_HALF, 70_411, 17_610)];
    let year = claimed(&book(dearer.clone()), RUN + 1, YEAR);
    let after_first = book(dearer.into_iter().chain([issued(&first, 0), issued(&first, 1)]));
    let second = claimed(&after_first, RUN + 1, SECOND_HALF);
    assert_eq!((second.net(), vats(&second).iter().sum::<i64>()), (Ore(70_411), 17_610));
    assert_eq!(sums([&first, &second]), sums([&year]));
}

#[test]
fn who_left_in_the_first_half_is_not_asked_for_an_ore_of_the_second() {
    let facts = || {
        let invoice = supplier_invoiced("L-1", YEAR, 123_457, 30_863);
        shared(&[1_000, 3_000, 777], contracted(123_457), [invoice, ended(1, "2023-05-17")])
    };
    let book = Book::of(facts());
    let (first, second) = (claimed(&book, RUN, FIRST_HALF), claimed(&book, RUN + 1, SECOND_HALF));
    assert!(second.invoices.iter().all(|invoice| invoice.recipient.party != party(1)), "{:?}", sums([&second]));
    assert_eq!(sums([&first, &second]), sums([&claimed(&book, RUN, YEAR)]));
}

#[test]
fn a_supplier_that_invoices_by_the_day_is_passed_on_half_by_half() {
    let first = supplier_invoiced("L-1", FIRST_HALF, 49_589, 12_390);
    let book_of_first = book([first.clone()]);
    let plan = claimed(&book_of_first, RUN, FIRST_HALF);
    assert_eq!((vats(&plan).iter().sum::<i64>(), &files(&plan)[0][..]), (12_390, &["L-1.pdf"][..]));
    let missing =
        PlanFault::SupplierInvoiceMissing { name: "Lisens 1".to_owned(), treatment: VatTreatment::CostSharing };
    assert_eq!(claims(&book_of_first, RUN, SECOND_HALF), Err(missing));
    let book = book([first, supplier_invoiced("L-2", SECOND_HALF, 50_411, 12_611)]);
    let plan = claimed(&book, RUN + 1, SECOND_HALF);
    assert_eq!((vats(&plan).iter().sum::<i64>(), &files(&plan)[0][..]), (12_611, &["L-2.pdf"][..]));
    let year = claimed(&book, RUN, YEAR);
    assert_eq!((vats(&year).iter().sum::<i64>(), files(&year)[0].len()), (25_001, 2));
}

#[test]
fn a_supplier_that_invoices_equal_quarters_is_passed_on_for_the_year_and_for_halves_once_all_are_there() {
    const QUARTERS: [[&str; 2]; 4] = [
        ["2023-01-01", "2023-03-31"],
        ["2023-04-01", "2023-06-30"],
        ["2023-07-01", "2023-09-30"],
        ["2023-10-01", "2023-12-31"],
    ];
    let quarters = |count: usize| {
        let quarters = QUARTERS.into_iter().take(count).enumerate();
        quarters.map(|(place, of)| supplier_invoiced(&format!("L-{place}"), of, 25_000, 6_250)).collect::<Vec<_>>()
    };
    let all = book(quarters(4));
    let year = claimed(&all, RUN, YEAR);
    assert_eq!((vats(&year).iter().sum::<i64>(), files(&year)[0].len()), (25_000, 4));
    let (first, second) = (claimed(&all, RUN, FIRST_HALF), claimed(&all, RUN + 1, SECOND_HALF));
    assert_eq!(sums([&first, &second]), sums([&year]));
    assert_eq!(files(&first)[0].len(), 4, "they tie to what is shared over the year, and not before");

    // The days of the first half are 181 of 365, and two quarters are half of it.
    assert_eq!(
        claims(&book(quarters(2)), RUN, FIRST_HALF).unwrap_err().to_string(),
        "\"Lisens 1\" would be claimed with 495.89 kroner excluding VAT for 2023-01-01 to 2023-06-30, grants not taken off, \
         but the supplier's invoices come to 500.00: a licence is shared by the day, and the supplier parts the year \
         otherwise; record its invoices of the rest of the year too, since the halves tie to all of them, or plan the whole year"
    );
}

#[test]
fn two_quarters_by_the_day_come_to_the_half_to_the_ore() {
    // 90 and 91 of 365 days, and 92 and 92.
    let spring = [
        supplier_invoiced("L-1", ["2023-01-01", "2023-03-31"], 24_658, 6_165),
        supplier_invoiced("L-2", ["2023-04-01", "2023-06-30"], 24_931, 6_232),
    ];
    let first = claimed(&book(spring.clone()), RUN, FIRST_HALF);
    assert_eq!((first.net(), vats(&first).iter().sum::<i64>()), (Ore(49_589), 12_397));
    assert_eq!(files(&first)[0], ["L-1.pdf", "L-2.pdf"]);
    let autumn = [
        supplier_invoiced("L-3", ["2023-07-01", "2023-09-30"], 25_206, 6_302),
        supplier_invoiced("L-4", ["2023-10-01", "2023-12-31"], 25_205, 6_301),
    ];
    let all = book(spring.into_iter().chain(autumn).chain([issued(&first, 0), issued(&first, 1)]));
    let second = claimed(&all, RUN + 1, SECOND_HALF);
    assert_eq!((second.net(), vats(&second).iter().sum::<i64>()), (Ore(50_411), 12_603));
    assert_eq!(files(&second)[0], ["L-3.pdf", "L-4.pdf"]);
}

#[test]
fn a_first_half_that_is_claimed_after_its_second_ties_to_the_year_in_net_and_vat() {
    let of_first = || supplier_invoiced("L-1", FIRST_HALF, 49_589, 12_390);
    let dearer = [of_first(), priced(1, contracted(120_000)), supplier_invoiced("L-2", SECOND_HALF, 70_411, 17_610)];
    let before = [of_first(), supplier_invoiced("L-2", SECOND_HALF, 50_411, 12_611)];
    let second = claimed(&book(before), RUN + 1, SECOND_HALF);
    let after_second = book(dearer.clone().into_iter().chain([issued(&second, 0), issued(&second, 1)]));
    let first = claimed(&after_second, RUN, FIRST_HALF);
    assert_eq!(sums([&first, &second]), sums([&claimed(&book(dearer), RUN, YEAR)]));

    let not_yet_invoiced = [of_first(), priced(1, contracted(120_000)), issued(&second, 0), issued(&second, 1)];
    assert_eq!(
        claims(&book(not_yet_invoiced), RUN, FIRST_HALF).unwrap_err().to_string(),
        "\"Lisens 1\" would be claimed with 1200.00 kroner excluding VAT for 2023-01-01 to 2023-12-31, grants not taken off, \
         but the supplier's invoices come to 495.89; state the actual amount, or record the invoice that lacks"
    );
}

#[test]
fn who_would_get_more_of_the_suppliers_files_than_go_with_a_claim_is_set_aside_and_the_others_are_invoiced() {
    let own = |number: u128| {
        let alone = Distribution::Party { party: party(1) };
        let invoice = supplier_invoice(&format!("F-{number}"), 1_000, 250);
        let invoiced = (cost_id(number).0, Event::Cost(CostEvent::SupplierInvoiced(invoice)));
        [cost(number, 2023, alone), assessed(number, contracted(1_000)), invoiced]
    };
    let of_year = supplier_invoiced("L-1", YEAR, 100_000, 25_000);
    let book = book((1..=21).flat_map(own).chain([of_year]));
    let plan = claimed(&book, RUN, YEAR);
    assert_eq!(plan.invoices.iter().map(|invoice| invoice.recipient.party).collect::<Vec<_>>(), [party(2)]);
    let why =
        "Fakturaen kan ikke bli e-faktura («22 av leverandørens fakturaer skulle følge med, og høyst 20 kan det»)";
    assert!(set_aside(&plan).contains(&(party(1), why)), "{:?}", set_aside(&plan));
}

#[test]
fn what_the_supplier_credited_of_the_year_is_taken_off() {
    let credited = supplier_invoiced("K-1", YEAR, -10_000, -2_500);
    let book = book([supplier_invoiced("L-1", YEAR, 110_000, 27_500), credited]);
    let (first, second) = (claimed(&book, RUN, FIRST_HALF), claimed(&book, RUN + 1, SECOND_HALF));
    assert_eq!(vats(&first).iter().chain(&vats(&second)).sum::<i64>(), 25_000);
    assert_eq!(files(&first)[0], ["L-1.pdf", "K-1.pdf"]);
}

#[test]
fn what_cannot_tie_is_refused_with_what_differs() {
    let differs = PlanFault::SupplierInvoiceOfDaysDiffers {
        name: "Lisens 1".to_owned(),
        first: day("2023-01-01"),
        last: day("2023-12-31"),
        amount_ore: Ore(100_000),
        invoiced_ore: Ore(99_999),
    };
    assert_eq!(claims(&book([supplier_invoiced("L-1", YEAR, 99_999, 25_000)]), RUN, FIRST_HALF), Err(differs));
    let over_new_year = supplier_invoiced("L-1", ["2023-07-01", "2024-06-30"], 100_000, 25_000);
    assert_eq!(
        claims(&book([over_new_year]), RUN, YEAR).unwrap_err().to_string(),
        "the supplier's invoice L-1 of \"Lisens 1\" is for 2023-07-01 to 2024-06-30, of which 2023-01-01 to 2023-12-31 are \
         paid for in this year; record what it says of each year by itself, each under a number that names the year"
    );
}

proptest! {
    #[test]
    fn the_halves_come_to_the_year_for_everybody_and_both_tie_to_the_suppliers_invoice(
        inhabitants in proptest::collection::vec(100i64..80_000, 1..6),
        price in 1_000_000i64..900_000_000,
        vat_of_price in 0i64..100_001,
        joins in 0u64..365,
        leaves in 0u64..365,
    ) {
        let vat = price / 100_000 * vat_of_price;
        let (joiner, leaver) = (inhabitants.len() + 1, inhabitants.len() + 2);
        let on = |days| day("2023-01-01") + chrono::Days::new(days);
        let passing = [
            municipality(joiner as u128, 4_321),
            municipality(leaver as u128, 1_234),
            vec![
                agreed(joiner as u128, Commitment::Committed, Some(&on(joins).to_string())),
                committed(leaver as u128),
                ended(leaver as u128, &on(leaves).to_string()),
            ],
        ];
        let more = passing.concat().into_iter().chain([supplier_invoiced("L-1", YEAR, price, vat)]);
        let book = Book::of(shared(&inhabitants, contracted(price), more));
        let (first, second) = (claimed(&book, RUN, FIRST_HALF), claimed(&book, RUN + 1, SECOND_HALF));
        let year = claimed(&book, RUN, YEAR);
        let both = sums([&first, &second]);
        prop_assert_eq!(&both, &sums([&year]));
        let total = |place: usize| both.values().map(|sum| sum[place]).sum::<Ore>();
        prop_assert_eq!((total(0), total(1)), (Ore(price), Ore(vat)));
        prop_assert!(both.values().flatten().all(|amount| !amount.is_negative()));
    }
}

#[test]
fn whose_suppliers_files_are_too_large_is_set_aside_and_the_others_are_invoiced() {
    let directory = crate::store::testing::TestDirectory::new();
    let archive = directory.path();
    let file = |number: &str, bytes_count: u64| {
        let invoice = supplier_invoice(number, 1, 0).attachment();
        let sha256 = format!("{number:0>64}");
        let place = archive.join(crate::archive::file_name(&sha256, &invoice.media_type));
        std::fs::File::create(place).unwrap().set_len(bytes_count).unwrap();
        sha256
    };
    let (small, large) = (file("1", 1_000), file("2", 20 << 20));
    let alone = Distribution::Party { party: party(1) };
    let of = |sha256: &str, number: &str| SupplierInvoice {
        sha256: sha256.to_owned(),
        ..supplier_invoice(number, 50_000, 12_500)
    };
    let invoiced =
        |number: u128, of: SupplierInvoice| (cost_id(number).0, Event::Cost(CostEvent::SupplierInvoiced(of)));
    let decided = vat_decided(VatTreatment::CostSharing, AppliesTo::Procurement, "2023-01-01");
    let book = Book::of(
        shared(&[1_000, 3_000], contracted(100_000), [decided])
            .into_iter()
            .filter(|(stream, _)| *stream != licence_id(1).0)
            .chain([cost(1, 2023, BY_KEY), assessed(1, contracted(50_000)), invoiced(1, of(&small, "L-1"))])
            .chain([cost(2, 2023, alone), assessed(2, contracted(50_000)), invoiced(2, of(&large, "L-2"))]),
    );
    let size_bytes = |file: &crate::domain::supplier_invoice::Attachment| crate::archive::size_bytes(archive, file);
    let wording = crate::render::WordingWithFiles { size_bytes: &size_bytes };
    let plan = plan(&book, nth(RUN), &wanted(), &wording, &|_| true, &derived).unwrap();
    assert_eq!(plan.invoices.iter().map(|invoice| invoice.recipient.party).collect::<Vec<_>>(), [party(2)]);
    let left_out = plan.left_out();
    let [left_out] = &left_out[..] else { panic!("{left_out:?}") };
    assert_eq!((left_out.party, &*left_out.names), (party(1), &["Kostnad 1", "Kostnad 2"][..]));
    assert!(left_out.reason.contains("leverandørens filer er på 20972520 byte til sammen"), "{}", left_out.reason);
    is_sound(&book, &plan);
    std::fs::remove_file(archive.join(crate::archive::file_name(&small, "application/pdf"))).unwrap();
    let nobody = super::plan(&book, nth(RUN), &wanted(), &wording, &|_| true, &derived).unwrap_err().to_string();
    assert!(nobody.contains("er ikke i arkivet; legg den ved på nytt"), "{nobody}");
}

#[test]
fn nobody_on_svalbard_is_charged_vat() {
    let longyearbyen = [municipality(3, 2_000), vec![numbered(3, "2111", "2002-01-01"), committed(3)]].concat();
    let book = with(longyearbyen.clone());
    let plan = plan_of(&book).unwrap();
    let [(left_out, why)] = set_aside(&plan)[..] else { panic!("{:?}", plan.set_aside) };
    assert_eq!(left_out, party(3));
    assert!(why.starts_with("Mottakeren er på Svalbard, utenfor merverdiavgiftsområdet"), "{why}");
    is_sound(&book, &plan);
    let outside = vat_decided(VatTreatment::OutsideScope, OF_COST, "2023-01-01");
    let without_vat = plan_of(&with(longyearbyen.into_iter().chain([outside]))).unwrap();
    assert_eq!(set_aside(&without_vat), [], "what carries no VAT is claimed from everybody");
}
