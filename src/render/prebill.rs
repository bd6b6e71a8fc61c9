//! A prebill (forhåndsvarsel) in finished words and figures: the whole calculation as PDF, the same for everybody, and the
//! letter that brings it to one participant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;
use typst::syntax::Source;

use super::calculation::{self, SharedInWords};
use super::fixed_words::{FixedWords, Said, language_code, said, sentence, treatment};
use super::letter::{Row, both, in_a_column};
use super::mail::{Message, Posting, Templates, put_together};
use super::pdf::{self, SetDocument};
use super::{RenderError, norwegian};
use crate::domain::calendar::Period;
use crate::domain::identity::{InvoiceRunId, PartyId};
use crate::domain::invoice_run::{InvoiceLanguage, InvoiceLine, InvoicePlan, LeftOut, PlannedInvoice};
use crate::domain::money::Ore;
use crate::domain::vat::Subject;
use crate::view::calculation::SharedByKey;

static PREBILL: LazyLock<Source> = LazyLock::new(|| pdf::template(include_str!("../../reports/prebill/prebill.typ")));

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(
        include_str!("../../reports/mail/prebill/subject.txt.hbs"),
        include_str!("../../reports/mail/prebill/body.txt.hbs"),
        include_str!("../../reports/mail/prebill/body.html.hbs"),
    )
});

/// A plan that its participants may object to.
#[derive(Debug, Clone)]
pub struct PrebillDocument {
    /// The run.
    pub run: InvoiceRunId,
    /// The language of its readers: that of headings and of what is said to all. Each participant's lines are in its own.
    pub language: InvoiceLanguage,
    /// The plan.
    pub plan: InvoicePlan,
    /// How what is shared by keys is shared.
    pub shared_by_keys: Vec<SharedByKey>,
    /// What people call those that are left out.
    pub left_out_names: BTreeMap<PartyId, String>,
    /// The last day for objections.
    pub objections_until: NaiveDate,
    /// The day of the prebill.
    pub on: NaiveDate,
    /// What people call the procurement.
    pub procurement_name: String,
    /// Whether its amounts are invented for illustration: the document says so.
    pub illustrative: bool,
}

/// The whole calculation.
///
/// # Errors
/// If the template and the plan do not fit together.
pub fn prebill_pdf(prebill: &PrebillDocument) -> Result<Vec<u8>, RenderError> {
    prebill_set(prebill).map(|set| set.bytes)
}

fn prebill_set(prebill: &PrebillDocument) -> Result<SetDocument, RenderError> {
    let identity = format!("prebill {} {}", prebill.run, language_code(prebill.language));
    pdf::set("the prebill", &PREBILL, &document(prebill), identity, prebill.on)
}

#[derive(Serialize)]
struct Document<'a> {
    fixed: FixedWords,
    title: Said,
    illustrative: String,
    introduction: String,
    banner: Option<String>,
    issuer: &'a str,
    issuer_organisation_number: String,
    procurement: &'a str,
    /// The days that are invoiced.
    covers: String,
    grounds: Vec<GroundInWords<'a>>,
    /// How the supplier's VAT is shared, where it is passed on.
    vat_shared: Option<String>,
    shared_by_keys: Vec<SharedInWords<'a>>,
    participants: Vec<ParticipantInWords<'a>>,
    net: String,
    vat: String,
    total: String,
    set_aside: Vec<SetAsideInWords<'a>>,
}

#[derive(Serialize)]
struct GroundInWords<'a> {
    name: &'a str,
    /// The days of a licence, and of a one-time cost its budget year.
    period: String,
    /// With the rate of the output VAT, where there is any.
    treatment: String,
    decision: &'a str,
    net: String,
    /// The supplier's VAT that is shared; empty where none is passed on.
    passed_on_vat: String,
}

#[derive(Serialize)]
struct ParticipantInWords<'a> {
    number: &'a str,
    name: &'a str,
    lines: Vec<LineInWords<'a>>,
    net: String,
    vat: String,
    total: String,
}

#[derive(Serialize)]
struct LineInWords<'a> {
    text: &'a str,
    explanation: &'a str,
    net: String,
    /// What VAT comes to it; none where none does.
    vat: Option<String>,
}

