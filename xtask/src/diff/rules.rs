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
        /// The kind of change that a row reports.
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
    ServerChanged "server-changed" Wire Breaking "The API has another address."
    OperationRemoved "operation-removed" Wire Breaking "An operation is gone."
    OperationMoved "operation-moved" Wire Breaking "An operation has another method or path under the same operationId."
    SecurityRequired "security-required" Wire Breaking "A public operation requires a credential."
    SecurityChanged "security-changed" Wire Breaking "An operation requires another credential."
    SecurityDropped "security-dropped" Wire Notice "An operation no longer requires a credential."
    OperationDeprecated "operation-deprecated" Wire Notice "An operation is deprecated, or no longer so."
    PathParameterRenamed "path-parameter-renamed" Wire Notice "A part of a path has another name; the address is the same."
    OperationAdded "operation-added" New Addition "There is a new operation."

    // Channels and methods of the WebSocket API. What they send and receive has the rules of bodies, responses and parameters.
    ChannelRemoved "channel-removed" Wire Breaking "A channel of the WebSocket API is gone."
    ChannelPatternChanged "channel-pattern-changed" Wire Breaking "The name of a channel has another pattern, and some names are gone."
    MethodRemoved "method-removed" Wire Breaking "A method of the WebSocket API is gone."
    ChannelAdded "channel-added" New Addition "There is a new channel of the WebSocket API."
    ChannelPatternExtended "channel-pattern-extended" New Addition "The name of a channel can have another part; all names that it had are still there."
    MethodAdded "method-added" New Addition "There is a new method of the WebSocket API."

    // Parameters.
    ParameterRemoved "parameter-removed" Wire Breaking "A parameter is gone."
    ParameterMoved "parameter-moved" Wire Breaking "A parameter is sent in another place: query, path, header."
    ParameterAddedRequired "parameter-added-required" Wire Breaking "There is a new required parameter."
    ParameterRequired "parameter-required" Wire Breaking "A parameter that could be left out is required."
    ParameterStyleChanged "parameter-style-changed" Wire Breaking "A parameter is written in another way."
    ParameterDeprecated "parameter-deprecated" Wire Notice "A parameter is deprecated, or no longer so."
    ParameterOptional "parameter-optional" New Addition "A parameter that was required can be left out."
    ParameterAdded "parameter-added" New Addition "There is a new parameter that can be left out."

    // Bodies and responses.
    BodyRequired "body-required" Wire Breaking "A body that was not sent, or could be left out, is required."
    RequestMediaTypeRemoved "request-media-type-removed" Wire Breaking "A media type of the request body is no longer accepted."
    ResponseMediaTypeRemoved "response-media-type-removed" Wire Breaking "A response no longer has this media type."
    SuccessStatusRemoved "success-status-removed" Wire Breaking "A status of success is gone."
    ResponseHeaderRemoved "response-header-removed" Wire Breaking "A response no longer has a header."
    SuccessStatusAdded "success-status-added" Wire Notice "Success can have another status."
    ErrorStatusRemoved "error-status-removed" Wire Notice "An error status is no longer declared."
    ResponseMediaTypeAdded "response-media-type-added" Wire Notice "A response can have another media type."
    BodyOptional "body-optional" New Addition "A body that was required can be left out."
    RequestMediaTypeAdded "request-media-type-added" New Addition "Another media type of the request body is accepted."
    ErrorStatusAdded "error-status-added" New Addition "Another error status is declared."
    ResponseHeaderAdded "response-header-added" New Addition "A response has another header."

    // What is sent.
    RequestTypeChanged "request-type-changed" Wire Breaking "A value that is sent has another type."
    RequestFieldRemoved "request-field-removed" Wire Breaking "A field that could be sent is gone."
    RequestFieldAddedRequired "request-field-added-required" Wire Breaking "There is a new required field."
    RequestFieldRequired "request-field-required" Wire Breaking "A field that could be left out is required."
    RequestNullForbidden "request-null-forbidden" Wire Breaking "`null` is no longer accepted."
    RequestValueRemoved "request-value-removed" Wire Breaking "A value is no longer accepted."
    RequestValueRenamed "request-value-renamed" Wire Breaking "A value is written in another way."
    RequestLimitTightened "request-limit-tightened" Wire Breaking "Fewer values are accepted: a lower maximum, a higher minimum, or a new rule."
    DefaultChanged "default-changed" Wire Breaking "The default of a field or parameter changed."
    DefaultDeclared "default-declared" Wire Notice "A default is declared that was not declared before."
    RequestTypeWidened "request-type-widened" New Addition "A value that is sent can be of more types."
    RequestFieldAdded "request-field-added" New Addition "There is a new field that can be sent."
    RequestFieldOptional "request-field-optional" New Addition "A field that was required can be left out."
    RequestNullAllowed "request-null-allowed" New Addition "`null` is accepted."
    RequestValueAdded "request-value-added" New Addition "Another value is accepted."
    RequestLimitLoosened "request-limit-loosened" New Addition "More values are accepted: a higher maximum, a lower minimum, or a rule less."

    // What is received.
    ResponseTypeChanged "response-type-changed" Wire Breaking "A value that is received has another type."
    ResponseFieldRemoved "response-field-removed" Wire Breaking "A field of a response is gone."
    ResponseFieldOptional "response-field-optional" Wire Breaking "A field that was always present can be missing."
    ResponseNullAllowed "response-null-allowed" Wire Breaking "A value can be `null`."
    ResponseValueRenamed "response-value-renamed" Wire Breaking "A value is written in another way."
    ResponseValueRemoved "response-value-removed" Wire Notice "A value is no longer returned."
    ResponseValuesOpen "response-values-open" Wire Notice "Any string can be returned where there was a list of values."
    ResponseLimitChanged "response-limit-changed" Wire Notice "The limits of a received value changed."
    ResponseDefaultChanged "response-default-changed" Wire Notice "The default of a field of a response changed."
    ResponseTypeNarrowed "response-type-narrowed" New Addition "A value that is received is described more exactly."
    ResponseFieldAdded "response-field-added" New Addition "There is a new field in a response."
    ResponseFieldRequired "response-field-required" New Addition "A field that could be missing is always present."
    ResponseNullForbidden "response-null-forbidden" New Addition "A value is never `null`."
    ResponseValueAdded "response-value-added" New Addition "Another value can be returned."

    // Both ways.
    FormatChanged "format-changed" Wire Notice "A text or number is written in another format."
    FieldDeprecated "field-deprecated" Wire Notice "A field or type is deprecated, or no longer so."
    KeywordChanged "keyword-changed" Wire Notice "Another keyword of a schema changed."
    OtherChange "other-change" Wire Notice "The documents differ in something that no other rule names."

    // Binary messages, as a decoder of the old schema meets them.
    SbeSchemaChanged "sbe-schema-changed" Wire Breaking "The SBE schema has another id, so every binary message has another form."
    SbeMessageRemoved "sbe-message-removed" Wire Breaking "A binary message is gone."
    SbeTemplateChanged "sbe-template-changed" Wire Breaking "A binary message has another template."
    SbeFieldRemoved "sbe-field-removed" Wire Breaking "A field of a binary message is gone."
    SbeFieldMoved "sbe-field-moved" Wire Breaking "A field of a binary message has another place, or a new one is not at the end."
    SbeTypeChanged "sbe-type-changed" Wire Breaking "A field of a binary message has another type."
    SbeNullAllowed "sbe-null-allowed" Wire Breaking "A field of a binary message can be null."
    SbeValueChanged "sbe-value-changed" Wire Breaking "A value of a binary enumeration or a flag has another number."
    SbeValueRemoved "sbe-value-removed" Wire Notice "A value of a binary enumeration or a flag is gone."
    SbeVersionChanged "sbe-version-changed" Wire Notice "The SBE schema has another version under the same id."
    SbeAddedInPlace "sbe-added-in-place" Wire Notice "A field was added to a version of the SBE schema that was published before, so frames of that version have two lengths."
    SbeMessageAdded "sbe-message-added" New Addition "There is a new binary message."
    SbeFieldAdded "sbe-field-added" New Addition "A binary message has a new field."
    SbeNullForbidden "sbe-null-forbidden" New Addition "A field of a binary message is never null."
    SbeValueAdded "sbe-value-added" New Addition "A binary enumeration has another value, or a set another flag."

    // The Rust surface, from the generated code.
    RustUnknown "rust-unknown" Rust Breaking "The Rust surface could not be compared, so it counts as broken."
    RustCallRemoved "rust-call-removed" Rust Breaking "A method of the client is gone, and its builder and constant with it."
    RustCallRenamed "rust-call-renamed" Rust Breaking "A method of the client has another name."
    RustTypeRemoved "rust-type-removed" Rust Breaking "A type is gone."
    RustTypeRenamed "rust-type-renamed" Rust Breaking "A type has another name."
    RustTypeChanged "rust-type-changed" Rust Breaking "A type is of another kind."
    RustFieldRemoved "rust-field-removed" Rust Breaking "A public field is gone."
    RustFieldChanged "rust-field-changed" Rust Breaking "A public field has another type."
    RustVariantRemoved "rust-variant-removed" Rust Breaking "A variant is gone."
    RustVariantRenamed "rust-variant-renamed" Rust Breaking "A variant has another name."
    RustVariantChanged "rust-variant-changed" Rust Breaking "A variant has other fields."
    RustMethodRemoved "rust-method-removed" Rust Breaking "A method of a type or builder is gone."
    RustMethodChanged "rust-method-changed" Rust Breaking "A method has another signature."
    RustTraitRemoved "rust-trait-removed" Rust Breaking "A type no longer implements a trait."
    RustItemRemoved "rust-item-removed" Rust Breaking "A function, static or constant is gone."
    RustItemChanged "rust-item-changed" Rust Breaking "A function, static or constant has another type."
    RustFeatureRequired "rust-feature-required" Rust Breaking "An item needs a feature that it did not need."
    RustTextChanged "rust-text-changed" Rust Notice "A variant has another text on the wire."
    RustDeprecated "rust-deprecated" Rust Notice "An item is deprecated, or no longer so."
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
    RustFeatureDropped "rust-feature-dropped" New Addition "An item no longer needs a feature."
    RustItemAdded "rust-item-added" New Addition "There is a new function, static or constant."
}

impl Rule {
    /// Whether it is about the generated code and not about the document.
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
    fn table_of_the_documentation_is_current() {
        let written = include_str!("../../RULES.md");
        assert!(
            written.ends_with(&table()),
            "xtask/RULES.md must end with this table:\n{}",
            table()
        );
    }

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let ids: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), Rule::ALL.len());
        assert!(
            ids.iter()
                .all(|id| id.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()))
        );
    }
}
