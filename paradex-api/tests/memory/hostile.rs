//! Response bodies that take as much memory as possible for their size, made from the schema of a response.

use paradex_api::testing::Document;
use serde_json::Value;

/// A place of a value in a response, with the JSON around it.
struct Place<'a> {
    before: String,
    after: String,
    schema: &'a Value,
}

/// The depth of the deepest place.
const DEEPEST: usize = 5;

/// Returns the schema of the body of a success response, or `None` if the document declares no JSON.
pub(crate) fn response<'a>(document: &'a Document, id: &str) -> Option<&'a Value> {
    let responses = document.operation(id)?.value().get("responses")?.as_object()?;
    let (_, success) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    success.pointer("/content/application~1json/schema")
}

/// The bodies for a response with this schema, each of at most `size` bytes, with what each is about.
pub(crate) fn bodies(document: &Document, schema: &Value, size: usize) -> Vec<(String, String)> {
    let mut places = Vec::new();
    collect(
        document,
        schema,
        (String::new(), String::new()),
        &mut Vec::new(),
        &mut places,
    );
    let mut bodies = Vec::new();
    for place in &places {
        let room = size - place.before.len() - place.after.len();
        for (what, fill) in fills(document, place.schema, room) {
            let about = format!("{what} at {}", place.before);
            bodies.push((about, format!("{}{fill}{}", place.before, place.after)));
        }
    }
    bodies.extend(whole(&bodies, size));
    for (about, body) in &bodies {
        assert!(body.len() <= size, "{about}: {} bytes", body.len());
    }
    bodies
}

fn resolved<'a>(document: &'a Document, mut schema: &'a Value) -> &'a Value {
    loop {
        let only = schema.get("allOf").and_then(|all| all.get(0));
        let target = schema.get("$ref").and_then(Value::as_str);
        let found = target.and_then(|target| document.schema(target.rsplit('/').next()?));
        match only.or(found) {
            Some(next) => schema = next,
            None => return schema,
        }
    }
}

fn collect<'a>(
    document: &'a Document,
    schema: &'a Value,
    (before, after): (String, String),
    open: &mut Vec<&'a Value>,
    places: &mut Vec<Place<'a>>,
) {
    let schema = resolved(document, schema);
    if open.len() > DEEPEST || open.iter().any(|outer| std::ptr::eq(*outer, schema)) {
        return;
    }
    open.push(schema);
    places.push(Place {
        before: before.clone(),
        after: after.clone(),
        schema,
    });
    if let Some(items) = schema.get("items") {
        collect(
            document,
            items,
            (format!("{before}["), format!("]{after}")),
            open,
            places,
        );
    } else if let Some(values @ Value::Object(_)) = schema.get("additionalProperties") {
        let inside = (format!("{before}{{\"k\":"), format!("}}{after}"));
        collect(document, values, inside, open, places);
    }
    let mut kinds = Vec::new();
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let inner = resolved(document, property);
        let is_scalar = inner.get("items").is_none()
            && inner.get("properties").is_none()
            && inner.get("additionalProperties").is_none();
        // Scalars of one kind are read by the same code, so one of them stands for the others.
        let kind = (
            inner.get("type"),
            inner.get("format"),
            inner.get("enum").is_some(),
        );
        if is_scalar && kinds.contains(&kind) {
            continue;
        }
        kinds.push(kind);
        let inside = (format!("{before}{{\"{name}\":"), format!("}}{after}"));
        collect(document, property, inside, open, places);
    }
    open.pop();
}

/// Repeats the elements of a list or an object to the size given; each is given its number.
fn filled(open: &str, element: impl Fn(usize) -> String, last: &str, close: &str, size: usize) -> String {
    let mut text = open.to_owned();
    for number in 0.. {
        let element = element(number);
        if text.len() + element.len() + last.len() + close.len() + 1 > size {
            break;
        }
        if number > 0 {
            text.push(',');
        }
        text.push_str(&element);
    }
    text + last + close
}

