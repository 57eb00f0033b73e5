//! JSON schemas, for configuration files that hold these types.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Cidr, CidrSet, IpAllowlist};

impl JsonSchema for Cidr {
    fn schema_name() -> Cow<'static, str> {
        "Cidr".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::Cidr").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "cidr",
            // A pattern cannot express that no bit is set after the prefix.
            "pattern": r"^[0-9A-Fa-f:.]+/(0|[1-9][0-9]{0,2})$",
            "description": "An IPv4 or IPv6 network: its first address and the length of its prefix.",
            "examples": ["203.0.113.0/24", "2001:db8::/32"],
        })
    }
}

impl JsonSchema for CidrSet {
    fn schema_name() -> Cow<'static, str> {
        "CidrSet".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::CidrSet").into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<Cidr>(),
            "minItems": 1,
            "description": "At least one network.",
        })
    }
}

impl JsonSchema for IpAllowlist {
    fn schema_name() -> Cow<'static, str> {
        "IpAllowlist".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::IpAllowlist").into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [{ "const": IpAllowlist::WORD }, generator.subschema_for::<CidrSet>()],
            "description": "The addresses that may connect: the word \"unrestricted\" or a list of networks.",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::net::IpAllowlist;

    #[test]
    fn allowlist_is_the_word_or_a_list_of_at_least_one() {
        let schema = schemars::schema_for!(IpAllowlist);
        let value = schema.as_value();
        assert_eq!(value["anyOf"][0], json!({ "const": "unrestricted" }));
        assert_eq!(value["anyOf"][1], json!({ "$ref": "#/$defs/CidrSet" }));
        assert_eq!(value["$defs"]["CidrSet"]["minItems"], 1);
        assert_eq!(
            value["$defs"]["CidrSet"]["items"],
            json!({ "$ref": "#/$defs/Cidr" })
        );
        assert_eq!(value["$defs"]["Cidr"]["type"], "string");
    }
}
