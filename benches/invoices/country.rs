//! All municipalities of Norway in one procurement, which a county authority that does not exist leads.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::NaiveDate;
use grenselos::clock::StoppedClock;
use grenselos::domain::identity::{PartyId, PersonId, ProcurementId, SharingKeyId};
use grenselos::domain::key_adoption::KeyCommand;
use grenselos::domain::party::PartyCommand;
use grenselos::domain::procurement::ProcurementCommand;
use grenselos::domain::sharing_key::KeyDefinition;
use grenselos::domain::vat::{AppliesTo, VatTreatment};
use grenselos::handle::{Envelope, Wish};
use grenselos::ids::{NAMESPACE, SeededIds, derived};
use grenselos::import::{self, Contents, Kind, LIMITS, Ports};
use grenselos::ledger::Ledger;
use grenselos::store::EventStore;
use grenselos::store::people::People;
use grenselos::table::Table;
use rust_decimal::Decimal;

/// What the procurement is called.
pub const NAME: &str = "Felles biblioteksystem for alle";
const MUNICIPALITIES: &str = include_str!("municipalities.csv");
const ISSUER: &str = "organisation_number,kind,from,number,name_nb\n\
                      999999905,county_authority,2020-01-01,99,Fellesinnkjøp fylkeskommune (oppdiktet)\n";
const KEY: &str = r#"
name = "30/70"
kind = "divide"
unit = "ore"
[[base]]
measure = "equal"
percent = "30"
[[base]]
measure = "loans"
percent = "70"
"#;

/// The log and the people of the country.
pub struct Country {
    pub ledger: Ledger,
    pub people: People,
    pub ids: SeededIds,
    pub clock: StoppedClock,
    pub procurement: ProcurementId,
}

impl Country {
    /// Everybody is known, has signed, and shares by an adopted key.
    pub fn new(directory: &Path, store: Arc<dyn EventStore>) -> anyhow::Result<Self> {
        let country = Self {
            ledger: Ledger::open(store)?,
            people: People::open(directory)?,
            ids: SeededIds::new("all municipalities"),
            clock: StoppedClock::at_noon(first_of(2024)),
            procurement: ProcurementId(derived(NAMESPACE, "procurement of all municipalities")),
        };
        country.import(Kind::Parties, ISSUER)?;
        country.import(Kind::Parties, MUNICIPALITIES)?;
        country.carry_out("open", &Wish::Procurement(country.procurement, country.opening()?))?;
        country.carry_out("key", &Wish::SharingKey(country.key(), country.proposal()?))?;
        let (mut loans, mut agreements, mut contacts) = (
            "party,on,loans,source\n".to_owned(),
            "party,commitment,drafted_on,sent_on,signed_on,signed_role,signed_authority,active_from\n".to_owned(),
            "party,role,name,email\n".to_owned(),
        );
        let municipalities = Table::parse("municipalities.csv", MUNICIPALITIES.as_bytes(), LIMITS)?;
        for (count, municipality) in (1..).zip(municipalities.rows()) {
            let (party, number) = (municipality.text("organisation_number")?, municipality.text("number")?);
            let name = municipality.text("name_nb")?;
            writeln!(loans, "{party},2024-01-01,{},oppdiktet", 4_000 + count * 7_919_u32 % 90_000)?;
            writeln!(
                agreements,
                "{party},committed,2024-01-01,2024-01-01,2024-01-01,kommunedirektør,delegasjonsreglement,2024-01-01"
            )?;
            writeln!(contacts, "{party},finance,Økonomiavdelingen i {name},faktura@kommune{number}.example")?;
        }
        country.import(Kind::Figures, &loans)?;
        country.import(Kind::Agreements, &agreements)?;
        country.import(Kind::Contacts, &contacts)?;
        country.carry_out("adoption", &Wish::SharingKey(country.key(), adoption()?))?;
        country.carry_out("VAT", &Wish::Procurement(country.procurement, resale()))?;
        country.carry_out("registers", &Wish::Party(country.issuer()?, registered()))?;
        Ok(country)
    }

