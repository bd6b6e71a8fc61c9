//! Who may do what: one pure function over one table. What the table does not allow is refused.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Held, Role};
use crate::domain::identity::{PartyId, PersonId, ProcurementId};

/// A grave operation is done within so many minutes of a strong proof of who one is.
pub const GRAVE_MINUTES_MAX: i64 = 15;

/// What kind of thing an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// It says nothing of anybody, and everybody may ask.
    Open,
    /// It reads.
    Read,
    /// It changes something: only after a strong sign-in.
    Write,
    /// It binds somebody, moves money or gives power: only shortly after a strong proof, and never by a token alone.
    Grave,
}

/// How far a role reaches with an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not at all.
    None,
    /// What is within its own scope.
    Own,
    /// Also what it has in common with others: what is shared in a procurement in which its party takes part.
    Shared,
    /// Everything.
    All,
}

/// How far each role reaches with one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the roles")]
pub struct Row {
    pub county_library: Reach,
    pub municipal_leader: Reach,
    pub library_leader: Reach,
    pub finance: Reach,
    pub county_finance: Reach,
    pub auditor: Reach,
    pub administrator: Reach,
}

impl Row {
    /// How far a role reaches.
    #[must_use]
    pub fn reach(self, role: Role) -> Reach {
        match role {
            Role::CountyLibrary { .. } => self.county_library,
            Role::MunicipalLeader { .. } => self.municipal_leader,
            Role::LibraryLeader { .. } => self.library_leader,
            Role::Finance { .. } => self.finance,
            Role::CountyFinance { .. } => self.county_finance,
            Role::Auditor => self.auditor,
            Role::Administrator => self.administrator,
        }
    }
}

macro_rules! operations {
    ($(
        $(#[$doc:meta])*
        $name:ident ($nature:ident):
        $county_library:ident $municipal_leader:ident $library_leader:ident $finance:ident $county_finance:ident
        $auditor:ident $administrator:ident;
    )*) => {
        /// What can be done, as far as it matters who does it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $($(#[$doc])* $name,)*
        }

        impl Operation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, such as `ApproveRun`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// What kind of thing it does.
            #[must_use]
            pub fn nature(self) -> Nature {
                match self {
                    $(Self::$name => Nature::$nature,)*
                }
            }

            /// How far each role reaches.
            #[must_use]
            pub fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        county_library: Reach::$county_library,
                        municipal_leader: Reach::$municipal_leader,
                        library_leader: Reach::$library_leader,
                        finance: Reach::$finance,
                        county_finance: Reach::$county_finance,
                        auditor: Reach::$auditor,
                        administrator: Reach::$administrator,
                    },)*
                }
            }
        }
    };
}

