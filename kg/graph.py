"""From the records of articles to the graph: who and what occurs together, how often, and the sentences that prove it.

`kg.counting` counts, `kg.graph_tables` lists what was counted, and `to_graph` makes the networkx graph of it. In each
article the closest passages that two entities share count:

    weight = sentences + paragraphs / 2 + apart / 4

`sentences` are those in which both occur, `paragraphs` those in which both occur but in no one sentence, and `apart`
the articles in which both occur but in no one paragraph. With the default window, the sentence, only pairs that share
a sentence are linked and only the first term counts; the participants of an event are linked to it in any case.

A sentence that lists five people or more ("Ana Silva, Luis Paz, ... and Eva Roth": nothing but commas, "and", titles
and capitalised words from one to the next) does not count for two of them, and two who share nothing else are not
linked, whatever the window.

`first_seen` and `last_seen` of a participant's link are the days of the event where they are known, else those of the
articles.

How much that means is told by four measures of the passages of the window's size in which either, both or none occur
(`kg.significance`):

    npmi         normalised pointwise mutual information (G. Bouma, "Normalized (Pointwise) Mutual Information in
                 Collocation Extraction", GSCL 2009), ln(p(a,b) / (p(a) p(b))) / -ln p(a,b): -1 never together, 0 as by
                 chance, 1 only together
    npmi_shrunk  the same times n/(n+1) of the passages with both and of those with the rarer one, as few passages prove
                 little (P. Pantel and D. Lin, "Discovering Word Senses from Text", KDD 2002)
    llr          the log-likelihood ratio G2 (T. Dunning, "Accurate Methods for the Statistics of Surprise and
                 Coincidence", Computational Linguistics 19, 1993), below 0 if they are together less than by chance
    p            how likely two that have nothing to do with each other, but are linked, are together as often

An article that is a copy of another one (`kg.syndication`) is no further witness: `copies` counts such, and nothing
else does. `days` counts articles by the day of publication (`kg.periods` makes weeks and months of them).
"""

from collections.abc import Iterable, Mapping

import networkx as nx

from kg.aggregate import Window
from kg.counting import counted, fetched
from kg.evidence import Evidence, best_evidence
from kg.graph_tables import Tables
from kg.model import Record

__all__ = ["Evidence", "Window", "best_evidence", "count_records", "to_graph"]


def count_records(
    records: Iterable[Record],
    window: Window = Window.SENTENCE,
    *,
    countries_in_names: bool = False,
    copies: Mapping[str, str] | None = None,
) -> nx.Graph:
    """Return the graph of `records`, whose entities have the ids of nodes. The options are those of `counted`."""
    with counted(records, window, countries_in_names=countries_in_names, copies=copies or {}) as database:
        return to_graph(Tables(lambda query: fetched(database, query), window))


def to_graph(tables: "Tables") -> nx.Graph:
    """Return the networkx graph of what was counted, its nodes and links in sorted order."""
    graph = nx.Graph(**tables.facts | {"articles": dict(tables.articles())})
    graph.add_nodes_from(tables.nodes())
    graph.add_edges_from(tables.links(same={}))
    return graph
