//! Postings (posteringer): every document and payment as it is booked. Each voucher comes to nothing, to the øre.
//!
//! A fold over the events in the order of the log. What came later never changes a voucher that was shown before, since
//! what is booked is not altered (bokføringsloven § 9): a payment stands among those not matched from the day the bank
//! booked it, and moves to its invoice by a voucher of its own.
//!
//! The bank is booked where something came in to it or went out of it, and nowhere else: what stands in the books of one and is
//! owed to another is settled between them (mellomregning). What is owed for an invoice stands in the books of who issued it, until
//! who came after that reminds of it or credits it, and then in the books of that one: its reminders are its own income. What came
//! in to an account that nothing was ever to be paid to stands in nobody's books: as far as it pays something it comes in to the bank
//! of who is owed that, and out of that bank alone it goes again.
//!
//! Fees and interest of a reminder are income of its day, and what is waived of them is taken off on the day of that. They
//! are no consideration for a supply, so that they bear no VAT (our reading of merverdiavgiftsloven §§ 1-3 and 4-1).

#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::domain::credit_note::CreditNoteIssued;
use crate::domain::event::Event;
use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, PaymentId, ReceivingAccountId};
use crate::domain::invoice_run::{InvoiceParty, VatSubtotal};
use crate::domain::money::Ore;
use crate::domain::payment::{
    Charges, Match, Matched, MatchedBy, PaymentsEvent, Received, Reminded, Reversed, Unmatched,
};
use crate::domain::series::{Issued, SeriesEvent};
use crate::domain::vat::{DocumentKind, VatTreatment};

/// What an entry is booked to. Which number that is in a chart of accounts, the settings say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What payers owe.
    Receivables,
    /// What came in to the bank, and went back.
    Bank,
    /// What came in and pays no invoice yet.
    UnmatchedPayments,
    /// What one issuer owes another: what came in to the other, and claims that passed to it.
    Intercompany,
    /// What is resold.
    Resale {
        /// At this rate of VAT.
        vat_percent: Decimal,
    },
    /// The output VAT of it.
    OutputVat {
        /// At this rate.
        vat_percent: Decimal,
    },
    /// What is claimed without output VAT, the supplier's VAT left out.
    Claim {
        /// Why there is none.
        treatment: VatTreatment,
    },
    /// The supplier's VAT that is passed on.
    SupplierVat {
        /// By which treatment.
        treatment: VatTreatment,
    },
    /// What reminders cost.
    ReminderFees,
    /// The interest that reminders claim.
    LateInterest,
}

/// One side of a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What it is booked to.
    pub account: Account,
    /// Debit above zero, credit below.
    pub amount_ore: Ore,
    /// The output VAT on it, of the same sign: an entry of its own.
    pub vat_ore: Ore,
}

/// What a voucher is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoucherKind {
    /// An invoice with output VAT.
    Invoice,
    /// A claim without.
    Claim,
    /// A credit note.
    CreditNote {
        /// The number of what it credits.
        credits: u64,
    },
    /// A payment came in, or the bank took one back.
    Received,
    /// A payment pays a document.
    Matched,
    /// It does not, after all.
    Unmatched,
    /// What no document is to be paid with was paid back.
    Returned,
    /// Money that came in for another issuer is owed to it.
    HandedOn,
    /// What is owed for an invoice passes from who issued it to who came after that.
    PassedOn,
    /// A reminder costs something, or claims interest.
    Reminder,
    /// That is no longer asked for.
    ChargesWaived,
}

/// The document that a voucher is of, or pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Who issued it.
    pub issuer: PartyId,
    /// Its number.
    pub number: u64,
    /// The KID it is paid with; a credit note has none.
    pub kid: Option<String>,
    /// The day by which it is to be paid; a credit note has none.
    pub due_date: Option<NaiveDate>,
    /// Who pays, or is credited.
    pub payer: InvoiceParty,
}

/// A voucher (bilag).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// Its number among the vouchers of the issuer: a document's own, or else `L` and the position in the log.
    pub id: String,
    /// What it is of.
    pub kind: VoucherKind,
    /// In whose books.
    pub issuer: PartyId,
    /// The day as of which it is booked.
    pub date: NaiveDate,
    /// The day on which it was recorded.
    pub recorded_on: NaiveDate,
    /// The run of an invoice.
    pub run: Option<InvoiceRunId>,
    /// The document.
    pub document: Option<Document>,
    /// What the bank, or the person who recorded it, knows a payment by.
    pub reference: Option<String>,
    /// Its sides.
    pub entries: Vec<Entry>,
}

