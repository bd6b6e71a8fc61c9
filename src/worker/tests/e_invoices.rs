//! E-invoices: beside every letter, and laid out for the access point.

use super::*;
use crate::archive;
use crate::domain::delivery::{DeliveryCommand, EInvoicing, MailRetryRequested};
use crate::domain::identity::SeriesId;
use crate::domain::invoice_run::PlannedInvoice;
use crate::domain::kid::KidScheme;
use crate::domain::series::SeriesCommand;
use crate::domain::supplier_invoice::Attachment;
use crate::domain::testing::invoices::{issuer, line, planned, recipient};
use crate::domain::vat::{DocumentKind, VatTreatment};
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

#[test]
fn killed_between_laying_out_and_recording_the_same_file_is_laid_out_again_and_never_in_the_place_of_another() {
    let house = House::with_contacts();
    house.work(&MemoryTransport::default()).unwrap();
    let path = house.settings.ehf.outgoing.join("542300001.xml");
    let laid_out = std::fs::read(&path).unwrap();
    let rendered = house.ledger.now().book.deliveries[&house.invoice_of(party(1))].e_invoicing.clone();
    let rendered = rendered.rendered().unwrap();
    let tools = house.tools(&ways_out::Shut(ways_out::silent));
    let to_place = || tools.to_place(FIRST, rendered);
    assert_eq!(to_place().unwrap(), None, "it stands there");
    std::fs::write(&path, b"another issuer's").unwrap();
    let fault = to_place().unwrap_err();
    assert!(crate::ledger::with_sources(&fault).ends_with("another e-invoice stands there"), "{fault}");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(to_place().unwrap(), Some((path, laid_out)));
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
