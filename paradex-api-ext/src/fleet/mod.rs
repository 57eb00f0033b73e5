//! Work on many tokens and subkeys: exchanging them without downtime, and changing allowlists so that a mistake undoes
//! itself.
//!
//! * [`Rotator`] makes the successor of a token or a subkey, hands its secret to a store of yours, proves it, and
//!   revokes the old one when you say so. Every step is written down first, so that a crash leaves nothing behind. [`FolderSink`]
//!   is a store in files.
//! * [`ConfirmedChange`] gives a token or a subkey another allowlist, tries it from here, and takes it back if it locks this
//!   machine out. [`EgressAddress`] says from where this machine calls.

mod confirm;
mod egress;
mod folder;
mod own;
mod rotate;

pub use confirm::{
    ChangeError, ChangeOutcome, ChangeReport, ConfirmedChange, PreparedChange, RollBackReason,
};
pub use egress::{ChangeWarning, EgressAddress, EgressFuture, Family, KnownEgress};
pub use folder::FolderSink;
pub use rotate::{
    Cleanup, RotationError, RotationProblem, RotationSink, RotationSpec, RotationState, RotationStep,
    Rotator, SinkFuture, base_name,
};
