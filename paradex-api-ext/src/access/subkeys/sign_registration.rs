//! The main key's signature of a new subkey.

use std::time::Duration;

use super::register::NewSubkey;
use crate::auth::{Purpose, SessionKind};
use crate::client::Client;
use crate::error::{AuthenticationError, Error, InvalidInput};
use crate::signing::{SigningError, SubkeyRegistration};
use crate::time::unix_seconds;

/// How long the signature of a registration is valid. It is used immediately.
const REGISTRATION_WINDOW: Duration = Duration::from_secs(60);

impl NewSubkey {
    /// Adds the signature of the main key, if the client has that key and the subkey has no signature.
    pub(super) async fn signed_by(self, client: &Client) -> Result<Self, Error> {
        let signed = !self.request.signature.is_empty() || self.request.evm_signature.is_some();
        let session = client.source().session(client.group()).await?;
        let Some(session) = session.filter(|session| !signed && session.kind() == SessionKind::MainAccount)
        else {
            return Ok(self);
        };
        #[cfg(feature = "evm")]
        if let Some(identity) = session.credentials().ethereum_identity() {
            let group = client.group();
            let now = group.now();
            let until = now.checked_add(REGISTRATION_WINDOW).unwrap_or(now);
            let key = self.request.public_key.parse().map_err(unsigned)?;
            let signed = crate::auth::register_subkey(group, identity, key, until)
                .await
                .map_err(|error| AuthenticationError::SignIn(std::sync::Arc::new(error)))?;
            return Ok(self.ethereum_signature(signed.message, signed.signature));
        }
        if session.credentials().starknet_identity().is_none() {
            return Ok(self);
        }
        let signing = client.account_signer_in_time().await?;
        let now = signing.now();
        let until = now.checked_add(REGISTRATION_WINDOW).unwrap_or(now);
        let registration = SubkeyRegistration {
            account: signing.account(),
            subkey: self.request.public_key.parse().map_err(unsigned)?,
            timestamp: unix_seconds(now),
            expiry: unix_seconds(until),
        };
        let fields = vec![
            ("account", registration.account.to_string()),
            ("subkey_public_key", registration.subkey.to_string()),
            ("signature_timestamp", registration.timestamp.to_string()),
            ("signature_expiry", registration.expiry.to_string()),
        ];
        let hash = registration.hash().map_err(unsigned)?;
        let signature = signing
            .sign(Purpose::RegisterSubkey, Some(until), fields, hash)
            .await
            .map_err(AuthenticationError::Signer)?;
        let [r, s] = signature.to_hex_pair();
        Ok(self.starknet_signature(r, s, now, until)?)
    }
}

fn unsigned(error: SigningError) -> InvalidInput {
    InvalidInput::new("public_key", error.field(), error.to_string(), "check the key")
}
