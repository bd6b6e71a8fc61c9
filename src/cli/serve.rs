//! `grenselos serve`.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use super::{Failure, Session, remark, warn_of_damage, warn_of_strangers};
use crate::app::{Access, App};
use crate::http::{self, Starting};
use crate::ledger::with_sources;
use crate::process::open_tasks::Task;
use crate::sign_in::ProviderError;
use crate::view::book::Book;
use crate::worker::{Done, Heir, Unnumbered, WorkError, but_letters};

/// The worker looks for open tasks at least this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After a task could not be done the worker rests this long.
const REST: Duration = Duration::from_secs(10);
/// Where several instances share the log, longer and longer, but not longer than this.
const REST_MAX: Duration = Duration::from_mins(5);
/// But no longer than this where it was the log that could not be read or written.
const REST_OF_THE_LOG_MAX: Duration = Duration::from_secs(30);
/// What others write is looked for again this long after it could not be read.
const FOLLOW_AGAIN: Duration = Duration::from_secs(1);

/// What of the service runs in this process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// API and worker.
    #[default]
    All,
    /// The API alone: approved invoices wait until a worker runs, or until they are asked for.
    Api,
    /// The worker alone. A log in the data directory is written by one process at a time.
    Worker,
}

/// The service.
#[derive(Debug, Default, Args)]
pub struct ServeArguments {
    /// What of the service runs in this process.
    #[arg(long, value_enum, default_value_t = Role::All)]
    role: Role,
    /// The address to listen on, in place of the one in the settings. Only addresses of this machine are taken.
    #[arg(long, value_name = "ADDRESS:PORT")]
    bind: Option<SocketAddr>,
    /// Serve these procurements alone, by name or id, and nothing of the others.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    procurements: Vec<String>,
}

pub fn run(session: &Session, arguments: &ServeArguments) -> Result<(), Failure> {
    let mut settings = session.settings.clone();
    if let Some(bind) = arguments.bind {
        settings.http.bind = bind;
    }
    if !arguments.procurements.is_empty() {
        settings.data.procurements.clone_from(&arguments.procurements);
    }
    let bind = settings.http.bind;
    let settings = settings.checked().map_err(|error| Failure::asked(&error))?;
    let cannot_serve = |error: io::Error| Failure::Fault(format!("{bind} cannot be served: {error}"));
    let role = arguments.role;
    // A log on a cluster can take a while to read, and whoever watches over the instances is to see that it lives.
    let is_shared = settings.data.log_place().is_ok_and(|place| place.has_other_writers());
    let early = if is_shared && role != Role::Worker {
        let listener = TcpListener::bind(bind).map_err(cannot_serve)?;
        let starting = listener.try_clone().and_then(|listener| Starting::answer(&settings.http, listener));
        Some((listener, starting.map_err(cannot_serve)?))
    } else {
        None
    };
    if role != Role::Worker {
        // While the log is read.
        http::get_ready();
    }
    let app = Arc::new(App::open(settings, Access::Write)?);
    warn_of_damage(&app.ledger.now());
    warn_of_strangers(app.store.strangers());
    if arguments.role != Role::Api {
        try_way_out(&app)?;
    }
    if arguments.role != Role::Worker {
        try_providers(&app)?;
    }
    match role {
        Role::Worker => {
            writeln!(io::stdout().lock(), "working; stop with Ctrl-C")?;
            let stop = AtomicBool::new(false);
            thread::scope(|scope| {
                if app.store.has_other_writers() {
                    scope.spawn(|| follow_until(&app, &stop));
                }
                work_until(&app, &stop);
            });
            Ok(())
        }
        Role::Api | Role::All => {
            let listener = match early {
                Some((listener, starting)) => {
                    starting.end();
                    Ok(listener)
                }
                None => TcpListener::bind(bind),
            };
            let listener = listener.and_then(said).map_err(cannot_serve)?;
            let stop = AtomicBool::new(false);
            thread::scope(|scope| {
                if role == Role::All {
                    scope.spawn(|| work_until(&app, &stop));
                }
                if app.store.has_other_writers() {
                    scope.spawn(|| follow_until(&app, &stop));
                }
                let served = http::serve(Arc::clone(&app), listener).map_err(cannot_serve);
                stop.store(true, Ordering::Relaxed);
                served
            })
        }
    }
}

