//! Where a published document comes from.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::document;
use crate::documents::Kind;
use crate::sbe;
use crate::yaml::{self, YamlError};

/// A document larger than this is no API description.
const LARGEST: usize = 64 << 20;

const TOO_DEEP: &str = "the document is nested too deeply, has too many values, or repeats itself too often, for an API description";

/// Where a vendored document came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The address or the name of the file.
    pub address: String,
    /// The version that the document gives itself. It does not identify a revision: upstream has changed documents without
    /// changing their versions.
    pub upstream_version: String,
    /// The day on which it was taken in or, from a file whose name ends with a date, published.
    pub date: String,
    /// SHA-256 of the document as published.
    pub sha256: String,
    /// SHA-256 of the vendored file, which changes only when the interface does.
    pub canonical_sha256: String,
}

/// `openapi/source.toml`: where each vendored document came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources(BTreeMap<Kind, Source>);

impl Sources {
    /// Reads `source.toml`.
    ///
    /// # Errors
    ///
    /// It does not have its form.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// The text of the file.
    ///
    /// # Errors
    ///
    /// None that is known.
    pub fn to_text(&self) -> anyhow::Result<String> {
        Ok(format!(
            "# Where the documents under openapi/ came from. Written by `cargo xtask gen --from`.\n\n{}",
            toml::to_string(self)?
        ))
    }

    /// Where the document of a kind came from.
    pub fn get(&self, kind: Kind) -> Option<&Source> {
        self.0.get(&kind)
    }

    /// Where the document of a kind is published: where the vendored one came from or, for a first one, where the exchange has it.
    pub fn address(&self, kind: Kind) -> &str {
        self.get(kind).map_or(kind.published_at(), |known| &known.address)
    }

    /// Replaces where the document of a kind came from.
    pub fn set(&mut self, kind: Kind, source: Source) {
        self.0.insert(kind, source);
    }

    /// Every kind with its source.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &Source)> {
        self.0.iter().map(|(kind, source)| (*kind, source))
    }
}

/// A published document in canonical form.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it is called: its address, or its file without the folder.
    pub name: String,
    /// What it is, by its content.
    pub kind: Kind,
    /// The document.
    pub document: Value,
    /// Where it came from.
    pub source: Source,
}

/// Reads a document from a file or an https address.
///
/// # Errors
///
/// It cannot be read, or it is no document of a known [`Kind`].
pub fn load(from: &str) -> anyhow::Result<Loaded> {
    let bytes = if from.starts_with("http://") || from.starts_with("https://") {
        let limits = Limits {
            bytes: LARGEST,
            time: Duration::from_secs(60),
        };
        download(from, &limits)?
    } else {
        let path = Path::new(from);
        if path.metadata().is_ok_and(|file| file.len() > LARGEST as u64) {
            bail!("{from} has more than {LARGEST} bytes; that is no API description");
        }
        std::fs::read(path).with_context(|| format!("cannot read {from}"))?
    };
    let today = today();
    let stem = PathBuf::from(from);
    let stem = stem.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    // `2026-08-18.json` or `asyncapi-2026-08-18.yaml`.
    let end = stem.len().checked_sub(10).and_then(|start| stem.get(start..));
    let date = end.filter(|end| is_date(end)).unwrap_or(&today);
    parse(&bytes, &public_address(from), date).with_context(|| from.to_owned())
}

/// Reads a document from its bytes.
///
/// # Errors
///
/// The bytes are no document of a known [`Kind`].
pub fn parse(bytes: &[u8], address: &str, date: &str) -> anyhow::Result<Loaded> {
    let published = read_value(bytes)?;
    let kind = Kind::detect(&published)?;
    if kind == Kind::OpenApi && document::entries(published.get("paths")).next().is_none() {
        bail!("the document has no paths");
    }
    let document = kind.canonical(&published);
    let upstream_version = kind.version(&document).unwrap_or("unknown").to_owned();
    let canonical_sha256 = sha256(crate::canonical::to_text(&document).as_bytes());
    Ok(Loaded {
        name: address.to_owned(),
        kind,
        document,
        source: Source {
            address: address.to_owned(),
            upstream_version,
            date: date.to_owned(),
            sha256: sha256(bytes),
            canonical_sha256,
        },
    })
}

