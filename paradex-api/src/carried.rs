//! The secrets that a request carried, and the text of its response without them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::Arc;

use reqwest::Body;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, PROXY_AUTHORIZATION};
use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use crate::generated::operations::SECRET_NAMES;
use crate::text::{self, is_hidden};

/// What stands in the place of a secret.
pub(crate) const HIDDEN: &str = "(hidden)";

/// The secrets that a request carried. A server, or a proxy that helps with debugging, may repeat them in its response, and
/// no text that is made from the response may show them.
///
/// A transport gives it to the response that it makes; [`mask`](Self::mask) takes the secrets out of a text. It shares the
/// memory of headers with the request; the copy of a body is overwritten on drop. It prints nothing.
///
/// ```
/// use paradex_api::{Carried, reqwest};
///
/// let mut request = reqwest::Request::new(reqwest::Method::GET, "https://api.prod.paradex.trade/v1/orders".parse()?);
/// request.headers_mut().insert("authorization", "Bearer eyJhbGciOiJFUzI1NiJ9".parse()?);
/// let carried = Carried::of(&request);
/// assert_eq!(carried.mask("no session for eyJhbGciOiJFUzI1NiJ9"), "no session for (hidden)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Carried {
    token: Option<HeaderValue>,
    more: Option<Box<More>>,
    /// Whether it was made of a whole request, so that nothing that the call knows is missing.
    whole: bool,
}

/// What few requests carry.
#[derive(Clone, Default)]
struct More {
    headers: Vec<HeaderValue>,
    body: Option<Arc<Zeroizing<Vec<u8>>>>,
}

impl Carried {
    /// Keeps what a request carries: its authorization, every header that is marked as sensitive, and its body, of which the
    /// fields that hold secrets count.
    pub fn of(request: &reqwest::Request) -> Self {
        let mut carried = Self {
            whole: true,
            ..Self::default()
        };
        for (name, value) in request.headers() {
            let opens = *name == AUTHORIZATION || *name == PROXY_AUTHORIZATION || *name == COOKIE;
            if value.is_sensitive() || opens {
                carried.add(value.clone());
            }
        }
        // A body that is a stream is none of ours, and cannot be looked at.
        if let Some(body) = request.body().and_then(Body::as_bytes) {
            carried.add_body(body);
        }
        carried
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    pub(crate) fn add_body(&mut self, body: &[u8]) {
        self.more.get_or_insert_default().body = Some(Arc::new(Zeroizing::new(body.to_vec())));
    }

    /// Adds the value of a header, for example the token of an earlier attempt of the same call.
    pub fn add(&mut self, value: HeaderValue) {
        match &self.token {
            None => self.token = Some(value),
            Some(_) => self.more.get_or_insert_default().headers.push(value),
        }
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.token.is_none() && self.more.is_none()
    }

    /// The text without the secrets: `(hidden)` stands where one was.
    ///
    /// Every run of 12 characters or more that also stands in a secret is taken out. Percent-encoding, the escapes of JSON
    /// and HTML, upper and lower case, characters that cannot be seen, and base64 make no difference. A secret of fewer than 12
    /// characters is taken out where it stands whole, and one of fewer than 8 is none.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.masker().mask(text)
    }

    /// Takes the secrets out of every text of a value, names included.
    pub fn mask_value(&self, value: &mut Value) {
        self.masker().mask_value(value);
    }

    /// For several texts.
    pub(crate) fn masker(&self) -> Masker {
        let mut secrets = Secrets::default();
        let headers = self.more.iter().flat_map(|more| &more.headers);
        for value in self.token.iter().chain(headers) {
            let text = String::from_utf8_lossy(value.as_bytes());
            match text.split_once(' ') {
                // `Bearer` is no secret.
                Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                    secrets.add(rest)
                }
                _ => secrets.add(&text),
            }
        }
        let body = self.more.as_ref().and_then(|more| more.body.as_ref());
        if let Some(body) = body
            && let Ok(value) = serde_json::from_slice(body)
        {
            secrets.collect(&value, false);
        }
        secrets.masker()
    }

    /// Marks the values of headers that repeat a secret, so that `Debug` hides them.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        if self.is_empty() || headers.is_empty() {
            return;
        }
        let masker = self.masker();
        for value in headers.values_mut() {
            let text = String::from_utf8_lossy(value.as_bytes());
            if matches!(masker.mask(&text), Cow::Owned(_)) {
                value.set_sensitive(true);
            }
        }
    }
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Carried(..)")
    }
}

