"""What somebody finds who looks at a page closely: read off the page itself, in a browser.

Each is a script that answers with faults in words; none of them is what a page should be.
"""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

CHECKED = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# The rules of axe that another choice of colours can break.
OF_COLOURS = ("color-contrast", "link-in-text-block")


def axe_finds(tab: Page, rules: Sequence[str] = CHECKED) -> list[str]:
    """What axe finds on a page by these rules or kinds of rules, and where."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
    asked = {"runOnly": list(rules), "resultTypes": ["violations"]}
    return list(tab.evaluate(VIOLATIONS, asked))


VIOLATIONS = """asked => axe.run(asked).then(({violations}) => violations.flatMap(
    (each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)}`)))"""

# Text that is cut off, or that lies over other text, at the width that the window has.
CUT_OR_OVER = """() => {
    const faults = [];
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth;
    if (wide > width) faults.push(`the page is ${wide} wide in a window of ${width}`);
    const seen = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, of = node.parentElement;
        const apart = "svg, script, template, .govuk-skip-link, .govuk-visually-hidden";
        if (!node.textContent.trim() || of.closest(apart)) continue;
        if (!of.checkVisibility({visibilityProperty: true})) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const at of range.getClientRects()) {
            let {left, right, top, bottom} = at;
            let scrolls = false;
            for (let box = of; box && box !== document.body; box = box.parentElement) {
                const how = getComputedStyle(box).overflowX;
                if (how === "visible") continue;
                const edge = box.getBoundingClientRect();
                scrolls = scrolls || how === "auto" || how === "scroll";
                if (!scrolls && (right > edge.right + 1 || left < edge.left - 1)) {
                    faults.push(`cut off: ${node.textContent.trim().slice(0, 60)}`);
                }
                left = Math.max(left, edge.left);
                right = Math.min(right, edge.right);
            }
            if (!scrolls && (right > width + 1 || left < -1)) {
                faults.push(`off the page: ${node.textContent.trim().slice(0, 60)}`);
            }
            if (right - left > 1 && bottom > top) seen.push({left, right, top, bottom, node});
        }
    }
    seen.sort((a, b) => a.top - b.top);
    seen.forEach((a, n) => {
        for (const b of seen.slice(n + 1)) {
            if (b.top >= a.bottom) break;
            if (a.node === b.node) continue;
            const high = Math.min(a.bottom, b.bottom) - b.top;
            const least = Math.min(a.bottom - a.top, b.bottom - b.top);
            if (high > least * 0.4 && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2) {
                faults.push(`over each other: ${a.node.textContent.trim().slice(0, 40)} | `
                    + b.node.textContent.trim().slice(0, 40));
            }
        }
    });
    return [...new Set(faults)];
}"""

# What the Tab key has to reach, in the order of the page, as `window.reachable`.
REACHABLE = """() => {
    // A group of radios is one stop of the Tab key: at what is chosen, else at its first.
    const entered = ({name, form}) => {
        const group = [...document.querySelectorAll(`[type=radio][name="${CSS.escape(name)}"]`)]
            .filter((each) => each.form === form);
        return group.find((each) => each.checked) ?? group[0];
    };
    const all = document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, iframe, [tabindex]");
    window.reachable = [...all].filter((each) => each.tabIndex >= 0 && !each.disabled
        && each.type !== "hidden" && each.checkVisibility({visibilityProperty: true})
        && (each.type !== "radio" || each === entered(each)));
    window.reached = [];
    window.dim = [];
    document.addEventListener("focusin", ({target}) => {
        window.reached.push(target);
        const {outlineStyle, outlineWidth} = getComputedStyle(target);
        if (outlineStyle === "none" || (outlineStyle !== "auto" && parseFloat(outlineWidth) < 2)) {
            window.dim.push(target.outerHTML.slice(0, 120));
        }
    });
    return window.reachable.length;
}"""

# What the Tab key did not do as it should.
MISSED = """() => {
    const faults = window.dim.map((each) => `no focus to be seen: ${each}`);
    const name = (each) => each.outerHTML.slice(0, 120);
    const reached = window.reached.filter((each) => each.tagName !== "IFRAME");
    const wanted = window.reachable.filter((each) => each.tagName !== "IFRAME");
    wanted.forEach((each, at) => {
        if (reached[at] !== each && faults.length < 5) {
            faults.push(`instead of ${name(each)}: ${reached[at] ? name(reached[at]) : "nothing"}`);
        }
    });
    const around = document.querySelector("body > header");
    if (around && !wanted[0].matches(".govuk-skip-link")) faults.push("no skip link comes first");
    for (const each of document.querySelectorAll("main *")) {
        if (["auto", "scroll"].includes(getComputedStyle(each).overflowX)
            && each.scrollWidth > each.clientWidth && each.tagName !== "TEXTAREA"
            && each.tabIndex < 0) faults.push(`scrolls, and not by key: ${name(each)}`);
    }
    return faults;
}"""

# What on paper should not be there, or is cut by its edge.
ON_PAPER = """() => {
    const faults = [];
    const seen = (each) => each.checkVisibility({visibilityProperty: true});
    for (const each of document.querySelectorAll(
        "nav, .govuk-skip-link, [role=search], .irf-live, main form button, .govuk-pagination")) {
        if (seen(each)) faults.push(`on paper: ${each.outerHTML.slice(0, 80)}`);
    }
    const edge = document.documentElement.clientWidth;
    for (const each of document.querySelectorAll("main table, main svg, main pre")) {
        const {right} = each.getBoundingClientRect();
        if (seen(each) && right > edge + 1) {
            faults.push(`cut by ${Math.round(right - edge)}: ${each.outerHTML.slice(0, 80)}`);
        }
    }
    for (const each of document.querySelectorAll("main .irf-scroll")) {
        if (getComputedStyle(each).overflowX !== "visible") faults.push("a table that scrolls");
    }
    return faults;
}"""

# The words of a page, line by line, without how its stream is and how much may yet be typed.
WORDS = """() => {
    const apart = [...document.querySelectorAll(
        "#live, #as-of, [class*=govuk-character-count__]")];
    const shown = apart.map((each) => each.style.display);
    apart.forEach((each) => each.style.display = "none");
    const lines = document.body.innerText.split("\\n").map((each) => each.trim());
    apart.forEach((each, at) => each.style.display = shown[at]);
    return lines.filter(Boolean);
}"""

# What can be pressed, chosen or filled in.
USABLE = """() => {
    const all = document.querySelectorAll(
        "a[href], form, input, select, textarea, button, summary");
    const told = (each) => [each.tagName, each.name, each.value, each.getAttribute("href"),
        each.getAttribute("action"), each.tagName === "FORM" ? "" : each.innerText].join(" ");
    return [...all].filter((each) => each.checkVisibility({visibilityProperty: true})).map(told);
}"""

# Statuses that would be told by their colour alone where colours are the reader's own.
COLOUR_ALONE = """() => [...document.querySelectorAll(".irf-rag")]
    .filter((each) => each.checkVisibility() && each.textContent.trim())
    .filter((each) => getComputedStyle(each).borderTopStyle !== "solid"
        || getComputedStyle(each, "::before").content === "none")
    .map((each) => each.outerHTML)"""
