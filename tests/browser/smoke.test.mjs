import assert from "node:assert/strict";
import { test } from "node:test";
import { album, open, start } from "./harness.mjs";

test("a stranger is shown the sign-in page, in both languages, on a phone and on a desk", async (t) => {
  const server = await start(t);
  const found = await album(t, "sign-in", async (page) => {
    await page.goto(server.url);
    assert.equal(new URL(page.url()).pathname, "/sign-in");
  });
  assert.deepEqual(found, []);
});

test("the sign-in page works without JavaScript", async (t) => {
  const server = await start(t);
  const page = await open(t, { script: false });
  await page.goto(`${server.url}/sign-in`);
  assert.equal(await page.locator("form input[type=password]").count(), 1);
  assert.deepEqual(page.troubles, []);
});
