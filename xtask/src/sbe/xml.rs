//! Reads XML into a small tree, within limits.
//!
//! The schema is published as XML by somebody else, so nothing in it may cost more than it is worth: size, depth, elements and
//! attributes are limited, a document type definition and entities are refused, and nothing is resolved or fetched.

use anyhow::{Context, bail, ensure};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// The largest document, in bytes. The published one has 55,000.
const LARGEST: usize = 4 << 20;

/// The greatest depth of elements. The published document has 4.
const DEEPEST: usize = 16;

/// The most elements. The published document has about 400.
const MOST_ELEMENTS: usize = 20_000;

/// The most attributes of one element. The published document has 8.
const MOST_ATTRIBUTES: usize = 32;

/// An element without its comments.
#[derive(Debug, Default)]
pub struct Element {
    /// The name without its prefix.
    pub name: String,
    /// The attributes in the order of the document, without declarations of namespaces.
    pub attributes: Vec<(String, String)>,
    /// The text between its children, trimmed.
    pub text: String,
    /// The elements inside it.
    pub children: Vec<Element>,
    /// The line on which it begins.
    pub line: usize,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads a document.
///
/// # Errors
///
/// It is no well-formed XML, it exceeds a limit, or it has a document type definition, an entity, CDATA or a processing
/// instruction.
pub fn read(text: &str) -> anyhow::Result<Element> {
    ensure!(
        text.len() <= LARGEST,
        "the XML has more than {LARGEST} bytes; that is no SBE schema"
    );
    let mut lines = Lines::new(text);
    let mut reader = Reader::from_str(text);
    // The elements that are open, outermost first. The first stands for the document.
    let mut open = vec![Element::default()];
    let mut elements = 0_usize;
    loop {
        let event = reader.read_event();
        let line = lines.at(usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX));
        let event = event.with_context(|| format!("the XML is not well-formed near line {line}"))?;
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                elements += 1;
                ensure!(
                    elements <= MOST_ELEMENTS,
                    "the XML has more than {MOST_ELEMENTS} elements"
                );
                ensure!(
                    open.len() <= DEEPEST,
                    "the XML is nested deeper than {DEEPEST} elements at line {line}"
                );
                open.push(element(&tag, line)?);
                if is_empty {
                    close(&mut open, line)?;
                }
            }
            Event::End(_) => close(&mut open, line)?,
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(text.trim());
                }
            }
            Event::Comment(_) | Event::Decl(_) => {}
            Event::DocType(_) => {
                bail!("the XML has a document type definition at line {line}; that is refused")
            }
            Event::GeneralRef(_) => bail!("the XML has an entity reference at line {line}; that is refused"),
            Event::CData(_) => bail!("the XML has a CDATA section at line {line}; an SBE schema needs none"),
            Event::PI(_) => bail!("the XML has a processing instruction at line {line}; that is refused"),
            Event::Eof => break,
        }
    }
    ensure!(
        open.len() == 1,
        "the XML ends inside an element: the download is truncated; fetch it again"
    );
    let document = open.pop().unwrap_or_default();
    ensure!(
        document.text.is_empty(),
        "the XML has text outside its root element"
    );
    let mut roots = document.children.into_iter();
    match (roots.next(), roots.next()) {
        (Some(root), None) => Ok(root),
        (None, _) => bail!("the XML has no element"),
        (Some(_), Some(second)) => bail!("the XML has a second root element at line {}", second.line),
    }
}

fn element(tag: &BytesStart<'_>, line: usize) -> anyhow::Result<Element> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute =
            attribute.with_context(|| format!("an attribute is not well-formed near line {line}"))?;
        ensure!(
            attributes.len() < MOST_ATTRIBUTES,
            "an element has more than {MOST_ATTRIBUTES} attributes at line {line}"
        );
        let name = attribute.key.as_ref();
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .with_context(|| format!("attribute `{name}` near line {line}"))?;
        attributes.push((name.to_owned(), value.into_owned()));
    }
    Ok(Element {
        name: tag.local_name().as_ref().to_owned(),
        attributes,
        line,
        ..Element::default()
    })
}

fn close(open: &mut Vec<Element>, line: usize) -> anyhow::Result<()> {
    if open.len() > 1
        && let Some(element) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(element);
        return Ok(());
    }
    bail!("the XML closes an element that is not open at line {line}")
}

/// Finds the line of a position. Positions only grow, so the text is scanned once.
struct Lines<'a> {
    text: &'a [u8],
    position: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            position: 0,
            line: 1,
        }
    }

    fn at(&mut self, position: usize) -> usize {
        let position = position.clamp(self.position, self.text.len());
        let passed = self.text.get(self.position..position).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.position = position;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, LARGEST, MOST_ATTRIBUTES, MOST_ELEMENTS, read};

    fn refusal(text: &str) -> String {
        format!("{:#}", read(text).unwrap_err())
    }

    #[test]
    fn elements_attributes_and_text_are_read_without_comments() {
        let root = read("<?xml version=\"1.0\"?>\n<!-- prose -->\n<p:a xmlns:p=\"u\" k=\"&lt;1\">\n <b>2<!-- x --></b><c/></p:a>").unwrap();
        assert_eq!((root.name.as_str(), root.line), ("a", 3));
        assert_eq!(root.attributes, [("k".to_owned(), "<1".to_owned())]);
        let children: Vec<_> = root
            .children
            .iter()
            .map(|child| (&*child.name, &*child.text, child.line))
            .collect();
        assert_eq!(children, [("b", "2", 4), ("c", "", 4)]);
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = format!("{}{}", "<x>".repeat(DEEPEST + 1), "</x>".repeat(DEEPEST + 1));
        let endless = "<x>".repeat(1_000_000);
        let wide = format!("<a>{}</a>", "<b/>".repeat(MOST_ELEMENTS));
        let attributes: String = (0..=MOST_ATTRIBUTES).map(|at| format!(" a{at}=\"\"")).collect();
        for (text, said) in [
            ("", "no element"),
            ("just words", "no element"),
            ("<a>", "truncated"),
            ("<a></b>", "not well-formed"),
            ("</a>", "not well-formed"),
            ("<a/><b/>", "second root element at line 1"),
            ("<a/>more", "text outside"),
            (
                "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                "document type definition",
            ),
            ("<a>&x;</a>", "entity reference at line 1"),
            ("<a k=\"&x;\"/>", "attribute `k`"),
            ("<a k=\"1\" k=\"2\"/>", "not well-formed"),
            ("<a><![CDATA[x]]></a>", "CDATA"),
            ("<a><?x y?></a>", "processing instruction"),
            (&deep, "nested deeper"),
            (&endless, "nested deeper"),
            (&wide, "more than 20000 elements"),
            (&format!("<a{attributes}/>"), "more than 32 attributes"),
            (&" ".repeat(LARGEST + 1), "more than 4194304 bytes"),
        ] {
            let found = refusal(text);
            let shown: String = text.chars().take(40).collect();
            assert!(found.contains(said), "{shown}: {found}");
        }
    }
}
