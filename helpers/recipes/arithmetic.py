"""Exact numbers for a model to call on: arithmetic without `eval`, and units.

A model chooses the arguments, so there are limits. What is beyond them is refused in a `ToolError`, in words that help
it to do better. Results are plain dicts, ready for `json.dumps`.
"""

from __future__ import annotations

import ast
import decimal
import math
import operator
from collections.abc import Callable
from fractions import Fraction

from ..setup.errors import CourseError

MAX_EXPRESSION = 200  # characters
MAX_DIGITS = 400  # of any number on the way, above or below the fraction bar


class ToolError(CourseError, ValueError):
    """A tool does not do what was asked; the message is made for the model that asked."""


_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SIGNS: dict[type[ast.unaryop], Callable[[Fraction], Fraction]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}


def calculate(expression: str) -> dict[str, str]:
    """The exact value of an arithmetic expression; nothing in it is ever run as code.

    Args:
        expression: numbers, + - * / ** and parentheses, as Python writes them.

    Returns:
        {"result": "0.3"}; where the digits have no end {"result": "1/3", "about": "0.333333333333"}.

    Raises:
        ToolError: anything else stands in it, it divides by zero, or its numbers grow too large.
    """
    if len(expression) > MAX_EXPRESSION:
        raise ToolError(f"The expression is longer than {MAX_EXPRESSION} characters. Calculate it in parts.")
    text = expression.strip()
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # too deeply nested, a null byte, ...
        raise ToolError("This is no arithmetic expression. Write it like (3.5 + 1) * 4 ** 2.") from None
    try:
        return _written(_value(tree.body, text))
    except ZeroDivisionError:
        raise ToolError("Division by zero.") from None


def _value(node: ast.expr, text: str) -> Fraction:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        # The digits as they were typed: the float that Python makes of 0.1 is not one tenth.
        return _number(ast.get_source_segment(text, node) if type(node.value) is float else str(node.value))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS:
        return _SIGNS[type(node.op)](_value(node.operand, text))
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, text), _value(node.right, text)
        if isinstance(node.op, ast.Pow):
            return _power(left, right)
        if type(node.op) in _OPERATIONS:
            return _small(_OPERATIONS[type(node.op)](left, right))
    raise ToolError("Only numbers, + - * / ** and parentheses are allowed.")


def _number(text: str | None) -> Fraction:
    try:
        number = decimal.Decimal(text or "")
    except decimal.InvalidOperation:
        raise ToolError("A number in it is out of range.") from None
    if abs(number.adjusted()) >= MAX_DIGITS:  # judged before a Fraction writes out all of its digits
        raise ToolError(f"A number in it has more than {MAX_DIGITS} digits.")
    return Fraction(number)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise ToolError("An exponent must be a whole number; roots are not exact.")
    size = max(abs(base.numerator), base.denominator)
    if size > 1 and (abs(exponent) > 4 * MAX_DIGITS or abs(int(exponent)) * math.log10(size) > MAX_DIGITS + 1):
        raise ToolError(f"This power has more than {MAX_DIGITS} digits.")
    return _small(base ** int(exponent))


def _small(value: Fraction) -> Fraction:
    if max(abs(value.numerator), value.denominator) >= 10**MAX_DIGITS:
        raise ToolError(f"The numbers grow beyond {MAX_DIGITS} digits.")
    return value


def _written(value: Fraction) -> dict[str, str]:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    context = decimal.Context(prec=12)
    if rest == 1:  # then the decimal digits end
        context.prec = 4 * MAX_DIGITS
        return {"result": _plain(context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator)))}
    quotient = context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator))
    return {"result": str(value), "about": str(quotient)}


def _plain(number: decimal.Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Unit -> what it measures, and how many of the first unit of its kind one of it is; these factors are exact.
_UNITS: dict[str, tuple[str, Fraction]] = {
    name: (kind, Fraction(factor))
    for kind, names in {
        "length": {"m": "1", "cm": "0.01", "mm": "0.001", "km": "1000", "in": "0.0254", "ft": "0.3048", "yd": "0.9144",
                   "fathom": "1.8288", "mi": "1609.344", "nmi": "1852"},
        "mass": {"kg": "1", "g": "0.001", "t": "1000", "lb": "0.45359237", "oz": "0.028349523125"},
        "volume": {"l": "1", "ml": "0.001", "m3": "1000", "gal_us": "3.785411784", "gal_uk": "4.54609"},
        "speed": {"m/s": "1", "km/h": "5/18", "kn": "463/900", "mph": "0.44704"},
        "time": {"s": "1", "min": "60", "h": "3600", "d": "86400"},
    }.items()
    for name, factor in names.items()
}  # fmt: skip
_TEMPERATURES = {  # unit -> (zero of the unit in kelvin, kelvins in one degree)
    "K": (Fraction(0), Fraction(1)),
    "C": (Fraction("273.15"), Fraction(1)),
    "F": (Fraction("459.67") * 5 / 9, Fraction(5, 9)),
}
UNITS = [*_UNITS, *_TEMPERATURES]


def convert(value: float, unit: str, to: str) -> dict[str, str]:
    """A measurement in another unit, exactly.

    Args:
        value: the number, taken as it is written: 0.1 is one tenth.
        unit, to: two of `UNITS` that measure the same.

    Returns:
        as `calculate`, and "unit".

    Raises:
        ToolError: a unit is unknown, the two measure different things, or the value is no number.
    """
    for name in (unit, to):
        if name not in UNITS:
            raise ToolError(f"There is no unit {name!r}. Units: {', '.join(UNITS)}.")
    if type(value) not in (int, float) or not abs(value) < 10**MAX_DIGITS or value in (math.inf, -math.inf):
        raise ToolError(f"The value must be a number of at most {MAX_DIGITS} digits.")
    number = _number(str(value))
    if unit in _TEMPERATURES and to in _TEMPERATURES:
        (zero, degree), (other_zero, other_degree) = _TEMPERATURES[unit], _TEMPERATURES[to]
        return {**_written((zero + number * degree - other_zero) / other_degree), "unit": to}
    (kind, factor), (other, other_factor) = (_UNITS.get(name, ("temperature", Fraction(1))) for name in (unit, to))
    if kind != other:
        raise ToolError(f"{unit} measures {kind} and {to} measures {other}.")
    return {**_written(number * factor / other_factor), "unit": to}
