import assert from "node:assert/strict";
import { test } from "node:test";
import { speak } from "./company.mjs";
import { album, open, signIn, start, takt } from "./harness.mjs";

const operator = { email: "operator@example.org", password: "correct horse battery" };

/// A company with a shop and an operator.
async function desk(t) {
  const server = await start(t);
  const { data } = server;
  const company = await takt(["company", "create", "--name", "Чай", "--currency", "RUB"], { data });
  await takt(["shop", "create", "--company", company, "--name", "Чай"], { data });
  const user = ["user", "create", "--company", company, "--email", operator.email, "--role", "operator"];
  await takt(user, { data, input: operator.password });
  return server;
}

test("a row is added in place, empty and with the next number", async (t) => {
  const server = await desk(t);
  const page = await open(t);
  await signIn(page, server, operator);
  await page.goto(`${server.url}/orders/new`);
  await page.locator("[name='lines[4].sku']").fill("A-1");
  await page.locator("button[name=more]").click();
  const focused = await page.evaluate(() => ["name", "id", "value", "ariaLabel"].map((of) => document.activeElement[of]));
  assert.deepEqual(focused, ["lines[5].sku", "field-lines-5--sku", "", "Артикул, строка 6"]);
  assert.equal(await page.locator("[name='lines[4].sku']").inputValue(), "A-1");
  assert.equal(new URL(page.url()).pathname, "/orders/new");
  assert.deepEqual(page.troubles, []);
});

test("an order is taken with the keyboard alone, and without JavaScript", async (t) => {
  const server = await desk(t);
  for (const script of [true, false]) {
    const page = await open(t, { script });
    await signIn(page, server, operator);
    await page.goto(`${server.url}/orders/new`);
    await page.locator("[name='customer.phone']").fill("8 912 345-67-89");
    if (!script) await page.locator("button[name=more]").click();
    await page.locator("[name='lines[0].name']").fill("Кружка");
    await page.locator("[name='lines[0].price']").fill("350");
    await page.locator("[name='lines[0].quantity']").fill("2");
    await page.locator("[name='lines[0].quantity']").press("Enter");
    await page.waitForURL(/\/orders\/\d+$/);
    assert.match(await page.textContent("body"), /700,00/);
    assert.deepEqual(page.troubles, []);
  }
});

test("the form and its refusals are fit to be seen", async (t) => {
  const server = await desk(t);
  const found = await album(t, "new-order", async (page, { language }) => {
    await signIn(page, server, operator);
    await speak(page, server, language);
    await page.goto(`${server.url}/orders/new`);
    await page.locator("[name='lines[0].name']").fill("Кружка");
    await page.locator("[name='lines[0].quantity']").fill("x");
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.locator("[name='lines[0].quantity']").press("Enter");
    assert.equal((await answered).status(), 422);
    await page.locator(".form-errors").waitFor();
    // The browser itself reports the 422 as an error of loading.
    page.troubles.length = 0;
  });
  assert.deepEqual(found, []);
});
