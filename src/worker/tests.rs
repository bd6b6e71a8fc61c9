mod e_invoices;
mod numbering;
mod prebills;
mod waiting;
mod ways_out;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::clock::StoppedClock;
use crate::domain::calendar::Period;
use crate::domain::delivery::{DeliveryCommand, MailRetryRequested};
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, PartyId, PersonId};
use crate::domain::invoice_run::{InvoicePer, InvoiceRunCommand, Terms};
use crate::domain::party::{BuyerReferenceSet, ContactRole, PartyCommand, PartyEvent};
use crate::domain::testing::facts::{
    BY_KEY, HALVES, PROCUREMENT, adopted, assessed, committed, contracted, cost, county, municipality, opened, party,
    proposed, resold,
};
use crate::domain::testing::{day, nth};
use crate::exchange::sha256;
use crate::handle::tests::{envelope, store_of};
use crate::ids::SeededIds;
use crate::mail::{Connection, MailError, MailTransport, MemoryTransport, Outcome, Reply};
use crate::process::invoice_plan::{Wanted, plan, standing};
use crate::render::mail::Message;
use crate::render::{Conformance, NorwegianWording};
use crate::store::people::Person;
use crate::store::testing::TestDirectory;
use crate::view::outbox::{Arrived, LetterState, arrived, letters, waiting};

const RUN: InvoiceRunId = InvoiceRunId(Uuid::from_u128(7_000));
const ACCOUNT: &str = "12345678903";

fn account_of(_issuer: &str) -> String {
    ACCOUNT.to_owned()
}

/// Two municipalities with an approved run, one contact each, and nothing done yet.
struct House {
    directory: TestDirectory,
    ledger: Ledger,
    people: People,
    settings: Settings,
    clock: StoppedClock,
    ids: SeededIds,
}

/// A municipality named the reference it wants: without one there is no e-invoice.
fn referred_to(number: u128) -> (Uuid, Event) {
    let set = BuyerReferenceSet { reference: format!("BIB-{number}") };
    (party(number).0, Event::Party(PartyEvent::BuyerReferenceSet(set)))
}

fn finance(number: u128) -> PersonId {
    PersonId(nth(6_000 + number))
}

impl House {
    fn new() -> Self {
        let house = Self::planned();
        let standing =
            standing(&house.ledger.now().book, RUN, day("2023-11-15"), &NorwegianWording, &|_| true, &account_of);
        let (role, person, on) = ("økonomisjef".to_owned(), PersonId(nth(1)), day("2023-11-15"));
        let approve = InvoiceRunCommand::Approve { role, person, standing, terms: Terms::default(), on };
        house.wish(2, &Wish::InvoiceRun(RUN, approve));
        house
    }

    /// The same with a plan that waits for a person.
    fn planned() -> Self {
        let facts = [
            county(),
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![
                referred_to(1),
                referred_to(2),
                opened(true),
                resold(),
                committed(1),
                committed(2),
                proposed(HALVES),
                adopted(HALVES, "2022-01-01"),
                cost(1, 2023, BY_KEY),
                assessed(1, contracted(100_000)),
            ],
        ]
        .concat();
        let directory = TestDirectory::new();
        let ledger = Ledger::open(Arc::new(store_of(facts))).unwrap();
        let people = People::open(directory.path()).unwrap();
        let mut settings = Settings::load(None).unwrap();
        settings.invoice.account_number = ACCOUNT.to_owned();
        settings.ehf.outgoing = directory.path().join("ehf");
        let clock = StoppedClock::at_noon(day("2023-11-16"));
        let house = Self { directory, ledger, people, settings, clock, ids: SeededIds::new("house") };
        let wanted = house.wanted();
        let plan = plan(&house.ledger.now().book, RUN.0, &wanted, &NorwegianWording, &|_| true, &ids::derived).unwrap();
        let on = day("2023-11-15");
        house.wish(1, &Wish::InvoiceRun(RUN, InvoiceRunCommand::Plan { run: RUN, plan, planned_by: None, on }));
        house
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            procurement: PROCUREMENT,
            issuer: party(54),
            covers: Period::year(2023),
            one_per: InvoicePer::Payer,
            account_number: self.settings.invoice.account_number.clone(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
        }
    }

