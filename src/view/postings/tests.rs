mod between_books;

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::domain::calendar::Period;
use crate::domain::check_digit::KidMethod;
use crate::domain::credit_note::{CreditExtent, CreditWish, LineCredit};
use crate::domain::identity::SeriesId;
use crate::domain::invoice_run::{InvoiceLine, PlannedInvoice};
use crate::domain::kid::KidScheme;
use crate::domain::late_payment::InterestRates;
use crate::domain::payment::{Entry as FileEntry, FileContent, FileForm, NamedKid, PaymentsCommand, Successor};
use crate::domain::series::{Opened, SeriesCommand};
use crate::domain::testing::{day, invoices, nth};
use crate::handle::Wish;
use crate::view::book::Book;
use crate::view::receivables::{self, charged, claim, credited, open_payments, open_receivables, paid, payments_of};

const ACCOUNT: ReceivingAccountId = ReceivingAccountId(Uuid::from_u128(900));
const ACCOUNT_NUMBER: &str = "12345678903";
const ACCOUNT_OF_SUCCESSOR: ReceivingAccountId = ReceivingAccountId(Uuid::from_u128(901));
const ACCOUNT_NUMBER_OF_SUCCESSOR: &str = "86011117947";
const SCHEME: KidScheme = KidScheme { method: KidMethod::Mod10, customer_digits: 0, number_digits: 9 };
const COUNTIES: [u128; 2] = [54, 55];

/// A book whose events are booked as they come.
#[derive(Default)]
pub(crate) struct Bookkeeping {
    pub(crate) book: Book,
    pub(crate) vouchers: Vec<Voucher>,
    pub(crate) events: Vec<(Uuid, Event)>,
    postings: Postings,
    position: u64,
    invoices: Vec<InvoiceId>,
    payments: Vec<PaymentId>,
}

impl Bookkeeping {
    /// Two counties with a series each, whose invoices are paid to the same account.
    pub(crate) fn begun() -> Self {
        let mut begun = Self::default();
        for county in COUNTIES {
            let opened = Opened {
                series: series(county),
                issuer: PartyId(nth(county)),
                year: 2023,
                last_number: 23_000_000 + 100_000 * u64::try_from(county).unwrap(),
            };
            assert!(begun.wish(&Wish::Series(series(county), SeriesCommand::Open(opened))));
        }
        begun
    }

    /// Whether something came of a wish.
    fn wish(&mut self, wish: &Wish) -> bool {
        let (_, id) = wish.stream();
        let Ok(events) = wish.carry_out_in(&mut self.book) else { return false };
        for event in &events {
            self.events.push((id, event.clone()));
            self.position += 1;
            let place = Place { position: self.position, on: day("2023-12-31") };
            self.vouchers.extend(self.postings.apply(place, id, event));
        }
        !events.is_empty()
    }

