//! Letters with prebills: sent like those with invoices, each once.

use expect_test::expect;

use super::*;
use crate::archive;
use crate::domain::delivery::MailOutcomeStated;
use crate::domain::invoice_run::{InRole, ObjectionOutcome};
use crate::process::approval::{self, Answer};
use crate::process::invoice_plan::{AccountOf, Wording};
use crate::view::outbox::LetterKind;

/// The same house where the run waits for approval, and a prebill is to be sent.
fn prebilled() -> House {
    let house = House::planned();
    for number in [1, 2] {
        house.contact(number, Some(&format!("faktura@kommune{number}.example")));
    }
    let until = day("2023-11-28");
    let command = approval::prebill(&house.ledger.now().book, RUN, until, day("2023-11-16"), &ids::derived);
    house.wish(10, &Wish::InvoiceRun(RUN, command));
    house
}

fn states(house: &House) -> Vec<(String, LetterState)> {
    letters(&house.ledger.now().book, house.clock.now())
        .into_iter()
        .map(|letter| (letter.recipient, letter.state))
        .collect()
}

/// The run is given up, as its people would.
fn discard(house: &House) {
    let on = day("2023-11-20");
    let command = approval::discard(&house.ledger.now().book, RUN, on, &ids::derived);
    house.wish(20, &Wish::InvoiceRun(RUN, command));
}

#[test]
fn each_participant_gets_the_same_calculation_once() {
    let house = prebilled();
    let mail = MemoryTransport::default();
    let done = house.work(&mail).unwrap();
    assert_eq!(done, Done { rendered_count: 1, mailed_count: 2, ..Done::default() }, "one document for all");
    let of = |number: u32| format!("Kommune {number}");
    assert_eq!(states(&house), [(of(1), LetterState::Accepted), (of(2), LetterState::Accepted)]);
    let archived = std::fs::read_dir(house.archive()).unwrap().count();
    let messages = mail.messages();
    assert_eq!((archived, messages.len()), (1, 2));
    let text = String::from_utf8_lossy(&messages[0].bytes).into_owned();
    assert!(text.contains("filename=\"forhandsvarsel.pdf\""), "{text}");
    assert_eq!(house.work(&mail).unwrap(), Done::default(), "and then there is nothing to do");
}

/// The letter that was being sent waits for a person, and the other goes out.
fn killed_while_sending_and_begun_again(house: &mut House, mail: &MemoryTransport) {
    killed_while_sending(house, mail);
    house.ledger = Ledger::open(Arc::clone(house.ledger.store())).unwrap();
    let again = Scripted::new(mail, |_| accepted());
    assert_eq!(house.work(&again).unwrap(), Done { mailed_count: 1, ..Done::default() });
    house.clock.0 += chrono::TimeDelta::minutes(6);
    assert_eq!(house.work(&again).unwrap(), Done { parked_count: 1, ..Done::default() });
}

#[test]
fn killed_between_sending_and_recording_nobody_gets_the_prebill_twice() {
    let mut house = prebilled();
    let mail = MemoryTransport::default();
    killed_while_sending_and_begun_again(&mut house, &mail);
    assert_eq!(mail.messages().len(), 2, "one letter each");
}

#[test]
fn the_prebill_of_a_discarded_run_is_not_sent_and_nobody_is_told_that_it_is_withdrawn() {
    let house = prebilled();
    discard(&house);
    assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done::default());
    assert_eq!(states(&house), []);
}

#[test]
fn what_a_recipient_lacks_parks_its_own_letter_alone() {
    let house = prebilled();
    house.contact(1, None);
    let done = house.work(&MemoryTransport::default()).unwrap();
    assert_eq!((done.mailed_count, done.parked_count), (1, 1));
    assert_eq!(house.reason(), "the finance contact of Kommune 1 has no e-mail address");
}

