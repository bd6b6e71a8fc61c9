//! Pages: a view and a template become HTML. Words are looked up by the templates, figures come finished.
//!
//! There is one set of templates for each language, so that a word knows its language wherever it stands. Templates
//! are strict, and nothing in them is put in without being escaped (a test reads them).

mod accounts;
mod address;
mod agreement;
mod agreement_list;
mod board;
mod changed;
mod chart;
mod compared;
mod council;
mod explanation;
mod facts;
mod failure;
mod field;
mod finance;
mod frame;
mod front;
mod invoices;
mod keys;
mod leader;
mod library;
mod log;
mod nudges;
mod overtaken;
mod own_invoices;
mod pager;
mod payment;
mod procurements;
mod proposals;
mod resumed;
mod run;
mod sign_in;
mod state;
mod who;

use std::sync::LazyLock;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output, RenderContext, RenderErrorReason,
    html_escape,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::RenderError;
use super::words::Say;
use crate::text::{self, Language, Put, Said};

pub use accounts::{
    AccountEntryShown, AccountShown, AccountState, AccountsShown, RoleKind, RoleShown, ScopeChoice, account_page,
    accounts_page,
};
pub use address::{address_of, as_parameter};
pub use agreement::{AgreementForm, AgreementShown, HappenedShown, agreement_page};
pub use agreement_list::{
    AgreementRow, AgreementsAsked, AgreementsShown, agreements_page, commitment_called, phase_called, phase_order,
};
pub use board::{BoardAsked, BoardShown, board_page, step_called};
pub use changed::{Changed, Since};
pub use compared::hypothesis_said;
pub use council::council_paper;
pub use explanation::{ExplanationsShown, explanations_page};
pub use facts::ERASED;
pub use failure::{Failed, Thing, WayOn, failure_page};
pub use field::{Fault, Filled, RESUMED, typed_day};
pub use finance::{
    BankFileShown, InvoiceShown, LetterPageShown, LetterStep, PlanShown, bank_file_page, invoice_page, letter_page,
    plan_page,
};
pub use frame::{Asset, Frame, Place, asset, asset_path};
pub use front::{FrontShown, accessibility_page, front_page};
use invoices::letter_state_key;
pub use invoices::{InvoicesPart, InvoicesShown, by_age, invoices_address, invoices_page};
pub use keys::{FLOOR_ABOVE_CAP, KeysShown, MemberChoice, keys_page};
pub use leader::{AmountUnit, LeaderShown, SINCE_TOO_LATE, Typed, leader_page};
pub use library::{GO_LIVE, LibraryOf};
pub use log::{ActorShown, EventShown, LogAsked, LogShown, Subject, Verified, log_page};
pub use sign_in::{
    ConfirmShown, InvitationShown, MeansShown, OwnAccountShown, ProviderChoice, SessionShown, SignInFault, SignInShown,
    SignedInBy, confirm_page, invitation_page, own_account_page, sign_in_page,
};

pub use nudges::{NudgeShown, NudgesShown, nudges_page};
pub use overtaken::{OvertakenField, OvertakenShown, OvertakingEvent, overtaken_page};
pub use own_invoices::{OwnInvoice, OwnInvoicesShown, OwnNote, Prebilled, own_invoices_page};
pub use pager::{Listed, Window};
pub use payment::{PaymentPageShown, payment_page};
pub use procurements::Procurements;
pub use proposals::{
    AskedParty, ComparedProposal, ComparisonShown, ProposalLine, ProposalShown, ProposalState, comparison_page,
    proposal_page, stance_called,
};
pub use resumed::{ResumedField, ResumedShown, resumed_page};
pub use run::{RunPageShown, WhyHeldUp, run_page};
pub use state::{
    AgreementLine, AmountLine, AmountOf, ContractLine, HolderLine, KeyLine, Latest, LibraryLine, PaymentLine, RunLine,
    StateShown, ToBear, state_page,
};
pub use who::{actor_called, person_called};

/// The templates by their names.
const TEMPLATES: [(&str, &str); 44] = [
    ("layout", include_str!("../../../reports/page/layout.hbs")),
    ("chart", include_str!("../../../reports/page/chart.hbs")),
    ("form", include_str!("../../../reports/page/form.hbs")),
    ("field", include_str!("../../../reports/page/field.hbs")),
    ("pager", include_str!("../../../reports/page/pager.hbs")),
    ("procurements", include_str!("../../../reports/page/procurements.hbs")),
    ("procurement_field", include_str!("../../../reports/page/procurement_field.hbs")),
    ("refusal", include_str!("../../../reports/page/refusal.hbs")),
    ("changed", include_str!("../../../reports/page/changed.hbs")),
    ("compared", include_str!("../../../reports/page/compared.hbs")),
    ("proposal", include_str!("../../../reports/page/proposal.hbs")),
    ("comparison", include_str!("../../../reports/page/comparison.hbs")),
    ("front", include_str!("../../../reports/page/front.hbs")),
    ("accessibility", include_str!("../../../reports/page/accessibility.hbs")),
    ("board", include_str!("../../../reports/page/board.hbs")),
    ("agreements", include_str!("../../../reports/page/agreements.hbs")),
    ("agreement", include_str!("../../../reports/page/agreement.hbs")),
    ("nudges", include_str!("../../../reports/page/nudges.hbs")),
    ("keys", include_str!("../../../reports/page/keys.hbs")),
    ("invoices", include_str!("../../../reports/page/invoices.hbs")),
    ("issued", include_str!("../../../reports/page/issued.hbs")),
    ("sent", include_str!("../../../reports/page/sent.hbs")),
    ("run", include_str!("../../../reports/page/run.hbs")),
    ("plan", include_str!("../../../reports/page/plan.hbs")),
    ("invoice", include_str!("../../../reports/page/invoice.hbs")),
    ("payment", include_str!("../../../reports/page/payment.hbs")),
    ("bank_file", include_str!("../../../reports/page/bank_file.hbs")),
    ("letter", include_str!("../../../reports/page/letter.hbs")),
    ("own_invoices", include_str!("../../../reports/page/own_invoices.hbs")),
    ("log", include_str!("../../../reports/page/log.hbs")),
    ("state", include_str!("../../../reports/page/state.hbs")),
    ("leader", include_str!("../../../reports/page/leader.hbs")),
    ("explanation", include_str!("../../../reports/page/explanation.hbs")),
    ("sign_in", include_str!("../../../reports/page/sign_in.hbs")),
    ("confirm", include_str!("../../../reports/page/confirm.hbs")),
    ("invitation", include_str!("../../../reports/page/invitation.hbs")),
    ("own_account", include_str!("../../../reports/page/own_account.hbs")),
    ("providers", include_str!("../../../reports/page/providers.hbs")),
    ("passkey_script", include_str!("../../../reports/page/passkey_script.hbs")),
    ("accounts", include_str!("../../../reports/page/accounts.hbs")),
    ("account", include_str!("../../../reports/page/account.hbs")),
    ("overtaken", include_str!("../../../reports/page/overtaken.hbs")),
    ("resumed", include_str!("../../../reports/page/resumed.hbs")),
    ("failure", include_str!("../../../reports/page/failure.hbs")),
];

