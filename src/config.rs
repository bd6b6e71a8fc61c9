//! Settings: the defaults of `config/default.toml`, with single values replaced by a file of the operator's.

mod provider;
mod rates;
mod reach;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::domain::check_digit::{is_account_number, is_organisation_number};
use crate::domain::kid::KidScheme;
use crate::render::accounting::Chart;
use crate::store::home::{Limits, LogPlace, LogPlaceError};

pub use provider::{Kind as ProviderKind, Provider};

const DEFAULTS: &str = include_str!("../config/default.toml");
/// A larger file is not read.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// All settings; `config/default.toml` explains each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Settings {
    pub data: Data,
    pub http: Http,
    pub sign_in: SignIn,
    pub invoice: Invoice,
    pub kid: KidScheme,
    pub late_payment: LatePayment,
    pub mail: Mail,
    pub accounting: Chart,
    pub ehf: Ehf,
}

/// Where things lie.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Data {
    pub directory: PathBuf,
    pub store: String,
    pub stream_prefix: String,
    pub turn_seconds: u32,
    pub answer_seconds_max: u32,
    pub look_milliseconds: u32,
    pub waiting_appends_max: usize,
    pub procurements: Vec<String>,
}

impl Data {
    /// Where the log is.
    ///
    /// # Errors
    /// The setting names no place.
    pub fn log_place(&self) -> Result<LogPlace, LogPlaceError> {
        self.place_named(&self.store)
    }

    /// Where a log is that is called so, on these terms.
    ///
    /// # Errors
    /// It is nowhere.
    pub fn place_named(&self, store: &str) -> Result<LogPlace, LogPlaceError> {
        let limits = Limits {
            answer: Duration::from_secs(self.answer_seconds_max.into()),
            look_every: Duration::from_millis(self.look_milliseconds.into()),
            waiting_max: self.waiting_appends_max,
        };
        LogPlace::named(store, &self.directory, &self.stream_prefix, limits)
    }

    /// The limits of talking to a cluster, with the least and the most that works.
    fn cluster_limits(&self) -> [(&'static str, u64, u64, u64); 3] {
        [
            ("answer_seconds_max", self.answer_seconds_max.into(), 1, 60),
            ("look_milliseconds", self.look_milliseconds.into(), 20, 1_000),
            ("waiting_appends_max", self.waiting_appends_max as u64, 1, 10_000),
        ]
    }
}

/// The longest turn: half as long again, and the second after which the next worker looks, are within a minute.
pub const TURN_SECONDS_MAX: u32 = 38;

/// How the service listens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Http {
    pub bind: SocketAddr,
    pub request_bytes_max: usize,
    pub request_seconds_max: u64,
    pub connections_max: usize,
    pub requests_per_second_max: u32,
    pub certificate_file: PathBuf,
    pub key_file: PathBuf,
    pub proxy: String,
}

/// Who gets in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct SignIn {
    pub required: bool,
    pub origin: String,
    pub attempts_per_minute_max: u32,
    pub two_people: Vec<String>,
    #[serde(rename = "provider")]
    pub providers: Vec<Provider>,
}

/// What stands on invoices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Invoice {
    pub account_number: String,
    pub account_numbers: BTreeMap<String, String>,
    pub due_days: u32,
    pub prebill: Prebill,
    pub approvers: u8,
}

impl Invoice {
    /// The account to pay an issuer to, by its organisation number.
    #[must_use]
    pub fn account_of(&self, organisation_number: Option<&str>) -> &str {
        let own = organisation_number.and_then(|number| self.account_numbers.get(number));
        own.unwrap_or(&self.account_number)
    }

    /// All accounts that are paid to, each once.
    #[must_use]
    pub fn accounts(&self) -> BTreeSet<&str> {
        self.account_numbers.values().chain([&self.account_number]).map(String::as_str).collect()
    }
}

/// Whether a run may go without a prebill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Prebill {
    /// It may.
    Optional,
    /// It may not.
    Required,
}

/// What happens where an invoice is not paid in time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct LatePayment {
    pub reminders: bool,
    pub fee: bool,
    pub interest: bool,
    pub pay_days: u32,
    pub interest_percent: BTreeMap<NaiveDate, Decimal>,
    pub fee_maximum: BTreeMap<NaiveDate, u32>,
}

