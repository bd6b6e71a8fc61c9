//! What the county library and finance do by forms alone: proposals of keys, runs, credit notes, bank files, letters that do not
//! arrive, agreements with their documents, and nudges.

use serde_json::{Value, json};

use super::client::{Response, send};
use super::service::{Service, nth};

pub fn encoded(text: &str) -> String {
    let byte =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}

/// Sends the form of a page: the id of its command, and what is typed.
pub fn fill(service: &Service, target: &str, command: u128, fields: &[(&str, &str)]) -> Response {
    let command = nth(command);
    let fields = [("command", command.as_str())].into_iter().chain(fields.iter().copied());
    let pairs: Vec<String> = fields.map(|(name, text)| format!("{name}={}", encoded(text))).collect();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(service.address(), "POST", target, &headers, pairs.join("&").as_bytes())
}

/// Sends the form of a page with a file.
pub fn upload(service: &Service, target: &str, command: u128, file: &[u8]) -> Response {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"command\"\r\n\r\n{}\r\n--edge\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: text/html\r\n\r\n",
        nth(command)
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let headers = [("Content-Type", "multipart/form-data; boundary=edge")];
    send(service.address(), "POST", target, &headers, &body)
}

#[track_caller]
pub fn led(answer: &Response) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").unwrap().to_owned()
}

#[track_caller]
pub fn refused(answer: &Response, said: &str) {
    let text = answer.text();
    assert!(answer.status == 422 && text.contains(said), "{}: {said} is not said: {text}", answer.status);
}

/// Works off what is open, as the worker does in its turns.
pub fn work(service: &Service) {
    assert_eq!(service.post("/api/v1/invoice-runs/issue", &json!({})).status, 200);
}

fn letters(service: &Service, kind: &str) -> Vec<Value> {
    let all = service.get("/api/v1/outbox").json()["items"].as_array().unwrap().clone();
    all.into_iter().filter(|letter| letter["kind"] == kind).collect()
}

/// What was tried: half equally, half by nothing else than equally, without Hammerfest.
const TRIED: [(&str, &str); 6] = [
    ("tried", "yes"),
    ("percent-equal", "100"),
    ("applies_from", "2023-01-01"),
    ("from", "2023"),
    ("member-5401", "yes"),
    ("member-5403", "yes"),
];

#[test]
fn a_proposal_is_named_heard_answered_and_adopted() {
    let service = Service::with_a_small_procurement("2022-06-01");
    service.erase_finance_contacts();
    let save = |command, name: &str| {
        let named: Vec<(&str, &str)> = TRIED.into_iter().chain([("name", name), ("note", "Uten Hammerfest")]).collect();
        fill(&service, "/keys/proposals", command, &named)
    };
    refused(&save(100, ""), "aria-describedby=\"save-name-refused\"");
    let page = led(&save(101, "To betaler"));
    assert_eq!(led(&save(101, "To betaler")), page, "the same form again is the same proposal");
    refused(&save(102, "to betaler"), "heter «To betaler» alt");
    let shown = service.get(&page).text();
    assert!(shown.contains("To betaler") && shown.contains("Hammerfest er ikke med"), "{shown}");
    assert!(service.get("/keys").text().contains("To betaler"));

    refused(&fill(&service, &format!("{page}/hearing"), 103, &[("answer_by", "snart")]), "value=\"snart\"");
    led(&fill(&service, &format!("{page}/hearing"), 104, &[("answer_by", "2022-07-01")]));
    work(&service);
    let asked = letters(&service, "hearing");
    assert_eq!(asked.len(), 3, "everybody bears more or less");
    assert!(asked.iter().all(|letter| letter["state"] == "parked"), "nobody has an address: {asked:?}");

    let early = [("applies_from", "2023-01-01"), ("reference", "Sak 7/22")];
    refused(&fill(&service, &format!("{page}/adoption"), 105, &early), "er på høring til 01.07.2022");
    let answers = [("5401", 2, "supports"), ("5403", 3, "opposes"), ("5406", 4, "no_remarks")];
    for (command, (_, party, stance)) in (110..).zip(answers) {
        let said = [("party", &*nth(party)), ("stance", stance), ("text", "Vi vil ha et tak")];
        led(&fill(&service, &format!("{page}/answers"), command, &said));
    }
    let shown = service.get(&page).text();
    assert!(shown.contains("Vi vil ha et tak") && shown.contains("Høringen er over: 3 av 3"), "{shown}");

    let keys = service.get("/api/v1/sharing-keys").json();
    let proposal = &keys["items"][0]["proposals"][0];
    assert_eq!(proposal["hearing"]["answers"][1]["stance"], "opposes");
    let id = proposal["proposal"].as_str().unwrap();
    let compared = service.get(&format!("/api/v1/sharing-keys/{}/proposals/{id}/comparison", nth(11))).json();
    assert_eq!((&compared["winners_count"], &compared["losers_count"]), (&json!(1), &json!(2)));

    assert_eq!(led(&fill(&service, &format!("{page}/adoption"), 106, &early)), page);
    assert!(service.get(&page).text().contains("Vedtatt fra"), "{}", service.get(&page).text());
}

