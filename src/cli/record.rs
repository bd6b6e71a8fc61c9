//! `grenselos record`: any command, as the API takes it, from a file.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Failure, Session};
use crate::archive;
use crate::domain::identity::{
    AgreementId, CostId, LegacyId, LicenceId, PartyId, ProcurementId, SharingKeyId, SignupId,
};
use crate::handle::{Wish, chained};
use crate::import::Draft;
use crate::references::{looked_up, misfit};
use crate::unreadable;

/// A larger file is taken in parts.
const FILE_BYTES_MAX: u64 = 32 << 20;

/// Commands to be carried out, all of them or none.
#[derive(Debug, Args)]
pub struct RecordArguments {
    /// The file: one JSON object a line.
    file: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: String,
    id: Uuid,
    command: serde_json::Value,
}

pub fn run(session: &Session, arguments: &RecordArguments) -> Result<(), Failure> {
    let file = &arguments.file;
    let text = read(file)?;
    let app = session.write()?;
    let person = |id| app.people.get(id).ok().flatten();
    let mut draft = Draft::new(app.ledger.now().book.clone(), &person, app.ids.as_ref());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let refused =
            |why: String| Failure::Asked(format!("{}, line {number}: {why}; nothing was recorded", file.display()));
        let wish = looked_up(draft.book(), wish(line).map_err(refused)?);
        if let Some(misfit) = misfit(draft.book(), &wish) {
            return Err(refused(misfit.to_string()));
        }
        if let Some(sha256) = archive::missing_file(&app.archive(), &wish) {
            return Err(refused(format!(
                "no file of this size and type with the SHA-256 {sha256} is in the archive; use `grenselos supplier-invoice \
                 attach`, which keeps the file as well"
            )));
        }
        draft.wish(wish).map_err(|rejected| refused(rejected.to_string()))?;
    }
    let (wishes, _) = draft.take_out();
    let chain = app.ids.new_id();
    let written = app.ledger.carry_out_together(&chained(chain, "command line", app.clock.as_ref(), wishes))?;
    writeln!(io::stdout().lock(), "{written} events recorded")?;
    Ok(())
}

fn read(file: &Path) -> Result<String, Failure> {
    let unreadable = |why: String| Failure::Asked(format!("{}: {why}", file.display()));
    if fs::metadata(file).map_err(|error| unreadable(error.to_string()))?.len() > FILE_BYTES_MAX {
        return Err(unreadable(format!("it is larger than {FILE_BYTES_MAX} bytes; record it in parts")));
    }
    fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))
}

fn wish(line: &str) -> Result<Wish, String> {
    let line = serde_json::from_str(line).map_err(|error| format!("it is not JSON: {error}"))?;
    let Line { kind, id, command } = unreadable::read(&line).map_err(|error| error.to_string())?;
    Ok(match kind.as_str() {
        "party" => Wish::Party(PartyId(id), parsed(&command)?),
        "procurement" => Wish::Procurement(ProcurementId(id), parsed(&command)?),
        "agreement" => Wish::Agreement(AgreementId(id), parsed(&command)?),
        "signup" => Wish::Signup(SignupId(id), parsed(&command)?),
        "legacy" => Wish::Legacy(LegacyId(id), parsed(&command)?),
        "cost" => Wish::Cost(CostId(id), parsed(&command)?),
        "licence" => Wish::Licence(LicenceId(id), parsed(&command)?),
        "sharing-key" => Wish::SharingKey(SharingKeyId(id), parsed(&command)?),
        other => {
            return Err(format!(
                "\"{other}\" is no kind; give party, procurement, agreement, signup, legacy, cost, licence or sharing-key"
            ));
        }
    })
}

fn parsed<C: DeserializeOwned>(command: &serde_json::Value) -> Result<C, String> {
    unreadable::read(command).map_err(|error| error.to_string())
}
