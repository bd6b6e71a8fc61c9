//! What must stay absent from the sources: wrong directions of dependency, forbidden means, overlong files, leftovers.

use std::collections::BTreeSet;

use crate::files;

const LINES_MAX: usize = 600;

/// The modules that are held to a list: they may know these and themselves.
const MAY_KNOW: [(&str, &[&str]); 14] = [
    ("lookup", &[]),
    ("decider", &["lookup"]),
    ("domain", &["decider"]),
    ("schema", &["domain"]),
    ("store", &["lookup", "rounds", "whole_file"]),
    ("view", &["decider", "domain", "lookup"]),
    ("process", &["domain", "view"]),
    ("render", &["domain", "process", "text", "view"]),
    ("mail", &["config", "render", "whole_file"]),
    ("clock", &[]),
    ("ids", &[]),
    ("rounds", &[]),
    ("side_by_side", &[]),
    ("whole_file", &["side_by_side"]),
];

/// The modules that hold no rule: they ask `handle` and `view`, and neither decide nor decode by themselves.
const HOLD_NO_RULE: [&str; 3] = ["http", "cli", "worker"];
const RULES: [&str; 2] = ["decider", "schema"];

/// What the rules do without.
const NOT_IN_DOMAIN: [&str; 12] = [
    "async fn",
    "async move",
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::thread",
    "std::time",
    "tokio",
    "rusqlite",
    "Utc::now",
    "Uuid::new_v4",
];
const FLOATS: [&str; 2] = ["f64", "f32"];

/// What no file of the repository holds. Put together here, so that this file does not hold it either.
const LEFTOVERS: [&str; 6] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("/wo", "rk/"),
    concat!("/tm", "p/"),
    concat!("/ro", "ot/"),
];

/// The code of a source without comments and without the tests at its end.
fn code(source: &str) -> String {
    let before_tests = source.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    before_tests.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or_default() }
}

/// Ids say nothing, so everybody may know them.
const KNOWN_BY_ALL: &str = "crate::domain::identity";

/// The top module that a source belongs to: `src/store/chain.rs` to `store`.
fn module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split(['/', '.']).next().unwrap_or_default()
}

