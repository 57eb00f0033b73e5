//! API tokens: long-lived bearer tokens of an account, and the networks from which each may be used.

use std::fmt;
use std::time::{Duration, SystemTime};

use paradex_api::types::{self, CreateTokenRequest};
use paradex_api::wire::{Undecoded, Wire};
use paradex_api::{Operation, RawResponse, Response, Secret, operations};
use serde_json::Value;

pub use paradex_api::types::TokenKind;

use crate::access::allowlist::{Allowlist, PlanAllowlist, Target, stored_of_token};
use crate::client::Client;
use crate::error::{CreateTokenError, DecodeError, Error, InvalidInput, RevokeError};
use crate::net::{IpAllowlist, StoredAllowlist};
use crate::time::{Expiry, timestamp_to_system_time};

/// The API tokens of an account.
///
/// ```no_run
/// use std::time::Duration;
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::Client;
/// use paradex_api_ext::tokens::NewToken;
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// let week = Duration::from_secs(7 * 24 * 60 * 60);
/// let created = client.tokens().create(NewToken::new("desk", "api_key", week, office)?).await?;
/// // The text is shown this once. Store it, and do not print it.
/// let secret = created.secret();
/// # let _ = secret;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Tokens {
    client: Client,
}

impl Tokens {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    pub(crate) fn elements(answer: Response<types::ApiTokenList>) -> Result<Vec<types::ApiToken>, Error> {
        let (mut list, raw) = answer.into_parts();
        let results = std::mem::take(&mut list.results);
        elements(&operations::LIST_TOKENS, results, list.undecoded(), raw)
    }

    /// Lists the tokens that still work; see [`ListTokens`] for the others.
    pub fn list(&self) -> ListTokens {
        ListTokens {
            client: self.client.clone(),
            kind: None,
            with_invalid: false,
        }
    }

    /// Creates a token whose allowlist holds from the first second on.
    ///
    /// # Errors
    ///
    /// See [`CreateTokenError`]. Three of them can leave a live token behind: `OutcomeUnknown` and `NotUnderstood`, whose
    /// text is not at hand, and `AllowlistMismatch`, which has it.
    pub async fn create(&self, token: NewToken) -> Result<CreatedToken, CreateTokenError> {
        token.allowlist.check_limit()?;
        let asked = token.allowlist.clone();
        let call = self.client.api().create_token().body(token.request());
        let created = call.send().await.map_err(Error::from)?.into_inner();
        let info = created.api_token.map(ApiToken::new);
        let stored = info.as_ref().and_then(|info| info.allowlist.known());
        let confirmed = stored.map(|stored| stored.same_networks(&asked));
        let created = CreatedToken {
            secret: created.token,
            info,
            asked,
            confirmed: confirmed == Some(true),
        };
        match confirmed {
            Some(false) => Err(CreateTokenError::AllowlistMismatch(Box::new(
                TokenAllowlistMismatch(created),
            ))),
            _ => Ok(created),
        }
    }

    /// Revokes a token for good.
    ///
    /// # Errors
    ///
    /// See [`RevokeError`].
    pub async fn revoke(&self, lookup_id: &str) -> Result<(), RevokeError> {
        let call = self.client.api().revoke_token().lookup_id(lookup_id);
        let outcome = call.send().await.map(drop).map_err(Error::from);
        let is_dead = async {
            let listed = self.list().with_revoked_and_expired().send().await;
            listed.is_ok_and(|tokens| {
                let mut named = tokens.iter().filter(|token| token.lookup_id() == lookup_id);
                named.next().is_some_and(|token| token.revoked_at().is_some())
            })
        };
        revoked(outcome, is_dead).await
    }

    /// The allowlist of one token.
    pub fn allowlist(&self, lookup_id: impl Into<String>) -> Allowlist {
        Allowlist::new(self.client.clone(), Target::Token(lookup_id.into()))
    }

    /// Short for [`Allowlist::plan_allowlist`] of one token.
    pub fn plan_allowlist(&self, lookup_id: impl Into<String>, list: IpAllowlist) -> PlanAllowlist {
        self.allowlist(lookup_id).plan_allowlist(list)
    }
}

/// What became of a revocation. After an answer that does not name what was revoked it may well be dead, and saying so on
/// the strength of such an answer could leave a leaked token alive, so the list decides.
pub(crate) async fn revoked(
    outcome: Result<(), Error>,
    is_dead: impl Future<Output = bool>,
) -> Result<(), RevokeError> {
    match outcome {
        Err(error @ Error::Decode(_)) => match is_dead.await {
            true => Ok(()),
            false => Err(RevokeError::NotUnderstood(error)),
        },
        outcome => Ok(outcome?),
    }
}

