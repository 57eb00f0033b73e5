//! Writes `src/generated/sbe.rs`: the views of messages, and the enumerations.

use heck::ToSnakeCase;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::model::{EntryModel, FieldModel, Kind, MessageModel, Model, NON_REPRESENTABLE, TypeModel};
use super::{convert, schema::Primitive};
use crate::passes::doc;

/// The whole file.
pub fn module(model: &Model) -> TokenStream {
    let (id, version) = (model.schema_id, model.version);
    let types = model.types.iter().map(type_item);
    let entries = model.entries.iter().map(entry_item);
    let messages = model.messages.iter().map(message_item);
    let conversions = model.messages.iter().map(convert::conversion);
    let message = message_enum(model);
    quote! {
        #![doc = "The messages of the SBE schema."]
        #![allow(unused_imports, reason = "not every schema has every kind of field")]

        use rust_decimal::Decimal;

        use crate::sbe::number::{added, bytes, decimal, not_null, nullable, since};
        use crate::sbe::reader::Reader;
        use crate::sbe::{AccountAddress, Entry, Error, Group, Header, UnknownMessage, byte_enum, byte_set, json};
        use crate::types;
        use crate::wire::Record;

        /// The id of the schema. A frame with another id is refused.
        pub const SCHEMA_ID: u16 = #id;

        /// The newest version of the schema that this crate knows. Frames of all versions are decoded.
        pub const SCHEMA_VERSION: u16 = #version;

        #message
        #(#messages)*
        #(#entries)*
        #(#types)*
        #(#conversions)*
    }
}

fn message_enum(model: &Model) -> TokenStream {
    let variants: Vec<_> = model.messages.iter().map(|message| &message.variant).collect();
    let names: Vec<_> = model
        .messages
        .iter()
        .map(|message| format_ident!("{}", message.name))
        .collect();
    let texts: Vec<_> = model.messages.iter().map(|message| &message.name).collect();
    let views = model.messages.iter().map(view_type);
    let docs = model.messages.iter().map(|message| doc(&message.text));
    let with_market: Vec<_> = model
        .messages
        .iter()
        .filter(|message| {
            message
                .data
                .iter()
                .any(|field| field.name == "market" && field.since == 0)
        })
        .map(|message| &message.variant)
        .collect();
    quote! {
        /// A message of the exchange.
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub enum Message<'a> {
            #(#docs #variants(#views),)*
            /// A message with a template that this version of the crate does not know.
            Unknown(UnknownMessage<'a>),
        }

        impl<'a> Message<'a> {
            /// Decodes a frame.
            ///
            /// Bytes after the end of the message are ignored, because later versions of the schema append fields.
            ///
            /// # Errors
            ///
            /// The frame has another schema id, ends too early, has a text that is not UTF-8 or null where the schema requires a
            /// value.
            pub fn decode(frame: &'a [u8]) -> Result<Self, Error> {
                let mut reader = Reader::new(frame);
                let header = reader.header()?;
                if header.schema_id != SCHEMA_ID {
                    return Err(Error::SchemaId { found: header.schema_id });
                }
                Ok(match header.template_id {
                    #(#names::TEMPLATE_ID => Message::#variants(#names::read(header, reader)?),)*
                    _ => Message::Unknown(UnknownMessage::new(header, reader.rest())),
                })
            }

            /// Returns the header of the frame.
            pub fn header(&self) -> Header {
                match self {
                    #(Message::#variants(message) => message.header(),)*
                    Message::Unknown(message) => message.header(),
                }
            }

            /// Returns the name of the message in the schema, such as `BboEvent`; `None` for an unknown template.
            pub fn name(&self) -> Option<&'static str> {
                match self {
                    #(Message::#variants(_) => Some(#texts),)*
                    Message::Unknown(_) => None,
                }
            }

            /// Returns the market that the message is about.
            pub fn market(&self) -> Option<&'a str> {
                match self {
                    #(Message::#with_market(message) => Some(message.market()),)*
                    _ => None,
                }
            }
        }
    }
}

