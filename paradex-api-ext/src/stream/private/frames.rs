//! The JSON-RPC frames of a private connection.

use paradex_api::serde_json::value::RawValue;
use paradex_api::serde_json::{self, Value};
use zeroize::Zeroizing;

use super::RpcResult;
use crate::stream::frame;
use crate::stream::rpc::Wire;

/// A text frame that arrived.
#[derive(Debug)]
pub(super) enum TextFrame {
    /// The response to a request.
    Response { id: u64, result: RpcResult },
    /// Data of a channel.
    Push { channel: String, data: Value },
    /// Something else, for example an error without an id, which says nothing about any request.
    Other,
}

impl TextFrame {
    /// Reads a text frame; `None` if it is not JSON-RPC. `redact` is applied to everything in it.
    pub(super) fn read(text: &str, redact: Option<&dyn Fn(&mut Value)>) -> Option<Self> {
        let redacted;
        let text = match redact {
            None => text,
            Some(redact) => {
                let mut value: Value = serde_json::from_str(text).ok()?;
                redact(&mut value);
                redacted = value.to_string();
                &redacted
            }
        };
        let wire: Wire<'_, &RawValue> = serde_json::from_str(text).ok()?;
        if wire.is_push() {
            let (channel, data) = wire.push()?;
            return Some(Self::Push { channel, data });
        }
        // A request of the server is no response, whatever its id is.
        let Some(id) = wire.id().filter(|_| wire.method.is_none()) else {
            return Some(Self::Other);
        };
        let result = match wire.error {
            Some(error) => Err(error),
            None => Ok(wire.result.unwrap_or(RawValue::NULL).to_owned()),
        };
        Some(Self::Response { id, result })
    }
}

/// Whether a token has only characters that JSON does not escape.
pub(super) fn is_sendable(token: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    !token.is_empty() && token.bytes().all(is_plain)
}

/// The frame that authenticates. `None` for a token with characters that JSON escapes, which no token has.
pub(super) fn auth_request(token: &str, id: u64) -> Option<Zeroizing<String>> {
    if !is_sendable(token) {
        return None;
    }
    let parts = [
        r#"{"jsonrpc":"2.0","method":"auth","params":{"bearer":""#,
        token,
        r#""},"id":"#,
        &id.to_string(),
        "}",
    ];
    // One allocation, so that no copy stays behind.
    Some(Zeroizing::new(parts.concat()))
}

/// The frame of a request with these params, which are one JSON value.
pub(super) fn request(method: &'static str, params: &[u8], id: u64, mask: [u8; 4]) -> Zeroizing<Vec<u8>> {
    let id = id.to_string();
    let parts: [&[u8]; 7] = [
        br#"{"jsonrpc":"2.0","method":""#,
        method.as_bytes(),
        br#"","params":"#,
        params,
        br#","id":"#,
        id.as_bytes(),
        b"}",
    ];
    frame::text_frame_of_parts(&parts, mask)
}

/// Whether a code says that the token is malformed, expired or revoked, so that another one may be accepted.
pub(super) fn is_token_rejected(code: i64) -> bool {
    (40_100..40_200).contains(&code) && code != GEO_BLOCKED
}

/// The exchange does not serve the place of this machine.
const GEO_BLOCKED: i64 = 40_112;

#[cfg(test)]
mod tests {
    use paradex_api::serde_json::json;

    use super::{TextFrame, Value, auth_request, is_token_rejected, request};
    use crate::stream::rpc::RpcError;

    /// A frame that can be compared.
    #[derive(Debug, PartialEq)]
    enum Read {
        Response(u64, Result<Value, RpcError>),
        Push(String, Value),
        Other,
    }

    fn read(text: &str) -> Option<Read> {
        let value = |raw: &str| paradex_api::serde_json::from_str(raw).unwrap();
        Some(match TextFrame::read(text, None)? {
            TextFrame::Response { id, result } => Read::Response(id, result.map(|raw| value(raw.get()))),
            TextFrame::Push { channel, data } => Read::Push(channel, data),
            TextFrame::Other => Read::Other,
        })
    }

    #[test]
    fn requests_have_the_form_of_the_document() {
        assert_eq!(
            auth_request("a.b-_=", 1).unwrap().as_str(),
            r#"{"jsonrpc":"2.0","method":"auth","params":{"bearer":"a.b-_="},"id":1}"#
        );
        for bad in ["", "a\"b", "a\\b", "a b", "a\n", "é"] {
            assert!(auth_request(bad, 1).is_none(), "{bad:?}");
        }
        let sent = request("order.cancel", br#"{"id":"7"}"#, 9, [0; 4]);
        // After the head, which has two bytes and the mask.
        assert_eq!(
            std::str::from_utf8(&sent[6..]).unwrap(),
            r#"{"jsonrpc":"2.0","method":"order.cancel","params":{"id":"7"},"id":9}"#
        );
    }

    #[test]
    fn text_frames_are_told_apart() {
        let response = |id, result| Some(Read::Response(id, result));
        assert_eq!(
            read(r#"{"jsonrpc":"2.0","result":{"node_id":"n"},"usIn":1,"id":3}"#),
            response(3, Ok(json!({"node_id": "n"})))
        );
        assert_eq!(read(r#"{"id":"3","result":null}"#), response(3, Ok(json!(null))));
        let error = RpcError {
            code: 40_111,
            message: "invalid".to_owned(),
            data: Some(json!("why")),
        };
        assert_eq!(
            read(r#"{"id":3,"error":{"code":40111,"message":"invalid","data":"why"},"result":{}}"#),
            response(3, Err(error))
        );
        let push = r#"{"method":"subscription","params":{"channel":"orders.X","data":{"id":"1"}},"id":3}"#;
        assert_eq!(
            read(push),
            Some(Read::Push("orders.X".to_owned(), json!({"id": "1"})))
        );
        for other in [
            r#"{"error":{"code":1}}"#,
            r#"{"id":null,"error":{"code":1}}"#,
            r#"{"id":-1,"result":{}}"#,
            r#"{"id":1,"method":"ping"}"#,
            "{}",
        ] {
            assert_eq!(read(other), Some(Read::Other), "{other}");
        }
        for broken in [
            "",
            "{",
            "[1]",
            r#"{"method":"subscription"}"#,
            r#"{"id":1,"id":2}"#,
            r#"{"id":1,"result":{"order":}}"#,
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    #[test]
    fn result_is_passed_on_as_it_arrived() {
        let text = r#"{"result": {"z":1.50, "a":[ 2e0 ]},"id":1}"#;
        let Some(TextFrame::Response { result: Ok(raw), .. }) = TextFrame::read(text, None) else {
            panic!("it is a response");
        };
        assert_eq!(raw.get(), r#"{"z":1.50, "a":[ 2e0 ]}"#);
    }

    #[test]
    fn redacted_result_is_what_the_redaction_left() {
        let redact = |value: &mut Value| value["result"] = json!({"node_id": "(hidden)"});
        let frame = TextFrame::read(r#"{"result":{"node_id":"secret"},"id":1}"#, Some(&redact));
        let Some(TextFrame::Response { result: Ok(raw), .. }) = frame else {
            panic!("it is a response");
        };
        assert_eq!(raw.get(), r#"{"node_id":"(hidden)"}"#);
    }

    #[test]
    fn token_is_rejected_by_401_codes_but_for_the_geo_block() {
        for (code, rejected) in [(40_110, true), (40_111, true), (40_112, false), (40_300, false)] {
            assert_eq!(is_token_rejected(code), rejected, "{code}");
        }
    }
}
