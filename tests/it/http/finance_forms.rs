//! Forms around invoices: what a municipality says of what it is to be invoiced, documents, files, runs that are given up,
//! reminders, payments that are taken back, letters that somebody brought; and the board as it is sorted.

use grenselos::domain::delivery::{DeliveryCommand, EInvoiceLayingStarted, EInvoiceOutcomeUnknown, StartLaying};
use grenselos::domain::identity::InvoiceId;
use grenselos::handle::Wish;
use serde_json::json;

use super::access::{Staffed, leader_of};
use super::accounts::hidden;
use super::browser::Browser;
use super::client::send_raw;
use super::forms::{approved, came_in, fill, issue, issued, led, planned, refused, upload, work};
use super::service::{Service, nth};

#[test]
fn a_municipality_objects_where_it_sees_what_it_is_to_be_invoiced() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    led(&fill(&service, &format!("{run}/prebill"), 202, &[("objections_until", "2023-02-10")]));
    let staffed = Staffed::over(service, &[("leder", leader_of(2)), ("annen", leader_of(3))], |_| {});
    let (leader, _) = staffed.signed_in("leder");
    let page = leader.get("/municipalities/5401/invoices").text();
    let [token, command, run] = ["form_token", "command", "run"].map(|name| hidden(&page, name));
    let object = |browser: &Browser<'_>, text: &str| {
        let fields =
            [("form_token", &*token), ("command", &command), ("run", &run), ("text", text), ("reference", "22/118")];
        browser.form("/municipalities/5401/invoices/objections", &fields)
    };
    let refused = object(&leader, "");
    assert!(refused.status == 422 && refused.text().contains("value=\"22/118\""), "{}", refused.text());
    assert_eq!(object(&leader, "Feil innbyggertall").status, 303);
    assert!(leader.get("/municipalities/5401/invoices").text().contains("Feil innbyggertall"));
    let (other, _) = staffed.signed_in("annen");
    assert_eq!(other.get("/municipalities/5401/invoices").status, 403);
    assert!(!other.get("/municipalities/5403/invoices").text().contains("Feil innbyggertall"));
}

#[test]
fn who_is_no_longer_signed_in_comes_back_to_the_document_that_was_asked_for() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let invoice = issued(&service);
    work(&service);
    let staffed = Staffed::over(service, &[("leder", leader_of(2))], |_| {});
    let document = format!("/invoices/issued/{invoice}/document");
    let away = Browser::new(&staffed.service).get(&document);
    assert_eq!((away.status, away.header("location")), (303, Some(&*format!("/sign-in?to={document}"))));
    let leader = staffed.by_password("leder");
    let page = leader.get("/municipalities/5401/invoices").text();
    assert!(page.contains(&document) && !page.contains("/api/v1/invoices"), "{page}");
    assert_eq!(leader.get(&document).header("content-type"), Some("application/pdf"));
    let of_invoice = leader.get(&format!("/invoices/issued/{invoice}")).text();
    assert!(of_invoice.contains("href=\"/municipalities/5401/invoices\""), "back to where it stands: {of_invoice}");
}

#[test]
fn a_credit_note_stands_among_invoices_as_what_it_takes_off() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let invoice = issued(&service);
    let whole = json!({ "credit": { "extent": "whole" }, "reason": "Feil" });
    assert_eq!(service.post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &whole).status, 200);
    let page = service.get("/municipalities/5401/invoices").text();
    let row =
        page.split("<tr><th scope=\"row\" class=\"short\">Kreditnota").nth(1).and_then(|row| row.split("</tr>").next());
    assert!(row.is_some_and(|row| row.contains("<td class=\"number\">\u{2212}")), "{page}");
}

#[test]
fn what_is_outstanding_with_an_event_of_today_is_made_anew_when_it_changes() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let invoice = issued(&service);
    let log = service.get("/log").text();
    let last: u64 = log.split("id=\"event-").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    let outstanding = || {
        let state = service.get(&format!("/log/state?position={last}")).text();
        state.split("id=\"balances-heading\"").nth(1).unwrap().matches("<tr><th scope=\"row\">").count()
    };
    let before_count = outstanding();
    let whole = json!({ "credit": { "extent": "whole" }, "reason": "Feil" });
    assert_eq!(service.post(&format!("/api/v1/invoices/{invoice}/credit-notes"), &whole).status, 200);
    assert_eq!(outstanding(), before_count - 1);
}