#[test]
fn a_key_that_is_tried_as_it_is_changes_nothing_and_keeps_what_no_field_asks_for() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let key = json!({ "kind": "divide", "name": "Likt", "unit": "krone", "round": "each",
        "base": [{ "measure": "equal", "percent": "100" }], "floor": "400", "cap_percent": "90",
        "grant": [{ "from": "Staten", "amount": "100" }], "first": [{ "per_party": "50" }] });
    let adopt = json!({ "command": "adopt", "definition": key, "applies_from": "2022-06-01",
        "population_date": "2022-01-01", "reference": "Sak 2/22", "on": "2022-06-01" });
    service.command("sharing-keys", 11, &adopt);
    let before = service.get("/keys").text();
    for (field, text) in [("floor", "400"), ("cap", "90 %"), ("first", "50"), ("grant", "Staten: 100")] {
        assert!(before.contains(&format!("name=\"{field}\" value=\"{text}\"")), "{field}: {before}");
    }
    assert!(
        before.contains("Andelene er i hele kroner") && before.contains("Hver andel rundes av for seg"),
        "{before}"
    );
    // All fields as they stand in the form.
    let unchanged = [
        ("tried", "yes"),
        ("key", "Likt"),
        ("percent-equal", "100"),
        ("floor", "400"),
        ("cap", "90 %"),
        ("first", "50"),
        ("grant", "Staten: 100"),
        ("phase", "100"),
        ("applies_from", ""),
        ("from", "2023"),
        ("member-5401", "yes"),
        ("member-5403", "yes"),
        ("member-5406", "yes"),
    ];
    let pairs: Vec<String> = unchanged.iter().map(|(name, text)| format!("{name}={}", encoded(text))).collect();
    let tried = service.get(&format!("/keys?{}", pairs.join("&")));
    assert_eq!(tried.status, 200, "{}", tried.text());
    let save = |command, fields: &[(&'static str, &'static str)], name: &'static str| {
        let mut typed: Vec<(&str, &str)> = unchanged.to_vec();
        typed.extend_from_slice(fields);
        typed.push(("name", name));
        led(&fill(&service, "/keys/proposals", command, &typed));
        let proposals = service.get("/api/v1/sharing-keys").json()["items"][0]["proposals"].clone();
        proposals.as_array().unwrap().last().unwrap().clone()
    };
    let mut expected = service.get("/api/v1/sharing-keys").json()["items"][0]["adoptions"][1]["definition"].clone();
    let saved = save(120, &[], "Uendret");
    expected["name"] = json!("Uendret");
    assert_eq!(saved["definition"], expected);
    let compared = |proposal: &Value| {
        let id = proposal["proposal"].as_str().unwrap();
        service.get(&format!("/api/v1/sharing-keys/{}/proposals/{id}/comparison", nth(11))).json()
    };
    let same = compared(&saved);
    assert_eq!((&same["winners_count"], &same["losers_count"]), (&json!(0), &json!(0)), "{same}");
    let floor = save(121, &[("floor", "2,5 %")], "Annet gulv");
    assert_eq!((&floor["definition"]["floor"], &floor["definition"]["floor_percent"]), (&Value::Null, &json!("2.5")));
    assert_eq!(floor["definition"]["grant"], expected["grant"]);
}

