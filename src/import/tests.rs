mod opening;

use std::sync::Arc;

use chrono::NaiveDate;

use super::run::{Contents, ImportError, Ports, run};
use super::*;
use crate::clock::WallClock;
use crate::domain::agreement::Phase;
use crate::domain::assessment::Assessment;
use crate::domain::identity::ProcurementId;
use crate::domain::money::Ore;
use crate::domain::party::{ContactRole, NameLanguage, PartyKind};
use crate::domain::procurement::ProcurementCommand;
use crate::ids::{NAMESPACE, SeededIds, derived};
use crate::ledger::Ledger;
use crate::store::people::People;
use crate::store::sqlite::SqliteStore;
use crate::store::testing::TestDirectory;
use crate::view::book::Book;

const PARTIES: &str = "\
organisation_number,kind,from,number,name_nb,name_se,name_order,source
922420866,county_authority,2020-01-01,54,Troms og Finnmark fylkeskommune,,nb,x
940101808,municipality,2020-01-01,5401,Tromsø,,nb,x
963376030,municipality,2020-01-01,5437,Karasjok,Kárášjohka,se|nb,x
,other,2020-01-01,2111,Longyearbyen lokalstyre,,nb,x
";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn table(text: &str) -> Table {
    Table::parse("fil.csv", text.as_bytes(), LIMITS).unwrap()
}

fn nobody(_: PersonId) -> Option<Person> {
    None
}

/// Plans a file against a book and adds what it plans.
fn import(book: &mut Book, kind: Kind, text: &str) -> Result<Plan, Vec<String>> {
    import_beside(book, kind, text, &nobody)
}

fn import_beside(
    book: &mut Book,
    kind: Kind,
    text: &str,
    person: &dyn Fn(PersonId) -> Option<Person>,
) -> Result<Plan, Vec<String>> {
    let ids = SeededIds::new("import");
    let planned = plan(kind, &table(text), Draft::new(book.clone(), person, &ids))
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    for wish in &planned.wishes {
        wish.carry_out_in(book).unwrap();
    }
    Ok(planned)
}

/// A book with three parties and Longyearbyen, and a procurement led by the county authority.
fn book() -> Book {
    let mut book = Book::default();
    import(&mut book, Kind::Parties, PARTIES).unwrap();
    let procurement = ProcurementId(derived(NAMESPACE, "procurement"));
    let open = ProcurementCommand::Open {
        procurement,
        name: "Felles biblioteksystem".to_owned(),
        county: book.parties_called("54")[0],
        agreement_label: "tilknytningsavtale".to_owned(),
        illustrative: true,
        on: day("2020-04-01"),
    };
    let wish = Wish::Procurement(procurement, open);
    wish.carry_out_in(&mut book).unwrap();
    book
}

fn faults(book: &Book, kind: Kind, text: &str) -> Vec<String> {
    import(&mut book.clone(), kind, text).unwrap_err()
}

#[test]
fn parties_come_with_number_names_in_their_order_and_kind() {
    let book = book();
    let karasjok = &book.parties[&book.parties_called("5437")[0]];
    assert_eq!(karasjok.full_name_on(day("2022-01-01")), "Kárášjohka - Karasjok");
    assert_eq!(karasjok.name_in(NameLanguage::Se, day("2022-01-01")), Some("Kárášjohka"));
    let longyearbyen = &book.parties[&book.parties_called("2111")[0]];
    assert_eq!(longyearbyen.registered.as_ref().map(|known| known.kind), Some(PartyKind::Other));
    assert!(longyearbyen.registered.as_ref().is_some_and(|known| known.organisation_number.is_none()));
}

#[test]
fn the_same_file_again_changes_nothing() {
    let mut book = book();
    assert_eq!(import(&mut book, Kind::Parties, PARTIES).unwrap(), Plan::default());
    let signups = "party,library,kind,commitment,signed_up_on,shared_base,shared_base_chosen_on,went_live_on\n\
                   5401,Tromsø bibliotek,public,committed,2022-12-09,yes,2023-05-10,2024-02-12\n";
    assert_eq!(import(&mut book, Kind::Signups, signups).unwrap().wishes.len(), 3);
    assert_eq!(import(&mut book, Kind::Signups, signups).unwrap(), Plan::default());
}

