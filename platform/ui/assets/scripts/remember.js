// What somebody opened stays open in this browser: parts marked `data-remember`.

const opened = "opened";

function rememberedParts() {
  try {
    return new Set(JSON.parse(localStorage.getItem(opened) ?? "[]"));
  } catch {
    return new Set();
  }
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    const name = target.dataset?.remember;
    if (!name) return;
    const parts = rememberedParts();
    if (target.open) parts.add(name);
    else parts.delete(name);
    try {
      localStorage.setItem(opened, JSON.stringify([...parts]));
    } catch {
      // A browser that keeps nothing opens them closed.
    }
  },
  true,
);

function startRemembering() {
  const parts = rememberedParts();
  for (const part of document.querySelectorAll("[data-remember]")) part.open = parts.has(part.dataset.remember);
}

starts.push(startRemembering);
