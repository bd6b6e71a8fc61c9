//! `grenselos split`, from its files to what it prints.

use std::fs;
use std::path::PathBuf;

use expect_test::{Expect, expect};
use grenselos::split::{SplitArguments, SplitFormat, run};

use crate::place::of_this_run;

/// A directory of the test's own, with a key and parties in it.
struct Case {
    directory: PathBuf,
    amount: Option<&'static str>,
    format: SplitFormat,
    explain: bool,
}

struct Printed {
    out: String,
    err: String,
}

impl Case {
    fn new(name: &str) -> Self {
        let directory = of_this_run().join("cases of split").join(name);
        fs::remove_dir_all(&directory).ok();
        fs::create_dir_all(&directory).unwrap();
        Self { directory, amount: Some("1000.00"), format: SplitFormat::Csv, explain: false }
    }

    fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.directory.join(name), content).unwrap();
        self
    }

    fn run(&self) -> Result<Printed, String> {
        let arguments = SplitArguments {
            amount: self.amount.map(str::to_owned),
            key: self.directory.join("key.toml"),
            parties: self.directory.join("parties.csv"),
            format: self.format,
            explain: self.explain,
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        match run(&arguments, &mut out, &mut err) {
            Ok(()) => Ok(Printed { out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }),
            Err(error) => {
                assert!(out.is_empty(), "a fault prints nothing");
                Err(error.to_string().replace(&format!("{}/", self.directory.display()), ""))
            }
        }
    }

    fn prints(&self, expected: &Expect) {
        expected.assert_eq(&self.run().unwrap().out);
    }

    fn is_refused(&self, expected: &Expect) {
        match self.run() {
            Ok(printed) => panic!("it printed {}", printed.out),
            Err(sentence) => expected.assert_eq(&sentence),
        }
    }
}

const PARTIES: &str = "party,inhabitants,pupils\n5501,77095,8000\n5503,24804,2500\n5635,854,60\n";

const THIRTY_SEVENTY: &str = r#"
name = "30/70"
kind = "divide"
[[base]]
measure = "equal"
percent = "30"
[[base]]
measure = "inhabitants"
percent = "70"
"#;

fn key(text: &str) -> Case {
    let name: String = std::thread::current().name().unwrap_or("case").replace("::", "_");
    Case::new(&name).file("key.toml", text).file("parties.csv", PARTIES)
}

