// The owner's cabinet as an owner looks at it: lands there, sees what happens without reloading, follows a number to
// its orders, asks, holds, instructs; on a phone, without script, dense, and on a very wide screen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, open, overflow, shot, signIn } from "./harness.mjs";
import { apiOrder, company, people, speak } from "./company.mjs";

test("an owner lands at home and sees an order without reloading", async (t) => {
  const server = await company(t);
  const page = await open(t, { width: 360 });
  await signIn(page, server, people.owner);
  assert.equal(new URL(page.url()).pathname, "/home");
  await page.locator("[data-live-dot][data-state=on], [data-live-dot][data-state=beat]").last().waitFor({ state: "attached" });
  const loads = [];
  page.on("framenavigated", () => loads.push(page.url()));
  const began = Date.now();
  await apiOrder(server, "2001");
  const stage = page.locator("#home-work a.stat[href='/orders?view=new'] .stat-value");
  await page.waitForFunction(() => document.querySelector("#home-work a[href='/orders?view=new'] .stat-value")?.textContent === "1");
  t.diagnostic(`an order is seen after ${Date.now() - began} ms`);
  assert.deepEqual(loads, []);
  await page.waitForFunction(() => document.querySelector("#home-done tbody tr:first-child td:last-child")?.textContent.trim() === "1");
  await stage.click();
  await page.waitForURL(/\/orders\?view=new/);
  assert.equal(await page.locator("tbody tr").count(), 1);
  assert.deepEqual(page.troubles, []);
});

test("the owner asks, holds and instructs from the card, and the history keeps it", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "2002");
  const page = await open(t);
  await signIn(page, server, people.owner);
  await page.goto(`${server.url}/settings/engagements`);
  await page.locator("form[action*='/settings/manager'] select[name=person]").selectOption({ index: 2 });
  await page.locator("form[action*='/settings/manager'] [type=submit]").click();
  await page.waitForURL(/engagements/);
  const card = `${server.url}/orders/${order.id}`;
  const submit = (verb) => page.locator(`form[action='/orders/${order.id}/${verb}'] [type=submit]`).click();
  await page.goto(card);
  await page.locator("[popovertarget=ask]").first().click();
  await page.locator("#ask textarea").fill("Почему стоит?");
  await submit("ask");
  await page.waitForURL(card);
  await page.getByText("ждём ответа до").first().waitFor();
  await page.locator("[popovertarget=instruct]").first().click();
  await page.locator("#instruct textarea").fill("Положить открытку");
  await submit("instruct");
  await page.waitForURL(card);
  await page.locator("#order-notices").getByText("Положить открытку").waitFor();
  await page.locator("[popovertarget=hold]").first().click();
  await page.locator("#hold textarea").fill("Проверю покупателя");
  await submit("hold");
  await page.waitForURL(card);
  await page.locator("#order-now").getByText("Остановил владелец: ждём его слова").waitFor();
  await shot(page, "cabinet-card-ru-1440-light");
  assert.deepEqual(await axe(page), []);
  await page.locator(`form[action='/orders/${order.id}/let-go'] [type=submit]`).click();
  await page.waitForURL(card);
  await page.locator("#order-notices [type=submit]").click();
  await page.locator("#order-notices").getByText("Сделано:").waitFor();
  const history = await page.locator("#order-history").innerText();
  for (const words of ["Указание владельца", "Указание выполнено", "На паузе до"]) assert.ok(history.includes(words), `${words} in ${history}`);
  assert.deepEqual(page.troubles, []);
});

test("home looks right on a phone and on a desk, and so do the orders behind a number", async (t) => {
  const server = await company(t);
  for (const id of ["2003", "2004", "2005"]) await apiOrder(server, id);
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Moscow" }).format(new Date());
  const found = [];
  for (const [width, language, theme] of [[360, "ru", "light"], [1440, "en", "dark"], [1440, "ru", "light"]]) {
    const page = await open(t, { width, theme, language });
    await signIn(page, server, people.owner);
    await speak(page, server, language);
    for (const [name, path] of [["home", "/home"], ["home-behind", `/home/orders?of=deed&is=placed&day=${day}`]]) {
      await page.goto(server.url + path);
      await page.waitForFunction(() => document.querySelector("tbody tr"));
      await shot(page, `${name}-${language}-${width}-${theme}`);
      found.push(...[...(await axe(page)), ...(await overflow(page)), ...page.troubles].map((what) => `${path} ${width}: ${what}`));
    }
    await page.context().close();
  }
  assert.deepEqual(found, []);
});

test("help opens beside the title, stays open, and density is kept", async (t) => {
  const server = await company(t);
  const page = await open(t, { width: 2560 });
  await signIn(page, server, people.owner);
  assert.equal(await page.locator("details.help").getAttribute("open"), null);
  await page.locator("details.help > summary").click();
  await page.locator(".help-text").waitFor({ state: "visible" });
  await page.reload();
  await page.locator(".help-text").waitFor({ state: "visible" });
  await shot(page, "home-help-ru-2560-light");
  await page.locator("[popovertarget=person]").click();
  await page.locator("button[name=density][value=dense]").click();
  await page.locator("html[data-density=dense]").waitFor({ state: "attached" });
  assert.equal(new URL(page.url()).pathname, "/home");
  await shot(page, "home-dense-ru-2560-light");
  for (const path of ["/orders", "/process"]) {
    await page.goto(server.url + path);
    await shot(page, `dense${path.replace("/", "-")}-ru-2560-light`);
    assert.deepEqual([...(await axe(page)), ...(await overflow(page))], [], path);
  }
  assert.deepEqual(page.troubles, []);
});

test("without script home says the same and the help still opens", async (t) => {
  const server = await company(t);
  await apiOrder(server, "2006");
  const page = await open(t, { width: 360, script: false });
  await signIn(page, server, people.owner);
  assert.equal(new URL(page.url()).pathname, "/home");
  await page.locator("details.help > summary").click();
  await page.locator(".help-text").waitFor({ state: "visible" });
  const home = await page.locator("#home-work").innerText();
  assert.ok(/1/.test(home), home);
});
