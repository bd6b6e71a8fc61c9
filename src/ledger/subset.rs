//! Some procurements of a log, and nothing of the others: what an instance follows that serves a part of them.
//!
//! What belongs to no procurement stays: parties, people, accounts with what came in to them. An event belongs to the
//! procurement that the first event of its stream names; an invoice, and whatever is sent, to that of its run, key or invoice.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::{stream_id, understand};
use crate::domain::agreement::AgreementEvent;
use crate::domain::cost::CostEvent;
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, ProcurementId};
use crate::domain::invoice_run::InvoiceRunEvent;
use crate::domain::key_adoption::KeyEvent;
use crate::domain::legacy::LegacyEvent;
use crate::domain::licence::LicenceEvent;
use crate::domain::payment::PaymentsEvent;
use crate::domain::procurement::ProcurementEvent;
use crate::domain::series::SeriesEvent;
use crate::domain::signup::SignupEvent;
use crate::schema;
use crate::store::{
    Append, AppendError, Appended, Capabilities, EventStore, Expected, NewEvent, Position, RawEvent, ReadError,
    Recorded, StreamName, StreamPage, Visit, Wake,
};
use crate::view::book::Paper;

/// The log, of which only what belongs to some procurements is shown to who reads it through.
pub(super) struct Subset {
    log: Arc<dyn EventStore>,
    sorted: Mutex<Sorted>,
}

/// What of the log is known to be whose.
#[derive(Debug, Default)]
struct Sorted {
    /// The procurements that are served, by id or name.
    named: Vec<String>,
    /// Those of them that have been opened.
    found: BTreeSet<String>,
    /// The names of procurements that are left out.
    left_out: HashMap<ProcurementId, String>,
    /// The streams that are left out, and whose each is.
    streams: HashMap<Uuid, ProcurementId>,
}

impl Subset {
    pub(super) fn new(log: Arc<dyn EventStore>, named: &[String]) -> Self {
        Self { log, sorted: Mutex::new(Sorted { named: named.to_vec(), ..Sorted::default() }) }
    }

    /// Why some of what would be written is not taken here; none where all is.
    fn refused(&self, appends: &[Append]) -> Option<AppendError> {
        let sorted = self.sorted();
        appends.iter().find_map(|append| sorted.admit(&append.stream, &append.events).err())
    }

    fn sorted(&self) -> MutexGuard<'_, Sorted> {
        self.sorted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an event of the log, as far as that was read, is shown.
    pub(super) fn shows(&self, event: &Recorded) -> bool {
        self.sorted().shows(&event.as_raw())
    }

    /// The name of the procurement that is left out, where it is called so or something of it has this id.
    pub(super) fn left_out(&self, called: &str) -> Option<String> {
        let sorted = self.sorted();
        let of_id = called.parse().ok().and_then(|id| sorted.streams.get(&id));
        let name = of_id.and_then(|procurement| sorted.left_out.get(procurement));
        name.or_else(|| sorted.left_out.values().find(|name| *name == called)).cloned()
    }

    /// What was named and is no procurement of the log, and what there is in place of it.
    pub(super) fn unknown(&self) -> Option<(String, Vec<String>)> {
        let sorted = self.sorted();
        let unknown = sorted.named.iter().find(|named| !sorted.found.contains(*named))?;
        Some((unknown.clone(), sorted.left_out.values().cloned().collect()))
    }
}

impl Sorted {
    /// Whether an event is shown.
    fn shows(&mut self, event: &RawEvent<'_>) -> bool {
        let Some(id) = stream_id(event.stream.as_str()) else { return true };
        let known = self.streams.get(&id).copied();
        if !names_something(event.event_type) {
            return known.is_none();
        }
        // What cannot be understood is said by who folds it.
        let Ok(Some((_, understood))) = understand(*event) else { return known.is_none() };
        if let Event::Procurement(ProcurementEvent::Opened(opened)) = &understood {
            if let Some(named) = self.named_as(id, &opened.name) {
                self.found.insert(named.clone());
                return true;
            }
            self.left_out.insert(ProcurementId(id), opened.name.clone());
            self.streams.insert(id, ProcurementId(id));
            return false;
        }
        let belongs_to = known.or_else(|| self.belongs_to(&understood));
        let Some(procurement) = belongs_to else { return true };
        if !matches!(understood, Event::Series(_) | Event::Payments(_)) {
            self.streams.insert(id, procurement);
        }
        self.streams.extend(sent_with(id, &understood).into_iter().map(|letter| (letter.0, procurement)));
        false
    }

