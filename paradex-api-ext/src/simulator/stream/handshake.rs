//! The HTTP request that opens a connection.

use hyper::StatusCode;
use hyper::header::{CONNECTION, UPGRADE};
use paradex_api::sbe::SCHEMA_ID;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::options::{PlainConnections, StreamOptions};
use super::socket::Encoding;
use crate::assumptions::StreamCompression;
use crate::simulator::log::LoggedRequest;
use crate::simulator::response::SimulatedResponse;

/// The path of the WebSocket.
pub(in crate::simulator) const PATH: &str = "/v1";

/// The extension that compresses messages.
const COMPRESSION: &str = "permessage-deflate";

/// Checks the headers and the query, and returns the encoding of the connection and the response that accepts it.
pub(super) fn accept(
    request: &LoggedRequest,
    options: &StreamOptions,
) -> Result<(Encoding, SimulatedResponse), SimulatedResponse> {
    let header = |name: &str| request.header(name).unwrap_or_default();
    let has = |name: &str, word: &str| {
        let mut words = header(name).split(',').map(str::trim);
        words.any(|found| found.eq_ignore_ascii_case(word))
    };
    if request.method != "GET" {
        let message = "a WebSocket is opened with GET";
        return Err(SimulatedResponse::error(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            message,
        ));
    }
    if !has(UPGRADE.as_str(), "websocket") {
        let message = "this address is a WebSocket; ask for it with the header `upgrade: websocket`";
        let refusal = SimulatedResponse::error(StatusCode::UPGRADE_REQUIRED, "UPGRADE_REQUIRED", message);
        return Err(refusal.with("upgrade", "websocket").with("connection", "upgrade"));
    }
    if !has(CONNECTION.as_str(), "upgrade") {
        return Err(SimulatedResponse::invalid("connection: must name `upgrade`"));
    }
    if header("sec-websocket-version") != "13" {
        let refusal = SimulatedResponse::invalid("sec-websocket-version: must be 13");
        return Err(refusal.with("sec-websocket-version", "13"));
    }
    let key = header("sec-websocket-key");
    if key.len() != 24 {
        return Err(SimulatedResponse::invalid(
            "sec-websocket-key: must be 16 bytes in base64",
        ));
    }
    let encoding = encoding(&request.query, options)?;
    let mut response = SimulatedResponse::new(StatusCode::SWITCHING_PROTOCOLS, None, "")
        .with("upgrade", "websocket")
        .with("connection", "upgrade")
        .with("sec-websocket-accept", derive_accept_key(key.as_bytes()));
    let offered = header("sec-websocket-extensions").contains(COMPRESSION);
    if offered && options.switches.compression == StreamCompression::Deflate {
        // It is accepted in name: no message is compressed, which the extension allows.
        response = response.with("sec-websocket-extensions", COMPRESSION);
    }
    Ok((encoding, response))
}

/// Reads the encoding from the query. Other parameters are ignored.
fn encoding(query: &str, options: &StreamOptions) -> Result<Encoding, SimulatedResponse> {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
    };
    let (id, version) = (value("sbeSchemaId"), value("sbeSchemaVersion"));
    if id.is_none() && version.is_none() {
        return match options.switches.plain {
            PlainConnections::HandshakeRefused => Err(SimulatedResponse::invalid(
                "sbeSchemaId: is missing; connections without SBE are not accepted",
            )),
            _ => Ok(Encoding::Json),
        };
    }
    if id.and_then(|id| id.parse().ok()) != Some(SCHEMA_ID) {
        let message = format!(
            "sbeSchemaId: {:?} is not served; use {SCHEMA_ID}",
            id.unwrap_or_default()
        );
        return Err(SimulatedResponse::invalid(&message));
    }
    let parsed = version.and_then(|version| version.parse::<u16>().ok());
    match parsed.filter(|version| options.switches.schema_versions.contains(version)) {
        Some(version) => Ok(Encoding::Sbe(version)),
        None => {
            let served: Vec<String> = options
                .switches
                .schema_versions
                .iter()
                .map(u16::to_string)
                .collect();
            let message = format!(
                "sbeSchemaVersion: {:?} is not served; use one of {}",
                version.unwrap_or_default(),
                served.join(", ")
            );
            Err(SimulatedResponse::invalid(&message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_negotiated_in_the_query() {
        let options = StreamOptions::default().schema_versions([1, 2]);
        let of = |query: &str| encoding(query, &options).ok();
        assert_eq!(of(""), Some(Encoding::Json));
        assert_eq!(of("cancel-on-disconnect=false"), Some(Encoding::Json));
        assert_eq!(of("sbeSchemaId=1&sbeSchemaVersion=2"), Some(Encoding::Sbe(2)));
        assert_eq!(of("x=1&sbeSchemaVersion=1&sbeSchemaId=1"), Some(Encoding::Sbe(1)));
        for query in [
            "sbeSchemaId=1&sbeSchemaVersion=0",
            "sbeSchemaId=1&sbeSchemaVersion=3",
            "sbeSchemaId=2&sbeSchemaVersion=1",
            "sbeSchemaId=1",
            "sbeSchemaVersion=1",
            "sbeSchemaId=1&sbeSchemaVersion=x",
        ] {
            assert_eq!(of(query), None, "{query}");
        }
        let options = options.plain_connections(PlainConnections::HandshakeRefused);
        assert!(encoding("", &options).is_err());
        assert!(encoding("sbeSchemaId=1&sbeSchemaVersion=2", &options).is_ok());
    }
}
