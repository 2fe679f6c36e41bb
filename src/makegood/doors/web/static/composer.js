// The gate beside the words: one key takes a true sentence in place of one that is not, puts a
// promise on record, or fills in the time that the words say. The focus stays in the words.
(() => {
  "use strict";
  const panel = () => document.getElementById("gate");
  const wordsOf = (gate) => gate.closest("form")?.querySelector("textarea[name=words]");

  // Places are counted in letters as Python does, so that an emoji is one.
  function take(button) {
    const words = wordsOf(button);
    if (!words) return;
    const letters = Array.from(words.value);
    const { first, last, instead } = button.dataset;
    const before = letters.slice(0, Number(first)).join("");
    const after = letters.slice(Number(last)).join("");
    words.focus();
    words.value = before + instead + after;
    words.setSelectionRange(before.length + instead.length, before.length + instead.length);
    words.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The time that the words say, into the fields; "due_on=2026-06-03;due_time=17:00;".
  function fill(button) {
    const fields = button.closest("form").elements;
    for (const pair of button.dataset.due.split(";").filter(Boolean)) {
      const [name, value] = pair.split("=");
      if (fields[name]) fields[name].value = value;
    }
    const words = wordsOf(button);
    words.focus();
    words.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#gate [data-instead], #gate [data-due]");
    if (button?.dataset.due) fill(button);
    else if (button && panel().dataset.old !== "1") take(button);
  });

  document.addEventListener("keydown", (event) => {
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (!digit || !event.altKey || event.ctrlKey || event.metaKey) return;
    const button = panel()?.querySelector(`[data-number="${digit[1]}"]`);
    if (!button || panel().dataset.old === "1") return;
    event.preventDefault();
    button.click();
  });

  // What was found is of the words as they were when they were sent: once they have changed, nothing
  // takes it, though its answer comes later.
  let changes = 0;
  let sentAt = 0;
  document.addEventListener("input", (event) => {
    const gate = panel();
    if (!gate?.closest("form")?.contains(event.target)) return;
    changes += 1;
    gate.dataset.old = "1";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target.id === "gate") sentAt = changes;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "gate") event.target.dataset.old = sentAt === changes ? "0" : "1";
  });
})();
