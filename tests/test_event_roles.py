import pytest

from kg.event_roles import nations_of
from kg.model import Entity, Kind, Mention

# Each row: a text about Ann Lee and Peru, and whether it says that she is of Peru.
NATIONS = [
    ("Peruvian President Ann Lee left.", True),
    ("Peru's former Minister of Health Ann Lee left.", True),
    ("Ann Lee, president of Peru, left.", True),
    ("Ann Lee, Peru's envoy, left.", True),
    ("Peru welcomed Ann Lee.", False),
    ("Peru and Ann Lee agreed.", False),
    ("Ann Lee, who left Peru, agreed.", False),
]


@pytest.mark.parametrize(("text", "hers"), NATIONS)
def test_the_nation_of_somebody_is_told_with_the_office(text, hers):
    form = "Peruvian" if "Peruvian" in text else "Peru"
    start, at = text.index("Ann Lee"), text.index(form)
    ann = Entity("person/ann-lee", Kind.PERSON, "Ann Lee", (Mention(start, start + 7, "Ann Lee"),))
    peru = Entity("country/PE", Kind.COUNTRY, "Peru", (Mention(at, at + len(form), form),), iso="PE")
    assert nations_of(text, [ann], [peru]) == ({"person/ann-lee": "country/PE"} if hers else {})
