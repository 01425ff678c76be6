// The list of orders by keyboard alone: walked past the end of a page, narrowed, chosen from, changed in place, and
// what was done taken back. The same without a script, by its forms.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOrder, company, people } from "./company.mjs";
import { album, open, shot, signIn } from "./harness.mjs";

const ORDERS = 60;

async function full(t) {
  const server = await company(t);
  for (let number = 1; number <= ORDERS; number += 1) await apiOrder(server, String(1000 + number));
  return server;
}

const chosen = (page) => page.locator("[data-choose]:checked");

test("many orders are gone through, chosen and changed without a mouse, and a deed is taken back", async (t) => {
  const server = await full(t);
  const page = await open(t);
  await signIn(page, server, people.operator);
  await page.goto(`${server.url}/orders?view=work`);
  await page.locator("tr[data-row]").first().waitFor();

  // J goes on past the last row, K comes back.
  for (let step = 0; step < 51; step += 1) await page.keyboard.press("KeyJ");
  await page.waitForURL(/cursor=/);
  await page.waitForFunction(() => document.querySelectorAll("tr[data-row]").length === 10);
  await page.waitForFunction(() => document.activeElement.closest("tr[data-row]")?.matches(":first-child"));
  await page.keyboard.press("KeyK");
  await page.waitForFunction(() => document.querySelectorAll("tr[data-row]").length === 50);
  await page.waitForFunction(() => document.activeElement.closest("tr[data-row]")?.matches(":last-child"));

  // X chooses a row, Shift+X all up to here; B goes to what may be done with them.
  await page.goto(`${server.url}/orders?view=work`);
  await page.keyboard.press("KeyJ");
  await page.keyboard.press("KeyX");
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("KeyJ");
  await page.keyboard.press("Shift+KeyX");
  await chosen(page).nth(3).waitFor();
  assert.equal(await chosen(page).count(), 4);
  assert.match(await page.locator("[data-many-count]").innerText(), /4/);
  await page.keyboard.press("KeyB");
  await page.locator("select[name=deed]").selectOption("comment");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Позвонить завтра");
  await shot(page, "list-many-1440");
  await page.keyboard.press("Enter");
  await page.waitForURL(/did=/);
  assert.equal(await page.locator("td:has-text('Позвонить завтра')").count(), 4);

  // Z takes it back.
  await page.keyboard.press("KeyZ");
  await page.locator(".notice:has-text('Отменено у 4 заказов')").waitFor();
  assert.equal(await page.locator("td:has-text('Позвонить завтра')").count(), 0);

  // E changes a row where it stands.
  await page.keyboard.press("KeyJ");
  await page.keyboard.press("KeyE");
  await page.locator("#quick").waitFor();
  await page.locator("#quick select").selectOption("no_answer");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Не берёт трубку");
  await shot(page, "list-quick-1440");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("tr:has-text('Не берёт трубку') .status:has-text('Не дозвонились')").waitFor();
  await page.locator("#quick").waitFor({ state: "detached" });
  await page.keyboard.press("KeyZ");
  await page.locator(".flash").waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes("Не берёт трубку"));

  // F opens the filters; what is in force is taken off one by one.
  await page.keyboard.press("KeyF");
  await page.locator("details[data-panel][open] [name=city]").waitFor();
  await page.keyboard.type("тверь");
  await shot(page, "list-filters-1440");
  await page.keyboard.press("Enter");
  await page.waitForURL(/city=/);
  assert.equal(await page.locator("tr[data-row]").count(), 0);
  await page.locator(".filter-mark:has-text('тверь')").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.search.includes("city"));
  assert.equal(await page.locator("tr[data-row]").count(), 50);

  // V keeps the list under a name.
  await page.goto(`${server.url}/orders?view=work&taken=nobody`);
  await page.keyboard.press("KeyV");
  await page.locator("form[action='/orders/views'] [name=name]").waitFor();
  await page.keyboard.type("Ничьи");
  await page.keyboard.press("Enter");
  await page.locator(".tab[aria-current]:has-text('Ничьи')").waitFor();
  await page.goto(`${server.url}/orders`);
  assert.match(page.url(), /saved=/);
  assert.deepEqual(page.troubles, []);

  // While the list is live what was chosen stays chosen.
  await page.goto(`${server.url}/orders?view=all`);
  await page.keyboard.press("KeyJ");
  await page.keyboard.press("KeyX");
  await apiOrder(server, "late");
  await page.waitForFunction((count) => document.querySelector(".tab[href*='view=all'] .count")?.textContent === String(count), ORDERS + 1);
  assert.equal(await chosen(page).count(), 1);
});

test("the same is done by forms where there is no script", async (t) => {
  const server = await company(t);
  for (const number of ["1", "2", "3"]) await apiOrder(server, number);
  const page = await open(t, { script: false });
  await signIn(page, server, people.operator);
  await page.goto(`${server.url}/orders?view=work`);
  const boxes = page.locator("[data-choose]");
  for (const at of [0, 2]) await boxes.nth(at).check();
  await page.locator("select[name=deed]").selectOption("urgent");
  await page.locator("form.many [type=submit]").click();
  await page.locator(".notice:has-text('Сделано с 2 заказами')").waitFor();
  await page.locator("form[action*='/orders/undo/'] [type=submit]").click();
  await page.locator(".notice:has-text('Отменено у 2 заказов')").waitFor();
  await page.locator("a[data-quick]").first().click();
  await page.locator("#quick textarea").fill("Без скрипта");
  await page.locator("#quick [type=submit]").click();
  await page.locator("td:has-text('Без скрипта')").first().waitFor();
});

test("the list with everything open looks right at every width", async (t) => {
  const server = await company(t);
  for (const number of ["1", "2", "3"]) await apiOrder(server, number);
  const found = await album(t, "orders-list", async (page, { language }) => {
    await signIn(page, server, people.owner);
    await page.goto(`${server.url}/profile`);
    await page.locator("select[name=lang]").selectOption(language);
    await page.locator("form:has(select[name=lang]) [type=submit]").first().click();
    await page.locator(`html[lang=${language}]`).waitFor({ state: "attached" });
    await page.goto(`${server.url}/orders?view=work&city=${encodeURIComponent("Казань")}&payment=none`);
    await page.locator("[data-choose]").first().check();
    await page.locator("[data-key=v]").click();
  });
  assert.deepEqual(found, []);
});
