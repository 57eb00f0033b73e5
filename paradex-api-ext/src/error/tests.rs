//! All errors of calls give the same answers, before and after they become an [`Error`].

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paradex_api::reqwest::StatusCode;
use paradex_api::reqwest::header::HeaderMap;
use paradex_api::{
    BaseUrl, BoxError, Client, Operation, RawResponse, Transport, TransportFuture, operations, reqwest,
};

use super::*;
use crate::auth::{SignInError, SignerError};
use crate::net::{IpAllowlist, StoredAllowlist};
use crate::trading::OrderWindow;

/// What an error says by the methods that all have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answers {
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

impl Answers {
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

/// Asks an error of any type by its public methods.
macro_rules! answers {
    ($error:expr) => {{
        let error = &$error;
        $crate::error::tests::Answers {
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

/// Checks that errors of one type give these answers, and keep answers and texts as an [`Error`].
macro_rules! assert_answers {
    ($($error:expr => $expected:expr,)*) => {$({
        let error = $error;
        let (said, texts) = ($crate::error::tests::answers!(error), $crate::error::tests::chain(&error));
        assert_eq!(said, $expected, "{error:?}");
        let converted = $crate::Error::from(error);
        assert_eq!($crate::error::tests::answers!(converted), said, "{converted:?}");
        assert_eq!($crate::error::tests::chain(&converted), texts, "{converted:?}");
    })*};
}

pub(crate) use {answers, assert_answers};

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

async fn refused() -> Error {
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

#[tokio::test]
async fn errors_of_calls_give_the_answers_of_the_response() {
    let local = Answers::LOCAL;
    let expected = [
        Answers {
            class: Some(ErrorClass::Address),
            status: Some(StatusCode::FORBIDDEN),
            code: Some("IP_NOT_ALLOWED".to_owned()),
            message: Some("not from here".to_owned()),
            request_id: Some("id-1".to_owned()),
            has_api: true,
            ..local.clone()
        },
        Answers {
            class: Some(ErrorClass::RateLimit),
            status: Some(StatusCode::TOO_MANY_REQUESTS),
            retry_after: Some(Duration::from_secs(7)),
            is_retryable: true,
            has_api: true,
            ..local.clone()
        },
        Answers {
            class: Some(ErrorClass::Unavailable),
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            request_id: Some("id-2".to_owned()),
            retry_after: Some(Duration::from_secs(3)),
            is_retryable: true,
            has_api: true,
            ..local.clone()
        },
        Answers {
            class: Some(ErrorClass::Unavailable),
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            is_outcome_unknown: true,
            has_api: true,
            ..local.clone()
        },
        Answers {
            class: Some(ErrorClass::Authentication),
            status: Some(StatusCode::UNAUTHORIZED),
            code: Some("INVALID_TOKEN".to_owned()),
            message: Some("expired".to_owned()),
            has_api: true,
            ..local.clone()
        },
        Answers {
            status: Some(StatusCode::OK),
            request_id: Some("id-3".to_owned()),
            is_outcome_unknown: true,
            ..local.clone()
        },
        local.clone().with_unknown_outcome(),
        local.clone().retryable(true),
        Answers {
            retry_after: Some(Duration::from_secs(5)),
            is_retryable: true,
            ..local.clone()
        },
        local.clone(),
        local.clone(),
        local.clone(),
        local.clone(),
        local.clone(),
        // The wait of the sign-in, and nothing else of its response: that is not about the call.
        Answers {
            retry_after: Some(Duration::from_secs(9)),
            is_retryable: true,
            ..local.clone()
        },
        local.clone().retryable(true),
        local.clone().retryable(true),
    ];
    let errors = errors().await;
    assert_eq!(errors.len(), expected.len());
    for (error, expected) in errors.iter().zip(expected) {
        assert_eq!(answers!(error), expected, "{error:?}");
        chain(error);
    }
    // The types behind the variants agree with them.
    for error in &errors {
        let said = answers!(error);
        match error {
            Error::Authentication(error) => assert_eq!(answers!(error), said),
            Error::Api(error) => {
                assert_eq!(Some(error.class()), said.class);
                assert_eq!(Some(error.status()), said.status);
                assert_eq!(error.request_id(), said.request_id.as_deref());
                assert_eq!(error.retry_after(), said.retry_after);
                assert_eq!(error.is_retryable(), said.is_retryable);
                assert_eq!(error.is_outcome_unknown(), said.is_outcome_unknown);
            }
            Error::Decode(error) => {
                assert_eq!(error.request_id(), said.request_id.as_deref());
                assert_eq!(error.is_outcome_unknown(), said.is_outcome_unknown);
            }
            Error::Transport(error) => assert_eq!(error.is_outcome_unknown(), said.is_outcome_unknown),
            Error::Withheld(error) => assert_eq!(error.is_retryable(), said.is_retryable),
            _ => {}
        }
    }
}

/// Each variant that holds an [`Error`], with each kind of it.
#[tokio::test]
async fn error_of_an_operation_gives_the_answers_of_its_call() {
    for (index, said) in errors().await.iter().map(|error| answers!(error)).enumerate() {
        let variants: [fn(Error) -> CreateTokenError; 9] = [
            CreateTokenError::TokenLimitReached,
            CreateTokenError::Invalid,
            CreateTokenError::NotMainAccount,
            CreateTokenError::AddressNotAllowed,
            CreateTokenError::Forbidden,
            CreateTokenError::Unauthenticated,
            CreateTokenError::OutcomeUnknown,
            CreateTokenError::NotUnderstood,
            CreateTokenError::Other,
        ];
        for variant in variants {
            assert_answers! { variant(errors().await.swap_remove(index)) => said, }
        }
        let variants: [fn(Error) -> RevokeError; 8] = [
            RevokeError::NotFound,
            RevokeError::NotMainAccount,
            RevokeError::AddressNotAllowed,
            RevokeError::Forbidden,
            RevokeError::Unauthenticated,
            RevokeError::NotUnderstood,
            RevokeError::OutcomeUnknown,
            RevokeError::Other,
        ];
        for variant in variants {
            assert_answers! { variant(errors().await.swap_remove(index)) => said, }
        }
        let variants: [fn(Error) -> RegisterSubkeyError; 10] = [
            RegisterSubkeyError::NotUnique,
            RegisterSubkeyError::InvalidKey,
            RegisterSubkeyError::SignatureRefused,
            RegisterSubkeyError::Invalid,
            RegisterSubkeyError::NotMainAccount,
            RegisterSubkeyError::AddressNotAllowed,
            RegisterSubkeyError::Forbidden,
            RegisterSubkeyError::Unauthenticated,
            RegisterSubkeyError::OutcomeUnknown,
            RegisterSubkeyError::Other,
        ];
        for variant in variants {
            assert_answers! { variant(errors().await.swap_remove(index)) => said, }
        }
        let variants: [fn(Error) -> AllowlistError; 7] = [
            AllowlistError::NotFound,
            AllowlistError::InvalidEntry,
            AllowlistError::NotMainAccount,
            AllowlistError::AddressNotAllowed,
            AllowlistError::Forbidden,
            AllowlistError::Unauthenticated,
            AllowlistError::Other,
        ];
        for variant in variants {
            assert_answers! { variant(errors().await.swap_remove(index)) => said, }
        }
        for variant in [PlaceOrderError::NotPlaced, PlaceOrderError::Refused] {
            assert_answers! { variant(errors().await.swap_remove(index)) => said, }
        }
        // Whatever the call ended in, these say that the outcome is unknown.
        let unknown = said.with_unknown_outcome();
        for variant in [PlaceOrderError::OutcomeUnknown, PlaceOrderError::NotUnderstood] {
            let error = errors().await.swap_remove(index);
            let window = OrderWindow::new(std::time::SystemTime::UNIX_EPOCH, Duration::from_secs(1));
            assert_answers! { variant(UnconfirmedOrder { error, window }) => unknown, }
        }
        let source = Some(errors().await.swap_remove(index));
        assert_answers! { outcome_unknown(source) => unknown, }
    }
    assert_answers! { outcome_unknown(None) => Answers::LOCAL.with_unknown_outcome(), }
}

fn outcome_unknown(source: Option<Error>) -> AllowlistError {
    AllowlistError::OutcomeUnknown(Box::new(OutcomeUnknown {
        sent: IpAllowlist::Unrestricted,
        found: None,
        source,
    }))
}

#[test]
fn error_without_a_call_says_that_nothing_was_sent() {
    let hosts = (1..=60).map(|last| format!("192.0.2.{last}/32"));
    let too_many = || {
        let list = IpAllowlist::parse_entries(hosts.clone()).unwrap();
        list.check_limit().unwrap_err()
    };
    let lists = || (StoredAllowlist::NotReported, StoredAllowlist::NotReported);
    let local = Answers::LOCAL;
    assert_answers! {
        CreateTokenError::TooManyEntries(too_many()) => local,
        RegisterSubkeyError::TooManyEntries(too_many()) => local,
        AllowlistError::TooManyEntries(too_many()) => local,
        AllowlistError::Edit(EditError::WouldBeEmpty) => local,
        AllowlistError::Unknown(StoredAllowlist::NotReported.require_known().unwrap_err()) => local,
        AllowlistError::WouldLockOut(WouldLockOut { addresses: Vec::new() }) => local,
        {
            let (before, now) = lists();
            AllowlistError::ConcurrentChange(Box::new(ConcurrentChange { before, now }))
        } => local,
        // It was sent, and something else is stored.
        AllowlistError::AllowlistMismatch(Box::new(AllowlistMismatch {
            sent: IpAllowlist::Unrestricted,
            stored: StoredAllowlist::NotReported,
        })) => local.clone().with_unknown_outcome(),
        PlaceOrderError::Invalid(InvalidInput::from_rule("price", "it is above 0")) => local,
        PlaceOrderError::NotSigned(SignerError::refused("the order is too large")) => local,
        PlaceOrderError::NotSigned(SignerError::unavailable("the device is locked", "no reply"))
            => local.clone().retryable(true),
    }
}

#[tokio::test]
async fn sign_in_error_gives_the_answers_of_the_sign_in_and_its_outcome_is_never_unknown() {
    for error in errors().await {
        let call = answers!(error);
        let expected = Answers {
            is_retryable: call.is_retryable || call.is_outcome_unknown,
            is_outcome_unknown: false,
            ..call.clone()
        };
        let error = SignInError::Refused(error);
        assert_eq!(answers!(error), expected, "{error:?}");
        chain(&error);
        // A response to the sign-in is not one to the call.
        let error = AuthenticationError::SignIn(Arc::new(error));
        let of_the_call = Answers {
            retry_after: expected.retry_after,
            ..Answers::LOCAL.retryable(expected.is_retryable)
        };
        assert_answers! { error => of_the_call, }
    }
    for (error, retryable) in [
        (SignInError::NoToken, true),
        (SignInError::TimedOut, true),
        (SignInError::Interrupted, true),
        (SignInError::FreshTokenRejected, true),
        (SignInError::Clock(refused().await), false),
    ] {
        assert_eq!(error.is_retryable(), retryable, "{error:?}");
        chain(&error);
    }
}

#[tokio::test]
async fn conversion_into_error_and_back_keeps_the_variant() {
    let error = Error::from(CreateTokenError::TokenLimitReached(refused().await));
    let error = CreateTokenError::from(error);
    assert!(
        matches!(error, CreateTokenError::TokenLimitReached(Error::Api(_))),
        "{error:?}"
    );
    let error = Error::from(AllowlistError::Edit(EditError::WouldBeEmpty));
    let error = AllowlistError::from(error);
    assert!(
        matches!(error, AllowlistError::Edit(EditError::WouldBeEmpty)),
        "{error:?}"
    );
    let error = RevokeError::from(Error::from(RevokeError::NotFound(refused().await)));
    assert!(matches!(error, RevokeError::NotFound(_)), "{error:?}");
    let error = RegisterSubkeyError::from(Error::from(RegisterSubkeyError::NotUnique(refused().await)));
    assert!(matches!(error, RegisterSubkeyError::NotUnique(_)), "{error:?}");
}
