//! Questions about API tokens. The probe creates tokens that live for minutes, and revokes them.

use super::super::question::{AnswerKind, Claim, Needs, Question, Topic};
use super::super::words::words;
use super::{changes, impossible};

/// What a revoked token gets.
pub(crate) const REVOKED_TOKEN_REFUSAL: &str = "revoked-token-refusal";

/// What a token gets that tries to change an allowlist.
pub(crate) const RIGHTS_REFUSAL: &str = "rights-refusal";

words! { TokenTimes in "token-times", assumes Nanoseconds {
    Seconds = "seconds": "times of tokens and subkeys are in seconds",
    Milliseconds = "milliseconds": "they are in milliseconds",
    Nanoseconds = "nanoseconds": "they are in nanoseconds",
} }

words! { ReadOnlyType in "read-only-type", assumes ReadOnly {
    ReadOnly = "read-only": "it creates a token that may only read",
    Ordinary = "ordinary": "it creates a token that may also write",
    Refused = "refused": "there is no such type",
} }

words! { SameTokenName in "same-token-name", assumes Accepted {
    Accepted = "accepted": "two live tokens may have the same name",
    Refused = "refused": "the second is refused",
} }

words! { ShortLifetime in "lifetime-below-a-minute", assumes Refused {
    Accepted = "accepted": "59 s is a lifetime",
    Refused = "refused": "59 s is refused",
} }

words! { UnknownField in "unknown-field", assumes Refused {
    Ignored = "ignored": "a field of a body that the operation does not have is ignored",
    Refused = "refused": "it is refused",
} }

words! { RevokedInList in "revoked-token-in-list", assumes Hidden {
    Hidden = "hidden": "the list of tokens leaves revoked ones out by default",
    Listed = "listed": "it has them always",
} }

words! { RevokingTwice in "revoking-twice", assumes Succeeds {
    Succeeds = "succeeds": "revoking a revoked token succeeds again",
    Refused = "refused": "it is refused",
} }

words! {
    /// What a second `auth` on a connection gets. It is not published.
    pub SecondAuth in "second-auth", assumes Refused {
        /// An error; the first one stays in effect.
        Refused = "refused": "the second `auth` is refused",
        /// A success; the connection belongs to the new account.
        Accepted = "accepted": "it succeeds",
    }
}

words! {
    /// What happens to an open WebSocket when its token is revoked. It is not published.
    pub SocketOfRevokedToken in "socket-of-revoked-token", assumes GoesOn {
        /// It is closed.
        Closed = "closed": "it is closed",
        /// Order methods are refused; subscriptions go on.
        Refused = "refused": "order methods are refused",
        /// Nothing happens, because a connection is authenticated once.
        GoesOn = "goes-on": "it goes on",
    }
}

