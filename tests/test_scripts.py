"""The helper that talks to a script: what a terminal would show."""

import pytest

from helpers.recipes import scripts

PARROT = """\
import sys
while (line := input("You: ")) != "quit":
    if input("Sure? ") == "y":
        print("Parrot:", line)
print(__name__, file=sys.stderr)
"""


@pytest.mark.parametrize("way", [scripts.talk, scripts.rehearse])
def test_typed_lines_are_in_their_places(way, tmp_path):
    (tmp_path / "parrot.py").write_text(PARROT, encoding="utf-8")
    shown = way(tmp_path / "parrot.py", "Grüße", "y", "no", "n", folder=tmp_path)
    assert shown == "You: Grüße\nSure? y\nParrot: Grüße\nYou: no\nSure? n\nYou: quit\n__main__\n"


def test_a_script_that_ends_early_or_fails_shows_why(tmp_path):
    (tmp_path / "broken.py").write_text("1 / 0", encoding="utf-8")
    assert "ZeroDivisionError" in scripts.talk(tmp_path / "broken.py", "hello")


def test_a_name_alone_is_a_version_of_the_assistant():
    assert (scripts.ASSISTANT / "v8_whole.py").is_file()


def test_parts_of_a_script_are_shown_without_the_rest(tmp_path):
    path = tmp_path / "shop.py"
    path.write_text(
        "LIMIT = 3\n\nclass Shop:\n    size = 1\n\n    def sell(self):\n        return 'ü'\n\ndef main():\n    pass\n",
        encoding="utf-8",
    )
    assert scripts.source(path, "main", "Shop.sell") == "def main():\n    pass\n\ndef sell(self):\n    return 'ü'"
    for name in ("Shop.buy", "LIMIT", "main.sell"):
        with pytest.raises(LookupError, match=f"shop.py has no {name}"):
            scripts.source(path, name)
