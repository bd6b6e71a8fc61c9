// Signs in through a real provider. Asked as `node through_provider.mjs BASE SCREENSHOTS MODULES ISSUER TOKEN`.
import assert from "node:assert/strict";
import { LOOKS, begin, tabTo } from "./common.mjs";

const { base, more, browser, faults, opened, look } = await begin(process.argv);
const [issuer, token] = more;
const page = await opened({ ...LOOKS.desktop, locale: "nb" }, [issuer]);

/** Signs in at the provider, and comes back. */
async function there(account, back) {
  await page.waitForURL(`${issuer}/interaction/**`);
  await page.getByLabel("Konto").fill(account);
  await page.keyboard.press("Enter");
  await page.waitForURL(base + back);
}

// An invitation is taken up by the keyboard alone.
await page.goto(`${base}/sign-in/invitation?token=${token}`);
await look(page, "invitation-provider", "nb", "desktop");
await tabTo(page, page.getByRole("button", { name: "Prøveporten" }));
await page.keyboard.press("Enter");
await there("leder", "/account");
await page.getByText("Tilknyttede innloggingstjenester").waitFor();
await look(page, "own-account-provider", "nb", "desktop");
await page.setViewportSize(LOOKS.narrow.viewport);
await look(page, "own-account-provider", "nb", "narrow");
await page.setViewportSize(LOOKS.desktop.viewport);

// Signed out here, one is asked there as well, and led back; the next time, one signs in there anew and comes to where one was.
await page.getByRole("button", { name: "Logg ut", exact: true }).click();
await page.waitForURL(`${issuer}/session/end**`);
await page.getByRole("button", { name: "Yes, sign me out" }).click();
await page.getByText("Du er logget ut her og hos Prøveporten.").waitFor();
await look(page, "signed-out-provider", "nb", "desktop");
await page.goto(base + "/account?from=elsewhere");
await page.waitForURL("**/sign-in?to=**");
await look(page, "sign-in-provider", "nb", "desktop");
await tabTo(page, page.getByRole("button", { name: "Prøveporten" }));
await page.keyboard.press("Enter");
await there("leder", "/account");

// What is grave asks once more, also of who is signed in there.
await page.goto(base + "/sign-in/confirm?to=/accessibility");
await look(page, "confirm-provider", "nb", "desktop");
await tabTo(page, page.getByRole("button", { name: "Prøveporten" }));
await page.keyboard.press("Enter");
await there("leder", "/accessibility");

// Another person there is nobody here.
await page.context().clearCookies();
await page.goto(base + "/sign-in");
await page.getByRole("button", { name: "Prøveporten" }).click();
await page.waitForURL(`${issuer}/interaction/**`);
await page.getByLabel("Konto").fill("annen");
await page.keyboard.press("Enter");
await page.getByText("Ingen konto er knyttet til denne innloggingen").waitFor();
await look(page, "sign-in-not-linked", "nb", "desktop");

await browser.close();
// The provider's own page for signing out asks for a font of others.
assert.deepEqual(faults.filter((fault) => !fault.startsWith(`${issuer}/session/end`)), []);
console.log("who signs in there is signed in here");
