"""Each lesson as a web page, held against the rules of WCAG 2 (levels A and AA) by axe-core in a real browser.

The page is what `jupyter nbconvert --to html` makes. Its template, JupyterLab's light theme, breaks two rules by
itself, whatever stands in the notebook, so they are judged without it: prompts and the colours of code have little
contrast, and links in a text are told from it by colour alone. The test of the template says when that has changed.
"""

import pytest

from helpers.setup.files import ROOT
from helpers.workshop.browser import driver as browser

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}  # of other results nothing is gathered, which takes long
OF_THE_TEMPLATE = ".jp-InputPrompt, .jp-OutputPrompt, .highlight"  # prompts, and code with its colours
LINKS = "a { text-decoration: underline !important }"  # as every reader of the page may set it

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page():
    browser.require()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser.chromium(), args=browser.arguments())
        yield chromium.new_page(viewport={"width": 1280, "height": 1000})
        chromium.close()


def as_page(path):
    from nbconvert import HTMLExporter

    return HTMLExporter().from_filename(str(path))[0]


def findings(page, html, folder, without="", css=""):
    """What axe-core says of a page: rule, impact and the first place, one line for each broken rule.

    What the selector `without` matches is taken out before, which is quicker than leaving it unjudged.
    """
    from axe_playwright_python.sync_playwright import Axe

    (folder / "page.html").write_text(html, encoding="utf-8", newline="\n")
    page.goto((folder / "page.html").as_uri(), wait_until="domcontentloaded")
    if css:
        page.add_style_tag(content=css)
    if without:
        page.evaluate("names => document.querySelectorAll(names).forEach(one => one.remove())", without)
    found = Axe().run(page, options=OPTIONS).response
    return [
        f"{broken['id']} ({broken['impact']}), {len(broken['nodes'])} times, such as {broken['nodes'][0]['html'][:300]}"
        for broken in found["violations"]
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_breaks_no_rule(page, tmp_path, path):
    assert findings(page, as_page(path), tmp_path, OF_THE_TEMPLATE, LINKS) == []


def test_what_is_set_aside_is_the_templates(page, tmp_path):
    """A notebook of one plain cell and one link breaks just these rules."""
    import nbformat
    from nbformat import v4

    text = "# Title\n\nA sentence with [a link](https://example.org) in it."
    code = v4.new_code_cell("1 in [1]", execution_count=1, outputs=[v4.new_output("stream", text="True")])
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell(text), code]), tmp_path / "plain.ipynb")
    found = findings(page, as_page(tmp_path / "plain.ipynb"), tmp_path)
    assert sorted(line.split()[0] for line in found) == ["color-contrast", "link-in-text-block"]


def test_a_page_with_faults_is_found_out(page, tmp_path):
    faults = '<html lang="en"><title>t</title><main><h1>t</h1><img src="x.png"><p style="color:#ccc">pale</p></main>'
    found = findings(page, faults, tmp_path)
    assert {line.split()[0] for line in found} >= {"image-alt", "color-contrast"}
