// Looks at the pages where one must sign in, as people in each role do. Asked as `node people.mjs BASE SCREENSHOTS MODULES STAFF`,
// where STAFF is JSON: the secret of an invitation for each role. The first thing that is wrong ends it.
import assert from "node:assert/strict";
import { LANGUAGES, LOOKS, begin, press, registersPayment, tabTo, typeDay, typeInto, writesToThoseBehind } from "./common.mjs";

const { base, more, browser, faults, opened, violations, look } = await begin(process.argv);
const staff = JSON.parse(more[0]);
const PASSWORD = "fire ord satt sammen";
/** Beside what the navigation leads to: what each role sees, and what it does not. */
const ROLES = {
  leader: {
    sees: ["/", "/municipalities/5610?from=2024", "/municipalities/5610/explanations/2024?from=2024", "/municipalities/5610/invoices"],
    sees_not: ["/municipalities/5503?from=2024", "/invoices", "/log", "/accounts"],
  },
  library_leader: {
    sees: ["/", "/municipalities/5610?from=2024"],
    sees_not: ["/municipalities/5610/invoices", "/municipalities/5503", "/invoices", "/accounts"],
  },
  county_library: { sees: ["/", "/municipalities/5503?from=2024"], sees_not: ["/accounts"] },
  finance: { sees: ["/", "/municipalities/5610/invoices"], sees_not: ["/municipalities/5503", "/invoices", "/log"] },
  county_finance: { sees: ["/", "/municipalities/5503/invoices"], sees_not: ["/log", "/accounts"] },
  auditor: { sees: ["/", "/municipalities/5503?from=2024", "/log?verify=yes"], sees_not: [] },
  administrator: { sees: ["/"], sees_not: ["/municipalities/5503", "/board", "/invoices", "/log"] },
};

const invitation = (role) => `${base}/sign-in/invitation?token=${staff[role]}`;

// The pages for signing in, in every language; in bokmål also narrow and dark.
for (const language of LANGUAGES) {
  const looks = language === "nb" ? Object.entries(LOOKS) : [["desktop", LOOKS.desktop]];
  for (const [window, options] of looks) {
    const page = await opened({ ...options, locale: language });
    await page.goto(base + "/sign-in?to=/board");
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    if (language === "nb") await look(page, "sign-in", language, window);
    // Tried too often, an address is locked, whether or not it has an account: each try is by another.
    const nobody = `ingen-${language}-${window}@alta.example`;
    await page.locator("#email").fill(nobody);
    await page.locator("#password").fill("noe helt annet enn det");
    await page.locator("form[data-ceremony] [type=submit]").click();
    assert.equal(await page.locator("#email").inputValue(), nobody);
    assert.equal(await page.locator("#email").getAttribute("aria-describedby"), "fault");
    await look(page, "sign-in-refused", language, window);
    await page.goto(invitation("leader"));
    await look(page, "invitation", language, window);
    await page.context().close();
  }
}

/** Somebody who takes the invitation up by a password, by the keyboard alone. */
async function signedIn(role) {
  const page = await opened({ ...LOOKS.desktop, locale: "nb" });
  await page.goto(invitation(role));
  await tabTo(page, page.getByLabel("Nytt passord"));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/account");
  // With a passkey, so that forms that change something are on the pages as well.
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  await client.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasUserVerification: true, isUserVerified: true, hasResidentKey: true },
  });
  await page.getByLabel("Hva passnøkkelen skal hete").fill("Kontormaskinen");
  await page.getByRole("button", { name: "Legg til en passnøkkel" }).click();
  await page.getByText("Kontormaskinen").first().waitFor();
  await page.goto(base + "/sign-in/confirm?to=/account");
  await page.getByRole("button", { name: "Bruk passnøkkel" }).click();
  await page.waitForURL(base + "/account");
  return page;
}

