//! Compares two schemas: what a decoder of the old one does with frames of the new one.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{Choice, Field, Message, Schema, Type};
use crate::diff::Row;
use crate::diff::rules::Rule;
use crate::report::quoted;

/// Every change, in no particular order.
pub fn compare(old: &Schema, new: &Schema) -> Vec<Row> {
    let mut rows = Rows::default();
    if old.id != new.id {
        let (was, is) = (old.id.to_string(), new.id.to_string());
        let text =
            format!("The SBE schema has the id {is} in place of {was}; no frame of one is one of the other.");
        rows.add(Rule::SbeSchemaChanged, "the SBE schema", "", [was, is], text);
    } else if old.version != new.version {
        let (was, is) = (old.version.to_string(), new.version.to_string());
        let text = format!("The SBE schema has version {is} in place of {was}.");
        rows.add(Rule::SbeVersionChanged, "the SBE schema", "", [was, is], text);
    }
    for (name, was) in &old.messages {
        match new.messages.get(name) {
            Some(is) => Messages {
                name,
                old,
                new,
                rows: &mut rows,
            }
            .compare(was, is),
            None => {
                let text = format!("The message {} is gone.", quoted(name));
                rows.add(Rule::SbeMessageRemoved, name, "", [was.id.to_string()], text);
            }
        }
    }
    for (name, is) in new
        .messages
        .iter()
        .filter(|(name, _)| !old.messages.contains_key(*name))
    {
        let text = format!("There is a new message {} with template {}.", quoted(name), is.id);
        rows.add(Rule::SbeMessageAdded, name, "", [is.id.to_string()], text);
    }
    for (name, was) in &old.types {
        match (was, new.types.get(name)) {
            (Type::Enum { values: was, .. }, Some(Type::Enum { values: is, .. }))
            | (Type::Set { choices: was, .. }, Some(Type::Set { choices: is, .. })) => {
                rows.choices(name, was, is)
            }
            _ => {}
        }
    }
    rows.0
}

#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn add<const N: usize>(
        &mut self,
        rule: Rule,
        subject: &str,
        member: &str,
        values: [String; N],
        sentence: String,
    ) {
        self.0.push(Row {
            rule,
            subject: subject.to_owned(),
            place: match member {
                "" => subject.to_owned(),
                member => format!("{subject}.{member}"),
            },
            values: values.into(),
            sentence,
            operations: BTreeSet::new(),
            provisional: false,
        });
    }

    fn choices(&mut self, name: &str, was: &BTreeMap<String, Choice>, is: &BTreeMap<String, Choice>) {
        for (value, old) in was {
            let place = quoted(&format!("{name}.{value}"));
            match is.get(value) {
                None => {
                    let text = format!("The value {place} is gone.");
                    self.add(Rule::SbeValueRemoved, name, value, [old.value.to_string()], text);
                }
                Some(new) if new.value != old.value => {
                    let values = [old.value.to_string(), new.value.to_string()];
                    let text = format!(
                        "The value {place} has the number {} in place of {}.",
                        new.value, old.value
                    );
                    self.add(Rule::SbeValueChanged, name, value, values, text);
                }
                Some(_) => {}
            }
        }
        for (value, new) in is.iter().filter(|(value, _)| !was.contains_key(*value)) {
            let place = quoted(&format!("{name}.{value}"));
            let text = format!("There is a new value {place} with the number {}.", new.value);
            self.add(Rule::SbeValueAdded, name, value, [new.value.to_string()], text);
        }
    }
}

struct Messages<'a> {
    name: &'a str,
    old: &'a Schema,
    new: &'a Schema,
    rows: &'a mut Rows,
}

