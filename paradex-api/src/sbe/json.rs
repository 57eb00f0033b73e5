//! Values as the records of the REST API have them.

use rust_decimal::Decimal;

use super::AccountAddress;

/// A time in milliseconds, from microseconds.
pub(crate) fn milliseconds(microseconds: i64) -> i64 {
    microseconds.div_euclid(1_000)
}

/// A decimal without zeros at its end, so that it is written as JSON has it.
pub(crate) fn decimal(number: Decimal) -> Decimal {
    number.normalize()
}

/// A decimal with a sign.
pub(crate) fn signed(number: Decimal, is_negative: bool) -> Decimal {
    let number = decimal(number);
    if is_negative { -number } else { number }
}

/// A text; frames cannot tell an empty text from an absent one.
pub(crate) fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// An address; all zeros stand for none.
pub(crate) fn account(account: AccountAddress) -> Option<String> {
    (account != AccountAddress::default()).then(|| account.to_string())
}

/// Flags that are set, by name. A flag without a name is named after its bit.
pub(crate) fn flags<'a>(
    names: impl Iterator<Item = &'a str>,
    unknown: u8,
) -> impl Iterator<Item = std::borrow::Cow<'a, str>> {
    let bits = (0..8).filter(move |bit| unknown >> bit & 1 == 1);
    names
        .map(std::borrow::Cow::Borrowed)
        .chain(bits.map(|bit| std::borrow::Cow::Owned(format!("UNKNOWN_BIT_{bit}"))))
}
