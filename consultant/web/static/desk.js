// What the desk does better with a script: growing text fields, a guard for unsaved text, keys, times that go on.
// Everything works without it. No library but htmx, no inline script, nothing is kept in the browser.
"use strict";
(() => {
  document.documentElement.classList.add("script");
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);

  // Text fields grow with their text; the page keeps its place while they do.
  const grow = (field) => {
    const place = window.scrollY;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 4}px`;
    window.scrollTo({ top: place, behavior: "instant" });
  };
  all("[data-grow]").forEach((field) => {
    grow(field);
    field.addEventListener("input", () => grow(field));
  });

  // Leaving with unsaved text asks first; sending the form itself does not.
  const guarded = one("[data-guard]");
  if (guarded) {
    const saved = one("#saved");
    const state = () => new URLSearchParams(new FormData(guarded)).toString();
    const first = state();
    let sending = false;
    const dirty = () => guarded.hasAttribute("data-dirty") || state() !== first;
    guarded.addEventListener("input", () => { saved.textContent = dirty() ? "Not saved yet" : ""; });
    guarded.addEventListener("submit", () => { sending = true; });
    window.addEventListener("pageshow", () => { sending = false; });
    window.addEventListener("beforeunload", (event) => {
      if (dirty() && !sending) event.preventDefault();
    });
  }

  // A second click on a button does not send its form twice. A form that brings a file does not leave the page, so
  // its button wakes up again.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || event.defaultPrevented || event.target.method === "dialog") return;
    setTimeout(() => { button.disabled = true; });
    setTimeout(() => { button.disabled = false; }, 4000);
  });
  all("[data-submit]").forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));

  // Times in words go on while the page stands open; the words are those of presenting.py.
  const length = (milliseconds) => {
    const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60000));
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.round(minutes / 60);
    return hours < 48 ? `${hours} h` : `${Math.round(minutes / 1440)} days`;
  };
  const tick = () => {
    const now = Date.now();
    all("time[data-due]").forEach((time) => {
      const left = Date.parse(time.dateTime) - now;
      time.textContent = left >= 0 ? `due in ${length(left)}` : `overdue by ${length(left)}`;
      time.className = `due ${left < 0 ? "late" : left < 7200000 ? "soon" : "calm"}`;
    });
    all("time[data-ago]").forEach((time) => {
      const gone = now - Date.parse(time.dateTime);
      time.textContent = gone >= 0 ? `${length(gone)} ago` : `in ${length(gone)}`;
    });
  };
  setInterval(tick, 30000);

  // An approved letter waits some seconds; the page is read anew when it has gone out.
  const count = () => all("time[data-countdown]").forEach((time) => {
    const left = Math.ceil((Date.parse(time.dateTime) - Date.now()) / 1000);
    time.textContent = left > 0 ? `in ${left} s` : "now";
  });
  if (one("time[data-countdown]")) { count(); setInterval(count, 500); }

  // A refresh of the queue keeps the chosen row.
  let chosen = "";
  document.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    chosen = active && active.matches(".queue .title") ? active.getAttribute("href") : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (chosen) all(".queue .title").find((link) => link.getAttribute("href") === chosen)?.focus();
  });

  const dialog = one("#keys");
  const opener = one("#keys-open");
  if (opener && dialog) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }

  const step = (by) => {
    const links = all(".queue .title");
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const to = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by));
    links[to].focus();
    links[to].closest("tr").scrollIntoView({ block: "nearest" });
  };
  const press = (selector, event) => {
    const button = one(selector);
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  };
  const focus = (selector, event) => {
    const field = one(selector);
    if (!field) return;
    event.preventDefault();
    field.focus();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    "/": (event) => focus("[data-search]", event),
    e: (event) => focus("#text", event),
    "?": () => dialog && dialog.showModal(),
  };
  let before = "";
  document.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter") return press("[data-preview]", event);
    if (command && event.key.toLowerCase() === "s") return press("[data-save]", event);
    if (command || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return undefined;
    if (before === "g" && event.key === "q") window.location.assign("/queue");
    else if (keys[event.key]) keys[event.key](event);
    before = event.key;
    return undefined;
  });
})();
