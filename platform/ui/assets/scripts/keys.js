// The keyboard. Keys are matched by their place (`event.code`), so they work in the Russian layout.
// Every element with data-key is a command: "d", or "g o" one after the other.

const CHORD_MS = 1200;
let chord = "";
let chordTimer = 0;

/** Keys the page itself knows; shown in the help. */
const OWN_KEYS = [
  ["j", "ui-keys-list-down"],
  ["k", "ui-keys-list-up"],
  ["enter", "ui-keys-list-open"],
  [".", "ui-keys-next"],
  ["/", "ui-keys-search"],
  ["ctrl+k", "ui-keys-palette"],
  ["?", "ui-keys-help"],
];

function keyName(event) {
  const { code } = event;
  if (code.startsWith("Key")) return code.slice(3).toLowerCase();
  if (code.startsWith("Digit")) return code.slice(5);
  if (code === "Slash") return event.shiftKey || event.key === "?" ? "?" : "/";
  return { Period: ".", Comma: ",", Enter: "enter", NumpadEnter: "enter" }[code] ?? "";
}

function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  const key = keyName(event);
  if ((event.ctrlKey || event.metaKey) && key === "k" && !event.shiftKey) {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || !key) return;
  if (event.target.closest?.("[popover]:popover-open")) return;
  if (typing(event.target)) return;
  if (press(key, event)) event.preventDefault();
});

function press(key, event) {
  const pressed = chord ? `${chord} ${key}` : key;
  clearTimeout(chordTimer);
  chord = "";
  const command = commands().find((candidate) => candidate.key === pressed);
  if (command) {
    command.element.click();
    return true;
  }
  if (pressed === key && commands().some((candidate) => candidate.key.startsWith(`${key} `))) {
    chord = key;
    chordTimer = setTimeout(() => (chord = ""), CHORD_MS);
    return true;
  }
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key === "enter") return event.target === document.body && openRow(currentRow());
  if (key === ".") return openRow(document.querySelector("[data-next]") ?? document.querySelector("[data-row]:not(.dim)"));
  if (key === "/") return focusSearch();
  if (key === "?") return openHelp();
  return false;
}

/** What can be done here by a key or by words, in the order of the page. */
function commands() {
  return [...document.querySelectorAll("[data-key]")]
    .filter((found) => !found.disabled && !found.closest("[popover]:not(:popover-open):not(.side)"))
    .map((found) => ({ key: found.dataset.key, element: found, label: labelOf(found) }));
}

function labelOf(found) {
  const label = found.querySelector(".section-label, .button-label, .unseen") ?? found;
  return label.textContent.trim();
}

function rows() {
  return [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.querySelector("[data-open]"));
}

function currentRow() {
  return document.activeElement?.closest("[data-row]");
}

function step(by) {
  const all = rows();
  if (all.length === 0) return false;
  const at = all.indexOf(currentRow());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by));
  const link = all[next].querySelector("[data-open]");
  link.focus({ preventScroll: true, focusVisible: true });
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

function openRow(target) {
  const link = target?.matches("a") ? target : target?.querySelector("[data-open]");
  link?.click();
  return Boolean(link);
}

// A row opens wherever it is clicked, unless the click meant something in it or marked a text to copy.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr.opens");
  if (!row || event.target.closest("a, button, input, select, label, summary, form") || !getSelection().isCollapsed) return;
  const link = row.querySelector("[data-open]");
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

function focusSearch() {
  const search = document.querySelector("[data-search]");
  search?.focus();
  search?.select();
  return Boolean(search);
}

function keyMarks(key) {
  return element("span", { class: "keys" }, ...key.split(/[ +]/).map((one) => element("kbd", {}, one.toUpperCase())));
}

function openHelp() {
  document.getElementById("help")?.remove();
  const lines = [...OWN_KEYS.map(([key, word]) => ({ key, label: say(word) })), ...commands()];
  const list = element("div", { class: "key-list" }, ...lines.map(({ key, label }) => element("div", {}, element("span", {}, label), keyMarks(key))));
  const close = element("button", { type: "button", class: "button quiet bare", popovertarget: "help", popovertargetaction: "hide", "aria-label": say("ui-close") }, "×");
  const dialog = element(
    "div",
    { id: "help", class: "dialog", popover: "", role: "dialog", "aria-label": say("ui-keys-title") },
    element("header", { class: "dialog-head" }, element("h2", {}, say("ui-keys-title")), close),
    element("div", { class: "dialog-body stack" }, element("p", { class: "muted" }, say("ui-keys-hint")), list),
  );
  document.body.append(dialog);
  dialog.showPopover();
  close.focus();
  return true;
}

/** Everything by words, with its key beside it, so that the palette teaches itself away. */
function openPalette() {
  document.getElementById("palette")?.remove();
  const all = commands();
  const input = element("input", {
    class: "palette-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    placeholder: say("ui-palette-placeholder"),
    "aria-label": say("ui-palette-placeholder"),
  });
  const list = element("ul", { id: "palette-list", class: "palette-list", role: "listbox" });
  const nothing = element("p", { class: "palette-empty", hidden: "" }, say("ui-palette-empty"));
  const palette = element("div", { id: "palette", class: "dialog palette", popover: "", role: "dialog", "aria-label": say("ui-keys-palette") }, input, list, nothing);
  let chosen = 0;
  let shown = [];
  const run = (command) => {
    palette.hidePopover();
    command?.element.click();
  };
  const draw = () => {
    const wanted = input.value.trim().toLowerCase();
    shown = all.filter(({ label }) => label.toLowerCase().includes(wanted));
    chosen = Math.max(0, Math.min(chosen, shown.length - 1));
    list.replaceChildren(
      ...shown.map((command, index) => {
        const line = element("li", { id: `palette-${index}`, role: "option", "aria-selected": String(index === chosen) }, element("span", {}, command.label), keyMarks(command.key));
        line.addEventListener("click", () => run(command));
        return line;
      }),
    );
    nothing.hidden = shown.length > 0;
    input.setAttribute("aria-activedescendant", shown.length > 0 ? `palette-${chosen}` : "");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  input.addEventListener("input", () => {
    chosen = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      chosen += move;
      draw();
    } else if (event.key === "Enter") {
      run(shown[chosen]);
    } else {
      return;
    }
    event.preventDefault();
  });
  palette.addEventListener("toggle", (event) => event.newState === "closed" && palette.remove());
  document.body.append(palette);
  draw();
  palette.showPopover();
  input.focus();
}
