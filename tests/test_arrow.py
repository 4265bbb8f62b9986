import duckdb
import pytest

from kg.arrow import PIECE, batch_of, columns_of, nested, tuples

COLUMNS = {"name": "string", "n": "int", "sure": "boolean", "p": "double", "signature": "array<int>"}
ROWS = [("Ann", 1, True, 0.5, [1, 2]), (None, None, None, None, None)]


@pytest.mark.parametrize("rows", [ROWS, []])
def test_rows_come_back_from_arrow(rows):
    assert list(tuples(batch_of(rows, COLUMNS))) == rows


@pytest.mark.parametrize("size", [0, 1, PIECE, 2 * PIECE + 1])
def test_each_row_of_each_table_is_in_one_list_in_order(size):
    with duckdb.connect() as database:
        database.execute(f"create table long as select range as n, 'é' || range as name from range({size})")
        database.execute("create table short as select true as sure, 3::hugeint as n, cast(null as text) as nothing")
        tables = {"long": "name, n", "short": "*"}
        columns = columns_of(database, tables)
        batch = nested(database, tables, columns)
    assert columns == {
        "long": {"name": "string", "n": "bigint"},
        "short": {"sure": "boolean", "n": "bigint", "nothing": "string"},
    }
    long, short = ([row for rows in batch.column(name).to_pylist() for row in rows] for name in tables)
    assert long == [{"name": f"é{n}", "n": n} for n in range(size)]
    assert short == [{"sure": True, "n": 3, "nothing": None}]
    assert all(len(rows) <= PIECE for rows in batch.column("long").to_pylist())
