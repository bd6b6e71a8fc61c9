//! Why a hypothesis cannot be tried: in English by itself, and by its parts for who says it in another language.

use std::fmt;

use chrono::NaiveDate;

use crate::domain::money::AmountError;
use crate::domain::sharing_key::KeyError;

/// Why a hypothesis cannot be tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HypothesisError {
    /// Nothing would be otherwise.
    #[error("nothing in it would be otherwise: give at least one of key, amount, member, dates or old_contract")]
    Empty,
    /// A name means nothing, or several things.
    #[error("{section} {index}: \"{called}\" names {found} {what} of the procurement; name exactly one")]
    Ambiguous {
        /// The section.
        section: &'static str,
        /// The entry in it, from 1.
        index: usize,
        /// The name.
        called: String,
        /// How many it names.
        found: usize,
        /// What it should name.
        what: Meant,
    },
    /// An amount is no amount, or amounts do not go together.
    #[error("amount {index}: {fault}")]
    Amount {
        /// The entry, from 1.
        index: usize,
        /// What is wrong.
        fault: AmountFault,
    },
    /// An entry says nothing.
    #[error("{section} {index}: {lacks}")]
    SaysNothing {
        /// The section.
        section: &'static str,
        /// The entry in it, from 1.
        index: usize,
        /// What it should say.
        lacks: Unsaid,
    },
    /// A year or a day is not taken.
    #[error("{section} {index}: {fault}")]
    Time {
        /// The section.
        section: &'static str,
        /// The entry in it, from 1.
        index: usize,
        /// What is wrong, and what to do.
        fault: TimeFault,
    },
    /// The key itself is at fault.
    #[error("key {index}: {fault}")]
    Key {
        /// The entry, from 1.
        index: usize,
        /// What is wrong.
        fault: KeyError,
    },
}

/// What a name in a hypothesis should mean one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Parties.
    Parties,
    /// Sharing keys.
    SharingKeys,
    /// Costs or licences.
    Items,
    /// Contracts for the old system.
    OldContracts,
}

impl fmt::Display for Meant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Parties => "parties",
            Self::SharingKeys => "sharing keys",
            Self::Items => "costs or licences",
            Self::OldContracts => "old contracts",
        })
    }
}

/// What is wrong with the amounts of an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    /// One cannot be read.
    #[error(transparent)]
    Unread(#[from] AmountError),
    /// Neither one nor three are given.
    #[error("give either amount, or low, likely and high")]
    NeitherOneNorThree,
    /// One is below zero, or they do not rise.
    #[error("an amount is not negative, and low, likely and high rise in this order")]
    OutOfOrder,
}

/// What an entry should say and does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsaid {
    /// Which of several keys, or of none.
    #[error("the procurement has no sharing key, or several; name one of them with in_place_of")]
    WhichKey,
    /// The year that a cost is moved to.
    #[error("a cost is moved to another year: give year")]
    YearOfCost,
    /// The days that a licence starts or ends.
    #[error("a licence starts or ends otherwise: give starts, ends or both")]
    DaysOfLicence,
    /// The days that a member joins or leaves.
    #[error("say when it joins, when it leaves, or both")]
    DaysOfMember,
}

/// What is wrong with a year or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeFault {
    /// The day is none that is taken.
    #[error("{0} is before 1800 or after 2100; check the year")]
    Day(NaiveDate),
    /// The year is none that is taken.
    #[error("the year {0} is outside 2000 to 2100; check it")]
    Year(i32),
    /// A licence would end before it starts.
    #[error("the licence would end on {ends}, before it starts on {starts}; give both days")]
    EndsFirst {
        /// Its first day.
        starts: NaiveDate,
        /// Its last day.
        ends: NaiveDate,
    },
    /// A member would leave before it joins.
    #[error("it would leave on {leaves}, before it joins on {joins}; check the two days")]
    LeavesFirst {
        /// Its first day.
        joins: NaiveDate,
        /// Its last day.
        leaves: NaiveDate,
    },
}