/// How e-invoices leave.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Ehf {
    pub outgoing: PathBuf,
}

/// How letters are sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Mail {
    pub sender_name: String,
    pub sender_address: String,
    pub directory: PathBuf,
    pub smtp: Smtp,
}

/// The mail server. Without a host letters are files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains each")]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: Security,
    pub user: String,
    pub password_file: PathBuf,
    pub ca_file: PathBuf,
    pub timeout_seconds: u64,
    pub connections: usize,
    pub dkim_key_file: PathBuf,
    pub dkim_selector: String,
    pub dkim_domain: String,
}

/// How the connection to the mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Opened plainly and secured before anything is said; refused where it cannot be.
    Starttls,
    /// Secured from the first byte.
    Tls,
    /// Not at all: only within this machine.
    None,
}

impl Smtp {
    /// Whether letters go to a mail server.
    #[must_use]
    pub fn is_used(&self) -> bool {
        !self.host.is_empty()
    }

    /// Whether letters are signed.
    #[must_use]
    pub fn signs(&self) -> bool {
        !self.dkim_key_file.as_os_str().is_empty()
    }

    /// The setting that cannot work, and why.
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        let is_within_this_machine = matches!(&*self.host, "localhost" | "127.0.0.1" | "::1");
        let signs_by = [self.signs(), !self.dkim_selector.is_empty(), !self.dkim_domain.is_empty()];
        [
            (
                self.is_used() && self.tls == Security::None && !is_within_this_machine,
                "tls",
                "is \"none\", so that letters and the password could be read on their way: use \"starttls\" or \"tls\"",
            ),
            (
                self.user.is_empty() && !self.password_file.as_os_str().is_empty(),
                "user",
                "is empty, but there is a password_file: say whose password it is",
            ),
            (!(1..=600).contains(&self.timeout_seconds), "timeout_seconds", "is none: give a number from 1 to 600"),
            (!(1..=32).contains(&self.connections), "connections", "is none: give a number from 1 to 32"),
            (
                signs_by.contains(&true) && signs_by.contains(&false),
                "dkim_key_file",
                "goes together with dkim_selector and dkim_domain: give all three, or none",
            ),
        ]
        .into_iter()
        .find_map(|(is_wrong, setting, why)| is_wrong.then_some((setting, why)))
    }
}