/// The type of a view, with its lifetime.
fn view_type(message: &MessageModel) -> TokenStream {
    let name = format_ident!("{}", message.name);
    quote!(#name<'a>)
}

fn message_item(message: &MessageModel) -> TokenStream {
    let name = format_ident!("{}", message.name);
    let text = &message.name;
    let about = doc(&message.text);
    let (id, base) = (message.id, usize::from(message.base));
    let groups = message.groups.iter().map(|group| {
        let (rust, entry) = (&group.rust, &group.entry);
        quote!(#rust: Group<'a, #entry>)
    });
    let texts = message.data.iter().map(|field| {
        let rust = &field.rust;
        match field.since {
            0 => quote!(#rust: &'a str),
            _ => quote!(#rust: Option<&'a str>),
        }
    });
    let read_groups = message.groups.iter().map(|group| {
        let (rust, entry) = (&group.rust, &group.entry);
        let part = format!("{}.{}", message.name, group.name);
        quote!(let #rust = reader.group::<#entry>(#part)?;)
    });
    let read_texts = message.data.iter().map(|field| {
        let rust = &field.rust;
        let part = format!("{}.{}", message.name, field.name);
        match field.since {
            0 => quote!(let #rust = reader.text(#part)?;),
            since => quote!(let #rust = reader.added_text(#part, header.version >= #since)?;),
        }
    });
    let members = message.groups.iter().map(|group| &group.rust);
    let members: Vec<_> = members
        .chain(message.data.iter().map(|field| &field.rust))
        .collect();
    let checks = message
        .fields
        .iter()
        .filter_map(|field| check(field, &message.name, &quote!(block)));
    let getters = message
        .fields
        .iter()
        .map(|field| getter(field, message.mantissas));
    let group_getters = message.groups.iter().map(|group| {
        let (rust, entry) = (&group.rust, &group.entry);
        let about = doc(&group.text);
        quote! {
            #about
            pub fn #rust(&self) -> Group<'a, #entry> {
                self.#rust
            }
        }
    });
    let text_getters = message.data.iter().map(|field| {
        let rust = &field.rust;
        let about = field_doc(field);
        let kind = match field.since {
            0 => quote!(&'a str),
            _ => quote!(Option<&'a str>),
        };
        quote! {
            #about
            pub fn #rust(&self) -> #kind {
                self.#rust
            }
        }
    });
    let shown = message
        .fields
        .iter()
        .filter(|field| field.deprecated.is_none())
        .map(|field| &field.rust);
    let shown: Vec<_> = shown.chain(members.iter().copied()).collect();
    let shown_names = shown.iter().map(|rust| rust.to_string());
    let added = message.fields.iter().any(|field| field.since > 0);
    let (added_member, added_read, added_name) = match added {
        true => (quote!(added: &'a [u8],), quote!((block, added)), quote!(added,)),
        false => (quote!(), quote!((block, _)), quote!()),
    };
    quote! {
        #about
        #[derive(Clone, Copy)]
        pub struct #name<'a> {
            header: Header,
            block: &'a [u8; #base],
            #added_member
            #(#groups,)*
            #(#texts,)*
        }

        impl<'a> #name<'a> {
            /// The number of the template.
            pub const TEMPLATE_ID: u16 = #id;

            #[inline]
            fn read(header: Header, mut reader: Reader<'a>) -> Result<Self, Error> {
                let #added_read = reader.block(#text, header)?;
                #(#read_groups)*
                #(#read_texts)*
                #(#checks)*
                Ok(Self { header, block, #added_name #(#members),* })
            }

            /// Returns the header of the frame.
            pub fn header(&self) -> Header {
                self.header
            }

            #(#getters)*
            #(#group_getters)*
            #(#text_getters)*
        }

        impl std::fmt::Debug for #name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text)#(.field(#shown_names, &self.#shown()))*.finish()
            }
        }
    }
}

fn entry_item(entry: &EntryModel) -> TokenStream {
    let name = &entry.rust;
    let text = name.to_string();
    let about = doc(&entry.text);
    let length = usize::from(entry.length);
    let getters = entry.fields.iter().map(|field| getter(field, true));
    let checks = entry.fields.iter();
    let checks = checks.filter_map(|field| check(field, &entry.place, &quote!(&self.block)));
    let shown: Vec<_> = entry.fields.iter().map(|field| &field.rust).collect();
    let shown_names = shown.iter().map(|rust| rust.to_string());
    quote! {
        #about
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct #name {
            block: [u8; #length],
        }

        impl #name {
            #(#getters)*
        }

        impl Entry for #name {
            const LENGTH: usize = #length;

            #[inline]
            fn new(bytes: &[u8]) -> Option<Self> {
                bytes.first_chunk().map(|block| Self { block: *block })
            }

            #[inline]
            fn check(self) -> Result<(), Error> {
                #(#checks)*
                Ok(())
            }
        }

        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text)#(.field(#shown_names, &self.#shown()))*.finish()
            }
        }
    }
}

/// Refuses null in a decimal of the first version that the schema requires.
fn check(field: &FieldModel, place: &str, block: &TokenStream) -> Option<TokenStream> {
    let Kind::Decimal { nullable: false, .. } = field.kind else {
        return None;
    };
    if field.since > 0 {
        return None;
    }
    let at = usize::from(field.offset);
    let part = format!("{place}.{}", field.name);
    Some(quote!(not_null(i64::from_le_bytes(bytes(#block, #at)), #part)?;))
}

/// The documentation of a field.
pub fn field_doc(field: &FieldModel) -> TokenStream {
    let about = doc(&field.text);
    let added = (field.since > 0).then(|| {
        let text = format!(
            "`None` in frames without it: those before version {} of the schema, and some of that version.",
            field.since
        );
        let text = doc(&text);
        quote!(#[doc = ""] #text)
    });
    let deprecated = field
        .deprecated
        .as_ref()
        .map(|note| quote!(#[deprecated(note = #note)]));
    quote!(#about #added #deprecated)
}

/// The methods that read a field.
fn getter(field: &FieldModel, mantissas: bool) -> TokenStream {
    let rust = &field.rust;
    let about = field_doc(field);
    let (kind, value) = value(field);
    let mantissa = match &field.kind {
        Kind::Decimal { .. } if mantissas => Some(mantissa_getter(field)),
        _ => None,
    };
    quote! {
        #about
        #[inline]
        pub fn #rust(&self) -> #kind {
            #value
        }

        #mantissa
    }
}

/// The bytes of a field; for an added one, with `?` where the frame does not have it.
fn raw(field: &FieldModel) -> TokenStream {
    let at = usize::from(field.offset);
    match field.since {
        0 => quote!(bytes(&self.block[..], #at)),
        version => quote!(added(since(#version, self.header, self.added), #at)?),
    }
}

fn mantissa_getter(field: &FieldModel) -> TokenStream {
    let Kind::Decimal { digits, nullable } = field.kind else {
        return TokenStream::new();
    };
    let name = format_ident!("{}_mantissa", field.rust);
    let about = doc(&format!(
        "Returns [`{0}`](Self::{0}) without its point: the number times 10 to the power of {digits}.",
        field.rust
    ));
    let raw = raw(field);
    let (kind, value) = match nullable || field.since > 0 {
        true => (quote!(Option<i64>), quote!(nullable(i64::from_le_bytes(#raw)))),
        false => (quote!(i64), quote!(i64::from_le_bytes(#raw))),
    };
    quote! {
        #about
        #[inline]
        pub fn #name(&self) -> #kind {
            #value
        }
    }
}

/// The type that a getter returns, and its body.
fn value(field: &FieldModel) -> (TokenStream, TokenStream) {
    let raw = raw(field);
    let added = field.since > 0;
    let (kind, value) = match &field.kind {
        Kind::Integer {
            primitive, optional, ..
        } => {
            let rust = format_ident!("{}", primitive.rust());
            let read = quote!(#rust::from_le_bytes(#raw));
            if *optional {
                let null = null(*primitive);
                return (
                    quote!(Option<#rust>),
                    quote! {
                        let value = #read;
                        (value != #null).then_some(value)
                    },
                );
            }
            (quote!(#rust), read)
        }
        Kind::Decimal {
            digits,
            nullable: is_nullable,
        } => {
            let digits = Literal::u32_unsuffixed(*digits);
            if *is_nullable || added {
                return (
                    quote!(Option<Decimal>),
                    quote!(nullable(i64::from_le_bytes(#raw)).map(|mantissa| decimal(mantissa, #digits))),
                );
            }
            (
                quote!(Decimal),
                quote!(decimal(i64::from_le_bytes(#raw), #digits)),
            )
        }
        Kind::Enum(name) | Kind::Set(name) => (quote!(#name), quote!(#name::from(u8::from_le_bytes(#raw)))),
        Kind::Account => (quote!(AccountAddress), quote!(AccountAddress::new(#raw))),
        Kind::Text => (quote!(&'a str), quote!("")),
    };
    match added {
        true => (quote!(Option<#kind>), quote!(Some(#value))),
        false => (kind, value),
    }
}

/// The value of an integer that means null.
pub fn null(primitive: Primitive) -> TokenStream {
    let rust = format_ident!("{}", primitive.rust());
    match primitive {
        Primitive::Int8 | Primitive::Int16 | Primitive::Int32 | Primitive::Int64 => quote!(#rust::MIN),
        Primitive::Uint8 | Primitive::Uint16 | Primitive::Uint32 | Primitive::Uint64 => quote!(#rust::MAX),
    }
}

fn type_item(item: &TypeModel) -> TokenStream {
    match item.is_set {
        true => set_item(item),
        false => enum_item(item),
    }
}

fn enum_item(item: &TypeModel) -> TokenStream {
    let name = &item.rust;
    let about = doc(&item.entry.text);
    let variants: Vec<_> = item.values.iter().map(|value| &value.rust).collect();
    let docs = item.values.iter().map(|value| match value.name.as_str() {
        NON_REPRESENTABLE => doc("`NON_REPRESENTABLE`: a value that the schema cannot express."),
        name => doc(&format!("`{name}`")),
    });
    let numbers = item
        .values
        .iter()
        .map(|value| Literal::u8_unsuffixed(value.choice.value));
    let texts = item.values.iter().map(|value| &value.name);
    let absent: Vec<_> = item
        .values
        .iter()
        .filter(|value| item.entry.absent.contains(&value.name))
        .map(|value| &value.rust)
        .collect();
    let conversions = item.entry.json.iter().map(|(record, renamed)| {
        let to = method_to(record);
        let record_name = format_ident!("{record}");
        let arms = item.values.iter().filter(|value| {
            value.name != NON_REPRESENTABLE
                && !item.entry.absent.contains(&value.name)
                && !item.entry.sbe_only.contains(&value.name)
        });
        let arms = arms.map(|value| {
            let (variant, text) = (&value.rust, renamed.get(&value.name).unwrap_or(&value.name));
            quote!(Self::#variant => types::#record_name::from(#text))
        });
        let about = match absent.is_empty() {
            true => doc(&format!("Returns the value of the REST API. One that it does not have becomes `Unknown`, so this is never `None`; see [`types::{record}`].")),
            false => doc(&format!("Returns the value of the REST API, or `None` if this stands for no value. One that it does not have becomes `Unknown`; see [`types::{record}`].")),
        };
        quote! {
            #about
            pub fn #to(self) -> Option<types::#record_name> {
                Some(match self {
                    #(#arms,)*
                    #(Self::#absent => return None,)*
                    other => types::#record_name::from(other.to_string().as_str()),
                })
            }
        }
    });
    let text = item.is_text.then(|| {
        let body = match absent.is_empty() {
            true => quote!(Some(self.to_string())),
            false => quote! {
                match self {
                    #(Self::#absent => None,)*
                    other => Some(other.to_string()),
                }
            },
        };
        quote! {
            /// The text in JSON.
            fn to_text(self) -> Option<String> {
                #body
            }
        }
    });
    let impls = (text.is_some() || !item.entry.json.is_empty()).then(|| {
        quote! {
            impl #name {
                #(#conversions)*
                #text
            }
        }
    });
    quote! {
        #about
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #variants,)*
            /// A number that this version of the crate does not know.
            Unknown(u8),
        }

        byte_enum!(#name { #(#variants = #numbers #texts),* });

        #impls
    }
}

fn set_item(item: &TypeModel) -> TokenStream {
    let name = &item.rust;
    let about = doc(&item.entry.text);
    let constants: Vec<_> = item.values.iter().map(|value| &value.rust).collect();
    let docs = item.values.iter().map(|value| doc(&format!("`{}`", value.name)));
    let bits: Vec<_> = item
        .values
        .iter()
        .map(|value| Literal::u8_unsuffixed(value.choice.value))
        .collect();
    let texts = item.values.iter().map(|value| &value.name);
    let conversions = item.entry.json.iter().map(|(record, renamed)| {
        let to = method_to(format_args!("{record}s"));
        let record_name = format_ident!("{record}");
        let (old, new): (Vec<_>, Vec<_>) = renamed.iter().unzip();
        let mapped = (!renamed.is_empty()).then(|| {
            quote!(.map(|name| match name { #(#old => #new,)* other => other }))
        });
        let about = doc(&format!("Returns the flags that are set as values of the REST API. One that it does not have becomes `Unknown`; see [`types::{record}`]."));
        quote! {
            #about
            pub fn #to(self) -> Vec<types::#record_name> {
                let names = self.names()#mapped;
                json::flags(names, self.unknown().bits()).map(|name| types::#record_name::from(&*name)).collect()
            }
        }
    });
    quote! {
        #about
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct #name(u8);

        impl #name {
            #(
                #docs
                pub const #constants: Self = Self(1 << #bits);
            )*
            #(#conversions)*
        }

        byte_set!(#name { #(#constants = #bits #texts),* });
    }
}

/// The name of the method that converts into a type of the REST API, or into a list of them with `s` after its name.
pub fn method_to(to: impl std::fmt::Display) -> Ident {
    format_ident!("to_{}", to.to_string().to_snake_case())
}
