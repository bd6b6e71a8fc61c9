//! The tables of everybody's share that go with claims, in finished words and figures, and their PDF: the same for all
//! claims of a run in one language.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Serialize;
use typst::syntax::Source;

use super::fixed_words::{FixedWords, Said, in_norwegian, said};
use super::invoice::{PartyInWords, issuer, kroner};
use super::pdf::{self, SetDocument};
use super::{RenderError, norwegian};
use crate::domain::calendar::Period;
use crate::domain::identity::InvoiceRunId;
use crate::domain::invoice_run::{InvoiceLanguage, Issuer};
use crate::domain::money::Ore;
use crate::view::distribution::{Distribution, SharedPart};

static DISTRIBUTION: LazyLock<Source> =
    LazyLock::new(|| pdf::template(include_str!("../../reports/invoice/distribution.typ")));

/// The tables of everybody's share of what some claims of a run are for.
#[derive(Debug, Clone)]
pub struct DistributionDocument {
    /// The run.
    pub run: InvoiceRunId,
    /// Who claims.
    pub issuer: Issuer,
    /// The date of the claims.
    pub date: NaiveDate,
    /// The language.
    pub language: InvoiceLanguage,
    /// What people call the procurement.
    pub procurement_name: String,
    /// Whether its amounts are invented for illustration: the document says so.
    pub illustrative: bool,
    /// What is shared, in the order of the claims' lines.
    pub distributions: Vec<Distribution>,
}

impl DistributionDocument {
    /// What the file is called that people get.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("fordeling-{}.pdf", self.date)
    }
}

/// The tables as a document.
///
/// # Errors
/// If the template and the tables do not fit together.
pub fn distribution_pdf(tables: &DistributionDocument) -> Result<Vec<u8>, RenderError> {
    set(tables).map(|set| set.bytes)
}

fn set(tables: &DistributionDocument) -> Result<SetDocument, RenderError> {
    let names: Vec<&str> = tables.distributions.iter().map(|shared| &*shared.name).collect();
    let identity = format!("distribution {} {:?} {}", tables.run, tables.language, names.join(", "));
    pdf::set("the table of shares", &DISTRIBUTION, &document(tables), identity, tables.date)
}

#[derive(Serialize)]
struct Document<'a> {
    fixed: FixedWords,
    title: Said,
    date: String,
    procurement: &'a str,
    banner: Option<String>,
    issuer: PartyInWords<'a>,
    distributions: Vec<DistributionInWords<'a>>,
}

#[derive(Serialize)]
struct DistributionInWords<'a> {
    name: &'a str,
    introduction: String,
    shares: Vec<ShareInWords<'a>>,
    net: String,
    vat: String,
    amount: String,
}

#[derive(Serialize)]
struct ShareInWords<'a> {
    number: &'a str,
    name: &'a str,
    net: String,
    vat: String,
    amount: String,
}

fn document(tables: &DistributionDocument) -> Document<'_> {
    Document {
        fixed: FixedWords::of(tables.language),
        title: said(tables.language, "distribution"),
        date: norwegian::long_date(tables.date),
        procurement: &tables.procurement_name,
        banner: tables.illustrative.then(|| said(tables.language, "illustrative").text),
        issuer: issuer(&tables.issuer),
        distributions: tables.distributions.iter().map(|shared| distribution(shared, tables.language)).collect(),
    }
}

fn distribution(shared: &Distribution, language: InvoiceLanguage) -> DistributionInWords<'_> {
    let Distribution { name, net_ore, vat_ore, shares, .. } = shared;
    let (net, vat, amount) = amounts(*net_ore, *vat_ore);
    let introduction = introduction(shared, language);
    DistributionInWords { name, introduction, shares: shares.iter().map(share).collect(), net, vat, amount }
}

/// What is shared, of which days, and what the supplier invoiced.
fn introduction(shared: &Distribution, language: InvoiceLanguage) -> String {
    let (net, vat) = (kroner(shared.net_ore), kroner(shared.vat_ore));
    let mut said = vec![in_norwegian(language, "claim-distribution", [("net", &*net), ("vat", &*vat)])];
    if let Some(Period { first, last }) = shared.period {
        let days = [("first", &*norwegian::date(first)), ("last", &*norwegian::date(last))];
        said.push(in_norwegian(language, "claim-distribution-days", days));
    }
    if !shared.supplier_invoices.is_empty() {
        let numbers: Vec<&str> = shared.supplier_invoices.iter().map(|invoice| &*invoice.number).collect();
        let net = kroner(shared.supplier_invoices.iter().map(|invoice| invoice.net_ore).sum());
        let vat = kroner(shared.supplier_invoices.iter().map(|invoice| invoice.vat_ore).sum());
        let sums = [("numbers", &*numbers.join(", ")), ("net", &*net), ("vat", &*vat)];
        said.push(in_norwegian(language, "claim-distribution-supplier", sums));
    }
    said.join(" ")
}

fn share(part: &SharedPart) -> ShareInWords<'_> {
    let (net, vat, amount) = amounts(part.net_ore, part.vat_ore);
    ShareInWords { number: &part.number, name: &part.name, net, vat, amount }
}

fn amounts(net: Ore, vat: Ore) -> (String, String, String) {
    (kroner(net), kroner(vat), kroner(net + vat))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::PartOfYear;
    use crate::domain::supplier_invoice::tests::invoice;
    use crate::render::sample;

    #[test]
    fn it_says_the_days_and_what_the_supplier_invoiced() {
        let mut shared = sample::distribution().distributions.remove(0);
        let supplier_invoices = vec![invoice("L-1", 49_589, 12_390), invoice("L-2", 70_411, 17_610)];
        shared = Distribution { period: Some(PartOfYear::SecondHalf.of(2023)), supplier_invoices, ..shared };
        let said = introduction(&shared, InvoiceLanguage::Bokmal);
        let ending = " Det gjelder 01.07.2023 til 31.12.2023. Leverandørens fakturaer (L-1, L-2) kommer til 1\u{a0}200,00 kroner \
                      uten merverdiavgift og 300,00 kroner i merverdiavgift.";
        assert!(said.ends_with(ending), "{said}");
    }

    #[test]
    fn a_table_for_each_amount_that_was_shared_the_same_every_time() {
        let tables = sample::distribution();
        let said = document(&tables);
        let [shared] = &said.distributions[..] else { panic!("one amount is shared") };
        assert_eq!(shared.shares.len(), tables.distributions[0].shares.len());
        let set = set(&tables).unwrap();
        assert_eq!(set.pages_count, 1);
        assert_eq!(distribution_pdf(&tables).unwrap(), set.bytes);
    }
}
