//! E-invoices, held to the official rules and to what those let pass.

mod demonstration;
mod documents;
mod generated;
mod issued;
mod refused;

use std::collections::BTreeMap;
use std::fs;

use grenselos::render::ehf::{EhfDocument, ehf};

use crate::judge::{self, Verdict};

const JUDGE: &str = "judge.py";
/// "Foretaksregisteret" is missing: right for an issuer that does not stand there.
const REGISTER_MISSING: &str = "NO-R-002";

/// What the judge says of these documents, by their names.
fn judged<'a>(
    name: &str,
    documents: impl IntoIterator<Item = (&'a str, &'a EhfDocument)>,
) -> BTreeMap<String, Verdict> {
    let files = documents.into_iter().map(|(name, document)| {
        (name, ehf(document).unwrap_or_else(|error| panic!("{name} is not written: {error}\n{document:#?}")))
    });
    judged_files(name, files)
}

fn judged_files<'a>(name: &str, files: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> BTreeMap<String, Verdict> {
    let folder = judge::folder(name);
    let mut written = 0;
    for (name, xml) in files {
        fs::write(folder.join(name).with_extension("xml"), xml).unwrap();
        written += 1;
    }
    let verdicts = judge::verdicts(JUDGE, &folder);
    assert_eq!(verdicts.len(), written, "every file is judged");
    verdicts.into_iter().map(|(file, verdict)| (file.trim_end_matches(".xml").to_owned(), verdict)).collect()
}

/// No error, and no warning but the one that the document earns by its issuer not standing in Foretaksregisteret.
#[track_caller]
fn assert_valid(document: &EhfDocument, verdict: &Verdict) {
    let expected = if document.issuer.in_foretaksregisteret { vec![] } else { vec![REGISTER_MISSING] };
    assert_eq!(verdict.errors, [], "{}", verdict.file);
    assert_eq!(verdict.warned(), expected, "{}: {:?}", verdict.file, verdict.warnings);
}
