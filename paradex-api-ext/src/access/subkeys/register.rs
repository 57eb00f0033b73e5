//! Registering and activating a subkey.

use std::time::{Duration, SystemTime};

use paradex_api::Secret;
use paradex_api::types::{ActivateSubkeyRequest, CreateSubkeyRequest, SubkeyState};

use crate::error::InvalidInput;
use crate::net::IpAllowlist;

/// Describes a subkey to register.
///
/// ```
/// use paradex_api_ext::net::IpAllowlist;
/// use paradex_api_ext::subkeys::NewSubkey;
///
/// let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// let subkey = NewSubkey::new("desk", "0x1234", office)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct NewSubkey {
    pub(super) request: CreateSubkeyRequest,
    allowlist: IpAllowlist,
}

impl NewSubkey {
    /// The longest time for which a signature of the main key may be valid: ten minutes.
    pub const LONGEST_WINDOW: Duration = Duration::from_secs(600);

    /// Creates the description: a name for people, the public key as `0x` hex, and from where it may be used.
    ///
    /// The allowlist has no default: to let the subkey be used from anywhere, write [`IpAllowlist::Unrestricted`]. The
    /// signature of the main key does not cover the list.
    ///
    /// # Errors
    ///
    /// The name is empty, or the key is not `0x` and 1 to 64 hex digits.
    pub fn new(
        name: impl Into<String>,
        public_key: impl Into<String>,
        allowlist: IpAllowlist,
    ) -> Result<Self, InvalidInput> {
        let (name, public_key) = (name.into(), public_key.into());
        if name.trim().is_empty() {
            return Err(InvalidInput::new("name", name, "it is empty", "write a text"));
        }
        check_key("public_key", &public_key)?;
        Ok(Self {
            request: CreateSubkeyRequest::new(name, public_key),
            allowlist,
        })
    }

    /// Sets the signature of a Starknet main key, as the hex numbers r and s.
    ///
    /// It signs the account, the public key, and the time from `signed_at` until `valid_until`.
    ///
    /// # Errors
    ///
    /// The time between the two is less than a second or longer than ten minutes, or one of them is before 1970.
    pub fn starknet_signature(
        mut self,
        r: impl Into<Secret>,
        s: impl Into<Secret>,
        signed_at: SystemTime,
        valid_until: SystemTime,
    ) -> Result<Self, InvalidInput> {
        let (from, to) = (
            seconds("signed_at", signed_at)?,
            seconds("valid_until", valid_until)?,
        );
        let longest = i64::try_from(Self::LONGEST_WINDOW.as_secs()).unwrap_or(i64::MAX);
        if !(1..=longest).contains(&(to - from)) {
            return Err(InvalidInput::new(
                "valid_until",
                to,
                format!(
                    "a signature must be valid for 1 to {longest} s, and this one is for {} s",
                    to - from
                ),
                "sign again with another end",
            ));
        }
        self.request = self
            .request
            .signature(vec![r.into(), s.into()])
            .signature_timestamp(from)
            .signature_expiry(to);
        Ok(self)
    }

    /// Sets the signature of an Ethereum main key: the signed message, verbatim, and the signature.
    pub fn ethereum_signature(
        mut self,
        siwe_message: impl Into<Secret>,
        signature: impl Into<Secret>,
    ) -> Self {
        self.request = self
            .request
            .siwe_message(siwe_message.into())
            .evm_signature(signature.into());
        self
    }

    /// Registers the subkey as pending, until the holder of the ephemeral key activates it.
    ///
    /// The exchange stores the encrypted private key, and returns it with the activation.
    ///
    /// # Errors
    ///
    /// The ephemeral key is not `0x` and 1 to 64 hex digits.
    pub fn pending(
        mut self,
        encrypted_key: impl Into<Secret>,
        ephemeral_public_key: impl Into<String>,
    ) -> Result<Self, InvalidInput> {
        let ephemeral = ephemeral_public_key.into();
        check_key("ephemeral_public_key", &ephemeral)?;
        self.request = self
            .request
            .state(SubkeyState::Pending)
            .encrypted_key(encrypted_key.into())
            .eph_public_key(ephemeral);
        Ok(self)
    }

    pub(super) fn allowlist(&self) -> &IpAllowlist {
        &self.allowlist
    }

    pub(super) fn into_request(self) -> CreateSubkeyRequest {
        match self.allowlist {
            // Leaving the field out means the same, and cannot be misread.
            IpAllowlist::Unrestricted => self.request,
            list @ IpAllowlist::Only(_) => self.request.allowed_cidrs(list.to_wire()),
        }
    }
}

/// Activates a pending subkey; the caller signs it with the ephemeral key.
#[derive(Debug, Clone)]
pub struct Activation(ActivateSubkeyRequest);

impl Activation {
    /// Creates it from the account, the public key of the subkey, and the signature with the time that it covers.
    ///
    /// # Errors
    ///
    /// The key is not `0x` and 1 to 64 hex digits, or the time is before 1970.
    pub fn new(
        account: impl Into<String>,
        public_key: impl Into<String>,
        r: impl Into<Secret>,
        s: impl Into<Secret>,
        signed_at: SystemTime,
    ) -> Result<Self, InvalidInput> {
        let public_key = public_key.into();
        check_key("public_key", &public_key)?;
        Ok(Self(ActivateSubkeyRequest::new(
            account,
            public_key,
            vec![r.into(), s.into()],
            seconds("signed_at", signed_at)?,
        )))
    }

    /// Renames the subkey with the activation.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0 = self.0.name(name);
        self
    }

    pub(super) fn into_request(self) -> ActivateSubkeyRequest {
        self.0
    }
}

fn seconds(field: &'static str, time: SystemTime) -> Result<i64, InvalidInput> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok();
    since
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .ok_or_else(|| {
            InvalidInput::new(
                field,
                format_args!("{time:?}"),
                "it is before 1970",
                "check the clock",
            )
        })
}

/// Checks a public key that is to be sent.
fn check_key(field: &'static str, text: &str) -> Result<(), InvalidInput> {
    let digits = text.strip_prefix("0x").unwrap_or_default();
    let fits = (1..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(())
    } else {
        Err(InvalidInput::new(
            field,
            text,
            "a public key is `0x` and 1 to 64 hex digits",
            "check the key",
        ))
    }
}
