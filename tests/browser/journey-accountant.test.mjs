// J5: the accountant. What the bank says is brought by keys, most of it finds its order by itself; what waits is accepted
// with three keys, taken back with one, divided with one. A claim has no button that makes it money; the days are proved.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOrder, company, people, read, statement, until } from "./company.mjs";
import { open, overflow, signIn } from "./harness.mjs";
import { everywhere } from "./keyboard.mjs";

const said = {
  ru: { waits: /2 ждут вас/, proofs: "всё ли на месте", nothing: /Ничего не пропущено/, proved: /доказано/, claims: "заявления", title: /Заявления об оплате/ },
  en: { waits: /2 wait for you/, proofs: "nothing missing", nothing: /Nothing is known to be missing/, proved: /proved/, claims: "claims", title: /Claims of payment/ },
};

/// All that the bank has told today; each file repeats what was told before, as statements of one day do.
const told = [];

/// Two orders to be paid, and a file in which one is paid, one nearly, and both together.
async function morning(server, number) {
  const orders = [];
  for (const part of ["a", "b", "c", "d"]) orders.push(await apiOrder(server, `${number}${part}`));
  const [paid, nearly, left, right] = orders;
  told.push(
    [paid.total, `Оплата ${paid.invoice.number}`],
    [nearly.total, "Оплата заказа, спасибо"],
    [(Number(left.total) + 100).toFixed(2), `Оплата счетов ${left.invoice.number} и ${right.invoice.number}`],
  );
  return { paid, nearly, left, right };
}

const isPaid = async (server, order) => Number((await read(server, order.id)).paid ?? 0) >= Number(order.total);

test("an accountant's morning is empty again after a few keys, in every look", async (t) => {
  const server = await company(t);
  let number = 0;
  await everywhere(t, server, people.accountant, async (keys, look) => {
    const words = said[look.language];
    const { paid, left, right } = await morning(server, (number += 1));
    await keys.turn("g", "m");
    await keys.reach("details:has(input[type=file]) > summary");
    await keys.press("Enter");
    await keys.chooses("input[type=file]", { name: "kl_to_1c.txt", mimeType: "text/plain", buffer: statement(told) });
    await keys.reach("form:has(input[type=file]) [type=submit]");
    await keys.turn("Enter");
    await keys.comes(() => keys.path.startsWith("/money/files/"), "the file");
    await until("what names its order has paid it", () => isPaid(server, paid));
    await keys.fits("money-file");

    await keys.turn("g", "m");
    await keys.reads("main", words.waits);
    await keys.fits("money");

    // The one for two orders: opened, divided, taken back, divided again.
    await open1(keys, /счетов/);
    await keys.reads("main", new RegExp(left.number));
    await keys.fits("money-line");
    await keys.turn("s");
    await until("it is divided", () => isPaid(server, left));
    await keys.turn("z");
    await until("it is taken back", async () => !(await isPaid(server, left)));
    await keys.turn("s");
    await until("it is divided again", () => isPaid(server, left));

    // The other one is not for an order.
    await keys.turn("u");
    keys.forget();
    await open1(keys, /спасибо/);
    await keys.turn("a");
    assert.ok(keys.pressed <= 3, `${keys.pressed} keys to accept one receipt`);

    // A claim moves nothing and has no button that does.
    await claim(server, right);
    await keys.turn("g", "m");
    await keys.find(words.claims, words.title);
    await keys.reads("main", /TX|\d/);
    const ways = await keys.page.locator("main form").evaluateAll((forms) => forms.map((form) => form.getAttribute("action")));
    assert.ok(ways.every((action) => /\/close$/.test(action ?? "")), ways.join());
    await keys.fits("money-claims");

    await keys.turn("g", "m");
    await keys.find(words.proofs, new RegExp(words.proofs, "i"));
    await keys.reads("main", words.proved);
    await keys.reads("main", words.nothing);
    await keys.fits("money-proofs");

    await keys.turn("g", "m");
    await keys.reach("a[href*='list.xlsx']");
    const [file] = await Promise.all([keys.page.waitForEvent("download"), keys.press("Enter")]);
    assert.match(file.suggestedFilename(), /\.xlsx$/);
  });
});

/// Goes down the list to the receipt whose purpose says so, and opens it.
async function open1(keys, purpose) {
  for (let rows = 0; rows < 5; rows += 1) {
    await keys.press("j");
    const row = await keys.page.evaluate(() => document.activeElement.closest("tr")?.innerText ?? "");
    if (purpose.test(row)) return keys.turn("Enter");
  }
  assert.fail(`no receipt of ${purpose}`);
}

/// The buyer says that they have paid.
async function claim(server, order) {
  const answer = await fetch(`${server.url}${order.buyer_page}/claim`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: server.url },
    body: new URLSearchParams({ amount: order.total, note: "" }),
    redirect: "manual",
  });
  assert.ok(answer.status < 400, String(answer.status));
}

test("without JavaScript the receipt is accepted by forms", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1");
  const page = await open(t, { script: false, width: 360 });
  await signIn(page, server, people.accountant);
  await page.goto(`${server.url}/money`);
  await page.locator("details:has(input[type=file]) > summary").click();
  const buffer = statement([["10.00", `Часть, ${order.invoice.number}, спасибо`]]);
  await page.locator("input[type=file]").setInputFiles({ name: "kl_to_1c.txt", mimeType: "text/plain", buffer });
  await page.locator("form:has(input[type=file]) [type=submit]").click();
  await page.waitForURL(/\/money\/files\/\d+/);
  await page.goto(`${server.url}/money/proofs`);
  assert.deepEqual(await overflow(page), []);
  assert.match(await page.locator("main").innerText(), /доказано/);
});
