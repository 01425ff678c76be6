// A company made through the program's own verbs and interface, as a customer would make it.

import assert from "node:assert/strict";
import { start, takt } from "./harness.mjs";

const password = "correct horse battery";
const account = "40702810200000000001";
const roles = { owner: "owner", operator: "operator", accountant: "accountant", storekeeper: "warehouse" };

/// Who works there, by what they do.
export const people = Object.fromEntries(
  Object.keys(roles).map((name) => [name, { email: `${name}@example.org`, password }]),
);

/// A server with one company, its shop, its account, its goods and its people.
export async function company(t) {
  const server = await start(t);
  const { data } = server;
  const id = await takt(["company", "create", "--name", "Чай", "--currency", "RUB"], { data });
  await takt(["shop", "create", "--company", id, "--name", "Чайная лавка"], { data });
  await takt(["account", "create", "--company", id, "--bank-account", account, "--bic", "044525225", "--bank", "ПАО Сбербанк"], { data });
  for (const [name, role] of Object.entries(roles)) {
    const user = ["user", "create", "--company", id, "--email", people[name].email, "--role", role];
    await takt(user, { data, input: password });
  }
  const scopes = "orders:write,orders:read,catalog:write,stock:write";
  const token = await takt(["token", "create", "--company", id, "--shop", "Чайная лавка", "--scope", scopes], { data });
  return { ...server, id, token };
}

/// Chooses the language of the person who is signed in, on the page where people do so.
export async function speak(page, server, language) {
  await page.goto(`${server.url}/profile`);
  await page.locator("select[name=lang]").selectOption(language);
  await page.locator("form:has(select[name=lang]) [type=submit]").first().click();
  await page.locator(`html[lang=${language}]`).waitFor({ state: "attached" });
}

/// An order that the shop tells of; gives what the interface answers.
export async function apiOrder(server, externalId, more = {}) {
  const order = {
    external_id: externalId,
    currency: "RUB",
    customer: { name: "Анна Петрова", phone: "8 912 345-67-89", email: "anna@example.org" },
    lines: [{ name: "Чай улун, 100 г", quantity: "2", unit: "pcs", price: "199.50", vat: "22" }],
    delivery: { method: "courier", address: "Казань, ул. Баумана, 1", price: "300.00" },
    comment: "позвонить",
    ...more,
  };
  const answer = await fetch(`${server.url}/api/v1/orders`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

/// What the bank gives to the accountant: one document for each [amount, purpose], in UTF-8.
export function statement(payments) {
  const today = new Date().toLocaleDateString("ru-RU", { timeZone: "Europe/Moscow" });
  const sum = payments.reduce((sum, [amount]) => sum + Number(amount), 0).toFixed(2);
  const document = ([amount, purpose], index) => [
    "СекцияДокумент=Платежное поручение",
    `Номер=${index + 1}`,
    `Дата=${today}`,
    `Сумма=${amount}`,
    "ПлательщикСчет=40817810099910004312",
    "Плательщик1=Петрова Анна",
    `ПолучательСчет=${account}`,
    `ДатаПоступило=${today}`,
    "Получатель1=Чай",
    `НазначениеПлатежа=${purpose}`,
    "КонецДокумента",
  ];
  const lines = [
    "1CClientBankExchange",
    "ВерсияФормата=1.03",
    "Кодировка=UTF-8",
    "Отправитель=Банк",
    `ДатаНачала=${today}`,
    `ДатаКонца=${today}`,
    `РасчСчет=${account}`,
    "СекцияРасчСчет",
    `ДатаНачала=${today}`,
    `ДатаКонца=${today}`,
    `РасчСчет=${account}`,
    "НачальныйОстаток=0.00",
    `ВсегоПоступило=${sum}`,
    "ВсегоСписано=0.00",
    `КонечныйОстаток=${sum}`,
    "КонецРасчСчет",
    ...payments.flatMap(document),
    "КонецФайла",
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n`, "utf8");
}

/// How an order stands, as the interface tells it.
export const read = async (server, id) =>
  (await fetch(`${server.url}/api/v1/orders/${id}`, { headers: { authorization: `Bearer ${server.token}` } })).json();

/// A form that is sent without being looked at; the page says whose it is.
export async function post(page, server, path, form) {
  const answer = await page.request.post(server.url + path, { form, headers: { origin: server.url }, maxRedirects: 0 });
  assert.ok(answer.status() === 303, `${path}: ${answer.status()} ${await answer.text()}`);
}

/// Goods that are there, so that nothing but a call is missing.
export async function shelve(server) {
  const product = { name: "Чай улун", unit: "pcs", price: "199.50", currency: "RUB", vat: "22" };
  for (const [path, body] of [["products/TEA-100", product], ["stock", [{ sku: "TEA-100", quantity: "1000" }]]]) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, await answer.clone().text());
  }
}

/// What an order has when nothing but a call is missing.
export const onDelivery = {
  terms: "on_delivery",
  comment: "",
  lines: [{ sku: "TEA-100", name: "Чай улун, 100 г", quantity: "2", unit: "pcs", price: "199.50", vat: "22" }],
};

export async function until(what, check) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await check()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`it did not come: ${what}`);
}

/// A regulation that demands two ticks before an order may be confirmed, and says what to say.
export const demanding = `# Порядок

## Звонок

- [ ] **до подтверждения:** Адрес с номером дома
- [ ] **до подтверждения:** Время доставки согласовано
- [ ] Предложить подарочную упаковку

\`\`\`script
Добрый день! Ваш заказ готовы собрать.
\`\`\`

\`\`\`rule call
when = "orders.placed"
then = [{ do = "tasks.open", kind = "call", role = "operator", due = "15 min" }]
\`\`\`

\`\`\`rule reached
when = "tasks.closed"
if = ["fact.kind == 'call'", "fact.outcome == 'reached'"]
then = [{ do = "orders.confirm" }]
\`\`\`
`;
