// What somebody typed and nobody has taken yet stays in this browser: under their number, for a week at most, and never
// much. Signing out takes it away.

const KEPT_MS = 7 * 24 * 3600 * 1000;
const MOST_KEPT = 40;
const LARGEST_KEPT = 30_000;
const HERE = "takt-person";
const person = document.body.dataset.liveScope?.split("-")[0] ?? "";

/** Whoever came in last in this browser; another tab may still show the pages of whoever was here before. */
function isStillHere() {
  return localStorage.getItem(HERE) === person;
}

function startStore() {
  try {
    if (person) localStorage.setItem(HERE, person);
  } catch {
    // A browser that keeps nothing has nothing to send later either.
  }
}

starts.push(startStore);

/** Whether it is kept. The oldest make room for it, unless they wait to be sent. */
function keep(kind, name, value, { makeRoom = true } = {}) {
  const text = JSON.stringify({ at: Date.now(), value });
  if (!person || text.length > LARGEST_KEPT) return false;
  const others = allKept(kind).filter((other) => other.name !== name);
  const tooMany = others.slice(0, Math.max(0, others.length - MOST_KEPT + 1));
  if (tooMany.length > 0 && !makeRoom) return false;
  for (const old of tooMany) forget(kind, old.name);
  try {
    localStorage.setItem(keptKey(kind, name), text);
    return true;
  } catch {
    // The browser has no room.
    if (makeRoom && others.length > 0) forget(kind, others[0].name);
    return false;
  }
}

function kept(kind, name) {
  return allKept(kind).find((one) => one.name === name);
}

/** The oldest first: { name, at, value }. */
function allKept(kind) {
  if (!person) return [];
  const begins = keptKey(kind, "");
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(begins))
    .map((key) => ({ name: key.slice(begins.length), ...read(key) }))
    .filter((one) => one.at)
    .sort((one, other) => one.at - other.at);
}

function forget(kind, name) {
  localStorage.removeItem(keptKey(kind, name));
}

function keptKey(kind, name) {
  return `takt ${person} ${kind} ${name}`;
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function forgetOld() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("takt ") && !(read(key).at > Date.now() - KEPT_MS)) localStorage.removeItem(key);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]") || event.defaultPrevented || isOff()) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(`takt ${person} `)) localStorage.removeItem(key);
});
