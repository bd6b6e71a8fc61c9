//! Shares the cost of joint public procurements.

use std::process::ExitCode;

fn main() -> ExitCode {
    grenselos::cli::main()
}
