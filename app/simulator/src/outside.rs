//! The two doors through which the world comes in: the API and the bank's files. What stands behind
//! them is the running program over HTTP, or the program of a test without sockets.

use std::future::Future;

use serde_json::Value;
use takt_kernel::Result;

use crate::bank::StatementFile;

/// A call of a shop's program.
pub struct Request {
    pub method: Method,
    pub path: String,
    /// The shop's token.
    pub token: String,
    /// The version that is being changed.
    pub version: Option<i64>,
    pub body: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Patch,
}

impl Method {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
        }
    }
}

pub struct Reply {
    pub status: u16,
    pub body: Value,
}

pub trait Outside: Send + Sync {
    /// Any status is an answer.
    fn ask(&self, request: Request) -> impl Future<Output = Result<Reply>> + Send;
    /// Lays a bank's file where the program finds it.
    fn deliver(&self, file: StatementFile) -> impl Future<Output = Result<()>> + Send;
}
