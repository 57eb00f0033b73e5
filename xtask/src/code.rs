//! The generated crate and what it offers.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::config::Config;
use crate::diff::surface::Surface;
use crate::reshape::Corrected;
use crate::source::Source;
use crate::{duplicates, generate};

/// The code that was generated from a document.
#[derive(Debug)]
pub struct Code {
    /// The files of Rust, by their path in the crate.
    files: BTreeMap<String, syn::File>,
    /// Why it does not compile, as far as that is known without a compiler.
    pub problems: Vec<String>,
    surface: OnceCell<Result<Surface, String>>,
}

impl Code {
    /// Generates the code of the crate. Values that the code `before` has and the document does not are noted as
    /// retired in `config`, and keep their variants; types that have another name now keep the old one.
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
        let code = Self::new(generate::code(&draft, corrected, config)?);
        if let Some(before) = before
            && let Ok(after) = code.surface()
            && config.retired.update(before, after, source)
        {
            return Ok(Self::new(generate::code(&draft, corrected, config)?));
        }
        Ok(code)
    }

    /// Its public items, or why they cannot be listed. They are listed when they are asked for.
    pub fn surface(&self) -> &Result<Surface, String> {
        self.surface.get_or_init(|| {
            if let Some(problem) = self.problems.first() {
                return Err(problem.clone());
            }
            Surface::from_code(&self.files).map_err(|error| format!("{error:#}"))
        })
    }

    /// The texts of its files.
    pub fn texts(&self) -> BTreeMap<String, String> {
        generate::texts(&self.files)
    }

    fn new(files: BTreeMap<String, syn::File>) -> Self {
        Self {
            problems: duplicates::find(&files),
            files,
            surface: OnceCell::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn code_with_a_duplicate_name_has_no_surface() {
        let files = [("src/generated/types.rs", "pub struct A {} pub struct A {}")];
        let files = files.map(|(name, text)| (name.to_owned(), syn::parse_file(text).unwrap()));
        let code = Code::new(files.into());
        assert_eq!(code.problems.len(), 1);
        let reason = code.surface().as_ref().unwrap_err();
        assert!(reason.contains("`A` occurs twice"), "{reason}");
    }
}