impl Voucher {
    /// What its entries come to: nothing.
    #[must_use]
    pub fn sum(&self) -> Ore {
        self.entries.iter().map(|entry| entry.amount_ore).sum()
    }
}

/// Where and when an event was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its place in the log.
    pub position: u64,
    /// The day.
    pub on: NaiveDate,
}

/// A voucher before it has a number.
struct Draft {
    kind: VoucherKind,
    issuer: PartyId,
    date: NaiveDate,
    document: Option<Document>,
    reference: Option<String>,
    entries: Vec<Entry>,
}

impl Draft {
    fn payable_by(self, day: NaiveDate) -> Self {
        let document = self.document.map(|document| Document { due_date: Some(day), ..document });
        Self { document, ..self }
    }
}

/// In whose books a payment stands, and how it is known.
#[derive(Debug, Clone)]
struct Paid {
    /// None where it came in to an account that nothing was ever to be paid to.
    issuer: Option<PartyId>,
    booked_on: NaiveDate,
    reference: String,
}

/// An invoice or a claim, and in whose books stands what is owed for it.
#[derive(Debug, Clone)]
struct Owed {
    document: Document,
    holder: PartyId,
    /// What of it stands there.
    amount_ore: Ore,
}

/// What moves of a payment, and from which account of whose books; back to it below zero.
struct Part {
    books: PartyId,
    account: Account,
    amount_ore: Ore,
}

/// All that must be remembered from before to book the next event.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    owed: HashMap<InvoiceId, Owed>,
    invoice_by_kid: HashMap<String, InvoiceId>,
    /// Who let something be paid to an account, the latest last.
    paid_to: HashMap<String, Vec<PartyId>>,
    account_numbers: HashMap<ReceivingAccountId, String>,
    payments: HashMap<PaymentId, Paid>,
    /// In whose bank stands what of a payment that came in to nobody's books pays an invoice, in the order in which it did.
    in_bank_of: HashMap<(PaymentId, InvoiceId), Vec<(PartyId, Ore)>>,
    charges: HashMap<(ReceivingAccountId, InvoiceId), Charges>,
}

impl Postings {
    /// The vouchers that the next event of the stream `id` leads to.
    pub fn apply(&mut self, place: Place, id: Uuid, event: &Event) -> Vec<Voucher> {
        match event {
            Event::Series(event) => self.series(place, event),
            Event::Payments(event) => numbered(place, self.payments(ReceivingAccountId(id), event)),
            Event::Party(_)
            | Event::Procurement(_)
            | Event::Agreement(_)
            | Event::Signup(_)
            | Event::Legacy(_)
            | Event::Cost(_)
            | Event::Licence(_)
            | Event::SharingKey(_)
            | Event::InvoiceRun(_)
            | Event::Delivery(_)
            | Event::Access(_)
            | Event::Work(_) => vec![],
        }
    }

    fn series(&mut self, place: Place, event: &SeriesEvent) -> Vec<Voucher> {
        match event {
            SeriesEvent::Opened(_) => vec![],
            SeriesEvent::Issued(issued) => vec![self.invoice(place, issued)],
            SeriesEvent::CreditNoteIssued(note) => {
                let invoice = note.credited.invoice;
                let mut vouchers = numbered(place, self.passed_on(invoice, note.issuer.party, note.date));
                if let Some(owed) = self.owed.get_mut(&invoice) {
                    owed.amount_ore -= note.total_ore;
                }
                vouchers.push(credit_note(place, note));
                vouchers
            }
        }
    }

    fn invoice(&mut self, place: Place, issued: &Issued) -> Voucher {
        let (issuer, invoice) = (issued.issuer.party, &issued.invoice);
        let document = Document {
            issuer,
            number: issued.number,
            kid: issued.kid.clone(),
            due_date: Some(issued.due_date),
            payer: invoice.recipient.clone(),
        };
        let owed = Owed { document: document.clone(), holder: issuer, amount_ore: invoice.total_ore };
        self.owed.insert(invoice.invoice, owed);
        self.lets_pay_to(&issued.account_number, issuer);
        if let Some(kid) = &issued.kid {
            self.invoice_by_kid.insert(kid.clone(), invoice.invoice);
        }
        Voucher {
            id: issued.number.to_string(),
            kind: match invoice.kind {
                DocumentKind::Invoice => VoucherKind::Invoice,
                DocumentKind::Claim => VoucherKind::Claim,
            },
            issuer,
            date: issued.invoice_date,
            recorded_on: place.on,
            run: Some(issued.run),
            document: Some(document),
            reference: None,
            entries: Sums {
                kind: invoice.kind,
                treatment: invoice.treatment,
                vat: &invoice.vat,
                net_ore: invoice.net_ore,
                passed_on_vat_ore: invoice.passed_on_vat_ore,
                total_ore: invoice.total_ore,
            }
            .entries(),
        }
    }

