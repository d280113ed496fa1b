"""Every box, button, slider and menu of the lessons does something and breaks nothing; without a browser."""

import ast
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from helpers.workshop import build
from helpers.workshop.lessons import run_prices, written_lessons
from helpers.workshop.notebooks import verify
from helpers.workshop.notebooks.kernel import Kernel

DRIVER = (Path(__file__).parent / "press.py").read_text(encoding="utf-8")
SETTINGS = {"COURSE_MODE": "replay", "COURSE_PACE": "0", "COURSE_STANDIN_URL": "off"}
VIEW = "application/vnd.jupyter.widget-view+json"
# Lesson -> the fewest controls that it has to show; fewer means that the driver overlooks some.
AT_LEAST = {"02": 25, "17": 20, "18": 25, "19": 20}


def driven(folder, cells, **settings):
    """What these code cells would cost, how many controls they show, and what goes wrong when each is moved."""
    with Kernel(folder, SETTINGS) as kernel:
        outputs = [output for cell in cells for output in kernel.run(cell)]
        spent = float(kernel.text(build.SPENT))
        shown = [output.data[VIEW]["model_id"] for output in outputs if VIEW in output.get("data", {})]
        # In a namespace of its own: the lesson keeps its names.
        code = f"exec({DRIVER!r}, _driver := {{}})\n_driver['press']({shown}, **{settings})"
        outputs = kernel.run(new_code_cell(code))
        [result] = [output for output in outputs if output.output_type == "execute_result"]
        pressed, faults = ast.literal_eval(result.data["text/plain"])
        return spent, pressed, faults + [f"printed: {one.get('text', one)}" for one in outputs if one is not result]


@pytest.mark.parametrize("lesson", written_lessons(), ids=lambda lesson: lesson.number)
def test_every_control(lesson, record_property):
    cells = [cell for cell in verify.read(lesson).cells if cell.cell_type == "code"]
    spent, pressed, faults = driven(lesson.notebook.parent, cells)
    record_property("controls pressed in kernels", pressed)
    assert faults == []
    assert pressed >= AT_LEAST.get(lesson.number, 0)
    # A stream that is broken off in real time costs a little more or less.
    assert spent == pytest.approx(run_prices()[lesson.number], rel=0.05, abs=1e-6)


# A chat box as lesson 19 once had it: the line below it asks for the last answer before there is one.
OLD_CHAT = """
from helpers.demos.chat_box import ChatBox
class Old(ChatBox):
    def send(self, text=None):
        self.conversation.append({"role": "user", "content": self.message.value})
        self.button.disabled = True
        self._show_foot()
        super().send(text)
replies = []
def ask(talk):
    replies.append("Good day.")
    return replies[-1]
def searched(talk):
    return replies[-1] if len(talk) > 1 else ""
Old(ask, "Be brief.", paths=[["Hello!"]], footer=searched)
"""
BROKEN = """
import ipywidgets
idle, stuck = ipywidgets.Button(description="idle"), ipywidgets.Button(description="stuck")
level, said = ipywidgets.IntSlider(description="level", min=0, max=3), ipywidgets.HTML("<p>At first</p>")
def stick(button):
    button.disabled, said.value = True, "stuck"
stuck.on_click(stick)
level.observe(lambda change: setattr(said, "value", f"{1 / (change.new - 3):.1f}"), "value")
dud, loud = ipywidgets.Checkbox(description="dud"), ipywidgets.Checkbox(description="loud")
loud.observe(lambda change: print("forgotten"), "value")
upload = ipywidgets.FileUpload(description="upload")
upload.observe(lambda change: setattr(said, "value", change.new[0].content.tobytes().decode()), "value")
ipywidgets.VBox([level, idle, stuck, dud, loud, upload, said])
"""
SOUND = """
from helpers.demos.chat_box import ChatBox
ChatBox(lambda talk: f"Answer {len(talk)}", paths=[["Hello!", "And then?"]])
"""


@pytest.mark.parametrize(
    "cell, parts",
    [
        (OLD_CHAT, ["IndexError", "'Send' is left disabled"]),
        (
            BROKEN,
            [
                "'level' set to 3: ZeroDivisionError",
                "'idle' after []: neither",
                "'stuck' is left disabled",
                "'dud' changes nothing",
                "'loud' changes nothing",
                "printed: forgotten",
                "'upload' set to []: IndexError",
            ],
        ),
        (SOUND, []),
    ],
    ids=["old chat", "broken", "sound"],
)
def test_driver_finds_what_is_broken(cell, parts):
    _, pressed, faults = driven(Path(__file__).parent, [new_code_cell(cell)], soon=0.2)
    assert pressed >= 3
    assert all(any(part in fault for fault in faults) for part in parts), faults
    assert bool(faults) == bool(parts), faults
