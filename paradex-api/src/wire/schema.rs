//! JSON schemas, taken from the OpenAPI document.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

/// Returns the component schemas of the OpenAPI document.
fn components() -> &'static BTreeMap<String, Value> {
    static COMPONENTS: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    COMPONENTS.get_or_init(|| {
        #[derive(serde::Deserialize)]
        struct Document {
            components: Components,
        }
        #[derive(serde::Deserialize)]
        struct Components {
            schemas: BTreeMap<String, Value>,
        }
        // The text is generated together with this crate, so it is always valid.
        serde_json::from_str::<Document>(crate::DOCUMENT)
            .map(|document| document.components.schemas)
            .unwrap_or_default()
    })
}

/// Returns the schema of a component, with its references resolved by the generator.
pub(crate) fn schema(
    component: &str,
    generator: &mut SchemaGenerator,
    refer: fn(&str, &mut SchemaGenerator) -> Option<Schema>,
) -> Schema {
    let mut value = components().get(component).cloned().unwrap_or(Value::Bool(true));
    resolve(&mut value, generator, refer);
    Schema::try_from(value).unwrap_or_default()
}

fn resolve(
    value: &mut Value,
    generator: &mut SchemaGenerator,
    refer: fn(&str, &mut SchemaGenerator) -> Option<Schema>,
) {
    let target = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|target| target.strip_prefix("#/components/schemas/"));
    if let Some(schema) = target.and_then(|name| refer(name, generator)) {
        *value = schema.into();
        return;
    }
    // OpenAPI 3.0 writes `nullable`, and JSON Schema a list of types.
    if let Value::Object(members) = &mut *value
        && members.remove("nullable") == Some(Value::Bool(true))
        && let Some(kind) = members.get_mut("type")
    {
        *kind = serde_json::json!([kind.take(), "null"]);
    }
    match value {
        Value::Object(members) => members
            .values_mut()
            .for_each(|value| resolve(value, generator, refer)),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|value| resolve(value, generator, refer)),
        _ => {}
    }
}

/// Implements `JsonSchema` for types that are components of the document.
macro_rules! json_schema {
    ($($(#[$gate:meta])* $name:ident = $component:literal),* $(,)?) => {
        fn schema_of(component: &str, generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
            match component {
                $($(#[$gate])* $component => Some(generator.subschema_for::<$name>()),)*
                _ => None,
            }
        }

        $(
            $(#[$gate])*
            impl schemars::JsonSchema for $name {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    crate::wire::schema::schema($component, generator, schema_of)
                }
            }
        )*
    };
}
pub(crate) use json_schema;
