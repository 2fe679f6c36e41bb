// Pages that live: they hear that something changed, ask for themselves, and take in what is new
// without touching what somebody is typing, has open, or looks at. Without a stream they look once
// a minute, and say so.
(() => {
  "use strict";
  const LOOK_EVERY = 60_000;
  const LOOK_AGAIN = 15_000; // where nobody answered
  const OLD_AFTER = 90_000;
  const SILENT_AFTER = 25_000;
  const GATHER = 400;
  const SPREAD = 4_000;
  const LIST_EVERY = 5_000; // a list of everything changes all the time in a large company
  const SEEN_EVERY = 10_000;
  const TYPING_FOR = 8_000;
  const BACK_OFF = [3_000, 10_000, 30_000, 60_000, 120_000];
  const TRY_EVERY = 600_000; // where the desk answers, and nobody at the stream does
  const MARK_FOR = 6_000;
  const PATIENCE = 30_000; // what is not answered by then is asked again, rather than waited for for ever

  const main = document.getElementById("main");
  const status = document.getElementById("live");
  const announce = document.getElementById("announce");
  const watch = main?.dataset.watch;
  if (!watch || !status) return;

  // ---- taking in what is new -------------------------------------------------------------------------

  const UNITS = "[data-unit], [data-row]";
  const keyOf = (unit) => unit.dataset.unit ?? unit.id;
  const FORM = "form[data-draft]";
  const holdsWords = (node) => node.matches?.(FORM) || Boolean(node.querySelector?.(FORM));
  const isBusy = (node) => node.matches?.(UNITS) && holdsWords(node);
  // What is typed into any other field stays as well: a why, an amount, a day.
  const isTyped = (node) => node.matches?.("input:not([type=hidden]), textarea") && (node.value !== node.defaultValue || node.checked !== node.defaultChecked);
  // So does what is chosen; without a choice of its own a list stands at its first.
  const isChosen = (node) => node.matches?.("select:not([multiple])") && node.selectedIndex !== Math.max(0, [...node.options].findIndex((one) => one.defaultSelected));
  const isSaid = (node) => node.matches?.(".mg-said, .mg-fresh, [data-keep-here]");

  // Words that tell how long ago something was change by themselves, and are no news.
  function textOf(unit) {
    const copy = unit.cloneNode(true);
    copy.querySelectorAll("time, .mg-rel, .mg-sub, .visually-hidden").forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }
  const look = () => new Map([...main.querySelectorAll(UNITS)].map((unit) => [keyOf(unit), textOf(unit)]));

  const KEEP = {
    beforeNodeMorphed: (old) => !(isBusy(old) || isTyped(old) || isChosen(old) || isSaid(old)),
    beforeNodeRemoved: (old) => !(holdsWords(old) || isSaid(old)),
    beforeAttributeUpdated: (name) => name !== "open" && name !== "hidden",
  };

  function takeIn(page) {
    const fresh = page.getElementById("main");
    if (!fresh) return;
    const before = look();
    window.Idiomorph.morph(main, fresh.innerHTML, { morphStyle: "innerHTML", ignoreActiveValue: true, callbacks: KEEP });
    mark(before);
  }

  function mark(before) {
    const news = [...main.querySelectorAll(UNITS)].filter((unit) => before.get(keyOf(unit)) !== textOf(unit));
    for (const unit of news) {
      unit.classList.add("mg-new");
      setTimeout(() => unit.classList.remove("mg-new"), MARK_FOR);
    }
    if (!news.length) return;
    const first = news[0].querySelector("q, a[data-promise], p:not(.mg-event-when)")?.textContent.trim() ?? "";
    announce.textContent = announce.dataset.new.replace("{what}", first);
  }

  // ---- looking ---------------------------------------------------------------------------------------

  let lookedAt = Date.now();
  let triedAt = lookedAt;
  let isLooking = false;
  let looksAgain = false;
  let waits = null;
  let wasSilent = false;

  async function lookAgain() {
    waits = null;
    if (document.hidden) { looksAgain = true; return; }
    if (isLooking) { looksAgain = true; return; }
    isLooking = true;
    looksAgain = false;
    triedAt = Date.now();
    try {
      const answer = await fetch(main.dataset.from, { headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.headers.has("HX-Redirect")) signedOut();
      else if (answer.ok) {
        goneNote.hidden = true;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        takeIn(page);
        signedInAgain(page);
        lookedAt = Date.now();
        hearAgain();
      } else if ([403, 404, 410].includes(answer.status)) goneNote.hidden = false;
      else wasSilent = true;
    } catch { wasSilent = true; triedAt -= LOOK_EVERY - LOOK_AGAIN; } // the line below says when it last did
    isLooking = false;
    showAge();
    if (looksAgain && !document.hidden) soon();
  }

  function soon(within = 0) {
    const rests = watch === "list" ? Math.max(0, LIST_EVERY - (Date.now() - lookedAt)) : 0;
    waits ??= setTimeout(lookAgain, GATHER + rests + Math.random() * within);
  }

  function showAge() {
    const age = Date.now() - lookedAt;
    const isOld = age > OLD_AFTER;
    document.body.classList.toggle("mg-old", isOld); // "in 22 min" would be a lie by now
    const isLive = Date.now() - heardAt < SILENT_AFTER;
    if (isLive && !isOld) status.textContent = status.dataset.live;
    else {
      const time = new Date(lookedAt).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      status.textContent = (gaveUp ? status.dataset.gaveUp : status.dataset.notLive).replace("{time}", time);
    }
    status.classList.toggle("mg-live-on", isLive && !isOld);
    status.hidden = !isLive && Date.now() - openedAt < 5_000;
  }

  const outNote = document.getElementById("signed-out");
  const goneNote = document.getElementById("page-gone");

  function signedOut() {
    outNote.hidden = false;
    close();
    letOthers();
  }

  // Whoever signed in again in another tab goes on here. Forms that were left alone have an old key.
  function signedInAgain(page) {
    if (outNote.hidden) return;
    outNote.hidden = true;
    const key = page.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = key;
    failures = 0;
    gaveUp = false;
    listen();
  }

  // ---- hearing ---------------------------------------------------------------------------------------

  const openedAt = Date.now();
  let heardAt = 0;
  let position = Number(status.dataset.since) || 0;
  let stream = null;
  let retry = null;
  let failures = 0;
  let gaveUp = false;
  let gaveUpAt = 0;
  let listen = () => {};
  let letOthers = () => {};
  let tellOthers = () => {};

  function nobodyAnswers() {
    failures = BACK_OFF.length;
    gaveUp = true;
    gaveUpAt = Date.now();
    showAge();
  }

  function receive({ name, news }) {
    if (name === "gave up") { nobodyAnswers(); return; }
    heardAt = Date.now();
    failures = 0;
    gaveUp = false;
    listen(); // or waits to, for when the page that told us goes
    if (name === "over") signedOut();
    if (name === "opened" && news.since > position) { position = news.since; soon(); }
    if (name === "news") {
      position = Math.max(position, news.position);
      const caseId = Number(main.dataset.case);
      if (watch === "data") { if (news.data || news.everything) soon(); }
      else if (news.everything) soon(SPREAD);
      else if (watch === "case" ? news.changed.includes(caseId) : watch === "mine" ? news.mine.length : news.changed.length) soon();
      if (watch === "case" && (news.everything || news.present.includes(caseId))) beHere();
    }
    showAge();
  }

  function hear(name, event) {
    const told = { name, news: event?.data ? JSON.parse(event.data) : { since: position } };
    tellOthers(told);
    receive(told);
  }

  function open() {
    if (stream) return;
    const address = new URL(status.dataset.url);
    // On one machine the desk answers to two names; its cookie belongs to the one that was typed.
    if (["localhost", "127.0.0.1"].includes(address.hostname) && ["localhost", "127.0.0.1"].includes(location.hostname)) address.hostname = location.hostname;
    address.searchParams.set("since", String(position));
    stream = new EventSource(address, { withCredentials: true });
    stream.onopen = () => hear("opened");
    for (const name of ["news", "beat", "over"]) stream.addEventListener(name, (event) => hear(name, event));
    stream.onerror = comeBack;
  }

  function close() {
    clearTimeout(retry);
    stream?.close();
    stream = retry = null;
  }

  // A desk that came back with another database knows nobody: the page itself then says so. Where
  // nothing answers for long, the foot of the page says what to do, and every page may try later.
  function comeBack() {
    close();
    if (failures) soon();
    if (failures < BACK_OFF.length) retry = setTimeout(open, BACK_OFF[failures++] * (0.75 + Math.random() / 2));
    else { hear("gave up"); letOthers(); }
  }

  // Whoever comes back to the page is worth one more try.
  function tryAgain() {
    if (stream || !outNote.hidden) return;
    if (gaveUp) { gaveUp = false; listen(); }
    else if (retry) { close(); open(); }
  }

  // So is a desk that answered a look: at once and with patience if it had been away itself.
  function hearAgain() {
    if (wasSilent) failures = 0;
    if (wasSilent || (gaveUp && Date.now() - gaveUpAt > TRY_EVERY)) tryAgain();
    wasSilent = false;
  }

  // One stream per browser: whichever page holds the lock listens, and tells the others. Who gave up
  // or is signed out holds it no longer, nor waits for it.
  function share() {
    const pages = new BroadcastChannel("makegood-live");
    let isInLine = false;
    let leads = false;
    pages.onmessage = (event) => {
      if (event.data.name !== "is anybody there") receive(event.data);
      // With how far we have heard: what was told while that page was on its way is lost to it.
      else if (leads && Date.now() - heardAt < SILENT_AFTER) pages.postMessage({ name: "opened", news: { since: position } });
    };
    const lead = () => {
      if (gaveUp || !outNote.hidden) return undefined;
      leads = true;
      tellOthers = (told) => pages.postMessage(told);
      open();
      return new Promise((resolve) => { letOthers = resolve; }); // or until the page has gone
    };
    const leave = () => {
      isInLine = leads = false;
      tellOthers = letOthers = () => {};
    };
    listen = () => {
      if (isInLine) return;
      isInLine = true;
      navigator.locks.request("makegood-live", lead).catch(() => {}).finally(leave);
    };
    pages.postMessage({ name: "is anybody there" });
  }

  function begin() {
    if (!status.dataset.url || !window.EventSource) return;
    if (navigator.locks && window.BroadcastChannel) share();
    else listen = open;
    listen();
  }

  // ---- being seen --------------------------------------------------------------------------------------

  let typedAt = 0;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const isTyping = () => Date.now() - typedAt < TYPING_FOR;
  const presence = (typing) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    body.set("typing", typing ? "1" : "0");
    return body;
  };

  let saysHere = false;
  let saysAgain = false; // whoever began to type while the page still spoke would be seen too late
  async function beHere() {
    if (!main.dataset.here || document.hidden || !navigator.onLine) return;
    if (saysHere) { saysAgain = true; return; }
    saysHere = true;
    saysAgain = false;
    try {
      const answer = await fetch(main.dataset.here, { method: "POST", body: presence(isTyping()), signal: AbortSignal.timeout(PATIENCE) });
      const place = document.getElementById("here");
      if (answer.ok && place && !answer.redirected) window.Idiomorph.morph(place, await answer.text(), { morphStyle: "outerHTML" });
    } catch { /* others will miss us in half a minute */ }
    saysHere = false;
    if (saysAgain) beHere();
  }

  if (main.dataset.here) {
    beHere();
    setInterval(beHere, SEEN_EVERY);
    document.addEventListener("input", (event) => {
      if (!event.target.form?.matches("form[data-draft]")) return;
      const wasTyping = isTyping();
      typedAt = Date.now();
      if (!wasTyping) beHere();
    });
    window.addEventListener("pagehide", () => navigator.sendBeacon(main.dataset.gone, presence(false)));
  }

  // ---- time ---------------------------------------------------------------------------------------------

  let tickedAt = Date.now();
  setInterval(() => {
    const slept = Date.now() - tickedAt > 30_000;
    tickedAt = Date.now();
    if (slept || Date.now() - Math.max(lookedAt, triedAt) > LOOK_EVERY) soon();
    if (stream && heardAt && Date.now() - heardAt > SILENT_AFTER) comeBack();
    showAge();
  }, 5_000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    showAge();
    if (looksAgain || !outNote.hidden || Date.now() - lookedAt > LOOK_EVERY / 2) soon();
    tryAgain();
    beHere();
  });
  window.addEventListener("online", () => { soon(); tryAgain(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  begin();
})();
