//! What county finance does before it invoices.

use chrono::NaiveDate;

use super::{COUNTY_FINANCE, SUPPLIER_MEDIA_TYPE, StoryError, Teller, Told};
use crate::domain::cost::{Cost, CostCommand};
use crate::domain::identity::{CostId, PersonId};
use crate::domain::party::PartyCommand;
use crate::domain::procurement::ProcurementCommand;
use crate::domain::supplier_invoice::SupplierInvoice;
use crate::domain::vat::AppliesTo;
use crate::exchange::sha256;
use crate::handle::Wish;
use crate::ids::{NAMESPACE, derived};

impl Teller<'_> {
    /// How VAT is treated is decided before anything is invoiced, and what invoices say of the issuers is looked up.
    pub(super) fn finance_decides(&mut self) -> Told {
        let file = &self.data.procurement;
        let decided_on = file.vat.iter().map(|vat| vat.decided_on).min().unwrap_or(file.opened_on);
        self.vat_decided_until(decided_on)?;
        for entry in &file.register_entry {
            let command = PartyCommand::StateRegisterEntry {
                in_foretaksregisteret: entry.in_foretaksregisteret,
                vat_registered: entry.vat_registered,
                from: entry.from,
                source: entry.source.clone(),
            };
            let party = self.party(&entry.party)?;
            self.draft.wish(Wish::Party(party, command))?;
        }
        self.tell(
            decided_on,
            COUNTY_FINANCE,
            "County finance decides how VAT is treated on what is passed on (invented decisions): resale with 25 % VAT; from \
             2024 conversion and training are shared, and the sorting plant is an outlay for Tromsø, both without output VAT."
                .to_owned(),
        )
    }

    /// The decisions on VAT since the last day that was told.
    pub(super) fn vat_decided_until(&mut self, on: NaiveDate) -> Told {
        let window = self.since_last(on);
        for vat in self.data.procurement.vat.iter().filter(|vat| window.contains(vat.decided_on)) {
            let cost = vat.cost.as_ref().map(|name| self.cost(name)).transpose()?;
            self.of_procurement(ProcurementCommand::DecideVatTreatment {
                treatment: vat.treatment,
                vat_percent: vat.vat_percent,
                applies_to: cost.map_or(AppliesTo::Procurement, |cost| AppliesTo::Cost { cost }),
                from: vat.from,
                decision: vat.decision.clone(),
                role: vat.role.clone(),
                person: PersonId(derived(NAMESPACE, "demo finance manager")),
                on: vat.decided_on,
            })?;
        }
        Ok(())
    }

    /// What one party alone bears of 2025, and how VAT is treated on it.
    pub(super) fn borne_alone(&mut self) -> Told {
        let decided = self.data.procurement.vat.iter().map(|vat| vat.decided_on);
        let on = decided.max().unwrap_or(self.data.procurement.opened_on);
        self.amounts_until(on)?;
        self.vat_decided_until(on)?;
        self.tell(
            on,
            COUNTY_FINANCE,
            "Two amounts of 2025 that one party alone bears (invented): lodging for a course in Vadsø is resold with 12 % VAT, \
             and what Kárášjohka - Karasjok gives to a fund is outside the VAT act."
                .to_owned(),
        )
    }

    /// What is shared without output VAT carries the supplier's invoices, so their files are kept.
    pub(super) fn supplier_invoices_until(&mut self, on: NaiveDate) -> Told {
        let window = self.since_last(on);
        let entries = self.data.procurement.supplier_invoice.iter().filter(|entry| window.contains(entry.date));
        for entry in entries {
            let bytes = entry.bytes();
            let supplier_invoice = SupplierInvoice {
                number: entry.number.clone(),
                date: entry.date,
                period: None,
                net_ore: entry.net_ore,
                vat_ore: entry.vat_ore,
                sha256: sha256(bytes),
                file_name: entry.file.clone(),
                media_type: SUPPLIER_MEDIA_TYPE.to_owned(),
                size_bytes: bytes.len() as u64,
            };
            let cost = self.cost(&entry.cost)?;
            self.draft.wish(Wish::Cost(cost, CostCommand::RecordSupplierInvoice { supplier_invoice }))?;
            self.files.push(bytes);
        }
        Ok(())
    }

    fn cost(&self, name: &str) -> Result<CostId, StoryError> {
        let costs = self.draft.book().costs_of(self.procurement);
        let named = |(_, cost): &&(CostId, &Cost)| cost.recorded.as_ref().is_some_and(|recorded| recorded.name == name);
        costs.iter().find(named).map(|(id, _)| *id).ok_or_else(|| StoryError::Cost(name.to_owned()))
    }
}
