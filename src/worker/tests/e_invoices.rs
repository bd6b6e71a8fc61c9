//! E-invoices: beside every letter, and laid out for the access point.

use std::collections::BTreeMap;

use super::*;
use crate::archive;
use crate::domain::delivery::{
    DeliveryCommand, EInvoiceLayingStarted, EInvoiceOutcomeStated, EInvoicing, MailRetryRequested, StartLaying,
};
use crate::domain::identity::SeriesId;
use crate::domain::invoice_run::PlannedInvoice;
use crate::domain::kid::KidScheme;
use crate::domain::series::SeriesCommand;
use crate::domain::supplier_invoice::Attachment;
use crate::domain::testing::invoices::{issuer, line, planned, recipient};
use crate::domain::vat::{DocumentKind, VatTreatment};
use crate::store::testing::BeforeAppends;
use crate::store::{AppendError, EventStore};
use crate::view::outbox::EInvoiceState;

impl House {
    fn outgoing(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(&self.settings.ehf.outgoing) else { return vec![] };
        let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn e_invoice(&self, number: u64) -> (EInvoiceState, Option<String>) {
        let letters = letters(&self.ledger.now().book, self.clock.now());
        let letter = letters.into_iter().find(|letter| letter.number == Some(number)).unwrap();
        (letter.e_invoice, letter.e_invoice_said)
    }

    /// Issues an invoice that no plan would hold any longer; its number is 542 300 001.
    fn issue(&self, invoice: PlannedInvoice) -> InvoiceId {
        let id = invoice.invoice;
        let (series, opened) = series_of(&issuer(54), 2023).unwrap();
        let kid: KidScheme = self.settings.kid;
        let issue = SeriesCommand::Issue {
            run: RUN,
            kid,
            issuer: issuer(54),
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-11-15"),
            due_date: day("2023-12-15"),
            invoice: Box::new(invoice),
        };
        let series: SeriesId = series;
        self.wish(10, &Wish::Series(series, SeriesCommand::Open(opened)));
        self.wish(11, &Wish::Series(series, issue));
        id
    }

    /// A claim of the first municipality that carries a supplier's invoice of this hash.
    fn issue_claim(&self, sha256: &str) -> InvoiceId {
        let mut share = line(1, 100_003);
        share.vat_percent = rust_decimal::Decimal::ZERO;
        share.passed_on_vat_ore = Some(crate::domain::money::Ore(25_001));
        let attachment =
            Attachment { sha256: sha256.to_owned(), file_name: "L-1.pdf".to_owned(), media_type: PDF.to_owned() };
        let claim = PlannedInvoice {
            kind: DocumentKind::Claim,
            treatment: VatTreatment::CostSharing,
            recipient: recipient(1),
            attachments: vec![attachment],
            ..planned(400, vec![share])
        };
        self.issue(claim.summed())
    }
}

#[test]
fn every_letter_carries_the_e_invoice_that_is_laid_out_for_the_access_point() {
    let house = House::with_contacts();
    let mail = MemoryTransport::default();
    assert_eq!(house.work(&mail).unwrap().placed_count, 2);
    assert_eq!(house.outgoing(), ["542300001.xml", "542300002.xml"]);
    assert_eq!(house.e_invoice(FIRST), (EInvoiceState::Placed, Some("542300001.xml".to_owned())));
    for (number, letter) in [FIRST, SECOND].into_iter().zip(mail.messages()) {
        let xml = std::fs::read(house.settings.ehf.outgoing.join(format!("{number}.xml"))).unwrap();
        assert!(letter_holds(&letter, &format!("{number}.xml")));
        let text = String::from_utf8(xml.clone()).unwrap();
        assert!(text.contains(&format!("filename=\"{number}.pdf\"")), "the document is within");
        let delivery =
            house.ledger.now().book.deliveries[&house.invoice_of(party(u128::from(number - FIRST) + 1))].clone();
        assert_eq!(delivery.e_invoicing.rendered().unwrap().sha256, sha256(&xml));
    }
}

fn letter_holds(letter: &Message, file_name: &str) -> bool {
    String::from_utf8(letter.bytes.clone()).unwrap().contains(&format!("filename=\"{file_name}\""))
}

#[test]
fn the_e_invoice_goes_its_way_whatever_becomes_of_the_letter() {
    let house = House::new();
    let done = house.work(&MemoryTransport::default()).unwrap();
    assert_eq!((done.placed_count, done.mailed_count, done.parked_count), (2, 0, 2));
    assert_eq!(house.outgoing().len(), 2);
}

#[test]
fn a_folder_that_cannot_be_written_to_keeps_no_letter_back_and_is_tried_again() {
    let house = House::with_contacts();
    std::fs::write(&house.settings.ehf.outgoing, b"a file in its place").unwrap();
    let mail = MemoryTransport::default();
    assert!(matches!(house.work(&mail), Err(WorkError::File { .. })));
    assert_eq!(mail.messages().len(), 2);
    assert_eq!(house.e_invoice(FIRST).0, EInvoiceState::Queued);
    std::fs::remove_file(&house.settings.ehf.outgoing).unwrap();
    assert_eq!(house.work(&mail).unwrap(), Done { placed_count: 2, ..Done::default() });
}

/// An access point that takes what is laid out, and counts how often it got what.
#[derive(Default)]
struct AccessPoint(BTreeMap<String, usize>);

impl AccessPoint {
    fn collect(&mut self, house: &House) {
        for name in house
            .outgoing()
            .into_iter()
            .filter(|name| name.strip_suffix(".xml").is_some_and(|number| !number.starts_with('.')))
        {
            std::fs::remove_file(house.settings.ehf.outgoing.join(&name)).unwrap();
            *self.0.entry(name).or_default() += 1;
        }
    }
}

/// How far the worker came with the e-invoice of the first invoice before it was killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KilledBefore {
    /// Its file is ready beside, and not claimed.
    Claimed,
    /// It is claimed, and its file not put in place.
    InPlace,
    /// Its file is in place, and that was not recorded.
    Recorded,
}

