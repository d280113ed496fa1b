"""Controls, figures and the parameter panel, moved from code; tests/test_browser.py moves them in a browser."""

import io
import re
import subprocess
import sys
from types import SimpleNamespace

import ipywidgets
import matplotlib
import numpy as np
import pytest
from PIL import Image

from helpers import plots, widgets
from helpers.demos import panel, spread
from helpers.demos.lab import model as lab_model
from helpers.setup.files import ROOT
from helpers.tables import Table

KEY = "sk-" + "planted" + "0123456789" * 2
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def shown(monkeypatch):
    """What is displayed: (bundle, metadata) of each display."""
    displayed = []

    def keep(bundle, metadata=None, raw=False):
        assert raw
        displayed.append((bundle, metadata))

    monkeypatch.setattr(widgets, "display", keep)
    monkeypatch.setattr(plots, "display", keep)
    return displayed


def pixels(png):
    """As seen on a white page."""
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    return np.asarray(Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB"))


def positions(control):
    """Every value that a control can take; of long sliders 12."""
    if hasattr(control, "options"):
        return [option[1] if isinstance(option, tuple) else option for option in control.options]
    if isinstance(control, ipywidgets.Text):
        return ["The robot", "In the morning the sea", "pizza"]
    stops = np.linspace(control.min, control.max, 12)
    return list(dict.fromkeys(type(control.value)(stop) for stop in stops))


# Figures


def test_a_figure_is_shown_with_its_sentence(shown):
    figure, plot = plots.axes("Cost of a day", "messages", "cost (USD)")
    plots.lines(plot, [1, 2, 3], {"small": [1, 2, 3], "large": [3, 6, 9]})
    plots.show(figure, "Two rising lines: the large model costs three times as much.")
    (bundle, metadata), (caption, _) = shown
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == bundle["text/plain"] == caption["text/plain"]
    assert "Two rising lines" in caption["text/html"]


@pytest.mark.parametrize("alt", ["", "A chart", "cost of three models over a year"])
def test_alternative_text_is_a_sentence(shown, alt):
    with pytest.raises(ValueError, match="whole sentence"):
        plots.show(plots.axes("t", "x", "y")[0], alt)
    assert shown == []


def test_figures_change_no_setting_and_leave_none_open():
    before = dict(matplotlib.rcParams)
    figure, plot = plots.axes("t", "x", "y")
    plots.bars(plot, ["a", "b"], {"one": [1, 2], "two": [2, 1]})
    plots.png(figure)
    assert dict(matplotlib.rcParams) == before


def test_figures_ignore_the_readers_settings():
    figure, _ = plots.axes("title", "x", "y")
    plain = pixels(plots.png(figure))
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "text.color": "red"}):
        figure, _ = plots.axes("title", "x", "y")
        assert np.array_equal(pixels(plots.png(figure)), plain)


