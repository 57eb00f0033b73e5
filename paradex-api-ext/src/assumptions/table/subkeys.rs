//! Questions about subkeys and sessions. The probe registers subkeys of its own, and revokes them.

use super::super::question::{AnswerKind, Claim, Needs, Question, Topic};
use super::super::words::words;
use super::{changes, impossible};

words! { SubkeySignature in "subkey-signature", assumes Optional {
    Optional = "optional": "a subkey can be registered without the main key's signature",
    Required = "required": "it cannot",
} }

words! { SignatureAgain in "sign-in-signature-again", assumes Accepted {
    Accepted = "accepted": "a signature can be used for two sign-ins until it expires",
    Refused = "refused": "the second sign-in is refused",
} }

words! { NarrowedSession in "session-of-narrowed-subkey", assumes Refused {
    Refused = "refused": "its requests are judged by the new list",
    GoesOn = "goes-on": "its requests are judged by the list at its sign-in",
} }

words! { NarrowedSignIn in "sign-in-of-narrowed-subkey", assumes Accepted {
    Accepted = "accepted": "the list of a subkey does not apply to signing in",
    Refused = "refused": "it applies",
} }

words! { RevokedSession in "session-of-revoked-subkey", assumes Ends {
    Ends = "ends": "its requests are refused",
    GoesOn = "goes-on": "its requests still succeed after as long as a changed allowlist takes to be in force",
} }

words! { RevokedAgain in "revoked-subkey-again", assumes Refused {
    Accepted = "accepted": "a revoked public key can be registered again",
    Refused = "refused": "it cannot",
} }

words! {
    /// What happens to an open WebSocket when its subkey is revoked. It is not published.
    pub SocketOfRevokedSubkey in "socket-of-revoked-subkey", assumes GoesOn {
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
        name: "subkey-signature",
        topic: Topic::Subkeys,
        text: "Must the main key sign the registration of a subkey?",
        answers: SubkeySignature::ANSWERS,
        claims: &[Claim {
            source: "API document",
            says: "the signature is enforced only where a server has it switched on",
        }],
        matters: "If it need not, a stolen session of the main account can register a key.",
        asking: changes(
            Needs::MainKey,
            2,
            "registers a subkey without a signature, and with one if that is refused",
        ),
        is_listed: true,
    },
    Question {
        name: "sign-in-signature-again",
        topic: Topic::Subkeys,
        text: "Can a signature be used for two sign-ins?",
        answers: SignatureAgain::ANSWERS,
        claims: &[],
        matters: "If it can, a recorded sign-in is a credential until it expires.",
        asking: changes(
            Needs::MainKey,
            3,
            "signs in with the subkey, twice with the same signature",
        ),
        is_listed: true,
    },
    Question {
        name: "session-of-narrowed-subkey",
        topic: Topic::Subkeys,
        text: "What happens to an open session when the allowlist of its subkey is narrowed?",
        answers: NarrowedSession::ANSWERS,
        claims: &[],
        matters: "Until its end, an open session may still trade from an address that was removed.",
        asking: changes(
            Needs::MainKey,
            3,
            "narrows the subkey to 192.0.2.0/24, waits until lists take effect, and reads the account with its session",
        ).lasting(60),
        is_listed: true,
    },
    Question {
        name: "sign-in-of-narrowed-subkey",
        topic: Topic::Subkeys,
        text: "Does the allowlist of a subkey apply to signing in?",
        answers: NarrowedSignIn::ANSWERS,
        claims: &[],
        matters: "It decides when a program that moved to another address notices that it is locked out.",
        asking: changes(Needs::MainKey, 1, "signs in with the narrowed subkey"),
        is_listed: false,
    },
    Question {
        name: "session-of-revoked-subkey",
        topic: Topic::Subkeys,
        text: "What happens to an open session when its subkey is revoked?",
        answers: RevokedSession::ANSWERS,
        claims: &[],
        matters: "Until its end, the session of a leaked key may still trade.",
        asking: changes(
            Needs::MainKey,
            6,
            "registers a second subkey, signs in with it, revokes it, and reads the account with its session, \
             again after a wait if that succeeds",
        ).lasting(60),
        is_listed: true,
    },
    Question {
        name: "socket-of-revoked-subkey",
        topic: Topic::Subkeys,
        text: "What happens to an open WebSocket when its subkey is revoked?",
        answers: SocketOfRevokedSubkey::ANSWERS,
        claims: &[Claim {
            source: "the exchange's documentation of the WebSocket",
            says: "a connection is authenticated once",
        }],
        matters: "A thief who is connected may go on reading, and placing orders.",
        asking: changes(
            Needs::MainKey,
            12,
            "registers a subkey, authenticates a WebSocket with a session of it, revokes it, and tries to cancel an order with an \
             invented id, before and 10 s after",
        )
        .lasting(10),
        is_listed: false,
    },
    Question {
        name: "revoked-subkey-again",
        topic: Topic::Subkeys,
        text: "Can a revoked public key be registered again?",
        answers: RevokedAgain::ANSWERS,
        claims: &[],
        matters: "If it can, a leaked key that was revoked can come back.",
        asking: changes(
            Needs::MainKey,
            2,
            "registers the revoked subkey again, and revokes it",
        ),
        is_listed: false,
    },
    Question {
        name: "activation-message",
        topic: Topic::Subkeys,
        text: "Which message activates a pending subkey?",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "API document",
            says: "the Pedersen hash of the timestamp and the ephemeral public key",
        }],
        matters: "Our reading of the document may be wrong.",
        asking: impossible("a refusal would not say which part of the message is wrong"),
        is_listed: false,
    },
];
