//! Some years of a procurement with all municipalities: libraries that sign up and get ready, runs of invoices, letters that
//! are put off and taken, payments that come in, and people who look at it. Written as events, as the product writes them.

use std::sync::Arc;

use std::collections::VecDeque;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grenselos::clock::noon;
use grenselos::domain::access::{AccessEvent, Granted, Invited, Role};
use grenselos::domain::agreement::Commitment;
use grenselos::domain::calendar::Period;
use grenselos::domain::delivery::{
    DeliveryEvent, EInvoiceLayingStarted, EInvoicePlaced, MailAccepted, MailAttemptStarted, MailDeferred, Rendered,
};
use grenselos::domain::event::Event;
use grenselos::domain::identity::{
    InvoiceRunId, LegacyId, PartyId, PaymentId, PersonId, ProcurementId, ReceivingAccountId, SeriesId, SignupId,
};
use grenselos::domain::invoice_run::{
    Approved, Completed, InvoicePer, InvoicePlan, InvoiceRunEvent, Issuer, Planned, PlannedInvoice,
};
use grenselos::domain::legacy::{self, LegacyEvent};
use grenselos::domain::money::Ore;
use grenselos::domain::payment::{self, Match, Matched, MatchedBy, PaymentsEvent, Received, Source};
use grenselos::domain::series::{self, SeriesEvent};
use grenselos::domain::signup::{self, LibraryKind, ReadinessItem, SignupEvent};
use grenselos::store::EventStore;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::country::Country;
use super::log::{append_at, id, issued, issuer, planned_invoice};

/// Over so many days it is recorded.
const DAYS: u64 = 900;
/// How many events are on their way into the store at once.
const WAITING: usize = 10_000;
/// How many libraries a municipality has.
const LIBRARIES: u64 = 2;
/// Of so many invoices one is not paid.
const UNPAID_OF: u64 = 200;
const ACCOUNT_NUMBER: &str = "12345678903";

/// The first day on which something is recorded.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 2).unwrap_or_default()
}

/// The last one.
pub fn last_day() -> NaiveDate {
    first_day() + Days::new(DAYS)
}

/// Somebody who looks at it.
#[derive(Debug, Clone, Copy)]
pub enum Person {
    Leader(PartyId),
    Library,
    Finance,
    Auditor,
}

impl Person {
    pub fn id(self) -> PersonId {
        PersonId(match self {
            Self::Leader(party) => Uuid::new_v5(&party.0, b"leader"),
            Self::Library => id("person", 1),
            Self::Finance => id("person", 2),
            Self::Auditor => id("person", 3),
        })
    }
}

/// What is recorded.
pub struct Years {
    procurement: ProcurementId,
    county: PartyId,
    issuer: Issuer,
    parties: Vec<PartyId>,
    put_off: u32,
}

impl Years {
    /// `put_off` is how often a letter is put off before it is taken.
    pub fn of(country: &Country, put_off: u32) -> anyhow::Result<Self> {
        let followed = country.ledger.now();
        let agreements = followed.book.agreements.values();
        let parties: Vec<PartyId> =
            agreements.filter_map(|agreement| Some(agreement.drafted.as_ref()?.party)).collect();
        let county = country.issuer()?;
        Ok(Self { procurement: country.procurement, county, issuer: issuer(county, 0), parties, put_off })
    }

    /// How many events there are until so many runs are completed.
    pub fn events_until(&self, runs: u64) -> u64 {
        self.beginnings().chain((0..runs).flat_map(|run| self.run(run))).map(|_| 1).sum()
    }

    /// Records so many events.
    pub fn record(&self, store: &dyn EventStore, events: u64) -> anyhow::Result<()> {
        let between = TimeDelta::days(i64::try_from(DAYS)?) / i32::try_from(events)?;
        let begin: DateTime<Utc> = noon(first_day());
        let mut waiting = Vec::with_capacity(WAITING);
        let all = self.beginnings().chain((0..).flat_map(|run| self.run(run)));
        for (number, (stream, event)) in (0..events).zip(all) {
            let at = begin + between * i32::try_from(number)?;
            waiting.push(append_at(number, at, stream, &event)?);
            if waiting.len() == WAITING {
                store.append_all(std::mem::take(&mut waiting)).into_iter().collect::<Result<Vec<_>, _>>()?;
            }
        }
        store.append_all(waiting).into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(())
    }

