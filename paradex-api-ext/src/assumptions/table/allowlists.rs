//! Questions about IP allowlists. The probe changes the allowlist of a token that it has created, and of no other.

use super::super::question::{AnswerKind, Claim, Needs, Question, Topic};
use super::super::words::words;
use super::{changes, impossible};

/// How a request from an address outside of the allowlist is refused.
pub(crate) const ADDRESS_REFUSAL: &str = "address-refusal";

/// How a list with a malformed network is refused.
pub(crate) const NETWORK_REFUSAL: &str = "network-refusal";

/// How many networks a list may have.
pub(crate) const NETWORK_LIMIT: &str = "network-limit";

words! { Ipv6Networks in "ipv6-networks", assumes Accepted {
    Accepted = "accepted": "a list may have IPv6 networks",
    Refused = "refused": "they are refused",
} }

words! { HostBits in "host-bits", assumes Refused {
    Refused = "refused": "a network with bits set beyond its prefix is refused",
    Masked = "masked": "the bits are cleared before it is stored",
    Kept = "kept": "it is stored as it is",
} }

words! { BareAddress in "bare-address", assumes Refused {
    Refused = "refused": "an address without a prefix is refused",
    Completed = "completed": "it is stored with the prefix of a single address",
    Kept = "kept": "it is stored as it is",
} }

words! { BlankNetwork in "blank-network", assumes Refused {
    Refused = "refused": "a list with an empty text is refused",
    Dropped = "dropped": "the empty text is left out",
    Kept = "kept": "it is stored",
} }

words! { SpacesAround in "spaces-around-network", assumes Refused {
    Refused = "refused": "a network with spaces around it is refused",
    Trimmed = "trimmed": "the spaces are removed",
    Kept = "kept": "it is stored as it is",
} }

words! { AnyNetwork in "any-network", assumes Kept {
    Kept = "kept": "0.0.0.0/0 is stored as it is",
    EmptyList = "empty-list": "it is stored as an empty list",
    Refused = "refused": "it is refused",
} }

words! { DuplicateNetworks in "duplicate-networks", assumes Kept {
    Kept = "kept": "both are stored",
    Merged = "merged": "one of them is stored",
    Refused = "refused": "the list is refused",
} }

words! { OrderOfNetworks in "order-of-networks", assumes Kept {
    Kept = "kept": "networks are stored in the order in which they were sent",
    Sorted = "sorted": "they are stored in the order of their texts",
} }

words! { EmptyAllowlist in "empty-allowlist", assumes Unrestricted {
    Unrestricted = "unrestricted": "an empty list admits every address",
    Refused = "refused": "a list cannot be replaced by an empty one",
} }

words! { AllowlistDelay in "allowlist-delay", assumes AtOnce {
    AtOnce = "at-once": "the next request is judged by the new list",
    WithinTenSeconds = "within-10-seconds": "it takes effect within 10 s",
    WithinAMinute = "within-a-minute": "it takes effect within a minute",
} }

words! {
    /// What happens to an open WebSocket when the allowlist of its token no longer admits its address. It is not published.
    pub SocketOfNarrowedToken in "socket-of-narrowed-token", assumes GoesOn {
        /// It is closed.
        Closed = "closed": "it is closed",
        /// Order methods are refused; subscriptions go on.
        Refused = "refused": "order methods are refused",
        /// Nothing happens, because a connection is authenticated once.
        GoesOn = "goes-on": "it goes on",
    }
}

words! {
    /// Whether the allowlist of a token applies to `auth` on a WebSocket. It is not published.
    pub AuthOfNarrowedToken in "auth-of-narrowed-token", assumes Refused {
        /// It applies: `auth` is refused.
        Refused = "refused": "`auth` is refused",
        /// It does not.
        Accepted = "accepted": "`auth` succeeds",
    }
}

