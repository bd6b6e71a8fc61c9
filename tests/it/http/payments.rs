//! Money that comes in over the API: bank files, by hand, what they pay, and reminders.

use serde_json::{Value, json};

use super::service::{Service, nth};

/// A small procurement whose three invoices of 416.66, 416.66 and 416.68 kroner are due on 3 March 2023.
fn invoiced() -> Service {
    let service = Service::with_a_small_procurement("2023-02-01");
    let request = json!({ "procurement": "Biblioteksystem", "issuer": "922420866", "year": 2023 });
    let planned = service.post("/api/v1/invoice-runs", &request).json();
    let run = planned["events"][0]["data"]["run"].as_str().unwrap().to_owned();
    service.post(&format!("/api/v1/invoice-runs/{run}/approve"), &json!({ "role": "økonomisjef", "person": nth(70) }));
    service.post("/api/v1/invoice-runs/issue", &json!({}));
    service
}

/// A bank file with payments by reference, amount and KID.
pub fn camt(message: &str, payments: &[(&str, &str, &str)]) -> Value {
    let entries: Vec<String> = payments
        .iter()
        .map(|(reference, kroner, kid)| {
            format!(
                "<Ntry><Amt Ccy=\"NOK\">{kroner}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2023-02-01</Dt>\
                 </BookgDt><NtryDtls><TxDtls><Refs><AcctSvcrRef>{reference}</AcctSvcrRef></Refs><RmtInf><Strd><CdtrRefInf>\
                 <Ref>{kid}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>"
            )
        })
        .collect();
    let content = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{message}\
         </MsgId></GrpHdr><Ntfctn><Acct><Id><Othr><Id>12345678903</Id></Othr></Id></Acct>{}</Ntfctn>\
         </BkToCstmrDbtCdtNtfctn></Document>",
        entries.concat()
    );
    json!({ "content": content })
}

fn types(answer: &Value) -> Vec<&str> {
    answer["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect()
}

/// Kid, days overdue, paid and outstanding of every invoice by its number.
fn receivables(service: &Service) -> Vec<(String, i64, i64, i64)> {
    let mut items = service.get("/api/v1/receivables").json()["items"].as_array().unwrap().clone();
    items.sort_by_key(|item| item["number"].as_u64());
    let number = |item: &Value, field: &str| item[field].as_i64().unwrap();
    items
        .iter()
        .map(|item| {
            let kid = item["kid"].as_str().unwrap().to_owned();
            (kid, number(item, "days_overdue"), number(item, "paid_ore"), number(item, "outstanding_ore"))
        })
        .collect()
}

#[test]
fn a_bank_file_is_taken_in_once_and_what_is_open_is_matched_by_a_person() {
    let service = invoiced();
    let owed = receivables(&service);
    let [first, second] = [&owed[0], &owed[1]].map(|owed| owed.0.clone());
    let file = camt("a", &[("1", "416.66", &first), ("2", "500.00", &second), ("3", "10.00", "9999999995")]);
    let taken = service.post("/api/v1/payments/files", &file).json();
    assert_eq!(
        types(&taken),
        [
            "payments.opened",
            "payments.file-taken",
            "payments.received",
            "payments.received",
            "payments.received",
            "payments.matched"
        ]
    );
    let again = service.post("/api/v1/payments/files", &file).json();
    assert_eq!(again["events"], json!([]));

    let open = service.get("/api/v1/payments?unmatched=true").json();
    let open = open["items"].as_array().unwrap();
    let shown: Vec<(&Value, &Value)> = open.iter().map(|payment| (&payment["state"], &payment["open_ore"])).collect();
    assert_eq!(shown, [(&json!("rest"), &json!(50_000 - owed[1].3)), (&json!("unknown_kid"), &json!(1_000))]);

    let third = service.get("/api/v1/receivables?unpaid=true").json()["items"][0]["invoice"].clone();
    let overpaid = format!("/api/v1/payments/{}", open[0]["payment"].as_str().unwrap());
    let matched = service.post(&format!("{overpaid}/match"), &json!({ "invoice": third })).json();
    assert_eq!(types(&matched), ["payments.matched"]);
    let refused = service.post(&format!("{overpaid}/match"), &json!({ "invoice": third, "amount_ore": 41_668 }));
    assert!(refused.problem().starts_with("422 payments-more-than-open"), "{}", refused.text());
    let apart = json!({ "invoice": third, "reason": "Feil faktura" });
    assert_eq!(types(&service.post(&format!("{overpaid}/unmatch"), &apart).json()), ["payments.unmatched"]);
    let returned = service.post(&format!("{overpaid}/return"), &json!({ "reference": "Bilag 117" })).json();
    assert_eq!(types(&returned), ["payments.returned"]);

    assert_eq!(service.get("/api/v1/payments?unmatched=true").json()["items"].as_array().unwrap().len(), 1);
    let balances = service.get("/api/v1/party-balances?limit=2").json();
    assert_eq!(balances["items"].as_array().unwrap().len(), 2);
    let rest = service.get(balances["next"].as_str().unwrap()).json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &json!(null)));
    let unknown = service.post(&format!("/api/v1/payments/{}/return", nth(5)), &json!({ "reference": "Bilag" }));
    assert!(unknown.problem().starts_with("404 not-found"));
}