#[test]
fn which_of_several_keys_is_tried_is_chosen() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let key =
        json!({ "kind": "divide", "name": "Etter bibliotek", "base": [{ "measure": "libraries", "percent": "100" }] });
    let propose = json!({ "command": "propose", "sharing_key": nth(13), "procurement": nth(10), "name": "Etter bibliotek",
        "definition": key, "population_date": "2022-01-01", "on": "2022-02-01" });
    service.command("sharing-keys", 13, &propose);
    let first = service.get("/keys").text();
    assert!(first.contains("href=\"/keys?key&#x3D;Etter%20bibliotek\""), "{first}");
    assert!(
        first.contains("name=\"key\" value=\"Likt\"")
            && first.contains("name=\"percent-equal\" inputmode=\"decimal\" value=\"100\"")
    );
    let second = service.get("/keys?key=Etter%20bibliotek").text();
    assert!(second.contains("name=\"percent-libraries\" inputmode=\"decimal\" value=\"100\""), "{second}");
    let unsaid = service.get("/keys?tried=yes&percent-equal=100");
    assert!(unsaid.status == 422 && unsaid.text().contains("Velg en av dem"), "{}", unsaid.text());
}

#[test]
fn proposals_stand_beside_one_another() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let save = |command, name: &str, equal: &str| {
        let fields =
            TRIED.into_iter().map(|(field, text)| (field, if field == "percent-equal" { equal } else { text }));
        let named: Vec<(&str, &str)> = fields.chain([("name", name)]).collect();
        led(&fill(&service, "/keys/proposals", command, &named)).rsplit('/').next().unwrap().to_owned()
    };
    let (first, second) = (save(100, "Uten Hammerfest", "100"), save(101, "Uendret nøkkel", ""));
    let beside = service.get(&format!("/keys/comparison?proposal={first}&proposal={second}")).text();
    assert!(beside.contains("Uten Hammerfest") && beside.contains("Uendret nøkkel"), "{beside}");
    let unknown = service.get(&format!("/keys/comparison?proposal={}", nth(5)));
    assert_eq!(unknown.status, 404);
}

/// A run planned by the form; the address of its page.
pub fn planned(service: &Service) -> String {
    let typed = [
        ("procurement", &*nth(10)),
        ("issuer", &nth(1)),
        ("year", "2023"),
        ("days", "year"),
        ("one_per", "payer"),
        ("invoice_date", "2023-02-01"),
        ("due_date", ""),
    ];
    led(&fill(service, "/invoices/plan", 200, &typed))
}

#[test]
fn a_run_goes_from_plan_to_credit_note_by_forms_alone() {
    let service = Service::with_a_small_procurement("2023-02-01");
    assert!(service.get("/invoices/plan").text().contains("Biblioteksystem"));
    let unread = [("procurement", &*nth(10)), ("issuer", &nth(1)), ("year", "soon"), ("days", "x")];
    refused(&fill(&service, "/invoices/plan", 201, &unread), "value=\"soon\"");
    let run = planned(&service);
    assert_eq!(planned(&service), run, "the same form again plans nothing more");
    let log = service.get("/log?kind=invoice-run").text();
    assert!(log.contains("01.01.2023 – 31.12.2023"), "a run is called by its days, as the language writes them: {log}");

    led(&fill(&service, &format!("{run}/prebill"), 202, &[("objections_until", "2023-02-10")]));
    let objection = |text: &str, command| {
        fill(&service, &format!("{run}/objections"), command, &[("party", &*nth(3)), ("text", text)])
    };
    refused(&objection("", 203), "aria-describedby=\"objection-text-refused objection-text-hint\"");
    led(&objection("Feil innbyggertall", 204));
    let answer = |person: &str, command| {
        let said =
            [("objection", "1"), ("outcome", "rejected"), ("answer", "Tallet er riktig"), ("role", "økonomisjef")];
        let said: Vec<(&str, &str)> = said.into_iter().chain([("person", person)]).collect();
        fill(&service, &format!("{run}/objections/1/answer"), command, &said)
    };
    refused(&answer("meg", 205), "aria-describedby=\"answer-1-person-refused\"");
    led(&answer(&nth(70), 206));
    let page = service.get(&run).text();
    assert!(page.contains("Tallet er riktig"));
    let planned = page.split("id=\"invoices-heading\"").nth(1).unwrap().split("</section>").next().unwrap();
    for part in ["<strong>Tromsø</strong>", "Konvertering", "Mva.", &format!("/agreements/{}", nth(22))] {
        assert!(planned.contains(part), "{part}: {planned}");
    }
}