/// The elements of a list.
///
/// One that is no object becomes a blank value instead of being left out, so that nothing looks tidier than it is. The
/// raw crate keeps a list as it came if one element is odd; here the others still count. What is no list at all is no
/// empty list.
pub(crate) fn elements<T: Wire>(
    operation: &'static Operation,
    results: Vec<T>,
    undecoded: &Undecoded,
    raw: RawResponse,
) -> Result<Vec<T>, Error> {
    if !results.is_empty() {
        return Ok(results);
    }
    let Some(Value::Array(kept)) = undecoded.get("results") else {
        return Err(DecodeError::content(operation, raw, "it holds no list").into());
    };
    let read = raw.decode_elements(kept);
    read.map_err(|_| {
        DecodeError::content(
            operation,
            raw,
            "its list cannot be read within the bound of the body",
        )
        .into()
    })
}

/// The list of tokens in the making.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct ListTokens {
    client: Client,
    kind: Option<TokenKind>,
    with_invalid: bool,
}

impl ListTokens {
    /// Only tokens of this kind.
    pub fn kind(mut self, kind: TokenKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Revoked and expired tokens as well.
    pub fn with_revoked_and_expired(mut self) -> Self {
        self.with_invalid = true;
        self
    }

    /// Sends the call. The API gives all tokens in one answer.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn send(self) -> Result<Vec<ApiToken>, Error> {
        let mut call = self.client.api().list_tokens().with_invalid(self.with_invalid);
        if let Some(kind) = self.kind {
            call = call.kind(kind);
        }
        let answer = call.send().await?;
        let tokens = Tokens::elements(answer)?;
        Ok(tokens.into_iter().map(ApiToken::new).collect())
    }
}

/// A token to create.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::tokens::NewToken;
/// use paradex_api_ext::net::IpAllowlist;
///
/// let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// let token = NewToken::new("desk", "api_key", Duration::from_secs(3_600), office)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// From where it may be used cannot be left out:
///
/// ```compile_fail
/// use std::time::Duration;
/// use paradex_api_ext::tokens::NewToken;
///
/// let token = NewToken::new("desk", "api_key", Duration::from_secs(3_600))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct NewToken {
    name: String,
    kind: String,
    seconds: i64,
    allowlist: IpAllowlist,
}

impl NewToken {
    /// The shortest lifetime that the exchange takes.
    pub const SHORTEST: Duration = Duration::from_secs(60);
    /// The longest lifetime that the exchange takes: a year.
    pub const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    /// A token with a name for people, of this type, that lives this long and may be used from these networks.
    ///
    /// There is no default for the allowlist: to let a token be used from anywhere, write
    /// [`IpAllowlist::Unrestricted`]. The accepted types are documented nowhere; the exchange's message says which
    /// it did not take.
    ///
    /// # Errors
    ///
    /// An empty name or type, a lifetime below a minute or above a year, or one that is not in whole seconds.
    pub fn new(
        name: impl Into<String>,
        token_type: impl Into<String>,
        lifetime: Duration,
        allowlist: IpAllowlist,
    ) -> Result<Self, InvalidInput> {
        let (name, kind) = (name.into(), token_type.into());
        for (field, value) in [("name", &name), ("token_type", &kind)] {
            if value.trim().is_empty() {
                return Err(InvalidInput::new(field, value, "it is empty", "give it a text"));
            }
        }
        let shown = format_args!("{lifetime:?}").to_string();
        let refuse = |rule: &str, remedy| Err(InvalidInput::new("lifetime", &shown, rule, remedy));
        if !(Self::SHORTEST..=Self::LONGEST).contains(&lifetime) {
            return refuse("it must be between 60 s and 365 days", "choose another lifetime");
        }
        if lifetime.subsec_nanos() != 0 {
            return refuse("the API counts whole seconds", "round it");
        }
        Ok(Self {
            name,
            kind,
            // At most a year.
            seconds: i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX),
            allowlist,
        })
    }

    fn request(self) -> CreateTokenRequest {
        let request = CreateTokenRequest::new(self.seconds, self.name, self.kind);
        match self.allowlist {
            // Left out means the same, and says nothing that could be misread.
            IpAllowlist::Unrestricted => request,
            list @ IpAllowlist::Only(_) => request.allowed_cidrs(list.to_wire()),
        }
    }
}

