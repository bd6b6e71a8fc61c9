//! The chart of accounts: to which number, and under which VAT code, what the postings say is booked. Settings, since every
//! county has its own.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::AccountingError;
use crate::domain::money::vat_percent_is_possible;
use crate::domain::vat::VatTreatment;
use crate::view::postings::Account;

/// The standard VAT codes of what is sold (Skatteetaten, SAF-T Standard Tax Codes), and `NA` for none.
const STANDARD_CODES: [&str; 10] = ["3", "31", "32", "33", "5", "51", "52", "6", "7", "NA"];
/// The most characters of an account's number or a VAT code (SAF-T 1.30, `SAFmiddle2textType`), and of a name.
const CODE_CHARACTERS_MAX: usize = 70;
const NAME_CHARACTERS_MAX: usize = 256;
/// The most characters of a grouping code (`SAFmiddle1textType`).
const GROUPING_CHARACTERS_MAX: usize = 35;

/// The accounts and VAT codes; `config/default.toml` explains each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Chart {
    pub contact: String,
    pub grouping_category: String,
    pub receivables: LedgerAccount,
    pub bank: LedgerAccount,
    pub unmatched_payments: LedgerAccount,
    pub intercompany: LedgerAccount,
    pub earlier_years: LedgerAccount,
    pub resale: BTreeMap<Decimal, Resale>,
    pub cost_sharing: Claim,
    pub disbursement: Claim,
    pub outside_scope: OutsideScope,
    pub late_payment: LatePayment,
}

/// An account of the general ledger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerAccount {
    /// Its number in the county's own chart.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// Its code in the list that the tax authority groups accounts by.
    pub grouping_code: String,
    /// Whether it is carried from year to year.
    pub part_of: PartOf,
}

/// What an account is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartOf {
    /// The balance sheet: what stands there at the end of a year stands there at the beginning of the next.
    Balance,
    /// The result of a year: it begins each year with nothing.
    Result,
}

/// What is resold at one rate of VAT.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Resale {
    pub account: LedgerAccount,
    pub vat_account: Option<LedgerAccount>,
    pub vat_code: String,
    pub standard_code: String,
}

/// What is claimed without output VAT, with the supplier's VAT.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Claim {
    pub account: LedgerAccount,
    pub supplier_vat_account: LedgerAccount,
    pub vat_code: String,
    pub standard_code: String,
}

/// What is claimed outside the scope of VAT.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct OutsideScope {
    pub account: LedgerAccount,
    pub vat_code: String,
    pub standard_code: String,
}

/// What reminders cost, and the interest that they claim.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct LatePayment {
    pub fees: LedgerAccount,
    pub interest: LedgerAccount,
    pub vat_code: String,
    pub standard_code: String,
}

/// A VAT code of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VatCode<'chart> {
    /// The county's own.
    pub code: &'chart str,
    /// The tax authority's.
    pub standard_code: &'chart str,
    /// The rate; none where VAT is not treated.
    pub percent: Option<Decimal>,
}

impl Chart {
    /// The account that something is booked to.
    ///
    /// # Errors
    /// The chart has none for this rate, or for a supplier's VAT where none can be passed on.
    pub fn account(&self, account: Account) -> Result<&LedgerAccount, AccountingError> {
        match account {
            Account::Receivables => Ok(&self.receivables),
            Account::Bank => Ok(&self.bank),
            Account::UnmatchedPayments => Ok(&self.unmatched_payments),
            Account::Intercompany => Ok(&self.intercompany),
            Account::Resale { vat_percent } => Ok(&self.resold(vat_percent)?.account),
            Account::OutputVat { vat_percent } => {
                let account = self.resold(vat_percent)?.vat_account.as_ref();
                account.ok_or(AccountingError::RateWithoutAccount { vat_percent })
            }
            Account::Claim { treatment } => match treatment {
                VatTreatment::CostSharing => Ok(&self.cost_sharing.account),
                VatTreatment::Disbursement => Ok(&self.disbursement.account),
                VatTreatment::OutsideScope => Ok(&self.outside_scope.account),
                VatTreatment::Resale => Err(AccountingError::TreatmentMixed { treatment: treatment.word() }),
            },
            Account::SupplierVat { treatment } => match treatment {
                VatTreatment::CostSharing => Ok(&self.cost_sharing.supplier_vat_account),
                VatTreatment::Disbursement => Ok(&self.disbursement.supplier_vat_account),
                VatTreatment::OutsideScope | VatTreatment::Resale => {
                    Err(AccountingError::TreatmentMixed { treatment: treatment.word() })
                }
            },
            Account::ReminderFees => Ok(&self.late_payment.fees),
            Account::LateInterest => Ok(&self.late_payment.interest),
        }
    }

