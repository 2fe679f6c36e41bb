// Security keys: shows what only works with scripts, and says when a key did not answer.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;
  document.addEventListener("allauth.error", (event) => {
    const said = document.querySelector("[data-key-failed]");
    if (!said) return;
    event.preventDefault();
    said.hidden = false;
  });
})();
