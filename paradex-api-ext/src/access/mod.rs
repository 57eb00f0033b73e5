//! Who may use the account, and from where: tokens, subkeys, and the IP allowlist of each.

pub(crate) mod allowlist;
mod revocation;
pub(crate) mod subkeys;
pub(crate) mod target;
pub(crate) mod tokens;
