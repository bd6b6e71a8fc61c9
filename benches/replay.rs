//! How fast the log is read back into the book: 1,000,000 events of the product's own kinds, as 180 joint procurements
//! with their parties would leave them. Reading alone, with decoding, and with folding are measured one after the other
//! in every round, in the time that all cores together spent on it; the table shows their medians. The product lets the
//! processors decode side by side: the last line is what that took on the clock. What one core does is seen where the
//! process is kept on one, since events that go from one core to another are fetched by each.
//!
//! `benches/run replay`

#![expect(clippy::disallowed_methods, reason = "a bench measures how long things take")]

mod log;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use grenselos::domain::agreement::{self, AgreementEvent, Commitment};
use grenselos::domain::assessment::{Assessment, Statement};
use grenselos::domain::calendar::Period;
use grenselos::domain::cost::{self, CostEvent, CostKind, Distribution};
use grenselos::domain::delivery::{DeliveryEvent, MailAccepted, Rendered};
use grenselos::domain::event::Event;
use grenselos::domain::identity::{
    AgreementId, AssessmentId, CostId, GrantId, InvoiceRunId, LegacyId, LicenceId, PartyId, PersonId, ProcurementId,
    SeriesId, SharingKeyId, SignupId,
};
use grenselos::domain::invoice_run::{Approved, Completed, Ground, InvoicePer, InvoicePlan, InvoiceRunEvent, Planned};
use grenselos::domain::legacy::{self, LegacyEvent};
use grenselos::domain::licence::{self, IndexClause, LicenceEvent};
use grenselos::domain::money::Ore;
use grenselos::domain::party::{Measured, Name, NameLanguage, Named, Numbered, PartyEvent, PartyKind, Registered};
use grenselos::domain::procurement::{self, ProcurementEvent};
use grenselos::domain::series::{self, SeriesEvent};
use grenselos::domain::signup::{self, LibraryKind, ReadinessItem, SignupEvent};
use grenselos::domain::vat::{Subject, VatTreatment};
use grenselos::ledger::{Ledger, understand};
use grenselos::store::EventStore;
use grenselos::store::sqlite::SqliteStore;
use log::{day, id, issued, issuer, planned_invoice};
use rust_decimal::Decimal;
use uuid::Uuid;

const EVENTS: usize = 1_000_000;
const ROUNDS: usize = 5;

/// What belongs to one procurement.
const MUNICIPALITIES: u64 = 40;
const LIBRARIES: u64 = 100;
const COSTS: u64 = 10;
const LICENCES: u64 = 5;
const YEARS: u64 = 10;

fn main() -> anyhow::Result<()> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("replay-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let measured = log::fill(&directory, (0..).flat_map(procurement).take(EVENTS)).and_then(measure);
    std::fs::remove_dir_all(&directory)?;
    measured
}

fn measure(store: SqliteStore) -> anyhow::Result<()> {
    let store: Arc<dyn EventStore> = Arc::new(store);
    let mut bytes = 0;
    store.replay(None, &mut |event| {
        bytes += event.data.map_or(0, <[u8]>::len);
        Ok(())
    })?;
    let (mut read, mut decoded, mut folded, mut memory) = (vec![], vec![], vec![], 0);
    for _ in 0..ROUNDS {
        read.push(timed(|| replay(store.as_ref(), |event| _ = black_box(event.data)))?);
        decoded.push(timed(|| replay(store.as_ref(), |event| drop(black_box(understand(event)))))?);
        let before = resident_bytes()?;
        let mut ledger = None;
        folded.push(timed(|| {
            ledger = Some(Ledger::open(Arc::clone(&store))?);
            Ok(())
        })?);
        // Later rounds find memory that the first has left behind.
        if memory == 0 {
            memory = resident_bytes()?.saturating_sub(before);
        }
        anyhow::ensure!(ledger.is_some_and(|ledger| ledger.now().damaged.is_empty()), "an event could not be read");
    }
    let on_clock = median(folded.iter().map(|took| took.on_clock).collect());
    let [read, decoded, folded] =
        [read, decoded, folded].map(|took| median(took.into_iter().map(|took| took.of_cores).collect()));
    println!("replay of {EVENTS} events, {} bytes of data each on average", bytes / EVENTS);
    line("reading", read);
    line("reading and decoding", decoded);
    line("reading, decoding, folding", folded);
    line("  decoding alone", decoded.saturating_sub(read));
    line("  folding alone", folded.saturating_sub(decoded));
    line("on the clock", on_clock);
    println!("{:<28}{:>12} bytes an event", "memory of the book", memory / EVENTS);
    Ok(())
}

