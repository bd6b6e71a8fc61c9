// Compares how we write numbers and days with how ICU writes them for bokmål. Asked as `node icu.mjs FILE`, where FILE has a line
// for each: what it is, the number or the day, and how we write it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const number = (options) => new Intl.NumberFormat("nb", { signDisplay: "negative", ...options });
const decimals = (count) => ({ minimumFractionDigits: count, maximumFractionDigits: count });
const day = (options) => new Intl.DateTimeFormat("nb", { ...options, timeZone: "UTC" });
const numbers = {
  kroner: number({ style: "currency", currency: "NOK" }),
  "whole kroner": number({ style: "currency", currency: "NOK", ...decimals(0) }),
  thousands: number(decimals(1)),
  number: number({ maximumFractionDigits: 20 }),
  // A percentage is written as the number it is of, which is a hundredth of it.
  percent: number({ style: "percent", maximumFractionDigits: 20 }),
};
const days = { day: day({ dateStyle: "short" }), "long day": day({ dateStyle: "long" }) };

const lines = readFileSync(process.argv[2], "utf8").trimEnd().split("\n").map((line) => line.split("\t"));
for (const [what, value, ours] of lines) {
  const icu = what in days ? days[what].format(new Date(value)) : numbers[what].format(value);
  assert.equal(ours, icu, `${what} ${value}`);
}
assert.deepEqual(new Set(lines.map(([what]) => what)), new Set([...Object.keys(numbers), ...Object.keys(days)]));
console.log(`${lines.length} numbers and days are written as ICU ${process.versions.icu} has them`);
