// Starts the built program on the worked example and a browser on its pages.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const program = process.env.GOLDTHREAD_BIN || fileURLToPath(new URL("../../bin/goldthread", import.meta.url));
const browserPath = process.env.CHROMIUM || "/usr/bin/chromium";
const patience = 30_000; // for the program to be ready, in milliseconds

// start returns the address of the project's page, a browser, and how to stop both.
export async function start() {
  const data = await mkdtemp(join(tmpdir(), "goldthread-browser-"));
  const server = spawn(program, ["demo", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  server.stderr.on("data", (text) => (said += text));
  let browser;
  const stop = async () => {
    if (browser) await browser.close();
    if (server.exitCode === null) {
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await ended;
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    const project = await address(server, () => said);
    browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
    return { project, home: new URL("/", project).href, browser, stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

// address waits for the only line on standard output.
function address(server, said) {
  return new Promise((resolve, reject) => {
    let out = "";
    const late = setTimeout(() => reject(new Error(`${program} said no address in ${patience} ms:\n${said()}`)), patience);
    server.once("error", (failure) => reject(new Error(`${program} cannot be started: ${failure.message}; build it with scripts/build`)));
    server.once("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${said()}`)));
    server.stdout.on("data", (text) => {
      out += text;
      if (!out.includes("\n")) return;
      clearTimeout(late);
      if (/^http:\/\/127\.0\.0\.1:\d+\/projects\/[a-z0-9-]+\n$/.test(out)) resolve(out.trim());
      else reject(new Error(`standard output is not one address: ${JSON.stringify(out)}`));
    });
  });
}

// open opens a page in a context of its own and notes whatever goes wrong in it:
// messages of the console, failed requests, requests to anywhere else.
export async function open(site, address, options = {}) {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (failure) => wrong.push(`script: ${failure.message}`));
  page.on("requestfailed", (request) => wrong.push(`failed: ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && wrong.push(`${response.status()}: ${response.url()}`));
  page.on("request", (request) => request.url().startsWith(site.home) || wrong.push(`elsewhere: ${request.url()}`));
  await page.goto(new URL(address, site.home).href);
  return { page, wrong, close: () => context.close() };
}

// keys lists the keys in the table of items that a person sees, in order.
export function keys(page) {
  return page.locator("table.items tbody th a:visible").allTextContents();
}
