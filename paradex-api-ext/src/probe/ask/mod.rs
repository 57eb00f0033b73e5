//! How each question is asked. A topic is a function that asks its questions one after the other, because they share what they
//! have made.
//!
//! A response that says nothing makes a question unclear, and the next one is asked. An unexpected response to a preparation ends
//! the topic, and a call without a response ends the probe.

mod allowlists;
mod disconnect;
mod orders;
mod requests;
mod sessions;
mod socket;
mod streams;
mod subkeys;
mod tokens;

use paradex_api::{Secret, operations};
use serde_json::{Value, json};

use super::error::Trouble;
use super::journal::Entry;
use super::reply::{Reply, Verdict};
use super::run::{ProbeKey, Run};
use crate::assumptions::{Answer, Topic, Words};
use crate::signing::{AuthRequest, MessagePrefix};
use crate::time::unix_seconds;

/// The network that questions narrow something to. It is for documentation, so no machine calls from it.
const UNUSED_NETWORK: &str = "192.0.2.0/24";

/// The lifetime of tokens, in seconds. It bounds what a crash can leave behind.
const LIFETIME: u64 = 15 * 60;

/// What topics share.
#[derive(Default)]
pub(super) struct Scratch {
    /// The token whose allowlist is changed.
    token: Option<Token>,
    /// How long a changed allowlist takes to be in force, if that is known.
    delay: Option<std::time::Duration>,
    /// How many signatures of sign-ins were made, so that no two are the same.
    signatures: u64,
    /// The highest version of the SBE schema that is served, if that is known.
    schema_version: Option<u16>,
}

/// A token that the probe has made.
#[derive(Clone)]
struct Token {
    name: String,
    lookup_id: String,
    secret: Secret,
    created_at: Option<i64>,
}

/// The outcome of creating a token.
enum Created {
    Token(Token),
    Refused(Reply),
}

/// A signature of a sign-in, which can be sent.
struct SignedIn {
    public_key: String,
    signature: Secret,
    timestamp: String,
    expiration: String,
}

/// Asks the questions of a topic.
pub(super) async fn topic(run: &mut Run, topic: Topic) -> Result<(), Trouble> {
    match topic {
        Topic::Requests => requests::ask(run).await,
        Topic::Streams => streams::ask(run).await,
        Topic::Tokens => tokens::ask(run).await,
        Topic::Allowlists => allowlists::ask(run).await,
        Topic::Subkeys => subkeys::ask(run).await,
        Topic::Orders => orders::ask(run).await,
        Topic::Trading => Ok(()),
    }
}

/// Returns whether a response refuses a request for what it asks for: not for its credential, and not for lack of funds.
fn is_about_request(reply: &Reply) -> bool {
    let is_about_funds = |code: &str| code.contains("MARGIN") || code.contains("INSUFFICIENT");
    match reply.verdict() {
        Verdict::Refused(refusal) => {
            !matches!(refusal.status, 401 | 403) && !reply.code.as_deref().is_some_and(is_about_funds)
        }
        _ => false,
    }
}

impl Run {
    /// Notes a refusal as the answer of a question, or why there is none.
    fn found_refusal(&mut self, name: &'static str, reply: &Reply) {
        match reply.verdict() {
            Verdict::Refused(refusal) => self.found_answer(name, Answer::Refusal(refusal), reply.evidence()),
            Verdict::Done => self.unclear(name, format!("it was not refused: {}", reply.evidence())),
            Verdict::Failed => self.unclear(name, format!("the response was {}", reply.evidence())),
        }
    }

    /// Notes what a response means if the request can be refused only for what is asked about.
    fn found_by<T: Words>(&mut self, reply: &Reply, done: T, refused: T) {
        match reply.verdict() {
            Verdict::Done => self.found(done, reply.evidence()),
            Verdict::Refused(_) => self.found(refused, reply.evidence()),
            Verdict::Failed => self.no_answer_in::<T>(reply),
        }
    }

