use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};

use super::*;
use crate::clock::noon;
use crate::domain::agreement::{AgreementCommand, AgreementEvent, Drafted};
use crate::domain::credit_note::CreditExtent;
use crate::domain::delivery::{DeliveryEvent, MailAccepted, MailOutcomeStated, MailOutcomeUnknown};
use crate::domain::event::Event;
use crate::domain::identity::{AgreementId, InvoiceId, InvoiceRunId, PartyId, PaymentId, PersonId, ProcurementId};
use crate::domain::money::Ore;
use crate::domain::party::PartyCommand;
use crate::domain::payment::{Match, Matched, MatchedBy, PaymentsCommand, PaymentsEvent};
use crate::domain::procurement::{self, ProcurementEvent};
use crate::domain::series::Issued;
use crate::domain::testing::facts::{
    Fact, INHABITANTS, PROCUREMENT, committed, counted, county, municipality, opened, party,
};
use crate::domain::testing::{day, nth};
use crate::domain::vat::VatTreatment;
use crate::handle::tests::{envelope, record, store_of};
use crate::store::memory::MemoryStore;
use crate::store::sqlite::SqliteStore;
use crate::store::testing::TestDirectory;
use crate::store::{AppendError, Appended, Capabilities, Expected, NewEvent, Recorded, StreamName, StreamPage, Wake};
use crate::view::outbox::{Letter, arrived, letters, waiting};
use crate::view::postings::tests::Bookkeeping;
use crate::view::receivables::tests::{ACCOUNT, issued};
use crate::view::receivables::{open_payments, open_receivables, payments, receivables};

fn at(instant: &str) -> Envelope {
    Envelope { recorded_at: instant.parse().unwrap(), ..envelope(1) }
}

fn inhabitants(followed: &Followed, number: u128) -> String {
    followed.book.parties[&party(number)].figure_on(INHABITANTS, day("2023-12-31")).unwrap().value.to_string()
}

fn measure(value: i64) -> Wish {
    let command = PartyCommand::Measure {
        measure: INHABITANTS.to_owned(),
        on: day("2023-07-01"),
        value: value.into(),
        source: "SSB".to_owned(),
    };
    Wish::Party(party(1), command)
}

#[test]
fn what_was_known_on_a_day_goes_by_the_day_of_recording_in_norway() {
    let store = store_of(municipality(1, 1_000));
    let (id, event): Fact = counted(1, INHABITANTS, "2023-04-01", 1_010);
    record(&store, id, &event, &at("2023-05-24T22:30:00Z"));
    let ledger = Ledger::open(Arc::new(store)).unwrap();
    assert_eq!(inhabitants(&ledger.as_of(day("2023-05-24")).unwrap(), 1), "1000");
    assert_eq!(inhabitants(&ledger.as_of(day("2023-05-25")).unwrap(), 1), "1010");
    assert!(ledger.as_of(day("2023-01-01")).unwrap().book.parties.is_empty());
    assert_eq!(inhabitants(&ledger.now(), 1), "1010");
}

#[test]
fn what_is_carried_out_is_known_at_once_and_what_others_write_after_catching_up() {
    let store = Arc::new(store_of(municipality(1, 1_000)));
    let ledger = Ledger::open(Arc::<_>::clone(&store) as Arc<dyn EventStore>).unwrap();
    ledger.carry_out(&measure(1_020), &envelope(1), None).unwrap();
    assert_eq!(inhabitants(&ledger.now(), 1), "1020");
    let (id, event) = counted(1, INHABITANTS, "2023-10-01", 1_030);
    record(store.as_ref(), id, &event, &envelope(2));
    assert_eq!(inhabitants(&ledger.now(), 1), "1020");
    ledger.catch_up().unwrap();
    assert_eq!(inhabitants(&ledger.now(), 1), "1030");
    assert_eq!(ledger.history(StreamKind::Party, id).unwrap().len(), 8);
}

