"""The weekly check: what it finds in docstrings, and when it asks for action. No date of today, no network."""

import copy
import json
from datetime import date

import pytest

from helpers import models
from helpers.workshop import freshness

TODAY = date(2026, 11, 22)

DOCSTRINGS = '''
ChatModel: TypeAlias = Literal["old-1", "old-2", "new"]
"""Deprecated values:

- "old-1", "old-1-2025-01-01", "old-2":
  Announced shutdown date: 2027-01-14. See
  https://developers.openai.com/api/docs/deprecations for details and
  recommended replacements.
- "old-3": Announced
  shutdown date: 2026-12-11. See the page.
- "never": Not a supported model ID. Retained for SDK compatibility.
- "picture-1": Picture 1 was shut down on October 23, 2026. Use
  picture-2 instead.
- "dall-x": This model was retired on May 12, 2026. Use another.
"""

    model: str
    """Which model. Deprecated values:

    - "old-2": Announced shutdown date: 2027-01-15. See the page.
    """
"""A later docstring with a list:

- "new": Announced shutdown date: 2020-01-01.
"""
'''


def test_dates_are_read_from_docstrings():
    assert freshness.endings(DOCSTRINGS) == {
        "old-1": {"2027-01-14"}, "old-1-2025-01-01": {"2027-01-14"}, "old-2": {"2027-01-14", "2027-01-15"},
        "old-3": {"2026-12-11"}, "picture-1": {"2026-10-23"}, "dall-x": {"2026-05-12"},
    }  # fmt: skip


def test_the_installed_sdk_is_understood():
    announced = freshness.sdk_endings()
    assert announced["gpt-3.5-turbo"] == {"2026-10-23"}
    assert announced["tts-1"] == {"2027-01-06"} and announced["dall-e-3"] == {"2026-05-12"}
    assert len(announced) > 50


def table(**changes):
    entry = {"shutdown": None, "sources": {"status": "sdk"}}
    models = {"a": dict(entry), "b": {**entry, "shutdown": "2027-01-21"}, "c": {**entry, "shutdown": "2027-01-22"}}
    roles = {"first": "a", "second": "b", "third": "c"}
    return {"roles": roles, "teaches_its_ending": {}, "models": models, **changes}


def test_a_role_whose_model_ends_within_sixty_days_is_reported():
    problems = freshness.check_roles(table(), {}, TODAY)
    assert problems == [
        "Role `second`: `b` ends on 2027-01-21, in 60 days. Choose another model in data/course/models.json."
    ]
    assert len(freshness.check_roles(table(), {}, date(2026, 11, 23))) == 2


def test_the_earlier_date_counts_and_a_model_that_is_gone_is_reported():
    problems = freshness.check_roles(table(), {"a": {"2026-11-22"}, "c": {"2026-12-01"}}, TODAY)
    assert [problem.split(": ")[0] for problem in problems] == ["Role `first`", "Role `second`", "Role `third`"]
    assert "has ended on 2026-11-22" in problems[0]


def test_a_lesson_that_teaches_the_ending_is_let_alone():
    assert freshness.check_roles(table(teaches_its_ending={"second": "why"}), {}, TODAY) == []


def test_other_dates_than_those_of_the_sdk_are_reported():
    announced = {"a": {"2027-03-01"}, "b": {"2027-01-21"}}
    problems = freshness.check_dates(table(), announced)
    assert len(problems) == 2
    assert "`a`: the SDK says 2027-03-01, data/course/models.json none" in problems[0]
    assert "`c`" in problems[1] and "gives no day now" in problems[1]


def test_the_table_agrees_with_the_sdk_the_course_was_written_for():
    pytest.importorskip("openai", minversion="3.54.0")
    import openai

    if openai.__version__ != "3.54.0":
        pytest.skip("the weekly check compares newer versions")
    announced = freshness.sdk_endings()
    assert freshness.check_dates(models.TABLE, announced) == []
    assert freshness.check_roles(models.TABLE, announced, TODAY) == []


def test_a_price_that_moved_is_reported():
    seen = {"small": {"model": "m", "price": {"input": 0.1, "output": 0.5}}, "big": {"model": "n", "price": None}}
    now = copy.deepcopy(seen)
    assert freshness.check_prices(seen, now) == []
    now["small"]["price"]["output"] = 0.6
    now["big"]["price"] = {"input": 2.0}
    assert freshness.check_prices(seen, now) == [
        "Role `big`: `n` (price unknown) before, `n` (input $2.00) now.",
        "Role `small`: `m` (input $0.10, output $0.50) before, `m` (input $0.10, output $0.60) now.",
    ]


def test_the_accepted_prices_are_those_of_the_pinned_package():
    seen = json.loads(freshness.SEEN.read_text(encoding="utf-8"))
    assert freshness.check_prices(seen["roles"], freshness.prices_now()) == []
    assert set(seen["roles"]) == set(models.ROLES)


def test_the_report_is_markdown_and_the_exit_code_tells(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(freshness, "SEEN", tmp_path / "prices_seen.json")
    monkeypatch.setattr(freshness, "sdk_endings", lambda: {})
    monkeypatch.setattr(freshness, "check_dates", lambda table, announced: [])
    assert freshness.main(["--today", "2026-11-22", "--accept"]) == 0
    assert capsys.readouterr().out.startswith("# Is the course still right? 2026-11-22\n")
    monkeypatch.setattr(freshness, "sdk_endings", lambda: {"gpt-5.2": {"2027-01-01"}})
    assert freshness.main(["--today", "2026-11-22"]) == 1
    printed = capsys.readouterr().out
    assert "- Role `flagship`: `gpt-5.2` ends on 2027-01-01, in 40 days." in printed
    assert "**1 to look at.**" in printed


def test_links_are_collected_without_their_trimmings(tmp_path):
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    (tmp_path / "README.md").write_text("See [x](https://docs.python.org/3/#top), http://127.0.0.1:8000 .", "utf-8")
    lesson = "# <https://docs.python.org/3/>. `https://api.openai.com/v1` https://example.com/a https://pypi.org/p?q=1."
    (tmp_path / "notebooks" / "source" / "00_a.py").write_text(lesson, "utf-8")
    assert freshness.links(tmp_path) == {
        "https://docs.python.org/3/": {"README.md", "00_a.py"},
        "https://pypi.org/p?q=1": {"00_a.py"},
    }
