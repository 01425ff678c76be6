// Who else has something open: initials at its row in a list and at the head of its card.

let onlookers = new Map();

/** `present`: by topic a list of [initials, name]; `whole`: nobody looks at anything else. */
function hearPresence({ present, whole }) {
  if (whole) onlookers = new Map();
  for (const [topic, others] of Object.entries(present)) {
    if (others.length > 0) onlookers.set(topic, others);
    else onlookers.delete(topic);
  }
  drawPresence();
}

function drawPresence() {
  for (const old of document.querySelectorAll(".onlookers")) {
    if (onlookers.get(old.dataset.topic)?.join() !== old.dataset.shown) old.remove();
  }
  for (const [topic, others] of onlookers) {
    const row = document.getElementById(topic.replace("/", "-"));
    if (row?.matches("[data-row]")) mark(row.querySelector(".row-link") ?? row.cells?.[0] ?? row, topic, others);
    if (document.body.dataset.about === topic) mark(document.querySelector(".heading"), topic, others, document.querySelector(".heading h1 + *"));
  }
}

function mark(place, topic, others, before = null) {
  if (place.querySelector(":scope > .onlookers")) return;
  const names = say("ui-onlookers", { names: others.map(([, name]) => name).join(", ") });
  const faces = others.slice(0, 4).map(([initials]) => element("span", { class: "avatar", "aria-hidden": "true" }, initials));
  const told = element("span", { class: "unseen" }, names);
  place.insertBefore(element("span", { class: "onlookers", title: names, "data-topic": topic, "data-shown": others.join() }, ...faces, told), before);
}

hooks.presence.push(hearPresence);
hooks.settled.push(drawPresence);
