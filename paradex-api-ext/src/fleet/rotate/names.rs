//! Names of successors.

use super::error::RotationProblem;

/// What a successor's name ends with, before its random digits.
const SUFFIX: &str = "-r";
/// The number of random hex digits in the suffix.
const DIGITS: usize = 12;
/// The longest name that a rotation gives, in characters. The exchange publishes no limit; this is a cautious choice.
const LONGEST_NAME: usize = 64;

/// Returns the name without the suffix that a rotation added, which all successors of one token share.
///
/// A successor needs a unique name, because if the response to its creation is lost, the name is the only way to find it.
/// Its name is therefore the old one plus `-r` and twelve random hex digits, which replace an earlier suffix of this form.
/// A name that would exceed 64 characters is cut before the suffix.
///
/// ```
/// use paradex_api_ext::fleet::base_name;
///
/// assert_eq!(base_name("market maker-r0123456789ab"), "market maker");
/// assert_eq!(base_name("market maker"), "market maker");
/// ```
pub fn base_name(name: &str) -> &str {
    match strip_suffix(name) {
        Some(base) if !base.trim().is_empty() => base,
        _ => name,
    }
}

/// The part of a name before the suffix that a rotation added, or `None` if it has no such suffix.
pub(super) fn strip_suffix(name: &str) -> Option<&str> {
    let (base, digits) = name.rsplit_once(SUFFIX)?;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digits.len() == DIGITS && digits.bytes().all(hex)).then_some(base)
}

/// The part before the suffix in the name of every successor of `name`.
pub(super) fn successor_base(name: &str) -> String {
    let room = LONGEST_NAME - SUFFIX.len() - DIGITS;
    base_name(name).chars().take(room).collect()
}

pub(super) fn unique_name(name: &str) -> Result<String, RotationProblem> {
    Ok(format!("{}{SUFFIX}{}", successor_base(name), random_digits()?))
}

pub(super) fn random_digits() -> Result<String, RotationProblem> {
    let mut bytes = [0; DIGITS / 2];
    getrandom::fill(&mut bytes).map_err(|error| RotationProblem::NoRandom(error.into()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