    /// An invoice of lines excluding VAT at a rate, or a claim of lines with the supplier's VAT.
    pub(crate) fn invoice(&mut self, county: u128, payer: u128, treatment: VatTreatment, lines: &[(i64, i64)]) {
        let kind = treatment.document_kind();
        let line = |(place, (net, vat)): (usize, &(i64, i64))| {
            let line = invoices::line(place as u128, *net);
            match kind {
                DocumentKind::Invoice => InvoiceLine { vat_percent: Decimal::from(*vat), ..line },
                DocumentKind::Claim => InvoiceLine {
                    vat_percent: Decimal::ZERO,
                    passed_on_vat_ore: treatment.passes_on_supplier_vat().then_some(Ore(*vat)),
                    ..line
                },
            }
        };
        let id = 400 + self.invoices.len() as u128;
        let planned = PlannedInvoice {
            kind,
            treatment,
            recipient: InvoiceParty { organisation_number: format!("9633760{payer:02}"), ..invoices::recipient(payer) },
            ..invoices::planned(id, lines.iter().enumerate().map(line).collect())
        }
        .summed();
        self.invoices.push(planned.invoice);
        let command = SeriesCommand::Issue {
            run: InvoiceRunId(nth(7_000 + county)),
            kid: SCHEME,
            issuer: invoices::issuer(county),
            account_number: ACCOUNT_NUMBER.to_owned(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
            invoice: Box::new(planned),
        };
        assert!(self.wish(&Wish::Series(series(county), command)));
    }

    /// Credits an invoice, or a line of it, by its county.
    pub(crate) fn credit(&mut self, invoice: usize, extent: CreditExtent) -> bool {
        let id = self.invoices[invoice % self.invoices.len()];
        let issued = self.book.invoices[&id].clone();
        let county = issued.issuer.party.0.as_u128();
        let wish = CreditWish {
            credit_note: InvoiceId(nth(600_000 + u128::from(self.position))),
            issuer: issued.issuer.clone(),
            date: day("2023-12-01"),
            reason: "Feil fordelingsnøkkel".to_owned(),
            extent,
            before: self.book.credit_notes_of(id).to_vec(),
            invoice: issued.as_ref().clone(),
        };
        let opened = self.book.series[&series(county)].opened.clone().unwrap();
        self.wish(&Wish::Series(
            series(county),
            SeriesCommand::Credit { opened, wish: Box::new(wish), on: day("2023-12-01") },
        ))
    }

    /// A payment on a day, with the KID of an invoice, or without one.
    pub(crate) fn pay(&mut self, amount_ore: i64, invoice: Option<usize>, on: [&str; 2]) -> bool {
        self.pay_to(ACCOUNT_NUMBER, amount_ore, invoice, on)
    }

    /// The same to an account.
    fn pay_to(&mut self, account_number: &str, amount_ore: i64, invoice: Option<usize>, on: [&str; 2]) -> bool {
        let account = if account_number == ACCOUNT_NUMBER { ACCOUNT } else { ACCOUNT_OF_SUCCESSOR };
        let number = self.payments.len() as u128;
        let payment = PaymentId(nth(5_000 + number));
        self.payments.push(payment);
        let invoice = invoice.map(|invoice| self.invoices[invoice % self.invoices.len()]);
        let kid = invoice.and_then(|invoice| self.book.invoices[&invoice].kid.clone());
        let named = kid.as_ref().and_then(|kid| self.book.unfinished.invoice_of_kid(kid));
        let [booked_on, taken_on] = on.map(day);
        let file = FileContent {
            form: FileForm::Camt054,
            message: format!("message {number}"),
            sha256: format!("hash {number}"),
            entries: vec![FileEntry {
                payment,
                amount_ore: Ore(amount_ore),
                booked_on,
                kids: kid
                    .map(|kid| NamedKid {
                        kid,
                        amount_ore: None,
                        claim: named.and_then(|invoice| claim(&self.book, invoice, account)),
                    })
                    .into_iter()
                    .collect(),
                reference: format!("bank {number}"),
                reverses: amount_ore < 0,
            }],
        };
        let account_number = account_number.to_owned();
        let command = PaymentsCommand::TakeFile { account, account_number, file, on: taken_on };
        self.wish(&Wish::Payments(account, command))
    }

    /// Lets a payment pay an invoice.
    pub(crate) fn let_pay(&mut self, payment: usize, invoice: usize, on: &str) -> bool {
        let invoice = self.invoices[invoice % self.invoices.len()];
        let claim = claim(&self.book, invoice, ACCOUNT).unwrap();
        self.about(payment, |payment| PaymentsCommand::Match { payment, claim, amount_ore: None, on: day(on) })
    }

    /// Reminds of an invoice, on the first day that a reminder may be made after those before.
    pub(crate) fn remind(&mut self, invoice: usize, fee_ore: Option<i64>, interest: bool) -> bool {
        self.remind_as(None, invoice, fee_ore, interest)
    }

    /// The same by who came after the issuer.
    fn remind_as(
        &mut self,
        successor: Option<Successor>,
        invoice: usize,
        fee_ore: Option<i64>,
        interest: bool,
    ) -> bool {
        let invoice = self.invoices[invoice % self.invoices.len()];
        let claim = claim(&self.book, invoice, ACCOUNT).unwrap();
        let reminders = self.book.payments.get(&ACCOUNT).and_then(|payments| payments.reminders.get(&invoice));
        let days = 14 + 15 * reminders.map_or(0, Vec::len) as u64;
        let due_date = day("2023-12-15");
        let on = due_date + chrono::Days::new(days);
        let rates = InterestRates::new((2023..2033).flat_map(|year| {
            [1, 7].map(|month| (NaiveDate::from_ymd_opt(year, month, 1).unwrap(), Decimal::from(12)))
        }));
        let command = PaymentsCommand::Remind {
            claim,
            due_date,
            pay_by: on + chrono::Days::new(14),
            fee_ore: fee_ore.map(Ore),
            rates: interest.then(|| rates.unwrap()),
            successor: successor.map(Box::new),
            on,
        };
        self.wish(&Wish::Payments(ACCOUNT, command))
    }

    /// Asks no longer for what the reminders of an invoice cost.
    pub(crate) fn waive(&mut self, invoice: usize, on: &str) -> bool {
        let invoice = self.invoices[invoice % self.invoices.len()];
        let claim = claim(&self.book, invoice, ACCOUNT).unwrap();
        let reason = "Feil adresse".to_owned();
        self.wish(&Wish::Payments(ACCOUNT, PaymentsCommand::WaiveCharges { claim, reason, on: day(on) }))
    }

    pub(crate) fn about(&mut self, payment: usize, command: impl FnOnce(PaymentId) -> PaymentsCommand) -> bool {
        let Some(payment) = self.payments.get(payment % self.payments.len().max(1)).copied() else { return false };
        self.wish(&Wish::Payments(ACCOUNT, command(payment)))
    }

    fn step(&mut self, step: &Step) {
        let on = day("2023-12-20");
        match step {
            Step::Invoice { county, payer, treatment, lines } => self.invoice(*county, *payer, *treatment, lines),
            Step::Credit { invoice, line: None } => {
                self.credit(*invoice, CreditExtent::Whole);
            }
            Step::Credit { invoice, line: Some((line, net)) } => {
                let lines = vec![LineCredit { line: *line, net_ore: net.map(Ore), passed_on_vat_ore: None }];
                self.credit(*invoice, CreditExtent::Lines { lines });
            }
            Step::Pay { amount_ore, invoice } => {
                self.pay(*amount_ore, *invoice, ["2023-12-10", "2023-12-12"]);
            }
            Step::Match { payment, invoice } => {
                self.let_pay(*payment, *invoice, "2023-12-20");
            }
            Step::Unmatch { payment, invoice } => {
                let (invoice, reason) = (self.invoices[*invoice % self.invoices.len()], "feil".to_owned());
                self.about(*payment, |payment| PaymentsCommand::Unmatch { payment, invoice, reason, on });
            }
            Step::Return { payment } => {
                let reference = "Bilag 1".to_owned();
                self.about(*payment, |payment| PaymentsCommand::Return { payment, reference, on });
            }
            Step::Remind { invoice, fee_ore, interest } => {
                self.remind(*invoice, *fee_ore, *interest);
            }
            Step::Waive { invoice } => {
                self.waive(*invoice, "2024-12-20");
            }
            Step::Reverse { payment, reversal } => {
                let reversal = self.payments[*reversal % self.payments.len().max(1)..].first().copied();
                if let Some(reversal) = reversal {
                    self.about(*payment, |payment| PaymentsCommand::Reverse { payment, reversal, on });
                }
            }
        }
    }

    /// What all vouchers come to by account, in the books of a county.
    fn balance(&self, county: u128, account: Account) -> Ore {
        let own = self.vouchers.iter().filter(|voucher| voucher.issuer == PartyId(nth(county)));
        own.flat_map(|voucher| &voucher.entries)
            .filter(|entry| entry.account == account)
            .map(|entry| entry.amount_ore)
            .sum()
    }

    fn in_all(&self, account: Account) -> Ore {
        COUNTIES.iter().map(|county| self.balance(*county, account)).sum()
    }
}

fn series(county: u128) -> SeriesId {
    SeriesId(nth(8_000 + county))
}

#[derive(Debug, Clone)]
enum Step {
    Invoice { county: u128, payer: u128, treatment: VatTreatment, lines: Vec<(i64, i64)> },
    Credit { invoice: usize, line: Option<(usize, Option<i64>)> },
    Pay { amount_ore: i64, invoice: Option<usize> },
    Match { payment: usize, invoice: usize },
    Unmatch { payment: usize, invoice: usize },
    Return { payment: usize },
    Reverse { payment: usize, reversal: usize },
    Remind { invoice: usize, fee_ore: Option<i64>, interest: bool },
    Waive { invoice: usize },
}

fn any_step() -> impl Strategy<Value = Step> {
    let treatment = prop::sample::select(vec![
        VatTreatment::Resale,
        VatTreatment::CostSharing,
        VatTreatment::Disbursement,
        VatTreatment::OutsideScope,
    ]);
    let line = (-500_i64..50_000, prop::sample::select(vec![0_i64, 12, 15, 25]));
    let invoice = (prop::sample::select(COUNTIES.to_vec()), 1_u128..4, treatment, prop::collection::vec(line, 1..4));
    prop_oneof![
        3 => invoice.prop_map(|(county, payer, treatment, lines)| Step::Invoice { county, payer, treatment, lines }),
        2 => (any::<usize>(), prop::option::of((1_usize..4, prop::option::of(1_i64..3_000))))
            .prop_map(|(invoice, line)| Step::Credit { invoice, line }),
        4 => (prop_oneof![5 => 1_i64..90_000, 1 => -90_000_i64..-1], prop::option::of(any::<usize>()))
            .prop_map(|(amount_ore, invoice)| Step::Pay { amount_ore, invoice }),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(payment, invoice)| Step::Match { payment, invoice }),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(payment, invoice)| Step::Unmatch { payment, invoice }),
        1 => any::<usize>().prop_map(|payment| Step::Return { payment }),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(payment, reversal)| Step::Reverse { payment, reversal }),
        3 => (any::<usize>(), prop::option::of(1_i64..8_000), any::<bool>())
            .prop_map(|(invoice, fee_ore, interest)| Step::Remind { invoice, fee_ore, interest }),
        1 => any::<usize>().prop_map(|invoice| Step::Waive { invoice }),
    ]
}

