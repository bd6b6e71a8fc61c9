//! SAF-T by the real program, held to the official schema and to its own sums.

use std::fs;
use std::path::Path;

use crate::judge;
use crate::place::Place;

/// What the judge finds wrong with files, by their names.
fn faults(name: &str, files: &[(&str, &Path)]) -> Vec<(String, Vec<String>)> {
    let folder = judge::folder(name);
    for (name, path) in files {
        fs::copy(path, folder.join(name)).unwrap();
    }
    let verdicts = judge::verdicts("saft.py", &folder);
    assert_eq!(verdicts.len(), files.len(), "every file is judged");
    let said = |verdict: judge::Verdict| {
        let findings = verdict.errors.iter();
        findings.map(|finding| format!("{} {}: {}", finding.rule, finding.place, finding.text)).collect()
    };
    verdicts.into_iter().map(|(file, verdict)| (file, said(verdict))).collect()
}

#[test]
fn saf_t_of_the_demonstration_is_valid_before_and_after_money_comes_in() {
    let place = Place::with_demo("saf_t_is_valid");
    place.file("ocr.txt", crate::files::read("tests/golden/bank/ocr.txt"));
    let run = |line: &str| {
        let ran = place.run(line);
        assert_eq!((&*ran.err, ran.code), ("", 0), "{line}");
    };
    run("grenselos --data demo/data payment import ocr.txt");
    let mut files = vec![("demo.xml".to_owned(), place.path("demo/out/accounting/930068128-2024-saf-t.xml"))];
    for (issuer, year) in
        [("922420866", 2023), ("922420866", 2024), ("830090282", 2024), ("930068128", 2026), ("830090282", 2025)]
    {
        let file = format!("{issuer}-{year}.xml");
        let days = format!("--from {year}-01-01 --to {year}-12-31");
        run(&format!("grenselos --data demo/data export saf-t --issuer {issuer} {days} --output {file}"));
        files.push((file.clone(), place.path(&file)));
    }
    // Of a month as well: what was before it stands in the opening balances.
    let month = "--from 2024-01-22 --to 2024-01-31 --output january.xml";
    run(&format!("grenselos --data demo/data export saf-t --issuer 922420866 {month}"));
    files.push(("january.xml".to_owned(), place.path("january.xml")));
    let files: Vec<(&str, &Path)> = files.iter().map(|(name, path)| (name.as_str(), path.as_path())).collect();
    for (file, faults) in faults("saf_t", &files) {
        assert_eq!(faults, Vec::<String>::new(), "{file}");
    }
}

#[test]
fn the_judge_finds_what_is_wrong() {
    let place = Place::with_demo("saf_t_is_wrong");
    let sound = fs::read_to_string(place.path("demo/out/accounting/930068128-2024-saf-t.xml")).unwrap();
    let wrong = [
        ("schema.xml", sound.replacen("<AccountType>GL</AccountType>", "", 1), "XSD"),
        ("total.xml", sound.replacen("<TotalDebit>", "<TotalDebit>1", 1), "DEBIT"),
        (
            "account.xml",
            sound.replace(
                "<AccountID>1500</AccountID>\n          <CustomerID>",
                "<AccountID>1599</AccountID>\n          <CustomerID>",
            ),
            "ACCOUNT",
        ),
        ("customer.xml", sound.replacen("<ClosingDebitBalance>", "<ClosingDebitBalance>1", 1), "CLOSING"),
    ];
    for (name, content, _) in &wrong {
        assert_ne!(*content, sound, "{name}");
        fs::write(place.path(name), content).unwrap();
    }
    let paths: Vec<_> = wrong.iter().map(|(name, ..)| (*name, place.path(name))).collect();
    let files: Vec<(&str, &Path)> = paths.iter().map(|(name, path)| (*name, path.as_path())).collect();
    let found = faults("saf_t_wrong", &files);
    for (name, _, rule) in wrong {
        let (_, faults) = found.iter().find(|(file, _)| file == name).unwrap();
        assert!(faults.iter().any(|fault| fault.starts_with(rule)), "{name}: {faults:?}");
    }
}