/// Three invoices are out; the id of Tromsø's.
pub fn issued(service: &Service) -> String {
    approved(service);
    issue(service)
}

pub fn approved(service: &Service) {
    let run = planned(service);
    led(&fill(service, &format!("{run}/approve"), 210, &[("role", "økonomisjef"), ("person", &nth(70))]));
}

pub fn issue(service: &Service) -> String {
    led(&fill(service, "/invoices/issue", 211, &[]));
    let invoices = service.get("/api/v1/invoices").json();
    invoices["items"][0]["invoice"].as_str().unwrap().to_owned()
}

#[test]
fn an_invoice_is_credited_by_line_and_paid_by_hand() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let invoice = issued(&service);
    let page = format!("/invoices/issued/{invoice}");
    let credit = |amount: &str, reason: &str, command| {
        let typed = [("extent", "lines"), ("line-1", amount), ("reason", reason), ("date", "2023-02-01")];
        fill(&service, &format!("{page}/credit-notes"), command, &typed)
    };
    refused(&credit("mye", "Feil", 220), "aria-describedby=\"credit-line-1-refused\"");
    refused(&credit("", "Feil", 221), "aria-describedby=\"credit-extent-refused\"");
    refused(&credit("9999", "Feil", 222), "value=\"9999\"");
    refused(&credit("9999", "Feil", 226), "9\u{a0}999,00 kroner ville bli kreditert av linje 1");
    led(&credit("33,33", "Feil innbyggertall", 223));
    led(&credit("33,33", "Feil innbyggertall", 223));
    let notes = service.get("/api/v1/credit-notes").json();
    assert_eq!(notes["items"].as_array().unwrap().len(), 1);
    let pay = |amount: &str, command| {
        let typed = [("amount", amount), ("booked_on", "2023-02-01"), ("reference", "Linje 4")];
        fill(&service, &format!("{page}/payments"), command, &typed)
    };
    refused(&pay("-5", 224), "aria-describedby=\"pay-amount-refused\"");
    led(&pay("100", 225));
    let shown = service.get(&page).text();
    assert!(shown.contains("100,00") && shown.contains("Feil innbyggertall"), "{shown}");
}

/// A payment that came in by a file without a KID, and its page.
pub fn came_in(service: &Service, amount: &str) -> String {
    let file = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M9</MsgId>\
         </GrpHdr><Ntfctn><Acct><Id><Othr><Id>12345678903</Id></Othr></Id></Acct><Ntry><Amt Ccy=\"NOK\">{amount}</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2023-02-01</Dt></BookgDt><NtryDtls><TxDtls><Refs>\
         <AcctSvcrRef>R9</AcctSvcrRef></Refs></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    );
    led(&upload(service, "/invoices/bank-file", 240, file.as_bytes()));
    let payments = service.get("/api/v1/payments").json();
    format!("/invoices/payments/{}", payments["items"][0]["payment"].as_str().unwrap())
}

