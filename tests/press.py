"""Drives every control that a lesson has shown, in the lesson's own kernel, with the messages that a browser sends."""

import html
import re
import sys
import time

import ipywidgets

OWN_WORDS = "Something that nobody recorded"
STOPS = 12  # positions tried of one control, spread over all
SOON = 5  # seconds that a move or a press may take, and in which a button has to say something
TROUBLE = re.compile(r'role="alert"|Traceback \(most recent|\b\w*(?:Error|Exception)\(|&lt;[\w.]+ object at 0x')
UNANSWERED = "No answer is recorded for this"
LISTS = (
    ipywidgets.Dropdown,
    ipywidgets.RadioButtons,
    ipywidgets.ToggleButtons,
    ipywidgets.Select,
    ipywidgets.SelectionSlider,
)
NUMBERS = (ipywidgets.IntSlider, ipywidgets.FloatSlider)
TEXTS = (ipywidgets.Text, ipywidgets.Textarea)
OUTPUTS = (ipywidgets.HTML, ipywidgets.Image, ipywidgets.Label, ipywidgets.IntProgress, ipywidgets.Output)
# What can be seen of a widget, or of a control.
SEEN = ("value", "options", "description", "disabled")


class Area:
    """A shown widget with all that is in it: moves its controls and keeps what went wrong."""

    def __init__(self, widget, errors, soon):
        self.errors, self.faults, self.pressed, self.soon = errors, [], 0, soon
        self.all = list(_inside(widget))
        self.disabled = [one for one in self.all if getattr(one, "disabled", False)]
        self.pages = [one for one in self.all if isinstance(one, ipywidgets.HTML)]
        self.texts = self._those(TEXTS)
        buttons = self._those(ipywidgets.Button)
        self.resets = [one for one in buttons if one.description == "Reset"]
        self.buttons = [one for one in buttons if one not in self.resets]

    def _those(self, kinds):
        return [one for one in self.all if isinstance(one, kinds)]

    def drive(self):
        """Moves everything; `pressed` counts the controls, and `faults` says what went wrong."""
        for widget in self.all:
            if not isinstance(widget, (*OUTPUTS, ipywidgets.Box)):
                self.pressed += 1
                self._move_all(widget)
        for button in self.buttons:
            self._press(button)
        self._walk()
        self._reset()

    def _move_all(self, widget):
        if isinstance(widget, ipywidgets.Button):
            return  # pressed after each move of the others, and once more at the end
        if isinstance(widget, LISTS):
            if widget in self._menus():
                return  # walked along later
            states = [{"index": index} for index in _spread(range(len(widget.options)))]
        elif isinstance(widget, NUMBERS):
            count = round((widget.max - widget.min) / widget.step)
            kind = int if isinstance(widget, ipywidgets.IntSlider) else float
            states = [{"value": kind(widget.min + step * widget.step)} for step in _spread(range(count + 1))]
        elif isinstance(widget, TEXTS):
            states = [
                {"value": words}
                for words in ("", " \n " if isinstance(widget, ipywidgets.Textarea) else "  ", OWN_WORDS)
            ]
        elif isinstance(widget, ipywidgets.Checkbox):
            states = [{"value": not widget.value}, {"value": widget.value}]
        elif isinstance(widget, ipywidgets.DatePicker):
            date = {"year": 2026, "month": 2, "date": 28}  # months count from 0
            states = [{"value": None}, {"value": date}]
        elif isinstance(widget, ipywidgets.FileUpload):
            states = [_file("own.txt"), _file("own.xyz")]
        else:
            self.faults.append(f"{_name(widget)}: nothing here knows how to move a {type(widget).__name__}")
            return
        first = widget.get_state(list(states[0]))
        stirs, afterwards = False, []
        for state in states:
            before = self._look(widget)
            self._move(widget, state)
            if isinstance(widget, TEXTS):
                self._enter(widget)
            stirs = stirs or self._look(widget) != before
            for button in self.buttons:
                self._press(button)
            afterwards.append(self._look(widget))
        if not stirs and all(look == afterwards[0] for look in afterwards):
            self.faults.append(f"{_name(widget)} changes nothing, at once or when a button is pressed")
        self._reset()
        self._move(widget, first)

    def _look(self, apart):
        """What the area shows, apart from one control."""
        return [getattr(one, name, None) for one in self.all if one is not apart for name in SEEN]

    def _menus(self):
        """Lists of whole examples, which fill in the other fields."""
        lists = [one for one in self.all if isinstance(one, ipywidgets.Dropdown)]
        return [one for one in lists if one.description in ("Example", "Recorded")]

    def _walk(self):
        """Every offered example in order and in reverse, each sent off; a chat goes on from answer to answer."""
        for menu in self._menus():
            for backwards in (False, True):
                self._reset()
                if menu.description == "Example":
                    places = [place for place, name in enumerate(menu.options) if not name.startswith("(your own")]
                    for place in places[::-1] if backwards else places:
                        self._offer(menu, place)
                while menu.description == "Recorded" and len(menu.options) > 1:
                    before = menu.options
                    self._offer(menu, len(before) - 1 if backwards else 1)
                    if menu.options == before:
                        self.faults.append(f"{_name(menu)}: still offers what was just answered")
                        break

    def _offer(self, menu, place):
        name = menu.options[place]
        if menu.index != place:
            before = self._look(menu)
            self._move(menu, {"index": place})
            if self._look(menu) == before:
                self.faults.append(f"{_name(menu)}: choosing {name!r} changes nothing")
        self._press(self.buttons[0])
        if any(UNANSWERED in page.value for page in self.pages):
            self.faults.append(f"{_name(menu)}: the example {name!r} has no answer")

    def _move(self, widget, state):
        self._do(f"{_name(widget)} set to {list(state.values())[0]!r}", lambda: widget.set_state(state))

    def _enter(self, widget):
        self._do(f"Enter in {_name(widget)}", lambda: widget._handle_custom_msg({"event": "submit"}, []))

    def _press(self, button):
        """Presses a button: something that can be read has to appear, where everything was wiped before."""
        told = {page: page.value for page in self.pages}
        pictures = [one.value for one in self._those(ipywidgets.Image)]
        for page in self.pages:
            page.value = ""
        what = f"button {_name(button)} after {[field.value for field in self.texts]}"
        self._do(what, lambda: button._handle_custom_msg({"event": "click"}, []))
        end = time.monotonic() + self.soon
        while not (said := any(_words(page.value) for page in self.pages)) and time.monotonic() < end:
            if pictures != [one.value for one in self._those(ipywidgets.Image)]:
                break
            time.sleep(0.05)
        else:
            if not said:
                self.faults.append(f"{what}: neither a result nor a sentence appeared")
        for page, value in told.items():
            page.value = page.value or value

    def _reset(self):
        for button in self.resets:
            self._do("Reset", lambda button=button: button._handle_custom_msg({"event": "click"}, []))
            left = [one for one in (*self.texts, *self.pages) if OWN_WORDS in one.value]
            self.faults += [f"{_name(one)}: still holds the reader's words after Reset" for one in left]

    def _do(self, what, act):
        began = time.monotonic()
        try:
            act()
        except Exception as error:
            self.errors.append(error)
        took = time.monotonic() - began
        if took > self.soon:
            self.faults.append(f"{what}: took {took:.1f} seconds")
        found = [f"{type(error).__name__}: {error}" for error in self.errors]
        self.errors.clear()
        found += [f"{_name(one)} is left disabled" for one in self.all if self._is_stuck(one)]
        for page in self.pages:
            if trouble := TROUBLE.search(page.value):
                found.append(_words(page.value)[:300] or trouble[0])
        self.faults += [f"{what}: {one}" for one in found]

    def _is_stuck(self, widget):
        return getattr(widget, "disabled", False) and widget not in self.disabled


