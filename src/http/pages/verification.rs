//! Whether the log is sound: found out where somebody asks for it by a form, once at a time, and remembered until it is
//! asked for again. Looking at what was found costs nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::{HttpResponse, rt, web};
use chrono::{DateTime, Utc};

use super::PageRoute;
use super::form::{Sent, see};
use crate::app::App;
use crate::domain::access::policy::{About, Operation};
use crate::http::problem::Problem;
use crate::render::page::Verified;
use crate::view::whole_book::check_book;

/// It is told anew how far it has come after so many percent.
const PERCENT_BETWEEN: u64 = 5;

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::post("/log/verify", &[Operation::CheckBook], begin)]
}

/// How far it has come, and what was found last.
#[derive(Debug, Clone, Default)]
pub struct Stand {
    /// How many events are looked at, of how many; none while nobody looks.
    pub running: Option<(u64, u64)>,
    /// What was found last, and when.
    pub found: Option<(Verified, DateTime<Utc>)>,
}

/// Whether the log is sound, as far as it is known.
#[derive(Debug, Default)]
pub struct Verification {
    stand: Mutex<Stand>,
    told: AtomicU64,
}

impl Verification {
    /// How it stands.
    pub fn stand(&self) -> Stand {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes up whenever there is something new to see.
    pub fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    fn change(&self, change: impl FnOnce(&mut Stand)) {
        change(&mut self.stand.lock().unwrap_or_else(PoisonError::into_inner));
        self.told.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether nobody looks yet, and one may begin.
    fn begins(&self) -> bool {
        let mut stand = self.stand.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = stand.running.is_none();
        stand.running.get_or_insert((0, 0));
        begins
    }

    fn has_come(&self, done: u64, of: u64) {
        let percent = |done: u64| (done * 100).checked_div(of).unwrap_or_default() / PERCENT_BETWEEN;
        let before = self.stand().running.map_or(0, |(done, _)| done);
        if percent(before) != percent(done) || before == 0 {
            self.change(|stand| stand.running = Some((done, of)));
        }
    }
}

async fn begin(
    app: web::Data<App>,
    verification: web::Data<Verification>,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    sent.asking.may(Operation::CheckBook, &About::default())?;
    app.ledger.follows_all()?;
    if verification.begins() {
        let looking = web::block(move || {
            let found = verified(&app, &verification);
            let at = app.clock.now();
            verification.change(|stand| *stand = Stand { running: None, found: Some((found, at)) });
        });
        rt::spawn(looking);
    }
    Ok(see("/log#verify-heading"))
}

fn verified(app: &App, verification: &Verification) -> Verified {
    let chain = app.store.verify(&mut |done, of| verification.has_come(done, of));
    let followed = app.ledger.now();
    let findings = check_book(&followed.book).findings.into_iter();
    let mut faults: Vec<String> = findings.map(|finding| format!("{}: {}", finding.about, finding.what)).collect();
    faults.extend(followed.damaged.iter().map(|(at, what)| format!("event {at}: {what}")));
    match chain {
        Ok(chain) if faults.is_empty() => {
            return Verified::Sound { count: chain.count, head: chain.head_hash.to_string() };
        }
        Ok(_) => {}
        Err(error) => faults.push(error.to_string()),
    }
    Verified::Faulty(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_looks_at_a_time_and_it_is_told_every_few_percent() {
        let verification = Verification::default();
        assert!(verification.begins());
        assert!(!verification.begins());
        let before = verification.told();
        for done in 0..=1_000 {
            verification.has_come(done, 1_000);
        }
        assert_eq!(verification.stand().running, Some((1_000, 1_000)));
        assert_eq!(verification.told() - before, 22);
        verification.change(|stand| stand.running = None);
        assert!(verification.begins());
    }
}
