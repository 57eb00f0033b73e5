//! One error of each kind, and what its predicates return.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::reqwest::header::HeaderMap;
use paradex_api::reqwest::{self, StatusCode};
use paradex_api::{
    BaseUrl, BoxError, Client, Operation, RawResponse, Transport, TransportFuture, operations,
};

use crate::auth::{SignInError, SignerError};
use crate::error::{
    AuthenticationError, ConfigurationError, Error, ErrorClass, InvalidInput, Withheld, WithheldReason,
};

/// What the methods that all errors of calls have return.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Predicates {
    pub(crate) class: Option<ErrorClass>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) is_retryable: bool,
    pub(crate) is_outcome_unknown: bool,
    pub(crate) has_api: bool,
}

impl Predicates {
    /// Those of an error for which nothing was sent.
    pub(crate) const LOCAL: Self = Self {
        class: None,
        status: None,
        code: None,
        message: None,
        request_id: None,
        retry_after: None,
        is_retryable: false,
        is_outcome_unknown: false,
        has_api: false,
    };

    pub(crate) fn retryable(self, is_retryable: bool) -> Self {
        Self { is_retryable, ..self }
    }

    pub(crate) fn with_unknown_outcome(self) -> Self {
        Self {
            is_retryable: false,
            is_outcome_unknown: true,
            ..self
        }
    }
}

/// Asks an error of any type.
macro_rules! predicates {
    ($error:expr) => {{
        let error = &$error;
        $crate::error::tests::support::Predicates {
            class: error.class(),
            status: error.status(),
            code: error.code().map(ToString::to_string),
            message: error.message().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            retry_after: error.retry_after(),
            is_retryable: error.is_retryable(),
            is_outcome_unknown: error.is_outcome_unknown(),
            has_api: error.api().is_some(),
        }
    }};
}

/// Checks the predicates of errors, and that an [`Error`] made of each keeps them and the texts.
macro_rules! assert_predicates {
    ($($error:expr => $expected:expr,)*) => {$({
        let error = $error;
        let (said, texts) = ($crate::error::tests::support::predicates!(error), $crate::error::tests::support::chain(&error));
        assert_eq!(said, $expected, "{error:?}");
        let converted = $crate::Error::from(error);
        assert_eq!($crate::error::tests::support::predicates!(converted), said, "{converted:?}");
        assert_eq!($crate::error::tests::support::chain(&converted), texts, "{converted:?}");
    })*};
}

pub(crate) use {assert_predicates, predicates};

/// The texts of an error and its sources. None repeats that of its source.
pub(crate) fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let errors = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<String> = errors.map(ToString::to_string).collect();
    for pair in texts.windows(2) {
        assert!(
            !pair[0].contains(&pair[1]) && !pair[1].contains(&pair[0]),
            "{texts:?}"
        );
    }
    texts
}

/// Responds with what it holds.
struct Canned(Mutex<Option<Result<RawResponse, BoxError>>>);

impl Transport for Canned {
    fn send<'a>(&'a self, _: reqwest::Request, _: &'static Operation) -> TransportFuture<'a> {
        let result = self.0.lock().unwrap().take().unwrap();
        Box::pin(std::future::ready(result))
    }
}

fn client(result: Result<RawResponse, BoxError>) -> Client {
    Client::with_transport(BaseUrl::testnet(), Arc::new(Canned(Mutex::new(Some(result)))))
}

fn response(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: &'static str,
) -> Result<RawResponse, BoxError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, value.parse().unwrap());
    }
    Ok(RawResponse::new(StatusCode::from_u16(status).unwrap(), map, body))
}

async fn read(result: Result<RawResponse, BoxError>) -> Error {
    client(result).list_markets().send().await.unwrap_err().into()
}

async fn change(result: Result<RawResponse, BoxError>) -> Error {
    client(result)
        .cancel_all_orders()
        .send()
        .await
        .unwrap_err()
        .into()
}

/// A success that does not show the change.
fn unusable(response: RawResponse) -> Error {
    let what = "it does not name an order";
    let error = paradex_api::DecodeError::unusable(&operations::CREATE_ORDER, response, what);
    paradex_api::Error::Decode(Box::new(error)).into()
}

const REFUSED: &str = r#"{"error":"IP_NOT_ALLOWED","message":"not from here"}"#;

pub(super) async fn refused() -> Error {
    read(response(403, &[("x-request-id", "id-1")], REFUSED)).await
}

/// One error of each kind that a call can end in.
pub(crate) async fn errors() -> Vec<Error> {
    let wait = Some(Duration::from_secs(5));
    let limited = WithheldReason::RateLimit { retry_after: wait };
    vec![
        refused().await,
        change(response(429, &[("retry-after", "7")], "")).await,
        read(response(
            503,
            &[("retry-after", "3"), ("cf-ray", "id-2")],
            "<html>",
        ))
        .await,
        change(response(503, &[], "<html>")).await,
        change(response(
            401,
            &[],
            r#"{"error":"INVALID_TOKEN","message":"expired"}"#,
        ))
        .await,
        unusable(response(200, &[("x-request-id", "id-3")], "{}").unwrap()),
        change(Err("connection reset".into())).await,
        read(Err("connection reset".into())).await,
        Withheld::new(&operations::CREATE_ORDER, limited).into(),
        Withheld::new(&operations::CREATE_ORDER, WithheldReason::ReadOnly).into(),
        Withheld::by_layer(&operations::CREATE_ORDER, "the position is large enough").into(),
        InvalidInput::from_rule("name", "the name is empty").into(),
        ConfigurationError::with("the client cannot be created", "no certificate").into(),
        AuthenticationError::NoCredentials {
            operation: &operations::CREATE_ORDER,
        }
        .into(),
        AuthenticationError::SignIn(Arc::new(SignInError::Refused(
            change(response(429, &[("retry-after", "9")], "")).await,
        )))
        .into(),
        AuthenticationError::Signer(SignerError::unavailable("the device is locked", "no reply")).into(),
        AuthenticationError::Provider(Arc::from(BoxError::from("no file"))).into(),
    ]
}
