//! The generated crate and what it offers.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use anyhow::Context;

use crate::config::Config;
use crate::diff::surface::Surface;
use crate::generate;
use crate::reshape::Corrected;
use crate::source::Source;

/// The code that was generated from a document.
#[derive(Debug)]
pub struct Code {
    /// The files of Rust, by their path in the crate.
    pub files: BTreeMap<String, String>,
    surface: OnceCell<Result<Surface, String>>,
}

impl Code {
    /// Generates the code of the crate. Values that the code `before` has and the document does not are noted as
    /// retired in `config`, and keep their variants.
    ///
    /// # Errors
    ///
    /// Those of [`generate::draft`] and [`generate::code`].
    pub fn generate(
        corrected: &Corrected,
        config: &mut Config,
        before: Option<&Surface>,
        source: &Source,
    ) -> anyhow::Result<Self> {
        let draft = generate::draft(corrected)?;
        let code = Self::of(generate::code(&draft, corrected, config)?);
        if let Some(before) = before
            && let Ok(after) = code.surface()
            && config.retired.update(before, after, source)
        {
            return Ok(Self::of(generate::code(&draft, corrected, config)?));
        }
        Ok(code)
    }

    /// Its public items, or why they cannot be listed. They are listed when they are asked for.
    pub fn surface(&self) -> &Result<Surface, String> {
        self.surface.get_or_init(|| {
            let text = |file: &str| {
                let text = self.files.get(file).cloned();
                text.with_context(|| format!("no {file} was generated"))
            };
            Surface::of(text).map_err(|error| format!("{error:#}"))
        })
    }

    fn of(files: BTreeMap<String, String>) -> Self {
        Self {
            files,
            surface: OnceCell::new(),
        }
    }
}
