// Live pages: the stream says what changed, the page is fetched again, and the elements that care are
// morphed in place. Focus, selection, typed words and scroll stay; nothing moves under the pointer.

const FETCH_GAP_MS = 250;
const LONGEST_DEFER_MS = 3000;

const LOOK_AGAIN_MS = 10_000;

/** What other parts do when something was put in, when the line is back, and with who looks; guests have none of them. */
const hooks = { settled: [], back: [], presence: [] };

/** `state` of the stream; `since`: when the line was lost, or 0. */
const live = { topics: new Set(), timer: 0, fetching: false, fetchedAt: -Infinity, deferred: new Map(), offlineTimer: 0, state: "connecting", since: 0 };

function startLive() {
  const { liveUrl: url, liveScope: scope, position, about, presenceUrl } = document.body.dataset;
  if (!url) return;
  const start = { url, position: Number(position) || 0, about, presenceUrl };
  if (window.SharedWorker) listenTogether(start, scope);
  else listenAlone(start);
  window.addEventListener("offline", () => showLine("off"));
  window.addEventListener("online", () => {
    showLine(live.state);
    changed(["*"]);
  });
}

function listenTogether(start, scope) {
  const script = document.querySelector("script[data-worker]").dataset.worker;
  const worker = new SharedWorker(script, { name: `takt-live ${scope}` });
  let others = [];
  worker.port.onmessage = ({ data }) => {
    if (data.others) ({ others } = data);
    hear(data);
  };
  worker.port.postMessage(start);
  window.addEventListener("pagehide", () => {
    // The worker may end with its last tab, so who leaves says so too.
    if (start.about && !others.includes(start.about)) sayLooked(start.presenceUrl, others);
    worker.port.postMessage({ bye: true });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      worker.port.postMessage(start);
      changed(["*"]);
    }
  });
}

function listenAlone(start) {
  let { position } = start;
  let wait = 1000;
  const listen = () => {
    const source = new EventSource(`${start.url}?since=${position}`);
    source.onopen = () => {
      wait = 1000;
      hear({ state: "on", presence: { present: {}, whole: true } });
    };
    source.onmessage = (event) => {
      const message = JSON.parse(event.data);
      position = Math.max(position, message.position);
      hear(message);
    };
    source.addEventListener("presence", (event) => hear({ presence: JSON.parse(event.data) }));
    source.onerror = () => {
      hear({ state: "off" });
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, wait);
      wait = Math.min(wait * 2, 30000);
    };
  };
  listen();
  if (!start.about) return;
  sayLooked(start.presenceUrl, [start.about]);
  setInterval(() => sayLooked(start.presenceUrl, [start.about]), LOOK_AGAIN_MS);
  window.addEventListener("pagehide", () => sayLooked(start.presenceUrl, []));
}

/** What this browser has open. Who misses it sees nobody there, and nothing else comes of it. */
function sayLooked(url, looked) {
  const said = { method: "POST", keepalive: true, credentials: "same-origin", headers: { "content-type": "application/json" } };
  fetch(url, { ...said, body: JSON.stringify({ looked, said: Date.now() }) }).catch(() => undefined);
}

function hear(message) {
  if (message.presence) for (const hearPresence of hooks.presence) hearPresence(message.presence);
  if (message.state) {
    live.state = message.state;
    showLine(navigator.onLine === false ? "off" : message.state);
  }
  if (message.changed) changed(message.changed);
}

/** The line's state. A blink of a second or two is not worth a word. */
function showLine(state) {
  const offline = document.getElementById("offline");
  for (const dot of document.querySelectorAll("[data-live-dot]")) {
    dot.dataset.state = state;
    dot.title = say(state === "on" ? "ui-live" : state === "off" ? "ui-offline" : "ui-live-connecting");
    dot.setAttribute("aria-label", dot.title);
  }
  if (state === "off") {
    live.since ||= Date.now();
    live.offlineTimer ||= setTimeout(() => {
      offline.querySelector("p").textContent = say("ui-offline-explain", { time: clockTime(live.since) });
      offline.hidden = false;
    }, LONGEST_DEFER_MS);
  } else if (state === "on") {
    const wasOffline = !offline.hidden;
    live.since = 0;
    for (const back of hooks.back) back();
    clearTimeout(live.offlineTimer);
    live.offlineTimer = 0;
    offline.hidden = true;
    if (wasOffline) changed(["*"]);
  }
}

function changed(topics) {
  if (!readsFrom()) return;
  const concerned = topics.includes("*") || caring(new Set(topics)).length > 0;
  if (!concerned) return;
  for (const topic of topics) live.topics.add(topic);
  schedule();
}