def press(shown, soon=SOON):
    """Drives the widgets with these model ids; `soon` seconds is what a move or a press may take.

    Returns:
        how many controls there were, and what went wrong, each once.
    """
    from IPython import get_ipython

    errors, shell = [], get_ipython()
    # What on_click catches ends here.
    shell.showtraceback = lambda *_args, **_more: errors.append(sys.exc_info()[1])
    registry = {widget.model_id: widget for widget in list(_registry().values())}
    areas = [Area(registry[one], errors, soon) for one in dict.fromkeys(shown)]
    # Files first: what is uploaded is then in the menus of the others.
    for area in sorted(areas, key=lambda area: not area._those(ipywidgets.FileUpload)):
        area.drive()
    del shell.showtraceback
    return sum(area.pressed for area in areas), list(dict.fromkeys(fault for area in areas for fault in area.faults))


def _registry():
    """All widgets: ipywidgets 8 and 7 keep them in different places."""
    return getattr(ipywidgets.widgets.widget, "_instances", None) or ipywidgets.Widget.widgets


def _file(name):
    """The state of a FileUpload into which the browser has put a small file."""
    content = memoryview(OWN_WORDS.encode())
    return {"value": [{"name": name, "type": "", "size": len(content), "last_modified": 0, "content": content}]}


def _inside(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _inside(child)


def _spread(places):
    if len(places) <= STOPS:
        return list(places)
    return sorted({places[round(step * (len(places) - 1) / (STOPS - 1))] for step in range(STOPS)})


def _words(page):
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)).strip()


def _name(widget):
    return repr(getattr(widget, "description", "") or getattr(widget, "placeholder", "") or type(widget).__name__)
