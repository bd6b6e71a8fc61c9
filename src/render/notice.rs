//! Letters that bring no document: what a proposal would lead to, answers to objections, withdrawals, and nudges. A letter is made of its text alone, which is
//! kept as it was written: the first line is the subject.

use std::sync::LazyLock;

use serde::Serialize;

use super::RenderError;
use super::mail::{Message, Posting, Templates, put_together};
use super::words::Say;
use crate::domain::invoice_run::{ObjectionOutcome, PlannedRun};
use crate::domain::money::Ore;
use crate::domain::party::WrittenForm;
use crate::domain::procurement::{LateStep, Step};
use crate::text::Language;
use crate::view::notices::{Around, NoticeAbout};
use crate::view::what_if::ComparedParty;

/// The media type that a letter's text is kept under.
pub const NOTICE_MEDIA_TYPE: &str = "text/plain";

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(
        include_str!("../../reports/mail/notice/subject.txt.hbs"),
        include_str!("../../reports/mail/notice/body.txt.hbs"),
        include_str!("../../reports/mail/notice/body.html.hbs"),
    )
});

/// A letter, and what it needs to know beside.
#[derive(Debug, Clone, Copy)]
pub struct NoticeText<'a> {
    /// What it is about.
    pub about: NoticeAbout<'a>,
    /// The language.
    pub language: Language,
    /// Who writes to whom.
    pub around: &'a Around,
    /// What a proposal would lead to for the recipient, with the years that are compared.
    pub compared: Option<(&'a [i32], &'a ComparedParty)>,
    /// Where browsers find the service; empty where it is not said.
    pub origin: &'a str,
}

/// The language that who has chosen a written form of Norwegian is written to in.
#[must_use]
pub fn written_to_in(form: WrittenForm) -> Language {
    match form {
        WrittenForm::Bokmal => Language::Bokmal,
        WrittenForm::Nynorsk => Language::Nynorsk,
    }
}

/// The text of a letter: its subject, an empty line, and paragraphs with empty lines between.
#[must_use]
pub fn notice_text(letter: &NoticeText<'_>) -> String {
    let say = Say::of(letter.language);
    let Around { recipient, number, sender, procurement, illustrative, .. } = letter.around;
    let mut paragraphs = vec![subject(say, letter), say.sentence("letter-to", [("recipient", recipient.as_str())])];
    paragraphs.extend(illustrative.then(|| format!("*** {} ***", say.word("letter-illustrative"))));
    match letter.about {
        NoticeAbout::Hearing { proposal, opened, .. } => {
            let saved = &proposal.saved;
            let (from, by) = (say.long_date(saved.applies_from), say.long_date(opened.answer_by));
            let introduced =
                [("sender", sender.as_str()), ("proposal", &saved.name), ("procurement", procurement), ("from", &from)];
            paragraphs.push(say.sentence("letter-hearing", introduced));
            paragraphs.extend(saved.note.clone());
            paragraphs.push(consequences(say.in_kroner(), letter.compared));
            paragraphs.push(say.sentence("letter-hearing-answer", [("day", by.as_str())]));
            let path = format!("/keys/proposals/{}", saved.proposal);
            paragraphs.extend(address(say, letter.origin, &path));
        }
        NoticeAbout::Answer { planned, objected, answered, is_discarded } => {
            let (on, [from, last]) = (say.long_date(objected.on), days(say, planned));
            let told = [("day", on.as_str()), ("from", &from), ("last", &last), ("procurement", procurement)];
            paragraphs.push(say.sentence("letter-answer", told));
            paragraphs.push(format!("«{}»", objected.text));
            paragraphs.push(say.word(outcome_key(answered.outcome, is_discarded)));
            paragraphs.push(answered.answer.clone());
        }
        NoticeAbout::Withdrawal { planned, prebilled } => {
            let (on, [from, last]) = (say.long_date(prebilled.on), days(say, planned));
            let told = [("day", on.as_str()), ("from", &from), ("last", &last), ("procurement", procurement)];
            paragraphs.push(say.sentence("letter-withdrawal", told));
            paragraphs.push(say.word("letter-withdrawal-next"));
        }
        NoticeAbout::Nudge { nudged, late } => {
            paragraphs.push(say.sentence("letter-nudge", [("procurement", procurement.as_str())]));
            paragraphs.push(late.iter().map(|late| late_step(say, *late)).collect::<Vec<_>>().join("\n"));
            paragraphs.extend(nudged.note.clone());
            paragraphs.push(say.word("letter-nudge-done"));
            paragraphs.extend(address(say, letter.origin, &format!("/municipalities/{number}")));
        }
    }
    paragraphs.push(format!("{}\n{}", say.word("letter-greeting"), sender));
    let mut text = paragraphs.join("\n\n");
    text.push('\n');
    text
}