/// Tries at the start whether letters would be taken. Settings that cannot work are refused; a mail server that is only
/// not there now is said, and the letters wait for it.
fn try_way_out(app: &App) -> Result<(), Failure> {
    match app.mail.check() {
        Ok(_) => Ok(()),
        Err(error) if error.needs_a_person() => Err(Failure::asked(&error)),
        Err(error) => {
            remark(&format!("{}; letters wait until it answers", with_sources(&error)));
            Ok(())
        }
    }
}

/// Tries at the start whether people can be sent to the providers. Settings that cannot work are refused; a provider that is
/// only not there now is said, and asked again when somebody wants to go there.
fn try_providers(app: &App) -> Result<(), Failure> {
    for error in app.sign_ins.check_providers() {
        if !matches!(error, ProviderError::Unreachable { .. }) {
            return Err(Failure::asked(&error));
        }
        remark(&format!("{error}; nobody can sign in there until it does"));
    }
    Ok(())
}

/// Says where the service is.
fn said(listener: TcpListener) -> io::Result<TcpListener> {
    let mut out = io::stdout().lock();
    writeln!(out, "http://{}/api/ shows the API; stop with Ctrl-C", listener.local_addr()?)?;
    out.flush()?;
    Ok(listener)
}

/// The worker: does what is open whenever something has happened, and looks again at least once a second. Where the way out
/// for letters is shut, they alone wait longer and longer, and all else is done meanwhile.
#[expect(
    clippy::disallowed_methods,
    reason = "how long letters wait is a pause, which nothing that is recorded depends on"
)]
fn work_until(app: &App, stop: &AtomicBool) {
    let wake = app.ledger.store().wake();
    let (mut pause, mut pause_of_letters) = (REST, REST);
    let mut letters_wait_until: Option<Instant> = None;
    let mut heir = Heir::default();
    let mut runs_that_wait = RunsThatWait::default();
    while !stop.load(Ordering::Relaxed) {
        let seen = app.ledger.now().position;
        if app.calls(&mut heir) {
            letters_wait_until = None;
        }
        let letters_wait = letters_wait_until.is_some_and(|until| Instant::now() < until);
        let runs_wait = runs_that_wait.until.is_some_and(|until| Instant::now() < until);
        let mut so_far = Done::default();
        let watch = &mut |done: &Done, _: usize| so_far.clone_from(done);
        let meant = |book: &Book, task: &Task| {
            (!letters_wait || but_letters(book, task)) && !(runs_wait && runs_that_wait.hold(task))
        };
        let worked = app.work_on(&meant, watch);
        // What waits for a person waits also where something else could not be done.
        let done = worked.as_ref().unwrap_or(&so_far);
        say_parked(done);
        runs_that_wait.take_in(app, runs_wait, done.unnumbered.clone());
        match worked {
            Ok(_) => {
                pause = REST;
                if !letters_wait {
                    pause_of_letters = REST;
                }
            }
            Err(error @ WorkError::Mail(_)) => {
                again_in(&error, pause_of_letters);
                letters_wait_until = Some(Instant::now() + pause_of_letters);
                pause_of_letters = longer(app, pause_of_letters, longest_rest(&error));
            }
            Err(error) => {
                again_in(&error, pause);
                rest(pause, || {
                    // What this one could not do itself the other one could.
                    let called = app.calls(&mut heir);
                    if called {
                        letters_wait_until = None;
                    }
                    called || stop.load(Ordering::Relaxed)
                });
                pause = longer(app, pause, longest_rest(&error));
                continue;
            }
        }
        // Nobody who takes in what is new waits for this.
        let reached = app.ledger.now().position.max(seen);
        let _something_new = wake.wait_past(reached, LOOK_EVERY);
    }
}

