//! The state on any day, or with any event of the log, for whoever audits: agreements and what they cost, libraries, old
//! contracts, amounts and keys, runs and payments, what was outstanding, and who had access, as it was known at the end of the
//! day or with the event.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web;
use chrono::NaiveDate;
use serde::Deserialize;

use super::PageRoute;
use super::around::{Around, Page};
use super::kept::Rests;
use crate::app::App;
use crate::clock::norwegian_day;
use crate::domain::access::policy::{About, Operation};
use crate::domain::agreement::{Commitment, Phase};
use crate::domain::identity::{InvoiceRunId, PartyId, PaymentId, ProcurementId, ReceivingAccountId};
use crate::domain::invoice_run::InvoiceRun;
use crate::domain::payment::Payments;
use crate::http::answer::{Known, blocking};
use crate::http::asking::Asking;
use crate::http::called::Calling;
use crate::http::problem::Problem;
use crate::http::request::Asked;
use crate::ledger::Followed;
use crate::render::page::{
    AgreementLine, AmountLine, AmountOf, ContractLine, HolderLine, KeyLine, Latest, LibraryLine, PaymentLine, Place,
    RunLine, StateShown, ToBear, state_page, typed_day,
};
use crate::store::Position;
use crate::text::Language;
use crate::view::became_known::Moment;
use crate::view::book::Book;
use crate::view::budget::{Wanted, budget_sheet, usual_years};
use crate::view::budget_sheet::{Completeness, YearTotal};
use crate::view::holders::holders;
use crate::view::owed::{Balance, Owed, OwedByDay, balances};
use crate::view::register::{
    AgreementEntry, CostEntry, Entry, LegacyContractEntry, LicenceEntry, RunSummary, SharingKeyEntry, SignupEntry,
    runs_latest_first,
};
use crate::view::whose;

/// So many of the latest runs and payments are shown.
const LATEST_MAX: usize = 50;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get("/log/state", &[Operation::SeeLog], shown)]
}

#[derive(Debug, Clone, Default, Deserialize)]
struct StateQuery {
    #[serde(default)]
    as_of: String,
    /// A place in the log, which goes before a day.
    #[serde(default)]
    position: String,
}

async fn shown(
    app: web::Data<App>,
    asking: Asking,
    around: Around,
    Asked(query): Asked<StateQuery>,
) -> Result<Page, Problem> {
    let today = app.clock.today();
    let position = query.position.trim().to_owned();
    // An event is of a day itself.
    let typed = if position.is_empty() { query.as_of.trim().to_owned() } else { String::new() };
    let on = typed_day(&typed).filter(|day| *day <= today);
    let is_refused = on.is_none() && !typed.is_empty();
    let as_of = on.filter(|on| *on < today);
    // The day of an event may not be over, and what is outstanding at its end is not known before.
    // Who sees what is whose by what is known now may see something else later.
    let sees_all = asking.sees(Operation::SeeLog, About::default);
    let rests = if as_of.is_some() && sees_all { Rests::Past } else { Rests::Everything };
    let whole = around.clone();
    let (asked, asks) = (app.clone(), asking.clone());
    let made = blocking(move || {
        // What was known of terms and of access is folded for the day; what was outstanding is kept by day.
        let place = place_called(&asked, &position)?;
        let then = match place {
            Some((position, _)) => Some(asked.ledger.terms_with(position)),
            None => as_of.map(|day| asked.ledger.terms_as_of(day)),
        };
        let on = place.map(|(_, day)| day).or(as_of).unwrap_or(today);
        let is_position_refused = place.is_none() && !position.is_empty();
        let now = asked.ledger.now();
        let known = &Known::back_then(&asked, &asks, then.as_deref().unwrap_or(&now), &now, on);
        let (year, _) = usual_years(known.day);
        let (agreements, holders) = (agreements(known, year), access(known, around.language));
        let (libraries, contracts) = (libraries(known), contracts(known));
        let (amounts, keys) = (amounts(known), keys(known));
        let moment = place.map_or(Moment::EndOf(on), |(position, _)| Moment::With(position.0));
        let runs = runs(known, &now, moment);
        let payments = payments(known, &now, moment);
        let balances = balances_seen(known, &now.owed, &now.book);
        let page = StateShown {
            day: known.day,
            typed: if typed.is_empty() { None } else { Some(&typed) },
            is_refused,
            position: if position.is_empty() { None } else { Some(&position) },
            is_position_refused,
            is_today: known.day == today,
            year,
            agreements: &agreements,
            libraries: &libraries,
            contracts: &contracts,
            amounts: &amounts,
            keys: &keys,
            runs: &runs,
            payments: &payments,
            balances: &balances,
            holders: &holders,
        };
        let status = if is_refused || is_position_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        around.answer_as(status, known.app.ids.new_id(), Some(Place::Log), |frame| state_page(frame, &page))
    });
    whole.kept(&app, &asking, (rests, ""), made).await
}

