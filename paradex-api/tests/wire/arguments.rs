//! Arguments for every call, made from the document.

use paradex_api::testing::Document;
use paradex_api::{Operation, Secret};
use serde_json::Value;

/// The arguments of a call, by name on the wire.
#[derive(Debug, Default, Clone)]
pub struct Arguments {
    pub values: Vec<(String, String)>,
    pub body: Option<Value>,
}

impl Arguments {
    pub fn sample(document: &Document, operation: &Operation, seed: u64) -> Self {
        let sample = document.operation(&kebab(operation)).unwrap();
        let arguments = document.sample_arguments(sample, seed);
        let all = arguments
            .path
            .iter()
            .chain(&arguments.query)
            .chain(&arguments.headers);
        Self {
            values: all.map(|(name, value)| (name.clone(), value.clone())).collect(),
            body: arguments.body.clone(),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(other, _)| other == name)
    }

    pub fn text(&self, name: &str) -> String {
        let (_, value) = self.values.iter().find(|(other, _)| other == name).unwrap();
        value.clone()
    }

    pub fn secret(&self, name: &str) -> Secret {
        Secret::new(self.text(name))
    }

    pub fn parse<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, name: &str) -> T {
        self.text(name).parse().unwrap()
    }

    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    pub fn body<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_value(self.body.clone().unwrap()).unwrap()
    }
}

pub fn kebab(operation: &Operation) -> String {
    operation.id.replace('_', "-")
}

pub fn document() -> &'static Document {
    static DOCUMENT: std::sync::OnceLock<Document> = std::sync::OnceLock::new();
    DOCUMENT.get_or_init(|| Document::parse(paradex_api::DOCUMENT).unwrap())
}
