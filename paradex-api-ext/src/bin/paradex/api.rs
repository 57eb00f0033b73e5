//! `paradex api`.

use std::borrow::Cow;
use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use paradex_api_ext::net::{IpAllowlist, OpenTo};
use paradex_api_ext::paradex_api::{
    Body, Location, Method, Operation, RawCall, RawResponse, Security, operations,
};
use paradex_api_ext::suggestion::distance;
use paradex_api_ext::{Error, visible_json};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::args::DryRun;
use crate::client_source::{ClientSource, single_account};
use crate::console::{Console, Exit, Failure, line};
use crate::json_text;

#[derive(Debug, ClapArgs)]
pub(crate) struct Api {
    /// The method: GET, POST, PUT, DELETE or PATCH
    #[arg(value_name = "METHOD", value_parser = parse_method)]
    method: Method,
    /// The path, with the values of its parameters, such as /v1/orders/ID
    #[arg(value_name = "PATH")]
    path: String,
    /// Set a query parameter; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_query)]
    query: Vec<(String, String)>,
    /// Send this file as the JSON body; `-` reads the standard input
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// Show the response as it is, with its secrets
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    dry_run: DryRun,
}

impl Api {
    /// Whether the call may change something at the exchange.
    pub(crate) fn changes(&self) -> bool {
        self.method != Method::Get && !self.dry_run.dry_run
    }
}

fn parse_method(text: &str) -> Result<Method, String> {
    let methods = [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Delete,
        Method::Patch,
    ];
    let found = methods
        .into_iter()
        .find(|method| method.as_str().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "use GET, POST, PUT, DELETE or PATCH".to_owned())
}

fn parse_query(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE, such as market=BTC-USD-PERP".to_owned()),
    }
}

#[derive(Serialize)]
struct DryRunResult<'a> {
    method: &'static str,
    url: &'a str,
    operation: &'static str,
    body_bytes: Option<usize>,
    dry_run: bool,
}

pub(crate) async fn run(
    api: &Api,
    named: &[String],
    source: &dyn ClientSource,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (operation, path_values) = find(api.method, &api.path)?;
    check_query(operation, &api.query)?;
    let body = match (&api.body, operation.body) {
        (Some(_), Body::None) => {
            return Err(Failure::usage(format!(
                "{operation} takes no body: leave out `--body`"
            )));
        }
        (None, Body::Json) => {
            return Err(Failure::usage(format!(
                "{operation} needs a body: pass `--body FILE`, or `--body -` for the standard input"
            )));
        }
        (Some(path), _) => Some(read_body(path)?),
        (None, _) => None,
    };
    let anonymous = match (operation.security, named) {
        // Public data needs no credential.
        (Security::Public, []) => source.anonymous()?,
        _ => None,
    };
    let (account, client) = match anonymous {
        Some(client) => ("no account", client),
        None => single_account(named, source)?,
    };
    let mut call = client.api().call(operation);
    for (name, value) in path_values {
        call = call.parameter(name, value)?;
    }
    for (name, value) in &api.query {
        call = call.parameter(name, value)?;
    }
    let opening = body.as_deref().and_then(|body| opening(operation, body));
    let body_bytes = body.as_ref().map(String::len);
    if let Some(body) = body {
        call = call.body(body)?;
    }
    if api.dry_run.dry_run {
        return dry_run(operation, &call, body_bytes, console);
    }
    if !operation.is_read() {
        let question = format!(
            "send {} {}{}",
            api.method.as_str(),
            line(&api.path),
            opening.unwrap_or_default()
        );
        console.confirm(&question, &[(account, &client)])?;
    }
    send(call, operation, api.show_secrets, console).await
}

fn dry_run(
    operation: &'static Operation,
    call: &RawCall<'_>,
    body_bytes: Option<usize>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let url = call.url()?;
    let method = operation.method.as_str();
    let mut text = format!("would send {method} {url}\n  operation  {}\n", operation.id);
    if let Some(bytes) = body_bytes {
        text.push_str(&format!("  body       {bytes} bytes\n"));
    }
    text.push_str("dry run: nothing was sent\n");
    let result = DryRunResult {
        method,
        url: url.as_str(),
        operation: operation.id,
        body_bytes,
        dry_run: true,
    };
    console.result(&result, text)?;
    Ok(Exit::Done)
}

async fn send(
    call: RawCall<'_>,
    operation: &'static Operation,
    show_secrets: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let response = call.send().await.map_err(|error| {
        let error = Error::from(error);
        let exit = match error.is_outcome_unknown() {
            true => Exit::Partial,
            false => Exit::Failed,
        };
        Failure::from_error(exit, &error)
    })?;
    let (_, raw) = response.into_parts();
    let text = shown(&raw, operation, show_secrets)?;
    let printed = writeln!(console.out, "{}", visible_json(&text)).and_then(|()| console.out.flush());
    match printed {
        Ok(()) => Ok(Exit::Done),
        Err(error) if operation.is_read() => Err(error.into()),
        Err(error) => Err(Failure::unprinted("the call succeeded", error)),
    }
}