proptest! {
    #[test]
    fn every_voucher_comes_to_nothing_and_the_books_say_what_the_receivables_say(
        steps in prop::collection::vec(any_step(), 1..30),
    ) {
        let mut kept = Bookkeeping::begun();
        for county in COUNTIES {
            kept.invoice(county, 1, VatTreatment::Resale, &[(1_001, 25)]);
        }
        for step in &steps {
            kept.step(step);
        }
        for voucher in &kept.vouchers {
            prop_assert_eq!(voucher.sum(), Ore::ZERO, "{:?}", voucher);
        }
        let ids: HashSet<(PartyId, &str)> = kept.vouchers.iter().map(|voucher| (voucher.issuer, &*voucher.id)).collect();
        prop_assert_eq!(ids.len(), kept.vouchers.len());

        let book = &kept.book;
        for county in COUNTIES {
            let own = book.invoices.iter().filter(|(_, issued)| issued.issuer.party == PartyId(nth(county)));
            let (mut owed, mut income) = (Ore::ZERO, Ore::ZERO);
            for (id, issued) in own {
                let charged = charged(book, *id);
                owed += issued.invoice.total_ore - credited(book, *id) + charged - paid(book, *id);
                income += charged;
            }
            prop_assert_eq!(kept.balance(county, Account::Receivables), owed);
            let booked = kept.balance(county, Account::ReminderFees) + kept.balance(county, Account::LateInterest);
            prop_assert_eq!(booked, -income);
        }
        let payments: Vec<_> = book.payments.values().flat_map(|account| account.payments.values()).collect();
        let open: Ore = payments.iter().map(|payment| payment.open_ore()).sum();
        let in_bank: Ore = payments.iter().map(|payment| payment.received.amount_ore - payment.returned_ore()).sum();
        prop_assert_eq!(kept.in_all(Account::UnmatchedPayments), -open);
        prop_assert_eq!(kept.in_all(Account::Bank), in_bank);
        prop_assert_eq!(kept.in_all(Account::Intercompany), Ore::ZERO);

        // What is kept while the book grows is what one finds by looking through everything.
        let on = day("2025-12-31");
        let mut owed = receivables::receivables(book, on);
        owed.retain(|owed| owed.outstanding_ore != Ore::ZERO);
        prop_assert_eq!(open_receivables(book, on), owed);
        let mut waiting = receivables::payments(book);
        waiting.retain(|payment| payment.open_ore != Ore::ZERO);
        prop_assert_eq!(open_payments(book), waiting);
        for invoice in book.invoices.keys() {
            let all = payments.iter().filter_map(|payment| Some((payment.received.payment, *payment.matched.get(invoice)?)));
            let mut all: Vec<(PaymentId, Ore)> = all.collect();
            all.sort_unstable();
            let found = payments_of(book, *invoice).into_iter().map(|(received, paid)| (received.payment, paid));
            prop_assert_eq!(found.collect::<Vec<_>>(), all);
        }
    }
}

