// The gate beside the words: one key takes a true sentence in place of one that is not, or puts a
// promise on record. The focus stays in the words.
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

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#gate [data-instead]");
    if (button) take(button);
  });

  document.addEventListener("keydown", (event) => {
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (!digit || !event.altKey || event.ctrlKey || event.metaKey) return;
    const button = panel()?.querySelector(`[data-number="${digit[1]}"]`);
    if (!button || panel().dataset.old === "1") return;
    event.preventDefault();
    button.click();
  });

  // What was found is of the words as they were: while they change, no key takes it.
  document.addEventListener("input", (event) => {
    const gate = panel();
    if (gate && gate.closest("form")?.contains(event.target)) gate.dataset.old = "1";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "gate") event.target.dataset.old = "0";
  });
})();
