// Rows chosen for one deed, changed in place, and walked past the end of a page. Keys by their place, before those of
// the page; `E` opens what `data-quick` of a row leads to.

let anchor = "";
let turning = false;
let shownAt = address();
const ahead = new Map();

function chosenBoxes() {
  return [...document.querySelectorAll("input[data-choose]:checked")];
}

function showChosen() {
  const boxes = [...document.querySelectorAll("input[data-choose]")];
  const count = boxes.filter((box) => box.checked).length;
  for (const bar of document.querySelectorAll("[data-many]")) {
    bar.classList.toggle("any", count > 0);
    const told = bar.querySelector("[data-many-count]");
    const text = say("ui-chosen", { count });
    if (told && told.textContent !== text) told.textContent = text;
  }
  for (const all of document.querySelectorAll("[data-choose-all]")) {
    all.hidden = false;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
}

function choose(box, on) {
  box.checked = on;
  anchor = box.value;
  showChosen();
}

function chooseRow(extend) {
  const box = listRow()?.querySelector("input[data-choose]");
  if (!box) return false;
  const boxes = [...document.querySelectorAll("input[data-choose]")];
  const [from, to] = [boxes.findIndex(({ value }) => value === anchor), boxes.indexOf(box)];
  if (extend && from >= 0) {
    for (const between of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) between.checked = true;
    choose(box, true);
  } else {
    choose(box, !box.checked);
  }
  return true;
}

function chooseAll() {
  const boxes = [...document.querySelectorAll("input[data-choose]")];
  const on = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = on;
  showChosen();
  return boxes.length > 0;
}

function listRow() {
  return document.activeElement?.closest("[data-list] [data-row]");
}

function listRows() {
  return [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.querySelector("[data-open]"));
}

function focusRow(row) {
  row?.querySelector("[data-open]")?.focus({ preventScroll: true, focusVisible: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** Past the last row comes the next page, before the first the one before. */
function pastTheEnd(by) {
  const all = listRows();
  const at = all.indexOf(listRow());
  if (at < 0) return false;
  const link = document.querySelector(`.pager a[rel=${by > 0 ? "next" : "prev"}]`);
  const left = by > 0 ? all.length - 1 - at : at;
  if (link && left <= 10) fetchAhead(link.href);
  if (left > 0 || !link) return false;
  turn(link.href, by);
  return true;
}

function fetchAhead(href) {
  if (ahead.has(href)) return ahead.get(href);
  const page = fetch(href, { credentials: "same-origin" }).then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""));
  ahead.set(href, page);
  // What was read ahead grows old.
  setTimeout(() => ahead.delete(href), 5000);
  return page;
}

async function turn(href, by) {
  if (turning) return;
  turning = true;
  try {
    const text = await fetchAhead(href);
    if (!text) return void location.assign(href);
    ahead.clear();
    putPage(text, href);
    const all = listRows();
    focusRow(by > 0 ? all[0] : all.at(-1));
  } catch {
    location.assign(href);
  } finally {
    turning = false;
  }
}

function putPage(text, href) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  document.getElementById("content").replaceWith(document.adoptNode(fresh.getElementById("content")));
  history.pushState({ turned: true }, "", href);
  shownAt = address();
  anchor = "";
  startForms();
  showChosen();
  tick();
}

/** The page without the place in it. */
function address() {
  return location.pathname + location.search;
}

// To another page that was turned to; a step to a place of this one reads nothing anew.
window.addEventListener("popstate", () => address() !== shownAt && location.reload());

/** A small form over the list: what a link of the row leads to, without leaving the list. */
async function openQuick(row) {
  const link = row?.querySelector("a[data-quick]");
  if (!link) return false;
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return void location.assign(link.href);
    const form = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quick");
    if (!form) return void location.assign(link.href);
    showQuick(form, row.id);
  } catch {
    toast(say("ui-offline"));
  }
}

