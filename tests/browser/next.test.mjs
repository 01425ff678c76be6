// An operator of a desk that works for three companies gets through a morning by the keyboard alone: what is next is
// never chosen, only done.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOrder, demanding, onDelivery, post, read as readOrder, shelve, until } from "./company.mjs";
import { open, overflow, shot, signIn, start, takt } from "./harness.mjs";

const password = "correct horse battery";
const person = (name) => ({ email: `${name}@example.org`, password });
const companies = ["Чай", "Кофе", "Какао"];

/// Three companies with a shop each, lent to one desk with one operator.
async function desk(t) {
  const server = await start(t);
  const { data } = server;
  const tokens = [];
  const ids = [];
  for (const [place, name] of companies.entries()) {
    const id = await takt(["company", "create", "--name", name, "--currency", "RUB"], { data });
    await takt(["shop", "create", "--company", id, "--name", `Лавка ${name}`], { data });
    const owner = ["user", "create", "--company", id, "--email", person(`owner${place}`).email, "--role", "owner"];
    await takt(owner, { data, input: password });
    const token = ["token", "create", "--company", id, "--shop", `Лавка ${name}`, "--scope", "orders:write,orders:read,catalog:write,stock:write"];
    tokens.push(await takt(token, { data }));
    ids.push(id);
  }
  const first = await open(t);
  await signIn(first, server, person("owner0"));
  const new_desk = { name: "Светосила", kind: "desk", currency: "RUB", zone: "Europe/Moscow", lang: "ru" };
  await post(first, server, "/settings/companies/new", new_desk);
  for (const place of companies.keys()) {
    const page = await open(t);
    await signIn(page, server, person(`owner${place}`));
    const where = `?company=${ids[place]}`;
    const numbers = { confirm_up_to_units: "0", task_minutes: "15", call_again_minutes: "60", call_role: "operator" };
    await post(page, server, `/organisation`, { organisation: ids[place] });
    await post(page, server, `/settings/playbook${where}`, numbers);
    if (place === 2) await post(page, server, `/settings/playbook/text${where}`, { text: demanding, note: "", instead_of: "0", deed: "publish" });
    await post(page, server, `/settings/engagements${where}`, { desk: "Светосила", roles: "operator", from: "", until: "" });
    await page.context().close();
  }
  await takt(["user", "create", "--company", "Светосила", "--email", person("operator").email, "--role", "operator"], { data, input: password });
  const equipped = { ...server, tokens };
  for (const place of companies.keys()) await shelve(of(equipped, place));
  return equipped;
}

const of = (server, place) => ({ ...server, token: server.tokens[place] });

async function order(server, place, number) {
  const customer = { name: `Анна ${number}`, phone: "8 912 345-67-89" };
  return (await apiOrder(of(server, place), `${place}-${number}`, { ...onDelivery, customer })).id;
}

const read = (server, place, id) => readOrder(of(server, place), id);

/// A key, and the page that follows it.
async function press(page, key) {
  await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press(key)]);
  await page.waitForLoadState();
}

test("a morning over three companies by the keyboard alone", async (t) => {
  const server = await desk(t);
  const placed = [];
  for (const [number, place] of [0, 2, 1, 0, 1].entries()) {
    placed.push({ place, id: await order(server, place, number) });
  }
  const page = await open(t);
  await signIn(page, server, person("operator"));
  await page.goto(`${server.url}/orders`);
  await until("all calls are counted beside the orders", async () => {
    await page.reload();
    return /Позвонить покупателю\s*5/.test(await page.locator(".rail").innerText().catch(() => ""));
  });
  await shot(page, "next-desk-ru-1440");
  const done = [];
  for (const { place, id } of placed) {
    await press(page, "t");
    assert.equal(new URL(page.url()).pathname, `/orders/${id}`, "the most urgent of all companies, in turn");
    if (place === 2) {
      assert.match(await page.locator("#playbook-guide").innerText(), /Добрый день! Ваш заказ готовы собрать/);
      await shot(page, "next-steps-ru-1440");
      await press(page, "1");
      await press(page, "1");
      assert.match(await page.locator("#playbook-guide").innerText(), /До подтверждения: всё отмечено/);
    }
    await press(page, "r");
    await until("the order is confirmed", async () => (await read(server, place, id)).stage === "assembling");
    done.push(id);
  }
  assert.equal(done.length, placed.length);
  await press(page, "t");
  assert.match(await page.locator("body").innerText(), /Сейчас для вас дел нет/);
  assert.deepEqual(page.troubles, []);
});

test("what waits is counted, filters the list and fits a phone, without JavaScript too", async (t) => {
  const server = await desk(t);
  const ids = [await order(server, 0, 1), await order(server, 1, 2)];
  for (const script of [true, false]) {
    const page = await open(t, { width: 360, script });
    await signIn(page, server, person("operator"));
    await until("both are counted", async () => {
      await page.goto(`${server.url}/orders`);
      return /Позвонить покупателю\s*2/.test(await page.locator(".rail").innerText().catch(() => ""));
    });
    await page.locator(".rail-item", { hasText: "Позвонить покупателю" }).click();
    await page.waitForURL(/rail=call/);
    for (const id of ids) assert.equal(await page.locator(`#order-${id}`).count(), 1);
    assert.deepEqual([...(await overflow(page)), ...page.troubles], []);
    await shot(page, `next-rail-ru-360-${script ? "live" : "plain"}`);
    await page.locator(".rail-item[aria-current]").click();
    await page.waitForURL((where) => !where.search.includes("rail"));
  }
});

test("what is demanded is ticked on a phone, without JavaScript too", async (t) => {
  const server = await desk(t);
  for (const [number, script] of [true, false].entries()) {
    const id = await order(server, 2, number);
    const page = await open(t, { width: 360, script });
    await signIn(page, server, person("operator"));
    await until("there is something to do", async () => {
      await page.goto(`${server.url}/tasks`);
      await page.locator("form[action='/tasks/next'] [type=submit]").click();
      await page.waitForLoadState();
      return new URL(page.url()).pathname === `/orders/${id}`;
    });
    await page.locator(`form[action='/orders/${id}/confirm'] [type=submit]`).click();
    await page.waitForLoadState();
    assert.match(await page.locator("main").innerText(), /Сначала отметьте в карточке заказа: «Адрес с номером дома»/);
    for (const left of ["осталось: 1", "всё отмечено"]) {
      await page.goto(`${server.url}/orders/${id}`);
      await page.locator(".steps form:not(:has([name=done])) [type=submit]").first().click();
      await page.waitForLoadState();
      await page.locator("#playbook-guide", { hasText: left }).waitFor();
    }
    assert.deepEqual(await overflow(page), []);
    await shot(page, `next-ticked-ru-360-${script ? "live" : "plain"}`);
    await page.locator(`form[action='/orders/${id}/confirm'] [type=submit]`).click();
    await until("the order is confirmed", async () => (await read(server, 2, id)).stage === "assembling");
    await page.goto(`${server.url}/orders/${id}`);
    await page.locator("form[action$='/close']:has([value=reached]) [type=submit]").click();
    await page.waitForLoadState();
  }
});
