"""The page in a real browser: what an analyst does with it, by mouse, by keyboard, on a phone, in the dark.

A browser that is missing is a reason to skip these tests, unless CI is true: there it is installed (`.ci/run`).
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from news_graph import NODES, news_graph
from playwright.sync_api import sync_playwright

from kg.formats import write

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        reason = "a browser is missing; apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write(news_graph(), tmp_path_factory.mktemp("page") / "graph.html")


@pytest.fixture
def open_page(browser, file):
    """Open the page; whatever it asks of another machine, and whatever goes wrong in it, fails the test."""
    contexts, wrong = [], []

    def open_it(hash="", *, width=1280, height=800, url=None, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("request", lambda request: None if is_here(request.url) else wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.goto((url or file.as_uri()) + hash)
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [text for text in wrong if "GPU stall" not in text and "GL Driver" not in text] == []


def is_here(url):
    return url.startswith(("file:", "data:", "blob:")) or urlsplit(url).hostname == "127.0.0.1"


def spot(page, *ids):
    """Return where on the screen a node is, or the middle between two."""
    return page.evaluate(
        """ids => {
          const sigma = window.kg.canvas.sigma;
          const box = document.getElementById("canvas").getBoundingClientRect();
          const at = ids.map((id) => sigma.graphToViewport(sigma.getGraph().getNodeAttributes(id)));
          const sum = at.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
          return [box.x + sum.x / ids.length, box.y + sum.y / ids.length];
        }""",
        list(ids),
    )


def card(page):
    return page.inner_text("#card-title").strip()


def wait_for_card(page, text):
    page.wait_for_selector(f"#card-title >> text={text}")


def shown(page):
    return page.inner_text("#shown")


def hash_of(page):
    return page.evaluate("decodeURIComponent(location.hash)")


def test_search_suggests_by_label_alias_accent_and_misspelling(open_page):
    page = open_page()
    for typed, found in [("ann", "Ann Lee"), ("a lee", "Ann Lee"), ("emile", "Émile Zay"), ("chlie", "Chile")]:
        page.fill("#search", typed)
        assert found in page.inner_text("#suggestions li >> nth=0"), typed
    page.fill("#search", "nobody at all")
    assert page.inner_text("#suggestions") == "No name like that"
    page.fill("#search", "peru")
    page.click("#suggestions li")
    assert (card(page), hash_of(page)) == ("Peru", "#name=country/PE")


def test_a_click_on_a_node_shows_its_card(open_page):
    page = open_page()
    page.mouse.click(*spot(page, "person/ann-lee"))
    wait_for_card(page, "Ann Lee")
    assert "A. Lee" in page.inner_text("#panel-details")
    links = [re.sub(r"\s+", " ", text).strip() for text in page.locator(".links li").all_inner_texts()]
    assert links == ["Peru 7", "Bo Poe 2", "Lima talks target 1"]
    page.wait_for_timeout(400)  # or the next click would make it a double one
    page.click("#canvas", position={"x": 3, "y": 3})
    wait_for_card(page, "Who is linked most")


def test_a_click_on_a_link_shows_its_quotes_with_both_names_marked_and_the_way_to_the_source(open_page):
    page = open_page("#only=person/bo-poe&only=country/CL")
    page.mouse.click(*spot(page, "person/bo-poe", "country/CL"))
    page.wait_for_selector("blockquote")
    assert page.locator("blockquote").count() == 3
    quote = page.locator("figure >> nth=0")
    assert quote.locator("mark").all_inner_texts() == ["Bo Poe", "Chile"]
    assert quote.locator("blockquote").inner_text().endswith("Bo Poe & Chile met, sentence 0.")
    assert "Daily Example, 2024-03-10" in quote.inner_text()
    link = quote.locator("a")
    assert link.get_attribute("href").startswith("https://news.example/3?a=1")
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer", "_blank")


def test_what_articles_say_is_text_and_never_markup(open_page):
    page = open_page("#link=country/PE&link=person/di-alone")
    page.wait_for_selector("blockquote")
    assert "<script>document.title='owned'</script>" in page.inner_text("blockquote")
    assert page.locator("mark").all_inner_texts() == [NODES["person/di-alone"][1], "Peru"]
    page.goto(page.url.split("#")[0] + "#link=country/PE&link=person/ann-lee")
    page.wait_for_selector("blockquote >> nth=6")
    hrefs = page.locator("figcaption a").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(hrefs) == {"https:"}
    assert "owned" not in page.title()
    assert page.locator("img, #panel-details script").count() == 0


def test_filters_by_kind_weight_relation_and_type(open_page):
    page = open_page()
    assert shown(page) == "10 names, 11 links shown"
    page.uncheck("#kind-event")
    assert shown(page) == "8 names, 8 links shown"
    page.check("#kind-event")
    page.select_option("#relation", "participant")
    assert shown(page) == "5 names, 3 links shown"
    page.select_option("#relation", "")
    page.fill("#weight", "2")
    assert (shown(page), page.inner_text("#weight-words")) == ("5 names, 3 links shown", "3 or more")
    page.click("#clear")
    page.click("#types-box summary")
    page.get_by_label("strike").uncheck()
    assert shown(page) == "9 names, 10 links shown"
    assert hash_of(page) == "#types=talks"


def test_the_time_slider_shows_what_an_article_of_that_time_shows(open_page):
    page = open_page()
    assert page.locator(".slider rect").count() > 5
    page.fill("input.from", page.get_attribute("input.from", "max"))
    assert shown(page) == "3 names, 2 links shown"
    assert "2024-06" in page.inner_text("#time")
    page.check("#undated")
    assert shown(page) == "5 names, 3 links shown"
    assert "from=2024-06" in hash_of(page)
    assert "undated=1" in hash_of(page)
    page.click("#tab-links")
    page.click("tbody >> text=Peru – Ann Lee")
    page.wait_for_selector("h3 >> text=At other times")
    assert page.locator(".quotes ol").nth(0).locator("li").count() == 3
    page.keyboard.press("Escape")
    page.click("text=All time")
    assert (shown(page), hash_of(page)) == ("10 names, 11 links shown", "")


def test_the_shortest_path_between_two_picked_names_with_a_quote_a_step(open_page):
    page = open_page("#name=person/cy-roe")
    page.click("text=Path from here…")
    assert "now pick the other end" in page.inner_text("#picking")
    page.fill("#search", "ann")
    page.keyboard.press("Enter")
    page.wait_for_selector(".path blockquote")
    assert card(page) == "Path of 2 links"
    assert page.locator(".path .stop").all_inner_texts() == ["Cy Roe", "Bo Poe", "Ann Lee"]
    assert page.locator(".path blockquote").count() == 2
    assert hash_of(page) == "#path=person/cy-roe&path=person/ann-lee"
    page.goto(page.url.split("#")[0] + "#path=person/cy-roe&path=person/émile-zay")
    wait_for_card(page, "No path")


def test_neighbours_alone_then_expanded(open_page):
    page = open_page("#name=person/cy-roe")
    page.click("text=Only its neighbours")
    assert shown(page) == "3 names, 3 links shown"
    page.click(".links >> text=Chile")
    page.click("h2 button >> text=Chile")
    page.click("text=Expand neighbours")
    assert shown(page) == "5 names, 5 links shown"
    page.click("#show-all")
    assert shown(page) == "10 names, 11 links shown"


def test_a_permalink_brings_back_what_was_seen_and_back_goes_back(open_page):
    page = open_page()
    page.uncheck("#kind-event")
    page.fill("#search", "peru")
    page.keyboard.press("Enter")
    page.click(".links >> text=Ann Lee")
    page.wait_for_selector("blockquote")
    again = open_page(page.evaluate("location.hash"))
    again.wait_for_selector("blockquote")
    assert (card(again), shown(again)) == (card(page), shown(page))
    assert not again.is_checked("#kind-event")
    page.go_back()
    wait_for_card(page, "Peru")
    gone = open_page("#name=person/nobody")
    assert card(gone) == "Not in this graph"


def test_dark_mode_follows_the_system_and_the_button(open_page):
    page = open_page(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(18, 21, 26)"
    page.click("#theme")
    assert (page.inner_text("#theme"), page.evaluate(ground)) == ("Theme: light", "rgb(255, 255, 255)")


def test_everything_by_keyboard_alone(open_page):
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("lee")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert (card(page), page.evaluate("document.activeElement.id")) == ("Ann Lee", "card-title")
    tab_to(page, "Peru")
    page.keyboard.press("Enter")
    page.wait_for_selector("blockquote")
    assert page.locator("blockquote").count() == 7
    page.keyboard.press("Escape")
    assert card(page) == "Who is linked most"
    page.focus("#tab-details")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("caption >> visible=true") == "10 names shown"
    tab_to(page, "Chile")
    page.keyboard.press("Enter")
    assert card(page) == "Chile"
    page.focus("input.to")
    page.keyboard.press("Home")
    assert page.get_attribute("input.to", "aria-valuetext").startswith("2024-01")
    page.focus("#canvas")
    before = page.evaluate("window.kg.canvas.sigma.getCamera().getState()")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    after = page.evaluate("window.kg.canvas.sigma.getCamera().getState()")
    assert (after["x"] > before["x"], after["ratio"] < before["ratio"]) == (True, True)


def tab_to(page, text):
    """Press Tab until the focus is on what begins or ends in this text; every stop on the way is to be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        said, width = page.evaluate(
            "[document.activeElement.textContent, document.activeElement.getBoundingClientRect().width]"
        )
        assert width > 0
        if said.startswith(text) or said.endswith(text):
            return
    raise AssertionError(f"no {text} to be reached")


