//! A server of the cluster's protocol over real HTTP/2, which can be told to fail.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_stream::{Stream, StreamExt};
use tonic::body::Body;
use tonic::codec::ProstCodec;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::metadata::MetadataMap;
use tonic::server::{ClientStreamingService, Grpc, NamedService, ServerStreamingService};
use tonic::transport::server::Connected;
use tonic::{Code, Request, Response, Status, Streaming};

use super::gossip::{Gossip, ServerFeatures};
use super::log::ClusterLog;
use super::messages::{
    AppendAnswer, AppendContent, AppendRequest, Confirmation, HowMany, Proposed, ReadAnswer, ReadContent, ReadOptions,
    ReadRequest,
};

/// What a node of a cluster is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It may lead.
    Voter,
    /// It follows the one that leads, is read, and never takes what is written.
    ReadOnlyReplica,
}

/// A node that is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub address: SocketAddr,
    pub role: Role,
}

/// How an append fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The events are written, and the connection breaks before the answer.
    BreakAfterCommit,
    /// Nothing is written, and the connection breaks.
    Break,
    /// This node does not lead; the trailers name the one that does, which is this one.
    NotLeader,
    /// This node does not lead; the trailers name another one.
    LeaderAt(SocketAddr),
    /// There is no leader.
    NoLeader,
    /// There is no room.
    Full,
    /// The user may not write.
    Denied,
}

/// What is answered later, when it is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// All reading.
    Reads,
    /// Appends to streams whose names hold this, but for so many of them.
    Appends(&'static str, usize),
}

/// What the connections share.
#[derive(Debug)]
pub struct Node {
    pub log: Arc<Mutex<ClusterLog>>,
    /// The nodes of the cluster that are alive; the first of them leads that is no read-only replica.
    pub members: Arc<Mutex<Vec<Member>>>,
    role: Role,
    /// Whether the cluster has a leader.
    pub is_led: Mutex<bool>,
    /// What a request must bring in `authorization`, where that matters.
    pub credentials: Mutex<Option<&'static str>>,
    /// How the next appends fail, each in its turn.
    pub faults: Mutex<VecDeque<Fault>>,
    /// How all others fail, until it is mended.
    pub lasting_fault: Mutex<Option<Fault>>,
    /// The most that one append may weigh; as much as one likes where nothing is said.
    pub append_bytes_max: Mutex<Option<usize>>,
    append_count: AtomicUsize,
    sent_count: AtomicUsize,
    /// What connections are made secure by; none where they are not.
    tls: Option<Arc<ServerConfig>>,
    hold: Mutex<Option<Hold>>,
    held_count: AtomicUsize,
    held_in_all_count: AtomicUsize,
    broken: Mutex<bool>,
    pub address: SocketAddr,
}

impl Node {
    /// Holds something back from now on.
    pub fn hold(&self, hold: Hold) {
        *self.hold.lock().unwrap() = Some(hold);
    }

    /// Lets go what is held back.
    pub fn let_go(&self) {
        *self.hold.lock().unwrap() = None;
    }

    /// How many requests are held back.
    pub fn held_count(&self) -> usize {
        self.held_count.load(Ordering::SeqCst)
    }

    /// How many appends were asked for.
    pub fn append_count(&self) -> usize {
        self.append_count.load(Ordering::SeqCst)
    }

    /// How many events were sent to whoever read.
    pub fn sent_count(&self) -> usize {
        self.sent_count.load(Ordering::SeqCst)
    }

    /// How many requests were ever held back.
    pub fn held_in_all_count(&self) -> usize {
        self.held_in_all_count.load(Ordering::SeqCst)
    }

    /// The one that leads.
    pub fn leader(&self) -> Option<SocketAddr> {
        let members = self.members.lock().unwrap();
        let first = members.iter().find(|member| member.role == Role::Voter).map(|member| member.address);
        first.filter(|_| *self.is_led.lock().unwrap())
    }

    /// Turns away what is to be written to a read-only replica: it names the node that leads, and itself where none does.
    fn admit_append(&self, metadata: &MetadataMap) -> Result<(), Box<Status>> {
        match self.role {
            Role::Voter => self.admit(metadata),
            Role::ReadOnlyReplica => Err(Box::new(not_leader(self.leader().unwrap_or(self.address)))),
        }
    }

