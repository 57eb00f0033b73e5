//! Compiles each example of the documentation as a user has it after copying it. `build.rs` finds them.

include!(concat!(env!("OUT_DIR"), "/examples.rs"));
