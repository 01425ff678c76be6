// J2: the owner with half an hour. Three questions answered, every number leads to its orders, steps in from an order,
// one report by city taken away as a table, and the drill begun: its first four tasks, all by keys.

import assert from "node:assert/strict";
import { test } from "node:test";
import { apiOrder, company, people, post, read } from "./company.mjs";
import { open, overflow, signIn } from "./harness.mjs";
import { everywhere } from "./keyboard.mjs";

const said = {
  ru: { home: /В работе[^]*Что горит[^]*Что сделали/, held: /Остановил владелец/, asked: /ждём ответа до/, carried: /Казань/ },
  en: { home: /In work[^]*What burns[^]*What was done/, held: /Stopped by the owner/, asked: /answer/i, carried: /Казань/ },
};
/// The drill is long: it is begun on a phone in one language and at a desk in the other.
const drilled = ({ language, width, theme }) => (language === "ru" && width === 360 && theme === "light") || (language === "en" && width === 1440 && theme === "dark");

test("an owner sees, steps in, takes a report away and begins the drill, in every look", async (t) => {
  const server = await company(t);
  const owner = await open(t);
  await signIn(owner, server, people.owner);
  await owner.goto(`${server.url}/settings/engagements`);
  const manager = await owner.locator("form[action*='/settings/manager'] select[name=person] option").nth(2).getAttribute("value");
  await post(owner, server, await owner.locator("form[action*='/settings/manager']").getAttribute("action"), { person: manager });
  let number = 0;
  await everywhere(t, server, people.owner, async (keys, look) => {
    const words = said[look.language];
    const order = await apiOrder(server, String((number += 1)));
    assert.equal(keys.path, "/home");
    await keys.reads("main", words.home);
    await keys.fits("home");

    // A number is a link to the very orders that it counts.
    const stat = "#home-work a.stat[href='/orders?view=new']";
    await keys.comes(async () => (await keys.page.locator(`${stat} .stat-value`).innerText()) === String(number), "the order is counted");
    await keys.reach(stat);
    await keys.turn("Enter");
    assert.equal(await keys.page.locator("tr[data-row]").count(), number);
    await keys.find(order.number, new RegExp(order.number));
    assert.equal(keys.path, `/orders/${order.id}`);
    await keys.reads("#order-lines", /Чай улун/);
    await keys.fits("owner-card");

    // An instruction, a hold and a question: a key, the words, and away.
    keys.forget();
    await keys.press("i");
    await keys.inWindow("#instruct", "textarea");
    await keys.type("Положить открытку");
    await keys.turn("Control+Enter");
    await keys.reads("#order-notices", /Положить открытку/);
    await keys.press("h");
    await keys.inWindow("#hold", "textarea");
    await keys.type("Проверю");
    await keys.turn("Control+Enter");
    await keys.reads("#order-now", words.held);
    await keys.turn("h");
    await keys.comes(async () => !words.held.test(await keys.page.locator("#order-now").innerText()), "it goes on");
    await keys.press("q");
    await keys.inWindow("#ask", "select");
    await keys.press("Tab");
    await keys.type("Почему стоит?");
    await keys.turn("Control+Enter");
    await keys.reads("#order-questions", words.asked);
    assert.equal(keys.screens, 4, "each was one screen");

    // By city, and away as a table.
    await keys.turn("g", "y");
    await keys.reach("select[name=by]");
    await keys.turn("Home");
    await keys.comes(() => keys.page.url().includes("by=city"), "by city");
    await keys.reads("main", words.carried);
    await keys.fits("slices");
    await keys.reach("a[href*='list.xlsx']");
    const [file] = await Promise.all([keys.page.waitForEvent("download"), keys.press("Enter")]);
    assert.match(file.suggestedFilename(), /\.xlsx$/);

    if (drilled(look)) await drill(keys, words);
  });
});

/// The first four tasks in the practice company; each is ticked by what was done.
async function drill(keys, words) {
  keys.page.on("dialog", (dialog) => dialog.accept());
  const done = async (task) => {
    await keys.turn("g", "u");
    await keys.comes(async () => (await keys.page.locator(`#drill-${task} .badge.tone-good`).count()) === 1, `${task} is ticked`);
  };
  const numberOf = async (task) => (await keys.page.locator(`#drill-${task}`).innerText()).match(/(?:заказ[а-я]*|order) (\d+)/i)[1];
  const card = async (number) => {
    await keys.find(number, new RegExp(`^(?:Заказ |Order )?${number}(?!\\d)`));
    assert.match(keys.path, /^\/orders\/\d+$/);
  };
  const comment = async (text) => {
    await keys.press("c");
    await keys.type(text);
    await keys.press("Control+Enter");
    await keys.reads("#order-comments", new RegExp(text));
    await keys.press("Escape");
  };
  await keys.turn("g", "u");
  await keys.reach("form[action='/drill/begin'] [type=submit]");
  await keys.turn("Enter");
  await keys.fits("drill");
  const numbers = {};
  for (const task of ["holder", "confirm"]) numbers[task] = await numberOf(task);

  await keys.turn("g", "o");
  await keys.press("/");
  await keys.type("000-01-17");
  await keys.turn("Enter");
  await keys.press("j");
  await keys.turn("Enter");
  await comment("Нашла");
  await done("find");

  await keys.reach("#drill-holder select");
  const told = () => keys.page.locator("#drill-holder select").inputValue();
  for (let options = 0; options < 12 && (await told()) !== "queue"; options += 1) await keys.press("ArrowDown");
  await keys.reach("#drill-holder [type=submit]");
  await keys.turn("Enter");
  await done("holder");

  await keys.turn("g", "o");
  await keys.turn("n");
  await keys.type("8 912 000-00-01");
  await keys.reach("[name='lines[0].name']");
  await keys.type("Кружка");
  await keys.reach("[name='lines[0].quantity']");
  await keys.type("1");
  await keys.reach("[name='lines[0].price']");
  await keys.type("350");
  await keys.turn("Enter");
  await done("phone");

  await card(numbers.confirm);
  await keys.turn("y");
  await done("confirm");

  await keys.reach("form[action='/drill/end'] [type=submit]");
  await keys.turn("Enter");
}

test("without JavaScript the owner follows a number to its orders and steps in by a form", async (t) => {
  const server = await company(t);
  const order = await apiOrder(server, "1");
  const page = await open(t, { script: false, width: 360 });
  await signIn(page, server, people.owner);
  await page.locator("#home-work a.stat[href='/orders?view=new']").click();
  await page.locator("tbody a.row-link").first().click();
  await page.waitForURL(`**/orders/${order.id}`);
  await page.locator("details.more > summary").click();
  await page.locator("[popovertarget=hold]").first().click();
  await page.locator("#hold textarea").fill("Проверю");
  await page.locator("#hold [type=submit]").click();
  await page.waitForLoadState();
  assert.equal((await read(server, order.id)).stage, "new");
  assert.match(await page.locator("#order-now").innerText(), /Остановил владелец/);
  assert.deepEqual(await overflow(page), []);
  await page.goto(`${server.url}/reports/slices?by=city`);
  assert.match(await page.locator("main").innerText(), /Казань/);
});
