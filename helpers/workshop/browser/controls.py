"""Finds the controls in the outputs of a notebook, moves them as a person would, and sees what that changes."""

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
}
WAIT = 1.5  # seconds that a change may take before the next position is tried

# How many widgets the notebook speaks of and the page does not show yet.
_UNDRAWN = """panel => [...panel.querySelectorAll('[data-mime-type="application/vnd.jupyter.widget-view+json"]')]
    .filter(output => !output.querySelector('.jupyter-widgets, .jupyter-widgets-error-widget')).length"""

# What stands in an output apart from the controls: text, bars drawn in HTML, what pictures show; and the values of
# the controls outside of `apart`, since a control may set another.
_LOOK = """async (area, apart) => {
    const copy = area.cloneNode(true);
    copy.querySelectorAll('.jupyter-button, .widget-slider, .widget-dropdown, .widget-radio, .widget-checkbox,' +
        '.widget-toggle-buttons, .widget-text, .widget-textarea').forEach(control => control.remove());
    const sum = async url => {
        const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
        return bytes.reduce((hash, byte) => (hash * 31 + byte) | 0, bytes.length);
    };
    const media = [...copy.querySelectorAll('img[src], audio[src], video[src], source[src]')];
    const sums = await Promise.all(media.map(async node => { try { return await sum(node.src) } catch { return '' } }));
    media.forEach(node => node.removeAttribute('src'));
    const set = [...area.querySelectorAll('input, textarea, select, .noUi-handle')].filter(one => !apart.contains(one));
    const values = set.map(one => [one.value, one.checked, one.getAttribute('aria-valuetext')]);
    return JSON.stringify([copy.innerHTML, sums, values]);
}"""
FIRST, SECOND = "Is the harbour calm today?", "And what about tomorrow?"  # to be typed where words are wanted


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
            keys = ["ArrowRight", "ArrowLeft", "ArrowLeft", "End", "Home"]
            return [lambda key=key: place.press(key) for key in keys]
        if self.kind == "list":
            chosen, count = place.evaluate("list => [list.selectedIndex, list.options.length]")
            return [lambda index=(chosen + step) % count: place.select_option(index=index) for step in range(1, count)]
        if self.kind == "radio":
            return [one.check for one in place.locator("input").all() if not one.is_checked()]
        if self.kind == "toggle":
            places = place.locator("button").all()
            return [one.click for one in places if "mod-active" not in one.get_attribute("class")]
        if self.kind == "text":
            return [lambda words=words: self._type(words) for words in (FIRST, SECOND)]
        return [place.click]

    def _type(self, words: str) -> None:
        self.place.fill(words)
        self.place.press("Enter")
        self.place.blur()


def areas(panel: Any) -> list[Any]:
    """The outputs in which there is something to move, one for each code cell that has any."""
    until(lambda: not panel.evaluate(_UNDRAWN), 30, "a widget was not drawn")
    found = panel.locator(".jp-Cell-outputArea").filter(has=panel.page.locator(".jupyter-widgets"))
    movable = ", ".join([*KINDS.values(), ".jupyter-button"])
    return [area for area in found.all() if area.locator(movable).count()]


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
    places = area.locator(".jupyter-button:not(.widget-toggle-button)").all()
    return [Control("button", place.inner_text(), place) for place in places if place.is_enabled()]


def broken(panel: Any) -> list[str]:
    """Widgets that the browser could not show, and pictures that it could not read."""
    failed = [f"widget: {place.inner_text()}" for place in panel.locator(".jupyter-widgets-error-widget").all()]

    def unread() -> list[str]:
        script = "all => all.filter(one => !one.naturalWidth).map(one => one.outerHTML.slice(0, 200))"
        return panel.locator(".jp-OutputArea img").evaluate_all(script)

    until(lambda: not unread(), WAIT)
    return failed + unread()


def look(area: Any, apart: Any = None) -> str:
    """All that an output shows, apart from its controls; with `apart`, also the values of all but this control."""
    return area.evaluate(_LOOK, (apart or area).element_handle())


def dead(area: Any) -> list[str]:
    """Move every control of an output; the labels of those that change nothing, one way or another.

    A control that changes nothing at once has one more chance: it may matter to what a button does.
    """
    waiting = [control for control in controls(area) if not stirs(area, control)]
    pressed = buttons(area)
    working = [button for button in pressed if stirs(area, button)]
    idle = [button.label for button in pressed if button not in working]
    return idle + [one.label for one in waiting if not any(_matters(area, one, button) for button in working)]


def stirs(area: Any, control: Control) -> bool:
    """Whether moving the control changes what the output shows apart from it."""
    apart = control.place
    if control.kind == "button":  # a button may want words, and it is not enough that it clears them
        apart = area
        for field in area.locator(KINDS["text"]).all():
            if not field.input_value():
                field.fill(SECOND)
        _at_rest(area, apart)
    for move in control.moves():
        before = look(area, apart)
        move()
        if until(lambda before=before: look(area, apart) != before, WAIT):
            return True
    return False


def _matters(area: Any, control: Control, button: Control) -> bool:
    """Whether the button does something else after the control was moved."""
    button.place.click()
    settled = _at_rest(area)
    for move in control.moves():
        move()
        button.place.click()
        if until(lambda: look(area) != settled, WAIT):
            return True
    return False


def cut_off(area: Any) -> list[str]:
    """Widgets and pictures of an output that stick out of it sideways, so that a part of them cannot be seen."""
    script = """area => [...area.querySelectorAll('.jupyter-widgets, img')].filter(one => {
        const [inside, outside] = [one.getBoundingClientRect(), area.getBoundingClientRect()];
        return inside.width && (inside.right > outside.right + 1 || inside.left < outside.left - 1);
    }).map(one => one.outerHTML.slice(0, 120))"""
    return area.evaluate(script)


def _at_rest(area: Any, apart: Any = None) -> str:
    """What an output shows once it has stayed the same for a while."""
    before = look(area, apart)
    while until(lambda before=before: look(area, apart) != before, 0.3):
        before = look(area, apart)
    return before


def _label(place: Any, kind: str) -> str:
    """The words beside a control: the label in the nearest box around it that has one."""
    script = """node => {
        while (node && !node.querySelector('.widget-label')) node = node.parentElement;
        return node ? node.querySelector('.widget-label').textContent : '';
    }"""
    return place.evaluate(script).strip() or kind
