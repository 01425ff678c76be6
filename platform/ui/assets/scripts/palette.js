// Everything by words, with its key beside it, so that the palette teaches itself away: what was open lately, what can be
// done with the focused row and on this page, screens, and what the server finds.

const ASK_APART_MS = 80;
const MOST_RECENT = 8;
const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё";

function startPalette() {
  const { about, findUrl } = document.body.dataset;
  if (!findUrl) return;
  if (about) {
    keep("recent", location.pathname, document.querySelector("h1")?.textContent.trim() ?? "");
    for (const old of allKept("recent").slice(0, -MOST_RECENT)) forget("recent", old.name);
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-find]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openPalette();
  });
}

function folded(text) {
  return text.trim().toLowerCase().replaceAll("ё", "е").replaceAll(/\s+/g, " ");
}

/** The same keys in the other layout of the keyboard. */
function otherLayout(text) {
  const [from, to] = /[а-яё]/i.test(text) ? [RUSSIAN, LATIN] : [LATIN, RUSSIAN];
  return [...text.toLowerCase()].map((letter) => (from.includes(letter) ? to[from.indexOf(letter)] : letter)).join("");
}

/** 0 begins with it, 2 has it; undefined has it not. */
function closeness(label, typed) {
  const text = folded(label);
  const of = (wanted) => (text.startsWith(wanted) ? 0 : wanted.split(" ").every((word) => text.includes(word)) ? 2 : undefined);
  return typed ? (of(folded(typed)) ?? of(folded(otherLayout(typed)))) : 2;
}

/** What the page itself knows: groups of { label, key, run, href }. */
function hereItems(row) {
  const items = commands().map(({ key, element: found, label }) => ({ label, key, href: found.getAttribute("href"), run: () => carryOut(found), found }));
  const isScreen = ({ found }) => found.closest("#sections");
  const keyless = [...document.querySelectorAll(".heading-actions :is(a, button):not([data-key]), .filter-actions :is(a, button):not([data-key])")]
    .filter((found) => !found.disabled && !found.closest("[popover]:not(:popover-open)"))
    .map((found) => ({ label: labelOf(found), key: "", run: () => found.click() }));
  const keyOf = (found) => (found.matches("[data-open]") ? "enter" : found.matches("[data-quick]") ? "e" : (found.dataset.key ?? ""));
  const ofRow = [...(row?.querySelectorAll("[data-open], [data-quick], button, form a") ?? [])]
    .filter((found) => !found.disabled)
    .map((found) => ({ label: labelOf(found), key: keyOf(found), run: () => found.click() }));
  const recent = allKept("recent")
    .reverse()
    .filter(({ name }) => name !== location.pathname)
    .map(({ name, value }) => ({ label: value, key: "", href: name, run: () => location.assign(name) }));
  return [
    { title: say("ui-find-row"), items: ofRow },
    { title: say("ui-find-recent"), items: recent },
    { title: say("ui-find-here"), items: [...items.filter((item) => !isScreen(item)), ...keyless] },
    { title: say("ui-find-screens"), items: items.filter(isScreen) },
  ];
}