/// Each voucher with its entries by account.
fn shown(vouchers: &[Voucher]) -> Vec<(String, NaiveDate, BTreeMap<Account, Ore>)> {
    let entries = |voucher: &Voucher| voucher.entries.iter().map(|entry| (entry.account, entry.amount_ore)).collect();
    vouchers.iter().map(|voucher| (voucher.id.clone(), voucher.date, entries(voucher))).collect()
}

#[test]
fn a_resale_is_income_and_output_vat_by_rate_against_what_is_owed() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::Resale, &[(10_000, 25), (1_001, 25), (2_000, 0)]);
    let percent = Decimal::from(25);
    let expected = BTreeMap::from([
        (Account::Receivables, Ore(15_751)),
        (Account::Resale { vat_percent: percent }, Ore(-11_001)),
        (Account::OutputVat { vat_percent: percent }, Ore(-2_750)),
        (Account::Resale { vat_percent: Decimal::ZERO }, Ore(-2_000)),
    ]);
    assert_eq!(shown(&kept.vouchers), [("28400001".to_owned(), day("2023-11-15"), expected)]);
    let vat: Vec<Ore> = kept.vouchers[0].entries.iter().map(|entry| entry.vat_ore).collect();
    assert_eq!(vat, [Ore::ZERO, Ore::ZERO, Ore(-2_750), Ore::ZERO], "by rate, the lowest first");
}

