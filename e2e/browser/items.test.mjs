// The table of items with JavaScript and without: the same rows in the same order.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keys, open, start } from "./site.mjs";

let site;
before(async () => {
  site = await start();
});
after(async () => {
  if (site) await site.stop();
});

const steps = [
  { says: "by words of key and title", fill: { q: "stop occlusion" } },
  { says: "by kind", choose: { kind: "SRS" } },
  { says: "by class", choose: { class: "C" } },
  { says: "by result and level", choose: { result: "passed, unbound", level: "software-tests" } },
  { says: "by what is missing", choose: { has: "unverified" } },
  { says: "sorted by title", sort: ["Title"] },
  { says: "sorted by place, backwards, of one kind", choose: { kind: "TC" }, sort: ["Place", "Place"] },
  { says: "sorted by verification, then by class", sort: ["Verification", "Class"] },
];

// follow does what a person does. Without JavaScript each step is a new page.
async function follow(page, step, script) {
  const go = (act) => (script ? act() : Promise.all([page.waitForEvent("load"), act()]));
  for (const [name, value] of Object.entries(step.fill || {})) await page.fill(`form.filter [name=${name}]`, value);
  for (const [name, value] of Object.entries(step.choose || {})) await page.selectOption(`form.filter [name=${name}]`, value);
  if (!script && (step.fill || step.choose)) await go(() => page.getByRole("button", { name: "Filter" }).click());
  for (const name of step.sort || []) await go(() => page.locator("table.items thead a", { hasText: new RegExp(`^${name}$`) }).click());
}

for (const step of steps) {
  test(`items ${step.says}`, async () => {
    const plain = await open(site, site.project, { javaScriptEnabled: false });
    const quick = await open(site, site.project);
    const all = await keys(quick.page);
    assert.deepEqual(await keys(plain.page), all);
    await follow(plain.page, step, false);
    await follow(quick.page, step, true);
    const want = await keys(plain.page);
    await quick.page.waitForFunction((n) => document.querySelectorAll("table.items tbody tr").length === n, want.length);
    assert.deepEqual(await keys(quick.page), want);
    assert.ok(want.length > 0 && (step.sort || want.length < all.length), "the step changes nothing");
    assert.notDeepEqual(want, all);
    assert.deepEqual(plain.wrong.concat(quick.wrong), []);

    await quick.page.reload(); // the address says what is shown
    assert.deepEqual(await keys(quick.page), want);
    await plain.close();
    await quick.close();
  });
}

test("a page that came filtered is widened in place", async () => {
  const { page, wrong, close } = await open(site, "/projects/infusion-pump?kind=HAZ");
  const before = await keys(page);
  await page.selectOption("form.filter [name=kind]", "SRS");
  await page.waitForFunction(() => document.querySelector("table.items tbody th").textContent.startsWith("SRS-"));
  assert.notDeepEqual(await keys(page), before);
  await page.getByRole("link", { name: "Clear" }).click();
  await page.waitForFunction(() => Number(document.getElementById("shown").textContent) > 300);
  assert.equal(new URL(page.url()).search, "");
  assert.deepEqual(wrong, []);
  await close();
});

test("the head of a column says how it is sorted", async () => {
  const { page, close } = await open(site, site.project);
  const title = page.getByRole("columnheader", { name: "Title" });
  assert.equal(await title.getAttribute("aria-sort"), null);
  await title.getByRole("link").click();
  await page.waitForFunction(() => document.querySelector("th[aria-sort] a[data-sort=title]"));
  assert.equal(await title.getAttribute("aria-sort"), "ascending");
  await title.getByRole("link").click();
  await page.waitForFunction(() => document.querySelector("th[aria-sort=descending] a[data-sort=title]"));
  await close();
});

test("what matches nothing says so, with a way back", async () => {
  const { page, close } = await open(site, site.project);
  await page.fill("#filter", "nothing is called so");
  await page.getByText("No item matches.").waitFor();
  assert.equal(await page.locator("#shown").textContent(), "0");
  await close();
});

test("every number of the picture and of the coverage table leads to as many items", async () => {
  const { page, close } = await open(site, site.project);
  const numbers = await page.locator("svg a, table.coverage td a").evaluateAll((links) =>
    links.map((a) => ({ to: a.getAttribute("href"), n: parseInt(a.textContent, 10) })));
  assert.ok(numbers.length > 100);
  for (const { to, n } of numbers) {
    const answer = await page.request.get(new URL(to, site.home).href);
    const shown = /<span id="shown">(\d+)</.exec(await answer.text());
    assert.equal(Number(shown[1]), n, to);
  }
  await close();
});
