// The keyboard. Keys are matched by their place (`event.code`), so they work in the Russian layout.
// Every element with data-key is a command: "d", or "g o" one after the other.

const CHORD_MS = 1200;
let chord = "";
let chordTimer = 0;
let lastRow = null;

/** Keys the page itself knows, by what they are for; shown in the help. */
const OWN_KEYS = {
  "ui-keys-group-list": [
    ["j", "ui-keys-list-down"],
    ["k", "ui-keys-list-up"],
    ["enter", "ui-keys-list-open"],
    [".", "ui-keys-next"],
    ["/", "ui-keys-search"],
    ["1–9", "ui-keys-tabs"],
    ["]", "ui-keys-page-next"],
    ["[", "ui-keys-page-previous"],
  ],
  "ui-keys-group-anywhere": [
    ["ctrl+k", "ui-keys-palette"],
    ["u", "ui-keys-up"],
    ["ctrl+enter", "ui-keys-send"],
    ["esc", "ui-keys-leave"],
    ["?", "ui-keys-help"],
  ],
};

function keyName(event) {
  const { code } = event;
  if (code.startsWith("Key")) return code.slice(3).toLowerCase();
  if (code.startsWith("Digit")) return code.slice(5);
  if (code === "Slash") return event.shiftKey || event.key === "?" ? "?" : "/";
  return { Period: ".", Comma: ",", Enter: "enter", NumpadEnter: "enter", BracketLeft: "[", BracketRight: "]", Escape: "esc" }[code] ?? "";
}

function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

function dialogOpen() {
  return Boolean(document.querySelector(".dialog:popover-open"));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  const key = keyName(event);
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey) {
    if (key === "k") {
      event.preventDefault();
      openPalette();
    } else if (key === "enter" && typing(event.target) && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || !key) return;
  // A dialog is answered first, also when nothing in it has the focus.
  if (event.target.closest?.("[popover]:popover-open") || dialogOpen()) return;
  if (typing(event.target)) {
    // A search empties itself first.
    if (key === "esc" && !(event.target.type === "search" && event.target.value)) event.target.blur();
    return;
  }
  if (press(key, event)) event.preventDefault();
});

document.addEventListener("focusin", ({ target }) => {
  lastRow = target.closest("[data-row]") ?? lastRow;
});

function press(key, event) {
  const pressed = chord ? `${chord} ${key}` : key;
  clearTimeout(chordTimer);
  chord = "";
  const command = commands().find((candidate) => candidate.key === pressed);
  if (command) {
    // A key that is held down is pressed once.
    if (!event.repeat) carryOut(command.element);
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
  if (key === "]" || key === "[") return follow(document.querySelector(`.pager a[rel=${key === "]" ? "next" : "prev"}]`));
  if (key === "u") return follow([...document.querySelectorAll(".crumbs a[href]")].at(-1));
  if (/^[1-9]$/.test(key)) return follow(document.querySelectorAll(".tabs a")[Number(key) - 1]);
  return false;
}

/** A field is gone into, all else is pressed. */
function carryOut(found) {
  if (typing(found)) {
    found.focus();
    found.scrollIntoView({ block: "center" });
  } else {
    found.click();
  }
}

function follow(link) {
  link?.click();
  return Boolean(link);
}

/** What can be done here by a key, in the order of the page. */
function commands() {
  return [...document.querySelectorAll("[data-key]")]
    .filter((found) => !found.disabled && !found.closest("[popover]:not(:popover-open):not(.side)"))
    .map((found) => ({ key: found.dataset.key, element: found, label: labelOf(found) }));
}

function labelOf(found) {
  if (typing(found)) return found.labels[0]?.firstChild.textContent.trim() ?? found.ariaLabel ?? "";
  const label = found.querySelector(".section-label, .button-label, .unseen") ?? found;
  return label.textContent.trim();
}

function rows() {
  return [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.querySelector("[data-open]"));
}

function currentRow() {
  return document.activeElement?.closest("[data-row]") ?? (lastRow?.isConnected ? lastRow : null);
}

function step(by) {
  const all = rows();
  if (all.length === 0) return false;
  const at = all.indexOf(currentRow());
  const here = document.activeElement?.closest("[data-row]");
  // Coming back to the list begins where it was left.
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : here ? Math.max(0, Math.min(all.length - 1, at + by)) : at;
  const link = all[next].querySelector("[data-open]");
  link.focus({ preventScroll: true, focusVisible: true });
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

function openRow(target) {
  return follow(target?.matches("a") ? target : target?.querySelector("[data-open]"));
}

// A row opens wherever it is clicked, unless the click meant something in it or marked a text to copy.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr.opens");
  if (!row || event.target.closest("a, button, input, select, label, summary, form") || !getSelection().isCollapsed) return;
  const link = row.querySelector("[data-open]");
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});

// A window that opens begins at its first field, so that a key opens it and the next ones are typed into it.
document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (newState !== "open" || !target.matches(".dialog[popover]") || target.contains(document.activeElement)) return;
    target.querySelector(".dialog-body :is(input:not([type=hidden]), select, textarea, button)")?.focus();
  },
  true,
);

function focusSearch() {
  const search = document.querySelector("[data-search]");
  search?.focus();
  search?.select();
  return Boolean(search);
}

function keyMarks(key) {
  return element("span", { class: "keys" }, ...key.split(/[ +]/).map((one) => element("kbd", {}, one.toUpperCase())));
}

/** All that is possible here, by what it is for. */
function helpGroups() {
  const here = commands();
  const groups = [];
  const own = (title) => OWN_KEYS[title].map(([key, word]) => ({ key, label: say(word) }));
  const isScreen = ({ element: found }) => found.closest("#sections");
  groups.push(["ui-keys-group-here", here.filter((command) => !isScreen(command))]);
  if (document.querySelector("[data-list], [data-search], .tabs, .pager")) groups.push(["ui-keys-group-list", own("ui-keys-group-list")]);
  groups.push(["ui-keys-group-screens", here.filter(isScreen)]);
  groups.push(["ui-keys-group-anywhere", own("ui-keys-group-anywhere")]);
  return groups.filter(([, lines]) => lines.length > 0);
}

function openHelp() {
  document.getElementById("help")?.remove();
  const lists = helpGroups().flatMap(([title, lines]) => [
    element("h3", {}, say(title)),
    element("div", { class: "key-list" }, ...lines.map(({ key, label }) => element("div", {}, element("span", {}, label), keyMarks(key)))),
  ]);
  const close = element("button", { type: "button", class: "button quiet bare", popovertarget: "help", popovertargetaction: "hide", "aria-label": say("ui-close") }, "×");
  const dialog = element(
    "div",
    { id: "help", class: "dialog", popover: "", role: "dialog", "aria-label": say("ui-keys-title") },
    element("header", { class: "dialog-head" }, element("h2", {}, say("ui-keys-title")), close),
    element("div", { class: "dialog-body stack" }, element("p", { class: "muted" }, say("ui-keys-hint")), ...lists),
  );
  document.body.append(dialog);
  dialog.showPopover();
  close.focus();
  return true;
}
