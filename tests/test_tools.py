"""The tools of lesson 08: exact numbers, units, and a database that can only be read."""

import contextlib
import json
import sqlite3
from decimal import Decimal
from fractions import Fraction

import pytest

from helpers.recipes import arithmetic, tools
from helpers.recipes.tools import ToolError, calculate, convert, query
from helpers.workshop.makers import database

# --- arithmetic ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("0.1 + 0.2", "0.3"),
        ("(3.5 + 1) * 4", "18"),
        ("2 ** 10", "1024"),
        ("2 ** -3", "0.125"),
        ("-(2 - 5)", "3"),
        ("+7", "7"),
        ("1_000 * 1.19", "1190"),
        ("1.5e3 / 2", "750"),
        ("2 ** 3 ** 2", "512"),
        ("(-1) ** (10 ** 300)", "1"),
        ("0 ** 99999", "0"),
        (" 10 - 4 - 3 ", "3"),
        ("100000000000000000000 + 0.00000000000000000001", "100000000000000000000.00000000000000000001"),
    ],
)
def test_sums_are_exact(expression, value):
    assert calculate(expression) == {"result": value}


def test_a_result_without_end_is_a_fraction_with_about_twelve_digits():
    result = calculate("2 / 3 - 1 / 6 + 1 / 7")
    assert Fraction(result["result"]) == Fraction(9, 14)
    assert abs(Decimal(result["about"]) - Decimal(9) / 14) < Decimal("1e-11")


def test_a_long_exact_result_is_written_out_in_full():
    assert Fraction(calculate("2 ** -1000")["result"]) == Fraction(1, 2**1000)
    assert int(calculate("2 ** 1328")["result"]) == 2**1328  # the largest power of two with 400 digits


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()", "x", "'a' * 3", "[1] * 10", "1 if 1 else 2", "(lambda: 1)()", "abs(-1)", "1 < 2",
        "True", "3j", "7 % 2", "7 // 2", "~1", "1, 2", "f'{1}'", "(x := 5)", "1 and 2",
    ],
)  # fmt: skip
def test_nothing_but_arithmetic_is_understood(expression):
    with pytest.raises(ToolError, match="Only numbers|no arithmetic"):
        calculate(expression)


@pytest.mark.parametrize("expression", ["", "(1 + 2", "1 +", "2 3", "1\x00"])
def test_what_is_no_expression_is_said_so(expression):
    with pytest.raises(ToolError, match="no arithmetic expression"):
        calculate(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "9 ** 9 ** 9", "2 ** 1329", "(10 ** 300) ** (10 ** 300)", "2 ** -99999", "10 ** 399 * 10", "1e400",
        "1e-999999999", "1e99999999999999999999999", "(1 / 3) ** 4000", "1e300 * 1e300", "-10 ** 399 - 9e399",
    ],
)  # fmt: skip
def test_numbers_that_grow_too_large_are_refused_before_they_are_made(expression):
    with pytest.raises(ToolError, match="digits|out of range"):
        calculate(expression)


def test_other_limits_of_arithmetic():
    with pytest.raises(ToolError, match="Division by zero"):
        calculate("1 / (2 - 2)")
    with pytest.raises(ToolError, match="Division by zero"):
        calculate("0 ** -1")
    with pytest.raises(ToolError, match="whole number"):
        calculate("2 ** 0.5")
    with pytest.raises(ToolError, match="200 characters"):
        calculate("1+" * 100 + "1")
    assert calculate("-" * 198 + "1") == {"result": "1"}
    assert calculate("(" * 99 + "1" + ")" * 99) == {"result": "1"}


# --- units --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "to", "result"),
    [  # definitions: international yard and pound, nautical mile, US and imperial gallon, Fahrenheit's fixed points
        (1, "ft", "in", "12"), (3, "ft", "yd", "1"), (1, "yd", "m", "0.9144"), (2, "fathom", "yd", "4"),
        (1, "mi", "ft", "5280"), (1, "nmi", "m", "1852"), (1, "lb", "oz", "16"), (1, "lb", "g", "453.59237"),
        (1, "gal_us", "l", "3.785411784"), (1, "gal_uk", "ml", "4546.09"), (1, "kn", "km/h", "1.852"),
        (1, "mph", "km/h", "1.609344"), (36, "km/h", "m/s", "10"), (1, "d", "min", "1440"), (0.1, "l", "ml", "100"),
        (100, "C", "F", "212"), (32, "F", "C", "0"), (-40, "F", "C", "-40"), (0, "K", "C", "-273.15"),
        (98.6, "F", "K", "310.15"), (5, "m", "m", "5"), (20, "C", "C", "20"),
    ],
)  # fmt: skip
def test_conversions_are_exact(value, unit, to, result):
    assert convert(value, unit, to) == {"result": result, "unit": to}


def test_every_unit_goes_there_and_back():
    for unit in arithmetic.UNITS:
        (kind,) = [kind for name, (kind, _) in arithmetic._UNITS.items() if name == unit] or ["temperature"]
        base = {"length": "m", "mass": "kg", "volume": "l", "speed": "m/s", "time": "s", "temperature": "K"}[kind]
        there = Fraction(convert(17, unit, base)["result"])
        assert Fraction(convert(1, unit, unit)["result"]) == 1
        assert abs(Fraction(convert(float(there), base, unit)["result"]) - 17) < Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("value", "unit", "to", "hint"),
    [
        (1, "m", "kg", "m measures length and kg measures mass"),
        (1, "m", "C", "measures temperature"),
        (1, "K", "s", "measures temperature"),
        (1, "parsec", "m", "no unit 'parsec'. Units: m, cm"),
        (1, "m", "M", "no unit 'M'"),
        ("3", "m", "cm", "must be a number"),
        (True, "m", "cm", "must be a number"),
        (None, "m", "cm", "must be a number"),
        (float("nan"), "m", "cm", "must be a number"),
        (float("-inf"), "m", "cm", "must be a number"),
        pytest.param(10**5000, "m", "cm", "must be a number", id="huge"),
    ],
)
def test_conversions_that_make_no_sense_are_refused(value, unit, to, hint):
    with pytest.raises(ToolError, match=hint.replace("(", r"\(")):
        convert(value, unit, to)


