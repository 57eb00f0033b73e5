//! The WebSocket with public data. It subscribes to public channels for seconds, and sends no credential.
//!
//! What arrived before a wait ended is what arrived before the response to the next request.

use std::time::Duration;

use paradex_api::sbe::{self, Message, PkgType};
use serde_json::json;

use super::super::error::Trouble;
use super::super::run::Run;
use super::orders::MARKET;
use super::socket::{Heard, Socket, not_connected};
use crate::assumptions::{
    Answer, DeltaNumbers, FirstMessage, PlainConnections, RequestWithoutId, SCHEMA_VERSION, SharedBbo,
    StreamCompression, UnmatchedTick, VersionTwoLayout, WithoutSubscription, Words,
};
use crate::stream::link::ConnectFailure;

/// How long to wait for data that must come soon.
const SOON: Duration = Duration::from_secs(2);
/// How many seconds to wait for a trade of any market, again and again until one arrives.
const TRADE: [u64; 7] = [1, 2, 3, 5, 9, 15, 25];
/// How long the first message may take. Funding data comes every few seconds, so a change is not that early twice.
const AT_ONCE: Duration = Duration::from_millis(500);
/// A channel that is not subscribed, so that ending its subscription changes nothing.
const NOT_SUBSCRIBED: &str = "markets";
/// A price tick that no market has.
const ODD_TICK: &str = "0.0000007";
/// The close code of a connection without a subscription.
const NO_SUBSCRIPTION: u16 = 4031;
/// The fewest changes of a book that say something about their numbers.
const FEWEST_CHANGES: usize = 3;

pub(super) async fn ask(run: &mut Run) -> Result<(), Trouble> {
    run.begin(SCHEMA_VERSION);
    schema_version(run).await?;
    run.begin(VersionTwoLayout::QUESTION);
    version_two_layout(run).await?;
    run.begin(PlainConnections::QUESTION);
    plain_connections(run).await?;
    run.begin(FirstMessage::QUESTION);
    first_message(run).await?;
    run.begin(SharedBbo::QUESTION);
    shared_bbo(run).await?;
    run.begin(UnmatchedTick::QUESTION);
    unmatched_tick(run).await?;
    run.begin(DeltaNumbers::QUESTION);
    delta_numbers(run).await?;
    run.begin(WithoutSubscription::QUESTION);
    without_subscription(run).await?;
    run.begin(StreamCompression::QUESTION);
    compression(run).await?;
    run.begin(RequestWithoutId::QUESTION);
    request_without_id(run).await
}

/// Returns a connection with SBE, or notes that a question has no answer. The question before has found the version.
async fn socket(run: &mut Run, question: &'static str) -> Result<Option<Socket>, Trouble> {
    if run.scratch.schema_version.is_none() {
        run.unclear(question, "no version of the SBE schema was accepted");
        return Ok(None);
    }
    match run.open_sbe().await? {
        Ok(socket) => Ok(Some(socket)),
        Err(why) => {
            run.unclear(question, why);
            Ok(None)
        }
    }
}

/// Subscribes, and returns the acknowledgement, or notes that a question has no answer.
async fn subscribed(
    run: &mut Run,
    socket: &mut Socket,
    question: &'static str,
    channel: &str,
) -> Result<Option<Heard>, Trouble> {
    let acknowledged = run.subscribe(socket, channel).await?;
    if acknowledged.is_done() {
        return Ok(Some(acknowledged));
    }
    run.unclear(question, format!("`subscribe`: {}", acknowledged.evidence()));
    Ok(None)
}

async fn schema_version(run: &mut Run) -> Result<(), Trouble> {
    for version in (0..=sbe::SCHEMA_VERSION + 1).rev() {
        match run.open(Some(version), None).await? {
            Ok(_) if version > sbe::SCHEMA_VERSION => {
                run.scratch.schema_version = Some(sbe::SCHEMA_VERSION);
                run.unclear(
                    SCHEMA_VERSION,
                    format!("version {version} is served, which this program does not know"),
                );
                return Ok(());
            }
            Ok(_) => {
                run.scratch.schema_version = Some(version);
                let evidence = format!("version {version} is accepted, and {} is not", version + 1);
                run.found_answer(SCHEMA_VERSION, Answer::Number(version.into()), evidence);
                return Ok(());
            }
            Err(ConnectFailure::SchemaRefused) => {}
            Err(failure) => {
                run.unclear(SCHEMA_VERSION, not_connected(&failure));
                return Ok(());
            }
        }
    }
    run.unclear(
        SCHEMA_VERSION,
        "each version is refused: the handshakes got status 400",
    );
    Ok(())
}