    /// What is contracted for a year: two one-time costs and the licence.
    pub fn contract(&self, year: i32) -> anyhow::Result<()> {
        let costs = format!(
            "name,kind,year,shared_by,vat_percent,on,certainty,amount,source\n\
             Konvertering {year},conversion,{year},30/70,25,2024-01-01,contracted,4123000.00,oppdiktet\n\
             Opplæring {year},training,{year},30/70,25,2024-01-01,contracted,1871000.00,oppdiktet\n"
        );
        let licences = format!(
            "name,starts,ends,shared_by,vat_percent,on,certainty,amount,source\n\
             Lisens {year},{year}-01-01,{year}-12-31,30/70,25,2024-01-01,contracted,9650000.00,oppdiktet\n"
        );
        self.import(Kind::Costs, &costs)?;
        self.import(Kind::Licences, &licences)
    }

    /// Who invoices.
    pub fn issuer(&self) -> anyhow::Result<PartyId> {
        self.ledger.now().book.parties_called("999999905").first().copied().context("the issuer is known")
    }

    pub fn carry_out(&self, command: &str, wish: &Wish) -> anyhow::Result<()> {
        let command_id = derived(self.procurement.0, command);
        let envelope = Envelope {
            command_id,
            actor: "bench".to_owned(),
            recorded_at: self.clock.0,
            correlation_id: command_id,
            causation_id: None,
        };
        self.ledger.carry_out(wish, &envelope, None)?;
        Ok(())
    }

    fn import(&self, kind: Kind, rows: &str) -> anyhow::Result<()> {
        let ports = Ports { ledger: &self.ledger, people: &self.people, ids: &self.ids, clock: &self.clock };
        let table = Table::parse("rows.csv", rows.as_bytes(), LIMITS)?;
        import::run(&ports, &Contents::Rows(kind, table), &mut std::io::sink())?;
        Ok(())
    }

    fn key(&self) -> SharingKeyId {
        SharingKeyId(derived(self.procurement.0, "key"))
    }

    fn opening(&self) -> anyhow::Result<ProcurementCommand> {
        Ok(ProcurementCommand::Open {
            procurement: self.procurement,
            name: NAME.to_owned(),
            county: self.issuer()?,
            agreement_label: "tilslutningsavtale".to_owned(),
            illustrative: true,
            on: first_of(2024),
        })
    }

    fn proposal(&self) -> anyhow::Result<KeyCommand> {
        Ok(KeyCommand::Propose {
            sharing_key: self.key(),
            procurement: self.procurement,
            name: "30/70".to_owned(),
            definition: definition()?,
            population_date: first_of(2024),
            on: first_of(2024),
        })
    }
}

/// Who decides and approves.
pub fn person() -> PersonId {
    PersonId(derived(NAMESPACE, "finance manager of all municipalities"))
}

/// The first of January.
pub fn first_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

fn definition() -> anyhow::Result<KeyDefinition> {
    Ok(toml::from_str(KEY)?)
}

fn adoption() -> anyhow::Result<KeyCommand> {
    Ok(KeyCommand::Adopt {
        definition: definition()?,
        applies_from: first_of(2024),
        population_date: first_of(2024),
        reference: "oppdiktet vedtak".to_owned(),
        on: first_of(2024),
    })
}

fn resale() -> ProcurementCommand {
    ProcurementCommand::DecideVatTreatment {
        treatment: VatTreatment::Resale,
        vat_percent: Some(Decimal::from(25)),
        applies_to: AppliesTo::Procurement,
        from: first_of(2024),
        decision: "oppdiktet vedtak, sak 24/1".to_owned(),
        role: "økonomisjef".to_owned(),
        person: person(),
        on: first_of(2024),
    }
}

fn registered() -> PartyCommand {
    PartyCommand::StateRegisterEntry {
        in_foretaksregisteret: false,
        vat_registered: true,
        from: first_of(2024),
        source: "oppdiktet".to_owned(),
    }
}
