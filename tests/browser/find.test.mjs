// The script alone, over the samples: the palette, who else looks, drafts, and what is written without a line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, open } from "./harness.mjs";
import { serveSamples } from "./samples.mjs";

const order = { label: "TK-2001 · Анна", note: "Новый", href: "/pages/card", closeness: 1 };

/// The palette's server: answers `found(q)` after a while.
function finding(server, found, after = () => 0) {
  const asked = [];
  server.answer("/find", async (request, response) => {
    const q = new URL(request.url, "http://samples").searchParams.get("q");
    asked.push(q);
    await new Promise((done) => setTimeout(done, after(q)));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ q, groups: found(q) }));
  });
  return asked;
}

async function at(t, server, path, options) {
  const page = await open(t, options);
  await page.goto(`${server.url}${path}`);
  await page.waitForSelector("[data-live-dot][data-state=on]", { state: "attached" });
  return page;
}

const options = (page) => page.locator("#palette [role=option]");
const chosen = (page) => page.locator("#palette [role=option][aria-selected=true] > :first-child").innerText();
/// The next page does not ask whether it may be left.
const leave = (page) => page.on("dialog", (dialog) => dialog.accept());

test("the palette shows what the server finds beside what the page can do, grouped, and Enter opens it", async (t) => {
  const server = await serveSamples(t);
  finding(server, (q) => (q === "2001" ? [{ title: "Заказы", items: [order] }] : []));
  const page = await at(t, server, "/pages/desk");
  await page.keyboard.press("Control+k");
  await page.locator("#palette-list").getByText("Экраны").waitFor();
  assert.match(await page.locator("#palette-list").innerText(), /G\s*O/, "the key stands beside");
  await page.keyboard.type("2001");
  await page.locator("#palette").getByText("TK-2001").waitFor();
  assert.deepEqual(await axe(page), []);
  assert.equal(await page.locator("#palette [role=combobox]").getAttribute("aria-activedescendant"), "palette-0");
  await Promise.all([page.waitForURL("**/pages/card"), page.keyboard.press("Enter")]);
  assert.deepEqual(page.troubles, []);
});

test("words in the wrong layout find screens, and arrows choose among them", async (t) => {
  const server = await serveSamples(t);
  finding(server, () => []);
  const page = await at(t, server, "/pages/desk");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("pflfxb");
  await options(page).first().waitFor();
  assert.equal(await chosen(page), "Задачи");
  await page.locator("#palette input").fill("");
  const first = await chosen(page);
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await chosen(page), first);
  await page.keyboard.press("ArrowUp");
  assert.equal(await chosen(page), first);
  await page.keyboard.press("Escape");
  await page.locator("#palette").waitFor({ state: "detached" });
});

test("answers that come late or in the wrong order are never shown for other words", async (t) => {
  const server = await serveSamples(t);
  const asked = finding(
    server,
    (q) => [{ title: "Заказы", items: [{ ...order, label: `ответ на ${q}`, href: `/${q}` }] }],
    (q) => (q === "1" ? 600 : 0),
  );
  const page = await at(t, server, "/pages/desk");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("1");
  await page.waitForTimeout(120);
  await page.keyboard.type("2", { delay: 10 });
  await page.locator("#palette").getByText("ответ на 12").waitFor();
  await page.waitForTimeout(700);
  assert.equal(await page.locator("#palette").getByText("ответ на 1", { exact: true }).count(), 0);
  asked.length = 0;
  // Faster than anybody types: the machine's pace has no part in how often is asked.
  await page.locator("#palette input").evaluate((input) => {
    for (const letter of "3456789") {
      input.value += letter;
      input.dispatchEvent(new InputEvent("input", { bubbles: true, data: letter }));
    }
  });
  await page.locator("#palette").getByText("ответ на 123456789").waitFor();
  assert.ok(asked.length <= 2, asked.join());
});

test("Enter waits for the answer to the words that stand there", async (t) => {
  const server = await serveSamples(t);
  finding(server, (q) => (q === "2001" ? [{ title: "Заказы", items: [order] }] : []), () => 300);
  const page = await at(t, server, "/pages/desk");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("2001");
  await Promise.all([page.waitForURL("**/pages/card"), page.keyboard.press("Enter")]);
});

test("the help lists by meaning what can be done, and the focus comes back to where it was", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/desk");
  await page.keyboard.press("j");
  const row = () => page.evaluate(() => document.activeElement.closest("tr")?.id);
  const before = await row();
  await page.keyboard.press("?");
  const help = page.locator("#help:popover-open");
  for (const heading of ["Списки", "Экраны", "Эта страница", "Везде"]) await help.getByRole("heading", { name: heading }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  assert.equal(await row(), before);
  await page.keyboard.press("Control+k");
  await page.waitForSelector("#palette:popover-open");
  await page.keyboard.press("Escape");
  assert.equal(await row(), before);
});

test("tabs, pages and fields are reached and left by keys alone", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/desk");
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  const clicked = (key) =>
    page.evaluate((key) => {
      const found = new Promise((done) => document.addEventListener("click", (event) => (event.preventDefault(), done(event.target.closest("a").className + event.target.closest("a").rel)), { once: true }));
      document.body.dispatchEvent(new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true }));
      return found;
    }, key);
  assert.match(await clicked({ code: "Digit2", key: "2" }), /^tab/);
  assert.match(await clicked({ code: "BracketRight", key: "ъ" }), /next$/);
});

