// Starts the program on an empty folder, opens it in Chromium, and looks at it as people would.
// What a test starts ends with it: every function that starts something is given the test's context.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createRequire } from "node:module";
import { after } from "node:test";
import { chromium } from "playwright-core";

const checkout = resolve(import.meta.dirname, "../..");
const target = resolve(checkout, process.env.CARGO_TARGET_DIR ?? "target");
const program = process.env.TAKT_BIN ?? join(target, "debug/takt");
const browserProgram = process.env.TAKT_CHROMIUM ?? "/usr/bin/chromium";
const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const screenshots = join(target, "screenshots");
export const widths = [360, 1440];
export const themes = ["light", "dark"];
export const languages = ["ru", "en"];

/// Runs one verb of the program to its end: `takt(["company", "create", …], { data, input })` gives its standard
/// output, without the last line break, or throws what it said on standard error.
export function takt(verb, { data, input = "" } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, data ? [...verb, "--data", data] : verb, { stdio: "pipe" });
    let out = "";
    let err = "";
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (err += text));
    child.on("error", failed);
    child.on("close", (code) =>
      code === 0 ? done(out.trimEnd()) : failed(new Error(`takt ${verb.join(" ")}: exit ${code}\n${err}`)),
    );
    child.stdin.end(input);
  });
}

/// Starts `takt serve`, or `takt demo` with `{ demo: true }`, on a folder and a port of its own and waits until it is
/// ready. Gives { url, data, port, printed() }; the program and the folder go with the test.
export async function start(t, { demo = false, speed, arguments: more = [] } = {}) {
  const data = await mkdtemp(join(tmpdir(), "takt-browser-"));
  const port = await freePort();
  const verb = [demo ? "demo" : "serve", "--data", data, "--listen", `127.0.0.1:${port}`, ...more];
  if (speed !== undefined) verb.push("--speed", String(speed));
  const child = spawn(program, verb, { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let failure;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
  child.on("error", (problem) => (failure = problem));
  t.after(async () => {
    await ended(child);
    await rm(data, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/readyz`, () => {
    if (failure) throw new Error(`${program} cannot be run: ${failure.message}; build it with: cargo build -p takt`);
    if (child.exitCode !== null) throw new Error(`takt ${verb[0]} ended with ${child.exitCode}:\n${printed}`);
  }, () => printed);
  return { url, data, port, printed: () => printed };
}

// One browser for all tests of a file; each page has a context of its own, so they share nothing.
let launched;
after(async () => (await launched)?.close());

function browser() {
  launched ??= chromium.launch({
    executablePath: browserProgram,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return launched;
}

/// A page that shares nothing with others and goes with the test. `page.troubles` collects errors in the page, and
/// requests that leave this machine, for the test to compare with [].
export async function open(t, { width = 1440, theme = "light", language = "ru", script = true } = {}) {
  const context = await (await browser()).newContext({
    viewport: { width, height: width < 600 ? 780 : 900 },
    isMobile: width < 600,
    hasTouch: width < 600,
    deviceScaleFactor: width < 600 ? 2 : 1,
    colorScheme: theme,
    locale: language === "ru" ? "ru-RU" : "en-GB",
    timezoneId: "Europe/Moscow",
    javaScriptEnabled: script,
    reducedMotion: "reduce",
  });
  t.after(() => context.close());
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (problem) => troubles.push(`error in the page: ${problem.message}`));
  page.on("console", (message) => message.type() === "error" && troubles.push(`console: ${message.text()}`));
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") troubles.push(`request to ${request.url()}`);
  });
  page.troubles = troubles;
  return page;
}

/// Signs in through the form, as a person does, and waits until the sign-in page is left.
export async function signIn(page, { url }, { email, password }) {
  await page.goto(`${url}/sign-in`);
  await page.locator("input[type=email]").fill(email);
  await page.locator("input[type=password]").fill(password);
  await Promise.all([
    page.waitForURL((where) => !where.pathname.startsWith("/sign-in")),
    page.locator("form:has(input[type=password]) [type=submit]").click(),
  ]);
}

/// Takes a picture of the whole page into target/screenshots/NAME.png.
export async function shot(page, name) {
  await mkdir(screenshots, { recursive: true });
  const path = join(screenshots, `${name}.png`);
  await page.evaluate(() => document.fonts.ready.then(() => true));
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
  return path;
}

/// The page at every width, theme and language: `visit` is given a page and takes it where it should be.
/// Pictures are named NAME-ru-360-light.png and so on; axe looks at each as well, and nothing may be wider than the
/// window.
export async function album(t, name, visit) {
  const found = [];
  for (const language of languages) {
    for (const theme of themes) {
      for (const width of widths) {
        const page = await open(t, { width, theme, language });
        await visit(page, { language, theme, width });
        const where = `${name}-${language}-${width}-${theme}`;
        await shot(page, where);
        found.push(...[...(await axe(page)), ...(await overflow(page)), ...page.troubles].map((what) => `${where}: ${what}`));
        await page.context().close();
      }
    }
  }
  return found;
}

/// What axe holds against the page by WCAG 2.2 A and AA, one line each; an empty list is what one wants.
export async function axe(page) {
  // Evaluated, not added as a script: the page's own content security policy stays in force.
  await page.evaluate(await readFile(axeFile, "utf8"));
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target: where, failureSummary }) => `${id} (${help}) at ${where}: ${failureSummary}`),
  );
}

/// The page is wider than its window: a person on a phone would have to push it about.
export async function overflow(page) {
  const { content, view } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    view: document.documentElement.clientWidth,
  }));
  return content > view ? [`the page is ${content} px wide in a window of ${view} px`] : [];
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function ready(url, check, printed) {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    check();
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${url} did not become ready in 30 s; the program printed:\n${printed()}`);
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = new Promise((done) => child.once("close", done));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await closed;
  clearTimeout(late);
}