#[test]
fn a_later_row_can_build_on_an_earlier_one_and_an_old_number_still_finds_its_party() {
    let mut book = book();
    let numbers = "organisasjonsnummer;fra;kommunenummer\n940101808;01.01.2024;5501\n";
    import(&mut book, Kind::Parties, numbers).unwrap();
    for called in ["5401", "5501", "940101808", "Tromsø", "tromsø"] {
        let figures = format!("kommunenummer;dato;innbyggere;kilde\n{called};2024-01-01;78 745;SSB 07459\n");
        import(&mut book, Kind::Figures, &figures).unwrap();
    }
    let troms = &book.parties[&book.parties_called("5501")[0]];
    assert_eq!(troms.number_on(day("2023-12-31")), Some("5401"));
    assert_eq!(troms.figure_on("inhabitants", day("2024-06-01")).map(|figure| figure.value), Some(78_745.into()));
}

#[test]
fn files_as_excel_in_norway_writes_them_are_read() {
    let mut book = book();
    let legacy = "\u{feff}Part;Biblioteksystem;Betalt til;Oppsigelsesmåneder;MVA prosent;Registrert dato;Årlig kostnad;Kilde\r\n\
                  Kárášjohka;Mikromarc;30.09.2023;12;25;20.09.2022;23 000,50;oppdiktet beløp\r\n";
    import(&mut book, Kind::Legacy, legacy).unwrap();
    let costs: Vec<_> = book.legacies.values().map(|legacy| legacy.yearly_cost_ore).collect();
    assert_eq!(costs, [Some(Ore(2_300_050))]);
}

#[test]
fn every_row_that_cannot_be_taken_is_named_and_then_none_is() {
    let book = book();
    let figures = "party,on,inhabitants,source\n\
                   5401,2022-01-01,77544,SSB\n\
                   5499,2022-01-01,5,SSB\n\
                   5437,2022-13-01,2584,SSB\n\
                   5437,2022-01-01,-3,SSB\n\
                   5437,2022-01-01,,SSB\n";
    let faults = faults(&book, Kind::Figures, figures);
    assert_eq!(faults.len(), 4, "{faults:?}");
    assert!(faults[0].starts_with("row 3, column \"party\": no party is called \"5499\""), "{}", faults[0]);
    assert!(faults[1].starts_with("row 4, column \"on\": \"2022-13-01\" is no date"), "{}", faults[1]);
    assert!(faults[2].starts_with("row 5: "), "{}", faults[2]);
    assert!(faults[3].starts_with("row 6: the row has no figure"), "{}", faults[3]);
}

#[test]
fn a_rule_that_says_no_is_reported_with_the_row() {
    let mut known = book();
    let wrong_digit = "organisation_number,kind,from,number,name_nb\n940101809,municipality,2020-01-01,5402,Harstad\n";
    let faults_of = faults(&known, Kind::Parties, wrong_digit);
    assert!(faults_of[0].starts_with("row 2: ") && faults_of[0].contains("940101809"), "{faults_of:?}");

    let agreement = "party,commitment,drafted_on,sent_on,signed_on,signed_role,signed_authority\n\
                     5401,forpliktet,2022-11-01,2022-11-15,2022-12-09,kommunedirektør,delegasjonsreglement\n";
    import(&mut known, Kind::Agreements, agreement).unwrap();
    assert!(known.agreements.values().all(|agreement| agreement.phase == Phase::Signed));
    let second = agreement.replace("2022-12-09", "2022-12-10");
    assert!(faults(&known, Kind::Agreements, &second)[0].contains("2022-12-09"));
}

