//! The generated crate and what it offers.

use std::collections::BTreeMap;

use anyhow::Context;

use crate::config::Config;
use crate::diff::surface::Surface;
use crate::reshape::Corrected;
use crate::source::Source;
use crate::{duplicates, generate};

/// What was generated from a document.
#[derive(Debug)]
pub struct Code {
    /// The files of the crate, by their path in it.
    pub files: BTreeMap<String, String>,
    /// Its public items, or why they cannot be listed.
    pub surface: anyhow::Result<Surface>,
    /// Why it does not compile, as far as that is known without a compiler.
    pub faults: Vec<String>,
}

impl Code {
    /// Generates the crate. Values that the code `before` has and the document does not are noted as retired in
    /// `config`, and keep their variants; types that have another name now keep the old one.
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

    /// The code of these files.
    fn of(files: BTreeMap<String, String>) -> Self {
        let text = |file: &str| {
            let text = files.get(file).cloned();
            text.with_context(|| format!("no {file} was generated"))
        };
        let faults = duplicates::find(&files);
        let surface = match faults.first() {
            Some(fault) => Err(anyhow::anyhow!("{fault}")),
            None => Surface::of(text),
        };
        Self {
            files,
            surface,
            faults,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn code_with_a_name_that_stands_twice_is_no_surface_to_compare() {
        let files = [("src/generated/types.rs", "pub struct A {} pub struct A {}")];
        let code = Code::of(
            files
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
        );
        assert_eq!(code.faults.len(), 1);
        let reason = code.surface.unwrap_err().to_string();
        assert!(reason.contains("`A` stands twice"), "{reason}");
    }
}