    fn with_contacts() -> Self {
        let house = Self::new();
        for number in [1, 2] {
            house.contact(number, Some(&format!("faktura@kommune{number}.example")));
        }
        house
    }

    fn wish(&self, number: u128, wish: &Wish) {
        self.ledger.carry_out(wish, &envelope(number), None).unwrap();
    }

    fn contact(&self, number: u128, email: Option<&str>) {
        let person =
            Person { name: "Økonomikontoret".to_owned(), email: email.map(str::to_owned), ..Person::default() };
        self.people.put(finance(number), &person).unwrap();
        let named = PartyCommand::NameContact { role: ContactRole::Finance, person: finance(number) };
        self.wish(100 + number, &Wish::Party(party(number), named));
    }

    fn archive(&self) -> PathBuf {
        self.directory.path().join("archive")
    }

    fn tools<'house>(&'house self, mail: &'house dyn MailTransport) -> Tools<'house> {
        Tools {
            ledger: &self.ledger,
            people: &self.people,
            mail,
            clock: &self.clock,
            ids: &self.ids,
            settings: &self.settings,
            archive: self.archive(),
            conformance: Conformance::Archival,
            turn: Turn::of_the_only_one(),
        }
    }

    fn work(&self, mail: &dyn MailTransport) -> Result<Done, WorkError> {
        self.tools(mail).work(&mut |_, _| {})
    }

    fn invoice_of(&self, party: PartyId) -> InvoiceId {
        let followed = self.ledger.now();
        let found = followed.book.invoices.iter().find(|(_, issued)| issued.invoice.recipient.party == party);
        *found.unwrap().0
    }

    fn states(&self) -> Vec<(u64, LetterState)> {
        let (followed, now) = (self.ledger.now(), self.clock.now());
        let all = letters(&followed.book, now);
        let mut left = all.clone();
        left.retain(|letter| !letter.is_done());
        assert_eq!(waiting(&followed.book, now), left, "what waits is known without looking through all");
        let Arrived { by_owner, by_run } = arrived(&followed.book);
        let counts = by_owner.iter().map(|(_, count)| count).chain(by_run.iter().map(|(_, count)| count));
        assert_eq!(counts.sum::<usize>(), all.len() - left.len());
        all.iter().map(|letter| (letter.number.unwrap(), letter.state)).collect()
    }

    fn reason(&self) -> String {
        let letters = letters(&self.ledger.now().book, self.clock.now());
        letters.into_iter().find(|letter| letter.state == LetterState::Parked).unwrap().said.unwrap()
    }

    fn ask_for_another_attempt(&self, number: u128) {
        let retry = MailRetryRequested { on: day("2023-11-17") };
        let invoice = self.invoice_of(party(number));
        self.wish(
            200 + number,
            &Wish::Delivery(invoice, DeliveryCommand::RequestRetry { requested: retry, at: self.clock.now() }),
        );
    }
}

const FIRST: u64 = 542_300_001;
const SECOND: u64 = 542_300_002;

#[test]
fn an_approved_run_is_issued_drawn_up_sent_and_completed_and_then_there_is_nothing_to_do() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    let done = house.work(&mail).unwrap();
    assert_eq!(done, Done { issued_count: 2, rendered_count: 2, placed_count: 2, mailed_count: 2, ..Done::default() });
    assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Completed(..)));
    let head = house.ledger.store().head().unwrap();
    assert_eq!(house.work(&mail).unwrap(), Done::default());
    assert_eq!((house.ledger.store().head().unwrap(), mail.messages().len()), (head, 2));
    for delivery in house.ledger.now().book.deliveries.values() {
        let rendered = delivery.rendered.as_ref().unwrap();
        let bytes = std::fs::read(house.archive().join(format!("{}.pdf", rendered.sha256))).unwrap();
        assert_eq!((sha256(&bytes), bytes.len() as u64), (rendered.sha256.clone(), rendered.size_bytes));
    }
}

