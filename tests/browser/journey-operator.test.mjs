// J1: an operator of three shops at the desk. She never chooses what is next, is stopped by what the regulation demands,
// puts off, takes back, loses no word, and finds by words; the list does not move under her.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOrder, company, demanding, onDelivery, people, post, read, shelve, until } from "./company.mjs";
import { open, signIn, takt } from "./harness.mjs";
import { everywhere } from "./keyboard.mjs";

const said = {
  ru: { script: /Добрый день! Ваш заказ готовы собрать/, refused: /Сначала отметьте/, off: /Отложен до .*12:00/, putOff: "отложить", nothing: /Сейчас для вас дел нет/, all: /всё отмечено/ },
  en: { script: /Добрый день! Ваш заказ готовы собрать/, refused: /First tick|Tick it|tick/i, off: /Put off until .*12:00/, putOff: "put off", nothing: /Nothing|no task/i, all: /all ticked|everything/i },
};

/// One company with three shops, and a regulation that demands two ticks.
async function desk(t) {
  const server = await company(t);
  const tokens = [server.token];
  for (const shop of ["Кофейная лавка", "Лавка какао"]) {
    await takt(["shop", "create", "--company", server.id, "--name", shop], { data: server.data });
    const token = ["token", "create", "--company", server.id, "--shop", shop, "--scope", "orders:write,orders:read"];
    tokens.push(await takt(token, { data: server.data }));
  }
  await shelve(server);
  const owner = await open(t);
  await signIn(owner, server, people.owner);
  await post(owner, server, "/settings/playbook/text", { text: demanding, note: "", instead_of: "0", deed: "publish" });
  return { ...server, tokens };
}

test("an operator gets through three shops by the keyboard alone, in every look", async (t) => {
  const server = await desk(t);
  let number = 0;
  const place = async (shop) => (await apiOrder({ ...server, token: server.tokens[shop] }, String((number += 1)), onDelivery)).id;
  await everywhere(t, server, people.operator, async (keys, look) => {
    keys.page.on("dialog", (dialog) => dialog.accept());
    const words = said[look.language];
    const [first, second] = [await place(0), await place(1)];
    await keys.turn("g", "o");
    await keys.reads(".rail", /2/);
    for (const id of [first, second]) await keys.reads(`#order-${id}`, /лавка/);

    // A new one comes to its place; where she stands does not move.
    await keys.press("j");
    const stands = () => keys.page.evaluate(() => document.activeElement.closest("tr")?.id);
    const before = await stands();
    assert.ok(before);
    const third = await place(2);
    await keys.reads(`#order-${third}`, /Лавка какао/);
    assert.equal(await stands(), before);
    await keys.fits("orders");

    // What is next is given, with what to say in this shop; what is demanded stops her, and says what it is.
    await keys.reads(".rail", /3/);
    await keys.turn("t");
    assert.equal(keys.path, `/orders/${first}`);
    await keys.reads("#playbook-guide", words.script);
    await keys.reads("#order-lines", /Чай улун/);
    await keys.fits("card");
    await keys.turn("y");
    await keys.reads("main", words.refused);
    keys.page.troubles.length = 0; // The browser calls an answer of 422 an error of loading.
    await keys.turn("1");
    await keys.turn("1");
    await keys.turn("r");
    await until("the first is confirmed", async () => (await read(server, first)).stage === "assembling");

    // Words that were left are offered again.
    await keys.turn("t");
    assert.equal(keys.path, `/orders/${second}`);
    await keys.press("c");
    await keys.type("Просила без звонка");
    await keys.press("Escape");
    await keys.turn("u");
    assert.equal(keys.path, "/orders");
    await keys.turn("t");
    await keys.page.locator(".draft-offer button").first().waitFor();
    await keys.press("c");
    await keys.reach(".draft-offer button:first-child", 3, "Shift+Tab");
    await keys.press("Enter");
    await keys.reach("textarea[name=comment]");
    await keys.press("Control+Enter");
    await keys.reads("#order-comments", /Просила без звонка/);
    await keys.press("Escape");

    // Put off until tomorrow at twelve, and taken back.
    const shown = await paletteKey(keys, words.putOff);
    assert.equal(shown, "D", "the palette shows the key");
    await keys.press("d");
    await keys.inWindow("#defer", "button");
    await keys.press("Tab", "Tab");
    await keys.turn("Enter");
    await keys.reads("#order-now", words.off);
    await keys.turn("z");
    await keys.comes(async () => !words.off.test(await keys.page.locator("#order-now").innerText()), "it is taken back");
    await keys.turn("n");

    // A standard order: next, two ticks, reached.
    keys.forget();
    await keys.turn("t");
    assert.equal(keys.path, `/orders/${third}`);
    await keys.turn("1");
    await keys.turn("1");
    await keys.turn("r");
    await until("the third is confirmed", async () => (await read({ ...server, token: server.tokens[2] }, third)).stage === "assembling");
    assert.equal(keys.pressed, 4);
    await keys.turn("t");
    await keys.reads("body", words.nothing);
  });
});

/// The key that stands beside what the palette finds first.
async function paletteKey(keys, words) {
  await keys.press("Control+k");
  await keys.type(words);
  const chosen = keys.page.locator("#palette [role=option][aria-selected=true]");
  await keys.comes(async () => new RegExp(words, "i").test(await chosen.innerText().catch(() => "")), `${words} in the palette`);
  const key = await chosen.locator("kbd").innerText();
  await keys.press("Escape");
  await keys.page.locator("#palette").waitFor({ state: "detached" });
  return key;
}

test("without JavaScript the same desk is worked by links and forms", async (t) => {
  const server = await desk(t);
  const order = await apiOrder(server, "plain", onDelivery);
  const page = await open(t, { script: false, width: 360 });
  await signIn(page, server, people.operator);
  await until("there is something to do", async () => {
    await page.goto(`${server.url}/orders`);
    return (await page.locator(".rail-item").count()) > 0;
  });
  await page.locator("form[action='/tasks/next'] [type=submit]").first().click();
  await page.waitForURL(`**/orders/${order.id}`);
  for (let left = 2; left > 0; left -= 1) await page.locator(".steps form:not(:has([name=done])) [type=submit]").first().click();
  await page.locator("form[action$='/close']:has([value=reached]) [type=submit]").click();
  await until("it is confirmed", async () => (await read(server, order.id)).stage === "assembling");
});
