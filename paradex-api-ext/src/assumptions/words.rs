//! Answers that are words, as enumerations.

use super::question::Choice;

/// The answers of one question whose answers are words.
pub(crate) trait Words: Copy + PartialEq + 'static {
    /// The name of the question.
    const QUESTION: &'static str;
    /// All answers.
    const CHOICES: &'static [Choice];
    /// What the simulator assumes.
    #[allow(dead_code, reason = "only the simulator reads it")]
    const ASSUMED: Self;

    /// Returns the word of the answer.
    #[allow(dead_code, reason = "only the probe writes it")]
    fn word(self) -> &'static str;

    /// Returns the answer with this word.
    #[allow(dead_code, reason = "only the simulator reads it")]
    fn from_word(word: &str) -> Option<Self>;
}

/// Defines the answers of a question: `Name in "question", assumes Variant { Variant = "word": "what it means", … }`. With `pub`
/// before the name, programs see the type.
macro_rules! words {
    (
        $(#[$attribute:meta])*
        pub $name:ident in $question:literal, assumes $assumed:ident {
            $($(#[$documentation:meta])* $variant:ident = $word:literal: $means:literal),+ $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        #[allow(dead_code, reason = "the probe does not name all of them")]
        pub enum $name {
            $($(#[$documentation])* $variant),+
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$assumed
            }
        }

        words! { @answers $name in $question, assumes $assumed { $($variant = $word: $means),+ } }
    };
    ($name:ident in $question:literal, assumes $assumed:ident { $($variant:ident = $word:literal: $means:literal),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(dead_code, reason = "the simulator and the probe name different answers")]
        pub(crate) enum $name {
            $($variant),+
        }

        words! { @answers $name in $question, assumes $assumed { $($variant = $word: $means),+ } }
    };
    (@answers $name:ident in $question:literal, assumes $assumed:ident { $($variant:ident = $word:literal: $means:literal),+ }) => {
        impl $name {
            /// The answers, for the row of the question.
            const ANSWERS: $crate::assumptions::question::AnswerKind = $crate::assumptions::question::AnswerKind::Words {
                choices: <Self as $crate::assumptions::words::Words>::CHOICES,
                assumed: Self::$assumed.as_str(),
            };

            const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl $crate::assumptions::words::Words for $name {
            const QUESTION: &'static str = $question;
            const CHOICES: &'static [$crate::assumptions::question::Choice] = &[
                $($crate::assumptions::question::Choice { word: $word, means: $means }),+
            ];
            const ASSUMED: Self = Self::$assumed;

            fn word(self) -> &'static str {
                self.as_str()
            }

            fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use words;