#[test]
fn a_missing_contact_parks_its_own_letter_alone_until_a_person_asks_again() {
    let house = House::new();
    house.contact(2, Some("faktura@kommune2.example"));
    let mail = MemoryTransport::default();
    let done = house.work(&mail).unwrap();
    assert_eq!((done.mailed_count, done.parked_count), (1, 1));
    assert_eq!(house.states(), [(FIRST, LetterState::Parked), (SECOND, LetterState::Accepted)]);
    assert!(house.reason().starts_with("Kommune 1 has no finance contact with an address"));
    house.contact(1, None);
    house.ask_for_another_attempt(1);
    assert_eq!(house.work(&mail).unwrap().parked_count, 1);
    assert_eq!(house.reason(), "the finance contact of Kommune 1 has no e-mail address");
    house.contact(1, Some("faktura@kommune1.example"));
    let retry = MailRetryRequested { on: day("2023-11-18") };
    house.wish(
        300,
        &Wish::Delivery(
            house.invoice_of(party(1)),
            DeliveryCommand::RequestRetry { requested: retry, at: house.clock.now() },
        ),
    );
    assert_eq!(house.work(&mail).unwrap(), Done { mailed_count: 1, ..Done::default() });
    assert_eq!(mail.messages().len(), 2);
}

#[test]
fn where_letters_wait_all_else_is_done_meanwhile() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    let done = house.tools(&mail).work_on(&but_letters, &mut |_, _| {}).unwrap();
    assert_eq!(done, Done { issued_count: 2, rendered_count: 2, placed_count: 2, ..Done::default() });
    assert_eq!(mail.messages().len(), 0);
    assert_eq!(house.work(&mail).unwrap(), Done { mailed_count: 2, ..Done::default() });
}

#[test]
fn an_address_that_is_none_is_not_repeated_in_the_log() {
    let house = House::with_contacts();
    house.contact(1, Some("ola nordmann, kommune1.example"));
    assert_eq!(house.work(&MemoryTransport::default()).unwrap().parked_count, 1);
    let reason = house.reason();
    assert!(
        reason.starts_with("the name or e-mail address of the finance contact of Kommune 1 cannot stand"),
        "{reason}"
    );
    let log = house.ledger.store().read_all(None, 1_000).unwrap();
    let holds =
        |text: &str| log.iter().any(|event| String::from_utf8_lossy(event.data.as_ref().unwrap()).contains(text));
    assert!(!holds("nordmann") && !holds("Økonomikontoret") && !holds("faktura@"));
}

#[test]
fn a_document_that_is_lost_parks_its_letter_and_no_other() {
    let house = House::new();
    house.work(&MemoryTransport::default()).unwrap();
    let rendered = house.ledger.now().book.deliveries[&house.invoice_of(party(1))].rendered.clone().unwrap();
    std::fs::write(house.archive().join(format!("{}.pdf", rendered.sha256)), b"something else").unwrap();
    for number in [1, 2] {
        house.contact(number, Some("faktura@kommune.example"));
        house.ask_for_another_attempt(number);
    }
    let done = house.work(&MemoryTransport::default()).unwrap();
    assert_eq!((done.mailed_count, done.parked_count), (1, 1));
    assert!(house.reason().contains(&rendered.sha256));
}

/// A way out by which each letter has the outcome that a test wants, once it is in the box.
struct Scripted<'mail> {
    letter_box: &'mail MemoryTransport,
    outcome: Box<dyn Fn(&Message) -> Outcome + Send + Sync + 'mail>,
    repeats_are_harmless: bool,
}

impl<'mail> Scripted<'mail> {
    fn new(letter_box: &'mail MemoryTransport, outcome: impl Fn(&Message) -> Outcome + Send + Sync + 'mail) -> Self {
        Self { letter_box, outcome: Box::new(outcome), repeats_are_harmless: false }
    }
}

impl MailTransport for Scripted<'_> {
    fn connect(&self) -> Result<Box<dyn Connection + '_>, MailError> {
        Ok(Box::new(self))
    }

    fn connections(&self) -> usize {
        1
    }

    fn answers_within(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn repeats_are_harmless(&self) -> bool {
        self.repeats_are_harmless
    }

    fn check(&self) -> Result<String, MailError> {
        Ok(String::new())
    }
}

impl Connection for &Scripted<'_> {
    fn send(&mut self, message: &Message) -> Outcome {
        let outcome = (self.outcome)(message);
        if matches!(outcome, Outcome::Accepted(_) | Outcome::Unknown(_)) {
            self.letter_box.connect().unwrap().send(message);
        }
        outcome
    }
}

fn reply(text: &str) -> Reply {
    Reply { text: text.to_owned() }
}