/** Ticks an item of the checklist off and opens it again, or the other way round. */
async function ticksOff(page) {
  const item = () => page.getByRole("button", { name: /Skolebibliotekene er informert/ }).first();
  const before = await item().getAttribute("aria-pressed");
  for (const expected of [before === "true" ? "false" : "true", before]) {
    await tabTo(page, item());
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    assert.equal(await item().getAttribute("aria-pressed"), expected);
  }
}

/** Sends a form when the session is over, signs in anew, and sends what was typed once more. */
async function resumes(page) {
  await page.goto(`${base}/keys?tried=yes&percent-inhabitants=100&from=2025&phase=100&member-5610=yes`);
  await typeInto(page, page.getByLabel("Navn på forslaget"), "Etter at økten var over");
  await page.context().clearCookies();
  await tabTo(page, page.getByRole("button", { name: "Lagre forslaget" }));
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await violations(page, "a form that was sent when the session was over", "words");
  await press(page, page.locator("main a[href^='/sign-in?to=']"), "**/sign-in**");
  await typeInto(page, page.locator("#email"), "county-library@kommune.example");
  await tabTo(page, page.locator("[data-passkey]"));
  await Promise.all([page.waitForURL(base + "/resumed"), page.keyboard.press("Enter")]);
  await violations(page, "what was typed before", "all");
  assert.match(await page.locator("main").innerHTML(), /Etter at økten var over/);
  await press(page, page.getByRole("button", { name: "Send på nytt" }), "**/keys/proposals/*-*");
  assert.match(await page.locator("h1").textContent(), /Etter at økten var over/);
}

/** A task of each role from start to end, by the keyboard alone, as the one who signed in. */
const TASKS = {
  // What it costs, why, and ready: an item is ticked off and opened again.
  async leader(page) {
    await page.goto(base + "/");
    await press(page, page.getByRole("link", { name: "Kárášjohka - Karasjok" }).first(), "**/municipalities/5610");
    await typeInto(page, page.getByLabel("Budsjettår"), "2024");
    await Promise.all([page.waitForURL("**from=2024**"), page.keyboard.press("Enter")]);
    assert.match(await page.locator(".big").textContent(), /\d/);
    await press(page, page.getByRole("link", { name: "Hvorfor? Se hvordan 2024 er regnet ut" }), "**/explanations/2024**");
    assert.match(await page.locator(".steps").first().textContent(), /×/);
    await press(page, page.locator("main a[href^='/municipalities/5610']").first(), "**/municipalities/5610**");
    await ticksOff(page);
  },
  // The checklist of one's library is found, an item is ticked off, and a first day is wished: one that is over is refused, and stays.
  async library_leader(page) {
    await page.goto(base + "/");
    await press(page, page.getByRole("link", { name: "Kárášjohka - Karasjok" }).first(), "**/municipalities/5610");
    assert.ok((await page.locator("ul.checklist li").count()) >= 5);
    await ticksOff(page);
    const [field, save] = [() => page.getByLabel("Ønsket oppstart").first(), () => page.getByRole("button", { name: /^Lagre ønsket/ }).first()];
    await tabTo(page, field());
    await page.keyboard.type("01012024");
    await press(page, save(), "**/go-live");
    assert.deepEqual([await field().inputValue(), await field().getAttribute("aria-invalid")], ["2024-01-01", "true"]);
    await violations(page, "a first day that is refused", "all");
    await typeDay(page, field(), "2024-10-01");
    await tabTo(page, save());
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    assert.match(await page.locator(".cards").first().textContent(), /Ønsker å starte 1. oktober 2024/);
  },
  // Those who are behind are found, and written to after the letters were looked at.
  async county_library(page) {
    await page.goto(base + "/board");
    await typeInto(page, page.getByLabel("Søk etter navn eller nummer"), "karasjok");
    await Promise.all([page.waitForURL("**q=karasjok**"), page.keyboard.press("Enter")]);
    assert.equal(await page.locator("table.board tbody tr").count(), 1);
    await writesToThoseBehind(page, base, "**/board/nudges**");
    await resumes(page);
  },
  // An invoice of one's own is found and taken along.
  async finance(page) {
    await page.goto(base + "/municipalities/5610/invoices");
    const link = page.getByRole("link", { name: /^PDF/ }).first();
    await tabTo(page, link);
    const [taken] = await Promise.all([page.waitForResponse("**/document"), page.waitForURL("**/document"), page.keyboard.press("Enter")]);
    assert.equal(taken.headers()["content-type"], "application/pdf");
    await page.goto(base + "/municipalities/5610/invoices");
    await press(page, page.locator("a[href^='/invoices/issued/']").first(), "**/invoices/issued/*");
    assert.match(await page.locator("h1").textContent(), /\d/);
  },
  // A payment is registered; a run is planned and approved by who is signed in.
  async county_finance(page) {
    await registersPayment(page, base, "Bilag 4");
    await page.goto(base + "/invoices/plan");
    await typeInto(page, page.getByLabel("Budsjettår"), "2025");
    await press(page, page.getByRole("button", { name: "Lag planen" }), "**/invoices/runs/*-*");
    assert.equal(await page.getByLabel("Din bruker-id").count(), 0, "it is known who asks");
    await typeInto(page, page.getByLabel("Din rolle"), "Økonomisjef");
    await tabTo(page, page.getByRole("button", { name: "Godkjenn", exact: true }));
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    assert.match(await page.locator("#approve-heading ~ p").first().textContent(), /Godkjent av Økonomisjef/);
  },
  // What happened to the agreements of a municipality is found, and the log is verified.
  async auditor(page) {
    await page.goto(base + "/log");
    await typeInto(page, page.getByLabel("Kommune eller annen part"), "Karasjok");
    await tabTo(page, page.getByLabel("Slag"));
    await page.keyboard.type("Tilkn");
    await press(page, page.getByRole("button", { name: "Vis", exact: true }), "**party=Karasjok**");
    const found = page.locator("ol.log summary").first();
    await tabTo(page, found);
    await page.keyboard.press("Enter");
    await press(page, page.locator("ol.log details[open] a[href*='stream=']").first(), "**stream=**");
    await press(page, page.getByRole("button", { name: "Kontroller loggen" }), "**/log#verify-heading");
    await page.getByText("er ubrutt, og boken går opp").waitFor();
  },
};

