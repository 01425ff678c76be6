// The program as several people use it at once, by the keyboard alone: finding, who else has an order open, an order that
// somebody else changed, a note without a line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, open, overflow, shot, signIn } from "./harness.mjs";
import { apiOrder, company, people } from "./company.mjs";

async function on(t, server, who, options) {
  const page = await open(t, options);
  await signIn(page, server, people[who]);
  return page;
}

/// Keys as somebody with the Russian layout presses them.
async function pressRussian(page, ...keys) {
  for (const [code, key] of keys) {
    await page.evaluate(
      ([code, key]) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true })),
      [code, key],
    );
  }
}

test("orders, buyers, goods and screens are found and opened from any screen by keys in the Russian layout", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  await apiOrder(server, "1002");
  const page = await on(t, server, "operator");
  for (const [typed, address] of [
    ["1001", `/orders/${order.id}`],
    ["петрова", "/orders/"],
    ["улуна", "/orders/"],
    ["+7 912 345 67 89", "/orders/"],
    ["клиенты", "/customers"],
    ["rkbtyns", "/customers"],
  ]) {
    await page.goto(`${server.url}/tasks`);
    await pressRussian(page, ["KeyG", "п"], ["KeyO", "щ"]);
    await page.waitForURL("**/orders");
    await page.keyboard.press("Control+k");
    await page.keyboard.type(typed);
    await Promise.all([page.waitForURL((where) => where.pathname.startsWith(address)), page.keyboard.press("Enter")]);
  }
  await page.goto(`${server.url}/orders`);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("петрова");
  await page.locator("#palette").getByText("Клиенты").last().waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "palette-ru-1440-light");
  await page.keyboard.press("Escape");
  await page.locator("#palette").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.locator("#palette").getByText("Недавнее").waitFor();
  assert.match(await page.locator("#palette-list").innerText(), /Недавнее\s+Заказ \d/);
  await page.keyboard.press("Escape");
  assert.deepEqual(page.troubles, []);
});

test("the same address finds without JavaScript, on a phone too", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const page = await on(t, server, "operator", { script: false, width: 360 });
  await page.goto(`${server.url}/find`);
  await page.locator("main input[type=search]").fill("петрова");
  await page.locator("main input[type=search]").press("Enter");
  await page.waitForURL("**/find?q=*");
  assert.deepEqual(await overflow(page), []);
  assert.deepEqual(await axe(await on(t, server, "operator").then(async (seen) => (await seen.goto(page.url()), seen))), []);
  await page.locator(`main a[href='/orders/${order.id}']`).click();
  await page.waitForURL(`**/orders/${order.id}`);
});

test("every screen of the navigation has its keys, and the focus is seen wherever it goes", async (t) => {
  const server = await company(t);
  const page = await on(t, server, "owner");
  await page.goto(`${server.url}/profile`);
  const screens = await page.evaluate(() => [...document.querySelectorAll("#sections a")].map((link) => ({ href: link.getAttribute("href"), key: link.dataset.key })));
  assert.ok(screens.length >= 10, JSON.stringify(screens));
  for (const { href, key } of screens) {
    assert.match(key ?? "", /^g [a-z]$/, href);
    await page.keyboard.press(key[0]);
    await Promise.all([page.waitForURL((where) => where.pathname.startsWith(href)), page.keyboard.press(key[2])]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const bare = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle === "none" && style.boxShadow === "none" && document.activeElement !== document.body;
    });
    assert.equal(bare, false, `${href}: the focus is not seen`);
  }
});

test("a colleague on a card is seen in the list and on the card, and gone when they leave", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const owner = await on(t, server, "owner");
  const operator = await on(t, server, "operator");
  for (const page of [owner, operator]) {
    await page.goto(`${server.url}/orders`);
    await page.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  }
  await operator.keyboard.press("j");
  await operator.keyboard.press("Enter");
  await operator.waitForURL(`**/orders/${order.id}`);
  const began = performance.now();
  const mark = owner.locator(`#order-${order.id} .onlookers`);
  await mark.waitFor();
  t.diagnostic(`seen after ${Math.round(performance.now() - began)} ms`);
  assert.match(await mark.locator(".unseen").innerText(), /operator/i);
  assert.equal(await operator.locator(".onlookers").count(), 0, "oneself is nobody else");
  await owner.goto(`${server.url}/orders/${order.id}`);
  await owner.locator(".heading .onlookers").waitFor();
  await operator.locator(".heading .onlookers").waitFor();
  assert.deepEqual(await axe(owner), []);
  await shot(owner, "presence-ru-1440-light");
  await operator.keyboard.press("u");
  await operator.waitForURL("**/orders");
  await owner.locator(".heading .onlookers").waitFor({ state: "detached" });
  await operator.locator(`#order-${order.id} .onlookers`).waitFor();
  // A browser that goes without a word is missed after half a minute at most.
  await owner.context().close();
  await operator.locator(`#order-${order.id} .onlookers`).waitFor({ state: "detached", timeout: 35_000 });
});