    fn lets_pay_to(&mut self, account_number: &str, party: PartyId) {
        let parties = self.paid_to.entry(account_number.to_owned()).or_default();
        parties.retain(|other| *other != party);
        parties.push(party);
    }

    fn payments(&mut self, account: ReceivingAccountId, event: &PaymentsEvent) -> Vec<Draft> {
        match event {
            PaymentsEvent::Opened(opened) => {
                self.account_numbers.insert(account, opened.account_number.clone());
                vec![]
            }
            PaymentsEvent::Received(received) => self.received(account, received).into_iter().collect(),
            PaymentsEvent::Matched(Matched { matches, by, on }) => {
                let drafts = matches.iter().flat_map(|one| {
                    let date = match by {
                        MatchedBy::Kid => self.payments.get(&one.payment).map_or(*on, |paid| paid.booked_on),
                        MatchedBy::Hand => *on,
                    };
                    self.moved(VoucherKind::Matched, *one, one.amount_ore, date)
                });
                drafts.collect()
            }
            PaymentsEvent::Unmatched(Unmatched { payment, invoice, amount_ore, on, .. }) => {
                let one = Match { payment: *payment, invoice: *invoice, amount_ore: *amount_ore };
                self.moved(VoucherKind::Unmatched, one, -*amount_ore, *on)
            }
            PaymentsEvent::Returned(returned) => {
                let (payment, amount_ore, on) = (returned.payment, returned.amount_ore, returned.on);
                let draft = self.paid_out(VoucherKind::Returned, Account::Bank, payment, amount_ore, on);
                draft.map(|draft| Draft { reference: Some(returned.reference.clone()), ..draft }).into_iter().collect()
            }
            PaymentsEvent::Reversed(reversed) => self.reversed(reversed),
            PaymentsEvent::Reminded(reminded) => {
                let passed_on = self.asked_for_by_successor(reminded);
                let charged = |charges: Charges| charges.reminded(reminded);
                let draft = self.charged(VoucherKind::Reminder, (account, reminded.invoice), reminded.on, charged);
                passed_on.into_iter().chain(draft.map(|draft| draft.payable_by(reminded.pay_by))).collect()
            }
            PaymentsEvent::ChargesWaived(waived) => {
                let charged = |charges: Charges| charges.waived(waived);
                let draft = self.charged(VoucherKind::ChargesWaived, (account, waived.invoice), waived.on, charged);
                draft.into_iter().collect()
            }
            PaymentsEvent::FileTaken(_) => vec![],
        }
    }

    /// In the books of who is owed what its KID names, where that lets something be paid to the account, or else of who last
    /// did so.
    fn received(&mut self, account: ReceivingAccountId, received: &Received) -> Option<Draft> {
        let named = received.kid.as_ref().and_then(|kid| self.invoice_by_kid.get(kid));
        let owed_to = named.and_then(|invoice| self.owed.get(invoice)).map(|owed| owed.holder);
        let number = self.account_numbers.get(&account);
        let paid_to = number.and_then(|number| self.paid_to.get(number)).map(Vec::as_slice).unwrap_or_default();
        let issuer = owed_to.filter(|party| paid_to.contains(party)).or(paid_to.last().copied()).or(owed_to);
        let paid = Paid { issuer, booked_on: received.booked_on, reference: received.reference.clone() };
        self.payments.insert(received.payment, paid);
        Some(Draft {
            kind: VoucherKind::Received,
            issuer: issuer?,
            date: received.booked_on,
            document: None,
            reference: Some(received.reference.clone()),
            entries: transfer(Account::Bank, Account::UnmatchedPayments, received.amount_ore),
        })
    }

