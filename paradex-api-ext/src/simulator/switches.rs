//! How the simulator behaves where no published source says how the exchange does.
//!
//! The builder reads them once from its [`Assumptions`], so that a request needs no look-up.

use std::time::Duration;

use crate::assumptions::{
    ADDRESS_REFUSAL, AllowlistDelay, AnyNetwork, Assumptions, BareAddress, BlankNetwork,
    CLOSED_ORDER_REFUSAL, ClosedOrderById, DuplicateNetworks, EmptyAllowlist, HostBits, Ipv6Networks,
    NETWORK_LIMIT, NETWORK_REFUSAL, NarrowedSession, NarrowedSignIn, OTHER_ACCOUNT_REFUSAL, OrderOfNetworks,
    PlacedStatus, REVOKED_TOKEN_REFUSAL, RIGHTS_REFUSAL, RateLimitHeaders, ReadOnlyType, Refusal,
    ResponseCompression, RevokedAgain, RevokedInList, RevokedSession, RevokingTwice, SameOrderTwice,
    SameTokenName, ShortLifetime, SignatureAgain, SpacesAround, SubkeySignature, TokenTimes,
    UNKNOWN_ORDER_REFUSAL, UNKNOWN_TOKEN_REFUSAL, UnknownField, UnknownParameter, UsedClientId,
    VersionHeader, ZERO_SIZE_REFUSAL,
};
use crate::simulator::clock::TimeUnit;

/// The behaviour of a simulator.
#[derive(Debug, Clone)]
pub(super) struct Switches {
    pub(super) compression: ResponseCompression,
    pub(super) rate_limit_headers: RateLimitHeaders,
    pub(super) version_header: VersionHeader,
    pub(super) unknown_parameter: UnknownParameter,
    pub(super) unknown_field: UnknownField,
    pub(super) unknown_token: Refusal,
    pub(super) other_account: Refusal,
    pub(super) revoked_token: Refusal,
    pub(super) rights: Refusal,
    pub(super) read_only_type: ReadOnlyType,
    pub(super) same_token_name: SameTokenName,
    pub(super) short_lifetime: ShortLifetime,
    pub(super) revoked_in_list: RevokedInList,
    pub(super) revoking_twice: RevokingTwice,
    pub(super) networks: NetworkSwitches,
    pub(super) empty_allowlist: EmptyAllowlist,
    /// How long the earlier list stays in force.
    pub(super) allowlist_delay: Duration,
    pub(super) address: Refusal,
    pub(super) signature_again: SignatureAgain,
    pub(super) narrowed_session: NarrowedSession,
    pub(super) narrowed_sign_in: NarrowedSignIn,
    pub(super) revoked_session: RevokedSession,
    pub(super) revoked_again: RevokedAgain,
    pub(super) unknown_order: Refusal,
    pub(super) closed_order: Refusal,
    pub(super) closed_by_id: ClosedOrderById,
    pub(super) zero_size: Refusal,
    pub(super) placed_status: PlacedStatus,
    pub(super) used_client_id: UsedClientId,
    pub(super) same_order_twice: SameOrderTwice,
}

/// How the networks of an allowlist are read.
#[derive(Debug, Clone)]
pub(super) struct NetworkSwitches {
    pub(super) ipv6: Ipv6Networks,
    pub(super) host_bits: HostBits,
    pub(super) bare_address: BareAddress,
    pub(super) blank: BlankNetwork,
    pub(super) spaces: SpacesAround,
    pub(super) any: AnyNetwork,
    pub(super) duplicates: DuplicateNetworks,
    pub(super) order: OrderOfNetworks,
    pub(super) limit: usize,
    pub(super) refusal: Refusal,
}

impl From<&Assumptions> for Switches {
    fn from(assumed: &Assumptions) -> Self {
        Self {
            compression: assumed.word(),
            rate_limit_headers: assumed.word(),
            version_header: assumed.word(),
            unknown_parameter: assumed.word(),
            unknown_field: assumed.word(),
            unknown_token: assumed.refusal(UNKNOWN_TOKEN_REFUSAL),
            other_account: assumed.refusal(OTHER_ACCOUNT_REFUSAL),
            revoked_token: assumed.refusal(REVOKED_TOKEN_REFUSAL),
            rights: assumed.refusal(RIGHTS_REFUSAL),
            read_only_type: assumed.word(),
            same_token_name: assumed.word(),
            short_lifetime: assumed.word(),
            revoked_in_list: assumed.word(),
            revoking_twice: assumed.word(),
            networks: NetworkSwitches {
                ipv6: assumed.word(),
                host_bits: assumed.word(),
                bare_address: assumed.word(),
                blank: assumed.word(),
                spaces: assumed.word(),
                any: assumed.word(),
                duplicates: assumed.word(),
                order: assumed.word(),
                limit: usize::try_from(assumed.number(NETWORK_LIMIT)).unwrap_or(usize::MAX),
                refusal: assumed.refusal(NETWORK_REFUSAL),
            },
            empty_allowlist: assumed.word(),
            allowlist_delay: match assumed.word() {
                AllowlistDelay::AtOnce => Duration::ZERO,
                AllowlistDelay::WithinTenSeconds => Duration::from_secs(5),
                AllowlistDelay::WithinAMinute => Duration::from_secs(30),
            },
            address: assumed.refusal(ADDRESS_REFUSAL),
            signature_again: assumed.word(),
            narrowed_session: assumed.word(),
            narrowed_sign_in: assumed.word(),
            revoked_session: assumed.word(),
            revoked_again: assumed.word(),
            unknown_order: assumed.refusal(UNKNOWN_ORDER_REFUSAL),
            closed_order: assumed.refusal(CLOSED_ORDER_REFUSAL),
            closed_by_id: assumed.word(),
            zero_size: assumed.refusal(ZERO_SIZE_REFUSAL),
            placed_status: assumed.word(),
            used_client_id: assumed.word(),
            same_order_twice: assumed.word(),
        }
    }
}

/// Returns the unit of times of tokens and subkeys.
pub(super) fn time_unit(assumed: &Assumptions) -> TimeUnit {
    match assumed.word() {
        TokenTimes::Seconds => TimeUnit::Seconds,
        TokenTimes::Milliseconds => TimeUnit::Milliseconds,
        TokenTimes::Nanoseconds => TimeUnit::Nanoseconds,
    }
}

/// Returns whether registering a subkey takes the main key's signature.
pub(super) fn requires_subkey_signature(assumed: &Assumptions) -> bool {
    assumed.word::<SubkeySignature>() == SubkeySignature::Required
}

#[cfg(test)]
mod tests {
    use super::{Assumptions, requires_subkey_signature, time_unit};
    use crate::simulator::builder::default_settings;

    #[test]
    fn default_settings_are_those_of_the_table() {
        let (settings, table) = (default_settings(), Assumptions::new());
        let mut stream = settings.stream.clone();
        stream.assume(&table);
        assert_eq!(settings.stream, stream);
        assert_eq!(settings.time_unit, time_unit(&table));
        assert_eq!(
            settings.require_subkey_signature,
            requires_subkey_signature(&table)
        );
    }
}