/// The event at a place in the log as it is typed, and the day of its recording; none where there is none.
fn place_called(app: &App, typed: &str) -> Result<Option<(Position, NaiveDate)>, Problem> {
    let typed: Option<u64> = typed.parse().ok();
    let Some(before) = typed.filter(|place| *place <= app.ledger.reached()).and_then(|place| place.checked_sub(1))
    else {
        return Ok(None);
    };
    let after = Some(before).filter(|place| *place > 0).map(Position);
    let read = app.ledger.store().read_all(after, 1)?;
    Ok(read.first().map(|event| (event.position, norwegian_day(event.recorded_at))))
}

fn procurement_called(book: &Book, procurement: ProcurementId) -> String {
    let opened = book.procurements.get(&procurement).and_then(|known| known.opened.as_ref());
    opened.map(|opened| opened.name.clone()).unwrap_or_default()
}

fn party_called(known: &Known<'_>, party: PartyId) -> String {
    known.book.parties.get(&party).map(|party| party.full_name_on(known.day)).unwrap_or_default()
}

fn contracts(known: &Known<'_>) -> Vec<ContractLine> {
    let mut entries = LegacyContractEntry::all(known.book, known.at());
    entries.retain(|entry| known.asking.sees(Operation::SeeLegacies, || whose::legacy(known.present, entry.legacy)));
    let line = |entry: LegacyContractEntry| ContractLine {
        procurement: procurement_called(known.book, entry.procurement),
        party: party_called(known, entry.party),
        paid_until: (entry.last_day.unwrap_or(entry.paid_until), entry.last_day.is_some()),
        system: entry.system,
        yearly_cost: entry.yearly_cost_ore,
    };
    entries.into_iter().map(line).collect()
}

/// So much of what came the latest first as is shown.
fn latest_of<T, L>(all: &[T], line: impl FnMut(&T) -> Option<L>) -> Latest<L> {
    Latest { shown: all.iter().take(LATEST_MAX).filter_map(line).collect(), count: all.len() }
}

/// The runs as they stood at a moment, the latest first; `latest` knows their plans, which never change.
fn runs(known: &Known<'_>, latest: &Followed, moment: Moment) -> Latest<RunLine> {
    let book = &latest.book;
    let stood = |(id, run): (InvoiceRunId, &InvoiceRun)| {
        let phase = latest.became_known.phase_of(id, moment)?;
        let sees = known.asking.sees(Operation::SeeRuns, || whose::run(book, id));
        let procurement = run.planned().filter(|_| sees)?.plan.procurement;
        Some((RunSummary { phase, ..RunSummary::of(id, run)? }, procurement))
    };
    let all: Vec<_> = runs_latest_first(book).into_iter().filter_map(stood).collect();
    let line = |(run, procurement): &(RunSummary, ProcurementId)| RunLine {
        run: *run,
        procurement: procurement_called(book, *procurement),
    };
    latest_of(&all, |run| Some(line(run)))
}

/// The payments that were known of at a moment, the latest first; what came in stays what it is.
fn payments(known: &Known<'_>, latest: &Followed, moment: Moment) -> Latest<PaymentLine> {
    let book = &latest.book;
    let accounts: BTreeMap<ReceivingAccountId, &Payments> = book
        .payments
        .iter()
        .filter(|_| known.app.ledger.follows_all().is_ok())
        .filter(|(id, _)| known.asking.sees(Operation::SeePayments, || whose::account(book, **id)))
        .map(|(id, account)| (*id, account))
        .collect();
    let seen = latest.became_known.payments(moment).filter(|(account, _)| accounts.contains_key(account));
    let line = |(account, payment): (ReceivingAccountId, PaymentId)| {
        let account = accounts.get(&account)?;
        let received = &account.payments.get(&payment)?.received;
        Some(PaymentLine {
            reference: received.reference.clone(),
            account_number: account.opened.as_ref().map(|opened| opened.account_number.clone()).unwrap_or_default(),
            kid: received.kid.clone(),
            booked_on: received.booked_on,
            amount: received.amount_ore,
        })
    };
    let all: Vec<_> = seen.collect();
    latest_of(&all, |payment| line(*payment))
}

fn libraries(known: &Known<'_>) -> Vec<LibraryLine> {
    let mut entries = SignupEntry::all(known.book, known.at());
    entries.retain(|entry| known.asking.sees(Operation::SeeSignups, || whose::signup(known.present, entry.signup)));
    let line = |entry: SignupEntry| LibraryLine {
        procurement: procurement_called(known.book, entry.procurement),
        library: entry.library,
        party: party_called(known, entry.party),
        is_committed: entry.commitment == Commitment::Committed || entry.option_exercised_on.is_some(),
        went_live: entry.went_live,
        withdrawn_on: entry.withdrawn_on,
    };
    entries.into_iter().map(line).collect()
}