    /// Turns away what this node does not do: as every node does that does not lead, where a leader is asked for.
    fn admit(&self, metadata: &MetadataMap) -> Result<(), Box<Status>> {
        let brought = metadata.get("authorization").and_then(|brought| brought.to_str().ok());
        if self.credentials.lock().unwrap().is_some_and(|wanted| brought != Some(wanted)) {
            return Err(Box::new(Status::unauthenticated("Unauthenticated")));
        }
        match self.leader() {
            None => Err(Box::new(Status::unavailable("Server Is Not Ready"))),
            Some(leader) if leader != self.address && metadata.contains_key("requires-leader") => {
                Err(Box::new(not_leader(leader)))
            }
            Some(_) => Ok(()),
        }
    }

    /// Waits while a request is to be held back.
    async fn pass(&self, is_held: impl Fn(&mut Hold) -> bool) {
        if !self.hold.lock().unwrap().as_mut().is_some_and(is_held) {
            return;
        }
        self.held_count.fetch_add(1, Ordering::SeqCst);
        self.held_in_all_count.fetch_add(1, Ordering::SeqCst);
        while self.hold.lock().unwrap().is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        self.held_count.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct TestServer {
    pub node: Arc<Node>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl TestServer {
    /// A cluster of one node.
    pub fn start() -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST.into())
    }

    /// The same at another address of this machine.
    pub fn start_at(host: IpAddr) -> Self {
        Self::of_cluster(host, Arc::new(Mutex::new(ClusterLog::new())), Arc::default(), Role::Voter, None)
    }

    /// The same behind TLS, as `localhost` and with a certificate that nobody knows but by its file.
    pub fn start_secure() -> Self {
        let tls = Some(Arc::new(secured()));
        let host = Ipv4Addr::LOCALHOST.into();
        Self::of_cluster(host, Arc::new(Mutex::new(ClusterLog::new())), Arc::default(), Role::Voter, tls)
    }

    /// Another node of the same cluster.
    pub fn beside(&self) -> Self {
        self.another(Role::Voter)
    }

    /// A read-only replica of the same cluster.
    pub fn read_only_beside(&self) -> Self {
        self.another(Role::ReadOnlyReplica)
    }

    fn another(&self, role: Role) -> Self {
        let node = &self.node;
        Self::of_cluster(node.address.ip(), Arc::clone(&node.log), Arc::clone(&node.members), role, node.tls.clone())
    }

    fn of_cluster(
        host: IpAddr,
        log: Arc<Mutex<ClusterLog>>,
        members: Arc<Mutex<Vec<Member>>>,
        role: Role,
        tls: Option<Arc<ServerConfig>>,
    ) -> Self {
        let listener = std::net::TcpListener::bind((host, 0)).unwrap();
        let node = Arc::new(Node {
            log,
            members,
            role,
            is_led: Mutex::new(true),
            credentials: Mutex::default(),
            faults: Mutex::default(),
            lasting_fault: Mutex::default(),
            append_bytes_max: Mutex::default(),
            append_count: AtomicUsize::new(0),
            sent_count: AtomicUsize::new(0),
            tls,
            hold: Mutex::default(),
            held_count: AtomicUsize::new(0),
            held_in_all_count: AtomicUsize::new(0),
            broken: Mutex::default(),
            address: listener.local_addr().unwrap(),
        });
        Self::serve(node, listener)
    }

    /// Starts a node again that was stopped, at the same address.
    pub fn again(node: Arc<Node>) -> Self {
        let listener = std::net::TcpListener::bind(node.address).unwrap();
        Self::serve(node, listener)
    }

    fn serve(node: Arc<Node>, listener: std::net::TcpListener) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = {
            let _entered = runtime.enter();
            TcpListener::from_std(listener).unwrap()
        };
        let connections = {
            let node = Arc::clone(&node);
            TcpListenerStream::new(listener).then(move |stream| {
                *node.broken.lock().unwrap() = false;
                let node = Arc::clone(&node);
                async move {
                    let stream = stream?;
                    // An answer is of several small pieces, none of which is to wait for the one before.
                    stream.set_nodelay(true)?;
                    let wire = match &node.tls {
                        None => Wire::Plain(stream),
                        Some(tls) => Wire::Secure(Box::new(TlsAcceptor::from(Arc::clone(tls)).accept(stream).await?)),
                    };
                    Ok::<_, io::Error>(Connection { wire, node })
                }
            })
        };
        let served = tonic::transport::Server::builder()
            .add_service(Streams(Arc::clone(&node)))
            .add_service(Gossip(Arc::clone(&node)))
            .add_service(ServerFeatures)
            .serve_with_incoming(connections);
        runtime.spawn(served);
        node.members.lock().unwrap().push(Member { address: node.address, role: node.role });
        Self { node, runtime: Some(runtime) }
    }