    /// From what came in to what is owed, or back where the amount is below zero. What stands in another's books is owed to this one
    /// by that.
    fn moved(&mut self, kind: VoucherKind, of: Match, amount_ore: Ore, date: NaiveDate) -> Vec<Draft> {
        let Some(owed) = self.owed.get_mut(&of.invoice) else { return vec![] };
        owed.amount_ore -= amount_ore;
        let (holder, document) = (owed.holder, owed.document.clone());
        let reference = self.payments.get(&of.payment).map(|paid| paid.reference.clone());
        let draft = |kind, issuer, document, entries| Draft {
            kind,
            issuer,
            date,
            document,
            reference: reference.clone(),
            entries,
        };
        let settled = |from, amount_ore| {
            draft(kind, holder, Some(document.clone()), transfer(from, Account::Receivables, amount_ore))
        };
        let mut drafts = Vec::new();
        for Part { books, account, amount_ore } in self.parts(of, amount_ore, holder) {
            if books == holder {
                drafts.push(settled(account, amount_ore));
            } else {
                drafts.push(settled(Account::Intercompany, amount_ore));
                let handed_on = transfer(account, Account::Intercompany, amount_ore);
                drafts.push(draft(VoucherKind::HandedOn, books, None, handed_on));
            }
        }
        drafts
    }

    /// In whose books stands what moves of a payment. What stands in nobody's comes in to the bank of who is owed what it pays, and
    /// goes out of the bank that it came in to, whoever is owed the invoice by then.
    fn parts(&mut self, of: Match, amount_ore: Ore, holder: PartyId) -> Vec<Part> {
        if let Some(books) = self.payments.get(&of.payment).and_then(|paid| paid.issuer) {
            return vec![Part { books, account: Account::UnmatchedPayments, amount_ore }];
        }
        let in_bank = self.in_bank_of.entry((of.payment, of.invoice)).or_default();
        let moved = if amount_ore < Ore::ZERO {
            // A payment is taken from an invoice whole.
            std::mem::take(in_bank).into_iter().map(|(books, amount_ore)| (books, -amount_ore)).collect()
        } else {
            in_bank.push((holder, amount_ore));
            vec![(holder, amount_ore)]
        };
        moved.into_iter().map(|(books, amount_ore)| Part { books, account: Account::Bank, amount_ore }).collect()
    }

    /// From what is not matched, in the books that the payment stands in.
    fn paid_out(
        &self,
        kind: VoucherKind,
        to: Account,
        payment: PaymentId,
        amount_ore: Ore,
        date: NaiveDate,
    ) -> Option<Draft> {
        let paid = self.payments.get(&payment)?;
        Some(Draft {
            kind,
            issuer: paid.issuer?,
            date,
            document: None,
            reference: Some(paid.reference.clone()),
            entries: transfer(Account::UnmatchedPayments, to, amount_ore),
        })
    }

    /// Who came after the issuer asks for what is owed, to be paid to its own account.
    fn asked_for_by_successor(&mut self, reminded: &Reminded) -> Vec<Draft> {
        let Some(successor) = &reminded.successor else { return vec![] };
        self.lets_pay_to(&successor.account_number, successor.issuer.party);
        self.passed_on(reminded.invoice, successor.issuer.party, reminded.on)
    }

    /// What is owed for an invoice leaves the books that it stands in, and stands in those of `to`.
    fn passed_on(&mut self, invoice: InvoiceId, to: PartyId, date: NaiveDate) -> Vec<Draft> {
        let Some(owed) = self.owed.get_mut(&invoice).filter(|owed| owed.holder != to) else { return vec![] };
        let from = std::mem::replace(&mut owed.holder, to);
        let (document, amount_ore) = (&owed.document, owed.amount_ore);
        let sides = [(from, -amount_ore), (to, amount_ore)].into_iter().filter(|(_, amount)| *amount != Ore::ZERO);
        sides
            .map(|(issuer, amount_ore)| Draft {
                kind: VoucherKind::PassedOn,
                issuer,
                date,
                document: Some(document.clone()),
                reference: None,
                entries: transfer(Account::Receivables, Account::Intercompany, amount_ore),
            })
            .collect()
    }

    /// What the cost of an invoice's reminders changes by: owed to who asks for it, and income.
    fn charged(
        &mut self,
        kind: VoucherKind,
        of: (ReceivingAccountId, InvoiceId),
        date: NaiveDate,
        change: impl FnOnce(Charges) -> Charges,
    ) -> Option<Draft> {
        let charges = self.charges.entry(of).or_default();
        let (before, after) = (*charges, change(*charges));
        *charges = after;
        let owed = self.owed.get_mut(&of.1)?;
        owed.amount_ore += after.total() - before.total();
        let mut entries = vec![
            Entry::of(Account::Receivables, after.total() - before.total()),
            Entry::of(Account::ReminderFees, before.fees() - after.fees()),
            Entry::of(Account::LateInterest, before.interest() - after.interest()),
        ];
        entries.retain(|entry| entry.amount_ore != Ore::ZERO);
        (!entries.is_empty()).then(|| Draft {
            kind,
            issuer: owed.holder,
            date,
            document: Some(owed.document.clone()),
            reference: None,
            entries,
        })
    }