fn read_value(bytes: &[u8]) -> anyhow::Result<Value> {
    let text = std::str::from_utf8(bytes).context("the document is not UTF-8 text")?;
    // White space before the document counts for lines and columns.
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    if start.is_empty() {
        bail!("the document is empty");
    }
    if start.starts_with('<') {
        return sbe::read(text);
    }
    if start.starts_with('{') {
        return serde_json::from_str(text).map_err(|error| {
            if error.to_string().starts_with("recursion limit") {
                anyhow::anyhow!("{TOO_DEEP}: {error}")
            } else if error.is_eof() {
                anyhow::anyhow!(
                    "the JSON ends too early, at line {}: the download is truncated; fetch it again",
                    error.line()
                )
            } else {
                anyhow::anyhow!("the document is no JSON: {error}")
            }
        });
    }
    yaml::read(text).map_err(|error| match error {
        YamlError::Limit(_) => anyhow::anyhow!("{TOO_DEEP}: {error}"),
        YamlError::Form(_) => anyhow::anyhow!("the document is neither JSON nor YAML: {error}"),
    })
}

/// What a download may take.
struct Limits {
    bytes: usize,
    time: Duration,
}

/// Fetches an address. Only https is allowed, also after a redirect, except for addresses of this machine. So the network cannot
/// change the document.
fn download(address: &str, limits: &Limits) -> anyhow::Result<Vec<u8>> {
    let url: reqwest::Url = address
        .parse()
        .with_context(|| format!("{address} is no address"))?;
    if !is_private(&url) {
        bail!("{address} is not https; others on the network could change the document");
    }
    let begin = Instant::now();
    // reqwest needs a provider. If there is one already, that is kept.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder()
        .user_agent("paradex-rust-sdk xtask")
        .timeout(limits.time)
        .redirect(reqwest::redirect::Policy::custom(|attempt| {
            if attempt.previous().len() > 5 {
                attempt.error("there are too many redirects")
            } else if is_private(attempt.url()) {
                attempt.follow()
            } else {
                attempt.error("it redirects to an address that is not https")
            }
        }))
        .build()?;
    let mut response = client
        .get(url)
        .send()
        .with_context(|| format!("cannot fetch {address}"))?;
    if !response.status().is_success() {
        bail!("{address} responded with {}", response.status());
    }
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 << 10];
    loop {
        let read = response
            .read(&mut part)
            .with_context(|| format!("the download of {address} broke off; fetch it again"))?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(part.get(..read).unwrap_or_default());
        if bytes.len() > limits.bytes {
            bail!(
                "{address} has more than {} bytes; that is no API description",
                limits.bytes
            );
        }
        if begin.elapsed() > limits.time {
            bail!("{address} takes longer than {:?}; fetch it again", limits.time);
        }
    }
}

/// https, or this machine.
fn is_private(url: &reqwest::Url) -> bool {
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || url.scheme() == "http" && local
}

/// An address without anything personal: a file is named without its folder.
pub fn public_address(from: &str) -> String {
    if from.contains("://") {
        return from.to_owned();
    }
    let path = Path::new(from);
    match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => from.to_owned(),
    }
}

/// SHA-256, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Today in UTC, as `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    date_of_day(i64::try_from(seconds / 86_400).unwrap_or(0))
}

