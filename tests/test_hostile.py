"""Text that is no news: whatever comes, each article has its record, in bounded time."""

import time

import pytest

from kg.model import Article
from kg.records import extract

SIZE = 12_000
TEXTS = {
    "one token": "a",
    "no spaces": "TrumpMetPutinInMoscow",
    "capitals": "MOSCOW SAYS TRUMP TO MEET PUTIN ",
    "small letters": "the president met angela merkel on monday in berlin. ",
    "names alone": "Ann Lee ",
    "events alone": "Trump met Putin. ",
    "one endless sentence": "Ann Lee met Bo Chan and ",
    "emoji": "😀",
    "right to left": "مرحبا العالم ",
    "zero width": "Ann\u200b Lee\u200d met \u2060Bo. ",
    "combining marks": "a\u0301\u0302\u0303\u0304",
    "commas": ", ",
    "new lines": "\n",
    "quotation marks": '"',
    "brackets": "(",
    "hyphens": "Al-",
    "digits": "1234567890 ",
    "dates": "on Friday Jan. 29 ",
    "prepositions": "Bank of ",
    "misread letters": "Pres1dent Pu|in rnet Tr~mp ,n M0sc0w ..",
    "controls": "\x00\x01\x1b[31m\ufffd ",
}
# Far above what they take, far below what the square of their length would.
SECONDS = 30


@pytest.mark.parametrize("accuracy", ["best", "fast"])
@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text_has_a_record(name, accuracy):
    unit = TEXTS[name]
    text = (unit * (SIZE // len(unit) + 1))[:SIZE]
    start = time.process_time()
    (record,) = extract([Article(name, text)], accuracy=accuracy)
    assert time.process_time() - start < SECONDS
    for entity in record.entities:
        assert all(text[mention.start : mention.end] == mention.text for mention in entity.mentions)


@pytest.mark.parametrize("accuracy", ["best", "fast"])
def test_a_headline_in_capitals_has_its_names(accuracy):
    text = (
        "TRUMP AND PUTIN TO MEET IN SAUDI ARABIA\n\nDonald Trump will meet Vladimir Putin, the Kremlin said on Friday."
    )
    (record,) = extract([Article("shouted", text)], accuracy=accuracy)
    told = {entity.label: [mention.text for mention in entity.mentions] for entity in record.entities}
    assert told["Donald Trump"] == ["TRUMP", "Donald Trump"]
    assert told["Vladimir Putin"] == ["PUTIN", "Vladimir Putin"]
    assert told["Saudi Arabia"] == ["SAUDI ARABIA"]