// Every role sees what is its own, and the navigation leads nowhere that is not.
for (const [role, { sees, sees_not }] of Object.entries(ROLES)) {
  const page = await signedIn(role);
  await violations(page, `${role} /account`, "words");
  const places = await page.locator("header nav:first-of-type a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const address of [...new Set([...places, ...sees])]) {
    const response = await page.goto(base + address);
    assert.equal(response.status(), 200, `${role} ${address}`);
    // Colours are looked at where nobody signs in; here once for each role.
    await violations(page, `${role} ${address}`, address === places[0] ? "all" : "words");
  }
  // The same in the other languages, and what one is refused.
  for (const language of LANGUAGES.slice(1)) {
    for (const address of new Set([...places, ...sees, "/account", "/sign-in/confirm", ...sees_not.slice(0, 1)])) {
      await page.goto(`${base}/language?to=${language}&back=${encodeURIComponent(address)}`);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      await violations(page, `${role} ${address} ${language}`, "names");
    }
  }
  await page.goto(`${base}/language?to=nb&back=/account`);
  for (const address of sees_not) {
    const response = await page.goto(base + address);
    assert.equal(response.status(), 403, `${role} ${address}`);
  }
  if (sees_not.length > 0) await violations(page, `${role}, refused`, "words");
  await TASKS[role]?.(page);
  await page.context().close();
}

