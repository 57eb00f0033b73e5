//! What is watched of an account: its orders, fills, positions, or everything else.

mod args;
mod cursor_file;
mod lines;
mod markets;
mod source;
mod table;

pub(crate) use args::{AccountArgs, AccountKind};
pub(super) use lines::value;
pub(crate) use source::AccountSource;
pub(crate) use table::AccountTable;