/// A new token, with its text.
///
/// The text is shown this once. `Debug` does not show it, and it cannot be serialised:
///
/// ```compile_fail
/// fn written(token: &paradex_api_ext::tokens::CreatedToken) -> serde_json::Result<String> {
///     serde_json::to_string(token)
/// }
/// ```
///
/// Taking the text out is a word:
///
/// ```
/// fn exposed(token: &paradex_api_ext::tokens::CreatedToken) -> &str {
///     token.secret().expose()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct CreatedToken {
    secret: Secret,
    info: Option<ApiToken>,
    asked: IpAllowlist,
    confirmed: bool,
}

impl CreatedToken {
    /// The text of the token.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Takes the text out.
    pub fn into_secret(self) -> Secret {
        self.secret
    }

    /// What the exchange says of it, if its answer does.
    pub fn info(&self) -> Option<&ApiToken> {
        self.info.as_ref()
    }

    /// The id by which the other calls address it; empty if the answer does not have it, and an empty id is
    /// refused everywhere.
    pub fn lookup_id(&self) -> &str {
        self.info.as_ref().map_or("", ApiToken::lookup_id)
    }

    /// The allowlist that was asked for.
    pub fn asked_allowlist(&self) -> &IpAllowlist {
        &self.asked
    }

    /// Whether the answer shows the allowlist that was asked for. If it shows none, [`Allowlist::read`] can tell.
    pub fn allowlist_confirmed(&self) -> bool {
        self.confirmed
    }
}

/// A token that was created with another allowlist than was asked for. It is live.
pub struct TokenAllowlistMismatch(CreatedToken);

/// The two lists. The other texts of the response, such as the name, can repeat the bearer token of the request.
impl fmt::Debug for TokenAllowlistMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAllowlistMismatch")
            .field("asked", &self.0.asked)
            .field("stored", &self.0.info.as_ref().map(ApiToken::allowlist))
            .finish_non_exhaustive()
    }
}

impl TokenAllowlistMismatch {
    /// The token. Revoke it, or set its list.
    pub fn token(&self) -> &CreatedToken {
        &self.0
    }

    /// Takes the token out.
    pub fn into_token(self) -> CreatedToken {
        self.0
    }
}

impl fmt::Display for TokenAllowlistMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stored = self.0.info.as_ref().map(ApiToken::allowlist);
        write!(f, "asked for {}", self.0.asked)?;
        match stored {
            Some(stored) => write!(f, ", and {stored} is stored; revoke the token, or set its list"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TokenAllowlistMismatch {}

/// A token as the exchange lists it, without its text.
#[derive(Debug, Clone)]
pub struct ApiToken {
    raw: types::ApiToken,
    allowlist: StoredAllowlist,
}

impl ApiToken {
    pub(crate) fn new(raw: types::ApiToken) -> Self {
        Self {
            allowlist: stored_of_token(&raw),
            raw,
        }
    }

    /// The id by which the other calls address it; empty if the exchange gave none, and an empty id is refused
    /// everywhere.
    pub fn lookup_id(&self) -> &str {
        self.raw.lookup_id.as_deref().unwrap_or_default()
    }

    /// The name that its maker gave it; empty if it has none.
    pub fn name(&self) -> &str {
        self.raw.name.as_deref().unwrap_or_default()
    }

    /// What kind of token it is.
    pub fn kind(&self) -> Option<&TokenKind> {
        self.raw.kind.as_ref()
    }

    /// The networks from which it may be used.
    pub fn allowlist(&self) -> &StoredAllowlist {
        &self.allowlist
    }

    /// When it was created.
    pub fn created_at(&self) -> Option<SystemTime> {
        self.raw.created_at.and_then(timestamp_to_system_time)
    }

    /// When it was last changed.
    pub fn updated_at(&self) -> Option<SystemTime> {
        self.raw.last_updated_at.and_then(timestamp_to_system_time)
    }

    /// When it ends.
    pub fn expiry(&self) -> Expiry {
        Expiry::read(self.raw.expiry_at)
    }

    /// When it was revoked; nothing if it was not.
    pub fn revoked_at(&self) -> Option<SystemTime> {
        self.raw.revoked_at.and_then(timestamp_to_system_time)
    }

    /// Whether it was neither revoked nor had ended at this time.
    pub fn is_live(&self, now: SystemTime) -> bool {
        self.raw.revoked_at.is_none_or(|at| at == 0) && !self.expiry().has_ended(now)
    }

    /// The value of the raw crate, with everything that has no accessor here.
    pub fn raw(&self) -> &types::ApiToken {
        &self.raw
    }
}

impl fmt::Display for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} `{}`: {}",
            Target::Token(self.lookup_id().to_owned()),
            paradex_api::visible(self.name(), 80),
            self.allowlist
        )
    }
}
