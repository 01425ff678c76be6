// Words while they are typed: in the fenced blocks of a text, which have keys with values as TOML has them, and
// expressions that name things. What may stand where is told by the page as data, a sentence with each word. Ctrl+Space
// shows it, and so does typing; the arrows choose, Enter or Tab take, Escape closes.

const MOST_OFFERED = 40;
/** Between the line and what is offered for it. */
const APART_PX = 4;
const MIRRORED = ["boxSizing", "width", "padding", "borderWidth", "borderStyle", "font", "letterSpacing", "lineHeight", "tabSize"];

function startCompleting() {
  for (const data of document.querySelectorAll("script[data-words-of]")) {
    const area = document.getElementById(data.dataset.wordsOf);
    if (area) complete(area, JSON.parse(data.textContent));
  }
}

/** The body of the fenced block around a place, up to there and whole; nothing outside of such blocks. */
function blockAround(text, at, word) {
  let [begin, open] = [0, null];
  for (const line of text.split("\n")) {
    const [, marks, name] = line.match(/^ {0,3}(`{3,}|~{3,})\s*(\w*)/) ?? [];
    if (open && marks?.startsWith(open.marks) && !name) {
      if (open.from <= at && at < begin && open.name === word) return { before: text.slice(open.from, at), whole: text.slice(open.from, begin) };
      open = null;
    } else if (!open && marks) {
      open = { marks, name, from: begin + line.length + 1 };
    }
    begin += line.length + 1;
  }
  return open?.name === word && open.from <= at ? { before: text.slice(open.from, at), whole: text.slice(open.from) } : null;
}

/** Where the end of a body is: the tables and lists around it, each with the key that it is at, and the string in it. */
function readUpTo(body) {
  const around = [{ open: "", key: "", given: new Map() }];
  let at = 0;
  while (at < body.length) {
    const here = around.at(-1);
    const token = (pattern) => (pattern.lastIndex = at, pattern.exec(body)?.[0]);
    const long = token(/"""|'''/y);
    if (long) {
      const end = body.indexOf(long, at + 3);
      if (end < 0) return { around, string: body.slice(at + 3) };
      at = end + 3;
      continue;
    }
    const string = token(/"(?:[^"\\\n]|\\.)*|'[^'\n]*/y);
    if (string !== undefined) {
      at += string.length;
      if (at === body.length) return { around, string: string.slice(1) };
      here.given.set(here.key, string.slice(1));
      at += 1;
      continue;
    }
    const key = here.open !== "[" && token(/[\w-]+\s*=/y);
    if (key) {
      here.key = key.match(/^[\w-]+/)[0];
      here.given.set(here.key, "");
      at += key.length;
      continue;
    }
    const skipped = token(/#[^\n]*|[\w.-]+/y);
    if (skipped) {
      at += skipped.length;
      continue;
    }
    const letter = body[at];
    if ("[{".includes(letter)) around.push({ open: letter, key: letter === "[" ? here.key : "", given: new Map() });
    if ("]}".includes(letter) && around.length > 1) around.pop();
    if ((letter === "," && here.open === "{") || (letter === "\n" && !here.open)) here.key = "";
    at += 1;
  }
  return { around, string: null };
}

/**
 * What may be written there: { typed, inside, items: [{ word, says, puts, again }] }. An item puts its text for what was
 * typed; `inside` of a string.
 */
function offers(grammar, text, at) {
  const block = blockAround(text, at, grammar.fence);
  if (!block) return null;
  const { around, string } = readUpTo(block.before);
  const keysIn = (table, frame) => ({ ...table?.keys, ...table?.by?.[frame.given.get(table.choose)] });
  let [table, frame, slot] = [grammar.tables.rule, around[0], null];
  for (const next of around) {
    if (next.open === "{") table = grammar.tables[slot?.table];
    if (next.open !== "[") [frame, slot] = [next, keysIn(table, next)[next.key] ?? null];
  }
  const heard = frame.given.get("fact") || grammar.heard.filter((fact) => new RegExp(`["']${fact}["']`).test(block.whole));
  const names = () => grammar.names.filter(({ of, not }) => (!of || (heard.length > 0 && [heard].flat().every((fact) => of.includes(fact)))) && !not?.some((fact) => heard.includes(fact)));
  const last = (pattern) => (string ?? block.before).match(pattern)?.[0] ?? "";
  const typed = last(/[\p{L}\d_.-]*$/u);
  const quoted = (pair) => ({ word: pair.word, says: pair.says, puts: `"${pair.word}"` });
  const listOf = (wanted) => (typeof wanted === "string" ? grammar.words[wanted] : (wanted ?? []));

  if (string === null) {
    if (!frame.key) {
      const keys = Object.entries(keysIn(table, frame)).filter(([word]) => !frame.given.has(word));
      return { typed, items: keys.map(([word, { says }]) => ({ word, says, puts: `${word} = `, again: true })) };
    }
    if (slot?.bare) return { typed, items: listOf(slot.bare).map(({ word, says }) => ({ word, says, puts: word })) };
    const inTable = grammar.tables[slot?.table];
    const whole = Object.entries(inTable?.by ?? {}).map(([word, keys]) => ({ word, says: inTable.says[word], puts: template(inTable.choose, word, keys) }));
    return { typed, items: [...listOf(slot?.words).map(quoted), ...(slot?.names ? names().map(quoted) : []), ...whole] };
  }
  if (!slot) return null;
  if (slot.names || string.startsWith("=")) {
    const [, name] = string.match(/([\w.]+)\s*[=!]=\s*'[^']*$/) ?? [];
    const compared = name && names().find(({ word }) => word === name);
    if (compared) return { typed, inside: true, items: listOf(compared.values) };
    // Within a word of CEL there is nothing to be named.
    return (string.match(/'/g) ?? []).length % 2 ? null : { typed, inside: true, items: names() };
  }
  return { typed: string, inside: true, items: listOf(slot.words) };
}

/** A table with what it cannot be without. */
function template(choose, word, keys) {
  const needed = Object.entries(keys).filter(([, { needed }]) => needed);
  return `{ ${[`${choose} = "${word}"`, ...needed.map(([key]) => `${key} = ""`)].join(", ")} }`;
}

/** What begins as was typed first, then what has it, also in its sentence. */
function closest(items, typed) {
  const wanted = typed.toLowerCase();
  const rank = ({ word, says = "" }) => {
    const place = word.toLowerCase().indexOf(wanted);
    if (place === 0) return 0;
    return place > 0 ? 1 : wanted.length > 1 && says.toLowerCase().includes(wanted) ? 2 : 3;
  };
  const ranked = items.map((item) => ({ item, rank: rank(item) })).filter(({ rank }) => rank < 3);
  return ranked.sort((one, other) => one.rank - other.rank).slice(0, MOST_OFFERED).map(({ item }) => item);
}

/** Where on the page the caret of a text area stands: a likeness of it is laid out up to there. */
function caretPlace(area) {
  const likeness = element("div", { class: "caret-likeness", "aria-hidden": "true" }, area.value.slice(0, area.selectionStart));
  const style = getComputedStyle(area);
  for (const name of MIRRORED) likeness.style[name] = style[name];
  const caret = element("span", {}, "\u200b");
  likeness.append(caret);
  document.body.append(likeness);
  const { left, top } = area.getBoundingClientRect();
  const place = {
    left: left + scrollX + caret.offsetLeft - area.scrollLeft,
    top: top + scrollY + caret.offsetTop - area.scrollTop,
    height: caret.offsetHeight,
  };
  likeness.remove();
  return place;
}

function complete(area, grammar) {
  const id = `${area.id}-words`;
  const list = element("div", { id, class: "completion", role: "listbox", popover: "manual", "aria-label": grammar.label });
  const count = element("p", { class: "unseen", role: "status" });
  const hint = element("p", { class: "field-hint", id: `${id}-hint` }, grammar.hint);
  area.after(hint, list, count);
  for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": id })) area.setAttribute(name, value);
  area.setAttribute("aria-describedby", [area.getAttribute("aria-describedby"), hint.id].filter(Boolean).join(" "));
  let [shown, chosen, typed, taking] = [[], 0, "", false];

  const isOpen = () => list.matches(":popover-open");
  const close = () => {
    if (!isOpen()) return;
    list.hidePopover();
    area.removeAttribute("aria-activedescendant");
    count.textContent = "";
  };
  const choose = (next) => {
    chosen = (next + shown.length) % shown.length;
    [...list.children].forEach((line, place) => line.setAttribute("aria-selected", String(place === chosen)));
    area.setAttribute("aria-activedescendant", `${id}-${chosen}`);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  };
  const offer = (asked) => {
    const found = area.selectionStart === area.selectionEnd ? offers(grammar, area.value, area.selectionStart) : null;
    shown = found ? closest(found.items, found.typed) : [];
    typed = found?.typed ?? "";
    const complete = shown.some(({ word }) => word === typed);
    // Nobody who has not asked is told what may begin here.
    if (shown.length === 0 || (!asked && (complete || (!found.inside && !typed)))) return close();
    const line = ({ word, says }, place) => {
      const made = element("div", { id: `${id}-${place}`, role: "option" }, element("code", {}, word), element("span", {}, says ?? ""));
      made.addEventListener("click", () => take(place));
      return made;
    };
    list.replaceChildren(...shown.map(line));
    list.showPopover();
    const { left, top, height } = caretPlace(area);
    const width = document.documentElement.clientWidth;
    list.style.left = `${Math.max(8, Math.min(left, scrollX + width - list.offsetWidth - 8))}px`;
    const below = top + height + APART_PX;
    const fits = below + list.offsetHeight <= scrollY + innerHeight;
    list.style.top = `${fits ? below : Math.max(scrollY, top - APART_PX - list.offsetHeight)}px`;
    count.textContent = say("ui-found-count", { count: shown.length });
    choose(0);
  };
  const take = (place) => {
    const { word, puts = word, again } = shown[place];
    const at = area.selectionStart;
    const behind = area.value.slice(at).match(/^[\p{L}\d_.-]*/u)[0].length;
    close();
    taking = true;
    area.focus();
    area.setSelectionRange(at - typed.length, at + behind);
    // As if typed, so that it can be undone as what was typed.
    if (!document.execCommand("insertText", false, puts)) area.setRangeText(puts, at - typed.length, at + behind, "end");
    taking = false;
    const hole = puts.indexOf('""');
    if (hole >= 0) area.setSelectionRange(at - typed.length + hole + 1, at - typed.length + hole + 1);
    if (again || hole >= 0) offer(true);
  };

  area.addEventListener("input", (event) => {
    if (taking) return;
    const before = area.value[area.selectionStart - 1] ?? "";
    if (isOpen() || (event.inputType === "insertText" && /[\p{L}\d_."'=]/u.test(before))) offer(false);
  });
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.code === "Space" && event.ctrlKey) offer(true);
    else if (!isOpen() || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    else if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  area.addEventListener("blur", close);
  area.addEventListener("click", close);
  // A press would take the focus away before the click comes.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
}

starts.push(startCompleting);
