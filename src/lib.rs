//! Shares the cost of joint public procurements: agreements, budgets and invoices from one event log.
//!
//! The modules stand in reading order, which is dependency order: nothing knows what stands below it.

pub mod lookup;

pub mod decider;
pub mod domain;

pub mod clock;
pub mod ids;
pub mod rounds;
pub mod side_by_side;
pub mod whole_file;

pub mod schema;
pub mod store;
pub mod view;

pub mod process;

pub mod alphabet;
pub mod table;
pub mod text;
pub mod unreadable;

pub mod handle;
pub mod ledger;
pub mod people;
pub mod references;

pub mod dissolution;

pub mod toml_file;

pub mod key_file;
pub mod split;

pub mod render;

pub mod accounting;
pub mod config;
pub mod exchange;
pub mod relocation;

pub mod archive;
pub mod mail;
pub mod worker;

pub mod import;

pub mod after_issue;

pub mod sign_in;

pub mod app;
pub mod demo;
pub mod http;

pub mod cli;