#[derive(Serialize)]
struct SetAsideInWords<'a> {
    name: &'a str,
    cost: String,
    reason: &'a str,
    net: String,
}

fn document(prebill: &PrebillDocument) -> Document<'_> {
    let (plan, language) = (&prebill.plan, prebill.language);
    let introduction = [
        ("until", &*norwegian::long_date(prebill.objections_until)),
        ("date", &*norwegian::long_date(plan.invoice_date)),
        ("due", &*norwegian::long_date(plan.due_date)),
    ];
    Document {
        fixed: FixedWords::of(language),
        title: said(language, "prebill-title"),
        illustrative: said(language, "illustrative-sentence").text,
        introduction: sentence(language, "prebill-introduction", introduction),
        banner: prebill.illustrative.then(|| said(language, "illustrative").text),
        issuer: &plan.issuer.name,
        issuer_organisation_number: norwegian::organisation_number(&plan.issuer.organisation_number),
        procurement: &prebill.procurement_name,
        covers: covered(language, plan),
        grounds: plan
            .grounds
            .iter()
            .map(|ground| GroundInWords {
                name: &ground.name,
                period: days(language, ground.period.unwrap_or(Period::year(plan.covers.first.year()))),
                treatment: with_rates(treatment(language, ground.treatment), plan, ground.subject),
                decision: ground.decision.as_deref().unwrap_or_default(),
                net: norwegian::kroner(ground.net_ore),
                passed_on_vat: ground.passed_on_vat_ore.map(norwegian::kroner).unwrap_or_default(),
            })
            .collect(),
        vat_shared: plan
            .grounds
            .iter()
            .any(|ground| ground.passed_on_vat_ore.is_some())
            .then(|| said(language, "prebill-vat-shared").text),
        shared_by_keys: prebill.shared_by_keys.iter().map(|shared| calculation::in_words(shared, language)).collect(),
        participants: plan.invoices.iter().map(|invoice| participant(language, invoice)).collect(),
        net: norwegian::kroner(plan.net()),
        vat: norwegian::kroner(plan.total() - plan.net()),
        total: norwegian::kroner(plan.total()),
        set_aside: plan
            .left_out()
            .into_iter()
            .map(|LeftOut { party, reason, names, net }| SetAsideInWords {
                name: prebill.left_out_names.get(&party).map(String::as_str).unwrap_or_default(),
                cost: names.join(", "),
                reason,
                net: norwegian::kroner(net),
            })
            .collect(),
    }
}

fn participant(language: InvoiceLanguage, invoice: &PlannedInvoice) -> ParticipantInWords<'_> {
    ParticipantInWords {
        number: invoice.recipient.number.as_deref().unwrap_or_default(),
        name: &invoice.recipient.name,
        lines: invoice
            .lines
            .iter()
            .map(|line| LineInWords {
                text: &line.text,
                explanation: &line.explanation,
                net: norwegian::kroner(line.net_ore),
                vat: vat_of(language, line),
            })
            .collect(),
        net: norwegian::kroner(invoice.net_ore),
        vat: norwegian::kroner(invoice.total_ore - invoice.net_ore),
        total: norwegian::kroner(invoice.total_ore),
    }
}

/// The rate of the output VAT on a line, or what is passed on with it of the supplier's VAT.
fn vat_of(language: InvoiceLanguage, line: &InvoiceLine) -> Option<String> {
    match line.passed_on_vat_ore {
        Some(vat) => Some(sentence(language, "prebill-line-supplier-vat", [("amount", &*norwegian::kroner(vat))])),
        None if line.vat_percent.is_zero() => None,
        None => Some(sentence(language, "prebill-line-vat", [("percent", &*norwegian::percent(line.vat_percent))])),
    }
}

/// How VAT on a cost or licence is treated, with the rates that its lines have.
fn with_rates(treatment: String, plan: &InvoicePlan, subject: Subject) -> String {
    let lines = plan.invoices.iter().flat_map(|invoice| &invoice.lines).filter(|line| line.subject == subject);
    let rates: BTreeSet<Decimal> = lines.map(|line| line.vat_percent).filter(|rate| !rate.is_zero()).collect();
    std::iter::once(treatment).chain(rates.into_iter().map(norwegian::percent)).collect::<Vec<_>>().join(", ")
}

