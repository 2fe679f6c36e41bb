// Niceties of the desk: words that are never lost, forms that are sent once, a line while one waits,
// a banner when the connection is gone, and copying a link. Every page works without this file.
(() => {
  "use strict";
  const DRAFT_HOURS = 12;
  const announce = document.getElementById("announce");
  const say = (text) => { if (announce) announce.textContent = text; };

  // Browsers give up on autofocus when the address names a place; the first field is meant all the same.
  window.addEventListener("load", () => setTimeout(() => {
    const first = location.hash && document.querySelector("main form[data-draft] [autofocus]");
    if (!first || first.form?.contains(document.activeElement)) return;
    first.focus({ preventScroll: true });
    first.closest("form").scrollIntoView({ block: "nearest" });
  }));

  // On a phone the lists of pages scroll sideways; where one is has to be in sight.
  for (const part of document.querySelectorAll("nav > [aria-current]")) part.parentElement.scrollLeft = part.offsetLeft - part.parentElement.offsetLeft - (part.parentElement.clientWidth - part.offsetWidth) / 2;

  // Whoever is known by none of it is new: what was typed to find them is not asked for twice.
  const find = document.getElementById("find");
  find?.addEventListener("change", () => {
    const sought = find.value.trim();
    const field = document.querySelector(`.mg-report [name=${/^[+\d][\d ()/-]{4,}$/.test(sought) ? "phone" : "name"}]`);
    const isPlace = /\d/.test(sought) && field?.name === "name";
    if (!field || field.value || !sought || isPlace || document.querySelector("#callers .mg-found")) return;
    field.value = sought;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // ---- drafts: what somebody types on a case stays in this tab until it was sent ------------------

  const drafted = () => [...document.querySelectorAll("form[data-draft]")];
  // What was made of one template is not what was made of another, or of none.
  const nameOf = (form) => [`draft:${new URL(form.action, location.href).pathname}`, form.elements.template?.value].filter(Boolean).join("?");
  const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "submit", "password", "file"].includes(field.type));
  const value = (field) => (field.type === "checkbox" ? field.checked : field.value);

  function keep(form) {
    const words = Object.fromEntries(fields(form).map((field) => [field.name, value(field)]));
    sessionStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), words }));
  }

  function read(name) {
    try {
      const draft = JSON.parse(sessionStorage.getItem(name));
      if (draft && Date.now() - draft.at < DRAFT_HOURS * 3_600_000) return draft.words;
    } catch { /* not ours */ }
    sessionStorage.removeItem(name);
    return null;
  }

  // A letter that was begun with a template goes on where nothing else was typed.
  function takeUp(form) {
    const begun = Object.keys(sessionStorage).find((name) => name.startsWith(`${nameOf(form)}?`) && read(name)?.words);
    if (!begun) return;
    form.elements.template.value = begun.split("?")[1];
    form.addEventListener("reset", () => { form.elements.template.value = ""; }, { once: true });
  }

  function bringBack(form) {
    // A refused form has come back from the desk with its words in it already.
    if (form.querySelector(".errorlist, [role=alert]")) return;
    if (!read(nameOf(form))) takeUp(form);
    const words = read(nameOf(form));
    if (!words) return;
    let changed = false;
    for (const field of fields(form)) {
      if (!(field.name in words) || words[field.name] === value(field)) continue;
      if (field.type === "checkbox") field.checked = words[field.name];
      else field.value = words[field.name];
      field.closest("details")?.setAttribute("open", ""); // words that nobody sees would surprise
      changed = true;
    }
    if (!changed) return;
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
    else if (announce) say(announce.dataset.draft);
  }

  // What was sent has arrived where its answer led here. Any other page, opened after an answer that
  // never came, says nothing of it: better words twice than words lost.
  const sent = sessionStorage.getItem("draft-sent");
  const [came] = performance.getEntriesByType("navigation");
  const isAnswer = came?.redirectCount > 0 && came.type !== "back_forward";
  // What is refused comes back at the address that it was sent to; what is taken leads elsewhere.
  const isBack = sent === `draft:${location.pathname}` && drafted().some((form) => nameOf(form) === sent);
  if (sent && isAnswer && !isBack) sessionStorage.removeItem(sent);
  sessionStorage.removeItem("draft-sent");
  drafted().forEach(bringBack);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("form[data-draft]")) keep(form);
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-discard]");
    const form = pressed?.closest("form[data-draft]");
    if (!form) return;
    sessionStorage.removeItem(nameOf(form));
    if (pressed.type !== "button") return;
    form.reset();
    pressed.closest("[data-draft-note]").hidden = true;
    fields(form).find((field) => field.getClientRects().length)?.focus();
  });

  // ---- sending: once, not into the void, and visibly ----------------------------------------------

  const offline = document.getElementById("offline");
  const isOff = () => !navigator.onLine;
  function showConnection() {
    document.body.classList.toggle("mg-offline", isOff());
    if (offline) offline.hidden = !isOff();
  }
  window.addEventListener("offline", showConnection);
  window.addEventListener("online", showConnection);
  showConnection();

  const underWay = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (underWay.has(form)) { event.preventDefault(); return; } // its button is not yet off
    if (isOff()) {
      event.preventDefault();
      offline?.scrollIntoView({ block: "nearest" });
      return;
    }
    if (form.dataset.hide) {
      document.getElementById(form.dataset.hide).hidden = true;
      event.preventDefault();
      fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
      return;
    }
    if (form.action.endsWith("/sign-out")) sessionStorage.clear(); // the next person starts clean
    if (form.matches("[data-draft]")) sessionStorage.setItem("draft-sent", nameOf(form));
    else sessionStorage.removeItem("draft-sent"); // the next answer is that of another form
    document.body.classList.add("mg-loading");
    const button = event.submitter;
    if (form.method !== "post" || !button) return;
    underWay.add(form);
    setTimeout(() => { button.setAttribute("aria-busy", "true"); button.disabled = true; });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = link && !link.target && !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (isPlain && link.origin === location.origin && link.pathname + link.search !== location.pathname + location.search) {
      document.body.classList.add("mg-loading");
    }
  });
  window.addEventListener("pageshow", () => {
    document.body.classList.remove("mg-loading");
    underWay.clear();
    for (const button of document.querySelectorAll("button[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  });

  // ---- fragments: their errors are said where they happen ------------------------------------------

  function sayFailed(event, text) {
    const place = event.detail.target;
    const line = document.createElement("p");
    line.className = "mg-failed";
    line.setAttribute("role", "alert");
    line.textContent = text;
    if (place && place !== document.body) place.replaceChildren(line);
    else say(text);
  }
  document.addEventListener("htmx:beforeRequest", () => document.body.classList.add("mg-loading"));
  document.addEventListener("htmx:afterRequest", () => document.body.classList.remove("mg-loading"));
  document.addEventListener("htmx:responseError", (event) => sayFailed(event, announce.dataset.failed));
  document.addEventListener("htmx:sendError", (event) => sayFailed(event, announce.dataset.unreachable));

  // What appears above the field that one is in pushes it out of nobody's sight.
  const sees = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
  const here = () => document.activeElement.getBoundingClientRect();
  let wasSeen;
  document.addEventListener("htmx:beforeSwap", () => { wasSeen = sees(here()); });
  document.addEventListener("htmx:afterSettle", () => {
    if (wasSeen && !sees(here())) document.activeElement.scrollIntoView({ block: "nearest" });
  });

  // ---- what is proposed follows what was chosen, until somebody has words or a choice of their own --

  let picked;
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    if (!target.dataset.proposes) return;
    const chosen = target.querySelector("input:checked");
    picked = chosen && (!chosen.defaultChecked || "own" in chosen.form.dataset) ? chosen.value : null;
  });
  document.addEventListener("htmx:load", ({ target: fresh }) => {
    const { proposes, words, minutes, lost } = fresh.dataset ?? {};
    if (!proposes) return;
    for (const [id, value] of [[proposes, words], [minutes, lost]]) {
      const field = document.getElementById(id);
      if (field && !("own" in field.form.dataset) && field.value === field.defaultValue) field.value = field.defaultValue = value;
    }
    for (const choice of fresh.querySelectorAll("input")) if (choice.value === picked) choice.checked = true;
  });

  // ---- copying a link ------------------------------------------------------------------------------

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
    });
  }
})();