function showQuick(form, rowId) {
  document.getElementById("quick-dialog")?.remove();
  const title = form.getAttribute("aria-label") ?? "";
  const close = element("button", { type: "button", class: "button quiet bare", popovertarget: "quick-dialog", popovertargetaction: "hide", "aria-label": say("ui-close") }, "×");
  const dialog = element(
    "div",
    { id: "quick-dialog", class: "dialog", popover: "", role: "dialog", "aria-label": title },
    element("header", { class: "dialog-head" }, element("h2", {}, title), close),
    element("div", { class: "dialog-body" }, document.adoptNode(form)),
  );
  dialog.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    dialog.remove();
    focusRow(document.getElementById(rowId));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendQuick(form, event.submitter, rowId);
  });
  document.body.append(dialog);
  dialog.showPopover();
  form.querySelector("select, textarea, input:not([type=hidden])")?.focus();
}

async function sendQuick(form, by, rowId) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(form, by));
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const again = fresh.getElementById("quick");
    if (again) return showQuick(again, rowId);
    if (!answer.ok) return void location.reload();
    document.getElementById("quick-dialog")?.hidePopover();
    const kept = new Set(chosenBoxes().map(({ value }) => value));
    document.getElementById("content").replaceWith(document.adoptNode(fresh.getElementById("content")));
    for (const box of document.querySelectorAll("input[data-choose]")) box.checked = kept.has(box.value);
    startForms();
    showChosen();
    tick();
    focusRow(document.getElementById(rowId) ?? listRows()[0]);
  } catch {
    toast(say("ui-offline"));
  } finally {
    form.ariaBusy = null;
  }
}

function overList(event) {
  const { target } = event;
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || chord) return false;
  if (target.closest?.("[popover]:popover-open") || dialogOpen()) return false;
  return !target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.code === "Escape" && leavePanel(event.target)) return;
    if (!overList(event)) return;
    const deeds = {
      KeyX: () => chooseRow(event.shiftKey),
      KeyA: () => event.shiftKey && chooseAll(),
      KeyB: () => focusMany(),
      KeyE: () => Boolean(listRow()?.querySelector("a[data-quick]")) && (openQuick(listRow()), true),
      KeyJ: () => pastTheEnd(1),
      KeyK: () => pastTheEnd(-1),
      Escape: () => chosenBoxes().length > 0 && (chosenBoxes().forEach((box) => (box.checked = false)), showChosen(), true),
    };
    if (!deeds[event.code]?.()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

function leavePanel(target) {
  const panel = document.querySelector("details[data-panel][open]");
  if (!panel) return false;
  panel.open = false;
  if (panel.contains(target)) panel.querySelector("summary").focus();
  return true;
}

function focusMany() {
  const bar = document.querySelector("[data-many].any");
  bar?.querySelector("select")?.focus();
  return Boolean(bar);
}

// What opens is meant to be typed into; what is clicked beside it closes it.
document.addEventListener(
  "toggle",
  ({ target }) => target.matches?.("details[data-panel][open]") && target.querySelector(".filter-panel :is(input, select):not([type=hidden])")?.focus({ focusVisible: true }),
  true,
);
document.addEventListener("click", (event) => {
  const { target } = event;
  for (const panel of document.querySelectorAll("details[data-panel][open]")) if (!panel.contains(target)) panel.open = false;
  const quick = target.closest?.("a[data-quick]");
  if (!quick || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openQuick(quick.closest("[data-row]"));
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-choose-all]")) chooseAll();
  if (target.matches("[data-choose]")) choose(target, target.checked);
});

if (document.querySelector("[data-choose]")) {
  OWN_KEYS["ui-keys-group-list"].push(["x", "ui-keys-choose"], ["shift+a", "ui-keys-choose-all"], ["b", "ui-keys-many"], ["e", "ui-keys-quick"]);
}
// A live list brings rows and takes them away.
new MutationObserver(() => showChosen()).observe(document.body, { childList: true, subtree: true });
starts.push(showChosen);
