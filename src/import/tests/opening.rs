//! What a real procurement begins with: it is opened, with its keys, decisions on VAT, and what became of old contracts.

use super::*;
use crate::domain::identity::SharingKeyId;
use crate::domain::party::RegisterEntryStated;
use crate::domain::vat::{Subject, VatTreatment};
use crate::import::procurement::{self, ProcurementFile};
use crate::toml_file::TomlFile;

const OPENING: &str = "\
name = \"Felles biblioteksystem\"
county = \"54\"
opened_on = 2020-04-01
agreement_label = \"tilknytningsavtale\"

[[milestone]]
name = \"kontrakt\"
on = \"2023-10-15\"

[[vat]]
treatment = \"viderefakturering\"
vat_percent = 25
from = \"2023-01-01\"
decision = \"sak 23/101\"
role = \"økonomisjef\"
decided_by = \"Økonomisjefen\"
decided_on = \"2023-11-01\"
";

fn parties() -> Book {
    let mut book = Book::default();
    import(&mut book, Kind::Parties, PARTIES).unwrap();
    book
}

fn opened(book: &mut Book, text: &str, person: &dyn Fn(PersonId) -> Option<Person>) -> Result<Plan, Vec<String>> {
    let ids = SeededIds::new("opening");
    let source = TomlFile::of("anskaffelse.toml", text.as_bytes(), 10_000).unwrap();
    let file: ProcurementFile =
        source.table().and_then(|table| source.read_as(table)).map_err(|error| vec![error.to_string()])?;
    let planned = procurement::plan(&source, &file, Draft::new(book.clone(), person, &ids))
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    for wish in &planned.wishes {
        wish.carry_out_in(book).unwrap();
    }
    Ok(planned)
}

#[test]
fn a_file_opens_a_procurement_and_again_changes_nothing() {
    let mut book = parties();
    let planned = opened(&mut book, OPENING, &nobody).unwrap();
    let [(id, person)] = planned.people.as_slice() else { panic!("{planned:?}") };
    assert_eq!(person.name, "Økonomisjefen");
    assert!(!format!("{:?}", planned.wishes).contains("Økonomisjefen"), "{planned:?}");
    let procurement = book.procurements.values().next().unwrap();
    assert_eq!(procurement.counties_on(day("2023-01-01")), book.parties_called("54"));
    assert_eq!(procurement.milestones.get("kontrakt"), Some(&day("2023-10-15")));
    let licence = Subject::Licence { licence: crate::domain::identity::LicenceId(NAMESPACE) };
    let decided = procurement.vat_treatment_on(licence, day("2023-06-01")).unwrap();
    assert_eq!((decided.treatment, decided.vat_percent), (VatTreatment::Resale, Some(25.into())));
    let kept = |asked: PersonId| (asked == *id).then(|| person.clone());
    assert_eq!(opened(&mut book, OPENING, &kept).unwrap(), Plan::default());

    let moved = OPENING.replace("2023-10-15", "2023-11-15");
    assert_eq!(opened(&mut book, &moved, &kept).unwrap().wishes.len(), 1);
    assert_eq!(book.procurements.len(), 1);
}

#[test]
fn what_cannot_be_taken_of_it_is_named_by_row_and_then_nothing_is() {
    let mut book = parties();
    let before = book.clone();
    let mut refused = |text: &str| opened(&mut book, text, &nobody).unwrap_err();
    assert_eq!(
        refused(&OPENING.replace("2023-10-15", "2023-02-30")),
        ["anskaffelse.toml, row 8: on: there is no such day; write it as 2024-12-31"]
    );
    let unknown = refused(&OPENING.replace("\"54\"", "\"55\""));
    assert!(unknown[0].starts_with("row 2, column \"county\": no party is called \"55\""), "{unknown:?}");
    let municipality = refused(&OPENING.replace("\"54\"", "\"5401\""));
    assert!(
        municipality[0].starts_with("row 2, column \"county\": \"5401\" is no county authority"),
        "{municipality:?}"
    );
    let two = refused(
        &OPENING
            .replace("on = \"2023-10-15\"", "on = \"1066-10-14\"")
            .replace("decision =", "cost = \"Konvertering\"\ndecision ="),
    );
    assert_eq!(two.len(), 2, "{two:?}");
    assert!(two[0].starts_with("row 6: "), "{two:?}");
    assert!(
        two[1].starts_with("row 10, column \"cost\": the procurement has no cost called \"Konvertering\"; leave this"),
        "{two:?}"
    );
    let other = refused(&format!("{OPENING}colour = \"blue\"\n"));
    assert!(other[0].contains("row 18: unknown field `colour`"), "{other:?}");
    assert_eq!(book, before);
}

