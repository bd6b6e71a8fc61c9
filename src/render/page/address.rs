//! Addresses of our own pages.

use std::fmt::Write as _;

/// A text written so that it can be the value of a parameter in an address.
#[must_use]
pub fn as_parameter(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                written.push(char::from(byte));
            }
            // A string can always be written to.
            other => _ = write!(written, "%{other:02X}"),
        }
    }
    written
}

/// The address of a page: its path, and what is said of it, field by field. Fields that say nothing are left out.
#[must_use]
pub fn address_of<'f, V: AsRef<str>>(path: &str, fields: impl IntoIterator<Item = (&'f str, V)>) -> String {
    let mut address = path.to_owned();
    let said = fields.into_iter().filter(|(_, value)| !value.as_ref().is_empty());
    for (place, (name, value)) in said.enumerate() {
        let mark = if place == 0 { '?' } else { '&' };
        address.extend([mark.to_string().as_str(), name, "=", &as_parameter(value.as_ref())]);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_there_is_to_say_so_that_it_is_read_as_it_was_meant() {
        assert_eq!(address_of("/board", [("q", ""), ("sort", "")]), "/board");
        assert_eq!(address_of("/board", [("q", "å&b"), ("sort", ""), ("to", "/a?b")]), "/board?q=%C3%A5%26b&to=/a%3Fb");
    }
}
