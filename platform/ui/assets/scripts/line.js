// What is sent while the server cannot be reached. A note waits in the browser and is sent once when the line is back: it
// has a number of its own, by which the server knows it again. Of any other form it is said that nothing was sent, and its
// words are kept. Stands before all other listeners to `submit`, which look whether it was held.

const TRY_AGAIN_MS = 15_000;
const LONGEST_PROBE_MS = 2000;
const NOT_TAKEN_NOW = [408, 425, 429, 500, 502, 503, 504];
/** A page comes within that, or the form may be sent again. */
const SENT_MS = 5000;
const sure = new WeakSet();
let sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ((form.getAttribute("method") ?? "get").toLowerCase() !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute("data-queue") && person) {
    event.preventDefault();
    sendNote(form);
  } else if (sent.has(form)) {
    // The answer to the first is on its way.
    event.preventDefault();
  } else if (isOff() && !sure.has(form)) {
    event.preventDefault();
    probe(form, event.submitter);
  }
});

// After all others, who may have held it.
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || (form.getAttribute("method") ?? "get").toLowerCase() !== "post") return;
  sent.add(form);
  setTimeout(() => sent.delete(form), SENT_MS);
});

// A page that is come back to waits for no answer.
window.addEventListener("pageshow", () => (sent = new WeakSet()));

function isOff() {
  return live.since !== 0 || navigator.onLine === false;
}

/** The stream may be cut while the server still answers. */
async function probe(form, submitter) {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(LONGEST_PROBE_MS) });
    if (!answer.ok) throw new Error("not well");
    sure.add(form);
    form.requestSubmit(submitter?.form === form ? submitter : undefined);
  } catch {
    sayNotSent(form);
  }
}

function sayNotSent(form) {
  if (form.hasAttribute("data-guard")) save(form);
  form.querySelector(":scope > .not-sent")?.remove();
  const text = say("ui-not-sent", { time: clockTime(live.since || Date.now()) });
  form.append(element("p", { class: "not-sent", role: "alert" }, text));
}

function noteOf(form) {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { url: form.getAttribute("action"), key, fields: wordsOf(form) };
}

function wordsOf(form) {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

function post({ url, key, fields }) {
  return fetch(url, { method: "POST", credentials: "same-origin", body: new URLSearchParams([...fields, ["key", key]]) });
}

/** taken, later or refused; and the page that answered. */
async function tryNote(note) {
  try {
    const answer = await post(note);
    if (new URL(answer.url).pathname === "/sign-in" || NOT_TAKEN_NOW.includes(answer.status)) return { outcome: "later" };
    return { outcome: answer.ok ? "taken" : "refused", page: await answer.text() };
  } catch {
    return { outcome: "later" };
  }
}

async function sendNote(form) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const note = noteOf(form);
  const { outcome, page } = isOff() ? { outcome: "later" } : await tryNote(note);
  form.ariaBusy = null;
  if (outcome === "refused") {
    // The server says what is wrong on its own page; nothing was done.
    form.submit();
    return;
  }
  if (outcome === "later" && !keep("note", note.key, note, { makeRoom: false })) {
    sayNotSent(form);
    return;
  }
  // What was typed while it was on its way is not sent yet.
  if (JSON.stringify(wordsOf(form)) === JSON.stringify(note.fields)) {
    form.reset();
    undirty(form);
  }
  save(form);
  if (outcome === "taken") takePage(page);
  drawNotes();
}

function flushNotes() {
  const turn = navigator.locks ? (run) => navigator.locks.request("takt-notes", run) : (run) => run();
  return turn(async () => {
    // Notes of one person are not sent in the name of another.
    if (!isStillHere()) return;
    for (const { name, at, value } of allKept("note")) {
      if (value.refused) continue;
      const { outcome } = await tryNote(value);
      if (outcome === "later") break;
      if (outcome === "taken") forget("note", name);
      else keep("note", name, { ...value, refused: true, at });
    }
    drawNotes();
  });
}

/** Notes that wait stand below the form they were written in. */
function drawNotes() {
  for (const old of document.querySelectorAll(".waiting-notes")) old.remove();
  const notes = allKept("note");
  for (const form of document.querySelectorAll("form[data-queue]")) {
    const own = notes.filter((note) => note.value.url === form.getAttribute("action"));
    if (own.length > 0) form.after(element("div", { class: "waiting-notes", role: "status" }, element("ul", {}, ...own.map(waiting))));
  }
}

function waiting({ name, at, value }) {
  const words = value.fields.map(([, text]) => text).join(" ");
  const why = say(value.refused ? "ui-note-refused" : "ui-note-waits", { time: clockTime(value.at ?? at) });
  const drop = element("button", { type: "button", class: "button quiet small" }, say("ui-draft-drop"));
  drop.addEventListener("click", () => {
    forget("note", name);
    drawNotes();
  });
  return element("li", {}, element("p", {}, words), element("p", { class: "muted small-text" }, why), drop);
}

function startLine() {
  drawNotes();
  window.addEventListener("online", flushNotes);
  setInterval(() => allKept("note").length > 0 && flushNotes(), TRY_AGAIN_MS);
  if (allKept("note").length > 0) flushNotes();
}

hooks.settled.push(drawNotes);
hooks.back.push(() => allKept("note").length > 0 && flushNotes());
starts.push(startLine);
