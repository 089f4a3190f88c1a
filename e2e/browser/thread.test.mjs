// The thread of the worked example, followed by clicking, both ways.
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

// click follows the link of a key on the page of an item.
async function click(page, key) {
  await page.locator("section[aria-labelledby=links]").getByRole("link", { name: key, exact: true }).first().click();
  await page.locator("h1 .key", { hasText: key }).waitFor();
}

test("from a hazard to the result of its test, link by link, and back", async () => {
  const { page, wrong, close } = await open(site, site.project);
  await page.fill("#filter", "HAZ-3");
  await page.locator("table.items").getByRole("link", { name: "HAZ-3", exact: true }).click();
  const path = ["SEQ-5", "HS-3", "RSK-3", "RC-6", "SRS-14"];
  for (const key of path) await click(page, key);
  const tests = page.locator("section[aria-labelledby=links] a", { hasText: "_test.go#" });
  const test = await tests.first().textContent();
  await click(page, test);
  assert.match(await page.locator("section[aria-labelledby=result]").textContent(), /passed, unbound/);
  assert.match(await page.locator("section[aria-labelledby=result]").textContent(), /names no build manifest/);
  for (const key of [...path.reverse(), "HAZ-3"]) await click(page, key);
  assert.match(await page.locator("h1").textContent(), /^HAZ-3 /);
  assert.deepEqual(wrong, []);
  await close();
});

test("the thread of a hazard shows the whole path down to results", async () => {
  const { page, close } = await open(site, "/projects/infusion-pump/items/HAZ-3?thread=open");
  const down = page.locator(".thread.downstream");
  for (const key of ["SEQ-5", "HS-3", "RSK-3", "RC-6", "SRS-14"]) {
    assert.ok(await down.getByRole("link", { name: key, exact: true }).isVisible(), key);
  }
  const results = down.locator(".step", { hasText: "source test" });
  assert.ok((await results.count()) > 0);
  for (const text of await results.allTextContents()) assert.match(text, /passed, unbound|no result|failed|skipped/);
  const reached = Number(await down.locator("h3 .note").textContent());
  assert.equal(await down.locator(".step").count(), reached);
  await close();
});

test("the thread of a test leads up to hazard and intended use", async () => {
  const { page, close } = await open(site, "/projects/infusion-pump/items/SRS-14?thread=open");
  const up = page.locator(".thread.upstream");
  for (const key of ["RC-6", "HAZ-3", "DEV-1"]) {
    assert.ok(await up.getByRole("link", { name: key, exact: true }).isVisible(), key);
  }
  await close();
});

test("nothing is green: no result of the example is bound to a build", async () => {
  const { page, close } = await open(site, site.project);
  assert.equal(await page.locator(".chip.good, .v-part.good").count(), 0);
  assert.ok((await page.locator(".chip", { hasText: "passed, unbound" }).count()) > 50);
  await close();
});

test("an explanation stands on the page for the mark beside a word", async () => {
  const { page, close } = await open(site, "/projects/infusion-pump/items/SRS-1");
  await page.getByRole("link", { name: "What unbound means" }).first().click();
  const meaning = page.locator("#word-unbound");
  assert.ok(await meaning.isVisible());
  assert.match(await meaning.textContent(), /proves nothing yet/);
  await close();
});
