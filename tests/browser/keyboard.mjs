// A person at the keyboard: keys alone, counted. A pointer that is used anyway is a trouble of the page.

import assert from "node:assert/strict";
import { post } from "./company.mjs";
import { axe, languages, open, overflow, themes, widths } from "./harness.mjs";

/// No step waits for a time; this is when a step that never ends is given up.
const PATIENCE = 30_000;

/// Every language, width and theme.
export const looks = languages.flatMap((language) => widths.flatMap((width) => themes.map((theme) => ({ language, width, theme }))));

export const name = ({ language, width, theme }) => `${language} ${width} ${theme}`;

/// A page with nobody at it but a keyboard: `keys.pressed` and `keys.screens` count what it took.
export async function atKeyboard(t, look) {
  const page = await open(t, look);
  page.setDefaultTimeout(PATIENCE);
  // From the beginning: one that is asked for together with the key may come after it, and the window opens for nobody.
  page.on("filechooser", () => {});
  await page.addInitScript(() => {
    addEventListener("pointerdown", () => console.error("a pointer was used"), true);
  });
  return new Keyboard(page, look);
}

export class Keyboard {
  constructor(page, look) {
    this.page = page;
    this.look = look;
    this.forget();
    page.on("framenavigated", (frame) => frame === page.mainFrame() && (this.screens += 1));
  }

  /// Counts from here.
  forget() {
    this.pressed = 0;
    this.screens = 0;
  }

  async press(...keys) {
    for (const key of keys) {
      this.pressed += 1;
      await this.page.keyboard.press(key);
    }
  }

  async type(text) {
    this.pressed += text.length;
    await this.page.keyboard.type(text);
  }

  /// The keys, and the screen that comes of them.
  async turn(...keys) {
    // A mark on the page that is left, so that nothing late of it is taken for the next.
    await this.page.evaluate(() => (globalThis.left = true));
    await this.press(...keys);
    const stays = () => this.page.evaluate(() => globalThis.left === true).catch(() => true);
    await this.comes(async () => !(await stays()), `a screen after ${keys.join(" ")}`);
    await this.page.waitForLoadState("load");
  }

  async comes(holds, what) {
    const until = Date.now() + PATIENCE;
    while (Date.now() < until) {
      if (await holds()) return;
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.fail(`${name(this.look)}: never came: ${what}, at ${this.page.url()}\n${await this.page.locator("body").innerText({ timeout: 1000 }).catch(String)}`);
  }

  /// A window that opens takes the focus to its first field.
  async inWindow(window, field) {
    await this.page.locator(`${window}:popover-open`).waitFor();
    await this.comes(() => this.page.evaluate((of) => Boolean(document.activeElement?.matches(of)), `${window} ${field}`), `the focus in ${window}`);
  }

  /// Tab, until what is meant has the focus.
  async reach(selector, most = 60, key = "Tab") {
    for (let tabs = 0; tabs <= most; tabs += 1) {
      if (await this.page.evaluate((selector) => Boolean(document.activeElement?.matches(selector)), selector)) return;
      await this.press(key);
    }
    assert.fail(`${name(this.look)}: ${selector} is not reached by ${most} of ${key} at ${this.page.url()}`);
  }

  /// By words: the palette runs what it found first.
  async find(words, expected) {
    await this.press("Control+k");
    await this.page.locator("#palette").waitFor();
    await this.type(words);
    const chosen = this.page.locator("#palette [role=option][aria-selected=true]");
    await this.comes(async () => (await chosen.count()) === 1 && expected.test(await chosen.innerText()), `${expected} in the palette`);
    const keys = await chosen.locator("kbd").allInnerTexts();
    await this.turn("Enter");
    return keys;
  }

  /// A file for the field, by the window that its key opens.
  async chooses(selector, file) {
    await this.reach(selector);
    const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), this.press("Space")]);
    await chooser.setFiles(file);
  }

  /// The person reads it, whatever the screen took to say so.
  async reads(selector, words) {
    const place = this.page.locator(selector);
    await this.comes(async () => (await place.count()) > 0 && words.test((await place.allInnerTexts()).join("\n")), `${words} in ${selector}`);
  }

  get path() {
    return new URL(this.page.url()).pathname;
  }

  /// What anybody may hold against the screen. axe looks once at a screen in each theme: no more differs for it.
  async fits(screen) {
    const found = await overflow(this.page);
    const { width, theme, language } = this.look;
    const once = `${screen} ${theme}`;
    if (!this.seen.has(once)) {
      this.seen.add(once);
      found.push(...(await axe(this.page)));
    }
    assert.deepEqual(found, [], `${screen} ${language} ${width} ${theme}`);
  }

  async ends() {
    assert.deepEqual(this.page.troubles, [], name(this.look));
    await this.page.context().close();
  }
}

/// Through the form, typed.
export async function signInByKeys(keys, { url }, { email, password }) {
  await keys.page.goto(`${url}/sign-in`);
  await keys.reach("input[type=email]");
  await keys.type(email);
  await keys.press("Tab");
  await keys.type(password);
  await keys.turn("Enter");
  await keys.comes(() => !keys.path.startsWith("/sign-in"), "the sign-in is left");
}

/// Runs a journey in every look. Who has signed in once comes back with what the browser kept; the language is theirs.
export async function everywhere(t, server, person, journey) {
  const seen = new Set();
  let kept;
  for (const look of looks) {
    const began = performance.now();
    const keys = await atKeyboard(t, look);
    if (kept) await keys.page.context().addCookies(kept);
    else await signInByKeys(keys, server, person);
    await post(keys.page, server, "/profile", { name: "Мария", lang: look.language, theme: "auto", density: "roomy" });
    kept = (await keys.page.context().cookies()).filter(({ name }) => name !== "lang");
    await keys.page.goto(server.url);
    keys.seen = seen;
    await journey(keys, look);
    await keys.ends();
    t.diagnostic(`${name(look)}: ${Math.round(performance.now() - began)} ms`);
  }
}