#[test]
fn a_file_that_is_too_large_is_said_to_be_so_beside_its_field() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let agreement = format!("/agreements/{}/copies", nth(22));
    service.command("agreements", 22, &json!({ "command": "send", "on": "2022-03-10", "answer_by": null }));
    let sign = json!({ "command": "sign", "on": "2022-04-04", "role": "kommunedirektør", "authority": "Delegering 1/22",
        "person": nth(70) });
    service.command("agreements", 22, &sign);
    for target in ["/invoices/bank-file", agreement.as_str()] {
        // It is refused by what it says of its length, before it is read.
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\nContent-Type: \
             multipart/form-data; boundary=edge\r\n\r\n--edge",
            20 << 20
        );
        let answer = send_raw(service.address(), head.as_bytes());
        assert_eq!((answer.status, answer.header("content-type")), (413, Some("text/html; charset=utf-8")));
        assert!(
            answer.text().contains("større enn 10 MB") && answer.text().contains("-refused\""),
            "{}",
            answer.text()
        );
    }
}

#[test]
fn a_plan_is_given_up_by_its_form_and_nothing_is_issued() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    assert_eq!(led(&fill(&service, &format!("{run}/discard"), 271, &[])), run);
    let page = service.get(&run).text();
    assert!(page.contains("Forkastet") && !page.contains("/discard\""), "{page}");
    assert_eq!(service.get("/api/v1/invoices").json()["items"], json!([]));
}

#[test]
fn an_invoice_is_reminded_of_by_its_form_once_it_is_overdue() {
    let mut service = Service::with_a_small_procurement("2023-02-01");
    let page = format!("/invoices/issued/{}", issued(&service));
    service.restart_with("2023-02-02", |settings| settings.late_payment.reminders = true);
    assert_eq!(fill(&service, &format!("{page}/reminders"), 272, &[]).status, 422, "it is not due yet");
    service.restart_with("2023-07-10", |settings| settings.late_payment.reminders = true);
    assert_eq!(led(&fill(&service, &format!("{page}/reminders"), 273, &[])), page);
    let log = service.get("/log?kind=payments").text();
    assert!(log.contains("payments.reminded"), "{log}");
}

#[test]
fn a_payment_that_the_bank_took_back_is_set_off_by_its_form() {
    let service = Service::with_a_small_procurement("2023-02-01");
    issued(&service);
    let payment = came_in(&service, "300.00");
    let taken_back = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"><BkToCstmrDbtCdtNtfctn><GrpHdr>\
        <MsgId>M10</MsgId></GrpHdr><Ntfctn><Acct><Id><Othr><Id>12345678903</Id></Othr></Id></Acct><Ntry>\
        <Amt Ccy=\"NOK\">300.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>\
        <BookgDt><Dt>2023-02-01</Dt></BookgDt><NtryDtls><TxDtls><Refs><AcctSvcrRef>R10</AcctSvcrRef></Refs></TxDtls>\
        </NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>";
    led(&upload(&service, "/invoices/bank-file", 274, taken_back.as_bytes()));
    let all = service.get("/api/v1/payments").json();
    let reversal = all["items"].as_array().unwrap().iter().find(|payment| payment["amount_ore"] == -30_000).unwrap();
    let reverse =
        |reversal: &str, command| fill(&service, &format!("{payment}/reverse"), command, &[("reversal", reversal)]);
    assert_eq!(reverse("", 275).status, 422);
    assert_eq!(led(&reverse(reversal["payment"].as_str().unwrap(), 276)), payment);
    assert!(service.get("/log?kind=payments").text().contains("payments.reversed"));
}

