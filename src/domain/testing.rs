//! What the tests of the rules share.

pub(crate) mod facts;
pub(crate) mod invoices;

use std::fmt::Debug;

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::decider::Decider;

/// A day as people who keep lists write it.
#[track_caller]
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An exact number.
#[track_caller]
pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The n-th id: the same in every run.
pub(crate) fn nth(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// One of a few days, so that commands meet.
pub(crate) fn any_day() -> impl Strategy<Value = NaiveDate> {
    prop::sample::select(vec![
        day("2022-09-20"),
        day("2022-12-30"),
        day("2023-04-01"),
        day("2023-10-16"),
        day("2023-12-01"),
        day("2024-01-01"),
        day("2101-01-01"),
    ])
}

/// Whatever was wished before: what has just been granted yields nothing when wished again.
#[track_caller]
pub(crate) fn retries_are_harmless<D>(commands: &[D::Command])
where
    D: Decider,
    D::Command: Debug,
    D::Event: Debug + PartialEq,
    D::Rejection: Debug + PartialEq,
{
    commands.iter().fold(D::default(), |state, command| match state.decide(command) {
        Err(_) => state,
        Ok(events) => {
            let after = events.iter().fold(state, D::evolve);
            assert_eq!(after.decide(command), Ok(vec![]), "{command:?} wished again after {events:?}");
            after
        }
    });
}
