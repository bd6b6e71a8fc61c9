//! Shares the cost of joint public procurements: agreements, budgets and invoices from one event log.
//!
//! The modules stand in reading order, which is dependency order: nothing knows what stands below it.

pub mod decider;
pub mod domain;
pub mod view;

pub mod render;

pub mod mail;
