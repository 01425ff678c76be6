// J3: the storekeeper, a phone in one hand. Three keys for an order, nothing to type; what is not there is said, and the
// desk and the buyer know.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOrder, company, onDelivery, people, read, shelve, until } from "./company.mjs";
import { open, overflow, signIn } from "./harness.mjs";
import { everywhere } from "./keyboard.mjs";

const said = {
  ru: { packed: /Упаковано/, found: /нашлось 1/ },
  en: { packed: /Packed/, found: /1 found/ },
};

const words = (html) => html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const buyerPage = async (server, order) => words(await (await fetch(server.url + order.buyer_page)).text());

/// From an order that is confirmed by itself to a pick that waits in the queue.
async function waiting(keys, server, id) {
  const order = await apiOrder(server, id, onDelivery);
  await keys.comes(async () => (await keys.page.locator(`#pick-${order.id}`).count()) === 1, `order ${id} in the queue by itself`);
  return order;
}

test("an order is picked with three keys and leaves with one more, in every look", async (t) => {
  const server = await company(t);
  await shelve(server);
  const desk = await open(t);
  await signIn(desk, server, people.operator);
  let number = 0;
  await everywhere(t, server, people.storekeeper, async (keys, look) => {
    const speech = said[look.language];
    await keys.turn("g", "k");
    const order = await waiting(keys, server, String((number += 1)));
    await keys.reads("#pick-queue", new RegExp(order.number));
    await keys.fits("pick");
    keys.forget();
    await keys.turn("t");
    await keys.reads("#pick-order", /Чай улун/);
    await keys.turn("y");
    await keys.fits("pick-order");
    await keys.turn("y");
    assert.deepEqual([keys.pressed, keys.screens], [3, 3]);
    await keys.reads("#pick-order", speech.packed);
    await until("the buyer sees it", async () => /(?:сделано|done): *Готово|done: *Ready/.test(await buyerPage(server, order)));
    await keys.turn("y");
    await until("it is on its way", async () => (await read(server, order.id)).stage === "delivery");

    // One of two is not on the shelf: said in a window that opens at its field.
    if (keys.path !== "/pick") await keys.turn("g", "k");
    const other = await waiting(keys, server, String((number += 1)));
    await keys.turn("t");
    await keys.reach("button[popovertarget^=not-there]");
    await keys.press("Enter");
    await keys.page.locator("[id^=not-there]:popover-open").waitFor();
    await keys.comes(() => keys.page.evaluate(() => document.activeElement?.name === "found"), "the focus in the window");
    await keys.press("Control+a");
    await keys.type("1");
    await keys.turn("Enter");
    await keys.reads("#pick-order", speech.found);
    await keys.fits("pick-short");
    await keys.turn("y");
    await keys.reads("#pick-order", speech.packed);
    await until("the desk reads what is missing", async () => {
      const card = await desk.request.get(`${server.url}/orders/${other.id}`);
      return /Нет на месте: TEA-100, нашлось 1 из 2|Not there: TEA-100|TEA-100.*1 (?:of|из) 2/.test(words(await card.text()));
    });
  });
});

test("without JavaScript the same taps do it", async (t) => {
  const server = await company(t);
  await shelve(server);
  const order = await apiOrder(server, "1", onDelivery);
  const page = await open(t, { script: false, width: 360 });
  await signIn(page, server, people.storekeeper);
  await until("it waits to be picked", async () => {
    await page.goto(`${server.url}/pick`);
    return (await page.locator(`#pick-${order.id}`).count()) === 1;
  });
  await page.locator(`form[action='/pick/${order.id}/start'] [type=submit]`).click();
  for (const verb of ["take", "finish"]) await page.locator(`form[action='/pick/${order.id}/${verb}'] [type=submit]`).last().click();
  assert.deepEqual(await overflow(page), []);
  await page.locator("form:has([name=tracking]) [type=submit]").click();
  await until("it is on its way", async () => (await read(server, order.id)).stage === "delivery");
});
