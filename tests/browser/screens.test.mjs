import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, open, overflow, signIn, start, takt, themes } from "./harness.mjs";
import { apiOrder, company, people, speak, statement } from "./company.mjs";

const settings = [
  "companies", "shops", "people", "engagements", "calendars", "tokens", "statuses", "promises", "bank-accounts", "bank-channels", "legal-entities", "matching", "buyers-page", "intake",
  "playbook", "playbook/text", "absences", "tasks", "sources", "sources/new", "feeds", "feeds/sources", "templates", "templates/placed/ru", "warehouses", "carriers", "webhooks",
  "sign-ins",
];
const lists = [
  "/drill", "/home", "/home/orders?of=late", "/home/orders?of=deed&is=placed&day=2026-11-21", "/orders", "/orders?view=work&city=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C&payment=none&sort=newest&columns=promise-city-taken-delivery-source-terms-phone-placed-total", "/orders?view=new", "/orders?view=cancel", "/orders?view=all", "/orders/new", "/tasks", "/tasks/people", "/pick",
  "/products", "/products/new", "/money", "/money?state=held", "/money?state=posted", "/money/files", "/money/claims", "/money/books", "/money/refunds", "/money/proofs", "/money/by-hand", "/stock",
  "/customers", "/shipments", "/notifications", "/profile", "/process", "/find", "/find?q=петрова", "/reports/promises", "/reports/promises/orders",
  "/reports/slices", "/reports/slices?by=city&show=revenue&base=before", "/reports/slices?by=product&cross=weekday", "/reports/slices/orders", "/reports/slices/people",
];
// Every pair of width, language and theme; axe looks at each width, language and theme once, for it takes its time.
const looks = [
  { width: 360, language: "ru", theme: "light", closely: true },
  { width: 1440, language: "en", theme: "dark", closely: true },
  { width: 1440, language: "ru", theme: "dark" },
  { width: 360, language: "en", theme: "light" },
];

/// A company in which every screen has something to show, and the addresses of all its screens.
async function addresses(t) {
  const server = await company(t);
  const paid = await apiOrder(server, "1001");
  const other = await apiOrder(server, "1002");
  const page = await open(t);
  await signIn(page, server, people.owner);
  await page.goto(`${server.url}/money`);
  await page.locator("details.details summary").first().click();
  const both = `счета ${paid.invoice.number} и ${other.invoice.number}`;
  const file = statement([[paid.total, `Оплата ${paid.invoice.number}`], ["10.00", "Спасибо за чай"], ["7.00", both]]);
  await page.locator("input[type=file]").setInputFiles({ name: "kl_to_1c.txt", mimeType: "text/plain", buffer: file });
  await page.locator("form:has(input[type=file]) [type=submit]").click();
  await page.waitForURL(/\/money\/files\/\d+/);
  const found = [new URL(page.url()).pathname];
  for (const list of ["/money", "/money?state=posted", "/money?state=held", "/customers", "/notifications", "/products"]) {
    await page.goto(server.url + list);
    const rows = page.locator("tbody a.row-link");
    if ((await rows.count()) > 0) found.push(await rows.first().getAttribute("href"));
  }
  const orders = [`/orders/${paid.id}`, `/orders/${other.id}`, `/orders/${other.id}/edit`, `/orders/${paid.id}/why`, `/orders/${paid.id}/quick`, `/orders/${paid.id}/at`, `/pick/${paid.id}`];
  found.push(...(await webhooks(page, server)));
  found.push(...(await draft(page, server, paid)));
  const every = [...lists, ...settings.map((name) => `/settings/${name}`), ...orders, `/shipments/of/${paid.id}`, ...found];
  return { server, every };
}

/// A draft with the path of an order by it, and the past by it.
async function draft(page, server, order) {
  await page.goto(`${server.url}/settings/playbook/text`);
  await page.locator("[name=note]").fill("Проба");
  await page.locator("[name=deed][value=draft]").click();
  await page.waitForURL(/\/playbook\/drafts\/\d+/);
  const path = new URL(page.url()).pathname;
  await page.locator("[name=deed][value=backtest]").click();
  await page.waitForURL(/\/playbook\/trials\/\d+/);
  return [path, `${path}?order=${order.number}`, new URL(page.url()).pathname];
}

