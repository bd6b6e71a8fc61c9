//! Budget sheets and an invoice for the tests, with everything in them that a document must be able to say.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::domain::assessment::{Certainty, Range};
use crate::domain::calendar::Period;
use crate::domain::credit_note::{CreditExtent, CreditNoteIssued, CreditWish, LineCredit};
use crate::domain::identity::{CostId, InvoiceId, InvoiceRunId, PartyId, ProcurementId};
use crate::domain::invoice_run::{InvoiceLanguage, InvoiceLine, InvoiceParty, Issuer, PlannedInvoice, VatSubtotal};
use crate::domain::late_payment::{InterestStep, interest_of};
use crate::domain::money::Ore;
use crate::domain::party::{Figure, PartyKind};
use crate::domain::payment::{Reminded, Reminder, Successor};
use crate::domain::series::Issued;
use crate::domain::supplier_invoice::Attachment;
use crate::domain::vat::{DocumentKind, Subject, VatTreatment};
use crate::render::DistributionDocument;
use crate::view::budget_sheet::{
    BudgetCell, BudgetLine, BudgetSheet, CannotShare, CarryOver, KostraCodes, LineKind, SheetNote, YearBefore,
    YearTotal,
};
use crate::view::distribution::{Distribution, SharedPart};

pub(crate) const PROCUREMENT: &str = "Felles biblioteksystem i Troms og Finnmark";
const YEARS: [i32; 4] = [2023, 2024, 2025, 2026];

/// What a line has in one year.
#[derive(Clone, Copy)]
enum Year {
    Nothing,
    Unknown,
    Estimated(i64, i64, i64),
    Known(Certainty, i64),
    MovedTo(i32),
    MovedFrom(i32, i64),
}
use Year::{Estimated, Known, MovedFrom, MovedTo, Nothing, Unknown};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn cell(year: i32, amount: Year, kind: &str, vat_percent: Decimal) -> BudgetCell {
    let exactly = |amount| Some(Range::exactly(Ore(amount)));
    let (certainty, net, carried_from, carried_to) = match amount {
        Nothing => (None, exactly(0), None, None),
        Unknown => (Some(Certainty::Unknown), None, None, None),
        Estimated(low, likely, high) => (
            Some(Certainty::Estimated),
            Some(Range { low_ore: Ore(low), likely_ore: Ore(likely), high_ore: Ore(high) }),
            None,
            None,
        ),
        Known(certainty, amount) => (Some(certainty), exactly(amount), None, None),
        MovedTo(to) => (None, exactly(0), None, Some(to)),
        MovedFrom(from, amount) => (Some(Certainty::Contracted), exactly(amount), Some(from), None),
    };
    BudgetCell {
        year,
        certainty,
        net,
        vat: net.map(|net| net.map(|ore| ore.percent(vat_percent))),
        carried_from,
        carried_to,
        kostra: KostraCodes {
            function: "370".to_owned(),
            kind: if kind == "270" && year >= 2026 { "271".to_owned() } else { kind.to_owned() },
            vat_kind: Some("429".to_owned()),
        },
    }
}

fn line(kind: LineKind, text: &str, art: &str, years: [Year; 4]) -> BudgetLine {
    let vat_percent = Decimal::from(25);
    BudgetLine {
        id: format!("{kind:?}/{text}"),
        kind,
        text: text.to_owned(),
        vat_percent,
        cells: YEARS.into_iter().zip(years).map(|(year, amount)| cell(year, amount, art, vat_percent)).collect(),
    }
}

fn sums(lines: &[BudgetLine], inhabitants: Decimal, old_system: Option<Ore>) -> Vec<YearTotal> {
    let mut totals: Vec<YearTotal> = Vec::new();
    for (index, year) in YEARS.into_iter().enumerate() {
        let cells: Vec<&BudgetCell> = lines.iter().map(|line| &line.cells[index]).collect();
        let sum = |amount: fn(&BudgetCell) -> Option<Range>| {
            cells.iter().copied().filter_map(amount).fold(Range::default(), Range::plus)
        };
        let (net, vat) = (sum(|cell| cell.net), sum(|cell| cell.vat));
        let contains_unknown = cells.iter().any(|cell| cell.certainty == Some(Certainty::Unknown));
        let something_known =
            !contains_unknown || cells.iter().any(|cell| cell.certainty.is_some() && cell.net.is_some());
        let as_known = |sum: Range| something_known.then_some(sum);
        let before = totals.last().map_or(old_system, YearTotal::likely_known);
        totals.push(YearTotal {
            year,
            is_budget_year: index == 0,
            contains_unknown,
            certainty: cells.iter().filter_map(|cell| cell.certainty).min(),
            net: as_known(net),
            vat: as_known(vat),
            gross: as_known(net.plus(vat)),
            vat_compensated: true,
            vat_compensation: as_known(vat),
            after_compensation: as_known(net),
            per_inhabitant: as_known(net.map(|ore| Ore::rounded(ore.decimal() / inhabitants))),
            change_from_year_before_ore: before.filter(|_| !contains_unknown).map(|before| net.likely_ore - before),
            change_from_old_system_ore: old_system.filter(|_| !contains_unknown).map(|yearly| net.likely_ore - yearly),
        });
    }
    totals
}