    pub fn url(&self) -> String {
        format!("kurrentdb://{}?tls=false", self.node.address)
    }

    /// The address of one behind TLS, with more parameters.
    pub fn secure_url(&self, parameters: &str) -> String {
        format!("kurrentdb://localhost:{}?{parameters}", self.node.address.port())
    }

    /// Ends it, with every connection.
    pub fn stop(self) -> Arc<Node> {
        Arc::clone(&self.node)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.node.members.lock().unwrap().retain(|member| member.address != self.node.address);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        }
    }
}

/// The file of the certificate, which is its own authority.
pub const CERTIFICATE_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/certificate.pem");
pub const KEY_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/key.pem");

fn secured() -> ServerConfig {
    let certificate = CertificateDer::from_pem_file(CERTIFICATE_FILE).unwrap();
    let key = PrivateKeyDer::from_pem_file(KEY_FILE).unwrap();
    let mut secured = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
        .unwrap();
    secured.alpn_protocols = vec![b"h2".to_vec()];
    secured
}

/// What a connection goes over.
enum Wire {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

impl Wire {
    #[cfg(target_os = "linux")]
    fn stream(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Secure(stream) => stream.get_ref().0,
        }
    }
}

/// A connection that can break.
struct Connection {
    wire: Wire,
    node: Arc<Node>,
}

