//! An instance of the program, and what it is asked.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::host::Host;
use super::wait_until;
use crate::http::client::{Response, send};
use crate::place::{Place, words};

/// An instance that is gone with the test.
pub struct Instance {
    name: &'static str,
    process: Child,
    address: SocketAddr,
    said: PathBuf,
}

/// An address that nobody listens on.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Instance {
    /// Starts one with the settings of the place, and does not wait until it is ready.
    pub fn begin(place: &Place, name: &'static str, role: &str) -> Self {
        Self::begin_as(place, name, &format!("--config settings.toml serve --role {role}"))
    }

    /// The same by a line of its own.
    pub fn begin_as(place: &Place, name: &'static str, line: &str) -> Self {
        let address = free_address();
        let command = place.command(&words(&format!("{line} --bind {address}")));
        Self::begin_by(command, place, name, address)
    }

    /// The same on a host of its own.
    pub fn begin_on(host: &Host, place: &Place, name: &'static str, line: &str) -> Self {
        // Nobody else is there.
        let there = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let command = place.command_by(host.enter(place), &words(&format!("{line} --bind {there}")));
        Self::begin_by(command, place, name, host.way_to(there))
    }

    fn begin_by(mut command: Command, place: &Place, name: &'static str, address: SocketAddr) -> Self {
        let said = place.path(&format!("{name}.txt"));
        let process = command.stdout(Stdio::null()).stderr(File::create(&said).unwrap()).spawn().unwrap();
        Self { name, process, address, said }
    }

    /// Starts one, and waits until it is ready.
    pub fn start(place: &Place, name: &'static str, role: &str) -> Self {
        let instance = Self::begin(place, name, role);
        instance.wait_until_ready();
        instance
    }

    #[track_caller]
    pub fn wait_until_ready(&self) {
        wait_until(&format!("{} is ready ({})", self.name, self.said.display()), || self.is_ready());
    }

    /// Whether it says that it is. Who answers while it starts may hang up when the service itself takes over.
    fn is_ready(&self) -> bool {
        let asked = || {
            let mut stream = TcpStream::connect(self.address)?;
            stream.write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok::<_, io::Error>(answer)
        };
        asked().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// Whether it takes connections.
    pub fn listens(&self) -> bool {
        TcpStream::connect(self.address).is_ok()
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        assert!(status.success(), "{} gets no {signal}", self.name);
    }

    /// Stops it in the middle of whatever it does.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    /// Kills it in the middle of whatever it does.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// What it has said on its standard error.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.said).unwrap()
    }

    pub fn get(&self, target: &str) -> Response {
        self.get_with(target, &[])
    }

    pub fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Response {
        send(self.address, "GET", target, headers, b"")
    }

    /// What it knows when it has come as far as `position`.
    #[track_caller]
    pub fn known_at(&self, position: &str, target: &str) -> Value {
        self.answer_at(position, target).json()
    }

    /// The same as it is answered.
    #[track_caller]
    pub fn answer_at(&self, position: &str, target: &str) -> Response {
        let response = self.get_with(target, &[("Log-Position-At-Least", position)]);
        assert_eq!(response.status, 200, "{}: {target}: {}", self.name, response.text());
        response
    }

    /// Posts under a key of its own.
    pub fn post(&self, target: &str, body: &Value) -> Response {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        let key = format!("cluster-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", &*key)];
        send(self.address, "POST", target, &headers, body.to_string().as_bytes())
    }

    /// Sends a form.
    pub fn send_form(&self, target: &str, fields: &[(&str, &str)]) -> Response {
        let pairs: Vec<String> = fields.iter().map(|(name, text)| format!("{name}={text}")).collect();
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        send(self.address, "POST", target, &headers, pairs.join("&").as_bytes())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Where it was killed before, that is no news.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
