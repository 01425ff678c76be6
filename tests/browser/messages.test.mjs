import assert from "node:assert/strict";
import { test } from "node:test";
import { speak } from "./company.mjs";
import { album, open, signIn, start, takt } from "./harness.mjs";

const manager = { email: "manager@example.org", password: "correct horse battery" };

/// A company that has no mail server, with an order whose buyer is written to.
async function desk(t) {
  const server = await start(t);
  const { data } = server;
  const company = await takt(["company", "create", "--name", "Чай", "--currency", "RUB"], { data });
  await takt(["shop", "create", "--company", company, "--name", "Чайная лавка"], { data });
  const account = ["--bank-account", "40702810900000000001", "--bic", "044525225"];
  await takt(["account", "create", "--company", company, ...account], { data });
  const user = ["user", "create", "--company", company, "--email", manager.email, "--role", "manager"];
  await takt(user, { data, input: manager.password });
  const shop = ["--company", company, "--shop", "Чайная лавка"];
  const token = await takt(["token", "create", ...shop, "--scope", "orders:write,orders:read"], { data });
  const order = {
    currency: "RUB",
    customer: { name: "Анна Петрова", email: "anna@example.org" },
    lines: [{ name: "Чай улун, 100 г", quantity: "2", unit: "pcs", price: "199.50", vat: "22" }],
  };
  const placed = await fetch(`${server.url}/api/v1/orders`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  assert.equal(placed.status, 201, await placed.clone().text());
  return server;
}

test("what is written to a buyer, and how, is fit to be seen", async (t) => {
  const server = await desk(t);
  const visit = (path, then) => async (page, { language }) => {
    await signIn(page, server, manager);
    await speak(page, server, language);
    await page.goto(`${server.url}${path}`);
    await then?.(page);
  };
  const letter = async (page) => {
    await page.locator("#notices tbody a").first().click();
    await page.waitForURL(/\/notifications\/\d+$/);
  };
  const found = [
    ...(await album(t, "messages", visit("/notifications"))),
    ...(await album(t, "messages-letter", visit("/notifications", letter))),
    ...(await album(t, "messages-templates", visit("/settings/templates"))),
    ...(await album(t, "messages-template", visit("/settings/templates/placed/ru"))),
    ...(await album(t, "playbook", visit("/settings/playbook"))),
    ...(await album(t, "playbook-text", visit("/settings/playbook/text"))),
  ];
  assert.deepEqual(found, []);
});

test("a template is tried before it is saved, without JavaScript too", async (t) => {
  const server = await desk(t);
  for (const script of [true, false]) {
    const page = await open(t, { script });
    await signIn(page, server, manager);
    await page.goto(`${server.url}/settings/templates/paid/ru`);
    await page.locator("[name=body]").fill("Спасибо, {{ customer.nam }}!");
    const refused = page.waitForResponse((response) => response.request().method() === "POST");
    await page.locator("button[value=preview]").click();
    assert.equal((await refused).status(), 422);
    await page.locator(".form-errors").waitFor();
    await page.locator("[name=body]").fill("Спасибо, {{ customer.name }}!");
    await page.locator("button[value=preview]").click();
    await page.locator("#preview", { hasText: "Спасибо, Анна Петрова!" }).waitFor();
    await page.locator("button[value=restore]").click();
    await page.locator("#preview", { hasText: "Здравствуйте, Анна Петрова!" }).waitFor();
  }
});