    /// The VAT code of what is sold or claimed; none for what is owed, paid, or VAT itself.
    #[must_use]
    pub fn vat_code(&self, account: Account) -> Option<VatCode<'_>> {
        let code = |code, standard_code, percent| Some(VatCode { code, standard_code, percent });
        match account {
            Account::Receivables
            | Account::Bank
            | Account::UnmatchedPayments
            | Account::Intercompany
            | Account::OutputVat { .. } => None,
            Account::Resale { vat_percent } => {
                let resale = self.resale.get(&vat_percent)?;
                code(&*resale.vat_code, &*resale.standard_code, Some(vat_percent))
            }
            Account::Claim { treatment } | Account::SupplierVat { treatment } => match treatment {
                VatTreatment::CostSharing => code(&self.cost_sharing.vat_code, &self.cost_sharing.standard_code, None),
                VatTreatment::Disbursement => code(&self.disbursement.vat_code, &self.disbursement.standard_code, None),
                VatTreatment::OutsideScope => {
                    code(&self.outside_scope.vat_code, &self.outside_scope.standard_code, None)
                }
                VatTreatment::Resale => None,
            },
            Account::ReminderFees | Account::LateInterest => {
                code(&self.late_payment.vat_code, &self.late_payment.standard_code, None)
            }
        }
    }

    fn resold(&self, vat_percent: Decimal) -> Result<&Resale, AccountingError> {
        self.resale.get(&vat_percent).ok_or(AccountingError::RateUnknown { vat_percent })
    }

    /// All accounts, each number once, by number.
    #[must_use]
    pub fn accounts(&self) -> BTreeMap<&str, &LedgerAccount> {
        self.named_accounts().into_iter().map(|(_, account)| (&*account.number, account)).collect()
    }

    /// All VAT codes by the county's own.
    #[must_use]
    pub fn vat_codes(&self) -> BTreeMap<&str, VatCode<'_>> {
        let resold = self.resale.keys().map(|vat_percent| Account::Resale { vat_percent: *vat_percent });
        let claimed = [VatTreatment::CostSharing, VatTreatment::Disbursement, VatTreatment::OutsideScope]
            .map(|treatment| Account::Claim { treatment });
        let charged = [Account::ReminderFees];
        resold
            .chain(claimed)
            .chain(charged)
            .filter_map(|account| self.vat_code(account))
            .map(|code| (code.code, code))
            .collect()
    }

    fn named_accounts(&self) -> Vec<(String, &LedgerAccount)> {
        let named = |name: &str, account| (name.to_owned(), account);
        let mut accounts = vec![
            named("receivables", &self.receivables),
            named("bank", &self.bank),
            named("unmatched_payments", &self.unmatched_payments),
            named("intercompany", &self.intercompany),
            named("earlier_years", &self.earlier_years),
        ];
        for (rate, resale) in &self.resale {
            accounts.push((format!("resale.{rate}.account"), &resale.account));
            accounts.extend(resale.vat_account.iter().map(|account| (format!("resale.{rate}.vat_account"), account)));
        }
        for (name, claim) in [("cost_sharing", &self.cost_sharing), ("disbursement", &self.disbursement)] {
            accounts.push((format!("{name}.account"), &claim.account));
            accounts.push((format!("{name}.supplier_vat_account"), &claim.supplier_vat_account));
        }
        accounts.push(named("outside_scope.account", &self.outside_scope.account));
        accounts.push(named("late_payment.fees", &self.late_payment.fees));
        accounts.push(named("late_payment.interest", &self.late_payment.interest));
        accounts
    }

    /// The setting that cannot work, and why.
    #[must_use]
    pub fn fault(&self) -> Option<(String, &'static str)> {
        let is_sound = |text: &str, characters_max| {
            !text.trim().is_empty() && text.chars().count() <= characters_max && !text.chars().any(char::is_control)
        };
        if !is_sound(&self.contact, CODE_CHARACTERS_MAX) {
            return Some(("contact".to_owned(), "is empty or longer than 70 characters: name an office to ask"));
        }
        if !is_sound(&self.grouping_category, NAME_CHARACTERS_MAX) {
            return Some(("grouping_category".to_owned(), "is empty: name a list of Skatteetaten's, such as \"KA_K\""));
        }
        let mut known: BTreeMap<&str, &LedgerAccount> = BTreeMap::new();
        for (name, account) in self.named_accounts() {
            let is_whole = is_sound(&account.number, CODE_CHARACTERS_MAX)
                && is_sound(&account.name, NAME_CHARACTERS_MAX)
                && is_sound(&account.grouping_code, GROUPING_CHARACTERS_MAX);
            if !is_whole {
                return Some((name, "needs a number, a name and a grouping code"));
            }
            if known.insert(&account.number, account).is_some_and(|other| other != account) {
                return Some((name, "has the number of another account, but not its name and its grouping code"));
            }
        }
        for (rate, resale) in &self.resale {
            if !vat_percent_is_possible(*rate) {
                return Some((format!("resale.{rate}"), "is no rate of VAT: give percent from 0 to 100"));
            }
            if resale.vat_account.is_none() && !rate.is_zero() {
                return Some((format!("resale.{rate}.vat_account"), "is missing: VAT of this rate is booked to it"));
            }
        }
        let resold = self
            .resale
            .iter()
            .map(|(rate, resale)| (format!("resale.{rate}"), (&resale.vat_code, &resale.standard_code, Some(*rate))));
        let claimed = [
            ("cost_sharing", &self.cost_sharing.vat_code, &self.cost_sharing.standard_code),
            ("disbursement", &self.disbursement.vat_code, &self.disbursement.standard_code),
            ("outside_scope", &self.outside_scope.vat_code, &self.outside_scope.standard_code),
            ("late_payment", &self.late_payment.vat_code, &self.late_payment.standard_code),
        ]
        .map(|(name, code, standard_code)| (name.to_owned(), (code, standard_code, None)));
        let mut codes = BTreeMap::new();
        for (name, (code, standard_code, rate)) in resold.chain(claimed) {
            if !is_sound(code, CODE_CHARACTERS_MAX) {
                return Some((format!("{name}.vat_code"), "is empty or too long"));
            }
            if !STANDARD_CODES.contains(&standard_code.as_str()) {
                return Some((
                    format!("{name}.standard_code"),
                    "is no standard code of what is sold: give 3, 31, 32, 33, 5, 51, 52, 6, 7 or NA",
                ));
            }
            if codes.insert(code, (standard_code, rate)).is_some_and(|other| other != (standard_code, rate)) {
                return Some((format!("{name}.vat_code"), "stands for another rate or standard code already"));
            }
        }
        None
    }
}
