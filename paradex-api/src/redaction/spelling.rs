//! The spellings that a secret can take in a text: escapes, base64 and hidden characters.

use std::ops::Range;

use secrecy::zeroize::Zeroizing;

use crate::text::is_hidden;

/// A text without hidden characters, with the range of the original that each of its bytes comes from.
pub(super) struct Spelled {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    from: Vec<Range<usize>>,
}

impl Spelled {
    fn with_room(room: usize) -> Self {
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(room)),
            from: Vec::with_capacity(room),
        }
    }

    pub(super) fn from_text(text: &str) -> Self {
        let mut spelled = Self::with_room(text.len());
        for (start, c) in text.char_indices() {
            spelled.push(c, &(start..start + c.len_utf8()));
        }
        spelled
    }

    fn push(&mut self, c: char, from: &Range<usize>) {
        if !is_hidden(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                self.bytes.push(byte);
                self.from.push(from.clone());
            }
        }
    }

    /// Decodes one layer of escapes. Returns `None` if the text has no escapes.
    pub(super) fn unescaped(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
            return None;
        }
        let mut plain = Self::with_room(self.bytes.len());
        let mut at = 0;
        let mut changed = false;
        while let (Some(rest), Some(from)) = (self.bytes.get(at..), self.from.get(at)) {
            let (length, escaped) = escape(rest).unwrap_or((0, Escaped::Nothing));
            let last = self.from.get(at + length.max(1) - 1).unwrap_or(from);
            let whole = from.start..last.end;
            match escaped {
                Escaped::Char(c) => plain.push(c, &whole),
                Escaped::Byte(byte) if byte.is_ascii_control() => {}
                Escaped::Byte(byte) => {
                    plain.bytes.push(byte);
                    plain.from.push(whole);
                }
                Escaped::Nothing if length > 0 => {}
                Escaped::Nothing => {
                    plain.bytes.extend(rest.first());
                    plain.from.push(whole);
                }
            }
            changed |= length > 0;
            at += length.max(1);
        }
        changed.then_some(plain)
    }

    /// Returns the range of the original that a part comes from. `offset` is where the original begins.
    pub(super) fn range(&self, start: usize, length: usize, offset: usize) -> Option<Range<usize>> {
        let (first, last) = (self.from.get(start)?, self.from.get(start + length - 1)?);
        Some(first.start + offset..last.end + offset)
    }
}

/// What an escape stands for.
enum Escaped {
    Char(char),
    Byte(u8),
    Nothing,
}

/// Decodes the escape at the start of a text, with its length: of a URL, of JSON and source code, or of HTML.
fn escape(text: &[u8]) -> Option<(usize, Escaped)> {
    match text {
        [b'%', digits @ ..] => Some((3, Escaped::Byte(u8::try_from(hex(digits.get(..2)?)?).ok()?))),
        [b'\\', b'x', digits @ ..] => Some((4, Escaped::Byte(u8::try_from(hex(digits.get(..2)?)?).ok()?))),
        [b'\\', b'u', b'{', digits @ ..] => {
            let end = digits.iter().take(7).position(|byte| *byte == b'}')?;
            Some((end + 4, code_point(hex(digits.get(..end)?)?)))
        }
        [b'\\', b'u', digits @ ..] => Some((6, code_point(hex(digits.get(..4)?)?))),
        [b'\\', b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((2, Escaped::Nothing)),
        [b'\\', plain @ (b'"' | b'\\' | b'/' | b'\''), ..] => Some((2, Escaped::Byte(*plain))),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(10).position(|byte| *byte == b';')?;
            let escaped = match rest.get(..end)? {
                [b'#', b'x' | b'X', digits @ ..] => code_point(hex(digits)?),
                [b'#', digits @ ..] => code_point(std::str::from_utf8(digits).ok()?.parse().ok()?),
                b"amp" => Escaped::Byte(b'&'),
                b"lt" => Escaped::Byte(b'<'),
                b"gt" => Escaped::Byte(b'>'),
                b"quot" => Escaped::Byte(b'"'),
                b"apos" => Escaped::Byte(b'\''),
                b"sol" => Escaped::Byte(b'/'),
                b"plus" => Escaped::Byte(b'+'),
                b"equals" => Escaped::Byte(b'='),
                _ => return None,
            };
            Some((end + 2, escaped))
        }
        _ => None,
    }
}

fn code_point(number: u32) -> Escaped {
    char::from_u32(number).map_or(Escaped::Nothing, Escaped::Char)
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all)
}

/// Returns the value of a base64 digit, of the standard or the URL-safe alphabet.
pub(super) fn sextet(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// Decodes base64 without padding; an incomplete last group is dropped.
pub(super) fn decode_base64(digits: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(digits.len()));
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits.iter().map_while(|digit| sextet(*digit)) {
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            plain.extend(u8::try_from(bits >> count & 255));
        }
    }
    plain
}