test("an order that somebody else changed keeps what was typed and shows what differs", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const [one, other] = [await on(t, server, "operator"), await on(t, server, "owner")];
  for (const page of [one, other]) await page.goto(`${server.url}/orders/${order.id}/edit`);
  await other.locator("[name=address]").fill("Казань, ул. Кремлёвская, 2");
  await Promise.all([other.waitForURL(`**/orders/${order.id}`), other.locator("[name=address]").press("Control+Enter")]);
  await one.locator("[name=name]").fill("Анна Сергеевна Петрова");
  await Promise.all([one.waitForResponse((answer) => answer.status() === 422), one.locator("[name=name]").press("Control+Enter")]);
  await one.getByText("Адрес: сейчас «Казань, ул. Кремлёвская, 2», у вас «Казань, ул. Баумана, 1»").waitFor();
  assert.equal(await one.locator("[name=name]").inputValue(), "Анна Сергеевна Петрова");
  await one.locator("[name=address]").fill("Казань, ул. Кремлёвская, 2");
  await Promise.all([one.waitForURL(`**/orders/${order.id}`), one.locator("[name=address]").press("Control+Enter")]);
  assert.match(await one.locator("#order-buyer").innerText(), /Анна Сергеевна Петрова[^]*Кремлёвская/);
});

test("a refused form begins at the field that was refused", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const page = await on(t, server, "operator");
  await page.goto(`${server.url}/orders/${order.id}/edit`);
  await page.locator("[name=quantity]").first().fill("-3");
  await Promise.all([page.waitForResponse((answer) => answer.status() === 422), page.locator("[name=quantity]").first().press("Control+Enter")]);
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  assert.equal(await page.evaluate(() => document.activeElement.name), "quantity");
});

test("a note that was written without a line is sent once when it is back", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const page = await on(t, server, "operator");
  await page.goto(`${server.url}/orders/${order.id}`);
  await page.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  const offline = (offline) => line.send("Network.emulateNetworkConditions", { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await offline(true);
  await page.locator("#offline").getByText(/с \d\d:\d\d/).waitFor({ timeout: 15_000 });
  const note = page.locator("form[data-queue] textarea");
  await note.fill("Перезвонить в пять");
  await note.press("Control+Enter");
  await page.locator(".waiting-notes").getByText("Перезвонить в пять").waitFor();
  assert.equal(await note.inputValue(), "");
  assert.deepEqual(await axe(page), []);
  await shot(page, "offline-ru-1440-light");
  await offline(false);
  await page.locator(".waiting-notes").waitFor({ state: "detached", timeout: 30_000 });
  await page.reload();
  const said = (await page.locator("#order-comments").innerText()).match(/Перезвонить в пять/g);
  assert.equal(said?.length, 1);
  // With a line it is written at once, without the page being loaded again.
  await page.evaluate(() => (globalThis.same = "page"));
  await page.locator("form[data-queue] textarea").fill("Дозвонились");
  await page.locator("form[data-queue] textarea").press("Control+Enter");
  await page.locator("#order-comments").getByText("Дозвонились").waitFor();
  assert.equal(await page.evaluate(() => globalThis.same), "page");
});

test("a note of one person is never sent in the name of another", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const page = await on(t, server, "operator");
  await page.goto(`${server.url}/orders/${order.id}`);
  await page.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  const offline = (offline) => line.send("Network.emulateNetworkConditions", { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await offline(true);
  await page.locator("#offline").getByText(/с \d\d:\d\d/).waitFor({ timeout: 15_000 });
  await page.locator("form[data-queue] textarea").fill("Слова оператора");
  await page.locator("form[data-queue] textarea").press("Control+Enter");
  await page.locator(".waiting-notes").getByText("Слова оператора").waitFor();
  // Their session ends, and somebody else comes in beside the page that is still open.
  await page.context().clearCookies();
  const other = await page.context().newPage();
  await signIn(other, server, people.owner);
  await other.goto(`${server.url}/orders/${order.id}`);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/comment") && sent.push(request.url()));
  await offline(false);
  await page.waitForFunction(() => navigator.onLine);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await other.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  await page.evaluate(() => new Promise((done) => navigator.locks.request("takt-notes", done)));
  assert.deepEqual(sent, []);
  await other.reload();
  assert.equal((await other.locator("#order-comments").innerText()).includes("Слова оператора"), false);
});

test("while a dialog is open no key does a deed of the page behind it", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const page = await on(t, server, "owner");
  await page.goto(`${server.url}/orders/${order.id}`);
  await page.locator("[popovertarget=hold]").first().click();
  await page.locator("#hold:popover-open").waitFor();
  // A click on its words takes the focus from its fields.
  await page.locator("#hold p.muted").first().click();
  const deeds = await page.evaluate(() => {
    const done = [];
    document.addEventListener("click", (event) => (done.push(event.target.outerHTML.slice(0, 80)), event.preventDefault()), true);
    for (const { dataset } of document.querySelectorAll("[data-key]")) {
      if (dataset.key.length !== 1) continue;
      const code = `Key${dataset.key.toUpperCase()}`;
      document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key: dataset.key, bubbles: true, cancelable: true }));
    }
    return done;
  });
  assert.deepEqual(deeds, []);
});
