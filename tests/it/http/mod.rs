//! The API over real HTTP: by a client that knows nothing but the wire, against a server with a stopped clock.

mod access;
mod accounting;
mod after_issue;
mod authenticator;
mod browser;
mod client;
mod commands;
mod document;
mod invoices;
mod live;
mod pages;
mod payments;
mod reads;
mod refusals;
pub mod service;
mod sign_in;
mod supplier_files;
mod tls;
