//! The API over real HTTP: by a client that knows nothing but the wire, against a server with a stopped clock.

mod accounting;
mod after_issue;
mod client;
mod commands;
mod document;
mod invoices;
mod payments;
mod reads;
mod refusals;
pub mod service;
mod supplier_files;