/// A run of a secret that is this long is taken out.
const RUN: usize = 12;
/// What is shorter is no secret.
const SHORTEST: usize = 8;
/// How many layers of escapes are looked through.
const LAYERS: usize = 4;
/// A long text is looked at in pieces, because looking takes many times the memory of what is looked at.
const PIECE: usize = 8 << 10;
/// By how much the pieces overlap: more than the longest spelling of a run, of which every character may take a dozen.
const OVERLAP: usize = 1 << 10;

#[derive(Default)]
struct Secrets(Vec<Zeroizing<Vec<u8>>>);

impl Secrets {
    fn add(&mut self, text: &str) {
        if text.len() < SHORTEST {
            return;
        }
        self.push(text);
        // A text can travel as base64 and come back as itself.
        let coded = text.trim_end_matches('=').as_bytes();
        if coded.iter().all(|byte| sextet(*byte).is_some()) {
            let plain = decode_base64(coded);
            if let Ok(plain) = std::str::from_utf8(&plain) {
                self.push(plain);
            }
        }
    }

    /// Hidden characters are left out, as they are of the text.
    fn push(&mut self, text: &str) {
        let mut spelled = Spelled::of(text);
        spelled.bytes.make_ascii_lowercase();
        self.0.push(spelled.bytes);
    }

    /// The texts in the fields that can hold a secret, at whatever depth.
    fn collect(&mut self, value: &Value, secret: bool) {
        match value {
            Value::String(text) if secret => self.add(text),
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, secret)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.collect(value, secret || SECRET_NAMES.contains(&name.as_str()));
                }
            }
            _ => {}
        }
    }

    fn masker(self) -> Masker {
        let mut masker = Masker::default();
        for secret in self.0 {
            match secret.len() {
                0..SHORTEST => {}
                SHORTEST..RUN => masker.short.push(secret),
                _ => {
                    let hashes = secret.windows(RUN).map(|run| masker.hasher.hash_one(run));
                    masker.runs.extend(hashes);
                }
            }
        }
        masker
    }
}

/// Finds secrets in texts.
#[derive(Default)]
pub(crate) struct Masker {
    hasher: RandomState,
    /// The runs of all secrets, as hashes with a random key, so that no copy of a secret stays in memory.
    runs: HashSet<u64>,
    short: Vec<Zeroizing<Vec<u8>>>,
}

