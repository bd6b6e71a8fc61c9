//! `grenselos list`: what stands in the register.

use std::io;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::answer::{Table, word, write_json};
use super::{Failure, Format, Session, known, party_today, procurement};
use crate::clock;
use crate::domain::assessment::Assessment;
use crate::domain::cost::Distribution;
use crate::domain::identity::{PartyId, ProcurementId};
use crate::domain::signup::Choice;
use crate::view::book::Book;
use crate::view::register::{
    AgreementEntry, At, CostEntry, EndingEntry, Entry, LegacyContractEntry, LicenceEntry, PartyEntry, SharingKeyEntry,
    SignupEntry,
};

/// The register.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// What to list.
    kind: Kind,
    /// Only what is about this party: a number of any time, an organisation number, or a name.
    #[arg(long, value_name = "NR")]
    party: Option<String>,
    /// Only what belongs to this procurement.
    #[arg(long, value_name = "NAME")]
    procurement: Option<String>,
    /// What was known at the end of a date or a milestone.
    #[arg(long, value_name = "DATE|MILESTONE")]
    as_of: Option<String>,
    /// How the list is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Municipalities, county authorities and others.
    Parties,
    /// Affiliation agreements.
    Agreements,
    /// Libraries that join.
    Signups,
    /// Contracts for the old system.
    Legacy,
    /// One-time costs.
    Costs,
    /// Yearly licences.
    Licences,
    /// Sharing keys.
    Keys,
}

pub fn run(session: &Session, arguments: &ListArguments) -> Result<(), Failure> {
    let app = session.read()?;
    let (book, day) = known(&app, arguments.as_of.as_deref(), arguments.procurement.as_deref())?;
    let party = arguments.party.as_deref().map(|called| party_today(&app, "--party", called)).transpose()?;
    let procurement = arguments.procurement.as_deref().map(|called| procurement(&book, Some(called))).transpose()?;
    let register = Register { book: &book, day, party, procurement, format: arguments.format };
    match arguments.kind {
        Kind::Parties => register.parties(),
        Kind::Agreements => register.agreements(),
        Kind::Signups => register.signups(),
        Kind::Legacy => register.legacy_contracts(),
        Kind::Costs => register.costs(),
        Kind::Licences => register.licences(),
        Kind::Keys => register.keys(),
    }
}

/// What of the register is looked at, and how it is written.
struct Register<'b> {
    book: &'b Book,
    day: NaiveDate,
    party: Option<PartyId>,
    procurement: Option<ProcurementId>,
    format: Format,
}

