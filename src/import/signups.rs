//! `signups`: libraries that join a procurement, with their choices, checklist and going live.

use super::agreements::COMMITMENTS;
use super::draft::{Draft, Taken};
use super::line::{Column, Fault, Line, NOTE, PARTY, PROCUREMENT, optional, required};
use crate::domain::identity::SignupId;
use crate::domain::party::PartyKind;
use crate::domain::signup::{GoLiveWished, LibraryKind, ReadinessItem, SignupCommand};
use crate::handle::Wish;
use crate::ids::derived;

pub(super) const COLUMNS: &[Column] = &[
    PARTY,
    PROCUREMENT,
    required("library", &["bibliotek"], "the library's name"),
    required("kind", &["type"], "public (folkebibliotek), upper_secondary (vgs) or primary_school (grunnskole)"),
    required("commitment", &["forpliktelse"], "committed (forpliktet) or option (opsjon)"),
    required("signed_up_on", &["påmeldt_dato"], "day of the signup"),
    optional("wished_go_live", &["ønsket_oppstart"], "day it wishes to go live"),
    optional(
        "wished_go_live_on",
        &["ønsket_oppstart_dato"],
        "day of that wish; needed where it wished another day at first",
    ),
    optional("shared_base", &["felles_base"], "yes or no"),
    optional("shared_base_chosen_on", &["felles_base_dato"], "day of that choice"),
    optional("shared_catalogue", &["felles_katalog"], "yes or no"),
    optional("shared_catalogue_chosen_on", &["felles_katalog_dato"], "day of that choice"),
    optional("leaders_informed_on", &["ledelse_orientert_dato"], "day the municipality's leaders were informed"),
    optional("reported_into_budget_on", &["meldt_inn_i_budsjett_dato"], "day it was reported into the budget"),
    optional("old_contract_ended_on", &["gammel_avtale_avsluttet_dato"], "day the old contract's end was settled"),
    optional("catalogue_cleaned_on", &["katalog_ryddet_dato"], "day the catalogue was clean"),
    optional(
        "school_libraries_informed_on",
        &["skolebibliotek_orientert_dato"],
        "day the school libraries were informed",
    ),
    optional("went_live_on", &["oppstart_dato"], "first day on the new system"),
    optional(
        "went_live_correction",
        &["oppstart_rettelse"],
        "what was wrong with the first day recorded before; needed where went_live_on is another",
    ),
    optional("withdrawn_on", &["trukket_dato"], "day it left again"),
    NOTE,
];

const KINDS: &[(&str, LibraryKind)] = &[
    ("public", LibraryKind::Public),
    ("folkebibliotek", LibraryKind::Public),
    ("upper_secondary", LibraryKind::UpperSecondary),
    ("vgs", LibraryKind::UpperSecondary),
    ("primary_school", LibraryKind::PrimarySchool),
    ("grunnskole", LibraryKind::PrimarySchool),
];

const CHECKLIST: [(&str, ReadinessItem); 5] = [
    ("leaders_informed_on", ReadinessItem::LeadersInformed),
    ("reported_into_budget_on", ReadinessItem::ReportedIntoBudget),
    ("old_contract_ended_on", ReadinessItem::OldContractEnded),
    ("catalogue_cleaned_on", ReadinessItem::CatalogueCleaned),
    ("school_libraries_informed_on", ReadinessItem::SchoolLibrariesInformed),
];

pub(super) fn row(line: &Line<'_>, draft: &Draft<'_>) -> Result<Taken, Fault> {
    if line.is_to_come("signed_up_on")? {
        return Ok(Taken::default());
    }
    let party = draft.party(line, "party")?;
    let procurement = draft.procurement(line)?;
    let library = line.text("library")?;
    let signup = SignupId(derived(procurement.0, &format!("signup/{party}/{library}")));
    let kind = line.chosen("kind", KINDS)?;
    let commitment = line.chosen("commitment", COMMITMENTS)?;
    let party_kind: PartyKind = draft
        .book()
        .parties
        .get(&party)
        .and_then(|party| party.registered.as_ref())
        .map_or_else(Default::default, |known| known.kind);
    let mut commands = Vec::new();
    if let Some(on) = line.done_for_sure("signed_up_on")? {
        let wished = line.optional_date("wished_go_live")?;
        let known = draft.book().signups.get(&signup).and_then(|known| known.signed_up.as_ref());
        let wished_go_live = known.map_or(wished, |known| known.wished_go_live);
        let library = library.to_owned();
        commands.push(SignupCommand::SignUp {
            signup,
            procurement,
            party,
            library,
            kind,
            party_kind,
            commitment,
            wished_go_live,
            on,
        });
        if let Some(go_live) = wished.filter(|wished| Some(*wished) != wished_go_live) {
            let on = line.date("wished_go_live_on")?;
            // A later wish may have taken its place since, by another file or on a page.
            let known = draft.book().signups.get(&signup);
            if !known.is_some_and(|known| known.wishes.contains(&GoLiveWished { go_live, on })) {
                commands.push(SignupCommand::WishGoLive { go_live, on });
            }
        }
    }
    if let Some(joins) = line.yes_or_no("shared_base")? {
        commands.extend(line.done("shared_base_chosen_on")?.map(|on| SignupCommand::ChooseSharedBase { joins, on }));
    }
    if let Some(joins) = line.yes_or_no("shared_catalogue")? {
        let chosen_on = line.done("shared_catalogue_chosen_on")?;
        commands.extend(chosen_on.map(|on| SignupCommand::ChooseSharedCatalogue { joins, on }));
    }
    for (column, item) in CHECKLIST {
        commands.extend(line.done(column)?.map(|on| SignupCommand::TickReadiness { item, on }));
    }
    let known_live = draft.book().signups.get(&signup).and_then(|known| known.went_live);
    commands.extend(line.done("went_live_on")?.map(|on| match line.optional("went_live_correction") {
        Some(reason) if known_live.is_some() => {
            SignupCommand::CorrectGoLive { went_live: on, reason: reason.to_owned() }
        }
        Some(_) | None => SignupCommand::GoLive { on },
    }));
    commands.extend(line.done("withdrawn_on")?.map(|on| SignupCommand::Withdraw { on }));
    Ok(commands.into_iter().map(|command| Wish::Signup(signup, command)).collect::<Vec<_>>().into())
}
