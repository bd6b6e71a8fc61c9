//! Pages that are kept: what is the same for all who may see the same is made once for as long as nothing has happened that
//! it rests on.
//!
//! What is different each time, the ids and tokens in forms, is left out of what is kept, and stands in the answer as it is
//! and not compressed: the pieces between are compressed once, as members of one stream, and each answer is put
//! together from them. That no secret is compressed together with what came in an address, is wanted too: how
//! small an answer is, says nothing of the secret.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress};

use crate::app::App;
use crate::http::asking::Scope;
use crate::store::{Changes, Watched};
use crate::text::Language;

/// What is kept at most.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// What is shorter than this between two things that are different each time is not compressed.
const PACKED_BYTES_MIN: usize = 128;
/// How hard it is compressed: a page is waited for the first time.
const LEVEL: u32 = 4;
/// What a stored block of a compressed stream holds at most.
const STORED_BYTES_MAX: usize = 65_535;
/// The beginning of a compressed file: no name, no time, no system.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// A last block with nothing in it.
const LAST_BLOCK: [u8; 2] = [3, 0];

/// What a page rests on, beside the names of people, which are in any page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rests {
    /// On who takes part on which terms.
    Terms,
    /// On everything in the log.
    Everything,
    /// On what was known on a day that is over, which stays as it is for who sees everything.
    Past,
    /// On everything in the log, and on what people sign in by.
    SignIns,
}

/// How far everything had come that a page rests on. Names are in any page, and are no part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    log: u64,
    people: Changes,
    sign_ins: Option<Changes>,
}

impl Rests {
    /// How far it has come; none where it was not looked lately what other processes have changed of it.
    pub fn standing(self, app: &App, now: Instant) -> Option<Standing> {
        let people = app.people.watched();
        let sign_ins = (self == Self::SignIns).then(|| app.sign_ins.file().watched());
        // Asked first: what is known of their changes only becomes newer.
        if !people.is_known(now) || sign_ins.is_some_and(|file| !file.is_known(now)) {
            return None;
        }
        let log = match self {
            Self::Terms => app.ledger.terms_reached(),
            Self::Everything | Self::SignIns => app.ledger.reached(),
            Self::Past => 0,
        };
        Some(Standing { log, people: people.changes(), sign_ins: sign_ins.map(Watched::changes) })
    }
}

/// What makes two answers the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub address: String,
    pub language: Language,
    pub scope: Scope,
    pub day: NaiveDate,
    /// What else the page shows: what the browser alone knows, or whose own it is.
    pub besides: String,
}

impl Key {
    /// How much it takes to keep it.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.address.len() + self.besides.len() + size_of_val(self.scope.held.as_slice())
    }
}

/// What is different in each answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    pub command: String,
    pub form_token: String,
    pub seen: String,
}

impl Fill {
    /// What stands in a page in the place of what is different each time, by an id that stands nowhere else.
    pub fn stand_ins(id: &str) -> Self {
        Self { command: format!("command-{id}"), form_token: format!("token-{id}"), seen: format!("seen-{id}") }
    }