#[test]
fn a_payment_by_hand_is_recorded_once_for_one_key() {
    let service = invoiced();
    let invoice = service.get("/api/v1/receivables").json()["items"][0]["invoice"].as_str().unwrap().to_owned();
    let target = format!("/api/v1/invoices/{invoice}/payments");
    let body = json!({ "amount_ore": 10_000, "booked_on": "2023-01-31", "reference": "kontoutskrift 2, linje 4" });
    let key = [("Idempotency-Key", "by-hand")];
    let paid = service.post_with(&target, &key, &body).json();
    assert_eq!(types(&paid), ["payments.opened", "payments.received", "payments.matched"]);
    assert_eq!(service.post_with(&target, &key, &body).json(), paid);
    assert_eq!(receivables(&service).iter().map(|owed| owed.2).sum::<i64>(), 10_000);
    let later = json!({ "amount_ore": 1, "booked_on": "2023-02-02", "reference": "x" });
    assert!(service.post(&target, &later).problem().starts_with("422 payments-booked-later"));
    let unknown = service.post(&format!("/api/v1/invoices/{}/payments", nth(5)), &body);
    assert_eq!(unknown.status, 404);
}

#[test]
fn a_file_that_is_no_bank_file_is_a_problem_and_books_nothing() {
    let service = invoiced();
    let refused = service.post("/api/v1/payments/files", &json!({ "content": "<Invoice/>" }));
    assert!(
        refused.problem().starts_with("422 bank-file-not-taken: it is XML, but no bank file"),
        "{}",
        refused.text()
    );
    let mut other = camt("b", &[("1", "10.00", "1")]);
    other["account_number"] = json!("86011117947");
    let refused = service.post("/api/v1/payments/files", &other);
    assert!(refused.problem().contains("it tells nothing of account 86011117947"), "{}", refused.text());
    assert_eq!(service.get("/api/v1/payments").json()["items"], json!([]));
}

#[test]
fn a_reminder_is_made_where_the_settings_allow_it_with_interest_day_by_day() {
    let mut service = invoiced();
    let invoice = service.get("/api/v1/receivables").json()["items"][0]["invoice"].as_str().unwrap().to_owned();
    let target = format!("/api/v1/invoices/{invoice}/reminders");
    assert!(
        service.post(&target, &json!({})).problem().starts_with("422 cannot-be-reminded: reminders are switched off")
    );

    service.restart_with("2023-03-16", |settings| settings.late_payment.reminders = true);
    assert!(service.post(&target, &json!({})).problem().starts_with("422 payments-reminder-too-early"));

    service.restart_with("2023-07-10", |settings| {
        settings.late_payment.reminders = true;
        settings.late_payment.interest = true;
    });
    assert_eq!(receivables(&service)[0].1, 129);
    let reminded = service.post(&target, &json!({})).json();
    let data = &reminded["events"][0]["data"];
    assert_eq!((&data["fee_ore"], &data["pay_by"]), (&json!(0), &json!("2023-07-24")));
    let steps: Vec<[&str; 3]> = data["interest"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let days = &step["days"];
            [&days["first"], &days["last"], &step["percent"]].map(|value| value.as_str().unwrap())
        })
        .collect();
    assert_eq!(steps, [["2023-03-04", "2023-06-30", "10.75"], ["2023-07-01", "2023-07-10", "11.75"]]);
    // 416.68 at 10.75 % for 119 days and at 11.75 % for 10 days of 365.
    assert_eq!((&data["outstanding_ore"], &data["interest_ore"]), (&json!(41_668), &json!(1_595)));

    // What is not set yet when the program is made is not guessed.
    service.restart_with("2027-01-11", |settings| {
        settings.late_payment.reminders = true;
        settings.late_payment.fee = true;
    });
    let no_fee = service.post(&target, &json!({}));
    assert!(no_fee.problem().contains("what a reminder may cost on 2027-01-11 is not known"), "{}", no_fee.text());
    service.restart_with("2027-01-11", |settings| {
        settings.late_payment.reminders = true;
        settings.late_payment.interest = true;
    });
    let no_rate = service.post(&target, &json!({}));
    assert!(no_rate.problem().starts_with("422 payments-rate-missing"), "{}", no_rate.text());
    assert!(no_rate.text().contains("for the half year from 2027-01-01 is not known"), "{}", no_rate.text());
}