fn sheet(name: &str, numbers: (&str, &str), inhabitants: i64, old_system: Ore, lines: Vec<BudgetLine>) -> BudgetSheet {
    let inhabitants = Decimal::from(inhabitants);
    BudgetSheet {
        procurement: ProcurementId(Uuid::from_u128(1)),
        procurement_name: PROCUREMENT.to_owned(),
        illustrative: true,
        party: PartyId(Uuid::from_u128(2)),
        party_kind: PartyKind::Municipality,
        party_name: name.to_owned(),
        party_number: Some(numbers.0.to_owned()),
        organisation_number: Some(numbers.1.to_owned()),
        vat_compensated: true,
        as_of: day("2022-11-23"),
        years: YEARS.to_vec(),
        inhabitants: Some(Figure {
            value: inhabitants,
            on: day("2022-01-01"),
            source: "Statistisk sentralbyrå, tabell 07459".to_owned(),
        }),
        old_system_yearly_ore: Some(old_system),
        // The old system alone.
        year_before: YearBefore::Borne { likely_ore: old_system },
        old_system_is_unknown: false,
        totals: sums(&lines, inhabitants, Some(old_system)),
        lines,
        carried_over: Vec::new(),
        notes: Vec::new(),
    }
}

/// Estimates and a quote, a grant, the old contract and double cost.
pub(crate) fn karasjok() -> BudgetSheet {
    let mut sheet = sheet(
        "Kárášjohka - Karasjok",
        ("5437", "963376030"),
        2584,
        Ore(1_842_000),
        vec![
            line(
                LineKind::OneTime,
                "Konvertering av katalog og lånere",
                "270",
                [Estimated(3_812_500, 4_830_133, 6_250_000), Nothing, Nothing, Nothing],
            ),
            line(
                LineKind::OneTime,
                "Opplæring",
                "270",
                [Estimated(400_000, 650_050, 900_000), Nothing, Nothing, Nothing],
            ),
            line(
                LineKind::Grant,
                "Konvertering av katalog og lånere: tilskudd fra Nasjonalbiblioteket",
                "270",
                [Known(Certainty::Contracted, -1_200_000), Nothing, Nothing, Nothing],
            ),
            line(
                LineKind::Licence,
                "Lisens for nytt biblioteksystem",
                "195",
                [
                    Known(Certainty::Quoted, 712_345),
                    Known(Certainty::Quoted, 1_424_690),
                    Estimated(1_424_690, 1_467_431, 1_510_000),
                    Estimated(1_424_690, 1_511_454, 1_620_000),
                ],
            ),
            line(
                LineKind::OldContract,
                "Mikromarc",
                "195",
                [Known(Certainty::Contracted, 1_377_718), Nothing, Nothing, Nothing],
            ),
            line(
                LineKind::DoubleCost,
                "Mikromarc",
                "195",
                [Known(Certainty::Contracted, 464_282), Nothing, Nothing, Nothing],
            ),
        ],
    );
    sheet.notes = vec![
        SheetNote::KeyNotAdopted { key: "likt og etter innbyggere".to_owned() },
        SheetNote::GiveNoticeBy { system: "Mikromarc".to_owned(), last_day: day("2023-06-30") },
        SheetNote::DoubleCost { system: "Mikromarc".to_owned(), year: 2023, days: 92 },
    ];
    sheet
}

/// A licence that nobody knows, and an amount carried over from one year to the next.
pub(crate) fn nesseby() -> BudgetSheet {
    let mut sheet = sheet(
        "Unjárga - Nesseby",
        ("5442", "839953062"),
        854,
        Ore(1_233_400),
        vec![
            line(
                LineKind::OneTime,
                "Konvertering",
                "270",
                [MovedTo(2024), MovedFrom(2023, 3_150_000), Nothing, Nothing],
            ),
            line(LineKind::Licence, "Lisens for nytt biblioteksystem", "195", [Unknown; 4]),
            line(
                LineKind::OldContract,
                "Mikromarc",
                "195",
                [Nothing, Known(Certainty::Contracted, 616_700), Nothing, Nothing],
            ),
        ],
    );
    sheet.carried_over = vec![CarryOver {
        text: "Konvertering".to_owned(),
        from_year: 2023,
        to_year: 2024,
        reference: "Brev fra fylkesbiblioteket, sak 2022/1431".to_owned(),
        on: day("2022-10-14"),
        net_ore: Some(Ore(3_150_000)),
    }];
    sheet.notes = vec![
        SheetNote::KeyCannotShare {
            text: "Lisens for nytt biblioteksystem".to_owned(),
            reason: CannotShare::FigureMissing { party: "5442".to_owned(), measure: "pupils".to_owned() },
        },
        SheetNote::OptionNotExercised,
    ];
    sheet
}

