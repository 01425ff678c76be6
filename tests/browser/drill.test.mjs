// The drill as somebody new meets it: one click, ready-made orders, tasks that tick themselves, and the way back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, open, overflow, shot, signIn } from "./harness.mjs";
import { company, people } from "./company.mjs";

test("a new owner begins the drill on a phone, does two tasks, and leaves it", async (t) => {
  const server = await company(t);
  const page = await open(t, { width: 360 });
  await signIn(page, server, people.owner);
  await page.goto(`${server.url}/drill`);
  await shot(page, "drill-begin-ru-360-light");
  await page.locator("form[action='/drill/begin'] [type=submit]").click();
  await page.locator("#drill-find").waitFor();
  const found = [...(await axe(page)), ...(await overflow(page))];
  await shot(page, "drill-tasks-ru-360-light");
  // By the last digits, as the task says.
  await page.goto(`${server.url}/orders?q=000-01-17`);
  await page.locator("tbody a.row-link").first().click();
  await page.waitForURL(/\/orders\/\d+$/);
  await page.locator("form[action$='/comment'] textarea").fill("Нашёл");
  await page.locator("form[action$='/comment'] [type=submit]").click();
  // The task is ticked by the fact, a moment later, and the line on top says so by itself.
  await page.getByText("Нашёл").first().waitFor();
  await page.getByText("сделано 1 из 8").waitFor();
  await page.goto(`${server.url}/drill`);
  await page.locator("#drill-find .badge").waitFor();
  await page.locator("#drill-holder select").selectOption("carrier");
  await page.locator("#drill-holder [type=submit]").click();
  await page.locator("#drill-holder .field-error").waitFor();
  await page.locator("#drill-holder select").selectOption("queue");
  await page.locator("#drill-holder [type=submit]").click();
  await page.locator("#drill-holder .badge").waitFor();
  found.push(...(await axe(page)), ...(await overflow(page)));
  await shot(page, "drill-half-ru-360-light");
  await page.locator("form[action='/drill/end'] [type=submit]").click();
  await page.locator("form[action='/drill/begin']").waitFor();
  assert.deepEqual(found, []);
});
