//! Every rule that a row of the report can have, in one table.
//!
#![doc = include_str!("../../RULES.md")]

use std::fmt;

/// Which of the three questions a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Does the wire change for programs that are running?
    Wire,
    /// Does the Rust surface change for people who compile?
    Rust,
    /// What is new?
    New,
}

impl Question {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Question::Wire => "wire",
            Question::Rust => "rust",
            Question::New => "new",
        }
    }
}

/// How grave a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something that worked does not work, or does something else.
    Breaking,
    /// Worth a look; what worked goes on working.
    Notice,
    /// There is more than before.
    Addition,
}

impl Level {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Breaking => "breaking",
            Level::Notice => "notice",
            Level::Addition => "addition",
        }
    }
}

macro_rules! rules {
    ($($name:ident $id:literal $question:ident $level:ident $about:literal)*) => {
        /// What kind of change a row tells of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $about] $name,)*
        }

        impl Rule {
            /// All rules, in the order of the table.
            pub const ALL: &'static [Rule] = &[$(Rule::$name),*];

            /// Its name, which does not change.
            pub const fn id(self) -> &'static str {
                match self { $(Rule::$name => $id,)* }
            }

            /// The question that it belongs to.
            pub const fn question(self) -> Question {
                match self { $(Rule::$name => Question::$question,)* }
            }

            /// How grave it is.
            pub const fn level(self) -> Level {
                match self { $(Rule::$name => Level::$level,)* }
            }

            /// What it means.
            pub const fn about(self) -> &'static str {
                match self { $(Rule::$name => $about,)* }
            }
        }
    };
}

