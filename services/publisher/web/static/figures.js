// Keeps the figures of a page alive. Rule: words come ready made in the event's `display`; this
// script only copies them. At most four repaints a second, however much moves; what is kept in
// memory is bounded by what is on the page.

const REPAINT_MS = 250;
const ANNOUNCE_MS = 5000;
const REFRESH_MS = 4000;
const STALE_MS = 30000;
const KINDS = ["indicators", "finance", "risks", "contracts", "supply"];

export function live(main) {
  const page = new Page(main);
  const open = () => {
    const address = new URL(main.dataset.stream, location.href);
    address.searchParams.set("after", page.cursor);
    const source = new EventSource(address);
    const heard = (event) => {
      page.cursor = event.lastEventId || page.cursor;
      page.heard();
    };
    source.addEventListener("open", () => page.heard());
    source.addEventListener("error", () => {
      page.lost();
      // The browser comes back by itself, unless the server refused: then so do we, later.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(open, 5000 + Math.random() * 5000);
      }
    });
    source.addEventListener("resync", (event) => {
      heard(event);
      page.refresh(["resync"], 0);
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        heard(event);
        page.take(kind, JSON.parse(event.data), numberOf(event.lastEventId));
      });
    }
  };
  open();
}

function numberOf(id) {
  return Number(String(id).split("-").pop()) || 0;
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

// A period that ends with every month has begun with its last month, pooled years with the last.
function begun({ kind, start, end }) {
  const month = `${end.slice(0, 7)}-01`;
  if (kind.startsWith("pooled")) {
    const year = Number(end.slice(0, 4));
    return (end.slice(5, 7) === "12" ? `${year}-01-01` : `${year - 1}-04-01`) <= today();
  }
  const rolls = kind.endsWith("to-date") || kind.startsWith("rolling") || kind === "cumulative";
  return (rolls ? month : start) <= today();
}

class Page {
  constructor(main) {
    this.main = main;
    this.cursor = main.dataset.cursor;
    this.waiting = new Map(); // subject -> parts, until the next repaint
    this.painted = new Map(); // subject -> {cursor, parts}, to lay over an older page
    this.announcements = new Map();
    this.wanted = new Set(); // sections to read again
    this.timers = {};
    this.state = document.getElementById("live");
    this.words = document.getElementById("live-words");
    this.announcer = document.getElementById("announcer");
    this.lastHeard = null;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) {
        this.soon("paint", REPAINT_MS, () => this.paint());
        if (this.wanted.size) this.refresh([], 0);
      }
    });
  }

  // -- the connection, in words

  heard() {
    this.lastHeard = new Date();
    clearTimeout(this.timers.stale);
    this.timers.stale = undefined;
    this.show("live", "Live: figures move as records change");
  }

  lost() {
    this.show("reconnecting", "Reconnecting: figures may be out of date");
    this.soon("stale", STALE_MS, () => {
      const since = this.lastHeard
        ? ` since ${this.lastHeard.toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit" })}`
        : "";
      this.show("stale", `Out of date: nothing heard${since}. Still trying`);
    });
  }

  show(state, words) {
    if (this.state.dataset.state === state) return;
    this.state.hidden = false;
    this.state.dataset.state = state;
    this.words.textContent = words;
  }

  // -- what arrives

  take(kind, event, cursor) {
    const shown = this.main.querySelector(`[data-subject="${CSS.escape(event.subject)}"]`);
    if (event.display) {
      if (shown) this.keep(event.subject, event.display, cursor);
      this.recent(kind, event, cursor);
    }
    for (const [subject, parts] of Object.entries(event.also || {})) {
      this.keep(subject, parts, cursor);
    }
    this.refresh(this.sections(kind, event, shown), REFRESH_MS);
  }

  keep(subject, parts, cursor) {
    if (!this.main.querySelector(`[data-subject="${CSS.escape(subject)}"]`)) return;
    const merge = (map, key, value) => map.set(key, { ...map.get(key), ...value });
    merge(this.waiting, subject, parts);
    const before = this.painted.get(subject);
    this.painted.set(subject, { cursor, parts: { ...before?.parts, ...parts } });
    this.soon("paint", REPAINT_MS, () => this.paint());
  }

  // Which sections cannot be put right by copying words, and must be read again.
  sections(kind, event, shown) {
    const found = [kind];
    const gone = event.data === null;
    const first = event.subject.split("/")[0];
    if (kind === "finance" || kind === "risks") found.push(`${kind}-${first}`);
    if (kind === "finance") {
      if ((gone || !shown) && first === "control") found.push("finance-new");
    } else if (kind === "indicators") {
      if (shown && gone) {
        found.push("new-figures", "new-members");
      } else if (!gone && !shown && event.data.breakdown) {
        found.push("new-members");
      } else if (!gone && !shown && this.isNewer(event.data)) {
        found.push("new-figures", "new-members");
      }
    }
    return found;
  }

  // Whether a value is of a later period than the one that stands for its indicator here.
  isNewer(value) {
    const row = this.main.querySelector(
      `[data-indicator="${CSS.escape(value.indicator)}"][data-kind="${CSS.escape(value.period.kind)}"]`,
    );
    const waits = value.value === null && value.reason === "not due";
    return row !== null && !waits && value.period.end > row.dataset.ends && begun(value.period);
  }

  recent(kind, event, cursor) {
    const list = document.getElementById("recent");
    if (!list || kind !== "indicators" || event.data.breakdown || !begun(event.data.period)) return;
    let item = list.querySelector(`[data-subject="${CSS.escape(event.subject)}"]`);
    if (!item) {
      item = document.getElementById("recent-item").content.firstElementChild.cloneNode(true);
      item.dataset.subject = event.subject;
      fill(item, event.display); // never an empty line, not even until the next repaint
    }
    if (list.firstElementChild !== item && !list.contains(document.activeElement)) {
      // One line for each indicator: a record moves many of its periods at once.
      const same = `[data-subject^="${CSS.escape(event.data.indicator)}/"]`;
      for (const other of list.querySelectorAll(same)) if (other !== item) other.remove();
      list.prepend(item);
    } else if (!item.isConnected) {
      return;
    }
    while (list.children.length > Number(list.dataset.recent)) list.lastElementChild.remove();
    this.keep(event.subject, event.display, cursor);
  }

  // -- painting

  paint() {
    if (document.hidden) return;
    for (const [subject, parts] of this.waiting) {
      let moved = false;
      for (const shown of this.main.querySelectorAll(`[data-subject="${CSS.escape(subject)}"]`)) {
        if (fill(shown, parts)) {
          moved = true;
          wash(shown);
          // A count that moved names what is to be read again because of it.
          if (shown.dataset.then) this.refresh([shown.dataset.then], REFRESH_MS);
        }
      }
      if (moved && parts.announce) this.announcements.set(subject, parts.announce);
    }
    this.waiting.clear();
    this.count();
    if (this.announcements.size) this.soon("announce", ANNOUNCE_MS, () => this.announce());
  }

  announce() {
    const all = [...this.announcements.values()];
    this.announcements.clear();
    this.announcer.textContent = all.length === 1 ? `Updated: ${all[0]}` : `${all.length} figures updated`;
  }

  count() {
    for (const tally of this.main.querySelectorAll("[data-tally]")) {
      const scope = document.getElementById(tally.dataset.tally);
      const of = (outcome) => scope.querySelectorAll(`.irf-rag[data-outcome="${outcome}"]`).length;
      const counts = { green: of("green"), amber: of("amber"), red: of("red") };
      counts.judged = counts.green + counts.amber + counts.red;
      for (const [name, count] of Object.entries(counts)) {
        const shown = tally.querySelector(`[data-count="${name}"]`);
        if (shown && shown.textContent !== String(count)) shown.textContent = count;
      }
    }
  }

  // -- sections that are read again

  refresh(names, delay) {
    const sections = [...this.main.querySelectorAll("[data-refresh]")];
    for (const section of sections) {
      const asked = section.dataset.refresh.split(" ");
      if (names.includes("resync") || asked.some((name) => names.includes(name))) {
        this.wanted.add(section.id);
      }
    }
    if (this.wanted.size) {
      this.soon("refresh", delay + Math.random() * 1000, () => this.reread());
    }
  }

  async reread() {
    if (document.hidden) return;
    const ids = [...this.wanted];
    this.wanted.clear();
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const at = numberOf(fresh.querySelector("main").dataset.cursor);
      for (const id of ids) replace(id, fresh);
      for (const [subject, { cursor, parts }] of this.painted) {
        const shown = this.main.querySelectorAll(`[data-subject="${CSS.escape(subject)}"]`);
        if (!shown.length) this.painted.delete(subject);
        else if (cursor > at) shown.forEach((each) => fill(each, parts));
      }
      this.count();
    } catch {
      ids.forEach((id) => this.wanted.add(id));
      this.soon("refresh", REFRESH_MS * 2, () => this.reread());
    }
  }

  // Runs `work` once, at the earliest after `delay`; asking again meanwhile changes nothing.
  soon(name, delay, work) {
    if (this.timers[name] !== undefined) return;
    this.timers[name] = setTimeout(() => {
      this.timers[name] = undefined;
      work();
    }, delay);
  }
}