impl Masker {
    pub(crate) fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.short.is_empty()
    }

    pub(crate) fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut found = self.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable_by_key(|range| range.start);
        let mut masked = String::with_capacity(text.len());
        let mut kept_to = 0;
        for range in found {
            if range.start > kept_to || masked.is_empty() {
                masked.push_str(text.get(kept_to..range.start).unwrap_or_default());
                masked.push_str(HIDDEN);
            }
            kept_to = kept_to.max(range.end);
        }
        masked.push_str(text.get(kept_to..).unwrap_or_default());
        Cow::Owned(masked)
    }

    /// Takes the secrets out of every text of a value.
    pub(crate) fn mask_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(masked) = self.mask(text) {
                    *text = masked;
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.mask_value(value)),
            Value::Object(fields) => {
                let names = fields
                    .keys()
                    .filter(|name| matches!(self.mask(name), Cow::Owned(_)));
                let names: Vec<String> = names.cloned().collect();
                for name in names {
                    if let Some(value) = fields.remove(&name) {
                        fields.insert(self.mask(&name).into_owned(), value);
                    }
                }
                fields.values_mut().for_each(|value| self.mask_value(value));
            }
            _ => {}
        }
    }

    /// Where secrets are, in no order.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        loop {
            let end = text::start(text, start + PIECE).len();
            let mut spelled = Spelled::of(text.get(start..end).unwrap_or_default());
            for _ in 0..LAYERS {
                self.find_in(&spelled, start, &mut found);
                match spelled.unescaped() {
                    Some(plain) => spelled = plain,
                    None => break,
                }
            }
            if end == text.len() {
                return found;
            }
            start = text::start(text, end - OVERLAP).len();
        }
    }

    fn find_in(&self, spelled: &Spelled, offset: usize, found: &mut Vec<Range<usize>>) {
        let folded = Zeroizing::new(spelled.bytes.to_ascii_lowercase());
        for (start, length) in self.hits(&folded) {
            found.extend(spelled.range(start, length, offset));
        }
        let mut start = 0;
        for run in spelled.bytes.split(|byte| sextet(*byte).is_none()) {
            // What was coded may begin with something else, so the first digit of a group is not known.
            let holds_secret = run.len() > SHORTEST
                && (0..4).filter_map(|skipped| run.get(skipped..)).any(|digits| {
                    let mut plain = decode_base64(digits);
                    plain.make_ascii_lowercase();
                    self.hits(&plain).next().is_some()
                });
            if holds_secret {
                found.extend(spelled.range(start, run.len(), offset));
            }
            start += run.len() + 1;
        }
    }

    /// Where runs of secrets begin, and how long they are.
    fn hits(&self, folded: &[u8]) -> impl Iterator<Item = (usize, usize)> {
        let runs = folded.windows(RUN).enumerate();
        let runs = runs.filter(|(_, run)| self.runs.contains(&self.hasher.hash_one(run)));
        let short = self.short.iter().flat_map(move |secret| {
            let places = folded.windows(secret.len()).enumerate();
            places
                .filter(|(_, place)| *place == secret.as_slice())
                .map(|(start, place)| (start, place.len()))
        });
        runs.map(|(start, _)| (start, RUN)).chain(short)
    }
}

/// A text without characters that cannot be seen, and for each of its bytes where it comes from.
struct Spelled {
    bytes: Zeroizing<Vec<u8>>,
    from: Vec<Range<usize>>,
}

impl Spelled {
    fn with_room(room: usize) -> Self {
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(room)),
            from: Vec::with_capacity(room),
        }
    }

    fn of(text: &str) -> Self {
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

    /// The text with one layer of escapes taken off; nothing if there is none.
    fn unescaped(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
            return None;
        }
        let mut plain = Self::with_room(self.bytes.len());
        let mut at = 0;
        let mut changed = false;
        while let (Some(rest), Some(from)) = (self.bytes.get(at..), self.from.get(at)) {
            let (length, says) = escape(rest).unwrap_or((0, Says::Nothing));
            let last = self.from.get(at + length.max(1) - 1).unwrap_or(from);
            let whole = from.start..last.end;
            match says {
                Says::Char(c) => plain.push(c, &whole),
                Says::Byte(byte) if byte.is_ascii_control() => {}
                Says::Byte(byte) => {
                    plain.bytes.push(byte);
                    plain.from.push(whole);
                }
                Says::Nothing if length > 0 => {}
                Says::Nothing => {
                    plain.bytes.extend(rest.first());
                    plain.from.push(whole);
                }
            }
            changed |= length > 0;
            at += length.max(1);
        }
        changed.then_some(plain)
    }

    /// Where some of it comes from.
    fn range(&self, start: usize, length: usize, offset: usize) -> Option<Range<usize>> {
        let (first, last) = (self.from.get(start)?, self.from.get(start + length - 1)?);
        Some(first.start + offset..last.end + offset)
    }
}

/// What an escape says.
enum Says {
    Char(char),
    Byte(u8),
    Nothing,
}