async fn version_two_layout(run: &mut Run) -> Result<(), Trouble> {
    let question = VersionTwoLayout::QUESTION;
    if run.scratch.schema_version.is_some_and(|version| version < 2) {
        run.unclear(question, "version 2 is not served");
        return Ok(());
    }
    let Some(mut socket) = socket(run, question).await? else {
        return Ok(());
    };
    let channel = "trades.ALL";
    if subscribed(run, &mut socket, question, channel).await?.is_none() {
        return Ok(());
    }
    let (mut count, mut whole) = (0, 0);
    for seconds in TRADE {
        let heard = run
            .listen(&mut socket, NOT_SUBSCRIBED, Duration::from_secs(seconds))
            .await?;
        for frame in &heard.frames {
            if let Ok(Message::Trade(trade)) = Message::decode(frame) {
                count += 1;
                whole += usize::from(trade.trade_id_str().is_some());
            }
        }
        if count > 0 || heard.verdict().is_none() {
            break;
        }
    }
    match (count, whole) {
        (0, _) => run.unclear(question, "no trade arrived"),
        (count, 0) => run.found(
            VersionTwoLayout::Short,
            format!("none of {count} trades has a whole id"),
        ),
        (count, whole) if count == whole => run.found(
            VersionTwoLayout::Long,
            format!("each of {count} trades has a whole id"),
        ),
        (count, whole) => run.unclear(question, format!("{whole} of {count} trades have a whole id")),
    }
    Ok(())
}

async fn plain_connections(run: &mut Run) -> Result<(), Trouble> {
    let question = PlainConnections::QUESTION;
    let mut socket = match run.open(None, None).await? {
        Ok(opened) => Socket::from(opened),
        Err(ConnectFailure::SchemaRefused) => {
            run.found(PlainConnections::HandshakeRefused, "status 400");
            return Ok(());
        }
        Err(failure) => {
            run.unclear(question, not_connected(&failure));
            return Ok(());
        }
    };
    // It begins with the whole book, so silence means something.
    let channel = format!("order_book.{MARKET}.deltas");
    let acknowledged = run.subscribe(&mut socket, &channel).await?;
    match acknowledged.verdict() {
        Some(false) => run.found(PlainConnections::Refused, acknowledged.evidence()),
        None => run.unclear(question, acknowledged.evidence()),
        Some(true) => {
            let heard = run.listen(&mut socket, &channel, SOON).await?;
            match &heard {
                heard if heard.events > 0 => {
                    run.found(PlainConnections::Json, format!("{} events in JSON", heard.events))
                }
                heard if heard.has_data() || acknowledged.has_data() => {
                    run.unclear(question, "data arrived that is not JSON")
                }
                heard if heard.verdict().is_some() => {
                    run.found(PlainConnections::Silent, "an acknowledgement, and nothing in 2 s")
                }
                heard => run.unclear(question, heard.evidence()),
            }
        }
    }
    Ok(())
}

/// Subscribes twice. A change can arrive at once by chance, but not twice in so short a time.
async fn first_message(run: &mut Run) -> Result<(), Trouble> {
    let question = FirstMessage::QUESTION;
    let Some(mut socket) = socket(run, question).await? else {
        return Ok(());
    };
    let channel = format!("funding_data.{MARKET}");
    for _ in 0..2 {
        let Some(acknowledged) = subscribed(run, &mut socket, question, &channel).await? else {
            return Ok(());
        };
        let heard = run.listen(&mut socket, &channel, AT_ONCE).await?;
        if heard.verdict().is_none() {
            run.unclear(question, heard.evidence());
            return Ok(());
        }
        if !heard.has_data() && !acknowledged.has_data() {
            run.found(FirstMessage::NextChange, "no funding data came in 0.5 s");
            return Ok(());
        }
    }
    run.found(FirstMessage::Current, "funding data came in 0.5 s, twice");
    Ok(())
}

async fn shared_bbo(run: &mut Run) -> Result<(), Trouble> {
    let question = SharedBbo::QUESTION;
    let Some(mut socket) = socket(run, question).await? else {
        return Ok(());
    };
    // If the undocumented one does not exist, the error says nothing about sharing.
    let first = run
        .subscribe(&mut socket, &format!("bbo.{MARKET}.interactive"))
        .await?;
    if !first.is_done() {
        run.unclear(
            question,
            format!("`bbo.{MARKET}.interactive`: {}", first.evidence()),
        );
        return Ok(());
    }
    let second = run.subscribe(&mut socket, &format!("bbo.{MARKET}")).await?;
    match second.verdict() {
        Some(true) => run.found(SharedBbo::Served, "both were acknowledged"),
        Some(false) => run.found(SharedBbo::Refused, second.evidence()),
        None => run.unclear(question, second.evidence()),
    }
    Ok(())
}

