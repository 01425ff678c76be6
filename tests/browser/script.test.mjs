// The script alone, over the samples: what a page keeps when it is stepped through, sent twice, or changed under
// somebody's hands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";
import { serveSamples } from "./samples.mjs";

async function at(t, server, path) {
  const page = await open(t);
  await page.goto(`${server.url}${path}`);
  await page.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  return page;
}

/// Something that happens when the test says so.
function gate() {
  let go;
  const opened = new Promise((done) => (go = done));
  return { opened, go };
}

const mark = (page) => page.evaluate(() => (globalThis.kept = true));
const isKept = (page) => page.evaluate(() => globalThis.kept === true);

test("a step to another place of the page, and back, reads nothing anew", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/card");
  await mark(page);
  await page.locator("[name=comment]").fill("перезвонить");
  await page.evaluate(() => (location.hash = "content"));
  await page.goBack();
  await page.waitForFunction(() => location.hash === "");
  assert.equal(await isKept(page), true);
  assert.equal(await page.locator("[name=comment]").inputValue(), "перезвонить");
  assert.deepEqual(page.troubles, []);
});

test("what is written while a note is on its way stays", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/card");
  const { opened, go } = gate();
  server.answer("/orders/TK-1042/comment", async (request, response) => {
    await opened;
    const card = await (await fetch(`${server.url}/pages/card`)).text();
    response.writeHead(200, { "content-type": "text/html" }).end(card);
  });
  const note = page.locator("[name=comment]");
  await note.fill("перезвонить");
  await note.press("Control+Enter");
  await page.waitForFunction(() => document.querySelector("form[data-queue]").ariaBusy === "true");
  await note.fill("перезвонить и уточнить адрес");
  go();
  await page.waitForFunction(() => document.querySelector("form[data-queue]").ariaBusy !== "true");
  assert.equal(await note.inputValue(), "перезвонить и уточнить адрес");
  assert.equal(server.posts("/orders/TK-1042/comment").length, 1);
});

test("a form that is gone from the page asks nobody whether it may be left", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/form");
  const asked = [];
  page.on("dialog", (dialog) => (asked.push(dialog.type()), dialog.accept()));
  await page.locator("[name=note]").fill("важное");
  await page.evaluate(() => document.querySelector("[name=note]").form.remove());
  await page.goto(`${server.url}/pages/desk`);
  assert.deepEqual(asked, []);
});

test("a form that is pressed again while it is on its way is sent once", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/form");
  const [came, answered] = [gate(), gate()];
  server.answer("/customers/7", async (request, response) => {
    came.go();
    await answered.opened;
    response.writeHead(303, { location: "/pages/desk" }).end();
  });
  await page.locator("[name=note]").fill("важное");
  const button = page.locator("form:has([name=note]) .form-actions [type=submit]").first();
  await button.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await button.boundingBox();
  const press = () => page.mouse.click(x + width / 2, y + height / 2);
  await press();
  await came.opened;
  await press();
  answered.go();
  await page.waitForURL("**/pages/desk");
  assert.equal(server.posts("/customers/7").length, 1);
});

test("a choice that goes back to the first is kept as well", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/form");
  page.on("dialog", (dialog) => dialog.accept());
  await page.evaluate(() => {
    const choice = document.createElement("select");
    choice.name = "choice";
    choice.innerHTML = "<option value=a>A</option><option value=b selected>B</option>";
    document.querySelector("[name=note]").form.append(choice);
  });
  await page.locator("[name=choice]").selectOption("a");
  await page.waitForFunction(() => Object.values(localStorage).some((kept) => kept.includes('["choice",0,"a"]')));
});
