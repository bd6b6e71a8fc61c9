//! The book as it would be with the rows taken so far.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::event::Event;
use crate::domain::identity::{PartyId, PersonId, ProcurementId, SharingKeyId};
use crate::domain::number::ungrouped;
use crate::domain::party::PartyEvent;
use crate::handle::{Rejected, Wish};
use crate::ids::Ids;
use crate::references::{looked_up, misfit};
use crate::store::people::Person;
use crate::view::book::Book;

use super::line::{Fault, Line};

/// What to do where nothing is open to take a row into.
const OPEN_FIRST: &str = "open it first with `grenselos import procurement FILE.toml`";

/// What one row asks for.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// The wishes, in order.
    pub wishes: Vec<Wish>,
    /// The people it names.
    pub people: Vec<(PersonId, Person)>,
}

impl From<Vec<Wish>> for Taken {
    fn from(wishes: Vec<Wish>) -> Self {
        Self { wishes, people: Vec::new() }
    }
}

/// The book as it would be, with the wishes and people that make it so. Nothing is written.
pub struct Draft<'a> {
    book: Book,
    called: BTreeMap<String, BTreeSet<PartyId>>,
    wishes: Vec<Wish>,
    people: BTreeMap<PersonId, Person>,
    person: &'a dyn Fn(PersonId) -> Option<Person>,
    ids: &'a dyn Ids,
}

impl<'a> Draft<'a> {
    /// A draft that begins with what `book` knows. `person` finds who is known already, `ids` makes the ids of people.
    #[must_use]
    pub fn new(book: Book, person: &'a dyn Fn(PersonId) -> Option<Person>, ids: &'a dyn Ids) -> Self {
        let mut draft = Self {
            book: Book::default(),
            called: BTreeMap::new(),
            wishes: Vec::new(),
            people: BTreeMap::new(),
            person,
            ids,
        };
        for (id, party) in &book.parties {
            let registered = party.registered.as_ref().and_then(|registered| registered.organisation_number.as_ref());
            let names = party
                .names
                .iter()
                .flat_map(|(day, names)| names.iter().map(|name| name.text.clone()).chain([party.full_name_on(*day)]));
            for name in registered.cloned().into_iter().chain(party.numbers.values().cloned()).chain(names) {
                draft.called.entry(name.to_lowercase()).or_default().insert(*id);
            }
        }
        draft.book = book;
        draft
    }

    /// The book as it would be.
    #[must_use]
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Adds a wish, unless it is fulfilled already.
    ///
    /// # Errors
    /// A rule says no.
    pub fn wish(&mut self, wish: Wish) -> Result<(), Rejected> {
        let events = wish.carry_out_in(&mut self.book)?;
        let (_, id) = wish.stream();
        for event in &events {
            self.remember_name(id, event);
        }
        if !events.is_empty() {
            self.wishes.push(wish);
        }
        Ok(())
    }

    /// Takes out the wishes and people gathered since the last time.
    pub fn take_out(&mut self) -> (Vec<Wish>, Vec<(PersonId, Person)>) {
        (std::mem::take(&mut self.wishes), std::mem::take(&mut self.people).into_iter().collect())
    }

    /// A draft that knows what this one knows and has gathered nothing.
    pub(super) fn begun_anew(&self) -> Self {
        Self {
            book: self.book.clone(),
            called: self.called.clone(),
            wishes: Vec::new(),
            people: BTreeMap::new(),
            person: self.person,
            ids: self.ids,
        }
    }

    /// Whether something that a row asks for is not so yet.
    pub(super) fn would_change(&self, taken: &Taken) -> bool {
        let changes = |wish: &Wish| wish.decide_in(&self.book).is_ok_and(|events| !events.is_empty());
        taken.wishes.iter().any(changes)
    }

    /// Takes in what a row asks for. `column_of` finds the column of the file that a field of a command comes from.
    pub(super) fn take_in(&mut self, taken: Taken, column_of: impl Fn(&str) -> Option<String>) -> Result<(), Fault> {
        self.people.extend(taken.people);
        taken.wishes.into_iter().try_for_each(|wish| {
            let wish = looked_up(&self.book, wish);
            if let Some(misfit) = misfit(&self.book, &wish) {
                let column = column_of(misfit.field);
                let sentence = if column.is_some() { misfit.what } else { misfit.to_string() };
                return Err(Fault { column, sentence });
            }
            Ok(self.wish(wish)?)
        })
    }