// Who signed in by a password alone is told on every page what that is not enough for, in every language.
async function weak() {
  const page = await opened({ ...LOOKS.desktop, locale: "nb" });
  await page.goto(base + "/sign-in?to=/board");
  await page.locator("#email").fill("county-library@kommune.example");
  await page.locator("#password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(base + "/board");
  for (const language of LANGUAGES) {
    for (const address of ["/board", "/sign-in/confirm?to=/board"]) {
      await page.goto(`${base}/language?to=${language}&back=${encodeURIComponent(address)}`);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      await violations(page, `by a password alone ${address} ${language}`, language === "nb" ? "words" : "names");
    }
  }
  await page.context().close();
}

// An administrator with a passkey, by the keyboard alone: invites, grants, is told what is wrong, revokes, ends and closes.
async function administers() {
  const page = await opened({ ...LOOKS.desktop, locale: "nb" });
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  await client.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasUserVerification: true, isUserVerified: true, hasResidentKey: true },
  });
  await page.goto(invitation("second_administrator"));
  await page.getByLabel("Nytt passord").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/account");
  await tabTo(page, page.getByLabel("Hva passnøkkelen skal hete"));
  await page.keyboard.type("Kontormaskinen");
  await tabTo(page, page.getByRole("button", { name: "Legg til en passnøkkel" }));
  await page.keyboard.press("Enter");
  await page.getByText("Kontormaskinen").first().waitFor();
  // Who came by an invitation alone reads; who changes something shows the passkey, and goes on where they were.
  await page.goto(base + "/accounts");
  await tabTo(page, page.getByRole("link", { name: "Bekreft at det er deg" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sign-in/confirm**");
  await look(page, "confirm", "nb", "desktop");
  await tabTo(page, page.getByRole("button", { name: "Bruk passnøkkel" }));
  await page.keyboard.press("Enter");
  await page.waitForURL(base + "/accounts");
  await look(page, "accounts", "nb", "desktop");
  await tabTo(page, page.getByLabel("Navn", { exact: true }));
  await page.keyboard.type("Kommunedirektør");
  await tabTo(page, page.getByLabel("E-postadresse", { exact: true }));
  await page.keyboard.type("leder@kommune.example");
  await page.keyboard.press("Enter");
  await page.getByText("Noen logger alt inn med denne adressen").waitFor();
  assert.equal(await page.getByLabel("Navn", { exact: true }).inputValue(), "Kommunedirektør");
  const email = page.getByLabel("E-postadresse", { exact: true });
  assert.equal(await email.getAttribute("aria-describedby"), "invite-email-refused");
  await tabTo(page, email);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("direktor@alta.example");
  await page.keyboard.press("Enter");
  await page.getByText("Den virker én gang, i 7 dager").waitFor();
  await look(page, "account-invited", "nb", "desktop");
  const link = await page.locator("code").textContent();
  // A role: first without what it takes.
  const pick = async (label, wanted) => {
    await tabTo(page, page.getByLabel(label, { exact: true }));
    await page.keyboard.type(wanted);
  };
  await pick("Rolle", "Revisor");
  await tabTo(page, page.getByRole("button", { name: "Gi en rolle" }));
  await page.keyboard.press("Enter");
  await page.getByText("En revisor leser alt, og bare for en tid").waitFor();
  assert.equal(await page.getByLabel("Siste dag").getAttribute("aria-describedby"), "roles-until-refused");
  await look(page, "account-refused", "nb", "desktop");
  await pick("Rolle", "Kommuneledelsen");
  await pick("Gjelder for", "Alta");
  await typeDay(page, page.getByLabel("Siste dag"), "2024-12-31");
  await tabTo(page, page.getByRole("button", { name: "Gi en rolle" }));
  await page.keyboard.press("Enter");
  await page.getByText("Kommuneledelsen: Alta").first().waitFor();
  const account = page.url();
  // The one who was invited comes, and sees what is theirs.
  const leader = await opened({ ...LOOKS.desktop, locale: "nb" });
  await leader.goto(base + new URL(link).pathname + new URL(link).search);
  await leader.getByLabel("Nytt passord").fill(PASSWORD);
  await leader.keyboard.press("Enter");
  await leader.waitForURL("**/account");
  assert.equal((await leader.goto(base + "/municipalities/5601")).status(), 200);
  // Sign-ins are ended, and the one who comes back signs in and is where they were.
  await page.goto(account);
  await tabTo(page, page.getByRole("button", { name: "Avslutt 1 innlogging" }));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Ingen innlogginger å avslutte" }).waitFor();
  await leader.goto(base + "/municipalities/5601?from=2024");
  await leader.waitForURL("**/sign-in**");
  await leader.locator("#email").fill("direktor@alta.example");
  await leader.locator("#password").fill(PASSWORD);
  await leader.keyboard.press("Enter");
  await leader.waitForURL(base + "/municipalities/5601?from=2024");
  // Too many attempts lock the account; the administrator opens it.
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await leader.goto(base + "/sign-in");
    await leader.locator("#email").fill("direktor@alta.example");
    await leader.locator("#password").fill("noe helt annet enn det");
    await leader.keyboard.press("Enter");
    await leader.getByRole("alert").waitFor();
  }
  assert.match(await leader.getByRole("alert").textContent(), /prøvd for mange ganger/);
  await page.goto(account);
  await look(page, "account-locked", "nb", "desktop");
  await tabTo(page, page.getByRole("button", { name: "Lås opp" }));
  await page.keyboard.press("Enter");
  await page.getByText("Åpen", { exact: true }).waitFor();
  // The role is taken away, and the account closed, which has to be meant.
  await tabTo(page, page.getByRole("button", { name: /Ta bort/ }));
  await page.keyboard.press("Enter");
  await page.getByText("Personen har ingen roller").waitFor();
  assert.equal((await leader.goto(base + "/municipalities/5601")).status(), 403);
  await tabTo(page, page.getByRole("button", { name: "Lukk kontoen for godt" }));
  await page.keyboard.press("Enter");
  await page.getByText("Kryss av for at kontoen skal lukkes").waitFor();
  await tabTo(page, page.getByLabel(/Jeg vet at roller/));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByRole("button", { name: "Lukk kontoen for godt" }));
  await page.keyboard.press("Enter");
  await page.getByText("Lukket", { exact: true }).waitFor();
  // One's own account: a token, shown once.
  await page.goto(base + "/account");
  await tabTo(page, page.getByLabel("Hva nøkkelen er til"));
  await page.keyboard.type("budsjett");
  await tabTo(page, page.getByRole("button", { name: "Lag en nøkkel" }));
  await page.keyboard.press("Enter");
  await page.getByText("Velg minst én rolle").waitFor();
  assert.equal(await page.locator("[aria-invalid=true]").count(), 1, "the last day, for the roles stand in a group");
  assert.equal(await page.getByLabel("Hva nøkkelen er til").inputValue(), "budsjett");
  await look(page, "own-account-refused", "nb", "desktop");
  await tabTo(page, page.getByLabel("Administrator av kontoer"));
  await page.keyboard.press("Space");
  await typeDay(page, page.getByLabel("Siste dag"), "2024-12-31");
  await page.keyboard.press("Enter");
  await page.getByText(/^grenselos_/).waitFor();
  await look(page, "own-account", "nb", "desktop");
  for (const language of LANGUAGES.slice(1)) {
    for (const [name, address] of [["own-account", "/account"], ["accounts", "/accounts"], ["account", new URL(account).pathname]]) {
      await page.goto(`${base}/language?to=${language}&back=${address}`);
      await look(page, name, language, "desktop");
    }
  }
  await page.goto(`${base}/language?to=nb&back=/accounts`);
  await page.setViewportSize(LOOKS.narrow.viewport);
  for (const [name, address] of [["own-account", "/account"], ["accounts", "/accounts?closed=yes"], ["account", new URL(account).pathname]]) {
    await page.goto(base + address);
    await look(page, name, "nb", "narrow");
  }
  await page.context().close();
  await leader.context().close();
}

await weak();
await administers();
await browser.close();
assert.deepEqual(faults, []);
console.log("everybody sees what is theirs");
