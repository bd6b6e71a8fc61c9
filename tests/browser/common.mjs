// What every look at the pages needs: a browser, what it must not see, and the keyboard.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdir } from "node:fs/promises";
import path from "node:path";

export const LANGUAGES = ["nb", "nn", "se", "en"];
/** How long to wait for what should be there: far more than it takes, since other things may run beside. */
export const PATIENCE_MILLISECONDS = 120_000;
export const LOOKS = {
  desktop: { viewport: { width: 1280, height: 900 } },
  narrow: { viewport: { width: 320, height: 700 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

/** What axe asks of names, headings and languages. */
const NAMES = [
  "aria-command-name", "aria-input-field-name", "aria-toggle-field-name", "button-name", "document-title", "empty-heading",
  "html-has-lang", "html-lang-valid", "input-button-name", "label", "label-content-name-mismatch", "link-name", "select-name",
  "summary-name", "svg-img-alt", "valid-lang",
];

/** What Chromium itself shows a PDF with, and where that has its style from. */
const VIEWER_OF_PDF = ["chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/", "chrome://resources/"];

/** A browser for a script that was asked as `node SCRIPT BASE SCREENSHOTS MODULES …`. */
export async function begin([, , base, screenshots, modules, ...more]) {
  const require = createRequire(path.join(modules, "package.json"));
  const { chromium } = require("playwright-core");
  const { AxeBuilder } = require("@axe-core/playwright");
  await mkdir(screenshots, { recursive: true });
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const faults = [];

  /** A page of a browser of its own; `elsewhere` is where it may go besides. */
  async function opened(options, elsewhere = []) {
    const context = await browser.newContext({ javaScriptEnabled: true, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MILLISECONDS);
    page.on("console", (message) => {
      if (!message.text().includes("the server responded with a status of 4")) {
        faults.push(`${page.url()}: the console says ${message.text()}`);
      }
    });
    page.on("request", (request) => {
      if (![base, "data:", ...VIEWER_OF_PDF, ...elsewhere].some((known) => request.url().startsWith(known))) {
        faults.push(`${page.url()}: asks for ${request.url()}`);
      }
    });
    return page;
  }

  /**
   * What axe finds: of everything, of the colours alone, of everything but them, which take most of its time, or of what depends
   * on the words of a page alone, where the same page was looked at in another language.
   */
  async function violations(page, what, looked) {
    // Run as one whole, since otherwise all that is in order is handed over as well, which takes most of the time.
    const builder = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode(true);
    if (looked === "colours") builder.withRules(["color-contrast"]);
    if (looked === "names") builder.withRules(NAMES);
    if (looked === "words") builder.disableRules(["color-contrast"]);
    const { violations } = await builder.analyze();
    for (const { id, nodes } of violations) {
      for (const node of nodes) {
        faults.push(`${what}: ${id} at ${node.target.join(" ")}: ${node.failureSummary}`);
      }
    }
  }

  /** Keeps a picture of the whole page, where somebody wants to look at it. */
  async function photograph(page, name) {
    if (process.env.GRENSELOS_PICTURES) await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
  }

  /** Looks at the page that is open, in a language and a look. */
  async function look(page, name, language, look) {
    const what = `${name} ${language} ${look}`;
    await page.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
    // Colours are the same in every language; in the dark nothing else is different, and in a narrow window not even they.
    const looked = language === "nb" ? { desktop: "all", dark: "colours" }[look] : "words";
    if (looked) await violations(page, what, looked);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) faults.push(`${what}: is ${wide} pixels wider than the window`);
    if (language === "nb") await photograph(page, `${name}-${language}-${look}`);
  }

  return { base, more, browser, faults, opened, photograph, violations, look };
}

/** Goes on by the Tab key until something is in focus, and sees to it that one sees where one is. */
export async function tabTo(page, locator) {
  // Found once: to look for a name among all that a page has takes longer than to press a key.
  const wanted = await locator.elementHandle();
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      const outline = await wanted.evaluate((element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      assert.ok(outline, "the focus is seen");
      return;
    }
  }
  assert.fail(`${locator} cannot be reached by the keyboard`);
}

/** Types into a field, in the place of what stands there, by the keyboard alone. */
export async function typeInto(page, locator, typed) {
  await tabTo(page, locator);
  await page.keyboard.press("Control+A");
  await page.keyboard.type(typed);
}

/** Types a day, such as 2024-12-31, into a field for days: the browser that is tested speaks American English and asks for the month first. */
export async function typeDay(page, locator, day) {
  const [year, month, ofMonth] = day.split("-");
  await tabTo(page, locator);
  await page.keyboard.type(month + ofMonth + year);
}

/** Presses a button by the keyboard alone, and waits for where it leads. */
export async function press(page, locator, address) {
  await tabTo(page, locator);
  await Promise.all([page.waitForURL(address), page.keyboard.press("Enter")]);
}

// The same where the answer has the address that one is at already.
export async function pressInPlace(page, locator) {
  await tabTo(page, locator);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

/** Registers a payment of 12.50 kroner of an invoice that is not wholly paid. */
export async function registersPayment(page, base, reference) {
  await page.goto(base + "/invoices");
  const issued = await page.locator("a[href^='/invoices/issued/']").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  for (const address of issued) {
    await page.goto(base + address);
    if ((await page.getByLabel("Beløp i kroner").count()) > 0) break;
  }
  await typeInto(page, page.getByLabel("Beløp i kroner"), "12,50");
  await typeInto(page, page.getByLabel("Referanse"), reference);
  await press(page, page.getByRole("button", { name: "Registrer", exact: true }), "**#paid-heading");
  assert.match(await page.locator("main").textContent(), /12,50/);
}

/** Writes to those who are behind, after the letters were looked at, which stand at an address. */
export async function writesToThoseBehind(page, base, letters) {
  await page.goto(base + "/board");
  await press(page, page.getByRole("link", { name: "Skriv til dem som er på etterskudd" }), letters);
  await typeInto(page, page.getByLabel("Noe å legge til i hvert brev"), "Vi hjelper gjerne.");
  await press(page, page.getByRole("button", { name: "Vis brevene" }), "**note=**");
  assert.match(await page.locator(".letter").first().textContent(), /Vi hjelper gjerne\./);
  await press(page, page.getByRole("button", { name: "Send til de valgte" }), "**nudged=yes");
  assert.match(await page.locator(".ds-alert[role=status]").textContent(), /Brevene er på vei/);
}