impl House {
    /// A house whose worker was killed while it laid out the e-invoice of the first invoice. The other one is laid out.
    fn killed(at: KilledBefore) -> Self {
        let house = Self::with_contacts();
        // A folder in its place stands in the way, so that the worker stops just before.
        let in_the_way = house.settings.ehf.outgoing.join("542300001.xml");
        std::fs::create_dir_all(&in_the_way).unwrap();
        assert!(matches!(house.work(&MemoryTransport::default()), Err(WorkError::File { .. })));
        std::fs::remove_dir(&in_the_way).unwrap();
        assert_eq!(house.outgoing(), ["542300002.xml"]);

        let id = house.invoice_of(party(1));
        let rendered = house.ledger.now().book.deliveries[&id].e_invoicing.rendered().cloned().unwrap();
        let xml = house.tools(&ways_out::Shut(ways_out::silent)).archived(&rendered).unwrap();
        let claim = nth(77);
        let beside = house.settings.ehf.outgoing.join(format!(".542300001.xml.{claim}.part"));
        std::fs::write(&beside, xml).unwrap();
        if at != KilledBefore::Claimed {
            let started = EInvoiceLayingStarted { claim, file_name: "542300001.xml".to_owned() };
            let wished = StartLaying { started, instead_of: None };
            house.wish(77, &Wish::Delivery(id, DeliveryCommand::StartLaying(wished)));
        }
        if at == KilledBefore::Recorded {
            std::fs::rename(beside, in_the_way).unwrap();
        }
        house
    }
}

#[test]
fn a_worker_that_is_killed_while_it_lays_out_an_e_invoice_leaves_no_double_whatever_the_access_point_does() {
    for at in [KilledBefore::Claimed, KilledBefore::InPlace, KilledBefore::Recorded] {
        for takes_it_at_once in [false, true] {
            let house = House::killed(at);
            let mut access_point = AccessPoint::default();
            if takes_it_at_once {
                access_point.collect(&house);
            }
            let done = house.work(&MemoryTransport::default()).unwrap();
            let is_gone = at == KilledBefore::Recorded && takes_it_at_once;
            assert_eq!((done.placed_count, done.unknown_count), (usize::from(!is_gone), usize::from(is_gone)));
            assert_eq!(house.e_invoice(FIRST).0, if is_gone { EInvoiceState::Unknown } else { EInvoiceState::Placed });
            access_point.collect(&house);
            assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done::default(), "nothing is laid out again");
            access_point.collect(&house);
            let once = ["542300001.xml", "542300002.xml"].map(|name| (name.to_owned(), 1));
            assert_eq!(access_point.0, once.into());
            assert!(house.outgoing().is_empty(), "nor does anything lie beside: {:?}", house.outgoing());
        }
    }
}

