//! The signing service. In practice it runs on another machine, which alone has the key, and asks for a client certificate.

use std::error::Error;
use std::io;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use paradex_api_ext::paradex_api::serde_json::{self, Value};
use paradex_api_ext::signing::{AccountAddress, AuthRequest, MessagePrefix, Signature, StarknetPrivateKey};
use tokio::net::TcpListener;

/// The chain that the service signs for: here that of the simulator, as the caller could name another.
const CHAIN_ID: &str = "SIMULATED_SN_PARADEX";

/// The longest validity of a sign-in, in seconds.
const MAX_VALIDITY: u64 = 60;

/// Starts the service for one account, and returns its address.
pub async fn start(key: StarknetPrivateKey, account: AccountAddress) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/sign", listener.local_addr()?);
    let key = Arc::new(key);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let key = Arc::clone(&key);
            let service =
                hyper::service::service_fn(move |request| respond(request, Arc::clone(&key), account));
            let http = hyper::server::conn::http1::Builder::new();
            tokio::spawn(http.serve_connection(TokioIo::new(connection), service));
        }
    });
    Ok(url)
}

async fn respond(
    request: Request<Incoming>,
    key: Arc<StarknetPrivateKey>,
    account: AccountAddress,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let body = request.into_body().collect().await?.to_bytes();
    let (status, text) = match sign(&body, &key, account) {
        Ok(signature) => (StatusCode::OK, signature.to_wire().expose().to_owned()),
        Err(refusal) => (StatusCode::FORBIDDEN, refusal.to_string()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    Ok(response)
}

/// Signs a sign-in. The service computes the hash itself: a hash from the caller could be that of an order.
fn sign(body: &[u8], key: &StarknetPrivateKey, account: AccountAddress) -> Result<Signature, Box<dyn Error>> {
    let request: Value = serde_json::from_slice(body)?;
    let text = |pointer| request.pointer(pointer).and_then(Value::as_str).ok_or(pointer);
    let purpose = text("/purpose")?;
    if purpose != "sign in" {
        return Err(format!("this service signs no {purpose}").into());
    }
    let chain_id = text("/chain_id")?;
    if chain_id != CHAIN_ID {
        return Err(format!("this service signs for {CHAIN_ID}, not for {chain_id}").into());
    }
    let message = AuthRequest {
        timestamp: text("/fields/timestamp")?.parse()?,
        expiration: text("/fields/expiration")?.parse()?,
    };
    match message.expiration.checked_sub(message.timestamp) {
        Some(0..=MAX_VALIDITY) => {}
        _ => return Err(format!("a sign-in must end within {MAX_VALIDITY} s of its beginning").into()),
    }
    let prefix = MessagePrefix::new(CHAIN_ID, account)?;
    Ok(key.sign(&prefix.auth_request(&message))?)
}