operations! {
    //                         county  municipal library finance county  auditor administrator
    //                         library leader    leader          finance
    /// Whether the service lives and is ready, what its API is; signing in.
    UseTheDoor(Open):          None    None      None    None    None    None    None;
    /// One's own account: who one is, one's sign-ins, one's passkeys and tokens.
    KeepOwnAccount(Read):      All     All       All     All     All     All     All;
    /// Issue tokens on one's own behalf, and revoke them.
    KeepOwnTokens(Write):      All     All       All     All     All     None    All;
    /// Counters of the service.
    WatchService(Read):        None    None      None    None    None    None    All;

    /// Parties: their names, numbers and what they are measured by, which are public.
    SeeParties(Read):          All     All       All     All     All     All     All;
    /// Procurements with milestones and decisions.
    SeeProcurements(Read):     Own     Shared    Shared  Shared  Own     All     All;
    /// Affiliation agreements.
    SeeAgreements(Read):       Own     Own       Own     Own     Own     All     None;
    /// Libraries that take part, and whether they are ready.
    SeeSignups(Read):          Own     Own       Own     None    None    All     None;
    /// Contracts that are being replaced.
    SeeLegacies(Read):         Own     Own       Own     Own     None    All     None;
    /// Costs and licences.
    SeeAmounts(Read):          Own     Shared    Shared  Shared  Own     All     None;
    /// Sharing keys.
    SeeKeys(Read):             Own     Shared    Shared  Shared  Own     All     None;
    /// A party's budget sheet, and why its figures are what they are.
    SeeBudget(Read):           Own     Own       Own     Own     Own     All     None;
    /// Proposals of a sharing key that are not sent to anybody yet.
    SeeDrafts(Read):           Own     None      None    None    None    All     None;
    /// What would happen if: everybody's share before and after.
    TryHypothesis(Read):       Own     Shared    None    Shared  Own     All     None;
    /// Share an amount without any log.
    TryKey(Read):              All     All       All     All     All     All     None;

    /// Invoice runs, beside last year's.
    SeeRuns(Read):             Own     None      None    None    Own     All     None;
    /// Invoices and credit notes, with their documents.
    SeeInvoices(Read):         Own     Own       None    Own     Own     All     None;
    /// What is outstanding.
    SeeReceivables(Read):      Own     Own       None    Own     Own     All     None;
    /// Everybody's share of what was invoiced on account, against what it came to.
    SeeSettlement(Read):       Own     None      None    None    Own     All     None;
    /// Letters, and what became of them.
    SeeOutbox(Read):           Own     None      None    None    Own     All     None;
    /// Payments that came in.
    SeePayments(Read):         Own     None      None    None    Own     All     None;
    /// What an accounting system takes in.
    SeeAccounting(Read):       None    None      None    None    Own     All     None;

    /// The log.
    SeeLog(Read):              Own     None      None    None    None    All     None;
    /// Whether the whole book adds up.
    CheckBook(Read):           None    None      None    None    None    All     None;

    /// Register a party, and what the registers say of it.
    KeepParty(Write):          Own     None      None    None    None    None    None;
    /// Whom and what a party wants its invoices addressed to.
    KeepInvoiceAddress(Write): Own     Own       None    Own     Own     None    None;
    /// Open a procurement, set its milestones, pass it on.
    LeadProcurement(Write):    Own     None      None    None    None    None    None;
    /// Record how VAT is treated.
    DecideVat(Grave):          None    None      None    None    Own     None    None;
    /// Draft, send, put in force, amend and end agreements.
    KeepAgreement(Write):      Own     None      None    None    None    None    None;
    /// Sign an agreement, exercise its option, give notice.
    BindParty(Grave):          Own     Own       None    None    None    None    None;
    /// Sign libraries up, and choose what they take part in.
    KeepSignup(Write):         Own     Own       Own     None    None    None    None;
    /// Tick off what a library has done to be ready.
    TickReadiness(Write):      Own     Own       Own     None    None    None    None;
    /// Write to those who are behind.
    Nudge(Write):              Own     None      None    None    None    None    None;
    /// Say when a library must be ready, and that it went live.
    LeadSignup(Write):         Own     None      None    None    None    None    None;
    /// Contracts that are being replaced.
    KeepLegacy(Write):         Own     Own       Own     None    None    None    None;
    /// Record costs and licences, and what they are estimated at or came to.
    KeepAmounts(Write):        Own     None      None    None    None    None    None;
    /// Keep the file of a supplier's invoice.
    KeepFile(Write):           Own     None      None    None    Own     None    None;
    /// Propose a sharing key.
    ProposeKey(Write):         Own     None      None    None    None    None    None;
    /// Send a proposal of a key to everybody whom it concerns.
    SendHearing(Write):        Own     None      None    None    None    None    None;
    /// Answer a hearing.
    AnswerHearing(Write):      Own     Own       None    None    None    None    None;
    /// Adopt a sharing key.
    AdoptKey(Grave):           Own     None      None    None    None    None    None;

    /// Plan a run, discard it, send its prebill, answer objections.
    PlanRun(Write):            Own     None      None    None    Own     None    None;
    /// Object to what one is to be invoiced.
    Object(Write):             Own     Own       None    Own     Own     None    None;
    /// Approve a run.
    ApproveRun(Grave):         Own     None      None    None    Own     None    None;
    /// Carry out what is approved.
    IssueInvoices(Write):      Own     None      None    None    Own     None    None;
    /// Credit an invoice, and settle what was invoiced on account.
    CreditInvoice(Grave):      None    None      None    None    Own     None    None;
    /// Remind of an invoice, and waive what reminders cost.
    Remind(Write):             None    None      None    None    Own     None    None;
    /// Payments: bank files, what they pay, what is paid back.
    KeepPayments(Write):       None    None      None    None    Own     None    None;
    /// Let a letter go again, or say whether it arrived.
    MendLetter(Write):         Own     None      None    None    Own     None    None;

    /// Who has access to what.
    SeeAccounts(Read):         None    None      None    None    None    All     All;
    /// Invite people, close their accounts, end their sign-ins and tokens; ask for roles and revoke them.
    KeepAccounts(Write):       None    None      None    None    None    None    All;
    /// Erase a person's name and addresses, for good.
    ErasePerson(Grave):        None    None      None    None    None    None    All;
    /// Grant a role, and invite anew who may have roles.
    GrantAccess(Grave):        None    None      None    None    None    None    All;
}

