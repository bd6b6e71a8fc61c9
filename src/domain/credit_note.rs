//! Credit notes (kreditnota): an issued invoice is never altered, it is credited, in full or by line, up to what is left.
//!
//! Amounts are above zero where those of the invoice are. The VAT of a rate is that of all that is credited so far, less
//! what was credited before, so that the notes of a wholly credited invoice come to its VAT, to the øre; so is the
//! supplier's VAT of a line.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calendar::Period;
use super::identity::InvoiceId;
use super::invoice_run::{DATED_BACK_DAYS_MAX, InvoiceLanguage, InvoiceParty, Issuer, VatSubtotal, is_dated_back};
use super::money::Ore;
use super::series::Issued;
use super::text_names_no_address;
use super::vat::{DocumentKind, Subject, VatTreatment};

/// The invoice that a credit note is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditedInvoice {
    /// Its id.
    pub invoice: InvoiceId,
    /// Its number, in the series of who issued it.
    pub number: u64,
    /// Its date.
    pub invoice_date: NaiveDate,
    /// Who issued it; another than who credits it, where a county authority came after another.
    pub issuer: InvoiceParty,
}

/// What is credited of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditLine {
    /// Which line of the invoice, from 1.
    pub line: usize,
    /// What the line is a share of.
    pub subject: Subject,
    /// What it is for, in the words of the invoice.
    pub text: String,
    /// The days it is for: of a licence those that are invoiced, of a one-time cost its budget year; none where nobody said.
    pub period: Option<Period>,
    /// What is credited excluding VAT; of the sign of the line.
    pub net_ore: Ore,
    /// Output VAT in percent, as on the line.
    #[schema(value_type = String)]
    pub vat_percent: Decimal,
    /// What is credited of the supplier's VAT; none where none was passed on.
    pub passed_on_vat_ore: Option<Ore>,
}

/// An invoice was credited, under the next number of the series: it holds its amounts and wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNoteIssued {
    /// Its number.
    pub number: u64,
    /// Its id: of the same kind as an invoice's, since it is drawn up and delivered as one.
    pub credit_note: InvoiceId,
    /// The invoice it credits.
    pub credited: CreditedInvoice,
    /// Who credits.
    pub issuer: Issuer,
    /// Who is credited.
    pub recipient: InvoiceParty,
    /// The date on it.
    pub date: NaiveDate,
    /// Why.
    pub reason: String,
    /// Which kind of document is credited.
    pub kind: DocumentKind,
    /// How VAT is treated, as on the invoice.
    pub treatment: VatTreatment,
    /// The language of the document, as that of the invoice.
    pub language: InvoiceLanguage,
    /// The reference the recipient wants, as on the invoice.
    pub buyer_reference: Option<String>,
    /// The number of the recipient's own order, as on the invoice.
    pub order_reference: Option<String>,
    /// The account the recipient books to, as on the invoice.
    pub accounting_cost: Option<String>,
    /// What is credited of which line.
    pub lines: Vec<CreditLine>,
    /// Output VAT by rate; none for a claim. With what was credited before, it is the VAT of the net credited so far.
    pub vat: Vec<VatSubtotal>,
    /// The sum excluding VAT.
    pub net_ore: Ore,
    /// The supplier's VAT.
    pub passed_on_vat_ore: Ore,
    /// The output VAT.
    pub vat_ore: Ore,
    /// What is credited in all.
    pub total_ore: Ore,
}

/// How much of an invoice is credited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(tag = "extent", rename_all = "snake_case", deny_unknown_fields)]
pub enum CreditExtent {
    /// All that is left.
    Whole,
    /// Some lines.
    Lines {
        /// Which, and how much of each.
        lines: Vec<LineCredit>,
    },
}

/// How much of a line is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineCredit {
    /// Which line of the invoice, from 1.
    pub line: usize,
    /// How much excluding VAT; all that is left where nothing is said.
    pub net_ore: Option<Ore>,
    /// How much of the supplier's VAT; in proportion where nothing is said.
    #[serde(default)]
    pub passed_on_vat_ore: Option<Ore>,
}

