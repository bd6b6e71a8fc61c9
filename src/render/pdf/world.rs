//! What a document's template can see: itself, the house style, its data and the fonts. No files, no network, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

/// The ids are made once: Typst keeps every id for as long as the program runs, and has 65 535 of them.
static MAIN: LazyLock<FileId> = LazyLock::new(|| file_id("/main.typ"));
static HOUSE: LazyLock<FileId> = LazyLock::new(|| file_id("/house.typ"));
static DATA: LazyLock<FileId> = LazyLock::new(|| file_id("/data.json"));
static E_INVOICE: LazyLock<FileId> = LazyLock::new(|| file_id("/ehf.xml"));

static HOUSE_STYLE: LazyLock<Source> =
    LazyLock::new(|| Source::new(*HOUSE, include_str!("../../../reports/pdf/house.typ").to_owned()));

/// Headers of rows, not only of columns, are told to a reader who cannot see them.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build())
});

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let faces: [&'static [u8]; 4] = [
        include_bytes!("../../../reports/font/Inter-Regular.otf"),
        include_bytes!("../../../reports/font/Inter-Italic.otf"),
        include_bytes!("../../../reports/font/Inter-SemiBold.otf"),
        include_bytes!("../../../reports/font/Inter-Bold.otf"),
    ];
    faces.into_iter().flat_map(|face| Font::iter(Bytes::new(face))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

#[expect(clippy::expect_used, reason = "the four paths stand above and are sound")]
fn file_id(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a sound path")).intern()
}

/// A template, parsed once and kept.
pub(super) fn template(text: &str) -> Source {
    Source::new(*MAIN, text.to_owned())
}

/// One template with the data of one document.
pub(super) struct DocumentWorld {
    template: Source,
    data: Bytes,
    e_invoice: Option<Bytes>,
}

impl DocumentWorld {
    /// `data` is JSON; the template reads it as `/data.json`, where it stays text and never becomes markup. The e-invoice
    /// is `/ehf.xml`.
    pub(super) fn new(template: &Source, data: Vec<u8>, e_invoice: Option<Vec<u8>>) -> Self {
        Self { template: template.clone(), data: Bytes::new(data), e_invoice: e_invoice.map(Bytes::new) }
    }
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        *MAIN
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == *MAIN {
            Ok(self.template.clone())
        } else if id == *HOUSE {
            Ok(HOUSE_STYLE.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *DATA {
            Ok(self.data.clone())
        } else if id == *E_INVOICE {
            self.e_invoice.clone().ok_or(FileError::AccessDenied)
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    /// A document knows the days in its data and no other: rendered again it is the same.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
