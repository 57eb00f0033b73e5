//! The published documents, one of each kind, and what a document is by its content.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::text;
use crate::report::Report;
use crate::{canonical, sbe, stream};

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The REST API.
    OpenApi,
    /// The channels of the WebSocket API.
    AsyncApi,
    /// The methods of the WebSocket API.
    OpenRpc,
    /// The binary messages of the WebSocket API.
    Sbe,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::OpenApi, Kind::AsyncApi, Kind::OpenRpc, Kind::Sbe];

    /// What it is called in text.
    pub const fn title(self) -> &'static str {
        match self {
            Kind::OpenApi => "OpenAPI",
            Kind::AsyncApi => "AsyncAPI",
            Kind::OpenRpc => "OpenRPC",
            Kind::Sbe => "SBE",
        }
    }

    /// The vendored file, below `openapi/`.
    pub const fn file(self) -> &'static str {
        match self {
            Kind::OpenApi => "paradex.json",
            Kind::AsyncApi => "stream/asyncapi.json",
            Kind::OpenRpc => "stream/openrpc.json",
            Kind::Sbe => "stream/sbe.json",
        }
    }

    /// Where the exchange publishes it. A document that is first taken in from a file gets this address.
    pub const fn published_at(self) -> &'static str {
        match self {
            Kind::OpenApi => {
                "https://raw.githubusercontent.com/tradeparadex/paradex-docs/main/fern/apis/prod_rest/openapi/openapi.json"
            }
            Kind::AsyncApi => {
                "https://raw.githubusercontent.com/tradeparadex/paradex-docs/main/fern/apis/prod_ws/asyncapi-2.6.0.yaml"
            }
            Kind::OpenRpc => {
                "https://raw.githubusercontent.com/tradeparadex/paradex-docs/main/fern/apis/prod_ws/openrpc.json"
            }
            Kind::Sbe => sbe::PUBLISHED_AT,
        }
    }

    /// What a document is, by its content.
    ///
    /// # Errors
    ///
    /// It is none of these kinds, or has a version that is not supported.
    pub fn detect(document: &Value) -> anyhow::Result<Self> {
        let version = |key: &str| {
            document.get(key).map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
        };
        let supported = |kind: Kind, version: String, supported: &str| {
            let is_supported = version
                .strip_prefix(supported)
                .is_some_and(|rest| rest.starts_with('.'));
            if !is_supported {
                bail!("{} {version} is not supported; {supported}.x is", kind.title());
            }
            Ok(kind)
        };
        if sbe::is_schema(document) {
            Ok(Kind::Sbe)
        } else if let Some(version) = version("openapi") {
            supported(Kind::OpenApi, version, "3.0")
        } else if let Some(version) = version("asyncapi") {
            supported(Kind::AsyncApi, version, "2")
        } else if let Some(version) = version("openrpc") {
            supported(Kind::OpenRpc, version, "1")
        } else if let Some(version) = version("swagger") {
            bail!(
                "Swagger {version} is not read; convert the document to OpenAPI 3.0 first, for example with \
                 `npx swagger2openapi OLD.json --outfile NEW.json`"
            )
        } else {
            bail!(
                "this is no OpenAPI, AsyncAPI or OpenRPC document: it has no `openapi`, `asyncapi` or `openrpc`"
            )
        }
    }

    /// The canonical form of a document of this kind.
    pub fn canonical(self, document: &Value) -> Value {
        match self {
            Kind::OpenApi => canonical::canonical(document),
            Kind::AsyncApi => stream::canonical::asyncapi(document),
            Kind::OpenRpc => stream::canonical::openrpc(document),
            Kind::Sbe => sbe::canonical(document),
        }
    }

    /// The version that a document of this kind gives itself.
    pub fn version(self, document: &Value) -> Option<&str> {
        match self {
            Kind::Sbe => sbe::version(document),
            _ => text(document.get("info")?, "version"),
        }
    }
}

/// One document of each kind, in canonical form. Only OpenAPI is always there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Documents(BTreeMap<Kind, Value>);