/// The escape at the start of a text, with its length: of a URL, of JSON and programs, or of HTML.
fn escape(text: &[u8]) -> Option<(usize, Says)> {
    match text {
        [b'%', digits @ ..] => Some((3, Says::Byte(u8::try_from(hex(digits.get(..2)?)?).ok()?))),
        [b'\\', b'x', digits @ ..] => Some((4, Says::Byte(u8::try_from(hex(digits.get(..2)?)?).ok()?))),
        [b'\\', b'u', b'{', digits @ ..] => {
            let end = digits.iter().take(7).position(|byte| *byte == b'}')?;
            Some((end + 4, says(hex(digits.get(..end)?)?)))
        }
        [b'\\', b'u', digits @ ..] => Some((6, says(hex(digits.get(..4)?)?))),
        [b'\\', b'n' | b'r' | b't' | b'b' | b'f', ..] => Some((2, Says::Nothing)),
        [b'\\', plain @ (b'"' | b'\\' | b'/' | b'\''), ..] => Some((2, Says::Byte(*plain))),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(10).position(|byte| *byte == b';')?;
            let says = match rest.get(..end)? {
                [b'#', b'x' | b'X', digits @ ..] => says(hex(digits)?),
                [b'#', digits @ ..] => says(std::str::from_utf8(digits).ok()?.parse().ok()?),
                b"amp" => Says::Byte(b'&'),
                b"lt" => Says::Byte(b'<'),
                b"gt" => Says::Byte(b'>'),
                b"quot" => Says::Byte(b'"'),
                b"apos" => Says::Byte(b'\''),
                b"sol" => Says::Byte(b'/'),
                b"plus" => Says::Byte(b'+'),
                b"equals" => Says::Byte(b'='),
                _ => return None,
            };
            Some((end + 2, says))
        }
        _ => None,
    }
}

fn says(number: u32) -> Says {
    char::from_u32(number).map_or(Says::Nothing, Says::Char)
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all)
}