#[test]
fn whether_a_letter_arrived_is_said_by_its_form() {
    let service = Service::with_a_small_procurement("2023-02-01");
    approved(&service);
    service.erase_finance_contacts();
    let page = format!("/invoices/letters/{}", issue(&service));
    let say = |arrived: &str, reason: &str, command| {
        let said = [("arrived", arrived), ("role", "regnskapsfører"), ("reason", reason), ("person", &*nth(70))];
        fill(&service, &format!("{page}/outcome"), command, &said)
    };
    refused(&say("yes", "", 277), "value=\"regnskapsfører\"");
    refused(&say("maybe", "Telefon", 278), "value=\"Telefon\"");
    let nobody_knows = "Ingen vet om brevet kom fram";
    assert!(service.get(&page).text().contains(nobody_knows));
    assert_eq!(led(&say("yes", "Telefon", 279)), page);
    assert!(service.get(&page).text().contains("Telefon"));
    let late = say("no", "Likevel ikke", 280);
    refused(&late, "at brevet er kommet fram, så det verken holdes tilbake eller sendes på nytt");
    refused(&late, "value=\"Likevel ikke\"");
    assert!(!late.text().contains(nobody_knows), "it is known: {}", late.text());
}

#[test]
fn whether_the_access_point_took_an_e_invoice_is_said_by_its_form() {
    let mut service = Service::with_a_small_procurement("2023-02-01");
    approved(&service);
    // A folder in its place: the e-invoice of the first invoice waits, and its letter leaves.
    let in_the_way = service.outgoing().join("542300001.xml");
    std::fs::create_dir_all(&in_the_way).unwrap();
    service.post("/api/v1/invoice-runs/issue", &json!({}));
    let letters = service.get("/api/v1/outbox").json();
    let waits = letters["items"].as_array().unwrap().iter().find(|letter| letter["e_invoice"] == "queued").unwrap();
    assert_eq!((&waits["number"], &waits["state"]), (&json!(542_300_001), &json!("accepted")));
    let invoice: InvoiceId = serde_json::from_value(waits["invoice"].clone()).unwrap();
    let page = format!("/invoices/letters/{invoice}");
    let heading = "Tok aksesspunktet imot e-fakturaen?";
    assert!(!service.get(&page).text().contains(heading), "there is nothing to say yet");

    // Whoever laid it out was killed, and the access point may have taken it.
    service.restart_after("2023-02-01", |app| {
        let claim = nth(991).parse().unwrap();
        let started = EInvoiceLayingStarted { claim, file_name: "542300001.xml".to_owned() };
        let unknown = EInvoiceOutcomeUnknown { claim, said: "oppdiktet".to_owned(), on: app.clock.today() };
        let commands = [
            DeliveryCommand::StartLaying(StartLaying { started, instead_of: None }),
            DeliveryCommand::RecordEInvoiceUnknown(unknown),
        ];
        for (number, command) in (992..).zip(commands) {
            let envelope = app.envelope(nth(number).parse().unwrap(), "worker");
            app.ledger.carry_out(&Wish::Delivery(invoice, command), &envelope, None).unwrap();
        }
    });
    let listed = service.get("/invoices").text();
    assert!(listed.contains("E-faktura uviss") && listed.contains("href=\"/invoices/letters/"), "{listed}");
    let unknown = service.get("/api/v1/outbox?state=unknown").json();
    assert_eq!(unknown["items"].as_array().unwrap().len(), 1, "{unknown}");
    assert_eq!(unknown["items"][0]["e_invoice"], "unknown");
    assert!(service.get("/metrics").text().contains("\ngrenselos_e_invoices_unknown 1\n"));
    let asked = service.get(&page).text();
    assert!(asked.contains(heading) && asked.contains("Ukjent om e-faktura er tatt imot"), "{asked}");
    assert!(
        asked.contains("data-color=\"danger\"") && asked.contains(">E-faktura uviss</span>"),
        "though its letter arrived"
    );
    assert!(asked.contains("at det ikke tok imot den") && !asked.contains("at det kom fram"), "{asked}");
    let nobody_knows = "Ingen vet om aksesspunktet tok imot e-fakturaen";
    assert!(asked.contains(nobody_knows), "{asked}");

    let say = |arrived: &str, reason: &str, command| {
        let said = [("arrived", arrived), ("role", "regnskapsfører"), ("reason", reason), ("person", &*nth(70))];
        fill(&service, &format!("{page}/e-invoice"), command, &said)
    };
    refused(&say("yes", "", 280), "value=\"regnskapsfører\"");
    assert_eq!(led(&say("yes", "Kvittering", 281)), page);
    let settled = service.get(&page).text();
    assert!(!settled.contains(heading) && settled.contains("Kvittering"), "{settled}");
    assert!(!service.get("/invoices").text().contains("E-faktura uviss"));
    let late = say("no", "Likevel ikke", 282);
    refused(&late, "Det er ikke uklart om aksesspunktet tok imot e-fakturaen");
    refused(&late, "value=\"Likevel ikke\"");
    assert!(!late.text().contains(nobody_knows), "it is known: {}", late.text());
}