/// A program that cannot be reached, and a message that waits for it.
async function webhooks(page, server) {
  await page.goto(`${server.url}/settings/webhooks`);
  await page.locator("[name=name]").fill("ERP");
  await page.locator("[name=url]").fill("https://takt.invalid/hooks/a-long-path-that-nobody-can-reach-from-here");
  await page.locator("form:has([name=url]) [type=submit]").click();
  await page.waitForSelector("text=whsec_");
  const endpoint = await page.locator("tbody a.row-link").first().getAttribute("href");
  await page.goto(server.url + endpoint);
  await page.locator("form[action*='/ping'] [type=submit]").click();
  await page.waitForSelector("text=webhooks.ping");
  const message = await page.locator("tbody a.row-link").first().getAttribute("href");
  return [endpoint, message];
}

/// What is pressed and stands apart from a text is as large as a thumb. A link inside of a text is as high as the text.
function thumbs(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".button, .tab, .rail-item, .switch button, .control, summary, .check, .settings-page")]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[popover]:not(:popover-open), table .details"))
      .map((one) => ({ one, height: one.getBoundingClientRect().height }))
      .filter(({ height }) => height > 0 && height < 43.5)
      .map(({ one, height }) => `${one.tagName.toLowerCase()}.${one.className} “${one.textContent.trim().slice(0, 20)}” is ${Math.round(height)} px high`),
  );
}

/// Words that nobody wrote, and codes where words should be.
async function raw(page, language) {
  const text = await page.locator("body").innerText();
  const codes = text.match(/⟨[^⟩]*⟩|\{ ?\$\w+ ?\}|\(\$\w+\)|\b(?:on_delivery|pickup_point|closed_hours)\b/g) ?? [];
  const foreign = language === "ru" ? (text.match(/\bpcs\b/g) ?? []) : [];
  return [...codes, ...foreign].map((word) => `“${word}” is not for people`);
}

test("every screen can be used by everybody, in both languages, on a phone and on a desk", async (t) => {
  const { server, every } = await addresses(t);
  const troubles = [];
  for (const { width, language, theme, closely } of looks) {
    const page = await open(t, { width, theme, language });
    await signIn(page, server, people.owner);
    await speak(page, server, language);
    for (const path of every) {
      const answer = await page.goto(server.url + path);
      const where = `${path} ${language} ${width} ${theme}`;
      if (answer.status() !== 200) troubles.push(`${where}: answered ${answer.status()}`);
      const spoken = await page.locator("html").getAttribute("lang");
      if (spoken !== language) troubles.push(`${where}: speaks ${spoken}`);
      const found = [...(await overflow(page)), ...(await spilled(page)), ...(await raw(page, language))];
      if (width < 600) found.push(...(await thumbs(page)));
      if (closely) found.push(...(await axe(page)));
      troubles.push(...[...found, ...page.troubles.splice(0)].map((what) => `${where}: ${what}`));
    }
  }
  assert.equal(troubles.join("\n"), "");
});

test("nothing has to be pushed sideways on a phone, a tablet, a small laptop or a wide desk, also what is folded away", async (t) => {
  const { server, every } = await addresses(t);
  const troubles = [];
  const page = await open(t, { width: 1280 });
  await signIn(page, server, people.owner);
  await speak(page, server, "ru");
  for (const path of every) {
    await page.goto(server.url + path);
    for (const width of [360, 768, 1024, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      for (const fold of [false, true]) {
        await page.evaluate((open) => document.querySelectorAll("main details").forEach((one) => (one.open = open)), fold);
        const found = [...(await overflow(page)), ...(width === 1024 ? await needlessCards(page) : [])];
        troubles.push(...found.map((what) => `${path} ${width}${fold ? " unfolded" : ""}: ${what}`));
      }
    }
  }
  assert.equal(troubles.join("\n"), "");
});

/// Lists of up to six columns that are cards, though they have the whole width beside the panel.
function needlessCards(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("main .table-frame")]
      .filter((frame) => frame.checkVisibility() && frame.clientWidth >= 740)
      .map((frame) => ({ label: frame.querySelector("caption")?.textContent, head: frame.querySelector("thead") }))
      .filter(({ head }) => head && head.querySelectorAll("th").length <= 6 && getComputedStyle(head).position === "absolute")
      .map(({ label, head }) => `the list “${label}” of ${head.querySelectorAll("th").length} columns is cards`),
  );
}