fn amounts(known: &Known<'_>) -> Vec<AmountLine> {
    let sees = |about: &dyn Fn() -> About| known.asking.sees(Operation::SeeAmounts, about);
    let costs = CostEntry::all(known.book, known.at()).into_iter();
    let costs = costs.filter(|cost| cost.cancelled_on.is_none() && sees(&|| whose::cost(known.present, cost.cost)));
    let costs = costs.map(|cost| AmountLine {
        name: cost.name,
        procurement: procurement_called(known.book, cost.procurement),
        of: AmountOf::Year(cost.year),
        amount: cost.amount,
    });
    let licences = LicenceEntry::all(known.book, known.at()).into_iter();
    let licences = licences.filter(|licence| sees(&|| whose::licence(known.present, licence.licence)));
    let licences = licences.map(|licence| AmountLine {
        name: licence.name,
        procurement: procurement_called(known.book, licence.procurement),
        of: AmountOf::EachYear(licence.starts, licence.ends),
        amount: licence.base_price,
    });
    costs.chain(licences).collect()
}

fn keys(known: &Known<'_>) -> Vec<KeyLine> {
    let mut entries = SharingKeyEntry::all(known.book, known.at());
    entries.retain(|key| known.asking.sees(Operation::SeeKeys, || whose::sharing_key(known.present, key.sharing_key)));
    let lines = |key: SharingKeyEntry| {
        let (name, procurement) = (key.name, procurement_called(known.book, key.procurement));
        let adopted: Vec<_> = key.adoptions.into_iter().map(|known| (known.applies_from, known.reference)).collect();
        let adopted = if adopted.is_empty() { vec![None] } else { adopted.into_iter().map(Some).collect() };
        adopted.into_iter().map(move |adopted| KeyLine {
            name: name.clone(),
            procurement: procurement.clone(),
            adopted,
        })
    };
    entries.into_iter().flat_map(lines).collect()
}

fn agreements(known: &Known<'_>, year: i32) -> Vec<AgreementLine> {
    let book = known.book;
    let mut entries = AgreementEntry::all(book, known.at());
    entries.retain(|entry| {
        entry.phase != Phase::Absent
            && known
                .asking
                .sees(Operation::SeeAgreements, || whose::part(known.present, entry.procurement, entry.party))
    });
    let line = |entry: AgreementEntry| {
        let party = book.parties.get(&entry.party);
        let wanted = Wanted {
            procurement: entry.procurement,
            party: entry.party,
            first_year: year,
            years_count: 1,
            as_of: known.day,
        };
        let sees_budget =
            known.asking.sees(Operation::SeeBudget, || whose::part(known.present, entry.procurement, entry.party));
        let sheet = if sees_budget { budget_sheet(book, wanted) } else { None };
        AgreementLine {
            party: party_called(known, entry.party),
            number: party.and_then(|party| party.number_on(known.day)).unwrap_or_default().to_owned(),
            procurement: (entry.procurement, procurement_called(book, entry.procurement)),
            phase: entry.phase,
            signed_on: entry.signed.map(|signed| signed.on),
            to_bear: sheet.as_ref().and_then(|sheet| to_bear(sheet.totals.first()?)),
        }
    };
    let mut lines: Vec<AgreementLine> = entries.into_iter().map(line).collect();
    lines.sort_by(|one, other| (&one.number, &one.party).cmp(&(&other.number, &other.party)));
    lines
}

/// What is known of a year; nothing where there is nothing in it.
fn to_bear(total: &YearTotal) -> Option<ToBear> {
    let likely = total.after_compensation.map(|borne| borne.likely_ore);
    match total.completeness() {
        Completeness::Nothing => None,
        Completeness::NothingKnown => Some(ToBear { likely: None, is_incomplete: false }),
        Completeness::Partly => Some(ToBear { likely, is_incomplete: true }),
        Completeness::Complete => Some(ToBear { likely, is_incomplete: false }),
    }
}

/// What each party owed on the day; `latest` has the invoices.
fn balances_seen(known: &Known<'_>, owed: &OwedByDay, latest: &Book) -> Vec<Balance> {
    let sees = |owed: &Owed| known.asking.sees(Operation::SeeReceivables, || owed.owner.about(known.present));
    balances(owed.at_end_of(known.day).filter(sees), &latest.invoices)
}

fn access(known: &Known<'_>, language: Language) -> Option<Vec<HolderLine>> {
    known.asking.may(Operation::SeeAccounts, &About::default()).ok()?;
    let calling = Calling::of(known, language);
    let line = |held: crate::view::holders::Holder| HolderLine {
        who: calling.person(held.person),
        role: held.role,
        scope: held.scope,
        until: held.until,
    };
    Some(holders(known.book, known.day).into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_more_than_fifty_the_latest_fifty_are_shown_and_all_are_counted() {
        let latest = |count: usize| latest_of(&(0..count).collect::<Vec<_>>(), |number| Some(*number));
        assert_eq!(latest(50), Latest { shown: (0..50).collect(), count: 50 });
        assert_eq!(latest(51), Latest { shown: (0..50).collect(), count: 51 });
    }
}