impl From<Value> for Documents {
    /// An OpenAPI document alone.
    fn from(openapi: Value) -> Self {
        Self(BTreeMap::from([(Kind::OpenApi, openapi)]))
    }
}

impl Documents {
    /// Reads the vendored files by their names below `openapi/`. A kind that `read` does not have is left out.
    ///
    /// # Errors
    ///
    /// There is no OpenAPI document, or a file is no JSON.
    pub fn read(mut read: impl FnMut(&str) -> Option<String>) -> anyhow::Result<Self> {
        let mut documents = BTreeMap::new();
        for kind in Kind::ALL {
            if let Some(text) = read(kind.file()) {
                let document = serde_json::from_str(&text)
                    .with_context(|| format!("openapi/{} is no JSON", kind.file()))?;
                documents.insert(kind, document);
            }
        }
        anyhow::ensure!(
            documents.contains_key(&Kind::OpenApi),
            "cannot read openapi/{}; `cargo xtask gen --from SOURCE` writes it",
            Kind::OpenApi.file()
        );
        Ok(Self(documents))
    }

    /// The document of a kind.
    pub fn get(&self, kind: Kind) -> Option<&Value> {
        self.0.get(&kind)
    }

    /// Replaces the document of a kind.
    pub fn set(&mut self, kind: Kind, document: Value) {
        self.0.insert(kind, document);
    }

    /// The documents by kind.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, &Value)> {
        self.0.iter().map(|(kind, document)| (*kind, document))
    }

    /// The kinds of which one of two sets has another document.
    pub fn differing(&self, other: &Self) -> Vec<Kind> {
        let differs = |kind: &Kind| self.get(*kind) != other.get(*kind);
        Kind::ALL.into_iter().filter(differs).collect()
    }

    /// One document with everything in it, which corrections and all later steps work on: the OpenAPI document, with the channels and
    /// methods of the WebSocket API among its paths, and the SBE schema in `x-sbe`. See [`stream::merge`].
    pub fn merged(&self, report: &mut Report) -> Value {
        let openapi = self.get(Kind::OpenApi).cloned().unwrap_or_default();
        let (asyncapi, openrpc) = (self.get(Kind::AsyncApi), self.get(Kind::OpenRpc));
        let mut merged = stream::merge(openapi, asyncapi, openrpc, report);
        if let (Some(sbe), Some(members)) = (self.get(Kind::Sbe), merged.as_object_mut()) {
            members.insert(sbe::MEMBER.to_owned(), sbe.clone());
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Documents, Kind};

    #[test]
    fn kind_is_seen_from_content() {
        for (document, kind) in [
            (json!({"openapi": "3.0.1"}), Kind::OpenApi),
            (json!({"asyncapi": "2.6.0"}), Kind::AsyncApi),
            (json!({"openrpc": "1.3.2"}), Kind::OpenRpc),
        ] {
            assert_eq!(Kind::detect(&document).unwrap(), kind);
        }
        for (document, said) in [
            (
                json!({"openapi": "3.1.0"}),
                "OpenAPI 3.1.0 is not supported; 3.0.x is",
            ),
            (
                json!({"asyncapi": "3.0.0"}),
                "AsyncAPI 3.0.0 is not supported; 2.x is",
            ),
            (json!({"openrpc": 1}), "OpenRPC 1 is not supported; 1.x is"),
            (json!({"info": {}}), "no OpenAPI, AsyncAPI or OpenRPC"),
            (json!([]), "no OpenAPI, AsyncAPI or OpenRPC"),
        ] {
            let error = Kind::detect(&document).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn documents_differ_by_kind() {
        let one = Documents::from(json!({"openapi": "3.0.0"}));
        let mut two = one.clone();
        assert_eq!(one.differing(&two), []);
        two.set(Kind::OpenRpc, json!({"methods": []}));
        assert_eq!(one.differing(&two), [Kind::OpenRpc]);
        assert!(Documents::read(|_| None).is_err());
    }
}