#[test]
fn a_damaged_event_leaves_the_rest_readable_and_refuses_writing() {
    let store = store_of(municipality(1, 1_000));
    let foreign = NewEvent {
        id: Uuid::from_u128(77),
        event_type: "party.unheard_of".into(),
        schema_version: 1,
        recorded_at: envelope(1).recorded_at,
        data: b"{}".to_vec(),
        metadata: b"{}".to_vec(),
    };
    store.append(&handle::stream_name(StreamKind::Party, party(1).0), Expected::Any, vec![foreign]).unwrap();
    let (id, event) = counted(2, INHABITANTS, "2023-04-01", 5);
    record(&store, id, &event, &envelope(3));
    let ledger = Ledger::open(Arc::new(store)).unwrap();
    assert_eq!(inhabitants(&ledger.now(), 1), "1000");
    assert_eq!(inhabitants(&ledger.now(), 2), "5", "what comes after it is read");
    assert_eq!(ledger.now().damaged.len(), 1);
    assert_eq!(ledger.now().damaged[0].0, Position(7));
    let refused = ledger.carry_out(&measure(1_020), &envelope(4), None).unwrap_err();
    assert!(refused.to_string().contains("the first is at position 7"), "{refused}");
    assert!(ledger.carry_out_all(&[(measure(1_020), envelope(4))]).is_err());
    assert_eq!(ledger.store().head().unwrap(), Some(Position(8)));
}

#[test]
fn a_log_that_is_read_through_is_shown_as_it_is_read_place_by_place() {
    let store = store_of(municipality(1, 1_000));
    let stream = handle::stream_name(StreamKind::Party, party(1).0);
    for number in 0..5_000_u128 {
        let (_, event) = counted(1, INHABITANTS, "2023-04-01", i64::try_from(number).unwrap());
        let encoded = schema::encode(&event).unwrap();
        // One in a thousand is of a kind that nobody knows.
        let event_type = if number % 1_000 == 999 { "party.unheard_of" } else { encoded.event_type };
        let event = NewEvent {
            id: Uuid::from_u128(1_000 + number),
            event_type: event_type.into(),
            schema_version: encoded.version,
            recorded_at: envelope(1).recorded_at,
            data: encoded.data,
            metadata: b"{}".to_vec(),
        };
        store.append(&stream, Expected::Any, vec![event]).unwrap();
    }
    let mut one_by_one = Vec::new();
    let wanted = |event: &RawEvent<'_>| !event.position.0.is_multiple_of(3);
    let end = read_on(&store, None, &mut |read| match &read {
        reading::Read::Event(event) if !wanted(event) => {}
        reading::Read::Event(_) | reading::Read::Damaged(..) => one_by_one.push(Shown::of(read)),
    });
    let mut shown = Vec::new();
    let through = read_through(&store, &wanted, &mut |place| shown.push(place)).unwrap();
    assert_eq!(through, end.unwrap());
    assert!(through.is_some_and(|end| end.0 > 5_000));
    assert!(shown.iter().any(|place| place.says.is_err()));
    assert_eq!(shown, one_by_one);
}

#[test]
fn terms_as_of_a_day_are_those_of_the_whole_book_of_that_day_also_when_more_is_recorded() {
    let store = Arc::new(store_of(municipality(1, 1_000)));
    let (id, event): Fact = counted(1, INHABITANTS, "2023-04-01", 1_010);
    record(store.as_ref(), id, &event, &at("2023-05-24T22:30:00Z"));
    let ledger = Ledger::open(Arc::<_>::clone(&store) as Arc<dyn EventStore>).unwrap();
    let known_on = |on: &str| {
        let (terms, whole) = (ledger.terms_as_of(day(on)), ledger.as_of(day(on)).unwrap());
        assert_eq!(terms.book.parties, whole.book.parties, "{on}");
        (!whole.book.parties.is_empty()).then(|| inhabitants(&terms, 1))
    };
    assert_eq!(known_on("2023-01-01"), None);
    assert_eq!(known_on("2023-05-24").as_deref(), Some("1000"));
    assert_eq!(known_on("2023-05-25").as_deref(), Some("1010"));
    // Something is recorded with a day that was looked at before.
    let (id, event) = counted(1, INHABITANTS, "2023-04-02", 1_015);
    record(store.as_ref(), id, &event, &Envelope { command_id: Uuid::from_u128(2), ..at("2023-05-25T10:00:00Z") });
    ledger.catch_up().unwrap();
    assert_eq!(known_on("2023-05-25").as_deref(), Some("1015"));
    assert_eq!(known_on("2023-05-24").as_deref(), Some("1000"));
}

