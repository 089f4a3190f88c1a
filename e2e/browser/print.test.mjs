// The pages on paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, start } from "./site.mjs";

let site;
before(async () => {
  site = await start();
});
after(async () => {
  if (site) await site.stop();
});

test("the printed project has all rows, under heads that repeat, and nothing to click", async () => {
  const { page, close } = await open(site, site.project, { colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const gone of ["form.filter", ".skip", ".keyboard", ".jump"]) {
    assert.ok(!(await page.locator(gone).isVisible()), gone);
  }
  const rows = await page.locator("table.items tbody tr").count();
  assert.equal(rows, Number(await page.locator("#shown").textContent()));
  const look = await page.evaluate(() => ({
    head: getComputedStyle(document.querySelector("table.items thead")).display,
    row: getComputedStyle(document.querySelector("table.items tbody tr")).display,
    paper: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.body).color,
    drawn: [...document.querySelectorAll("table.items tbody tr")].every((tr) => tr.getBoundingClientRect().height > 0),
  }));
  assert.deepEqual(look, { head: "table-header-group", row: "table-row", paper: "rgb(255, 255, 255)", ink: "rgb(0, 0, 0)", drawn: true });
  const pdf = await page.pdf({ format: "A4" });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
  assert.ok(sheets >= rows / 60, `${rows} rows on ${sheets} sheets`);
  await close();
});

test("the printed thread has every branch open", async () => {
  const { page, close } = await open(site, "/projects/infusion-pump/items/DEV-1");
  const closed = await page.locator(".tree details:not([open])").count();
  assert.ok(closed > 0, "the example has no closed branch to print");
  await page.emulateMedia({ media: "print" });
  const hidden = await page.evaluate(() => [...document.querySelectorAll(".tree .step")].filter((step) => step.getBoundingClientRect().height === 0).length);
  assert.equal(hidden, 0);
  await close();
});