/// Nobody knows any amount of any year.
pub(crate) fn unknown() -> BudgetSheet {
    let licence = line(LineKind::Licence, "Lisens", "195", [Unknown; 4]);
    sheet("Unjárga - Nesseby", ("5442", "839953062"), 854, Ore(1_233_400), vec![licence])
}

/// Three names, everything agreed, and nothing left to note; figures that are real.
pub(crate) fn porsanger() -> BudgetSheet {
    let licence = Known(Certainty::Contracted, 1_934_000);
    let mut sheet = sheet(
        "Porsanger - Porsáŋgu - Porsanki",
        ("5436", "959411735"),
        3863,
        Ore(2_100_000),
        vec![
            line(
                LineKind::OneTime,
                "Konvertering",
                "270",
                [Known(Certainty::Actual, 123_456_789), Nothing, Nothing, Nothing],
            ),
            line(LineKind::Licence, "Lisens", "195", [Nothing, licence, licence, licence]),
        ],
    );
    sheet.illustrative = false;
    sheet
}

/// An invoice with two lines.
pub(crate) fn invoice() -> Issued {
    let vat_percent = Decimal::from(25);
    let line = |text: &str, explanation: &str, net: i64| InvoiceLine {
        subject: Subject::Cost { cost: CostId(Uuid::from_u128(3)) },
        text: text.to_owned(),
        explanation: explanation.to_owned(),
        period: None,
        net_ore: Ore(net),
        vat_percent,
        passed_on_vat_ore: None,
        invoiced_before: None,
    };
    let lines = vec![
        line(
            "Konvertering til nytt biblioteksystem",
            "Andel av 1\u{a0}350\u{a0}000,00 kroner etter nøkkelen «likt og etter innbyggere»: 20 % likt på 39 \
             kommuner og 80 % etter 2\u{a0}584 av 241\u{a0}736 innbyggere (SSB, 1. januar 2022).",
            1_846_794,
        ),
        line("Opplæring, Máze og Yykeä", "Direkte til kommunen etter avtale.", 650_050),
    ];
    let net_ore = lines.iter().map(|line| line.net_ore).sum::<Ore>();
    let vat_ore = net_ore.percent(vat_percent);
    Issued {
        number: 20_230_001,
        kid: None,
        run: InvoiceRunId(Uuid::from_u128(4)),
        issuer: Issuer {
            party: PartyId(Uuid::from_u128(5)),
            name: "Romsa ja Finnmárku - Troms og Finnmark - Tromssa ja Finmarkku".to_owned(),
            organisation_number: "922420866".to_owned(),
            number: Some("54".to_owned()),
            in_foretaksregisteret: false,
            vat_registered: true,
        },
        account_number: "12345678903".to_owned(),
        invoice_date: day("2023-06-15"),
        due_date: day("2023-07-15"),
        invoice: PlannedInvoice {
            invoice: InvoiceId(Uuid::from_u128(6)),
            agreement: None,
            recipient: InvoiceParty {
                party: PartyId(Uuid::from_u128(2)),
                name: "Kárášjohka - Karasjok".to_owned(),
                organisation_number: "963376030".to_owned(),
                number: Some("5437".to_owned()),
            },
            kind: DocumentKind::Invoice,
            treatment: VatTreatment::Resale,
            decisions: vec!["Sak 23/101".to_owned()],
            language: InvoiceLanguage::Bokmal,
            buyer_reference: Some("BIB-5437".to_owned()),
            order_reference: None,
            accounting_cost: None,
            lines,
            vat: vec![VatSubtotal { vat_percent, net_ore, vat_ore }],
            net_ore,
            passed_on_vat_ore: Ore::ZERO,
            vat_ore,
            total_ore: net_ore + vat_ore,
            attachments: vec![],
        },
    }
}

/// The first line of an invoice of a dissolved county authority, credited by the one that came after it.
pub(crate) fn credit_note() -> CreditNoteIssued {
    credit_note_of(invoice(), Some(Ore(100_000)))
}