#[test]
fn what_was_outstanding_on_a_day_is_that_of_the_whole_book_of_that_day() {
    let store = Arc::new(store_of(municipality(1, 1_000)));
    // By a payment for each amount, all at once.
    let paid = |invoice: u128, amounts: &[i64]| {
        let matches = (invoice * 10..).zip(amounts).map(|(payment, amount)| Match {
            payment: PaymentId(nth(payment)),
            invoice: InvoiceId(nth(invoice)),
            amount_ore: Ore(*amount),
        });
        let matched = Matched { matches: matches.collect(), by: MatchedBy::Hand, on: day("2024-02-01") };
        (ACCOUNT.0, Event::Payments(PaymentsEvent::Matched(matched)))
    };
    let facts = [
        ("2024-01-05T10:00:00Z", issued(1, 1, 60_000)),
        ("2024-01-05T10:00:01Z", issued(2, 2, 10_000)),
        ("2024-01-20T23:30:00Z", paid(1, &[25_000])),
        ("2024-02-10T10:00:00Z", issued(3, 1, 7_000)),
        ("2024-02-20T10:00:00Z", paid(2, &[10_000])),
        ("2024-03-01T10:00:00Z", paid(1, &[30_000, 12_000])),
    ];
    let (before, after) = facts.split_at(3);
    let recorded = |facts: &[(&str, Fact)], from: u128| {
        for (number, (instant, (id, event))) in (from..).zip(facts) {
            let envelope = Envelope { command_id: Uuid::from_u128(number), ..at(instant) };
            record(store.as_ref(), *id, event, &envelope);
        }
    };
    recorded(before, 100);
    let ledger = Ledger::open(Arc::<_>::clone(&store) as Arc<dyn EventStore>).unwrap();
    recorded(after, 200);
    ledger.catch_up().unwrap();
    let mut seen = Vec::new();
    for on in ["2024-01-04", "2024-01-05", "2024-01-20", "2024-01-21", "2024-02-15", "2024-02-29", "2024-03-02"] {
        let whole = ledger.as_of(day(on)).unwrap();
        let expected = owed_in_all(&whole.book, day(on));
        assert_eq!(owed_as_kept(&ledger.now(), day(on)), expected, "{on}");
        seen.push(expected.values().map(|sum| sum.0).sum::<i64>());
    }
    assert_eq!(seen, [0, 70_000, 70_000, 45_000, 52_000, 42_000, 0]);
}

#[test]
fn where_a_stream_begins_and_ends_is_known() {
    let store = Arc::new(store_of(municipality(1, 1_000)));
    let (id, event): Fact = counted(1, INHABITANTS, "2023-04-01", 1_010);
    let ledger = Ledger::open(Arc::<_>::clone(&store) as Arc<dyn EventStore>).unwrap();
    record(store.as_ref(), id, &event, &envelope(9));
    ledger.catch_up().unwrap();
    let history = ledger.history(StreamKind::Party, id).unwrap();
    let place = ledger.now().places[&id];
    assert_eq!(Some(place.first), history.first().map(|event| event.position));
    assert_eq!(Some(place.last), history.last().map(|event| event.position));
}

#[test]
fn the_history_of_a_stream_since_a_position_is_its_end() {
    let store = Arc::new(store_of(municipality(1, 1_000)));
    let ledger = Ledger::open(Arc::<_>::clone(&store) as Arc<dyn EventStore>).unwrap();
    let since = |seen| {
        let found = ledger.history_since(StreamKind::Party, party(1).0, Position(seen)).unwrap();
        found.into_iter().map(|event| event.position.0).collect::<Vec<_>>()
    };
    let seen = ledger.reached();
    assert_eq!(since(seen), [0; 0]);
    for value in 1_001..1_101 {
        ledger.carry_out(&measure(value), &envelope(u128::try_from(value).unwrap()), None).unwrap();
    }
    assert_eq!(since(seen), (seen + 1..=seen + 100).collect::<Vec<_>>());
    assert_eq!(since(seen + 98), [seen + 99, seen + 100]);
}

