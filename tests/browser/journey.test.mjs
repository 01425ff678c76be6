import assert from "node:assert/strict";
import { test } from "node:test";
import { open, overflow, signIn } from "./harness.mjs";
import { company, people, statement } from "./company.mjs";

const number = (text) => Number(text.replaceAll(/[^\d,]/g, "").replace(",", "."));

/// The operator writes down what is said on the telephone; gives the order's address.
async function takeOrder(page, server) {
  await page.goto(`${server.url}/orders/new`);
  await page.locator("[name='customer.phone']").fill("8 912 345-67-89");
  await page.locator("[name='customer.name']").fill("Анна Петрова");
  await page.locator("[name='lines[0].name']").fill("Чай улун");
  await page.locator("[name='lines[0].quantity']").fill("2");
  await page.locator("[name='lines[0].price']").fill("350");
  await page.locator("[name='lines[0].price']").press("Enter");
  await page.waitForURL(/\/orders\/\d+$/);
  return new URL(page.url()).pathname;
}

async function reportMoney(page, server, reference, amount) {
  await page.goto(`${server.url}/money`);
  await page.locator("details:has(input[type=file]) > summary").click();
  const buffer = statement([[amount, `Оплата заказа, счёт ${reference}`]]);
  await page.locator("input[type=file]").setInputFiles({ name: "kl_to_1c.txt", mimeType: "text/plain", buffer });
  await page.locator("form:has(input[type=file]) [type=submit]").click();
  await page.waitForURL(/\/money\/files\/\d+/);
  assert.match(await page.locator("main").innerText(), /Разнесен/);
}

/// From the shelf to the carrier, on a phone.
async function handOver(page, server, order) {
  await page.goto(`${server.url}/pick`);
  await page.locator(`form[action='/pick/${order}/start'] [type=submit]`).click();
  await page.waitForURL(new RegExp(`/pick/${order}$`));
  for (const verb of ["take", "finish"]) {
    const done = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.locator(`form[action='/pick/${order}/${verb}'] [type=submit]`).last().click();
    assert.ok((await done).status() < 400, verb);
    await page.waitForLoadState();
  }
  assert.deepEqual(await overflow(page), []);
  await page.locator("[name=tracking]").fill("TD0000000001");
  await page.locator("form:has([name=tracking]) [type=submit]").click();
  await page.waitForURL((where) => !where.pathname.startsWith("/shipments/of/"));
}

for (const script of [true, false]) {
  test(`an order goes from the telephone to the carrier, ${script ? "live" : "without JavaScript"}`, async (t) => {
    const server = await company(t);
    const on = async (who, width = 1440) => {
      const page = await open(t, { width, script });
      await signIn(page, server, people[who]);
      return page;
    };
    const operator = await on("operator");
    const path = await takeOrder(operator, server);
    const id = path.split("/").at(-1);
    const main = await operator.locator("main").innerText();
    const reference = main.match(/TX\d{8}/)[0];
    const total = number(await operator.locator("dt:text-is('Итого') + dd").first().innerText());
    assert.equal(total, 700);

    const owner = await on("owner");
    await owner.goto(server.url + path);
    assert.doesNotMatch(await owner.locator("#order-now").innerText(), /Оплачен/);
    await owner.evaluate(() => (globalThis.same = "page")).catch(() => undefined);

    await reportMoney(await on("accountant"), server, reference, total.toFixed(2));
    await sees(owner, script, /На подтверждении/);
    await operator.reload();
    const confirm = operator.locator(`form[action='${path}/confirm'] [type=submit]`);
    if ((await confirm.count()) > 0) await confirm.click();

    const storekeeper = await on("storekeeper", 360);
    await handOver(storekeeper, server, id);
    await sees(owner, script, /В пути/);
    if (script) assert.equal(await owner.evaluate(() => globalThis.same), "page", "the page was not loaded again");
    for (const page of [operator, owner, storekeeper]) assert.deepEqual(page.troubles, []);
  });
}

/// With a script the open page comes to say so by itself; without one the person loads it again.
async function sees(page, script, words) {
  if (!script) await page.reload();
  await page.locator("#order-now").getByText(words).first().waitFor({ timeout: 10_000 });
}
