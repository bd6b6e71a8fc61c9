//! The one table of all events, and what follows from it.

use std::sync::Arc;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;

use super::{DecodeError, EncodeError, Encoded, EventKind, past};
use crate::domain::access::{self, AccessEvent};
use crate::domain::agreement::{self, AgreementEvent};
use crate::domain::assessment::Statement;
use crate::domain::cost::{self, CostEvent};
use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::delivery::{self, DeliveryEvent};
use crate::domain::event::Event;
use crate::domain::invoice_run::{self, InvoiceRunEvent};
use crate::domain::key_adoption::{self, KeyEvent};
use crate::domain::legacy::{self, LegacyEvent};
use crate::domain::licence::{self, LicenceEvent};
use crate::domain::party::{self, PartyEvent};
use crate::domain::payment::{self, PaymentsEvent};
use crate::domain::procurement::{self, ProcurementEvent};
use crate::domain::series::{self, SeriesEvent};
use crate::domain::signup::{self, SignupEvent};
use crate::domain::supplier_invoice::SupplierInvoice;
use crate::domain::vat::VatTreatmentDecided;
use crate::domain::work::{self, WorkEvent};

/// `"name", version => Kind(KindEvent::Variant(Payload)), "description";` for the newest version of every event. After it
/// stand older versions with the shapes they had: `before: 1 as past::Payload`.
macro_rules! catalogue {
    ($(
        $name:literal, $version:literal => $kind:ident($event:ident::$variant:ident($payload:ty)), $description:literal
        $(, before: $($past_version:literal as $past:ty),+)?;
    )*) => {
        /// Every event that can be read, by kind of stream.
        pub const CATALOGUE: &[EventKind] = &[
            $(EventKind {
                name: $name,
                version: $version,
                description: $description,
                json_schema: || json_schema::<$payload>($name, $version, $description),
            }, $($(EventKind {
                name: $name,
                version: $past_version,
                description: $description,
                json_schema: || json_schema::<$past>($name, $past_version, $description),
            },)+)?)*
        ];

        /// The event as it is stored, in its newest version.
        ///
        /// # Errors
        /// JSON cannot hold it.
        pub fn encode(event: &Event) -> Result<Encoded, EncodeError> {
            Ok(match event {
                $(Event::$kind($event::$variant(payload)) => {
                    Encoded { event_type: $name, version: $version, data: serde_json::to_vec(payload)? }
                })*
            })
        }

        /// The event that is stored under a name and version.
        ///
        /// # Errors
        /// A newer program wrote it, or the data are damaged.
        pub fn decode(event_type: &str, version: u16, data: &[u8]) -> Result<Event, DecodeError> {
            match event_type {
                $($name => match version {
                    $version => Ok(Event::$kind($event::$variant(payload::<$payload>($name, version, data)?))),
                    $($($past_version => {
                        Ok(Event::$kind($event::$variant(payload::<$past>($name, version, data)?.into())))
                    })+)?
                    _ => Err(DecodeError::UnknownVersion { event_type: $name, version }),
                },)*
                _ => Err(DecodeError::UnknownType { event_type: event_type.to_owned() }),
            }
        }
    };
}

