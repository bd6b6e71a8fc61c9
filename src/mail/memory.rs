//! Letters in memory, for tests and rehearsals.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Connection, MailError, MailTransport, Outcome, Reply};
use crate::render::mail::Message;

/// Keeps messages in memory, for tests and rehearsals.
#[derive(Debug, Default)]
pub struct MemoryTransport {
    messages: Mutex<Vec<Message>>,
}

impl MemoryTransport {
    /// The messages taken so far, each once, in order.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl MailTransport for MemoryTransport {
    fn connect(&self) -> Result<Box<dyn Connection + '_>, MailError> {
        Ok(Box::new(self))
    }

    fn connections(&self) -> usize {
        1
    }

    fn answers_within(&self) -> Duration {
        Duration::ZERO
    }

    fn repeats_are_harmless(&self) -> bool {
        true
    }

    fn check(&self) -> Result<String, MailError> {
        Ok("letters are kept in memory".to_owned())
    }
}

impl Connection for &MemoryTransport {
    fn send(&mut self, message: &Message) -> Outcome {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if !messages.contains(message) {
            messages.push(message.clone());
        }
        Outcome::Accepted(Reply { text: format!("kept as number {}", messages.len()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::message;

    #[test]
    fn memory_keeps_each_message_once() {
        let transport = MemoryTransport::default();
        let first = message("faktura-1", "<1@fylket.example>", "Hei");
        transport.connect().unwrap().send(&first);
        transport.connect().unwrap().send(&first);
        assert_eq!(transport.messages(), [first]);
    }
}