fn replay(store: &dyn EventStore, mut visit: impl FnMut(grenselos::store::RawEvent<'_>)) -> anyhow::Result<()> {
    store.replay(None, &mut |event| {
        visit(event);
        Ok(())
    })?;
    Ok(())
}

/// What work took.
#[derive(Debug, Clone, Copy)]
struct Took {
    /// The nanoseconds that the cores spent on it.
    of_cores: u64,
    /// The nanoseconds on the clock.
    on_clock: u64,
}

fn timed(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Took> {
    let (cores, clock) = (core_nanoseconds()?, Instant::now());
    work()?;
    let on_clock = u64::try_from(clock.elapsed().as_nanos())?;
    Ok(Took { of_cores: core_nanoseconds()?.saturating_sub(cores), on_clock })
}

/// The nanoseconds that all threads of this process have spent on cores, those that have ended too, so that what else the
/// machine does is left out.
fn core_nanoseconds() -> anyhow::Result<u64> {
    const TICK_NANOSECONDS: u64 = 10_000_000;
    let status = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program stands in brackets, and may hold spaces; user and system time are the 14th and 15th field.
    let fields = status.rsplit_once(')').map(|(_, fields)| fields.split_ascii_whitespace()).into_iter().flatten();
    let ticks = fields.skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(ticks * TICK_NANOSECONDS)
}

fn resident_bytes() -> anyhow::Result<usize> {
    const PAGE_BYTES: usize = 4_096;
    let pages: usize = std::fs::read_to_string("/proc/self/statm")?.split(' ').nth(1).unwrap_or_default().parse()?;
    Ok(pages * PAGE_BYTES)
}

fn median(mut times: Vec<u64>) -> u64 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn line(what: &str, nanoseconds: u64) {
    let rate = EVENTS as u64 * 1_000_000 / (nanoseconds / 1_000).max(1);
    println!("{what:<28}{:>12} ns an event{rate:>14} events/s", nanoseconds / EVENTS as u64);
}

/// The events of one procurement from its opening to its last invoice. Streams grow side by side, as they do in life.
fn procurement(number: u64) -> impl Iterator<Item = (Uuid, Event)> {
    let mut streams = vec![(id("procurement", number), vec![opened(number)])];
    streams.extend((0..=MUNICIPALITIES).map(|party| party_stream(number, party)));
    streams.extend((1..=MUNICIPALITIES).map(|party| agreement_stream(number, party)));
    streams.extend((0..LIBRARIES).map(|library| signup_stream(number, library)));
    streams.extend((1..=MUNICIPALITIES).map(|party| legacy_stream(number, party)));
    streams.extend((0..COSTS).map(|cost| cost_stream(number, cost)));
    streams.extend((0..LICENCES).map(|licence| licence_stream(number, licence)));
    streams.extend((0..YEARS).flat_map(|year| run_streams(number, year)));
    let longest = streams.iter().map(|(_, events)| events.len()).max().unwrap_or_default();
    let mut streams: Vec<_> = streams.into_iter().map(|(stream, events)| (stream, events.into_iter())).collect();
    (0..longest).flat_map(move |_| {
        let next = streams.iter_mut().filter_map(|(stream, events)| events.next().map(|event| (*stream, event)));
        next.collect::<Vec<_>>()
    })
}

fn of(number: u64) -> ProcurementId {
    ProcurementId(id("procurement", number))
}

/// The county authority is party 0.
fn party(number: u64, party: u64) -> PartyId {
    PartyId(id("party", number * 1_000 + party))
}

fn opened(number: u64) -> Event {
    ProcurementEvent::Opened(procurement::Opened {
        procurement: of(number),
        name: format!("Felles biblioteksystem {number}"),
        county: party(number, 0),
        agreement_label: "tilknytningsavtale".to_owned(),
        illustrative: true,
        on: day(0),
    })
    .into()
}

fn party_stream(number: u64, of_number: u64) -> (Uuid, Vec<Event>) {
    let party = party(number, of_number);
    let from = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
    let kind = if of_number == 0 { PartyKind::CountyAuthority } else { PartyKind::Municipality };
    let name = |language, text: String| Name { language, text };
    let mut events = vec![
        PartyEvent::Registered(Registered {
            party,
            kind,
            organisation_number: Some(format!("{:09}", 900_000_000 + of_number)),
            vat_compensated: true,
        }),
        PartyEvent::Numbered(Numbered { number: format!("{:04}", 5_400 + of_number), from }),
        PartyEvent::Named(Named {
            names: vec![
                name(NameLanguage::Nb, format!("Kommune {of_number}")),
                name(NameLanguage::Se, format!("Gielda {of_number}")),
            ],
            from,
        }),
    ];
    for year in 0..YEARS {
        for (measure, weight) in [("inhabitants", 5_000), ("pupils", 600), ("records", 40_000), ("loans", 21_000)] {
            events.push(PartyEvent::Measured(Measured {
                measure: measure.to_owned(),
                on: day(year * 365),
                value: Decimal::from(weight + of_number * 37 + year),
                source: "SSB 07459".to_owned(),
            }));
        }
    }
    (party.0, events.into_iter().map(Event::from).collect())
}

fn agreement_stream(number: u64, of_number: u64) -> (Uuid, Vec<Event>) {
    let agreement = AgreementId(id("agreement", number * 1_000 + of_number));
    let mut events = vec![
        AgreementEvent::Drafted(agreement::Drafted {
            agreement,
            procurement: of(number),
            party: party(number, of_number),
            county: party(number, 0),
            commitment: if of_number.is_multiple_of(8) { Commitment::Option } else { Commitment::Committed },
            member_from: None,
            on: day(of_number),
        }),
        AgreementEvent::Sent(agreement::Sent { on: day(of_number + 3), answer_by: Some(day(of_number + 60)) }),
        AgreementEvent::Signed(agreement::Signed {
            on: day(of_number + 40),
            role: "kommunedirektør".to_owned(),
            authority: "delegasjonsreglementet".to_owned(),
            person: PersonId(id("person", of_number)),
        }),
        AgreementEvent::Activated(agreement::Activated { from: day(365) }),
    ];
    if of_number.is_multiple_of(10) {
        events.push(AgreementEvent::NoticeGiven(agreement::NoticeGiven { on: day(400), last_day: day(730) }));
        events.push(AgreementEvent::NoticeWithdrawn(agreement::NoticeWithdrawn { on: day(450) }));
    }
    (agreement.0, events.into_iter().map(Event::from).collect())
}

fn signup_stream(number: u64, library: u64) -> (Uuid, Vec<Event>) {
    let signup = SignupId(id("signup", number * 1_000 + library));
    let mut events = vec![SignupEvent::SignedUp(signup::SignedUp {
        signup,
        procurement: of(number),
        party: party(number, library % (MUNICIPALITIES + 1)),
        library: format!("Bibliotek {library}"),
        kind: LibraryKind::Public,
        commitment: Commitment::Committed,
        wished_go_live: Some(day(365)),
        on: day(library),
    })];
    events.extend(
        ReadinessItem::ALL
            .map(|item| SignupEvent::ReadinessDueSet(signup::ReadinessDueSet { item, due: day(300 + library) })),
    );
    events.push(SignupEvent::SharedBaseChosen(signup::SharedBaseChosen {
        joins: library.is_multiple_of(2),
        on: day(200),
    }));
    events.push(SignupEvent::SharedCatalogueChosen(signup::SharedCatalogueChosen { joins: true, on: day(210) }));
    events.push(SignupEvent::GoLiveWished(signup::GoLiveWished { go_live: day(500), on: day(220) }));
    events.extend(
        ReadinessItem::ALL
            .map(|item| SignupEvent::ReadinessTicked(signup::ReadinessTicked { item, on: day(250 + library) })),
    );
    events.push(SignupEvent::WentLive(signup::WentLive { on: day(510) }));
    (signup.0, events.into_iter().map(Event::from).collect())
}

fn legacy_stream(number: u64, of_number: u64) -> (Uuid, Vec<Event>) {
    let legacy = LegacyId(id("legacy", number * 1_000 + of_number));
    let events = [
        LegacyEvent::Recorded(legacy::Recorded {
            legacy,
            procurement: of(number),
            party: party(number, of_number),
            system: "Mikromarc".to_owned(),
            yearly_cost_ore: None,
            vat_percent: Decimal::from(25),
            paid_until: day(364),
            notice_months: 6,
        }),
        LegacyEvent::YearlyCostStated(legacy::YearlyCostStated {
            yearly_cost_ore: Ore(7_250_000),
            source: "faktura fra leverandøren".to_owned(),
            on: day(90),
        }),
        LegacyEvent::Extended(legacy::Extended { on: day(150), last_day: day(545) }),
    ];
    (legacy.0, events.map(Event::from).to_vec())
}

/// Unknown, estimated, quoted, contracted, actual.
fn statements(seed: u64) -> impl Iterator<Item = Statement> {
    let amount_ore = Ore(180_000_000);
    let amounts = [
        Assessment::Unknown,
        Assessment::Estimated { low_ore: Ore(90_000_000), likely_ore: Ore(150_000_000), high_ore: Ore(260_000_000) },
        Assessment::Quoted { amount_ore },
        Assessment::Contracted { amount_ore },
        Assessment::Actual { amount_ore },
    ];
    let name = move |step: u64| AssessmentId(id("assessment", seed * 10 + step));
    (0..).zip(amounts).map(move |(step, amount)| Statement {
        assessment: name(step),
        replaces: step.checked_sub(1).map(name),
        amount,
        on: day(step * 120),
        source: "tilbud 23/01171".to_owned(),
    })
}

fn by_key(number: u64) -> Distribution {
    Distribution::Key { sharing_key: SharingKeyId(id("key", number)) }
}

fn cost_stream(number: u64, of_number: u64) -> (Uuid, Vec<Event>) {
    let cost = CostId(id("cost", number * 1_000 + of_number));
    let mut events = vec![CostEvent::Recorded(cost::Recorded {
        cost,
        procurement: of(number),
        name: format!("Konvertering {of_number}"),
        kind: CostKind::Conversion,
        year: 2024,
        distribution: by_key(number),
        vat_percent: Decimal::from(25),
        on: day(30),
    })];
    events.extend(statements(number * 100 + of_number).map(CostEvent::Assessed));
    events.push(CostEvent::Granted(cost::Granted {
        grant: GrantId(id("grant", number * 1_000 + of_number)),
        from: "Nasjonalbiblioteket".to_owned(),
        amount_ore: Ore(50_000_000),
        reference: "brev 2023/415".to_owned(),
        on: day(300),
    }));
    events.push(CostEvent::Moved(cost::Moved {
        from_year: 2024,
        to_year: 2025,
        reference: "styringsgruppa, sak 12/23".to_owned(),
        on: day(320),
    }));
    (cost.0, events.into_iter().map(Event::from).collect())
}

fn licence_stream(number: u64, of_number: u64) -> (Uuid, Vec<Event>) {
    let licence = LicenceId(id("licence", number * 1_000 + of_number));
    let mut events = vec![LicenceEvent::Recorded(licence::Recorded {
        licence,
        procurement: of(number),
        name: format!("Lisens {of_number}"),
        starts: day(500),
        ends: None,
        distribution: by_key(number),
        vat_percent: Decimal::from(25),
        index_clause: Some(IndexClause { index: "KPI (SSB 14700)".to_owned(), first_year: 2025 }),
        on: day(30),
    })];
    events.extend(statements(number * 100 + 50 + of_number).map(LicenceEvent::Priced));
    events.extend((0..8).map(|year| {
        LicenceEvent::Indexed(licence::Indexed {
            year: 2025 + year,
            factor: Decimal::new(1_031, 3),
            source: "Nasjonalbudsjettet".to_owned(),
            vintage: "NB24".to_owned(),
            certainty: licence::IndexCertainty::Published,
            on: day(700),
        })
    }));
    (licence.0, events.into_iter().map(Event::from).collect())
}

/// A run of invoices with its series, and what became of each invoice.
fn run_streams(number: u64, year: u64) -> Vec<(Uuid, Vec<Event>)> {
    let seed = number * YEARS + year;
    let (run, series) = (InvoiceRunId(id("run", seed)), SeriesId(id("series", seed)));
    let (issuer, on) = (issuer(party(number, 0), 0), day(year * 365));
    let invoices: Vec<_> = (1..=MUNICIPALITIES)
        .map(|of_number| planned_invoice(seed * 1_000 + of_number, party(number, of_number), of_number))
        .collect();
    let cost = CostId(id("cost", number * 1_000));
    let ground = Ground {
        subject: Subject::Cost { cost },
        name: "Konvertering".to_owned(),
        period: None,
        assessment: AssessmentId(id("assessment", seed)),
        net_ore: Ore(180_000_000),
        passed_on_vat_ore: None,
        treatment: VatTreatment::Resale,
        decision: Some("Sak 23/101".to_owned()),
    };
    let plan = InvoicePlan {
        procurement: of(number),
        issuer: issuer.clone(),
        account_number: "12345678903".to_owned(),
        invoice_date: on,
        due_date: on + Days::new(30),
        covers: Period { first: on, last: on },
        one_per: InvoicePer::Payer,
        grounds: vec![ground],
        invoices: invoices.clone(),
        set_aside: vec![],
    };
    let approved = Approved { role: "prosjektleder".to_owned(), person: PersonId(id("person", number)), on };
    let of_run = [
        InvoiceRunEvent::Planned(Box::new(Planned { run, plan: Arc::new(plan), planned_by: None, on })),
        InvoiceRunEvent::Approved(approved),
        InvoiceRunEvent::Completed(Completed { on }),
    ];
    let opened = series::Opened { series, issuer: issuer.party, year: 2023, last_number: 0 };
    let mut of_series = vec![Event::from(SeriesEvent::Opened(opened))];
    let mut streams = vec![(run.0, of_run.map(Event::from).to_vec())];
    for (place, invoice) in (1..).zip(invoices) {
        streams.push(delivery_stream(&invoice));
        of_series.push(SeriesEvent::Issued(Arc::new(issued(place, run, issuer.clone(), invoice))).into());
    }
    streams.push((series.0, of_series));
    streams
}

fn delivery_stream(invoice: &grenselos::domain::invoice_run::PlannedInvoice) -> (Uuid, Vec<Event>) {
    let id = invoice.invoice;
    let events = [
        DeliveryEvent::Rendered(Rendered {
            invoice: id,
            sha256: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef".to_owned(),
            media_type: "application/pdf".to_owned(),
            size_bytes: 48_213,
            enclosures: vec![],
        }),
        DeliveryEvent::MailAccepted(MailAccepted {
            message_id: format!("<{id}@fylke.example>"),
            reply: "250 2.0.0 Ok: queued".to_owned(),
            on: day(1),
        }),
    ];
    (id.0, events.map(Event::from).to_vec())
}
