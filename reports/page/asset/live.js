// Keeps an open page up to date: when the log has come further, the page is asked for anew and what is otherwise is put in
// place. A form that is being filled in is left alone. Nothing else needs this.
"use strict";
(() => {
  const RETRY_AFTER_MILLISECONDS = 30_000;
  // Where much happens, the page is not asked for all the time.
  const PAUSE_MILLISECONDS = 500;
  const { said, kept } = document.currentScript.dataset;
  let { seen } = document.currentScript.dataset;
  const page = location.pathname + location.search;
  const main = document.getElementById("content");
  const voice = document.getElementById("live");
  let source = null;
  let isAsking = false;
  let isBehind = false;
  let hasKept = false;

  /** Whether something else stands in a field than the page had put there. */
  function isTypedInto(field) {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.localName === "select") {
      const options = [...field.options];
      const given = options.some((option) => option.defaultSelected);
      return options.some((option, index) => option.selected !== (given ? option.defaultSelected : index === 0));
    }
    return "defaultValue" in field && field.value !== field.defaultValue;
  }

  function isBeingFilledIn(form) {
    const fields = [...form.elements];
    const isWrittenIn = (field) => field === document.activeElement && field.matches("input, select, textarea");
    return fields.some((field) => isWrittenIn(field) || isTypedInto(field));
  }

  function holdsWork(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return false;
    const forms = node.localName === "form" ? [node] : [...node.querySelectorAll("form")];
    return forms.some(isBeingFilledIn);
  }

  /** What makes a part of the page known in the page that came anew. */
  function known(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return String(node.nodeType);
    const name = node.id || node.getAttribute("aria-labelledby") || node.getAttribute("action");
    return `${node.localName} ${name ?? ""}`;
  }

  function renewAttributes(old, fresh) {
    for (const { name, value } of [...fresh.attributes]) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      // What one has opened stays open.
      if (!fresh.hasAttribute(name) && !(old.localName === "details" && name === "open")) old.removeAttribute(name);
    }
    if ("defaultValue" in fresh && old.value !== fresh.defaultValue) old.value = fresh.defaultValue;
  }

  function renewContent(old, fresh) {
    const waiting = new Map();
    for (const child of [...old.childNodes]) {
      const name = known(child);
      waiting.set(name, [...(waiting.get(name) ?? []), child]);
    }
    const pairs = [...fresh.childNodes].map((child) => [child, waiting.get(known(child))?.shift()]);
    for (const child of [...waiting.values()].flat()) {
      if (holdsWork(child)) hasKept = true;
      else child.remove();
    }
    let at = old.firstChild;
    for (const [child, found] of pairs) {
      if (found === at && found) at = at.nextSibling;
      else old.insertBefore(found ?? child, at);
      if (found) renew(found, child);
    }
  }

  function renew(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.nodeValue = fresh.nodeValue;
    } else if (old.localName === "form" && isBeingFilledIn(old)) {
      hasKept = true;
    } else {
      renewAttributes(old, fresh);
      renewContent(old, fresh);
    }
  }

  async function ask() {
    isBehind = true;
    if (isAsking) return;
    isAsking = true;
    while (isBehind) {
      isBehind = false;
      try {
        const response = await fetch(page, { headers: { Live: "yes" }, cache: "no-store" });
        if (!response.ok || response.redirected) break;
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
        const content = fresh.getElementById("content");
        if (!content) break;
        const before = main.textContent;
        hasKept = false;
        renewContent(main, content);
        if (main.textContent !== before) voice.textContent = hasKept ? kept : said;
        if (isBehind) await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
      } catch {
        break;
      }
    }
    isAsking = false;
  }

  function follow() {
    if (source || document.hidden) return;
    source = new EventSource(`/live?page=${encodeURIComponent(page)}&seen=${seen}`);
    source.addEventListener("changed", (event) => {
      seen = event.lastEventId;
      ask();
    });
    source.addEventListener("error", () => {
      // Cut off, a browser comes again by itself; turned away, it does not.
      if (source?.readyState !== EventSource.CLOSED) return;
      leave();
      setTimeout(follow, RETRY_AFTER_MILLISECONDS);
    });
  }

  function leave() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : follow()));
  follow();
})();