    fn remember_name(&mut self, id: Uuid, event: &Event) {
        let Event::Party(event) = event else { return };
        let names = match event {
            PartyEvent::Registered(registered) => registered.organisation_number.iter().cloned().collect(),
            PartyEvent::Numbered(numbered) => vec![numbered.number.clone()],
            PartyEvent::Named(named) => {
                let texts: Vec<String> = named.names.iter().map(|name| name.text.clone()).collect();
                let whole = texts.join(" - ");
                texts.into_iter().chain([whole]).collect()
            }
            PartyEvent::Measured(_)
            | PartyEvent::Merged(_)
            | PartyEvent::Split(_)
            | PartyEvent::Succeeded(_)
            | PartyEvent::WrittenFormChosen(_)
            | PartyEvent::SamiLanguageAreaSet(_)
            | PartyEvent::VatCompensationSet(_)
            | PartyEvent::ContactNamed(_)
            | PartyEvent::BuyerReferenceSet(_)
            | PartyEvent::RegisterEntryStated(_)
            | PartyEvent::InvoiceReferencesSet(_) => Vec::new(),
        };
        for name in names {
            self.called.entry(name.to_lowercase()).or_default().insert(PartyId(id));
        }
    }

    /// The parties of a number or name.
    pub(super) fn parties_called(&self, called: &str) -> Vec<PartyId> {
        self.called.get(&ungrouped(called.trim()).to_lowercase()).into_iter().flatten().copied().collect()
    }

    /// The one party that `called` means; or what is said where it means none, or several.
    pub(super) fn one_called(&self, called: &str) -> Result<PartyId, String> {
        match self.parties_called(called).as_slice() {
            [party] => Ok(*party),
            [] => Err(format!(
                "no party is called \"{called}\"; give a municipality number, an organisation number or a name, or import \
                 the party first"
            )),
            several => Err(format!("{} parties are called \"{called}\"; give the organisation number", several.len())),
        }
    }

    /// The one party that `called` means in a cell.
    pub(super) fn party_called(&self, line: &Line<'_>, column: &str, called: &str) -> Result<PartyId, Fault> {
        self.one_called(called).map_err(|sentence| line.fault(column, sentence))
    }

    /// The party that a cell names.
    pub(super) fn party(&self, line: &Line<'_>, column: &str) -> Result<PartyId, Fault> {
        self.party_called(line, column, line.text(column)?)
    }

    /// The procurement of a row: the one it names, or the only one there is.
    pub(super) fn procurement(&self, line: &Line<'_>) -> Result<ProcurementId, Fault> {
        let called = line.optional("procurement");
        match (self.book.procurements_called(called).as_slice(), called) {
            ([procurement], _) => Ok(*procurement),
            ([], Some(called)) => {
                Err(line.fault("procurement", format!("no procurement is called \"{called}\"; {OPEN_FIRST}")))
            }
            ([], None) => Err(line.fault("procurement", format!("there is no procurement yet; {OPEN_FIRST}"))),
            (several, _) => {
                Err(line.fault("procurement", format!("there are {} procurements; say which", several.len())))
            }
        }
    }

    /// The county authority that leads a procurement on a day, where it is one alone.
    pub(super) fn county(&self, line: &Line<'_>, procurement: ProcurementId, day: NaiveDate) -> Result<PartyId, Fault> {
        if line.optional("county").is_some() {
            return self.party(line, "county");
        }
        match self.book.procurements.get(&procurement).map(|known| known.counties_on(day)).unwrap_or_default() {
            [county] => Ok(*county),
            several => Err(line.fault(
                "county",
                format!("{} county authorities lead the procurement on {day}; say which in this column", several.len()),
            )),
        }
    }

    /// The sharing key of a procurement that has a name.
    pub(super) fn sharing_key(
        &self,
        line: &Line<'_>,
        column: &str,
        procurement: ProcurementId,
    ) -> Result<SharingKeyId, Fault> {
        let called = line.text(column)?;
        self.sharing_key_called(procurement, called).ok_or_else(|| {
            let sentence = format!(
                "the procurement has no sharing key called \"{called}\"; import it first with `grenselos import keys FILE.csv`"
            );
            line.fault(column, sentence)
        })
    }

    /// The sharing key of a procurement that has a name; none where it has none.
    pub(super) fn sharing_key_called(&self, procurement: ProcurementId, called: &str) -> Option<SharingKeyId> {
        let found = self.book.keys.iter().find(|(_, key)| {
            key.proposed.as_ref().is_some_and(|proposed| proposed.procurement == procurement && proposed.name == called)
        });
        found.map(|(id, _)| *id)
    }

    /// A person named by an earlier row.
    pub(super) fn person_of_this_import(&self, id: PersonId) -> bool {
        self.people.contains_key(&id)
    }

    /// What is known of a person.
    pub(super) fn person(&self, id: PersonId) -> Option<Person> {
        self.people.get(&id).cloned().or_else(|| (self.person)(id))
    }

    /// An id for a person not known yet.
    pub(super) fn new_person(&self) -> PersonId {
        PersonId(self.ids.new_id())
    }
}
