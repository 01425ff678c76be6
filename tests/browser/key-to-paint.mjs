// How long it takes from a key until what it does is painted, with 20,000 orders in work: `node key-to-paint.mjs`.
// Prints one line a key: how often, the median and the 95th of a hundred, in milliseconds.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { company, people } from "./company.mjs";
import { open, signIn, takt } from "./harness.mjs";

const ORDERS = Number(process.env.ORDERS ?? 20_000);

function order(number) {
  return {
    external_id: String(100_000 + number),
    currency: "RUB",
    terms: number % 3 === 0 ? "on_delivery" : "prepaid",
    customer: { name: `Покупатель ${number}`, phone: `8 912 ${String(1_000_000 + number)}` },
    lines: [{ name: "Чай улун, 100 г", quantity: "2", unit: "pcs", price: "199.50", vat: "22" }],
    delivery: { method: "courier", address: `${["Казань", "Тверь", "Москва"][number % 3]}, ул. Мира, ${number}`, price: "300.00" },
  };
}

/// In the page: from the moment of the key until the frame in which the state is another was painted.
function watch() {
  const state = () =>
    [document.activeElement?.closest("tr[data-row]")?.id, document.querySelectorAll("[data-choose]:checked").length,
      Boolean(document.querySelector("details[data-panel][open]")), Boolean(document.getElementById("quick"))].join();
  globalThis.painted = [];
  globalThis.addEventListener("keydown", (event) => {
    const before = state();
    const look = () => {
      if (state() === before && performance.now() - event.timeStamp < 5000) return requestAnimationFrame(look);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => globalThis.painted.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    };
    requestAnimationFrame(look);
  }, true);
}

test("key to paint", async (t) => {
  const server = await company(t);
  const file = join(server.data, "orders.ndjson");
  await writeFile(file, Array.from({ length: ORDERS }, (_, number) => JSON.stringify(order(number))).join("\n"));
  const began = Date.now();
  await takt(["import", "orders", file, "--company", "Чай", "--shop", "Чайная лавка"], { data: server.data });
  console.log(`${ORDERS} orders taken in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  const page = await open(t);
  await page.addInitScript(watch);
  await signIn(page, server, people.operator);
  for (const query of ["view=work", "view=work&city=%D0%A2%D0%B2%D0%B5%D1%80%D1%8C", "view=work&product=nothing"]) {
    const times = [];
    for (let round = 0; round < 10; round += 1) {
      const asked = performance.now();
      await (await page.request.get(`${server.url}/orders?${query}`)).text();
      times.push(performance.now() - asked);
    }
    tell(`GET ${query}`, times);
  }
  await page.goto(`${server.url}/orders?view=work`);
  for (const [name, key, count] of [["J, four pages", "KeyJ", 220], ["X", "KeyX", 60], ["F", "KeyF", 1], ["Escape", "Escape", 1], ["K", "KeyK", 60], ["E", "KeyE", 1]]) {
    await page.evaluate(() => (globalThis.painted.length = 0));
    for (let pressed = 1; pressed <= count; pressed += 1) {
      await page.keyboard.press(key);
      await page.waitForFunction((wanted) => globalThis.painted.length >= wanted, pressed);
    }
    tell(name, await page.evaluate(() => globalThis.painted));
  }
});

function tell(name, times) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
  console.log(`${name}: ${times.length} times, median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${sorted.at(-1).toFixed(1)} ms`);
}
