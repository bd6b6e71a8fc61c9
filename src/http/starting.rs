//! What is answered while the program reads the log, so that who watches over it can tell that it lives, and is not ready.

use std::io;
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::http::KeepAlive;
use actix_web::{App, HttpServer, ResponseError, rt, web};

use super::operate::live;
use super::problem::{NOT_READY, Problem};
use super::tls;
use crate::config::Http;

/// How long requests may take to end when the service itself takes over.
const END_SECONDS_MAX: u64 = 1;

/// The answers, until they are ended.
#[derive(Debug)]
pub struct Starting {
    handle: ServerHandle,
    thread: JoinHandle<io::Result<()>>,
}

impl Starting {
    /// Begins to answer.
    ///
    /// # Errors
    /// The socket cannot be listened on.
    pub fn answer(http: &Http, listener: TcpListener) -> io::Result<Self> {
        let tls = tls::configuration(http)?;
        let (tell, told) = mpsc::channel();
        let thread = std::thread::Builder::new().name("starting".to_owned()).spawn(move || {
            rt::System::new().block_on(async move {
                let server = HttpServer::new(|| {
                    App::new()
                        .route("/health/live", web::get().to(live))
                        .default_service(web::to(async || not_ready().error_response()))
                })
                .workers(1)
                .keep_alive(KeepAlive::Disabled)
                .shutdown_timeout(END_SECONDS_MAX)
                .disable_signals();
                let server = match tls {
                    Some(tls) => server.listen_rustls_0_23(listener, tls),
                    None => server.listen(listener),
                }?
                .run();
                // Where nobody waits for it any longer, nobody ends it.
                tell.send(server.handle()).map_err(io::Error::other)?;
                server.await
            })
        })?;
        match told.recv() {
            Ok(handle) => Ok(Self { handle, thread }),
            Err(_) => Err(thread.join().map_or_else(
                |_| io::Error::other("it broke off"),
                |ended| ended.err().unwrap_or_else(|| io::Error::other("it ended at once")),
            )),
        }
    }

    /// Ends them: the service itself answers from now on.
    pub fn end(self) {
        drop(self.handle.stop(true));
        // How it ended is of no matter to what follows.
        drop(self.thread.join());
    }
}

fn not_ready() -> Problem {
    Problem::new(NOT_READY, "the instance starts and reads the log; ask again in a moment, or another instance")
}
