//! Style, fonts and the icon: compiled in, and kept by browsers for ever, since another content has another path.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::PageRoute;
use crate::domain::access::policy::Operation;
use crate::http::problem::{NOT_FOUND, Problem};
use crate::render::page::{asset, asset_path};

pub fn routes() -> Vec<PageRoute> {
    vec![PageRoute::get("/assets/{hash}/{name}", &[Operation::UseTheDoor], file)]
}

async fn file(path: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (hash, name) = path.into_inner();
    let found = asset(&name).filter(|_| asset_path() == format!("/assets/{hash}"));
    let found = found.ok_or_else(|| Problem::new(NOT_FOUND, "there is no such file; load the page anew"))?;
    let mut response = HttpResponse::Ok();
    response
        .content_type(found.media_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    if found.media_type == "font/woff2" {
        // It is packed already.
        response.insert_header((header::CONTENT_ENCODING, "identity"));
    }
    Ok(response.body(found.bytes))
}
