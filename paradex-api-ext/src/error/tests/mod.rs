//! All errors of calls have the same predicates, before and after they become an [`Error`].

pub(crate) mod support;

use std::sync::Arc;
use std::time::Duration;

use paradex_api::reqwest::StatusCode;

use super::*;
use crate::auth::{SignInError, SignerError};
use crate::net::{IpAllowlist, StoredAllowlist};
use crate::trading::OrderWindow;
use support::{Predicates, assert_predicates, chain, errors, predicates, refused};

#[tokio::test]
async fn errors_of_calls_have_the_predicates_of_the_response() {
    let local = Predicates::LOCAL;
    let expected = [
        Predicates {
            class: Some(ErrorClass::Address),
            status: Some(StatusCode::FORBIDDEN),
            code: Some("IP_NOT_ALLOWED".to_owned()),
            message: Some("not from here".to_owned()),
            request_id: Some("id-1".to_owned()),
            has_api: true,
            ..local.clone()
        },
        Predicates {
            class: Some(ErrorClass::RateLimit),
            status: Some(StatusCode::TOO_MANY_REQUESTS),
            retry_after: Some(Duration::from_secs(7)),
            is_retryable: true,
            has_api: true,
            ..local.clone()
        },
        Predicates {
            class: Some(ErrorClass::Unavailable),
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            request_id: Some("id-2".to_owned()),
            retry_after: Some(Duration::from_secs(3)),
            is_retryable: true,
            has_api: true,
            ..local.clone()
        },
        Predicates {
            class: Some(ErrorClass::Unavailable),
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            is_outcome_unknown: true,
            has_api: true,
            ..local.clone()
        },
        Predicates {
            class: Some(ErrorClass::Authentication),
            status: Some(StatusCode::UNAUTHORIZED),
            code: Some("INVALID_TOKEN".to_owned()),
            message: Some("expired".to_owned()),
            has_api: true,
            ..local.clone()
        },
        Predicates {
            status: Some(StatusCode::OK),
            request_id: Some("id-3".to_owned()),
            is_outcome_unknown: true,
            ..local.clone()
        },
        local.clone().with_unknown_outcome(),
        local.clone().retryable(true),
        Predicates {
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
        Predicates {
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
        assert_eq!(predicates!(error), expected, "{error:?}");
        chain(error);
    }
    // The types behind the variants agree with them.
    for error in &errors {
        let said = predicates!(error);
        match error {
            Error::Authentication(error) => assert_eq!(predicates!(error), said),
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
async fn error_of_an_operation_has_the_predicates_of_its_call() {
    for (index, said) in errors().await.iter().map(|error| predicates!(error)).enumerate() {
        let variants: [fn(Error) -> CreateTokenError; 7] = [
            CreateTokenError::TokenLimitReached,
            CreateTokenError::Invalid,
            CreateTokenError::NotMainAccount,
            CreateTokenError::AddressNotAllowed,
            CreateTokenError::Forbidden,
            CreateTokenError::Unauthenticated,
            CreateTokenError::Other,
        ];
        for variant in variants {
            assert_predicates! { variant(errors().await.swap_remove(index)) => said, }
        }
        let variants: [fn(Error) -> RevokeError; 6] = [
            RevokeError::NotFound,
            RevokeError::NotMainAccount,
            RevokeError::AddressNotAllowed,
            RevokeError::Forbidden,
            RevokeError::Unauthenticated,
            RevokeError::Other,
        ];
        for variant in variants {
            assert_predicates! { variant(errors().await.swap_remove(index)) => said, }
        }
        let variants: [fn(Error) -> RegisterSubkeyError; 9] = [
            RegisterSubkeyError::NotUnique,
            RegisterSubkeyError::InvalidKey,
            RegisterSubkeyError::SignatureRefused,
            RegisterSubkeyError::Invalid,
            RegisterSubkeyError::NotMainAccount,
            RegisterSubkeyError::AddressNotAllowed,
            RegisterSubkeyError::Forbidden,
            RegisterSubkeyError::Unauthenticated,
            RegisterSubkeyError::Other,
        ];
        for variant in variants {
            assert_predicates! { variant(errors().await.swap_remove(index)) => said, }
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
            assert_predicates! { variant(errors().await.swap_remove(index)) => said, }
        }
        for variant in [PlaceOrderError::NotPlaced, PlaceOrderError::Refused] {
            assert_predicates! { variant(errors().await.swap_remove(index)) => said, }
        }
        // Whatever the call ended in, these say that the outcome is unknown.
        let unknown = said.with_unknown_outcome();
        for variant in [PlaceOrderError::OutcomeUnknown, PlaceOrderError::NotUnderstood] {
            let error = errors().await.swap_remove(index);
            let window = OrderWindow::new(std::time::SystemTime::UNIX_EPOCH, Duration::from_secs(1));
            assert_predicates! { variant(UnconfirmedOrder { error, window }) => unknown, }
        }
        for variant in [CreateTokenError::OutcomeUnknown, CreateTokenError::NotUnderstood] {
            assert_predicates! { variant(errors().await.swap_remove(index)) => unknown, }
        }
        for variant in [RevokeError::OutcomeUnknown, RevokeError::NotUnderstood] {
            assert_predicates! { variant(errors().await.swap_remove(index)) => unknown, }
        }
        assert_predicates! { RegisterSubkeyError::OutcomeUnknown(errors().await.swap_remove(index)) => unknown, }
        let source = Some(errors().await.swap_remove(index));
        assert_predicates! { outcome_unknown(source) => unknown, }
    }
    assert_predicates! { outcome_unknown(None) => Predicates::LOCAL.with_unknown_outcome(), }
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
    let local = Predicates::LOCAL;
    assert_predicates! {
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
async fn sign_in_error_has_the_predicates_of_the_sign_in_and_its_outcome_is_never_unknown() {
    for error in errors().await {
        let call = predicates!(error);
        let expected = Predicates {
            is_retryable: call.is_retryable || call.is_outcome_unknown,
            is_outcome_unknown: false,
            ..call.clone()
        };
        let error = SignInError::Refused(error);
        assert_eq!(predicates!(error), expected, "{error:?}");
        chain(&error);
        // A response to the sign-in is not one to the call.
        let error = AuthenticationError::SignIn(Arc::new(error));
        let of_the_call = Predicates {
            retry_after: expected.retry_after,
            ..Predicates::LOCAL.retryable(expected.is_retryable)
        };
        assert_predicates! { error => of_the_call, }
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