    /// People, libraries, what is being replaced, and the account that payments come in to.
    fn beginnings(&self) -> impl Iterator<Item = (Uuid, Event)> {
        let on = first_day();
        let mut events = Vec::new();
        let people = [
            (Person::Library, Role::CountyLibrary { procurement: self.procurement }),
            (Person::Finance, Role::CountyFinance { county: self.county }),
            (Person::Auditor, Role::Auditor),
        ];
        let leaders =
            self.parties.iter().map(|party| (Person::Leader(*party), Role::MunicipalLeader { party: *party }));
        for (person, role) in people.into_iter().chain(leaders) {
            let person = person.id();
            events.push((person.0, AccessEvent::Invited(Invited { person, invited_by: None, on }).into()));
            let granted = Granted { role, until: None, granted_by: None, on };
            events.push((person.0, AccessEvent::Granted(granted).into()));
        }
        for (number, party) in (0..).zip(&self.parties) {
            events.extend(self.legacy(number, *party));
            events.extend((0..LIBRARIES).flat_map(|library| self.signup(number * LIBRARIES + library, *party)));
        }
        let (account, account_number) = (account(), ACCOUNT_NUMBER.to_owned());
        let opened = PaymentsEvent::Opened(payment::Opened { account, account_number, on });
        events.push((account.0, opened.into()));
        let opened = series::Opened { series: series(), issuer: self.issuer.party, year: 2024, last_number: 0 };
        events.push((series().0, SeriesEvent::Opened(opened).into()));
        events.into_iter()
    }

    fn legacy(&self, number: u64, party: PartyId) -> Vec<(Uuid, Event)> {
        let legacy = LegacyId(id("legacy", number));
        let recorded = LegacyEvent::Recorded(legacy::Recorded {
            legacy,
            procurement: self.procurement,
            party,
            system: "Mikromarc".to_owned(),
            yearly_cost_ore: Some(Ore(7_250_000)),
            vat_percent: Decimal::from(25),
            paid_until: first_day() + Days::new(1_000),
            notice_months: 6,
        });
        vec![(legacy.0, recorded.into())]
    }

    fn signup(&self, number: u64, party: PartyId) -> Vec<(Uuid, Event)> {
        let signup = SignupId(id("signup", number));
        let on = first_day();
        let signed_up = SignupEvent::SignedUp(signup::SignedUp {
            signup,
            procurement: self.procurement,
            party,
            library: format!("Bibliotek {number}"),
            kind: if number.is_multiple_of(LIBRARIES) { LibraryKind::Public } else { LibraryKind::PrimarySchool },
            commitment: Commitment::Committed,
            wished_go_live: Some(on + Days::new(700)),
            on,
        });
        let due = |item| {
            SignupEvent::ReadinessDueSet(signup::ReadinessDueSet { item, due: on + Days::new(800 + number % 200) })
        };
        let events = [signed_up].into_iter().chain(ReadinessItem::ALL.map(due));
        events.map(|event| (signup.0, event.into())).collect()
    }

    /// A run of invoices, what becomes of each, and a library here and there that has something ready or not after all.
    fn run(&self, number: u64) -> Vec<(Uuid, Event)> {
        let on = first_day() + Days::new(number * 4 % DAYS);
        let run = InvoiceRunId(id("run", number));
        let many = u64::try_from(self.parties.len()).unwrap_or(u64::MAX);
        let invoices: Vec<PlannedInvoice> = (0..)
            .zip(&self.parties)
            .map(|(place, party)| planned_invoice(number * many + place, *party, place))
            .collect();
        let plan = InvoicePlan {
            procurement: self.procurement,
            issuer: self.issuer.clone(),
            account_number: ACCOUNT_NUMBER.to_owned(),
            invoice_date: on,
            due_date: on + Days::new(30),
            covers: Period { first: on, last: on },
            one_per: InvoicePer::Payer,
            grounds: vec![],
            invoices: invoices.clone(),
            set_aside: vec![],
        };
        let approved = Approved { role: "prosjektleder".to_owned(), person: Person::Finance.id(), on };
        let mut events: Vec<(Uuid, Event)> = vec![
            (
                run.0,
                InvoiceRunEvent::Planned(Box::new(Planned { run, plan: Arc::new(plan), planned_by: None, on })).into(),
            ),
            (run.0, InvoiceRunEvent::Approved(approved).into()),
        ];
        let mut letters = VecDeque::new();
        for (place, invoice) in (0..).zip(invoices) {
            let count = number * many + place;
            letters.push_back(self.letter(&invoice, on));
            let paid = paid(count, &invoice, on);
            let issued = issued(count + 1, run, self.issuer.clone(), invoice);
            events.push((series().0, SeriesEvent::Issued(Arc::new(issued)).into()));
            events.extend(paid);
        }
        // Letters go side by side, as they do in life.
        while let Some(mut letter) = letters.pop_front() {
            events.extend(letter.pop_front());
            if !letter.is_empty() {
                letters.push_back(letter);
            }
        }
        events.extend((0..many / 4).map(|place| ready((number * 31 + place) % (many * LIBRARIES), number, on)));
        events.push((run.0, InvoiceRunEvent::Completed(Completed { on }).into()));
        events
    }

