//! Taking a bank file in: nothing twice, and each payment to the invoice that its KID names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::rule::{Decided, Happening, check_entry};
use super::{
    Claim, Entry, FILE_EVENTS_MAX, FileContent, FileForm, FileTaken, Match, Matched, MatchedBy, Payments,
    PaymentsEvent, PaymentsRejection, Received, Reversed, Source, Unmatched,
};
use crate::domain::identity::{InvoiceId, PaymentId};
use crate::domain::money::Ore;

/// The reason that is recorded where the bank took a payment back.
const TAKEN_BACK: &str = "the bank took the payment back";

impl Payments {
    /// Whether the file was taken in before: it has the same bytes, or the same name and the same content.
    fn has_taken(&self, file: &FileContent, entries_count: u32, sum_ore: Ore) -> Result<bool, PaymentsRejection> {
        if self.files.iter().any(|taken| taken.sha256 == file.sha256) {
            return Ok(true);
        }
        match self.files.iter().find(|taken| taken.form == file.form && taken.message == file.message) {
            None => Ok(false),
            Some(taken) if taken.entries_count == entries_count && taken.sum_ore == sum_ore => Ok(true),
            Some(taken) => Err(PaymentsRejection::MessageReused {
                message: file.message.clone(),
                taken_on: taken.on,
                taken_count: taken.entries_count,
                taken_ore: taken.sum_ore,
            }),
        }
    }

    /// The payments that files of another form told of, by what the two forms have in common.
    fn told_in_another_form(&self, form: FileForm) -> BTreeMap<(String, Ore, NaiveDate), usize> {
        let mut told = BTreeMap::new();
        for payment in self.payments.values() {
            let Received { amount_ore, booked_on, kid, source, .. } = &payment.received;
            if let (Source::File { form: other, .. }, Some(kid)) = (source, kid)
                && *other != form
            {
                *told.entry((kid.clone(), *amount_ore, *booked_on)).or_default() += 1;
            }
        }
        told
    }

    /// The entries that no file told of before, in this form or another, and that stand once in this one.
    fn not_known_yet<'f>(&self, file: &'f FileContent) -> Vec<&'f Entry> {
        let mut told = self.told_in_another_form(file.form);
        let mut seen = BTreeSet::new();
        let mut is_new = |entry: &Entry| {
            let common = entry.kid().map(|kid| (kid.clone(), entry.amount_ore, entry.booked_on));
            match common.and_then(|common| told.get_mut(&common)).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    false
                }
                None => seen.insert(entry.payment) && !self.payments.contains_key(&entry.payment),
            }
        };
        file.entries.iter().filter(|entry| is_new(entry)).collect()
    }

    pub(super) fn take_file(&self, mut happening: Happening, file: &FileContent, on: NaiveDate) -> Decided {
        let entries_count = u32::try_from(file.entries.len()).unwrap_or(u32::MAX);
        if file.entries.len() > FILE_EVENTS_MAX {
            return Err(PaymentsRejection::FileTooLong { entries_count });
        }
        for entry in &file.entries {
            check_entry(entry.amount_ore, entry.booked_on, &entry.reference, on)?;
        }
        let sum_ore = file.entries.iter().map(|entry| entry.amount_ore).sum();
        if self.has_taken(file, entries_count, sum_ore)? {
            return Ok(vec![]);
        }
        let new = self.not_known_yet(file);
        happening.happens(PaymentsEvent::FileTaken(FileTaken {
            form: file.form,
            message: file.message.clone(),
            sha256: file.sha256.clone(),
            entries_count,
            known_count: u32::try_from(file.entries.len() - new.len()).unwrap_or(u32::MAX),
            sum_ore,
            on,
        }));
        let mut paid: BTreeMap<InvoiceId, Ore> = BTreeMap::new();
        let mut matches = Vec::new();
        for entry in &new {
            happening.happens(PaymentsEvent::Received(Received {
                payment: entry.payment,
                amount_ore: entry.amount_ore,
                booked_on: entry.booked_on,
                kid: entry.kid().cloned(),
                reference: entry.known_by(),
                source: Source::File { form: file.form, sha256: file.sha256.clone() },
            }));
            let paid_before =
                |claim: Claim| paid.get(&claim.invoice).copied().unwrap_or_else(|| self.paid(claim.invoice));
            for (claim, meant_ore) in entry.meant(|claim| self.to_come_in(claim) - paid_before(claim)) {
                let before = paid.entry(claim.invoice).or_insert_with(|| self.paid(claim.invoice));
                let amount_ore = meant_ore.min(self.to_come_in(claim) - *before);
                if amount_ore > Ore::ZERO {
                    *before += amount_ore;
                    matches.push(Match { payment: entry.payment, invoice: claim.invoice, amount_ore });
                }
            }
        }
        if !matches.is_empty() {
            happening.happens(PaymentsEvent::Matched(Matched { matches, by: MatchedBy::Kid, on }));
        }
        for reversal in new.iter().filter(|entry| entry.reverses && entry.amount_ore.is_negative()) {
            take_back(&mut happening, reversal.payment, on);
        }
        if happening.events.len() > FILE_EVENTS_MAX {
            return Err(PaymentsRejection::FileTooLong { entries_count });
        }
        Ok(happening.events)
    }
}

/// Sets a reversal off where it is beyond doubt which payment it takes back: exactly one has its KID and its amount, and
/// nothing of it was paid back or taken back before. Otherwise it waits for a person.
fn take_back(happening: &mut Happening, reversal: PaymentId, on: NaiveDate) {
    let Some(taken_back) = happening.after.payments.get(&reversal).map(|payment| payment.received.clone()) else {
        return;
    };
    let Some(kid) = taken_back.kid else { return };
    let amount_ore = -taken_back.amount_ore;
    let mut candidates = happening.after.payments.values().filter(|payment| {
        payment.received.kid.as_deref() == Some(&*kid)
            && payment.received.amount_ore == amount_ore
            && payment.received.booked_on <= taken_back.booked_on
            && payment.returned.is_empty()
            && payment.set_off.is_empty()
    });
    let (Some(payment), None) = (candidates.next(), candidates.next()) else { return };
    let id = payment.received.payment;
    let matched: Vec<(InvoiceId, Ore)> = payment.matched.iter().map(|(invoice, ore)| (*invoice, *ore)).collect();
    for (invoice, matched_ore) in matched {
        happening.happens(PaymentsEvent::Unmatched(Unmatched {
            payment: id,
            invoice,
            amount_ore: matched_ore,
            reason: TAKEN_BACK.to_owned(),
            on,
        }));
    }
    happening.happens(PaymentsEvent::Reversed(Reversed { payment: id, reversal, amount_ore, on }));
}