#[test]
fn an_e_invoice_of_which_nobody_knows_is_shown_until_a_person_has_asked_the_access_point() {
    for arrived in [true, false] {
        let house = House::killed(KilledBefore::Recorded);
        let mut access_point = AccessPoint::default();
        access_point.collect(&house);
        house.work(&MemoryTransport::default()).unwrap();
        let said = house.e_invoice(FIRST).1.unwrap();
        assert_eq!(
            said,
            "the access point may have taken it or not (whoever laid it out was stopped before that was recorded, and the file \
             is there no longer); ask it, and settle it: where it has not arrived, it is laid out again"
        );
        let waits = |house: &House| {
            let waiting = waiting(&house.ledger.now().book, house.clock.now());
            waiting.iter().map(|letter| (letter.number.unwrap(), letter.listed_as())).collect::<Vec<_>>()
        };
        assert_eq!(waits(&house), [(FIRST, LetterState::Unknown)], "though its letter has arrived");
        assert_eq!(house.states(), [(FIRST, LetterState::Accepted), (SECOND, LetterState::Accepted)]);

        let stated = EInvoiceOutcomeStated {
            arrived,
            role: "regnskapsfører".to_owned(),
            person: finance(1),
            reason: "Kvittering i aksesspunktet".to_owned(),
            on: day("2023-11-17"),
        };
        let command = DeliveryCommand::StateEInvoiceOutcome(stated);
        house.wish(78, &Wish::Delivery(house.invoice_of(party(1)), command));
        assert_eq!(house.work(&MemoryTransport::default()).unwrap().placed_count, usize::from(!arrived));
        assert_eq!(waits(&house), []);
        let (state, said) = house.e_invoice(FIRST);
        if arrived {
            let reason = "Kvittering i aksesspunktet (regnskapsfører)".to_owned();
            assert_eq!((state, said), (EInvoiceState::Arrived, Some(reason)));
        } else {
            assert_eq!(state, EInvoiceState::Placed);
        }
    }
}

#[test]
fn a_worker_that_was_only_stopped_puts_nothing_in_place_any_longer_once_another_has_looked() {
    // Given one that was stopped behind its claim, and another that has succeeded it.
    let house = House::killed(KilledBefore::InPlace);
    let beside = house.settings.ehf.outgoing.join(format!(".542300001.xml.{}.part", nth(77)));
    assert!(beside.exists());
    assert_eq!(house.work(&MemoryTransport::default()).unwrap().placed_count, 1);
    // When it goes on, its file is there no longer.
    assert!(!beside.exists());
}

impl House {
    /// Lets this happen at each claim; the log without it.
    fn at_claims(
        &mut self,
        happens: impl Fn() -> Result<(), AppendError> + Send + Sync + 'static,
    ) -> Arc<dyn EventStore> {
        let log = Arc::clone(self.ledger.store());
        let at_claims = BeforeAppends::of(Arc::clone(&log), move |events| {
            let is_claim = events.iter().any(|event| &*event.event_type == "delivery.e-invoice-laying-started");
            if is_claim { happens() } else { Ok(()) }
        });
        self.ledger = Ledger::open(Arc::new(at_claims)).unwrap();
        log
    }
}

#[test]
fn what_was_certainly_never_put_in_place_stays_certain_where_the_next_claim_fails() {
    // Given a worker that was stopped behind its claim, and a log that takes no other.
    let mut house = House::killed(KilledBefore::InPlace);
    let log = house.at_claims(|| Err(AppendError::DiskFull));
    for _round in 0..2 {
        assert!(matches!(house.work(&MemoryTransport::default()), Err(WorkError::Ledger(_))));
        assert_eq!(house.e_invoice(FIRST).0, EInvoiceState::Queued, "nobody is asked");
    }
    assert!(
        !house.outgoing().contains(&format!(".542300001.xml.{}.part", nth(77))),
        "nobody puts it in place any longer"
    );
    // When it takes one again, then the e-invoice is laid out, and nothing stays beside.
    house.ledger = Ledger::open(log).unwrap();
    let done = house.work(&MemoryTransport::default()).unwrap();
    assert_eq!((done.placed_count, done.unknown_count), (1, 0));
    assert_eq!(house.outgoing(), ["542300001.xml", "542300002.xml"]);
}

#[test]
fn what_an_earlier_worker_had_ready_does_not_stay_beside_where_the_next_is_killed_too() {
    for is_in_place in [false, true] {
        // Given one that has taken away what another had ready, and is killed behind its own claim.
        let house = House::killed(KilledBefore::InPlace);
        let beside = |claim, ending| house.settings.ehf.outgoing.join(format!(".542300001.xml.{claim}.{ending}"));
        std::fs::rename(beside(nth(77), "part"), beside(nth(77), "taken")).unwrap();
        let ready =
            if is_in_place { house.settings.ehf.outgoing.join("542300001.xml") } else { beside(nth(78), "part") };
        std::fs::copy(beside(nth(77), "taken"), ready).unwrap();
        let started = EInvoiceLayingStarted { claim: nth(78), file_name: "542300001.xml".to_owned() };
        let wished = StartLaying { started, instead_of: Some(nth(77)) };
        house.wish(78, &Wish::Delivery(house.invoice_of(party(1)), DeliveryCommand::StartLaying(wished)));
        // Then the e-invoice is in place, and nothing beside it.
        assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done { placed_count: 1, ..Done::default() });
        assert_eq!(house.outgoing(), ["542300001.xml", "542300002.xml"]);
    }
}

