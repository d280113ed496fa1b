"""Finds the controls in the outputs of a notebook, moves some of them as a person would, and sees what that changes.

Every control and every position is moved in a kernel, by tests/press.py. What is left for a browser is the way from
the mouse and the keyboard to the kernel and back, which is the same for all controls of one kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .driver import until

# Kind of control -> how it is found in the page (ipywidgets 8 in JupyterLab 4).
KINDS = {
    "slider": '.widget-slider .noUi-handle[role="slider"]',
    "list": ".widget-dropdown select",
    "radio": ".widget-radio",
    "check": '.widget-checkbox input[type="checkbox"]',
    "toggle": ".widget-toggle-buttons",
    "text": ".widget-text input, .widget-textarea textarea",
    "upload": ".widget-upload",
}
WAIT = 2.0  # seconds that a change may take before the next position is tried
ANSWER = 10.0  # seconds in which a button has to show a result or a sentence

# How many widgets the notebook speaks of and the page does not show yet.
_UNDRAWN = """panel => [...panel.querySelectorAll('[data-mime-type="application/vnd.jupyter.widget-view+json"]')]
    .filter(output => !output.querySelector('.jupyter-widgets, .jupyter-widgets-error-widget')).length"""

# Numbers the outputs in which there is something to move, and says how many there are.
_NUMBER = """(panel, movable) => [...panel.querySelectorAll('.jp-Cell-outputArea')]
    .filter(output => output.querySelector('.jupyter-widgets') && output.querySelector(movable))
    .map((output, number) => output.dataset.area = number).length"""

# Sees, from now on, whether something in an output is redrawn apart from its controls, or gets another value, since a
# control may set others; what is in `apart` does not count.
_WATCH = """(area, apart) => {
    const controls = '.jupyter-button, .widget-slider, .widget-dropdown, .widget-radio, .widget-checkbox,' +
        '.widget-toggle-buttons, .widget-text, .widget-textarea';
    const set = [...area.querySelectorAll('input, textarea, select, .noUi-handle')].filter(one => !apart.contains(one));
    const values = () => JSON.stringify(set.map(one => [one.value, one.checked, one.getAttribute('aria-valuetext')]));
    const [before, watch] = [values(), new MutationObserver(changes => changes.forEach(change => {
        const element = change.target.closest ? change.target : change.target.parentElement;
        if (element && !element.closest(controls)) area.redrawn = true;
    }))];
    area.redrawn = false;
    area.watch?.disconnect();
    area.watch = watch;
    area.changed = () => area.redrawn || values() !== before;
    watch.observe(area, {subtree: true, childList: true, characterData: true, attributeFilter: ['src']});
}"""
# The kernel is idle once more when all that it sends has come.
_CHANGED = """area => area.changed() &&
    jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"""
_OUT_OF_REACH = """(area, least) => {
    const said = [], say = (what, one) => said.push(`${what}: ${one.outerHTML.slice(0, 120)}`);
    const outside = area.getBoundingClientRect(), shown = one => one.getBoundingClientRect().width;
    for (const one of [...area.querySelectorAll('.jupyter-widgets, img')].filter(shown)) {
        const inside = one.getBoundingClientRect();
        if (inside.right > outside.right + 1 || inside.left < outside.left - 1) say('cut off', one);
    }
    for (const one of [...area.querySelectorAll('.noUi-target')].filter(shown)) {
        if (shown(one) < least) say(`${Math.round(shown(one))} pixels`, one);
    }
    return said;
}"""
OWN_WORDS = "Something that nobody recorded"


@dataclass
class Control:
    """One control: its kind, its label, and its place in the page (a playwright Locator)."""

    kind: str
    label: str
    place: Any

    def moves(self) -> list[Any]:
        """Ways to move it, to be tried one after the other; each is a function without arguments."""
        place = self.place
        if self.kind == "slider":
            return [lambda key=key: place.press(key) for key in ("ArrowRight", "Home", "End")]
        if self.kind == "list":
            chosen, count = place.evaluate("list => [list.selectedIndex, list.options.length]")
            others = [index for index in range(count) if index != chosen][:3]
            return [lambda index=index: place.select_option(index=index) for index in others]
        if self.kind == "radio":
            return [one.check for one in place.locator("input").all() if not one.is_checked()]
        if self.kind == "toggle":
            places = place.locator("button").all()
            return [one.click for one in places if "mod-active" not in one.get_attribute("class")]
        if self.kind == "text":
            return [self._type]
        if self.kind == "upload":
            return [self._upload]
        return [place.click]

    def _type(self) -> None:
        self.place.fill(OWN_WORDS)
        self.place.press("Enter")
        self.place.blur()

    def _upload(self) -> None:
        with self.place.page.expect_file_chooser() as asked:
            self.place.click()
        asked.value.set_files({"name": "own.txt", "mimeType": "text/plain", "buffer": OWN_WORDS.encode()})


def areas(panel: Any) -> list[Any]:
    """The outputs in which there is something to move, one for each code cell that has any."""
    until(lambda: not panel.evaluate(_UNDRAWN), 30, "a widget was not drawn")
    count = panel.evaluate(_NUMBER, ", ".join([*KINDS.values(), ".jupyter-button"]))
    # Found by their numbers alone ("light": not in shadow roots), which is quick in a large page, and done often.
    return [panel.page.locator(f"css:light=[data-area='{number}']") for number in range(count)]


def controls(area: Any) -> list[Control]:
    """The controls of an output that can be seen and moved, from the top; buttons are apart."""
    found = []
    for kind, selector in KINDS.items():
        for place in area.locator(selector).all():
            if place.is_visible() and place.is_enabled():
                found.append(Control(kind, _label(place, kind), place))
    return found


def buttons(area: Any) -> list[Control]:
    """The buttons of an output that can be pressed."""
    places = area.locator(".jupyter-button:not(.widget-toggle-button, .widget-upload)").all()
    return [Control("button", place.inner_text(), place) for place in places if place.is_enabled()]


def broken(panel: Any) -> list[str]:
    """Widgets that the browser could not show, and pictures that it could not read."""
    failed = [f"widget: {place.inner_text()}" for place in panel.locator(".jupyter-widgets-error-widget").all()]

    def unread() -> list[str]:
        script = "all => all.filter(one => !one.naturalWidth).map(one => one.outerHTML.slice(0, 200))"
        return panel.locator(".jp-OutputArea img").evaluate_all(script)

    until(lambda: not unread(), WAIT)
    return failed + unread()


def sample(area: Any) -> tuple[int, list[str]]:
    """Move one control of each kind in an output and press its buttons; in a box with Reset, as a person would.

    Returns:
        how many controls were moved or pressed, and what went wrong, in sentences.
    """
    pressed = {button.label: button for button in buttons(area)}
    reset = pressed.pop("Reset", None)
    chosen: dict[str, Control] = {}
    for control in controls(area):
        chosen.setdefault(control.kind, control)
    faults, grey = [], area.locator(":disabled").count()

    def use(control: Control, what: str) -> None:
        if not stirs(area, control):
            faults.append(f"{what}: nothing changes")
        if not until(lambda: area.locator(":disabled").count() <= grey, ANSWER):
            faults.append(f"{what}: something is left disabled")
        faults.extend(f"{what}: {text}" for text in area.locator("[role=alert]").all_inner_texts())

    for control in chosen.values():
        use(control, control.label)
    for label, button in pressed.items():
        use(button, label)
    if reset:
        [(label, button), *_] = pressed.items()
        if "list" in chosen:
            use(chosen["list"], "another example")
            use(button, f"{label} after that")
        if "text" in chosen:
            chosen["text"].place.fill("")
            chosen["text"].place.blur()
            use(button, f"{label} on nothing")
        use(reset, "Reset")
        if OWN_WORDS in area.inner_text():
            faults.append("Reset: the words typed before are still shown")
    return len(chosen) + len(pressed) + bool(reset), faults


def stirs(area: Any, control: Control) -> bool:
    """Whether moving the control changes what the output shows apart from it, by the time that the kernel rests."""
    apart = area if control.kind == "button" else control.place
    for move in control.moves() if control.place.is_enabled() else ():
        area.evaluate(_WATCH, apart.element_handle())
        move()
        if until(lambda: area.evaluate(_CHANGED), ANSWER if control.kind == "button" else WAIT):
            return True
    return False


def out_of_reach(area: Any, slider: int) -> list[str]:
    """What of an output cannot be seen or aimed at, and why.

    Widgets and pictures that stick out of it sideways, and sliders whose track is shorter than `slider` pixels.
    """
    return area.evaluate(_OUT_OF_REACH, slider)


def _label(place: Any, kind: str) -> str:
    """The words beside a control: the label in the nearest box around it that has one."""
    script = """node => {
        while (node && !node.querySelector('.widget-label')) node = node.parentElement;
        return node ? node.querySelector('.widget-label').textContent : '';
    }"""
    return place.evaluate(script).strip() or kind
