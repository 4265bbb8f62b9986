// The graph, what of it is visible, and what can be asked of it.
import { UndirectedGraph } from "graphology";

export const KINDS = ["person", "country", "event"];
export const KIND_NAMES = { person: "People", country: "Countries", event: "Events" };

export const linkKey = (a, b) => (a < b ? `${a}\n${b}` : `${b}\n${a}`);

/** What a viewer chose to see; `from` and `to` are slots of time, `focus` a set of ids or null for all. */
export function freshState() {
  return {
    kinds: new Set(KINDS), types: null, weight: 0, relation: "", from: null, to: null, undated: false,
    focus: null, node: null, link: null, path: null, pathFrom: null,
  };
}

export class Model {
  constructor(data, api = null) {
    this.api = api;
    this.graph = new UndirectedGraph();
    this.articles = data.articles ?? [];
    this.articleNumber = new Map(this.articles.map((article, i) => [article.id, i]));
    this.total = data.total ?? null;
    this.known = new Map(); // the names of nodes as they are compared
    this.times = new Times(this.articles);
    this.add(data);
  }

  /** Add nodes and links, those that are there already excepted; return the ids of the new nodes. */
  add({ nodes, links }, around = null) {
    const graph = this.graph;
    const added = [];
    const box = around == null ? null : graph.getNodeAttributes(around);
    const step = around == null ? 0 : this.extent() / 40;
    for (const node of nodes) {
      if (graph.hasNode(node.id)) continue;
      if (node.x == null) {
        const turn = added.length * 2.399963;
        const far = step * Math.sqrt(added.length + 1);
        node.x = (box?.x ?? 0) + far * Math.cos(turn);
        node.y = (box?.y ?? 0) + far * Math.sin(turn);
      }
      added.push(node.id);
      graph.addNode(node.id, { x: node.x, y: node.y, size: 3, strength: 0, about: node });
    }
    for (const link of links) {
      const a = typeof link.a === "number" ? nodes[link.a].id : link.a;
      const b = typeof link.b === "number" ? nodes[link.b].id : link.b;
      if (graph.hasEdge(linkKey(a, b))) continue;
      const slots = this.times.slotsOf(link.in);
      graph.addEdgeWithKey(linkKey(a, b), a, b, { weight: link.weight, about: link, slots });
      for (const end of [a, b]) graph.updateNodeAttribute(end, "strength", (sum) => sum + link.weight);
    }
    this.size();
    return added;
  }

  /** Areas grow with the weights of a node's links. */
  size() {
    const graph = this.graph;
    let most = 1;
    graph.forEachNode((_, node) => { most = Math.max(most, node.strength); });
    const [least, range] = graph.order > 3000 ? [1.2, 10] : graph.order > 1000 ? [2, 12] : graph.order > 300 ? [3, 14] : [4, 16];
    graph.updateEachNodeAttributes((_, node) => ({ ...node, size: least + range * Math.sqrt(node.strength / most) }));
    this.heaviest = 1;
    graph.forEachEdge((_, link) => { this.heaviest = Math.max(this.heaviest, link.weight); });
  }

  extent() {
    let [least, most] = [Infinity, -Infinity];
    this.graph.forEachNode((_, { x, y }) => {
      least = Math.min(least, x, y);
      most = Math.max(most, x, y);
    });
    return Math.max(most - least, 1);
  }

  node(id) {
    return this.graph.getNodeAttribute(id, "about");
  }

  label(id) {
    return this.node(id).label;
  }

