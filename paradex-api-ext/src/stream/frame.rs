//! The frames of a WebSocket (RFC 6455), for connections that carry secrets.
//!
//! The WebSocket library logs what it sends and receives, and a server may repeat a token. Nothing here logs.

use std::hash::{BuildHasher, Hasher};
use std::str;

use zeroize::Zeroizing;

/// The largest message that is read. The largest that was seen had 3 KB.
pub(super) const MESSAGE_BYTES: usize = 4 << 20;
/// The longest payload of a ping, a pong or a close frame.
const CONTROL_BYTES: usize = 125;

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// A message that arrived.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    Ping(&'a [u8]),
    Pong,
    /// With the code, if there is one.
    Close(Option<u16>),
}

/// The server does not keep to the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Violation;

/// A mask for a frame of a client.
pub(crate) fn mask() -> [u8; 4] {
    let random = std::hash::RandomState::new().build_hasher().finish();
    let [a, b, c, d, ..] = random.to_le_bytes();
    [a, b, c, d]
}

/// A frame of a client with the parts of its payload, masked. It is overwritten on drop.
fn frame(opcode: u8, parts: &[&[u8]], mask: [u8; 4]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    // The capacity is enough, so that no copy stays behind.
    let mut frame = Zeroizing::new(Vec::with_capacity(length + 14));
    frame.push(0x80 | opcode);
    match length {
        short @ 0..126 => frame.push(0x80 | u8::try_from(short).unwrap_or_default()),
        length => match u16::try_from(length) {
            Ok(length) => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&length.to_be_bytes());
            }
            Err(_) => {
                frame.push(0x80 | 127);
                frame.extend_from_slice(&(length as u64).to_be_bytes());
            }
        },
    }
    frame.extend_from_slice(&mask);
    let start = frame.len();
    parts.iter().for_each(|part| frame.extend_from_slice(part));
    let (words, rest) = frame.get_mut(start..).unwrap_or_default().as_chunks_mut();
    for word in words {
        *word = (u32::from_ne_bytes(*word) ^ u32::from_ne_bytes(mask)).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask) {
        *byte ^= mask;
    }
    frame
}

/// A text frame of a client.
pub(crate) fn text_frame(text: &[u8], mask: [u8; 4]) -> Zeroizing<Vec<u8>> {
    frame(TEXT, &[text], mask)
}

/// A text frame of a client whose text has several parts.
pub(super) fn text_frame_of_parts(parts: &[&[u8]], mask: [u8; 4]) -> Zeroizing<Vec<u8>> {
    frame(TEXT, parts, mask)
}

pub(super) fn ping_frame() -> Zeroizing<Vec<u8>> {
    frame(PING, &[], mask())
}

pub(super) fn pong_frame(payload: &[u8]) -> Zeroizing<Vec<u8>> {
    frame(PONG, &[payload.get(..CONTROL_BYTES).unwrap_or(payload)], mask())
}

/// A close frame with the code for a normal end.
pub(super) fn close_frame() -> Zeroizing<Vec<u8>> {
    frame(CLOSE, &[&1_000_u16.to_be_bytes()], mask())
}

/// The head of a frame.
struct Head {
    is_final: bool,
    opcode: u8,
    /// Bytes of the head itself.
    length: usize,
    payload: usize,
}

/// Puts messages together from bytes.
#[derive(Default)]
pub(super) struct Decoder {
    bytes: Vec<u8>,
    /// Bytes that were decoded.
    at: usize,
    /// The kind of a message of several frames, whose first frames are in `message`.
    partial: Option<u8>,
    message: Vec<u8>,
    /// Whether `message` was returned whole.
    is_returned: bool,
}

