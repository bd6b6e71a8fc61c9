//! The API over real HTTP: by a client that knows nothing but the wire, against a server with a stopped clock.

mod access;
mod accounting;
mod accounts;
mod after_issue;
mod authenticator;
mod beside_fields;
mod browser;
mod by_role;
pub mod client;
mod commands;
mod damaged;
mod dissolution;
mod document;
mod finance_forms;
mod forms;
mod found;
mod halves;
mod invoices;
mod libraries;
mod live;
mod one_page;
mod pages;
mod payments;
mod provider;
mod reads;
mod refusals;
mod resumed;
pub mod service;
mod sign_in;
mod some_procurements;
mod supplier_files;
mod through_provider;
mod tls;
mod typed_days;
mod ways_back;

pub use sign_in::required;
