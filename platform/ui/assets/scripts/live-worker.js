// One event stream for all tabs of a browser: HTTP/1.1 allows six connections per host, and a desk has
// more tabs than that. Tells every tab what changed and whether the line stands, and the server what the tabs
// have open, so that colleagues see it.

const LOOK_AGAIN_MS = 10_000;

/** Tabs, with what each is about. */
const ports = new Map();
let source = null;
let position = 0;
let wait = 1000;
let state = "connecting";
let presenceUrl;
let looked = "[]";
let present = {};

self.onconnect = (event) => {
  const port = event.ports[0];
  port.onmessage = ({ data }) => {
    if (data.bye) {
      ports.delete(port);
      look();
      if (ports.size === 0) hangUp();
      return;
    }
    ports.set(port, data.about);
    presenceUrl ??= data.presenceUrl;
    // A tab drawn long ago must hear what it missed; one drawn just now must not rewind the others.
    if (data.position < position) port.postMessage({ changed: ["*"], position });
    position = Math.max(position, data.position);
    if (source === null) listen(data.url);
    port.postMessage({ state, presence: { present, whole: true } });
    look();
  };
};

setInterval(() => looked !== "[]" && look(true), LOOK_AGAIN_MS);

function listen(url) {
  source = new EventSource(`${url}?since=${position}`);
  source.onopen = () => {
    wait = 1000;
    present = {};
    tell({ state: "on", presence: { present, whole: true } });
    // The server may have been started anew.
    if (looked !== "[]") look(true);
  };
  source.onmessage = (event) => {
    const message = JSON.parse(event.data);
    position = Math.max(position, message.position);
    tell(message);
  };
  source.addEventListener("presence", (event) => {
    const presence = JSON.parse(event.data);
    present = presence.whole ? presence.present : { ...present, ...presence.present };
    tell({ presence });
  });
  source.onerror = () => {
    tell({ state: "off" });
    // The browser retries a dropped line by itself, but not one that was answered with an error.
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;
    setTimeout(() => ports.size > 0 && source === null && listen(url), wait);
    wait = Math.min(wait * 2, 30000);
  };
}

/** Tells the server what is open, when that is something else than it knows, or once more. */
function look(again = false) {
  const open = [...new Set([...ports.values()].filter(Boolean))].sort();
  for (const port of ports.keys()) {
    const others = [...ports].filter(([other]) => other !== port).map(([, about]) => about);
    port.postMessage({ others: [...new Set(others.filter(Boolean))] });
  }
  if (!presenceUrl || (JSON.stringify(open) === looked && !again)) return;
  looked = JSON.stringify(open);
  const said = { method: "POST", keepalive: true, credentials: "same-origin", headers: { "content-type": "application/json" } };
  fetch(presenceUrl, { ...said, body: `{"looked":${looked},"said":${Date.now()}}` }).catch(() => undefined);
}

function hangUp() {
  source?.close();
  source = null;
}

function tell(message) {
  state = message.state ?? state;
  for (const port of ports.keys()) port.postMessage(message);
}
