use std::sync::Arc;

use super::*;
use crate::clock::StoppedClock;
use crate::domain::calendar::Period;
use crate::domain::identity::{PartyId, PersonId};
use crate::domain::invoice_run::{InvoicePer, InvoiceRunCommand};
use crate::domain::party::PartyCommand;
use crate::domain::testing::facts::{
    BY_KEY, HALVES, PROCUREMENT, adopted, assessed, committed, contracted, cost, county, municipality, opened, party,
    proposed, resold,
};
use crate::domain::testing::{day, nth};
use crate::handle::tests::{envelope, store_of};
use crate::mail::{MemoryTransport, Reply};
use crate::process::invoice_plan::{Wanted, plan};
use crate::render::NorwegianWording;
use crate::render::mail::Message;
use crate::store::people::Person;
use crate::store::testing::TestDirectory;
use crate::view::outbox::{LetterState, letters};

const RUN: InvoiceRunId = InvoiceRunId(Uuid::from_u128(7_000));

/// Two municipalities with an approved run, one contact each, and nothing done yet.
struct House {
    directory: TestDirectory,
    ledger: Ledger,
    people: People,
    settings: Settings,
    clock: StoppedClock,
}

fn finance(number: u128) -> PersonId {
    PersonId(nth(6_000 + number))
}

impl House {
    fn new() -> Self {
        let facts = [
            county(),
            municipality(1, 1_000),
            municipality(2, 3_000),
            vec![
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
        let settings = Settings::load(None).unwrap();
        let clock = StoppedClock::at_noon(day("2023-11-16"));
        let house = Self { directory, ledger, people, settings, clock };
        let wanted = Wanted {
            procurement: PROCUREMENT,
            issuer: party(54),
            covers: Period::year(2023),
            one_per: InvoicePer::Payer,
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
        };
        let plan = plan(&house.ledger.now().book, RUN.0, &wanted, &NorwegianWording, &ids::derived).unwrap();
        let (grounds, shares, on) = (plan.grounds.clone(), plan.shares(), day("2023-11-15"));
        let (role, person) = ("økonomisjef".to_owned(), PersonId(nth(1)));
        let approve = InvoiceRunCommand::Approve { role, person, grounds, shares, on };
        house.wish(1, &Wish::InvoiceRun(RUN, InvoiceRunCommand::Plan { run: RUN, plan, on }));
        house.wish(2, &Wish::InvoiceRun(RUN, approve));
        house
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

    fn work(&self, mail: &dyn MailTransport) -> Result<Done, WorkError> {
        let tools = Tools {
            ledger: &self.ledger,
            people: &self.people,
            mail,
            clock: &self.clock,
            settings: &self.settings,
            archive: self.archive(),
        };
        tools.work(&mut |_, _| {})
    }

    fn invoice_of(&self, party: PartyId) -> InvoiceId {
        let followed = self.ledger.now();
        let found = followed.book.invoices.iter().find(|(_, issued)| issued.invoice.recipient.party == party);
        *found.unwrap().0
    }

    fn states(&self) -> Vec<(u64, LetterState)> {
        letters(&self.ledger.now().book).iter().map(|letter| (letter.number, letter.state)).collect()
    }

    fn reason(&self) -> String {
        let letters = letters(&self.ledger.now().book);
        letters.into_iter().find(|letter| letter.state == LetterState::Parked).unwrap().said.unwrap()
    }

    fn ask_for_another_attempt(&self, number: u128) {
        let retry = crate::domain::delivery::MailRetryRequested { on: day("2023-11-17") };
        let invoice = self.invoice_of(party(number));
        self.wish(200 + number, &Wish::Delivery(invoice, DeliveryCommand::RequestRetry(retry)));
    }
}

const FIRST: u64 = 542_300_001;
const SECOND: u64 = 542_300_002;

#[test]
fn an_approved_run_is_issued_drawn_up_sent_and_completed_and_then_there_is_nothing_to_do() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    let done = house.work(&mail).unwrap();
    assert_eq!(done, Done { issued_count: 2, rendered_count: 2, mailed_count: 2, parked_count: 0 });
    assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);
    assert!(matches!(house.ledger.now().book.runs[&RUN], InvoiceRun::Completed(..)));
    let head = house.ledger.store().head().unwrap();
    assert_eq!(house.work(&mail).unwrap(), Done::default());
    assert_eq!((house.ledger.store().head().unwrap(), mail.messages().len()), (head, 2));
    for delivery in house.ledger.now().book.deliveries.values() {
        let rendered = delivery.rendered.as_ref().unwrap();
        let bytes = std::fs::read(house.archive().join(format!("{}.pdf", rendered.sha256))).unwrap();
        assert_eq!(
            (hexadecimal(&Sha256::digest(&bytes)), bytes.len() as u64),
            (rendered.sha256.clone(), rendered.size_bytes)
        );
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
    let retry = crate::domain::delivery::MailRetryRequested { on: day("2023-11-18") };
    house.wish(300, &Wish::Delivery(house.invoice_of(party(1)), DeliveryCommand::RequestRetry(retry)));
    assert_eq!(house.work(&mail).unwrap(), Done { mailed_count: 1, ..Done::default() });
    assert_eq!(mail.messages().len(), 2);
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

/// Sends, and is killed before anybody hears of it.
struct KilledAfterSending<'mail>(&'mail MemoryTransport);

impl MailTransport for KilledAfterSending<'_> {
    fn send(&self, message: &Message) -> Result<Reply, MailError> {
        self.0.send(message)?;
        Err(MailError::Folder { path: PathBuf::from("out"), source: std::io::Error::other("killed") })
    }
}

#[test]
fn killed_between_sending_and_recording_the_same_letter_is_sent_under_the_same_message_id() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    assert!(matches!(house.work(&KilledAfterSending(&mail)), Err(WorkError::Mail(_))));
    assert_eq!(mail.messages().len(), 1);
    assert_eq!(house.states(), [(FIRST, LetterState::Waiting), (SECOND, LetterState::Waiting)]);
    let again = MemoryTransport::default();
    assert_eq!(house.work(&again).unwrap().mailed_count, 2);
    let (first, repeated) = (&mail.messages()[0], &again.messages()[0]);
    assert_eq!(first, repeated, "the same to the last byte, Message-ID and all");
    let accepted =
        house.ledger.history(crate::domain::event::StreamKind::Delivery, house.invoice_of(party(1)).0).unwrap();
    assert_eq!(accepted.len(), 2, "drawn up once, accepted once");
}