def test_matplotlib_is_loaded_at_the_first_figure_and_pyplot_never():
    script = (
        "import sys; from helpers import plots, widgets; from helpers.demos import panel\n"
        "assert 'matplotlib' not in sys.modules\n"
        "panel.lab(); assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_a_figure_of_pyplots_is_closed():
    import matplotlib.pyplot as pyplot

    figure = pyplot.figure()
    plots.png(figure)
    assert figure.number not in pyplot.get_fignums()


def test_letters_are_large_enough():
    figure, plot = plots.axes("title", "x", "y")
    plots.bars(plot, ["a", "b"], {"one": [1, 2], "two": [2, 1]})
    drawn = [*plot.get_xticklabels(), *plot.get_yticklabels(), *plot.get_legend().get_texts()]
    drawn += [plot.title, plot.xaxis.label, plot.yaxis.label]
    assert min(text.get_fontsize() for text in drawn) >= 10


def test_series_differ_without_colour():
    _, plot = plots.axes("t", "x", "y")
    names = ["a", "b", "c", "d", "e"]
    plots.lines(plot, [1, 2], {name: [1, 2] for name in names})
    assert len({(line.get_marker(), str(line.get_linestyle())) for line in plot.lines}) == 5
    _, plot = plots.axes("t", "x", "y")
    plots.bars(plot, ["x"], {name: [1] for name in names})
    assert len({bar.get_hatch() for bar in plot.patches}) == 5
    greys = sorted(np.dot(matplotlib.colors.to_rgb(colour), [0.299, 0.587, 0.114]) for colour in plots.COLOURS[:3])
    assert min(np.diff(greys)) > 0.05


def test_change_bars_redrawn_equal_bars_drawn_anew():
    states = [
        ("first", ["a", "b"], [0.5, 0.5], [0.9, 0.1]),
        ("first", ["a", "b"], [0.5, 0.5], [0.2, 0.8]),
        ("second", ["c", "d"], [1.0, 0.0], [0.3, 0.7]),
    ]
    reused = plots.ChangeBars(2)
    for state in states:
        reused.update(*state)
        anew = plots.ChangeBars(2)
        anew.update(*state)
        assert np.array_equal(pixels(reused.png()), pixels(anew.png()))
        whole = pixels(plots.png(anew.figure))  # matplotlib's own way, without the kept layers
        assert np.abs(whole.astype(int) - pixels(reused.png())).mean() < 0.5


@pytest.mark.parametrize(
    ("share", "text"),
    [(1, "100"), (0.323, "32"), (0.0996, "10"), (0.0994, "9.9"), (0.004, "0.4"), (0.0004, "<0.1"), (0, "0")],
)
def test_percent(share, text):
    assert plots.percent(share) == text


# Controls


def test_a_widget_is_shown_with_a_sentence_in_its_place(shown):
    slider = widgets.number("temperature", 1.0, 0.0, 2.0, 0.1)
    widgets.show(slider, "A slider for the temperature.")
    [(bundle, _)] = shown
    assert bundle["text/plain"] == "A slider for the temperature."
    assert bundle[VIEW] == {"version_major": 2, "version_minor": 0, "model_id": slider.model_id}
    assert set(bundle) == {"text/plain", "text/html", VIEW}


def test_before_a_widget_has_run_the_page_shows_what_it_looks_like(shown):
    slider, menu = widgets.number("temperature", 1.0, 0.0, 2.0, 0.1), widgets.choice("Key", ["<a>", "b"])
    text, button = ipywidgets.HTML('<p role="alert" tabindex="0">now</p>'), ipywidgets.Button(description="Send")
    widgets.show(ipywidgets.VBox([slider, menu, ipywidgets.HBox([text, button])]), "Four parts.")
    page = shown[0][0]["text/html"]
    assert all(part in page for part in ("Four parts. Run this cell", "temperature", "1.0", "&lt;a&gt;", "now", "Send"))
    assert "role=" not in page and "tabindex" not in page and "<button" not in page and "<select" not in page


def test_no_price_on_a_page_becomes_a_formula(shown):
    """JupyterLab takes what is between two dollar signs of one stretch of text for mathematics."""
    widgets.show(ipywidgets.HTML('<p title="$1">$5 a day, <b>$150</b> a month, $1,825 a year</p>'), "Prices: $5 or $6.")
    page = shown[0][0]["text/html"]
    assert not any(stretch.count("$") > 1 for stretch in re.split("<[^>]*>", page))
    assert re.sub("</?span>", "", page).endswith('<p title="$1">$5 a day, <b>$150</b> a month, $1,825 a year</p>')


def test_a_demo_shows_itself(shown):
    demo = widgets.live_figure(lambda k: plots.axes("t", "x", "y")[0], "A slider.", k=widgets.number("k", 1, 0, 3, 1))
    demo._ipython_display_()
    [(bundle, _)] = shown
    assert bundle["text/plain"] == "A slider." and bundle[VIEW]["model_id"] == demo.widget.model_id


def test_sliders_are_whole_or_decimal_as_their_limits_are():
    assert isinstance(widgets.number("n", 1, 1, 5, 1), ipywidgets.IntSlider)
    assert isinstance(widgets.number("t", 1, 0, 2, 0.1), ipywidgets.FloatSlider)
    assert widgets.number("n", 1, 1, 5, 1, live=False).continuous_update is False
    assert widgets.stops("t", [0, 1], 0, live=False).continuous_update is False
    assert widgets.choice("c", [("one", 1), ("two", 2)]).value == 1
    assert widgets.choice("c", ["one", "two"], "two").value == "two"


def test_no_label_is_cut_short_and_all_stand_in_line():
    long = "messages that one customer sends a day"
    controls = {"a": widgets.number("n", 1, 1, 5, 1), "b": widgets.number(long, 1, 1, 5, 1)}
    widgets.live_figure(lambda a, b: b"", "Two sliders.", **controls)
    widths = {control.style.description_width for control in controls.values()}
    assert len(widths) == 1
    assert int(widths.pop().removesuffix("px")) >= 7 * len(long)


def test_help_is_there_in_both_versions_of_ipywidgets():
    slider = widgets.number("t", 1.0, 0.0, 2.0, 0.1, help="Higher is wilder.")
    assert "Higher is wilder." in (slider.get_state().get("tooltip"), slider.get_state().get("description_tooltip"))


def live(draw):
    slider = widgets.number("k", 1, 0, 3, 1)
    demo = widgets.live_figure(draw, "A slider with a picture.", k=slider)
    _, picture, caption = demo.widget.children
    return slider, picture, caption


def test_a_live_text_follows_its_controls_and_shows_errors():
    slider = widgets.number("k", 1, 0, 3, 1)
    demo = widgets.live_text(lambda k: f"<p>{6 // k}</p>", "A slider with a text.", k=slider)
    shown = demo.widget.children[-1]
    assert shown.value == "<p>6</p>"
    slider.value = 3
    assert shown.value == "<p>2</p>"
    with pytest.raises(ZeroDivisionError):
        slider.value = 0
    assert "ZeroDivisionError" in shown.value
    with_table = widgets.live_text(lambda k: Table(["k"], [[k]]), "A table.", k=widgets.number("k", 1, 0, 3, 1))
    assert "<table" in with_table.widget.children[-1].value and ".spaced td" in with_table.widget.children[-1].value


def test_a_live_figure_follows_its_controls():
    def draw(k):
        figure, plot = plots.axes("t", "x", "y")
        plot.plot([0, k])
        return figure, f"<p>k is {k}</p>"

    slider, picture, caption = live(draw)
    before = bytes(picture.value)
    assert before.startswith(b"\x89PNG") and caption.value == "<p>k is 1</p>"
    slider.value = 3
    assert bytes(picture.value) != before and caption.value == "<p>k is 3</p>"


def test_an_error_is_told_in_the_caption_and_not_swallowed():
    def draw(k):
        if k == 2:
            raise ValueError(f"<k> may not be 2, {KEY}")
        return b"png", "fine"

    slider, _, caption = live(draw)
    with pytest.raises(ValueError, match="may not be 2"):
        slider.value = 2
    assert "ValueError: &lt;k&gt; may not be 2" in caption.value and 'role="alert"' in caption.value
    assert KEY not in caption.value and KEY[:12] not in caption.value
    slider.value = 3
    assert caption.value == "fine"


def test_an_error_at_the_first_drawing_fails_the_cell():
    with pytest.raises(ZeroDivisionError):
        live(lambda k: 1 / 0)


# Predict, run, compare


def test_prediction_never_touched(shown):
    guess = widgets.predict("How many?", ["one", "two"])
    guess._ipython_display_()
    assert shown[0][0]["text/plain"] == "A guess to make. How many? one; two."
    assert guess.guess is None
    guess.compare("two", "It is <2>.")
    assert shown[1][0] == {
        "text/plain": "No guess yet. It was: two. It is <2>.",
        "text/html": "<details><summary>No guess yet. Show the answer.</summary>"
        "It was: two. It is &lt;2&gt;.</details>",
    }


@pytest.mark.parametrize(("chosen", "said"), [("one", "You guessed: one. It was: two."), ("two", "Correct: two.")])
def test_prediction_made(shown, chosen, said):
    guess = widgets.predict("How many?", ["one", "two"])
    assert guess.controls["remark"].value == ""
    guess.controls["guess"].value = chosen
    assert f"Your guess: {chosen}." in guess.controls["remark"].value
    guess.compare("two")
    assert shown[-1][0]["text/plain"] == said


def test_prediction_needs_an_answer_among_its_options():
    with pytest.raises(ValueError, match="not among"):
        widgets.predict("How many?", ["one", "two"]).compare("three")


# The panel


@pytest.fixture(scope="module")
def lab():
    demo = panel.lab()
    top, caption = demo.widget.children
    return SimpleNamespace(controls=demo.controls, picture=top.children[1], caption=caption)


@pytest.mark.parametrize("name", list(panel._controls()))
def test_every_control_of_the_panel_matters(lab, name):
    control, before = lab.controls[name], (lab.picture.value, lab.caption.value)
    start = control.value
    for value in positions(control):
        control.value = value
        if (lab.picture.value, lab.caption.value) != before:
            break
    else:
        pytest.fail(f"no position of {name} changes picture or texts")
    control.value = start
    assert (lab.picture.value, lab.caption.value) == before


def test_panel_shows_the_arithmetic(lab):
    lab.controls["temperature"].value = 0
    assert "<b>grey</b> 100% (was 32%); all other words 0%" in lab.caption.value
    lab.controls["temperature"].value = 1


def test_panel_begins_where_it_is_told_to():
    demo = panel.lab("The old song goes: …", frequency_penalty=1.5, n=1)
    assert demo.controls["frequency_penalty"].value == 1.5
    assert demo.widget.children[1].value.count("<li>") == 1


def test_panel_takes_any_words_and_names_those_that_the_model_does_not_know(lab):
    own, start = lab.controls["own"], lab.caption.value
    own.value = "  The robot "
    assert "The robot<i></i><b>" in lab.caption.value and "knows only" not in lab.caption.value
    own.value = "The robot likes <pizza>"
    assert "This model knows only the" in lab.caption.value
    assert "and not “&lt;”, “pizza”, “&gt;”." in lab.caption.value
    own.value = ""
    assert lab.caption.value == start
    assert panel.lab("The robot", only=["prompt"]).controls["own"].value == "The robot"
    assert panel.lab_table("temperature", [1], "The robot").caption.endswith("“The robot” in the lab model")


def test_panel_shows_only_the_controls_that_are_asked_for():
    demo = panel.lab(only=["word", "bias"], temperature=0.5)
    assert list(demo.controls) == ["word", "bias"]
    assert [control.description for control in demo.widget.children[0].children[0].children] == [
        "logit_bias for",
        "logit_bias",
    ]
    assert "controls for logit_bias for, logit_bias;" in demo.description
    assert "<b>grey</b> 47% (was 32%)" in demo.widget.children[1].value


def test_panel_keeps_a_row_for_the_biased_word_only_where_it_can_be_chosen(monkeypatch):
    rows = []
    update = plots.ChangeBars.update
    monkeypatch.setattr(plots.ChangeBars, "update", lambda *given: rows.append(given[2]) or update(*given))
    panel.lab("The sea is big, …", only=["presence_penalty"])
    panel.lab("The sea is big, …", only=["word"])
    assert "deep" in rows[0] and "grey" not in rows[0]
    assert "grey" in rows[1]


def test_panel_has_no_bars_where_nothing_moves_them():
    demo = panel.lab(only=["n", "seed"])
    top, caption = demo.widget.children
    assert len(top.children) == 1 and "bars" not in demo.description
    assert "Likeliest" not in caption.value and caption.value.count("<li>") == 3
    demo.controls["n"].value = 5
    assert caption.value.count("<li>") == 5


def test_panel_rows_hold_all_the_probability():
    for given, so_far in panel.PROMPTS.values():
        model = lab_model.load()
        rows = panel._rows(model.next_tokens(given, so_far, top=None, temperature=1.4), " robot")
        assert "robot" in [label for label, _, _ in rows]
        assert sum(row[1] for row in rows) == pytest.approx(1)
        assert sum(row[2] for row in rows) == pytest.approx(1)


def test_lab_table_has_a_column_for_each_value():
    table = panel.lab_table("temperature", [0, 1])
    assert table.columns == ["next word", "temperature 0", "temperature 1"]
    assert table.rows[0] == ["grey", "100.0", "32.3"]


ANSWERS = {0.0: ["Blue Bean"] * 3, 1.0: ["Blue Bean", "Harbour Cup", "Blue Cup"]}


def test_recorded_answers_at_each_stop():
    demo = spread.recorded(ANSWERS, note="Authored answers.")
    slider, shown = demo.widget.children
    assert "1 different among 3 answers" in shown.value and "100% of their words" in shown.value
    slider.value = 1.0
    assert "3 different among 3 answers" in shown.value and "Harbour Cup" in shown.value
    assert "Authored answers." in shown.value


def test_recorded_answers_are_text_and_not_html():
    demo = spread.recorded({0: ["<script>alert(1)</script>"]}, note="<b>")
    assert "<script>" not in demo.widget.children[1].value


@pytest.mark.parametrize(
    ("texts", "different", "shared"),
    [
        (["a b", "a b"], 1, 1),
        (["a b", "c d"], 2, 0),
        (["a b", "b c", "a b"], 2, (1 / 3 + 1 + 1 / 3) / 3),
        (["only"], 1, 1),
    ],
)
def test_spread(texts, different, shared):
    assert spread.spread(texts) == (different, pytest.approx(shared))


class Client:
    """Stands for OpenAI(): keeps requests, answers at temperature 0 and fails above."""

    def __init__(self):
        self.asked = []
        self.chat = SimpleNamespace(completions=self)

    def create(self, **request):
        self.asked.append(request)
        if request["temperature"]:
            raise RuntimeError(f"No recording, and the key was {KEY}.")
        choices = [SimpleNamespace(message=SimpleNamespace(content="Tea & Toast"))] * request["n"]
        usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
        return SimpleNamespace(choices=choices, usage=usage, model="gpt-5.2-2025-12-11")


@pytest.fixture
def asking():
    client = Client()
    messages = [{"role": "user", "content": "Name a café."}]
    demo = panel.live(client, "gpt-5.2", messages, vary={"temperature": [0, 1]}, n=2, max_completion_tokens=500_000)
    return client, demo.controls


def test_live_panel_says_the_price_before_it_asks(asking):
    client, controls = asking
    assert client.asked == []
    # A million tokens out at $14, and a few cents of a cent for the prompt.
    assert re.search(r"at most \$14\.00?\b", controls["price"].value)
    assert "up to 1000000 out" in controls["price"].value
    assert "temperature=0" in controls["price"].value
    controls["temperature"].value = 1
    assert "temperature=1" in controls["price"].value and client.asked == []


def test_live_panel_asks_and_shows_the_answers(asking):
    client, controls = asking
    controls["ask"].click()
    [request] = client.asked
    assert request["temperature"] == 0 and request["n"] == 2 and request["max_completion_tokens"] == 500_000
    assert controls["answer"].value.count("Tea &amp; Toast") == 2
    assert "$1.75" in controls["answer"].value
    assert not controls["ask"].disabled


def test_live_panel_tells_an_error_and_keeps_the_key_to_itself(asking):
    _, controls = asking
    controls["temperature"].value = 1
    controls["ask"].click()
    assert "No recording" in controls["answer"].value and 'role="alert"' in controls["answer"].value
    assert KEY not in controls["answer"].value
    assert not controls["ask"].disabled


# What no notebook can use everywhere

SOURCES = sorted([*ROOT.glob("helpers/*.py"), *ROOT.glob("notebooks/source/*.py")])
ONLY_IN_8 = "Stack|TagsInput|ColorsInput|FloatsInput|IntsInput|TimePicker|DatetimePicker|NaiveDatetimePicker"
UNSTABLE = r"@?interact(ive|_manual)?\(|\bOutput\(|clear_output\("


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_only_widgets_that_work_everywhere(path):
    source = path.read_text(encoding="utf-8")
    assert re.findall(rf"\b(?:widgets|ipywidgets)\.(?:{ONLY_IN_8})\b|{UNSTABLE}", source) == []
