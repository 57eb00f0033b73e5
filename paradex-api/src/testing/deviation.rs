//! Differences from the document that the exchange accepts.

use rust_decimal::Decimal;
use serde_json::Value;

use super::check::{Matched, Violation};
use crate::wire::decimal::exact_decimal;

/// A difference from the OpenAPI document that the exchange accepts: clients in use send it, and trade.
///
/// [`Document::check_request_allowing`](super::Document::check_request_allowing) accepts those that it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deviation {
    /// `null` for an optional field, which counts as absent. paradex-py sends `"recv_window":null,"stp":null`.
    NullField,
    /// A field that the schema does not have, which is ignored. paradex-py sends `client_id` when it modifies an order.
    UnknownField,
    /// A query parameter that the operation does not have, which is ignored. ccxt sends `clientOrderId`.
    UnknownParameter,
    /// The JSON text `""` as a body, which counts as no body. The crate `paradex` sends it when it signs in.
    EmptyTextBody,
    /// A decimal number with an exponent. Python writes small ones as `1E-8`.
    Exponent,
}

impl Deviation {
    /// All deviations.
    pub const ALL: [Self; 5] = [
        Self::NullField,
        Self::UnknownField,
        Self::UnknownParameter,
        Self::EmptyTextBody,
        Self::Exponent,
    ];

    /// Changes a request to what it would be without this violation.
    pub(super) fn correct(self, violation: &Violation, matched: &mut Matched<'_>) {
        match self {
            Self::NullField | Self::UnknownField => {
                let (object, name) = violation.place.rsplit_once('/').unwrap_or_default();
                if let Some(Value::Object(fields)) = at(&mut matched.body, object) {
                    fields.remove(&name.replace("~1", "/").replace("~0", "~"));
                }
            }
            Self::UnknownParameter => {
                let name = violation.place.strip_prefix("query/");
                matched.query.retain(|(other, _)| Some(other.as_str()) != name);
            }
            Self::EmptyTextBody => matched.body = Value::Null,
            Self::Exponent => {
                let value = match violation.place.strip_prefix("query/") {
                    Some(name) => {
                        let mut parameters = matched.query.iter_mut();
                        let found = parameters.find(|(other, _)| other == name);
                        found.map(|(_, value)| value)
                    }
                    None => match at(&mut matched.body, &violation.place) {
                        Some(Value::String(value)) => Some(value),
                        _ => None,
                    },
                };
                if let Some(value) = value
                    && let Some(number) = scientific(value)
                {
                    *value = number.to_string();
                }
            }
        }
    }
}

/// Returns the place of a field of an object, with the name escaped as in a JSON pointer.
pub(super) fn joined(object: &str, name: &str) -> String {
    format!("{object}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Returns the value at a place in the body.
fn at<'a>(body: &'a mut Value, place: &str) -> Option<&'a mut Value> {
    body.pointer_mut(place.strip_prefix("body")?)
}

/// Reads a decimal number with an exponent. Returns `None` if `Decimal` cannot hold it exactly.
pub(super) fn scientific(text: &str) -> Option<Decimal> {
    let (base, exponent) = text.split_once(['e', 'E'])?;
    let base = exact_decimal(base)?;
    let scale = i64::from(base.scale()).checked_sub(exponent.parse().ok()?)?;
    match u32::try_from(scale) {
        Ok(scale) => Decimal::try_from_i128_with_scale(base.mantissa(), scale).ok(),
        Err(_) => {
            let factor = 10_i128.checked_pow(u32::try_from(scale.unsigned_abs()).ok()?)?;
            Decimal::try_from_i128_with_scale(base.mantissa().checked_mul(factor)?, 0).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::scientific;

    #[test]
    fn exponents_are_read_exactly() {
        for (text, number) in [
            ("1E-8", "0.00000001"),
            ("1.50E+3", "1500"),
            ("12e2", "1200"),
            ("-2.5E-1", "-0.25"),
            ("0E-10", "0.0000000000"),
        ] {
            assert_eq!(
                scientific(text).map(|number| number.to_string()).as_deref(),
                Some(number),
                "{text}"
            );
        }
        for none in [
            "1",
            "E5",
            "1E",
            "1Ex",
            "1E-29",
            "1E29",
            "1E99999999999",
            "NaN",
            "1E1E1",
            " 1E1",
        ] {
            assert_eq!(scientific(none), None, "{none}");
        }
    }
}
