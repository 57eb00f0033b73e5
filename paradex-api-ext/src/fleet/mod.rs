//! Work on many tokens and subkeys: exchanging them without downtime, and changing allowlists so that a mistake undoes
//! itself.
//!
//! * [`Rotator`] makes the successor of a token or a subkey, hands its secret to a store of yours, proves it, and
//!   revokes the old one when you say so. Every step is written down first, so that a crash leaves nothing behind.

mod own;
mod rotate;

pub use rotate::{
    Cleanup, RotationError, RotationProblem, RotationSink, RotationSpec, RotationState, RotationStep,
    Rotator, SinkFuture, base_name,
};