#[test]
fn the_header_is_held_to_the_columns_of_the_kind() {
    let book = book();
    for (text, sentence) in [
        ("party,on,inhabitant,source\n", "row 1, column \"inhabitant\": the column is not known"),
        ("party,on,inhabitants\n", "row 1, column \"source\": the column is missing"),
        (
            "party,kommunenummer,on,source\n",
            "row 1, column \"kommunenummer\": it means the same as the column \"party\"",
        ),
    ] {
        let faults = faults(&book, Kind::Figures, text);
        assert!(faults[0].starts_with(sentence), "{faults:?}");
    }
}

#[test]
fn another_encoding_is_refused() {
    let error = Table::parse("fil.csv", b"party,on\nTroms\xf8,x\n", LIMITS).unwrap_err().to_string();
    assert!(error.contains("row 2") && error.contains("UTF-8"), "{error}");
}

#[test]
fn a_cost_goes_from_unknown_to_contracted_by_its_rows_and_a_grant_is_kept() {
    let mut book = book();
    let costs = "name;kind;year;paid_by;vat_percent;on;certainty;low;likely;high;amount;grant_from;grant_amount;grant_reference;source\n\
                 Konvertering;konvertering;2023;5401;25;2022-05-31;ukjent;;;;;NB;400000,00;brev;ingen vet\n\
                 Konvertering;konvertering;2023;5401;25;2023-05-15;anslått;1000000;1200000;1500000;;;;;oppdiktet beløp\n\
                 Konvertering;konvertering;2023;5401;25;2023-10-15;avtalt;;;;1100000,00;;;;oppdiktet beløp\n";
    assert_eq!(import(&mut book, Kind::Costs, costs).unwrap().wishes.len(), 5);
    assert_eq!(import(&mut book, Kind::Costs, costs).unwrap(), Plan::default());
    let cost = book.costs.values().next().unwrap();
    assert_eq!(cost.statements.len(), 3);
    assert_eq!(cost.statements[2].replaces, Some(cost.statements[1].assessment));
    assert_eq!(cost.granted(), Ore(40_000_000));

    let torn = costs.replace("anslått", "").replace("5401;25;2022", ";25;2022");
    let faults = faults(&book, Kind::Costs, &torn);
    assert!(faults[0].starts_with("row 2, column \"shared_by\": nobody pays"), "{faults:?}");
    assert!(faults[1].starts_with("row 3, column \"low\": the amount has no certainty"), "{faults:?}");
}

#[test]
fn a_grant_is_withdrawn_before_the_amount_is_less_than_it() {
    let mut book = book();
    let header = "name;kind;year;paid_by;vat_percent;on;certainty;amount;grant_from;grant_amount;grant_reference;\
                  grant_withdrawn;source\n";
    let granted = "Konvertering;konvertering;2023;5401;25;2023-05-15;avtalt;500000;NB;400000,00;brev;;tilbud\n";
    let withdrawn = "Konvertering;konvertering;2023;5401;25;2023-10-15;avtalt;300000;NB;400000,00;brev;ja;avtale\n";
    let again = "Konvertering;konvertering;2023;5401;25;2023-11-15;avtalt;600000;NB;400000,00;brev;;tilbud\n";
    import(&mut book, Kind::Costs, &format!("{header}{granted}{withdrawn}{again}")).unwrap();
    let cost = book.costs.values().next().unwrap();
    assert_eq!((cost.granted(), cost.withdrawn_grants.len()), (Ore(40_000_000), 1));
    let same = import(&mut book, Kind::Costs, &format!("{header}{withdrawn}"));
    assert_eq!(same.unwrap(), Plan::default(), "the grant that was given anew is another");
}

