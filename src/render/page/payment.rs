//! A payment with all that becomes of it.

use serde::Serialize;

use super::super::RenderError;
use super::super::words::Say;
use super::field::{Field, Filled, Kind, Named, Refusal, named};
use super::finance::{Figure, listed};
use super::frame::Frame;
use super::invoices::payment_state_key;
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::money::Ore;
use crate::view::receivables::{PaymentEntry, PaymentState, Receivable};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct PaymentPageShown<'a> {
    /// The payment.
    pub entry: &'a PaymentEntry,
    /// What is owed, which it may pay.
    pub owed: &'a [Receivable],
    /// What the bank took back of the same account, and nobody has said of which payment.
    pub reversals: &'a [PaymentEntry],
    /// Whether the reader may say what becomes of it.
    pub may_keep: bool,
    /// A form that was not taken.
    pub filled: &'a Filled,
}

#[derive(Serialize)]
struct PartShown {
    invoice: InvoiceId,
    number: Option<u64>,
    amount: String,
}

#[derive(Serialize)]
struct Form<'a> {
    name: &'static str,
    heading: &'static str,
    lead: Option<&'static str>,
    button: &'static str,
    refusal: Refusal,
    fields: Vec<Field<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    payment: PaymentId,
    amount: String,
    state: String,
    look: &'static str,
    figures: Vec<Figure>,
    pays: Vec<PartShown>,
    forms: Vec<Form<'a>>,
}

/// The page.
///
/// # Errors
/// If the template and the facts do not fit together.
pub fn payment_page(frame: &Frame<'_>, shown: &PaymentPageShown<'_>) -> Result<String, RenderError> {
    let say = Say::of(frame.language);
    let (entry, empty) = (shown.entry, Filled::default());
    let owed: Vec<(String, String)> = candidates(say, shown);
    let paid: Vec<(String, String)> = entry
        .pays
        .iter()
        .map(|part| {
            let number = part.number.map(|number| number.to_string()).unwrap_or_default();
            (part.invoice.to_string(), format!("{number}: {}", say.kroner(part.amount_ore)))
        })
        .collect();
    let reversals: Vec<(String, String)> = shown
        .reversals
        .iter()
        .map(|other| {
            let text = format!("{}, {} ({})", say.kroner(other.amount_ore), say.date(other.booked_on), other.reference);
            (other.payment.to_string(), text)
        })
        .collect();
    let forms = if shown.may_keep { forms(say, shown, &empty, [&owed, &paid, &reversals]) } else { Vec::new() };
    let page = Shown {
        payment: entry.payment,
        amount: say.kroner(entry.amount_ore),
        state: say.word(payment_state_key(entry.state)),
        look: if entry.state == PaymentState::Settled { "success" } else { "warning" },
        figures: figures(say, entry),
        pays: entry
            .pays
            .iter()
            .map(|part| PartShown { invoice: part.invoice, number: part.number, amount: say.kroner(part.amount_ore) })
            .collect(),
        forms,
    };
    super::fill("payment", frame, &format!("{} {}", say.word("page-payment"), page.amount), &page)
}

/// What it may pay, with what fits to the øre first: that is likely the one.
fn candidates(say: Say, shown: &PaymentPageShown<'_>) -> Vec<(String, String)> {
    let mut owed: Vec<&Receivable> = shown.owed.iter().collect();
    owed.sort_by_key(|owed| (owed.outstanding_ore != shown.entry.open_ore, owed.number));
    let called =
        |owed: &Receivable| format!("{} {}: {}", owed.number, owed.recipient, say.kroner(owed.outstanding_ore));
    owed.into_iter().map(|owed| (owed.invoice.to_string(), called(owed))).collect()
}

fn figures(say: Say, entry: &PaymentEntry) -> Vec<Figure> {
    let nothing_if_none = |amount: Ore| (amount != Ore::ZERO).then(|| say.kroner(amount));
    let figures = [
        ("page-booked-on", Some(say.long_date(entry.booked_on))),
        ("page-open", Some(say.kroner(entry.open_ore))),
        ("page-returned", nothing_if_none(entry.returned_ore)),
        ("page-reversed", nothing_if_none(entry.reversed_ore)),
        ("page-reference", Some(entry.reference.clone())),
        ("page-kid", entry.kid.clone()),
        ("page-account-number", Some(entry.account_number.clone())),
    ];
    figures
        .into_iter()
        .filter_map(|(key, value)| Some(Figure::of(say, key, value.filter(|text| !text.is_empty())?)))
        .collect()
}

fn forms<'a>(
    say: Say,
    shown: &PaymentPageShown<'a>,
    empty: &'a Filled,
    [owed, paid, reversals]: [&'a [(String, String)]; 3],
) -> Vec<Form<'a>> {
    let is_money = shown.entry.amount_ore > Ore::ZERO;
    let has_rest = is_money && shown.entry.open_ore > Ore::ZERO;
    let mut forms = Vec::new();
    let mut add = |name, keys: (&'static str, Option<&'static str>, &'static str), fields: &[(Named<'a>, Kind<'a>)]| {
        let filled = shown.filled.of(name, empty);
        let fields = fields.iter().map(|(named, kind)| filled.field(name, *named, kind.clone(), "")).collect();
        let (heading, lead, button) = keys;
        forms.push(Form { name, heading, lead, button, refusal: filled.refusal(say), fields });
    };
    if has_rest && !owed.is_empty() {
        let amount = Named { hint: Some("page-match-amount-hint"), ..named("amount", "page-amount") };
        let fields = [(named("invoice", "page-invoice"), listed(owed)), (amount, Kind::Amount)];
        add("matches", ("page-match-part", Some("page-match-part-lead"), "page-match"), &fields);
    }
    if !paid.is_empty() {
        let reason = Named { hint: Some("page-unmatch-reason-hint"), ..named("reason", "page-reason") };
        let fields = [(named("invoice", "page-invoice"), listed(paid)), (reason, Kind::Text)];
        add("unmatch", ("page-unmatch", None, "page-unmatch-it"), &fields);
    }
    if has_rest {
        let reference = Named { hint: Some("page-return-hint"), ..named("reference", "page-reference") };
        add("return", ("page-return", Some("page-return-lead"), "page-return-it"), &[(reference, Kind::Text)]);
    }
    if is_money && !reversals.is_empty() {
        let fields = [(named("reversal", "page-payment-reversal"), listed(reversals))];
        add("reverse", ("page-reverse", Some("page-reverse-lead"), "page-reverse-it"), &fields);
    }
    forms
}
