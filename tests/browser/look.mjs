// Looks at every page as people do. Asked as `node look.mjs BASE SCREENSHOTS MODULES`; the first thing that is wrong ends it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdir } from "node:fs/promises";
import path from "node:path";

const [, , base, screenshots, modules] = process.argv;
const require = createRequire(path.join(modules, "package.json"));
const { chromium } = require("playwright-core");
const { AxeBuilder } = require("@axe-core/playwright");

const LANGUAGES = ["nb", "nn", "se", "en"];
const PAGES = {
  front: "/",
  leader: "/municipalities/5610",
  "leader-earlier": "/municipalities/5610?from=2023&as_of=2022-12-15&since=2022-10-01",
  "leader-refused": "/municipalities/5610?from=soon&as_of=never",
  "leader-thousands": "/municipalities/5610?from=2024&unit=thousands",
  explanation: "/municipalities/5610/explanations/2024?from=2024",
  board: "/board",
  "board-none": "/board?q=zzz",
  keys: "/keys",
  "keys-tried": "/keys?tried=yes&percent-inhabitants=100&from=2024&phase=100&member-5610=yes&member-5503=yes",
  "keys-refused": "/keys?tried=yes&percent-inhabitants=40&floor=much",
  invoices: "/invoices",
  "own-invoices": "/municipalities/5610/invoices",
  log: "/log",
  "log-found": "/log?party=5610&kind=agreement",
  "log-refused": "/log?party=nobody&first=never",
  state: "/log/state",
  "state-earlier": "/log/state?as_of=2023-05-01",
  "state-refused": "/log/state?as_of=never",
  accessibility: "/accessibility",
  nothing: "/nothing/here",
};
const REFUSED = { "leader-refused": 422, "keys-refused": 422, "state-refused": 422, nothing: 404 };
const LOOKS = {
  desktop: { viewport: { width: 1280, height: 900 } },
  narrow: { viewport: { width: 320, height: 700 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

await mkdir(screenshots, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const faults = [];

async function opened(options) {
  const context = await browser.newContext({ javaScriptEnabled: true, ...options });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (!message.text().includes("the server responded with a status of 4")) {
      faults.push(`${page.url()}: the console says ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith("data:")) {
      faults.push(`${page.url()}: asks for ${request.url()}`);
    }
  });
  return page;
}

/** What axe finds: of everything, of the colours alone, or of everything but them, which take most of its time. */
async function violations(page, what, looked) {
  const builder = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  if (looked === "colours") builder.withRules(["color-contrast"]);
  if (looked === "words") builder.disableRules(["color-contrast"]);
  const { violations } = await builder.analyze();
  for (const { id, nodes } of violations) {
    for (const node of nodes) {
      faults.push(`${what}: ${id} at ${node.target.join(" ")}: ${node.failureSummary}`);
    }
  }
}

// Every page in every language; in bokmål also narrow and dark.
for (const language of LANGUAGES) {
  const looks = language === "nb" ? Object.entries(LOOKS) : [["desktop", LOOKS.desktop]];
  for (const [look, options] of looks) {
    const page = await opened({ ...options, locale: language });
    for (const [name, address] of Object.entries(PAGES)) {
      const what = `${name} ${language} ${look}`;
      const response = await page.goto(base + address);
      const expected = REFUSED[name] ?? 200;
      if (response.status() !== expected) {
        faults.push(`${what}: answers ${response.status()}, not ${expected}`);
        continue;
      }
      assert.equal(await page.locator("html").getAttribute("lang"), language, what);
      for (const details of await page.locator("details").all()) {
        await details.evaluate((element) => element.setAttribute("open", ""));
      }
      // Colours are the same in every language; in the dark nothing else is different, and in a narrow window not even they.
      const looked = language === "nb" ? { desktop: "all", dark: "colours" }[look] : "words";
      if (looked) await violations(page, what, looked);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) faults.push(`${what}: is ${wide} pixels wider than the window`);
      if (language === "nb") await page.screenshot({ path: path.join(screenshots, `${name}-${language}-${look}.png`), fullPage: true });
    }
    await page.context().close();
  }
}

/** Goes on by the Tab key until something is in focus, and sees to it that one sees where one is. */
async function tabTo(page, locator) {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) {
      const outline = await locator.evaluate((element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      assert.ok(outline, "the focus is seen");
      return;
    }
  }
  assert.fail(`${locator} cannot be reached by the keyboard`);
}

// A municipality's leader, by the keyboard alone and without script: what it costs, why, what was known, and ready.
async function leader(script) {
  const page = await opened({ ...LOOKS.desktop, locale: "nb", javaScriptEnabled: script });
  await page.goto(base + "/");
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /innholdet/);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "Kárášjohka - Karasjok" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/municipalities/5610");
  await tabTo(page, page.getByLabel("Budsjettår"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("2024");
  await page.keyboard.press("Enter");
  await page.waitForURL("**from=2024**");
  const amount = await page.locator(".big").textContent();
  assert.match(amount, /\d/);
  await tabTo(page, page.getByRole("link", { name: "Hvorfor? Se hvordan 2024 er regnet ut" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/explanations/2024**");
  assert.match(await page.locator(".steps").first().textContent(), /×/);
  await page.goBack();
  // Ready: an item is ticked off and opened again.
  const item = page.getByRole("button", { name: /Skolebibliotekene er informert/ }).first();
  const before = await item.getAttribute("aria-pressed");
  await tabTo(page, item);
  await page.keyboard.press("Enter");
  await page.waitForURL("**#ready-heading");
  const after = await page.getByRole("button", { name: /Skolebibliotekene er informert/ }).first().getAttribute("aria-pressed");
  assert.notEqual(after, before);
  await page.getByRole("button", { name: /Skolebibliotekene er informert/ }).first().click();
  // What is typed stays, and is said to be wrong beside its field.
  await page.goto(base + "/municipalities/5610");
  await tabTo(page, page.getByLabel("Budsjettår"));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("snart");
  await page.keyboard.press("Enter");
  await page.waitForURL("**from=snart**");
  const field = page.getByLabel("Budsjettår");
  assert.equal(await field.inputValue(), "snart");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const said = await field.getAttribute("aria-describedby");
  assert.match(await page.locator(`#${said}`).textContent(), /årstall/);
  await page.context().close();
}

// The county library finds who is behind, and tries another key, by the keyboard alone.
async function library() {
  const page = await opened({ ...LOOKS.desktop, locale: "nb" });
  await page.goto(base + "/board");
  await tabTo(page, page.getByLabel("Søk etter navn eller nummer"));
  await page.keyboard.type("karasjok");
  await page.keyboard.press("Enter");
  await page.waitForURL("**q=karasjok**");
  assert.equal(await page.locator("table.board tbody tr").count(), 1);
  await page.goto(base + "/keys");
  for (const [label, typed] of [["Likt, %", "0"], ["innbyggertall, %", "100"], ["Første år som vises", "2024"]]) {
    await tabTo(page, page.getByLabel(label));
    await page.keyboard.press("Control+A");
    await page.keyboard.type(typed);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL("**tried=yes**");
  assert.ok((await page.locator("table tbody tr").count()) > 10);
  await page.context().close();
}

// What is brought along is what it says it is.
async function downloads() {
  const page = await opened(LOOKS.desktop);
  for (const [file, begin] of [["budget.pdf", "%PDF"], ["budget.xlsx", "PK"], ["council.docx", "PK"]]) {
    const response = await page.request.get(`${base}/municipalities/5610/${file}?from=2024`);
    assert.equal(response.status(), 200);
    assert.ok((await response.body()).toString("latin1").startsWith(begin), file);
  }
  await page.context().close();
}

// The first view of a leader's page is small, and asks for nothing that keeps it from being shown but one style.
async function weight() {
  const page = await opened({ ...LOOKS.desktop, locale: "nb" });
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(base + "/municipalities/5610?from=2024", { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  assert.ok(bytes < 100_000, `the first view takes ${bytes} bytes`);
  assert.equal(await page.locator("link[rel=stylesheet]").count(), 1);
  // The page is shown without waiting for its script.
  assert.equal(await page.locator("script").count(), 1);
  assert.equal(await page.locator("script:not([defer])").count(), 0);
  console.log(`the first view of a leader's page takes ${bytes} bytes`);
  await page.context().close();
}

/** Ticks an item off for a library by the API, as another program does. */
async function tickByAnother(page, signup, item, command = "tick_readiness") {
  const response = await page.request.post(`${base}/api/v1/signups/${signup}/commands`, {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    data: { command, item, on: "2024-03-01" },
  });
  assert.equal(response.status(), 200, await response.text());
}

/** A form of the readiness list that is not ticked off yet: whose, what, and its button. */
async function unticked(page) {
  const form = page.locator("form:has(input[name=item]):has(button[aria-pressed=false])").first();
  const [signup, item] = await Promise.all(["signup", "item"].map((name) => form.locator(`input[name=${name}]`).inputValue()));
  const button = page.locator(`form:has(input[name=signup][value="${signup}"]):has(input[name=item][value="${item}"]) button`);
  return { signup, item, button };
}

// A page that is open shows a change within a second, without losing what one is typing, where one is, or what one opened.
async function live() {
  const page = await opened({ ...LOOKS.desktop, locale: "nb" });
  const connected = page.waitForResponse((response) => response.url().includes("/live?"));
  await page.goto(base + "/municipalities/5610");
  await connected;
  const { signup, item, button } = await unticked(page);
  const details = page.locator("details").last();
  await details.locator("summary").click();
  const field = page.getByLabel("Budsjettår");
  await field.fill("20");
  await field.press("End");
  const changed = page.waitForFunction(
    ([signup, item]) => {
      const forms = [...document.querySelectorAll("form")].filter((form) => form.elements.item && form.elements.signup);
      const form = forms.find(({ elements }) => elements.signup.value === signup && elements.namedItem("item").value === item);
      return form?.querySelector("button").getAttribute("aria-pressed") === "true";
    },
    [signup, item],
    { polling: 20, timeout: 5_000 },
  );
  const begun = Date.now();
  await tickByAnother(page, signup, item);
  await changed;
  const milliseconds = Date.now() - begun;
  assert.ok(milliseconds < 1_000, `the change was shown after ${milliseconds} ms`);
  console.log(`a change is shown after ${milliseconds} ms`);
  await page.keyboard.type("25");
  assert.equal(await field.inputValue(), "2025", "what was typed stays, and so does where one is");
  assert.ok(await details.evaluate((element) => element.open), "what was opened stays open");
  assert.match(await page.locator("#live").textContent(), /oppdatert/);
  await violations(page, "a page that was kept up to date", "words");
  await page.screenshot({ path: path.join(screenshots, "live.png"), fullPage: true });
  // What is put in place works as what was there: it is opened again, and no second page is needed.
  await button.click();
  await page.waitForURL("**#ready-heading");
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  await page.context().close();
}

// Somebody else was faster: both versions are shown, and one decides.
async function overtaken() {
  const page = await opened({ ...LOOKS.desktop, locale: "nb", javaScriptEnabled: false });
  await page.goto(base + "/municipalities/5610");
  const { signup, item, button } = await unticked(page);
  await tickByAnother(page, signup, item);
  await button.click();
  assert.match(await page.locator("h1").textContent(), /forkjøpet/);
  await page.context().close();
  // With script too, so that axe can look at it.
  const again = await opened({ ...LOOKS.desktop, locale: "nb" });
  // The page stays as it was shown.
  await again.addInitScript(() => {
    window.EventSource = class extends EventTarget {
      close() {}
    };
  });
  await again.goto(base + "/municipalities/5610");
  const other = await unticked(again);
  await tickByAnother(again, other.signup, other.item);
  await tabTo(again, other.button);
  await again.keyboard.press("Enter");
  await again.waitForURL("**/readiness");
  await violations(again, "a form that came too late", "all");
  await again.screenshot({ path: path.join(screenshots, "overtaken.png"), fullPage: true });
  await tabTo(again, again.getByRole("button", { name: "Send mitt likevel" }));
  await again.keyboard.press("Enter");
  await again.waitForURL("**#ready-heading");
  for (const [library, thing] of [[signup, item], [other.signup, other.item]]) {
    await tickByAnother(again, library, thing, "reopen_readiness");
  }
  await again.context().close();
}

// The auditor has the log verified, by the keyboard alone, and sees what was found without doing anything.
async function auditor() {
  const page = await opened({ ...LOOKS.desktop, locale: "nb" });
  await page.goto(base + "/log");
  await tabTo(page, page.getByRole("button", { name: "Kontroller loggen" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/log#verify-heading");
  await page.getByText("er ubrutt, og boken går opp").waitFor({ timeout: 20_000 });
  await violations(page, "a log that is verified", "all");
  await page.screenshot({ path: path.join(screenshots, "log-verified.png") });
  await page.locator("ol.log summary").first().click();
  await page.locator("ol.log details[open] a[href*='stream=']").first().click();
  await page.waitForURL("**stream=**");
  assert.ok((await page.locator("ol.log li").count()) > 0);
  await page.context().close();
}

for (const task of [() => leader(true), () => leader(false), library, downloads, weight, live, overtaken, auditor]) {
  await task();
}
await browser.close();
assert.deepEqual(faults, []);
