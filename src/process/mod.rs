//! Work to do: pure folds into open tasks. Nothing is remembered anywhere else, so that a crash loses no task.

pub mod approval;
pub mod invoice_plan;
pub mod open_tasks;
