// Read a GEXF and a GraphML file as Gephi Lite does, and print nodes and edges as JSON.
const fs = require("fs");
const Graph = require("graphology");
const gexf = require("graphology-gexf");
const graphml = require("graphology-graphml");

const text = fs.readFileSync(process.argv[2], "utf8");
const graph = process.argv[2].endsWith(".gexf")
  ? gexf.parse(Graph, text, { allowUndeclaredAttributes: true, addMissingNodes: true })
  : graphml.parse(Graph, text, { addMissingNodes: true });
console.log(JSON.stringify({
  nodes: Object.fromEntries(graph.mapNodes((node, attributes) => [node, attributes])),
  edges: graph.mapEdges((edge, attributes, source, target) => [source, target, attributes]),
}));