// Copies the parts into an element; answers whether the figure itself reads differently now.
function fill(shown, parts) {
  let moved = false;
  const places = shown.matches("[data-part]") ? [shown] : [];
  for (const place of [...places, ...shown.querySelectorAll("[data-part]")]) {
    const name = place.dataset.part;
    const text = parts[name];
    if (text === undefined) continue;
    if (place.textContent !== text) {
      place.textContent = text;
      moved = moved || name !== "fresh";
    }
    if (name === "outcome_word") place.dataset.outcome = parts.outcome;
    if (name === "fresh") place.dateTime = parts.fresh_at;
    if (name === "title" && place.tagName === "A" && parts.link) place.setAttribute("href", parts.link);
    if (parts[`${name}_way`] !== undefined) place.dataset.way = parts[`${name}_way`];
  }
  return moved;
}

function wash(shown) {
  shown.classList.remove("irf-moved");
  void shown.offsetWidth; // starts the animation anew
  shown.classList.add("irf-moved");
  setTimeout(() => shown.classList.remove("irf-moved"), 2000);
}

function replace(id, fresh) {
  const old = document.getElementById(id);
  const made = fresh.getElementById(id);
  if (!old || !made || old.innerHTML === made.innerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceChildren(...made.childNodes);
  if (focused) old.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}