/// The body of a response as JSON, without secrets. A blank body is `null`.
fn shown(raw: &RawResponse, operation: &'static Operation, show_secrets: bool) -> Result<String, Failure> {
    if raw.body.trim_ascii().is_empty() {
        return Ok("null".to_owned());
    }
    let text = std::str::from_utf8(&raw.body).ok();
    let Some(json) = text.filter(|text| serde_json::from_str::<IgnoredAny>(text).is_ok()) else {
        return not_json(raw, operation, text);
    };
    // Searching each text by itself takes long, so search all of them at once first.
    let is_clean = matches!(raw.request_secrets.redact(json), Cow::Borrowed(_));
    let redact = |text: &str| match is_clean || show_secrets {
        true => text.to_owned(),
        false => raw.request_secrets.redact(text).into_owned(),
    };
    // Elsewhere the same names have another meaning: the `token` of a balance is an asset.
    let hide_fields = operation.secret_response && !show_secrets;
    Ok(json_text::pretty(json, hide_fields, &redact))
}

/// Reports a success whose body is not JSON. Its start is shown, unless it may hold a secret.
fn not_json(raw: &RawResponse, operation: &'static Operation, text: Option<&str>) -> Result<String, Failure> {
    let kind = raw
        .headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    let mut why = format!(
        "{operation}: the response is not JSON but {} bytes of {}",
        raw.body.len(),
        kind.unwrap_or("an unknown type")
    );
    if let Some(text) = text.filter(|_| !operation.secret_response) {
        why.push_str(&format!(", which begin with: {}", raw.redacted(text, 200)));
    }
    let exit = match operation.is_read() {
        true => Exit::Failed,
        // The status was a success.
        false => Exit::Partial,
    };
    Err(Failure::new(exit, why))
}

/// Reads a JSON body from a file, or from the standard input for `-`.
fn read_body(path: &Path) -> Result<String, Failure> {
    const MOST_MIB: u64 = 16;
    let failed = |error| Failure::file("read", path, &error);
    let mut text = String::new();
    let limit = MOST_MIB << 20;
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit + 1).read_to_string(&mut text)
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(limit + 1).read_to_string(&mut text)
    }
    .map_err(failed)?;
    let shown = path.display();
    if text.len() as u64 > limit {
        return Err(Failure::usage(format!(
            "{shown}: the body has more than {MOST_MIB} MiB"
        )));
    }
    match serde_json::from_str::<IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        // The error of serde_json names a position and no part of the text, which can be secret.
        Err(error) => Err(Failure::usage(format!("{shown}: the body is not JSON: {error}"))),
    }
}

/// The operations whose body has a field `allowed_cidrs`. If it is left out, any address is allowed.
const WITH_ALLOWLIST: [&Operation; 4] = [
    &operations::CREATE_TOKEN,
    &operations::REGISTER_SUBKEY,
    &operations::UPDATE_TOKEN_ALLOWED_CIDRS,
    &operations::UPDATE_SUBKEY_ALLOWED_CIDRS,
];

/// The warning in the confirmation question if the body allows any address, or may do so.
fn opening(operation: &'static Operation, body: &str) -> Option<String> {
    let AllowedCidrs(lists) = serde_json::from_str(body).unwrap_or_default();
    if lists.is_empty() {
        let open_to = OpenTo::AnyAddress;
        let has_field = WITH_ALLOWLIST.contains(&operation);
        return has_field.then(|| format!(", without `allowed_cidrs`, which is {open_to}"));
    }
    let lists: Vec<_> = lists.iter().map(allowlist).collect();
    if let Some(open_to) = lists.iter().flatten().find_map(IpAllowlist::open_to) {
        return Some(format!(", with an `allowed_cidrs` that is {open_to}"));
    }
    let is_unreadable = lists.iter().any(Option::is_none);
    is_unreadable.then(|| ", with an `allowed_cidrs` that is not a list of networks".to_owned())
}

/// The allowlist that a value of `allowed_cidrs` stands for.
fn allowlist(value: &Value) -> Option<IpAllowlist> {
    let entries = match value {
        Value::Null => return Some(IpAllowlist::Unrestricted),
        Value::Array(entries) if entries.is_empty() => return Some(IpAllowlist::Unrestricted),
        Value::Array(entries) => entries,
        _ => return None,
    };
    let entries: Option<Vec<&str>> = entries.iter().map(Value::as_str).collect();
    IpAllowlist::parse_entries(entries?).ok()
}

/// Every value of `allowed_cidrs` in a body. Which of several counts, and whether capitals matter, is up to the exchange.
#[derive(Default)]
struct AllowedCidrs(Vec<Value>);