function openPalette() {
  document.getElementById("palette")?.remove();
  const here = hereItems(currentRow());
  const { findUrl } = document.body.dataset;
  const input = element("input", {
    class: "palette-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "palette-list",
    placeholder: say("ui-palette-placeholder"),
    "aria-label": say("ui-palette-placeholder"),
  });
  const list = element("div", { id: "palette-list", class: "palette-list", role: "listbox", "aria-label": say("ui-find") });
  const nothing = element("p", { class: "palette-empty", hidden: "" }, say("ui-palette-empty"));
  const count = element("p", { class: "unseen", role: "status" });
  const palette = element("div", { id: "palette", class: "dialog palette", popover: "", role: "dialog", "aria-label": say("ui-keys-palette") }, input, list, nothing, count);
  let shown = [];
  let chosen = 0;
  let moved = false;
  let found = { q: null, groups: [] };
  let asking = null;
  let askedAt = -Infinity;
  let timer = 0;

  const run = (item) => {
    if (!item) return;
    palette.hidePopover();
    item.run();
  };

  const groupsNow = () => {
    const typed = input.value.trim();
    const own = here.map(({ title, items }) => ({
      title,
      items: items.map((item) => ({ ...item, closeness: closeness(item.label, typed) })).filter((item) => item.closeness !== undefined),
    }));
    const known = new Set(own.flatMap(({ items }) => items.map(({ href }) => href)));
    const told = found.groups.map(({ title, items }) => ({
      title,
      items: items.filter(({ href }) => !known.has(href)).map((item) => ({ ...item, run: () => location.assign(item.href) })),
    }));
    for (const group of own) {
      if (typed) group.items.sort((one, other) => one.closeness - other.closeness);
    }
    const merged = [];
    for (const group of [...own, ...told]) {
      const same = merged.find(({ title }) => title === group.title);
      if (same) same.items.push(...group.items);
      else merged.push({ ...group });
    }
    const closest = ({ items }) => Math.min(...items.map((item) => item.closeness ?? 2));
    const filled = merged.filter(({ items }) => items.length > 0);
    return typed ? filled.sort((one, other) => closest(one) - closest(other)) : filled;
  };

  const draw = () => {
    const before = moved ? shown[chosen] : undefined;
    const groups = groupsNow();
    shown = groups.flatMap(({ items }) => items);
    const again = before ? shown.findIndex((item) => item.label === before.label && item.href === before.href) : 0;
    chosen = Math.max(0, again);
    let place = 0;
    list.replaceChildren(
      ...groups.map(({ title, items }, index) => {
        const lines = items.map((item) => {
          const line = element("div", { id: `palette-${place}`, class: "palette-item", role: "option" }, element("span", {}, item.label));
          if (item.note) line.append(element("span", { class: "muted" }, item.note));
          if (item.key) line.append(keyMarks(item.key));
          line.addEventListener("click", () => run(item));
          place += 1;
          return line;
        });
        const heading = element("p", { class: "palette-group", id: `palette-group-${index}`, role: "presentation" }, title);
        return element("div", { role: "group", "aria-labelledby": `palette-group-${index}` }, heading, ...lines);
      }),
    );
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    nothing.hidden = shown.length > 0 || asking !== null || timer !== 0;
    count.textContent = say("ui-found-count", { count: shown.length });
    choose(chosen);
  };

  const choose = (next) => {
    chosen = Math.max(0, Math.min(next, shown.length - 1));
    for (const line of list.querySelectorAll("[role=option]")) line.setAttribute("aria-selected", String(line.id === `palette-${chosen}`));
    const line = document.getElementById(`palette-${chosen}`);
    if (line) input.setAttribute("aria-activedescendant", line.id);
    else input.removeAttribute("aria-activedescendant");
    // The heading of the first comes along.
    (chosen === 0 ? list.firstElementChild : line)?.scrollIntoView({ block: "nearest" });
  };

  /** Asks now, or as soon as it may; what was asked before and is not answered is given up. */
  const ask = () => {
    if (!findUrl || timer) return;
    timer = setTimeout(async () => {
      timer = 0;
      askedAt = performance.now();
      asking?.abort();
      const mine = new AbortController();
      asking = mine;
      const q = input.value.trim();
      try {
        const answer = await fetch(`${findUrl}?${new URLSearchParams({ q })}`, { headers: { accept: "application/json" }, credentials: "same-origin", signal: mine.signal });
        const told = answer.ok && !answer.redirected ? await answer.json() : { groups: [] };
        // Only what answers to the words that stand there now.
        if (q === input.value.trim()) found = { q, groups: told.groups };
      } catch {
        if (!mine.signal.aborted) found = { q, groups: [] };
      } finally {
        if (asking === mine) {
          asking = null;
          if (palette.isConnected) {
            draw();
            if (found.q === input.value.trim()) palette.dispatchEvent(new Event("answered"));
          }
        }
      }
    }, Math.max(0, askedAt + ASK_APART_MS - performance.now()));
  };

  input.addEventListener("input", () => {
    moved = false;
    draw();
    ask();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by) {
      moved = true;
      choose(chosen + by);
    } else if (event.key === "Enter") {
      const stale = findUrl && found.q !== input.value.trim() && (asking || timer);
      const own = shown[chosen] && here.some(({ items }) => items.some(({ label }) => label === shown[chosen].label));
      // What is not answered yet is waited for, rather than something else opened.
      if (stale && !own) palette.addEventListener("answered", () => run(shown[chosen]), { once: true });
      else run(shown[chosen]);
    } else {
      return;
    }
    event.preventDefault();
  });
  palette.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    clearTimeout(timer);
    asking?.abort();
    palette.remove();
  });
  document.body.append(palette);
  draw();
  palette.showPopover();
  input.focus();
  ask();
}

starts.push(startPalette);
