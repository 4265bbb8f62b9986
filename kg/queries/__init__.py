"""Questions the graph can answer. Nothing here changes the graph.

Each question is a function of the graph that resolves names as users type them and returns an `Answer`, a list of named
tuples. `kg.queries.sparql` and `kg.queries.cypher` hold the same questions as text for other programs.
"""

from kg.queries.answers import Answer as Answer
from kg.queries.cards import Card as Card
from kg.queries.cards import card as card
from kg.queries.communities import Community as Community
from kg.queries.communities import communities as communities
from kg.queries.events import Event as Event
from kg.queries.events import events as events
from kg.queries.links import Broker as Broker
from kg.queries.links import Neighbour as Neighbour
from kg.queries.links import Quote as Quote
from kg.queries.links import brokers as brokers
from kg.queries.links import links as links
from kg.queries.links import neighbours as neighbours
from kg.queries.links import only_with as only_with
from kg.queries.names import Suggestion as Suggestion
from kg.queries.names import find as find
from kg.queries.names import suggestions as suggestions
from kg.queries.paths import Path as Path
from kg.queries.paths import path as path
from kg.queries.paths import paths as paths
from kg.queries.periods import Change as Change
from kg.queries.periods import Count as Count
from kg.queries.periods import compare as compare
from kg.queries.periods import timeline as timeline
from kg.queries.periods import trends as trends