/// The county authority that came after the issuer of an invoice.
fn successor_of(issuer: &Issuer) -> Issuer {
    Issuer {
        party: PartyId(Uuid::from_u128(7)),
        name: "Troms fylkeskommune".to_owned(),
        organisation_number: "930068128".to_owned(),
        number: Some("55".to_owned()),
        ..issuer.clone()
    }
}

/// What a successor credits of the first line, or all of a document.
pub(crate) fn credit_note_of(mut invoice: Issued, net_ore: Option<Ore>) -> CreditNoteIssued {
    "Troms og Finnmark fylkeskommune".clone_into(&mut invoice.issuer.name);
    let issuer = successor_of(&invoice.issuer);
    let line = |net_ore| LineCredit { line: 1, net_ore: Some(net_ore), passed_on_vat_ore: None };
    let wish = CreditWish {
        credit_note: InvoiceId(Uuid::from_u128(8)),
        issuer,
        date: day("2024-02-05"),
        reason: "Innbyggertallet var feil".to_owned(),
        extent: net_ore.map_or(CreditExtent::Whole, |net_ore| CreditExtent::Lines { lines: vec![line(net_ore)] }),
        invoice,
        before: vec![],
    };
    crate::domain::credit_note::credit_note(&wish, 552_400_022).unwrap()
}

/// The second reminder of an invoice, with fee and interest.
pub(crate) fn reminder() -> (Reminder, Issued) {
    let issued = Issued { invoice_date: day("2025-12-20"), due_date: day("2026-01-19"), ..invoice() };
    let outstanding_ore = Ore(6_000_000);
    let interest = vec![InterestStep {
        days: Period { first: day("2026-01-20"), last: day("2026-03-01") },
        principal_ore: outstanding_ore,
        percent: Decimal::from(12),
        year_days: 365,
    }];
    let reminded = Reminded {
        invoice: issued.invoice.invoice,
        outstanding_ore,
        fee_ore: Ore(3_800),
        interest_ore: interest_of(&interest),
        interest,
        pay_by: day("2026-03-15"),
        successor: None,
        on: day("2026-03-01"),
    };
    let charges_ore = Ore(7_600) + reminded.interest_ore;
    (Reminder { reminded, charges_ore }, issued)
}

/// The same, made by who came after the issuer of the invoice.
pub(crate) fn reminder_of_successor() -> (Reminder, Issued) {
    let (mut reminder, issued) = reminder();
    let (issuer, account_number) = (successor_of(&issued.issuer), "86011117947".to_owned());
    reminder.reminded.successor = Some(Box::new(Successor { issuer, account_number }));
    (reminder, issued)
}

/// The same with its lines again and again, until there are so many.
pub(crate) fn of_lines(mut issued: Issued, lines_count: usize) -> Issued {
    issued.invoice.lines = issued.invoice.lines.iter().cycle().take(lines_count).cloned().collect();
    issued.invoice = issued.invoice.summed();
    issued
}

/// A claim that shares a cost.
pub(crate) fn claim() -> Issued {
    let mut issued = invoice();
    let planned = &mut issued.invoice;
    planned.kind = DocumentKind::Claim;
    planned.treatment = VatTreatment::CostSharing;
    planned.lines.truncate(1);
    for line in &mut planned.lines {
        line.vat_percent = Decimal::ZERO;
        line.passed_on_vat_ore = Some(Ore(461_699));
    }
    planned.attachments = vec![Attachment {
        sha256: "ab".repeat(32),
        file_name: "leverandør-17.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
    }];
    issued.invoice = issued.invoice.summed();
    issued
}

/// How the cost of the claim was shared.
pub(crate) fn distribution() -> DistributionDocument {
    let Issued { run, issuer, invoice_date: date, .. } = claim();
    let part = |number: u32, net: i64| SharedPart {
        number: number.to_string(),
        name: format!("Kommune {number}"),
        net_ore: Ore(net),
        vat_ore: Ore(net / 4),
    };
    let shares: Vec<SharedPart> =
        (5401..5439).map(|number| part(number, 3_458_232)).chain([part(5439, 1_846_794)]).collect();
    let net_ore = shares.iter().map(|share| share.net_ore).sum();
    let vat_ore = shares.iter().map(|share| share.vat_ore).sum();
    let name = "Konvertering til nytt biblioteksystem".to_owned();
    DistributionDocument {
        run,
        issuer,
        date,
        language: InvoiceLanguage::Bokmal,
        procurement_name: PROCUREMENT.to_owned(),
        illustrative: true,
        distributions: vec![Distribution { name, period: None, net_ore, vat_ore, supplier_invoices: vec![], shares }],
    }
}
