// Niceties of the desk: single keys, copying a link, and a board that stays fresh.
// Every page works without this file.
(() => {
  "use strict";
  const REFRESH_EVERY = 60_000;
  const sheet = document.getElementById("keys");
  const keysOn = document.querySelector("[data-keys-on]");

  const promises = () => [...document.querySelectorAll("[data-promise]")];
  const chosen = () => document.activeElement?.closest?.("[data-row]")?.querySelector("[data-promise]");
  const go = (address) => { if (address) window.location.assign(address); };

  function step(by) {
    const all = promises();
    if (!all.length) return;
    const place = all.indexOf(chosen());
    const next = place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + by, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    K: () => go(chosen()?.dataset.keep),
    M: () => go(chosen()?.dataset.move),
    m: () => go(chosen()?.dataset.move),
    H: () => go(chosen()?.dataset.handOver),
    h: () => go(chosen()?.dataset.handOver),
    N: () => go("/reports/new"),
    n: () => go("/reports/new"),
    "/": () => document.getElementById("search")?.focus(),
    "?": () => sheet?.showModal(),
  };

  function isTyping(target) {
    return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || sheet?.open) return;
    if (isTyping(event.target) || localStorage.getItem("makegood-keys") === "off") return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (sheet && keysOn) {
    const button = document.querySelector("[data-keys]");
    button.hidden = false;
    button.addEventListener("click", () => sheet.showModal());
    keysOn.checked = localStorage.getItem("makegood-keys") !== "off";
    keysOn.addEventListener("change", () => localStorage.setItem("makegood-keys", keysOn.checked ? "on" : "off"));
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
    });
  }

  // Times grow old; nobody's focus is taken from them while they work.
  setInterval(() => {
    const board = document.getElementById("board");
    const isCalm = document.activeElement === document.body || document.activeElement?.id === "main";
    if (board && window.htmx && isCalm && !document.hidden) window.htmx.trigger(board, "refresh");
  }, REFRESH_EVERY);
})();