/// A letter that is refused for good, or of which nobody knows, waits for a person, who is told; so does such an e-invoice.
fn say_parked(done: &Done) {
    if done.unknown_count > 0 {
        let what = "more e-invoices may have been taken by the access point or not; `grenselos outbox` says which";
        remark(&format!("{} {what}", done.unknown_count));
    }
    if done.parked_count > 0 {
        remark(&format!("{} more letters wait for a person; `grenselos outbox` says why", done.parked_count));
    }
}

fn again_in(error: &WorkError, pause: Duration) {
    eprintln!("grenselos: {}; trying again in {} s", with_sources(error), pause.as_secs());
}

/// The next pause. Where several instances share the log, each turn stands in it, also one in which nothing can be done; a log
/// that cannot be reached takes no turn either.
fn longer(app: &App, pause: Duration, longest: Duration) -> Duration {
    if app.store.has_other_writers() { (pause * 2).min(longest) } else { REST }
}

fn longest_rest(error: &WorkError) -> Duration {
    if matches!(error, WorkError::Ledger(_)) { REST_OF_THE_LOG_MAX } else { REST_MAX }
}

/// Runs that could not be numbered. They are tried again after a while, and keep nothing else back meanwhile.
#[derive(Debug, Default)]
struct RunsThatWait {
    runs: Vec<Unnumbered>,
    until: Option<Instant>,
    pause: Option<Duration>,
}

impl RunsThatWait {
    fn hold(&self, task: &Task) -> bool {
        self.runs.iter().any(|run| run.is_of(task))
    }

    /// Takes in what could not be numbered, beside those that waited or anew, and says what is new.
    #[expect(
        clippy::disallowed_methods,
        reason = "how long they wait is a pause, which nothing that is recorded depends on"
    )]
    fn take_in(&mut self, app: &App, others_waited: bool, unnumbered: Vec<Unnumbered>) {
        // Another instance may have had the turn: what was said of the others still holds.
        if unnumbered.is_empty() {
            return;
        }
        for run in unnumbered.iter().filter(|run| !self.runs.contains(run)) {
            remark(&run.to_string());
        }
        if others_waited {
            self.runs.extend(unnumbered);
            return;
        }
        let pause = self.pause.unwrap_or(REST);
        self.until = Some(Instant::now() + pause);
        self.pause = Some(longer(app, pause, REST_MAX));
        self.runs = unnumbered;
    }
}

/// Takes in what other instances write to the log, as soon as this one is woken.
fn follow_until(app: &App, stop: &AtomicBool) {
    let wake = app.ledger.store().wake();
    let mut told = app.ledger.now().damaged.len();
    let mut strangers = app.store.strangers();
    while !stop.load(Ordering::Relaxed) {
        if let Err(error) = app.follow() {
            eprintln!("grenselos: {}; trying again in {} s", with_sources(&error), FOLLOW_AGAIN.as_secs());
            rest(FOLLOW_AGAIN, || stop.load(Ordering::Relaxed));
            continue;
        }
        // Another instance may be of a newer version.
        for (position, what) in app.ledger.now().damaged.iter().skip(told) {
            remark(&format!("the event at position {position} cannot be read ({what}); nothing is written any longer"));
            told += 1;
        }
        let mut new = app.store.strangers();
        new.retain(|stream| !strangers.contains(stream));
        warn_of_strangers(new.iter().cloned());
        strangers.extend(new);
        let reached = app.ledger.now().position;
        let _something_new = wake.wait_past(reached, LOOK_EVERY);
    }
}

/// Rests until then, unless it is over before.
#[expect(
    clippy::disallowed_methods,
    reason = "how long it rests is a pause, which nothing that is recorded depends on"
)]
fn rest(pause: Duration, mut is_over: impl FnMut() -> bool) {
    let until = Instant::now() + pause;
    while !is_over() && Instant::now() < until {
        thread::sleep(Duration::from_secs(1));
    }
}