#[test]
fn an_objection_is_answered_by_a_letter_whatever_becomes_of_the_run() {
    let house = prebilled();
    let mail = MemoryTransport::default();
    house.work(&mail).unwrap();
    let (party, on) = (party(2), day("2023-11-20"));
    let text = "Vi har færre innbyggere enn dere regner med.".to_owned();
    house.wish(11, &Wish::InvoiceRun(RUN, InvoiceRunCommand::RecordObjection { party, text, reference: None, on }));
    let (outcome, text) = (ObjectionOutcome::Upheld, "Tallet var fra året før.".to_owned());
    let by = InRole { role: "økonomisjef".to_owned(), person: PersonId(nth(63)) };
    let answer = Answer { objection: 1, outcome, text, by, on };
    let account_of: AccountOf<'_> = &|_| String::new();
    let around: (&dyn Wording, AccountOf<'_>) = (&NorwegianWording, account_of);
    let command = approval::answer(&house.ledger.now().book, RUN, answer, around, &ids::derived);
    house.wish(12, &Wish::InvoiceRun(RUN, command));
    house.wish(13, &Wish::InvoiceRun(RUN, InvoiceRunCommand::Discard { issued: vec![], letters: vec![], on }));
    let done = house.work(&mail).unwrap();
    assert_eq!(done, Done { rendered_count: 1, mailed_count: 1, ..Done::default() });
    let sent = mail.messages().pop().unwrap();
    assert!(String::from_utf8_lossy(&sent.bytes).contains("faktura@kommune2.example"));
    let kept = {
        let book = &house.ledger.now().book;
        let answered = book.runs.get(&RUN).unwrap().planned().unwrap().objections[0].answered.clone().unwrap();
        book.deliveries.get(&answered.letter.unwrap()).unwrap().rendered.clone().unwrap()
    };
    let text = archive::kept(&house.archive(), &kept.sha256, &kept.media_type).unwrap();
    expect![[r"
        Svar på innsigelse: Felles biblioteksystem, 01.01.2023 – 31.12.2023

        Til Kommune 2

        *** Oppdiktede beløp – kun til illustrasjon ***

        Den 20. november 2023 kom dere med en innsigelse mot beregningen for 01.01.2023 – 31.12.2023 i Felles biblioteksystem:

        «Vi har færre innbyggere enn dere regner med.»

        Innsigelsen er tatt til følge. Dere får en ny beregning.

        Tallet var fra året før.

        Med vennlig hilsen
        Fylket
    "]].assert_eq(&String::from_utf8(text).unwrap());
    assert_eq!(house.work(&mail).unwrap(), Done::default(), "and then there is nothing to do");
}

#[test]
fn who_was_sent_the_prebill_is_told_once_that_it_is_withdrawn() {
    let house = prebilled();
    house.contact(1, None);
    let mail = MemoryTransport::default();
    let done = house.work(&mail).unwrap();
    assert_eq!((done.mailed_count, done.parked_count), (1, 1));
    discard(&house);
    let done = house.work(&mail).unwrap();
    assert_eq!(done, Done { rendered_count: 1, mailed_count: 1, ..Done::default() }, "only who was sent the prebill");
    let letter = {
        let book = &house.ledger.now().book;
        let InvoiceRun::Discarded(_, discarded) = &book.runs[&RUN] else { panic!("it is given up") };
        assert_eq!(discarded.letters.iter().map(|letter| letter.party).collect::<Vec<_>>(), [party(2)]);
        discarded.letters[0].letter
    };
    let sent = mail.messages().pop().unwrap();
    assert!(sent.message_id.starts_with(&format!("<{letter}@")), "{}", sent.message_id);
    assert_eq!(sent.envelope.to()[0].to_string(), "faktura@kommune2.example");
    let kept = house.ledger.now().book.deliveries[&letter].rendered.clone().unwrap();
    let text = archive::kept(&house.archive(), &kept.sha256, &kept.media_type).unwrap();
    expect![[r"
        Trukket tilbake: beregningen for 01.01.2023 – 31.12.2023 i Felles biblioteksystem

        Til Kommune 2

        *** Oppdiktede beløp – kun til illustrasjon ***

        Forhåndsvarselet av 16. november 2023 med beregningen for 01.01.2023 – 31.12.2023 i Felles biblioteksystem er trukket tilbake. Ingenting blir fakturert etter den beregningen.

        Dere trenger ikke å svare på varselet. Det kan komme en ny beregning.

        Med vennlig hilsen
        Fylket
    "]].assert_eq(&String::from_utf8(text).unwrap());
    let kinds: Vec<LetterKind> =
        letters(&house.ledger.now().book, house.clock.now()).iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, [LetterKind::Prebill, LetterKind::Withdrawal]);
    assert_eq!(house.work(&mail).unwrap(), Done::default(), "and then there is nothing to do");
}

#[test]
fn who_may_have_got_the_prebill_by_an_earlier_attempt_is_told_that_it_is_withdrawn() {
    let house = prebilled();
    let mail = MemoryTransport::default();
    let silent = Scripted::new(&mail, |_| Outcome::Unknown("no answer after the letter".to_owned()));
    assert_eq!(house.work(&silent).unwrap().parked_count, 2);
    let prebills = {
        let known = house.ledger.now();
        known.book.runs[&RUN].planned().unwrap().prebilled.clone().unwrap().letters
    };
    let ask_again = |number: usize| {
        let (requested, at) = (MailRetryRequested { on: day("2023-11-17") }, house.clock.now());
        let again = DeliveryCommand::RequestRetry { requested, at };
        house.wish(30 + number as u128, &Wish::Delivery(prebills[number].letter, again));
    };
    // One is put off since, and the other was not tried again yet.
    ask_again(0);
    let put_off = Scripted::new(&mail, |_| Outcome::Deferred(reply("451 later")));
    assert_eq!(house.work(&put_off).unwrap().deferred_count, 1);
    ask_again(1);
    discard(&house);
    let book = &house.ledger.now().book;
    let InvoiceRun::Discarded(_, discarded) = &book.runs[&RUN] else { panic!("it is given up") };
    assert_eq!(discarded.letters.iter().map(|letter| letter.party).collect::<Vec<_>>(), [party(1), party(2)]);
}

#[test]
fn who_says_that_the_prebill_did_not_arrive_is_not_told_that_it_is_withdrawn() {
    let house = prebilled();
    let mail = MemoryTransport::default();
    let silent = Scripted::new(&mail, |_| Outcome::Unknown("no answer after the letter".to_owned()));
    assert_eq!(house.work(&silent).unwrap().parked_count, 2);
    let letter = house.ledger.now().book.runs[&RUN].planned().unwrap().prebilled.as_ref().unwrap().letters[0].letter;
    let (role, person, reason) = ("regnskapsfører".to_owned(), PersonId(nth(64)), "Ringte postmottaket".to_owned());
    let stated = MailOutcomeStated { arrived: false, role, person, reason, on: day("2023-11-17") };
    let at = house.clock.now();
    house.wish(30, &Wish::Delivery(letter, DeliveryCommand::StateOutcome { stated, at }));
    discard(&house);
    let book = &house.ledger.now().book;
    let InvoiceRun::Discarded(_, discarded) = &book.runs[&RUN] else { panic!("it is given up") };
    assert_eq!(discarded.letters.iter().map(|letter| letter.party).collect::<Vec<_>>(), [party(2)]);
}

#[test]
fn killed_between_sending_and_recording_nobody_is_told_twice_that_it_is_withdrawn() {
    let mut house = prebilled();
    let mail = MemoryTransport::default();
    house.work(&mail).unwrap();
    discard(&house);
    killed_while_sending_and_begun_again(&mut house, &mail);
    let of_each: BTreeSet<String> = mail.messages().iter().map(|message| message.message_id.clone()).collect();
    assert_eq!((mail.messages().len(), of_each.len()), (4, 4), "a prebill and a withdrawal each");
}