/// Why settings are not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("the settings file {} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is too large.
    #[error("the settings file {} is larger than {FILE_BYTES_MAX} bytes; it cannot be one", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The settings are not understood.
    #[error("the settings of {of} are not understood: {reason}; config/default.toml shows every key")]
    Parse {
        /// The file, or the defaults.
        of: String,
        /// Why.
        reason: String,
    },
    /// Who could reach the service, or how they would sign in, does not fit together.
    #[error("{setting} {why}")]
    Reach {
        /// The setting.
        setting: &'static str,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// The log is nowhere.
    #[error("data.store {0}")]
    Store(LogPlaceError),
    /// A turn is too short or too long.
    #[error(
        "data.turn_seconds is {turn_seconds}; give 3 to {TURN_SECONDS_MAX}, so that an instance that dies is succeeded within a \
         minute"
    )]
    Turn {
        /// What stands there.
        turn_seconds: u32,
    },
    /// A limit of talking to the cluster is too small or too large.
    #[error("data.{setting} is {given}; give {least} to {most}")]
    Cluster {
        /// The setting.
        setting: &'static str,
        /// What stands there.
        given: u64,
        /// The least that works.
        least: u64,
        /// The most.
        most: u64,
    },
    /// An account is given for what is no organisation number.
    #[error(
        "invoice.account_numbers gives an account to {organisation_number}, which is no organisation number: nine digits, the last a check digit (MOD11)"
    )]
    AccountOfNobody {
        /// What stands there.
        organisation_number: String,
    },
    /// An account number is none.
    #[error(
        "invoice.account_number, or one of invoice.account_numbers, is {account_number}, which is no account number: eleven digits, the last a check digit (MOD11)"
    )]
    AccountNumber {
        /// What stands there.
        account_number: String,
    },
    /// A run takes one person or two.
    #[error("invoice.approvers is {approvers}; give 1, or 2 where nobody approves a plan of their own")]
    Approvers {
        /// What stands there.
        approvers: u8,
    },
    /// The KID has no room.
    #[error(
        "kid: {} characters with the check digit, of which {} for the invoice number, make no KID; a KID has 2 to 25, of which \
         at least nine for the invoice number, and none or at least four for the customer", kid.length(), kid.number_digits
    )]
    Kid {
        /// What stands there.
        kid: KidScheme,
    },
    /// The rates of late-payment interest are none.
    #[error("late_payment.interest_percent cannot be used")]
    Rates(#[source] rates::RatesError),
    /// A reminder gives too little time.
    #[error("late_payment.pay_days is {pay_days}; a reminder gives at least 14 days (inkassoforskriften § 1-3)")]
    PayDays {
        /// What stands there.
        pay_days: u32,
    },
    /// The address letters come from is none.
    #[error("mail.sender_address is \"{sender_address}\", which is no e-mail address; write it as name@domain.example")]
    SenderAddress {
        /// What stands there.
        sender_address: String,
    },
    /// The accounts or VAT codes cannot be used so.
    #[error("accounting.{setting} {why}")]
    Accounting {
        /// The setting.
        setting: String,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
    /// Nowhere to lay e-invoices.
    #[error("ehf.outgoing is empty; name the folder from which the access point picks e-invoices up")]
    EhfOutgoing,
    /// The mail server cannot be used so.
    #[error("mail.smtp.{setting} {why}")]
    Smtp {
        /// The setting.
        setting: &'static str,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
}

impl Settings {
    /// The defaults, with the values of `file` in their place where one is named.
    ///
    /// # Errors
    /// The file cannot be read or understood, or a value cannot work.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let mut settings = parse("config/default.toml", DEFAULTS)?;
        if let Some(path) = file {
            let unreadable = |source| SettingsError::Read { path: path.to_owned(), source };
            if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
                return Err(SettingsError::TooLarge { path: path.to_owned() });
            }
            let text = std::fs::read_to_string(path).map_err(unreadable)?;
            replace(&mut settings, parse(&path.display().to_string(), &text)?);
        }
        let of = file.map_or_else(|| "config/default.toml".to_owned(), |path| path.display().to_string());
        let settings: Self = settings.try_into().map_err(|error| not_understood(of, &error))?;
        settings.checked()
    }

    /// The settings, where they can work.
    ///
    /// # Errors
    /// A value cannot work.
    pub fn checked(self) -> Result<Self, SettingsError> {
        if let Some((setting, why)) = reach::fault(&self.http, &self.sign_in) {
            return Err(SettingsError::Reach { setting, why });
        }
        if !(3..=TURN_SECONDS_MAX).contains(&self.data.turn_seconds) {
            return Err(SettingsError::Turn { turn_seconds: self.data.turn_seconds });
        }
        for (setting, given, least, most) in self.data.cluster_limits() {
            if !(least..=most).contains(&given) {
                return Err(SettingsError::Cluster { setting, given, least, most });
            }
        }
        self.data.log_place().map_err(SettingsError::Store)?;
        if let Some(faulty) = self.invoice.accounts().into_iter().find(|account| !is_account_number(account)) {
            return Err(SettingsError::AccountNumber { account_number: faulty.to_owned() });
        }
        if let Some(nobody) = self.invoice.account_numbers.keys().find(|number| !is_organisation_number(number)) {
            return Err(SettingsError::AccountOfNobody { organisation_number: nobody.clone() });
        }
        if !(1..=2).contains(&self.invoice.approvers) {
            return Err(SettingsError::Approvers { approvers: self.invoice.approvers });
        }
        if !self.kid.is_possible() {
            return Err(SettingsError::Kid { kid: self.kid });
        }
        self.late_payment.interest_rates()?;
        if u64::from(self.late_payment.pay_days) < crate::domain::late_payment::REMINDER_DAYS_MIN {
            return Err(SettingsError::PayDays { pay_days: self.late_payment.pay_days });
        }
        if self.mail.sender_address.parse::<lettre::Address>().is_err() {
            return Err(SettingsError::SenderAddress { sender_address: self.mail.sender_address });
        }
        if self.ehf.outgoing.as_os_str().is_empty() {
            return Err(SettingsError::EhfOutgoing);
        }
        if let Some((setting, why)) = self.mail.smtp.fault() {
            return Err(SettingsError::Smtp { setting, why });
        }
        if let Some((setting, why)) = self.accounting.fault() {
            return Err(SettingsError::Accounting { setting, why });
        }
        Ok(self)
    }
}

