import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./harness.mjs";
import { serveSamples } from "./samples.mjs";

const waiting = "Ждём оплату";

/// The sample desk, once its line stands.
async function desk(t, server, { width } = {}) {
  const page = await open(t, { width });
  await page.goto(`${server.url}/pages/desk`);
  await page.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  return page;
}

const says = (page, text) => page.waitForFunction((wanted) => document.body.textContent.includes(wanted), text);
const pressKey = (page, code, key) =>
  page.evaluate(
    ([code, key]) =>
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true })),
    [code, key],
  );
const currentRow = (page) => page.evaluate(() => document.activeElement.closest("tr")?.id);

/// A new order comes to the top of the list.
const withNewOrder = (page) =>
  page.replace(/(<tbody data-list>)(<tr.*?<\/tr>)/s, (_, head, row) => head + row.replaceAll("TK-1042", "NEW-1") + row);

test("what changed is morphed in place: rows, typed words and the selection stay", async (t) => {
  const server = await serveSamples(t);
  const page = await desk(t, server);
  await page.locator("[data-search]").fill("чай");
  await page.evaluate(() => {
    document.getElementById("order-TK-1047").kept = true;
    document.querySelector("[data-search]").setSelectionRange(1, 2);
  });
  server.change((text) => text.replaceAll(waiting, "Собран"));
  server.say(["orders"]);
  await says(page, "Собран");
  assert.equal(await page.evaluate(() => document.getElementById("order-TK-1047").kept), true);
  assert.equal(await page.locator("[data-search]").inputValue(), "чай");
  assert.equal(await page.evaluate(() => document.activeElement.selectionStart), 1);
  assert.deepEqual(page.troubles, []);
});

test("many changes at once are read together, and those of others not at all", async (t) => {
  const server = await serveSamples(t);
  const page = await desk(t, server);
  for (let said = 0; said < 50; said += 1) server.say(["customers", "customer/7"]);
  for (let said = 0; said < 50; said += 1) server.say(["orders", `order/${said}`]);
  server.change((text) => text.replaceAll(waiting, "Собран"));
  server.say(["orders"]);
  await says(page, "Собран");
  assert.ok(server.reads() <= 2, `${server.reads()} reads`);
});

test("a list does not move under the pointer until it leaves", async (t) => {
  const server = await serveSamples(t);
  const page = await desk(t, server);
  await page.locator("#order-TK-1047 td").nth(3).hover();
  server.change(withNewOrder);
  server.say(["orders"]);
  await page.waitForSelector(".refresh-pill");
  assert.equal(await page.locator("#order-NEW-1").count(), 0);
  await page.mouse.move(5, 5);
  await page.waitForSelector("#order-NEW-1.fresh");
  assert.equal(await page.locator(".refresh-pill").count(), 0);
});

test("a pointer that rests holds the list back for three seconds and no longer", async (t) => {
  const server = await serveSamples(t);
  const page = await desk(t, server);
  await page.locator("#order-TK-1047 td").nth(3).hover();
  server.change(withNewOrder);
  server.say(["orders"]);
  await page.waitForSelector("#order-NEW-1", { timeout: 5000 });
});

test("all tabs of a browser share one stream", async (t) => {
  const server = await serveSamples(t);
  const page = await desk(t, server);
  const other = await page.context().newPage();
  await other.goto(`${server.url}/pages/card`);
  await other.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  assert.equal(server.streams(), 1);
});

test("a cut line is told, and what was missed is read when it stands again", async (t) => {
  const server = await serveSamples(t);
  const page = await desk(t, server);
  server.cut();
  await page.waitForSelector("#offline:not([hidden])", { timeout: 15_000 });
  server.change((text) => text.replaceAll(waiting, "Собран"));
  server.mend();
  await page.waitForSelector("#offline", { state: "hidden", timeout: 40_000 });
  await says(page, "Собран");
});

test("keys work in the Russian layout: rows, sections, search, help, palette", async (t) => {
  const server = await serveSamples(t);
  const page = await desk(t, server);
  await pressKey(page, "KeyJ", "о");
  await pressKey(page, "KeyJ", "о");
  assert.equal(await currentRow(page), "order-TK-1047");
  await pressKey(page, "KeyK", "л");
  assert.equal(await currentRow(page), "order-TK-1042");
  await page.keyboard.press("?");
  await page.waitForSelector("#help:popover-open");
  await page.keyboard.press("Escape");
  await pressKey(page, "Slash", ".");
  assert.equal(await page.evaluate(() => document.activeElement.hasAttribute("data-search")), true);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("зад");
  await Promise.all([page.waitForURL("**/tasks"), page.keyboard.press("Enter")]);
  await page.goto(`${server.url}/pages/desk`);
  await pressKey(page, "KeyG", "п");
  await Promise.all([page.waitForURL("**/money"), pressKey(page, "KeyM", "ь")]);
});

test("typed words are asked about before they are left", async (t) => {
  const server = await serveSamples(t);
  const page = await open(t);
  await page.goto(`${server.url}/parts/form`);
  await page.locator("textarea").fill("позвонить после шести");
  const asked = new Promise((done) => page.once("dialog", (dialog) => done(dialog.accept().then(() => dialog.type()))));
  await page.goto(`${server.url}/parts/form`);
  assert.equal(await asked, "beforeunload");
});

test("the menu of a phone opens without JavaScript", async (t) => {
  const server = await serveSamples(t);
  const page = await open(t, { width: 360, script: false });
  await page.goto(`${server.url}/pages/desk`);
  await page.locator(".top button").click();
  await page.locator(".side .section").first().waitFor({ state: "visible" });
});