test("of a company that has nothing yet every screen says what it is for and what comes first", async (t) => {
  const server = await start(t);
  const id = await takt(["company", "create", "--name", "Новая лавка", "--currency", "RUB"], { data: server.data });
  await takt(["user", "create", "--company", id, "--email", people.owner.email, "--role", "owner"], { data: server.data, input: people.owner.password });
  const troubles = [];
  const screens = [...lists, ...settings.map((name) => `/settings/${name}`), "/customers/duplicates"].filter((path) => !/[?]|^\/profile/.test(path));
  for (const { width, language, theme } of looks) {
    const page = await open(t, { width, theme, language });
    await signIn(page, server, people.owner);
    await speak(page, server, language);
    for (const path of screens) {
      const answer = await page.goto(server.url + path);
      const where = `${path} ${language} ${width} ${theme}`;
      if (answer.status() !== 200) troubles.push(`${where}: answered ${answer.status()}`);
      const found = [...(await overflow(page)), ...(await spilled(page)), ...(await raw(page, language))];
      if (width < 600) found.push(...(await thumbs(page)));
      troubles.push(...[...found, ...page.troubles.splice(0)].map((what) => `${where}: ${what}`));
    }
  }
  assert.equal(troubles.join("\n"), "");

  // From the first screen to the first shop, by what the screens themselves offer.
  const page = await open(t);
  await signIn(page, server, people.owner);
  for (const path of ["/home", "/orders", "/orders/new"]) {
    await page.goto(server.url + path);
    await page.locator(".empty a.button").click();
    assert.equal(new URL(page.url()).pathname, "/settings/shops", path);
  }
  for (const path of ["/money", "/money/proofs"]) {
    await page.goto(server.url + path);
    await page.locator(".empty a.button").click();
    assert.equal(new URL(page.url()).pathname, "/settings/bank-accounts", path);
  }
});

/// What stands outside of the card it belongs to, though the page is no wider for it; a row of tabs may be pushed.
function spilled(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".card table, .card form, .card dl, .content > *, td .amount, td.numeric")]
      .filter((part) => part.checkVisibility() && getComputedStyle(part).position !== "fixed")
      .filter((part) => {
        const frame = part.closest("td .amount, td.numeric") ? part.closest("tr") : (part.closest(".card") ?? document.querySelector("main"));
        return part.getBoundingClientRect().right > frame.getBoundingClientRect().right + 1;
      })
      .map((part) => `${part.tagName.toLowerCase()}.${part.className} “${part.textContent.trim().slice(0, 20)}” stands out of its card`),
  );
}

test("failures say what to do, in every look", async (t) => {
  const server = await company(t);
  const troubles = [];
  for (const { width, language, theme, closely } of looks) {
    const page = await open(t, { width, theme, language });
    await signIn(page, server, people.storekeeper);
    await speak(page, server, language);
    for (const [path, status] of [["/nothing-here", 404], ["/orders/1", 404], ["/settings/sign-ins", 403]]) {
      const answer = await page.goto(server.url + path);
      const where = `${path} ${language} ${width} ${theme}`;
      if (answer.status() !== status) troubles.push(`${where}: answered ${answer.status()}`);
      const found = [...(await overflow(page)), ...(closely ? await axe(page) : [])];
      troubles.push(...found.map((what) => `${where}: ${what}`));
      if ((await page.locator("a[href='/']").count()) === 0) troubles.push(`${where}: no way back`);
    }
  }
  assert.equal(troubles.join("\n"), "");
});

test("the page of the interface's description can be read", async (t) => {
  const server = await company(t);
  for (const theme of themes) {
    const page = await open(t, { theme });
    await page.goto(`${server.url}/api/docs`);
    assert.match(await page.textContent("body"), /\/api\/v1\/orders/);
    assert.deepEqual([...(await overflow(page)), ...page.troubles], []);
  }
});
