//! Answers: pure folds of the log and what can be read from them.

pub mod became_known;
pub mod board;
pub mod book;
pub mod budget;
pub mod budget_sheet;
pub mod comparable;
pub mod distribution;
pub mod documents;
pub mod explanation;
pub mod holders;
pub mod left_behind;
pub mod notices;
pub mod outbox;
pub mod owed;
pub mod postings;
pub mod proposals;
pub mod readiness;
pub mod receivables;
pub mod register;
pub mod run_comparison;
pub mod shares;
pub mod subject;
pub mod unfinished;
pub mod what_if;
pub mod whole_book;
pub mod whose;
