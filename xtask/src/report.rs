//! What a run found.

use std::fmt;

/// What a run found: faults, which stop a strict run, and notes, which do not.
#[derive(Debug, Default, Clone)]
pub struct Report {
    /// What must be mended in `openapi/` before the crate can be released.
    pub faults: Vec<String>,
    /// What was worked around or is worth knowing.
    pub notes: Vec<String>,
}

impl Report {
    /// Adds a fault.
    pub fn fault(&mut self, text: impl fmt::Display) {
        self.faults.push(text.to_string());
    }

    /// Adds a note.
    pub fn note(&mut self, text: impl fmt::Display) {
        self.notes.push(text.to_string());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "fault: {fault}")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}
