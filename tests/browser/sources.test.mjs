import assert from "node:assert/strict";
import { test } from "node:test";
import { company, people, speak } from "./company.mjs";
import { album, open, signIn } from "./harness.mjs";

/// Goes through the wizard to the page that waits, with the key that it shows there.
async function connect(page, server, system = "retailcrm.woocommerce") {
  await page.goto(`${server.url}/settings/sources/new`);
  await page.locator(`input[value="${system}"]`).check();
  await page.locator("form:has(input[name=system]) [type=submit]").click();
  await page.locator("form:has(input[name=name]) [type=submit]").click();
  await page.waitForURL(/\/connect\?/);
  await page.locator("form:has(input[name=newest]) [type=submit]").click();
  const key = await page.locator(".notice.tone-good code").innerText();
  assert.match(key, /^[A-Za-z0-9]{32}$/);
  return { key, path: new URL(page.url()).pathname.replace(/\/connect$/, "") };
}

/// What no module can be asked to send again: a body that does not stand as it says.
function unreadable(server, key) {
  const body = '--b\r\nContent-Disposition: form-data; name="order"\r\n\r\n{"number":"1043","firstName":"\\u0410\\u043d\\u043d\\u0430","items":[{"productName":"Чай","quantity":2}]';
  return fetch(`${server.url}/api/v5/orders/create`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "multipart/form-data; boundary=b" },
    body,
  });
}

test("a shop is connected without JavaScript too, and the page notices its first contact by itself", async (t) => {
  const server = await company(t);
  for (const script of [true, false]) {
    const page = await open(t, { script });
    await signIn(page, server, people.owner);
    await speak(page, server, "ru");
    const { key } = await connect(page, server);
    await page.locator("#waiting", { hasText: "Ждём первого обращения" }).waitFor();
    assert.ok((await unreadable(server, key)).status >= 400);
    if (!script) await page.locator("#waiting a", { hasText: "Посмотреть снова" }).click();
    await page.locator("#waiting", { hasText: "Магазин обратился" }).waitFor();
    await page.locator("#waiting", { hasText: "в карантине" }).waitFor();
    // Only where a script keeps the page as it is, the key still stands there.
    assert.equal((await page.content()).includes(key), script);
    assert.deepEqual(page.troubles, []);
  }
});

/// A request of a shop's module.
async function module(server, key, method, fields) {
  const answer = await fetch(`${server.url}/api/v5/${method}`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)])),
  });
  return answer.status;
}

const order = (quantity) => ({
  externalId: "1043",
  firstName: "Анна",
  phone: "+79123456789",
  items: [{ productName: "Чай чёрный байховый крупнолистовой цейлонский", quantity, initialPrice: 199.5 }],
});

test("where a shop's list differs is shown and decided without JavaScript too", async (t) => {
  const server = await company(t);
  for (const script of [true, false]) {
    const page = await open(t, { script });
    await signIn(page, server, people.owner);
    await speak(page, server, "ru");
    const { key, path } = await connect(page, server);
    assert.equal(await module(server, key, "orders/create", { order: { ...order(2), externalId: `d${script}` } }), 201);
    assert.equal(await module(server, key, "orders/upload", { orders: [{ ...order(5), externalId: `d${script}` }] }), 460);
    await page.goto(`${server.url}/settings/sources/differences?connection=${path.split("/").pop()}`);
    const row = page.locator("#differences tbody tr");
    await row.filter({ hasText: "Состав" }).waitFor();
    await Promise.all([
      page.waitForURL((where) => where.pathname === "/settings/sources/differences"),
      row.first().locator("button", { hasText: "Взять из магазина" }).click(),
    ]);
    await page.locator(".flash", { hasText: "Взято из магазина" }).waitFor();
    assert.equal(await page.locator("#differences tbody form").count(), 0);
    assert.deepEqual(page.troubles, []);
  }
});

test("a shop that needs no module is connected without JavaScript too", async (t) => {
  const server = await company(t);
  for (const [system, field] of [["woocommerce.webhooks", "consumer_secret"], ["shopify.webhooks", "webhook"]]) {
    const page = await open(t, { script: false });
    await signIn(page, server, people.owner);
    await speak(page, server, "en");
    await page.goto(`${server.url}/settings/sources/new`);
    await page.locator(`input[value="${system}"]`).check();
    await page.locator("form:has(input[name=system]) [type=submit]").click();
    await page.locator("form:has(input[name=name]) [type=submit]").click();
    await page.waitForURL(/\/connect\?/);
    for (const name of ["consumer_key", "consumer_secret", "access_token", "webhook"]) {
      const input = page.locator(`input[name=${name}]`);
      if (await input.count()) await input.fill(`very-private-${name}`);
    }
    await page.locator("input[name=url]").fill("shop.example");
    await page.locator("form:has(input[name=url]) [type=submit]").click();
    await page.locator(".flash", { hasText: "Saved" }).waitFor();
    assert.equal(await page.locator("input[name=url]").inputValue(), "https://shop.example");
    assert.equal(await page.locator(`input[name=${field}]`).inputValue(), "");
    assert.ok(!(await page.content()).includes("very-private"));
    assert.deepEqual(page.troubles, []);
  }
});

test("what could not be applied is mended or put aside, and sources can be used by everybody", async (t) => {
  const server = await company(t);
  const owner = await open(t);
  await signIn(owner, server, people.owner);
  const { key, path } = await connect(owner, server);
  await unreadable(server, key);
  await unreadable(server, key);
  await owner.goto(server.url + path);
  const message = await owner.locator("#messages tbody a.row-link").first().getAttribute("href");
  const visit = (where) => async (page, { language }) => {
    await signIn(page, server, people.owner);
    await speak(page, server, language);
    await page.goto(server.url + where);
  };
  assert.equal(await module(server, key, "orders/create", { order: order(2) }), 201);
  assert.equal(await module(server, key, "orders/upload", { orders: [order(5)] }), 460);
  const bare = await open(t);
  await signIn(bare, server, people.owner);
  await bare.goto(`${server.url}/settings/sources/new`);
  await bare.locator('input[value="woocommerce.webhooks"]').check();
  await bare.locator("form:has(input[name=system]) [type=submit]").click();
  await bare.locator("form:has(input[name=name]) [type=submit]").click();
  await bare.waitForURL(/\/connect\?/);
  const found = [
    ...(await album(t, "sources-differences", visit("/settings/sources/differences"))),
    ...(await album(t, "source-connect-rest", visit(new URL(bare.url()).pathname))),
    ...(await album(t, "sources", visit("/settings/sources"))),
    ...(await album(t, "sources-new", visit("/settings/sources/new"))),
    ...(await album(t, "source", visit(`${path}?test=1`))),
    ...(await album(t, "source-message", visit(message))),
    ...(await album(t, "source-connect", visit(`${path}/connect`))),
  ];
  assert.deepEqual(found, []);

  await owner.goto(server.url + message);
  await owner.locator("button[popovertarget=drop]").first().click();
  await Promise.all([
    owner.waitForURL((where) => where.pathname === path),
    owner.locator("#drop button.danger").click(),
  ]);
  await owner.locator(".flash").waitFor();
  assert.equal(await owner.locator("#messages tbody tr").count(), 1);
  assert.deepEqual(owner.troubles, []);
});