pub(super) const ROWS: &[Question] = &[
    Question {
        name: "token-times",
        topic: Topic::Tokens,
        text: "In which unit are the times of tokens and subkeys?",
        answers: TokenTimes::ANSWERS,
        claims: &[Claim {
            source: "API document",
            says: "nanoseconds, with examples in seconds",
        }],
        matters: "A wrong unit makes a token look expired, or valid for thousands of years.",
        asking: changes(Needs::MainKey, 1, "creates a token that lives 15 minutes"),
        is_listed: false,
    },
    Question {
        name: RIGHTS_REFUSAL,
        topic: Topic::Tokens,
        text: "What does a token get that tries to change an allowlist?",
        answers: AnswerKind::Refusal {
            status: 403,
            code: "REQUEST_NOT_ALLOWED",
        },
        claims: &[Claim {
            source: "API document",
            says: "403, for an account without IP restrictions; the call is also reserved for the main account's session",
        }],
        matters: "An operator must know whether the session or the account is the cause.",
        asking: changes(
            Needs::MainKey,
            1,
            "tries to replace the allowlist of the new token with that token",
        ),
        is_listed: true,
    },
    Question {
        name: "read-only-type",
        topic: Topic::Tokens,
        text: "What does the token type `read_only` create?",
        answers: ReadOnlyType::ANSWERS,
        claims: &[Claim {
            source: "the exchange's documentation of tokens",
            says: "read-only tokens are accepted for GET requests; the name of the type is not documented",
        }],
        matters: "A token that is believed to be read-only and is not can trade.",
        asking: changes(
            Needs::MainKey,
            5,
            "creates a token of this type and an ordinary one, tries to cancel an order that does not exist with \
             both, and revokes the former",
        ),
        is_listed: false,
    },
    Question {
        name: "same-token-name",
        topic: Topic::Tokens,
        text: "May two live tokens have the same name?",
        answers: SameTokenName::ANSWERS,
        claims: &[],
        matters: "If they may, a name does not identify a token.",
        asking: changes(
            Needs::MainKey,
            2,
            "creates a second token with the name of the first, and revokes it",
        ),
        is_listed: false,
    },
    Question {
        name: "lifetime-below-a-minute",
        topic: Topic::Tokens,
        text: "Is a token with a lifetime of 59 s accepted?",
        answers: ShortLifetime::ANSWERS,
        claims: &[Claim {
            source: "API document",
            says: "lifetimes are between a minute and a year",
        }],
        matters: "This crate refuses shorter lifetimes before it sends them.",
        asking: changes(
            Needs::MainKey,
            2,
            "creates a token with a lifetime of 59 s, and revokes it",
        ),
        is_listed: false,
    },
    Question {
        name: "unknown-field",
        topic: Topic::Tokens,
        text: "Does the exchange ignore unknown fields of a body?",
        answers: UnknownField::ANSWERS,
        claims: &[Claim {
            source: "paradex-py",
            says: "sends `client_id` when it modifies an order, and trades",
        }],
        matters: "If it is ignored, a misspelt `allowed_cidrs` creates an unrestricted token.",
        asking: changes(
            Needs::MainKey,
            1,
            "replaces the allowlist of the new token, with an invented field",
        ),
        is_listed: true,
    },
    Question {
        name: "revoked-token-in-list",
        topic: Topic::Tokens,
        text: "Does the list of tokens include revoked tokens by default?",
        answers: RevokedInList::ANSWERS,
        claims: &[Claim {
            source: "API document",
            says: "`with_invalid` includes revoked and expired tokens",
        }],
        matters: "A client that takes each listed token for a live one overlooks a revocation.",
        asking: changes(Needs::MainKey, 3, "creates and revokes a token, and lists tokens"),
        is_listed: false,
    },
    Question {
        name: "revoking-twice",
        topic: Topic::Tokens,
        text: "Does revoking a revoked token succeed?",
        answers: RevokingTwice::ANSWERS,
        claims: &[],
        matters: "After a lost response, a client revokes again.",
        asking: changes(Needs::MainKey, 1, "revokes the revoked token again"),
        is_listed: false,
    },
    Question {
        name: REVOKED_TOKEN_REFUSAL,
        topic: Topic::Tokens,
        text: "What does a revoked token get?",
        answers: AnswerKind::Refusal {
            status: 401,
            code: "",
        },
        claims: &[],
        matters: "A program whose token was revoked should say so instead of trying again.",
        asking: changes(Needs::MainKey, 1, "reads the account with the revoked token"),
        is_listed: false,
    },
    Question {
        name: "second-auth",
        topic: Topic::Tokens,
        text: "Can a WebSocket be authenticated a second time?",
        answers: SecondAuth::ANSWERS,
        claims: &[Claim {
            source: "the exchange's documentation of the WebSocket",
            says: "a connection is authenticated once",
        }],
        matters: "If it can, a connection outlives its token.",
        asking: changes(
            Needs::MainKey,
            5,
            "opens a WebSocket, and authenticates it twice with the new token; it subscribes to nothing",
        ),
        is_listed: false,
    },
    Question {
        name: "socket-of-revoked-token",
        topic: Topic::Tokens,
        text: "What happens to an open WebSocket when its token is revoked?",
        answers: SocketOfRevokedToken::ANSWERS,
        claims: &[Claim {
            source: "the exchange's documentation of the WebSocket",
            says: "a connection is authenticated once",
        }],
        matters: "A thief who is connected may go on reading, and placing orders.",
        asking: changes(
            Needs::MainKey,
            12,
            "creates a token, authenticates a WebSocket with it, revokes it, and tries to cancel an order with an invented id, \
             before and 10 s after",
        )
        .lasting(10),
        is_listed: true,
    },
    Question {
        name: "token-types",
        topic: Topic::Tokens,
        text: "Which types of tokens exist?",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "API document",
            says: "`kind` is `jwt` or `api_key`, and the list is not complete",
        }],
        matters: "A rotation must create the new token with the type of the old one.",
        asking: impossible("no call lists them"),
        is_listed: true,
    },
];
