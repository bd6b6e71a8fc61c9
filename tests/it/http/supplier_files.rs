//! The files of suppliers' invoices: sent first, kept by their hash, and named by a command afterwards.

use serde_json::{Value, json};

use super::client::{Response, send};
use super::service::{Service, nth};

const PDF: &[u8] = b"%PDF-1.4 L-1";

fn sent(service: &Service, headers: &[(&str, &str)], bytes: &[u8]) -> Response {
    send(service.address(), "POST", "/api/v1/supplier-files", headers, bytes)
}

fn recorded(service: &Service, file: &Value) -> Response {
    let supplier_invoice = json!({ "number": "L-1", "date": "2022-03-05", "period": null, "net_ore": 100, "vat_ore": 25,
        "sha256": file["sha256"], "file_name": "L-1.pdf", "media_type": file["media_type"], "size_bytes": file["size_bytes"] });
    let command = json!({ "command": "record_supplier_invoice", "supplier_invoice": supplier_invoice });
    service.post(&format!("/api/v1/costs/{}/commands", nth(12)), &command)
}

#[test]
fn a_file_is_kept_by_its_hash_and_a_command_names_it() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let key = [("Idempotency-Key", "file"), ("Content-Type", "application/pdf")];
    let kept = sent(&service, &key, PDF);
    assert_eq!(kept.status, 200, "{}", kept.text());
    let kept = kept.json();
    assert_eq!((&kept["media_type"], &kept["size_bytes"]), (&json!("application/pdf"), &json!(12)));
    assert_eq!(sent(&service, &key, PDF).json(), kept, "the same file is the same");
    assert_eq!(recorded(&service, &kept).status, 200);
}

#[test]
fn a_file_that_nobody_has_sent_or_that_is_another_is_refused() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let unknown = json!({ "sha256": "ab".repeat(32), "media_type": "application/pdf", "size_bytes": 12 });
    assert!(recorded(&service, &unknown).problem().starts_with("422 reference-unknown: no file of this size"));
    let mut kept = sent(&service, &[("Idempotency-Key", "file")], PDF).json();
    kept["size_bytes"] = json!(13);
    assert!(recorded(&service, &kept).problem().starts_with("422 reference-unknown: no file of this size"));
    kept["sha256"] = json!("../../people");
    assert!(recorded(&service, &kept).problem().starts_with("422 reference-unknown"));
}

#[test]
fn what_cannot_go_with_a_claim_is_refused_by_its_content() {
    let service = Service::with_a_small_procurement("2022-03-05");
    let key = [("Idempotency-Key", "file"), ("Content-Type", "application/pdf")];
    let refused = |bytes: &[u8]| sent(&service, &key, bytes).problem();
    assert!(refused(b"MZ").starts_with("422 file-not-taken: the file is neither PDF"));
    assert!(refused(b"").starts_with("422 file-not-taken: the file has 0 bytes"));
    assert!(
        refused(b"<?xml version=\"1.0\"?><Invoice/>").starts_with("422 file-not-taken: the e-invoice holds no PDF")
    );
    assert!(refused(&vec![b'%'; 10 * 1024 * 1024 + 1]).starts_with("413 body-too-large"));
    assert!(sent(&service, &[], PDF).problem().starts_with("400 idempotency-key-missing"));
}
