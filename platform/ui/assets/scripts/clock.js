// Countdowns tick each second on screen. The server's moment is told by the page, so a wrong clock on
// the desk's computer does not make a promise look broken.

function tick() {
  const now = Date.now() + clockOffset;
  for (const time of document.querySelectorAll("[data-countdown]")) {
    const text = duration(Math.trunc((Date.parse(time.dataset.countdown) - now) / 1000));
    if (time.textContent !== text) time.textContent = text;
  }
  for (const promise of document.querySelectorAll("[data-promise-due]")) paint(promise, now);
}

function paint(promise, now) {
  const from = Date.parse(promise.dataset.promiseFrom);
  const due = Date.parse(promise.dataset.promiseDue);
  const left = Math.max(0, Math.min(1000, Math.floor(((due - now) * 1000) / Math.max(1, due - from))));
  const over = due < now;
  promise.classList.toggle("over", over);
  promise.classList.toggle("soon", !over && left <= 250);
  promise.classList.toggle("calm", !over && left > 250);
  promise.querySelector(".promise-left")?.setAttribute("width", over ? 1000 : left);
}

/** Milliseconds between the server's clock and ours: told by the page, then by each live answer. */
let clockOffset = 0;

function trustServerClock(text) {
  const said = Date.parse(text ?? "");
  // Whole seconds and the way here: smaller differences mean nothing.
  if (!Number.isNaN(said)) clockOffset = Math.abs(said - Date.now()) > 2000 ? said - Date.now() : 0;
}

function startClock() {
  trustServerClock(document.body.dataset.now);
  if (document.querySelector("[data-countdown]") || document.body.dataset.liveUrl) setInterval(tick, 1000);
}

/** 14:02, or with its day when that is not today. */
function clockTime(at) {
  const moment = new Date(at);
  const day = moment.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
  return moment.toLocaleString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", ...day });
}

starts.push(startClock);
