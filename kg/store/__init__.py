"""A store of articles and their records: one DuckDB file that grows, or the same in memory.

All that was read is kept as tables (`kg.tables`), so that an article is read once, however often the graph is built.
What is committed survives whatever stops the program, and a change that was stopped midway is known by a mark, without
which alone a graph is made.
"""

from kg.store.articles import take_in, take_out
from kg.store.file import Store, compact, opened
from kg.store.records import kept_records, read_waiting, unread
from kg.store.state import check_finished, finish, number_of_articles, settings, status, unfinished

__all__ = [
    "Store",
    "check_finished",
    "compact",
    "finish",
    "kept_records",
    "number_of_articles",
    "opened",
    "read_waiting",
    "settings",
    "status",
    "take_in",
    "take_out",
    "unfinished",
    "unread",
]
