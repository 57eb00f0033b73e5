//! The outcome of a confirmed change.

use std::fmt;

use paradex_api::reqwest::StatusCode;

use crate::access::target::Target;
use crate::error::{AllowlistError, AllowlistMismatch, Error, InvalidInput, OutcomeUnknown};
use crate::fleet::egress::ChangeWarning;
use crate::net::{IpAllowlist, StoredAllowlist};

/// The result of [`PreparedChange::commit`](super::PreparedChange::commit).
#[derive(Debug)]
pub struct ChangeReport {
    pub(super) target: Target,
    pub(super) before: IpAllowlist,
    pub(super) after: IpAllowlist,
    pub(super) warnings: Vec<ChangeWarning>,
    pub(super) outcome: ChangeOutcome,
}

impl ChangeReport {
    /// Returns the token or subkey whose list this is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Returns the list before the change.
    pub fn before(&self) -> &IpAllowlist {
        &self.before
    }

    /// Returns the list that was requested.
    pub fn after(&self) -> &IpAllowlist {
        &self.after
    }

    /// Returns the warnings about the requested list.
    pub fn warnings(&self) -> &[ChangeWarning] {
        &self.warnings
    }

    /// Returns how the change ended.
    pub fn outcome(&self) -> &ChangeOutcome {
        &self.outcome
    }
}

impl fmt::Display for ChangeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.target)?;
        match &self.outcome {
            ChangeOutcome::Unchanged => write!(f, "unchanged: the list is already {}", self.after),
            ChangeOutcome::Confirmed => write!(f, "confirmed: {}", self.after),
            ChangeOutcome::RolledBack(reason) => {
                write!(f, "rolled back to {}, because {reason}", self.before)
            }
            ChangeOutcome::NotRolledBack {
                reason,
                error,
                current,
            } => {
                write!(f, "NOT ROLLED BACK, although {reason}: ")?;
                if let Some(error) = error {
                    write!(f, "{error}; ")?;
                }
                match current {
                    Some(current) => write!(f, "the list is now {current}"),
                    None => f.write_str("the current list is not known"),
                }
            }
        }
    }
}

/// How a confirmed change ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChangeOutcome {
    /// The list was already the requested one; nothing was sent.
    Unchanged,
    /// The list was stored, and the restricted credential works from this machine.
    Confirmed,
    /// The earlier list was restored.
    RolledBack(RollBackReason),
    /// The earlier list was not restored.
    #[non_exhaustive]
    NotRolledBack {
        /// Why it should have been restored.
        reason: RollBackReason,
        /// Why it was not: the list was changed concurrently ([`AllowlistError::ConcurrentChange`]), or the exchange
        /// refused or could not be reached.
        error: Option<Box<AllowlistError>>,
        /// The current list, if it could be read.
        current: Option<StoredAllowlist>,
    },
}

/// Why a change was rolled back, or should have been.
#[derive(Debug)]
#[non_exhaustive]
pub enum RollBackReason {
    /// The exchange refused the restricted credential (401 or 403).
    Refused(Error),
    /// The probe failed in another way, so nothing shows that the restricted credential works.
    ProbeFailed(Error),
    /// The exchange stored another list than the requested one.
    AllowlistMismatch(Box<AllowlistMismatch>),
    /// It is unknown whether the change was made.
    OutcomeUnknown(Box<OutcomeUnknown>),
}

impl RollBackReason {
    pub(super) fn from_probe(error: Error) -> Self {
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        match error.status() {
            Some(status) if refused.contains(&status) => Self::Refused(error),
            _ => Self::ProbeFailed(error),
        }
    }
}

impl fmt::Display for RollBackReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "the exchange refused the probe ({error})"),
            Self::ProbeFailed(error) => write!(f, "the probe failed ({error})"),
            Self::AllowlistMismatch(error) => write!(f, "the exchange stored another list ({error})"),
            Self::OutcomeUnknown(error) => write!(f, "it is unknown whether the change was made ({error})"),
        }
    }
}

/// Why a change was not made.
///
/// [`is_outcome_unknown`](Self::is_outcome_unknown) is also true for [`Interrupted`](Self::Interrupted).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The list was not read or not changed. With [`AllowlistError::OutcomeUnknown`] the change may still take effect.
    #[error(transparent)]
    Allowlist(#[from] AllowlistError),
    /// Client, target and probe do not fit together. Nothing was changed.
    #[error(transparent)]
    Invalid(InvalidInput),
    /// There is no session that could roll the change back. Nothing was changed.
    #[error("the client has no session with which the change could be rolled back; nothing was changed")]
    Session(#[source] Error),
    /// The restricted credential already fails for another reason than its address, so a probe would show nothing. Nothing
    /// was changed.
    #[error("the restricted credential already fails before the change; nothing was changed")]
    Probe(#[source] Error),
    /// The runtime shut down while the change was being made or probed. Read the list.
    #[error("the runtime shut down while the change was being made or probed; read the list")]
    Interrupted,
}
