"""The rules of Gephi's importers find what users have stumbled over."""

import io

import networkx as nx
import pytest
from gephi_rules import findings_in_gexf, findings_in_graphml
from golden.graph import small_graph

from kg.formats import write

GRAPHML = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="n_label" for="node" attr.name="label" attr.type="string"/>
<key id="n_count" for="node" attr.name="count" attr.type="int"/>
<key id="n_r" for="node" attr.name="r" attr.type="int"/>
<key id="e_weight" for="edge" attr.name="weight" attr.type="double"/>
<graph edgedefault="undirected">
<node id="a"><data key="n_label">A</data><data key="n_count">1</data><data key="n_r">255</data></node>
<node id="b"/>
<edge id="e" source="a" target="b"><data key="e_weight">1.5</data></edge>
</graph></graphml>"""
GEXF = """<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="undirected" mode="dynamic" timeformat="date" timerepresentation="interval">
<attributes class="node" mode="static"><attribute id="count" title="count" type="integer"/></attributes>
<attributes class="edge" mode="dynamic"><attribute id="weight" title="Weight" type="double"/></attributes>
<nodes>
<node id="a" label="A" start="2024-01-01" end="2024-01-31"><attvalues><attvalue for="count" value="1"/></attvalues>
<viz:color r="0" g="114" b="178"/><viz:position x="1.0" y="2.0" z="0.0"/><viz:size value="9.5"/></node>
<node id="b" label="B"/>
</nodes>
<edges><edge id="e" source="a" target="b" weight="2.0" start="2024-01-05" end="2024-01-20"><attvalues>
<attvalue for="weight" value="1.0" start="2024-01-05" end="2024-01-06"/>
<attvalue for="weight" value="1.0" start="2024-01-07" end="2024-01-20"/>
</attvalues></edge></edges>
</graph></gexf>"""


def test_a_sound_file_passes():
    assert findings_in_graphml(GRAPHML) == []
    assert findings_in_gexf(GEXF) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('id="n_count"', 'id="d3"', "key d3 is taken for a property"),
        ('attr.name="weight"', 'attr.name="edgelabel"', "column edgelabel is taken for a property"),
        ('id="e_weight"', 'id="d7"', "key d7 is taken for a property"),
        ('attr.name="count"', 'attr.name="Interval"', "column Interval is Gephi's own"),
        ('id="n_r"', 'id="n_count"', "two keys n_count"),
        ('attr.name="count"', 'attr.name="label"', "two columns label"),
        ('attr.type="int"', 'attr.type="date"', "unknown type date"),
        (' attr.type="int"', "", "unknown type None"),
        ('for="node" attr.name="count"', 'for="all" attr.name="count"', "key n_count is for all"),
        (' edgedefault="undirected"', "", "no edgedefault"),
        ('<node id="b"/>', "<node/>", "a node without an id"),
        ('<node id="b"/>', '<node id="b"/><node id="b"/>', "two nodes 'b'"),
        ('<node id="b"/>', '<node id="b"><graph/></node>', "graph in a node is flattened or dropped"),
        ('<node id="b"/>', '<node id="b"/><hyperedge/>', "hyperedge is unknown"),
        ("</graph>", '<node id="c"/></graph>', "a node after the edges"),
        ('target="b"', 'target=""', "unknown end ''"),
        ("</graph>", '<edge id="f" source="b" target="a"/></graph>', "two edges between b and a"),
        ("</graph>", '<edge id="e" source="a" target="a"/></graph>', "two edges 'e'"),
        (">1.5<", ">NaN<", "weight is no double: 'NaN'"),
        (">1.5<", ">1,5<", "weight is no double: '1,5'"),
        (">1<", "><", "empty count"),
        (">255<", ">256<", "r is not a colour"),
        (">1<", '>1</data><data key="n_count">2<', "count twice in a"),
    ],
)
def test_what_gephi_stumbles_over_in_graphml_is_found(old, new, finding):
    assert finding in findings_in_graphml(GRAPHML.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('version="1.3"', 'version="1.1"', "another version"),
        ('defaultedgetype="undirected"', 'defaultedgetype="mutual"', "mutual edges"),
        ('timeformat="date"', 'timeformat="double"', "no time format"),
        ('timerepresentation="interval"', 'timerepresentation="timestamp"', "timestamps"),
        ('mode="dynamic" timeformat', 'mode="static" timeformat', "a has a time in a static graph"),
        ('type="integer"', 'type="date"', "unknown type date"),
        ('title="count"', 'title="Timeset"', "column Timeset is Gephi's own"),
        ('<node id="b"', '<node id="b" pid="a"', "b has a parent or is one"),
        ('g="114"', 'g="-1"', "g is not a colour"),
        ('value="9.5"', "", "size is no double: ''"),
        ('<viz:size value="9.5"/>', '<viz:shape value="disc"/>', "shape is ignored"),
        ('<attvalue for="count" value="1"/>', '<attvalue for="other" value="1"/>', "other is not declared"),
        ('value="1.0" start="2024-01-05" end="2024-01-06"', 'value="1.0"', "weight without a time"),
        ('start="2024-01-07"', 'start="2024-01-06"', "weight has two values at one time"),
        ('start="2024-01-05" end="2024-01-06"', 'start="2024-01-04" end="2024-01-06"', "weight outside the life of e"),
        ('start="2024-01-05" end="2024-01-20"', 'start="2024-01-05" end="2024-02-20"', "e is outside the life of a"),
        ('start="2024-01-01" end="2024-01-31"', 'timestamp="2024-01-01"', "timestamp is no closed interval"),
        ('end="2024-01-31"', 'endopen="2024-01-31"', "endopen is no closed interval"),
        ('start="2024-01-01"', 'start="1 May"', "no date: 1 May 2024-01-31"),
        ("<edges>", '<edges><edge id="f" source="b" target="a"/>', "two edges between a and b"),
    ],
)
def test_what_gephi_stumbles_over_in_gexf_is_found(old, new, finding):
    assert finding in findings_in_gexf(GEXF.replace(old, new, 1))


def test_what_networkx_writes_is_mistaken_and_what_we_write_is_not(tmp_path):
    graph = nx.Graph()
    graph.add_node("a", label="A", kind="person", mentions=1, articles=1, score=1)
    graph.add_node("b", label="B", kind="person", mentions=1, articles=1, score=0.5)
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out)
    assert {"key d3 is taken for a property", "two columns score"} <= set(findings_in_graphml(out.getvalue()))
    assert findings_in_graphml(write(small_graph(), tmp_path / "kg.graphml").read_bytes()) == []
    assert findings_in_gexf(write(small_graph(), tmp_path / "kg.gexf").read_bytes()) == []