#[test]
fn each_row_that_withdraws_a_grant_withdraws_one_also_where_rows_say_the_same() {
    let mut book = book();
    let header = "name;kind;year;paid_by;vat_percent;on;certainty;amount;grant_from;grant_amount;grant_reference;\
                  grant_withdrawn;source\n";
    let row = |on: &str, withdrawn: &str, source: &str| {
        format!("Konvertering;konvertering;2023;5401;25;{on};avtalt;500000;NB;100000,00;brev;{withdrawn};{source}\n")
    };
    let granted = row("2023-05-15", "", "tilbud") + &row("2023-06-15", "", "tilbud");
    let withdrawn = row("2023-10-15", "ja", "avtale");
    import(&mut book, Kind::Costs, &format!("{header}{granted}")).unwrap();
    let grants = |book: &Book| {
        let cost = book.costs.values().next().unwrap();
        (cost.grants.len(), cost.withdrawn_grants.len())
    };
    assert_eq!(grants(&book), (2, 0));
    import(&mut book, Kind::Costs, &format!("{header}{withdrawn}")).unwrap();
    assert_eq!(grants(&book), (1, 1));
    import(&mut book, Kind::Costs, &format!("{header}{withdrawn}{withdrawn}")).unwrap();
    assert_eq!(grants(&book), (0, 2), "the first row is the one that was taken in before");
    let again = import(&mut book, Kind::Costs, &format!("{header}{granted}{withdrawn}{withdrawn}"));
    assert_eq!(again.unwrap(), Plan::default());
    let faults = faults(&book, Kind::Costs, &format!("{header}{withdrawn}{withdrawn}{withdrawn}"));
    assert!(
        faults.len() == 1 && faults[0].starts_with("row 4, column \"grant_from\": there is nothing left to withdraw"),
        "{faults:?}"
    );
}

#[test]
fn what_was_expected_of_a_factor_is_history_once_it_was_published_the_same_day() {
    let mut book = book();
    let header = "name;starts;paid_by;vat_percent;index;index_first_year;on;factor_year;factor;factor_certainty;vintage;source\n";
    let row = |certainty, factor| {
        format!("Drift;2023-01-01;5401;25;KPI;2024;2024-01-10;2024;{factor};{certainty};2024-01;SSB 03014\n")
    };
    let (forecast, published) = (row("prognose", "1,04"), row("publisert", "1,055"));
    import(&mut book, Kind::Licences, &format!("{header}{forecast}{published}")).unwrap();
    let again = import(&mut book, Kind::Licences, &format!("{header}{forecast}"));
    assert_eq!(again.unwrap(), Plan::default());
}

#[test]
fn what_a_licence_came_to_is_stated_of_a_year_and_the_same_again_changes_nothing() {
    let mut book = book();
    let header = "name;starts;paid_by;vat_percent;on;certainty;year;amount;source\n";
    let row =
        |on, certainty, year, amount| format!("Drift;2022-01-01;5401;25;{on};{certainty};{year};{amount};faktura\n");
    let contracted = row("2022-01-10", "avtalt", "", "1000");
    let actual = row("2022-12-31", "faktisk", "2022", "1100");
    let mended = row("2023-01-15", "faktisk", "2022", "1090");
    let of_next_year = row("2023-12-31", "faktisk", "2023", "1100");
    let all = format!("{header}{contracted}{actual}{mended}{of_next_year}");
    assert_eq!(import(&mut book, Kind::Licences, &all).unwrap().wishes.len(), 5);
    let licence = book.licences.values().next().unwrap();
    let came_to: Vec<_> = licence.actuals.iter().map(|(year, statement)| (*year, statement.amount)).collect();
    let came = |amount_ore| Assessment::Actual { amount_ore: Ore(amount_ore) };
    assert_eq!(came_to, [(2022, came(109_000)), (2023, came(110_000))]);
    assert_eq!(import(&mut book, Kind::Licences, &all).unwrap(), Plan::default());
    assert_eq!(
        faults(&book, Kind::Licences, &format!("{header}{}", row("2024-12-31", "faktisk", "", "1200"))),
        [
            "row 2, column \"year\": what a licence came to belongs to one year, which is not said; write the year in this column"
        ]
    );
    let [of_contract] =
        &faults(&book, Kind::Licences, &format!("{header}{}", row("2024-12-31", "avtalt", "2024", "1")))[..]
    else {
        panic!("one row")
    };
    assert!(
        of_contract.starts_with("row 2, column \"year\": only what a licence came to is of one year"),
        "{of_contract}"
    );
}