/// Whose something is that an operation is about, and who may not do it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The procurements that it belongs to.
    pub procurements: Vec<ProcurementId>,
    /// The county authorities that answer for it.
    pub counties: Vec<PartyId>,
    /// The parties that it is about.
    pub parties: Vec<PartyId>,
    /// The parties that share it: those that take part in its procurements.
    pub sharers: Vec<PartyId>,
    /// Who made it, where two people are required: the operation then takes another one.
    pub made_by: Option<PersonId>,
}

impl About {
    /// Whether a role reaches it.
    #[must_use]
    pub fn is_within(&self, reach: Reach, role: Role) -> bool {
        match reach {
            Reach::None => false,
            Reach::Own => self.is_own(role),
            Reach::Shared => self.is_own(role) || self.is_shared_by(role),
            Reach::All => true,
        }
    }

    fn is_own(&self, role: Role) -> bool {
        match role {
            Role::CountyLibrary { procurement } => self.procurements.contains(&procurement),
            Role::MunicipalLeader { party } | Role::LibraryLeader { party } | Role::Finance { party } => {
                self.parties.contains(&party)
            }
            Role::CountyFinance { county } => self.counties.contains(&county),
            Role::Auditor | Role::Administrator => false,
        }
    }

    fn is_shared_by(&self, role: Role) -> bool {
        match role {
            Role::MunicipalLeader { party } | Role::LibraryLeader { party } | Role::Finance { party } => {
                self.sharers.contains(&party)
            }
            Role::CountyLibrary { .. } | Role::CountyFinance { .. } | Role::Auditor | Role::Administrator => false,
        }
    }
}

/// How somebody who is signed in has proven who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a password alone.
    Password,
    /// By a passkey, or by the second factor of a provider, last at an instant.
    Strong {
        /// The instant.
        at: DateTime<Utc>,
    },
    /// By a token that was issued to a program.
    Token,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person, by id alone.
    pub person: PersonId,
    /// The roles held; of a token those that it was issued for.
    pub held: Vec<Held>,
    /// How it is known who it is.
    pub proof: Proof,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// Nobody who is known.
    Stranger,
    /// Whoever works at this machine itself, where sign-in is switched off: everything is theirs.
    Operator,
    /// Somebody who is signed in.
    Person(SignedIn),
}

impl Asker {
    /// The person; none of a stranger and of the operator.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Stranger | Self::Operator => None,
            Self::Person(signed_in) => Some(signed_in.person),
        }
    }
}

/// When it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The day in Norway.
    pub day: NaiveDate,
}

/// What the policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Allowed,
    /// No: nobody is signed in.
    SignInNeeded,
    /// No: none of the roles held reaches it.
    OutOfReach,
    /// No: it takes a strong sign-in, or a fresh proof; which a person can give and a token cannot.
    ProofNeeded,
    /// No: two people are required, and the other one has to do it.
    OtherPersonNeeded,
}

/// Whether somebody may do something with something.
#[must_use]
pub fn allows(asker: &Asker, operation: Operation, about: &About, when: When) -> Decision {
    decide(asker, operation, about.made_by, when, |reach, role| about.is_within(reach, role))
}

/// Whether there may be anything at all with which somebody may do it: what a list asks before it asks for each entry.
#[must_use]
pub fn may_allow(asker: &Asker, operation: Operation, when: When) -> Decision {
    decide(asker, operation, None, when, |reach, _| reach != Reach::None)
}

fn decide(
    asker: &Asker,
    operation: Operation,
    made_by: Option<PersonId>,
    when: When,
    reaches: impl Fn(Reach, Role) -> bool,
) -> Decision {
    let nature = operation.nature();
    let signed_in = match asker {
        _ if nature == Nature::Open => return Decision::Allowed,
        Asker::Stranger => return Decision::SignInNeeded,
        Asker::Operator => return Decision::Allowed,
        Asker::Person(signed_in) => signed_in,
    };
    let row = operation.row();
    let in_force = signed_in.held.iter().filter(|held| held.holds_on(when.day));
    if !in_force.map(|held| held.role).any(|role| reaches(row.reach(role), role)) {
        return Decision::OutOfReach;
    }
    if !proof_suffices(signed_in.proof, nature, when.at) {
        return Decision::ProofNeeded;
    }
    if made_by == Some(signed_in.person) {
        return Decision::OtherPersonNeeded;
    }
    Decision::Allowed
}

/// Whether what is known of who asks is enough for what kind of thing an operation does.
#[must_use]
pub fn proof_suffices(proof: Proof, nature: Nature, now: DateTime<Utc>) -> bool {
    match nature {
        Nature::Open | Nature::Read => true,
        Nature::Write => proof != Proof::Password,
        Nature::Grave => match proof {
            Proof::Strong { at } => now.signed_duration_since(at) <= TimeDelta::minutes(GRAVE_MINUTES_MAX),
            Proof::Password | Proof::Token => false,
        },
    }
}
