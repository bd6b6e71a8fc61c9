//! The e-invoices that the demonstration leaves where an access point would pick them up.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use expect_test::expect;
use serde_json::Value;

use super::{JUDGE, REGISTER_MISSING};
use crate::judge;
use crate::place::Place;

fn listed(place: &Place, what: &str) -> Vec<Value> {
    let listed = place.run("grenselos --data demo/data invoice list --format json");
    serde_json::from_str::<Value>(&listed.out).unwrap()[what].as_array().unwrap().clone()
}

fn issued(place: &Place) -> Vec<Value> {
    listed(place, "invoices")
}

#[test]
fn every_e_invoice_of_the_demonstration_is_valid_whatever_the_treatment_of_vat() {
    let place = Place::with_demo("e-invoices");
    let verdicts = judge::verdicts(JUDGE, &place.path("demo/out/ehf"));
    let of_invoice = |invoice: Value| (invoice["number"].clone(), invoice["invoice"]["treatment"].clone());
    let of_note = |note: Value| {
        (note["number"].clone(), Value::from(format!("{} credited", note["treatment"].as_str().unwrap())))
    };
    let notes = listed(&place, "credit_notes").into_iter().map(of_note);
    let issued: Vec<(Value, Value)> = issued(&place).into_iter().map(of_invoice).chain(notes).collect();
    assert_eq!(verdicts.len(), issued.len(), "one for each invoice and credit note");
    let mut counts: BTreeMap<(String, usize, Vec<&str>), usize> = BTreeMap::new();
    for (number, treatment) in &issued {
        let verdict = &verdicts[&format!("{number}.xml")];
        let treatment = treatment.as_str().unwrap().to_owned();
        assert_eq!(verdict.errors, [], "{}", verdict.file);
        let xml = fs::read_to_string(place.path(&format!("demo/out/ehf/{number}.xml"))).unwrap();
        let head = xml.split_once("<cac:AccountingSupplierParty>").unwrap().0;
        assert!(head.contains("<cac:InvoicePeriod>"), "{number} says the days it is for: {head}");
        *counts.entry((treatment, verdict.errors.len(), verdict.warned())).or_default() += 1;
    }
    let mut told = String::new();
    for ((treatment, errors_count, warned), count) in counts {
        writeln!(told, "{count} {treatment}: {errors_count} errors, warnings {warned:?}").unwrap();
        assert_eq!(warned, [REGISTER_MISSING], "a county authority does not stand in Foretaksregisteret");
    }
    expect![[r#"
        35 kostnadsdeling: 0 errors, warnings ["NO-R-002"]
        1 utenfor: 0 errors, warnings ["NO-R-002"]
        1 utlegg: 0 errors, warnings ["NO-R-002"]
        1 utlegg credited: 0 errors, warnings ["NO-R-002"]
        99 viderefakturering: 0 errors, warnings ["NO-R-002"]
        1 viderefakturering credited: 0 errors, warnings ["NO-R-002"]
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_claim_of_the_demonstration_carries_the_suppliers_invoices_wherever_it_goes() {
    let place = Place::with_demo("claims");
    let claims = issued(&place).into_iter().filter(|invoice| invoice["invoice"]["kind"] == "claim");
    let mut count = 0;
    for claim in claims {
        let number = &claim["number"];
        let xml = fs::read_to_string(place.path(&format!("demo/out/ehf/{number}.xml"))).unwrap();
        let letter = fs::read_to_string(place.path(&format!("demo/out/mail/{number}.eml"))).unwrap();
        for attachment in claim["invoice"]["attachments"].as_array().unwrap() {
            let name = attachment["file_name"].as_str().unwrap();
            assert!(xml.contains(&format!("filename=\"{name}\"")) && letter.contains(name), "{number}: {name}");
            count += 1;
        }
        assert!(
            xml.contains("Oppdiktede") || xml.contains("oppdiktede"),
            "{number} says that its amounts are invented"
        );
    }
    assert!(count > 35, "{count}");
}

#[test]
fn every_document_of_the_demonstration_can_be_kept_and_read_and_holds_its_own_e_invoice() {
    let place = Place::with_demo("documents");
    let (documents, e_invoices) = (place.path("demo/out/invoices"), place.path("demo/out/ehf"));
    let verdicts = judge::verdicts("document.py", &documents);
    assert_eq!(verdicts.len(), fs::read_dir(&e_invoices).unwrap().count());
    for verdict in verdicts.values() {
        assert_eq!(verdict.errors, [], "{}", verdict.file);
    }
    // The judge tells a document that holds another's, and a PDF that is none of ours.
    fs::copy(e_invoices.join("542300002.xml"), e_invoices.join("542300001.xml")).unwrap();
    fs::write(documents.join("542300003.pdf"), "%PDF-1.7").unwrap();
    let verdicts = judge::verdicts("document.py", &documents);
    let broken = |number: &str| verdicts[&format!("{number}.pdf")].broken();
    assert_eq!(["542300001", "542300002", "542300003"].map(broken), [vec!["HELD"], vec![], vec!["EXCEPTION"]]);
}
