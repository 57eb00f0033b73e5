//! Reports what an update changes for running programs and for people who compile, and what it adds.
//!
//! [`compare`] is pure: two documents and two listings of the generated code go in, rows come out. The first
//! question is decided from the documents as published ([`wire`], [`schema`]), the second from the code that
//! was generated ([`surface`]), never from a guess at what would be generated. From the rows, [`verdict`] derives a version and a
//! changelog entry, and [`mod@print`] formats a page.

pub mod pairs;
pub mod print;
pub mod provisional;
pub mod rules;
pub mod schema;
pub mod surface;
pub mod verdict;
pub mod wire;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::code::Code;
use crate::config::Config;
use crate::documents::{Documents, Kind};
use crate::report::{Report, quoted, reason};
use crate::reshape::{self, errors};
use crate::source::{Source, sha256};
use crate::{document, sbe, stream};
use provisional::Provisional;
use rules::{Level, Question, Rule};
use surface::Surface;
use verdict::Verdict;

/// One of the two things that are compared.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is called: a file, a revision.
    pub name: String,
    /// The documents as published, in canonical form.
    pub documents: Documents,
    /// All of them as one, before corrections.
    pub document: Value,
    /// The public items that were generated from it, or why there are none.
    pub surface: Result<Surface, String>,
    /// What this code lacks.
    pub provisional: Provisional,
    /// The kind of the one document that was given, if it is not a revision of all.
    pub kind: Option<Kind>,
}

impl Side {
    /// Documents and the code that is generated from them. What does not fit is worked around, as with
    /// `gen --out`; values that the code `before` has and the documents do not are retired, as with `gen --from`.
    pub fn generated(
        name: String,
        documents: Documents,
        source: &Source,
        config: &mut Config,
        before: Option<&Surface>,
    ) -> Self {
        let mut aside = Report::default();
        let document = documents.merged(&mut aside);
        let mut corrected = reshape::correct(&document, config, &mut aside);
        errors::ensure(&mut corrected.document, &mut aside);
        let code = Code::generate(&corrected, config, before, source);
        let surface = code.and_then(|code| code.surface().clone().map_err(anyhow::Error::msg));
        let is_old = before.is_none();
        let errors = &corrected.overlay_errors;
        Self {
            provisional: Provisional::new(&document, config, errors, &aside.decisions, is_old),
            ..Self::with_merged(name, documents, document, surface)
        }
    }

    /// Documents and the code beside them.
    pub fn new(name: String, documents: impl Into<Documents>, surface: anyhow::Result<Surface>) -> Self {
        let documents = documents.into();
        let document = documents.merged(&mut Report::default());
        Self::with_merged(name, documents, document, surface)
    }

    /// Documents that are merged already and the code beside them.
    pub(crate) fn with_merged(
        name: String,
        documents: Documents,
        document: Value,
        surface: anyhow::Result<Surface>,
    ) -> Self {
        let surface = surface.map_err(|error| format!("{error:#}"));
        Self {
            name,
            document,
            documents,
            surface,
            provisional: Provisional::default(),
            kind: None,
        }
    }

    /// The version of the document of a kind.
    pub fn version(&self, kind: Kind) -> &str {
        let document = self.documents.get(kind);
        document
            .and_then(|document| kind.version(document))
            .unwrap_or("unknown")
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// What kind of change it is.
    pub rule: Rule,
    /// The operation, component or type that it is about.
    pub subject: String,
    /// Where: `GET /orders`, `GET /orders market`, `GET /orders 200`, `responses.Order.price`, all by published
    /// names; for rows about the code, the item: `types::Order.price`. As it came, so not to be printed raw.
    pub place: String,
    /// The old and the new: what the sentence is about, as it came.
    pub values: Vec<String>,
    /// What happened, in a sentence that is safe to print.
    pub sentence: String,
    /// The operations that it concerns, by their keys.
    pub operations: BTreeSet<String>,
    /// Whether it depends on a problem that is not solved yet, and so may be no change at all.
    pub provisional: bool,
}

impl Row {
    /// What stays the same when the wording or the order changes: a digest of rule, place and values.
    pub fn fingerprint(&self) -> String {
        let parts: Vec<&str> = [self.rule.id(), &self.place]
            .into_iter()
            .chain(self.values.iter().map(String::as_str))
            .collect();
        // As JSON, so that no two lists of parts make the same text.
        let mut digest = sha256(serde_json::json!(parts).to_string().as_bytes());
        digest.truncate(12);
        digest
    }

