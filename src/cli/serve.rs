//! `grenselos serve`.

use clap::{Args, ValueEnum};

use super::{Failure, Session};

/// What of the service runs in this process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// API and worker.
    #[default]
    All,
}

/// The service.
#[derive(Debug, Default, Args)]
pub struct ServeArguments {
    /// What of the service runs in this process.
    #[arg(long, value_enum, default_value_t = Role::All)]
    role: Role,
}

pub fn run(_session: &Session, _arguments: &ServeArguments) -> Result<(), Failure> {
    Ok(())
}
