// The page's own script: starts the design system's components, then keeps figures alive.
// Everything is already on the page without it.
const own = document.getElementById("irf");
document.body.classList.add("js-enabled", "govuk-frontend-supported");
import(own.dataset.frontend)
  .then((frontend) => frontend.initAll())
  .catch(() => document.body.classList.remove("js-enabled", "govuk-frontend-supported"));

const main = document.querySelector("main[data-stream]");
if (main && "EventSource" in window) {
  import(own.dataset.figures).then((figures) => figures.live(main));
}
