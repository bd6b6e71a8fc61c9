//! The real case of Troms og Finnmark as a story: what was wished on which day, by whom.

pub mod after_issue;
pub mod bank;
pub mod data;
pub mod story;

#[cfg(test)]
mod explained;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod tests;
