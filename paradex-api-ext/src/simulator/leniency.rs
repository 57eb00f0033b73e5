//! What is accepted beyond the OpenAPI document, unless the simulator is strict.

use paradex_api::testing::Deviation;
use paradex_api::{Operation, operations};
use serde_json::Value;

use super::state::Settings;
use crate::assumptions::{UnknownField, UnknownParameter};
use crate::signing::{Felt, Signature, SigningError};

/// The operations that place or modify orders.
const PLACE_OR_MODIFY: [&str; 4] = [
    operations::CREATE_ORDER.id,
    operations::CREATE_ORDERS_BATCH.id,
    operations::MODIFY_ORDER.id,
    operations::CREATE_ALGO_ORDER.id,
];

/// The deviations that all operations accept by default.
const WITHOUT_UNKNOWN_FIELDS: [Deviation; 4] = [
    Deviation::NullField,
    Deviation::UnknownParameter,
    Deviation::EmptyTextBody,
    Deviation::Exponent,
];

/// The same without unknown parameters.
const WITHOUT_UNKNOWN_PARAMETERS: [Deviation; 4] = [
    Deviation::NullField,
    Deviation::UnknownField,
    Deviation::EmptyTextBody,
    Deviation::Exponent,
];

/// The same without both.
const WITHOUT_BOTH: [Deviation; 3] = [
    Deviation::NullField,
    Deviation::EmptyTextBody,
    Deviation::Exponent,
];

impl Settings {
    /// Returns the deviations from the document that an operation accepts.
    ///
    /// By default only orders may have unknown fields. A misspelt `allowed_cidrs` that is ignored would create an unrestricted token.
    pub(super) fn deviations(&self, operation: Option<&Operation>) -> &'static [Deviation] {
        let is_order = operation.is_some_and(|operation| PLACE_OR_MODIFY.contains(&operation.id));
        let fields = is_order || self.switches.unknown_field == UnknownField::Ignored;
        let parameters = self.switches.unknown_parameter == UnknownParameter::Ignored;
        match (fields, parameters) {
            _ if self.strict => &[],
            (true, true) => &Deviation::ALL,
            (false, true) => &WITHOUT_UNKNOWN_FIELDS,
            (true, false) => &WITHOUT_UNKNOWN_PARAMETERS,
            (false, false) => &WITHOUT_BOTH,
        }
    }

    /// Reads the signature of a header or a JSON field: two decimal texts or, unless strict, two decimal or hexadecimal ones
    /// with any spaces between them.
    pub(super) fn read_signature(&self, text: &str) -> Result<Signature, SigningError> {
        let exact = Signature::from_wire(text);
        if self.strict || exact.is_ok() {
            return exact;
        }
        let Ok([r, s]) = serde_json::from_str::<[Value; 2]>(text) else {
            return exact;
        };
        match (number(&r), number(&s)) {
            (Some(r), Some(s)) => Signature::new(r, s),
            _ => exact,
        }
    }
}

/// Reads one number of a signature: `0x` and hexadecimal digits, or decimal digits.
pub(super) fn number(part: &Value) -> Option<Felt> {
    let text = part.as_str()?;
    let number = if text.starts_with("0x") {
        Felt::from_hex(text)
    } else {
        Felt::from_decimal(text)
    };
    number.ok()
}

#[cfg(test)]
mod tests {
    use super::super::builder::default_settings;
    use super::super::state::Settings;

    #[test]
    fn signature_may_be_hexadecimal_unless_strict() {
        let lenient = default_settings();
        let strict = Settings {
            strict: true,
            ..default_settings()
        };
        let signature = strict.read_signature(r#"["10","255"]"#).unwrap();
        for text in [r#"["0xa","0xff"]"#, r#"["10", "0x00ff"]"#, r#"[ "10", "255" ]"#] {
            assert_eq!(lenient.read_signature(text).unwrap(), signature, "{text}");
            assert!(strict.read_signature(text).is_err(), "{text}");
        }
        for text in [
            "",
            "[]",
            "0xa,0xff",
            r#"["10"]"#,
            r#"["a","ff"]"#,
            r#"["0","1"]"#,
            "[10,255]",
        ] {
            assert!(lenient.read_signature(text).is_err(), "{text}");
        }
    }
}