impl<'de> Deserialize<'de> for AllowedCidrs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = AllowedCidrs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut fields: M) -> Result<AllowedCidrs, M::Error> {
                let mut found = AllowedCidrs::default();
                while let Some(name) = fields.next_key::<String>()? {
                    match name.eq_ignore_ascii_case("allowed_cidrs") {
                        true => found.0.push(fields.next_value()?),
                        false => {
                            fields.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(found)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

fn check_query(operation: &'static Operation, query: &[(String, String)]) -> Result<(), Failure> {
    let in_query = || {
        let parameters = operation.parameters.iter();
        parameters.filter(|parameter| parameter.location == Location::Query)
    };
    for (index, (name, _)) in query.iter().enumerate() {
        if !in_query().any(|parameter| parameter.name == name) {
            let known: Vec<_> = in_query().map(|parameter| parameter.name).collect();
            let known = match known.is_empty() {
                true => "none".to_owned(),
                false => known.join(", "),
            };
            return Err(Failure::usage(format!(
                "{operation} has no query parameter `{name}`: its query parameters are {known}"
            )));
        }
        if query.iter().take(index).any(|(earlier, _)| earlier == name) {
            return Err(Failure::usage(format!(
                "the query parameter `{name}` is given twice"
            )));
        }
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        match parameter.location {
            Location::Query if !query.iter().any(|(name, _)| name == parameter.name) => {
                let name = parameter.name;
                return Err(Failure::usage(format!(
                    "{operation} needs the query parameter `{name}`: pass `--query {name}=VALUE`"
                )));
            }
            Location::Header => {
                return Err(Failure::usage(format!(
                    "{operation} needs the header {}, which `api` cannot send: the program signs in by itself, and \
                     `api` sends the session with every call",
                    parameter.name
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A path parameter with its value.
type PathValue = (&'static str, String);

/// The operation with this method and path, and the values of its path parameters.
fn find(method: Method, path: &str) -> Result<(&'static Operation, Vec<PathValue>), Failure> {
    let refused = |why: &str| Err(Failure::usage(format!("`{}`: {why}", line(path))));
    if path.contains('?') {
        return refused("pass query parameters with `--query NAME=VALUE`");
    }
    if !path.starts_with('/') {
        return refused("a path begins with `/`, such as /v1/markets");
    }
    if path.contains(['{', '}']) {
        return refused("write values in place of the parameters in braces");
    }
    let matching = || {
        let all = operations::ALL.iter().copied();
        all.filter_map(|operation| Some((operation, path_values(operation, path)?)))
    };
    // A path without parameters is more exact than one with.
    let exact = matching().filter(|(operation, _)| operation.method == method);
    if let Some(found) = exact.min_by_key(|(_, values)| values.len()) {
        return Ok(found);
    }
    let methods: Vec<_> = matching()
        .map(|(operation, _)| operation.method.as_str())
        .collect();
    let shown = format!("the API has no operation {} {}", method.as_str(), line(path));
    Err(Failure::usage(match methods.as_slice() {
        [] => format!(
            "{shown}: did you mean one of {}?",
            nearest(method, path).join(", ")
        ),
        some => format!("{shown}: this path takes {}", some.join(", ")),
    }))
}

/// The values of an operation's path parameters, if the path is one of the operation.
fn path_values(operation: &'static Operation, path: &str) -> Option<Vec<PathValue>> {
    let mut values = Vec::new();
    let mut given = path.split('/');
    for segment in operation.path.split('/') {
        let value = given.next()?;
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if !value.is_empty() => values.push((name, value.to_owned())),
            None if segment == value => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(values)
}

/// The three operations whose paths are most like this one. One with the same method is before others.
fn nearest(method: Method, path: &str) -> Vec<String> {
    // A longer path is like none, and would only take time.
    let path: String = path.chars().take(200).collect();
    let mut ranked: Vec<_> = operations::ALL.iter().collect();
    ranked.sort_by_cached_key(|operation| (distance(&path, operation.path), operation.method != method));
    let best = ranked.iter().take(3);
    best.map(|operation| format!("{} {}", operation.method.as_str(), operation.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use paradex_api_ext::paradex_api::{Method, operations};

    use super::{find, nearest};

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        for operation in operations::ALL.iter().copied() {
            let path = operation.path.replace('{', "<").replace('}', ">");
            let (found, values) = find(operation.method, &path).unwrap();
            assert_eq!(found, operation);
            for (name, value) in values {
                assert_eq!(value, format!("<{name}>"));
            }
        }
    }

    #[test]
    fn nearest_path_is_suggested() {
        assert_eq!(nearest(Method::Get, "/v1/market")[0], "GET /v1/markets");
        assert_eq!(nearest(Method::Post, "/v1/ordrs")[0], "POST /v1/orders");
        assert_eq!(nearest(Method::Get, &"x".repeat(100_000)).len(), 3);
    }
}
