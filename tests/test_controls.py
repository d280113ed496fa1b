"""How test_exercises.py moves every box, button, slider and menu of a lesson, without a browser; it finds faults."""

import ast
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from helpers.workshop.notebooks.kernel import Kernel

DRIVER = (Path(__file__).parent / "press.py").read_text(encoding="utf-8")
VIEW = "application/vnd.jupyter.widget-view+json"


def drive(kernel, cells, **settings):
    """How many controls the outputs of these cells, which have run, show, and what goes wrong when each is moved."""
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    shown = [output.data[VIEW]["model_id"] for output in outputs if VIEW in output.get("data", {})]
    # In a namespace of its own: the lesson keeps its names.
    code = f"exec({DRIVER!r}, _driver := {{}})\n_driver['press']({shown}, **{settings})"
    outputs = kernel.run(new_code_cell(code))
    [result] = [output for output in outputs if output.output_type == "execute_result"]
    pressed, faults = ast.literal_eval(result.data["text/plain"])
    return pressed, faults + [f"printed: {one.get('text', one)}" for one in outputs if one is not result]


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
    one = new_code_cell(cell)
    with Kernel(Path(__file__).parent, {"COURSE_MODE": "replay", "COURSE_PACE": "0"}) as kernel:
        kernel.run(one)
        pressed, faults = drive(kernel, [one], soon=0.2)
    assert pressed >= 3
    assert all(any(part in fault for fault in faults) for part in parts), faults
    assert bool(faults) == bool(parts), faults