impl Decoder {
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message; `None` until more bytes arrive.
    pub(super) fn next(&mut self) -> Result<Option<Incoming<'_>>, Violation> {
        if std::mem::take(&mut self.is_returned) {
            self.message.clear();
        }
        loop {
            let Some(head) = self.head()? else {
                return Ok(None);
            };
            let start = self.at + head.length;
            let end = start + head.payload;
            if self.bytes.len() < end {
                return Ok(None);
            }
            self.at = end;
            let payload = start..end;
            match head.opcode {
                PING => return Ok(Some(Incoming::Ping(self.bytes.get(payload).unwrap_or_default()))),
                PONG => return Ok(Some(Incoming::Pong)),
                CLOSE => {
                    let code = self.bytes.get(start..end).unwrap_or_default();
                    let code = code.first_chunk().map(|code| u16::from_be_bytes(*code));
                    return Ok(Some(Incoming::Close(code)));
                }
                opcode if head.is_final && opcode != CONTINUATION => {
                    return message(opcode, self.bytes.get(payload).unwrap_or_default());
                }
                opcode => {
                    if opcode != CONTINUATION {
                        self.partial = Some(opcode);
                    }
                    self.message
                        .extend_from_slice(self.bytes.get(payload).unwrap_or_default());
                    if head.is_final {
                        let opcode = self.partial.take().ok_or(Violation)?;
                        self.is_returned = true;
                        return message(opcode, &self.message);
                    }
                }
            }
        }
    }

    /// The head of the next frame, checked; `None` until it is there.
    fn head(&self) -> Result<Option<Head>, Violation> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let [first, second, rest @ ..] = rest else {
            return Ok(None);
        };
        let (is_final, opcode) = (first & 0x80 != 0, first & 0x0f);
        // No extension was agreed, and a server masks nothing.
        if first & 0x70 != 0 || second & 0x80 != 0 {
            return Err(Violation);
        }
        let (length, payload) = match second & 0x7f {
            126 => match rest.first_chunk() {
                Some(length) => (4, usize::from(u16::from_be_bytes(*length))),
                None => return Ok(None),
            },
            127 => match rest.first_chunk() {
                Some(length) => {
                    let length = u64::from_be_bytes(*length);
                    (10, usize::try_from(length).map_err(|_| Violation)?)
                }
                None => return Ok(None),
            },
            short => (2, usize::from(short)),
        };
        let is_allowed = match opcode {
            CONTINUATION => self.partial.is_some(),
            TEXT | BINARY => self.partial.is_none(),
            CLOSE | PING | PONG => is_final && payload <= CONTROL_BYTES,
            _ => false,
        };
        if !is_allowed || payload > MESSAGE_BYTES.saturating_sub(self.message.len()) {
            return Err(Violation);
        }
        Ok(Some(Head {
            is_final,
            opcode,
            length,
            payload,
        }))
    }
}