    /// As [`found_by`](Self::found_by), but a refusal of the credential or for lack of funds is no answer.
    fn found_if_accepted<T: Words>(&mut self, reply: &Reply, done: T, refused: T) {
        match reply.is_done() || is_about_request(reply) {
            true => self.found_by(reply, done, refused),
            false => self.no_answer_in::<T>(reply),
        }
    }

    /// Notes that a response does not answer a question.
    fn no_answer_in<T: Words>(&mut self, reply: &Reply) {
        self.unclear(T::QUESTION, format!("the response was {}", reply.evidence()));
    }

    /// Creates a token. It is unrestricted, and lives for a few minutes.
    async fn create_token(
        &mut self,
        name: String,
        token_type: &str,
        lifetime: u64,
    ) -> Result<Created, Trouble> {
        self.record(Entry::Token { name: name.clone() })?;
        let body = json!({ "name": name, "token_type": token_type, "expiry_duration": lifetime });
        let client = self.client.clone();
        let reply = self
            .call(&client, &operations::CREATE_TOKEN, &[], Some(&body))
            .await?;
        if reply.verdict() != Verdict::Failed {
            self.record(Entry::Settled { name: name.clone() })?;
        }
        if !reply.is_done() {
            return Ok(Created::Refused(reply));
        }
        let described = reply.body.get("api_token").unwrap_or(&Value::Null);
        let (Some(secret), Some(lookup_id)) = (
            reply.text("token"),
            described.get("lookup_id").and_then(Value::as_str),
        ) else {
            return Err(Trouble::Unexpected(
                "the response to a new token does not name it".to_owned(),
            ));
        };
        let token = Token {
            name,
            lookup_id: lookup_id.to_owned(),
            secret: Secret::new(secret),
            created_at: described.get("created_at").and_then(Value::as_i64),
        };
        self.secrets.push(token.secret.clone());
        Ok(Created::Token(token))
    }

    /// Creates an ordinary token, or fails.
    async fn ordinary_token(&mut self) -> Result<Token, Trouble> {
        let name = self.new_name();
        match self.create_token(name, "api_key", LIFETIME).await? {
            Created::Token(token) => Ok(token),
            Created::Refused(reply) => Err(Trouble::Unexpected(format!(
                "no token could be created: the response was {}",
                reply.evidence()
            ))),
        }
    }

    /// Returns the token whose allowlist is changed.
    async fn scratch_token(&mut self) -> Result<Token, Trouble> {
        if let Some(token) = &self.scratch.token {
            return Ok(token.clone());
        }
        let token = self.ordinary_token().await?;
        self.scratch.token = Some(token.clone());
        Ok(token)
    }

    async fn revoke_token(&mut self, token: &Token) -> Result<Reply, Trouble> {
        let client = self.client.clone();
        self.call(
            &client,
            &operations::REVOKE_TOKEN,
            &[("lookup_id", &token.lookup_id)],
            None,
        )
        .await
    }

    /// Reads the account with a token or a session.
    async fn read_account(&mut self, token: &Secret) -> Result<Reply, Trouble> {
        let client = self.with_token(token)?;
        self.call(&client, &operations::GET_ACCOUNT, &[], None).await
    }

    /// Registers a subkey without a signature.
    async fn register_unsigned(&mut self, key: &ProbeKey, name: &str) -> Result<Reply, Trouble> {
        let body = json!({ "name": name, "public_key": key.public.to_string() });
        let client = self.client.clone();
        self.call(&client, &operations::REGISTER_SUBKEY, &[], Some(&body))
            .await
    }

    /// Registers a subkey with the main key's signature.
    async fn register_signed(&mut self, key: &ProbeKey, name: &str) -> Result<(), Trouble> {
        Ok(self.try_to_register(key, name).await??)
    }

    /// Registers a subkey with the main key's signature. The inner error is that of the call.
    async fn try_to_register(
        &mut self,
        key: &ProbeKey,
        name: &str,
    ) -> Result<Result<(), crate::Error>, Trouble> {
        self.spend(1)?;
        let subkey = crate::subkeys::NewSubkey::new(
            name,
            key.public.to_string(),
            crate::net::IpAllowlist::Unrestricted,
        );
        let subkey = subkey.map_err(crate::Error::from)?;
        let registered = self.client.subkeys().register(subkey).await;
        Ok(registered.map_err(crate::Error::from))
    }

