"""Roles in a lesson's source (`FLAGSHIP`) written out as model names (`"gpt-5.2"`): a copied cell then runs alone."""

from __future__ import annotations

import io
import json
import re
import tokenize

from ...models import ROLES

NAMES = {role.upper(): model for role, model in ROLES.items()}
_IMPORT = re.compile(r"^(from helpers\.models import )(.+)\n?", re.MULTILINE)
_CODE = re.compile(r"(^```python\n)(.*?)(^```)|(?<!`)`([^`\n]+)`(?!`)", re.MULTILINE | re.DOTALL)
_ROLE = re.compile(rf"\b({'|'.join(NAMES)})\b")
_BRACES = re.compile(rf"(?<!\{{)\{{({'|'.join(NAMES)})\}}(?!\}})")


def write_out(code: str) -> str:
    """Python code without the role names of `helpers.models`, neither used nor imported.

    Raises:
        ValueError: a role is part of a longer expression inside an f-string, or of `models.FLAGSHIP`.
    """
    code = _IMPORT.sub(_without_roles, code)
    if not _ROLE.search(code):
        return code
    lines = code.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    edits: list[tuple[int, int, str]] = []
    depth = first = 0  # of f-strings, which are many tokens each from Python 3.12 on, and where the outermost begins
    for place, token in enumerate(tokens):
        kind = tokenize.tok_name[token.type]
        begin, end = starts[token.start[0] - 1] + token.start[1], starts[token.end[0] - 1] + token.end[1]
        first = first if depth else begin
        depth += (kind == "FSTRING_START") - (kind == "FSTRING_END")
        if kind == "STRING" and "f" in token.string.partition(token.string[-1])[0].lower() or kind == "FSTRING_END":
            if not depth:
                edits.append((first, end, _in_f_string(code[first:end])))
        elif kind == "NAME" and token.string in NAMES and not depth:
            if tokens[place - 1].string == ".":
                raise ValueError(f"Write the role {token.string} as a name of its own in {token.line.strip()!r}.")
            edits.append((begin, end, json.dumps(NAMES[token.string])))
    for begin, end, text in reversed(edits):
        code = code[:begin] + text + code[end:]
    return code


def _in_f_string(string: str) -> str:
    """An f-string with its roles written out; without the f where no brace is left. Raises ValueError."""
    written = _BRACES.sub(lambda match: NAMES[match[1]], string)
    if any(_ROLE.search(part) for part in re.findall(r"\{[^{}]*\}", written)):
        raise ValueError(f"Write {string} so that a role stands alone between its braces.")
    return written if "{" in written or "}" in written else re.sub("^(r?)f", r"\1", written, flags=re.IGNORECASE)


def write_out_prose(markdown: str) -> str:
    """Markdown whose Python fences and code in backticks name models instead of roles."""

    def named(match: re.Match[str]) -> str:
        if match[1]:
            return match[1] + write_out(match[2]) + match[3]
        return "`" + _ROLE.sub(lambda role: json.dumps(NAMES[role[1]]), match[4]) + "`"

    return _CODE.sub(named, markdown)


def _without_roles(match: re.Match[str]) -> str:
    names = [name.strip() for name in match[2].strip("()").split(",")]
    kept = [name for name in names if name and name not in NAMES]
    return f"{match[1]}{', '.join(kept)}\n" if kept else ""