#[test]
fn a_payment_pays_parts_of_several_invoices_and_the_rest_is_paid_back() {
    let service = Service::with_a_small_procurement("2023-02-01");
    issued(&service);
    let owed = service.get("/api/v1/receivables").json();
    let owed: Vec<&str> =
        owed["items"].as_array().unwrap().iter().map(|owed| owed["invoice"].as_str().unwrap()).collect();
    let page = came_in(&service, "300.00");
    let overview = service.get("/invoices").text();
    assert!(overview.contains(&format!("href=\"{page}\"")), "{overview}");
    let matched = |invoice: &str, amount: &str, command| {
        fill(&service, &format!("{page}/matches"), command, &[("invoice", invoice), ("amount", amount)])
    };
    let wrong = matched("", "mye", 241);
    refused(&wrong, "aria-describedby=\"matches-invoice-refused\"");
    refused(&wrong, "value=\"mye\"");
    refused(&matched(owed[0], "300,01", 242), "300,01 kroner er mer enn de 300,00 som er åpne av betalingen");
    assert_eq!(led(&matched(owed[0], "100", 243)), page);
    assert_eq!(led(&matched(owed[0], "100", 243)), page, "the same form again is one wish");
    led(&matched(owed[1], "50,50", 244));
    let of_first = service.get(&format!("/invoices/issued/{}", owed[0])).text();
    assert!(of_first.contains(&format!("href=\"{page}\"")), "the invoice says what paid it: {of_first}");
    let taken = |reason: &str, command| {
        fill(&service, &format!("{page}/unmatch"), command, &[("invoice", owed[1]), ("reason", reason)])
    };
    refused(&taken("", 245), "aria-describedby=\"unmatch-reason-refused unmatch-reason-hint\"");
    led(&taken("Feil faktura", 246));
    let back =
        |reference: &str, command| fill(&service, &format!("{page}/return"), command, &[("reference", reference)]);
    refused(&back("", 248), "aria-describedby=\"return-reference-refused return-reference-hint\"");
    led(&back("Bilag 7", 249));
    let payment = &service.get("/api/v1/payments").json()["items"][0];
    assert_eq!((payment["returned_ore"].as_i64(), payment["open_ore"].as_i64()), (Some(20_000), Some(0)));
    let shown = service.get(&page).text();
    assert!(shown.contains("Betalt tilbake") && !shown.contains("/return\""), "{shown}");
    assert_eq!(service.get("/invoices/payments/00000000-0000-0000-0000-000000000001").status, 404);
}

#[test]
fn who_matches_a_payment_or_retries_a_letter_on_the_page_of_a_part_stays_there() {
    let service = Service::with_a_small_procurement("2023-02-01");
    approved(&service);
    service.erase_finance_contacts();
    let invoice = issue(&service);
    let page = came_in(&service, "10.00");
    let part = "/invoices?q=Trom&part=payments";
    let seen_at =
        |page: &str| page.split_once("name=\"seen_at\" value=\"").is_some_and(|(_, at)| at.starts_with("/invoices?q"));
    assert!(seen_at(&service.get(part).text()));
    let matched = |invoice: &str, at: &str, command| {
        fill(&service, &format!("{page}/match"), command, &[("invoice", invoice), ("seen_at", at)])
    };
    let again = matched("x", part, 241);
    refused(&again, "name=\"part\" value=\"payments\"");
    assert!(seen_at(&again.text()), "also who sends it again stays: {}", again.text());
    assert_eq!(led(&matched(&invoice, part, 242)), format!("{part}#payments-heading"));
    assert_eq!(
        led(&matched(&invoice, "https://other.example/invoices?part=payments", 242)),
        "/invoices#payments-heading"
    );
    let retried = fill(
        &service,
        &format!("/invoices/letters/{invoice}/retry"),
        243,
        &[("seen_at", "/invoices?part=letters&page=2")],
    );
    assert_eq!(led(&retried), "/invoices?part=letters&page=2#letters-heading");
}

#[test]
fn a_bank_file_is_taken_in_once_and_what_is_none_is_refused() {
    let service = Service::with_a_small_procurement("2023-02-01");
    let invoice = issued(&service);
    let owed = service.get("/api/v1/receivables").json();
    let of_invoice = owed["items"].as_array().unwrap().iter().find(|owed| owed["invoice"] == *invoice).unwrap();
    let kid = of_invoice["kid"].as_str().unwrap().to_owned();
    refused(&upload(&service, "/invoices/bank-file", 230, b"GIF89a"), "Filen kan ikke tas inn");
    refused(&upload(&service, "/invoices/bank-file", 231, b""), "Velg en fil");
    let file = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId>\
         </GrpHdr><Ntfctn><Acct><Id><Othr><Id>12345678903</Id></Othr></Id></Acct><Ntry><Amt Ccy=\"NOK\">416.66</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2023-02-01</Dt></BookgDt><NtryDtls><TxDtls><Refs>\
         <AcctSvcrRef>R1</AcctSvcrRef></Refs><RmtInf><Strd><CdtrRefInf><Ref>{kid}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>\
         </NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    );
    let taken = led(&upload(&service, "/invoices/bank-file", 232, file.as_bytes()));
    assert_eq!(taken, "/invoices/bank-file?booked=1&matched=1");
    assert!(service.get(&taken).text().contains("Én innbetaling er bokført"));
    let again = led(&upload(&service, "/invoices/bank-file", 233, file.as_bytes()));
    assert_eq!(again, "/invoices/bank-file?booked=0&matched=0");
}

