//! How the workbook looks.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

const INK: Color = Color::RGB(0x0016_232E);
const MUTED: Color = Color::RGB(0x004B_5966);
const ACCENT: Color = Color::RGB(0x000F_4C5C);
const TINT: Color = Color::RGB(0x00EE_F3F5);
const HAIRLINE: Color = Color::RGB(0x00C6_CFD6);
const INPUT: Color = Color::RGB(0x00FF_F9E3);
const WARNING_INK: Color = Color::RGB(0x007A_3E00);
const WARNING_TINT: Color = Color::RGB(0x00FF_F3DC);

const AMOUNT: &str = "#,##0.00";
const CHANGE: &str = "+#,##0.00;-#,##0.00;0.00";

/// The formats, each by what it is for.
pub(super) struct Look {
    pub title: Format,
    pub banner: Format,
    pub heading: Format,
    pub year: Format,
    pub header: Format,
    /// Above the certainties.
    pub header_left: Format,
    pub header_right: Format,
    pub text: Format,
    /// A line's name, broken where it is long.
    pub label: Format,
    pub muted: Format,
    pub muted_label: Format,
    pub strong_text: Format,
    pub certainty: Format,
    pub strong_certainty: Format,
    pub percent: Format,
    pub share: Format,
    pub count: Format,
    pub input: Format,
    pub amount: Format,
    pub muted_amount: Format,
    pub strong: Format,
    pub change: Format,
    /// Laid over a sum for as long as it is not complete.
    pub at_least: Format,
    /// The same over one that is taken off.
    pub at_most: Format,
}

impl Look {
    /// What stands before a sum that is not complete, and before one that is taken off.
    pub(super) fn new(at_least: &str, at_most: &str) -> Self {
        // The minus stands after the words, not before them.
        let incomplete =
            |words: &str| Format::new().set_num_format(format!("\"{words}\"{AMOUNT};\"{words}\"-{AMOUNT}"));
        let base = Format::new().set_font_name("Calibri").set_font_size(11).set_font_color(INK);
        let text = base.clone().set_align(FormatAlign::Top);
        let muted = text.clone().set_font_color(MUTED);
        let header = base.clone().set_bold().set_border_bottom(FormatBorder::Medium).set_border_bottom_color(ACCENT);
        let certainty = muted.clone().set_font_size(9).set_text_wrap().set_align(FormatAlign::Left).set_indent(1);
        let amount = text.clone().set_num_format(AMOUNT).set_align(FormatAlign::Right);
        let strong =
            |format: &Format| format.clone().set_bold().set_background_color(TINT).set_border_top(FormatBorder::Thin);
        Self {
            title: base.clone().set_bold().set_font_size(16).set_font_color(ACCENT),
            banner: base.clone().set_bold().set_font_color(WARNING_INK).set_background_color(WARNING_TINT),
            heading: base.clone().set_bold().set_font_color(ACCENT),
            year: base
                .clone()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_background_color(TINT)
                .set_border_left(FormatBorder::Thin)
                .set_border_left_color(HAIRLINE),
            header_left: header.clone().set_indent(1),
            header_right: header.clone().set_align(FormatAlign::Right),
            header,
            label: text.clone().set_text_wrap(),
            muted_label: muted.clone().set_text_wrap(),
            strong_text: strong(&text),
            strong_certainty: strong(&certainty).set_font_color(MUTED),
            certainty,
            percent: text.clone().set_num_format("0.##").set_align(FormatAlign::Right),
            share: text.clone().set_num_format("0 %").set_align(FormatAlign::Left),
            count: text.clone().set_num_format("#,##0").set_align(FormatAlign::Left),
            input: amount.clone().set_background_color(INPUT).set_border(FormatBorder::Hair).set_border_color(HAIRLINE),
            muted_amount: amount.clone().set_font_color(MUTED),
            strong: strong(&amount),
            change: amount.clone().set_num_format(CHANGE),
            at_least: incomplete(at_least),
            at_most: incomplete(at_most),
            amount,
            text,
            muted,
        }
    }
}
