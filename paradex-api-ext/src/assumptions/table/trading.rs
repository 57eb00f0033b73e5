//! Rules of trading that no probe can find out without trading.

use super::super::question::{AnswerKind, Asking, Claim, Question, Topic};
use super::impossible;

/// What all of them have in common.
const TRADES: Asking = impossible("orders would have to be filled");

pub(super) const ROWS: &[Question] = &[
    Question {
        name: "cancel-reasons",
        topic: Topic::Trading,
        text: "Which reasons of cancellation does the exchange use? (The names are from a document of 2023, and \
               `MAX_OPEN_ORDERS_EXCEEDED` is invented. The orders of a liquidated account get `NOT_ENOUGH_MARGIN`.)",
        answers: AnswerKind::None,
        claims: &[Claim {
            source: "the exchange's document of 2023",
            says: "lists reasons",
        }],
        matters: "A client that tells reasons apart by their names must know the names.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "stop-condition",
        topic: Topic::Trading,
        text: "Which condition does a stop order without one get? (Here it triggers when the mark price crosses the trigger \
               price.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "An order that triggers in the wrong direction trades at once.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "place-of-modified-order",
        topic: Topic::Trading,
        text: "When does a modified order keep its place in the queue? (Here if it only becomes smaller.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A market maker who loses the place is filled later.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "self-trade-mode",
        topic: Topic::Trading,
        text: "Whose mode of self-trade prevention counts? (Here that of the new order.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "It decides which of two orders is cancelled.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "end-of-position-orders",
        topic: Topic::Trading,
        text: "When do the stop-loss and take-profit orders of a position end? (Here when the position is closed or flipped.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "An order that outlives its position opens a new one.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "trigger-before-liquidation",
        topic: Topic::Trading,
        text: "Does an order that a price triggers come before the liquidation that the same price causes? (Here it does.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A stop order that comes too late does not save the account.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "active-twap-orders",
        topic: Topic::Trading,
        text: "How many TWAP orders can an account have active? (Here 100, then 400 `INVALID_REQUEST_PARAMETER`.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A refused order is not traded.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "unfilled-twap-part",
        topic: Topic::Trading,
        text: "What happens to the unfilled part of a TWAP order? (Here the later parts share it.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "It decides whether the order is filled whole.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "twap-at-cancel-all",
        topic: Topic::Trading,
        text: "Does cancelling all orders end TWAP orders? (Here it does not.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A TWAP order that goes on opens positions after a halt.",
        asking: TRADES,
        is_listed: false,
    },
    Question {
        name: "error-codes-of-orders",
        topic: Topic::Trading,
        text: "Which values of an order get which error code? (Only the code for the size is documented.)",
        answers: AnswerKind::None,
        claims: &[],
        matters: "A client that reacts to a code must know when it comes.",
        asking: impossible("there are too many values; the topic `orders` asks about some"),
        is_listed: false,
    },
];