async fn unmatched_tick(run: &mut Run) -> Result<(), Trouble> {
    let question = UnmatchedTick::QUESTION;
    let Some(mut socket) = socket(run, question).await? else {
        return Ok(());
    };
    let channel = format!("order_book.{MARKET}.snapshot@15@100ms@{ODD_TICK}");
    let acknowledged = run.subscribe(&mut socket, &channel).await?;
    match acknowledged.verdict() {
        Some(false) => run.found(UnmatchedTick::Refused, acknowledged.evidence()),
        None => run.unclear(question, acknowledged.evidence()),
        Some(true) => {
            let heard = run.listen(&mut socket, &channel, SOON).await?;
            match heard.verdict() {
                _ if heard.has_data() || acknowledged.has_data() => {
                    run.unclear(question, "it was acknowledged, and data came")
                }
                Some(_) => run.found(UnmatchedTick::Silent, "an acknowledgement, and nothing in 2 s"),
                None => run.unclear(question, heard.evidence()),
            }
        }
    }
    Ok(())
}

async fn delta_numbers(run: &mut Run) -> Result<(), Trouble> {
    let question = DeltaNumbers::QUESTION;
    let Some(mut socket) = socket(run, question).await? else {
        return Ok(());
    };
    let channel = format!("order_book.{MARKET}.deltas");
    let Some(acknowledged) = subscribed(run, &mut socket, question, &channel).await? else {
        return Ok(());
    };
    let heard = run.listen(&mut socket, &channel, SOON * 2).await?;
    let frames = acknowledged.frames.iter().chain(&heard.frames);
    let (mut last, mut changes, mut gaps) = (None, 0_usize, 0_usize);
    for frame in frames {
        let Ok(Message::Book(book)) = Message::decode(frame) else {
            continue;
        };
        if let (PkgType::Delta, Some(last)) = (book.pkg_type(), last) {
            changes += 1;
            gaps += usize::from(i64::checked_add(last, 1) != Some(book.seq()));
        }
        last = Some(book.seq());
    }
    if changes < FEWEST_CHANGES {
        run.unclear(question, format!("{changes} changes arrived, which is too few"));
    } else if gaps == 0 {
        run.found(
            DeltaNumbers::Consecutive,
            format!("each of {changes} changes has the next number"),
        );
    } else {
        run.found(
            DeltaNumbers::Gaps,
            format!("{gaps} of {changes} changes do not have the next number"),
        );
    }
    Ok(())
}

async fn without_subscription(run: &mut Run) -> Result<(), Trouble> {
    let question = WithoutSubscription::QUESTION;
    let Some(mut socket) = socket(run, question).await? else {
        return Ok(());
    };
    // Its response shows that the connection is there, so that the time counts from here at the latest.
    let heard = run.listen(&mut socket, NOT_SUBSCRIBED, Duration::ZERO).await?;
    if heard.verdict().is_none() {
        run.unclear(question, heard.evidence());
        return Ok(());
    }
    for (seconds, answer) in [
        (11, WithoutSubscription::WithinTenSeconds),
        (20, WithoutSubscription::WithinThirtySeconds),
    ] {
        let heard = run
            .listen(&mut socket, NOT_SUBSCRIBED, Duration::from_secs(seconds))
            .await?;
        match (heard.ended, heard.verdict()) {
            (Some(Some(NO_SUBSCRIPTION)), _) => {
                run.found(answer, heard.evidence());
                return Ok(());
            }
            (_, Some(_)) => {}
            _ => {
                run.unclear(question, heard.evidence());
                return Ok(());
            }
        }
    }
    run.found(WithoutSubscription::Open, "it is open after 31 s");
    Ok(())
}

async fn compression(run: &mut Run) -> Result<(), Trouble> {
    let question = StreamCompression::QUESTION;
    let Some(version) = run.scratch.schema_version else {
        run.unclear(question, "no version of the SBE schema was accepted");
        return Ok(());
    };
    match run.open(Some(version), Some("permessage-deflate")).await? {
        Ok(opened) if opened.has_extension => {
            run.found(StreamCompression::Deflate, "the response names an extension")
        }
        Ok(_) => run.found(StreamCompression::None, "the response names no extension"),
        Err(failure) => run.unclear(question, not_connected(&failure)),
    }
    Ok(())
}

async fn request_without_id(run: &mut Run) -> Result<(), Trouble> {
    let question = RequestWithoutId::QUESTION;
    let Some(mut socket) = socket(run, question).await? else {
        return Ok(());
    };
    let channel = format!("order_book.{MARKET}.deltas");
    let sent = run
        .notify(&mut socket, "subscribe", &json!({ "channel": channel }))
        .await?;
    let heard: Heard = run.listen(&mut socket, &channel, Duration::ZERO).await?;
    match heard.verdict() {
        _ if heard.strays > 0 => run.found(
            RequestWithoutId::Responded,
            "a response without the id of a request",
        ),
        Some(_) if sent => run.found(
            RequestWithoutId::NotResponded,
            "no response before that to the next request",
        ),
        _ => run.unclear(question, heard.evidence()),
    }
    Ok(())
}
