//! API tokens: the named bearer tokens of an account, each with the networks from which it may be used.

mod api_token;
mod create;

pub use api_token::ApiToken;
pub use create::{CreatedToken, NewToken, TokenAllowlistMismatch};
pub use paradex_api::types::TokenKind;

use super::allowlist::Allowlist;
use super::allowlist::plan::AllowlistPlanBuilder;
use super::revocation::{note_revoked, revoked};
use super::target::Target;
use crate::client::Client;
use crate::error::{CreateTokenError, Error, RevokeError};
use crate::net::IpAllowlist;
use crate::pagination::listing;

/// Lists, creates and revokes the API tokens of an account.
///
/// ```no_run
/// use std::time::Duration;
/// use paradex_api_ext::Client;
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::tokens::NewToken;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// let week = Duration::from_secs(7 * 24 * 60 * 60);
/// let created = client.tokens().create(NewToken::new("desk", "api_key", week, office)?).await?;
/// // The exchange shows the token only once. Store it, and do not print it.
/// let secret = created.secret();
/// # let _ = secret;
/// # Ok(())
/// # }
/// ```
#[doc(alias = "api key")]
#[doc(alias = "api token")]
#[derive(Debug, Clone)]
pub struct Tokens {
    client: Client,
}

impl Client {
    /// Returns the API tokens of the account and their allowlists.
    pub fn tokens(&self) -> Tokens {
        Tokens { client: self.clone() }
    }
}

impl Tokens {
    /// Lists the tokens that still work; [`ListTokens`] can include the others.
    pub fn list(&self) -> ListTokens {
        ListTokens {
            client: self.client.clone(),
            kind: None,
            with_invalid: false,
        }
    }

    /// Creates a token, whose allowlist applies from the start.
    ///
    /// # Errors
    ///
    /// See [`CreateTokenError`]. Three of them can leave a live token behind: `OutcomeUnknown` and `NotUnderstood`, where
    /// the token itself is not available, and `AllowlistMismatch`, which holds it.
    pub async fn create(&self, token: NewToken) -> Result<CreatedToken, CreateTokenError> {
        token.allowlist().check_limit()?;
        let requested = token.allowlist().clone();
        let call = self.client.api().create_token().body(token.into_request());
        let created = call.send().await.map_err(Error::from)?.into_inner();
        CreatedToken::compare(created, requested).map_err(CreateTokenError::AllowlistMismatch)
    }

    /// Revokes a token permanently.
    ///
    /// # Errors
    ///
    /// See [`RevokeError`].
    pub async fn revoke(&self, lookup_id: &str) -> Result<(), RevokeError> {
        let call = self.client.api().revoke_token().lookup_id(lookup_id);
        let outcome = call.send().await.map(drop).map_err(Error::from);
        let is_revoked = async {
            let listed = self.list().with_revoked_and_expired().send().await;
            listed.is_ok_and(|tokens| {
                let mut named = tokens.iter().filter(|token| token.lookup_id() == lookup_id);
                named.next().is_some_and(|token| token.revoked_at().is_some())
            })
        };
        revoked(outcome, is_revoked).await?;
        note_revoked(self.client.group(), &Target::Token(lookup_id.to_owned()));
        Ok(())
    }

    /// Returns the allowlist of one token, to read or change it.
    pub fn allowlist(&self, lookup_id: impl Into<String>) -> Allowlist {
        Allowlist::new(self.client.clone(), Target::Token(lookup_id.into()))
    }

    /// Plans a new allowlist for one token; short for [`Allowlist::plan`].
    pub fn plan_allowlist(&self, lookup_id: impl Into<String>, list: IpAllowlist) -> AllowlistPlanBuilder {
        self.allowlist(lookup_id).plan(list)
    }
}

/// Lists tokens; [`send`](Self::send) sends the call.
///
/// ```no_run
/// use paradex_api_ext::Client;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// for token in client.tokens().list().with_revoked_and_expired().send().await? {
///     println!("{} {}", token.lookup_id(), token.allowlist());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct ListTokens {
    client: Client,
    kind: Option<TokenKind>,
    with_invalid: bool,
}

impl ListTokens {
    /// Lists only tokens of this kind.
    pub fn kind(mut self, kind: TokenKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Includes revoked and expired tokens.
    pub fn with_revoked_and_expired(mut self) -> Self {
        self.with_invalid = true;
        self
    }

    /// Sends the call. The API returns all tokens in one response.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn send(self) -> Result<Vec<ApiToken>, Error> {
        let mut call = self.client.api().list_tokens().with_invalid(self.with_invalid);
        if let Some(kind) = self.kind {
            call = call.kind(kind);
        }
        let tokens = listing::elements(call.send().await?)?;
        Ok(tokens.into_iter().map(ApiToken::new).collect())
    }
}
