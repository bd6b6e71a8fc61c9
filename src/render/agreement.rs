//! An affiliation agreement that is to be signed, as PDF: marked as a draft, in bokmål or nynorsk.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Serialize;
use typst::syntax::Source;

use super::norwegian::{long_date, organisation_number};
use super::pdf;
use super::{RenderError, fixed_words::FixedWords};
use crate::domain::agreement::Commitment;
use crate::domain::identity::AgreementId;
use crate::domain::invoice_run::InvoiceLanguage;
use crate::domain::party::WrittenForm;
use crate::text::norwegian as say;

static DRAFT: LazyLock<Source> = LazyLock::new(|| pdf::template(include_str!("../../reports/agreement/draft.typ")));

/// One of those that agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgreeingParty {
    /// Its names.
    pub name: String,
    /// Its organisation number, where it is known.
    pub organisation_number: Option<String>,
    /// Its number as a municipality or a county, where it has one.
    pub number: Option<String>,
}

/// An agreement that is to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementDraft {
    /// Its id.
    pub agreement: AgreementId,
    /// What such agreements are called.
    pub label: String,
    /// What the procurement is called.
    pub procurement: String,
    /// Whether its amounts are invented for illustration.
    pub illustrative: bool,
    /// The county authority.
    pub county: AgreeingParty,
    /// The party that joins.
    pub party: AgreeingParty,
    /// Whether the party will be bound.
    pub commitment: Commitment,
    /// The first day from which it shares the yearly costs; none where from the beginning.
    pub member_from: Option<NaiveDate>,
    /// The day by which it should be signed, where one is set.
    pub answer_by: Option<NaiveDate>,
    /// The libraries that the party pays for, by name.
    pub libraries: Vec<String>,
    /// The sharing keys of the procurement, each with its decision where it is adopted.
    pub keys: Vec<(String, Option<String>)>,
    /// The day of the draft.
    pub drafted_on: NaiveDate,
    /// The written form.
    pub form: WrittenForm,
}

#[derive(Serialize)]
struct Document {
    fixed: FixedWords,
    words: Words,
    procurement: String,
    illustrative: Option<String>,
    county: PartyInWords,
    party: PartyInWords,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct Words {
    title: String,
    draft: String,
    concerns: String,
    parties: String,
    county: String,
    party: String,
    signatures: String,
    place_and_day: String,
    signature: String,
}

#[derive(Serialize)]
struct PartyInWords {
    name: String,
    register: String,
}

#[derive(Serialize)]
struct Section {
    heading: String,
    paragraphs: Vec<String>,
}

/// The agreement as it would be signed.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn agreement_pdf(draft: &AgreementDraft) -> Result<Vec<u8>, RenderError> {
    let identity = format!("agreement {} {:?}", draft.agreement, draft.form);
    pdf::set("the agreement", &DRAFT, &document(draft), identity, draft.drafted_on).map(|set| set.bytes)
}

fn document(draft: &AgreementDraft) -> Document {
    let word = |key: &str| say(draft.form, key, &[]);
    let language = match draft.form {
        WrittenForm::Bokmal => InvoiceLanguage::Bokmal,
        WrittenForm::Nynorsk => InvoiceLanguage::Nynorsk,
    };
    Document {
        fixed: FixedWords::of(language),
        words: Words {
            title: with_capital(&draft.label),
            draft: word("agreement-draft"),
            concerns: word("agreement-concerns"),
            parties: word("agreement-parties"),
            county: word("agreement-county"),
            party: word("agreement-party"),
            signatures: word("agreement-signatures"),
            place_and_day: word("agreement-place-and-day"),
            signature: word("agreement-signature"),
        },
        procurement: draft.procurement.clone(),
        illustrative: draft.illustrative.then(|| word("agreement-illustrative")),
        county: party_in_words(draft.form, &draft.county),
        party: party_in_words(draft.form, &draft.party),
        sections: sections(draft),
    }
}

