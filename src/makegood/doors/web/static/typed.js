// What a customer types stays in this tab until it has arrived, so that no lost connection takes it.
// The page does without: it only saves typing the same words twice.
(() => {
  "use strict";
  const SENT = "typed-sent";
  let store;
  try {
    store = sessionStorage;
  } catch {
    return; // a browser that keeps nothing for anybody
  }
  const place = location.pathname.split("/").slice(0, 3).join("/");
  const TYPED = "textarea[id], input[id]:not([type=hidden], [type=radio], [type=checkbox])";
  const nameOf = (field) => `typed:${place}#${field.id}`;
  const fieldsOf = (form) => [...form.querySelectorAll(TYPED)];
  const forms = () => [...document.querySelectorAll("main form[method=post]")];
  const note = (which) => document.querySelector(`[data-${which}]`);

  // Where the page says thank you, what was sent has arrived.
  const sent = JSON.parse(store.getItem(SENT) || "[]");
  store.removeItem(SENT);
  if (new URLSearchParams(location.search).has("thanks")) sent.forEach((name) => store.removeItem(name));

  forms().flatMap(fieldsOf).forEach((field) => {
    const kept = store.getItem(nameOf(field));
    if (!kept || field.value) return;
    field.value = kept;
    const shut = field.closest("details");
    if (shut) shut.open = true;
    if (sent.includes(nameOf(field)) && note("kept")) note("kept").hidden = false;
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches?.(TYPED)) return;
    if (event.target.value) store.setItem(nameOf(event.target), event.target.value);
    else store.removeItem(nameOf(event.target));
  });

  document.addEventListener("submit", (event) => {
    store.setItem(SENT, JSON.stringify(fieldsOf(event.target).map(nameOf)));
    if (navigator.onLine || !note("offline")) return;
    event.preventDefault();
    event.target.append(note("offline")); // where one looks, having pressed its button
    note("offline").hidden = false;
    note("offline").scrollIntoView({ block: "nearest" });
  });
})();
