use super::*;
#[test]
fn look() {
    let out = std::path::Path::new("/tmp/look3");
    std::fs::create_dir_all(out).unwrap();
    for (name, sheet) in
        [("karasjok", sample::karasjok()), ("nesseby", sample::nesseby()), ("porsanger", sample::porsanger())]
    {
        std::fs::write(out.join(format!("{name}.pdf")), budget_pdf(&sheet).unwrap()).unwrap();
        std::fs::write(out.join(format!("{name}.xlsx")), budget_workbook(&sheet).unwrap()).unwrap();
        std::fs::write(out.join(format!("{name}.json")), budget_json(&sheet).unwrap()).unwrap();
    }
    let issued = sample::invoice();
    let invoice = InvoiceDocument { issued: &issued, procurement_name: sample::PROCUREMENT, illustrative: true };
    std::fs::write(out.join("invoice.pdf"), invoice_pdf(&invoice).unwrap()).unwrap();
}