fn message(opcode: u8, payload: &[u8]) -> Result<Option<Incoming<'_>>, Violation> {
    match opcode {
        TEXT => str::from_utf8(payload)
            .map(|text| Some(Incoming::Text(text)))
            .map_err(|_| Violation),
        _ => Ok(Some(Incoming::Binary(payload))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

    use super::{Decoder, Incoming, MESSAGE_BYTES, Violation, frame, text_frame, text_frame_of_parts};

    /// A frame of a server.
    fn server(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        match payload.len() {
            short @ 0..126 => bytes.push(short as u8),
            length @ 126..65_536 => {
                bytes.push(126);
                bytes.extend((length as u16).to_be_bytes());
            }
            length => {
                bytes.push(127);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        bytes.extend(payload);
        bytes
    }

    fn owned(message: Incoming<'_>) -> (u8, Vec<u8>) {
        match message {
            Incoming::Text(text) => (1, text.as_bytes().to_vec()),
            Incoming::Binary(bytes) => (2, bytes.to_vec()),
            Incoming::Ping(bytes) => (9, bytes.to_vec()),
            Incoming::Pong => (10, Vec::new()),
            Incoming::Close(code) => (8, code.map_or_else(Vec::new, |code| code.to_be_bytes().to_vec())),
        }
    }

    fn all(decoder: &mut Decoder) -> Result<Vec<(u8, Vec<u8>)>, Violation> {
        let mut messages = Vec::new();
        while let Some(message) = decoder.next()? {
            messages.push(owned(message));
        }
        Ok(messages)
    }

    fn decoded(bytes: &[u8]) -> Result<Vec<(u8, Vec<u8>)>, Violation> {
        let mut decoder = Decoder::default();
        decoder.extend(bytes);
        all(&mut decoder)
    }

    /// The messages before a violation, and whether there is one.
    fn outcome<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<(u8, Vec<u8>)>, bool) {
        let mut decoder = Decoder::default();
        let mut messages = Vec::new();
        for piece in pieces {
            decoder.extend(piece);
            loop {
                match decoder.next() {
                    Ok(Some(message)) => messages.push(owned(message)),
                    Ok(None) => break,
                    Err(Violation) => return (messages, true),
                }
            }
        }
        (messages, false)
    }

    /// Frames with good and bad heads, some of them in parts, and bytes that are no frames.
    fn foreign() -> impl Strategy<Value = Vec<u8>> {
        let head = prop_oneof![
            8 => prop::sample::select(vec![0x81_u8, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8a, 0x88]),
            1 => any::<u8>(),
        ];
        let payload = prop_oneof![
            4 => prop::collection::vec(b'a'..=b'z', 0..20),
            1 => prop::collection::vec(any::<u8>(), 0..140),
        ];
        let frame = (head, payload).prop_map(|(head, payload)| server(head, &payload));
        let piece = prop_oneof![8 => frame, 1 => prop::collection::vec(any::<u8>(), 0..20)];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn decoder_holds_no_more_than_one_message_and_what_arrived_last() {
        let mut decoder = Decoder::default();
        let frames = [
            server(0x01, &[b'a'; 900]),
            server(0x89, b"p"),
            server(0x80, &[b'b'; 900]),
        ]
        .concat();
        for chunk in frames.repeat(1_000).chunks(777) {
            decoder.extend(chunk);
            all(&mut decoder).unwrap();
            assert!(decoder.bytes.len() <= 904 + 777 && decoder.message.len() <= 1_800);
        }
        // The length is refused before its bytes are waited for.
        let head = [&[0x00, 127][..], &(MESSAGE_BYTES as u64).to_be_bytes()].concat();
        assert_eq!(decoded(&[server(0x01, b"a"), head].concat()), Err(Violation));
    }

    #[test]
    fn frames_of_a_client_are_those_of_the_library() {
        for length in [0, 1, 125, 126, 127, 300, 65_535, 65_536, 70_000] {
            let payload: Vec<u8> = (0..length).map(|byte: usize| b'a' + (byte % 26) as u8).collect();
            let mask = [1, 2, 3, 255];
            let mut header = FrameHeader {
                opcode: OpCode::Data(Data::Text),
                mask: Some(mask),
                ..FrameHeader::default()
            };
            header.is_final = true;
            let mut expected = Vec::new();
            Frame::from_payload(header, payload.clone().into())
                .format(&mut expected)
                .unwrap();
            assert_eq!(*text_frame(&payload, mask), expected, "{length}");
            let (one, other) = payload.split_at(length / 3);
            assert_eq!(*text_frame_of_parts(&[one, other], mask), expected, "{length}");
        }
    }

    #[test]
    fn message_of_several_frames_is_put_together_around_a_ping() {
        let bytes = [
            server(0x01, b"ab"),
            server(0x89, b"sign"),
            server(0x00, b"c"),
            server(0x80, b"d"),
            server(0x82, &[7; 300]),
            server(0x8a, b""),
            server(0x88, &[0x0f, 0xbf, b'x']),
        ]
        .concat();
        let expected = [
            (9, b"sign".to_vec()),
            (1, b"abcd".to_vec()),
            (2, vec![7; 300]),
            (10, Vec::new()),
            (8, 4_031_u16.to_be_bytes().to_vec()),
        ];
        assert_eq!(decoded(&bytes).unwrap(), expected);
    }

    #[test]
    fn violations_are_refused() {
        let too_large = [&[0x82, 127][..], &(MESSAGE_BYTES as u64 + 1).to_be_bytes()].concat();
        let largest_in_parts = [server(0x02, &vec![0; MESSAGE_BYTES]), server(0x80, &[0])].concat();
        for (bytes, what) in [
            (server(0xc1, b"x"), "reserved bit"),
            (server(0x83, b"x"), "unknown opcode"),
            (server(0x80, b"x"), "continuation of nothing"),
            (
                [server(0x01, b"a"), server(0x81, b"b")].concat(),
                "text inside a message",
            ),
            (server(0x09, b""), "ping in parts"),
            (server(0x89, &[0; 126]), "long ping"),
            (server(0x81, &[0xff]), "no UTF-8"),
            (frame(1, &[b"x"], [0; 4]).to_vec(), "masked"),
            (too_large, "too large"),
            (largest_in_parts, "too large in parts"),
            (vec![0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255], "endless"),
        ] {
            assert_eq!(decoded(&bytes), Err(Violation), "{what}");
        }
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_give_the_same_messages(
            messages in prop::collection::vec((any::<bool>(), "[a-zé]{0,200}"), 0..8),
            cuts in prop::collection::vec(1..40_usize, 1..50),
        ) {
            let mut bytes = Vec::new();
            for (is_text, text) in &messages {
                bytes.extend(server(if *is_text { 0x81 } else { 0x82 }, text.as_bytes()));
            }
            let mut decoder = Decoder::default();
            let mut found = Vec::new();
            let mut cuts = cuts.iter().cycle();
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let (piece, left) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
                decoder.extend(piece);
                found.extend(all(&mut decoder).unwrap());
                rest = left;
            }
            let expected: Vec<_> = messages
                .iter()
                .map(|(is_text, text)| (if *is_text { 1 } else { 2 }, text.as_bytes().to_vec()))
                .collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn every_split_and_every_truncation_of_foreign_bytes_gives_the_same_messages(bytes in foreign()) {
            let whole = outcome([bytes.as_slice()]);
            prop_assert_eq!(&outcome(bytes.chunks(1)), &whole);
            for at in 0..=bytes.len() {
                let (first, rest) = bytes.split_at(at);
                prop_assert_eq!(&outcome([first, rest]), &whole, "{}", at);
                let (messages, _) = outcome([first]);
                prop_assert!(whole.0.starts_with(&messages), "{}", at);
            }
        }
    }
}
