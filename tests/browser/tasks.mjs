// What county library and finance do with agreements, prebills, objections and reminders, by the keyboard alone. Asked as
// `node tasks.mjs BASE SCREENSHOTS MODULES TASK…`, where each TASK is the name of one below. The first thing that is wrong ends it.
import assert from "node:assert/strict";
import { LOOKS, begin, press, tabTo, typeDay, typeInto } from "./common.mjs";

const { base, more, browser, faults, opened, violations } = await begin(process.argv);

/** Types into the fields of a form, which may be folded away, and sends it. */
async function sends(page, action, fields) {
  const form = page.locator(`form[action$="${action}"]`);
  const folded = page.locator("details:not([open])", { has: form });
  if ((await folded.count()) > 0) {
    await tabTo(page, folded.locator("summary"));
    await page.keyboard.press("Enter");
  }
  for (const [name, typed] of Object.entries(fields)) {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(typed);
    await (isDay ? typeDay : typeInto)(page, form.locator(`[name="${name}"]`), typed);
  }
  await tabTo(page, form.locator("button[type=submit]"));
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

/** That a field was not taken, and keeps what was typed. */
async function isRefused(page, action, name, value) {
  const field = page.locator(`form[action$="${action}"] [name="${name}"]`);
  assert.deepEqual([await field.getAttribute("aria-invalid"), await field.inputValue()], ["true", value]);
  await violations(page, `${action}, refused`, "words");
}

const TASKS = {
  // An agreement is sent, signed and in force; a notice that would end it too early is refused, and one is given.
  async agrees(page) {
    await page.goto(base + "/agreements");
    await press(page, page.locator("main a[href^='/agreements/']").first(), "**/agreements/*");
    await sends(page, "/send", { on: "2023-02-01", answer_by: "2023-03-01" });
    await sends(page, "/sign", { on: "2023-02-01", role: "Kommunedirektør", authority: "Delegering § 4", signer: "Rollens innehaver" });
    await sends(page, "/activate", { from: "2023-02-01" });
    await sends(page, "/notice", { on: "2023-02-01", last_day: "2023-01-31" });
    await isRefused(page, "/notice", "last_day", "2023-01-31");
    await sends(page, "/notice", { last_day: "2023-12-31" });
    assert.match(await page.locator("main").textContent(), /31\.12\.2023|31\. desember 2023/);
    await violations(page, "an agreement under notice", "words");
  },
  // The calculation is sent ahead; a municipality objects, by the county's page and by its own; finance answers.
  async hears(page) {
    await page.goto(base + "/invoices/plan");
    await sends(page, "/invoices/plan", { year: "2023" });
    const run = new URL(page.url()).pathname;
    await sends(page, "/prebill", { objections_until: "2023-02-10" });
    await sends(page, `${run}/objections`, { text: "Ring leder@alta.example" });
    await isRefused(page, `${run}/objections`, "text", "Ring leder@alta.example");
    await sends(page, `${run}/objections`, { text: "Feil innbyggertall", reference: "22/118" });
    await page.goto(base + "/municipalities/5401/invoices");
    assert.match(await page.locator("#prebill-heading ~ .ds-card").textContent(), /Konvertering/);
    await sends(page, "/municipalities/5401/invoices/objections", { text: "Vi er med fra juli" });
    assert.match(await page.locator("main").textContent(), /Vi er med fra juli/);
    await violations(page, "a prebill of one's own", "words");
    await page.goto(base + run);
    const said = { answer: "Tallet er riktig", role: "Økonomisjef", person: "00000000-0000-4000-8000-000000000001" };
    await sends(page, "/objections/1/answer", said);
    assert.match(await page.locator(".objections").textContent(), /Tallet er riktig/);
    await violations(page, "an objection that is answered", "words");
  },
  // A run is planned, approved and issued.
  async issues(page) {
    await page.goto(base + "/invoices/plan");
    await sends(page, "/invoices/plan", { year: "2023" });
    await sends(page, "/approve", { role: "Økonomisjef", person: "00000000-0000-4000-8000-000000000001" });
    await sends(page, "/invoices/issue", {});
    assert.equal(await page.locator("main a[href^='/invoices/issued/']").count(), 3);
  },
  // An invoice that is overdue is found and reminded of.
  async reminds(page) {
    await page.goto(base + "/invoices?q=troms");
    await press(page, page.locator("#issued-heading ~ .scroll a").first(), "**/invoices/issued/*");
    await sends(page, "/reminders", {});
    assert.equal(await page.locator("[role=alert]").count(), 0);
    assert.match(await page.locator("main").textContent(), /Purring/);
    await violations(page, "an invoice that was reminded of", "words");
  },
};

const page = await opened({ ...LOOKS.desktop, locale: "nb" });
for (const task of more) await TASKS[task](page);
await browser.close();
assert.deepEqual(faults, []);
console.log(`done: ${more.join(", ")}`);