#[test]
fn the_board_is_sorted_and_shows_those_who_lack_a_step_or_are_behind() {
    let service = Service::with_a_small_procurement("2022-06-10");
    service.command("agreements", 23, &json!({ "command": "send", "on": "2022-04-01", "answer_by": "2022-05-01" }));
    let names = |query: &str| -> Vec<String> {
        let page = service.get(&format!("/board?{query}")).text();
        let rows = page.split("<tr><th scope=\"row\">").skip(1);
        rows.map(|row| row.split("</a>").next().unwrap().rsplit('>').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(""), ["Tromsø", "Alta", "Hammerfest"], "by number");
    assert_eq!(names("sort=name"), ["Alta", "Hammerfest", "Tromsø"]);
    assert_eq!(names("sort=behind").first().map(String::as_str), Some("Alta"));
    assert_eq!(names("behind=yes"), ["Alta"]);
    assert_eq!(names("step=agreement").len(), 3);
    assert_eq!(names("step=agreement&q=ham"), ["Hammerfest"]);
}

#[test]
fn an_answer_and_a_withdrawal_wait_for_who_receives_invoices_and_go_when_that_is_named() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let run = planned(&service);
    led(&fill(&service, &format!("{run}/prebill"), 290, &[("objections_until", "2023-02-10")]));
    work(&service);
    let objection = [("party", &*nth(3)), ("text", "Feil innbyggertall")];
    led(&fill(&service, &format!("{run}/objections"), 291, &objection));
    service.erase_finance_contacts();
    let answer =
        [("outcome", "rejected"), ("answer", "Tallet er riktig"), ("role", "økonomisjef"), ("person", &*nth(70))];
    led(&fill(&service, &format!("{run}/objections/1/answer"), 292, &answer));
    led(&fill(&service, &format!("{run}/discard"), 293, &[]));
    work(&service);
    let letters = |kind: &str| -> Vec<serde_json::Value> {
        let all = service.get("/api/v1/outbox").json()["items"].as_array().unwrap().clone();
        all.into_iter().filter(|letter| letter["kind"] == kind).collect()
    };
    let state_of = |kind: &str, letter: &serde_json::Value| {
        let found = letters(kind).into_iter().find(|known| known["invoice"] == *letter);
        found.map(|known| known["state"].as_str().unwrap().to_owned())
    };
    let (answers, withdrawals) = (letters("answer"), letters("withdrawal"));
    assert_eq!((answers.len(), withdrawals.len()), (1, 3));
    let withdrawn = withdrawals.iter().find(|letter| letter["recipient"].as_str().unwrap().contains("Tromsø")).unwrap();
    for (kind, letter, command) in [("answer", &answers[0], 294), ("withdrawal", withdrawn, 295)] {
        let id = &letter["invoice"];
        assert_eq!(state_of(kind, id).as_deref(), Some("parked"), "{letter}");
        let page = format!("/invoices/letters/{}", id.as_str().unwrap());
        let shown = service.get(&page).text();
        assert!(shown.contains("Økonomi") && shown.contains("Ingen e-postadresse er registrert her"), "{shown}");
        assert!(shown.contains(&format!("action=\"{page}/address\"")), "{shown}");
        let contact = [("name", "Fakturamottak"), ("email", "faktura@kommune.example")];
        assert_eq!(led(&fill(&service, &format!("{page}/address"), command, &contact)), page);
        work(&service);
        assert_eq!(state_of(kind, id).as_deref(), Some("accepted"));
        assert!(!service.get(&page).text().contains("Ingen e-postadresse"));
    }
}
