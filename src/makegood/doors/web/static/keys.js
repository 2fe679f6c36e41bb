// Single keys. The sheet (desk/keys.html) is the table: each of its rows names its keys and what
// they do, so what it says and what works cannot differ. A row that has nothing to do here is hidden.
(() => {
  "use strict";
  const sheet = document.getElementById("keys");
  const keysOn = document.querySelector("[data-keys-on]");
  if (!sheet || !keysOn) return;

  const rows = [...sheet.querySelectorAll("[data-key]")];
  const promises = () => [...document.querySelectorAll("[data-promise]")];
  const chosen = () => document.activeElement?.closest?.("[data-row]");
  const isThere = (element) => element !== null && element.getClientRects().length > 0;
  const find = (selector) => (selector ? [...document.querySelectorAll(selector)].find(isThere) ?? null : null);
  const areOn = () => localStorage.getItem("makegood-keys") !== "off";

  // On a promise that is chosen, or else on the first one that has such an act.
  function ofPromise(name) {
    const row = chosen();
    if (row) return row.querySelector(`[data-promise]`)?.dataset[name] ?? row.dataset[name];
    return document.querySelector("[data-watch=case]") ? promises().find((one) => one.dataset[name])?.dataset[name] : undefined;
  }

  function step(by) {
    const all = promises();
    if (!all.length) return;
    const place = all.findIndex((one) => one === document.activeElement || one.closest("[data-row]") === chosen());
    const next = place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + by, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  // What a row does now, or nothing.
  function deed({ step: by, ofPromise: name, press, focus, open, sheet: isSheet }) {
    if (by !== undefined) return promises().length ? () => step(Number(by)) : null;
    if (isSheet !== undefined) return () => show();
    if (open) {
      const link = chosen()?.querySelector(open);
      return link ? () => link.click() : null;
    }
    const address = name && ofPromise(name);
    if (address) return () => window.location.assign(address);
    const target = find(press ?? focus);
    if (!target) return null;
    return press ? () => target.click() : () => target.focus();
  }

  // The sheet shows what can be done on this page, whatever is chosen at the moment.
  function isPossible({ ofPromise: name, open, press, focus, step: by }) {
    if (name && promises().some((one) => one.dataset[name])) return true;
    if (open) return find(open) !== null;
    if (by !== undefined) return promises().length > 0;
    return !(press ?? focus ?? name) || find(press ?? focus) !== null;
  }

  function show() {
    for (const row of rows) row.hidden = !isPossible(row.dataset);
    sheet.showModal();
  }

  const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat && event.key.length > 1) return;
    if (document.querySelector("dialog[open]") || isTyping(event.target) || !areOn()) return;
    const row = rows.find((one) => one.dataset.key.split(" ").includes(event.key));
    const act = row && deed(row.dataset);
    if (!act) return;
    event.preventDefault();
    act();
  });

  // From within what one writes, the form is sent without a way through its other fields.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    const form = event.target.closest?.("main form[method=post]");
    if (!form) return;
    event.preventDefault();
    (form.querySelector(":scope > .mg-buttons > [type=submit]") ?? form.querySelector("[type=submit]"))?.click();
  });

  const button = document.querySelector("[data-keys]");
  button.hidden = false;
  button.addEventListener("click", show);
  keysOn.checked = areOn();
  keysOn.addEventListener("change", () => localStorage.setItem("makegood-keys", keysOn.checked ? "on" : "off"));
})();
