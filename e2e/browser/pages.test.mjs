// The pages of the worked example in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { keys, open, start } from "./site.mjs";

let site;
before(async () => {
  site = await start();
});
after(async () => {
  if (site) await site.stop();
});

const pages = {
  "the list of projects": "/",
  "the project": "/projects/infusion-pump",
  "the project, filtered": "/projects/infusion-pump?kind=TEST&sort=title&order=desc",
  "a hazard": "/projects/infusion-pump/items/HAZ-3",
  "a requirement with a figure": "/projects/infusion-pump/items/SRS-12",
  "a requirement with tables": "/projects/infusion-pump/items/SRS-3",
  "a document": "/projects/infusion-pump/items/DOC-3",
  "a source test": "/projects/infusion-pump/items/sim/alarm_test.go%23TestOcclusionStopsTheInfusion",
};

test("the first page stands by itself: nothing fails, nothing comes from elsewhere", async () => {
  const { page, wrong, close } = await open(site, site.project);
  assert.equal(await page.locator("h1").textContent(), "Infusion pump controller");
  assert.match(await page.title(), /Infusion pump controller/);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.locator("svg .v-box").count(), 12);
  assert.ok((await keys(page)).length > 300);
  assert.deepEqual(wrong, []);
  await close();
});

for (const [name, address] of Object.entries(pages)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name} has no fault that axe knows, ${colorScheme}`, async () => {
      const { page, wrong, close } = await open(site, address, { colorScheme });
      // Rows of a table are drawn alike: the first ones stand for the others, which would take minutes.
      const found = await new AxeBuilder({ page }).exclude("table.items tbody tr:nth-child(n + 12)").withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join("\n")}`), []);
      assert.deepEqual(wrong, []);
      await close();
    });
  }

  for (const [size, viewport] of Object.entries({ "a telephone": { width: 400, height: 800 }, "a page enlarged four times": { width: 320, height: 256 } })) {
    test(`${name} fits the width of ${size}`, async () => {
      const { page, close } = await open(site, address, { viewport });
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= window, `${content} pixels of content in ${window}`);
      await close();
    });
  }
}

test("an error page says what was meant, and has no fault that axe knows", async () => {
  const { page, close } = await open(site, "/projects/infusion-pump/items/srs12");
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, []);
  await page.getByRole("link", { name: "SRS-12", exact: true }).click();
  assert.match(await page.locator("h1").textContent(), /^SRS-12 /);
  await close();
});

test("rows that are laid out as grids are rows of a table to a screen reader", async () => {
  const { page, close } = await open(site, "/projects/infusion-pump?kind=HAZ");
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const items = nodes.find((node) => node.role?.value === "table" && node.name?.value === "Items");
  assert.ok(items, "there is no table called Items");
  const below = (node) => (node.childIds || []).map((id) => byId.get(id)).filter(Boolean).flatMap((child) => [child, ...below(child)]);
  const count = (role) => below(items).filter((node) => node.role?.value === role).length;
  const shown = (await keys(page)).length;
  assert.equal(count("row"), shown + 1);
  assert.equal(count("columnheader"), 7);
  assert.equal(count("rowheader"), shown);
  assert.equal(count("cell"), shown * 6);
  await close();
});

test("figures and tables of a text are drawn", async () => {
  const { page, close } = await open(site, pages["a requirement with a figure"]);
  const figure = page.locator(".text figure img");
  assert.ok(await figure.evaluate((img) => img.complete && img.naturalWidth > 0), "the picture is not drawn");
  assert.notEqual(await figure.getAttribute("alt"), "");
  await page.goto(new URL(pages["a requirement with tables"], site.home).href);
  assert.ok((await page.locator(".text table tbody tr").count()) > 3);
  await close();
});