#[test]
fn a_letter_without_an_address_gets_one_and_goes() {
    let service = Service::with_a_small_procurement("2023-02-01");
    approved(&service);
    service.erase_finance_contacts();
    let invoice = issue(&service);
    let page = format!("/invoices/letters/{invoice}");
    let shown = service.get(&page).text();
    assert!(shown.contains("has no finance contact with an address"), "{shown}");
    let name = |email: &str, command| {
        fill(&service, &format!("{page}/address"), command, &[("name", "Fakturamottak"), ("email", email)])
    };
    refused(&name("fakturamottak", 240), "aria-describedby=\"address-email-refused\"");
    assert_eq!(led(&name("faktura@tromso.example", 241)), page);
    work(&service);
    let letter = letters(&service, "invoice").into_iter().find(|letter| letter["invoice"] == *invoice).unwrap();
    assert_eq!(letter["state"], "accepted");
    let log = service.get("/api/v1/events?limit=1000").text();
    assert!(
        !log.contains("tromso.example") && !log.contains("Fakturamottak"),
        "names and addresses stay outside the log"
    );
}

/// A PDF, as far as it says itself.
const SCAN: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]>>endobj\n\
    trailer<</Root 1 0 R/Size 4>>\n%%EOF\n";

#[test]
fn an_agreement_is_sent_signed_and_kept_with_its_copy() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let page = format!("/agreements/{}", nth(22));
    for language in ["nb", "nn"] {
        let draft = service.get(&format!("{page}/draft.pdf?language={language}"));
        assert_eq!((draft.status, draft.header("content-type")), (200, Some("application/pdf")));
    }
    assert_eq!(service.get(&format!("/api/v1/agreements/{}/draft?language=se", nth(22))).status, 400);
    let ask = |what: &str, command, fields: &[(&str, &str)]| fill(&service, &format!("{page}/{what}"), command, fields);
    led(&ask("send", 300, &[("on", "2022-05-01"), ("answer_by", "01.06.2022")]));
    let unsigned = upload(&service, &format!("{page}/copies"), 301, SCAN);
    refused(&unsigned, "Avtalen er ikke underskrevet");
    let sign = [("on", "2022-05-20"), ("role", "kommunedirektør"), ("authority", "Delegering § 4"), ("signer", "")];
    refused(&ask("sign", 302, &sign), "aria-describedby=\"sign-signer-refused\"");
    let signed: Vec<(&str, &str)> = sign[..3].iter().copied().chain([("signer", "Rollens innehaver")]).collect();
    led(&ask("sign", 303, &signed));

    refused(
        &upload(&service, &format!("{page}/copies"), 304, b"<html>%PDF-1.7</html>"),
        "Filen er av et slag som ikke tas imot",
    );
    refused(&upload(&service, &format!("{page}/copies"), 305, b"%PDF-1.7 and no end"), "eller den er ikke hel");
    let empty = b"%PDF-1.4 of nothing %%EOF";
    refused(&upload(&service, &format!("{page}/copies"), 307, empty), "eller den er ikke hel");
    led(&upload(&service, &format!("{page}/copies"), 306, SCAN));
    let agreement = service.get(&format!("/api/v1/agreements/{}", nth(22))).json();
    let sha256 = agreement["copies"][0]["sha256"].as_str().unwrap().to_owned();
    let copy = service.get(&format!("{page}/copies/{sha256}"));
    assert_eq!((copy.status, copy.text().as_bytes()), (200, SCAN));
    assert_eq!(service.get(&format!("/agreements/{}/copies/{sha256}", nth(23))).status, 404, "it is of one agreement");

    led(&ask("activate", 307, &[("from", "2022-06-01")]));
    led(&ask("notice", 308, &[("on", "2022-06-01"), ("last_day", "2022-12-31")]));
    led(&ask("withdraw", 309, &[("on", "2022-06-01")]));
    led(&ask("notice", 310, &[("on", "2022-06-01"), ("last_day", "2022-12-31")]));
    led(&ask("end", 311, &[("last_day", "2022-12-31")]));
    let log = service.get("/api/v1/events?limit=1000").text();
    assert!(log.contains(&sha256) && !log.contains("Rollens innehaver"));
}

