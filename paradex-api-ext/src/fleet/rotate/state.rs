//! The state of a rotation, as the sink records it.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::super::table;
use super::names::strip_suffix;
use crate::access::target::Target;
use crate::net::IpAllowlist;
use crate::signing::key_text::same_key;

/// How the successor differs from the old credential.
///
/// What is not set is carried over: the allowlist, the lifetime, the type, and the name with a new suffix (see
/// [`base_name`](super::base_name)). Set what the exchange does not report about the old credential; it is never guessed.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::fleet::RotationSpec;
/// use paradex_api_ext::net::IpAllowlist;
///
/// let same = RotationSpec::new();
/// let moved = RotationSpec::new()
///     .allowlist(IpAllowlist::parse_entries(["203.0.113.0/24"])?)
///     .lifetime(Duration::from_secs(30 * 24 * 60 * 60));
/// assert_ne!(same, moved);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct RotationSpec {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) allowlist: Option<IpAllowlist>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lifetime: Option<Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token_type: Option<String>,
}

impl RotationSpec {
    /// Creates a spec that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets another name, to which a suffix is added.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets another allowlist.
    pub fn allowlist(mut self, list: IpAllowlist) -> Self {
        self.allowlist = Some(list);
        self
    }

    /// Sets another lifetime, counted from creation. Only tokens have one.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Sets another type. Only tokens have one.
    ///
    /// By default the type is the `kind` that the exchange lists. No source says whether that kind distinguishes read-only
    /// tokens from others, so set the type for a read-only token.
    pub fn token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = Some(token_type.into());
        self
    }
}

/// A rotation and its current step: all that is needed to resume it, and no secret.
///
/// [`RotationSink::record`](super::RotationSink::record) writes it before each step that has an effect, so the last
/// record says what may have been done.
///
/// Deserialising refuses a state that no rotation can have written: one whose new token is the old one, for example,
/// because it would revoke the token that works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct RotationState {
    pub(super) id: String,
    pub(super) environment: String,
    pub(super) old: Target,
    pub(super) spec: RotationSpec,
    /// Unix time in seconds, like all times here.
    pub(super) started_at: u64,
    pub(super) step: RotationStep,
    /// The [`Credentials::id`](crate::Credentials::id) of the new credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) new_credential: Option<String>,
    /// Names of requested tokens that no response and no list has shown so far. Such a token may still appear.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) missing: Vec<String>,
}

/// A state as it is read, before its fields are compared with each other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    id: String,
    environment: String,
    old: Target,
    spec: RotationSpec,
    started_at: u64,
    step: RotationStep,
    #[serde(default)]
    new_credential: Option<String>,
    #[serde(default)]
    missing: Vec<String>,
}

impl TryFrom<Unchecked> for RotationState {
    type Error = String;

    fn try_from(read: Unchecked) -> Result<Self, String> {
        let state = Self {
            id: read.id,
            environment: read.environment,
            old: read.old,
            spec: read.spec,
            started_at: read.started_at,
            step: read.step,
            new_credential: read.new_credential,
            missing: read.missing,
        };
        let Err((field, value, rule)) = state.check() else {
            return Ok(state);
        };
        let [id, value] = [&state.id, &value].map(|text| table::short(&table::one_line(text)));
        Err(format!(
            "rotation {id}: {field} `{value}` is refused: {rule}; the file was edited, so list the account's tokens and \
             subkeys, and start again"
        ))
    }
}

impl RotationState {
    /// Checks that a rotation can have reached this state, because the credentials that it names may be revoked.
    fn check(&self) -> Result<(), (&'static str, String, &'static str)> {
        let (Target::Token(old) | Target::Subkey(old)) = &self.old;
        if old.trim().is_empty() {
            return Err(("old", old.clone(), "the id is empty"));
        }
        if let Some(Target::Token(new) | Target::Subkey(new)) = self.new_target() {
            if new.trim().is_empty() {
                return Err(("new", new, "the id is empty"));
            }
            let is_old = match self.old {
                Target::Token(_) => new == *old,
                Target::Subkey(_) => same_key(&new, old),
            };
            if is_old {
                return Err(("new", new, "it is the old credential"));
            }
        }
        if let (Target::Token(_), RotationStep::Creating { new: Some(new), .. }) = (&self.old, &self.step) {
            return Err(("new", new.clone(), "a token that is being created has no id yet"));
        }
        // Every token with this name is revoked.
        for name in self.requested_names() {
            if strip_suffix(name).is_none() {
                return Err(("name", name.to_owned(), "no rotation gives a token such a name"));
            }
        }
        match self.step {
            RotationStep::Proven { since, .. } if since < self.started_at => {
                Err(("since", since.to_string(), "it is before `started_at`"))
            }
            _ => Ok(()),
        }
    }
}