#[test]
fn the_procurement_of_another_content_is_refused_and_one_that_lacks_says_how_it_is_opened() {
    let mut book = parties();
    opened(&mut book, OPENING, &nobody).unwrap();
    let other = opened(&mut book, &OPENING.replace("2020-04-01", "2021-04-01"), &nobody).unwrap_err();
    assert!(other[0].starts_with("row 1: ") && other[0].contains("Felles biblioteksystem"), "{other:?}");
    let costs = "name,kind,year,shared_by,vat_percent,on,source\nKonvertering,conversion,2023,30/70,25,2022-05-31,x\n";
    let unopened = faults(&parties(), Kind::Costs, costs);
    assert!(unopened[0].contains("open it first with `grenselos import procurement FILE.toml`"), "{unopened:?}");
    let unkeyed = faults(&book, Kind::Costs, costs);
    assert!(unkeyed[0].contains("import it first with `grenselos import keys FILE.csv`"), "{unkeyed:?}");
}

#[test]
fn a_key_is_proposed_and_adopted_by_rows_that_name_its_file() {
    let mut book = book();
    let directory = TestDirectory::new();
    let key = directory.path().join("nøkkel.toml");
    let definition = |inhabitants: u32| {
        let text = format!(
            "name = \"30/70\"\nkind = \"divide\"\n[[base]]\nmeasure = \"equal\"\npercent = \"{}\"\n[[base]]\n\
             measure = \"inhabitants\"\npercent = \"{inhabitants}\"\n",
            100 - inhabitants
        );
        std::fs::write(&key, text).unwrap();
    };
    definition(70);
    let header = "nøkkel;dato;folketall_dato;gjelder_fra;vedtak\n";
    let adopted = format!("{header}{};15.06.2023;01.01.2023;01.01.2023;sak 23/55\n", key.display());
    assert_eq!(import(&mut book, Kind::Keys, &adopted).unwrap().wishes.len(), 2, "what was never proposed is proposed");
    assert_eq!(import(&mut book, Kind::Keys, &adopted).unwrap(), Plan::default());
    definition(60);
    let proposed = format!("{header}{};01.03.2024;01.01.2024;;\n", key.display());
    assert_eq!(import(&mut book, Kind::Keys, &proposed).unwrap().wishes.len(), 1);
    definition(70);
    assert_eq!(import(&mut book, Kind::Keys, &adopted).unwrap(), Plan::default(), "what stands before is history");
    let ids: Vec<&SharingKeyId> = book.keys.keys().collect();
    assert_eq!(ids.len(), 1);

    let missing = faults(&book, Kind::Keys, &adopted.replace("nøkkel.toml", "ingen.toml"));
    assert!(
        missing[0].starts_with("row 2, column \"nøkkel\": ") && missing[0].contains("cannot be read"),
        "{missing:?}"
    );
    let undecided = faults(&book, Kind::Keys, &adopted.replace("sak 23/55", ""));
    assert!(undecided[0].starts_with("row 2, column \"vedtak\": the cell is empty"), "{undecided:?}");
}

