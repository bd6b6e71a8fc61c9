//! A host of our own: a network namespace with two wires to this machine, of which that to the cluster can be cut.
//!
//! It is there for as long as a process in it is, which ends when nobody speaks to it any longer: whatever becomes of the tests, the
//! host and both wires are gone with them.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::{self, Child, Command, Stdio};
use std::thread;

use crate::place::Place;

/// The addresses that are set apart for tests of networks (RFC 2544).
const ADDRESSES: (Ipv4Addr, u32) = (Ipv4Addr::new(198, 18, 0, 0), 1 << 17);

/// How many of them the two wires take.
const ADDRESSES_OF_A_HOST: u32 = 8;

/// A host that is gone with the test.
pub struct Host {
    holder: Child,
    to_cluster: Wire,
    to_mail: Wire,
}

/// A pair of links, the one here and the other on the host.
struct Wire {
    name: String,
    near: Ipv4Addr,
    far: Ipv4Addr,
}

impl Wire {
    /// One of the two that a host has.
    fn new(kind: &str, index: u32) -> Self {
        let (first, count) = ADDRESSES;
        let own = process::id() % (count / ADDRESSES_OF_A_HOST) * ADDRESSES_OF_A_HOST + index * ADDRESSES_OF_A_HOST / 2;
        let address = |number| Ipv4Addr::from_bits(first.to_bits() + own + number);
        // The name of a link has no more than 15 letters.
        Self { name: format!("gl-{kind}{}", process::id()), near: address(1), far: address(2) }
    }

    fn lay(&self, holder: u32) -> Result<(), String> {
        let Self { name, near, far } = self;
        run(&format!("ip link add {name} type veth peer name {name} netns {holder}"))?;
        run(&format!("ip address add {near}/30 dev {name}"))?;
        run(&format!("ip link set {name} up"))?;
        let there = within(holder);
        run(&format!("{there} ip address add {far}/30 dev {name}"))?;
        run(&format!("{there} ip link set {name} up"))
    }
}

/// What runs a command on the host.
fn within(holder: u32) -> String {
    format!("nsenter --net=/proc/{holder}/ns/net")
}

fn command(line: &str) -> Command {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.args(words);
    command
}

/// Carries what both ends of a connection say, until the far one ends it.
fn carry(holder: u32, near: &TcpStream, far: SocketAddr) {
    let both_ways = format!("exec 3<>/dev/tcp/{}/{} || exit; cat <&0 >&3 & cat <&3; kill $!", far.ip(), far.port());
    let end = || OwnedFd::from(near.try_clone().unwrap());
    let mut carrier = command(&format!("{} bash -c", within(holder)));
    // Where nobody listens there, or the host is gone, the connection ends.
    carrier.arg(both_ways).stdin(end()).stdout(end()).stderr(Stdio::null()).status().ok();
}

fn run(line: &str) -> Result<(), String> {
    let ran = command(line).output().map_err(|error| format!("{line}: {error}"))?;
    if ran.status.success() { Ok(()) } else { Err(format!("{line}: {}", String::from_utf8_lossy(&ran.stderr).trim())) }
}

impl Host {
    /// None where there can be none: why is said.
    pub fn start() -> Option<Self> {
        Self::made()
            .inspect_err(|why| {
                assert!(env::var_os("GRENSELOS_TESTS_NEED_NAMESPACES").is_none(), "it is to be tried here: {why}");
                eprintln!("not tried, since there can be no network namespace with wires to it: {why}");
            })
            .ok()
    }

    fn made() -> Result<Self, String> {
        // With file systems of its own as well, since an instance there is to know `localhost` by another address.
        let mut holder = Command::new("unshare")
            .args(["--net", "--mount", "cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("unshare: {error}"))?;
        // It says what it is told as soon as it is there.
        let told = holder.stdin.as_mut().unwrap().write_all(b"there\n");
        let mut said = String::new();
        let heard = BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said);
        let host = Self { holder, to_cluster: Wire::new("store", 0), to_mail: Wire::new("mail", 1) };
        if told.and(heard).is_err() || said != "there\n" {
            return Err("unshare --net --mount: not permitted".to_owned());
        }
        let holder = host.holder.id();
        host.to_cluster.lay(holder)?;
        host.to_mail.lay(holder)?;
        run(&format!("{} ip link set lo up", within(holder)))?;
        Ok(host)
    }

    /// The address of this machine at the wire that can be cut.
    pub fn cluster(&self) -> Ipv4Addr {
        self.to_cluster.near
    }

    /// The address of this machine at the other wire, which the host knows as `localhost`.
    pub fn mail(&self) -> Ipv4Addr {
        self.to_mail.near
    }

    /// An address here for one there, whatever is cut: each connection is carried by a process on the host.
    pub fn way_to(&self, there: SocketAddr) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = listener.local_addr().unwrap();
        let holder = self.holder.id();
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                thread::spawn(move || carry(holder, &connection, there));
            }
        });
        near
    }

    /// What runs a command there.
    pub fn enter(&self, place: &Place) -> Command {
        place.file("hosts", format!("{} localhost\n", self.mail()));
        let mut command = command(&format!("{} unshare --mount sh -c", within(self.holder.id())));
        command.arg(r#"mount --bind hosts /etc/hosts && exec "$@""#).arg("sh");
        command
    }

    /// From now on whatever is sent over the wire to the cluster is lost, both ways, and nobody is told.
    pub fn cut(&self) {
        run(&format!("ip link set {} down", self.to_cluster.name)).unwrap();
    }

    pub fn mend(&self) {
        run(&format!("ip link set {} up", self.to_cluster.name)).unwrap();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        for wire in [&self.to_cluster, &self.to_mail] {
            // Where it was never laid, that is no news.
            run(&format!("ip link delete {}", wire.name)).ok();
        }
        self.holder.kill().ok();
        self.holder.wait().ok();
    }
}