catalogue! {
    "party.registered", 1 => Party(PartyEvent::Registered(party::Registered)),
        "A party became known.";
    "party.numbered", 1 => Party(PartyEvent::Numbered(party::Numbered)),
        "A party has a municipality or county number from a day.";
    "party.named", 1 => Party(PartyEvent::Named(party::Named)),
        "A party has names, in their official order, from a day.";
    "party.measured", 1 => Party(PartyEvent::Measured(party::Measured)),
        "Something about a party was counted.";
    "party.merged", 1 => Party(PartyEvent::Merged(party::Merged)),
        "A party became part of another.";
    "party.split", 1 => Party(PartyEvent::Split(party::Split)),
        "A party was parted between others, by a decided key.";
    "party.succeeded", 1 => Party(PartyEvent::Succeeded(party::Succeeded)),
        "A county authority was dissolved and others came after it.";
    "party.written-form-chosen", 1 => Party(PartyEvent::WrittenFormChosen(party::WrittenFormChosen)),
        "A party chose a written form of Norwegian.";
    "party.sami-language-area-set", 1 => Party(PartyEvent::SamiLanguageAreaSet(party::SamiLanguageAreaSet)),
        "A party entered or left the Sámi language area.";
    "party.vat-compensation-set", 1 => Party(PartyEvent::VatCompensationSet(party::VatCompensationSet)),
        "A party is compensated for VAT from a day, or no longer.";
    "party.contact-named", 1 => Party(PartyEvent::ContactNamed(party::ContactNamed)),
        "A person, known by id alone, answers for something at a party.";
    "party.buyer-reference-set", 1 => Party(PartyEvent::BuyerReferenceSet(party::BuyerReferenceSet)),
        "A party wants a reference on what it is sent.";
    "party.register-entry-stated", 1 => Party(PartyEvent::RegisterEntryStated(party::RegisterEntryStated)),
        "The public registers say something of a party from a day.";
    "party.invoice-references-set", 1 => Party(PartyEvent::InvoiceReferencesSet(party::InvoiceReferencesSet)),
        "A party wants further references on its invoices.";

    "procurement.opened", 1 => Procurement(ProcurementEvent::Opened(procurement::Opened)),
        "A procurement was opened.";
    "procurement.milestone-set", 1 => Procurement(ProcurementEvent::MilestoneSet(procurement::MilestoneSet)),
        "A day that people refer to by name was set or moved.";
    "procurement.agreement-label-chosen", 1 =>
        Procurement(ProcurementEvent::AgreementLabelChosen(procurement::AgreementLabelChosen)),
        "The affiliation agreements have a name from a day.";
    "procurement.passed", 1 => Procurement(ProcurementEvent::Passed(procurement::Passed)),
        "A procurement passed to other county authorities.";
    "procurement.vat-treatment-decided", 1 =>
        Procurement(ProcurementEvent::VatTreatmentDecided(VatTreatmentDecided)),
        "County finance decided how VAT is treated on what a procurement passes on.";
    "procurement.nudged", 1 => Procurement(ProcurementEvent::Nudged(procurement::Nudged)),
        "Those who were behind were written to.";

    "agreement.drafted", 1 => Agreement(AgreementEvent::Drafted(agreement::Drafted)),
        "An affiliation agreement was drafted.";
    "agreement.sent", 1 => Agreement(AgreementEvent::Sent(agreement::Sent)),
        "An agreement was sent to the party.";
    "agreement.signed", 1 => Agreement(AgreementEvent::Signed(agreement::Signed)),
        "An agreement was signed for the party.";
    "agreement.activated", 1 => Agreement(AgreementEvent::Activated(agreement::Activated)),
        "An agreement is in force.";
    "agreement.option-exercised", 1 => Agreement(AgreementEvent::OptionExercised(agreement::OptionExercised)),
        "The option of an agreement was exercised: the party is bound from now on.";
    "agreement.notice-given", 1 => Agreement(AgreementEvent::NoticeGiven(agreement::NoticeGiven)),
        "Notice of an agreement was given.";
    "agreement.notice-withdrawn", 1 => Agreement(AgreementEvent::NoticeWithdrawn(agreement::NoticeWithdrawn)),
        "The notice of an agreement was withdrawn.";
    "agreement.ended", 1 => Agreement(AgreementEvent::Ended(agreement::Ended)),
        "An agreement ended.";
    "agreement.amended", 1 => Agreement(AgreementEvent::Amended(agreement::Amended)),
        "Something in an agreement was changed by a further document.";
    "agreement.passed", 1 => Agreement(AgreementEvent::Passed(agreement::Passed)),
        "An agreement passed to another county authority.";
    "agreement.copy-kept", 1 => Agreement(AgreementEvent::CopyKept(agreement::CopyKept)),
        "A signed copy of an agreement is kept in the archive.";

    "signup.signed-up", 1 => Signup(SignupEvent::SignedUp(signup::SignedUp)),
        "A library joined a procurement.";
    "signup.option-exercised", 1 => Signup(SignupEvent::OptionExercised(signup::OptionExercised)),
        "The option of a library was exercised.";
    "signup.shared-base-chosen", 1 => Signup(SignupEvent::SharedBaseChosen(signup::SharedBaseChosen)),
        "A library chose whether to share the base of patrons and items.";
    "signup.shared-catalogue-chosen", 1 => Signup(SignupEvent::SharedCatalogueChosen(signup::SharedCatalogueChosen)),
        "A library chose whether to share the catalogue.";
    "signup.go-live-wished", 1 => Signup(SignupEvent::GoLiveWished(signup::GoLiveWished)),
        "A library wishes to go live on another day.";
    "signup.went-live", 1 => Signup(SignupEvent::WentLive(signup::WentLive)),
        "A library took the new system into use.";
    "signup.go-live-corrected", 1 => Signup(SignupEvent::GoLiveCorrected(signup::GoLiveCorrected)),
        "A library's first day on the new system was recorded wrongly, and is another.";
    "signup.withdrawn", 1 => Signup(SignupEvent::Withdrawn(signup::Withdrawn)),
        "A library left again.";
    "signup.readiness-due-set", 1 => Signup(SignupEvent::ReadinessDueSet(signup::ReadinessDueSet)),
        "An item of a library's checklist got a due date.";
    "signup.readiness-ticked", 1 => Signup(SignupEvent::ReadinessTicked(signup::ReadinessTicked)),
        "An item of a library's checklist was done.";
    "signup.readiness-reopened", 1 => Signup(SignupEvent::ReadinessReopened(signup::ReadinessReopened)),
        "An item of a library's checklist turned out not to be done.";

    "legacy.recorded", 1 => Legacy(LegacyEvent::Recorded(legacy::Recorded)),
        "A contract that is being replaced became known.";
    "legacy.yearly-cost-stated", 1 => Legacy(LegacyEvent::YearlyCostStated(legacy::YearlyCostStated)),
        "The yearly cost of an old contract was stated anew.";
    "legacy.notice-given", 1 => Legacy(LegacyEvent::NoticeGiven(legacy::NoticeGiven)),
        "Notice of an old contract was given.";
    "legacy.notice-withdrawn", 1 => Legacy(LegacyEvent::NoticeWithdrawn(legacy::NoticeWithdrawn)),
        "The notice of an old contract was withdrawn.";
    "legacy.end-corrected", 1 => Legacy(LegacyEvent::EndCorrected(legacy::EndCorrected)),
        "The last day of an old contract was recorded wrongly, and is another.";
    "legacy.extended", 1 => Legacy(LegacyEvent::Extended(legacy::Extended)),
        "An old contract was extended to a day on which it then ends.";

    "cost.recorded", 1 => Cost(CostEvent::Recorded(cost::Recorded)),
        "A one-time cost became known: that there will be one, not how much.";
    "cost.assessed", 1 => Cost(CostEvent::Assessed(Statement)),
        "The amount of a cost was stated, in place of the statement before.";
    "cost.granted", 1 => Cost(CostEvent::Granted(cost::Granted)),
        "A grant takes something off a cost before it is shared.";
    "cost.grant-withdrawn", 1 => Cost(CostEvent::GrantWithdrawn(cost::GrantWithdrawn)),
        "A grant takes nothing off a cost any more.";
    "cost.supplier-invoiced", 1 => Cost(CostEvent::SupplierInvoiced(SupplierInvoice)),
        "The supplier invoiced a cost.";
    "cost.moved", 1 => Cost(CostEvent::Moved(cost::Moved)),
        "A cost was moved to another budget year.";
    "cost.cancelled", 1 => Cost(CostEvent::Cancelled(cost::Cancelled)),
        "A cost will not come after all.";

    "licence.recorded", 1 => Licence(LicenceEvent::Recorded(licence::Recorded)),
        "A yearly licence became known: that there will be one, not how much.";
    "licence.priced", 1 => Licence(LicenceEvent::Priced(Statement)),
        "The price of a licence for a whole year was stated, in place of the statement before.";
    "licence.indexed", 2 => Licence(LicenceEvent::Indexed(licence::Indexed)),
        "The price of a licence is multiplied by a factor from a year on.", before: 1 as past::Indexed;
    "licence.came-to", 1 => Licence(LicenceEvent::CameTo(licence::CameTo)),
        "What a year of a licence came to is known, for that year alone.";
    "licence.rescheduled", 1 => Licence(LicenceEvent::Rescheduled(licence::Rescheduled)),
        "The days of a licence were moved.";
    "licence.supplier-invoiced", 1 => Licence(LicenceEvent::SupplierInvoiced(SupplierInvoice)),
        "The supplier invoiced a licence for certain days.";

    "sharing-key.proposed", 1 => SharingKey(KeyEvent::Proposed(Box<key_adoption::Proposed>)),
        "A sharing key was proposed.";
    "sharing-key.adopted", 1 => SharingKey(KeyEvent::Adopted(Box<key_adoption::Adopted>)),
        "A sharing key was adopted: it applies from a day, until a later adoption does.";
    "sharing-key.proposal-saved", 1 => SharingKey(KeyEvent::ProposalSaved(Box<key_adoption::ProposalSaved>)),
        "Something that was tried in the place of a sharing key got a name.";
    "sharing-key.hearing-opened", 1 => SharingKey(KeyEvent::HearingOpened(key_adoption::HearingOpened)),
        "A proposal of a sharing key was sent to everybody whom it concerns.";
    "sharing-key.hearing-answered", 1 => SharingKey(KeyEvent::HearingAnswered(key_adoption::HearingAnswered)),
        "A party answered what it thinks of a proposal.";

    "invoice-run.planned", 4 => InvoiceRun(InvoiceRunEvent::Planned(Box<invoice_run::Planned>)),
        "A run of invoices was planned so completely that no choice is left.",
        before: 1 as past::Planned, 2 as past::PlannedByNobody, 3 as past::PlannedWithoutDays;
    "invoice-run.plan-continued", 2 => InvoiceRun(InvoiceRunEvent::PlanContinued(invoice_run::PlanContinued)),
        "A long plan goes on: further invoices, and who else is left out.", before: 1 as past::PlanContinuedWithoutDays;
    "invoice-run.prebilled", 1 => InvoiceRun(InvoiceRunEvent::Prebilled(invoice_run::Prebilled)),
        "The calculation of a run is to be sent to each participant, who may object until a day.";
    "invoice-run.objection-recorded", 1 =>
        InvoiceRun(InvoiceRunEvent::ObjectionRecorded(invoice_run::ObjectionRecorded)),
        "A participant objected to the calculation of a run.";
    "invoice-run.objection-answered", 2 =>
        InvoiceRun(InvoiceRunEvent::ObjectionAnswered(invoice_run::ObjectionAnswered)),
        "An objection to the calculation of a run was answered.", before: 1 as past::ObjectionAnswered;
    "invoice-run.approved", 1 => InvoiceRun(InvoiceRunEvent::Approved(invoice_run::Approved)),
        "A person approved the plan of a run as it stands.";
    "invoice-run.numbering-begun", 1 => InvoiceRun(InvoiceRunEvent::NumberingBegun(invoice_run::NumberingBegun)),
        "The invoices of a run get their numbers from now on, and it cannot be discarded any longer.";
    "invoice-run.discarded", 2 => InvoiceRun(InvoiceRunEvent::Discarded(invoice_run::Discarded)),
        "The plan of a run will not be carried out.", before: 1 as past::Discarded;
    "invoice-run.completed", 1 => InvoiceRun(InvoiceRunEvent::Completed(invoice_run::Completed)),
        "All invoices of a run are issued.";

    "series.opened", 1 => Series(SeriesEvent::Opened(series::Opened)),
        "A series of invoice numbers was opened for an issuer and a year.";
    "series.invoice-issued", 3 => Series(SeriesEvent::Issued(Arc<series::Issued>)),
        "An invoice was issued under the next number of its series.",
        before: 1 as past::Issued, 2 as past::IssuedWithoutDays;
    "series.credit-note-issued", 2 => Series(SeriesEvent::CreditNoteIssued(Box<CreditNoteIssued>)),
        "An invoice was credited under the next number of the series of who credits.",
        before: 1 as past::CreditNoteWithoutDays;

    "delivery.rendered", 2 => Delivery(DeliveryEvent::Rendered(delivery::Rendered)),
        "The document of an invoice was drawn up; its hash ties the log to the bytes.", before: 1 as past::Rendered;
    "delivery.e-invoice-omitted", 1 => Delivery(DeliveryEvent::EInvoiceOmitted(delivery::EInvoiceOmitted)),
        "There will be no e-invoice of an invoice, which lacks something for it: the document goes out alone.";
    "delivery.e-invoice-laying-started", 1 => Delivery(DeliveryEvent::EInvoiceLayingStarted(delivery::EInvoiceLayingStarted)),
        "A worker is about to lay the e-invoice of an invoice where the access point picks it up; recorded before it is put in place.";
    "delivery.e-invoice-placed", 1 => Delivery(DeliveryEvent::EInvoicePlaced(delivery::EInvoicePlaced)),
        "The e-invoice of an invoice was laid where the access point picks it up.";
    "delivery.e-invoice-outcome-unknown", 1 => Delivery(DeliveryEvent::EInvoiceOutcomeUnknown(delivery::EInvoiceOutcomeUnknown)),
        "Whoever laid the e-invoice of an invoice out was stopped before that was recorded, and the file is there no longer.";
    "delivery.e-invoice-outcome-stated", 1 => Delivery(DeliveryEvent::EInvoiceOutcomeStated(delivery::EInvoiceOutcomeStated)),
        "A person who has asked said whether the access point took an e-invoice of which nobody knew.";
    "delivery.mail-attempt-started", 1 => Delivery(DeliveryEvent::MailAttemptStarted(delivery::MailAttemptStarted)),
        "An attempt to send the mail with an invoice began; recorded before the mail leaves.";
    "delivery.mail-accepted", 1 => Delivery(DeliveryEvent::MailAccepted(delivery::MailAccepted)),
        "The receiving side took the mail with an invoice.";
    "delivery.mail-deferred", 1 => Delivery(DeliveryEvent::MailDeferred(delivery::MailDeferred)),
        "The receiving side did not take the mail with an invoice for now; it will be tried again.";
    "delivery.mail-outcome-unknown", 1 => Delivery(DeliveryEvent::MailOutcomeUnknown(delivery::MailOutcomeUnknown)),
        "An attempt ended without an answer: the mail with an invoice may have been taken or not.";
    "delivery.mail-parked", 1 => Delivery(DeliveryEvent::MailParked(delivery::MailParked)),
        "The mail with an invoice cannot be sent until a person has mended something.";
    "delivery.mail-retry-requested", 1 => Delivery(DeliveryEvent::MailRetryRequested(delivery::MailRetryRequested)),
        "A person asked for another attempt to send the mail with an invoice.";
    "delivery.mail-outcome-stated", 1 => Delivery(DeliveryEvent::MailOutcomeStated(delivery::MailOutcomeStated)),
        "A person who has asked said whether a mail arrived of which nobody knew.";
    "payments.opened", 1 => Payments(PaymentsEvent::Opened(payment::Opened)),
        "A bank account is one that payments come in to.";
    "payments.file-taken", 1 => Payments(PaymentsEvent::FileTaken(payment::FileTaken)),
        "A bank file was taken in: all of it that concerns the account.";
    "payments.received", 1 => Payments(PaymentsEvent::Received(payment::Received)),
        "A payment came in to the account, or the bank took one back.";
    "payments.matched", 1 => Payments(PaymentsEvent::Matched(payment::Matched)),
        "Payments were matched with the invoices that they pay.";
    "payments.unmatched", 1 => Payments(PaymentsEvent::Unmatched(payment::Unmatched)),
        "A payment does not pay an invoice after all.";
    "payments.returned", 1 => Payments(PaymentsEvent::Returned(payment::Returned)),
        "What no invoice is to be paid with was paid back.";
    "payments.reversed", 1 => Payments(PaymentsEvent::Reversed(payment::Reversed)),
        "A reversal was set off against the payment that the bank took back.";
    "payments.reminded", 2 => Payments(PaymentsEvent::Reminded(payment::Reminded)),
        "A reminder of an invoice was made.", before: 1 as past::Reminded;
    "payments.charges-waived", 1 => Payments(PaymentsEvent::ChargesWaived(payment::ChargesWaived)),
        "What reminders of an invoice cost is no longer asked for.";

    "access.invited", 1 => Access(AccessEvent::Invited(access::Invited)),
        "A person was invited to have an account.";
    "access.invitation-renewed", 1 => Access(AccessEvent::InvitationRenewed(access::InvitationRenewed)),
        "A person was invited anew; whoever gets the invitation signs in as this person from then on.";
    "access.requested", 1 => Access(AccessEvent::Requested(access::Requested)),
        "A role was asked for on behalf of a person, and waits for somebody else to grant it.";
    "access.granted", 1 => Access(AccessEvent::Granted(access::Granted)),
        "A person holds a role in a scope.";
    "access.revoked", 1 => Access(AccessEvent::Revoked(access::Revoked)),
        "A person no longer holds a role, or will not get it.";
    "access.closed", 1 => Access(AccessEvent::Closed(access::Closed)),
        "A person's account was closed for good, with all roles.";

    "work.claimed", 1 => Work(WorkEvent::Claimed(work::Claimed)),
        "An instance has the turn to number, draw up, lay out and send what is due, until an instant.";
    "work.released", 1 => Work(WorkEvent::Released(work::Released)),
        "An instance gave the turn back.";
}