/// The step of a rotation. This step may have been taken; all earlier ones have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum RotationStep {
    /// There is no new credential yet.
    Ready,
    /// The request for the new credential is being sent.
    #[non_exhaustive]
    Creating {
        /// The new credential's name.
        name: String,
        /// The public key of the new subkey; a new token has no id yet.
        new: Option<String>,
    },
    /// The sink is storing the secret. A new token already exists; a new subkey is not registered yet.
    #[non_exhaustive]
    Storing {
        /// The new credential's `lookup_id` or public key.
        new: String,
    },
    /// The new credential exists, its secret is stored, and a call with it is being made.
    #[non_exhaustive]
    Proving {
        /// The new credential's `lookup_id` or public key.
        new: String,
    },
    /// The new credential works, and so does the old one until the rotation is finished.
    #[non_exhaustive]
    Proven {
        /// The new credential's `lookup_id` or public key.
        new: String,
        /// When it was proven, as Unix time in seconds.
        since: u64,
    },
    /// The old credential is being revoked.
    #[non_exhaustive]
    Finishing {
        /// The new credential's `lookup_id` or public key.
        new: String,
    },
    /// The old credential is known to be revoked.
    #[non_exhaustive]
    Finished {
        /// The new credential's `lookup_id` or public key.
        new: String,
    },
    /// The new credential is being revoked.
    #[non_exhaustive]
    Discarding {
        /// The new credential's `lookup_id` or public key.
        new: String,
        /// Whether the rotation ends then (`true`) or starts again.
        for_good: bool,
    },
    /// The rotation was abandoned; the old credential still works.
    Abandoned,
}

impl RotationState {
    /// Returns the unique id of this rotation.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the credential that is being replaced.
    pub fn old(&self) -> &Target {
        &self.old
    }

    /// Returns the successor, as soon as it has an id.
    pub fn new_target(&self) -> Option<Target> {
        let new = match &self.step {
            RotationStep::Ready | RotationStep::Abandoned => None,
            RotationStep::Creating { new, .. } => new.clone(),
            RotationStep::Storing { new }
            | RotationStep::Proving { new }
            | RotationStep::Proven { new, .. }
            | RotationStep::Finishing { new }
            | RotationStep::Finished { new }
            | RotationStep::Discarding { new, .. } => Some(new.clone()),
        };
        new.map(|new| self.with_same_kind(new))
    }

    /// A target with this id, of the same kind as the old credential.
    pub(super) fn with_same_kind(&self, id: String) -> Target {
        match self.old {
            Target::Token(_) => Target::Token(id),
            Target::Subkey(_) => Target::Subkey(id),
        }
    }

    /// The names that were requested and have not been found.
    pub(super) fn requested_names(&self) -> impl Iterator<Item = &str> {
        let creating = match &self.step {
            RotationStep::Creating { name, .. } => Some(name),
            _ => None,
        };
        self.missing.iter().chain(creating).map(String::as_str)
    }

    /// Returns the allowlist requested for the successor, or `None` if it gets the old credential's.
    pub fn requested_allowlist(&self) -> Option<&IpAllowlist> {
        self.spec.allowlist.as_ref()
    }

    /// Returns the current step.
    pub fn step(&self) -> &RotationStep {
        &self.step
    }

    /// Returns when the rotation began.
    pub fn started_at(&self) -> SystemTime {
        moment(self.started_at)
    }

    /// Returns when the new credential was proven to work.
    pub fn proven_at(&self) -> Option<SystemTime> {
        match self.step {
            RotationStep::Proven { since, .. } => Some(moment(since)),
            _ => None,
        }
    }

    /// Returns the rest of a grace period at time `now`.
    ///
    /// Returns `None` if the new credential is not proven, or the old one is already being revoked.
    ///
    /// ```
    /// # use std::time::{Duration, SystemTime};
    /// # fn example(state: &paradex_api_ext::fleet::RotationState) {
    /// let day = Duration::from_secs(24 * 60 * 60);
    /// if state.grace_left(day, SystemTime::now()) == Some(Duration::ZERO) {
    ///     println!("{state} can be finished");
    /// }
    /// # }
    /// ```
    pub fn grace_left(&self, grace: Duration, now: SystemTime) -> Option<Duration> {
        let passed = now.duration_since(self.proven_at()?).unwrap_or_default();
        Some(grace.saturating_sub(passed))
    }

    /// Returns whether the rotation is finished or abandoned.
    pub fn is_over(&self) -> bool {
        matches!(self.step, RotationStep::Finished { .. } | RotationStep::Abandoned)
    }

    /// Returns the names of tokens that were requested and that neither a response nor the list has shown.
    ///
    /// Such a request may still arrive, so [`Rotator::finish`](super::Rotator::finish) looks for them once more.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }
}

/// Converts Unix seconds to a time. A number out of range becomes 1970.
fn moment(seconds: u64) -> SystemTime {
    let start = SystemTime::UNIX_EPOCH;
    start.checked_add(Duration::from_secs(seconds)).unwrap_or(start)
}

impl fmt::Display for RotationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.old)?;
        if let Some(new) = self.new_target() {
            write!(f, " -> {new}")?;
        }
        f.write_str(match self.step {
            RotationStep::Ready => ": not started",
            RotationStep::Creating { .. } => ": creating the new credential",
            RotationStep::Storing { .. } => ": storing the new secret",
            RotationStep::Proving { .. } => ": stored, not proven yet",
            RotationStep::Proven { .. } => ": proven; both work",
            RotationStep::Finishing { .. } => ": revoking the old credential",
            RotationStep::Finished { .. } => ": finished",
            RotationStep::Discarding { .. } => ": revoking the new credential",
            RotationStep::Abandoned => ": abandoned; the old credential still works",
        })
    }
}
