//! The generated crate and what it offers.

use std::collections::BTreeMap;

use anyhow::Context;

use crate::config::Config;
use crate::diff::surface::Surface;
use crate::generate;
use crate::reshape::Corrected;
use crate::source::Source;

/// What was generated from a document.
#[derive(Debug)]
pub struct Code {
    /// The files of the crate, by their path in it.
    pub files: BTreeMap<String, String>,
    /// Its public items, or why they cannot be listed.
    pub surface: anyhow::Result<Surface>,
}

impl Code {
    /// Generates the crate. Values that the code `before` has and the document does not are noted as retired in
    /// `config`, and keep their variants.
    ///
    /// # Errors
    ///
    /// Those of [`generate::generate`].
    pub fn generate(
        corrected: &Corrected,
        config: &mut Config,
        before: Option<&Surface>,
        source: &Source,
    ) -> anyhow::Result<Self> {
        let code = Self::of(generate::generate(corrected, config)?);
        if let (Some(before), Ok(after)) = (before, &code.surface)
            && config.retired.update(before, after, source)
        {
            return Ok(Self::of(generate::generate(corrected, config)?));
        }
        Ok(code)
    }

    fn of(files: BTreeMap<String, String>) -> Self {
        let text = |file: &str| {
            let text = files.get(file).cloned();
            text.with_context(|| format!("no {file} was generated"))
        };
        let surface = Surface::of(text);
        Self { files, surface }
    }
}
