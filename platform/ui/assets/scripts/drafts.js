// Words typed into a form are kept until the server has taken them; whoever comes back is offered them. Never kept are
// passwords, keys and files.

const SAVE_AFTER_MS = 300;
const MOST_ROWS_ADDED = 50;
const SECRET = /(^|[._\-[\]])(password|secret|token|key)s?$/i;
const saving = new Map();

document.addEventListener("input", ({ target }) => saveSoon(target.form));
document.addEventListener("change", ({ target }) => saveSoon(target.form));
window.addEventListener("pagehide", saveAll);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.hasAttribute("data-guard")) return;
  saveAll();
  sessionStorage.setItem("takt-sent", draftName(form));
});

function saveSoon(form) {
  if (!form?.hasAttribute("data-guard") || saving.has(form)) return;
  saving.set(form, setTimeout(() => save(form), SAVE_AFTER_MS));
}

function saveAll() {
  for (const form of saving.keys()) save(form);
}

function save(form) {
  clearTimeout(saving.get(form));
  saving.delete(form);
  const typed = typedIn(form);
  if (typed.length > 0) keep("draft", draftName(form), typed);
  else forget("draft", draftName(form));
}

/** A form is known by where it goes, also on the page that refuses it; of several that go there, by its place. */
function draftName(form) {
  const goes = (one) => one.getAttribute("action") || location.pathname;
  const alike = [...document.querySelectorAll("form[data-guard]")].filter((other) => goes(other) === goes(form));
  return `${goes(form)} ${alike.indexOf(form)}`;
}

function controlsOf(form) {
  return [...form.elements].filter(
    (control) =>
      control.name &&
      !["password", "file", "hidden", "submit", "button", "reset", undefined].includes(control.type) &&
      !SECRET.test(control.name) &&
      !control.closest("[data-secret]"),
  );
}

/** [name, which of that name, value] of everything that is not as the page came. */
function typedIn(form) {
  const seen = new Map();
  return controlsOf(form)
    .map((control) => {
      const place = seen.get(control.name) ?? 0;
      seen.set(control.name, place + 1);
      return [control, place];
    })
    .filter(([control]) => isChanged(control))
    .map(([control, place]) => [control.name, place, valueOf(control)]);
}

function isChanged(control) {
  if (control.options) return control.selectedIndex !== Math.max(0, [...control.options].findIndex((option) => option.defaultSelected));
  return isTicked(control) ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}

function isTicked(control) {
  return control.type === "checkbox" || control.type === "radio";
}

function valueOf(control) {
  return isTicked(control) ? control.checked : control.value;
}

function fill(form, typed) {
  for (const [name, place, value] of typed) {
    const find = () => controlsOf(form).filter((control) => control.name === name)[place];
    for (let added = 0; !find() && added < MOST_ROWS_ADDED && form.querySelector("button[name=more]"); added += 1) {
      form.querySelector("button[name=more]").click();
    }
    const control = find();
    if (!control) continue;
    if (isTicked(control)) control.checked = value;
    else control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const [first] = typed;
  controlsOf(form).filter((control) => control.name === first[0])[first[1]]?.focus();
}

/** What was sent a moment ago and taken needs no keeping. */
function forgetSent() {
  const sent = sessionStorage.getItem("takt-sent");
  sessionStorage.removeItem("takt-sent");
  const [came] = performance.getEntriesByType("navigation");
  // After a broken line somebody comes back or loads again: then it was not taken.
  const taken = came?.type === "navigate" && !(came.responseStatus >= 400) && !document.querySelector(".form-errors");
  if (sent && taken) forget("draft", sent);
}

function offerDrafts() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    const draft = kept("draft", draftName(form));
    const differs = ([name, place, value]) => {
      const control = controlsOf(form).filter((one) => one.name === name)[place];
      return !control || valueOf(control) !== value;
    };
    if (draft?.value.some(differs)) offer(form, draft);
  }
}

function offer(form, draft) {
  const restore = element("button", { type: "button", class: "button small" }, say("ui-draft-restore", { time: clockTime(draft.at) }));
  const drop = element("button", { type: "button", class: "button quiet small" }, say("ui-draft-drop"));
  const line = element("div", { class: "draft-offer", role: "status" }, restore, drop);
  restore.addEventListener("click", () => {
    line.remove();
    fill(form, draft.value);
  });
  drop.addEventListener("click", () => {
    forget("draft", draftName(form));
    line.remove();
  });
  form.prepend(line);
}

function startDrafts() {
  forgetOld();
  forgetSent();
  offerDrafts();
}

starts.push(startDrafts);
