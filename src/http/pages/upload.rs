//! A form with a file: the same fields as any other form, and the file's bytes, of a limited size. What the file is, is told by
//! its content and never by its name.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{Either, FromRequest, HttpRequest, web};
use multer::{Multipart, parse_boundary};
use uuid::Uuid;

use super::around::{Around, Page};
use super::filled::{Answered, Reading, done};
use super::form::Sent;
use crate::app::App;
use crate::domain::supplier_invoice::FILE_BYTES_MAX;
use crate::http::answer::{Known, read};
use crate::http::asking::Asking;
use crate::http::problem::{BODY_INVALID, BODY_TOO_LARGE, Problem};
use crate::http::request::whole;
use crate::render::page::Filled;

/// The name of the field with the file.
const FILE: &str = "file";
/// What the fields beside the file may take.
const FIELDS_BYTES_MAX: usize = 64 * 1024;
/// The most fields.
const FIELDS_MAX: usize = 100;

/// A form with a file that was sent.
#[derive(Debug)]
pub enum SentFile {
    /// As it was sent: the content of the file is nothing where none was chosen.
    Whole(Sent, Vec<u8>),
    /// The file is larger than is taken, and nothing was read. Who sent it.
    TooLarge(Asking),
}

/// Does what a form with a file asks for. Where it cannot, or the file is too large, the page comes again.
pub async fn uploaded(
    app: web::Data<App>,
    around: Around,
    file: SentFile,
    form: &'static str,
    does: impl FnOnce(&App, &mut Reading<'_>, &[u8]) -> Result<Option<String>, Problem> + Send + 'static,
    again: impl FnOnce(&Known<'_>, &Around, &Filled, (StatusCode, Uuid)) -> Result<Page, Problem> + Send + 'static,
) -> Answered {
    match file {
        SentFile::Whole(sent, bytes) => {
            done(app, around, sent, form, move |app, reading| does(app, reading, &bytes), again).await
        }
        SentFile::TooLarge(asking) => {
            let refused = BTreeMap::from([(FILE.to_owned(), "page-file-too-large")]);
            let filled = Filled { form, refused, ..Filled::default() };
            let anew = (StatusCode::PAYLOAD_TOO_LARGE, app.ids.new_id());
            read(app, asking, None, move |known| again(known, &around, &filled, anew)).await.map(Either::Right)
        }
    }
}

impl FromRequest for SentFile {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, asking) = (request.clone(), Asking::extract(request));
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let asking = asking.await?;
            let payload = payload.await.map_err(|error| unreadable(&error.to_string()))?;
            let bytes_max = usize::try_from(FILE_BYTES_MAX).unwrap_or(usize::MAX).saturating_add(FIELDS_BYTES_MAX);
            let body = match whole(&request, payload, bytes_max).await {
                Err(problem) if problem.code() == BODY_TOO_LARGE.code => return Ok(Self::TooLarge(asking)),
                body => body?,
            };
            let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let boundary = parse_boundary(content_type.unwrap_or_default())
                .map_err(|_| unreadable("it is not sent as multipart/form-data"))?;
            let (fields, bytes) = parts(&body, boundary).await?;
            let sent = Sent::checked(asking, request.path().to_owned(), fields)?.with_file(&bytes);
            Ok(Self::Whole(sent, bytes))
        })
    }
}

fn unreadable(why: &str) -> Problem {
    Problem::new(BODY_INVALID, format!("the form cannot be read: {why}"))
}

/// The fields by their names, and the file.
async fn parts(body: &[u8], boundary: String) -> Result<(BTreeMap<String, String>, Vec<u8>), Problem> {
    let faulty = |error: multer::Error| unreadable(&error.to_string());
    let mut form = Multipart::with_reader(body, boundary);
    let (mut fields, mut file, mut taken) = (BTreeMap::new(), Vec::new(), 0);
    while let Some(field) = form.next_field().await.map_err(faulty)? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(faulty)?;
        if name == FILE {
            file = bytes.to_vec();
            continue;
        }
        taken += bytes.len();
        if taken > FIELDS_BYTES_MAX || fields.len() >= FIELDS_MAX {
            return Err(unreadable("it has too many fields, or too much in them"));
        }
        fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok((fields, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(parts: &[(&str, &str)]) -> String {
        let part = |(disposition, content): &(&str, &str)| {
            format!("--edge\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
        };
        format!("{}--edge--\r\n", parts.iter().map(part).collect::<String>())
    }

    #[actix_web::test]
    async fn a_form_has_fields_and_a_file_whose_name_says_nothing() {
        let sent =
            body(&[("name=\"command\"", "1"), ("name=\"file\"; filename=\"../../etc/passwd\"", "%PDF-1.7 words")]);
        let (fields, file) = parts(sent.as_bytes(), "edge".to_owned()).await.unwrap();
        assert_eq!(fields, BTreeMap::from([("command".to_owned(), "1".to_owned())]));
        assert_eq!(file, b"%PDF-1.7 words");
    }

    #[actix_web::test]
    async fn a_form_that_breaks_off_or_holds_too_much_is_not_read() {
        let broken = parts(b"--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "edge".to_owned()).await;
        assert!(broken.unwrap_err().to_string().starts_with("the form cannot be read"));
        let long = "x".repeat(FIELDS_BYTES_MAX + 1);
        assert!(parts(body(&[("name=\"a\"", &long)]).as_bytes(), "edge".to_owned()).await.is_err());
    }
}
