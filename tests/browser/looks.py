"""Look at a page as axe and a narrow screen do."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from selfcheck import bundle

# What we put into a page; the theme around it is not ours.
OURS = [".sc-quiz", ".sc-live"]


def axe() -> Path:
    """The script of axe-core, from the tools of the tests."""
    bundle.ensure(dev=True)
    return bundle.WEB / "node_modules/axe-core/axe.min.js"


def complaints(page: Page, parts: list[str] | None = None) -> list[str]:
    """What axe finds wrong in our parts of the page, each with an element."""
    # Evaluated, not added as an element: the server's pages allow no foreign script.
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe().read_text("utf-8"))
    found = page.evaluate(
        """async parts => {
            // A color on its way to another has the contrast of neither.
            const moving = document.getAnimations().filter(a =>
                a.effect.getComputedTiming().endTime !== Infinity);
            // What is not painted may never come to its end: nobody waits for that.
            const rest = new Promise(done => setTimeout(done, 1000));
            await Promise.race([Promise.allSettled(moving.map(a => a.finished)), rest]);
            const here = parts.filter(p => document.querySelector(p)).map(p => [p]);
            const result = await axe.run({include: here});
            return result.violations.map(v =>
                v.id + ' (' + v.impact + '): ' + v.nodes.map(n => n.html).join(' | '));
        }""",
        parts or OURS,
    )
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def cut(page: Page) -> list[str]:
    """What of the quiz is not whole: text beyond its box, or beyond the screen.

    What a reader can scroll to is whole; so is what only assistive technology reads.
    """
    return page.evaluate(
        """() => {
            const scrolls = e =>
                ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
            const inScroller = e => {
                for (let at = e; at; at = at.parentElement)
                    if (scrolls(at)) return true;
                return false;
            };
            const unseen = e => e.closest('.sc-unseen, .sc-file, .katex-mathml');
            return [...document.querySelectorAll('.sc-quiz *')].filter(e => {
                if (unseen(e) || !e.checkVisibility() || inScroller(e)) return false;
                const box = e.getBoundingClientRect();
                const beyond = box.right > innerWidth + 1 || box.left < -1;
                const style = getComputedStyle(e);
                const spills = style.display !== 'inline' &&
                    e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
                return beyond || spills;
            }).map(e => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
        }"""
    )