test("who else has an order open is seen at its row and at the head of its card, and goes when they go", async (t) => {
  const server = await serveSamples(t);
  const list = await at(t, server, "/pages/desk");
  const card = await at(t, server, "/pages/card");
  await assert.doesNotReject(() => until(() => server.posts("/presence").some((body) => body.includes('"order/TK-1042"'))));
  server.present({ "order/TK-1042": [["ИЗ", "Иван Зимин"]] });
  await list.locator("#order-TK-1042 .onlookers").getByText("ИЗ").waitFor();
  await card.locator(".heading .onlookers").getByText("ИЗ").waitFor();
  assert.equal(await list.locator("#order-TK-1042 .onlookers .unseen").innerText(), "Сейчас открыто у: Иван Зимин");
  assert.deepEqual(await axe(list), []);
  // A list that is read again keeps them.
  server.change((text) => text.replaceAll("Ждём оплату", "Собран"));
  server.say(["orders"]);
  await list.getByText("Собран").first().waitFor();
  assert.equal(await list.locator("#order-TK-1042 .onlookers").count(), 1);
  server.present({ "order/TK-1042": [] });
  await list.locator("#order-TK-1042 .onlookers").waitFor({ state: "detached" });
  const before = server.posts("/presence").length;
  await card.goto(`${server.url}/pages/form`);
  await until(() => server.posts("/presence").slice(before).some((body) => body.includes('"looked":[]')));
});

test("words of a form that was left are offered again, and nothing secret is kept", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/form");
  leave(page);
  await page.locator("[name=name]").fill("Пётр Великий");
  await page.locator("[name=password]").fill("очень тайно");
  await page.locator("[name=note]").fill("позвонить после шести");
  await page.locator("[name=agreed]").check();
  await page.goto(`${server.url}/pages/desk`);
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })), /тайно/);
  await page.goto(`${server.url}/pages/form`);
  assert.equal(await page.locator("[name=note]").inputValue(), "", "offered, not put in");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("button", { name: /^Вернуть написанное в \d\d:\d\d$/ }).press("Enter");
  assert.equal(await page.locator("[name=name]").inputValue(), "Пётр Великий");
  assert.equal(await page.locator("[name=note]").inputValue(), "позвонить после шести");
  assert.equal(await page.locator("[name=agreed]").isChecked(), true);
  assert.equal(await page.locator(".draft-offer").count(), 0);
});

test("a form that was taken leaves no draft, one that was refused does, and signing out takes all away", async (t) => {
  const server = await serveSamples(t);
  const answers = (status, path) =>
    server.answer("/customers/7", async (request, response) => {
      const text = await (await fetch(`${server.url}${path}`)).text();
      response.writeHead(status, { "content-type": "text/html" }).end(text);
    });
  answers(422, "/pages/form");
  const page = await at(t, server, "/pages/form");
  leave(page);
  const send = async () => {
    await page.locator("[name=note]").fill("важное");
    await Promise.all([page.waitForURL("**/customers/7"), page.locator("[name=note]").press("Control+Enter")]);
    await page.goto(`${server.url}/pages/form`);
  };
  await send();
  await page.locator(".draft-offer").waitFor();
  answers(200, "/pages/desk");
  await send();
  assert.equal(await page.locator(".draft-offer").count(), 0);
  await page.locator("[name=note]").fill("и это");
  await page.goto(`${server.url}/pages/form`);
  await page.locator(".draft-offer").waitFor();
  server.answer("/sign-out", (request, response) => response.writeHead(204).end());
  await page.evaluate(() => document.querySelector("[data-sign-out]").requestSubmit());
  await until(async () => !(await page.evaluate(() => JSON.stringify(localStorage))).includes("и это"));
});

test("without a line it is said since when, notes wait and are sent once, and other forms keep their words", async (t) => {
  const server = await serveSamples(t);
  const page = await at(t, server, "/pages/card");
  leave(page);
  server.answer("/orders/TK-1042/comment", async (request, response) => {
    const card = await (await fetch(`${server.url}/pages/card`)).text();
    response.writeHead(200, { "content-type": "text/html" }).end(card);
  });
  server.cut();
  await page.locator("#offline").getByText(/с \d\d:\d\d/).waitFor({ timeout: 15_000 });
  await page.locator("[name=comment]").fill("перезвонит в пять");
  await page.locator("[name=comment]").press("Control+Enter");
  await page.locator(".waiting-notes").getByText("перезвонит в пять").waitFor();
  assert.match(await page.locator(".waiting-notes").innerText(), /Ждёт связи/);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(server.posts("/orders/TK-1042/comment"), []);
  // More than a browser keeps is not taken away from who wrote it.
  await page.locator("[name=comment]").fill("ы".repeat(31_000));
  await page.locator("[name=comment]").press("Control+Enter");
  await page.locator(".not-sent").waitFor();
  assert.equal((await page.locator("[name=comment]").inputValue()).length, 31_000);
  await page.locator("[name=comment]").fill("");
  server.mend();
  await page.locator(".waiting-notes").waitFor({ state: "detached", timeout: 40_000 });
  await page.locator("#offline").waitFor({ state: "hidden" });
  const sent = server.posts("/orders/TK-1042/comment").map((body) => new URLSearchParams(body));
  assert.equal(sent.length, 1);
  assert.equal(sent[0].get("comment"), "перезвонит в пять");
  assert.match(sent[0].get("key"), /^[0-9a-f]{24}$/);

  const form = await at(t, server, "/pages/form");
  leave(form);
  server.cut();
  await form.locator("#offline:not([hidden])").waitFor({ timeout: 15_000 });
  await form.locator("[name=note]").fill("не потерять");
  await form.locator("[name=note]").press("Control+Enter");
  await form.locator(".not-sent").getByText(/Не отправлено: нет связи с сервером с \d\d:\d\d/).waitFor();
  assert.equal(await form.locator("[name=note]").inputValue(), "не потерять");
  assert.deepEqual(server.posts("/customers/7"), []);
});

async function until(holds) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`never became true: ${holds}`);
}
