// Everything on the pages by keyboard alone.
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

const focused = (page) => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);

test("the first key leads past the head of the page", async () => {
  const { page, close } = await open(site, site.project);
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await close();
});

test("focus can be seen wherever Tab leads", async () => {
  const { page, close } = await open(site, site.project);
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    assert.ok(outline, `no outline on ${await focused(page)}`);
  }
  await close();
});

test("/ goes to the filter, Esc to the first row, j k and arrows from row to row, Enter opens", async () => {
  const { page, close } = await open(site, site.project);
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "filter");
  await page.keyboard.type("occlusion");
  await page.waitForFunction(() => Number(document.getElementById("shown").textContent) < 50);
  const shown = await keys(page);
  await page.keyboard.press("Escape");
  assert.equal(await focused(page), shown[0]);
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), shown[2]);
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), shown[0]);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/items\//);
  assert.ok((await page.locator("h1").textContent()).startsWith(shown[1]));
  await close();
});

test("the row that is reached is not hidden behind the head of the table", async () => {
  const { page, close } = await open(site, site.project);
  await page.locator("#filter").focus();
  await page.keyboard.press("Escape");
  for (let i = 0; i < 60; i++) await page.keyboard.press("j");
  for (let i = 0; i < 40; i++) await page.keyboard.press("k");
  const seen = await page.evaluate(() => {
    const box = document.activeElement.getBoundingClientRect();
    return document.activeElement.contains(document.elementFromPoint(box.x + 3, box.y + box.height / 2));
  });
  assert.ok(seen, "something covers the focused row");
  await close();
});

test("single keys can be switched off, and stay off", async () => {
  const { page, close } = await open(site, site.project);
  await page.getByLabel(/Single keys/).uncheck();
  await page.reload();
  await page.keyboard.press("/");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "filter");
  await close();
});

test("the keys are written on the page", async () => {
  const { page, close } = await open(site, site.project);
  assert.match(await page.locator(".keyboard").textContent(), /goes to the filter/);
  await close();
});

test("branches of a thread open and close by keyboard", async () => {
  const { page, close } = await open(site, "/projects/infusion-pump/items/HAZ-3");
  const branch = page.locator(".downstream .tree details").first();
  await branch.locator("> summary").focus();
  assert.ok(await branch.evaluate((d) => d.open));
  await page.keyboard.press("Enter");
  assert.ok(!(await branch.evaluate((d) => d.open)));
  await page.keyboard.press("Space");
  assert.ok(await branch.evaluate((d) => d.open));
  await close();
});
