//! A web server for one person at this machine: it listens on loopback only, answers only who asks
//! for it by a loopback name, and only `GET` and `HEAD`. What it answers is found by whole paths in
//! what the program holds; no path ever reaches the file system.

mod request;
mod response;
mod server;

pub(crate) use request::Request;
pub(crate) use response::Response;
pub(crate) use server::Server;