/// What it is for that is invoiced: one-time costs are of the budget year, whatever days of licences are invoiced with them.
fn covered(language: InvoiceLanguage, plan: &InvoicePlan) -> String {
    let year = Period::year(plan.covers.first.year());
    let has_costs = plan.grounds.iter().any(|ground| ground.period.is_none());
    let has_licences = plan.grounds.iter().any(|ground| ground.period.is_some());
    if plan.covers == year || !has_costs {
        days(language, plan.covers)
    } else if has_licences {
        let (costs, licences) = (days(language, year), days(language, plan.covers));
        sentence(language, "prebill-costs-and-licences", [("costs", &*costs), ("licences", &*licences)])
    } else {
        days(language, year)
    }
}

/// A whole year by its number, other days by the first and the last.
fn days(language: InvoiceLanguage, period: Period) -> String {
    let year = period.first.year();
    if period == Period::year(year) {
        sentence(language, "prebill-year", [("year", &year.to_string())])
    } else {
        let (first, last) = (norwegian::date(period.first), norwegian::date(period.last));
        sentence(language, "prebill-days", [("first", &first), ("last", &last)])
    }
}

#[derive(Serialize)]
struct Facts<'a> {
    issuer: &'a str,
    issuer_organisation_number: String,
    recipient: &'a str,
    rows: Vec<Row>,
    illustrative: bool,
    banner: String,
    words: Words,
}

/// What the message says around the facts.
#[derive(Serialize)]
struct Words {
    language: &'static str,
    subject: String,
    to: String,
    attached: String,
    object: String,
    greeting: String,
    organisation_number: String,
}

/// The letter that brings the calculation to one participant.
///
/// # Errors
/// An address, a name or the Message-ID is unfit; the error names it.
pub fn prebill_mail(
    prebill: &PrebillDocument,
    recipient: PartyId,
    posting: &Posting<'_>,
) -> Result<Message, RenderError> {
    put_together(&TEMPLATES, &facts(prebill, recipient), posting)
}