#[test]
fn csv_keeps_the_order_of_the_parties() {
    key(THIRTY_SEVENTY).prints(&expect![[r#"
        party,amount
        5501,625.20
        5503,268.98
        5635,105.82
    "#]]);
}

#[test]
fn excels_semicolons_decimal_commas_and_mark_give_the_same() {
    let excel = format!("\u{feff}{}", PARTIES.replace(',', ";").replace("8000", "8000,0").replace('\n', "\r\n"));
    let plain = key(THIRTY_SEVENTY).run().unwrap().out;
    assert_eq!(key(THIRTY_SEVENTY).file("parties.csv", excel).run().unwrap().out, plain);
}

#[test]
fn text_is_aligned_and_has_a_total_and_the_arithmetic_on_request() {
    let mut case = key(&THIRTY_SEVENTY.replace("kind", "share_decimals = 3\nfloor = \"150\"\nkind"));
    (case.format, case.explain) = (SplitFormat::Text, true);
    case.prints(&expect![[r#"
        party       percent   amount
        5501         62.520   594.31
        5503         26.898   255.69
        5635         10.582   150.00
        total       100.000  1000.00

        by the key "30/70", of 1000.00
        5501: 594.31
          30 % by equal: 30 × 1 / 3 = 10 %
          70 % by inhabitants: 70 × 77095 / 102753 = 52.52060767 %
          made whole in 3 decimals of a percent: 62.520 %
          of the rest: 1000.00 × 62.52 / 100 = 625.20
          shared again, since others stand at a floor or a cap: 850.00 × 62.52 / 89.418 = 594.30987049
          whole øre by largest remainder: 594.30987049, one more, of those left
        5503: 255.69
          30 % by equal: 30 × 1 / 3 = 10 %
          70 % by inhabitants: 70 × 24804 / 102753 = 16.89760883 %
          made whole in 3 decimals of a percent: 26.898 %
          of the rest: 1000.00 × 26.898 / 100 = 268.98
          shared again, since others stand at a floor or a cap: 850.00 × 26.898 / 89.418 = 255.6901295
          whole øre by largest remainder: 255.6901295, cut off
        5635: 150.00
          30 % by equal: 30 × 1 / 3 = 10 %
          70 % by inhabitants: 70 × 854 / 102753 = 0.5817835 %
          made whole in 3 decimals of a percent: 10.582 %
          of the rest: 1000.00 × 10.582 / 100 = 105.82
          floor: 150.00 instead of 105.82
          whole øre by largest remainder: 150.00, cut off
    "#]]);
}

#[test]
fn json_has_whole_ore() {
    let mut case = key(&THIRTY_SEVENTY.replace("kind", "share_decimals = 3\nkind"));
    case.format = SplitFormat::Json;
    case.prints(&expect![[r#"
        {
          "key": "30/70",
          "amount_ore": 100000,
          "total_ore": 100000,
          "off_by_ore": 0,
          "shares": [
            {
              "party": "5501",
              "amount_ore": 62520,
              "percent": "62.520"
            },
            {
              "party": "5503",
              "amount_ore": 26898,
              "percent": "26.898"
            },
            {
              "party": "5635",
              "amount_ore": 10582,
              "percent": "10.582"
            }
          ]
        }
    "#]]);
}

#[test]
fn what_is_said_of_the_whole_key_may_stand_last_in_the_file() {
    let said = "unit = \"krone\"\nshare_decimals = 3\nfloor = \"150.00\"\ncap = \"600.00\"\n";
    let last = key(&format!("{THIRTY_SEVENTY}\n{said}")).run().unwrap().out;
    let first = key(&format!("{said}\n{THIRTY_SEVENTY}")).run().unwrap().out;
    assert_eq!(last, first);
    expect![[r#"
        party,amount
        5501,594.00
        5503,256.00
        5635,150.00
    "#]]
    .assert_eq(&last);
}

#[test]
fn numbers_without_quotation_marks_are_read_digit_by_digit() {
    let plain = THIRTY_SEVENTY.replace("\"30\"", "33.333").replace("\"70\"", "66.667");
    let quoted = THIRTY_SEVENTY.replace("\"30\"", "\"33.333\"").replace("\"70\"", "\"66.667\"");
    assert_eq!(key(&plain).run().unwrap().out, key(&quoted).run().unwrap().out);
}

#[test]
fn a_tariff_is_the_sum_of_its_prices_and_takes_no_amount() {
    let text = r#"
        name = "per inhabitant"
        kind = "tariff"
        [[price]]
        per_party = "12500.00"
        [[price]]
        measure = "inhabitants"
        rate    = "4.275"
        at_most = 70000
        [[price]]
        measure = "inhabitants"
        marginal = [ { above = 0, rate = "25" }, { above = 50000, rate = "12.50" } ]
        [[price]]
        measure = "inhabitants"
        bracket  = [ { above = 2000, amount = "15000" }, { above = 24804, amount = "32000" } ]
        floor = "0"
        cap   = "750000.00"
    "#;
    let mut case = key(text);
    case.amount = None;
    case.prints(&expect![[r#"
        party,amount
        5501,750000.00
        5503,750000.00
        5635,37500.85
    "#]]);
    case.amount = Some("1000");
    case.is_refused(&expect![
        "--amount: a tariff takes no amount, since its total is the sum of its prices; leave the amount out"
    ]);
}

#[test]
fn each_share_rounded_by_itself_says_how_far_the_sum_is_off() {
    let mut case = key("kind = \"divide\"\nround = \"each\"\n[[base]]\nmeasure = \"equal\"\npercent = 100");
    let printed = case.run().unwrap();
    assert_eq!(printed.out, "party,amount\n5501,333.33\n5503,333.33\n5635,333.33\n");
    assert_eq!(printed.err, "rounded each by itself, the shares add up to 999.99: 0.01 less than 1000.00\n");
    case.amount = Some("-200.00");
    assert_eq!(
        case.run().unwrap().err,
        "rounded each by itself, the shares add up to -200.01: 0.01 less than -200.00\n"
    );
}

#[test]
fn a_blend_reads_its_keys_beside_it_and_loses_nothing() {
    let blend = "kind = \"blend\"\n[[part]]\npercent = \"66.667\"\nkey = \"old/old.toml\"\n\
                 [[part]]\npercent = 33.333\nkey = \"new.toml\"\n";
    let case = key(blend);
    fs::create_dir_all(case.directory.join("old")).unwrap();
    let equal = "kind = \"divide\"\n[[base]]\nmeasure = \"equal\"\npercent = \"100\"\n";
    let mut case = case.file("old/old.toml", THIRTY_SEVENTY).file("new.toml", equal);
    case.prints(&expect![[r#"
        party,amount
        5501,527.92
        5503,290.43
        5635,181.65
    "#]]);
    (case.format, case.explain) = (SplitFormat::Text, true);
    case.prints(&expect![[r#"
        party   amount
        5501    527.92
        5503    290.43
        5635    181.65
        total  1000.00

        by the key "blend", of 1000.00
        5501: 527.92
          66.667 % by "30/70": 416.81 of 666.67
            30 % by equal: 30 × 1 / 3 = 10 %
            70 % by inhabitants: 70 × 77095 / 102753 = 52.52060767 %
            of the rest: 666.67 × 62.52060767 / 100 = 416.80613515
            whole øre by largest remainder: 416.80613515, one more, of those left
          33.333 % by "divide": 111.11 of 333.33
            100 % by equal: 100 × 1 / 3 = 33.33333333 %
            of the rest: 333.33 × 33.33333333 / 100 = 111.11
            whole øre by largest remainder: 111.11, cut off
        5503: 290.43
          66.667 % by "30/70": 179.32 of 666.67
            30 % by equal: 30 × 1 / 3 = 10 %
            70 % by inhabitants: 70 × 24804 / 102753 = 16.89760883 %
            of the rest: 666.67 × 26.89760883 / 100 = 179.31828877
            whole øre by largest remainder: 179.31828877, one more, of those left
          33.333 % by "divide": 111.11 of 333.33
            100 % by equal: 100 × 1 / 3 = 33.33333333 %
            of the rest: 333.33 × 33.33333333 / 100 = 111.11
            whole øre by largest remainder: 111.11, cut off
        5635: 181.65
          66.667 % by "30/70": 70.54 of 666.67
            30 % by equal: 30 × 1 / 3 = 10 %
            70 % by inhabitants: 70 × 854 / 102753 = 0.5817835 %
            of the rest: 666.67 × 10.5817835 / 100 = 70.54557606
            whole øre by largest remainder: 70.54557606, cut off
          33.333 % by "divide": 111.11 of 333.33
            100 % by equal: 100 × 1 / 3 = 33.33333333 %
            of the rest: 333.33 × 33.33333333 / 100 = 111.11
            whole øre by largest remainder: 111.11, cut off
    "#]]);
}

#[test]
fn a_blend_that_holds_itself_a_tariff_or_a_missing_file_is_refused() {
    let blend = |file: &str| format!("kind = \"blend\"\n[[part]]\npercent = \"100\"\nkey = \"{file}\"\n");
    let case = key(&blend("other.toml")).file("other.toml", blend("key.toml"));
    case.is_refused(&expect!["key.toml: the key blends itself, directly or through others; break the circle"]);
    let case = key(&blend("other.toml")).file("other.toml", "kind = \"tariff\"\n[[price]]\nper_party = \"1\"\n");
    case.is_refused(&expect![[r#"key.toml: part 1, "tariff": a tariff has no amount to divide and cannot be blended; blend keys of kind "divide""#]]);
    key(&blend("nowhere.toml"))
        .is_refused(&expect!["nowhere.toml: the file cannot be read; check its name and that you may read it"]);
    key(&blend("other.toml")).file("other.toml", "kind = \"divide\"\nflor = 1\n").is_refused(&expect!["other.toml, row 2: unknown field `flor`, expected one of `name`, `unit`, `tie`, `round`, `grant`, `first`, `base`, `percentages`, `share_decimals`, `floor`, `floor_percent`, `cap`, `cap_percent`"]);
}

#[test]
fn a_faulty_key_is_refused_with_its_row_and_what_to_do() {
    for (text, expected) in [
        ("", expect![[r#"key.toml: there is no kind; write kind = "divide", "tariff" or "blend""#]]),
        (
            "kind = \"share\"",
            expect![[r#"key.toml, row 1: the kind "share" is not known; write "divide", "tariff" or "blend""#]],
        ),
        ("kind = 7", expect!["key.toml, row 1: kind must be a text in quotation marks"]),
        (
            "kind = \"divide\"\nnam = \"x\"\n",
            expect![
                "key.toml, row 2: unknown field `nam`, expected one of `name`, `unit`, `tie`, `round`, `grant`, `first`, `base`, `percentages`, `share_decimals`, `floor`, `floor_percent`, `cap`, `cap_percent`"
            ],
        ),
        (
            "kind = \"divide\"\n[[base]]\nmeasure = \"equal\"\n",
            expect!["key.toml, row 2: missing field `percent`; add it"],
        ),
        (
            "kind = \"divide\"\n[[base]]\nmeasure = \"equal\"\npercent = \"1e2\"\n",
            expect![[r#"key.toml, row 4: percent: "1e2" is no number; write digits with at most one decimal mark"#]],
        ),
        (
            "kind = \"divide\"\n[[base]]\nmeasure = \"equal\"\npercent = nan\n",
            expect![[r#"key.toml, row 4: percent: "nan" is no number; write digits with at most one decimal mark"#]],
        ),
        (
            "kind = \"divide\"\n[[base]]\nmeasure = \"equal\"\npercent = \"99.5\"\n",
            expect!["key.toml: the percentages of [[base]] add up to 99.5, not to 100; adjust them"],
        ),
        (
            "kind = \"divide\"\nfloor = \"1.005\"\n[[base]]\nmeasure = \"equal\"\npercent = 100\n",
            expect![[
                r#"key.toml, row 2: floor: "1.005" has more than two decimals; an amount in kroner has at most two, and thousands are parted by spaces"#
            ]],
        ),
        (
            "kind = \"divide\"\nfloor = \"-1\"\n[[base]]\nmeasure = \"equal\"\npercent = 100\n",
            expect!["key.toml: floor is -1.00; it must be zero or more"],
        ),
        (
            "kind = \"divide\"\n[[first]]\nrate = \"1\"\n[[base]]\nmeasure = \"equal\"\npercent = 100\n",
            expect!["key.toml, row 2: a first amount is per_party alone, or rate with measure, or party with amount"],
        ),
        (
            "kind = \"divide\"\n[[base]]\nmeasure = \"loans\"\npercent = 100\n",
            expect![[
                r#"parties.csv: there is no column "loans"; the header row names "party", "inhabitants", "pupils""#
            ]],
        ),
        (
            "kind = \"divide\"\ncap = 1\n[[base]]\nmeasure = \"equal\"\npercent = 100\ncap = 2\n",
            expect!["key.toml, row 6: cap is given twice; keep one of them"],
        ),
        (
            "kind = \"divide\"\nshare_decimals = -1\n[[base]]\nmeasure = \"equal\"\npercent = \"100\"",
            expect![
                "key.toml, row 2: share_decimals: invalid value: integer `-1`, expected a whole number, zero or more"
            ],
        ),
        (
            "kind = \"divide\"\nkind = \"divide\"\n",
            expect!["key.toml, row 2: the field stands twice; keep one of them"],
        ),
        (
            "kind = \"divide\"\nround = \"up\"\n",
            expect!["key.toml, row 2: round: unknown variant `up`, expected `largest-remainder` or `each`"],
        ),
        (
            "kind = \"tariff\"\n[[price]]\nmeasure = \"pupils\"\n",
            expect![
                "key.toml, row 2: a price is per_party alone, or measure with one of rate, marginal and bracket; at_most goes with rate or marginal"
            ],
        ),
        (
            "kind = \"tariff\"\n[[price]]\nmeasure = \"pupils\"\nmarginal = [{ above = 5, rate = 1 }, { above = 5, rate = 2 }]\n",
            expect![[
                r#"key.toml: the tiers of "pupils" do not ascend: 5 does not come after 5; sort them and name each once"#
            ]],
        ),
        (
            "kind = \"divide\"\n[percentages]\n5501 = 50\n5503 = 50\n",
            expect![[
                r#"parties.csv, row 4: party "5635" has no percentage in [percentages]; add it, with 0 if it pays nothing"#
            ]],
        ),
        (
            "kind = \"divide\"\n[percentages]\n5501 = 50\n5503 = 50\n5635 = 0\n9999 = 0\n",
            expect![[
                r#"key.toml: the key names party "9999" in [percentages], and there is no such party; remove it or add the party"#
            ]],
        ),
    ] {
        let mut case = key(text);
        if text.contains("tariff") {
            case.amount = None;
        }
        case.is_refused(&expected);
    }
}

#[test]
fn a_key_in_another_encoding_is_refused_with_its_row_and_what_to_do() {
    key("")
        .file("key.toml", b"name = \"Troms\xf8\"")
        .is_refused(&expect!["key.toml, row 1: it is not UTF-8; save the file as UTF-8"]);
}

#[test]
fn faulty_parties_are_refused_with_their_row_and_what_to_do() {
    for (parties, expected) in [
        (
            "kommune,inhabitants\n5501,1\n",
            expect![[r#"parties.csv: the first column is named "kommune"; name it "party""#]],
        ),
        (
            "party,pupils\n5501,1\n",
            expect![[r#"parties.csv: there is no column "inhabitants"; the header row names "party", "pupils""#]],
        ),
        ("party,inhabitants\n", expect!["parties.csv: there are no parties below the header row; give at least one"]),
        (
            "party,inhabitants\n5501,1\n5503,2\n5501,3\n",
            expect![[r#"parties.csv, row 4, column "party": party "5501" stands already in row 2; keep one of them"#]],
        ),
        (
            "party,inhabitants\n5501,\n",
            expect![[r#"parties.csv, row 2, column "inhabitants": the cell is empty; fill it in"#]],
        ),
        ("party,inhabitants\n,5\n", expect![[r#"parties.csv, row 2, column "party": the cell is empty; fill it in"#]]),
        (
            "party,inhabitants\n5501,-1\n",
            expect![[r#"parties.csv, row 2, column "inhabitants": -1 is below zero; a measure is zero or more"#]],
        ),
        (
            "party,inhabitants\n5501,many\n",
            expect![[
                r#"parties.csv, row 2, column "inhabitants": "many" is no number; write digits with at most one decimal mark"#
            ]],
        ),
        (
            "party,inhabitants\n5501,1,5\n",
            expect![
                "parties.csv, row 2: it has 3 cells where the header has 2; write decimals with a point, or part the columns with semicolons if decimals are written with a comma"
            ],
        ),
        (
            "party,inhabitants\n5501,1e400\n",
            expect![[
                r#"parties.csv, row 2, column "inhabitants": "1e400" is no number; write digits with at most one decimal mark"#
            ]],
        ),
        (
            "party,inhabitants\n5501,99999999999999\n",
            expect![[
                r#"parties.csv, row 2, column "inhabitants": 99999999999999 is no measure; it is at most 1000000000000 with at most 10 decimals"#
            ]],
        ),
        (
            "party,inhabitants\n5501,0\n5503,0\n",
            expect![[
                r#"parties.csv: the measure "inhabitants" sums to zero, so that nothing can be shared by it; give values or remove the base"#
            ]],
        ),
        (
            "party,inhabitants,name\n5501,1,-7\n",
            expect![[r#"parties.csv, row 2, column "name": -7 is below zero; a measure is zero or more"#]],
        ),
    ] {
        key(THIRTY_SEVENTY).file("parties.csv", parties).is_refused(&expected);
    }
}

#[test]
fn a_faulty_amount_is_refused() {
    for (amount, expected) in [
        (None, expect!["--amount: the key divides an amount, and none is given; give the amount"]),
        (
            Some("1.005"),
            expect![[
                r#"--amount: "1.005" has more than two decimals; an amount in kroner has at most two, and thousands are parted by spaces"#
            ]],
        ),
        (Some("kr 5"), expect![[r#"--amount: "kr 5" is no amount in kroner; write it as 1234.50 or 1234,50"#]]),
        (
            Some("999999999999"),
            expect![[r#"--amount: "999999999999" is above the largest amount taken, 100 000 000 000 kroner"#]],
        ),
    ] {
        let mut case = key(THIRTY_SEVENTY);
        case.amount = amount;
        case.is_refused(&expected);
    }
}