    fn at(&self, slot: Slot) -> &str {
        match slot {
            Slot::Command => &self.command,
            Slot::FormToken => &self.form_token,
            Slot::Seen => &self.seen,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Command,
    FormToken,
    Seen,
}

impl Slot {
    const ALL: [Self; 3] = [Self::Command, Self::FormToken, Self::Seen];
}

#[derive(Debug)]
enum Piece {
    Plain(String),
    Slot(Slot),
}

/// Pieces that stand one after the other.
#[derive(Debug)]
enum Part {
    /// A long one, compressed. Few ask for it as it was.
    Packed { packed: Vec<u8>, crc: Crc },
    /// Short ones, and what is different each time.
    Loose(Vec<Piece>),
}

/// A page with what is different each time left out.
#[derive(Debug)]
pub struct Pieces(Vec<Part>);

impl Pieces {
    /// Cuts a page in which stand-ins of an id stand.
    pub fn of(html: &str, id: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = html;
        while let Some((slot, begin, end)) = next_slot(rest, id) {
            pieces.extend(rest.get(..begin).map(|text| Piece::Plain(text.to_owned())));
            pieces.push(Piece::Slot(slot));
            rest = rest.get(end..).unwrap_or_default();
        }
        pieces.push(Piece::Plain(rest.to_owned()));
        let mut parts: Vec<Part> = Vec::new();
        let mut compress = Compress::new(Compression::new(LEVEL), false);
        for piece in pieces {
            match (piece, parts.last_mut()) {
                (Piece::Plain(text), _) if text.len() >= PACKED_BYTES_MIN => parts.push(packed(&mut compress, text)),
                (piece, Some(Part::Loose(loose))) => loose.push(piece),
                (piece, Some(Part::Packed { .. }) | None) => parts.push(Part::Loose(vec![piece])),
            }
        }
        Self(parts)
    }

    /// How much it takes to keep it.
    fn bytes(&self) -> usize {
        let parts = self.0.iter().map(|part| match part {
            Part::Packed { packed, .. } => packed.len(),
            Part::Loose(pieces) => {
                pieces.iter().map(|piece| if let Piece::Plain(text) = piece { text.len() } else { 1 }).sum()
            }
        });
        parts.sum()
    }

    /// The page as text.
    pub fn filled(&self, fill: &Fill) -> String {
        let mut html = String::new();
        for part in &self.0 {
            match part {
                Part::Packed { packed, crc } => html.push_str(&unpacked(packed, crc.amount())),
                Part::Loose(pieces) => html.push_str(&loose(pieces, fill)),
            }
        }
        html
    }

    /// The page compressed by gzip.
    pub fn gzipped(&self, fill: &Fill) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes() * 2);
        out.extend(GZIP_HEADER);
        let mut whole = Crc::new();
        for part in &self.0 {
            match part {
                Part::Packed { packed, crc } => {
                    out.extend(packed);
                    whole.combine(crc);
                }
                Part::Loose(pieces) => {
                    let text = loose(pieces, fill);
                    text.as_bytes().chunks(STORED_BYTES_MAX).for_each(|bytes| store(&mut out, bytes));
                    whole.update(text.as_bytes());
                }
            }
        }
        out.extend(LAST_BLOCK);
        out.extend(whole.sum().to_le_bytes());
        out.extend(whole.amount().to_le_bytes());
        out
    }
}

/// The next stand-in: what for, and from where to where.
fn next_slot(html: &str, id: &str) -> Option<(Slot, usize, usize)> {
    let at = html.find(id)?;
    let before = html.get(..at)?;
    let stand_ins = Fill::stand_ins("");
    let slot = Slot::ALL.into_iter().find(|slot| before.ends_with(stand_ins.at(*slot)))?;
    Some((slot, at - stand_ins.at(slot).len(), at + id.len()))
}

fn loose(pieces: &[Piece], fill: &Fill) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Plain(text) => text,
            Piece::Slot(slot) => fill.at(*slot),
        })
        .collect()
}

/// A stored block: what it holds stands in it as it is.
fn store(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.push(0);
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(bytes);
}

/// A piece compressed by itself, up to the end of a byte, so that anything can follow.
fn packed(compress: &mut Compress, text: String) -> Part {
    /// What a block of which nothing could be made smaller takes besides.
    const BESIDES: usize = 64;
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    compress.reset();
    let mut packed = Vec::with_capacity(text.len() + text.len() / 1_000 + BESIDES);
    let done = compress.compress_vec(text.as_bytes(), &mut packed, FlushCompress::Full);
    let is_whole = done.is_ok() && compress.total_in() == u64::try_from(text.len()).unwrap_or(u64::MAX);
    if is_whole && packed.len() < packed.capacity() {
        packed.shrink_to_fit();
        return Part::Packed { packed, crc };
    }
    Part::Loose(vec![Piece::Plain(text)])
}

/// What was compressed, as it was.
fn unpacked(packed: &[u8], bytes: u32) -> String {
    let mut text = vec![0; usize::try_from(bytes).unwrap_or_default()];
    // It was made here and is whole.
    let _outcome = Decompress::new(false).decompress(packed, &mut text, FlushDecompress::Sync);
    String::from_utf8(text).unwrap_or_default()
}

/// A page that is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What it is put together from.
    pub pieces: Arc<Pieces>,
    /// The cookie that goes with it.
    pub cookie: Option<String>,
    /// How far what it rests on had come.
    pub standing: Standing,
    /// The instant from which it is another though nothing happens.
    pub until: Option<DateTime<Utc>>,
}

/// A page that was kept, or was made just now.
#[derive(Debug)]
pub enum FoundOrMade<T> {
    /// It was kept.
    Found(Kept),
    /// It was made.
    Made(T),
}

/// The pages that are kept.
#[derive(Debug, Default)]
pub struct KeptPages {
    pages: Mutex<Pages>,
    /// The turn to make a page, as long as somebody makes it or waits for it.
    turns: Mutex<HashMap<Key, Weak<Turn>>>,
}

/// The turn to make a page.
type Turn = tokio::sync::Mutex<()>;

#[derive(Debug, Default)]
struct Pages {
    by_key: HashMap<Key, Kept>,
    bytes: usize,
}

