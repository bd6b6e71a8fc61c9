//! The files of suppliers' invoices: sent first, and named by their hash afterwards.

use actix_web::{HttpResponse, web};

use super::answer::{blocking, single};
use super::asking::Asking;
use super::endpoint::Endpoint;
use super::problem::{FILE_NOT_TAKEN, Problem};
use super::request::Uploaded;
use crate::app::App;
use crate::archive::{self, Kept};
use crate::domain::access::policy::Operation;
use crate::import::supplier_file::supplier_file;
use crate::ledger::with_sources;

/// The operations.
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/api/v1/supplier-files", "keepSupplierFile", keep)
            .asks(&[Operation::KeepFile])
            .about("Costs", "Keep the file of a supplier's invoice")
            .described(
                "PDF, PNG or JPEG, or an e-invoice (XML) of which the PDF within is kept; which it is, is seen from its \
                 content. At most 10 MiB. The answer has what the command record_supplier_invoice asks for. The same file \
                 again is the same.",
            )
            .takes_file(&["application/pdf", "image/png", "image/jpeg", "application/xml"])
            .answers::<Kept>("The file as it is kept."),
    ]
}

async fn keep(app: web::Data<App>, asking: Asking, uploaded: Uploaded) -> Result<HttpResponse, Problem> {
    // Whose it is, is said by the invoice that names it.
    asking.may_at_all(Operation::KeepFile)?;
    let kept = blocking(move || {
        let file = supplier_file(uploaded.bytes.to_vec())
            .map_err(|error| Problem::new(FILE_NOT_TAKEN, with_sources(&error)))?;
        archive::keep(&app.archive(), &file.bytes, file.media_type).map_err(|(_, error)| Problem::internal(&error))
    })
    .await?;
    Ok(single(&kept, None))
}