  /** The types of events with how many there are of each, the commonest first. */
  types() {
    const counts = new Map();
    this.graph.forEachNode((_, { about }) => {
      if (about.kind === "event" && about.type) counts.set(about.type, (counts.get(about.type) ?? 0) + 1);
    });
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  kindCounts() {
    const counts = {};
    this.graph.forEachNode((_, { about }) => { counts[about.kind] = (counts[about.kind] ?? 0) + 1; });
    return counts;
  }

  /** Return the visible nodes and links: where a filter is set, a node without any visible link goes too. */
  visible(state) {
    const graph = this.graph;
    const links = new Set();
    const linked = new Set();
    const wanted = (id) => {
      const { about } = graph.getNodeAttributes(id);
      return (
        (!KINDS.includes(about.kind) || state.kinds.has(about.kind)) &&
        (about.kind !== "event" || state.types == null || state.types.has(about.type)) &&
        (state.focus == null || state.focus.has(id))
      );
    };
    const nodes = new Set(graph.filterNodes(wanted));
    const timed = state.from != null || state.to != null;
    const from = state.from ?? 0;
    const to = state.to ?? Infinity;
    graph.forEachEdge((key, link, a, b) => {
      if (!nodes.has(a) || !nodes.has(b) || link.weight < state.weight) return;
      if (state.relation && (link.about.role ? "participant" : "co-occurrence") !== state.relation) return;
      if (timed && !link.slots.some((slot) => slot >= from && slot <= to)) {
        if (!(state.undated && link.slots.length === 0)) return;
      }
      links.add(key);
      linked.add(a).add(b);
    });
    if (timed || state.weight > 0 || state.relation) return { nodes: linked, links };
    return { nodes, links };
  }

  /** Visible links of a node, the strongest first. */
  linksOf(id, visible) {
    const found = [];
    this.graph.forEachEdge(id, (key, link, a, b) => {
      if (!visible || visible.links.has(key)) found.push({ key, link, other: a === id ? b : a });
    });
    return found.sort((one, two) => two.link.weight - one.link.weight || (one.other < two.other ? -1 : 1));
  }

  /** The shortest path over visible links as ids; of several the strongest, as `kg.queries.path` has it. */
  path(from, to, visible) {
    let layer = new Map([[from, { cost: 0, nodes: [from] }]]);
    const seen = new Set([from]);
    while (layer.size && !layer.has(to)) {
      const next = new Map();
      for (const [id, { cost, nodes }] of layer) {
        this.graph.forEachEdge(id, (key, { weight }, a, b) => {
          const other = a === id ? b : a;
          if (seen.has(other) || !visible.links.has(key)) return;
          const way = { cost: Number((cost + 1 / weight).toFixed(12)), nodes: [...nodes, other] };
          const known = next.get(other);
          if (!known || way.cost < known.cost || (way.cost === known.cost && before(way.nodes, known.nodes))) next.set(other, way);
        });
      }
      for (const id of next.keys()) seen.add(id);
      layer = next;
    }
    return layer.get(to)?.nodes ?? null;
  }

  /** Names that a typed text may mean, the best first. */
  search(text, limit = 10) {
    const wanted = plain(text);
    if (!wanted) return [];
    const found = [];
    this.graph.forEachNode((id, { about, strength }) => {
      if (!this.known.has(id)) this.known.set(id, names(about));
      const [rank, alias] = best(wanted, this.known.get(id));
      if (rank < 9) found.push({ id, rank, alias, strength, about });
    });
    found.sort((a, b) => a.rank - b.rank || b.strength - a.strength || (a.id < b.id ? -1 : 1));
    return found.slice(0, limit);
  }

  /** The articles that mention a node, by its links. */
  articlesOf(id) {
    const numbers = new Set();
    this.graph.forEachEdge(id, (_, link) => link.about.in.forEach((number) => numbers.add(number)));
    return [...numbers].map((number) => this.articles[number]);
  }

  // What a server is asked for; a page that holds all has it already.

  async quotes(key) {
    const { about } = this.graph.getEdgeAttributes(key);
    if (!about.quotes && this.api) {
      const [a, b] = this.graph.extremities(key);
      const { articles, quotes } = await this.ask("link", { a, b });
      for (const [number, article] of Object.entries(articles)) this.articles[number] = article;
      about.quotes = quotes;
    }
    return about.quotes ?? [];
  }

  async searchFar(text) {
    return this.api ? (await this.ask("search", { q: text })).nodes : [];
  }

  async expand(id) {
    if (!this.api) return [];
    return this.add(await this.ask("neighbours", { id }), id);
  }

  /** Have a node in the graph, asking for it if need be. */
  async need(id) {
    if (this.graph.hasNode(id)) return true;
    if (!this.api) return false;
    try {
      const found = await this.ask("neighbours", { id });
      const anchor = found.nodes.map((node) => node.id).find((other) => this.graph.hasNode(other));
      this.add(found, anchor ?? null);
    } catch {
      return false;
    }
    return this.graph.hasNode(id);
  }

  async pathFar(from, to) {
    if (!this.api) return null;
    const found = await this.ask("path", { from, to });
    this.add(found, this.graph.hasNode(from) ? from : null);
    return found.path;
  }

  async ask(what, query) {
    const answer = await fetch(`${this.api}/${what}?${new URLSearchParams(query)}`);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.json();
  }
}

/** Days, months or years, whichever is the shortest of which there are at most a hundred. */
export class Times {
  constructor(articles) {
    const days = articles.map((article) => /^\d{4}-\d\d-\d\d/.exec(article.published ?? "")?.[0] ?? null);
    const known = days.filter(Boolean).sort();
    this.slots = [];
    if (known.length) {
      const [first, last] = [known[0], known[known.length - 1]];
      this.slots = [10, 7, 4].map((size) => between(first, last, size)).find((slots) => slots.length <= 100)
        ?? between(first, last, 4);
    }
    const size = this.slots[0]?.length ?? 10;
    const number = new Map(this.slots.map((slot, i) => [slot, i]));
    this.slotOf = days.map((day) => (day ? number.get(day.slice(0, size)) : null));
    this.counts = this.slots.map(() => 0);
    for (const slot of this.slotOf) if (slot != null) this.counts[slot] += 1;
  }