fn subject(say: Say, letter: &NoticeText<'_>) -> String {
    match letter.about {
        NoticeAbout::Hearing { proposal, opened, .. } => {
            let by = say.long_date(opened.answer_by);
            say.sentence("letter-hearing-subject", [("proposal", proposal.saved.name.as_str()), ("day", &by)])
        }
        NoticeAbout::Answer { planned, .. } => {
            let [from, last] = days(say, planned);
            let told = [("procurement", letter.around.procurement.as_str()), ("from", &from), ("last", &last)];
            say.sentence("letter-answer-subject", told)
        }
        NoticeAbout::Withdrawal { planned, .. } => {
            let [from, last] = days(say, planned);
            let told = [("procurement", letter.around.procurement.as_str()), ("from", &from), ("last", &last)];
            say.sentence("letter-withdrawal-subject", told)
        }
        NoticeAbout::Nudge { .. } => {
            say.sentence("letter-nudge-subject", [("procurement", letter.around.procurement.as_str())])
        }
    }
}

/// The first and the last day that a plan invoices.
fn days(say: Say, planned: &PlannedRun) -> [String; 2] {
    let covers = planned.plan.covers;
    [covers.first, covers.last].map(|day| say.date(day))
}

fn address(say: Say, origin: &str, path: &str) -> Option<String> {
    (!origin.is_empty()).then(|| say.sentence("letter-address", [("address", format!("{origin}{path}").as_str())]))
}

/// What the party would bear in the years in which that is known, before and after.
fn consequences(say: Say, compared: Option<(&[i32], &ComparedParty)>) -> String {
    let Some((years, party)) = compared else { return say.word("letter-hearing-unknown") };
    let known: Vec<(i32, Ore, Ore)> = years
        .iter()
        .zip(party.before_ore.iter().zip(&party.after_ore))
        .filter_map(|(year, (before, after))| Some((*year, (*before)?, (*after)?)))
        .collect();
    if known.is_empty() {
        return say.word("letter-hearing-unknown");
    }
    let line = |(year, before, after): &(i32, Ore, Ore)| {
        let (before, after, change) = (say.kroner(*before), say.kroner(*after), say.signed_kroner(*after - *before));
        let year = year.to_string();
        let put = [("year", year.as_str()), ("before", &before), ("after", &after), ("change", &change)];
        say.sentence("letter-hearing-year", put)
    };
    let mut lines = vec![say.word("letter-hearing-for-you")];
    lines.extend(known.iter().map(line));
    if known.len() < years.len() {
        lines.push(say.word("letter-hearing-some-unknown"));
    }
    lines.join("\n")
}

fn late_step(say: Say, late: LateStep) -> String {
    let due = say.long_date(late.due);
    let key = match late.step {
        Step::Agreement => "letter-nudge-agreement",
        Step::Signup => "letter-nudge-signup",
        Step::Notice => "letter-nudge-notice",
        Step::Budget => "letter-nudge-budget",
    };
    say.sentence(key, [("day", due.as_str())])
}

#[derive(Serialize)]
struct Facts<'a> {
    language: &'static str,
    subject: &'a str,
    body: &'a str,
    paragraphs: Vec<Vec<&'a str>>,
}

