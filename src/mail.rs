//! The mail port: how a finished message leaves the house.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::render::mail::Message;

/// Carries messages. "Sent" means that the other side said yes: the reply is its word for it.
pub trait MailTransport: Send + Sync {
    /// Hands the message over. The same message again is harmless.
    ///
    /// # Errors
    /// If it was not taken.
    fn send(&self, message: &Message) -> Result<Reply, MailError>;
}

/// What the other side answered when it took a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its words.
    pub text: String,
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The message's name is no file name.
    #[error("\"{0}\" is no name for a message; use 1 to 100 letters a-z, digits, hyphens, underscores and full stops")]
    Name(String),
    /// Another message is called the same.
    #[error("{path} holds another message; give this one a name of its own")]
    NameTaken {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("the message cannot be written to {path}; see that the folder is there, can be written to and has room")]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Writes each message to a folder, as `NAME.eml`, which every mail program opens.
#[derive(Debug)]
pub struct FolderTransport {
    folder: PathBuf,
    /// One at a time: two threads with the same message would share its temporary file.
    writing: Mutex<()>,
}

impl FolderTransport {
    /// Writes to `folder`, which is made for the first message where it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), writing: Mutex::new(()) }
    }
}

impl MailTransport for FolderTransport {
    /// The file is there whole or not at all, and on the disk before the reply.
    fn send(&self, message: &Message) -> Result<Reply, MailError> {
        let file_name = file_name(&message.name)?;
        let path = self.folder.join(&file_name);
        let reply = Reply { text: format!("written to {file_name}") };
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |source| MailError::Folder { path: path.clone(), source };
        fs::create_dir_all(&self.folder).map_err(failed)?;
        match fs::read(&path) {
            Ok(bytes) if bytes == message.bytes => return Ok(reply),
            Ok(bytes) if !carries_message_id(&bytes, &message.message_id) => {
                return Err(MailError::NameTaken { path });
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        write_whole(&self.folder, &file_name, &message.bytes).map_err(failed)?;
        Ok(reply)
    }
}

fn file_name(name: &str) -> Result<String, MailError> {
    let is_sound = (1..=100).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if is_sound { Ok(format!("{name}.eml")) } else { Err(MailError::Name(name.to_owned())) }
}

/// Whether the headers of a message carry the Message-ID.
fn carries_message_id(bytes: &[u8], message_id: &str) -> bool {
    let position = |text: &[u8], part: &[u8]| text.windows(part.len()).position(|window| window == part);
    let headers = position(bytes, b"\r\n\r\n").map_or(bytes, |end| bytes.split_at(end).0);
    position(headers, message_id.as_bytes()).is_some()
}

/// Writes beside the file and then takes its place, so that nobody ever sees half a message.
fn write_whole(folder: &Path, file_name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = folder.join(format!(".{file_name}.part"));
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(file_name))?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Keeps messages in memory, for tests and rehearsals.
#[derive(Debug, Default)]
pub struct MemoryTransport {
    messages: Mutex<Vec<Message>>,
}

impl MemoryTransport {
    /// The messages taken so far, each once, in order.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl MailTransport for MemoryTransport {
    fn send(&self, message: &Message) -> Result<Reply, MailError> {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if !messages.contains(message) {
            messages.push(message.clone());
        }
        Ok(Reply { text: format!("kept as number {}", messages.len()) })
    }
}

#[cfg(test)]
mod tests {
    use lettre::address::Envelope;

    use super::*;

    fn message(name: &str, message_id: &str, words: &str) -> Message {
        Message {
            name: name.to_owned(),
            message_id: message_id.to_owned(),
            envelope: Envelope::new(None, vec!["faktura@karasjok.example".parse().unwrap()]).unwrap(),
            bytes: format!("Message-ID: {message_id}\r\n\r\n{words}\r\n").into_bytes(),
        }
    }

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

    #[test]
    fn a_message_is_one_file_however_often_it_is_sent() {
        let folder = Folder::new("often");
        let transport = FolderTransport::new(&folder.0);
        let first = message("faktura-1", "<1@fylket.example>", "Hei");
        for _ in 0..2 {
            assert_eq!(transport.send(&first).unwrap().text, "written to faktura-1.eml");
        }
        transport.send(&message("faktura-2", "<2@fylket.example>", "Hei")).unwrap();
        assert_eq!(folder.files(), ["faktura-1.eml", "faktura-2.eml"]);
        assert_eq!(fs::read(folder.0.join("faktura-1.eml")).unwrap(), first.bytes);
    }

    #[test]
    fn a_message_takes_the_place_of_its_own_repeat_and_of_no_other() {
        let folder = Folder::new("repeat");
        let transport = FolderTransport::new(&folder.0);
        transport.send(&message("faktura-1", "<1@fylket.example>", "Hei")).unwrap();
        transport.send(&message("faktura-1", "<1@fylket.example>", "Hei igjen")).unwrap();
        let refused = transport.send(&message("faktura-1", "<2@fylket.example>", "Hei")).unwrap_err();
        assert!(matches!(refused, MailError::NameTaken { .. }), "{refused}");
        assert!(fs::read_to_string(folder.0.join("faktura-1.eml")).unwrap().contains("Hei igjen"));
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        let folder = Folder::new("names");
        let transport = FolderTransport::new(&folder.0);
        for name in ["", "..", "../faktura", "a/b", "a\\b", ".skjult", "Kárášjohka"] {
            let refused = transport.send(&message(name, "<1@fylket.example>", "Hei")).unwrap_err();
            assert!(matches!(refused, MailError::Name(_)), "{name}: {refused}");
        }
        assert!(!folder.0.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = Folder::new("blocked");
        fs::write(&folder.0, "a file").unwrap();
        let transport = FolderTransport::new(folder.0.join("mail"));
        let refused = transport.send(&message("faktura-1", "<1@fylket.example>", "Hei")).unwrap_err().to_string();
        fs::remove_file(&folder.0).unwrap();
        assert!(refused.contains("grenselos-mail-blocked"), "{refused}");
    }

    #[test]
    fn memory_keeps_each_message_once() {
        let transport = MemoryTransport::default();
        let first = message("faktura-1", "<1@fylket.example>", "Hei");
        transport.send(&first).unwrap();
        transport.send(&first).unwrap();
        assert_eq!(transport.messages(), [first]);
    }
}
