//! Passwords: argon2id, and pauses that grow when they are guessed.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use chrono::TimeDelta;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The fewest characters of a password. Length is what counts: no rule asks for digits or signs.
pub const PASSWORD_CHARACTERS_MIN: usize = 12;
/// The most characters of a password.
pub const PASSWORD_CHARACTERS_MAX: usize = 200;
/// So many failures in a row have no consequence.
const FAILURES_FREE: u32 = 5;
/// No pause is longer than so many minutes.
const PAUSE_MINUTES_MAX: i64 = 60;

/// So many passwords are looked at in the same moment: each takes 19 MiB and a processor.
const AT_ONCE_MAX: usize = 8;

/// Whose password is looked at.
#[derive(Debug)]
pub(super) struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE_MAX))
    }
}

impl Turns {
    /// A turn, until it is dropped; none where there are too many at this moment.
    pub(super) fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.0.try_acquire().ok()
    }
}

/// Why a password cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is too short or too long.
    #[error(
        "the password has {characters} characters; choose one of {PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX}, such \
         as a few words that only you put together"
    )]
    Length {
        /// How many it has.
        characters: usize,
    },
    /// It could not be hashed.
    #[error("the password could not be hashed")]
    Hash,
}

/// How long an account is locked after so many failures in a row: not at all at first, then for one minute, and twice as long
/// each time.
#[must_use]
pub fn pause(failures: u32) -> TimeDelta {
    let doublings = failures.saturating_sub(FAILURES_FREE);
    if failures < FAILURES_FREE {
        return TimeDelta::zero();
    }
    TimeDelta::minutes(1_i64.checked_shl(doublings).unwrap_or(PAUSE_MINUTES_MAX).clamp(1, PAUSE_MINUTES_MAX))
}

/// The hash to keep: argon2id by the parameters that its authors and OWASP recommend (19 MiB, two passes).
pub(super) fn hash(password: &str, salt: &[u8; 32]) -> Result<String, PasswordError> {
    let characters = password.chars().count();
    if !(PASSWORD_CHARACTERS_MIN..=PASSWORD_CHARACTERS_MAX).contains(&characters) {
        return Err(PasswordError::Length { characters });
    }
    let salt = SaltString::encode_b64(salt.first_chunk::<16>().unwrap_or(&[0; 16])).map_err(|_| PasswordError::Hash)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|_| PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Whether it is the password that was kept; where none was, it takes as long to find out.
pub(super) fn verify(password: &str, kept: Option<&str>) -> bool {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    let nobodys = || NOBODYS.get_or_init(|| hash("the password of nobody", &[0; 32]).unwrap_or_default()).as_str();
    let Ok(parsed) = PasswordHash::new(kept.unwrap_or_else(nobodys)) else { return false };
    let cut: String = password.chars().take(PASSWORD_CHARACTERS_MAX + 1).collect();
    Argon2::default().verify_password(cut.as_bytes(), &parsed).is_ok() && kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_begin_with_the_fifth_failure_and_grow_to_an_hour() {
        let minutes: Vec<i64> = [0, 4, 5, 6, 7, 10, 11, 12, 63, 64, u32::MAX].map(|n| pause(n).num_minutes()).to_vec();
        assert_eq!(minutes, [0, 0, 1, 2, 4, 32, 60, 60, 60, 60, 60]);
    }

    #[test]
    fn a_password_is_kept_as_argon2id_and_known_again() {
        let kept = hash("fire ord satt sammen", &[7; 32]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify("fire ord satt sammen", Some(&kept)));
        assert!(!verify("fire ord satt sammen!", Some(&kept)));
        assert!(!verify("the password of nobody", None));
    }

    #[test]
    fn only_so_many_are_looked_at_in_the_same_moment() {
        let turns = Turns::default();
        let mut taken: Vec<_> = (0..AT_ONCE_MAX).map(|_| turns.turn().unwrap()).collect();
        assert!(turns.turn().is_none());
        taken.pop();
        assert!(turns.turn().is_some());
    }

    #[test]
    fn a_short_password_is_not_taken() {
        assert_eq!(hash("elleve tegn", &[7; 32]), Err(PasswordError::Length { characters: 11 }));
    }
}
