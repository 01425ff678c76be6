// A warning before unsaved words are left, filters that send themselves, rows that are added, texts that copy
// themselves.

const dirty = new Set();

document.addEventListener("input", ({ target }) => {
  if (target.form?.hasAttribute("data-guard")) dirty.add(target.form);
});

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) undirty(event.target);
});

window.addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-submit]")) target.form.requestSubmit();
});

// The button would ask the server for more rows; here the last row is copied, empty, with the next number.
document.addEventListener("click", (event) => {
  const last = event.target.closest("button[name=more]")?.form.querySelector("tbody > tr:last-child");
  if (!last) return;
  event.preventDefault();
  const row = last.cloneNode(true);
  for (const wrong of row.querySelectorAll(".field-error")) wrong.remove();
  for (const control of row.querySelectorAll(".control")) {
    const number = Number(control.name.match(/\[(\d+)\]/)[1]) + 1;
    control.name = control.name.replace(/\[\d+\]/, `[${number}]`);
    control.id = `field-${control.name.replace(/[^a-z0-9]/gi, "-")}`;
    control.ariaLabel = control.ariaLabel.replace(/\d+$/, number + 1);
    control.value = "";
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
  last.after(row);
  row.querySelector(".control").focus();
});

document.addEventListener("click", ({ target }) => {
  const copying = target.closest("[data-copy]");
  if (copying) copyText(copying);
  target.closest("[data-flash-close]")?.closest("[data-flash]").remove();
});

async function copyText(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.done);
  } catch {
    // Without the right to the clipboard the text is selected, ready for Ctrl+C.
    getSelection().selectAllChildren(button.parentElement.querySelector("code"));
  }
}

function toast(text) {
  let shelf = document.querySelector(".toasts");
  if (!shelf) document.body.append((shelf = element("div", { class: "toasts", role: "status" })));
  const shown = element("div", { class: "toast" }, text);
  shelf.append(shown);
  setTimeout(() => shown.remove(), 2500);
}

/** Nothing in it waits to be sent any more. */
function undirty(form) {
  dirty.delete(form);
}

/** A form that the page has no more cannot be sent; what was typed into it is kept among the drafts. */
function isUnsaved() {
  for (const form of dirty) if (!form.isConnected) dirty.delete(form);
  return dirty.size > 0;
}

function closable(flash) {
  if (flash.querySelector("[data-flash-close]")) return;
  const close = { type: "button", class: "button quiet bare small flash-close", "data-flash-close": "", "aria-label": flash.dataset.close };
  flash.append(element("button", close, "×"));
}

function startForms() {
  for (const flash of document.querySelectorAll("[data-flash]")) closable(flash);
  // On a phone the tab where one is may stand out of sight.
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
  // A refused form begins where it was refused.
  const refused = document.querySelector("main form [aria-invalid=true]");
  refused?.focus();
  refused?.scrollIntoView({ block: "center" });
}

starts.push(startForms);
