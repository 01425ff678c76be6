// The regulation is written by the keyboard: words are offered where they fit, and taken without looking them up.

import assert from "node:assert/strict";
import { test } from "node:test";
import { company, people } from "./company.mjs";
import { open, shot, signIn } from "./harness.mjs";
import { everywhere, name } from "./keyboard.mjs";

const EDITOR = "#field-text";
const OPTIONS = `${EDITOR}-words [role=option]`;

const said = {
  ru: { paid: /Пришли деньги за заказ/, found: /\d/, pick: /Собрать/ },
  en: { paid: /Money for the order came/, found: /\d/, pick: /Pick/ },
};

/// What is offered, by its words, the chosen one first.
async function offered(keys) {
  const lines = await keys.page.locator(OPTIONS).evaluateAll((all) => all.map((line) => [line.querySelector("code").textContent, line.getAttribute("aria-selected")]));
  return { words: lines.map(([word]) => word), chosen: lines.find(([, selected]) => selected === "true")?.[0] };
}

async function offers(keys, word) {
  await keys.comes(async () => (await offered(keys)).words.includes(word), `${word} is offered`);
  return offered(keys);
}

const isShut = async (keys) => keys.comes(async () => !(await keys.page.locator(`${EDITOR}-words`).evaluate((list) => list.matches(":popover-open"))), "nothing is offered any more");
const written = (keys) => keys.page.locator(EDITOR).inputValue();

test("a rule is written by the keyboard alone, with what fits offered at each place", async (t) => {
  const server = await company(t);
  await everywhere(t, server, people.owner, async (keys, look) => {
    await keys.page.goto(`${server.url}/settings/playbook/text`);
    const words = said[look.language];
    await keys.reach(EDITOR, 200);
    await keys.press("Control+a", "Delete");

    // Prose has no words of its own.
    await keys.type("# Чай when");
    await keys.press("Control+Space");
    await isShut(keys);
    await keys.press("Enter", "Enter");
    await keys.type("```rule tea");
    await keys.press("Enter");

    // Keys: typed a little, taken with Enter; what follows is offered at once.
    await keys.type("wh");
    assert.deepEqual((await offers(keys, "when")).words.slice(0, 2), ["when", "while"]);
    await keys.press("Enter");
    const facts = await offers(keys, "orders.paid");
    assert.ok(facts.words.includes("tasks.closed"), name(look));
    await keys.reads(OPTIONS, words.paid);
    await keys.type("paid");
    assert.equal((await offered(keys)).chosen, "orders.paid");
    if (look.theme === "light") {
      await keys.reads(`${EDITOR}-words + [role=status]`, words.found);
      await shot(keys.page, `playbook-words-${look.language}-${look.width}`);
      await keys.fits("the editor of the playbook");
    }
    const active = await keys.page.locator(EDITOR).getAttribute("aria-activedescendant");
    assert.equal(await keys.page.locator(`#${active} code`).textContent(), "orders.paid");
    await keys.press("Tab");
    assert.match(await written(keys), /when = "orders\.paid"$/);
    await isShut(keys);

    // Fields of the fact that is heard, and of no other; Escape leaves what was typed.
    await keys.press("Enter");
    await keys.type('if = ["');
    const names = await offers(keys, "order.in_work");
    assert.ok(names.words.includes("fact.in_full") && !names.words.includes("fact.terms"), name(look));
    await keys.type("in_f");
    assert.deepEqual((await offers(keys, "order.in_full")).words, ["order.in_full", "fact.in_full"]);
    await keys.press("ArrowDown", "ArrowUp", "ArrowDown");
    assert.equal((await offered(keys)).chosen, "fact.in_full");
    await keys.press("ArrowUp", "Enter");
    await keys.type(" && order.stat");
    await offers(keys, "order.status");
    await keys.press("Escape");
    await isShut(keys);
    await keys.type("us == '");
    await offers(keys, "new");
    await keys.type("new");
    await isShut(keys);
    await keys.type("'\"]");
    assert.match(await written(keys), /if = \["order\.in_full && order\.status == 'new'"\]$/);

    // An action comes with what it cannot be without, and is filled in place by place.
    await keys.press("Enter");
    await keys.type("then = [");
    await keys.press("Control+Space");
    await offers(keys, "tasks.open");
    await keys.press("ArrowDown");
    assert.equal((await offered(keys)).chosen, "tasks.open");
    await keys.press("Enter");
    assert.match(await written(keys), /then = \[\{ do = "tasks\.open", kind = "", role = "", due = "" \}$/);
    assert.ok((await offers(keys, "pick")).words.includes("offer_or_refund"));
    await keys.reads(OPTIONS, words.pick);
    await keys.type("pick");
    await isShut(keys);
    for (let step = 0; step < '", role = "'.length; step += 1) await keys.press("ArrowRight");
    await keys.press("Control+Space");
    await offers(keys, "warehouse");
    await keys.type("ware");
    await keys.press("Enter");
    for (let step = 0; step < '", due = "'.length; step += 1) await keys.press("ArrowRight");
    await keys.press("Control+Space");
    await offers(keys, "15 min");
    await keys.press("ArrowDown", "Enter");
    // Of the text, not of the line: on a phone a line of the text may be two on the screen.
    await keys.press("Control+End");
    await keys.type("]");
    await keys.press("Enter");
    await keys.type("```");
    assert.match(await written(keys), /kind = "pick", role = "warehouse", due = "15 min" \}\]\n```$/);

    // What was taken is undone as what was typed.
    await keys.press("Enter", "Enter");
    await keys.type("```rule more");
    await keys.press("Enter");
    await keys.type("cal");
    await offers(keys, "calendar");
    await keys.press("Enter");
    assert.match(await written(keys), /calendar = $/);
    await keys.press("Escape", "Control+z");
    assert.match(await written(keys), /\ncal$/);
  });
});

test("without a script the words stand below the text, each with its sentence", async (t) => {
  const server = await company(t);
  const page = await open(t, { script: false });
  await signIn(page, server, people.owner);
  await page.goto(`${server.url}/settings/playbook/text`);
  assert.equal(await page.locator(OPTIONS).count(), 0);
  assert.equal(await page.locator(`${EDITOR}-words-hint`).count(), 0, "nothing is promised that does not work");
  assert.match(await page.locator("body").textContent(), /orders\.paid Пришли деньги за заказ/);
});
