//! Allowlists that were not read or not changed, or perhaps were.

use std::fmt;
use std::net::IpAddr;

use super::Error;
use super::call::{CallFacts, call_methods};
use super::reason::Reason;
use crate::net::{EditError, IpAllowlist, StoredAllowlist, TooManyEntries, UnknownAllowlist};

/// Why an allowlist was not read or not changed.
///
/// [`is_outcome_unknown`](Self::is_outcome_unknown) is true for [`OutcomeUnknown`](Self::OutcomeUnknown) and for
/// [`AllowlistMismatch`](Self::AllowlistMismatch), because something may be stored that was not there before.
#[doc(alias = "whitelist")]
#[doc(alias = "ip restriction")]
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AllowlistError {
    /// The list has more entries than the exchange accepts. Nothing was sent. Merge entries or remove some.
    #[error("the allowlist has too many entries; nothing was sent")]
    TooManyEntries(#[from] TooManyEntries),
    /// The edit makes no sense for the current list. Nothing was sent.
    #[error("the current allowlist cannot be edited like this; nothing was sent")]
    Edit(#[from] EditError),
    /// The current list is not known, so nothing can be added or removed. Nothing was sent. Set the whole list instead.
    #[error("the current allowlist is not known; nothing was sent")]
    Unknown(#[from] UnknownAllowlist),
    /// The new list would exclude an address that must stay allowed. Nothing was sent.
    #[error("the change would lock out an address that must stay allowed; nothing was sent")]
    WouldLockOut(#[from] WouldLockOut),
    /// The list is no longer the one that the plan was made from. Nothing was sent. Plan again.
    #[error("the allowlist was changed concurrently; nothing was sent")]
    ConcurrentChange(#[source] Box<ConcurrentChange>),
    /// The change was sent, and the exchange stored another list. Look at it before you rely on it.
    #[error("the exchange stored a different allowlist than was sent")]
    AllowlistMismatch(#[source] Box<AllowlistMismatch>),
    /// The change was sent, no response shows that it was made, and neither does the list that was read afterwards. The
    /// exchange may also not report the list. Read it again before you repeat the change.
    #[error("whether the change was made is unknown")]
    OutcomeUnknown(#[source] Box<OutcomeUnknown>),
    /// The account has no token or subkey with this id. Look it up in the list.
    #[error("the token or subkey was not found")]
    NotFound(#[source] Error),
    /// The exchange rejected an entry of the list. Its message says which. No source says whether it accepts IPv6.
    #[error("the exchange rejected an entry of the allowlist")]
    InvalidEntry(#[source] Error),
    /// The scope of the session does not include this call. Sign in with the main account's key.
    #[error("this session cannot change allowlists; sign in with the main account's key")]
    NotMainAccount(#[source] Error),
    /// The credential in use has an allowlist that excludes this IP address. Call from another address, or change that list.
    #[error("the credential in use is not allowed from this IP address")]
    AddressNotAllowed(#[source] Error),
    /// Either the session is not the main account's, or IP restrictions are not enabled for the account. No source says
    /// which code means which. If the session is right, ask the exchange to enable them.
    #[error(
        "the exchange refused: the session is not the main account's, or IP restrictions are not enabled for the account"
    )]
    Forbidden(#[source] Error),
    /// The client has no token that the exchange accepts. Sign in again.
    #[error("the client has no credential that the exchange accepts; sign in again")]
    Unauthenticated(#[source] Error),
    /// Any other failure; its class says what kind.
    #[error("the call for the allowlist failed")]
    Other(#[source] Error),
}

impl AllowlistError {
    pub(crate) fn facts(&self) -> CallFacts<'_> {
        match self {
            Self::TooManyEntries(_)
            | Self::Edit(_)
            | Self::Unknown(_)
            | Self::WouldLockOut(_)
            | Self::ConcurrentChange(_) => CallFacts::LOCAL,
            Self::AllowlistMismatch(_) => CallFacts::LOCAL.with_unknown_outcome(),
            Self::OutcomeUnknown(error) => match &error.source {
                Some(source) => source.facts().with_unknown_outcome(),
                None => CallFacts::LOCAL.with_unknown_outcome(),
            },
            Self::NotFound(error)
            | Self::InvalidEntry(error)
            | Self::NotMainAccount(error)
            | Self::AddressNotAllowed(error)
            | Self::Forbidden(error)
            | Self::Unauthenticated(error)
            | Self::Other(error) => error.facts(),
        }
    }
}

impl From<Error> for AllowlistError {
    fn from(error: Error) -> Self {
        if let Error::Allowlist(error) = error {
            return *error;
        }
        match Reason::from_error(&error) {
            Reason::NotFound => Self::NotFound(error),
            Reason::Invalid => Self::InvalidEntry(error),
            Reason::NotMainAccount => Self::NotMainAccount(error),
            Reason::AddressNotAllowed => Self::AddressNotAllowed(error),
            Reason::Forbidden => Self::Forbidden(error),
            Reason::Unauthenticated => Self::Unauthenticated(error),
            _ => Self::Other(error),
        }
    }
}

call_methods!(AllowlistError);

/// The addresses that a change would lock out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WouldLockOut {
    pub(crate) addresses: Vec<IpAddr>,
}

impl WouldLockOut {
    /// Returns the addresses that must stay allowed and that the new list excludes.
    pub fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }
}

impl fmt::Display for WouldLockOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("outside the new list: ")?;
        for (index, address) in self.addresses.iter().take(5).enumerate() {
            write!(f, "{}{address}", if index == 0 { "" } else { ", " })?;
        }
        if let more @ 1.. = self.addresses.len().saturating_sub(5) {
            write!(f, " and {more} more")?;
        }
        f.write_str("; add a network that contains them, or force the change")
    }
}

impl std::error::Error for WouldLockOut {}

/// A list that is no longer the one that a change was made from.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("it was {before}, and is now {now}; plan again from the current list")]
pub struct ConcurrentChange {
    pub(crate) before: StoredAllowlist,
    pub(crate) now: StoredAllowlist,
}

impl ConcurrentChange {
    /// Returns the list that the change was made from.
    pub fn before(&self) -> &StoredAllowlist {
        &self.before
    }

    /// Returns the current list. It can be the same; then only its time of change differs.
    pub fn now(&self) -> &StoredAllowlist {
        &self.now
    }
}

/// A stored list that differs from the one that was sent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("sent {sent}, and {stored} is stored; check the list before you rely on it")]
pub struct AllowlistMismatch {
    pub(crate) sent: IpAllowlist,
    pub(crate) stored: StoredAllowlist,
}

impl AllowlistMismatch {
    /// Returns the list that was sent.
    pub fn sent(&self) -> &IpAllowlist {
        &self.sent
    }

    /// Returns the list that the exchange stored.
    pub fn stored(&self) -> &StoredAllowlist {
        &self.stored
    }
}

/// A change that may still be made, or was made and overwritten.
#[derive(Debug, thiserror::Error)]
#[error(
    "sent {sent}; no response shows that it was stored, and {}; the change can still arrive, so read the list again before \
     you repeat it", shown_afterwards(.found.as_ref())
)]
pub struct OutcomeUnknown {
    pub(crate) sent: IpAllowlist,
    pub(crate) found: Option<StoredAllowlist>,
    pub(crate) source: Option<Error>,
}

impl OutcomeUnknown {
    /// Returns the list that was sent.
    pub fn sent(&self) -> &IpAllowlist {
        &self.sent
    }

    /// Returns the list that was read afterwards; `None` if it could not be read.
    pub fn found(&self) -> Option<&StoredAllowlist> {
        self.found.as_ref()
    }
}

fn shown_afterwards(found: Option<&StoredAllowlist>) -> String {
    match found {
        Some(found) => format!("afterwards the list was {found}"),
        None => "the list could not be read again".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::WouldLockOut;

    #[test]
    fn many_addresses_make_a_short_text() {
        let shown = |count: u8| {
            let addresses = (1..=count).map(|last| [192, 0, 2, last].into()).collect();
            WouldLockOut { addresses }.to_string()
        };
        assert!(
            shown(1).starts_with("outside the new list: 192.0.2.1; "),
            "{}",
            shown(1)
        );
        assert!(!shown(5).contains("more"), "{}", shown(5));
        assert!(shown(6).contains("192.0.2.5 and 1 more"), "{}", shown(6));
        assert!(shown(200).contains("and 195 more"), "{}", shown(200));
    }
}