    /// As what a procurement is to be served; none where it is not.
    fn named_as(&self, id: Uuid, name: &str) -> Option<&String> {
        self.named.iter().find(|named| *named == name || named.parse() == Ok(id))
    }

    /// Refuses what is about all procurements, or of one that is left out: nothing is known here of what it rests on.
    fn admit(&self, stream: &StreamName, events: &[NewEvent]) -> Result<(), AppendError> {
        if events.iter().any(|event| is_about_all(&event.event_type)) {
            return Err(AppendError::AboutAll);
        }
        let id = stream_id(stream.as_str());
        let of_stream = id.and_then(|id| self.streams.get(&id)).map(|procurement| self.called(*procurement));
        let of_event = |event: &NewEvent| {
            let understood = schema::decode(&event.event_type, event.schema_version, &event.data).ok()?;
            self.whose(id?, &understood)
        };
        let procurement = of_stream.or_else(|| events.iter().find_map(of_event));
        procurement.map_or(Ok(()), |procurement| Err(AppendError::NotServed { procurement }))
    }

    /// The name of the procurement that an event to be written is of, where that is not served.
    fn whose(&self, stream: Uuid, event: &Event) -> Option<String> {
        if let Event::Procurement(ProcurementEvent::Opened(opened)) = event {
            return self.named_as(stream, &opened.name).is_none().then(|| opened.name.clone());
        }
        let paid = || pays_for(event).iter().find_map(|invoice| self.streams.get(&invoice.0).copied());
        self.belongs_to(event).or_else(paid).map(|procurement| self.called(procurement))
    }

    fn called(&self, procurement: ProcurementId) -> String {
        self.left_out.get(&procurement).cloned().unwrap_or_else(|| procurement.to_string())
    }

    /// The procurement that an event belongs to by what it says, where that is left out.
    fn belongs_to(&self, event: &Event) -> Option<ProcurementId> {
        let named = named(event).filter(|procurement| self.left_out.contains_key(procurement));
        named.or_else(|| rests_on(event).and_then(|id| self.streams.get(&id).copied()))
    }
}

/// Whether an event of this name may say whose its stream is, or what else is.
fn names_something(event_type: &str) -> bool {
    matches!(
        event_type,
        "procurement.opened"
            | "procurement.nudged"
            | "agreement.drafted"
            | "signup.signed-up"
            | "legacy.recorded"
            | "cost.recorded"
            | "licence.recorded"
            | "sharing-key.proposed"
            | "sharing-key.hearing-opened"
            | "invoice-run.planned"
            | "invoice-run.prebilled"
            | "invoice-run.objection-answered"
            | "invoice-run.discarded"
            | "series.invoice-issued"
            | "series.credit-note-issued"
            | "payments.reminded"
    )
}

/// Whether what such an event says rests on, or changes, what is of every procurement: a county authority that is succeeded
/// may lead any of them, and what comes in to an account may be for any.
fn is_about_all(event_type: &str) -> bool {
    matches!(event_type, "party.succeeded" | "payments.file-taken" | "payments.returned" | "payments.reversed")
}

/// The invoices that an event of an account lets be paid, or not be paid.
fn pays_for(event: &Event) -> Vec<InvoiceId> {
    if let Event::Payments(PaymentsEvent::Matched(matched)) = event {
        matched.matches.iter().map(|part| part.invoice).collect()
    } else if let Event::Payments(PaymentsEvent::Unmatched(unmatched)) = event {
        vec![unmatched.invoice]
    } else if let Event::Payments(PaymentsEvent::ChargesWaived(waived)) = event {
        vec![waived.invoice]
    } else {
        vec![]
    }
}

