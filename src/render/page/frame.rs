//! What stands around every page, and the files that a page needs.

use std::sync::LazyLock;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::address::as_parameter;
use crate::text::Language;

/// A file that pages need.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

/// The design system, then what is ours: one file, so that it takes one round trip.
static STYLE: LazyLock<String> = LazyLock::new(|| {
    [
        include_str!("../../../reports/page/asset/theme.css"),
        include_str!("../../../reports/page/asset/designsystemet.css"),
        include_str!("../../../reports/page/asset/page.css"),
    ]
    .join("\n")
});

fn assets() -> [(&'static str, Asset); 6] {
    let font = |bytes| Asset { media_type: "font/woff2", bytes };
    [
        ("style.css", Asset { media_type: "text/css; charset=utf-8", bytes: STYLE.as_bytes() }),
        (
            "live.js",
            Asset {
                media_type: "text/javascript; charset=utf-8",
                bytes: include_bytes!("../../../reports/page/asset/live.js"),
            },
        ),
        ("inter-regular.woff2", font(include_bytes!("../../../reports/page/asset/inter-regular.woff2"))),
        ("inter-semibold.woff2", font(include_bytes!("../../../reports/page/asset/inter-semibold.woff2"))),
        (
            "passkey.js",
            Asset {
                media_type: "text/javascript; charset=utf-8",
                bytes: include_bytes!("../../../reports/page/asset/passkey.js"),
            },
        ),
        (
            "icon.svg",
            Asset { media_type: "image/svg+xml", bytes: include_bytes!("../../../reports/page/asset/icon.svg") },
        ),
    ]
}

static ROOT: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for (name, asset) in assets() {
        digest.update(name);
        digest.update(asset.bytes);
    }
    let beginning = digest.finalize().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("/assets/{beginning:016x}")
});

/// Where the files are: another path whenever one of them changes, so that they may be kept for ever.
#[must_use]
pub fn asset_path() -> &'static str {
    &ROOT
}

/// A file of this name below [`asset_path`].
#[must_use]
pub fn asset(name: &str) -> Option<Asset> {
    assets().into_iter().find(|(known, _)| *known == name).map(|(_, asset)| asset)
}

/// A place that the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The board of all municipalities.
    Board,
    /// The agreements.
    Agreements,
    /// The key laboratory.
    Keys,
    /// The county's finance.
    Invoices,
    /// The log.
    Log,
    /// Who has access to what.
    Accounts,
}

impl Place {
    /// All of them, in the order of the navigation.
    pub const ALL: [Self; 6] = [Self::Board, Self::Agreements, Self::Keys, Self::Invoices, Self::Log, Self::Accounts];

    fn path(self) -> &'static str {
        match self {
            Self::Board => "/board",
            Self::Agreements => "/agreements",
            Self::Keys => "/keys",
            Self::Invoices => "/invoices",
            Self::Log => "/log",
            Self::Accounts => "/accounts",
        }
    }

    /// The key of what it is called.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Board => "page-board",
            Self::Agreements => "page-agreements",
            Self::Keys => "page-keys",
            Self::Invoices => "page-invoices",
            Self::Log => "page-log",
            Self::Accounts => "accounts-title",
        }
    }
}

/// What stands around a page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The language.
    pub language: Language,
    /// Path and query of the page, to come back to.
    pub address: &'a str,
    /// Where the navigation leads for the one who asks.
    pub places: &'a [Place],
    /// Which of them the page belongs to.
    pub place: Option<Place>,
    /// What makes a form of this page known when it comes back: the id of its command.
    pub command: &'a str,
    /// How far the log had come when the page was made, so that it can be kept up to date, and a form says what it rests on;
    /// nothing where it is not to be.
    pub seen: &'a str,
    /// What makes it known that a form comes from a page of one's own sign-in.
    pub form_token: &'a str,
    /// Whether somebody is signed in.
    pub is_signed_in: bool,
    /// Whether nothing can be changed before another proof of who one is.
    pub lacks_proof: bool,
    /// Whether the page is asked for anew when something happens. Not where it answers a form: asked for again it would not
    /// say what it says once.
    pub is_live: bool,
}

#[derive(Debug, Serialize)]
struct LanguageShown {
    code: &'static str,
    name: &'static str,
    current: bool,
}

#[derive(Debug, Serialize)]
struct PlaceShown {
    path: &'static str,
    key: &'static str,
    current: bool,
}

/// A frame as templates see it.
#[derive(Debug, Serialize)]
pub(super) struct FrameShown<'a> {
    title: &'a str,
    language: &'static str,
    /// The language of sentences that are made of figures.
    sentences: &'static str,
    /// The address of the page, written as a parameter.
    back: String,
    assets: &'static str,
    command: &'a str,
    seen: &'a str,
    address: &'a str,
    form_token: &'a str,
    is_signed_in: bool,
    lacks_proof: bool,
    is_live: bool,
    languages: Vec<LanguageShown>,
    places: Vec<PlaceShown>,
}

impl<'a> Frame<'a> {
    pub(super) fn shown(&self, title: &'a str) -> FrameShown<'a>
    where
        Self: 'a,
    {
        FrameShown {
            title,
            language: self.language.code(),
            sentences: self.language.of_sentences().code(),
            back: as_parameter(self.address),
            assets: asset_path(),
            command: self.command,
            seen: self.seen,
            address: self.address,
            form_token: self.form_token,
            is_signed_in: self.is_signed_in,
            lacks_proof: self.lacks_proof,
            is_live: self.is_live,
            languages: Language::ALL
                .map(|language| LanguageShown {
                    code: language.code(),
                    name: language.own_name(),
                    current: language == self.language,
                })
                .into(),
            places: self
                .places
                .iter()
                .map(|place| PlaceShown { path: place.path(), key: place.key(), current: Some(*place) == self.place })
                .collect(),
        }
    }
}
