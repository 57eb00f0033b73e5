//! Who may use the account: tokens, subkeys, and the allowlist of each.

pub(crate) mod allowlist;
pub(crate) mod subkeys;
pub(crate) mod tokens;
