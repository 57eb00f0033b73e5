//! Faults of WebSocket connections.

use std::time::Duration;

use super::injection::Injection;
use super::{Fault, Kind};

/// What goes wrong with an event, or with the subscription to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum StreamFault {
    Skip,
    Duplicate,
    Reorder,
    Delay(Duration),
    Silence,
    UnknownTemplate,
    LongerBlock,
    ShortLayout,
    TruncatedMessage,
    JsonOnBinary,
    Nulls,
    SplitFrames,
    Flood(usize),
    Stall(Duration),
    HalfOpen,
    Close(u16),
    Cut,
    /// Of the request to subscribe.
    AcknowledgeThenSilence,
    /// Of the request to subscribe.
    NoAcknowledgement,
}

impl StreamFault {
    fn is_of_subscribing(self) -> bool {
        matches!(self, Self::AcknowledgeThenSilence | Self::NoAcknowledgement)
    }
}

/// What a fault can hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum Moment {
    Subscribing,
    Event,
}

/// Counts an event or a subscription in all injections that match it, and returns the faults that hit it.
pub(in crate::simulator) fn take(
    injections: &mut Vec<Injection>,
    channel: &str,
    moment: Moment,
) -> Vec<StreamFault> {
    let mut active = Vec::new();
    injections.retain_mut(|injection| {
        let Kind::Stream(fault) = injection.fault().0 else {
            return true;
        };
        if fault.is_of_subscribing() != (moment == Moment::Subscribing) || !injection.matches_channel(channel)
        {
            return true;
        }
        if injection.is_hit() {
            active.push(fault);
        }
        injection.is_left()
    });
    active
}

/// Faults of the simulator's WebSocket. Each hits one event of a channel, or one subscription;
/// [`Injection::on_channel`] selects the channels.
///
/// [`Simulator::sockets`](crate::simulator::Simulator::sockets) tells the fate of each event.
impl Fault {
    const fn stream(fault: StreamFault) -> Self {
        Self(Kind::Stream(fault))
    }

    /// Does not send an event, so the next one has a sequence number that is too high.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::{Fault, Injection, Simulator};
    ///
    /// let simulator = Simulator::start().await?;
    /// let one_in_twenty = Injection::new(Fault::skip_event()).on_channel("order_book").with_probability(5, 42);
    /// simulator.inject(one_in_twenty);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "gap")]
    #[doc(alias = "skip_sequence")]
    pub fn skip_event() -> Self {
        Self::stream(StreamFault::Skip)
    }

    /// Sends an event twice.
    #[doc(alias = "duplicate")]
    pub fn duplicate_event() -> Self {
        Self::stream(StreamFault::Duplicate)
    }

    /// Sends an event after the next one of its channel.
    #[doc(alias = "out of order")]
    pub fn reorder_events() -> Self {
        Self::stream(StreamFault::Reorder)
    }

    /// Sends an event this much later, by the simulator's clock. Other events do not wait for it.
    #[doc(alias = "late")]
    pub fn delay_event(time: Duration) -> Self {
        Self::stream(StreamFault::Delay(time))
    }

    /// Sends nothing on the channel of an event from this event on, until it is subscribed again.
    #[doc(alias = "silent")]
    pub fn silence_channel() -> Self {
        Self::stream(StreamFault::Silence)
    }

    /// Acknowledges a subscription, and sends nothing on its channel.
    #[doc(alias = "silent")]
    pub fn acknowledge_then_silence() -> Self {
        Self::stream(StreamFault::AcknowledgeThenSilence)
    }

    /// Carries out a subscription, and sends no acknowledgement.
    pub fn no_acknowledgement() -> Self {
        Self::stream(StreamFault::NoAcknowledgement)
    }

    /// Sends a message with an unknown template before an event. Without SBE, it is a notification with an unknown method.
    #[doc(alias = "sbe")]
    pub fn unknown_template() -> Self {
        Self::stream(StreamFault::UnknownTemplate)
    }

    /// Sends an event whose block has 8 bytes more, as a later version of the schema would. It has no effect without SBE.
    #[doc(alias = "sbe")]
    pub fn longer_block() -> Self {
        Self::stream(StreamFault::LongerBlock)
    }

    /// Sends an event in the short layout of schema version 2. It has no effect on other versions.
    #[doc(alias = "sbe")]
    pub fn short_layout() -> Self {
        Self::stream(StreamFault::ShortLayout)
    }

    /// Sends the first half of an event, as a complete message.
    pub fn truncated_message() -> Self {
        Self::stream(StreamFault::TruncatedMessage)
    }

    /// Sends an event as JSON on an SBE connection.
    pub fn json_on_binary() -> Self {
        Self::stream(StreamFault::JsonOnBinary)
    }

    /// Sends an event with a null in each field that can have one.
    pub fn null_fields() -> Self {
        Self::stream(StreamFault::Nulls)
    }

    /// Sends an event in two frames.
    #[doc(alias = "fragmentation")]
    pub fn split_frames() -> Self {
        Self::stream(StreamFault::SplitFrames)
    }

    /// Sends this many heartbeats before an event. Without SBE, they are notifications with an unknown method.
    pub fn flood(messages: usize) -> Self {
        Self::stream(StreamFault::Flood(messages))
    }

    /// Sends nothing for some time before an event, on any channel of the connection. The time is the simulator's.
    pub fn stall(time: Duration) -> Self {
        Self::stream(StreamFault::Stall(time))
    }

    /// Sends nothing and responds to nothing from an event on, and keeps the connection open. What arrives is discarded.
    pub fn half_open() -> Self {
        Self::stream(StreamFault::HalfOpen)
    }

    /// Closes the connection with this code instead of sending an event.
    pub fn close_socket(code: u16) -> Self {
        Self::stream(StreamFault::Close(code))
    }

    /// Breaks the connection in the middle of an event's frame.
    #[doc(alias = "connection reset")]
    pub fn cut_frame() -> Self {
        Self::stream(StreamFault::Cut)
    }
}
