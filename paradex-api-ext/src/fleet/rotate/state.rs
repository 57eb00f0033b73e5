//! How far a rotation has come, as it is written down.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::super::table;
use super::without_ending;
use crate::access::target::Target;
use crate::net::IpAllowlist;
use crate::signing::key_text::same_key;

/// What the successor is to be, where that differs from the old one.
///
/// What is left out is carried over: the allowlist, the lifetime and the type, and the name with a new ending (see
/// [`base_name`](super::base_name)). What the exchange does not report of the old one has to be said here; it is
/// never guessed.
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
    /// As the old one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name, which gets an ending of its own like every other.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another allowlist.
    pub fn allowlist(mut self, list: IpAllowlist) -> Self {
        self.allowlist = Some(list);
        self
    }

    /// Another lifetime, counted from the creation. Tokens alone have one.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Another type. Tokens alone have one.
    ///
    /// The type that is carried over is the `kind` that the exchange lists. No source says whether it tells a token that may
    /// only read from others: if yours does not, name the type here.
    pub fn token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = Some(token_type.into());
        self
    }
}

/// A rotation, and the step that it is at: all that is needed to take it up again, and no secret.
///
/// It is written down by [`RotationSink::record`](super::RotationSink::record) before each step that has an effect, so the
/// last one that was written says what may have been done.
///
/// When it is read, a state that could not have been written is refused: one whose new token is the old one, for example,
/// and would revoke what works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct RotationState {
    pub(super) id: String,
    pub(super) environment: String,
    pub(super) old: Target,
    pub(super) spec: RotationSpec,
    /// In seconds since 1970, as are all times here.
    pub(super) started_at: u64,
    pub(super) step: RotationStep,
    /// What [`Credentials::id`](crate::Credentials::id) calls the new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) new_credential: Option<String>,
    /// Names of tokens that were asked for, that no answer and no list showed, and that can still come to be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) missing: Vec<String>,
}

/// A state as it is read, before its fields are held against each other.
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
            "rotation {id}: {field} `{value}` is refused: {rule}; the file was changed since it was written, so look \
             at the tokens and subkeys of the account and start again"
        ))
    }
}

impl RotationState {
    /// Whether a rotation can have come to this. What it names is revoked, so it names nothing but what a rotation makes.
    fn check(&self) -> Result<(), (&'static str, String, &'static str)> {
        let (Target::Token(old) | Target::Subkey(old)) = &self.old;
        if old.trim().is_empty() {
            return Err((
                "old",
                old.clone(),
                "without an id it names no token and no subkey",
            ));
        }
        if let Some(Target::Token(new) | Target::Subkey(new)) = self.new_target() {
            if new.trim().is_empty() {
                return Err(("new", new, "without an id it names no token and no subkey"));
            }
            let is_old = match self.old {
                Target::Token(_) => new == *old,
                Target::Subkey(_) => same_key(&new, old),
            };
            if is_old {
                return Err(("new", new, "it is the old one"));
            }
        }
        if let (Target::Token(_), RotationStep::Creating { new: Some(new), .. }) = (&self.old, &self.step) {
            return Err(("new", new.clone(), "a token that is asked for has no id yet"));
        }
        // Every token of such a name is revoked.
        for name in self.asked_names() {
            if without_ending(name).is_none() {
                return Err(("name", name.to_owned(), "no rotation gives such a name"));
            }
        }
        match self.step {
            RotationStep::Proven { since, .. } if since < self.started_at => {
                Err(("since", since.to_string(), "it lies before `started_at`"))
            }
            _ => Ok(()),
        }
    }
}

/// The step that a rotation is at. What it says may have been done, and what comes before it has been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum RotationStep {
    /// There is no new one.
    Ready,
    /// The request for the new one is sent.
    #[non_exhaustive]
    Creating {
        /// The name that it is to have.
        name: String,
        /// The public key of a new subkey. A new token has no id yet.
        new: Option<String>,
    },
    /// The secret is handed to the sink. A new token exists by now, and a new subkey is not registered yet.
    #[non_exhaustive]
    Storing {
        /// The new one's `lookup_id` or public key.
        new: String,
    },
    /// The new one exists, its secret is stored, and a call is made with it.
    #[non_exhaustive]
    Proving {
        /// The new one's `lookup_id` or public key.
        new: String,
    },
    /// The new one works. Both do, until the rotation is finished.
    #[non_exhaustive]
    Proven {
        /// The new one's `lookup_id` or public key.
        new: String,
        /// Since when.
        since: u64,
    },
    /// The old one is revoked.
    #[non_exhaustive]
    Finishing {
        /// The new one's `lookup_id` or public key.
        new: String,
    },
    /// The old one is revoked, and that is known.
    #[non_exhaustive]
    Finished {
        /// The new one's `lookup_id` or public key.
        new: String,
    },
    /// The new one is revoked.
    #[non_exhaustive]
    Discarding {
        /// The new one's `lookup_id` or public key.
        new: String,
        /// Whether the rotation ends with it, or begins again.
        for_good: bool,
    },
    /// The rotation was given up. The old one lives.
    Abandoned,
}

impl RotationState {
    /// A name for this rotation that no other one has.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is exchanged.
    pub fn old(&self) -> &Target {
        &self.old
    }

    /// What takes its place, as soon as it has an id.
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
        new.map(|new| self.named(new))
    }

    /// The target of this id, of the same sort as the old one.
    pub(super) fn named(&self, id: String) -> Target {
        match self.old {
            Target::Token(_) => Target::Token(id),
            Target::Subkey(_) => Target::Subkey(id),
        }
    }

    /// The names that were asked for and that have not been found.
    pub(super) fn asked_names(&self) -> impl Iterator<Item = &str> {
        let creating = match &self.step {
            RotationStep::Creating { name, .. } => Some(name),
            _ => None,
        };
        self.missing.iter().chain(creating).map(String::as_str)
    }

    /// The list that was asked for the new one; nothing if it gets the list of the old one.
    pub fn asked_allowlist(&self) -> Option<&IpAllowlist> {
        self.spec.allowlist.as_ref()
    }

    /// The step that it is at.
    pub fn step(&self) -> &RotationStep {
        &self.step
    }

    /// When it began.
    pub fn started_at(&self) -> SystemTime {
        moment(self.started_at)
    }

    /// Since when the new one is known to work.
    pub fn proven_at(&self) -> Option<SystemTime> {
        match self.step {
            RotationStep::Proven { since, .. } => Some(moment(since)),
            _ => None,
        }
    }

    /// How much of a grace period is left at this time. Nothing if the new one is not proven, or the old one is revoked.
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

    /// Whether nothing is left to be done.
    pub fn is_over(&self) -> bool {
        matches!(self.step, RotationStep::Finished { .. } | RotationStep::Abandoned)
    }

    /// Names of tokens that were asked for and that neither an answer nor the list has shown. The request can still arrive;
    /// [`Rotator::finish`](super::Rotator::finish) looks for them once more.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }
}

/// A time that was written as seconds since 1970; one that is beyond all times counts as 1970.
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
            RotationStep::Ready => ": nothing is made yet",
            RotationStep::Creating { .. } => ": the new one is asked for",
            RotationStep::Storing { .. } => ": the secret is handed over",
            RotationStep::Proving { .. } => ": stored, and not proven",
            RotationStep::Proven { .. } => ": proven; both work",
            RotationStep::Finishing { .. } => ": the old one is being revoked",
            RotationStep::Finished { .. } => ": finished",
            RotationStep::Discarding { .. } => ": the new one is being revoked",
            RotationStep::Abandoned => ": given up; the old one stays",
        })
    }
}
