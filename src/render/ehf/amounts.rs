//! Whether the amounts of a document follow from each other, to the øre. The official rules let pass one øre.

use rust_decimal::Decimal;

use super::check::long_text;
use super::document::{EhfDocument, Kind, Line, VatCategory, VatSubtotal};
use super::error::{EhfError, Field};
use crate::domain::money::{AMOUNT_ORE_MAX, Ore, vat_percent_is_possible};

const QUANTITY_MAX: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
const QUANTITY_DECIMALS_MAX: u32 = 4;
const UNIT_PRICE_DECIMALS_MAX: u32 = 6;
const PERCENT_DECIMALS_MAX: u32 = 2;
/// Half a percent: the official rules take less for nothing (BR-CO-17).
const PERCENT_MIN: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// The credit notes of an invoice come to its VAT together, to the øre: each may be one øre off what it comes to alone.
const CREDIT_NOTE_SLACK_ORE: u64 = 1;

pub(super) fn check(document: &EhfDocument) -> Result<(), EhfError> {
    for (index, line) in document.lines.iter().enumerate() {
        check_line(index, line)?;
        check_category(index, line.category, document)?;
    }
    for (index, subtotal) in document.vat.iter().enumerate() {
        if document.vat.iter().take(index).any(|earlier| earlier.category == subtotal.category) {
            return Err(EhfError::VatSubtotalRepeated { field: Field::of_vat("subtotal", subtotal.category) });
        }
        check_subtotal(subtotal, document)?;
    }
    check_totals(document)
}

fn check_line(index: usize, line: &Line) -> Result<(), EhfError> {
    let field = Field::of_line("net amount", index);
    within(field, line.net_ore)?;
    let decimals_max = QUANTITY_DECIMALS_MAX;
    let quantity = line.quantity.normalize();
    if quantity.is_zero() || quantity.abs() > QUANTITY_MAX || quantity.scale() > QUANTITY_DECIMALS_MAX {
        let field = Field::of_line("quantity", index);
        return Err(EhfError::QuantityImpossible { field, quantity, decimals_max });
    }
    let price = line.unit_price_kroner.normalize();
    if price < Decimal::ZERO || price > Ore(AMOUNT_ORE_MAX).kroner() || price.scale() > UNIT_PRICE_DECIMALS_MAX {
        let field = Field::of_line("unit price", index);
        let decimals_max = UNIT_PRICE_DECIMALS_MAX;
        return Err(EhfError::UnitPriceImpossible { field, unit_price_kroner: price, decimals_max });
    }
    let computed_ore = quantity * price * Decimal::ONE_HUNDRED;
    if computed_ore.abs() > Ore(AMOUNT_ORE_MAX).decimal() {
        return Err(EhfError::QuantityImpossible { field: Field::of_line("quantity", index), quantity, decimals_max });
    }
    equal(field, line.net_ore, Ore::rounded(computed_ore))
}

fn check_category(index: usize, category: VatCategory, document: &EhfDocument) -> Result<(), EhfError> {
    let field = Field::of_line("VAT category", index);
    match category {
        VatCategory::Standard { percent } => {
            let possible = vat_percent_is_possible(percent) && percent >= PERCENT_MIN;
            if !possible || percent.normalize().scale() > PERCENT_DECIMALS_MAX {
                return Err(EhfError::VatPercentImpossible { field: Field::of_line("VAT percentage", index), percent });
            }
        }
        VatCategory::ZeroRated | VatCategory::Exempt => {}
        VatCategory::OutsideScope => {
            if document.lines.iter().any(|other| other.category != VatCategory::OutsideScope) {
                return Err(EhfError::OutsideScopeMixed { field });
            }
        }
    }
    if category != VatCategory::OutsideScope && !document.issuer.vat_registered {
        return Err(EhfError::IssuerNotRegisteredForVat { field, category });
    }
    if document.vat.iter().all(|subtotal| subtotal.category != category) {
        return Err(EhfError::VatSubtotalMissing { field: Field::of_vat("subtotal", category) });
    }
    Ok(())
}

fn check_subtotal(subtotal: &VatSubtotal, document: &EhfDocument) -> Result<(), EhfError> {
    let category = subtotal.category;
    let of_category = || document.lines.iter().filter(|line| line.category == category);
    if of_category().next().is_none() {
        return Err(EhfError::VatSubtotalWithoutLine { field: Field::of_vat("subtotal", category) });
    }
    let reason = Field::of_vat("reason", category);
    match (&subtotal.reason, category.asks_for_a_reason()) {
        (None, true) => return Err(EhfError::ReasonMissing { field: reason }),
        (Some(_), false) => return Err(EhfError::ReasonUnwanted { field: reason }),
        (reason_given, _) => long_text(reason, reason_given.as_deref())?,
    }
    let net: Ore = of_category().map(|line| line.net_ore).sum();
    equal(Field::of_vat("net amount", category), subtotal.net_ore, net)?;
    let vat = category.percent().map_or(Ore::ZERO, |percent| net.percent(percent));
    let rounded_together =
        matches!((&document.kind, category), (Kind::CreditNote { .. }, VatCategory::Standard { .. }));
    if rounded_together && subtotal.vat_ore.0.abs_diff(vat.0) <= CREDIT_NOTE_SLACK_ORE {
        return Ok(());
    }
    equal(Field::of_vat("VAT amount", category), subtotal.vat_ore, vat)
}

fn check_totals(document: &EhfDocument) -> Result<(), EhfError> {
    let totals = document.totals;
    let net = document.lines.iter().map(|line| line.net_ore).sum();
    equal(Field::of_document("net total"), totals.net_ore, net)?;
    let vat = document.vat.iter().map(|subtotal| subtotal.vat_ore).sum();
    equal(Field::of_document("VAT total"), totals.vat_ore, vat)?;
    equal(Field::of_document("total"), totals.total_ore, net + vat)?;
    if totals.total_ore.is_negative() {
        return Err(EhfError::TotalNegative { total: totals.total_ore });
    }
    within(Field::of_document("total"), totals.total_ore)
}

fn within(field: Field, amount: Ore) -> Result<(), EhfError> {
    if !amount.is_taken() {
        return Err(EhfError::AmountTooLarge { field, amount });
    }
    Ok(())
}

fn equal(field: Field, stated: Ore, computed: Ore) -> Result<(), EhfError> {
    if stated == computed { Ok(()) } else { Err(EhfError::AmountWrong { field, stated, computed }) }
}