/// The date of a day since 1970-01-01, by the usual arithmetic on eras of 400 years.
fn date_of_day(day: i64) -> String {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::{Limits, date_of_day, download, parse};

    /// A server that responds to every connection like this, and then goes on with the rest.
    fn server(head: String, rest: &'static [u8], times: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/openapi.json", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let _ = connection.read(&mut [0; 4096]);
                let _ = connection.write_all(head.as_bytes());
                for _ in 0..times {
                    if connection.write_all(rest).is_err() {
                        break;
                    }
                }
            }
        });
        address
    }

    fn fetched(address: &str, time: Duration) -> Result<Vec<u8>, String> {
        let limits = Limits { bytes: 1000, time };
        download(address, &limits).map_err(|error| format!("{error:#}"))
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn download_is_limited_and_follows_no_redirect_to_http() {
        let ok = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
        assert_eq!(fetched(&server(ok.to_owned(), b"{}", 1), LONG).unwrap(), b"{}");
        let endless = fetched(&server(ok.to_owned(), &[b'a'; 100], usize::MAX), LONG);
        assert!(endless.unwrap_err().contains("more than 1000 bytes"));
        let silent = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";
        assert!(
            fetched(&server(silent.to_owned(), b"{", 1), LONG)
                .unwrap_err()
                .contains("broke off")
        );
        let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        assert!(
            fetched(&server(gone.to_owned(), b"", 0), LONG)
                .unwrap_err()
                .contains("responded with 404")
        );
        let away = "HTTP/1.1 302 Found\r\nlocation: http://203.0.113.1/x\r\ncontent-length: 0\r\n\r\n";
        let refused = fetched(&server(away.to_owned(), b"", 0), LONG).unwrap_err();
        assert!(refused.contains("not https"), "{refused}");
        assert!(
            fetched("http://203.0.113.1/x", LONG)
                .unwrap_err()
                .contains("is not https")
        );
    }

    #[test]
    fn server_that_never_responds_times_out() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        assert!(
            fetched(&address, Duration::from_millis(50))
                .unwrap_err()
                .contains("cannot fetch")
        );
    }

    fn refusal(bytes: &[u8]) -> String {
        let error = parse(bytes, "test", "2026-01-01").unwrap_err();
        format!("{error:#}")
    }

    #[test]
    fn unusable_documents_are_distinguished() {
        for (bytes, said) in [
            (&b""[..], "is empty"),
            (b"<!doctype html><html>", "HTML"),
            (b"{\"openapi\": \"3.0.0\", \"paths\": {", "truncated"),
            (b"{\"openapi\": oops}", "no JSON"),
            (b"{}", "it has no `openapi`"),
            (b"just words", "it has no `openapi`"),
            (b"[1, 2]", "it has no `openapi`"),
            (b"\xff\xfe", "UTF-8"),
            (
                b"{\"openapi\": \"3.1.0\", \"paths\": {}}",
                "3.1.0 is not supported",
            ),
            (b"{\"openapi\": \"3.0.0\", \"paths\": {}}", "no paths"),
            (
                b"swagger: '2.0'\npaths: {/a: {}}",
                "Swagger 2.0 is not read; convert the document to OpenAPI 3.0",
            ),
            (b"{\"swagger\": 1.2}", "Swagger 1.2 is not read"),
        ] {
            let found = refusal(bytes);
            assert!(found.contains(said), "{found}");
        }
    }

    #[test]
    fn yaml_and_json_are_the_same_document() {
        let json = br#"{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{"/a":{}}}"#;
        let yaml = b"openapi: 3.0.0\ninfo: {title: T, version: '1'}\npaths:\n  /a: {}\n";
        let load = |bytes: &[u8]| parse(bytes, "x", "2026-01-01").unwrap();
        assert_eq!(load(json).document, load(yaml).document);
        assert_eq!(
            load(json).source.canonical_sha256,
            load(yaml).source.canonical_sha256
        );
        assert_ne!(load(json).source.sha256, load(yaml).source.sha256);
    }

    #[test]
    fn yaml_far_deeper_than_any_published_document_is_read() {
        let nested = format!("{}{}", "[".repeat(60), "]".repeat(60));
        let found = refusal(format!("openapi: 3.0.0\npaths: {{}}\nx: {nested}").as_bytes());
        assert!(found.contains("no paths"), "{found}");
    }

    #[test]
    fn problem_names_its_line_in_the_file() {
        for text in ["\n\n{\"openapi\": oops}", "\n\nopenapi: [oops"] {
            let found = refusal(text.as_bytes());
            assert!(found.contains("line 3"), "{found}");
        }
    }

    #[test]
    fn days_become_dates() {
        assert_eq!(date_of_day(0), "1970-01-01");
        assert_eq!(date_of_day(19_782), "2024-02-29");
        assert_eq!(date_of_day(20_685), "2026-08-20");
    }
}
