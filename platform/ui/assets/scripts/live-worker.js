// One event stream for all tabs of a browser: HTTP/1.1 allows six connections per host, and a desk has
// more tabs than that. Tells every tab what changed and whether the line stands.

const ports = new Set();
let source = null;
let position = 0;
let wait = 1000;
let state = "connecting";

self.onconnect = (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data.bye) {
      ports.delete(port);
      if (ports.size === 0) hangUp();
      return;
    }
    // A tab drawn long ago must hear what it missed; one drawn just now must not rewind the others.
    if (data.position < position) port.postMessage({ changed: ["*"], position });
    position = Math.max(position, data.position);
    if (source === null) listen(data.url);
    port.postMessage({ state });
  };
};

function listen(url) {
  source = new EventSource(`${url}?since=${position}`);
  source.onopen = () => {
    wait = 1000;
    tell("on");
  };
  source.onmessage = (event) => {
    const message = JSON.parse(event.data);
    position = Math.max(position, message.position);
    for (const port of ports) port.postMessage(message);
  };
  source.onerror = () => {
    tell("off");
    // The browser retries a dropped line by itself, but not one that was answered with an error.
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;
    setTimeout(() => ports.size > 0 && source === null && listen(url), wait);
    wait = Math.min(wait * 2, 30000);
  };
}

function hangUp() {
  source?.close();
  source = null;
}

function tell(next) {
  state = next;
  for (const port of ports) port.postMessage({ state });
}