/// What such agreements are called, at the beginning of a line.
fn with_capital(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn party_in_words(form: WrittenForm, party: &AgreeingParty) -> PartyInWords {
    let organisation = party
        .organisation_number
        .as_deref()
        .map(|number| say(form, "agreement-organisation", &[("number", &*organisation_number(number))]));
    let number = party.number.as_deref().map(|number| {
        let key = if number.len() == 4 { "agreement-municipality-number" } else { "agreement-county-number" };
        say(form, key, &[("number", number)])
    });
    let register: Vec<String> = organisation.into_iter().chain(number).collect();
    PartyInWords { name: party.name.clone(), register: register.join(", ") }
}

fn sections(draft: &AgreementDraft) -> Vec<Section> {
    let form = draft.form;
    let word = |key: &str| say(form, key, &[]);
    let names = [("party", &*draft.party.name), ("county", &draft.county.name), ("procurement", &draft.procurement)];
    let named = |key: &str| say(form, key, &names);
    let section = |heading: &str, paragraphs: Vec<String>| Section { heading: word(heading), paragraphs };
    let commitment = match draft.commitment {
        Commitment::Committed => vec![
            named("agreement-committed"),
            match draft.member_from {
                Some(day) => say(form, "agreement-member-from", &[("day", &*long_date(day))]),
                None => word("agreement-member-from-beginning"),
            },
        ],
        Commitment::Option => vec![named("agreement-option"), named("agreement-option-exercised")],
    };
    let mut all = vec![section("agreement-heading-purpose", vec![named("agreement-purpose")])];
    if !draft.libraries.is_empty() {
        let listed = draft.libraries.join(", ");
        let paragraph = say(form, "agreement-libraries", &[("libraries", &*listed)]);
        all.push(section("agreement-heading-libraries", vec![paragraph]));
    }
    all.push(section("agreement-heading-commitment", commitment));
    let mut costs = vec![named("agreement-costs")];
    costs.extend(draft.keys.iter().map(|(name, decision)| match decision {
        Some(decision) => say(form, "agreement-key-adopted", &[("key", name.as_str()), ("decision", decision)]),
        None => say(form, "agreement-key-proposed", &[("key", name.as_str())]),
    }));
    all.push(section("agreement-heading-costs", costs));
    let mut end = vec![named("agreement-old-contract"), word("agreement-end")];
    end.extend(draft.answer_by.map(|day| say(form, "agreement-answer-by", &[("day", &*long_date(day))])));
    all.push(section("agreement-heading-end", end));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{day, nth};

    fn draft(form: WrittenForm, commitment: Commitment) -> AgreementDraft {
        AgreementDraft {
            agreement: AgreementId(nth(1)),
            label: "tilslutningsavtale".to_owned(),
            procurement: "Grenseløse muligheter".to_owned(),
            illustrative: true,
            county: AgreeingParty {
                name: "Finnmark fylkeskommune".to_owned(),
                organisation_number: Some("830090282".to_owned()),
                number: Some("56".to_owned()),
            },
            party: AgreeingParty {
                name: "Kárášjohka - Karasjok".to_owned(),
                organisation_number: Some("945475056".to_owned()),
                number: Some("5610".to_owned()),
            },
            commitment,
            member_from: Some(day("2024-01-01")),
            answer_by: Some(day("2022-12-30")),
            libraries: vec!["Karasjok bibliotek".to_owned()],
            keys: vec![("30/70".to_owned(), None)],
            drafted_on: day("2022-11-01"),
            form,
        }
    }

    #[test]
    fn a_draft_is_set_in_both_written_forms_and_says_that_it_is_one() {
        for form in [WrittenForm::Bokmal, WrittenForm::Nynorsk] {
            for commitment in [Commitment::Committed, Commitment::Option] {
                let draft = draft(form, commitment);
                assert!(agreement_pdf(&draft).unwrap().starts_with(b"%PDF-"));
                let words = serde_json::to_string(&document(&draft)).unwrap();
                assert!(!words.contains("agreement-") && words.contains("tkast"), "{words}");
            }
        }
    }

    #[test]
    fn the_same_draft_is_the_same_to_the_byte() {
        let draft = draft(WrittenForm::Bokmal, Commitment::Committed);
        assert_eq!(agreement_pdf(&draft).unwrap(), agreement_pdf(&draft).unwrap());
    }
}
