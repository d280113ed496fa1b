"""The lessons in a real browser: they run without an error, and every control in them does something."""

import json
import re
from pathlib import Path

import pytest

from helpers.workshop.browser import controls
from helpers.workshop.browser import driver as browser
from helpers.workshop.lessons import written_lessons

ROOT = Path(__file__).resolve().parent.parent
SHOTS = Path(__file__).resolve().parent / "screenshots"
CELL_WITH_WIDGETS = re.compile(r"\b(widgets|panel|ipywidgets)\.|\b(AppBox|ChatBox|predict)\(")

# These are looked at in other ways too: colours, and the window in CSS pixels. A page at 200 % zoom has half of them.
CLOSELY = ("02", "03", "05", "10", "14")
LOOKS = {"dark": ("dark", 1280, 1100), "zoom": ("light", 640, 550), "phone": ("light", 390, 844)}
PLAIN = ("light", 1280, 1100)

# (notebook, label of the control) -> why it may change nothing that can be seen.
MAY_BE_STILL: dict[tuple[str, str], str] = {
    ("14_search_by_meaning.ipynb", "Search"): "Enter in the field has just searched for the same words",
    ("18_projects_to_show.ipynb", "Upload a file (0)"): "the browser asks for a file",
}

pytestmark = pytest.mark.browser


def with_widgets():
    found = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if any(CELL_WITH_WIDGETS.search(source) for source in code):
            found.append(path.name)
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    browser.require()
    with browser.jupyterlab(tmp_path_factory.mktemp("browser")) as running:
        yield running


def write(lab, name, *sources):
    """A notebook of code cells in the folder of the copied notebooks."""
    cells = [
        {
            "id": f"c{n}",
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for n, source in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
    (lab.folder / name).write_text(json.dumps(book), encoding="utf-8", newline="\n")


def shoot(areas, stem):
    SHOTS.mkdir(exist_ok=True)
    for number, area in enumerate(areas, 1):
        area.screenshot(path=SHOTS / (f"{stem}.png" if number == 1 else f"{stem}-{number}.png"))


@pytest.mark.parametrize("name", with_widgets())
def test_lesson(lab, name):
    panel = browser.run_all(lab, name)
    areas = controls.areas(panel)
    assert areas, "the notebook's code speaks of widgets, but none is shown"
    assert controls.broken(panel) == []
    shoot(areas, Path(name).stem)
    dead = [label for area in areas for label in controls.dead(area) if (name, label) not in MAY_BE_STILL]
    assert dead == [], "these controls change nothing beside them"
    assert panel.locator("[role=alert]").all_inner_texts() == []
    for look in LOOKS if name[:2] in CLOSELY else ():
        browser.look_as(lab.page, *LOOKS[look])
        shoot(areas, f"{Path(name).stem}-{look}")
        assert [cut for area in areas for cut in controls.cut_off(area)] == [], look
        firsts = [controls.controls(area)[0] for area in areas if controls.controls(area)]
        still = [one.label for area, one in zip(areas, firsts, strict=False) if not controls.stirs(area, one)]
        assert still == [], f"{look}: these controls change nothing"
    browser.look_as(lab.page, *PLAIN)


def test_the_readme_shows_every_lesson_in_jupyterlab(lab):
    """JupyterLab takes what is between two dollar signs for a formula: rows of the table went missing that way."""
    lab.page.goto(f"{lab.url}/lab?reset&token={lab.token}")
    lab.page.wait_for_function("() => window.jupyterapp && jupyterapp.commands.hasCommand('markdownviewer:open')")
    opened = "jupyterapp.commands.execute('markdownviewer:open', {path: 'README.md'})"
    lab.page.evaluate(f"() => jupyterapp.restored.then(() => {{ {opened} }})")
    shown = lab.page.locator(".jp-RenderedMarkdown")
    shown.locator("table", has_text="Make your first call").wait_for(timeout=60_000)
    rows = [row.inner_text().split("\t") for row in shown.locator("tr:has(td)").all()]
    titles = {lesson.number: lesson.title for lesson in written_lessons()}
    assert {row[0]: row[1] for row in rows if row[0] in titles} == titles
    assert all(len(row) == 6 and row[4] for row in rows if row[0] in titles)
    assert shown.locator("mjx-container").count() == 0


def test_driver_finds_what_does_not_work(lab):
    """A control that does nothing, a widget that cannot be shown, and a cell that fails are each found."""
    mixed = """
from helpers import widgets
from IPython.display import display
import ipywidgets
knob, dud = widgets.number("knob", 1, 0, 3, 1), widgets.choice("dud", ["a", "b"])
pick = ipywidgets.RadioButtons(options=["a", "b"], value=None)
say, idle = ipywidgets.Button(description="say"), ipywidgets.Button(description="idle")
knob_text, said = ipywidgets.HTML(), ipywidgets.HTML()
knob.observe(lambda change: setattr(knob_text, "value", f"knob {change.new}"), "value")
say.on_click(lambda button: setattr(said, "value", f"picked {pick.value}"))
display(ipywidgets.VBox([knob, dud, pick, say, idle, knob_text, said]))
"""
    write(lab, "mixed.ipynb", mixed, "ipywidgets.Image(value=b'no picture', format='png')")
    panel = browser.run_all(lab, "mixed.ipynb")
    [area] = controls.areas(panel)
    assert [control.label for control in controls.controls(area)] == ["knob", "dud", "radio"]
    assert sorted(controls.dead(area)) == ["dud", "idle"]
    assert len(controls.broken(panel)) == 1
    write(lab, "failing.ipynb", "print('fine')", "1 / 0", "print('never reached')")
    with pytest.raises(AssertionError, match="(?s)code cell 2: .*ZeroDivisionError"):
        browser.run_all(lab, "failing.ipynb")


def test_panel(lab):
    """The parameter panel, whatever the lessons do with it."""
    write(lab, "panel.ipynb", "from helpers.demos import panel", "panel.lab()")
    panel = browser.run_all(lab, "panel.ipynb")
    [area] = controls.areas(panel)
    assert controls.broken(panel) == []
    shoot([area], "panel")
    assert len(controls.controls(area)) == 12
    picture = area.locator("img")
    before = picture.get_attribute("src")
    controls.controls(area)[0].place.press("ArrowRight")
    assert browser.until(lambda: picture.get_attribute("src") != before, 5), "the bars stand still"
    assert controls.dead(area) == []
    shoot([area], "panel-moved")
    assert area.locator("[role=alert]").count() == 0