/// What happens to three invoices: they are reminded of, paid, credited, and sent.
fn after_issue() -> Vec<Fact> {
    let (first, second, third) = (0, 1, 2);
    let mut kept = Bookkeeping::begun();
    kept.invoice(54, 1, VatTreatment::Resale, &[(60_000, 25)]);
    kept.invoice(54, 2, VatTreatment::OutsideScope, &[(10_000, 0)]);
    kept.invoice(55, 1, VatTreatment::OutsideScope, &[(5_000, 0)]);
    let booked = ["2023-12-10", "2023-12-12"];
    let (on, reason) = (day("2024-01-20"), || "Feil".to_owned());
    assert!(kept.remind(first, Some(3_800), true));
    assert!(kept.pay(20_000, Some(first), booked));
    assert!(kept.waive(first, "2024-01-10"));
    assert!(kept.pay(9_000, None, booked));
    assert!(kept.pay(10_000, Some(second), booked));
    assert!(kept.credit(second, CreditExtent::Whole), "what was paid is to be paid back");
    assert!(kept.let_pay(1, third, "2024-01-15"));
    let invoice = InvoiceId(nth(402));
    assert!(kept.about(1, |payment| PaymentsCommand::Unmatch { payment, invoice, reason: reason(), on }));
    assert!(kept.about(1, |payment| PaymentsCommand::Return { payment, reference: reason(), on }));
    assert!(kept.pay(-20_000, None, booked));
    let reversal = PaymentId(nth(5_003));
    let invoice = InvoiceId(nth(400));
    assert!(kept.about(0, |payment| PaymentsCommand::Unmatch { payment, invoice, reason: reason(), on }));
    assert!(kept.about(0, |payment| PaymentsCommand::Reverse { payment, reversal, on }));
    let note = kept.book.credit_notes_of(InvoiceId(nth(401)))[0].credit_note.0;

    let message_id = || "<1@fylke.example>".to_owned();
    let accepted = || MailAccepted { message_id: message_id(), reply: "250 OK".to_owned(), on };
    let stated = |arrived| MailOutcomeStated {
        arrived,
        role: "økonomisjef".to_owned(),
        person: PersonId(nth(70)),
        reason: reason(),
        on,
    };
    let unknown = || MailOutcomeUnknown { attempt: 1, said: "timeout".to_owned(), on };
    let sent = [
        (nth(400), DeliveryEvent::MailAccepted(accepted())),
        (nth(401), DeliveryEvent::MailOutcomeUnknown(unknown())),
        (nth(401), DeliveryEvent::MailOutcomeStated(stated(false))),
        (nth(402), DeliveryEvent::MailOutcomeUnknown(unknown())),
        (nth(402), DeliveryEvent::MailOutcomeStated(stated(true))),
        (note, DeliveryEvent::MailAccepted(accepted())),
    ];
    let sent = sent.into_iter().map(|(letter, event)| (letter, Event::Delivery(event)));
    kept.events.into_iter().chain(sent).collect()
}

/// What each party owes, by looking through everything.
fn owed_in_all(book: &Book, on: NaiveDate) -> BTreeMap<PartyId, Ore> {
    let mut owed: BTreeMap<PartyId, Ore> = BTreeMap::new();
    for receivable in receivables(book, on) {
        *owed.entry(receivable.party).or_default() += receivable.outstanding_ore;
    }
    owed.retain(|_, sum| *sum != Ore::ZERO);
    owed
}

/// The same as it is kept.
fn owed_as_kept(followed: &Followed, on: NaiveDate) -> BTreeMap<PartyId, Ore> {
    let mut owed: BTreeMap<PartyId, Ore> = BTreeMap::new();
    for kept in followed.owed.at_end_of(on) {
        *owed.entry(kept.owner.recipient()).or_default() += kept.outstanding_ore;
    }
    owed.retain(|_, sum| *sum != Ore::ZERO);
    owed
}