#[test]
fn notice_of_old_contracts_is_given_withdrawn_and_they_are_extended_by_rows() {
    let mut book = book();
    let legacy = "party,system,paid_until,notice_months,vat_percent,recorded_on\n\
                  5401,Mikromarc,2023-09-30,12,25,2022-09-20\n5437,Mikromarc,2023-09-30,12,25,2022-09-20\n";
    import(&mut book, Kind::Legacy, legacy).unwrap();
    let notices = "part;steg;dato;siste_dag\n\
                   Tromsø;gitt;29.09.2022;30.09.2023\n\
                   Tromsø;trukket;17.04.2023;\n\
                   Tromsø;forlenget;17.04.2023;01.12.2023\n\
                   Karasjok;gitt;29.09.2022;30.09.2023\n";
    assert_eq!(import(&mut book, Kind::Notices, notices).unwrap().wishes.len(), 4);
    assert_eq!(import(&mut book, Kind::Notices, notices).unwrap(), Plan::default());
    let last_days: Vec<_> = book.legacies.values().map(|legacy| legacy.last_day.unwrap().to_string()).collect();
    assert_eq!(last_days, ["2023-12-01", "2023-09-30"]);
    let corrected = "part;steg;dato;siste_dag;grunn\nTromsø;rettet;02.05.2023;30.11.2023;Lest feil\n";
    assert_eq!(import(&mut book, Kind::Notices, corrected).unwrap().wishes.len(), 1);
    assert_eq!(import(&mut book, Kind::Notices, corrected).unwrap(), Plan::default());
    let refused =
        faults(&book, Kind::Notices, "party,system,step,on,last_day\n5401,Bibliofil,given,2023-01-01,2024-01-01\n");
    assert!(refused[0].starts_with("row 2, column \"system\": the party has no such old contract"), "{refused:?}");
}

#[test]
fn an_organisation_number_is_taken_as_it_is_printed() {
    let mut book = book();
    let parties = "organisasjonsnummer;fra;bestillerreferanse\n963 376 030;01.01.2020;BIB\n";
    assert_eq!(import(&mut book, Kind::Parties, parties).unwrap().wishes.len(), 1);
    let figures = "part;dato;innbyggere;kilde\n963 376 030;2024-01-01;2588;SSB\n";
    assert_eq!(import(&mut book, Kind::Figures, figures).unwrap().wishes.len(), 1);
    assert_eq!(book.parties_called("963\u{a0}376\u{a0}030"), book.parties_called("5437"));
    let new = "organisasjonsnummer;type;fra;navn\n974 760 673;annen;01.01.2020;Brønnøysundregistrene\n";
    import(&mut book, Kind::Parties, new).unwrap();
    assert_eq!(import(&mut book, Kind::Parties, new).unwrap(), Plan::default());
    assert_eq!(book.parties_called("974760673").len(), 1);
}

#[test]
fn two_rows_that_contradict_one_another_are_both_named() {
    let book = book();
    let figures = "party,on,inhabitants,source\n5401,2024-01-01,78745,SSB\n5437,2024-01-01,2588,SSB\n\
                   Tromsø,2024-01-01,78754,SSB\n";
    assert_eq!(
        faults(&book, Kind::Figures, figures),
        ["row 2: row 4 says otherwise of the same; keep the one that is right, and remove the other"]
    );
    let references = "organisation_number,from,buyer_reference\n940101808,2020-01-01,A\n940101808,2020-01-01,B\n";
    assert!(faults(&book, Kind::Parties, references)[0].starts_with("row 2: row 3 says otherwise of the same"));
}

#[test]
fn columns_may_be_parted_by_tabs() {
    let mut book = book();
    let figures = "kommunenummer\tdato\tinnbyggere\tkilde\n5437\t01.01.2024\t2588,0\tSSB\n";
    assert_eq!(import(&mut book, Kind::Figures, figures).unwrap().wishes.len(), 1);
}