#[test]
fn a_folder_that_is_not_there_says_nothing_about_what_was_begun_in_it() {
    let house = House::killed(KilledBefore::Recorded);
    let (folder, elsewhere) = (&house.settings.ehf.outgoing, house.directory.path().join("not mounted"));
    std::fs::rename(folder, &elsewhere).unwrap();
    let fault = house.work(&MemoryTransport::default()).unwrap_err();
    assert!(matches!(fault, WorkError::File { .. }), "{fault}");
    assert!(crate::ledger::with_sources(&fault).contains("the folder is not there"), "{fault}");
    assert_eq!(house.e_invoice(FIRST).0, EInvoiceState::Queued);
    assert!(!folder.exists(), "nor is another made in its place");
    std::fs::rename(&elsewhere, folder).unwrap();
    assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done { placed_count: 1, ..Done::default() });
}

#[test]
fn where_the_access_point_takes_what_is_not_ready_it_is_said_what_it_must_leave_alone() {
    let mut house = House::with_contacts();
    let folder = house.settings.ehf.outgoing.clone();
    let log = house.at_claims(move || {
        let files = std::fs::read_dir(&folder).unwrap();
        files.for_each(|file| std::fs::remove_file(file.unwrap().path()).unwrap());
        Ok(())
    });
    let fault = house.work(&MemoryTransport::default()).unwrap_err();
    assert!(matches!(fault, WorkError::TakenAway { .. }), "{fault}");
    assert!(fault.to_string().ends_with("it must leave names alone that begin with a dot"), "{fault}");
    // What it has done with it, it is asked.
    house.ledger = Ledger::open(log).unwrap();
    assert_eq!(house.work(&MemoryTransport::default()).unwrap(), Done { unknown_count: 2, ..Done::default() });
}

#[test]
fn an_e_invoice_is_never_laid_in_the_place_of_another() {
    let house = House::killed(KilledBefore::Recorded);
    let path = house.settings.ehf.outgoing.join("542300001.xml");
    std::fs::write(&path, b"another issuer's").unwrap();
    let fault = house.work(&MemoryTransport::default()).unwrap_err();
    assert!(crate::ledger::with_sources(&fault).ends_with("another e-invoice stands there"), "{fault}");
    assert_eq!(std::fs::read(&path).unwrap(), b"another issuer's");
    assert_eq!(house.e_invoice(FIRST).0, EInvoiceState::Queued, "what became of it is not known yet");
}

#[test]
fn an_invoice_without_reference_goes_out_as_a_letter_alone_and_says_why() {
    let house = House::planned();
    let invoice = house.issue(PlannedInvoice { buyer_reference: None, ..planned(400, vec![line(1, 100_000)]) });
    let mail = MemoryTransport::default();
    let done = house.work(&mail).unwrap();
    assert_eq!(
        (done.rendered_count, done.placed_count, done.parked_count),
        (1, 0, 1),
        "the recipient is in no register"
    );
    let delivery = house.ledger.now().book.deliveries[&invoice].clone();
    let EInvoicing::Omitted(omitted) = &delivery.e_invoicing else { panic!("{delivery:?}") };
    assert!(omitted.reason.contains("buyer reference"), "{}", omitted.reason);
    assert_eq!(house.e_invoice(FIRST), (EInvoiceState::Omitted, Some(omitted.reason.clone())));
    assert!(house.outgoing().is_empty());
}

#[test]
fn a_claim_carries_the_suppliers_invoice_in_the_e_invoice() {
    let house = House::planned();
    let kept = archive::keep(&house.archive(), b"%PDF-1.7 of the supplier", PDF).unwrap();
    house.issue_claim(&kept.sha256);
    house.work(&MemoryTransport::default()).unwrap();
    let xml = std::fs::read_to_string(house.settings.ehf.outgoing.join("542300001.xml")).unwrap();
    assert!(xml.contains("filename=\"L-1.pdf\"") && xml.contains("filename=\"542300001.pdf\""));
}

#[test]
fn a_claim_whose_supplier_invoice_is_lost_waits_until_it_is_attached_again() {
    let house = House::planned();
    let hash = sha256(b"%PDF-1.7 of the supplier");
    let invoice = house.issue_claim(&hash);
    house.work(&MemoryTransport::default()).unwrap();
    assert!(house.reason().starts_with("the supplier's invoice L-1.pdf is not in the archive"), "{}", house.reason());
    archive::keep(&house.archive(), b"%PDF-1.7 of the supplier", PDF).unwrap();
    let retry = MailRetryRequested { on: day("2023-11-17") };
    house.wish(20, &Wish::Delivery(invoice, DeliveryCommand::RequestRetry { requested: retry, at: house.clock.now() }));
    assert_eq!(house.work(&MemoryTransport::default()).unwrap().placed_count, 1);
}
