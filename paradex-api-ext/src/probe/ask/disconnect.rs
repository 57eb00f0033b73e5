//! Cancel on disconnect: how soon it acts, on which orders, and after which end of a connection.
//!
//! It may cancel all orders of an account, so it is armed only if the account has no open orders but those of the probe.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::error::Trouble;
use super::super::run::Run;
use super::orders::{Seen, Trader, connected, placed_id};
use super::socket::Socket;
use crate::assumptions::{CleanClose, DisconnectDelay, DisconnectScope, Words};

/// When to look at the order of a connection that broke, in milliseconds after that. The response must come before the time of the
/// answer is over.
const LOOKS: [u64; 3] = [1_500, 9_000, 55_000];

/// Returns the answer of an order that was cancelled after this time at the latest.
fn delay_of(at_most: Duration) -> Option<DisconnectDelay> {
    match at_most.as_millis() {
        0..=2_000 => Some(DisconnectDelay::AtOnce),
        2_001..=10_000 => Some(DisconnectDelay::WithinTenSeconds),
        10_001..=60_000 => Some(DisconnectDelay::WithinAMinute),
        _ => None,
    }
}

/// Places an order over a connection that cancels its orders when it ends. Returns the connection and the order's id, or notes that a
/// question has no answer.
async fn armed(
    run: &mut Run,
    trader: &mut Trader,
    question: &'static str,
) -> Result<Option<(Socket, String)>, Trouble> {
    match run.other_open_orders().await? {
        Ok(0) => {}
        Ok(count) => {
            run.unclear(
                question,
                format!("the account has {count} other open orders, which might be cancelled"),
            );
            return Ok(None);
        }
        Err(why) => {
            run.unclear(question, why);
            return Ok(None);
        }
    }
    let Some(mut socket) = connected(run, trader, question).await? else {
        return Ok(None);
    };
    let enabled = json!({ "enabled": true });
    let heard = run
        .request(&mut socket, "order.cancel_on_disconnect", &enabled)
        .await?;
    if !heard.is_done() {
        run.unclear(
            question,
            format!("`order.cancel_on_disconnect`: {}", heard.evidence()),
        );
        return Ok(None);
    }
    let draft = trader.named_draft(run, trader.size)?;
    run.record(draft.entry.clone())?;
    let heard = run.request(&mut socket, "order.create", &draft.body).await?;
    let id = heard.result().and_then(|result| result.pointer("/order/id"));
    match id.and_then(Value::as_str) {
        Some(id) => Ok(Some((socket, id.to_owned()))),
        None => {
            run.unclear(question, format!("`order.create`: {}", heard.evidence()));
            Ok(None)
        }
    }
}

/// Breaks a connection, and returns after which time its order was cancelled at the latest.
pub(super) async fn disconnect(run: &mut Run, trader: &mut Trader) -> Result<Option<Duration>, Trouble> {
    let questions = [DisconnectDelay::QUESTION, DisconnectScope::QUESTION];
    let draft = trader.named_draft(run, trader.size)?;
    let reply = run.place(trader, &draft).await?;
    let Some(elsewhere) = placed_id(&reply).map(str::to_owned) else {
        let because = format!("no order was placed: the response was {}", reply.evidence());
        run.rest_is_unclear(&questions, &because);
        return Ok(None);
    };
    let found = match armed(run, trader, DisconnectDelay::QUESTION).await? {
        Some((socket, id)) => broken(run, trader, socket, &id).await?,
        None => None,
    };
    match found {
        Some(delay) => {
            run.begin(DisconnectScope::QUESTION);
            scope(run, trader, &elsewhere, delay).await?;
        }
        None => run.rest_is_unclear(&questions, "it is not known how soon cancel on disconnect acts"),
    }
    run.cancel(trader, &elsewhere).await?;
    Ok(found)
}

/// Breaks a connection, and looks at its order until it is cancelled.
async fn broken(
    run: &mut Run,
    trader: &Trader,
    socket: Socket,
    id: &str,
) -> Result<Option<Duration>, Trouble> {
    let question = DisconnectDelay::QUESTION;
    let start = run.elapsed();
    socket.break_off().await;
    let mut because = String::new();
    for look in LOOKS.map(Duration::from_millis) {
        let passed = run.elapsed().saturating_sub(start);
        run.wait(look.saturating_sub(passed)).await?;
        match run.look_at(trader, id).await? {
            Seen::Closed(_) => {
                let at_most = run.elapsed().saturating_sub(start);
                let evidence = format!("the order was cancelled after {} ms at most", at_most.as_millis());
                match delay_of(at_most) {
                    Some(answer) => run.found(answer, evidence),
                    None => run.unclear(question, format!("{evidence}, which is too long to tell")),
                }
                return Ok(Some(at_most));
            }
            Seen::Open => {
                because = "the order of a connection that broke was not cancelled in a minute".to_owned()
            }
            Seen::Unclear(why) => because = format!("it is not known whether the order was cancelled: {why}"),
        }
    }
    run.unclear(question, because);
    run.cancel(trader, id).await?;
    Ok(None)
}

/// Looks at an order of the account that was not placed over the connection that broke.
async fn scope(run: &mut Run, trader: &Trader, elsewhere: &str, delay: Duration) -> Result<(), Trouble> {
    match seen_twice(run, trader, elsewhere, delay).await? {
        Seen::Closed(_) => run.found(
            DisconnectScope::Account,
            "an order over HTTP was cancelled as well",
        ),
        Seen::Open => run.found(
            DisconnectScope::Connection,
            "an order over HTTP was not cancelled",
        ),
        Seen::Unclear(why) => run.unclear(DisconnectScope::QUESTION, why),
    }
    Ok(())
}

/// Closes a connection, and looks at its order for twice the time in which cancel on disconnect acts.
pub(super) async fn clean_close(
    run: &mut Run,
    trader: &mut Trader,
    delay: Option<Duration>,
) -> Result<(), Trouble> {
    let question = CleanClose::QUESTION;
    let Some(delay) = delay else {
        run.unclear(question, "it is not known how soon cancel on disconnect acts");
        return Ok(());
    };
    let Some((socket, id)) = armed(run, trader, question).await? else {
        return Ok(());
    };
    socket.close().await;
    run.wait(delay).await?;
    match seen_twice(run, trader, &id, delay).await? {
        Seen::Closed(_) => {
            run.found(CleanClose::Cancels, "the order was cancelled");
            return Ok(());
        }
        Seen::Open => run.found(
            CleanClose::Keeps,
            format!("the order was not cancelled after {} ms", (delay * 2).as_millis()),
        ),
        Seen::Unclear(why) => run.unclear(question, why),
    }
    run.cancel(trader, &id).await.map(drop)
}

/// Looks at an order and, unless it is closed, once more after a wait.
async fn seen_twice(run: &mut Run, trader: &Trader, id: &str, wait: Duration) -> Result<Seen, Trouble> {
    match run.look_at(trader, id).await? {
        closed @ Seen::Closed(_) => Ok(closed),
        _ => {
            run.wait(wait).await?;
            run.look_at(trader, id).await
        }
    }
}