rules! {
    // Operations.
    ServerChanged "server-changed" Wire Breaking "The API stands at another address."
    OperationRemoved "operation-removed" Wire Breaking "An operation is gone."
    OperationMoved "operation-moved" Wire Breaking "An operation has another method or path under the same operationId."
    SecurityRequired "security-required" Wire Breaking "An operation that anybody could call asks for a credential."
    SecurityChanged "security-changed" Wire Breaking "An operation asks for another credential."
    SecurityDropped "security-dropped" Wire Notice "An operation no longer asks for a credential."
    OperationDeprecated "operation-deprecated" Wire Notice "An operation is deprecated, or no longer so."
    PathParameterRenamed "path-parameter-renamed" Wire Notice "A part of a path has another name; the address is the same."
    OperationAdded "operation-added" New Addition "There is a new operation."

    // Parameters.
    ParameterRemoved "parameter-removed" Wire Breaking "A parameter is gone."
    ParameterMoved "parameter-moved" Wire Breaking "A parameter goes to another place: query, path, header."
    ParameterAddedRequired "parameter-added-required" Wire Breaking "There is a new parameter without which the call fails."
    ParameterRequired "parameter-required" Wire Breaking "A parameter that could be left out is required."
    ParameterStyleChanged "parameter-style-changed" Wire Breaking "A parameter is written in another way."
    ParameterDeprecated "parameter-deprecated" Wire Notice "A parameter is deprecated, or no longer so."
    ParameterOptional "parameter-optional" New Addition "A parameter that was required can be left out."
    ParameterAdded "parameter-added" New Addition "There is a new parameter that can be left out."

    // Bodies and responses.
    BodyRequired "body-required" Wire Breaking "A body that was not sent, or could be left out, is required."
    RequestMediaTypeRemoved "request-media-type-removed" Wire Breaking "A kind of body is no longer taken."
    ResponseMediaTypeRemoved "response-media-type-removed" Wire Breaking "A response no longer comes in this kind of body."
    SuccessStatusRemoved "success-status-removed" Wire Breaking "A status of success is gone."
    ResponseHeaderRemoved "response-header-removed" Wire Breaking "A response no longer has a header."
    SuccessStatusAdded "success-status-added" Wire Notice "Success can have another status."
    ErrorStatusRemoved "error-status-removed" Wire Notice "An error status is no longer declared."
    ResponseMediaTypeAdded "response-media-type-added" Wire Notice "A response can come in another kind of body."
    BodyOptional "body-optional" New Addition "A body that was required can be left out."
    RequestMediaTypeAdded "request-media-type-added" New Addition "Another kind of body is taken."
    ErrorStatusAdded "error-status-added" New Addition "Another error status is declared."
    ResponseHeaderAdded "response-header-added" New Addition "A response has another header."

    // What is sent.
    RequestTypeChanged "request-type-changed" Wire Breaking "What is sent has another type."
    RequestFieldRemoved "request-field-removed" Wire Breaking "A field that could be sent is gone."
    RequestFieldAddedRequired "request-field-added-required" Wire Breaking "There is a new field without which the request fails."
    RequestFieldRequired "request-field-required" Wire Breaking "A field that could be left out is required."
    RequestNullForbidden "request-null-forbidden" Wire Breaking "`null` is no longer taken."
    RequestValueRemoved "request-value-removed" Wire Breaking "A value is no longer taken."
    RequestValueRenamed "request-value-renamed" Wire Breaking "A value is written in another way."
    RequestLimitTightened "request-limit-tightened" Wire Breaking "Less is taken: a maximum sank, a minimum rose, a rule came."
    DefaultChanged "default-changed" Wire Breaking "Leaving it out means something else."
    DefaultDeclared "default-declared" Wire Notice "What leaving it out means was not declared, and is."
    RequestTypeWidened "request-type-widened" New Addition "What is sent can be more than before."
    RequestFieldAdded "request-field-added" New Addition "There is a new field that can be sent."
    RequestFieldOptional "request-field-optional" New Addition "A field that was required can be left out."
    RequestNullAllowed "request-null-allowed" New Addition "`null` is taken."
    RequestValueAdded "request-value-added" New Addition "Another value is taken."
    RequestLimitLoosened "request-limit-loosened" New Addition "More is taken: a maximum rose, a minimum sank, a rule went."

    // What is received.
    ResponseTypeChanged "response-type-changed" Wire Breaking "What is received has another type."
    ResponseFieldRemoved "response-field-removed" Wire Breaking "A field of a response is gone."
    ResponseFieldOptional "response-field-optional" Wire Breaking "A field that always came can be missing."
    ResponseNullAllowed "response-null-allowed" Wire Breaking "A value can be `null`."
    ResponseValueRenamed "response-value-renamed" Wire Breaking "A value is written in another way."
    ResponseValueRemoved "response-value-removed" Wire Notice "A value no longer comes."
    ResponseValuesOpen "response-values-open" Wire Notice "Any text can come where there was a list of values."
    ResponseLimitChanged "response-limit-changed" Wire Notice "The limits of what comes are others."
    ResponseDefaultChanged "response-default-changed" Wire Notice "What a missing field of a response means is another."
    ResponseTypeNarrowed "response-type-narrowed" New Addition "What is received is described more exactly."
    ResponseFieldAdded "response-field-added" New Addition "There is a new field in a response."
    ResponseFieldRequired "response-field-required" New Addition "A field that could be missing always comes."
    ResponseNullForbidden "response-null-forbidden" New Addition "A value is never `null`."
    ResponseValueAdded "response-value-added" New Addition "Another value can come."

    // Both ways.
    FormatChanged "format-changed" Wire Notice "A text or number is written in another format."
    FieldDeprecated "field-deprecated" Wire Notice "A field or type is deprecated, or no longer so."
    KeywordChanged "keyword-changed" Wire Notice "Something else that is said of a type changed."
    OtherChange "other-change" Wire Notice "The documents differ in something that no other rule names."

    // The Rust surface, from the generated code.
    RustUnknown "rust-unknown" Rust Breaking "The Rust surface could not be compared, so it counts as broken."
    RustCallRemoved "rust-call-removed" Rust Breaking "A method of the client is gone, and its builder and constant with it."
    RustCallRenamed "rust-call-renamed" Rust Breaking "A method of the client is called otherwise."
    RustTypeRemoved "rust-type-removed" Rust Breaking "A type is gone."
    RustTypeRenamed "rust-type-renamed" Rust Breaking "A type is called otherwise."
    RustTypeChanged "rust-type-changed" Rust Breaking "A type is of another kind."
    RustFieldRemoved "rust-field-removed" Rust Breaking "A public field is gone."
    RustFieldChanged "rust-field-changed" Rust Breaking "A public field has another type."
    RustVariantRemoved "rust-variant-removed" Rust Breaking "A variant is gone."
    RustVariantRenamed "rust-variant-renamed" Rust Breaking "A variant is called otherwise."
    RustVariantChanged "rust-variant-changed" Rust Breaking "A variant holds something else."
    RustMethodRemoved "rust-method-removed" Rust Breaking "A method of a type or builder is gone."
    RustMethodChanged "rust-method-changed" Rust Breaking "A method takes or gives something else."
    RustTraitRemoved "rust-trait-removed" Rust Breaking "A type no longer implements a trait."
    RustItemRemoved "rust-item-removed" Rust Breaking "A function, static or constant is gone."
    RustItemChanged "rust-item-changed" Rust Breaking "A function, static or constant has another type."
    RustTextChanged "rust-text-changed" Rust Notice "A variant stands for another text on the wire."
    RustDeprecated "rust-deprecated" Rust Notice "The compiler warns of an item."
    OperationIdChanged "operation-id-changed" Rust Notice "An operation has another operationId, which its method is called after unless `names.yaml` says otherwise."
    SchemaRenamed "schema-renamed" Rust Notice "A schema has another name, which its type is called after unless `names.yaml` says otherwise."
    SchemaRemoved "schema-removed" Rust Notice "A schema is gone; the places that used it have rows of their own."
    UnusedSchemaChanged "unused-schema-changed" Rust Notice "A schema changed that no operation uses."
    SchemaAdded "schema-added" New Addition "There is a new schema."
    RustCallAdded "rust-call-added" New Addition "There is a new method of the client, with its builder and constant."
    RustTypeAdded "rust-type-added" New Addition "There is a new type."
    RustFieldAdded "rust-field-added" New Addition "There is a new public field."
    RustVariantAdded "rust-variant-added" New Addition "There is a new variant."
    RustMethodAdded "rust-method-added" New Addition "There is a new method of a type or builder."
    RustTraitAdded "rust-trait-added" New Addition "A type implements another trait."
    RustItemAdded "rust-item-added" New Addition "There is a new function, static or constant."
}

impl Rule {
    /// Whether it tells of the generated code and not of the document.
    pub fn is_of_code(self) -> bool {
        self.id().starts_with("rust-")
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Rule;

    /// The table of `RULES.md`.
    fn table() -> String {
        let mut text = String::from("| rule | question | level | what it means |\n|---|---|---|---|\n");
        for rule in Rule::ALL {
            text.push_str(&format!(
                "| `{rule}` | {} | {} | {} |\n",
                rule.question().as_str(),
                rule.level().as_str(),
                rule.about()
            ));
        }
        text
    }

    #[test]
    fn the_table_of_the_documentation_is_this_one() {
        let written = include_str!("../../RULES.md");
        assert!(
            written.ends_with(&table()),
            "xtask/RULES.md must end with this table:\n{}",
            table()
        );
    }

    #[test]
    fn ids_are_kebab_case_and_none_stands_twice() {
        let ids: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        assert!(
            ids.iter()
                .all(|id| id.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()))
        );
    }
}
