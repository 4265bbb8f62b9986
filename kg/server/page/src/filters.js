// Which kinds, types and weights are shown.
import { byId, count, h, swatch } from "./dom.js";
import { KINDS, KIND_NAMES } from "./model.js";

export class Filters {
  constructor(model, state, change) {
    Object.assign(this, { model, change });
    const counts = model.kindCounts();
    this.kinds = KINDS.map((kind) => this.box(`kind-${kind}`, () => this.toggleKind(kind)));
    byId("kinds").append(...KINDS.map((kind, i) =>
      h("label", { for: `kind-${kind}` }, this.kinds[i], swatch(kind), h("span", { class: "grow" }, KIND_NAMES[kind]), h("span", { class: "number" }, count(counts[kind] ?? 0)))));
    const types = model.types();
    this.typeNames = types.map(([type]) => type);
    this.types = this.typeNames.map((type, i) => this.box(`type-${i}`, () => this.toggleType()));
    byId("types").append(...types.map(([type, n], i) =>
      h("label", { for: `type-${i}` }, this.types[i], h("span", { class: "grow" }, type), h("span", { class: "number" }, count(n)))));
    byId("types-box").hidden = types.length < 2;
    byId("no-types").addEventListener("click", () => this.allTypes(false));
    byId("all-types").addEventListener("click", () => this.allTypes(true));
    // by the weights that there are, so that each step of the slider changes what is shown
    this.steps = [0, ...steps(model)];
    this.weight = byId("weight");
    this.weight.max = this.steps.length - 1;
    this.weight.addEventListener("input", () => { this.state.weight = this.steps[this.weight.value]; this.change(); });
    this.relation = byId("relation");
    this.relation.addEventListener("change", () => { this.state.relation = this.relation.value; this.change(); });
    this.set(state);
  }

  box(id, change) {
    return h("input", { type: "checkbox", id, onchange: change });
  }

  toggleKind(kind) {
    if (!this.state.kinds.delete(kind)) this.state.kinds.add(kind);
    this.change();
  }

  toggleType() {
    const chosen = this.typeNames.filter((_, i) => this.types[i].checked);
    this.state.types = chosen.length === this.types.length ? null : new Set(chosen);
    this.change();
  }

  allTypes(on) {
    this.types.forEach((box) => { box.checked = on; });
    this.toggleType();
  }

  /** Show a choice that was made elsewhere. */
  set(state) {
    this.state = state;
    this.kinds.forEach((box, i) => { box.checked = state.kinds.has(KINDS[i]); });
    this.types.forEach((box, i) => { box.checked = state.types == null || state.types.has(this.typeNames[i]); });
    const step = this.steps.findIndex((weight) => weight >= state.weight);
    this.weight.value = step < 0 ? this.steps.length - 1 : step;
    const words = state.weight ? `${count(state.weight)} or more` : "any";
    byId("weight-words").textContent = words;
    this.weight.setAttribute("aria-valuetext", words);
    this.relation.value = state.relation;
  }
}

/** At most 40 weights above the least, at equal distances in the sorted list of those that there are. */
function steps(model) {
  const weights = new Set();
  model.graph.forEachEdge((_, { weight }) => weights.add(weight));
  const sorted = [...weights].sort((a, b) => a - b).slice(1);
  const every = Math.ceil(sorted.length / 40) || 1;
  return sorted.filter((_, i) => i % every === 0 || i === sorted.length - 1);
}