/// Values for one place: what its type holds, and what it does not hold.
fn fills(document: &Document, schema: &Value, size: usize) -> Vec<(&'static str, String)> {
    let mut fills = Vec::new();
    let list = |element: &str, last: &str| filled("[", |_| element.to_owned(), last, "]", size);
    if let Some(items) = schema.get("items") {
        let items = resolved(document, items);
        fills.push(("a list of empty objects", list("{}", "")));
        fills.push(("a list of empty lists", list("[]", "")));
        fills.push(("a list of texts", list("\"a\"", "")));
        fills.push(("a list of integers", list("1", "")));
        fills.push(("a list of rows", list("[1,1]", "")));
        fills.push(("a list of small fractions", list("1e-263", "")));
        // Spaces count for the bound and make nothing.
        let short = filled("[", |_| "1e-263".to_owned(), "", "]", size / 4);
        let spaces = " ".repeat(size - short.len());
        fills.push(("a short list of small fractions", short + &spaces));
        fills.push(("a list of long rows", list("[1,1,1,1,1,1]", "")));
        fills.push(("a list with an odd last element", list("{}", ",7")));
        fills.push(("a list of texts with an odd last element", list("\"a\"", ",{}")));
        fills.push(("lists with an odd last element", list("[\"1\",7,[]]", ",7")));
        let mismatch: Vec<String> = names(items)
            .map(|name| format!("\"{name}\":{{\"a\":[]}}"))
            .collect();
        let mismatch = format!("{{{}}}", mismatch.join(","));
        fills.push(("a list of objects with odd fields", list(&mismatch, "")));
        let empty: Vec<String> = names(items).map(|name| format!("\"{name}\":[]")).collect();
        let empty = format!("{{{}}}", empty.join(","));
        fills.push(("a list of objects with empty lists", list(&empty, "")));
        fills.push(("the same with an odd last element", list(&empty, ",7")));
        for name in names(items).take(3) {
            let one = format!("{{\"{name}\":\"1\"}}");
            fills.push(("a list of objects with one field", list(&one, "")));
            fills.push(("the same with an odd last element", list(&one, ",7")));
        }
        return fills;
    }
    let map =
        |value: &str, last: &str| filled("{", |number| format!("\"{number}\":{value}"), last, "}", size);
    if let Some(Value::Object(_)) = schema.get("additionalProperties") {
        for value in ["{}", "\"v\"", "true", "[]", "1"] {
            fills.push(("a map", map(value, "")));
            fills.push(("a map with an odd last value", map(value, ",\"odd\":[[]]")));
        }
        let same = filled("{", |_| "\"a\":{}".to_owned(), "", "}", size);
        fills.push(("a map with one key", same));
    }
    // What an object or a scalar cannot hold is kept as free JSON.
    fills.push(("an odd list of empty lists", list("[]", "")));
    fills.push(("an odd list of small objects", list("{\"a\":0}", "")));
    fills.push(("an odd list of texts", list("\"\"", "")));
    fills.push(("an odd map", map("0", "")));
    fills.push(("an odd map of small maps", map("{\"a\":[0]}", "")));
    let deep = format!("{}{}", "[".repeat(90), "]".repeat(90));
    fills.push(("odd lists within lists", list(&deep, "")));
    fills.push(("a long text", format!("\"{}\"", "x".repeat(size - 2))));
    // The reader copies a text with an escape, and its buffer has just been enlarged.
    fills.push((
        "a long text with an escape",
        format!("\"\\n{}\"", "x".repeat(size - 4)),
    ));
    fills.push(("a long number", format!("1{}", "0".repeat(size / 400))));
    fills
}

fn names(schema: &Value) -> impl Iterator<Item = &String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| name)
}

/// Bodies of an unexpected form.
fn whole(of: &[(String, String)], size: usize) -> Vec<(String, String)> {
    let mut bodies = Vec::new();
    let mut add = |about: &str, body: String| bodies.push((about.to_owned(), body));
    let fields = |value: &'static str| {
        filled(
            "{",
            |number| format!("\"unknown{number}\":{value}"),
            "",
            "}",
            size,
        )
    };
    add("unknown fields", fields("{\"a\":[{}]}"));
    add(
        "a long unknown name",
        format!("{{\"\\n{}\":1}}", "x".repeat(size - 8)),
    );
    add("no JSON", "[".repeat(size));
    add("nothing but a text", format!("\"{}\"", "x".repeat(size - 2)));
    // A field that comes again and again: the last of them counts.
    for (about, body) in of {
        if let Some(rest) = body.strip_prefix('{').and_then(|body| body.strip_suffix('}'))
            && let Some((name, value)) = rest.split_once(':')
            && value.starts_with("[{},{},")
        {
            let some = format!("{name}:[{}{{}}]", "{},".repeat(size / 30));
            add(
                &format!("again and again: {about}"),
                filled("{", |_| some.clone(), "", "}", size),
            );
        }
    }
    bodies
}
