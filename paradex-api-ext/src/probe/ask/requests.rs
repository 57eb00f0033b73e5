//! Requests and responses in general.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use paradex_api::reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderName, HeaderValue};
use paradex_api::{Operation, Secret, Transport, TransportFuture, operations, reqwest};

use super::super::error::Trouble;
use super::super::reply::Verdict;
use super::super::run::Run;
use crate::Client;
use crate::assumptions::{
    OTHER_ACCOUNT_REFUSAL, RateLimitHeaders, ResponseCompression, UNKNOWN_TOKEN_REFUSAL, UnknownParameter,
    VersionHeader, Words,
};

/// A bearer token that does not exist.
const INVENTED_TOKEN: &str = "paradex-probe-invented-token";

/// An address without an account.
const INVENTED_ACCOUNT: &str = "0x70617261646578";

/// Accepts gzip.
const ACCEPT_GZIP: u8 = 1;
/// Names a version of the API that does not exist.
const NAME_VERSION: u8 = 2;
/// Adds a query parameter that the operation does not have.
const ADD_PARAMETER: u8 = 3;

/// Changes requests, as one of the constants says.
struct Edited(Arc<dyn Transport>, Arc<AtomicU8>);

impl Transport for Edited {
    fn send<'a>(
        &'a self,
        mut request: reqwest::Request,
        operation: &'static Operation,
    ) -> TransportFuture<'a> {
        let headers = request.headers_mut();
        match self.1.load(Ordering::Relaxed) {
            ACCEPT_GZIP => drop(headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))),
            NAME_VERSION => {
                let version = HeaderName::from_static("api-version");
                drop(headers.insert(version, HeaderValue::from_static("0.0.0")));
            }
            ADD_PARAMETER => drop(
                request
                    .url_mut()
                    .query_pairs_mut()
                    .append_pair("paradex_probe", "1"),
            ),
            _ => {}
        }
        self.0.send(request, operation)
    }
}

pub(super) async fn ask(run: &mut Run) -> Result<(), Trouble> {
    let edit = Arc::new(AtomicU8::new(0));
    let client = client(run, &edit)?;

    run.begin(ResponseCompression::QUESTION);
    edit.store(ACCEPT_GZIP, Ordering::Relaxed);
    let reply = run
        .call(&client, &operations::GET_SYSTEM_CONFIG, &[], None)
        .await?;
    let encoding = reply
        .headers
        .get(CONTENT_ENCODING)
        .map(|value| value.as_bytes().to_ascii_lowercase());
    match (reply.verdict(), encoding.as_deref()) {
        (Verdict::Done, None | Some(b"identity")) => {
            run.found(ResponseCompression::None, "no content-encoding")
        }
        (Verdict::Done, Some(b"gzip")) => run.found(ResponseCompression::Gzip, "content-encoding: gzip"),
        (Verdict::Done, Some(_)) => {
            run.unclear(ResponseCompression::QUESTION, "the response has another encoding")
        }
        _ => run.no_answer_in::<ResponseCompression>(&reply),
    }

    run.begin(RateLimitHeaders::QUESTION);
    edit.store(0, Ordering::Relaxed);
    let reply = run.call(&client, &operations::GET_SYSTEM_TIME, &[], None).await?;
    let sent: Vec<&str> = [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-window",
    ]
    .into_iter()
    .filter(|name| reply.headers.contains_key(*name))
    .collect();
    match reply.verdict() {
        // A gateway does not send them.
        Verdict::Failed => run.no_answer_in::<RateLimitHeaders>(&reply),
        _ if sent.is_empty() => run.found(RateLimitHeaders::NotSent, "none of them"),
        _ => run.found(RateLimitHeaders::Sent, sent.join(", ")),
    }

    run.begin(VersionHeader::QUESTION);
    edit.store(NAME_VERSION, Ordering::Relaxed);
    let reply = run.call(&client, &operations::GET_SYSTEM_TIME, &[], None).await?;
    run.found_if_accepted(&reply, VersionHeader::Ignored, VersionHeader::Checked);

    run.begin(UnknownParameter::QUESTION);
    edit.store(ADD_PARAMETER, Ordering::Relaxed);
    let reply = run.call(&client, &operations::GET_SYSTEM_TIME, &[], None).await?;
    run.found_if_accepted(&reply, UnknownParameter::Ignored, UnknownParameter::Refused);

    run.begin(UNKNOWN_TOKEN_REFUSAL);
    let reply = run.read_account(&Secret::new(INVENTED_TOKEN)).await?;
    run.found_refusal(UNKNOWN_TOKEN_REFUSAL, &reply);

    if run.client.session_kind().is_some() {
        run.begin(OTHER_ACCOUNT_REFUSAL);
        let client = run.client.clone();
        let other = [("subaccount_address", INVENTED_ACCOUNT)];
        let reply = run.call(&client, &operations::GET_ACCOUNT, &other, None).await?;
        run.found_refusal(OTHER_ACCOUNT_REFUSAL, &reply);
    }
    Ok(())
}

/// Returns a client without a credential whose requests are changed. It does not decompress responses.
fn client(run: &Run, edit: &Arc<AtomicU8>) -> Result<Client, Trouble> {
    let edit = Arc::clone(edit);
    let http = reqwest::Client::builder().no_gzip().no_brotli();
    let builder = Client::builder(run.client.environment().clone())
        .http_client_builder(http)
        .retry(crate::RetryPolicy::none())
        .layer(move |inner| Arc::new(Edited(inner, Arc::clone(&edit))));
    Ok(builder.build()?)
}
