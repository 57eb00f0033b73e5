//! Questions about orders. The probe asks them only with `--with-orders`, on testnet: post-only orders of the smallest size, far
//! from the market.

use super::super::question::{AnswerKind, Claim, Needs, Question, Topic};
use super::super::words::words;
use super::changes;

/// What cancelling an unknown order returns.
pub(crate) const UNKNOWN_ORDER_REFUSAL: &str = "unknown-order-refusal";

/// What cancelling a closed order returns.
pub(crate) const CLOSED_ORDER_REFUSAL: &str = "closed-order-refusal";

/// What placing an order of size 0 returns.
pub(crate) const ZERO_SIZE_REFUSAL: &str = "zero-size-refusal";

words! { PlacedStatus in "placed-order-status", assumes New {
    New = "new": "the response to a new order says NEW, also if it rests in the book",
    Open = "open": "it says OPEN",
} }

words! { UsedClientId in "used-client-id", assumes Accepted {
    Accepted = "accepted": "the client id of a closed order can be used again",
    Refused = "refused": "it cannot",
} }

words! { SameOrderTwice in "same-order-twice", assumes Accepted {
    Accepted = "accepted": "the same signed order can be placed twice, if it has no client id",
    Refused = "refused": "the second is refused",
} }

pub(super) const ROWS: &[Question] = &[
    Question {
        name: ZERO_SIZE_REFUSAL,
        topic: Topic::Orders,
        text: "What does placing an order of size 0 return?",
        answers: AnswerKind::Refusal {
            status: 400,
            code: "INVALID_ORDER_SIZE",
        },
        claims: &[],
        matters: "No source says which values of an order get which error code.",
        asking: changes(
            Needs::Orders,
            5,
            "registers a subkey, reads markets and prices, and tries to place a post-only order of size 0",
        ),
        is_listed: false,
    },
    Question {
        name: UNKNOWN_ORDER_REFUSAL,
        topic: Topic::Orders,
        text: "What does cancelling an unknown order return?",
        answers: AnswerKind::Refusal {
            status: 404,
            code: "ORDER_ID_NOT_FOUND",
        },
        claims: &[],
        matters: "A client that cancels after a lost response must know whether the order was ever placed.",
        asking: changes(Needs::Orders, 1, "tries to cancel an order with an invented id"),
        is_listed: false,
    },
    Question {
        name: "placed-order-status",
        topic: Topic::Orders,
        text: "Which status does the response to a resting order have?",
        answers: PlacedStatus::ANSWERS,
        claims: &[],
        matters: "A client that takes NEW for OPEN believes that an order rests which is cancelled a moment later.",
        asking: changes(
            Needs::Orders,
            1,
            "places a post-only order with a client id, far from the market",
        ),
        is_listed: false,
    },
    Question {
        name: CLOSED_ORDER_REFUSAL,
        topic: Topic::Orders,
        text: "What does cancelling a closed order return?",
        answers: AnswerKind::Refusal {
            status: 400,
            code: "ORDER_IS_CLOSED",
        },
        claims: &[],
        matters: "A cancel that is sent twice must not look like an order that is still open.",
        asking: changes(
            Needs::Orders,
            4,
            "cancels the order, waits until it is closed, and cancels it again",
        ),
        is_listed: false,
    },
    Question {
        name: "used-client-id",
        topic: Topic::Orders,
        text: "Can the client id of a closed order be used again?",
        answers: UsedClientId::ANSWERS,
        claims: &[Claim {
            source: "API document",
            says: "has an error code for a client id that is in use, and does not say when it is free again",
        }],
        matters: "Looking an order up by its client id is unambiguous only if it cannot.",
        asking: changes(
            Needs::Orders,
            2,
            "places an order with the client id of the closed one, and cancels it",
        ),
        is_listed: true,
    },
    Question {
        name: "same-order-twice",
        topic: Topic::Orders,
        text: "Does the same signed order without a client id make two orders?",
        answers: SameOrderTwice::ANSWERS,
        claims: &[],
        matters: "If it does, a client that repeats a request trades twice.",
        asking: changes(
            Needs::Orders,
            4,
            "sends an order without a client id twice, and cancels what was placed",
        ),
        is_listed: true,
    },
];