    /// A payment and its reversal come to nothing among what is not matched, unless they stand in different books. Where one
    /// of them stands in nobody's, it comes in to the bank, or goes out of it, in the books of the other.
    fn reversed(&self, reversed: &Reversed) -> Vec<Draft> {
        let issuer_of = |payment| self.payments.get(&payment).and_then(|paid| paid.issuer);
        let (kind, to) = match (issuer_of(reversed.payment), issuer_of(reversed.reversal)) {
            (paid, taken_back) if paid == taken_back => return vec![],
            (Some(_), Some(_)) => (VoucherKind::HandedOn, Account::Intercompany),
            (None, _) | (_, None) => (VoucherKind::Received, Account::Bank),
        };
        let [out, back] = [(reversed.payment, reversed.amount_ore), (reversed.reversal, -reversed.amount_ore)]
            .map(|(payment, amount_ore)| self.paid_out(kind, to, payment, amount_ore, reversed.on));
        out.into_iter().chain(back).collect()
    }
}

fn credit_note(place: Place, note: &CreditNoteIssued) -> Voucher {
    let document = Document {
        issuer: note.issuer.party,
        number: note.number,
        kid: None,
        due_date: None,
        payer: note.recipient.clone(),
    };
    let entries = Sums {
        kind: note.kind,
        treatment: note.treatment,
        vat: &note.vat,
        net_ore: note.net_ore,
        passed_on_vat_ore: note.passed_on_vat_ore,
        total_ore: note.total_ore,
    }
    .entries();
    Voucher {
        id: note.number.to_string(),
        kind: VoucherKind::CreditNote { credits: note.credited.number },
        issuer: note.issuer.party,
        date: note.date,
        recorded_on: place.on,
        run: None,
        document: Some(document),
        reference: None,
        entries: entries.into_iter().map(Entry::turned).collect(),
    }
}

/// What a document comes to.
struct Sums<'document> {
    kind: DocumentKind,
    treatment: VatTreatment,
    vat: &'document [VatSubtotal],
    net_ore: Ore,
    passed_on_vat_ore: Ore,
    total_ore: Ore,
}

impl Sums<'_> {
    /// What is owed, against what it is owed for; entries of nothing are left out, save what is owed.
    fn entries(&self) -> Vec<Entry> {
        let mut entries = vec![Entry::of(Account::Receivables, self.total_ore)];
        match self.kind {
            DocumentKind::Invoice => {
                for VatSubtotal { vat_percent, net_ore, vat_ore } in self.vat {
                    let vat_percent = *vat_percent;
                    let resale = Entry::of(Account::Resale { vat_percent }, -*net_ore);
                    entries.push(Entry { vat_ore: -*vat_ore, ..resale });
                    entries.push(Entry::of(Account::OutputVat { vat_percent }, -*vat_ore));
                }
            }
            DocumentKind::Claim => entries.push(Entry::of(Account::Claim { treatment: self.treatment }, -self.net_ore)),
        }
        entries.push(Entry::of(Account::SupplierVat { treatment: self.treatment }, -self.passed_on_vat_ore));
        entries.retain(|entry| entry.amount_ore != Ore::ZERO || entry.account == Account::Receivables);
        entries
    }
}

impl Entry {
    fn of(account: Account, amount_ore: Ore) -> Self {
        Self { account, amount_ore, vat_ore: Ore::ZERO }
    }

    fn turned(self) -> Self {
        Self { amount_ore: -self.amount_ore, vat_ore: -self.vat_ore, ..self }
    }
}

fn transfer(debit: Account, credit: Account, amount_ore: Ore) -> Vec<Entry> {
    vec![Entry::of(debit, amount_ore), Entry::of(credit, -amount_ore)]
}

/// `L2371`, or `L2371-1` and on where one event leads to several.
fn numbered(place: Place, drafts: Vec<Draft>) -> Vec<Voucher> {
    let one = drafts.len() == 1;
    let voucher = |(number, draft): (usize, Draft)| Voucher {
        id: if one { format!("L{}", place.position) } else { format!("L{}-{number}", place.position) },
        kind: draft.kind,
        issuer: draft.issuer,
        date: draft.date,
        recorded_on: place.on,
        run: None,
        document: draft.document,
        reference: draft.reference,
        entries: draft.entries,
    };
    (1..).zip(drafts).map(voucher).collect()
}
