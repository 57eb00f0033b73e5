//! Searches a text for secrets, in many spellings.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use super::PLACEHOLDER;
use super::spelling::{Spelled, decode_base64, sextet};
use crate::generated::operations::SECRET_NAMES;
use crate::text;

/// The length of the shortest run of a secret that is redacted, in bytes.
pub(super) const RUN: usize = 12;
/// The length of the shortest secret, in bytes.
pub(super) const SHORTEST: usize = 8;
/// How many layers of escapes are decoded.
const LAYERS: usize = 4;
/// A long text is searched in chunks of so many bytes, because the search takes many times the memory of its text.
pub(super) const CHUNK: usize = 8 << 10;
/// By how many bytes chunks overlap: more than the longest spelling of a run, where each character may take a dozen.
const OVERLAP: usize = 1 << 10;

/// The secrets that a [`Redactor`] is made from, in lower case and without hidden characters.
#[derive(Default)]
pub(super) struct Secrets(Vec<Zeroizing<Vec<u8>>>);

impl Secrets {
    pub(super) fn add(&mut self, text: &str) {
        if text.len() < SHORTEST {
            return;
        }
        self.push(text);
        // A text can be sent as base64 and be repeated in its decoded form.
        let coded = text.trim_end_matches('=').as_bytes();
        if coded.iter().all(|byte| sextet(*byte).is_some()) {
            let plain = decode_base64(coded);
            if let Ok(plain) = std::str::from_utf8(&plain) {
                self.push(plain);
            }
        }
    }

    fn push(&mut self, text: &str) {
        let mut spelled = Spelled::from_text(text);
        spelled.bytes.make_ascii_lowercase();
        self.0.push(spelled.bytes);
    }

    /// Adds the texts of all fields that can hold a secret, at any depth.
    pub(super) fn collect(&mut self, value: &Value, is_secret: bool) {
        match value {
            Value::String(text) if is_secret => self.add(text),
            Value::Array(values) => values.iter().for_each(|value| self.collect(value, is_secret)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.collect(value, is_secret || SECRET_NAMES.contains(&name.as_str()));
                }
            }
            _ => {}
        }
    }

    pub(super) fn into_redactor(self) -> Redactor {
        let mut redactor = Redactor::default();
        for secret in self.0 {
            match secret.len() {
                0..SHORTEST => {}
                SHORTEST..RUN => redactor.short.push(secret),
                _ => {
                    let hashes = secret.windows(RUN).map(|run| redactor.hasher.hash_one(run));
                    redactor.runs.extend(hashes);
                }
            }
        }
        redactor
    }
}

/// Finds secrets in texts and replaces them.
#[derive(Default)]
pub(crate) struct Redactor {
    hasher: RandomState,
    /// Hashes of all runs of the secrets, with a random key, so that no copy of a secret stays in memory.
    runs: HashSet<u64>,
    short: Vec<Zeroizing<Vec<u8>>>,
}

impl Redactor {
    pub(crate) fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.short.is_empty()
    }

    /// Returns the text with [`PLACEHOLDER`] in place of each secret.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut found = self.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable_by_key(|range| range.start);
        let mut redacted = String::with_capacity(text.len());
        let mut kept_to = 0;
        for range in found {
            if range.start > kept_to || redacted.is_empty() {
                redacted.push_str(text.get(kept_to..range.start).unwrap_or_default());
                redacted.push_str(PLACEHOLDER);
            }
            kept_to = kept_to.max(range.end);
        }
        redacted.push_str(text.get(kept_to..).unwrap_or_default());
        Cow::Owned(redacted)
    }

    /// Redacts every text of a JSON value, field names included.
    pub(crate) fn redact_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(redacted) = self.redact(text) {
                    *text = redacted;
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.redact_value(value)),
            Value::Object(fields) => {
                let names = fields
                    .keys()
                    .filter(|name| matches!(self.redact(name), Cow::Owned(_)));
                let names: Vec<String> = names.cloned().collect();
                for name in names {
                    if let Some(value) = fields.remove(&name) {
                        fields.insert(self.redact(&name).into_owned(), value);
                    }
                }
                fields.values_mut().for_each(|value| self.redact_value(value));
            }
            _ => {}
        }
    }

    /// Returns the byte ranges of secrets, unordered.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        loop {
            let end = text::start(text, start + CHUNK).len();
            let mut spelled = Spelled::from_text(text.get(start..end).unwrap_or_default());
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
            // The encoded text may begin with something else, so the first digit of a group of four is unknown.
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

    /// Returns start and length of each occurrence of a run or of a short secret.
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
