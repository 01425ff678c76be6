// What the buyer sees behind the link: a page that changes by itself, small, for every eye.

import assert from "node:assert/strict";
import { test } from "node:test";
import { album, open, shot, signIn } from "./harness.mjs";
import { apiOrder, company, people, statement } from "./company.mjs";

async function reportMoney(page, server, reference, amount) {
  await page.goto(`${server.url}/money`);
  await page.locator("details:has(input[type=file]) > summary").click();
  const buffer = statement([[amount, `Оплата заказа, счёт ${reference}`]]);
  await page.locator("input[type=file]").setInputFiles({ name: "kl_to_1c.txt", mimeType: "text/plain", buffer });
  await page.locator("form:has(input[type=file]) [type=submit]").click();
  await page.waitForURL(/\/money\/files\/\d+/);
}

test("the buyer's page changes by itself when the bank's file is taken in", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const buyer = await open(t, { width: 360 });
  let bytes = 0;
  const watcher = await buyer.context().newCDPSession(buyer);
  await watcher.send("Network.enable");
  watcher.on("Network.dataReceived", ({ dataLength }) => (bytes += dataLength));
  await buyer.goto(server.url + order.buyer_page);
  await buyer.waitForLoadState("load");
  const glance = buyer.locator("#glance");
  assert.match(await glance.innerText(), /Ждём деньги/);
  assert.ok(bytes < 100 * 1024, `${bytes} bytes were loaded`);
  await shot(buyer, "buyer-unpaid-360");
  await buyer.evaluate(() => (globalThis.same = "page"));

  const accountant = await open(t);
  await signIn(accountant, server, people.accountant);
  await reportMoney(accountant, server, order.invoice.number, order.total);
  await glance.getByText(/Деньги пришли/).waitFor({ timeout: 10_000 });
  assert.equal(await buyer.evaluate(() => globalThis.same), "page", "the page was not loaded again");
  assert.equal(await buyer.locator("svg.code").count(), 0, "nothing is left to pay");
  await shot(buyer, "buyer-paid-360");
  assert.deepEqual([...buyer.troubles, ...accountant.troubles], []);
});

test("without JavaScript the buyer sees, asks and says it by forms", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const buyer = await open(t, { script: false, width: 360 });
  await buyer.goto(server.url + order.buyer_page);
  await buyer.locator("form[action$='/call'] [type=submit]").click();
  await buyer.getByText("менеджер вам позвонит").waitFor();
  await buyer.locator("details:has([name=amount]) > summary").click();
  await buyer.locator("form[action$='/claim'] [type=submit]").click();
  await buyer.getByText("Передали бухгалтеру").waitFor();
  await buyer.goto(server.url + order.buyer_page);
  assert.match(await buyer.locator("main").innerText(), /Вы сообщили об оплате/);

  const accountant = await open(t);
  await signIn(accountant, server, people.accountant);
  await accountant.goto(`${server.url}/money/claims`);
  assert.match(await accountant.locator("main").innerText(), /699,00/);
  await shot(accountant, "money-claims");
  await accountant.goto(`${server.url}/money`);
  await shot(accountant, "money-head");
  assert.deepEqual(buyer.troubles, []);
});

test("the page and the invoice can be used by everybody, and the invoice fits its paper", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1001");
  const look = (path) => async (page, { language, theme }) => {
    const where = new URL(server.url);
    await page.context().addCookies([
      { name: "lang", value: language, domain: where.hostname, path: "/" },
      { name: "theme", value: theme, domain: where.hostname, path: "/" },
    ]);
    await page.goto(server.url + path);
  };
  const found = [
    ...(await album(t, "buyer", look(order.buyer_page))),
    ...(await album(t, "buyer-invoice", look(`${order.buyer_page}/invoice`))),
  ];
  assert.equal(found.join("\n"), "");
  const page = await open(t);
  await page.goto(`${server.url}${order.buyer_page}/invoice`);
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.equal(pages, 1, "one sheet");
  await page.emulateMedia({ media: "print" });
  await shot(page, "buyer-invoice-printed");
  const shown = await page.locator("body").innerText();
  assert.doesNotMatch(shown, /К заказу|English/, "nothing but the paper is printed");
});
