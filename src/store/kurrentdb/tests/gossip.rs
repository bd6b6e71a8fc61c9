//! What a node says of the others and of itself.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codec::ProstCodec;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::{Request, Response, Status};

use super::messages::{ClusterInfo, Empty, EndPoint, MemberInfo, SupportedMethods};
use super::server::{Member, Node, Role};

/// Who is there, and who leads.
#[derive(Clone)]
pub struct Gossip(pub Arc<Node>);

impl NamedService for Gossip {
    const NAME: &'static str = "event_store.client.gossip.Gossip";
}

impl Service<http::Request<Body>> for Gossip {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(Grpc::new(ProstCodec::default()).unary(service, request).await) })
    }
}

impl UnaryService<Empty> for Gossip {
    type Response = ClusterInfo;
    type Future = BoxFuture<Response<ClusterInfo>, Status>;

    fn call(&mut self, _: Request<Empty>) -> Self::Future {
        const FOLLOWER: i32 = 6;
        const LEADER: i32 = 8;
        const READ_ONLY_LEADERLESS: i32 = 12;
        const READ_ONLY_REPLICA: i32 = 14;
        let leader = self.0.leader();
        let member = |Member { address, role }: &Member| MemberInfo {
            instance_id: None,
            time_stamp: 0,
            state: match (role, leader) {
                (Role::ReadOnlyReplica, Some(_)) => READ_ONLY_REPLICA,
                (Role::ReadOnlyReplica, None) => READ_ONLY_LEADERLESS,
                (Role::Voter, Some(leader)) if leader == *address => LEADER,
                (Role::Voter, _) => FOLLOWER,
            },
            is_alive: true,
            http_end_point: Some(EndPoint { address: address.ip().to_string(), port: address.port().into() }),
        };
        let members = self.0.members.lock().unwrap().iter().map(member).collect();
        Box::pin(async move { Ok(Response::new(ClusterInfo { members })) })
    }
}

/// What it can do.
#[derive(Clone)]
pub struct ServerFeatures;

impl NamedService for ServerFeatures {
    const NAME: &'static str = "event_store.client.server_features.ServerFeatures";
}

impl Service<http::Request<Body>> for ServerFeatures {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(Grpc::new(ProstCodec::default()).unary(service, request).await) })
    }
}

impl UnaryService<Empty> for ServerFeatures {
    type Response = SupportedMethods;
    type Future = BoxFuture<Response<SupportedMethods>, Status>;

    fn call(&mut self, _: Request<Empty>) -> Self::Future {
        let methods = SupportedMethods { methods: vec![], server_version: "26.1.0".to_owned() };
        Box::pin(async move { Ok(Response::new(methods)) })
    }
}