fn parse(of: &str, text: &str) -> Result<toml::Table, SettingsError> {
    text.parse().map_err(|error| not_understood(of.to_owned(), &error))
}

fn not_understood(of: String, error: &toml::de::Error) -> SettingsError {
    SettingsError::Parse { of, reason: error.message().lines().collect::<Vec<_>>().join("; ") }
}

/// Puts the values of `with` in the place of those in `table`, section by section.
fn replace(table: &mut toml::Table, with: toml::Table) {
    for (key, value) in with {
        match (table.get_mut(&key), value) {
            (Some(toml::Value::Table(section)), toml::Value::Table(values)) => replace(section, values),
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Result<Settings, String> {
        let mut table = parse("config/default.toml", DEFAULTS).unwrap();
        replace(&mut table, parse("mine.toml", text).map_err(|error| error.to_string())?);
        let settings: Settings = table.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        settings.checked().map_err(|error| error.to_string())
    }

    #[test]
    fn each_issuer_has_its_own_account_and_who_is_not_named_the_common_one() {
        let settings =
            with("[invoice.account_numbers]\n930068128 = \"12345678903\"\n[invoice]\naccount_number = \"60011234561\"");
        let invoice = settings.unwrap().invoice;
        assert_eq!(invoice.account_of(Some("930068128")), "12345678903");
        assert_eq!([Some("922420866"), None].map(|number| invoice.account_of(number)), ["60011234561"; 2]);
        assert_eq!(Vec::from_iter(invoice.accounts()), ["12345678903", "60011234561"]);
    }

    #[test]
    fn the_defaults_work() {
        assert_eq!(Settings::load(None).unwrap().http.bind.port(), 8080);
    }

    #[test]
    fn a_file_replaces_single_values() {
        let settings = with("[http]\nbind = \"127.0.0.1:9000\"").unwrap();
        assert_eq!(settings.http.bind.port(), 9000);
        assert_eq!(settings.invoice.due_days, 30);
    }

    #[test]
    fn what_cannot_work_is_said_at_the_start() {
        assert!(with("[http]\nbind = \"0.0.0.0:80\"").unwrap_err().contains("while nobody has to sign in"));
        let reached = "[http]\nbind = \"0.0.0.0:80\"\n[sign_in]\nrequired = true\n";
        assert!(with(reached).unwrap_err().contains("without TLS"));
        let by_proxy = reached.replace("[sign_in]", "proxy = \"10.0.0.5\"\n[sign_in]");
        assert!(with(&by_proxy).unwrap_err().contains("has https://"));
        with(&format!("{by_proxy}origin = \"https://grenselos.fylke.example\"")).unwrap();
        assert!(with(&by_proxy.replace("10.0.0.5", "proxy.example")).unwrap_err().contains("no address such as"));
        assert!(with("[http]\nkey_file = \"key.pem\"").unwrap_err().contains("are given together"));
        assert!(with("[sign_in]\norigin = \"localhost\"").unwrap_err().contains("scheme and host alone"));
        assert!(with("[sign_in]\ntwo_people = [\"SeeLog\"]").unwrap_err().contains("names \"SeeLog\""));
        assert!(with("[http]\nbond = 1").unwrap_err().contains("bond"));
        assert!(with("[invoice]\naccount_number = \"12345678901\"").unwrap_err().contains("no account number"));
        let of_troms = |account: &str| format!("[invoice.account_numbers]\n930068128 = \"{account}\"");
        assert!(with(&of_troms("12345678901")).unwrap_err().contains("no account number"));
        assert!(with(&of_troms("12345678903").replace("8128", "8129")).unwrap_err().contains("organisation number"));
        assert!(with("[invoice]\napprovers = 3").unwrap_err().starts_with("invoice.approvers is 3; give 1, or 2"));
        assert!(with("[invoice]\nprebill = \"never\"").unwrap_err().contains("never"));
        for no_room in ["number_digits = 25", "number_digits = 8", "customer_digits = 3"] {
            assert!(with(&format!("[kid]\n{no_room}")).unwrap_err().contains("make no KID"), "{no_room}");
        }
        assert!(with("[late_payment]\npay_days = 13").unwrap_err().contains("at least 14 days"));
        assert!(with("[late_payment.interest_percent]\n2027-02-01 = \"12\"").unwrap_err().contains("cannot be used"));
        assert!(with("[ehf]\noutgoing = \"\"").unwrap_err().starts_with("ehf.outgoing is empty"));
        assert!(with("[mail]\nsender_address = \"fylket\"").unwrap_err().contains("no e-mail address"));
    }

    #[test]
    fn limits_of_talking_to_a_cluster_that_cannot_work_are_said_at_the_start() {
        let data = |text: &str| with(&format!("[data]\n{text}"));
        for (setting, least, most) in [
            ("turn_seconds", 3, 38),
            ("answer_seconds_max", 1, 60),
            ("look_milliseconds", 20, 1_000),
            ("waiting_appends_max", 1, 10_000),
        ] {
            for works in [least, most] {
                data(&format!("{setting} = {works}")).unwrap();
            }
            for out_of_range in [least - 1, most + 1] {
                let said = data(&format!("{setting} = {out_of_range}")).unwrap_err();
                assert!(
                    said.starts_with(&format!("data.{setting} is {out_of_range}; give {least} to {most}")),
                    "{said}"
                );
            }
        }
        assert!(data("answer_seconds_max = -1").unwrap_err().contains("-1"));
        for nowhere in ["", "sqlite", "sqlite:", "postgres://one/log"] {
            assert_eq!(
                data(&format!("store = \"{nowhere}\"")).unwrap_err(),
                format!(
                    "data.store is \"{nowhere}\": write \"file\" for a file in data.directory, \"sqlite:DIRECTORY\" for one \
                     elsewhere, or the address of a cluster as in kurrentdb://one:2113,two:2113?tls=true or \
                     kurrentdb+discover://cluster.example:2113?tls=true (built with --features kurrentdb)"
                )
            );
        }
    }

    #[test]
    fn accounts_and_vat_codes_that_contradict_each_other_are_said_at_the_start() {
        let accounting = |text: &str| with(&format!("[accounting]\n{text}")).unwrap_err();
        assert!(with("[accounting.bank]\nnumber = \"1925\"").is_ok());
        assert!(accounting("contact = \"\"").starts_with("accounting.contact is empty"));
        assert!(accounting("bank = { number = \"1500\" }").starts_with("accounting.bank has the number of another"));
        assert!(accounting("resale.25.standard_code = \"1\"").contains("no standard code of what is sold"));
        assert!(
            accounting("resale.15.vat_code = \"3\"").starts_with("accounting.resale.25.vat_code stands for another")
        );
        let without = "resale.\"11.11\" = { vat_code = \"32\", standard_code = \"32\", account = { number = \"651\", \
                       name = \"Salg\", grouping_code = \"650\", part_of = \"result\" } }";
        assert!(accounting(without).starts_with("accounting.resale.11.11.vat_account is missing"));
    }

    #[test]
    fn a_mail_server_that_cannot_be_used_so_is_said_at_the_start() {
        let smtp = |text: &str| with(&format!("[mail.smtp]\n{text}")).unwrap_err();
        assert!(with("[mail.smtp]\nhost = \"localhost\"\ntls = \"none\"").unwrap().mail.smtp.is_used());
        assert!(smtp("host = \"mail.fylke.example\"\ntls = \"none\"").contains("could be read on their way"));
        assert!(smtp("password = \"hemmelig\"").contains("unknown field `password`"));
        assert!(smtp("password_file = \"secret\"").starts_with("mail.smtp.user is empty"));
        assert!(smtp("connections = 0").starts_with("mail.smtp.connections is none"));
        assert!(smtp("timeout_seconds = 3600").starts_with("mail.smtp.timeout_seconds is none"));
        assert!(smtp("dkim_selector = \"faktura\"").contains("give all three, or none"));
        assert!(smtp("tls = \"ssl\"").contains("ssl"));
    }
}
