"""How long the page's script takes per frame on a graph of 5,000 names and 20,000 links, and how soon it is there.

    python benchmarks/explorer.py [NODES] [LINKS]

needs Chromium and playwright. Each way to use the page (hovering, moving, zooming, filtering, typing, choosing) is done
by mouse and keyboard while the browser traces. Printed is, over the frames, what the main thread did for the page:
script, style, layout, collecting garbage, in processor time, so without waiting for the graphics.

Here a program draws in place of a graphics card (SwiftShader), which takes seconds for so many links. So the page is
measured twice: as it is where there is a card, for which links are handed over but not drawn, nor is anything while the
drawing moves, when it is not read either what is under the mouse; and as it is where there is none, with all drawn. The
waiting is printed too. To read what is under the mouse also takes processor time where a program draws.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright
from queries import synthetic

from kg.formats import write

ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing", "v8"]

# Says in the trace when the script waits for the graphics. With a card, the page is told so, and no links are drawn.
WATCH = """
const card = CARD;
window.drawn = LINKS / 2;
const mark = (prototype, name) => {
  const real = prototype[name];
  prototype[name] = function (...given) {
    if (card && name === "drawArraysInstanced" && given[3] > window.drawn) return undefined;
    if (card && name === "readPixels" && !window.drawn) return undefined;
    if (card && name === "getParameter" && given[0] === 0x9246) return "a card";
    const start = performance.now();
    const answer = real.apply(this, given);
    const end = performance.now();
    if (end - start > 0.1) performance.measure("graphics", { start, end, detail: end - start });
    return answer;
  };
};
for (const prototype of [WebGLRenderingContext.prototype, WebGL2RenderingContext.prototype]) {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name);
    if (typeof value === "function" && name !== "constructor") mark(prototype, name);
  }
}
"""

# What the main thread does for the page.
WORK = {
    *("EvaluateScript", "FunctionCall", "FireAnimationFrame", "EventDispatch", "TimerFire", "RunMicrotasks"),
    *("UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "MinorGC", "MajorGC", "ParseHTML"),
}


def hover(page: Page) -> None:
    for i in range(60):
        page.mouse.move(320 + 9 * i, 200 + 37 * i % 300)


def pan(page: Page) -> None:
    page.mouse.move(500, 120)
    page.mouse.down()
    for i in range(40):
        page.mouse.move(500 + 5 * i, 120 + 3 * i)
    page.mouse.up()


def zoom(page: Page) -> None:
    page.mouse.move(600, 350)
    for i in range(12):
        page.mouse.wheel(0, -120 if i < 7 else 120)
        page.wait_for_timeout(60)


def filters(page: Page) -> None:
    for value in ("1", "2", "1", "0"):
        page.fill("#weight", value)
        page.wait_for_timeout(400)
    for kind in ("person", "event"):
        page.uncheck(f"#kind-{kind}")
        page.wait_for_timeout(400)
        page.check(f"#kind-{kind}")
        page.wait_for_timeout(400)


def time_slider(page: Page) -> None:
    page.focus("input.from")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(400)
    page.click("text=All time")


def typing(page: Page) -> None:
    page.focus("#search")
    for letter in "dake mo":
        page.keyboard.type(letter)
        page.wait_for_timeout(150)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def click(page: Page) -> None:
    for text in ("a", "be", "do", "ki"):
        page.fill("#search", text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(700)
    page.keyboard.press("Escape")


STEPS: dict[str, Callable[[Page], None]] = {
    "hovering": hover,
    "moving": pan,
    "zooming": zoom,
    "filtering": filters,
    "time slider": time_slider,
    "typing a name": typing,
    "choosing names": click,
}


def frames(trace: list[dict[str, Any]]) -> Iterator[tuple[float, float]]:
    """Yield of each frame in which something was done the milliseconds of work, and those of waiting for graphics."""
    mains = {
        (e["pid"], e["tid"]) for e in trace if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }
    on_main = [e for e in trace if (e["pid"], e["tid"]) in mains]
    work = _outermost([e for e in on_main if e["name"] in WORK and "tdur" in e])
    ticks = sorted(e["ts"] + e["dur"] for e in on_main if e["name"] == "FireAnimationFrame" and "dur" in e)
    waits = [e for e in on_main if e["name"] == "graphics" and e["ph"] == "b"]
    for start, end in pairwise([0.0, *ticks, float("inf")]):
        spent = sum(e["tdur"] for e in work if start <= e["ts"] < end)
        waited = sum(json.loads(e["args"]["detail"]) for e in waits if start <= e["ts"] < end)
        if spent:
            yield spent / 1000, waited


def _outermost(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for e in sorted(events, key=lambda e: (e["ts"], -e["dur"])):
        if not found or e["ts"] >= found[-1]["ts"] + found[-1]["dur"]:
            found.append(e)
    return found


def measure(file: Path, links: int, *, card: bool) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(120_000)
        page.add_init_script(WATCH.replace("CARD", str(card).lower()).replace("LINKS", str(links)))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]")
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
        ready = page.evaluate("performance.now()")
        print(f"\n{'with' if card else 'without'} a card: first paint after {paint:.0f} ms, ready after {ready:.0f} ms")
        print(f"{'':<16}{'frames':>8}{'median':>10}{'95 %':>10}{'longest':>10}{'graphics, median':>20}{'longest':>10}")
        for name, step in STEPS.items():
            page.wait_for_timeout(500)
            page.evaluate("drawn => { window.drawn = drawn; }", 0 if name in ("moving", "zooming") else links / 2)
            trace = Path(folder, "trace.json")
            browser.start_tracing(page=page, path=trace, categories=CATEGORIES)
            step(page)
            page.wait_for_timeout(400)
            browser.stop_tracing()
            found = list(frames(json.loads(trace.read_text())["traceEvents"]))
            work, waits = sorted(one for one, _ in found), [other for _, other in found]
            most = work[int(0.95 * (len(work) - 1))]
            print(f"{name:<16}{len(found):>8}{median(work):>10.1f}{most:>10.1f}{work[-1]:>10.1f}", end="")
            print(f"{median(waits):>20.1f}{max(waits):>10.1f}", flush=True)
        browser.close()


def main() -> None:
    nodes, links = (int(given) for given in (*sys.argv[1:], 5_000, 20_000)[:2])
    with tempfile.TemporaryDirectory() as folder:
        file = write(synthetic(nodes, links), Path(folder, "graph.html"))
        print(f"{nodes:,} names, {links:,} links, {file.stat().st_size / 1e6:.1f} MB")
        for card in (True, False):
            measure(file, links, card=card)


if __name__ == "__main__":
    main()