#[test]
fn what_is_kept_is_what_one_finds_by_looking_through_everything_after_every_event_whichever_is_erased() {
    let facts = after_issue();
    let now = "2024-06-01T10:00:00Z".parse().unwrap();
    let mut was_arrived = 0;
    for erased in std::iter::once(None).chain((0..facts.len()).map(Some)) {
        let mut followed = Followed::default();
        let mut days = Vec::new();
        for (number, (id, event)) in facts.iter().enumerate() {
            let on = day("2024-01-01") + chrono::Days::new(number as u64);
            let shown = Shown {
                position: Position(number as u64 + 1),
                recorded_at: noon(on),
                stream: Some((*id, 0)),
                says: Ok((erased != Some(number)).then(|| (*id, event.clone()))),
                may_be_kept: false,
            };
            followed.take_in(&shown);
            let (book, after) = (&followed.book, format!("after {event:?}, without {erased:?}"));
            let mut owed = receivables(book, on);
            owed.retain(|owed| owed.outstanding_ore != Ore::ZERO);
            assert_eq!(open_receivables(book, on), owed, "{after}");
            let mut came_in = payments(book);
            came_in.retain(|payment| payment.open_ore != Ore::ZERO);
            assert_eq!(open_payments(book), came_in, "{after}");
            let (have_arrived, left): (Vec<Letter>, Vec<Letter>) =
                letters(book, now).into_iter().partition(Letter::is_done);
            assert_eq!(waiting(book, now), left, "{after}");
            was_arrived = arrived(book).by_owner.iter().map(|(_, count)| count).sum();
            assert_eq!(was_arrived, have_arrived.len(), "{after}");
            days.push((on, owed_in_all(book, on)));
            assert_eq!(owed_as_kept(&followed, on), days[number].1, "{after}");
        }
        for (on, owed) in days {
            assert_eq!(owed_as_kept(&followed, on), owed, "{on}, without {erased:?}");
        }
    }
    assert_eq!(was_arrived, 2, "without the last one");
}

#[test]
fn how_long_a_stream_is_counts_what_is_not_followed_and_what_was_erased_or_cannot_be_read() {
    // It rests on the agreement of the other procurement as on a run of it.
    let of_other = |(series, event): Fact| {
        let Event::Series(SeriesEvent::Issued(issued)) = event else { panic!("an invoice") };
        (
            series,
            Event::Series(SeriesEvent::Issued(Arc::new(Issued {
                run: InvoiceRunId(nth(2_001)),
                ..issued.as_ref().clone()
            }))),
        )
    };
    let other = [opened(true), committed(1)].map(of_another);
    let series = [of_other(issued(1, 1, 100)), of_other(issued(2, 1, 100)), issued(3, 1, 100)];
    let id = series[0].0;
    let store = Arc::new(store_of([opened(true)].into_iter().chain(other).chain(series)));
    let ledger = Ledger::open_for(Arc::<_>::clone(&store) as Arc<dyn EventStore>, &[PROCUREMENT.to_string()]).unwrap();
    let place = ledger.now().places[&id];
    assert_eq!((place.length, ledger.now().version(id)), (3, Some(2)));
    let mut backwards = Backwards::through(store.as_ref(), [Through { kind: StreamKind::Series, id, place }], u64::MAX);
    assert_eq!(backwards.next_event().unwrap().map(|event| event.position), Some(place.last));

    let mut followed = Followed::default();
    for (version, says) in (0..).zip([Ok(Some(issued(1, 1, 100))), Ok(None), Err("unreadable".to_owned())]) {
        let (position, recorded_at) = (Position(version + 1), envelope(1).recorded_at);
        followed.take_in(&Shown { position, recorded_at, stream: Some((id, version)), says, may_be_kept: false });
    }
    assert_eq!(followed.places[&id], StreamPlace { first: Position(1), last: Position(3), length: 3 });
}

/// The same fact of another procurement.
fn of_another(fact: Fact) -> Fact {
    let other = ProcurementId(nth(2_000));
    if let Event::Procurement(ProcurementEvent::Opened(opened)) = fact.1 {
        let opened = procurement::Opened { procurement: other, name: "Den andre".to_owned(), ..opened };
        (other.0, ProcurementEvent::Opened(opened).into())
    } else if let Event::Agreement(AgreementEvent::Drafted(drafted)) = fact.1 {
        let drafted = Drafted { procurement: other, agreement: AgreementId(nth(2_001)), ..drafted };
        (nth(2_001), AgreementEvent::Drafted(drafted).into())
    } else {
        fact
    }
}