/// A credit note that is wished for, with what was looked up for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditWish {
    /// The id of the credit note.
    pub credit_note: InvoiceId,
    /// Who credits: who issued, or came after.
    pub issuer: Issuer,
    /// The date on it.
    pub date: NaiveDate,
    /// Why.
    pub reason: String,
    /// How much.
    pub extent: CreditExtent,
    /// The invoice as it was issued.
    pub invoice: Issued,
    /// What was credited of the invoice in any series.
    pub before: Vec<CreditNoteIssued>,
}

/// Why a credit note is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rejection", rename_all = "kebab-case")]
pub enum CreditNoteRejection {
    /// The reason is empty or too long.
    CreditReasonMissing,
    /// It would be dated before the invoice.
    CreditBeforeInvoice {
        /// The date of the invoice.
        invoice_date: NaiveDate,
        /// The date of the credit note.
        date: NaiveDate,
    },
    /// It would be dated on a day that is still to come.
    CreditToCome {
        /// The date of the credit note.
        date: NaiveDate,
    },
    /// It would be dated too long before the day on which it is issued.
    CreditDatedBack {
        /// The date of the credit note.
        date: NaiveDate,
        /// The most days between them.
        most_days: u64,
    },
    /// Nothing is left to credit.
    NothingLeft {
        /// The number of the invoice.
        number: u64,
    },
    /// It is to be credited by line, and none is named.
    NoLineNamed {
        /// The number of the invoice.
        number: u64,
    },
    /// The invoice has no such line.
    NoSuchLine {
        /// The number of the invoice.
        number: u64,
        /// The line.
        line: usize,
        /// How many lines it has.
        line_count: usize,
    },
    /// A line is named twice.
    LineTwice {
        /// The line.
        line: usize,
    },
    /// Nothing would be credited of a line, or with the other sign than what is left of it.
    NothingOfLine {
        /// The number of the invoice.
        number: u64,
        /// The line.
        line: usize,
        /// What was wished.
        amount_ore: Ore,
        /// What is left excluding VAT.
        left_ore: Ore,
    },
    /// More would be credited of a line than is left of it.
    AboveWhatIsLeft {
        /// The number of the invoice.
        number: u64,
        /// The line.
        line: usize,
        /// What was wished.
        amount_ore: Ore,
        /// What is left excluding VAT.
        left_ore: Ore,
    },
    /// More would be credited than is left of the whole invoice, of which lines below zero took something off.
    AboveTheInvoice {
        /// The number of the invoice.
        number: u64,
        /// What would be credited, with VAT.
        amount_ore: Ore,
        /// What is left of the invoice.
        left_ore: Ore,
    },
    /// More of the supplier's VAT would be credited of a line than is left of it, or with the other sign.
    VatAboveWhatIsLeft {
        /// The number of the invoice.
        number: u64,
        /// The line.
        line: usize,
        /// What was wished.
        amount_ore: Ore,
        /// What is left of it.
        left_ore: Ore,
    },
}

impl CreditNoteIssued {
    /// Whether it may be issued on a day: a credit note carries the date of its issue as an invoice does, so that nobody credits
    /// in the series of a county authority that is gone, or in a term whose VAT is reported.
    pub(super) fn check_date(&self, on: NaiveDate) -> Result<(), CreditNoteRejection> {
        let date = self.date;
        if date > on {
            return Err(CreditNoteRejection::CreditToCome { date });
        }
        if is_dated_back(date, on) {
            return Err(CreditNoteRejection::CreditDatedBack { date, most_days: DATED_BACK_DAYS_MAX });
        }
        Ok(())
    }
}

/// What was credited of each line of an invoice by these notes, from line 1: excluding VAT, and of the supplier's VAT.
#[must_use]
pub fn credited_by_line(invoice: &Issued, before: &[CreditNoteIssued]) -> Vec<(Ore, Ore)> {
    let mut credited = vec![(Ore::ZERO, Ore::ZERO); invoice.invoice.lines.len()];
    for line in before.iter().flat_map(|note| &note.lines) {
        if let Some((net, vat)) = line.line.checked_sub(1).and_then(|place| credited.get_mut(place)) {
            *net += line.net_ore;
            *vat += line.passed_on_vat_ore.unwrap_or_default();
        }
    }
    credited
}

