import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, open, overflow, widths } from "./harness.mjs";
import { sampleNames, serveSamples } from "./samples.mjs";

// Texts change with the language, colours with the theme: pairs see all of both in half the time.
const pairs = [
  ["ru", "light"],
  ["en", "dark"],
];

test("every part and page of the visual system can be used by everybody, on a phone and on a desk", async (t) => {
  const server = await serveSamples(t);
  const names = await sampleNames();
  assert.ok(names.length > 20, `only ${names.length} samples`);
  const found = [];
  for (const width of widths) {
    for (const [language, theme] of pairs) {
      const page = await open(t, { width, theme });
      for (const name of names) {
        await page.goto(`${server.url}/${name.replaceAll("/", "-")}-${language}-${theme}.html`);
        const troubles = [...(await axe(page)), ...(await overflow(page)), ...page.troubles.splice(0)];
        found.push(...troubles.map((what) => `${name} ${language} ${width} ${theme}: ${what}`));
      }
    }
  }
  assert.deepEqual(found, []);
});
