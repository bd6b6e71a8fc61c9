// Looks at every page as people do. Asked as `node look.mjs BASE SCREENSHOTS MODULES`; the first thing that is wrong ends it.
import assert from "node:assert/strict";
import { LANGUAGES, LOOKS, begin, tabTo } from "./common.mjs";

const { base, browser, faults, opened, look } = await begin(process.argv);
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
  "log-verified": "/log?verify=yes",
  accessibility: "/accessibility",
  nothing: "/nothing/here",
};
const REFUSED = { "leader-refused": 422, "keys-refused": 422, nothing: 404 };
// Every page in every language; in bokmål also narrow and dark.
for (const language of LANGUAGES) {
  const looks = language === "nb" ? Object.entries(LOOKS) : [["desktop", LOOKS.desktop]];
  for (const [window, options] of looks) {
    const page = await opened({ ...options, locale: language });
    for (const [name, address] of Object.entries(PAGES)) {
      const response = await page.goto(base + address);
      const expected = REFUSED[name] ?? 200;
      if (response.status() !== expected) {
        faults.push(`${name} ${language}: answers ${response.status()}, not ${expected}`);
        continue;
      }
      assert.equal(await page.locator("html").getAttribute("lang"), language, name);
      await look(page, name, language, window);
    }
    await page.context().close();
  }
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
  await page.goto(base + "/municipalities/5610?from=2024", { waitUntil: "networkidle" });
  assert.ok(bytes < 100_000, `the first view takes ${bytes} bytes`);
  assert.equal(await page.locator("link[rel=stylesheet]").count(), 1);
  assert.equal(await page.locator("script").count(), 0);
  console.log(`the first view of a leader's page takes ${bytes} bytes`);
  await page.context().close();
}

for (const task of [() => leader(true), () => leader(false), library, downloads, weight]) {
  await task();
}
await browser.close();
assert.deepEqual(faults, []);
