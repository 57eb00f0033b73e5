//! What stands for Starknet keys without the feature `signing`: no key can exist.

use paradex_api::Secret;
use paradex_api::types::SystemConfig;

use super::credentials::{Credentials, SessionKind};
use super::sign_in::SignInError;
use crate::client::ClientGroup;
use crate::client::environment::Environment;
use crate::error::ConfigurationError;
use crate::signing::AccountAddress;

/// A type without values.
#[derive(Clone, Copy)]
pub(crate) enum StarknetIdentity {}

impl StarknetIdentity {
    pub(super) fn session_kind(self) -> SessionKind {
        match self {}
    }

    pub(super) fn id(self) -> String {
        match self {}
    }

    pub(super) fn known_account(self) -> Option<AccountAddress> {
        match self {}
    }

    pub(super) async fn sign_in(
        self,
        _: &ClientGroup,
        _: &Credentials,
        _: &SystemConfig,
        _: String,
    ) -> Result<(Secret, AccountAddress), SignInError> {
        match self {}
    }
}

pub(super) fn main_key(
    _: &Environment,
    name: &str,
    _: &Secret,
    _: Option<AccountAddress>,
) -> Result<Credentials, ConfigurationError> {
    Err(no_keys(name))
}

pub(super) fn subkey(
    _: &Environment,
    name: &str,
    _: &Secret,
    _: AccountAddress,
) -> Result<Credentials, ConfigurationError> {
    Err(no_keys(name))
}

fn no_keys(name: &str) -> ConfigurationError {
    ConfigurationError::new(format!(
        "{name} holds a key, but this program was built without support for keys: turn on the feature `signing` of \
         paradex-api-ext, or use a token"
    ))
}