#[test]
fn a_shared_cost_is_claimed_with_the_suppliers_vat_and_without_output_vat() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::CostSharing, &[(10_000, 2_499), (500, 126)]);
    assert!(kept.credit(0, CreditExtent::Whole));
    let treatment = VatTreatment::CostSharing;
    let expected = |sign: i64| {
        BTreeMap::from([
            (Account::Receivables, Ore(sign * 13_125)),
            (Account::Claim { treatment }, Ore(-sign * 10_500)),
            (Account::SupplierVat { treatment }, Ore(-sign * 2_625)),
        ])
    };
    let shown: Vec<_> = shown(&kept.vouchers).into_iter().map(|(_, _, entries)| entries).collect();
    assert_eq!(shown, [expected(1), expected(-1)]);
    assert_eq!(kept.vouchers[1].kind, VoucherKind::CreditNote { credits: 28_400_001 });
}

#[test]
fn a_payment_is_booked_on_the_banks_day_and_what_a_person_matches_on_the_day_of_it() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(10_000, 0)]);
    kept.invoice(54, 2, VatTreatment::OutsideScope, &[(3_000, 0)]);
    assert!(kept.pay(12_000, Some(0), ["2023-12-10", "2023-12-12"]));
    let before = kept.vouchers.clone();
    assert!(kept.let_pay(0, 1, "2023-12-20"));
    assert_eq!(kept.vouchers[..before.len()], before, "what is booked is not altered");
    let booked = |id: &str, on: &str, debit, credit, ore| {
        (id.to_owned(), day(on), BTreeMap::from([(debit, Ore(ore)), (credit, Ore(-ore))]))
    };
    assert_eq!(
        shown(&kept.vouchers[2..]),
        [
            booked("L7", "2023-12-10", Account::Bank, Account::UnmatchedPayments, 12_000),
            booked("L8", "2023-12-10", Account::UnmatchedPayments, Account::Receivables, 10_000),
            booked("L9", "2023-12-20", Account::UnmatchedPayments, Account::Receivables, 2_000),
        ]
    );
}

