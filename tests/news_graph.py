"""A small dated graph for the explorer's tests, with text in it that would be markup if it were let."""

import networkx as nx

from kg.graph import Evidence

NODES = {
    "person/ann-lee": ("person", "Ann Lee", ["A. Lee"]),
    "person/bo-poe": ("person", "Bo Poe", []),
    "person/cy-roe": ("person", "Cy Roe", []),
    "person/émile-zay": ("person", "Émile Zay", ["Zay"]),
    "person/di-alone": ("person", "Di <img src=x onerror=document.title='owned'>", []),
    "country/PE": ("country", "Peru", []),
    "country/CL": ("country", "Chile", []),
    "country/FJ": ("country", "Fiji", []),
    "event/lima-talks": ("event", "Lima talks", []),
    "event/strike-in-chile": ("event", "Strike in Chile", []),
}
TYPES = {"event/lima-talks": "talks", "event/strike-in-chile": "strike"}
LINKS = [
    # one end, the other, months in which an article shows it
    ("person/ann-lee", "country/PE", [1, 1, 2, 3, 6, 6, 6]),
    ("person/ann-lee", "person/bo-poe", [1, 2]),
    ("person/bo-poe", "country/CL", [3, 4, 5]),
    ("person/cy-roe", "country/CL", [5]),
    ("country/CL", "country/PE", [6]),
    ("person/émile-zay", "country/FJ", [4, 4]),
    ("event/lima-talks", "country/PE", [1, 1, 1]),
    ("event/lima-talks", "person/ann-lee", [1]),
    ("event/strike-in-chile", "country/CL", [5, 5]),
    ("person/di-alone", "country/PE", [2]),
]
EVIL = "<script>document.title='owned'</script>"


def news_graph() -> nx.Graph:
    graph = nx.Graph(version="0.1.0", window="sentence", sentences=40)
    graph.graph["articles"] = {
        f"a{month}": {
            "title": f"News of month {month} {EVIL}",
            "published": f"2024-{month:02}-10",
            "url": "javascript:document.title='owned'" if month == 2 else f"https://news.example/{month}?a=1&b=<2>",
            "source": "Daily Example",
            "found": [f"news.jsonl:{month}"],
            "mentions": [],
        }
        for month in range(1, 7)
    }
    graph.graph["articles"]["undated"] = {"title": None, "published": None, "found": ["old.txt:1"], "mentions": []}
    for id, (kind, label, aliases) in NODES.items():
        event = {"type": TYPES[id], "named": True, "plover": "CONSULT"} if id in TYPES else {}
        country = {"iso": id[-2:], "wikidata": "Q1"} if kind == "country" else {}
        graph.add_node(id, kind=kind, label=label, aliases=aliases, mentions=3, articles=2, **event, **country)
    for a, b, months in LINKS:
        evidence = [_evidence(f"a{month}", i, a, b) for i, month in enumerate(months)]
        role = {"relation": "participant", "role": "target"} if a in TYPES else {"relation": "co-occurrence"}
        days = sorted(f"2024-{month:02}-10" for month in months)
        seen = {"first_seen": days[0], "last_seen": days[-1]}
        counts = {"sentences": len(months), "paragraphs": 0, "articles": len(set(months)), "npmi": 0.5}
        graph.add_edge(a, b, weight=float(len(months)), evidence=evidence, **role, **counts, **seen)
    graph.add_edge(
        "person/cy-roe",
        "person/bo-poe",
        weight=1.0,
        evidence=[_evidence("undated", 0, "person/cy-roe", "person/bo-poe")],
        **{"relation": "co-occurrence", "sentences": 1, "paragraphs": 0, "articles": 1, "npmi": 0.1},
    )
    return graph


def _evidence(article: str, number: int, a: str, b: str) -> Evidence:
    one, other = NODES[a][1], NODES[b][1]
    text = f"🌍 {EVIL} {one} & {other} met, sentence {number}."
    first, second = text.index(one), text.index(other)
    start = 100 * number
    mentions = (
        (a, start + first, start + first + len(one), one),
        (b, start + second, start + second + len(other), other),
    )
    return Evidence(article, start, start + len(text), text, tuple(sorted(mentions, key=lambda m: m[1])))
