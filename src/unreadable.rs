//! What is said of a value that cannot be read: in the words of the trade, with the form that is expected.

/// What libraries say of a day that is none.
const NO_DAY: [&str; 5] = [
    "input is out of range",
    "no possible date and time matching input",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];

/// What a library says of a value, or what it means by it where it is about days and ids.
#[must_use]
pub fn plainly(said: &str) -> String {
    if NO_DAY.contains(&said) {
        return "there is no such day; write it as 2024-12-31".to_owned();
    }
    if said.starts_with("UUID parsing failed") {
        return "it is no id; ids are UUIDs, as the lists show them".to_owned();
    }
    said.to_owned()
}