fn accepted() -> Outcome {
    Outcome::Accepted(reply("250 OK"))
}

/// A worker that is killed after the letter has left and before anybody hears of it.
fn killed_while_sending(house: &House, mail: &MemoryTransport) {
    let killed = Scripted::new(mail, |message| {
        mail.connect().unwrap().send(message);
        panic!("killed");
    });
    let work = std::panic::AssertUnwindSafe(|| house.work(&killed));
    std::panic::catch_unwind(work).unwrap_err();
}

#[test]
fn killed_between_sending_and_recording_nobody_gets_the_letter_twice() {
    let mut house = House::with_contacts();
    let mail = MemoryTransport::default();
    killed_while_sending(&house, &mail);
    assert_eq!(mail.messages().len(), 1);
    assert_eq!(house.states(), [(FIRST, LetterState::Attempting), (SECOND, LetterState::Queued)]);

    // A second worker, or the same after a restart and a rebuild from the log.
    house.ledger = Ledger::open(Arc::clone(house.ledger.store())).unwrap();
    let again = Scripted::new(&mail, |_| accepted());
    assert_eq!(house.work(&again).unwrap(), Done { mailed_count: 1, ..Done::default() });
    assert_eq!(house.states(), [(FIRST, LetterState::Attempting), (SECOND, LetterState::Accepted)]);

    house.clock.0 += chrono::TimeDelta::minutes(6);
    assert_eq!(house.work(&again).unwrap(), Done { parked_count: 1, ..Done::default() });
    assert_eq!(house.states(), [(FIRST, LetterState::Unknown), (SECOND, LetterState::Accepted)]);
    assert_eq!(mail.messages().len(), 2, "one letter each");

    let first = mail.messages()[0].clone();
    house.ask_for_another_attempt(1);
    let repeated = MemoryTransport::default();
    assert_eq!(house.work(&Scripted::new(&repeated, |_| accepted())).unwrap().mailed_count, 1);
    assert_eq!(repeated.messages(), [first], "the same to the last byte, Message-ID and all");
}

#[test]
fn where_a_repeat_reaches_nobody_twice_nobody_has_to_ask_for_it() {
    let mut house = House::with_contacts();
    let mail = MemoryTransport::default();
    killed_while_sending(&house, &mail);
    house.clock.0 += chrono::TimeDelta::minutes(6);
    assert_eq!(house.work(&mail).unwrap(), Done { mailed_count: 2, ..Done::default() });
    assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);
    assert_eq!(mail.messages().len(), 2);
}

#[test]
fn of_two_workers_one_sends_a_letter() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    // While the first is sending, a second with a ledger of its own on the same log comes by, for each letter.
    let meddled = AtomicUsize::new(0);
    let other_ledger = Ledger::open(Arc::clone(house.ledger.store())).unwrap();
    let sending = Scripted::new(&mail, |_| {
        let second = Scripted::new(&mail, |_| accepted());
        let tools = Tools { ledger: &other_ledger, ..house.tools(&second) };
        if meddled.fetch_add(1, Ordering::Relaxed) == 0 {
            let done = tools.work(&mut |_, _| {}).unwrap();
            assert_eq!(done, Done { mailed_count: 1, ..Done::default() }, "the letter that nobody holds");
        }
        accepted()
    });
    house.work(&sending).unwrap();
    assert_eq!(mail.messages().len(), 2, "one letter each");
    assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);
}

#[test]
fn a_letter_that_is_put_off_is_tried_again_and_stops_no_other() {
    let mut house = House::with_contacts();
    let mail = MemoryTransport::default();
    let later = Scripted::new(&mail, |message| {
        if message.name == FIRST.to_string() { Outcome::Deferred(reply("451 4.7.1 later")) } else { accepted() }
    });
    let done = house.work(&later).unwrap();
    assert_eq!((done.mailed_count, done.deferred_count), (1, 1));
    let letter = letters(&house.ledger.now().book, house.clock.now())[0].clone();
    assert_eq!((letter.state, letter.said.as_deref()), (LetterState::Deferred, Some("451 4.7.1 later")));
    assert_eq!(letter.next_attempt_at, Some("2023-11-16T12:05:00Z".parse().unwrap()));
    assert_eq!(house.work(&later).unwrap(), Done::default(), "not before it is due");
    house.clock.0 += chrono::TimeDelta::minutes(5);
    assert_eq!(house.work(&Scripted::new(&mail, |_| accepted())).unwrap().mailed_count, 1);
    assert_eq!(letters(&house.ledger.now().book, house.clock.now())[0].attempts_count, 2);
}