impl Register<'_> {
    fn entries<E: Entry>(&self) -> Vec<E> {
        let mut entries = E::all(self.book, At { day: self.day, instant: clock::last_instant(self.day) });
        entries.retain(|entry| {
            self.party.is_none_or(|party| entry.is_of_party(self.book, party))
                && self.procurement.is_none_or(|procurement| entry.is_of_procurement(self.book, procurement))
        });
        entries
    }

    /// The same in the order of the parties' numbers.
    fn entries_by_party<E: Entry>(&self, party: impl Fn(&E) -> PartyId) -> Vec<E> {
        let mut entries = self.entries();
        entries.sort_by_cached_key(|entry| self.number_and_name(party(entry)));
        entries
    }

    fn write<E: Serialize, const COLUMNS: usize>(
        &self,
        plural: &str,
        entries: &[E],
        head: [&'static str; COLUMNS],
        row: impl Fn(&E) -> [String; COLUMNS],
    ) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        if self.format == Format::Json {
            return Ok(write_json(&mut out, &serde_json::json!({ plural: entries }))?);
        }
        let mut table = Table::new(head);
        for entry in entries {
            table.row(row(entry));
        }
        let empty = format!("there are no {}, as far as was known on {}", plural.replace('_', " "), self.day);
        Ok(table.write(self.format, &mut out, &empty)?)
    }

    fn number_and_name(&self, party: PartyId) -> (String, String) {
        self.book.parties.get(&party).map_or_else(Default::default, |known| {
            (known.number_on(self.day).unwrap_or_default().to_owned(), known.full_name_on(self.day))
        })
    }

    fn payer(&self, distribution: &Distribution) -> String {
        match distribution {
            Distribution::Party { party } => self.number_and_name(*party).1,
            Distribution::Key { sharing_key } => {
                let proposed = self.book.keys.get(sharing_key).and_then(|key| key.proposed.as_ref());
                proposed.map_or_else(String::new, |proposed| format!("all by \"{}\"", proposed.name))
            }
        }
    }

    fn parties(&self) -> Result<(), Failure> {
        let head = ["number", "name", "kind", "organisation_number", "inhabitants", "counted_on", "ended_on", "became"];
        self.write("parties", &self.entries::<PartyEntry>(), head, |entry| {
            let counted = entry.measures.iter().find(|counted| counted.measure == "inhabitants");
            let counted = counted.and_then(|counted| counted.figures.iter().rfind(|figure| figure.on <= self.day));
            [
                text(entry.number.as_ref()),
                entry.name.clone(),
                word(entry.kind),
                text(entry.organisation_number.as_ref()),
                text(counted.map(|figure| figure.value.normalize())),
                text(counted.map(|figure| figure.on)),
                text(entry.ending.as_ref().map(EndingEntry::on)),
                entry.ending.as_ref().map(|ending| self.names_of(&ending.successors())).unwrap_or_default(),
            ]
        })
    }

    fn names_of(&self, parties: &[PartyId]) -> String {
        parties.iter().map(|party| self.number_and_name(*party).1).collect::<Vec<_>>().join(", ")
    }

    fn agreements(&self) -> Result<(), Failure> {
        let entries = self.entries_by_party(|entry: &AgreementEntry| entry.party);
        let head = ["number", "party", "phase", "commitment", "drafted", "signed", "active_from", "last_day", "county"];
        self.write("agreements", &entries, head, |entry| {
            let (number, party) = self.number_and_name(entry.party);
            [
                number,
                party,
                word(entry.phase),
                word(entry.commitment),
                entry.drafted_on.to_string(),
                text(entry.signed.as_ref().map(|signed| signed.on)),
                text(entry.active_from),
                text(entry.last_day),
                text(entry.county.map(|county| self.number_and_name(county).1)),
            ]
        })
    }

    fn signups(&self) -> Result<(), Failure> {
        let entries = self.entries_by_party(|entry: &SignupEntry| entry.party);
        let head =
            ["number", "party", "library", "kind", "commitment", "shared_base", "shared_catalogue", "live", "left"];
        let chosen = |choice: Option<Choice>| match choice {
            None => String::new(),
            Some(choice) => if choice.joins { "yes" } else { "no" }.to_owned(),
        };
        self.write("signups", &entries, head, |entry| {
            let (number, party) = self.number_and_name(entry.party);
            [
                number,
                party,
                entry.library.clone(),
                word(entry.kind),
                word(entry.commitment),
                chosen(entry.shared_base),
                chosen(entry.shared_catalogue),
                text(entry.went_live.or(entry.wished_go_live)),
                text(entry.withdrawn_on),
            ]
        })
    }

    fn legacy_contracts(&self) -> Result<(), Failure> {
        let entries = self.entries_by_party(|entry: &LegacyContractEntry| entry.party);
        let head = ["number", "party", "system", "yearly_cost", "paid_until", "notice_months", "notify_by", "last_day"];
        self.write("legacy_contracts", &entries, head, |entry| {
            let (number, party) = self.number_and_name(entry.party);
            [
                number,
                party,
                entry.system.clone(),
                text(entry.yearly_cost_ore),
                entry.paid_until.to_string(),
                entry.notice_months.to_string(),
                text(entry.last_day_to_give_notice),
                text(entry.last_day),
            ]
        })
    }

    fn costs(&self) -> Result<(), Failure> {
        let head = ["year", "cost", "kind", "paid_by", "certainty", "low", "likely", "high", "granted", "cancelled"];
        self.write("costs", &self.entries::<CostEntry>(), head, |entry| {
            let [certainty, low, likely, high] = amount(entry.amount);
            [
                entry.year.to_string(),
                entry.name.clone(),
                word(entry.kind),
                self.payer(&entry.distribution),
                certainty,
                low,
                likely,
                high,
                entry.granted_ore.to_string(),
                text(entry.cancelled_on),
            ]
        })
    }

    fn licences(&self) -> Result<(), Failure> {
        let head = ["licence", "paid_by", "starts", "ends", "certainty", "low", "likely", "high", "index"];
        self.write("licences", &self.entries::<LicenceEntry>(), head, |entry| {
            let [certainty, low, likely, high] = amount(entry.base_price);
            [
                entry.name.clone(),
                self.payer(&entry.distribution),
                entry.starts.to_string(),
                text(entry.ends),
                certainty,
                low,
                likely,
                high,
                text(entry.index_clause.as_ref().map(|clause| &clause.index)),
            ]
        })
    }

    fn keys(&self) -> Result<(), Failure> {
        let head = ["key", "proposed", "adopted", "applies_from", "figures_of", "decision"];
        self.write("sharing_keys", &self.entries::<SharingKeyEntry>(), head, |entry| {
            let adopted = entry.adoptions.last();
            [
                entry.name.clone(),
                entry.proposed_on.to_string(),
                text(adopted.map(|adopted| adopted.on)),
                text(adopted.map(|adopted| adopted.applies_from)),
                adopted.map_or(entry.population_date, |adopted| adopted.population_date).to_string(),
                text(adopted.map(|adopted| &adopted.reference)),
            ]
        })
    }
}

/// What is there as text; an empty cell where nothing is.
fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Certainty, low, likely and high; empty cells, never zero, for what is unknown.
fn amount(amount: Assessment) -> [String; 4] {
    let range = amount.range();
    [
        word(amount.certainty()),
        text(range.map(|range| range.low_ore)),
        text(range.map(|range| range.likely_ore)),
        text(range.map(|range| range.high_ore)),
    ]
}