/// The credit note under this number.
///
/// # Errors
/// What is wrong with the wish.
pub fn credit_note(wish: &CreditWish, number: u64) -> Result<CreditNoteIssued, CreditNoteRejection> {
    if !text_names_no_address(&wish.reason) {
        return Err(CreditNoteRejection::CreditReasonMissing);
    }
    let invoice_date = wish.invoice.invoice_date;
    if wish.date < invoice_date {
        return Err(CreditNoteRejection::CreditBeforeInvoice { invoice_date, date: wish.date });
    }
    let lines = credit_lines(wish)?;
    let vat = match wish.invoice.invoice.kind {
        DocumentKind::Invoice => vat_of(&lines, &wish.before),
        DocumentKind::Claim => Vec::new(),
    };
    let net_ore: Ore = lines.iter().map(|line| line.net_ore).sum();
    let passed_on_vat_ore: Ore = lines.iter().filter_map(|line| line.passed_on_vat_ore).sum();
    let vat_ore: Ore = vat.iter().map(|subtotal| subtotal.vat_ore).sum();
    let total_ore = net_ore + passed_on_vat_ore + vat_ore;
    let planned = &wish.invoice.invoice;
    let left_ore = planned.total_ore - wish.before.iter().map(|note| note.total_ore).sum();
    if total_ore > left_ore {
        let number = wish.invoice.number;
        return Err(CreditNoteRejection::AboveTheInvoice { number, amount_ore: total_ore, left_ore });
    }
    Ok(CreditNoteIssued {
        number,
        credit_note: wish.credit_note,
        credited: CreditedInvoice {
            invoice: planned.invoice,
            number: wish.invoice.number,
            invoice_date,
            issuer: wish.invoice.issuer.as_party(),
        },
        issuer: wish.issuer.clone(),
        recipient: planned.recipient.clone(),
        date: wish.date,
        reason: wish.reason.clone(),
        kind: planned.kind,
        treatment: planned.treatment,
        language: planned.language,
        buyer_reference: planned.buyer_reference.clone(),
        order_reference: planned.order_reference.clone(),
        accounting_cost: planned.accounting_cost.clone(),
        lines,
        vat,
        net_ore,
        passed_on_vat_ore,
        vat_ore,
        total_ore,
    })
}

fn credit_lines(wish: &CreditWish) -> Result<Vec<CreditLine>, CreditNoteRejection> {
    let number = wish.invoice.number;
    let credited = credited_by_line(&wish.invoice, &wish.before);
    let left: Vec<(Ore, Ore)> = wish
        .invoice
        .invoice
        .lines
        .iter()
        .zip(&credited)
        .map(|(line, (net, vat))| (line.net_ore - *net, line.passed_on_vat_ore.unwrap_or_default() - *vat))
        .collect();
    let all_that_is_left = |line| LineCredit { line, net_ore: None, passed_on_vat_ore: None };
    let wanted: Vec<LineCredit> = match &wish.extent {
        CreditExtent::Whole => {
            let open = (1..).zip(&left).filter(|(_, left)| **left != (Ore::ZERO, Ore::ZERO));
            open.map(|(line, _)| all_that_is_left(line)).collect()
        }
        CreditExtent::Lines { lines } => lines.clone(),
    };
    if wanted.is_empty() {
        return Err(match &wish.extent {
            CreditExtent::Whole => CreditNoteRejection::NothingLeft { number },
            CreditExtent::Lines { .. } => CreditNoteRejection::NoLineNamed { number },
        });
    }
    let mut seen = BTreeSet::new();
    let credit = |wanted: &LineCredit| {
        let line = wanted.line;
        if !seen.insert(line) {
            return Err(CreditNoteRejection::LineTwice { line });
        }
        let of = line
            .checked_sub(1)
            .and_then(|place| Some((wish.invoice.invoice.lines.get(place)?, *left.get(place)?, *credited.get(place)?)));
        let Some((of, (left_ore, vat_left_ore), (net_before, vat_before))) = of else {
            return Err(CreditNoteRejection::NoSuchLine { number, line, line_count: left.len() });
        };
        let net_ore = wanted.net_ore.unwrap_or(left_ore);
        let in_proportion = of.passed_on_vat_ore.map(|vat| {
            // A settlement may have credited VAT out of proportion before.
            within(part_of(vat, net_before + net_ore, of.net_ore) - vat_before, vat_left_ore)
        });
        let passed_on_vat_ore = wanted.passed_on_vat_ore.or(in_proportion);
        let vat_ore = passed_on_vat_ore.unwrap_or_default();
        let amount_ore = net_ore;
        let is_nothing = net_ore == Ore::ZERO && vat_ore == Ore::ZERO;
        if left_ore != Ore::ZERO && (is_nothing || (within(net_ore, left_ore) == Ore::ZERO && net_ore != Ore::ZERO)) {
            return Err(CreditNoteRejection::NothingOfLine { number, line, amount_ore, left_ore });
        }
        if !is_within(net_ore, left_ore) || is_nothing {
            return Err(CreditNoteRejection::AboveWhatIsLeft { number, line, amount_ore, left_ore });
        }
        if wanted.passed_on_vat_ore.is_some() && !is_within(vat_ore, vat_left_ore) {
            let (amount_ore, left_ore) = (vat_ore, vat_left_ore);
            return Err(CreditNoteRejection::VatAboveWhatIsLeft { number, line, amount_ore, left_ore });
        }
        Ok(CreditLine {
            line,
            subject: of.subject,
            text: of.text.clone(),
            period: of.period,
            net_ore,
            vat_percent: of.vat_percent,
            passed_on_vat_ore,
        })
    };
    wanted.iter().map(credit).collect()
}