/// The value of a digit of base64, of either alphabet.
fn sextet(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// What digits of base64 stand for; those that are left over stand for nothing.
fn decode_base64(digits: &[u8]) -> Zeroizing<Vec<u8>> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderMap, HeaderValue};
    use serde_json::json;

    use super::{Carried, HIDDEN, PIECE};

    const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.Qm9yc2NodA-x_Y.zX81vQkRtYw";

    fn carried(header: &str) -> Carried {
        let mut carried = Carried::default();
        carried.add(HeaderValue::from_str(header).unwrap());
        carried
    }

    #[test]
    fn secret_is_hidden_in_every_spelling() {
        let carried = carried(&format!("Bearer {TOKEN}"));
        let spell = |each: fn(u8) -> String| TOKEN.bytes().map(each).collect::<String>();
        for spelled in [
            TOKEN.to_owned(),
            TOKEN.to_uppercase(),
            TOKEN[..12].to_owned(),
            TOKEN[7..].to_owned(),
            spell(|byte| format!("%{byte:02x}")),
            spell(|byte| format!("%25{byte:02X}")),
            spell(|byte| format!("\\u{byte:04x}")),
            spell(|byte| format!("\\\\u{byte:04x}")),
            spell(|byte| format!("\\u{{{byte:x}}}")),
            spell(|byte| format!("&#{byte};")),
            spell(|byte| format!("&amp;#x{byte:x};")),
            spell(|byte| format!("{}\u{200b}", char::from(byte))),
            spell(|byte| format!("{}\\n", char::from(byte))),
        ] {
            let text = format!("<before> {spelled} <after>");
            let shown = carried.mask(&text);
            let inner = shown
                .strip_prefix("<before> ")
                .and_then(|rest| rest.strip_suffix(" <after>"));
            assert!(
                inner.is_some_and(|inner| inner.starts_with(HIDDEN) && inner.len() < 14),
                "{text}: {shown}"
            );
        }
    }

    #[test]
    fn base64_that_holds_a_secret_is_hidden() {
        let carried = carried("Bearer hunter2-hunter2-hunter2");
        // Of `:`, `u:` and `us:` and the token.
        for coded in [
            "Omh1bnRlcjItaHVudGVyMi1odW50ZXIy",
            "dTpodW50ZXIyLWh1bnRlcjItaHVudGVyMg==",
            "dXM6aHVudGVyMi1odW50ZXIyLWh1bnRlcjI",
        ] {
            assert_eq!(
                carried
                    .mask(&format!("Basic {coded} "))
                    .trim_end_matches(['=', ' ']),
                "Basic (hidden)"
            );
        }
    }

    #[test]
    fn text_that_travels_as_base64_is_hidden_as_itself() {
        // `app.paradex.trade wants you`
        let carried = carried("YXBwLnBhcmFkZXgudHJhZGUgd2FudHMgeW91");
        assert_eq!(
            carried.mask("it says: app.paradex.trade wants you"),
            "it says: (hidden)"
        );
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let carried = carried(&format!("Bearer {TOKEN}"));
        for text in [
            "",
            "the token is expired",
            "eyJhbGciOiJ",
            "100% \\u12 &#; &amp &nothing; %zz \\",
            "Bearer authentication is needed; \u{202e} and so on",
        ] {
            assert_eq!(carried.mask(text), text);
        }
        assert_eq!(Carried::default().mask(TOKEN), TOKEN);
        assert_eq!(self::carried("Bearer short12").mask("short12"), "short12");
        assert_eq!(
            self::carried("Bearer short123").mask("a SHORT123 b"),
            "a (hidden) b"
        );
    }

    #[test]
    fn secret_is_found_wherever_a_long_text_has_it() {
        let carried = carried(TOKEN);
        for before in [PIECE - 60, PIECE - 20, PIECE, 3 * PIECE - 5_000, 4 * PIECE] {
            let text = format!("{}ü {TOKEN}", "x".repeat(before));
            assert!(carried.mask(&text).ends_with("ü (hidden)"), "{before}");
        }
    }

    #[test]
    fn only_the_secret_fields_of_a_body_are_hidden() {
        let body =
            json!({"market": "BTC-USD-PERPETUAL", "signature": ["0x0123456789abcdef", "0xfedcba9876543210"]});
        let mut request = reqwest::Request::new(reqwest::Method::POST, "http://localhost".parse().unwrap());
        *request.body_mut() = Some(body.to_string().into());
        let carried = Carried::of(&request);
        assert_eq!(carried.mask("0X0123456789ABCDEF"), "(hidden)");
        assert_eq!(
            carried.mask("BTC-USD-PERPETUAL fedcba9876543210"),
            "BTC-USD-PERPETUAL (hidden)"
        );
        assert_eq!(format!("{carried:?}"), "Carried(..)");
    }

    #[test]
    fn header_that_repeats_a_secret_is_marked() {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", TOKEN.parse().unwrap());
        headers.insert("date", "Sun, 06 Nov 1994 08:49:47 GMT".parse().unwrap());
        carried(TOKEN).mark(&mut headers);
        assert!(headers["x-request-id"].is_sensitive() && !headers["date"].is_sensitive());
        assert!(!format!("{headers:?}").contains("Qm9yc2"));
    }

    proptest! {
        #[test]
        fn no_run_of_a_secret_is_left(
            before in "(?s).{0,30}", after in "(?s).{0,30}", start in 0_usize..20, length in 12_usize..27,
        ) {
            let run = &TOKEN[start..start + length];
            let text = format!("{before}{run}{after}");
            let carried = carried(TOKEN);
            let shown = carried.mask(&text).into_owned();
            prop_assert!(shown.contains(HIDDEN));
            for part in TOKEN.as_bytes().windows(12) {
                prop_assert!(!shown.contains(std::str::from_utf8(part).unwrap()), "{shown}");
            }
            let again = carried.mask(&shown).into_owned();
            prop_assert_eq!(again, shown);
        }
    }
}
