//! E-mails: text and HTML beside each other, the document attached. The bytes are final: a transport only carries them.
//!
//! Nothing that comes from outside can become a header: what has a line break or another control character in it is
//! refused, and letters beyond ASCII are encoded (RFC 2047).

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use handlebars::{Handlebars, no_escape};
use lettre::address::{AddressError, Envelope};
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
    DkimSigningKeyError,
};
use lettre::message::header::{ContentType, HeaderName};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::letter::facts;
use super::{IssuedDocument, RenderError};
use crate::domain::text_is_sound;

/// The longest address taken: what SMTP carries (RFC 5321).
const ADDRESS_BYTES_MAX: usize = 254;

/// Who a message is from or to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The name beside the address.
    pub name: String,
    /// The e-mail address.
    pub address: String,
}

/// A message as it will be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is called where messages are files: the same for the same message, and no other's.
    pub name: String,
    /// The Message-ID with its angle brackets: a repeat carries the same.
    pub message_id: String,
    /// Sender and recipient for the mail server.
    pub envelope: Envelope,
    /// Headers and body (RFC 5322), lines ended by CR LF.
    pub bytes: Vec<u8>,
}

/// What messages are signed with, so that the receiving side can see that they come from the domain (DKIM, RFC 6376).
#[derive(Debug)]
pub struct Signature(DkimConfig);

/// Signed beside the body: what a reader sees, and what tells a message from another. The Content-Type is not among them,
/// since the library would name it and not sign it.
const SIGNED_HEADERS: [&str; 6] = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version"];

impl Signature {
    /// By an RSA key in PEM form (PKCS #1), the public half of which is published under `selector` of `domain`.
    ///
    /// # Errors
    /// The key is none.
    pub fn new(key: &str, selector: &str, domain: &str) -> Result<Self, DkimSigningKeyError> {
        let key = DkimSigningKey::new(key, DkimSigningAlgorithm::Rsa)?;
        // With "simple" headers the library signs another folding of the signature's own header than it sends.
        let relaxed =
            DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
        let headers = SIGNED_HEADERS.map(HeaderName::new_from_ascii_str).to_vec();
        Ok(Self(DkimConfig::new(selector.to_owned(), domain.to_owned(), key, headers, relaxed)))
    }
}

/// Why a message cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// Not an address that mail can be sent to.
    #[error("\"{address}\" in {field} is no e-mail address; write it as name@domain.example, in ASCII")]
    Address {
        /// The header.
        field: &'static str,
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: Option<AddressError>,
    },
    /// Empty, too long, or with a line break or another control character.
    #[error("the text {text:?} cannot stand in {field}; use one line without control characters, at most 500 bytes")]
    Text {
        /// The header.
        field: &'static str,
        /// The text.
        text: String,
    },
    /// Not a Message-ID.
    #[error("\"{0}\" is no Message-ID; write it as <invoice@domain.example>")]
    MessageId(String),
    /// The mail library refuses it.
    #[error("the message cannot be put together")]
    Assembly(#[from] lettre::error::Error),
}

/// A document to be sent, with everything that would otherwise depend on when and where it is put together.
#[derive(Debug, Clone, Copy)]
pub struct DocumentMail<'a> {
    /// The document.
    pub document: IssuedDocument<'a>,
    /// What is attached, in order.
    pub attachments: &'a [Attached<'a>],
    /// Who sends.
    pub from: &'a Correspondent,
    /// Who receives.
    pub to: &'a Correspondent,
    /// What the message is called where messages are files.
    pub name: &'a str,
    /// The Message-ID with its angle brackets.
    pub message_id: &'a str,
    /// The instant in the Date header.
    pub date: DateTime<Utc>,
    /// What the message is signed with, where it is.
    pub signature: Option<&'a Signature>,
}

/// A file that goes with a message.
#[derive(Debug, Clone, Copy)]
pub struct Attached<'a> {
    /// Its name, such as `faktura-542300001.pdf`.
    pub file_name: &'a str,
    /// Its media type, such as `application/pdf`.
    pub media_type: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// How a message goes: from whom to whom, and what with it.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// What is attached, in order.
    pub attachments: &'a [Attached<'a>],
    /// Who sends.
    pub from: &'a Correspondent,
    /// Who receives.
    pub to: &'a Correspondent,
    /// What the message is called where messages are files.
    pub name: &'a str,
    /// The Message-ID with its angle brackets.
    pub message_id: &'a str,
    /// The instant in the Date header.
    pub date: DateTime<Utc>,
    /// What the message is signed with, where it is.
    pub signature: Option<&'a Signature>,
}

