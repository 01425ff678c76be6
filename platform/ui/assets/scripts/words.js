// The texts of the page's language, from the data block that the frame writes; and what every part begins with.

/** What parts do when all of them are there, in their order. */
const starts = [];

const wordsBlock = document.getElementById("words");
const words = wordsBlock ? JSON.parse(wordsBlock.textContent) : {};

function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

/** The same words as the server's: 45 s, 14 min, 2 h 05 min, 3 d 4 h. */
function duration(seconds) {
  const length = Math.abs(seconds);
  const minus = seconds < 0 ? "\u2212" : "";
  if (length < 60) return minus + say("ui-seconds", { count: Math.floor(length) });
  const minutes = Math.floor(length / 60);
  if (minutes < 60) return minus + say("ui-minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minus + say("ui-hours-minutes", { hours, minutes: String(minutes % 60).padStart(2, "0") });
  return minus + say("ui-days-hours", { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** An element with attributes and children; texts are texts, never markup. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
