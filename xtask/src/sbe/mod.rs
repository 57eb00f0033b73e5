//! The SBE schema of the WebSocket API: from the published XML to `paradex_api::sbe`.

mod compare;
mod convert;
mod encoder;
#[cfg(test)]
mod excerpt;
pub mod fields;
pub mod misfit;
pub mod model;
pub mod schema;
mod views;
pub mod xml;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use fields::Fields;
use model::Model;
use proc_macro2::TokenStream;
use schema::Schema;
use serde_json::Value;

use crate::diff::Row;
use crate::diff::rules::Rule;
use crate::document::{entries, text};
use crate::report::{Report, quoted, reason};
use crate::reshape::Corrected;
use crate::stream;

/// Where the schema is published.
pub const PUBLISHED_AT: &str =
    "https://raw.githubusercontent.com/tradeparadex/paradex-py/main/paradex_py/api/sbe/paradex_1_0.xml";

/// The member of the merged document that holds the schema.
pub const MEMBER: &str = "x-sbe";

/// The member of the canonical form that says what it is.
const FORM: &str = "sbe";

/// Reads a schema as published, as XML, into its canonical form.
///
/// # Errors
///
/// It is no SBE schema, or it has a construct that is not known.
pub fn read(text: &str) -> anyhow::Result<Value> {
    let start = text
        .trim_start()
        .get(..14)
        .unwrap_or_default()
        .to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        bail!("this is HTML, not an API description; is the address right?");
    }
    Ok(Schema::from_xml(text)?.to_json())
}

/// Whether a document is an SBE schema that was read before.
pub fn is_schema(document: &Value) -> bool {
    document.get(FORM).is_some()
}

/// The canonical form of a schema.
pub fn canonical(document: &Value) -> Value {
    crate::canonical::sorted(document)
}

/// The messages of the schema in a merged document.
pub fn messages(document: &Value) -> impl Iterator<Item = &String> {
    entries(document.get(MEMBER).and_then(|schema| schema.get("messages"))).map(|(name, _)| name)
}

/// The version of a schema, such as `1:2`: its id and the version under this id.
pub fn version(document: &Value) -> Option<&str> {
    document.get(FORM)?.as_str()
}

/// The files of Rust code, by their path in the crate, that are made of the corrected schema.
///
/// # Errors
///
/// The schema, `fields.yaml` and the OpenAPI document do not fit together.
pub fn code(schema: &Value, corrected: &Corrected) -> anyhow::Result<BTreeMap<String, TokenStream>> {
    let schema = Schema::from_json(schema).context("openapi/stream/sbe.json")?;
    let model =
        Model::new(&schema, &corrected.fields, &corrected.document).context("openapi/stream/fields.yaml")?;
    Ok(BTreeMap::from([
        ("src/generated/sbe.rs".to_owned(), views::module(&model)),
        ("src/generated/sbe_encoder.rs".to_owned(), encoder::module(&model)),
    ]))
}

/// Reports where `fields.yaml` and the channels do not fit the corrected schema and the corrected document, and returns `fields.yaml`
/// read so that it fits.
pub fn settle(schema: &Value, fields: &Fields, document: &mut Value, report: &mut Report) -> Fields {
    // `code` says what is wrong.
    let Ok(schema) = Schema::from_json(schema) else {
        return fields.clone();
    };
    let (fields, misfits) = model::settle(&schema, fields, document);
    for misfit in misfits {
        let text = format!("stream/fields.yaml: {misfit}");
        match misfit.is_leftover() {
            true => report.leftover(text),
            false => report.problem(text),
        }
    }
    let channels = document.pointer_mut(&format!("/{}/channels", stream::MEMBER));
    for (name, channel) in channels.and_then(Value::as_object_mut).into_iter().flatten() {
        let Some(message) = text(channel, "sbe").map(str::to_owned) else {
            continue;
        };
        if !schema.messages.contains_key(&message) {
            report.problem(format_args!(
                "CHANNEL {name}: `sbe` names {}, which is no message of the SBE schema; correct it in corrections.yaml (treated \
                 as JSON alone)",
                quoted(&message)
            ));
            if let Some(members) = channel.as_object_mut() {
                members.remove("sbe");
            }
        }
    }
    fields
}

/// What changed between two schemas.
pub fn compare(old: Option<&Value>, new: Option<&Value>) -> Vec<Row> {
    if old == new {
        return Vec::new();
    }
    let empty = Schema::default();
    let read = |schema: Option<&Value>| schema.map_or_else(|| Ok(empty.clone()), Schema::from_json);
    match (read(old), read(new)) {
        (Ok(mut old), Ok(new)) => {
            if old == empty {
                // There was no schema before, so it did not change either.
                (old.id, old.version) = (new.id, new.version);
            }
            compare::compare(&old, &new)
        }
        (old, new) => old
            .err()
            .into_iter()
            .chain(new.err())
            .map(|error| unreadable(&error))
            .collect(),
    }
}