#[test]
fn what_a_reminder_costs_is_owed_and_income_and_what_is_paid_by_kid_leaves_nothing_behind() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(1_000_000, 0)]);
    assert!(kept.remind(0, Some(3_800), true));
    assert!(kept.remind(0, Some(3_800), true), "interest since the due date: that of before is within it");
    let charged = |fee: i64, interest: i64| {
        BTreeMap::from([
            (Account::Receivables, Ore(fee + interest)),
            (Account::ReminderFees, Ore(-fee)),
            (Account::LateInterest, Ore(-interest)),
        ])
    };
    // 10 000.00 at 12 %: 14 days of 2023 are 46.03; 16 of them and 13 of 2024, a leap year, 52.60 + 42.62.
    let reminders = &kept.vouchers[1..];
    assert_eq!(
        shown(reminders),
        [
            ("L4".to_owned(), day("2023-12-29"), charged(3_800, 4_603)),
            ("L5".to_owned(), day("2024-01-13"), charged(3_800, 9_523 - 4_603)),
        ]
    );
    let [first, second] = [0, 1].map(|reminder: usize| reminders[reminder].document.clone().unwrap());
    assert_eq!((first.due_date, second.due_date), (Some(day("2024-01-12")), Some(day("2024-01-27"))));
    assert!(kept.pay(1_000_000 + 7_600 + 9_523, Some(0), ["2024-01-20", "2024-01-22"]));
    assert_eq!(kept.balance(54, Account::Receivables), Ore::ZERO);
}

#[test]
fn what_is_waived_is_booked_back_interest_first_and_only_what_is_not_paid() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(1_000_000, 0)]);
    assert!(kept.remind(0, Some(3_800), true));
    assert!(kept.pay(1_000_000 + 1_000, Some(0), ["2024-01-20", "2024-01-22"]));
    assert!(kept.waive(0, "2024-01-25"));
    let waived = kept.vouchers.last().unwrap();
    assert_eq!((waived.kind, waived.date), (VoucherKind::ChargesWaived, day("2024-01-25")));
    assert_eq!(kept.balance(54, Account::Receivables), Ore::ZERO);
    assert_eq!(kept.balance(54, Account::LateInterest), Ore::ZERO);
    assert_eq!(kept.balance(54, Account::ReminderFees), Ore(-1_000));
}

#[test]
fn a_reminder_that_costs_nothing_is_not_booked() {
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::OutsideScope, &[(1_000_000, 0)]);
    assert!(kept.remind(0, None, false));
    assert_eq!(kept.vouchers.len(), 1);
}

/// The days of the year in which all of this happens.
pub(crate) fn year() -> Period {
    Period::year(2023)
}