impl KeptPages {
    /// A page that is kept, as `find` finds it, or what `make` makes, which may be kept. However many ask for the same page,
    /// one makes it, and the others wait for that.
    pub async fn found_or_made<T, E>(
        &self,
        key: Key,
        find: impl Fn(&Key) -> Option<Kept>,
        make: impl Future<Output = Result<(T, Option<Kept>), E>>,
    ) -> Result<FoundOrMade<T>, E> {
        if let Some(kept) = find(&key) {
            return Ok(FoundOrMade::Found(kept));
        }
        let turn = self.turn(&key);
        let _mine = turn.lock().await;
        if let Some(kept) = find(&key) {
            return Ok(FoundOrMade::Found(kept));
        }
        let (made, kept) = make.await?;
        if let Some(kept) = kept {
            self.keep(key, kept);
        }
        Ok(FoundOrMade::Made(made))
    }

    /// The turn to make a page, which is nobody's before and after.
    fn turn(&self, key: &Key) -> Arc<Turn> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(key).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::new(Turn::default());
        turns.insert(key.clone(), Arc::downgrade(&turn));
        turn
    }

    /// A page, where it is kept, nothing has happened since, and it has not become another by itself.
    pub fn find(&self, key: &Key, standing: Standing, now: DateTime<Utc>) -> Option<Kept> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |kept: &&Kept| kept.standing == standing && kept.until.is_none_or(|until| now < until);
        pages.by_key.get(key).filter(holds).cloned()
    }

    /// Keeps a page. Where there are too many, all others are made anew when they are asked for.
    pub fn keep(&self, key: Key, kept: Kept) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let of_key = key.bytes();
        let bytes = of_key + kept.pieces.bytes();
        pages.bytes += bytes;
        if pages.bytes > BYTES_MAX {
            pages.by_key.clear();
            pages.bytes = bytes;
        }
        if let Some(before) = pages.by_key.insert(key, kept) {
            pages.bytes = pages.bytes.saturating_sub(of_key + before.pieces.bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::Duration;

    use chrono::TimeDelta;
    use flate2::read::GzDecoder;

    use uuid::Uuid;

    use super::*;
    use crate::app::Access;
    use crate::clock::moment;
    use crate::config::Settings;
    use crate::domain::identity::PersonId;
    use crate::store::people::{People, Person};
    use crate::store::testing::TestDirectory;

    const ID: &str = "6b0e58a4-4d2c-4d5b-9a65-2c1c1a4f7d10";

    fn page() -> (String, Fill) {
        let stand_ins = Fill::stand_ins(ID);
        let long = "<p>Kárášjohka og Guovdageaidnu</p>".repeat(200);
        let form = format!("<i>{}</i><b>{}</b>", stand_ins.command, stand_ins.form_token);
        let fill = Fill { command: "one".to_owned(), form_token: "t0ken".to_owned(), seen: "12".to_owned() };
        (format!("{long}{form}{long}{form}<a>{}</a>", stand_ins.seen), fill)
    }

    fn gunzipped(bytes: &[u8]) -> String {
        let mut text = String::new();
        GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_page_is_put_together_again_as_text_and_compressed() {
        let (html, fill) = page();
        let pieces = Pieces::of(&html, ID);
        let expected = html
            .replace(&format!("command-{ID}"), "one")
            .replace(&format!("token-{ID}"), "t0ken")
            .replace(&format!("seen-{ID}"), "12");
        assert_eq!(pieces.filled(&fill), expected);
        let gzipped = pieces.gzipped(&fill);
        assert_eq!(gunzipped(&gzipped), expected);
        assert!(gzipped.len() < expected.len() / 10, "{} bytes", gzipped.len());
        let found = gzipped.windows(5).filter(|bytes| *bytes == b"t0ken").count();
        assert_eq!(found, 2, "what is secret stands as it is");
    }

    #[test]
    fn a_page_without_forms_or_without_anything_is_a_page_too() {
        for html in ["", "short", &"long ".repeat(40_000)] {
            let pieces = Pieces::of(html, ID);
            let fill = Fill::stand_ins("x");
            assert_eq!(pieces.filled(&fill), html);
            assert_eq!(gunzipped(&pieces.gzipped(&fill)), html);
        }
    }

    #[test]
    fn a_page_is_kept_until_something_has_happened_and_for_nobody_else() {
        let now = DateTime::UNIX_EPOCH;
        let pages = KeptPages::default();
        pages.keep(key("/board"), kept(7, None));
        assert!(pages.find(&key("/board"), at(7), now).is_some());
        assert!(pages.find(&key("/board"), at(8), now).is_none());
        let directory = TestDirectory::new();
        let people = People::open(directory.path()).unwrap();
        people.put(PersonId(Uuid::from_u128(1)), &Person { name: "leder".to_owned(), ..Person::default() }).unwrap();
        let renamed = Standing { people: people.watched().changes(), ..at(7) };
        assert!(pages.find(&key("/board"), renamed, now).is_none(), "a name is another");
        assert!(pages.find(&key("/board?q=alta"), at(7), now).is_none());
        let other = Key { scope: Scope { writes: true, ..Scope::default() }, ..key("/board") };
        assert!(pages.find(&other, at(7), now).is_none());
        pages.keep(key("/board"), kept(8, None));
        assert!(pages.find(&key("/board"), at(8), now).is_some());
    }

    #[test]
    fn no_page_is_found_where_it_was_not_looked_lately_what_other_processes_have_changed() {
        let directory = TestDirectory::new();
        let mut settings = Settings::load(None).unwrap();
        settings.data.directory = directory.path().to_owned();
        let app = App::open(settings, Access::Write).unwrap();
        let stands = |rests: Rests, now: Instant| rests.standing(&app, now).is_some();
        assert!(!stands(Rests::Terms, moment()), "it was never looked");
        let now = moment();
        app.people.watched().look();
        assert!(stands(Rests::Past, now) && stands(Rests::Terms, now) && stands(Rests::Everything, now));
        assert!(!stands(Rests::SignIns, now), "the other file was never looked at");
        app.sign_ins.file().watched().look();
        assert!(stands(Rests::SignIns, now));
        let late = moment() + Duration::from_secs(2);
        for rests in [Rests::Past, Rests::Terms, Rests::Everything, Rests::SignIns] {
            assert!(!stands(rests, late), "{rests:?}");
        }
    }

    #[test]
    fn a_page_that_becomes_another_by_itself_is_kept_until_then() {
        let until = DateTime::UNIX_EPOCH + TimeDelta::minutes(10);
        let pages = KeptPages::default();
        pages.keep(key("/invoices"), kept(7, Some(until)));
        assert!(pages.find(&key("/invoices"), at(7), until - TimeDelta::seconds(1)).is_some());
        assert!(pages.find(&key("/invoices"), at(7), until).is_none());
    }

    #[test]
    fn what_is_kept_counts_with_what_it_is_found_by() {
        let pages = KeptPages::default();
        let long = |number: usize| key(&format!("/board?q={}{number}", "a".repeat(BYTES_MAX / 3)));
        for number in 0..4 {
            pages.keep(long(number), kept(7, None));
        }
        let is_kept = |number| pages.find(&long(number), at(7), DateTime::UNIX_EPOCH).is_some();
        assert_eq!([0, 1, 2, 3].map(is_kept), [false, false, true, true]);
    }

    #[test]
    fn a_page_is_made_once_for_all_who_ask_for_it_at_the_same_time() {
        let pages = Arc::new(KeptPages::default());
        let (count, rounds) = (Arc::new(Mutex::new(0)), 3);
        let asked = |address: &'static str| {
            let (pages, count) = (Arc::clone(&pages), Arc::clone(&count));
            async move {
                let find = |key: &Key| pages.find(key, at(7), DateTime::UNIX_EPOCH);
                let make = async {
                    for _ in 0..rounds {
                        tokio::task::yield_now().await;
                    }
                    *count.lock().unwrap() += 1;
                    Ok::<_, ()>(((), Some(kept(7, None))))
                };
                pages.found_or_made(key(address), find, make).await.is_ok()
            }
        };
        actix_web::rt::System::new().block_on(async {
            let all =
                ["/invoices", "/invoices", "/board", "/invoices"].map(|address| actix_web::rt::spawn(asked(address)));
            for one in all {
                assert!(one.await.unwrap());
            }
        });
        assert_eq!(*count.lock().unwrap(), 2, "one for each page");
        assert!(pages.turns.lock().unwrap().values().all(|turn| turn.strong_count() == 0), "nobody waits any longer");
    }

    fn at(log: u64) -> Standing {
        Standing { log, people: Changes::default(), sign_ins: None }
    }

    fn key(address: &str) -> Key {
        Key {
            address: address.to_owned(),
            language: Language::Bokmal,
            scope: Scope::default(),
            day: NaiveDate::MIN,
            besides: String::new(),
        }
    }

    fn kept(rests_at: u64, until: Option<DateTime<Utc>>) -> Kept {
        Kept { pieces: Arc::new(Pieces::of("page", ID)), cookie: None, standing: at(rests_at), until }
    }
}
