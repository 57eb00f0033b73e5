//! Opens a WebSocket through the HTTP client of the group: with its TLS, certificate authorities, proxies and local address.

use std::time::{Duration, SystemTime};

use paradex_api::reqwest::header::{
    CONNECTION, HeaderMap, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use paradex_api::reqwest::{self, StatusCode};
use paradex_api::sbe;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::frame::MESSAGE_BYTES;
use super::link::ConnectFailure;

pub(crate) type WebSocket = Box<WebSocketStream<reqwest::Upgraded>>;

/// The most that is read at once. tungstenite fills the buffer with zeros before each read, so a larger one costs more than it saves.
const READ_BYTES: usize = 16 << 10;
/// The longest reason that is shown, in characters.
const REASON: usize = 200;
/// Longest wait that a response may ask for.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Connects without a credential. The address has the scheme http or https.
pub(super) async fn connect(
    http: &reqwest::Client,
    address: &str,
    version: u16,
) -> Result<WebSocket, ConnectFailure> {
    let address = with_version(address, version);
    Ok(open(http, &address, None).await?.socket)
}

/// Adds the version of the schema to an address.
pub(crate) fn with_version(address: &str, version: u16) -> String {
    format!(
        "{address}?sbeSchemaId={}&sbeSchemaVersion={version}",
        sbe::SCHEMA_ID
    )
}

/// A connection that was accepted.
pub(crate) struct Opened {
    pub(crate) socket: WebSocket,
    /// Whether the response names an extension.
    #[cfg_attr(not(feature = "probe"), allow(dead_code))]
    pub(crate) has_extension: bool,
}

/// Connects without a credential to the address as it is, and offers an extension.
pub(crate) async fn open(
    http: &reqwest::Client,
    address: &str,
    extension: Option<&'static str>,
) -> Result<Opened, ConnectFailure> {
    let (upgraded, has_extension) = upgrade(http, address, extension).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .max_message_size(Some(MESSAGE_BYTES))
        .max_frame_size(Some(MESSAGE_BYTES));
    let socket = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await;
    Ok(Opened {
        socket: Box::new(socket),
        has_extension,
    })
}

/// Makes the handshake, without a credential. Returns the connection, and whether the response names an extension.
pub(super) async fn upgrade(
    http: &reqwest::Client,
    address: &str,
    extension: Option<&'static str>,
) -> Result<(reqwest::Upgraded, bool), ConnectFailure> {
    let key = generate_key();
    let mut request = http
        .get(address)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key);
    if let Some(extension) = extension {
        request = request.header(SEC_WEBSOCKET_EXTENSIONS, extension);
    }
    let response = request.send().await.map_err(|error| {
        let reason = reason(&error.without_url());
        tracing::debug!(error = %reason, "no connection");
        ConnectFailure::Unreachable { reason }
    })?;
    if response.version() == reqwest::Version::HTTP_2 {
        return Err(ConnectFailure::Http2);
    }
    let status = response.status();
    if status != StatusCode::SWITCHING_PROTOCOLS {
        return Err(failure(status, response.headers()));
    }
    // A client that the program brought along may follow redirects.
    if response.url().as_str() != address {
        return Err(ConnectFailure::Redirected {
            status: StatusCode::FOUND.as_u16(),
        });
    }
    let accepts = response
        .headers()
        .get(SEC_WEBSOCKET_ACCEPT)
        .is_some_and(|value| value.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes());
    if !accepts {
        let reason = "the server is no WebSocket server: its response does not fit the request".to_owned();
        return Err(ConnectFailure::Unreachable { reason });
    }
    let has_extension = response.headers().contains_key(SEC_WEBSOCKET_EXTENSIONS);
    let upgraded = response
        .upgrade()
        .await
        .map_err(|error| ConnectFailure::Unreachable {
            reason: reason(&error.without_url()),
        })?;
    Ok((upgraded, has_extension))
}

/// The innermost cause, which is the one that names the problem.
fn reason(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.last().map(ToString::to_string).unwrap_or_default();
    // The words of rustls and of OpenSSL.
    if ["InvalidContentType", "wrong version number"]
        .iter()
        .any(|words| text.contains(words))
    {
        return "the server did not respond with TLS (is it plain http?)".to_owned();
    }
    paradex_api::visible(&text, REASON).to_string()
}

fn failure(status: StatusCode, headers: &HeaderMap) -> ConnectFailure {
    tracing::debug!(status = status.as_u16(), "the handshake was refused");
    if status == StatusCode::BAD_REQUEST {
        ConnectFailure::SchemaRefused
    } else if status.is_redirection() {
        ConnectFailure::Redirected {
            status: status.as_u16(),
        }
    } else {
        let retry_after = crate::error::retry_after(status, headers, SystemTime::now());
        ConnectFailure::Status {
            status: status.as_u16(),
            permanent: !status.is_server_error()
                && status != StatusCode::TOO_MANY_REQUESTS
                && status != StatusCode::REQUEST_TIMEOUT,
            retry_after: retry_after.map(|wait| wait.min(LONGEST_WAIT)),
        }
    }
}