fn payload<T: DeserializeOwned>(event_type: &'static str, version: u16, data: &[u8]) -> Result<T, DecodeError> {
    // Text that is known to be UTF-8 as a whole is read quicker than bytes whose every string must be looked through.
    let read = std::str::from_utf8(data).map_err(serde_json::Error::custom).and_then(serde_json::from_str);
    read.map_err(|source| DecodeError::Malformed { event_type, version, source })
}

/// The schema of what is written, whole in itself.
fn json_schema<T: JsonSchema>(name: &str, version: u16, description: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| settings.inline_subschemas = true);
    titled(settings.into_generator().into_root_schema_for::<T>(), name, version, description)
}

/// Its title is the stable name, not that of the Rust type.
fn titled(mut schema: Schema, name: &str, version: u16, description: &str) -> Value {
    schema.insert("title".to_owned(), Value::String(format!("{name}, version {version}")));
    schema.insert("description".to_owned(), Value::String(description.to_owned()));
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    #[test]
    fn an_event_is_read_as_it_was_written() {
        let event =
            Event::Agreement(AgreementEvent::Ended(agreement::Ended { last_day: "2025-12-31".parse().unwrap() }));
        let Encoded { event_type, version, data } = encode(&event).unwrap();
        assert_eq!((event_type, version), ("agreement.ended", 1));
        assert_eq!(String::from_utf8(data.clone()).unwrap(), r#"{"last_day":"2025-12-31"}"#);
        assert_eq!(decode(event_type, version, &data).unwrap(), event);
    }

    #[test]
    fn what_a_newer_program_wrote_is_named_and_refused() {
        let unknown = decode("agreement.notarised", 1, b"{}").unwrap_err().to_string();
        assert_eq!(
            unknown,
            "\"agreement.notarised\" was written by a newer version of this program; use that version or a later one"
        );
        let newer = decode("agreement.ended", 2, b"{}").unwrap_err().to_string();
        assert_eq!(
            newer,
            "version 2 of \"agreement.ended\" was written by a newer version of this program; use that version or a later one"
        );
    }

    #[test]
    fn damaged_data_are_refused_with_the_cause_beside_the_sentence() {
        let damaged = decode("agreement.ended", 1, br#"{"last_day":"never"}"#).unwrap_err();
        let cause = damaged.source().unwrap().to_string();
        assert!(cause.contains("column"), "{cause}");
        assert!(!damaged.to_string().contains(&cause));
    }

    #[test]
    fn every_name_stands_once_in_the_catalogue_and_begins_with_its_kind_of_stream() {
        let mut names: Vec<_> = CATALOGUE.iter().map(|kind| (kind.name, kind.version)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CATALOGUE.len());
        for kind in CATALOGUE {
            let prefix = kind.name.split_once('.').unwrap().0;
            assert!(crate::domain::event::StreamKind::ALL.iter().any(|kind| kind.prefix() == prefix), "{}", kind.name);
        }
    }
}