pub(super) const ROWS: &[Question] = &[
    Question {
        name: "ipv6-networks",
        topic: Topic::Allowlists,
        text: "Does an allowlist accept IPv6 networks?",
        answers: Ipv6Networks::ANSWERS,
        claims: &[],
        matters: "A machine that reaches the exchange by IPv6 can be locked out by a list of IPv4 networks.",
        asking: changes(
            Needs::MainKey,
            2,
            "sets the list of a new token to 192.0.2.0/24 and 2001:db8::/32",
        ),
        is_listed: true,
    },
    Question {
        name: "host-bits",
        topic: Topic::Allowlists,
        text: "What happens to a network with bits set beyond its prefix?",
        answers: HostBits::ANSWERS,
        claims: &[],
        matters: "192.0.2.7/24 may stand for one address or for 256.",
        asking: changes(Needs::MainKey, 1, "sets the list of the token to 192.0.2.7/24"),
        is_listed: true,
    },
    Question {
        name: "bare-address",
        topic: Topic::Allowlists,
        text: "What happens to an address without a prefix?",
        answers: BareAddress::ANSWERS,
        claims: &[],
        matters: "A list that was set by another client may have such entries.",
        asking: changes(Needs::MainKey, 1, "sets the list of the token to 192.0.2.7"),
        is_listed: false,
    },
    Question {
        name: "blank-network",
        topic: Topic::Allowlists,
        text: "What happens to an empty text in an allowlist?",
        answers: BlankNetwork::ANSWERS,
        claims: &[],
        matters: "If it is left out, a list of nothing but empty texts opens the token to everyone.",
        asking: changes(
            Needs::MainKey,
            1,
            "sets the list of the token to 192.0.2.0/24 and an empty text",
        ),
        is_listed: true,
    },
    Question {
        name: "spaces-around-network",
        topic: Topic::Allowlists,
        text: "What happens to spaces around a network?",
        answers: SpacesAround::ANSWERS,
        claims: &[],
        matters: "A network that is stored with spaces may admit nobody.",
        asking: changes(
            Needs::MainKey,
            1,
            "sets the list of the token to 192.0.2.0/24 with spaces around it",
        ),
        is_listed: false,
    },
    Question {
        name: "any-network",
        topic: Topic::Allowlists,
        text: "How is 0.0.0.0/0 stored?",
        answers: AnyNetwork::ANSWERS,
        claims: &[],
        matters: "A list that is stored as an empty one is unrestricted for IPv6 as well.",
        asking: changes(Needs::MainKey, 1, "sets the list of the token to 0.0.0.0/0"),
        is_listed: false,
    },
    Question {
        name: "duplicate-networks",
        topic: Topic::Allowlists,
        text: "What happens to a network that a list has twice?",
        answers: DuplicateNetworks::ANSWERS,
        claims: &[],
        matters: "It decides whether the stored list can be compared with the sent one, entry by entry.",
        asking: changes(
            Needs::MainKey,
            1,
            "sets the list of the token to 192.0.2.0/24, twice",
        ),
        is_listed: false,
    },
    Question {
        name: "order-of-networks",
        topic: Topic::Allowlists,
        text: "Does an allowlist keep the order of its networks?",
        answers: OrderOfNetworks::ANSWERS,
        claims: &[],
        matters: "It decides whether the stored list can be compared with the sent one, entry by entry.",
        asking: changes(
            Needs::MainKey,
            1,
            "sets the list of the token to 198.51.100.0/24 and 192.0.2.0/24",
        ),
        is_listed: false,
    },
    Question {
        name: NETWORK_LIMIT,
        topic: Topic::Allowlists,
        text: "How many networks may an allowlist have?",
        answers: AnswerKind::Number {
            unit: "networks",
            least: 8,
            most: 128,
            assumed: 50,
        },
        claims: &[Claim {
            source: "API document",
            says: "at most 50",
        }],
        matters: "This crate refuses longer lists before it sends them.",
        asking: changes(
            Needs::MainKey,
            9,
            "sets the list of the token to more and fewer networks",
        ),
        is_listed: false,
    },
    Question {
        name: NETWORK_REFUSAL,
        topic: Topic::Allowlists,
        text: "What does a list with a malformed network get?",
        answers: AnswerKind::Refusal {
            status: 400,
            code: "VALIDATION_ERROR",
        },
        claims: &[],
        matters: "A client should tell a wrong list from a missing right.",
        asking: changes(
            Needs::MainKey,
            1,
            "tries to set the list of the token to a text that is no network",
        ),
        is_listed: false,
    },
    Question {
        name: "allowlist-delay",
        topic: Topic::Allowlists,
        text: "How soon does a changed allowlist take effect?",
        answers: AllowlistDelay::ANSWERS,
        claims: &[],
        matters: "Until then a leaked token still works from everywhere.",
        asking: changes(
            Needs::MainKey,
            6,
            "creates an unrestricted token, narrows it to 192.0.2.0/24, and reads the account with it for a minute at most",
        ).lasting(60),
        is_listed: true,
    },
    Question {
        name: ADDRESS_REFUSAL,
        topic: Topic::Allowlists,
        text: "What does a request from an address outside of the allowlist get?",
        answers: AnswerKind::Refusal {
            status: 403,
            code: "IP_NOT_ALLOWED",
        },
        claims: &[Claim {
            source: "API document",
            says: "has the error code IP_NOT_ALLOWED, and names no status for it",
        }],
        matters: "`--confirm` restores a list when the credential is refused for its address.",
        asking: changes(Needs::MainKey, 1, "reads the account with the narrowed token"),
        is_listed: false,
    },
    Question {
        name: "empty-allowlist",
        topic: Topic::Allowlists,
        text: "What does an empty list do?",
        answers: EmptyAllowlist::ANSWERS,
        claims: &[Claim {
            source: "the exchange's own command line",
            says: "leaving out the networks clears the list",
        }],
        matters: "It is how this crate writes `IpAllowlist::Unrestricted`.",
        asking: changes(
            Needs::MainKey,
            4,
            "sets the list of the narrowed token to an empty one, and reads the account with it for a minute at most",
        ).lasting(60),
        is_listed: false,
    },
    Question {
        name: "socket-of-narrowed-token",
        topic: Topic::Allowlists,
        text: "What happens to an open WebSocket when the allowlist of its token is narrowed?",
        answers: SocketOfNarrowedToken::ANSWERS,
        claims: &[Claim {
            source: "the exchange's documentation of the WebSocket",
            says: "a connection is authenticated once",
        }],
        matters: "A connection that stays open goes on reading and trading from an address that may no longer do so.",
        asking: changes(
            Needs::MainKey,
            14,
            "creates a token, authenticates a WebSocket with it, narrows it to 192.0.2.0/24, and tries to cancel an order with an \
             invented id, before and when the list is in force",
        )
        .lasting(60),
        is_listed: true,
    },
    Question {
        name: "auth-of-narrowed-token",
        topic: Topic::Allowlists,
        text: "Does the allowlist of a token apply to authenticating a WebSocket?",
        answers: AuthOfNarrowedToken::ANSWERS,
        claims: &[],
        matters: "If it does not, a leaked token trades over a WebSocket from everywhere.",
        asking: changes(
            Needs::MainKey,
            5,
            "tries to authenticate a WebSocket with the narrowed token, and revokes it",
        ),
        is_listed: true,
    },
    Question {
        name: "cause-of-403",
        topic: Topic::Allowlists,
        text: "Which error code says that an account may not use allowlists at all?",
        answers: AnswerKind::None,
        claims: &[],
        matters: "An operator must know whether the session or the account is the cause.",
        asking: impossible("it takes an account without IP restrictions"),
        is_listed: true,
    },
];
