//! Letters as files in a folder: what the demonstration and an installation without a mail server do.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Connection, MailError, MailTransport, Outcome, Reply};
use crate::render::mail::Message;
use crate::whole_file;

/// How many locks there are: more than letters that are written at a time.
const LOCKS: usize = 32;

/// Writes each message to a folder, as `NAME.eml`, which every mail program opens.
#[derive(Debug)]
pub struct FolderTransport {
    folder: PathBuf,
    /// Letters of one name share a lock, so that the second finds the first.
    writing: [Mutex<()>; LOCKS],
}

impl FolderTransport {
    /// Writes to `folder`, which is made for the first message where it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), writing: Default::default() }
    }

    fn lock_of(&self, file_name: &str) -> &Mutex<()> {
        let sum: usize = file_name.bytes().map(usize::from).sum();
        let [first, ..] = &self.writing;
        self.writing.get(sum % LOCKS).unwrap_or(first)
    }
}

impl MailTransport for FolderTransport {
    fn connect(&self) -> Result<Box<dyn Connection + '_>, MailError> {
        let failed = |source| MailError::Folder { path: self.folder.clone(), source };
        fs::create_dir_all(&self.folder).map_err(failed)?;
        Ok(Box::new(self))
    }

    /// A disk makes several files safe in nearly the time of one.
    fn connections(&self) -> usize {
        16
    }

    fn answers_within(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// The same letter takes the place of its own file.
    fn repeats_are_harmless(&self) -> bool {
        true
    }

    fn check(&self) -> Result<String, MailError> {
        self.connect()?;
        Ok(format!("letters are written to {}", self.folder.display()))
    }
}

impl Connection for &FolderTransport {
    /// The file is there whole or not at all, and on the disk before the reply.
    fn send(&mut self, message: &Message) -> Outcome {
        let Some(file_name) = file_name(&message.name) else {
            return Outcome::Refused(Reply { text: "its name is no file name".to_owned() });
        };
        match self.write(&file_name, message) {
            Ok(true) => Outcome::Accepted(Reply { text: format!("written to {file_name}") }),
            Ok(false) => {
                let text = format!("another letter stands in its place: move {file_name} away");
                Outcome::Refused(Reply { text })
            }
            Err(error) => Outcome::NotHandedOver(format!("{file_name} cannot be written: {error}")),
        }
    }
}

impl FolderTransport {
    /// Whether the message stands in its file now; not where that is another message's.
    fn write(&self, file_name: &str, message: &Message) -> io::Result<bool> {
        let path = self.folder.join(file_name);
        let _alone = self.lock_of(file_name).lock().unwrap_or_else(PoisonError::into_inner);
        match fs::read(&path) {
            Ok(bytes) if bytes == message.bytes => return Ok(true),
            Ok(bytes) if !carries_message_id(&bytes, &message.message_id) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        whole_file::write(&path, &message.bytes)?;
        Ok(true)
    }
}

fn file_name(name: &str) -> Option<String> {
    let is_sound = (1..=100).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    is_sound.then(|| format!("{name}.eml"))
}

/// Whether the headers of a message carry the Message-ID.
fn carries_message_id(bytes: &[u8], message_id: &str) -> bool {
    let position = |text: &[u8], part: &[u8]| text.windows(part.len()).position(|window| window == part);
    let headers = position(bytes, b"\r\n\r\n").map_or(bytes, |end| bytes.split_at(end).0);
    position(headers, message_id.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::message;

    /// A folder of this test's own, gone when it ends.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("grenselos-mail-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Self(path)
        }

        fn files(&self) -> Vec<String> {
            let mut names: Vec<String> =
                fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn send(transport: &FolderTransport, message: &Message) -> Outcome {
        transport.connect().unwrap().send(message)
    }

    fn accepted(text: &str) -> Outcome {
        Outcome::Accepted(Reply { text: text.to_owned() })
    }

    #[test]
    fn a_message_is_one_file_however_often_it_is_sent() {
        let folder = Folder::new("often");
        let transport = FolderTransport::new(&folder.0);
        let first = message("faktura-1", "<1@fylket.example>", "Hei");
        for _ in 0..2 {
            assert_eq!(send(&transport, &first), accepted("written to faktura-1.eml"));
        }
        send(&transport, &message("faktura-2", "<2@fylket.example>", "Hei"));
        assert_eq!(folder.files(), ["faktura-1.eml", "faktura-2.eml"]);
        assert_eq!(fs::read(folder.0.join("faktura-1.eml")).unwrap(), first.bytes);
    }

    #[test]
    fn a_message_takes_the_place_of_its_own_repeat_and_of_no_other() {
        let folder = Folder::new("repeat");
        let transport = FolderTransport::new(&folder.0);
        send(&transport, &message("faktura-1", "<1@fylket.example>", "Hei"));
        send(&transport, &message("faktura-1", "<1@fylket.example>", "Hei igjen"));
        let text = "another letter stands in its place: move faktura-1.eml away".to_owned();
        let other = message("faktura-1", "<2@fylket.example>", "Hei");
        assert_eq!(send(&transport, &other), Outcome::Refused(Reply { text }));
        assert!(fs::read_to_string(folder.0.join("faktura-1.eml")).unwrap().contains("Hei igjen"));
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        let folder = Folder::new("names");
        let transport = FolderTransport::new(&folder.0);
        for name in ["", "..", "../faktura", "a/b", "a\\b", ".skjult", "Kárášjohka"] {
            let refused = send(&transport, &message(name, "<1@fylket.example>", "Hei"));
            assert!(matches!(refused, Outcome::Refused(_)), "{name}: {refused:?}");
        }
        assert_eq!(folder.files(), Vec::<String>::new());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = Folder::new("blocked");
        fs::write(&folder.0, "a file").unwrap();
        let transport = FolderTransport::new(folder.0.join("mail"));
        let refused = transport.check().unwrap_err().to_string();
        fs::remove_file(&folder.0).unwrap();
        assert!(refused.contains("grenselos-mail-blocked"), "{refused}");
    }
}