/// The part of what is left that comes nearest to an amount.
fn within(amount: Ore, left: Ore) -> Ore {
    amount.clamp(left.min(Ore::ZERO), left.max(Ore::ZERO))
}

/// Whether an amount is a part of what is left: of its sign, and not more.
fn is_within(amount: Ore, left: Ore) -> bool {
    within(amount, left) == amount
}

/// The part of `whole` that `part` is of `of`, to the nearest øre, half away from zero; all of it where there is no part.
fn part_of(whole: Ore, part: Ore, of: Ore) -> Ore {
    if of == Ore::ZERO { whole } else { Ore::rounded(whole.decimal() * part.decimal() / of.decimal()) }
}

/// The VAT of each rate: on all that is credited of it by now, less what was credited before.
fn vat_of(lines: &[CreditLine], before: &[CreditNoteIssued]) -> Vec<VatSubtotal> {
    let mut now: BTreeMap<Decimal, Ore> = BTreeMap::new();
    for line in lines {
        *now.entry(line.vat_percent).or_default() += line.net_ore;
    }
    let earlier = |vat_percent: Decimal| {
        before
            .iter()
            .flat_map(|note| &note.vat)
            .filter(|subtotal| subtotal.vat_percent == vat_percent)
            .fold((Ore::ZERO, Ore::ZERO), |(net, vat), subtotal| (net + subtotal.net_ore, vat + subtotal.vat_ore))
    };
    now.into_iter()
        .map(|(vat_percent, net_ore)| {
            let (net_before, vat_before) = earlier(vat_percent);
            let vat_ore = (net_before + net_ore).percent(vat_percent) - vat_before;
            VatSubtotal { vat_percent, net_ore, vat_ore }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::CostId;
    use crate::domain::testing::invoices::{issued, issuer, line};
    use crate::domain::testing::{day, nth};
    use proptest::prelude::*;

    fn wish(invoice: Issued, extent: CreditExtent, before: Vec<CreditNoteIssued>) -> CreditWish {
        let number = 500 + before.len() as u128;
        CreditWish {
            credit_note: InvoiceId(nth(number)),
            issuer: issuer(55),
            date: day("2024-02-05"),
            reason: "Feil fordelingsnøkkel".to_owned(),
            extent,
            invoice,
            before,
        }
    }

    fn lines(lines: &[(usize, Option<i64>)]) -> CreditExtent {
        let lines = lines
            .iter()
            .map(|(line, net)| LineCredit { line: *line, net_ore: net.map(Ore), passed_on_vat_ore: None })
            .collect();
        CreditExtent::Lines { lines }
    }

    #[test]
    fn nothing_and_the_other_sign_are_no_amount_to_credit() {
        for amount in [0, -500] {
            let refused = credit_note(&wish(invoice(), lines(&[(1, Some(amount))]), vec![]), 7).unwrap_err();
            let (number, left_ore) = (invoice().number, Ore(30_001));
            let expected = CreditNoteRejection::NothingOfLine { number, line: 1, amount_ore: Ore(amount), left_ore };
            assert_eq!(refused, expected);
        }
    }

    #[test]
    fn a_reason_holds_no_e_mail_address() {
        let reason = "Etter henvendelse fra leder@alta.example".to_owned();
        let wish = CreditWish { reason, ..wish(invoice(), CreditExtent::Whole, vec![]) };
        assert_eq!(credit_note(&wish, 7), Err(CreditNoteRejection::CreditReasonMissing));
    }

    /// Two lines at 25 percent whose VAT is 75.51: of the one 75.00, of the other 2.50 and a half øre.
    fn invoice() -> Issued {
        issued(54, vec![line(1, 30_001), line(2, 1_001)])
    }

    #[test]
    fn an_invoice_is_credited_whole_with_the_right_references() {
        let note = credit_note(&wish(invoice(), CreditExtent::Whole, vec![]), 552_400_001).unwrap();
        assert_eq!((note.net_ore, note.vat_ore, note.total_ore), (Ore(31_002), Ore(7_751), Ore(38_753)));
        assert_eq!((note.credited.number, &*note.credited.issuer.name), (invoice().number, "Fylke 54"));
        assert_eq!(&*note.issuer.name, "Fylke 55");
        assert_eq!(
            note.lines.iter().map(|line| (line.line, line.net_ore)).collect::<Vec<_>>(),
            [(1, Ore(30_001)), (2, Ore(1_001))]
        );
        let again = credit_note(&wish(invoice(), CreditExtent::Whole, vec![note]), 552_400_002);
        assert_eq!(again, Err(CreditNoteRejection::NothingLeft { number: invoice().number }));
        let no_line = credit_note(&wish(invoice(), lines(&[]), vec![]), 552_400_003);
        assert_eq!(no_line, Err(CreditNoteRejection::NoLineNamed { number: invoice().number }));
    }

    #[test]
    fn line_by_line_the_vat_comes_to_that_of_the_invoice() {
        let first = credit_note(&wish(invoice(), lines(&[(1, None)]), vec![]), 1).unwrap();
        assert_eq!(first.vat_ore, Ore(7_500));
        let rest = credit_note(&wish(invoice(), CreditExtent::Whole, vec![first]), 2).unwrap();
        assert_eq!((rest.net_ore, rest.vat_ore), (Ore(1_001), Ore(251)));
    }

    #[test]
    fn never_more_is_credited_than_is_left() {
        let number = invoice().number;
        let above = |line, amount: i64, left: i64| {
            Err(CreditNoteRejection::AboveWhatIsLeft { number, line, amount_ore: Ore(amount), left_ore: Ore(left) })
        };
        let credited = |extent, before| credit_note(&wish(invoice(), extent, before), 1);
        assert_eq!(credited(lines(&[(2, Some(1_002))]), vec![]), above(2, 1_002, 1_001));
        let some = credited(lines(&[(2, Some(1_000))]), vec![]).unwrap();
        assert_eq!(credited(lines(&[(2, Some(2))]), vec![some.clone()]), above(2, 2, 1));
        assert_eq!(credited_by_line(&invoice(), &[some]), [(Ore::ZERO, Ore::ZERO), (Ore(1_000), Ore::ZERO)]);
        assert_eq!(
            credited(lines(&[(3, None)]), vec![]),
            Err(CreditNoteRejection::NoSuchLine { number, line: 3, line_count: 2 })
        );
        assert_eq!(credited(lines(&[(1, None), (1, None)]), vec![]), Err(CreditNoteRejection::LineTwice { line: 1 }));
    }

    #[test]
    fn a_line_that_another_took_something_off_is_credited_with_it_and_not_alone() {
        let settled = || issued(54, vec![line(1, 30_000), line(2, -1_000)]);
        let credited = |extent, before| credit_note(&wish(settled(), extent, before), 1);
        let number = settled().number;
        let above = |amount: i64, left: i64| {
            Err(CreditNoteRejection::AboveTheInvoice { number, amount_ore: Ore(amount), left_ore: Ore(left) })
        };
        assert_eq!(credited(lines(&[(1, None)]), vec![]), above(37_500, 36_250));
        let some = credited(lines(&[(1, Some(29_000))]), vec![]).unwrap();
        assert_eq!(credited(lines(&[(1, Some(1))]), vec![some.clone()]), above(1, 0));
        let rest = credited(CreditExtent::Whole, vec![some]).unwrap();
        assert_eq!((rest.net_ore, rest.total_ore), (Ore::ZERO, Ore::ZERO));
        assert_eq!(credited(lines(&[(1, None), (2, None)]), vec![]).unwrap().total_ore, Ore(36_250));
    }

    #[test]
    fn vat_that_was_credited_out_of_proportion_is_never_taken_back() {
        let mut claimed = line(1, 100_000);
        claimed.vat_percent = Decimal::ZERO;
        claimed.passed_on_vat_ore = Some(Ore(25_000));
        let claim = || issued(54, vec![claimed.clone()]);
        let only_vat = |vat: i64| {
            let credit = LineCredit { line: 1, net_ore: Some(Ore::ZERO), passed_on_vat_ore: Some(Ore(vat)) };
            CreditExtent::Lines { lines: vec![credit] }
        };
        let first = credit_note(&wish(claim(), only_vat(5_000), vec![]), 1).unwrap();
        let second = credit_note(&wish(claim(), lines(&[(1, Some(10_000))]), vec![first.clone()]), 2).unwrap();
        assert_eq!((second.net_ore, second.passed_on_vat_ore), (Ore(10_000), Ore::ZERO));
        let rest = credit_note(&wish(claim(), CreditExtent::Whole, vec![first, second]), 3).unwrap();
        assert_eq!((rest.net_ore, rest.passed_on_vat_ore), (Ore(90_000), Ore(20_000)));
    }

    #[test]
    fn it_says_why_and_is_not_older_than_the_invoice() {
        let sound = wish(invoice(), CreditExtent::Whole, vec![]);
        assert_eq!(
            credit_note(&CreditWish { reason: " ".to_owned(), ..sound.clone() }, 1),
            Err(CreditNoteRejection::CreditReasonMissing)
        );
        let (invoice_date, date) = (invoice().invoice_date, day("2023-11-14"));
        assert_eq!(
            credit_note(&CreditWish { date, ..sound }, 1),
            Err(CreditNoteRejection::CreditBeforeInvoice { invoice_date, date })
        );
    }

    proptest! {
        #[test]
        fn credited_in_any_steps_an_invoice_comes_to_nothing(
            amounts in prop::collection::vec((-900_i64..5_000, prop::sample::select(vec![0_i64, 12, 15, 25])), 1..5),
            steps in prop::collection::vec((0_usize..5, -500_i64..3_000), 0..8),
        ) {
            let of = |(place, (net, percent)): (usize, &(i64, i64))| {
                let mut line = line(1, *net);
                line.subject = Subject::Cost { cost: CostId(nth(place as u128)) };
                line.vat_percent = Decimal::from(*percent);
                line
            };
            let invoice = issued(54, amounts.iter().enumerate().map(of).collect());
            prop_assume!(!invoice.invoice.total_ore.is_negative());
            let mut notes: Vec<CreditNoteIssued> = Vec::new();
            for (place, net) in steps {
                let extent = lines(&[(place % amounts.len() + 1, Some(net))]);
                notes.extend(credit_note(&wish(invoice.clone(), extent, notes.clone()), 1).ok());
                let credited: Ore = notes.iter().map(|note| note.total_ore).sum();
                prop_assert!(credited <= invoice.invoice.total_ore);
            }
            notes.extend(credit_note(&wish(invoice.clone(), CreditExtent::Whole, notes.clone()), 1).ok());
            let sum = |of: fn(&CreditNoteIssued) -> Ore| notes.iter().map(of).sum::<Ore>();
            prop_assert_eq!(sum(|note| note.net_ore), invoice.invoice.net_ore);
            prop_assert_eq!(sum(|note| note.vat_ore), invoice.invoice.vat_ore);
            prop_assert_eq!(sum(|note| note.total_ore), invoice.invoice.total_ore);
        }
    }
}
