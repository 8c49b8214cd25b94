// Keeps a page as the server has it: fetches it again when its stream ticks and puts in what changed, without touching what somebody
// is typing. Counts clocks, keeps drafts, says when the connection is lost. Without this script every page works by reloading.
"use strict";
(() => {
  const page = document.getElementById("page");
  const said = document.getElementById("say");
  const lostLine = document.getElementById("lost");
  const unsent = document.getElementById("unsent");
  const told = document.body.dataset;
  const seat = told.seat; // whose page this is
  const run = told.run; // and of which run
  const mine = encodeURIComponent(`${run} ${seat}`); // nothing is sent as somebody else who joined in this browser
  const WAITS = [1000, 2000, 4000, 8000]; // before each try to come back; the last one again and again
  const SILENT = 10000; // the server says something every four seconds
  const ANSWERS = 8000; // within which it answers whoever asks for a page
  const TAKES = 15000; // within which it takes what is sent, though the store is busy
  const SHOUT = 2500; // without an answer to a press of REAL EMERGENCY
  const DRAFT = 1000; // after the last key
  const BEAT = 3000;
  const BOUNCE = 400; // two presses closer together than that are one

  // what is asked

  const underway = new Set(); // what was asked of the server and is not answered yet

  // What the server answers, whole. Throws where it does not in time: over a network that fell silent a browser would wait for minutes.
  async function ask(to, within, options = {}) {
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), within);
    underway.add(end);
    try {
      const answer = await fetch(to, { ...options, headers: { "X-Part": mine }, cache: "no-store", signal: end.signal });
      return { answer, html: await answer.text() };
    } finally {
      clearTimeout(timer);
      underway.delete(end);
    }
  }

  // It was not answered in time though the server is heard: it is busy, or one connection died and the others live.
  const late = (error) => error.name === "AbortError" && !lost;

  const post = (to, within, body) => ask(to, within, { method: "POST", body });

  // what is shown

  let composed = null; // the field in which an input method is at work
  let waiting = null;
  let alarmedAt = 0; // when the emergency was put up
  let farDown = 0; // how far down somebody was then

  // What may take the place of this page: the page of a pass, the door, that one was sent out, an emergency. Not a sentence that something
  // failed, and nothing that is no page.
  function pageIn(html) {
    const other = new DOMParser().parseFromString(html, "text/html");
    const fresh = other.getElementById("page");
    return fresh && other.body.dataset.live ? other : null;
  }

  // A field that was taken away, or left, is told nothing more of: no end of what was composed in it comes.
  const composing = () => composed && composed.isConnected && composed === document.activeElement;

  // `asked`: when a page that was fetched anew was asked for. What comes back from a form never takes an emergency down, nor does what was
  // on its way when it was put up.
  function show(other, asked = -1) {
    const fresh = other.getElementById("page");
    const alarm = fresh.querySelector(".emergency");
    const stood = page.querySelector(".emergency");
    if (!alarm && stood && asked < alarmedAt) {
      refresh();
      return;
    }
    // The record did not take it: the server knows of no emergency, and whoever reads this closes it, unless they are sent out.
    if (!alarm && stood && "stays" in stood.dataset && !fresh.querySelector("#gone")) return;
    const next = other.body.dataset;
    if (next.live === "seat" && (next.seat !== seat || next.run !== run)) {
      // Another seat, or another run, has this browser now: nothing that stands here is theirs.
      setTimeout(() => location.replace(next.home || "/"), 0);
      return;
    }
    judgePress(fresh, asked);
    // An input method is at work in a field: that field is let be until it has finished. Who has to go does not wait.
    if (composing() && !alarm && !fresh.querySelector("#gone")) {
      waiting = () => show(other, asked);
      showAround(fresh);
      return;
    }
    waiting = null;
    const alarmed = alarm && !stood;
    if (alarmed) {
      alarmedAt = performance.now();
      farDown = scrollY;
    }
    const elsewhere = told.live !== other.body.dataset.live;
    told.live = other.body.dataset.live;
    told.seat = other.body.dataset.seat;
    told.memory = other.body.dataset.memory;
    told.home = other.body.dataset.home || told.home;
    document.documentElement.lang = other.documentElement.lang;
    document.title = (document.hidden ? "● " : "") + other.title;
    const recorded = standing(asked);
    const held = document.activeElement;
    become(page, fresh);
    for (const [id, done] of recorded) emptied(id, done);
    if (elsewhere) {
      leave();
      connect();
    }
    keepCode();
    bringBack();
    setClock();
    draw();
    // What was said of a seat is not read any more where none is, nor of an emergency that is over.
    if ((stood && !alarm) || (elsewhere && told.live !== "seat")) said.textContent = "";
    announce();
    tellUnsent();
    uncover();
    fit();
    if (alarmed) {
      // A block taller than the window has its top out of sight when it gets the focus.
      page.querySelector(".emergency").focus({ preventScroll: true });
      scrollTo({ top: 0, behavior: "instant" });
    } else if (stood && !alarm) {
      scrollTo({ top: farDown, behavior: "instant" });
      recall();
      findOut();
    } else if (!held.isConnected) settle(held.form ? held.form.id : "");
  }

  // What waits for no input method: presses, pauses, a cut link and the clock. None of it holds a field.
  function showAround(fresh) {
    for (const id of ["header", "state"]) {
      const part = document.getElementById(id);
      const next = fresh.querySelector(`#${id}`);
      if (part && next) become(part, next);
    }
    setClock();
    draw();
    announce();
    uncover();
  }

  // A header that has grown, because somebody pressed, does not stand over the field that has the focus.
  function uncover() {
    const header = document.getElementById("header");
    const tall = header ? header.offsetHeight : 0;
    const grown = tall > headerTall;
    headerTall = tall;
    const field = document.activeElement;
    if (!grown || !field.matches("main :is(input, select, textarea, button)")) return;
    const bottom = header.getBoundingClientRect().bottom;
    const its = field.getBoundingClientRect();
    if (its.bottom > 0 && its.top < bottom) scrollBy({ top: its.top - bottom - 8, behavior: "instant" });
  }

  let headerTall = 0;

  function become(old, fresh) {
    if (old.isEqualNode(fresh) || old.classList.contains("kept")) return;
    const chosen = old.nodeName === "SELECT" && touched.has(old.form) ? old.value : null;
    for (const name of old.getAttributeNames()) {
      if (!fresh.hasAttribute(name) && name !== "aria-busy" && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
    }
    for (const name of fresh.getAttributeNames()) {
      if (old.getAttribute(name) !== fresh.getAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
    }
    const later = new Set([...fresh.children].map(sign).filter(Boolean));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const found = counterpart(at, next);
      if (!found) {
        old.insertBefore(document.importNode(next, true), at);
        continue;
      }
      if (found !== at && !found.contains(document.activeElement)) {
        old.insertBefore(found, at);
      } else {
        while (at !== found) {
          const passed = at;
          at = at.nextSibling;
          if (later.has(sign(passed))) old.insertBefore(passed, found.nextSibling);
          else passed.remove();
        }
        at = found.nextSibling;
      }
      if (next.nodeType === Node.ELEMENT_NODE) become(found, next);
      else if (found.data !== next.data) found.data = next.data;
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    // What somebody chose stays chosen, whatever else can be chosen now. Where it is gone nothing is chosen, and no other in its place.
    if (old.nodeName === "SELECT") old.value = chosen === null ? fresh.value : chosen;
  }

  const touched = new WeakSet(); // forms into which somebody typed, or in which they chose something

  // What one node in a list is known by: its id; an option, what it stands for.
  const sign = (node) => node.id || (node.nodeName === "OPTION" ? `=${node.value}` : "");

  // The node that is to become `next`: by what it is known by, or the first one not yet used if it is of the same sort and has nothing either.
  function counterpart(at, next) {
    const known = sign(next);
    if (known) {
      for (let node = at; node; node = node.nextSibling) if (sign(node) === known && node.nodeName === next.nodeName) return node;
      return null;
    }
    let node = at;
    while (node && next.nodeType === Node.ELEMENT_NODE && node.nodeType === Node.TEXT_NODE && !node.data.trim()) node = node.nextSibling;
    return node && node.nodeName === next.nodeName && !node.id ? node : null;
  }

  const heardOf = new Set();
  let spoken = []; // what of the page is said now
  let stood = false; // whether the clock did

  function announce(first) {
    const news = [];
    const there = new Set();
    const fresh = [];
    for (const one of document.querySelectorAll("[data-news]")) {
      there.add(one.dataset.news);
      if (heardOf.has(one.dataset.news)) continue;
      heardOf.add(one.dataset.news);
      fresh.push(one.dataset.news);
      news.push(one.dataset.newsText);
    }
    const stands = Boolean(document.querySelector("[data-news^='paused-'], [data-news^='undriven-']"));
    // A question that was closed is news when it is opened again.
    for (const one of heardOf) if (one.startsWith("ask.") && !there.has(one) && !page.querySelector(".emergency")) heardOf.delete(one);
    if (stood && !stands && clock && clock.runs) news.push(told.runs);
    stood = stands;
    if (first) return;
    if (!news.length) {
      // What is so no more, or was taken back, is not read again.
      if (spoken.some((one) => !there.has(one))) said.textContent = "";
      return;
    }
    spoken = fresh;
    said.textContent = news.join(" ");
    if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate(200);
  }

  // what a room reads at one look: nobody scrolls a projector

  const wide = matchMedia("(min-width: 60rem)"); // phones scroll
  const LEAST = 40; // hundredths of the size of letters that the style sheet gives
  const MOST = 200; // and what revealed answers, which are few words, grow to
  const STEP = 5;
  const AIR = 8; // pixels that stay free below what was unfolded

  const fits = (block, air = 0) => block.getBoundingClientRect().bottom + scrollY + air <= innerHeight;
  const size = (part) => document.documentElement.style.setProperty("--fit", part / 100);

  // The letters of a wall, and of a head count, become smaller until everything has room; where there is more room than the server can know,
  // a list shows more of what came before.
  function fit() {
    const block = page.querySelector(".emergency, .wall");
    const roll = block && block.querySelector(".roll");
    if (roll) {
      for (const line of roll.querySelectorAll(".more")) line.remove();
      for (const person of roll.children) person.hidden = false;
    }
    size(100);
    // Whoever unfolds what came before reads it as it is.
    if (!block || block.querySelector("details[open]")) return;
    const earlier = block.querySelector("#earlier");
    if (earlier) foldAgain(earlier);
    if (!wide.matches) return;
    if (earlier && fits(block)) unfold(block, earlier);
    for (let part = 100 - STEP; part >= LEAST && !fits(block); part -= STEP) size(part);
    if (block.querySelector(".tally")) grow();
    if (roll && roll.dataset.more && !fits(block)) shorten(block, roll);
  }

  // As large as the page has room for, its end in sight.
  function grow() {
    const root = document.documentElement;
    for (let part = 100 + STEP; part <= MOST && root.scrollHeight <= innerHeight; part += STEP) {
      size(part);
      if (root.scrollHeight > innerHeight) size(part - STEP);
    }
  }

  const foldedBy = (earlier) => ({ folded: earlier.querySelector("ul"), newest: earlier.nextElementSibling });

  function tellFolded(earlier, { folded }) {
    const count = folded.children.length;
    earlier.hidden = !count;
    write(earlier.querySelector("summary"), earlier.dataset.before.replace("{}", count));
  }

  function foldAgain(earlier) {
    const lists = foldedBy(earlier);
    for (let left = +earlier.dataset.unfolded || 0; left > 0; left--) lists.folded.append(lists.newest.firstElementChild);
    delete earlier.dataset.unfolded;
    tellFolded(earlier, lists);
  }

  function unfold(block, earlier) {
    const lists = foldedBy(earlier);
    let unfolded = 0;
    while (lists.folded.lastElementChild) {
      lists.newest.prepend(lists.folded.lastElementChild);
      tellFolded(earlier, lists);
      if (!fits(block, AIR)) {
        lists.folded.append(lists.newest.firstElementChild);
        tellFolded(earlier, lists);
        break;
      }
      unfolded++;
    }
    // A page that came anew has everything folded and not this mark.
    earlier.dataset.unfolded = unfolded;
  }

  // A screen on which even so not everybody has room says how many more there are. Who is missing stands first: those who are there go first.
  function shorten(block, roll) {
    const people = [...roll.children];
    const more = document.createElement("li");
    more.className = "more";
    roll.append(more);
    for (let left = people.length - 1; left > 0 && !fits(block); left--) {
      people[left].hidden = true;
      more.textContent = roll.dataset.more.replace("{}", people.length - left);
    }
  }

  // clocks

  let clock = null;
  let timerEnds = null;
  let washSince = 0; // when the hot wash began
  let untilThen = 0;

  function setClock() {
    const shown = document.getElementById("clock");
    clock = shown && { ms: +shown.dataset.ms, runs: shown.dataset.running === "1", speed: +shown.dataset.speed, since: performance.now() };
    const timer = document.getElementById("timer");
    timerEnds = timer && performance.now() + +timer.dataset.ends;
    const wash = document.getElementById("wash");
    if (wash) washSince = performance.now() - wash.dataset.ms;
    // A first press stands alone from then on, and a second one would be a first: the page says so. That an emergency is over is said for a
    // while.
    clearTimeout(untilThen);
    const ends = [...document.querySelectorAll("[data-again], [data-for]")].map(({ dataset }) => +(dataset.again || dataset.for));
    if (ends.length) untilThen = setTimeout(refresh, Math.min(...ends) + 100);
  }

  const two = (number) => String(number).padStart(2, "0");

  function short(ms) {
    const all = Math.floor(Math.abs(ms) / 1000);
    const rest = two(all % 60);
    return all < 3600 ? `${Math.floor(all / 60)}:${rest}` : `${Math.floor(all / 3600)}:${two(Math.floor(all / 60) % 60)}:${rest}`;
  }

  function whole(ms) {
    const all = Math.floor(ms / 1000);
    return `${Math.floor(all / 3600)}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
  }

  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function draw() {
    if (clock) {
      const now = clock.ms + (clock.runs ? (performance.now() - clock.since) * clock.speed : 0);
      write(document.getElementById("clock"), whole(now));
      for (const left of document.querySelectorAll("[data-until]")) {
        const ms = Math.max(+left.dataset.until - now, "floor" in left.dataset ? 0 : -Infinity);
        if (ms < 0 && !left.classList.contains("over")) setTimeout(refresh, 300);
        left.classList.toggle("over", ms < 0);
        left.classList.toggle("soon", ms >= 0 && ms <= 60000);
        write(left, (ms < 0 ? told.over : told.left).replace("{}", short(ms)));
      }
    }
    const wash = document.getElementById("wash");
    if (wash) write(wash, short(performance.now() - washSince));
    const timer = document.getElementById("timer");
    if (timer && timerEnds !== null && timerEnds > performance.now()) {
      write(timer, short(Math.ceil((timerEnds - performance.now()) / 1000) * 1000));
    } else if (timer && timerEnds !== null && +timer.dataset.ends > 0) {
      timerEnds = null;
      refresh();
    }
  }

  // the connection

  let source = null;
  let heardAt = performance.now();
  let tries = 0;
  let lost = false;
  let retry = 0;

  let connected = false;

  function connect() {
    clearTimeout(retry);
    retry = 0;
    if (source) source.close();
    source = null;
    if (!told.live) return;
    triedAt = performance.now();
    source = new EventSource(told.live === "door" ? "/door/events" : "/events");
    source.onopen = heard;
    source.onerror = told.live === "door" ? turnedAway : refused;
    source.addEventListener("ping", heard);
    // The door's stream begins with a word that may be old: it must not take away why a code was refused just now.
    let old = told.live === "door" && !connected;
    connected = true;
    source.addEventListener("tick", () => (heard(), refresh()));
    source.addEventListener("door", () => {
      heard();
      if (!old || page.querySelector(".emergency")) refresh();
      old = false;
    });
    source.addEventListener("gone", () => {
      source.close();
      refresh();
    });
    // Newer pages of this pass have every stream: this one looks again after a while, and is not cut off.
    source.addEventListener("crowded", () => {
      source.close();
      source = null;
      heard();
      retry = setTimeout(connect, WAITS[WAITS.length - 1]);
    });
  }

  function heard() {
    heardAt = performance.now();
    tries = 0;
    if (!lost) return;
    lost = false;
    lostLine.hidden = failures === 0;
    for (const id of [...unsaved.keys()]) save(id);
  }

  function missing() {
    if (source) source.close();
    source = null;
    if (!told.live) return;
    lost = true;
    lostLine.hidden = false;
    if (!retry) retry = setTimeout(connect, WAITS[Math.min(tries++, WAITS.length - 1)]);
  }

  // The server says something all the time. Where it does not, what was asked of it is not answered either, and a try that hears nothing is
  // given up for the next.
  let triedAt = 0;

  function listen() {
    const now = performance.now();
    if (!told.live || (lost ? !source || now - triedAt < ANSWERS : now - heardAt < SILENT)) return;
    for (const end of underway) end.abort();
    missing();
  }

  // A stream does not say why it was not opened. The page does, where somebody was sent out or another run is served there now.
  function refused() {
    missing();
    refresh();
  }

  // A crowd at the door may have every stream: this page does without, and whoever has a code can join.
  async function turnedAway() {
    if (source) source.close();
    source = null;
    const asked = performance.now();
    try {
      const { answer, html } = await ask(told.home || "/join", ANSWERS);
      if (answer.status >= 500) throw new Error(answer.statusText);
      heard();
      findOut();
      const other = pageIn(html);
      if (other && !other.querySelector(".emergency") !== !page.querySelector(".emergency")) show(other, asked);
      clearTimeout(retry);
      retry = setTimeout(connect, WAITS[WAITS.length - 1]);
    } catch {
      missing();
    }
  }

  // This page has another stream from now on, or no seat any more: nothing is tried again, and nothing is lost.
  function leave() {
    clearTimeout(retry);
    retry = 0;
    clearTimeout(later);
    if (source) source.close();
    source = null;
    heardAt = performance.now();
    lost = false;
    lostLine.hidden = true;
    if (told.live === "seat") return;
    unsure.clear();
    unsentForms.clear();
    tellUnsent();
  }

  let fetching = false;
  let again = false;
  let failures = 0; // answers one after another that were not the page
  let later = 0;

  // What stands here may be old: that is said, and it is asked for again.
  function failed() {
    lostLine.hidden = false;
    clearTimeout(later);
    later = setTimeout(refresh, WAITS[Math.min(failures++, WAITS.length - 1)]);
  }

  async function refresh() {
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    try {
      do {
        again = false;
        findOut();
        const asked = performance.now();
        const home = told.home;
        const { answer, html } = await ask(home || location.pathname, ANSWERS);
        const other = pageIn(html);
        if (!other) {
          failed();
          continue;
        }
        failures = 0;
        clearTimeout(later);
        lostLine.hidden = !lost;
        // A form led elsewhere meanwhile: what was on its way then would lead back.
        if (home !== told.home) {
          again = true;
          continue;
        }
        if (answer.redirected && [told.live, other.body.dataset.live].includes("seat")) location.replace(answer.url);
        else show(other, asked);
      } while (again);
    } catch (error) {
      if (late(error)) failed();
      else missing();
    } finally {
      fetching = false;
    }
  }

  async function beat() {
    if (told.live !== "seat" || lost) return;
    try {
      const { answer } = await post("/here", ANSWERS);
      if (answer.status !== 204) refresh();
    } catch (error) {
      if (late(error)) refresh();
      else missing();
    }
  }

  // drafts

  const unsaved = new Map(); // id of a form: the timer after which it is saved
  const saving = new Map(); // id of a form: the save on its way
  const written = new Map(); // id of a form: the form itself, which may be gone from the page before what stands in it is saved
  const BY_HAND = "input:not([type=hidden]), input[name=heard], select, textarea"; // and when the first key of it was pressed
  const typedInto = (form) => {
    const fields = new URLSearchParams(new FormData(form));
    for (const field of form.elements) if (!field.matches(BY_HAND)) fields.delete(field.name);
    return String(fields);
  };
  // Where what a seat did not send yet is kept by the browser: whoever has another seat here next finds nothing of it.
  const shelf = () => `${run}\n${seat}\n`;
  const place = (name) => shelf() + name;

  function remember(form) {
    try {
      sessionStorage.setItem(place(form.dataset.draft), typedInto(form));
    } catch {
      // A browser that keeps nothing: the server does.
    }
  }

  function forget(name) {
    try {
      sessionStorage.removeItem(place(name));
    } catch {
      // as above
    }
  }

  function typed(form) {
    touched.add(form);
    sayKept(form, "");
    remember(form);
    written.set(form.id, form);
    clearTimeout(unsaved.get(form.id));
    unsaved.set(form.id, setTimeout(() => save(form.id), DRAFT));
  }

  function save(id) {
    // The form into which it was typed: another one may stand in its place by now.
    const form = written.get(id) || document.getElementById(id);
    clearTimeout(unsaved.get(id));
    if (!form || lost || saving.has(id)) return;
    unsaved.delete(id);
    const body = new URLSearchParams(new FormData(form));
    body.set("key", form.dataset.draft);
    const sent = post("/draft", ANSWERS, body).then(
      ({ answer }) => {
        saving.delete(id);
        if (answer.status === 429 || answer.status >= 500) {
          unsaved.set(id, setTimeout(() => save(id), 2000));
        } else if (unsaved.has(id)) {
          save(id); // somebody typed on meanwhile
        } else if (answer.status === 204) {
          forget(form.dataset.draft);
          sayKept(form, told.kept);
          written.delete(id);
          if (!form.isConnected) refresh(); // it is shown among what cannot be sent any more
        }
      },
      (error) => {
        saving.delete(id);
        if (late(error)) {
          unsaved.set(id, setTimeout(() => save(id), 2000));
        } else {
          unsaved.set(id, 0);
          missing();
        }
      },
    );
    saving.set(id, sent);
  }

  // What another seat, or another run, left on this device.
  function clear() {
    if (told.live !== "seat") return;
    try {
      for (const name of Object.keys(sessionStorage)) {
        if (name.startsWith("seat-") && !name.startsWith(shelf())) sessionStorage.removeItem(name);
      }
    } catch {
      // as above
    }
  }

  // What was typed while nothing could be sent, and the page was loaded anew, or an emergency took its place.
  function recall() {
    for (const form of document.querySelectorAll("form[data-draft]")) {
      if (touched.has(form)) continue;
      let text = null;
      try {
        text = sessionStorage.getItem(place(form.dataset.draft));
      } catch {
        return;
      }
      if (text === null) continue;
      const values = new URLSearchParams(text);
      for (const field of form.elements) {
        if (!field.name || !field.matches(BY_HAND)) continue;
        if (field.type === "radio" || field.type === "checkbox") field.checked = values.getAll(field.name).includes(field.value);
        else if (field.nodeName === "SELECT") field.value = values.get(field.name) || "";
        else if (values.has(field.name)) field.value = values.get(field.name);
      }
      const folded = form.closest("details");
      if (folded) folded.open = true;
      typed(form);
    }
  }

  // sending

  const names = new Map(); // id of a form: what it sends and the name of that, the same until it was taken or another text was typed

  function nameOf(id, text) {
    if (!names.has(id) || names.get(id).text !== text) {
      names.set(id, { text, name: told.memory + [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("") });
    }
    return names.get(id).name;
  }

  let ofPress = null; // what is said of a press of REAL EMERGENCY, and what its button says; before anything that is said of a form
  const unsentForms = new Map(); // id of a form: why what stands in it was not sent, as far as that is known; whether anything stood in it

  function tellUnsent() {
    let shown = ofPress;
    for (const [id, one] of unsentForms) {
      const form = id && document.getElementById(id);
      // Whoever emptied it wants it sent no more.
      if (form && one.filled && !isFilled(form)) {
        unsentForms.delete(id);
        if (isSettled(id)) sure(id);
      } else if (!ofPress && (form || !id) && !page.querySelector(".emergency")) shown = { why: one.why, close: told.close };
    }
    unsent.hidden = !shown;
    if (!shown) return;
    const [line, button] = unsent.children;
    write(line, shown.why);
    write(button, shown.close || "");
    button.hidden = !shown.close;
  }

  const isFilled = (form) =>
    [...form.elements].some(({ type, checked, value }) => (type === "radio" || type === "checkbox" ? checked : /^text/.test(type) && value));

  function sayPress(why, close = "") {
    ofPress = { why, close };
    tellUnsent();
  }

  function unsayPress() {
    ofPress = null;
    unpressedAt = 0;
    tellUnsent();
  }

  function sayForm(id, why) {
    const form = id && document.getElementById(id);
    unsentForms.delete(id);
    unsentForms.set(id, { why, filled: Boolean(form) && isFilled(form) });
    tellUnsent();
  }

  function unsayForm(id) {
    unsentForms.delete(id);
    tellUnsent();
  }

  unsent.querySelector("button").addEventListener("click", () => {
    if (ofPress) unsayPress();
    else {
      for (const id of unsentForms.keys()) if (isSettled(id)) sure(id);
      unsentForms.clear();
      tellUnsent();
    }
  });

  // What was typed stays where it is, and is kept as a draft.
  function unsend(form, why) {
    sayForm(form.id, why);
    if (!form.dataset.draft) return;
    written.set(form.id, form);
    unsaved.set(form.id, setTimeout(() => save(form.id), DRAFT));
  }

  // What was sent and is not answered: it may have been recorded, or not have arrived. The server is asked, beside the page, so that nobody
  // sends it twice, and nothing is sent that they do not send themselves. A browser that ends meanwhile asks when it is back.

  const unsure = new Map(); // id of a form: what stood in it, what was sent where under which name; `took`: when it was known to be
  // recorded; `why`: it is known that it is not, or that nobody can know

  const doubts = (id) => place(`?${id}`);

  const isSettled = (id) => unsure.has(id) && Boolean(unsure.get(id).why);

  function doubt(id, sent) {
    unsure.set(id, sent);
    try {
      sessionStorage.setItem(doubts(id), JSON.stringify(sent));
    } catch {
      // as above
    }
  }

  function sure(id) {
    unsure.delete(id);
    forget(`?${id}`);
  }

  // What was in doubt when the page was loaded anew.
  function doubtAgain() {
    try {
      for (const key of Object.keys(sessionStorage)) {
        if (!key.startsWith(doubts(""))) continue;
        const id = key.slice(doubts("").length);
        const sent = JSON.parse(sessionStorage.getItem(key));
        unsure.set(id, sent);
        names.set(id, { text: sent.text, name: sent.name });
        if (sent.why) sayForm(id, sent.why);
      }
    } catch {
      // as above
    }
    findOut();
  }

  let finding = false;
  let findLater = 0;
  let finds = 0; // times in a row that something could not be found out

  async function findOut() {
    if (told.live === "door") return findWhetherIn();
    if (finding || told.live !== "seat" || page.querySelector(".emergency")) return;
    finding = true;
    clearTimeout(findLater);
    let known = false;
    let open = false;
    for (const [id, sent] of [...unsure]) {
      if (sent.took || sent.why || busy.has(id)) continue;
      const status = await statusOf(id, sent);
      if (unsure.get(id) !== sent) continue;
      if (status === 204) {
        sent.took = performance.now();
        known = true;
      } else if (status === 404) {
        sent.why = told.unarrived;
        doubt(id, sent);
        sayForm(id, sent.why);
      } else open = true;
    }
    finding = false;
    if (known) refresh();
    finds = open ? finds + 1 : 0;
    if (open && !lost) findLater = setTimeout(findOut, WAITS[Math.min(finds - 1, WAITS.length - 1)]);
  }

  // How the server answers whether it is recorded; 0: it does not.
  async function statusOf(id, sent) {
    // No draft of it is kept after it was forgotten with what is recorded.
    clearTimeout(unsaved.get(id));
    const due = unsaved.delete(id);
    let status = 0;
    try {
      await saving.get(id);
      const { answer } = await post(`/sent?of=${encodeURIComponent(sent.to)}`, ANSWERS, new URLSearchParams(`${sent.text}&once=${sent.name}`));
      status = answer.status;
    } catch (error) {
      if (!late(error)) missing();
    }
    if (due && status !== 204 && unsure.get(id) === sent) unsaved.set(id, setTimeout(() => save(id), DRAFT));
    return status;
  }

  // The forms of which it is known by now that what was sent is recorded, and whether nothing was typed into them since.
  function standing(asked) {
    const found = [];
    for (const [id, sent] of unsure) if (sent.took && sent.took <= asked) found.push([id, taken(id, sent.before)]);
    return found;
  }

  // It is recorded: `before` stood in the form. Whether nothing was typed after that: what was is not recorded, and stays.
  function taken(id, before, form) {
    names.delete(id);
    sure(id);
    unsayForm(id);
    const there = id && document.getElementById(id);
    const done = !there || (form && there !== form) || typedInto(there) === before;
    const last = written.get(id);
    const left = last || there;
    if (done && (!last || typedInto(last) === before)) {
      clearTimeout(unsaved.get(id));
      unsaved.delete(id);
      written.delete(id);
      forget(id);
    } else if (left.dataset.draft && !unsaved.has(id)) {
      written.set(id, left);
      unsaved.set(id, setTimeout(() => save(id), DRAFT));
    }
    return done;
  }

  // Whoever sent it looks at the button: that it is recorded stands there, not only where it is heard.
  function emptied(id, done) {
    const form = id && document.forms.namedItem(id);
    if (form && done) form.reset();
    if (form) sayKept(form, told.recorded);
  }

  // Beside its button: what became of what stands in a form, or stood there until it was recorded.
  function sayKept(form, text) {
    const line = form.querySelector(".kept");
    if (line) write(line, text);
  }

  const busy = new Set();

  async function send(form, button) {
    const id = form.id;
    if (id && busy.has(id)) return;
    busy.add(id);
    form.setAttribute("aria-busy", "true");
    unsayForm(id);
    sayKept(form, "");
    clearTimeout(unsaved.get(id));
    unsaved.delete(id);
    await saving.get(id);
    const before = typedInto(form);
    // Without the name of what is sent, which is new with every page, and what was chosen by itself.
    const body = new URLSearchParams(new FormData(form));
    body.delete("once");
    body.delete("first");
    if (button && button.name) body.append(button.name, button.value);
    const to = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    sure(id);
    if ("once" in form.dataset) {
      // Whose panel is open beside it is no part of what is said.
      const said = new URLSearchParams(body);
      said.delete("open");
      const text = String(said);
      const name = nameOf(id, text);
      if (to === form.action) doubt(id, { before, text, name, to: new URL(to).pathname });
      body.set("once", name);
    }
    const offline = !navigator.onLine;
    let answer;
    let other;
    try {
      const got = await post(to, lost ? ANSWERS : TAKES, body);
      answer = got.answer;
      other = pageIn(got.html);
    } catch (error) {
      busy.delete(id); // whether it is recorded is asked there and then
      unsend(form, offline ? told.unsent : told.unsure);
      if (late(error)) refresh();
      else missing();
      return;
    } finally {
      busy.delete(id);
      form.removeAttribute("aria-busy");
    }
    sure(id);
    const kept = answer.status === 204;
    if (!other && !kept && !answer.redirected) {
      unsend(form, told.untaken);
      return;
    }
    if (other && !answer.ok) {
      if (form.dataset.draft) {
        written.set(id, form);
        save(id);
      }
      show(other);
      return;
    }
    if (other && other.body.dataset.live === "door") {
      location.replace(answer.url);
      return;
    }
    const done = taken(id, before, form);
    if (kept) {
      sayKept(form, told.kept);
      if (!form.dataset.draft) refresh();
      return;
    }
    if (other) {
      show(other);
      // The address is that of what is shown: else a link to what was closed just now would lead nowhere.
      if (told.home) history.replaceState(null, "", told.home);
    } else refresh();
    emptied(id, done);
    settle(id);
  }

  // at the door

  const DOOR = "join"; // its form, and what is kept of it
  let atDoor = ""; // what was typed into it
  let entering = false;

  function typedAtDoor(form) {
    atDoor = typedInto(form);
    try {
      sessionStorage.setItem(place(DOOR), atDoor);
    } catch {
      // as above
    }
  }

  // The form is not there while the lobby is locked, and is another one in another language: what was typed stands in it again.
  function bringBack() {
    const form = told.live === "door" && document.forms.namedItem(DOOR);
    if (!form) return;
    let kept = atDoor;
    try {
      kept = sessionStorage.getItem(place(DOOR)) || kept;
    } catch {
      // as above
    }
    for (const [name, value] of new URLSearchParams(kept)) if (!form.elements[name].value) form.elements[name].value = value;
    typedAtDoor(form);
  }

  // Joins with what stands in the form; the very same sent again comes to the same seat.
  async function enter(form) {
    if (entering) return;
    entering = true;
    form.setAttribute("aria-busy", "true");
    unsayForm(DOOR);
    const body = new URLSearchParams(new FormData(form));
    body.delete("once");
    const text = String(body);
    const name = nameOf(DOOR, text);
    doubt(DOOR, { text, name });
    body.set("once", name);
    const offline = !navigator.onLine;
    try {
      const { answer, html } = await post(form.action, lost ? ANSWERS : TAKES, body);
      sure(DOOR);
      const other = pageIn(html);
      if (answer.redirected) location.replace(answer.url);
      else if (other) show(other);
      else sayForm(DOOR, told.untaken);
    } catch (error) {
      entering = false; // whether they are in is asked there and then
      sayForm(DOOR, offline ? told.unsent : told.unentered);
      if (late(error)) refresh();
      else missing();
    } finally {
      entering = false;
      form.removeAttribute("aria-busy");
    }
  }

  // Whether what was sent from the door and not answered was taken: then this browser has its seat. By this nobody joins.
  async function findWhetherIn() {
    const sent = unsure.get(DOOR);
    if (!sent || sent.why || entering || finding || page.querySelector(".emergency")) return;
    finding = true;
    clearTimeout(findLater);
    try {
      const { answer } = await post("/join", ANSWERS, new URLSearchParams(`${sent.text}&once=${sent.name}&asks=1`));
      finds = 0;
      if (unsure.get(DOOR) !== sent) return;
      if (answer.redirected) {
        sure(DOOR);
        location.replace(answer.url);
      } else if (answer.status === 404 || answer.status === 410) {
        sent.why = answer.status === 404 ? told.unarrived : told.unentered;
        doubt(DOOR, sent);
        sayForm(DOOR, sent.why);
      } else findLater = setTimeout(findOut, WAITS[Math.min(finds++, WAITS.length - 1)]);
    } catch (error) {
      if (late(error)) findLater = setTimeout(findOut, WAITS[Math.min(finds++, WAITS.length - 1)]);
      else missing();
    } finally {
      finding = false;
    }
  }

  // Whoever uses a keyboard or a screen reader stays where they were, though the button they pressed is gone.
  function settle(id) {
    if (document.activeElement && document.activeElement !== document.body) return;
    const article = document.getElementById(`ask.${id.split(".")[1]}`) || document.getElementById("main");
    if (!article) return;
    article.focus({ preventScroll: true });
  }

  let pressedAt = -BOUNCE;
  let pressing = false;
  let pressMore = false;

  let unpressedAt = 0; // when a press was not sent of which it is said still
  let overThen = ""; // which emergency was over then

  const overIn = (part) => [...part.querySelectorAll("[data-news^='over-']")].map((one) => one.dataset.news).join();

  function alone() {
    unpressedAt = performance.now();
    overThen = overIn(page);
    sayPress(told.unpressed);
  }

  // What the server shows says what became of a press that was not sent: an emergency stands, somebody's press does, or one is over already.
  // Else nobody knows of it, and there is a connection to press again.
  function judgePress(fresh, asked) {
    if (fresh.querySelector(".emergency")) unsayPress();
    else if (unpressedAt && asked > unpressedAt) {
      const over = overIn(fresh);
      if (fresh.querySelector("#header .bad") || (over && over !== overThen)) unsayPress();
      else sayPress(told.unheard, told.unheardClose);
    }
  }

  async function press(form) {
    if (performance.now() - pressedAt < BOUNCE) return;
    pressedAt = performance.now();
    if (pressing) {
      pressMore = true;
      return;
    }
    pressing = true;
    unsayPress();
    let slow = 0;
    try {
      do {
        pressMore = false;
        slow = setTimeout(() => sayPress(told.unanswered), SHOUT);
        const { html } = await post(form.action, ANSWERS, new URLSearchParams(new FormData(form)));
        clearTimeout(slow);
        unsayPress();
        const other = pageIn(html);
        if (other) {
          // What the record did not take before, it took, or refused: what the server knows of it stands here from then on.
          const stood = page.querySelector(".emergency");
          if (stood && !other.querySelector(".emergency")) delete stood.dataset.stays;
          show(other);
        } else {
          alone();
          refresh();
        }
      } while (pressMore);
    } catch {
      alone();
      missing();
    } finally {
      clearTimeout(slow);
      pressing = false;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || !told.live || (told.live === "door" && form.id !== DOOR)) return;
    event.preventDefault();
    if (form.id === DOOR) enter(form);
    else if (form.classList.contains("alarm")) press(form);
    else send(form, event.submitter);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    touched.add(form);
    if (form.id === DOOR) typedAtDoor(form);
    if (form.dataset.draft && told.live === "seat") typed(form);
  });
  document.addEventListener("reset", (event) => touched.delete(event.target));

  const goOn = () => setTimeout(() => waiting && !composing() && waiting(), 0);
  document.addEventListener("compositionstart", (event) => (composed = event.target));
  document.addEventListener("compositionend", () => {
    composed = null;
    goOn();
  });
  document.addEventListener("focusout", goOn);

  document.addEventListener("keydown", (event) => {
    // The enter that takes a word from an input method sends nothing; some browsers report it after the composition has ended.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
    const write = document.getElementById("message.write");
    if (event.key === "F2" && write) {
      event.preventDefault();
      write.open = true;
      write.querySelector("select, textarea").focus();
    }
  });

  // An order: whoever takes a place that is taken gives the one they had.
  const had = new WeakMap();
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".order select")) had.set(event.target, event.target.value);
  });
  document.addEventListener("change", (event) => {
    const chosen = event.target;
    if (!chosen.matches(".order select")) return;
    for (const other of chosen.closest(".order").querySelectorAll("select")) {
      if (other !== chosen && other.value === chosen.value) other.value = had.get(chosen) || "";
    }
    had.set(chosen, chosen.value);
    typed(chosen.form);
  });

  // What is said above the page moves its header down, and covers neither the mark of an exercise nor the emergency.
  const bars = document.getElementById("bars");
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bars", `${bars.offsetHeight}px`);
    fit();
  }).observe(bars);
  window.addEventListener("resize", fit);

  window.addEventListener("offline", missing);
  window.addEventListener("online", () => lost && connect());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !told.live) return;
    document.title = document.title.replace("● ", "");
    if (lost || performance.now() - heardAt > SILENT) connect();
    else refresh();
    beat();
  });

  setInterval(draw, 250);
  setInterval(beat, BEAT);
  setInterval(listen, 1000);

  // The code of a link does not stay in the address bar, and what is in the field counts as typed.
  function keepCode() {
    const code = document.getElementById("code");
    if (!code) return;
    code.value = code.value;
    if (location.pathname !== "/join") history.replaceState(null, "", "/join");
  }

  keepCode();
  bringBack();
  setClock();
  draw();
  fit();
  uncover();
  announce(true);
  clear();
  recall();
  connect();
  doubtAgain();
  beat();
})();