/// The message that carries the text of a letter as it was kept.
///
/// # Errors
/// An address, a name or the Message-ID is unfit; the error names it.
pub fn notice_mail(text: &str, language: Language, posting: &Posting<'_>) -> Result<Message, RenderError> {
    let (subject, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let paragraphs = body.trim_end().split("\n\n").map(|paragraph| paragraph.lines().collect()).collect();
    put_together(&TEMPLATES, &Facts { language: language.code(), subject, body, paragraphs }, posting)
}

/// What was decided of an objection to a plan, which may have been given up before the letter was written.
fn outcome_key(outcome: ObjectionOutcome, is_discarded: bool) -> &'static str {
    match (outcome, is_discarded) {
        (ObjectionOutcome::Upheld, _) => "letter-answer-upheld",
        (ObjectionOutcome::Rejected, false) => "letter-answer-rejected",
        (ObjectionOutcome::Rejected, true) => "letter-answer-rejected-and-discarded",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::expect;

    use super::*;
    use crate::domain::assessment::Certainty;
    use crate::domain::calendar::Period;
    use crate::domain::identity::{InvoiceId, InvoiceRunId, PartyId, ProcurementId, ProposalId, SharingKeyId};
    use crate::domain::invoice_run::{InvoicePer, InvoicePlan, Prebilled};
    use crate::domain::key_adoption::{HearingLetter, HearingOpened, Proposal, ProposalSaved};
    use crate::domain::procurement::Nudged;
    use crate::domain::sharing_key::{Divide, KeyDefinition};
    use crate::domain::testing::{day, invoices, nth};
    use crate::render::mail::Correspondent;

    const KARASJOK: PartyId = PartyId(uuid::Uuid::from_u128(5610));

    fn proposal() -> Proposal {
        Proposal {
            saved: ProposalSaved {
                proposal: ProposalId(nth(1)),
                name: "Halvt likt".to_owned(),
                note: Some("Bibliotekene bruker like mye av systemet.".to_owned()),
                definition: KeyDefinition::Divide(Divide::default()),
                applies_from: day("2025-01-01"),
                population_date: day("2024-01-01"),
                members: vec![],
                on: day("2024-03-01"),
            },
            hearing: None,
        }
    }

    fn opened() -> HearingOpened {
        HearingOpened {
            proposal: ProposalId(nth(1)),
            answer_by: day("2024-05-01"),
            letters: vec![HearingLetter { letter: InvoiceId(nth(2)), party: KARASJOK }],
            on: day("2024-04-01"),
        }
    }

    fn around() -> Around {
        Around {
            recipient: "Kárášjohka - Karasjok".to_owned(),
            number: "5610".to_owned(),
            written_form: WrittenForm::Bokmal,
            sender: "Finnmark fylkeskommune".to_owned(),
            procurement: "Grenseløse muligheter".to_owned(),
            illustrative: true,
        }
    }

    fn letter<'a>(about: NoticeAbout<'a>, around: &'a Around, language: Language) -> NoticeText<'a> {
        NoticeText { about, language, around, compared: None, origin: "https://grenselos.fylke.example" }
    }

    #[test]
    fn a_hearing_says_what_it_means_for_the_one_who_is_asked_and_until_when_to_answer() {
        let (proposal, opened, around) = (proposal(), opened(), around());
        let compared = ComparedParty {
            party: KARASJOK,
            number: None,
            name: String::new(),
            before_ore: vec![Some(Ore(1_000_000)), None],
            after_ore: vec![Some(Ore(1_250_000)), None],
            contains_unknown: true,
            certainty: Some(Certainty::Unknown),
            change_ore: Ore(250_000),
            change_per_inhabitant_ore: None,
        };
        let about = NoticeAbout::Hearing { key: SharingKeyId(nth(3)), proposal: &proposal, opened: &opened };
        let letter =
            NoticeText { compared: Some((&[2025, 2026], &compared)), ..letter(about, &around, Language::Bokmal) };
        expect![[r"
            Høring om fordelingsnøkkel: «Halvt likt». Svar innen 1. mai 2024

            Til Kárášjohka - Karasjok

            *** Oppdiktede beløp – kun til illustrasjon ***

            Finnmark fylkeskommune sender «Halvt likt» på høring. Det er et forslag til en ny fordelingsnøkkel i Grenseløse muligheter, og den skulle gjelde fra 1. januar 2025.

            Bibliotekene bruker like mye av systemet.

            Dette betyr det for dere:
            2025: 10 000 kr i dag, 12 500 kr etter forslaget (+2 500 kr)
            For de andre årene er beløpene ikke kjent ennå.

            Svar innen 1. mai 2024: om dere er for eller imot, eller ikke har merknader. Svar på denne e-posten, eller på siden der forslaget står.

            Se mer her: https://grenselos.fylke.example/keys/proposals/00000000-0000-0000-0000-000000000001

            Med vennlig hilsen
            Finnmark fylkeskommune
        "]].assert_eq(&notice_text(&letter));
    }

    #[test]
    fn a_nudge_names_each_step_and_its_day_in_the_language_of_who_reads_it() {
        let late = [
            LateStep { step: Step::Agreement, due: day("2022-12-30") },
            LateStep { step: Step::Budget, due: day("2023-05-15") },
        ];
        let around = around();
        let nudged = Nudged { letters: vec![], note: None, on: day("2023-06-01") };
        let about = NoticeAbout::Nudge { nudged: &nudged, late: &late };
        expect![[r"
            Grenseløse muligheter: dette står att hos dykk

            Til Kárášjohka - Karasjok

            *** Oppdikta beløp – berre til illustrasjon ***

            Noko står att hos dykk i Grenseløse muligheter:

            – Avtalen skulle vore underskriven innan 30. desember 2022.
            – Kjøpet skulle vore meldt inn i budsjettet innan 15. mai 2023.

            Er det alt gjort, så sei frå ved å svare på denne e-posten.

            Sjå meir her: https://grenselos.fylke.example/municipalities/5610

            Med venleg helsing
            Finnmark fylkeskommune
        "]]
        .assert_eq(&notice_text(&letter(about, &around, Language::Nynorsk)));
        expect![[r"
            Grenseløse muligheter: what is left for you to do

            To Kárášjohka - Karasjok

            *** Invented amounts, for illustration only ***

            Something is left for you to do in Grenseløse muligheter:

            – The agreement should have been signed by 30 December 2022.
            – The purchase should have been reported into the budget by 15 May 2023.

            If it is done already, say so by replying to this e-mail.

            Yours sincerely
            Finnmark fylkeskommune
        "]]
        .assert_eq(&notice_text(&NoticeText { origin: "", ..letter(about, &around, Language::English) }));
    }

    /// A run that was planned and is given up.
    fn given_up() -> PlannedRun {
        let plan = InvoicePlan {
            procurement: ProcurementId(nth(1_000)),
            issuer: invoices::issuer(56),
            account_number: "12345678903".to_owned(),
            invoice_date: day("2023-12-20"),
            due_date: day("2024-01-20"),
            covers: Period::year(2023),
            one_per: InvoicePer::Payer,
            grounds: vec![],
            invoices: vec![],
            set_aside: vec![],
        };
        PlannedRun {
            run: InvoiceRunId(nth(7_000)),
            plan: Arc::new(plan),
            planned_by: None,
            on: day("2023-11-20"),
            prebilled: None,
            objections: vec![],
        }
    }

    #[test]
    fn a_withdrawal_names_the_calculation_in_the_language_of_who_was_sent_it() {
        let (planned, around) = (given_up(), around());
        let prebilled = Prebilled { objections_until: day("2023-12-15"), letters: vec![], on: day("2023-12-01") };
        let about = NoticeAbout::Withdrawal { planned: &planned, prebilled: &prebilled };
        expect![[r"
            Trekt tilbake: utrekninga for 01.01.2023 – 31.12.2023 i Grenseløse muligheter

            Til Kárášjohka - Karasjok

            *** Oppdikta beløp – berre til illustrasjon ***

            Førehandsvarselet av 1. desember 2023 med utrekninga for 01.01.2023 – 31.12.2023 i Grenseløse muligheter er trekt tilbake. Ingenting blir fakturert etter den utrekninga.

            De treng ikkje svare på varselet. Det kan kome ei ny utrekning.

            Med venleg helsing
            Finnmark fylkeskommune
        "]]
        .assert_eq(&notice_text(&letter(about, &around, Language::Nynorsk)));
        expect![[r"
            Withdrawn: the calculation for 1 Jan 2023 – 31 Dec 2023 in Grenseløse muligheter

            To Kárášjohka - Karasjok

            *** Invented amounts, for illustration only ***

            The calculation for 1 Jan 2023 – 31 Dec 2023 in Grenseløse muligheter that you were sent in advance, dated 1 December 2023, is withdrawn. Nothing will be invoiced by it.

            You need not answer it. A new calculation may come.

            Yours sincerely
            Finnmark fylkeskommune
        "]]
        .assert_eq(&notice_text(&letter(about, &around, Language::English)).replace('\u{a0}', " "));
    }

    #[test]
    fn no_calculation_that_was_given_up_is_said_to_stand() {
        let said = |is_discarded| Say::of(Language::Bokmal).word(outcome_key(ObjectionOutcome::Rejected, is_discarded));
        assert!(said(false).ends_with("og beregningen står."), "{}", said(false));
        let given_up = said(true);
        assert!(!given_up.contains("står") && given_up.contains("trukket tilbake"), "{given_up}");
    }

    #[test]
    fn what_is_sent_is_the_text_that_was_kept() {
        let (from, to) = ("Finnmark fylkeskommune", "Kommunedirektør");
        let correspondent =
            |name: &str| Correspondent { name: name.to_owned(), address: "post@fylke.example".to_owned() };
        let posting = Posting {
            attachments: &[],
            from: &correspondent(from),
            to: &correspondent(to),
            name: "a",
            message_id: "<a@fylke.example>",
            date: "2024-04-01T10:00:00Z".parse().unwrap(),
            signature: None,
        };
        let message =
            notice_mail("What it is\n\nOne <line>\nanother\n\nThe end\n", Language::English, &posting).unwrap();
        let bytes = String::from_utf8(message.bytes).unwrap();
        assert!(bytes.contains("Subject: What it is\r\n"), "{bytes}");
        assert!(bytes.contains("One <line>\r\nanother\r\n\r\nThe end"), "{bytes}");
        assert!(bytes.contains("<p>One &lt;line&gt;<br>another</p>"), "{bytes}");
    }
}