function schedule() {
  if (live.timer || live.fetching) return;
  // The first change after a quiet while is fetched at once.
  live.timer = setTimeout(refresh, Math.max(0, live.fetchedAt + FETCH_GAP_MS - performance.now()));
}

function caring(topics) {
  return [...document.querySelectorAll("[data-live][id]")].filter(
    (part) => topics.has("*") || part.dataset.live.split(/\s+/).some((topic) => topics.has(topic)),
  );
}

/** Where the page is read again: a page that answered to a form does not stand at its own address. */
function readsFrom() {
  return document.body.dataset.reads ?? location.href;
}

async function refresh() {
  live.timer = 0;
  const topics = new Set(live.topics);
  live.topics.clear();
  // A hidden tab reads again when somebody looks at it.
  if (document.hidden) {
    for (const topic of topics) live.topics.add(topic);
    return;
  }
  live.fetching = true;
  try {
    const response = await fetch(readsFrom(), { headers: { "X-Takt-Live": "1" }, credentials: "same-origin" });
    if (response.redirected && !isUnsaved()) location.reload(); // Signed out meanwhile.
    if (response.redirected || !response.ok) return;
    trustServerClock(response.headers.get("date"));
    bringAll(caring(topics), new DOMParser().parseFromString(await response.text(), "text/html"));
    beat();
  } catch {
    // No answer: the stream tells when the line is back, and then everything is read again.
  } finally {
    live.fetching = false;
    live.fetchedAt = performance.now();
    if (live.topics.size > 0) schedule();
  }
}

function bringAll(parts, fresh) {
  for (const part of parts) {
    const next = fresh.getElementById(part.id);
    if (next) bring(part, next);
  }
}

/** The page that answered to something that was sent from this one. */
function takePage(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  bringAll(caring(new Set(["*"])), fresh);
  const flash = fresh.querySelector("[data-flash]");
  if (!flash) return;
  document.querySelector("[data-flash]")?.remove();
  document.querySelector(".messages").append(flash);
  closable(flash);
}

/** Puts the new state in, unless that would move what the pointer is on. */
function bring(part, next) {
  const row = part.querySelector("[data-row]:hover");
  if (!row || sameOrder(part, next)) {
    settle(part, next);
    return;
  }
  const waiting = live.deferred.get(part.id);
  if (waiting) {
    waiting.next = next;
    return;
  }
  const pill = element("button", { type: "button", class: "button primary small refresh-pill" }, say("ui-refresh-pending"));
  const hold = { next, pill };
  live.deferred.set(part.id, hold);
  part.after(pill);
  const go = () => {
    clearTimeout(hold.timer);
    part.removeEventListener("pointerleave", go);
    live.deferred.delete(part.id);
    pill.remove();
    if (part.isConnected) settle(part, hold.next);
  };
  hold.timer = setTimeout(go, LONGEST_DEFER_MS);
  pill.addEventListener("click", go);
  part.addEventListener("pointerleave", go);
}

function sameOrder(part, next) {
  const order = (root) => [...root.querySelectorAll("[data-row]")].map((row) => row.id).join(" ");
  return order(part) === order(next);
}

function settle(part, next) {
  const known = new Set([...part.querySelectorAll("[data-row][id]")].map((row) => row.id));
  Idiomorph.morph(part, next, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: { beforeAttributeUpdated: keepWhatPeopleDid, beforeNodeMorphed: keepTyped },
  });
  const settled = document.getElementById(part.id);
  if (known.size > 0) {
    for (const row of settled?.querySelectorAll("[data-row][id]") ?? []) {
      if (!known.has(row.id)) row.classList.add("fresh");
    }
  }
  tick();
  for (const draw of hooks.settled) draw();
}

/** What a person opened stays open, what they chose stays chosen. */
function keepWhatPeopleDid(name, node) {
  return !(name === "open" && node.matches("details, dialog")) && !(name === "checked" && node.matches("[data-choose]"));
}

/** A form in which somebody has typed is theirs until it is sent. */
function keepTyped(node) {
  return !(node instanceof HTMLFormElement && dirty.has(node));
}

function beat() {
  for (const dot of document.querySelectorAll("[data-live-dot][data-state=on]")) {
    dot.dataset.state = "beat";
    setTimeout(() => dot.dataset.state === "beat" && (dot.dataset.state = "on"), 900);
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && live.topics.size > 0) schedule();
});

starts.push(startLive);