    /// Names a new subkey in the journal, and returns its name.
    fn announce_subkey(&mut self, key: &ProbeKey) -> Result<String, Trouble> {
        let name = self.new_name();
        self.record(Entry::Subkey {
            name: name.clone(),
            public_key: key.public.to_string(),
        })?;
        Ok(name)
    }

    /// Registers a new subkey.
    async fn new_subkey(&mut self) -> Result<(ProbeKey, String), Trouble> {
        let key = self.new_key()?;
        let name = self.announce_subkey(&key)?;
        self.register_signed(&key, &name).await?;
        self.record(Entry::Settled { name: name.clone() })?;
        Ok((key, name))
    }

    async fn revoke_subkey(&mut self, key: &ProbeKey) -> Result<Reply, Trouble> {
        let client = self.client.clone();
        let public_key = key.public.to_string();
        self.call(
            &client,
            &operations::REVOKE_SUBKEY,
            &[("public_key", &public_key)],
            None,
        )
        .await
    }

    /// Returns the start of the account's messages.
    async fn messages(&mut self) -> Result<MessagePrefix, Trouble> {
        let missing = || Trouble::Unexpected("the exchange names no chain id or no account".to_owned());
        let config = self.client.group().system_config().await?;
        let chain = config.starknet_chain_id.clone().ok_or_else(missing)?;
        let account = self
            .account
            .as_deref()
            .and_then(|account| account.parse().ok())
            .ok_or_else(missing)?;
        MessagePrefix::new(&chain, account)
            .map_err(|_| Trouble::Unexpected("the exchange names an invalid chain id".to_owned()))
    }

    /// Signs a sign-in of a subkey. No two signatures are the same.
    async fn signed_sign_in(&mut self, key: &ProbeKey) -> Result<SignedIn, Trouble> {
        let messages = self.messages().await?;
        let timestamp = unix_seconds(self.client.group().now());
        self.scratch.signatures += 1;
        let expiration = timestamp + 60 + self.scratch.signatures;
        let hash = messages.auth_request(&AuthRequest {
            timestamp,
            expiration,
        });
        let signature = key
            .key
            .sign(&hash)
            .map_err(|error| Trouble::Unexpected(error.to_string()))?;
        Ok(SignedIn {
            public_key: key.public.to_string(),
            signature: signature.to_wire(),
            timestamp: timestamp.to_string(),
            expiration: expiration.to_string(),
        })
    }

    /// Signs in with a subkey. The session is `None` if it is refused.
    async fn sign_in(&mut self, signed: &SignedIn) -> Result<(Reply, Option<Secret>), Trouble> {
        let account = self.account.clone().unwrap_or_default();
        let client = self.client.group().anonymous();
        let parameters = [
            ("public_key", signed.public_key.as_str()),
            ("PARADEX-STARKNET-ACCOUNT", &account),
            ("PARADEX-STARKNET-SIGNATURE", signed.signature.expose()),
            ("PARADEX-TIMESTAMP", &signed.timestamp),
            ("PARADEX-SIGNATURE-EXPIRATION", &signed.expiration),
        ];
        let reply = self
            .call(&client, &operations::AUTH_WITH_PUBLIC_KEY, &parameters, None)
            .await?;
        let session = reply
            .text("jwt_token")
            .filter(|_| reply.is_done())
            .map(Secret::new);
        self.secrets.extend(session.clone());
        Ok((reply, session))
    }

    /// Signs in with a subkey, or fails.
    async fn session(&mut self, key: &ProbeKey) -> Result<Secret, Trouble> {
        let signed = self.signed_sign_in(key).await?;
        let (reply, session) = self.sign_in(&signed).await?;
        session.ok_or_else(|| {
            Trouble::Unexpected(format!(
                "a subkey could not sign in: the response was {}",
                reply.evidence()
            ))
        })
    }
}
