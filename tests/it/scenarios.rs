//! The stories under `tests/scenario`, told again with the real program. `UPDATE_EXPECT=1` writes down what it says now.
//!
//! `#` is a remark, `= file NAME` with `|` lines a file that is there (`in Latin-1`
//! on request), `= demo` what the demonstration left (`= demo with NAME`
//! by other settings), `$` what is typed. Below stands what is printed: on standard error after `!`, and after `?` an exit code that is not zero. A hash or
//! secret that differs from one telling to the next stands as `‹hash›` or `‹secret›`, the day of the telling and the one two weeks later as
//! `yyyy-mm-dd` (`d. måned yyyy` where people read it), and a number given in this year as `55yy00001`, with `nn` for the digits that make it
//! a KID by MOD11. Such a number is typed the same way. A day that is to come is typed as `‹in 60 days›`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{Datelike, Days};
use expect_test::expect_file;
use grenselos::clock::{Clock, WallClock};
use grenselos::render::norwegian::long_date;

use crate::files;
use crate::place::{Place, Ran};

/// What stands before the name of other settings for the demonstration.
const DEMO_WITH: &str = "demo with ";

/// What a transcript asks for, without the answers.
enum Line<'t> {
    Remark(&'t str),
    Apart,
    Given(&'t str),
    Content(&'t str),
    Typed(&'t str),
}

fn lines(transcript: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for line in transcript.lines() {
        let after = |mark: &str| line.strip_prefix(mark).filter(|after| after.is_empty() || after.starts_with(' '));
        if let Some(remark) = after("#") {
            lines.push(Line::Remark(remark));
        } else if let Some(given) = after("=") {
            lines.push(Line::Given(given.trim_start()));
        } else if let Some(content) = after("|") {
            lines.push(Line::Content(content.strip_prefix(' ').unwrap_or(content)));
        } else if let Some(typed) = after("$") {
            lines.push(Line::Typed(typed.trim_start()));
        } else if line.is_empty() && matches!(lines.last(), Some(Line::Remark(_))) {
            lines.push(Line::Apart);
        }
    }
    lines
}

/// Does what a transcript says and writes it anew with the answers of now.
fn tell(place: &Place, transcript: &str) -> String {
    let mut told = String::new();
    let mut lines = lines(transcript).into_iter().peekable();
    let to_come = ToCome::of(transcript);
    while let Some(line) = lines.next() {
        match line {
            Line::Remark(remark) => writeln!(told, "#{remark}").unwrap(),
            Line::Apart => told.push('\n'),
            Line::Given("demo") => {
                place.run(crate::place::DEMO);
                told.push_str("= demo\n\n");
            }
            Line::Given(given) if given.starts_with(DEMO_WITH) => {
                let settings = &given[DEMO_WITH.len()..];
                let ran = place.run(&format!("grenselos --config {settings} demo --dir demo --no-serve"));
                assert_eq!(ran.code, 0, "{}", ran.err);
                writeln!(told, "= {given}\n").unwrap();
            }
            Line::Given(given) => {
                let name = given.strip_prefix("file ").unwrap_or_else(|| panic!("{given} is not known"));
                let mut content = String::new();
                writeln!(told, "= {given}").unwrap();
                while let Some(Line::Content(line)) = lines.next_if(|next| matches!(next, Line::Content(_))) {
                    writeln!(told, "{}", format!("| {line}").trim_end()).unwrap();
                    content.push_str(line);
                    content.push('\n');
                }
                match name.strip_suffix(" in Latin-1") {
                    None => place.file(name, content),
                    Some(name) => place.file(name, latin_1(&content)),
                }
                told.push('\n');
            }
            Line::Content(line) => panic!("| {line} belongs to no file"),
            Line::Typed(typed) => {
                writeln!(told, "$ {typed}").unwrap();
                write_answer(&mut told, &place.run(&of_this_year(&to_come.as_dates(typed))), &to_come);
                told.push('\n');
            }
        }
    }
    told.truncate(told.trim_end().len());
    told + "\n"
}

/// The days to come that a transcript speaks of, as they are written there and as dates of today's telling.
struct ToCome(Vec<(String, String)>);

impl ToCome {
    fn of(transcript: &str) -> Self {
        let days = transcript.split("‹in ").skip(1).filter_map(|rest| rest.split_once(" days›")?.0.parse().ok());
        let date = |days: u64| (format!("‹in {days} days›"), (WallClock.today() + Days::new(days)).to_string());
        Self(days.collect::<BTreeSet<u64>>().into_iter().map(date).collect())
    }

    fn as_dates(&self, typed: &str) -> String {
        self.0.iter().fold(typed.to_owned(), |typed, (written, date)| typed.replace(written, date))
    }

    fn as_written(&self, said: &str) -> String {
        self.0.iter().fold(said.to_owned(), |said, (written, date)| said.replace(date, written))
    }
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn write_answer(told: &mut String, ran: &Ran, to_come: &ToCome) {
    for line in ran.out.lines() {
        let marked = ["# ", "= ", "| ", "$ ", "! ", "? "].iter().any(|mark| line.starts_with(mark));
        assert!(!marked, "a transcript cannot hold the line {line:?}");
        writeln!(told, "{}", without_hashes(&to_come.as_written(line))).unwrap();
    }
    for line in ran.err.lines() {
        writeln!(told, "{}", without_hashes(&to_come.as_written(&format!("! {line}"))).trim_end()).unwrap();
    }
    if ran.code != 0 {
        writeln!(told, "? {}", ran.code).unwrap();
    }
}

/// What is typed of a number given in this year, as it is in the year of the telling.
fn of_this_year(typed: &str) -> String {
    let year = format!("{:02}", WallClock.today().year() % 100);
    ["55", "56"]
        .iter()
        .fold(typed.to_owned(), |typed, county| typed.replace(&format!("{county}yy"), &format!("{county}{year}")))
}

/// What is said on any day, where the program can only say it of today.
fn without_today(line: &str) -> String {
    let today = WallClock.today();
    let days = [today, today + Days::new(14)].map(|day| day.to_string());
    let line = days.iter().fold(line.to_owned(), |line, day| line.replace(day, "yyyy-mm-dd"));
    let line = line.replace(&long_date(today), "d. måned yyyy");
    let year = format!("{:02}", today.year() % 100);
    let is_number = |word: &&str| {
        let of_county = word.strip_prefix("55").or_else(|| word.strip_prefix("56"));
        let count = of_county.and_then(|rest| rest.strip_prefix(&*year));
        let is_whole = [9, KID_DIGITS].contains(&word.len());
        is_whole && count.is_some_and(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let numbers: BTreeSet<&str> = line.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_number).collect();
    numbers.iter().rev().fold(line.clone(), |line, number| {
        let digits = if number.len() == KID_DIGITS { "nn" } else { "" };
        line.replace(*number, &format!("{}yy{}{digits}", &number[..2], &number[4..9]))
    })
}

/// Those of a number of this year with the running digit and the check digit of a KID by MOD11.
const KID_DIGITS: usize = 11;

fn without_hashes(line: &str) -> String {
    let line = &*without_today(line);
    let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hashes: BTreeSet<&str> = line.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_hash).collect();
    let line = hashes.into_iter().fold(line.to_owned(), |line, hash| line.replace(hash, "‹hash›"));
    match line.split_once("invitation?token=") {
        Some((before, _)) => format!("{before}invitation?token=‹secret›"),
        None => line,
    }
}

fn check(name: &str) {
    let path = format!("tests/scenario/{name}.txt");
    let told = tell(&Place::new(name), &files::read(&path));
    expect_file![files::root().join(path)].assert_eq(&told);
}

macro_rules! scenarios {
    ($($name:ident)+) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )+

        #[test]
        fn every_transcript_is_told() {
            let told: Vec<String> = [$(stringify!($name)),+].map(|name| format!("tests/scenario/{name}.txt")).into();
            let mut written = files::below("tests/scenario");
            written.retain(|path| !told.contains(path));
            assert_eq!(written, Vec::<String>::new());
        }
    };
}

scenarios! {
    demo
    from_nothing_to_an_invoice
    what_a_municipality_knew_and_when
    suppliers_invoices
    explain_every_line
    what_if
    an_invoice_run_by_hand
    halves_by_agreement
    a_run_from_prebill_to_issue
    import_from_excel
    import_refused
    split
    the_log_kept_and_restored
    who_is_behind_and_what_is_on_record
    refused
    payments_from_the_bank
    payments_refused
    references_by_mod11
    credited_reminded_and_settled
    credited_and_settled_refused
    accounting
    who_has_access
    a_person_is_erased
    a_letter_is_sent_again
    an_event_is_emptied
    who_is_written_to_and_what_is_proposed
    help
}