  slotsOf(articles) {
    return [...new Set(articles.map((number) => this.slotOf[number]).filter((slot) => slot != null))];
  }
}

/** Every day, month or year (as the first `size` letters of a date) from one day to another. */
function between(first, last, size) {
  const slots = [];
  const day = new Date(`${first.slice(0, size).padEnd(10, "-01-01".slice(size === 4 ? 0 : 3))}T00:00:00Z`);
  for (;;) {
    const slot = day.toISOString().slice(0, size);
    if (slot > last.slice(0, size) || slots.length > 400) return slots;
    slots.push(slot);
    if (size === 10) day.setUTCDate(day.getUTCDate() + 1);
    else if (size === 7) day.setUTCMonth(day.getUTCMonth() + 1);
    else day.setUTCFullYear(day.getUTCFullYear() + 1);
  }
}

export const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** Whether one list of ids comes before another. */
function before(one, other) {
  const at = one.findIndex((id, i) => id !== other[i]);
  return at >= 0 && one[at] < other[at];
}

/** The label and the aliases, each as it is compared. */
const names = ({ label, aliases = [] }) => [[plain(label), null], ...aliases.map((alias) => [plain(alias), alias])];

/** How well a text fits a name, 0 the best and 9 not at all, and the alias that fits if it is not the label. */
function best(wanted, known) {
  let found = [9, null];
  for (const [name, alias] of known) {
    const rank = fit(wanted, name) + (alias == null ? 0 : 0.5);
    if (rank < found[0]) found = [rank, alias];
  }
  return found;
}

function fit(wanted, known) {
  if (known === wanted) return 0;
  if (known.startsWith(wanted)) return 1;
  if (` ${known}`.includes(` ${wanted}`)) return 2;
  if (wanted.length > 2 && known.includes(wanted)) return 3;
  if (wanted.length > 3 && [known, ...known.split(" ")].some((word) => close(wanted, word))) return 4;
  return 9;
}

/** Whether two words differ by one letter or by two that changed places, or twice so if they are long. */
function close(a, b) {
  const most = a.length > 7 ? 2 : 1;
  if (Math.abs(a.length - b.length) > most) return false;
  const rows = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length] <= most;
}
