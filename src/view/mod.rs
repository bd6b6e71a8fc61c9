//! Answers: pure folds of the log and what can be read from them.

pub mod budget_sheet;
pub mod readiness;
