#!/usr/bin/env python3
"""Time what web archives cost: reading a WARC, taking the article out of each page, and keeping what it says.

    python benchmarks/web.py [PAGES] [--kilobytes N]

The pages are made up, of so many kilobytes as those of news sites have, of which the article is a small part: menus,
scripts, styles, teasers of other articles, comments and a footer around some 500 words. A JSON object is printed:
milliseconds of the processor for a page, and kilobytes: of an article's text, of its record as the JSON that `kg.spark`
keeps, and of the same in Parquet with the default compression.
"""

import argparse
import gzip
import json
import random
import tempfile
import time
from pathlib import Path

from store import FIRST, LANDS, LAST, SAYINGS

CLOCK = time.process_time


def said(chance: random.Random, sentences: int) -> str:
    """Return so many sentences."""
    people = [f"{chance.choice(FIRST.split())} {chance.choice(LAST.split())}" for _ in range(6)]
    return " ".join(
        chance.choice(SAYINGS).format(
            a=chance.choice(people),
            b=chance.choice(people),
            x=chance.choice(LANDS.split()),
            y=chance.choice(LANDS.split()),
        )
        for _ in range(sentences)
    )


def page(number: int, size: int) -> str:
    """Return the page with this number, of about `size` characters."""
    chance = random.Random(number)
    title = said(chance, 1)
    article = "".join(f"<p class='story-body__paragraph'>{said(chance, 3)}</p>\n" for _ in range(12))
    menu = "".join(
        f"<li class='nav-item nav-item--{i}'><a href='/section/{i}' data-track='menu:{i}'>Section {i}</a></li>"
        for i in range(60)
    )
    teasers = "".join(
        f"<div class='teaser teaser--{i}'><a href='/2024/{i}/story'><img src='/img/{i}.jpg' alt='' width='320'>"
        f"<h3>{said(chance, 1)}</h3></a><span class='byline'>By {chance.choice(FIRST.split())}</span></div>\n"
        for i in range(40)
    )
    comments = "".join(
        f"<li class='comment'><span class='user'>reader{i}</span><p>{said(chance, 1)}</p></li>" for i in range(30)
    )
    head = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title} | Daily</title>"
        f"<meta property='og:title' content='{title}'><meta property='og:site_name' content='Daily {number % 20}'>"
        f"<meta property='article:published_time' content='2024-{number % 12 + 1:02}-11T08:00:00Z'>"
    )
    body = (
        f"</head><body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>\n{article}</article>"
        f"<aside>{teasers}</aside><section id='comments'><ul>{comments}</ul></section></main>"
        f"<footer><ul>{menu}</ul></footer></body></html>"
    )
    # The rest is what browsers run and draw by.
    left = max(0, size - len(head) - len(body) - 40)
    script = "".join(f"window.config[{i}]={{id:{chance.random()},on:true}};" for i in range(left // 80 + 1))[
        : left // 2
    ]
    style = "".join(f".c{i}-{chance.randrange(9)}{{margin:{i}px;color:#333}}" for i in range(left // 60 + 1))
    return f"{head}<style>{style[: left // 2]}</style><script>{script}</script>{body}"


def warc(path: Path, pages: list[str]) -> None:
    """Write the pages as an archive, each record compressed by itself as in CC-NEWS."""
    with path.open("wb") as out:
        for number, text in enumerate(pages):
            body = text.encode()
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://daily.example/{number}\r\n"
                f"WARC-Date: 2024-01-02T03:04:05Z\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(http)}\r\n\r\n"
            )
            out.write(gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0))


def main() -> None:
    """Read the options, measure, print."""
    from fastwarc import ArchiveIterator

    from kg.articles import read_articles
    from kg.records import extract
    from kg.syndication import signature_of
    from kg.tables import rows_of

    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("pages", type=int, nargs="?", default=200)
    cli.add_argument("--kilobytes", type=int, default=100)
    args = cli.parse_args()
    pages = [page(number, args.kilobytes * 1000) for number in range(args.pages)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.warc.gz")
        warc(path, pages)
        size = path.stat().st_size
        list(read_articles([path]))  # loads trafilatura
        start = CLOCK()
        with path.open("rb") as file:
            found = sum(len(record.reader.read()) for record in ArchiveIterator(file))
        archive = CLOCK() - start
        start = CLOCK()
        articles = list(read_articles([path]))
        whole = CLOCK() - start
        records = list(extract(articles, accuracy="fast"))
        start = CLOCK()
        for article in articles:
            signature_of(article.text)
        signatures = CLOCK() - start
        told = [json.dumps(rows_of([record])) for record in records]
        parquet = written(told, Path(folder, "records.parquet"))
    number, kilo = len(pages), 1000 * len(pages)
    print(
        json.dumps(
            {
                "pages": number,
                "kB of a page": round(found / kilo, 1),
                "kB of it in the archive": round(size / kilo, 1),
                "words of an article": round(sum(len(article.text.split()) for article in articles) / number),
                "ms to read a page from the archive": round(1000 * archive / number, 3),
                "MB/s out of the archive": round(found / archive / 1e6),
                "ms to take the article out of a page": round(1000 * (whole - archive) / number, 2),
                "ms for a signature": round(1000 * signatures / number, 3),
                "kB of a text": round(sum(len(article.text) for article in articles) / kilo, 2),
                "kB of a record": round(sum(map(len, told)) / kilo, 2),
                "kB of a record in Parquet": round(parquet / kilo, 2),
            },
            indent=1,
        )
    )


def written(records: list[str], path: Path) -> int:
    """Write records as Parquet and return the number of bytes."""
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table({"record": records}), path)
    return path.stat().st_size


if __name__ == "__main__":
    main()