#[test]
fn who_serves_one_procurement_knows_nothing_of_another_and_comes_to_the_end_all_the_same() {
    let facts = || [vec![opened(true)], vec![committed(1)]].concat();
    let of_other = || facts().into_iter().map(of_another);
    let parties = [county(), municipality(1, 1_000)].concat();
    let store = Arc::new(store_of(parties.into_iter().chain(facts()).chain(of_other())));
    let whole = Ledger::open(Arc::<_>::clone(&store) as Arc<dyn EventStore>).unwrap();
    let head = whole.reached();
    for (named, served) in [("Den andre", ProcurementId(nth(2_000))), (&*PROCUREMENT.to_string(), PROCUREMENT)] {
        let log = Arc::<_>::clone(&store) as Arc<dyn EventStore>;
        let some = Ledger::open_for(log, &[named.to_owned()]).unwrap();
        assert_eq!(some.reached(), head, "{named}");
        let known = some.now();
        assert_eq!(known.book.procurements.keys().collect::<Vec<_>>(), [&served]);
        assert_eq!(known.book.agreements.len(), 1);
        assert_eq!(known.book.parties.len(), whole.now().book.parties.len(), "parties are everybody's");
        assert_eq!(some.left_out(named), None);
    }
    let log = Arc::<_>::clone(&store) as Arc<dyn EventStore>;
    let some = Ledger::open_for(log, &[PROCUREMENT.to_string()]).unwrap();
    for called in ["Den andre".to_owned(), nth(2_000).to_string(), nth(2_001).to_string()] {
        assert_eq!(some.left_out(&called).as_deref(), Some("Den andre"), "{called}");
    }
    let wish =
        Wish::Agreement(AgreementId(nth(2_001)), AgreementCommand::Send { on: day("2022-11-02"), answer_by: None });
    let refused = some.carry_out(&wish, &envelope(7), None).unwrap_err();
    let said =
        "it is of the procurement Den andre, which this instance does not serve (data.procurements); ask one that does";
    assert!(with_sources(&refused).ends_with(said), "{}", with_sources(&refused));
    let refused = some.carry_out_together(&[(wish, envelope(8))]).unwrap_err();
    assert!(with_sources(&refused).ends_with(said), "{}", with_sources(&refused));
    let about_all =
        "it is about all procurements, and this instance serves some (data.procurements); ask one that serves all";
    let succeed =
        PartyCommand::Succeed { successors: vec![party(55)], on: day("2024-01-01"), reference: "Vedtak".to_owned() };
    let refused = some.carry_out_together(&[(Wish::Party(party(54), succeed), envelope(9))]).unwrap_err();
    assert!(with_sources(&refused).ends_with(about_all), "{}", with_sources(&refused));
    assert_eq!(some.follows_all().unwrap_err().to_string(), about_all);
    assert_eq!(store.head().unwrap().map(|head| head.0), Some(head), "nothing is written");
    let of_another = |event: &Recorded| !some.shows(event);
    assert_eq!(store.read_all(None, 1_000).unwrap().iter().filter(|event| of_another(event)).count(), 2);
    let refused = Ledger::open_for(store, &["Nei".to_owned()]).err().unwrap().to_string();
    assert!(refused.starts_with("there is no procurement Nei in the log; there are"), "{refused}");
}

/// A log that says when it is read, and answers when it is let go; not any longer where nobody can let it go.
struct Slow {
    log: Arc<MemoryStore>,
    asked: SyncSender<()>,
    let_go: Mutex<Receiver<()>>,
}

impl EventStore for Slow {
    fn capabilities(&self) -> Capabilities {
        self.log.capabilities()
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.log.append(stream, expected, events)
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        self.log.read_stream(stream, from_version, max)
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        self.asked.send(()).unwrap();
        let let_go = self.let_go.lock().unwrap().recv();
        let_go.map_err(|gone| ReadError::Unanswered { source: Arc::new(gone) })?;
        self.log.read_all(after, max)
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        self.log.head()
    }

    fn wake(&self) -> Wake {
        self.log.wake()
    }
}