def test_a_phone_of_360_px_needs_no_scrolling_sideways(open_page):
    page = open_page(width=360, height=740, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.fill("#search", "ann")
    page.tap("#suggestions li")
    page.tap(".links >> text=Peru")
    page.wait_for_selector("blockquote")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.locator("button:visible").evaluate_all(
        "all => all.filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.innerText)"
    )
    assert small == []


VIEWS = ["", "#name=country/PE", "#link=country/PE&link=person/ann-lee", "#path=person/cy-roe&path=person/ann-lee"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(open_page, scheme):
    axe = Axe()
    page = open_page(color_scheme=scheme)
    found = []
    for view in VIEWS:
        page.goto(page.url.split("#")[0] + view)
        page.wait_for_timeout(150)
        for tab in ("names", "links", "details"):
            page.click(f"#tab-{tab}")
            found += [
                (view, tab, one["id"], one["nodes"][0]["html"])
                for one in axe.run(page).response["violations"]
                if one["impact"] in ("serious", "critical")
            ]
    page.click("#ask-help")
    page.fill("#search", "a") if page.locator("#help").is_hidden() else None
    found += [("help", one["id"]) for one in axe.run(page).response["violations"] if one["impact"] != "minor"]
    assert found == []


def test_without_webgl_the_lists_hold_all_of_it(browser, file):
    page = browser.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    assert "no WebGL" in page.inner_text("#canvas")
    page.click("tbody button >> text=Chile")
    assert card(page) == "Chile"
    page.close()


@pytest.fixture(scope="module")
def server():
    """The address of a server whose graph counts as large, so that the page holds its core alone at first."""
    code = (
        "from kg.server import api, app; from news_graph import news_graph; api.WHOLE, api.CORE = 5, 4; "
        "app.run(news_graph(), host='127.0.0.1', port=0, allow_host=(), timeout=2, max_rows=9)"
    )
    path = os.pathsep.join([str(HERE), *sys.path])
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}) as running:
        try:
            yield re.search(r"http://127\.0\.0\.1:\d+/", running.stderr.readline())[0]
        finally:
            running.terminate()
            running.wait(10)


def test_of_a_large_graph_a_server_gives_the_core_and_then_what_is_asked_for(open_page, server):
    page = open_page(url=server)
    assert "10 names · 11 links" in page.inner_text("#counts")
    assert shown(page).startswith("4 names")
    page.fill("#search", "zay")
    page.click("#suggestions >> text=Émile Zay")
    wait_for_card(page, "Émile Zay")
    page.click(".links >> text=Fiji")
    page.wait_for_selector("blockquote >> nth=1")
    assert page.locator("figcaption a").first.get_attribute("href").startswith("https://news.example/4")
    far = open_page("#path=person/cy-roe&path=person/ann-lee", url=server)
    far.wait_for_selector(".path .stop")
    assert far.locator(".path .stop").all_inner_texts() == ["Cy Roe", "Bo Poe", "Ann Lee"]
