// The tables beside the drawing: everything that it shows, for reading, sorting and the keyboard.
import { count, h, plural, swatch } from "./dom.js";

const PAGE = 100;
const { compare } = new Intl.Collator();

const NODE_COLUMNS = [
  ["Name", (model, id) => model.label(id), false],
  ["Mentions", (model, id) => model.node(id).mentions, true],
  ["Weight", (model, id) => model.graph.getNodeAttribute(id, "strength"), true],
];
const LINK_COLUMNS = [
  ["Link", (model, key) => model.graph.extremities(key).map((id) => model.label(id)).join(" – "), false],
  ["Articles", (model, key) => model.graph.getEdgeAttribute(key, "about").in.length, true],
  ["Weight", (model, key) => model.graph.getEdgeAttribute(key, "weight"), true],
];

export const nodeList = (model, act) =>
  new List(model, NODE_COLUMNS, "name", (id) =>
    h("button", { type: "button", class: "row", onclick: () => act.node(id) }, swatch(model.node(id).kind),
      h("span", { class: "sr" }, `${model.node(id).kind}: `), h("span", { class: "grow" }, model.label(id))));

export const linkList = (model, act) =>
  new List(model, LINK_COLUMNS, "link", (key) =>
    h("button", { type: "button", class: "row", onclick: () => act.link(key) },
      h("span", { class: "grow" }, model.graph.extremities(key).map((id) => model.label(id)).join(" – "))));

class List {
  constructor(model, columns, noun, first) {
    Object.assign(this, { model, columns, noun, first, by: columns.length - 1, down: true, shown: PAGE, keys: [], stale: true, open: false });
    this.element = h("div");
  }

  /** List these, once the list is looked at: to sort twenty thousand links takes long. */
  draw(keys) {
    this.keys = keys;
    this.shown = PAGE;
    this.stale = true;
    if (this.open) this.fill();
  }

  /** Say whether the list is looked at. */
  show(open) {
    this.open = open;
    if (open && this.stale) this.fill();
  }

  fill() {
    this.stale = false;
    const rows = this.sorted();
    const body = rows.slice(0, this.shown).map((key) =>
      h("tr", null, h("th", { scope: "row" }, this.first(key)),
        this.columns.slice(1).map(([, of]) => h("td", null, count(of(this.model, key))))));
    this.element.replaceChildren(
      h("table", null,
        h("caption", { class: "quiet" }, `${plural(rows.length, this.noun)} shown`),
        h("thead", null, h("tr", null, this.columns.map((column, i) => this.header(column, i)))),
        h("tbody", null, body)));
    if (rows.length > this.shown) {
      this.element.append(h("button", { type: "button", class: "more", onclick: () => this.longer() },
        `Show ${count(Math.min(PAGE, rows.length - this.shown))} more of ${count(rows.length)}`));
    }
  }

  /** All that is listed, in the order chosen; of equals the first by name. */
  sorted() {
    const [, value, numeric] = this.columns[this.by];
    const names = this.columns[0][1];
    const rows = Array.from(this.keys, (key) => [value(this.model, key), names(this.model, key), key]);
    rows.sort((a, b) => {
      const order = numeric ? a[0] - b[0] : compare(a[0], b[0]);
      return (this.down ? -order : order) || compare(a[1], b[1]);
    });
    return rows.map(([, , key]) => key);
  }

  longer() {
    const before = this.shown;
    this.shown += PAGE;
    this.fill();
    this.element.querySelectorAll("tbody button")[before]?.focus();
  }

  header([name, , numeric], i) {
    const sorted = this.by === i;
    const press = () => {
      this.down = sorted ? !this.down : numeric;
      this.by = i;
      this.fill();
      this.element.querySelectorAll("thead button")[i].focus();
    };
    return h("th", { scope: "col", "aria-sort": sorted ? (this.down ? "descending" : "ascending") : "none" },
      h("button", { type: "button", onclick: press }, name, h("span", { "aria-hidden": "true" }, sorted ? (this.down ? " ▾" : " ▴") : "")));
  }
}
