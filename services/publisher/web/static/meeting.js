// Drives a slide for a meeting: the arrow keys follow its links, and a line says how fresh it is.
// Rule: every way on is a link of the page, and works without this script. What is shown is as of
// now only while the stream is open; after a sleep it is out of date until it has been read again.

const TICK_MS = 1000;
const ASLEEP_MS = 30000;
const AGAIN_MS = 5000;
const WAYS = {
  ArrowRight: "after",
  PageDown: "after",
  ArrowLeft: "before",
  PageUp: "before",
  ArrowUp: "up",
  Escape: "up",
};

export function live(main) {
  document.addEventListener("keydown", follow);
  const clock = new Freshness(document.getElementById("as-of"), document.getElementById("live"));
  setInterval(() => clock.tick(), TICK_MS);
  document.addEventListener("visibilitychange", () => clock.tick());
  import(document.getElementById("irf").dataset.live).then((figures) => {
    figures.live(main);
    clock.tick();
  });
}

function follow(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const way = document.getElementById(WAYS[event.key]);
  if (!way) return;
  event.preventDefault();
  way.click();
}

class Freshness {
  constructor(line, state) {
    this.line = line;
    this.state = state;
    this.asOf = new Date(line.dataset.at);
    this.ticked = Date.now();
    this.asleep = false;
    new MutationObserver(() => this.show()).observe(state, { attributes: true });
  }

  tick() {
    const now = Date.now();
    // A clock that jumped was a machine that slept: what was open before may be dead unnoticed.
    if (now - this.ticked > ASLEEP_MS && !this.asleep) this.wake();
    this.ticked = now;
    this.show();
  }

  wake() {
    this.asleep = true;
    const again = () => {
      fetch(location.href, { headers: { Accept: "text/html" } })
        .then((answer) => {
          if (!answer.ok) throw new Error(answer.status);
          location.reload();
        })
        .catch(() => setTimeout(again, AGAIN_MS));
    };
    again();
  }

  show() {
    const state = this.asleep ? "woken" : this.state.dataset.state;
    if (state === "live") this.asOf = new Date();
    const at = time(this.asOf);
    const words = {
      live: `As of ${at}, live`,
      reconnecting: `As of ${at}, reconnecting`,
      stale: `Out of date: as of ${at}. Still trying`,
      woken: `Out of date: as of ${at}, before this screen slept. Reading again`,
    }[state];
    if (!words || this.line.textContent === words) return;
    this.line.textContent = words;
    this.line.dataset.state = state;
  }
}

// `10:42am`, as the page has it.
function time(when) {
  const told = when.toLocaleTimeString("en-GB", {
    hour: "numeric",
    minute: "2-digit",
    hour12: true,
    timeZone: "Europe/London",
  });
  return told.replace(/^0:/, "12:").replace(/\s/g, "").toLowerCase();
}
