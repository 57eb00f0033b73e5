//! The operations that sign in. None of them does yet: signatures are not checked, and a session that stands for
//! nothing proven would only hide mistakes.

use hyper::StatusCode;
use paradex_api::{Method, Operation};

use super::answer::Answer;

/// Whether an operation signs in or makes an account.
pub(super) fn is_one(operation: &Operation) -> bool {
    let paths = [
        "/v1/auth",
        "/v1/auth/{public_key}",
        "/v1/onboarding",
        "/v2/auth",
        "/v2/onboarding",
    ];
    operation.method == Method::Post && paths.contains(&operation.path)
}

pub(super) fn answer() -> Answer {
    let message = "this simulator does not sign in yet; take a session from `Simulator::main_session`";
    Answer::error(StatusCode::NOT_IMPLEMENTED, "SIMULATOR_NOT_IMPLEMENTED", message)
}