#[test]
fn what_is_known_can_be_asked_for_while_the_log_takes_its_time() {
    let log = Arc::new(store_of(municipality(1, 1_000)));
    let ((asked, is_asked), (let_go, lets_go)) = (mpsc::sync_channel(100), mpsc::channel());
    // The two pages of the start: all of it, and the end.
    [(); 2].iter().for_each(|()| let_go.send(()).unwrap());
    let ledger = Ledger::open(Arc::new(Slow { log: Arc::clone(&log), asked, let_go: Mutex::new(lets_go) })).unwrap();
    is_asked.try_iter().for_each(drop);
    let (id, event): Fact = counted(1, INHABITANTS, "2023-04-01", 1_010);
    record(log.as_ref(), id, &event, &envelope(2));
    std::thread::scope(|scope| {
        let follower = scope.spawn(|| ledger.catch_up());
        is_asked.recv().unwrap();
        let known = ledger.followed.try_read().ok().map(|followed| inhabitants(&followed, 1));
        [(); 2].iter().for_each(|()| let_go.send(()).unwrap());
        follower.join().unwrap().unwrap();
        assert_eq!(known.as_deref(), Some("1000"));
    });
    assert_eq!(inhabitants(&ledger.now(), 1), "1010");
}

#[test]
fn a_stream_goes_on_where_the_content_of_one_of_its_events_was_erased() {
    let directory = TestDirectory::new();
    let store = SqliteStore::open(directory.path()).unwrap();
    for (number, (id, event)) in (1_000_000..).zip(municipality(1, 1_000)) {
        record(&store, id, &event, &envelope(number));
    }
    let last = store.head().unwrap().unwrap();
    store.erase_payload(last).unwrap();

    let ledger = Ledger::open(Arc::new(store)).unwrap();
    let erased = Some(last.0 - 1);
    assert_eq!(ledger.now().version(party(1).0), erased);
    let measured = ledger.carry_out(&measure(1_010), &envelope(1), erased).unwrap();
    assert_eq!((measured.version, inhabitants(&ledger.now(), 1)), (Some(last.0), "1010".to_owned()));
    let at_once = ledger.carry_out_as_known(&measure(1_020), &envelope(2)).unwrap();
    assert_eq!((at_once.version, inhabitants(&ledger.now(), 1)), (Some(last.0 + 1), "1020".to_owned()));
    let together = [(measure(1_030), envelope(3)), (measure(1_040), envelope(4))];
    assert_eq!(ledger.carry_out_all(&together).unwrap(), 2);
    assert_eq!(inhabitants(&ledger.now(), 1), "1040");
    assert_eq!(ledger.terms_as_of(day("2023-12-31")).version(party(1).0), Some(last.0 + 3));
}

#[test]
fn what_was_written_is_said_to_be_written_where_the_log_falls_silent_afterwards() {
    let log = Arc::new(store_of(municipality(1, 1_000)));
    let ((asked, _is_asked), (let_go, lets_go)) = (mpsc::sync_channel(100), mpsc::channel());
    [(); 2].iter().for_each(|()| let_go.send(()).unwrap());
    let ledger = Ledger::open(Arc::new(Slow { log: Arc::clone(&log), asked, let_go: Mutex::new(lets_go) })).unwrap();
    drop(let_go);
    let head = log.head().unwrap().unwrap().0;
    assert_eq!(ledger.carry_out(&measure(1_010), &envelope(1), None).unwrap().position, Some(Position(head + 1)));
    assert_eq!(ledger.carry_out_all(&[(measure(1_020), envelope(2))]).unwrap(), 1);
    assert_eq!(ledger.carry_out_together(&[(measure(1_030), envelope(3))]).unwrap(), 1);
    let known = ledger.now().version(party(1).0);
    assert_eq!((log.head().unwrap(), known), (Some(Position(head + 3)), Some(head - 1)), "the book comes after later");
    assert_eq!(
        (ledger.reached(), ledger.extends_to()),
        (head, head + 3),
        "who reads elsewhere waits for what was written"
    );
    // By what is known no longer, nothing is written.
    let behind = ledger.carry_out_as_known(&measure(1_040), &envelope(4)).unwrap_err();
    assert!(matches!(behind, LedgerError::Handle(HandleError::Contended)), "{behind}");
}