type Templates = LazyLock<Handlebars<'static>>;

static BOKMAL: Templates = LazyLock::new(|| templates(Language::Bokmal));
static NYNORSK: Templates = LazyLock::new(|| templates(Language::Nynorsk));
static NORTHERN_SAMI: Templates = LazyLock::new(|| templates(Language::NorthernSami));
static ENGLISH: Templates = LazyLock::new(|| templates(Language::English));

fn templates_in(language: Language) -> &'static Templates {
    match language {
        Language::Bokmal => &BOKMAL,
        Language::Nynorsk => &NYNORSK,
        Language::NorthernSami => &NORTHERN_SAMI,
        Language::English => &ENGLISH,
    }
}

/// Reads templates and words, which takes a while the first time.
pub fn get_pages_ready() {
    drop(text::say(Language::Bokmal, "page-home", &[]));
    for language in Language::ALL {
        LazyLock::force(templates_in(language));
    }
}

#[expect(clippy::expect_used, reason = "the templates are compiled in, and a test of each page reads them")]
fn templates(language: Language) -> Handlebars<'static> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_helper("t", Box::new(Word { language, marked: true }));
    templates.register_helper("w", Box::new(Word { language, marked: false }));
    templates.register_helper("why", Box::new(Why { language }));
    templates.register_helper("day", Box::new(day_as_browsers_write_it));
    for (name, template) in TEMPLATES {
        templates.register_template_string(name, template).expect("a sound template");
    }
    templates
}

/// `{{t "key" name=value}}`: a word or sentence. Where the language has none and bokmål stands in, it is marked as such;
/// `{{w …}}` leaves the mark out, for attributes and titles.
struct Word {
    language: Language,
    marked: bool,
}

impl HelperDef for Word {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let key = helper.param(0).and_then(|param| param.value().as_str());
        let key = key.ok_or(RenderErrorReason::ParamNotFoundForIndex("t", 0))?;
        let with: Vec<(&str, Put)> = helper.hash().iter().map(|(name, value)| (*name, put(value.value()))).collect();
        let said = text::say(self.language, key, &with);
        write_said(&said, if self.marked { self.language } else { said.language }, out)
    }
}

/// `{{why refused}}`: what is wrong with a field, in a word of the pages or as a rule says it.
struct Why {
    language: Language,
}

impl HelperDef for Why {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let refused = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("why", 0))?.value();
        let said = match refused.as_str() {
            Some(key) => text::say(self.language, key, &[]),
            None => Fault::deserialize(refused).map_err(RenderErrorReason::from)?.said(Say::of(self.language)),
        };
        write_said(&said, self.language, out)
    }
}

/// Writes what is said, and marks it where it is in another language than its page.
fn write_said(said: &Said, of_page: Language, out: &mut dyn Output) -> HelperResult {
    let escaped = html_escape(&said.text);
    if said.language == of_page {
        out.write(&escaped)?;
    } else {
        out.write(&format!("<span lang=\"{}\">{escaped}</span>", said.language.code()))?;
    }
    Ok(())
}

/// `{{day typed}}`: what was typed into a field for a day, as browsers read it: they show nothing of another notation. What is
/// no day stays as it was typed.
fn day_as_browsers_write_it(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let typed = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("day", 0))?.value().render();
    let written = typed_day(&typed).map_or(typed, |day| day.to_string());
    out.write(&html_escape(&written))?;
    Ok(())
}

fn put(value: &Value) -> Put {
    match value.as_i64() {
        Some(count) => Put::Count(count),
        None => Put::Text(value.render()),
    }
}

/// What every template is given.
#[derive(Serialize)]
struct Given<'a, T: Serialize> {
    frame: &'a frame::FrameShown<'a>,
    page: &'a T,
}

/// A page of a template.
fn fill<T: Serialize>(
    template: &'static str,
    frame: &Frame<'_>,
    title: &str,
    content: &T,
) -> Result<String, RenderError> {
    let given = Given { frame: &frame.shown(title), page: content };
    templates_in(frame.language).render(template, &given).map_err(|source| RenderError::Template { template, source })
}