/// The top modules that some code names, also within `use crate::{…}`.
fn known_modules(code: &str) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            None => modules.extend(first_word(after)),
            Some(group) => {
                let mut depth = 0_usize;
                let mut at_start = true;
                for (index, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => at_start = true,
                        c if at_start && c.is_alphabetic() => {
                            modules.extend(group.get(index..).and_then(first_word));
                            at_start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    modules
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    word.starts_with(char::is_lowercase).then_some(word)
}

/// Whether `word` stands in `code` by itself and not as part of a longer one.
fn has_word(code: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(index, _)| {
        let before = code.get(..index).and_then(|text| text.chars().next_back());
        let after = code.get(index + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

/// What is wrong with a source.
fn source_faults(path: &str, source: &str) -> Vec<String> {
    let module = module(path);
    // Tests in a file of their own may know anybody, as those at the end of a source may.
    let code = if path.ends_with("/tests.rs") || path.contains("/tests/") { String::new() } else { code(source) };
    let known = known_modules(&code.replace(KNOWN_BY_ALL, ""));
    let mut faults = Vec::new();
    if let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == module) {
        for other in known.iter().filter(|other| *other != module && !allowed.contains(&other.as_str())) {
            faults.push(format!("{path}: {module} must not know {other}"));
        }
    }
    if HOLD_NO_RULE.contains(&module) {
        for rule in RULES.iter().filter(|rule| known.contains(**rule)) {
            faults.push(format!("{path}: {module} holds no rule and must not know {rule}"));
        }
    }
    if module == "domain" {
        for word in NOT_IN_DOMAIN.iter().filter(|word| code.contains(**word)) {
            faults.push(format!("{path}: the rules do without {word}"));
        }
        for word in FLOATS.iter().filter(|word| has_word(&code, word)) {
            faults.push(format!("{path}: the rules do without {word}"));
        }
    }
    let lines = source.lines().count();
    if lines > LINES_MAX {
        faults.push(format!("{path}: {lines} lines are more than {LINES_MAX}; split it by meaning"));
    }
    faults
}

/// The top modules as `src/lib.rs` has them, which is the order of dependency.
fn order() -> Vec<String> {
    let lib = files::read("src/lib.rs");
    let named = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    named.map(str::to_owned).collect()
}

/// What a source knows that stands below its own module.
fn wrong_directions(order: &[String], path: &str, source: &str) -> Vec<String> {
    let place = |module: &str| order.iter().position(|known| known == module);
    let Some(own) = place(module(path)) else { return Vec::new() };
    let known = known_modules(&code(source).replace(KNOWN_BY_ALL, ""));
    let below = known.iter().filter(|other| place(other).is_some_and(|place| place > own));
    below.map(|other| format!("{path} knows {other}, which stands below it")).collect()
}

/// What was left behind in any file.
fn leftovers(path: &str, text: &str) -> Vec<String> {
    let found = LEFTOVERS.iter().filter(|leftover| text.contains(**leftover));
    found.map(|leftover| format!("{path}: \"{leftover}\" was left behind")).collect()
}

#[test]
fn the_sources_keep_to_their_directions_and_means() {
    let sources: Vec<String> = ["src", "tests", "benches"]
        .iter()
        .flat_map(|folder| files::below(folder))
        .filter(|path| is(path, "rs"))
        .collect();
    assert!(sources.iter().any(|path| path == "src/lib.rs"), "the sources were not found");
    let faults: Vec<String> = sources.iter().flat_map(|path| source_faults(path, &files::read(path))).collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_module_knows_what_stands_below_it() {
    let order = order();
    assert!(order.len() > 30, "{order:?}");
    let sources = files::below("src");
    let of_program =
        sources.iter().filter(|path| is(path, "rs") && !path.ends_with("/tests.rs") && !path.contains("/tests/"));
    let faults: Vec<String> = of_program.flat_map(|path| wrong_directions(&order, path, &files::read(path))).collect();
    assert_eq!(faults, Vec::<String>::new());
    let upwards = "use crate::{store::Position, http};";
    assert_eq!(
        wrong_directions(&order, "src/view/book.rs", upwards),
        ["src/view/book.rs knows http, which stands below it"]
    );
}

#[test]
fn nothing_was_left_behind() {
    let texts = ["rs", "ftl", "hbs", "typ", "toml", "md", "json", "csv", "html"];
    let folders = ["src", "tests", "benches", "events", "reports", "config"];
    let of_the_root =
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "Cargo.toml", "clippy.toml"].map(str::to_owned).into_iter();
    let faults: Vec<String> = folders
        .iter()
        .flat_map(|folder| files::below(folder))
        .filter(|path| texts.iter().any(|ending| is(path, ending)))
        .chain(of_the_root.filter(|path| files::root().join(path).exists()))
        .flat_map(|path| leftovers(&path, &files::read(&path)))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

fn is(path: &str, ending: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found == ending)
}

#[test]
fn a_wrong_direction_would_be_noticed() {
    let grouped = "use crate::{\n    domain::{money::Ore, party},\n    store::EventStore,\n};\n";
    assert_eq!(source_faults("src/view/budget.rs", grouped), ["src/view/budget.rs: view must not know store"],);
    assert_eq!(
        source_faults("src/store/chain.rs", "fn f() { crate::domain::money::Ore(1); }"),
        ["src/store/chain.rs: store must not know domain"],
    );
    assert_eq!(
        source_faults("src/cli/budget.rs", "use crate::decider::Decider;"),
        ["src/cli/budget.rs: cli holds no rule and must not know decider"],
    );
    assert_eq!(source_faults("src/app.rs", "use crate::{domain, store};"), Vec::<String>::new());
    assert_eq!(source_faults("src/store/people.rs", "use crate::domain::identity::PersonId;"), Vec::<String>::new());
}

#[test]
fn a_forbidden_means_in_the_rules_would_be_noticed() {
    assert_eq!(
        source_faults("src/domain/cost.rs", "fn f(rate: f64) { chrono::Utc::now(); }"),
        ["src/domain/cost.rs: the rules do without Utc::now", "src/domain/cost.rs: the rules do without f64",],
    );
    assert_eq!(source_faults("src/domain/cost.rs", "/// No f64 here.\nfn buf64() {} // nor f32"), Vec::<String>::new());
    let test = "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use crate::store::Position;\n}\n";
    assert_eq!(source_faults("src/domain/cost.rs", test), Vec::<String>::new());
}

#[test]
fn an_overlong_file_and_leftovers_would_be_noticed() {
    let long = "\n".repeat(LINES_MAX + 1);
    assert_eq!(source_faults("src/app.rs", &long), ["src/app.rs: 601 lines are more than 600; split it by meaning"]);
    let left = format!("// {} mend this", LEFTOVERS[0]);
    assert_eq!(leftovers("src/app.rs", &left), [format!("src/app.rs: \"{}\" was left behind", LEFTOVERS[0])]);
}