#[test]
fn names_and_addresses_of_contacts_go_beside_the_log() {
    let mut book = book();
    let contacts = "party,role,name,email\nTromsø,finance,Økonomiavdelingen,faktura@tromso.example\n";
    let planned = import(&mut book, Kind::Contacts, contacts).unwrap();
    let [(id, person)] = planned.people.as_slice() else { panic!("{planned:?}") };
    assert_eq!(person.email.as_deref(), Some("faktura@tromso.example"));
    assert!(!format!("{:?}", planned.wishes).contains("faktura"), "{planned:?}");
    let tromso = book.parties_called("5401")[0];
    assert_eq!(book.parties[&tromso].contacts.get(&ContactRole::Finance), Some(id));

    let kept = |asked: PersonId| (asked == *id).then(|| person.clone());
    assert_eq!(import_beside(&mut book, Kind::Contacts, contacts, &kept).unwrap(), Plan::default());
    let malformed = contacts.replace("@tromso.example", "");
    assert!(faults(&book, Kind::Contacts, &malformed)[0].starts_with("row 2, column \"email\""));
    let twice = format!("{contacts}Tromsø,finance,En annen,annen@tromso.example\n");
    assert!(faults(&book, Kind::Contacts, &twice)[0].starts_with("row 3, column \"role\""));
}

#[test]
fn where_the_log_takes_nothing_people_are_kept_as_they_were() {
    let directory = TestDirectory::new();
    let people = People::open(directory.path()).unwrap();
    let ids = SeededIds::new("import");
    let take_in = |store: SqliteStore, kind, text: &str| {
        let ledger = Ledger::open(Arc::new(store)).unwrap();
        let ports = Ports { ledger: &ledger, people: &people, ids: &ids, clock: &WallClock };
        run(&ports, &Contents::Rows(kind, table(text)), &mut Vec::new())
    };
    let contact = "party,role,name,email\nTromsø,finance,Økonomiavdelingen,faktura@tromso.example\n";
    take_in(SqliteStore::open(directory.path()).unwrap(), Kind::Parties, PARTIES).unwrap();
    take_in(SqliteStore::open(directory.path()).unwrap(), Kind::Contacts, contact).unwrap();
    let before = people.all().unwrap();
    let other = contact.replace("Økonomi", "Regnskaps") + "Karasjok,finance,Økonomi,faktura@karasjok.example\n";
    let refused = take_in(SqliteStore::open_read_only(directory.path()).unwrap(), Kind::Contacts, &other);
    assert!(matches!(refused, Err(ImportError::Ledger(_))), "{refused:?}");
    assert_eq!(people.all().unwrap(), before);
    take_in(SqliteStore::open(directory.path()).unwrap(), Kind::Contacts, &other).unwrap();
    assert!(people.all().unwrap().len() > before.len());
}

#[test]
fn a_merger_and_a_decided_split_are_read() {
    let mut book = Book::default();
    let parties = "organisation_number,kind,from,number,name_nb,merged_into,split_into,reference\n\
                   940101808,municipality,2020-01-01,1507,Ålesund,,,\n\
                   972417971,municipality,2017-01-01,1534,Haram,,,\n\
                   972417971,municipality,2020-01-01,,,1507,,vedtak 2017\n\
                   944588132,municipality,2024-01-01,1508,Ålesund,,,\n\
                   972418048,municipality,2024-01-01,1580,Haram,,,\n\
                   940101808,municipality,2024-01-01,,,,1508=86.5|1580=13.5,vedtak 2023\n";
    import(&mut book, Kind::Parties, parties).unwrap();
    assert_eq!(import(&mut book, Kind::Parties, parties).unwrap(), Plan::default());
    let [old] = book.parties_called("1507")[..] else { panic!("one party") };
    assert!(!book.parties[&old].exists_on(day("2024-01-01")));
    let bad = parties.replace("13.5", "13");
    let faults = faults(&Book::default(), Kind::Parties, &bad);
    assert!(faults[0].starts_with("row 7: "), "{faults:?}");
}
