"""The lessons in a real browser: they run without an error, and every control in them does something."""

import json
import re
from pathlib import Path

import pytest
from test_controls import OLD_CHAT

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
SLIDER = 150  # pixels to aim at; on a phone the label leaves less, and the arrow keys and the number remain

pytestmark = pytest.mark.browser


def with_widgets():
    found = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if any(CELL_WITH_WIDGETS.search(source) for source in code):
            found.append(path.name)
    return found


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
def test_lesson(lab, name, record_property):
    panel = browser.run_all(lab, name)
    areas = controls.areas(panel)
    assert areas, "the notebook's code speaks of widgets, but none is shown"
    assert controls.broken(panel) == []
    assert [fault for area in areas for fault in controls.out_of_reach(area, SLIDER)] == []  # with the list of files
    shoot(areas, Path(name).stem)
    results = [controls.sample(area) for area in areas]
    record_property("controls pressed in a browser", sum(count for count, _ in results))
    assert [fault for _, faults in results for fault in faults] == []
    try:
        look_closely(lab, name, areas)
    finally:
        browser.look_as(lab.page, *PLAIN)


def look_closely(lab, name, areas):
    for look in LOOKS if name[:2] in CLOSELY else ():
        browser.look_as(lab.page, *LOOKS[look])
        shoot(areas[:1], f"{Path(name).stem}-{look}")
        slider = SLIDER if look != "phone" else 30
        assert [fault for area in areas for fault in controls.out_of_reach(area, slider)] == [], look


def test_the_readme_shows_every_lesson_in_jupyterlab(lab):
    """JupyterLab takes what is between two dollar signs for a formula: rows of the table went missing that way."""
    browser.open_(lab, "README.md", "Markdown Preview")
    shown = lab.page.locator(".jp-RenderedMarkdown")
    shown.locator("table", has_text="Make your first call").wait_for(timeout=60_000)
    rows = [row.inner_text().split("\t") for row in shown.locator("tr:has(td)").all()]
    titles = {lesson.number: lesson.title for lesson in written_lessons()}
    assert {row[0]: row[1] for row in rows if row[0] in titles} == titles
    assert all(len(row) == 6 and row[4] for row in rows if row[0] in titles)
    assert shown.locator("mjx-container").count() == 0


def test_driver_finds_what_does_not_work(lab, monkeypatch):
    """A control that does nothing, one that is left disabled, an error, and a widget that cannot be shown are found."""
    monkeypatch.setattr(controls, "WAIT", 0.5)
    monkeypatch.setattr(controls, "ANSWER", 0.5)
    mixed = """
from helpers import widgets
import ipywidgets
knob, dud = widgets.number("knob", 1, 0, 3, 1), widgets.choice("dud", ["a", "b"])
say, idle, bad = (ipywidgets.Button(description=name) for name in ("say", "idle", "bad"))
said = ipywidgets.HTML()
knob.observe(lambda change: setattr(said, "value", f"knob {change.new}"), "value")
say.on_click(lambda button: setattr(said, "value", f"{said.value}!"))
bad.on_click(lambda button: setattr(said, "value", widgets.problem(ValueError("no"))))
ipywidgets.VBox([knob, dud, say, idle, bad, said])
"""
    write(lab, "mixed.ipynb", mixed, OLD_CHAT, "ipywidgets.Image(value=b'no picture', format='png')")
    panel = browser.run_all(lab, "mixed.ipynb")
    mixed, chat = controls.areas(panel)
    alert = "bad: This did not work. ValueError: no"
    assert controls.sample(mixed) == (5, ["dud: nothing changes", "idle: nothing changes", alert])
    assert "Send: something is left disabled" in controls.sample(chat)[1]
    assert len(controls.broken(panel)) == 1