/// A schema of a revision of this workspace that had another canonical form.
fn unreadable(error: &anyhow::Error) -> Row {
    let why = format!("{error:#}");
    Row {
        rule: Rule::OtherChange,
        subject: "the SBE schema".to_owned(),
        place: "the SBE schema".to_owned(),
        sentence: format!("The SBE schema could not be compared: {}.", reason(&why)),
        values: vec![why],
        operations: BTreeSet::new(),
        provisional: false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::excerpt::{QUOTE, schema};
    use super::fields::Fields;
    use super::{code, settle};
    use crate::report::Report;
    use crate::reshape::Corrected;

    const FIELDS: &str = "
messages:
  Quote:
    text: A quote.
    type: Quote
    fields: {at: {text: When.}, price: price, side: side, levels: {text: Levels.}, levels.size: {text: A size.}, market: market}
    json_only: [id]
types:
  Side: {text: A side., json: {OrderSide: {}}}
";

    /// The problems, those on which the code depends, and the code of the views.
    fn settled(message: &str, fields: &[(&str, &str)], sbe: &str) -> (Vec<String>, Vec<String>, String) {
        let replaced = |mut text: String, edits: &[(&str, &str)]| {
            for (from, to) in edits {
                assert!(text.contains(from), "{from}");
                text = text.replacen(from, to, 1);
            }
            text
        };
        let fields: Fields = crate::yaml::read(&replaced(FIELDS.to_owned(), fields)).unwrap();
        let text = json!({"type": "string", "description": "A text."});
        let side = json!({"allOf": [{"$ref": "#/components/schemas/OrderSide"}], "description": "The side."});
        let price = json!({"type": "string", "format": "decimal", "description": "The price."});
        let mut document = json!({
            "x-stream": {"channels": {"quotes.{m}": {"sbe": sbe}}},
            "components": {"schemas": {"OrderSide": {"type": "string", "enum": ["BUY", "SELL"]},
                "Both": {"type": "string", "enum": ["BUY", "SELL"]},
                "Quote": {"properties": {"id": text, "market": text, "price": price, "side": side}}}}});
        let schema = super::read(&schema(1, 1, message)).unwrap();
        let mut report = Report::default();
        let fields = settle(&schema, &fields, &mut document, &mut report);
        let is_known = document["x-stream"]["channels"]["quotes.{m}"]["sbe"] != Value::Null;
        assert_eq!(is_known, sbe == "Quote");
        let corrected = Corrected {
            document,
            upstream_ids: <_>::default(),
            overlay_errors: Vec::new(),
            sbe: None,
            fields,
        };
        let code = code(&schema, &corrected).unwrap();
        let views = code["src/generated/sbe.rs"].to_string();
        (report.problems, report.decisions, views)
    }

    #[test]
    fn fitting_entries_are_no_problem() {
        let (problems, _, _) = settled(QUOTE, &[], "Quote");
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn channel_with_an_unknown_message_is_named_with_it() {
        let (problems, decisions, _) = settled(QUOTE, &[], "QuoteEvent");
        assert_eq!(
            problems,
            [
                "CHANNEL quotes.{m}: `sbe` names `QuoteEvent`, which is no message of the SBE schema; correct it in \
                 corrections.yaml (treated as JSON alone)"
            ]
        );
        assert_eq!(problems, decisions);
    }

    #[test]
    fn field_that_is_gone_from_json_or_sbe_is_one_problem() {
        for (edit, said) in [
            (
                ("price: price", "price: old"),
                "stream/fields.yaml: field `Quote.price` has the JSON field `old`, but `Quote` has no field `old`",
            ),
            (
                ("price: price", "gone: price, price: {text: X.}"),
                "stream/fields.yaml: the SBE schema has no field `Quote.gone`; delete its entry",
            ),
            (
                ("price: price", "gone: old, price: price"),
                "stream/fields.yaml: the SBE schema has no field `Quote.gone`; delete its entry",
            ),
        ] {
            let (problems, _, _) = settled(QUOTE, &[edit], "Quote");
            // `price` of JSON is a problem where its entry names another field.
            let problems: Vec<_> = problems
                .iter()
                .filter(|problem| !problem.contains("`price` is in no entry"))
                .collect();
            assert_eq!(problems, [said]);
        }
    }

    #[test]
    fn value_that_one_of_two_enumerations_has_is_one_problem() {
        let two = |sbe_only: &str| {
            let two = "OrderSide: {BUY: LONG}, Both: {BUY: BUY}}".to_owned() + sbe_only;
            settled(QUOTE, &[("OrderSide: {}}", &two)], "Quote").0
        };
        assert_eq!(
            two(""),
            [
                "stream/fields.yaml: type `Side`: `OrderSide` in JSON does not have the value `LONG`; rename it or add it to \
                 `sbe_only`"
            ]
        );
        assert_eq!(two(", sbe_only: [BUY]"), Vec::<String>::new());
        let (problems, _, _) = settled(
            QUOTE,
            &[("OrderSide: {}}", "OrderSide: {}}, sbe_only: [BUY]")],
            "Quote",
        );
        assert_eq!(
            problems,
            [
                "stream/fields.yaml: type `Side`: `OrderSide` has the value `BUY`, which is listed as one that it lacks"
            ]
        );
    }

    #[test]
    fn misfit_is_named_and_worked_around() {
        let added = QUOTE.replacen(
            "name=\"at\"",
            "name=\"now\" type=\"int64\"/><field id=\"9\" name=\"at\"",
            1,
        );
        for (message, edit, is_decision, said, in_code) in [
            (
                &*added,
                ("", ""),
                true,
                "field `Quote.now` of the SBE schema has no entry",
                "fn now",
            ),
            (
                QUOTE,
                ("at: {", "gone: {text: X.}, at: {"),
                false,
                "the SBE schema has no field `Quote.gone`",
                "fn at",
            ),
            (
                QUOTE,
                ("messages:", "messages:\n  Old: {text: X., fields: {}}"),
                false,
                "no message `Old`",
                "fn at",
            ),
            (
                QUOTE,
                ("  Quote:\n", "  Quot:\n"),
                true,
                "message `Quote` of the SBE schema has no entry",
                "fn at",
            ),
            (
                QUOTE,
                ("type: Quote", "type: Gone"),
                true,
                "no record `Gone`",
                "fn at",
            ),
            (
                QUOTE,
                ("market: market", "market: {text: X.}"),
                true,
                "the JSON field `market` is in no entry",
                "fn at",
            ),
            (
                QUOTE,
                ("[id]", "[id, market]"),
                false,
                "`json_only` lists `market`, which an SBE field has",
                "fn at",
            ),
            (
                QUOTE,
                ("[id]", "[id, old]"),
                false,
                "`json_only` lists `old`, which JSON does not have",
                "fn at",
            ),
            (
                QUOTE,
                ("price: price", "price: market"),
                true,
                "`Quote.price` cannot be converted to `market`",
                "fn price",
            ),
            (
                QUOTE,
                ("price: price", "price: old"),
                true,
                "`Quote` has no field `old`",
                "fn price",
            ),
            (
                QUOTE,
                ("at: {text: When.}", "at: {}"),
                true,
                "field `Quote.at` needs a text",
                "fn at",
            ),
            (
                QUOTE,
                ("market: market", "market: {json: market, unless: x}"),
                false,
                "has `unless: x`",
                "fn at",
            ),
            (
                QUOTE,
                (
                    "price: price",
                    "price: {json: price, negative_when: {side: SHORT}}",
                ),
                true,
                "`side: SHORT`, which does not exist",
                "fn price",
            ),
            (
                QUOTE,
                ("Side: {text", "Sid: {text"),
                true,
                "type `Side` of the SBE schema has no entry",
                "fn side",
            ),
            (
                QUOTE,
                ("Side: {text", "Old: {text: X.}\n  Side: {text"),
                false,
                "set `Old`",
                "fn side",
            ),
            (
                QUOTE,
                ("OrderSide: {}", "OrderSide: {OLD: X}"),
                false,
                "no value `OLD`",
                "fn side",
            ),
            (
                QUOTE,
                ("OrderSide: {}", "OrderSide: {BUY: LONG}"),
                true,
                "does not have the value `LONG`",
                "fn side",
            ),
            (
                QUOTE,
                ("OrderSide: {}", "OrderSide: {}, Old: {}"),
                true,
                "`Old` is no enumeration",
                "fn side",
            ),
        ] {
            let (problems, decisions, code) = settled(message, &[edit], "Quote");
            let found = problems.iter().find(|problem| problem.contains(said));
            let found = found.unwrap_or_else(|| panic!("{said}\nis not in\n{problems:#?}"));
            assert!(found.starts_with("stream/fields.yaml: "), "{found}");
            assert_eq!(decisions.contains(found), is_decision, "{found}");
            assert!(code.contains(in_code), "{said}");
        }
    }
}