    /// Its heading in a report: its only operation, or else its schema or type.
    pub fn group(&self) -> &str {
        let mut operations = self.operations.iter();
        match (operations.next(), operations.next()) {
            (Some(only), None) => only,
            _ => &self.subject,
        }
    }
}

/// What comparing two sides came to.
#[derive(Debug)]
pub struct Comparison {
    /// What the old side is called, and the version of its document.
    pub old: (String, String),
    /// The same of the new side.
    pub new: (String, String),
    /// The documents that differ, with both versions. If none does: the one that was given, or else OpenAPI.
    pub versions: Vec<(Kind, String, String)>,
    /// Every change: by question, level and place.
    pub rows: Vec<Row>,
    /// What to release.
    pub verdict: Verdict,
    /// What the code of either side lacks.
    pub provisional: Provisional,
}

/// Compares two sides. `released` is the version that both crates have now.
///
/// # Errors
///
/// `released` is no version.
pub fn compare(old: &Side, new: &Side, released: &str) -> anyhow::Result<Comparison> {
    let openapi =
        [old, new].map(|side| wire::plain(side.documents.get(Kind::OpenApi).unwrap_or(&Value::Null)));
    let mut rows = wire::compare(&openapi[0], &openapi[1]);
    rows.extend(stream_rows(old, new));
    let [was, is] = [old, new].map(|side| side.documents.get(Kind::Sbe));
    rows.extend(sbe::compare(was, is));
    match (&old.surface, &new.surface) {
        (Ok(old), Ok(new)) => rows.extend(surface::compare(old, new)),
        (Err(reason), _) => rows.push(unknown(&old.name, reason)),
        (_, Err(reason)) => rows.push(unknown(&new.name, reason)),
    }
    let mut rows = united(rows);
    let provisional = Provisional::between(&old.provisional, &new.provisional);
    let surfaces: Vec<&Surface> = [&old.surface, &new.surface].into_iter().flatten().collect();
    for row in &mut rows {
        row.provisional = provisional.touches(row, &surfaces);
    }
    rows.sort_by_cached_key(|row| {
        let rule = row.rule;
        let group = row.group().to_owned();
        (
            rule.question(),
            rule.level(),
            rule.is_of_code(),
            group,
            row.clone(),
        )
    });
    let verdict = Verdict::from_rows(&rows, released, new.version(Kind::OpenApi))?;
    let mut kinds = old.documents.differing(&new.documents);
    if kinds.is_empty() {
        kinds.push(new.kind.or(old.kind).unwrap_or(Kind::OpenApi));
    }
    let both = |kind| (kind, old.version(kind).to_owned(), new.version(kind).to_owned());
    let first = kinds.first().copied().unwrap_or(Kind::OpenApi);
    Ok(Comparison {
        old: (old.name.clone(), old.version(first).to_owned()),
        new: (new.name.clone(), new.version(first).to_owned()),
        versions: kinds.into_iter().map(both).collect(),
        rows,
        verdict,
        provisional,
    })
}

impl Comparison {
    /// The rows of one question, and of these levels.
    pub fn rows_about(&self, question: Question, levels: &'static [Level]) -> impl Iterator<Item = &Row> {
        let wanted = move |row: &&Row| row.rule.question() == question && levels.contains(&row.rule.level());
        self.rows.iter().filter(wanted)
    }
}

/// What changed in the WebSocket API. A schema that the REST API has too is said to be new or gone by that alone.
fn stream_rows(old: &Side, new: &Side) -> Vec<Row> {
    let [was, is] = [old, new].map(|side| {
        let [asyncapi, openrpc] = [Kind::AsyncApi, Kind::OpenRpc].map(|kind| side.documents.get(kind));
        stream::as_operations(asyncapi, openrpc)
    });
    let is_rest = |side: &Side, name: &str| {
        let openapi = side.documents.get(Kind::OpenApi);
        openapi.is_some_and(|document| document::component(document, name).is_some())
    };
    let mut rows = wire::compare(&was, &is);
    rows.retain(|row| match row.rule {
        Rule::SchemaAdded => !is_rest(new, &row.place),
        Rule::SchemaRemoved => !is_rest(old, &row.place),
        // The first documents bring the address.
        Rule::ServerChanged => ![&was, &is]
            .iter()
            .any(|side| side["servers"] == Value::from(Vec::<Value>::new())),
        _ => true,
    });
    rows
}

fn unknown(name: &str, why: &str) -> Row {
    Row {
        rule: Rule::RustUnknown,
        subject: name.to_owned(),
        place: name.to_owned(),
        values: vec![why.to_owned()],
        sentence: format!(
            "No code could be made of {} to compare: {}.",
            quoted(name),
            reason(why)
        ),
        operations: BTreeSet::new(),
        provisional: false,
    }
}

/// Keeps one row for each change: if a schema is both sent and received, a rule without a direction gives one row for the
/// operations of both directions.
fn united(rows: Vec<Row>) -> Vec<Row> {
    let mut all: BTreeMap<(Rule, String, Vec<String>), Row> = BTreeMap::new();
    for row in rows {
        let key = (row.rule, row.place.clone(), row.values.clone());
        match all.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(row);
            }
            Entry::Occupied(mut entry) => entry.get_mut().operations.extend(row.operations),
        }
    }
    all.into_values().collect()
}