/// The templates of a message; strict, so that a name they do not find is an error.
pub(super) struct Templates {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    Templates::new(
        include_str!("../../reports/mail/invoice/subject.txt.hbs"),
        include_str!("../../reports/mail/invoice/body.txt.hbs"),
        include_str!("../../reports/mail/invoice/body.html.hbs"),
    )
});

impl Templates {
    #[expect(clippy::expect_used, reason = "the templates are compiled in, and each test of a message reads them")]
    pub(super) fn new(subject: &str, body: &str, html_body: &str) -> Self {
        let mut text = Handlebars::new();
        text.set_strict_mode(true);
        text.register_escape_fn(no_escape);
        text.register_template_string("subject.txt", subject).expect("a sound template");
        text.register_template_string("body.txt", body).expect("a sound template");
        let mut html = Handlebars::new();
        html.set_strict_mode(true);
        html.register_template_string("body.html", html_body).expect("a sound template");
        Self { text, html }
    }
}

/// The message that brings a document.
///
/// # Errors
/// If an address, a name or the Message-ID is unfit; the error names it.
pub fn document_mail(mail: &DocumentMail<'_>) -> Result<Message, RenderError> {
    let DocumentMail { document, attachments, from, to, name, message_id, date, signature } = *mail;
    let posting = Posting { attachments, from, to, name, message_id, date, signature };
    put_together(&TEMPLATES, &facts(&document), &posting)
}

/// The message that templates and facts give.
///
/// # Errors
/// If an address, a name or the Message-ID is unfit; the error names it.
pub(super) fn put_together(
    templates: &Templates,
    facts: &impl Serialize,
    mail: &Posting<'_>,
) -> Result<Message, RenderError> {
    let subject = fill(&templates.text, "subject.txt", facts)?.trim_end().to_owned();
    let text = fill(&templates.text, "body.txt", facts)?;
    let html = fill(&templates.html, "body.html", facts)?;

    check_message_id(mail.message_id)?;
    let (from, to) = (mailbox("From", mail.from)?, mailbox("To", mail.to)?);
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()]).map_err(MessageError::from)?;
    let alternatives = MultiPart::alternative()
        .boundary(boundary(mail.message_id, "alternative"))
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(html));
    let mut parts = MultiPart::mixed().boundary(boundary(mail.message_id, "mixed")).multipart(alternatives);
    for attached in mail.attachments {
        parts = parts.singlepart(attachment(attached)?);
    }
    let mut message = lettre::Message::builder()
        .from(from)
        .to(to)
        .subject(checked("Subject", &subject)?)
        .message_id(Some(mail.message_id.to_owned()))
        .date(mail.date.into())
        .envelope(envelope.clone())
        .multipart(parts)
        .map_err(MessageError::from)?;
    if let Some(Signature(config)) = mail.signature {
        message.sign(config);
    }
    Ok(Message {
        name: mail.name.to_owned(),
        message_id: mail.message_id.to_owned(),
        envelope,
        bytes: message.formatted(),
    })
}

fn attachment(attached: &Attached<'_>) -> Result<SinglePart, MessageError> {
    let file_name = checked("Content-Disposition", attached.file_name)?;
    let media_type = ContentType::parse(attached.media_type).map_err(|_| unfit("Content-Type", attached.media_type))?;
    Ok(Attachment::new(file_name).body(attached.bytes.to_vec(), media_type))
}

fn fill(templates: &Handlebars<'_>, template: &'static str, facts: &impl Serialize) -> Result<String, RenderError> {
    templates.render(template, facts).map_err(|source| RenderError::Template { template, source })
}

/// Whether mail can be sent to an address, as far as it says itself.
#[must_use]
pub fn is_address(address: &str) -> bool {
    mailbox("To", &Correspondent { name: "To".to_owned(), address: address.to_owned() }).is_ok()
}

fn mailbox(field: &'static str, correspondent: &Correspondent) -> Result<Mailbox, MessageError> {
    let name = checked(field, &correspondent.name)?;
    let address = &correspondent.address;
    let refused = |source| MessageError::Address { field, address: address.clone(), source };
    if !address.is_ascii() || address.len() > ADDRESS_BYTES_MAX || address.contains(|c: char| c.is_ascii_control()) {
        return Err(refused(None));
    }
    let email = address.parse().map_err(|error| refused(Some(error)))?;
    Ok(Mailbox::new(Some(name), email))
}