#[test]
fn the_list_of_agreements_is_filtered_sorted_and_counted() {
    let service = Service::with_a_small_procurement("2022-06-01");
    let all = service.get("/agreements").text();
    assert!(all.contains("Tromsø") && all.contains(&format!("href=\"/agreements/{}\"", nth(22))), "{all}");
    assert!(service.get("/board").text().contains("href=\"/agreements\""));
    let rows =
        |query: &str| service.get(&format!("/agreements?{query}")).text().matches("<th scope=\"row\"><a").count();
    let count = rows("");
    assert!(count > 1, "{count}");
    assert_eq!(rows("q=troms%C3%B8"), 1);
    assert_eq!(rows("phase=active") + rows("phase=signed") + rows("phase=sent") + rows("phase=drafted"), count);
    assert_eq!(rows("commitment=committed") + rows("commitment=option"), count);
    let none = service.get("/agreements?phase=ended").text();
    assert!(none.contains("Ingen avtaler passer") && none.contains("Vis alle"), "{none}");
    let in_english = service.get_with("/agreements", &[("Accept-Language", "en")]).text();
    assert!(in_english.contains("Where the agreements stand"), "{in_english}");
    assert!(Service::on("2022-06-01").get("/agreements").text().contains("Det er ingen avtaler ennå"));
}

#[test]
fn those_who_are_behind_are_written_to_once_a_day() {
    let mut service = Service::with_a_small_procurement("2022-06-01");
    service.erase_finance_contacts();
    assert!(service.get("/board/nudges").text().contains("Ingen er på etterskudd"));
    for agreement in [22, 23] {
        let sent = json!({ "command": "send", "on": "2022-04-01", "answer_by": "2022-05-02" });
        service.command("agreements", agreement, &sent);
    }
    service.command(
        "parties",
        3,
        &json!({ "command": "choose_written_form", "written_form": "nynorsk", "from": "2020-01-01" }),
    );
    let preview = service.get("/board/nudges?note=Vi+hjelper+gjerne").text();
    assert!(preview.contains("Avtalen skulle vært underskrevet innen 2. mai 2022"), "{preview}");
    assert!(preview.contains("Avtalen skulle vore underskriven innan 2. mai 2022"), "{preview}");
    assert!(preview.contains("Vi hjelper gjerne") && preview.contains("Har ingen kontaktperson"), "{preview}");
    assert_eq!(service.get("/board/nudges?note=a%40b.example").status, 422);

    let both = [(format!("party-{}", nth(2)), "yes"), (format!("party-{}", nth(3)), "yes")];
    let fields: Vec<(&str, &str)> = both.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let nudge = |service: &Service, command, note: &str| {
        let procurement = nth(10);
        let all = [("procurement", procurement.as_str()), ("note", note)];
        let all: Vec<(&str, &str)> = all.into_iter().chain(fields.iter().copied()).collect();
        fill(service, "/board/nudges", command, &all)
    };
    refused(&fill(&service, "/board/nudges", 400, &[("procurement", &nth(10)), ("note", "")]), "Ingen er valgt");
    led(&nudge(&service, 401, "Vi hjelper gjerne"));
    led(&nudge(&service, 402, "Vi hjelper gjerne"));
    refused(&nudge(&service, 403, "Vi venter på dere"), "ingen får to på én dag");
    work(&service);
    let letters = letters(&service, "nudge");
    assert_eq!(letters.len(), 2);
    let page = format!("/invoices/letters/{}", letters[0]["invoice"].as_str().unwrap());
    let contact = [("name", "Kommunedirektør"), ("email", "leder@kommune.example")];
    led(&fill(&service, &format!("{page}/address"), 404, &contact));
    work(&service);
    let files: Vec<_> = service.mail_directory().read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let letter = std::fs::read_to_string(&files[0]).unwrap();
    assert!(letter.contains("To: =?utf-8?") || letter.contains("leder@kommune.example"), "{letter}");

    service.restart_on("2022-06-02");
    assert!(service.get("/board").text().contains("Sist minnet om det"));
    led(&nudge(&service, 405, ""));
}