#[test]
fn a_wish_to_go_live_that_has_changed_is_a_wish_of_another_day() {
    let mut book = book();
    let signups = "part;bibliotek;type;forpliktelse;påmeldt_dato;ønsket_oppstart;ønsket_oppstart_dato\n\
                   Tromsø;Tromsø bibliotek;folkebibliotek;forpliktet;09.12.2022;02.10.2023;\n";
    import(&mut book, Kind::Signups, signups).unwrap();
    let moved = signups.replace("02.10.2023;", "01.03.2024;15.10.2023");
    assert_eq!(import(&mut book, Kind::Signups, &moved).unwrap().wishes.len(), 1);
    assert_eq!(import(&mut book, Kind::Signups, &moved).unwrap(), Plan::default());
    assert_eq!(book.signups.values().next().unwrap().wished_go_live, Some(day("2024-03-01")));
    assert_eq!(
        import(&mut book, Kind::Signups, signups).unwrap(),
        Plan::default(),
        "what it wished at first is history"
    );
    let later = moved.replace("01.03.2024;15.10.2023", "01.06.2024;15.01.2024");
    assert_eq!(import(&mut book, Kind::Signups, &later).unwrap().wishes.len(), 1);
    let earlier = import(&mut book, Kind::Signups, &moved);
    assert_eq!(earlier.unwrap(), Plan::default(), "a newer wish has taken its place");
    assert_eq!(book.signups.values().next().unwrap().wished_go_live, Some(day("2024-06-01")));
    let without_day = faults(&book, Kind::Signups, &signups.replace("02.10.2023", "01.05.2024"));
    assert!(without_day[0].starts_with("row 2, column \"ønsket_oppstart_dato\": the cell is empty"), "{without_day:?}");
}

#[test]
fn what_the_registers_say_and_further_references_come_with_the_parties() {
    let mut book = book();
    let parties = "organisasjonsnummer;fra;i_foretaksregisteret;mva_registrert;kilde;ordrereferanse;kontering\n\
                   922420866;01.01.2020;nei;ja;Enhetsregisteret;;\n940101808;01.01.2020;;;;PO-17;\n";
    import(&mut book, Kind::Parties, parties).unwrap();
    assert_eq!(import(&mut book, Kind::Parties, parties).unwrap(), Plan::default());
    let county = &book.parties[&book.parties_called("54")[0]];
    let stated = RegisterEntryStated {
        in_foretaksregisteret: false,
        vat_registered: true,
        from: day("2020-01-01"),
        source: "Enhetsregisteret".to_owned(),
    };
    assert_eq!(county.register_entry_on(day("2024-01-01")), Some(&stated));
    import(&mut book, Kind::Parties, "organisasjonsnummer;fra;kontering\n940101808;01.01.2020;6705\n").unwrap();
    let tromso = &book.parties[&book.parties_called("5401")[0]];
    let references = tromso.invoice_references.clone().unwrap();
    assert_eq!(
        (references.order_reference.as_deref(), references.accounting_cost.as_deref()),
        (Some("PO-17"), Some("6705"))
    );
    let half = faults(&book, Kind::Parties, &parties.replace("nei;ja", "nei;"));
    assert!(half[0].starts_with("row 2, column \"mva_registrert\": the cell is empty"), "{half:?}");
}

#[test]
fn a_party_that_will_not_do_is_named_at_the_column_of_the_file() {
    let mut book = book();
    let merged = "organisasjonsnummer;fra;slått_sammen_til;vedtak\n940101808;01.01.2026;54;Vedtak 1/25\n";
    let into_county = faults(&book, Kind::Parties, merged);
    assert!(
        into_county[0].starts_with("row 2, column \"slått_sammen_til\": names Troms og Finnmark"),
        "{into_county:?}"
    );
    let number = "organisasjonsnummer;fra;kommunenummer\n940101808;01.01.2026;5437\n";
    let of_another = faults(&book, Kind::Parties, number);
    assert!(of_another[0].starts_with("row 2, column \"kommunenummer\": 5437 is the number of"), "{of_another:?}");
    assert!(import(&mut book, Kind::Parties, &number.replace("5437", "5501")).is_ok());
}
