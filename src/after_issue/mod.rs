//! What is wished after an invoice is issued, put together once for the command line, the API and the demonstration.

pub mod crediting;
pub mod paying;
pub mod reminder;
pub mod settling;