    /// What becomes of an invoice's letter.
    fn letter(&self, invoice: &PlannedInvoice, on: NaiveDate) -> VecDeque<(Uuid, Event)> {
        let of = invoice.invoice;
        let (at, message_id) = (noon(on), format!("<{of}@fylke.example>"));
        let sha256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef".to_owned();
        let media_type = "application/pdf".to_owned();
        let rendered = Rendered { invoice: of, sha256, media_type, size_bytes: 48_213, enclosures: vec![] };
        let file_name = format!("{of}.xml");
        let laying = EInvoiceLayingStarted { claim: of.0, file_name: file_name.clone() };
        let placed = EInvoicePlaced { file_name, on };
        let mut events = vec![
            DeliveryEvent::Rendered(rendered),
            DeliveryEvent::EInvoiceLayingStarted(laying),
            DeliveryEvent::EInvoicePlaced(placed),
        ];
        for attempt in 1..=self.put_off + 1 {
            events.push(DeliveryEvent::MailAttemptStarted(MailAttemptStarted {
                attempt,
                claim: of.0,
                person: Person::Finance.id(),
                message_id: message_id.clone(),
                outcome_due_at: at,
            }));
            if attempt <= self.put_off {
                let reply = "451 4.7.1 greylisted, try again later".to_owned();
                events.push(DeliveryEvent::MailDeferred(MailDeferred { attempt, reply, next_attempt_at: at }));
            }
        }
        events.push(DeliveryEvent::MailAccepted(MailAccepted {
            message_id,
            reply: "250 2.0.0 Ok: queued".to_owned(),
            on,
        }));
        events.into_iter().map(|event| (of.0, event.into())).collect()
    }
}

fn account() -> ReceivingAccountId {
    ReceivingAccountId(id("account", 0))
}

fn series() -> SeriesId {
    SeriesId(id("series", 0))
}

fn ready(library: u64, run: u64, on: NaiveDate) -> (Uuid, Event) {
    let items = ReadinessItem::ALL;
    let item = items[usize::try_from(run).unwrap_or_default() % items.len()];
    let event = if run.is_multiple_of(3) {
        SignupEvent::ReadinessReopened(signup::ReadinessReopened { item, on })
    } else {
        SignupEvent::ReadinessTicked(signup::ReadinessTicked { item, on })
    };
    (id("signup", library), event.into())
}

/// It is paid, but for a few.
fn paid(count: u64, invoice: &PlannedInvoice, on: NaiveDate) -> Vec<(Uuid, Event)> {
    if count.is_multiple_of(UNPAID_OF) {
        return vec![];
    }
    let (payment, amount_ore) = (PaymentId(id("payment", count)), invoice.total_ore);
    let received = Received {
        payment,
        amount_ore,
        booked_on: on + Days::new(20),
        kid: Some(format!("{count:010}")),
        reference: format!("{count:014}"),
        source: Source::Hand,
    };
    let matched = Matched {
        matches: vec![Match { payment, invoice: invoice.invoice, amount_ore }],
        by: MatchedBy::Kid,
        on: on + Days::new(20),
    };
    let events = [PaymentsEvent::Received(received), PaymentsEvent::Matched(matched)];
    events.map(|event| (account().0, event.into())).to_vec()
}
