//! The JSON-RPC frames of the socket: requests that we send, and text frames that arrive.

use std::borrow::Cow;

use paradex_api::serde_json::{self, Value, json};
use serde::Deserialize;

/// A request to subscribe to a channel or to leave it.
pub(super) fn channel_request(method: &str, channel: &str, id: u64) -> String {
    json!({"jsonrpc": "2.0", "method": method, "params": {"channel": channel}, "id": id}).to_string()
}

/// A text frame.
#[derive(Debug, PartialEq)]
pub(super) enum TextFrame {
    /// A request was carried out.
    Done { id: u64 },
    /// A request was refused.
    Refused { id: u64, code: i64, message: String },
    /// Data of a channel.
    Push { channel: String, data: Value },
    /// Something else, for example an error without an id, which says nothing about any request.
    Other,
}

/// A text frame as it arrives. `R` is the form in which its result is wanted.
#[derive(Deserialize)]
pub(super) struct Wire<'a, R> {
    id: Option<Value>,
    pub(super) result: Option<R>,
    pub(super) error: Option<RpcError>,
    #[serde(borrow)]
    pub(super) method: Option<Cow<'a, str>>,
    params: Option<WirePush>,
}

#[derive(Deserialize)]
struct WirePush {
    channel: Option<String>,
    #[serde(default)]
    data: Value,
}

/// A JSON-RPC error. Its texts are those of the exchange, with secrets of the connection replaced.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct RpcError {
    #[serde(default)]
    pub(crate) code: i64,
    #[serde(default)]
    pub(crate) message: String,
    pub(crate) data: Option<Value>,
}

/// The longest text of the exchange that an error shows, in characters.
pub(super) const SHOWN: usize = 300;

impl<R> Wire<'_, R> {
    pub(super) fn is_push(&self) -> bool {
        self.method.as_deref() == Some("subscription")
    }

    /// The channel and the data of a push.
    pub(super) fn push(self) -> Option<(String, Value)> {
        let push = self.params?;
        Some((push.channel?, push.data))
    }

    /// The id of the request, as a number or as its text.
    pub(super) fn id(&self) -> Option<u64> {
        match &self.id {
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        }
    }
}

impl RpcError {
    /// The message with the data, shortened and without characters that control a terminal.
    pub(super) fn shown(&self) -> String {
        let message = &self.message;
        let text = match &self.data {
            None => Cow::Borrowed(message.as_str()),
            Some(Value::String(data)) => format!("{message}: {data}").into(),
            Some(data) => format!("{message}: {data}").into(),
        };
        paradex_api::visible(&text, SHOWN).to_string()
    }
}

impl TextFrame {
    /// Reads a text frame; `None` if it is not JSON-RPC.
    pub(super) fn read(text: &str) -> Option<Self> {
        let wire: Wire<'_, Value> = serde_json::from_str(text).ok()?;
        if wire.is_push() {
            let (channel, data) = wire.push()?;
            return Some(Self::Push { channel, data });
        }
        Some(match (wire.id(), wire.error, wire.result) {
            (Some(id), Some(error), _) => Self::Refused {
                id,
                code: error.code,
                message: error.shown(),
            },
            (Some(id), None, Some(_)) => Self::Done { id },
            _ => Self::Other,
        })
    }
}

/// Whether repeating the same subscription can never succeed. The codes are those of JSON-RPC for a request that is wrong, and the
/// exchange's for a caller without the right.
pub(super) fn is_permanent(code: i64) -> bool {
    matches!(
        code,
        -32_700 | -32_600 | -32_601 | -32_602 | 40_110 | 40_111 | 40_112 | 40_300
    )
}

#[cfg(test)]
mod tests {
    use paradex_api::serde_json::json;

    use super::{TextFrame, channel_request};

    #[test]
    fn request_has_the_form_of_the_document() {
        assert_eq!(
            channel_request("subscribe", "bbo.X", 7),
            r#"{"id":7,"jsonrpc":"2.0","method":"subscribe","params":{"channel":"bbo.X"}}"#
        );
    }

    #[test]
    fn text_frames_are_told_apart() {
        let read = |text: &str| TextFrame::read(text);
        let done = r#"{"jsonrpc":"2.0","result":{"channel":"bbo.X"},"usIn":1,"usDiff":2,"id":3}"#;
        assert_eq!(read(done), Some(TextFrame::Done { id: 3 }));
        assert_eq!(
            read(r#"{"result":{"channel":"x"},"id":"3"}"#),
            Some(TextFrame::Done { id: 3 })
        );
        let refused = r#"{"id":3,"error":{"code":-32600,"message":"invalid subscribe request","data":"invalid channel"}}"#;
        let message = "invalid subscribe request: invalid channel".to_owned();
        let code = -32_600;
        assert_eq!(read(refused), Some(TextFrame::Refused { id: 3, code, message }));
        let push =
            r#"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"markets.X","data":{"a":1}}}"#;
        let channel = "markets.X".to_owned();
        assert_eq!(
            read(push),
            Some(TextFrame::Push {
                channel,
                data: json!({"a": 1})
            })
        );
        for other in [
            r#"{"error":{"code":1}}"#,
            r#"{"id":null,"error":{"code":1}}"#,
            r#"{"id":-1,"result":{}}"#,
            "{}",
        ] {
            assert_eq!(read(other), Some(TextFrame::Other), "{other}");
        }
        for broken in ["", "{", "[1]", r#"{"method":"subscription"}"#] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
