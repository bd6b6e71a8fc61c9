//! Charts: horizontal bars with their figures written beside them. Widths are in percent of the chart, so that it is as
//! wide as the page and its letters are as large as those around it.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::domain::money::Ore;

/// How high a row is, in pixels.
const ROW_PIXELS: usize = 58;
/// Where the bar begins within its row.
const BAR_PIXELS: usize = 26;

/// What is shown in a row.
pub(super) struct Bar {
    pub label: String,
    pub figure: String,
    pub low: Ore,
    pub likely: Ore,
    pub high: Ore,
    /// Whether the bar is sure, so that it has no range.
    pub certain: bool,
    /// Whether the row is the one that the reader looks for.
    pub own: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct RowShown {
    label: String,
    figure: String,
    text_y: usize,
    bar_y: usize,
    bar_end_y: usize,
    middle_y: usize,
    cap_top_y: usize,
    cap_bottom_y: usize,
    width: String,
    low: String,
    high: String,
    range: bool,
    own: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub x: String,
    pub text: String,
}

/// A chart as its template sees it.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    pub id: &'static str,
    pub title: String,
    pub description: String,
    height: usize,
    rows: Vec<RowShown>,
    line: Option<Line>,
}

/// A chart of bars, with a line across all of them where something is to be compared with.
pub(super) fn chart(
    id: &'static str,
    title: String,
    description: String,
    bars: Vec<Bar>,
    line: Option<(Ore, String)>,
) -> Chart {
    let widest = bars
        .iter()
        .map(|bar| bar.high)
        .chain(line.iter().map(|(at, _)| *at))
        .max()
        .filter(|widest| *widest > Ore::ZERO)
        .unwrap_or(Ore(1));
    let percent = |amount: Ore| {
        let part = amount.max(Ore::ZERO).decimal() * Decimal::ONE_HUNDRED / widest.decimal();
        format!("{:.2}%", part.round_dp(2))
    };
    let height = bars.len() * ROW_PIXELS;
    let rows = bars
        .into_iter()
        .enumerate()
        .map(|(index, bar)| {
            let top = index * ROW_PIXELS;
            RowShown {
                label: bar.label,
                figure: bar.figure,
                text_y: top + 18,
                bar_y: top + BAR_PIXELS,
                bar_end_y: top + BAR_PIXELS + 20,
                middle_y: top + BAR_PIXELS + 10,
                cap_top_y: top + BAR_PIXELS + 4,
                cap_bottom_y: top + BAR_PIXELS + 16,
                width: percent(bar.likely),
                low: percent(bar.low),
                high: percent(bar.high),
                range: !bar.certain && bar.low != bar.high,
                own: bar.own,
            }
        })
        .collect();
    let line = line.map(|(at, text)| Line { x: percent(at), text });
    Chart { id, title, description, height, rows, line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_bar_is_as_wide_as_the_chart_and_the_others_in_proportion() {
        let bar = |likely, high| Bar {
            label: "2023".to_owned(),
            figure: String::new(),
            low: Ore(0),
            likely: Ore(likely),
            high: Ore(high),
            certain: false,
            own: false,
        };
        let bars = vec![bar(50, 100), bar(30, 30)];
        let chart = chart("c", String::new(), String::new(), bars, Some((Ore(200), "old".to_owned())));
        let widths: Vec<&str> = chart.rows.iter().map(|row| row.width.as_str()).collect();
        assert_eq!(widths, ["25.00%", "15.00%"]);
        assert_eq!(chart.line.unwrap().x, "100.00%");
    }
}
