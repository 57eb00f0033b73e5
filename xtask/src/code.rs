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
    pub files: BTreeMap<String, String>,
    /// Why it does not compile, as far as that is known without a compiler.
    pub problems: Vec<String>,
    /// The files as the compiler reads them. To parse takes long, so it is done once.
    parsed: BTreeMap<String, syn::Result<syn::File>>,
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
        let code = Self::from_files(generate::code(&draft, corrected, config)?);
        if let Some(before) = before
            && let Ok(after) = code.surface()
            && config.retired.update(before, after, source)
        {
            return Ok(Self::from_files(generate::code(&draft, corrected, config)?));
        }
        Ok(code)
    }

    /// Its public items, or why they cannot be listed. They are listed when they are asked for.
    pub fn surface(&self) -> &Result<Surface, String> {
        self.surface.get_or_init(|| {
            if let Some(problem) = self.problems.first() {
                return Err(problem.clone());
            }
            Surface::from_code(&self.parsed).map_err(|error| format!("{error:#}"))
        })
    }

    /// The code of these files.
    fn from_files(files: BTreeMap<String, String>) -> Self {
        let code = files.iter().filter(|(name, _)| name.ends_with(".rs"));
        let parsed = code
            .map(|(name, text)| (name.clone(), syn::parse_file(text)))
            .collect();
        Self {
            problems: duplicates::find(&parsed),
            files,
            parsed,
            surface: OnceCell::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn code_with_a_name_that_stands_twice_is_no_surface_to_compare() {
        let files = [("src/generated/types.rs", "pub struct A {} pub struct A {}")];
        let code = Code::from_files(
            files
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
        );
        assert_eq!(code.problems.len(), 1);
        let reason = code.surface().as_ref().unwrap_err();
        assert!(reason.contains("`A` stands twice"), "{reason}");
    }
}
