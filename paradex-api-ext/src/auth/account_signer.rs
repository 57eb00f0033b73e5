//! Signs messages for the account of a client.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::credentials::Kind;
use super::session::Session;
use super::sign_in::{self, SignInError};
use super::signer::{Purpose, SignRequest};
use super::signer_error::SignerError;
use super::starknet_key::{Role, StarknetIdentity};
use crate::client::{Client, ClientGroup};
use crate::error::{AuthenticationError, Error, InvalidInput};
use crate::signing::{AccountAddress, MessageHash, MessagePrefix, PublicKey, Signature};

/// The signer, chain and message prefix of an account: all that signing needs besides the message.
pub(crate) struct AccountSigner {
    session: Arc<Session>,
    group: ClientGroup,
    chain_id: String,
    prefix: MessagePrefix,
}

impl Client {
    /// Returns the signer of this client by the deadline. It waits for a usable token first, so that a message can be sent as soon
    /// as it is signed.
    pub(crate) async fn account_signer(&self, deadline: Instant) -> Result<AccountSigner, Error> {
        let group = self.group();
        let session = self.source().session(group).await?;
        let session = session.filter(|session| session.credentials().starknet_identity().is_some());
        let Some(session) = session else {
            return Err(InvalidInput::new(
                "credentials",
                self.credentials()
                    .map_or_else(|| "none".to_owned(), |credentials| credentials.id()),
                "it has no Starknet key to sign with",
                "give the client the account's key or a subkey",
            )
            .into());
        };
        // An order over a connected order socket needs no token.
        #[cfg(feature = "stream")]
        let needs_token = self
            .order_wire()
            .is_none_or(|wire| wire.ready(&session).is_none());
        #[cfg(not(feature = "stream"))]
        let needs_token = true;
        if needs_token {
            session
                .access_token(group, deadline)
                .await
                .map_err(AuthenticationError::SignIn)?;
        }
        let (chain_id, prefix) = session.prefix(group).await.map_err(AuthenticationError::SignIn)?;
        Ok(AccountSigner {
            session,
            group: group.clone(),
            chain_id,
            prefix,
        })
    }
}

impl Client {
    /// As [`account_signer`](Self::account_signer), within the time of one call.
    pub(crate) async fn account_signer_in_time(&self) -> Result<AccountSigner, Error> {
        self.in_time(self.account_signer(self.deadline())).await?
    }
}

impl Session {
    /// The chain id and the message prefix, computed once.
    async fn prefix(&self, group: &ClientGroup) -> Result<(String, MessagePrefix), Arc<SignInError>> {
        let make = || async {
            let config = group.system_config().await.map_err(SignInError::Configuration)?;
            let chain_id = sign_in::chain_id(config, group.environment())?;
            let Kind::Starknet(identity) = self.credentials().kind() else {
                return Err(SignInError::NoToken);
            };
            let prefix =
                MessagePrefix::new(&chain_id, identity.account(config)?).map_err(SignInError::chain)?;
            Ok((chain_id, prefix))
        };
        self.messages
            .get_or_try_init(make)
            .await
            .cloned()
            .map_err(Arc::new)
    }
}

impl AccountSigner {
    fn identity(&self) -> Result<&StarknetIdentity, SignerError> {
        self.session
            .credentials()
            .starknet_identity()
            .ok_or_else(|| SignerError::refused("there is no Starknet key"))
    }

    /// The session that this signer belongs to.
    pub(crate) fn session(&self) -> Arc<Session> {
        Arc::clone(&self.session)
    }

    pub(crate) fn account(&self) -> AccountAddress {
        self.prefix.account()
    }

    pub(crate) fn prefix(&self) -> &MessagePrefix {
        &self.prefix
    }

    /// The exchange's time.
    pub(crate) fn now(&self) -> SystemTime {
        self.group.now()
    }

    /// The public key of the subkey, if the signer is one.
    pub(crate) fn subkey(&self) -> Option<PublicKey> {
        let identity = self.identity().ok()?;
        (identity.role == Role::Subkey).then(|| identity.signer.public_key())
    }

    pub(crate) async fn sign(
        &self,
        purpose: Purpose,
        expires_at: Option<SystemTime>,
        fields: Vec<(&'static str, String)>,
        hash: MessageHash,
    ) -> Result<Signature, SignerError> {
        let request = SignRequest {
            purpose,
            environment: self.group.environment().clone(),
            chain_id: self.chain_id.clone(),
            account: self.account(),
            expires_at,
            fields,
            hash,
        };
        self.identity()?.signer.sign(&request).await
    }
}
