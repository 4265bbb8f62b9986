"""Questions the graph can answer. Nothing here changes the graph."""

from kg.queries.links import Neighbour as Neighbour
from kg.queries.links import neighbours as neighbours
from kg.queries.names import Suggestion as Suggestion
from kg.queries.names import find as find
from kg.queries.names import suggestions as suggestions