fn facts(prebill: &PrebillDocument, recipient: PartyId) -> Facts<'_> {
    let plan = &prebill.plan;
    let own = || plan.invoices.iter().filter(|invoice| invoice.recipient.party == recipient);
    let total: Ore = own().map(|invoice| invoice.total_ore).sum();
    let language = prebill.language;
    let named = |name| both(&said(language, name));
    let until = norwegian::long_date(prebill.objections_until);
    let covers = covered(language, plan);
    let attached = [("issuer", &*plan.issuer.name), ("procurement", &*prebill.procurement_name), ("covers", &*covers)];
    Facts {
        issuer: &plan.issuer.name,
        issuer_organisation_number: norwegian::organisation_number(&plan.issuer.organisation_number),
        recipient: own().next().map_or("", |invoice| &invoice.recipient.name),
        rows: in_a_column(vec![
            (named("prebill-share"), Some(sentence(language, "mail-kroner", [("amount", &norwegian::kroner(total))]))),
            (named("prebill-until"), Some(until.clone())),
            (named("prebill-date"), Some(norwegian::long_date(plan.invoice_date))),
            (named("prebill-due"), Some(norwegian::long_date(plan.due_date))),
        ]),
        illustrative: prebill.illustrative,
        banner: said(language, "illustrative").text,
        words: Words {
            language: language_code(language),
            subject: sentence(language, "prebill-subject", [("issuer", &*plan.issuer.name), ("until", &*until)]),
            to: named("to"),
            attached: sentence(language, "prebill-attached", attached),
            object: said(language, "prebill-object").text,
            greeting: named("mail-greeting"),
            organisation_number: named("organisation-number"),
        },
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;
    use crate::domain::identity::{AssessmentId, CostId, ProcurementId};
    use crate::domain::invoice_run::{Ground, InvoicePer, SetAside};
    use crate::domain::sharing_key::{Base, Divide, KeyDefinition};
    use crate::domain::testing::{day, invoices, nth};
    use crate::domain::vat::VatTreatment;
    use crate::render::mail::{Attached, Correspondent};
    use crate::view::calculation::{MemberFigures, SharedAmount};

    fn prebill() -> PrebillDocument {
        let subject = Subject::Cost { cost: CostId(nth(2_001)) };
        let ground = Ground {
            subject,
            name: "Kostnad 1".to_owned(),
            period: Some(Period::year(2023)),
            assessment: AssessmentId(nth(1)),
            net_ore: Ore(80_003),
            passed_on_vat_ore: None,
            treatment: VatTreatment::Resale,
            decision: Some("Sak 23/101".to_owned()),
        };
        let aside = SetAside {
            party: PartyId(nth(2)),
            subject,
            reason: "Mottakeren har ikke organisasjonsnummer og kan ikke faktureres".to_owned(),
            net_ore: Ore(50_002),
            passed_on_vat_ore: None,
        };
        PrebillDocument {
            run: InvoiceRunId(nth(7_000)),
            language: InvoiceLanguage::Bokmal,
            plan: InvoicePlan {
                procurement: ProcurementId(nth(1_000)),
                issuer: invoices::issuer(54),
                account_number: "12345678903".to_owned(),
                invoice_date: day("2023-12-15"),
                due_date: day("2024-01-15"),
                covers: Period::year(2023),
                one_per: InvoicePer::Payer,
                grounds: vec![ground],
                invoices: vec![invoices::planned(400, vec![invoices::line(1, 30_001)])],
                set_aside: vec![aside],
            },
            shared_by_keys: vec![shared_by_key()],
            left_out_names: BTreeMap::from([(PartyId(nth(2)), "#panic() *Longyearbyen*".to_owned())]),
            objections_until: day("2023-12-01"),
            on: day("2023-11-15"),
            procurement_name: "Grenseløse muligheter".to_owned(),
            illustrative: true,
        }
    }

    /// Half equally, half by the inhabitants of two.
    fn shared_by_key() -> SharedByKey {
        let base = |measure: &str| Base { measure: measure.to_owned(), percent: Decimal::from(50) };
        let member = |number: u128, name: &str, inhabitants: i64| MemberFigures {
            party: PartyId(nth(number)),
            number: format!("{number:04}"),
            name: name.to_owned(),
            figures: BTreeMap::from([("inhabitants".to_owned(), Decimal::from(inhabitants))]),
        };
        SharedByKey {
            definition: KeyDefinition::Divide(Divide {
                name: "halvt likt, halvt etter innbyggere".to_owned(),
                base: vec![base("equal"), base("inhabitants")],
                ..Divide::default()
            }),
            population_date: day("2022-01-01"),
            amounts: vec![SharedAmount { name: "Kostnad 1".to_owned(), period: None, amount_ore: Ore(80_003) }],
            members: vec![member(1, "Kommune 1", 1_000), member(2, "Longyearbyen", 3_000)],
            sources: BTreeMap::from([("inhabitants".to_owned(), BTreeSet::from(["SSB 07459".to_owned()]))]),
        }
    }

    #[test]
    fn the_key_is_said_with_everybodys_figures_and_the_suppliers_vat_beside_what_is_shared() {
        let mut prebill = prebill();
        prebill.plan.grounds[0].passed_on_vat_ore = Some(Ore(20_001));
        let said = document(&prebill);
        assert_eq!(said.grounds[0].passed_on_vat, "200,01");
        let shared = serde_json::to_value(&said.shared_by_keys[0]).unwrap();
        assert_eq!(shared["key"], "Nøkkelen «halvt likt, halvt etter innbyggere», med tall per 1. januar 2022");
        let lines: Vec<String> = shared["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap().replace('\u{a0}', " "))
            .collect();
        assert_eq!(
            lines,
            [
                "50 % deles likt",
                "50 % deles etter innbyggertall",
                "Kostnad 1: 800,03 kroner uten mva, delt på 2",
                "Hver andel rundes ned til hele øre. Ørene som blir til overs, går én for én til dem som mistet mest av en øre.",
                "innbyggertall: SSB 07459",
            ]
        );
        assert_eq!(shared["members"][1]["figures"][0].as_str().unwrap().replace('\u{a0}', " "), "3 000");
        assert_eq!(shared["sums"][0].as_str().unwrap().replace('\u{a0}', " "), "4 000");
    }

    #[test]
    fn the_rate_of_vat_is_said_of_what_is_shared_and_of_each_line_so_that_it_can_be_worked_out_again() {
        let mut prebill = prebill();
        let of_books = InvoiceLine { vat_percent: Decimal::from(12), ..invoices::line(2, 10_000) };
        let of_claim = InvoiceLine {
            vat_percent: Decimal::ZERO,
            passed_on_vat_ore: Some(Ore(2_500)),
            ..invoices::line(3, 10_000)
        };
        prebill.plan.invoices[0].lines.extend([of_books, of_claim]);
        let said = document(&prebill);
        let plain = |text: &str| text.replace('\u{a0}', " ");
        assert_eq!(plain(&said.grounds[0].treatment), "viderefakturering, 25 %");
        let vat: Vec<Option<String>> =
            said.participants[0].lines.iter().map(|line| line.vat.as_deref().map(plain)).collect();
        let vat: Vec<Option<&str>> = vat.iter().map(Option::as_deref).collect();
        let expected = ["pluss 25 % mva", "pluss 12 % mva", "pluss 25,00 av leverandørens mva"];
        assert_eq!(vat, expected.map(Some));
    }

    #[test]
    fn one_time_costs_are_of_the_budget_year_whatever_days_of_licences_come_with_them() {
        let mut prebill = prebill();
        prebill.plan.covers = Period { first: day("2023-01-01"), last: day("2023-06-30") };
        prebill.plan.grounds[0].period = None;
        assert_eq!(document(&prebill).covers, "budsjettår 2023");
        assert_eq!(document(&prebill).grounds[0].period, "budsjettår 2023");
        let of_licence = Ground { period: Some(prebill.plan.covers), ..prebill.plan.grounds[0].clone() };
        prebill.plan.grounds.push(of_licence);
        let both = "engangskostnader for budsjettår 2023 og lisenser for 01.01.2023 til 30.06.2023";
        assert_eq!(document(&prebill).covers, both);
        prebill.plan.grounds.remove(0);
        assert_eq!(document(&prebill).covers, "01.01.2023 til 30.06.2023");
    }

    #[test]
    fn the_calculation_is_the_same_every_time() {
        let set = prebill_set(&prebill()).unwrap();
        assert_eq!(set.pages_count, 1);
        assert_eq!(prebill_pdf(&prebill()).unwrap(), set.bytes);
    }

    #[test]
    fn the_calculation_and_the_letter_are_in_the_language_of_who_reads_them() {
        let (nynorsk, bilingual) = (InvoiceLanguage::Nynorsk, InvoiceLanguage::BokmalAndNorthernSami);
        let in_language = |language| PrebillDocument { language, ..prebill() };
        let sets =
            [prebill(), in_language(nynorsk), in_language(bilingual)].map(|prebill| prebill_pdf(&prebill).unwrap());
        assert!(sets[0] != sets[1] && sets[0] != sets[2]);
        assert_eq!(document(&in_language(nynorsk)).title.text, "Førehandsvarsel om faktura");
        let read = in_language(nynorsk);
        assert_eq!(facts(&read, read.plan.invoices[0].recipient.party).rows[0].name, "Dykkar del");
        let read = in_language(bilingual);
        let said = facts(&read, read.plan.invoices[0].recipient.party).words.organisation_number;
        assert_eq!(said, "Organisasjonsnummer · organisašuvdnanummir");
    }

    #[test]
    fn the_letter_says_ones_own_share_and_until_when_to_object() {
        let prebill = prebill();
        let correspondent =
            |name: &str, address: &str| Correspondent { name: name.to_owned(), address: address.to_owned() };
        let (from, to) = (
            correspondent("Fylkesbiblioteket", "faktura@fylket.example"),
            correspondent("Økonomi i Kommune 1", "faktura@kommune1.example"),
        );
        let posting = Posting {
            attachments: &[Attached { file_name: "forhandsvarsel.pdf", media_type: "application/pdf", bytes: b"%PDF" }],
            from: &from,
            to: &to,
            name: "forhandsvarsel-1",
            message_id: "<forhandsvarsel-1@fylket.example>",
            date: "2023-11-15T12:00:00Z".parse().unwrap(),
            signature: None,
        };
        let recipient = prebill.plan.invoices[0].recipient.party;
        let message = prebill_mail(&prebill, recipient, &posting).unwrap();
        let text = String::from_utf8(message.bytes).unwrap().replace("\r\n", "\n");
        expect_file!["../../tests/golden/mail/prebill.eml"].assert_eq(&text);
    }
}