#[test]
fn a_letter_refused_for_good_is_sent_once_its_address_is_corrected() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    let unknown_user = |message: &Message| {
        let to = message.envelope.to()[0].to_string();
        if to == "faktura@kommune1.example" { Outcome::Refused(reply("550 5.1.1 no such user")) } else { accepted() }
    };
    let done = house.work(&Scripted::new(&mail, unknown_user)).unwrap();
    assert_eq!((done.mailed_count, done.parked_count), (1, 1));
    assert!(house.reason().ends_with("550 5.1.1 no such user"), "{}", house.reason());
    house.contact(1, Some("post@kommune1.example"));
    house.ask_for_another_attempt(1);
    assert_eq!(house.work(&Scripted::new(&mail, unknown_user)).unwrap().mailed_count, 1);
    assert_eq!(mail.messages().len(), 2);
}

#[test]
fn a_letter_that_was_not_handed_over_is_handed_over_on_a_new_connection() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    let sent_count = AtomicUsize::new(0);
    let breaks_off_once = Scripted::new(&mail, |_| match sent_count.fetch_add(1, Ordering::Relaxed) {
        0 => Outcome::NotHandedOver("the connection had broken off".to_owned()),
        _ => accepted(),
    });
    assert_eq!(house.work(&breaks_off_once).unwrap().mailed_count, 2);
    assert_eq!(letters(&house.ledger.now().book, house.clock.now())[0].attempts_count, 1);
}

#[test]
fn numbers_of_different_issuers_and_years_are_never_the_same() {
    let issuer = |number: &str| crate::domain::testing::invoices::issuer(number.parse().unwrap());
    let opened: Vec<Opened> = [("54", 2023), ("54", 2024), ("55", 2024)]
        .map(|(number, year)| series_of(&issuer(number), year).unwrap().1)
        .to_vec();
    assert_eq!(
        opened.iter().map(|opened| opened.last_number).collect::<Vec<_>>(),
        [542_300_000, 542_400_000, 552_400_000]
    );
    assert_eq!(opened.iter().map(|opened| opened.series).collect::<BTreeSet<_>>().len(), 3);
}

#[test]
fn a_credit_note_and_a_reminder_are_drawn_up_and_sent_as_invoices_are_and_once() {
    use crate::after_issue::{crediting, reminder};
    use crate::config::LatePayment;
    use crate::domain::credit_note::CreditExtent;
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    house.work(&mail).unwrap();
    let settings = LatePayment { reminders: true, pay_days: 14, ..house.settings.late_payment.clone() };
    let (credited, reminded) = (house.invoice_of(party(1)), house.invoice_of(party(2)));
    let order = crediting::Order {
        credit_note: InvoiceId(nth(9_000)),
        invoice: credited,
        extent: CreditExtent::Whole,
        reason: "Feil nøkkel".to_owned(),
        date: day("2023-12-31"),
        issuer: None,
        on: day("2023-12-31"),
    };
    let credit = crediting::wish(&house.ledger.now().book, &order).unwrap();
    house.wish(400, &credit);
    let remind = reminder::wish(&house.ledger.now().book, &settings, reminded, day("2023-12-31"), &account_of).unwrap();
    house.wish(401, &remind);
    let done = house.work(&mail).unwrap();
    assert_eq!(done, Done { rendered_count: 2, placed_count: 1, mailed_count: 2, ..Done::default() });
    assert_eq!(house.work(&mail).unwrap(), Done::default());
    let names: Vec<String> = mail.messages()[2..].iter().map(|message| message.name.clone()).collect();
    assert_eq!(names, ["542300002-purring-1", "542300003"]);
    let ids: BTreeSet<String> = mail.messages().iter().map(|message| message.message_id.clone()).collect();
    assert_eq!(ids.len(), 4, "each has its own Message-ID");
    let letters = letters(&house.ledger.now().book, house.clock.now());
    assert!(letters.iter().all(|letter| letter.state == LetterState::Accepted), "{letters:?}");
}