/// The text, where it is one line of a sound length.
fn checked(field: &'static str, text: &str) -> Result<String, MessageError> {
    if text_is_sound(text) { Ok(text.to_owned()) } else { Err(unfit(field, text)) }
}

fn unfit(field: &'static str, text: &str) -> MessageError {
    MessageError::Text { field, text: text.to_owned() }
}

fn check_message_id(message_id: &str) -> Result<(), MessageError> {
    let is_sound = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    message_id
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .and_then(|inner| inner.split_once('@'))
        .filter(|(left, right)| is_sound(left) && is_sound(right) && message_id.len() <= ADDRESS_BYTES_MAX)
        .map(|_| ())
        .ok_or_else(|| MessageError::MessageId(message_id.to_owned()))
}

/// What stands between the parts: made from the Message-ID, so that the message is the same to the byte when made again.
fn boundary(message_id: &str, part: &str) -> String {
    let digest = Sha256::digest(format!("{part} {message_id}").as_bytes());
    let bytes: Vec<String> = digest.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use expect_test::expect_file;

    use super::*;
    use crate::domain::series::Issued;
    use crate::render::sample;
    use crate::view::documents::Document;

    fn correspondent(name: &str, address: &str) -> Correspondent {
        Correspondent { name: name.to_owned(), address: address.to_owned() }
    }

    fn sent(issued: &Issued, to: &Correspondent) -> Result<Message, RenderError> {
        document_mail(&DocumentMail {
            document: IssuedDocument {
                document: Document::Invoice(issued),
                procurement_name: sample::PROCUREMENT,
                illustrative: true,
            },
            attachments: &[Attached {
                file_name: "faktura-20230001.pdf",
                media_type: "application/pdf",
                bytes: b"%PDF-1.7 for the trial",
            }],
            from: &correspondent("Troms og Finnmark fylkesbibliotek", "faktura@fylket.example"),
            to,
            name: "faktura-20230001",
            message_id: "<faktura-20230001.1@fylket.example>",
            date: "2023-06-15T08:00:00Z".parse().unwrap(),
            signature: None,
        })
    }

    #[test]
    fn an_invoice_is_sent_with_names_spelt_right_and_the_same_every_time() {
        let to = correspondent("Kárášjoga gielda, økonomi (Unjárga, Porsáŋgu)", "faktura@karasjok.example");
        let message = sent(&sample::invoice(), &to).unwrap();
        assert_eq!(sent(&sample::invoice(), &to).unwrap(), message);
        assert_eq!(message.envelope.to()[0].to_string(), "faktura@karasjok.example");
        let text = String::from_utf8(message.bytes).unwrap();
        assert!(text.is_ascii());
        expect_file!["../../tests/golden/mail/invoice.eml"].assert_eq(&text.replace("\r\n", "\n"));
    }

    fn said(document: Document<'_>, procurement_name: &str, illustrative: bool) -> [String; 2] {
        let facts = facts(&IssuedDocument { document, procurement_name, illustrative });
        [fill(&TEMPLATES.text, "body.txt", &facts).unwrap(), fill(&TEMPLATES.html, "body.html", &facts).unwrap()]
    }

    #[test]
    fn the_words_of_the_message_read_well() {
        let invoice = sample::invoice();
        let [text, html] = said(Document::Invoice(&invoice), "<Felles & likt>", true);
        expect_file!["../../tests/golden/mail/invoice.txt"].assert_eq(&text);
        assert!(html.contains("&lt;Felles &amp; likt&gt;"));
        assert!(!said(Document::Invoice(&invoice), "", false)[0].contains("oppdiktet"));
    }

    #[test]
    fn an_invoice_with_a_kid_is_to_be_paid_by_it_and_one_without_by_its_number() {
        let without = sample::invoice();
        let with = Issued { kid: Some("2023000010".to_owned()), ..without.clone() };
        let text_of = |invoice| said(Document::Invoice(invoice), sample::PROCUREMENT, true)[0].clone();
        let [with, without] = [text_of(&with), text_of(&without)];
        assert!(with.contains("KID:            2023000010\n") && with.contains("Oppgi KID ved betaling."), "{with}");
        assert!(!with.contains("fakturanummeret") && without.contains("fakturanummeret") && !without.contains("KID"));
    }

    #[test]
    fn a_credit_note_and_a_reminder_are_written_of_in_their_own_words() {
        let (invoice, note) = (sample::invoice(), sample::credit_note());
        let [text, html] = said(Document::CreditNote(&note, &invoice), sample::PROCUREMENT, false);
        expect_file!["../../tests/golden/mail/credit_note.txt"].assert_eq(&text);
        assert!(html.contains("er kommet i dens sted"));
        let (reminder, reminded_of) = sample::reminder();
        let [text, html] = said(Document::Reminder(&reminder, 2, &reminded_of), sample::PROCUREMENT, true);
        expect_file!["../../tests/golden/mail/reminder.txt"].assert_eq(&text);
        assert!(html.contains("Purregebyr"));
    }

    #[test]
    fn who_came_after_the_issuer_reminds_in_its_own_name_and_says_who_issued() {
        let (reminder, invoice) = sample::reminder_of_successor();
        for said in said(Document::Reminder(&reminder, 2, &invoice), sample::PROCUREMENT, true) {
            let said = said.replace('\u{a0}', " ");
            assert!(said.contains("8601.11.17947") && !said.contains("1234.56.78903"), "{said}");
            assert!(said.contains("Troms fylkeskommune er kommet i dens sted."), "{said}");
            let (_, signed) = said.split_once("Vennlig hilsen").unwrap();
            assert!(signed.contains("Troms fylkeskommune") && signed.contains("930 068 128"), "{said}");
            assert!(!signed.contains("922 420 866"), "{said}");
        }
        let document = IssuedDocument {
            document: Document::Reminder(&reminder, 2, &invoice),
            procurement_name: "",
            illustrative: true,
        };
        let subject = fill(&TEMPLATES.text, "subject.txt", &facts(&document)).unwrap();
        assert_eq!(subject.trim_end(), "Purring på faktura 20230001 fra Troms fylkeskommune");
    }

    #[test]
    fn nothing_from_outside_becomes_a_header() {
        let issued = sample::invoice();
        for to in [
            correspondent("Karasjok\r\nBcc: another@other.example", "faktura@karasjok.example"),
            correspondent("Karasjok", "faktura@karasjok.example\r\nBcc: another@other.example"),
            correspondent("Karasjok", "faktura@karasjok.example, another@other.example"),
            correspondent("Karasjok", "another@other.example>\nBcc: <x@other.example"),
        ] {
            assert!(sent(&issued, &to).is_err(), "{to:?}");
        }
        let mut renamed = issued.clone();
        "Fylket\r\nBcc: another@other.example".clone_into(&mut renamed.issuer.name);
        let error = sent(&renamed, &correspondent("Karasjok", "faktura@karasjok.example")).unwrap_err();
        assert!(error.to_string().contains("cannot stand in Subject"), "{error}");
    }

    #[test]
    fn a_bad_address_is_named() {
        for address in ["", "karasjok.example", "økonomi@karasjok.example", "a@b@c"] {
            let error = sent(&sample::invoice(), &correspondent("Karasjok", address)).unwrap_err().to_string();
            assert!(error.starts_with(&format!("\"{address}\" in To is no e-mail address")), "{error}");
        }
    }

    #[test]
    fn a_message_id_is_one_word_in_angle_brackets() {
        for message_id in ["", "<>", "<a>", "a@b", "<a@b>\r\nX: y", "<a b@c>", "<a@b@c>"] {
            assert!(check_message_id(message_id).is_err(), "{message_id}");
        }
        check_message_id("<faktura-20230001.1@fylket.example>").unwrap();
    }

    fn templates_under(folder: &Path) -> Vec<PathBuf> {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        paths.flat_map(|path| if path.is_dir() { templates_under(&path) } else { vec![path] }).collect()
    }

    #[test]
    fn no_template_leaves_out_escaping() {
        let all = templates_under(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports"));
        let ours: Vec<&PathBuf> = all.iter().filter(|path| path.extension().is_some_and(|end| end == "hbs")).collect();
        assert!(ours.len() >= 3, "{ours:?}");
        for path in ours {
            let template = fs::read_to_string(path).unwrap();
            assert!(!template.contains("{{{") && !template.contains("{{&"), "{}", path.display());
        }
    }
}