# --- the database -------------------------------------------------------------------------------------------------


def content(path):
    """Everything in a database, as SQL."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return list(connection.iterdump())


def test_the_shipped_database_is_what_its_script_makes(tmp_path):
    made = tmp_path / "made.sqlite"
    database.make(made)
    assert content(made) == content(tools.HARBOUR)
    assert made.stat().st_size < 20_000


def test_making_it_twice_gives_the_same_bytes(tmp_path):
    for name in "ab":
        database.make(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_rows_come_with_the_names_of_their_columns():
    found = query("SELECT name, price_cents FROM products WHERE category = 'ropes' ORDER BY price_cents")
    assert found["columns"] == ["name", "price_cents"]
    ropes = sorted([row[4], row[1]] for row in database.PRODUCTS if row[2] == "ropes")
    assert found["rows"] == [[name, price] for price, name in ropes]
    assert "more" not in found


def test_a_question_over_all_tables():
    sql = (
        "SELECT sum(quantity * price_cents) FROM orders JOIN order_lines ON order_id = orders.id "
        "JOIN products ON products.id = product_id WHERE berth = 'B12'"
    )
    prices = {number: cents for number, _, _, _, cents, _ in database.PRODUCTS}
    lines = [line for _, berth, _, lines in database.ORDERS if berth == "B12" for line in lines]
    assert query(sql)["rows"] == [[sum(prices[product] * quantity for product, quantity in lines)]]


def test_the_schema_names_every_table_and_explains_the_cents():
    schema = tools.schema()
    assert all(f"CREATE TABLE {table}" in schema for table in ("products", "orders", "order_lines", "reviews"))
    assert "euro cents" in schema
    copy = sqlite3.connect(":memory:")
    copy.executescript(schema)  # it is SQL
    copy.close()


WRITING = [
    "DELETE FROM orders",
    "UPDATE products SET price_cents = 1",
    "INSERT INTO reviews VALUES (99, 1, 5, 'x')",
    "REPLACE INTO reviews VALUES (1, 1, 5, 'x')",
    "WITH cheap AS (SELECT 1 AS id) DELETE FROM products WHERE id IN cheap",
    "DROP TABLE orders",
    "CREATE TABLE x (y)",
    "ALTER TABLE orders ADD COLUMN x",
    "CREATE INDEX x ON orders (berth)",
]
OTHERS = [
    "CREATE TEMP TABLE x (y)",
    "ATTACH 'other.sqlite' AS other",
    "ATTACH 'file:other.sqlite?mode=rwc' AS other",
    "VACUUM INTO 'other.sqlite'",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "BEGIN IMMEDIATE",
    "SELECT 1; DELETE FROM orders",
    "SELECT load_extension('other')",
    "SELECT * FROM nothing",
    "SELEKT 1",
    "SELECT ?",
    "SELECT '\x00'",
    "SELECT '\ud800'",
    "SELECT CAST(x'ff' AS TEXT)",
]


@pytest.mark.parametrize("sql", WRITING + OTHERS)
def test_nothing_but_reading_is_done(sql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = tools.HARBOUR.read_bytes()
    with pytest.raises(ToolError, match="The database refuses"):
        query(sql)
    assert tools.HARBOUR.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sql", WRITING)
def test_without_the_authorizer_the_file_still_cannot_be_written(sql, monkeypatch):
    monkeypatch.setattr(tools, "_ALLOWED", range(1000))
    before = tools.HARBOUR.read_bytes()
    with pytest.raises(ToolError, match="readonly"):
        query(sql)
    assert tools.HARBOUR.read_bytes() == before


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_a_query_that_takes_too_long_is_stopped():
    with pytest.raises(ToolError, match="longer than 0.05 seconds"):
        query(ENDLESS, seconds=0.05)


def test_a_query_that_is_slow_only_after_its_first_row_is_stopped_too():
    first = "SELECT 1 UNION ALL SELECT * FROM (" + ENDLESS + ")"
    with pytest.raises(ToolError, match="longer than"):
        query(first, seconds=0.05)


def test_results_are_cut_by_rows_and_by_characters():
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT {} FROM n"
    assert query(numbers.format(50, "i")) == {"columns": ["i"], "rows": [[i] for i in range(1, 51)]}
    assert query(numbers.format(51, "i"))["more"] and len(query(numbers.format(51, "i"))["rows"]) == 50
    wide = query(numbers.format(9, "printf('%03000d', i)"))
    assert wide["more"] and len(wide["rows"]) == 3
    with pytest.raises(ToolError, match="too big"):
        query("SELECT hex(zeroblob(1000000000))")


def test_every_result_is_json():
    found = query("SELECT x'0102', 9e999, -9e999, NULL, 1.5, 'é'")
    assert found["rows"] == [["2 bytes", "inf", "-inf", None, 1.5, "é"]]
    json.dumps(found, allow_nan=False)
    assert query("-- nothing") == {"columns": [], "rows": []}


def test_a_path_with_signs_that_mean_something_in_a_url(tmp_path):
    path = tmp_path / "a ?b#c%20.sqlite" if tmp_path.drive == "" else tmp_path / "a b#c%20.sqlite"
    database.make(path)
    assert query("SELECT count(*) FROM orders", path)["rows"] == [[len(database.ORDERS)]]