/// Holds another letter under each name.
struct Taken;

impl MailTransport for Taken {
    fn send(&self, message: &Message) -> Result<Reply, MailError> {
        Err(MailError::NameTaken { path: PathBuf::from(format!("/home/ola/{}.eml", message.name)) })
    }
}

#[test]
fn a_letter_whose_place_is_taken_waits_for_a_person_and_does_not_stop_the_others() {
    let house = House::with_contacts();
    let done = house.work(&Taken).unwrap();
    assert_eq!((done.issued_count, done.parked_count), (2, 2));
    assert_eq!(house.reason(), "another letter stands in the place of invoice 542300001: move it away");
}

#[test]
fn numbers_of_different_issuers_and_years_are_never_the_same() {
    let issuer = |number: &str| crate::domain::testing::invoices::issuer(number.parse().unwrap());
    let opened: Vec<Opened> =
        [("54", 2023), ("54", 2024), ("55", 2024)].map(|(number, year)| series_of(&issuer(number), year).1).to_vec();
    assert_eq!(
        opened.iter().map(|opened| opened.last_number).collect::<Vec<_>>(),
        [542_300_000, 542_400_000, 552_400_000]
    );
    assert_eq!(opened.iter().map(|opened| opened.series).collect::<std::collections::BTreeSet<_>>().len(), 3);
}