impl Connection {
    fn is_broken(&self) -> io::Result<()> {
        if *self.node.broken.lock().unwrap() { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

impl Connected for Connection {
    type ConnectInfo = ();
    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_read(context, into),
            Wire::Secure(stream) => Pin::new(stream).poll_read(context, into),
        };
        // The client sends a request in pieces and holds each back until the one before is acknowledged, which a kernel that
        // expects more puts off.
        #[cfg(target_os = "linux")]
        self.wire.stream().set_quickack(true)?;
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.is_broken()?;
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write(context, from),
            Wire::Secure(stream) => Pin::new(stream).poll_write(context, from),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_broken()?;
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_flush(context),
            Wire::Secure(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Wire::Secure(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[derive(Clone)]
struct Streams(Arc<Node>);

impl NamedService for Streams {
    const NAME: &'static str = "event_store.client.streams.Streams";
}

impl Service<http::Request<Body>> for Streams {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move {
            let is_append = request.uri().path().ends_with("/Append");
            Ok(if is_append {
                Grpc::new(ProstCodec::default()).client_streaming(service, request).await
            } else {
                Grpc::new(ProstCodec::default()).server_streaming(service, request).await
            })
        })
    }
}

impl ServerStreamingService<ReadRequest> for Streams {
    type Response = ReadAnswer;
    type ResponseStream = Pin<Box<dyn Stream<Item = Result<ReadAnswer, Status>> + Send>>;
    type Future = BoxFuture<Response<Self::ResponseStream>, Status>;

    fn call(&mut self, request: Request<ReadRequest>) -> Self::Future {
        let node = Arc::clone(&self.0);
        Box::pin(async move {
            node.pass(|hold| *hold == Hold::Reads).await;
            node.admit(request.metadata()).map_err(|refused| *refused)?;
            let options = request.into_inner().options.unwrap();
            if matches!(options.how_many, Some(HowMany::Subscription(_))) {
                return Ok(Response::new(Box::pin(subscribed(node, options)) as Self::ResponseStream));
            }
            let answers = node.log.lock().unwrap().read(&options).ok_or_else(stream_deleted)?;
            let is_event = |answer: &&ReadAnswer| matches!(answer.content, Some(ReadContent::Event(_)));
            node.sent_count.fetch_add(answers.iter().filter(is_event).count(), Ordering::SeqCst);
            let answers: Vec<_> = answers.into_iter().map(Ok).collect();
            Ok(Response::new(Box::pin(tokio_stream::iter(answers)) as Self::ResponseStream))
        })
    }
}

/// What follows, for as long as somebody listens.
fn subscribed(node: Arc<Node>, options: ReadOptions) -> ReceiverStream<Result<ReadAnswer, Status>> {
    let (tell, told) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let begun = ReadContent::Confirmation(Confirmation { subscription_id: "1".to_owned() });
        if tell.send(Ok(ReadAnswer { content: Some(begun) })).await.is_err() {
            return;
        }
        let mut after = node.log.lock().unwrap().place_before(&options);
        loop {
            let (answers, last) = node.log.lock().unwrap().behind(&options, after);
            after = last;
            for answer in answers {
                if tell.send(Ok(answer)).await.is_err() {
                    return;
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    });
    ReceiverStream::new(told)
}

impl ClientStreamingService<AppendRequest> for Streams {
    type Response = AppendAnswer;
    type Future = BoxFuture<Response<AppendAnswer>, Status>;

    fn call(&mut self, request: Request<Streaming<AppendRequest>>) -> Self::Future {
        let node = Arc::clone(&self.0);
        Box::pin(async move {
            let admitted = node.admit_append(request.metadata());
            let mut messages = request.into_inner();
            let Some(AppendContent::Options(options)) = messages.message().await?.and_then(|first| first.content)
            else {
                return Err(Status::invalid_argument("an append begins with its options"));
            };
            let mut proposed: Vec<Proposed> = Vec::new();
            while let Some(message) = messages.message().await? {
                if let Some(AppendContent::Proposed(new)) = message.content {
                    proposed.push(new);
                }
            }
            let stream =
                options.identifier.as_ref().map(|identifier| identifier.stream_name.clone()).unwrap_or_default();
            let stream = String::from_utf8(stream).unwrap();
            node.pass(|hold| match hold {
                Hold::Appends(to, but) if stream.contains(*to) => {
                    let is_held = *but == 0;
                    *but = but.saturating_sub(1);
                    is_held
                }
                Hold::Appends(..) | Hold::Reads => false,
            })
            .await;
            admitted.map_err(|refused| *refused)?;
            node.append_count.fetch_add(1, Ordering::SeqCst);
            let next = node.faults.lock().unwrap().pop_front();
            let fault = next.or(*node.lasting_fault.lock().unwrap());
            match fault {
                Some(Fault::NotLeader) => return Err(not_leader(node.address)),
                Some(Fault::LeaderAt(address)) => return Err(not_leader(address)),
                Some(Fault::NoLeader) => return Err(Status::unavailable("Server Is Not Ready")),
                Some(Fault::Full) => return Err(Status::resource_exhausted("no space left on device")),
                Some(Fault::Denied) => return Err(Status::permission_denied("Access Denied")),
                Some(Fault::Break) => {
                    *node.broken.lock().unwrap() = true;
                    return Err(Status::unavailable("never sent"));
                }
                Some(Fault::BreakAfterCommit) | None => {}
            }
            let bytes: usize = proposed.iter().map(|new| new.data.len() + new.custom_metadata.len()).sum();
            if let Some(limit) = node.append_bytes_max.lock().unwrap().filter(|limit| bytes > *limit) {
                return Err(too_large(limit));
            }
            let result = node.log.lock().unwrap().append(&options, proposed).ok_or_else(stream_deleted)?;
            if fault == Some(Fault::BreakAfterCommit) {
                *node.broken.lock().unwrap() = true;
            }
            Ok(Response::new(AppendAnswer { result: Some(result) }))
        })
    }
}

/// An error with what the trailers say of it.
fn exception(code: Code, message: String, name: &'static str) -> Status {
    let mut trailers = MetadataMap::new();
    trailers.insert("exception", name.parse().unwrap());
    Status::with_metadata(code, message, trailers)
}

fn stream_deleted() -> Status {
    exception(Code::FailedPrecondition, "Event stream is deleted.".to_owned(), "stream-deleted")
}

fn too_large(limit: usize) -> Status {
    let message = format!("Maximum Append Size of {limit} Exceeded.");
    exception(Code::InvalidArgument, message, "maximum-append-size-exceeded")
}

fn not_leader(leader: SocketAddr) -> Status {
    let mut trailers = MetadataMap::new();
    trailers.insert("exception", "not-leader".parse().unwrap());
    trailers.insert("leader-endpoint-host", leader.ip().to_string().parse().unwrap());
    trailers.insert("leader-endpoint-port", leader.port().to_string().parse().unwrap());
    Status::with_metadata(Code::NotFound, "Leader info available", trailers)
}
