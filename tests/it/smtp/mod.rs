//! Letters to a real mail server, over TLS and with sign-in: `tests/smtp/server.py`.

pub mod outbox;
mod postfix;
mod transport;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use grenselos::config::{Security, Settings, Smtp};
use serde_json::Value;

use crate::{files, python};

/// A mail server that is gone with the test.
pub struct Server {
    process: Child,
    directory: PathBuf,
    ports: Value,
}

fn python() -> PathBuf {
    python::environment(Path::new("tests/smtp/requirements.txt"))
}

/// Starts a server of `tests/smtp` in a fresh directory; with it the directory, and what the server says first.
fn started(program: &str, name: &str) -> (Child, PathBuf, Value) {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("smtp").join(name);
    fs::remove_dir_all(&directory).ok();
    let mut process = Command::new(python())
        .arg(files::root().join("tests/smtp").join(program))
        .arg(&directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (process, directory, serde_json::from_str(&line).unwrap())
}

impl Server {
    pub fn start(name: &str) -> Self {
        let (process, directory, ports) = started("server.py", name);
        fs::write(directory.join("password"), "hemmelig\n").unwrap();
        fs::write(directory.join("wrong"), "gjettet\n").unwrap();
        Self { process, directory, ports }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn port(&self, way: &str) -> u16 {
        u16::try_from(self.ports[way].as_u64().unwrap()).unwrap()
    }

    /// The settings that work.
    pub fn smtp(&self) -> Smtp {
        Smtp {
            host: "localhost".to_owned(),
            port: self.port("starttls"),
            tls: Security::Starttls,
            user: "fylket".to_owned(),
            password_file: self.path("password"),
            ca_file: self.path("ca.pem"),
            timeout_seconds: 30,
            connections: 1,
            ..Settings::load(None).unwrap().mail.smtp
        }
    }

    /// The letters that were taken for an address, oldest first.
    pub fn mailbox(&self, address: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("mailboxes").join(address)).into_iter().flatten();
        let mut letters: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        letters.sort();
        letters
    }

    /// How many letters each address has got.
    pub fn counts(&self) -> Vec<(String, usize)> {
        let entries = fs::read_dir(self.path("mailboxes")).into_iter().flatten();
        let mut addresses: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        addresses.sort();
        addresses.into_iter().map(|address| (address.clone(), self.mailbox(&address).len())).collect()
    }

    /// What was said, without what differs from one time to the next.
    pub fn transcript(&self) -> String {
        fs::read_to_string(self.path("transcript.txt")).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// A letter as a mail program reads it; with the key of the signature where it is to be checked.
pub fn read(letter: &Path, key: Option<&Path>) -> Value {
    let mut command = Command::new(python());
    command.arg(files::root().join("tests/smtp/read.py")).arg(letter).args(key);
    serde_json::from_slice(&python::run(&mut command).stdout).unwrap()
}
