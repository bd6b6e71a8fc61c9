//! Trees of XML elements and the one place that writes them.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

const INDENT_WIDTH: usize = 2;

/// An element with attributes and either text or children.
#[derive(Debug)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Children(Vec<Element>),
}

impl Element {
    /// An element that holds text.
    pub(crate) fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, attributes: vec![], content: Content::Text(text.into()) }
    }

    /// An element that holds others, in this order. Those that are nothing are left out.
    pub(crate) fn group(name: &'static str, children: impl IntoIterator<Item = Option<Self>>) -> Self {
        let children = children.into_iter().flatten().collect();
        Self { name, attributes: vec![], content: Content::Children(children) }
    }

    /// The same with an attribute more.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// As an XML file in UTF-8, indented, with a line feed at the end.
    #[expect(clippy::expect_used, reason = "a vector takes every byte")]
    pub(crate) fn to_xml(&self) -> Vec<u8> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', INDENT_WIDTH);
        writer
            .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
            .and_then(|()| self.write(&mut writer))
            .expect("a vector takes every byte");
        let mut xml = writer.into_inner();
        xml.push(b'\n');
        xml
    }

    /// Writes it where a larger document is under way.
    ///
    /// # Errors
    /// What it is written to says no.
    pub(crate) fn write<W: io::Write>(&self, writer: &mut Writer<W>) -> io::Result<()> {
        let attributes = self.attributes.iter().map(|(name, value)| (*name, value.as_str()));
        writer.write_event(Event::Start(BytesStart::new(self.name).with_attributes(attributes)))?;
        match &self.content {
            Content::Text(text) => writer.write_event(Event::Text(BytesText::new(text)))?,
            Content::Children(children) => children.iter().try_for_each(|child| child.write(writer))?,
        }
        writer.write_event(Event::End(BytesEnd::new(self.name)))
    }
}