impl Messages<'_> {
    fn compare(&mut self, was: &Message, is: &Message) {
        if was.id != is.id {
            let text = format!(
                "The message {} has template {} in place of {}.",
                quoted(self.name),
                is.id,
                was.id
            );
            self.rows.add(
                Rule::SbeTemplateChanged,
                self.name,
                "",
                [was.id.to_string(), is.id.to_string()],
                text,
            );
        }
        self.block("", &was.fields, &is.fields);
        for group in &was.groups {
            match is.groups.iter().find(|other| other.name == group.name) {
                Some(other) => self.block(&format!("{}.", group.name), &group.fields, &other.fields),
                None => self.removed(&group.name),
            }
        }
        let names = |groups: &[super::schema::Group]| -> Vec<String> {
            groups.iter().map(|group| group.name.clone()).collect()
        };
        let (old_groups, new_groups) = (names(&was.groups), names(&is.groups));
        for name in new_groups.iter().filter(|name| !old_groups.contains(name)) {
            // A decoder of the old schema takes its header for the next text.
            self.moved(name, "is new before the texts of the message");
        }
        self.order(&old_groups, &new_groups);
        self.texts(&was.data, &is.data);
    }

    /// The fields of a block, each with its place and its type.
    fn block(&mut self, prefix: &str, was: &[Field], is: &[Field]) {
        let places = |schema: &Schema, fields: &[Field]| -> Vec<(String, u16, Option<Type>)> {
            let mut at = 0_u16;
            let place = |field: &Field| {
                let kind = schema.type_of(field).ok();
                let begin = at;
                at = at.saturating_add(kind.as_ref().and_then(Type::length).unwrap_or(0));
                (field.name.clone(), begin, kind)
            };
            fields.iter().map(place).collect()
        };
        let (old, new) = (places(self.old, was), places(self.new, is));
        let end = old.last().map_or(0, |(_, at, kind)| {
            at + kind.as_ref().and_then(Type::length).unwrap_or(0)
        });
        for ((name, at, kind), field) in old.iter().zip(was) {
            let key = format!("{prefix}{name}");
            let found = new.iter().zip(is).find(|((other, ..), _)| other == name);
            let Some(((_, now_at, now_kind), now)) = found else {
                self.removed(&key);
                continue;
            };
            if at != now_at {
                self.moved(
                    &key,
                    &format!("begins at byte {now_at} of its block in place of {at}"),
                );
            }
            self.kind(&key, (kind.as_ref(), field), (now_kind.as_ref(), now));
        }
        for ((name, at, _), field) in new.iter().zip(is) {
            if !old.iter().any(|(other, ..)| other == name) {
                let key = format!("{prefix}{name}");
                self.added(&key, field);
                if *at < end {
                    self.moved(&key, "is new and does not stand at the end of its block");
                }
            }
        }
    }

    /// Whether a field holds something else now. The values of enumerations have rows of their own.
    fn kind(&mut self, key: &str, (was, old): (Option<&Type>, &Field), (is, new): (Option<&Type>, &Field)) {
        let shape = |kind: Option<&Type>, field: &Field| match kind {
            Some(Type::Decimal { exponent, .. }) => {
                format!("a decimal with {} digits", exponent.unsigned_abs())
            }
            Some(Type::Integer { primitive }) => primitive.rust().to_owned(),
            Some(Type::Bytes { length }) => format!("{length} bytes"),
            _ => field.type_name.clone(),
        };
        let nullable = |kind: Option<&Type>, field: &Field| {
            field.optional || matches!(kind, Some(Type::Decimal { nullable: true, .. }))
        };
        let (before, after) = (shape(was, old), shape(is, new));
        let place = quoted(&format!("{}.{key}", self.name));
        if before != after {
            let text = format!("{place} is {} in place of {}.", quoted(&after), quoted(&before));
            self.rows
                .add(Rule::SbeTypeChanged, self.name, key, [before, after], text);
        }
        match (nullable(was, old), nullable(is, new)) {
            (false, true) => {
                let text = format!("{place} can be null.");
                self.rows.add(Rule::SbeNullAllowed, self.name, key, [], text);
            }
            (true, false) => {
                let text = format!("{place} is never null.");
                self.rows.add(Rule::SbeNullForbidden, self.name, key, [], text);
            }
            _ => {}
        }
    }

    fn texts(&mut self, was: &[Field], is: &[Field]) {
        let names =
            |fields: &[Field]| -> Vec<String> { fields.iter().map(|field| field.name.clone()).collect() };
        let (old, new) = (names(was), names(is));
        for name in old.iter().filter(|name| !new.contains(name)) {
            self.removed(name);
        }
        self.order(&old, &new);
        let last = new.iter().rposition(|name| old.contains(name));
        for (at, field) in is
            .iter()
            .enumerate()
            .filter(|(_, field)| !old.contains(&field.name))
        {
            self.added(&field.name, field);
            if last.is_some_and(|last| at < last) {
                self.moved(&field.name, "is new and does not stand at the end of the message");
            }
        }
    }

    /// Groups or texts that are there before and after, in another order.
    fn order(&mut self, old: &[String], new: &[String]) {
        let common: Vec<_> = old.iter().filter(|name| new.contains(name)).collect();
        let now: Vec<_> = new.iter().filter(|name| old.contains(name)).collect();
        for (was, _) in common.iter().zip(&now).filter(|(was, is)| was != is) {
            self.moved(was, "stands at another place of the message");
        }
    }

    fn added(&mut self, key: &str, field: &Field) {
        let place = quoted(&format!("{}.{key}", self.name));
        let since = field.since.to_string();
        let text = format!("There is a new field {place}, since version {since}.");
        self.rows
            .add(Rule::SbeFieldAdded, self.name, key, [since.clone()], text);
        if self.old.id == self.new.id && field.since <= self.old.version {
            let text = format!(
                "{place} was added to version {since}, which was published without it; frames of that version can lack it."
            );
            self.rows
                .add(Rule::SbeAddedInPlace, self.name, key, [since], text);
        }
    }

    fn removed(&mut self, key: &str) {
        let text = format!("The field {} is gone.", quoted(&format!("{}.{key}", self.name)));
        self.rows.add(Rule::SbeFieldRemoved, self.name, key, [], text);
    }

    fn moved(&mut self, key: &str, how: &str) {
        let text = format!("{} {how}.", quoted(&format!("{}.{key}", self.name)));
        self.rows
            .add(Rule::SbeFieldMoved, self.name, key, [how.to_owned()], text);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::compare;
    use crate::diff::rules::Rule;
    use crate::sbe::excerpt::{QUOTE, schema};
    use crate::sbe::schema::Schema;

    /// The rows from the first schema to the second, with the texts of the second replaced.
    fn rows(version: u16, edits: &[(&str, &str)]) -> Vec<String> {
        let old = schema(1, 1, QUOTE);
        let mut new = schema(version, 1, QUOTE);
        for (from, to) in edits {
            assert!(new.contains(from), "{from}");
            new = new.replacen(from, to, 1);
        }
        let [old, new] = [old, new].map(|text| Schema::from_xml(&text).unwrap());
        let mut rows: Vec<_> = compare(&old, &new)
            .iter()
            .map(|row| format!("{} {} {}", row.rule.level().as_str(), row.rule.id(), row.place))
            .collect();
        rows.sort();
        rows
    }

    /// The version of the second schema, what is replaced in it, and the rows.
    type Case = (
        u16,
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
    );

    const CASES: &[Case] = &[
        (1, &[], &[]),
        // Prose is no change.
        (
            1,
            &[(
                "id=\"2\" name=\"price\"",
                "id=\"2\" description=\"The price\" name=\"price\"",
            )],
            &[],
        ),
        (2, &[], &["notice sbe-version-changed the SBE schema"]),
        (
            1,
            &[("id=\"1\" version", "id=\"2\" version")],
            &["breaking sbe-schema-changed the SBE schema"],
        ),
        (
            1,
            &[(
                "</sbe:message>",
                "</sbe:message><sbe:message name=\"Beat\" id=\"9\"/>",
            )],
            &["addition sbe-message-added Beat"],
        ),
        (
            1,
            &[("name=\"Quote\" id=\"1\"", "name=\"Quote\" id=\"7\"")],
            &["breaking sbe-template-changed Quote"],
        ),
        (
            1,
            &[("name=\"Quote\"", "name=\"Other\"")],
            &[
                "addition sbe-message-added Other",
                "breaking sbe-message-removed Quote",
            ],
        ),
        // A block grows, and a text is appended.
        (
            2,
            &[
                (
                    "type=\"Side\"/>",
                    "type=\"Side\"/><field id=\"6\" name=\"flags\" type=\"Flags\" sinceVersion=\"2\"/>",
                ),
                (
                    "type=\"text\"/>",
                    "type=\"text\"/><data id=\"7\" name=\"key\" type=\"text\" sinceVersion=\"2\"/>",
                ),
            ],
            &[
                "addition sbe-field-added Quote.flags",
                "addition sbe-field-added Quote.key",
                "notice sbe-version-changed the SBE schema",
            ],
        ),
        // The same without a new version.
        (
            1,
            &[(
                "type=\"text\"/>",
                "type=\"text\"/><data id=\"7\" name=\"key\" type=\"text\" sinceVersion=\"1\"/>",
            )],
            &[
                "addition sbe-field-added Quote.key",
                "notice sbe-added-in-place Quote.key",
            ],
        ),
        (
            2,
            &[(
                "<field id=\"2\"",
                "<field id=\"8\" name=\"odd\" type=\"Flags\"/><field id=\"2\"",
            )],
            &[
                "addition sbe-field-added Quote.odd",
                "breaking sbe-field-moved Quote.odd",
                "breaking sbe-field-moved Quote.price",
                "breaking sbe-field-moved Quote.side",
                "notice sbe-added-in-place Quote.odd",
                "notice sbe-version-changed the SBE schema",
            ],
        ),
        (
            1,
            &[("<field id=\"2\" name=\"price\" type=\"Price\"/>", "")],
            &[
                "breaking sbe-field-moved Quote.side",
                "breaking sbe-field-removed Quote.price",
            ],
        ),
        (
            1,
            &[("name=\"price\" type=\"Price\"", "name=\"price\" type=\"Fine\"")],
            &["breaking sbe-type-changed Quote.price"],
        ),
        (
            1,
            &[("name=\"price\" type=\"Price\"", "name=\"price\" type=\"uint64\"")],
            &["breaking sbe-type-changed Quote.price"],
        ),
        (
            1,
            &[(
                "name=\"price\" type=\"Price\"",
                "name=\"price\" type=\"MaybePrice\"",
            )],
            &["breaking sbe-null-allowed Quote.price"],
        ),
        (
            1,
            &[(
                "name=\"at\" type=\"int64\"",
                "name=\"at\" type=\"int64\" presence=\"optional\"",
            )],
            &["breaking sbe-null-allowed Quote.at"],
        ),
        (
            1,
            &[("name=\"size\" type=\"Price\"", "name=\"size\" type=\"Fine\"")],
            &["breaking sbe-type-changed Quote.levels.size"],
        ),
        (
            1,
            &[("name=\"market\"", "name=\"symbol\"")],
            &[
                "addition sbe-field-added Quote.symbol",
                "breaking sbe-field-removed Quote.market",
                "notice sbe-added-in-place Quote.symbol",
            ],
        ),
        (
            1,
            &[(
                ">2</validValue>",
                ">2</validValue><validValue name=\"BOTH\">3</validValue>",
            )],
            &["addition sbe-value-added Side.BOTH"],
        ),
        (
            1,
            &[(">0</choice>", ">0</choice><choice name=\"B\">1</choice>")],
            &["addition sbe-value-added Flags.B"],
        ),
        (
            1,
            &[("<validValue name=\"SELL\">2</validValue>", "")],
            &["notice sbe-value-removed Side.SELL"],
        ),
        (
            1,
            &[(">2</validValue>", ">3</validValue>")],
            &["breaking sbe-value-changed Side.SELL"],
        ),
    ];

    #[test]
    fn changes_have_their_rules() {
        for (version, edits, expected) in CASES {
            assert_eq!(rows(*version, edits), *expected, "{edits:?}");
        }
        // The other way round.
        let [old, new] = [
            QUOTE.replace("\"Price\"/><field id=\"3\"", "\"MaybePrice\"/><field id=\"3\""),
            QUOTE.to_owned(),
        ]
        .map(|body| Schema::from_xml(&schema(1, 1, &body)).unwrap());
        let rows = compare(&old, &new);
        assert_eq!(
            (rows.len(), rows[0].rule, rows[0].place.as_str()),
            (1, Rule::SbeNullForbidden, "Quote.price")
        );
    }

    #[test]
    fn rules_of_binary_messages_all_have_a_case() {
        let told = CASES
            .iter()
            .flat_map(|(.., rows)| rows.iter())
            .map(|row| row.split(' ').nth(1).unwrap());
        let told: BTreeSet<&str> = told.chain(["sbe-null-forbidden"]).collect();
        let all = Rule::ALL
            .iter()
            .map(|rule| rule.id())
            .filter(|id| id.starts_with("sbe-"));
        assert_eq!(told, all.collect());
    }

    #[test]
    fn constructs_that_are_not_known_are_named() {
        for (from, to, said) in [
            (
                "byteOrder=\"littleEndian\"",
                "byteOrder=\"bigEndian\"",
                "byteOrder `bigEndian` is not supported",
            ),
            ("<set name", "<ref name=\"x\"/><set name", "unknown element `ref`"),
            (
                "<group id=\"4\"",
                "<group blockLength=\"9\" id=\"4\"",
                "unknown attribute `blockLength` of `group`",
            ),
            (
                "id=\"2\" name=\"price\"",
                "id=\"2\" offset=\"9\" name=\"price\"",
                "unknown attribute `offset` of `field`",
            ),
            (
                "type=\"Side\"",
                "type=\"Sidde\"",
                "the type `Sidde`, which does not exist",
            ),
            (
                "primitiveType=\"uint8\" length=\"32\"",
                "primitiveType=\"char\" length=\"32\"",
                "primitive type `char`",
            ),
            (">-12<", ">-19<", "exponent must be from -18 to 0"),
            (
                "nullValue=\"-9223372036854775808\"",
                "nullValue=\"0\"",
                "unknown form",
            ),
            (
                "characterEncoding=\"UTF-8\"",
                "characterEncoding=\"UTF-16\"",
                "unknown form",
            ),
            (">2</validValue>", ">255</validValue>", "`SELL` at line"),
            (
                ">2</validValue>",
                ">1</validValue>",
                "has a value that another one has: 1",
            ),
            (">0</choice>", ">8</choice>", "0 to 7 are possible"),
            ("name=\"price\"", "name=\"at\"", "two fields `at`"),
            ("name=\"price\"", "name=\"a b\"", "is no identifier"),
            (
                "name=\"price\" type=\"Price\"",
                "name=\"price\" type=\"Price\" presence=\"constant\"",
                "presence `constant`",
            ),
            (
                "name=\"price\" type=\"Price\"",
                "name=\"price\" type=\"Price\" presence=\"optional\"",
                "known for integers only",
            ),
            (
                "name=\"price\" type=\"Price\"",
                "name=\"price\" type=\"text\"",
                "cannot be part of a block",
            ),
            (
                "name=\"price\" type=\"Price\"",
                "name=\"price\" type=\"Price\" sinceVersion=\"1\"",
                "field `side` is older",
            ),
            (
                "name=\"side\" type=\"Side\"",
                "name=\"side\" type=\"Side\" sinceVersion=\"9\"",
                "newer than the schema",
            ),
            (
                "name=\"size\" type=\"Price\"",
                "name=\"size\" type=\"Price\" sinceVersion=\"1\"",
                "sinceVersion, which the decoder",
            ),
            (
                "name=\"market\" type=\"text\"",
                "name=\"market\" type=\"Price\"",
                "data `market` is no text",
            ),
            (
                "primitiveType=\"uint16\"/><type name=\"numInGroup\"",
                "primitiveType=\"uint8\"/><type name=\"numInGroup\"",
                "unknown form",
            ),
            (
                "</sbe:message>",
                "</sbe:message><sbe:message name=\"B\" id=\"1\"/>",
                "have the same id 1",
            ),
            (
                "<data id=\"5\"",
                "<data id=\"5\" name=\"x\" type=\"text\"/><field id=\"5\"",
                "out of order",
            ),
        ] {
            let text = schema(1, 1, QUOTE);
            assert!(text.contains(from), "{from}");
            let error = Schema::from_xml(&text.replacen(from, to, 1)).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(said), "{to}: {error}");
        }
        assert!(
            Schema::from_xml("<svg/>")
                .unwrap_err()
                .to_string()
                .contains("its root element is `svg`")
        );
    }

    #[test]
    fn canonical_form_is_read_again() {
        let schema = Schema::from_xml(&schema(1, 1, QUOTE)).unwrap();
        let json = schema.to_json();
        assert_eq!(json["sbe"], "1:1");
        assert_eq!(Schema::from_json(&json).unwrap(), schema);
        let mut odd = json.clone();
        odd["messages"]["Quote"]["offset"] = 1.into();
        assert!(Schema::from_json(&odd).is_err());
    }
}