/// The procurement that an event names.
fn named(event: &Event) -> Option<ProcurementId> {
    if let Event::Agreement(AgreementEvent::Drafted(drafted)) = event {
        Some(drafted.procurement)
    } else if let Event::Signup(SignupEvent::SignedUp(signed_up)) = event {
        Some(signed_up.procurement)
    } else if let Event::Legacy(LegacyEvent::Recorded(recorded)) = event {
        Some(recorded.procurement)
    } else if let Event::Cost(CostEvent::Recorded(recorded)) = event {
        Some(recorded.procurement)
    } else if let Event::Licence(LicenceEvent::Recorded(recorded)) = event {
        Some(recorded.procurement)
    } else if let Event::SharingKey(KeyEvent::Proposed(proposed)) = event {
        Some(proposed.procurement)
    } else if let Event::InvoiceRun(InvoiceRunEvent::Planned(planned)) = event {
        Some(planned.plan.procurement)
    } else {
        None
    }
}

/// The run or invoice that an event of a stream of many rests on.
fn rests_on(event: &Event) -> Option<Uuid> {
    if let Event::Series(SeriesEvent::Issued(issued)) = event {
        Some(issued.run.0)
    } else if let Event::Series(SeriesEvent::CreditNoteIssued(note)) = event {
        Some(note.credited.invoice.0)
    } else if let Event::Payments(PaymentsEvent::Reminded(reminded)) = event {
        Some(reminded.invoice.0)
    } else {
        None
    }
}

/// What is sent by an event of the stream `id`: the ids of deliveries.
fn sent_with(id: Uuid, event: &Event) -> Vec<InvoiceId> {
    if let Event::Series(SeriesEvent::Issued(issued)) = event {
        vec![issued.invoice.invoice]
    } else if let Event::InvoiceRun(InvoiceRunEvent::Prebilled(prebilled)) = event {
        prebilled.letters.iter().map(|letter| letter.letter).collect()
    } else {
        Paper::all_of(id, event).into_iter().map(|(letter, _)| letter).collect()
    }
}

impl EventStore for Subset {
    fn capabilities(&self) -> Capabilities {
        Capabilities { gapless: false, ..self.log.capabilities() }
    }

    fn append(&self, stream: &StreamName, expected: Expected, events: Vec<NewEvent>) -> Result<Appended, AppendError> {
        self.sorted().admit(stream, &events)?;
        self.log.append(stream, expected, events)
    }

    fn append_all(&self, appends: Vec<Append>) -> Vec<Result<Appended, AppendError>> {
        match self.refused(&appends) {
            None => self.log.append_all(appends),
            Some(error) => appends.iter().map(|_| Err(error.clone())).collect(),
        }
    }

    fn append_together(&self, appends: Vec<Append>) -> Result<Vec<Appended>, AppendError> {
        match self.refused(&appends) {
            None => self.log.append_together(appends),
            Some(error) => Err(error),
        }
    }

    fn read_stream(&self, stream: &StreamName, from_version: u64, max: usize) -> Result<StreamPage, ReadError> {
        self.log.read_stream(stream, from_version, max)
    }

    fn read_all(&self, after: Option<Position>, max: usize) -> Result<Vec<Recorded>, ReadError> {
        let mut after = after;
        loop {
            let page = self.log.read_all(after, max)?;
            let Some(last) = page.last() else { return Ok(page) };
            after = Some(last.position);
            let shown: Vec<Recorded> = page.into_iter().filter(|event| self.sorted().shows(&event.as_raw())).collect();
            if !shown.is_empty() {
                return Ok(shown);
            }
        }
    }

    fn head(&self) -> Result<Option<Position>, ReadError> {
        self.log.head()
    }

    fn wake(&self) -> Wake {
        self.log.wake()
    }

    fn replay(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(RawEvent<'_>) -> Visit,
    ) -> Result<Option<Position>, ReadError> {
        self.log.replay(after, &mut |event| if self.sorted().shows(&event) { visit(event) } else { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_event_that_says_whose_something_is_is_looked_at() {
        let mut saying = 0;
        for kind in schema::CATALOGUE {
            let file = format!("{}.v{}.example.json", kind.name, kind.version);
            let example = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("events").join(&file)).unwrap();
            let event = schema::decode(kind.name, kind.version, &example).unwrap();
            let says = named(&event).is_some()
                || rests_on(&event).is_some()
                || !sent_with(Uuid::nil(), &event).is_empty()
                || matches!(event, Event::Procurement(ProcurementEvent::Opened(_)));
            assert!(!says || names_something(kind.name), "{file}");
            saying += u32::from(says);
        }
        assert!(saying > 10, "{saying} of the examples say something");
    }
}
