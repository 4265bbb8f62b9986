// Puts the page together: one state, and all parts drawn anew from it when it changes.
import { fromHash, toHash } from "./address.js";
import { Canvas } from "./canvas.js";
import { linkCard, noPathCard, nodeCard, pathCard, welcome } from "./cards.js";
import { byId, count, h, plural } from "./dom.js";
import { Filters } from "./filters.js";
import { linkList, nodeList } from "./lists.js";
import { freshState, linkKey, Model } from "./model.js";
import { Search } from "./search.js";
import { theme } from "./theme.js";
import { Time } from "./time.js";

async function start() {
  await painted();
  const told = JSON.parse(byId("data").textContent);
  const data = told.api ? await (await fetch(`${told.api}/graph`)).json() : told;
  const explorer = new Explorer(new Model(data, told.api ?? null));
  window.kg = explorer; // for whoever opens the console
  await explorer.begin();
}

/** Let the frame of the page be seen before the work begins; a page in the background is not painted. */
function painted() {
  return new Promise((resolve) => {
    if (document.visibilityState === "hidden") resolve();
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 1000);
  });
}

class Explorer {
  constructor(model) {
    this.model = model;
    this.state = freshState();
    const act = {
      node: (id) => this.pick(id), link: (key) => this.choose({ link: key }), nothing: () => this.nothing(),
      expand: (id) => this.expand(id), only: (id) => this.only(id), pathFrom: (id) => this.pathFrom(id), key: linkKey,
      inTime: (article) => this.inTime(article),
    };
    this.act = act;
    this.nodes = nodeList(model, act);
    this.links = linkList(model, act);
    byId("panel-names").append(this.nodes.element);
    byId("panel-links").append(this.links.element);
    this.search = new Search(model, { pick: (id) => this.pickFar(id), say });
    this.filters = new Filters(model, this.state, () => this.changed());
    this.time = new Time(model, (from, to, undated) => { Object.assign(this.state, { from, to, undated }); this.changed(); });
    this.tabs = new Tabs(["details", "names", "links"], (name) => {
      this.nodes.show(name === "names");
      this.links.show(name === "links");
    });
    try {
      this.canvas = new Canvas(byId("canvas"), model, {
        ...act,
        node: (id) => this.pick(id, false),
        link: (key) => this.choose({ link: key }, false),
      });
    } catch (error) {
      console.warn(error);
      byId("canvas").replaceChildren(h("p", { class: "no-canvas" }, "This browser draws no WebGL, so there is no picture; the lists hold all of it."));
      byId("zoom").hidden = true;
      this.tabs.open("names");
    }
    theme(byId("theme"), (name) => this.canvas?.setTheme(name));
    this.buttons();
    const { articles } = model;
    const whole = model.total ?? { nodes: model.graph.order, links: model.graph.size };
    byId("counts").textContent = `${plural(whole.nodes, "name")} · ${plural(whole.links, "link")} · ${plural(articles.length, "article")}`;
  }

  async begin() {
    await this.read();
    addEventListener("popstate", () => this.read());
    addEventListener("hashchange", () => this.read());
    document.documentElement.dataset.ready = "true";
  }

  /** Show what the address says. */
  async read() {
    if (this.hash === location.hash && this.drawn) return;
    this.hash = location.hash;
    const { state, missing } = await fromHash(location.hash, this.model.times, this.model);
    this.state = state;
    this.filters.set(state);
    this.time.set(state.from, state.to, state.undated);
    await this.draw();
    if (missing.length) this.card([h("h2", { id: "card-title", tabindex: "-1" }, "Not in this graph"), h("p", null, missing.join(", "))]);
    if (state.focus) this.canvas?.show(state.focus);
    else this.reveal();
  }

  /** After a filter: draw, and have the address say so without a step to go back to. */
  changed() {
    this.filters.set(this.state);
    this.write(false);
    this.draw();
  }

  /** After a choice: draw, with a step to go back to. */
  async choose(choice, move = true) {
    Object.assign(this.state, { node: null, link: null, path: null, pathFrom: null }, choice);
    this.write(true);
    await this.draw();
    this.tabs.open("details");
    if (move) this.reveal();
    if (choice.node || choice.link || choice.path) byId("card-title")?.focus({ preventScroll: !narrow() });
  }

  write(step) {
    const hash = toHash(this.state, this.model.times, this.model);
    this.hash = hash;
    const address = hash || location.pathname + location.search;
    if (location.hash === hash) return;
    history[step ? "pushState" : "replaceState"](null, "", address);
  }

  pick(id, move = true) {
    const from = this.state.pathFrom;
    if (from && from !== id) return this.path(from, id);
    return this.choose({ node: id }, move);
  }

  /** Pick a name that the search found, which may be hidden or not yet there. */
  async pickFar(id) {
    if (!(await this.model.need(id))) return say("The server did not find it");
    if (!this.model.visible(this.state).nodes.has(id)) {
      this.state = freshState();
      this.filters.set(this.state);
      this.time.set(null, null, false);
      say("The filters were hiding it and are cleared");
    }
    return this.pick(id);
  }

  nothing() {
    if (this.state.pathFrom) return;
    if (this.state.node || this.state.link || this.state.path) this.choose({});
  }

  async path(from, to) {
    if (this.model.api) await this.model.pathFar(from, to).catch(() => null);
    this.choose({ path: [from, to] });
  }

  pathFrom(id) {
    this.state.pathFrom = id;
    const label = this.model.label(id);
    byId("picking").replaceChildren(
      h("span", { class: "grow" }, "Path from ", h("strong", null, label), ": now pick the other end, in the drawing, a list or the search."),
      h("button", { type: "button", onclick: () => { this.state.pathFrom = null; byId("picking").hidden = true; } }, "Cancel"));
    byId("picking").hidden = false;
    say(`Path from ${label}: now pick the other end`);
    byId("search").focus();
  }

  /** Have what is linked to a node in view too: from the server, and from what was hidden by "only". */
  async expand(id) {
    const added = await this.model.expand(id).catch(() => []);
    const near = this.model.graph.neighbors(id);
    const focus = this.state.focus;
    const before = focus?.size ?? 0;
    if (focus) [id, ...near].forEach((other) => focus.add(other));
    const more = added.length || (focus ? focus.size - before : 0);
    await this.choose({ node: id });
    say(more ? `${plural(more, "name")} added` : "All its neighbours are in view already");
    this.canvas?.show(focus ?? [id, ...near.filter((other) => this.visible.nodes.has(other))]);
  }

  async only(id) {
    await this.model.expand(id).catch(() => []);
    this.state.focus = new Set([id, ...this.model.graph.neighbors(id)]);
    await this.choose({ node: id });
    this.canvas?.show(this.state.focus);
  }

  /** Whether an article is of the time chosen. */
  inTime(article) {
    const { from, to, undated } = this.state;
    const slot = this.model.times.slotOf[article];
    if (from == null && to == null) return true;
    return slot == null ? undated : slot >= (from ?? 0) && slot <= (to ?? Infinity);
  }

  reveal() {
    const { node, link, path } = this.state;
    if (!this.canvas) return;
    if (path && this.steps) this.canvas.show(this.steps);
    else if (link) this.canvas.show(this.model.graph.extremities(link), { least: 0.5 });
    else if (node) this.canvas.show([node, ...this.model.linksOf(node, this.visible).map(({ other }) => other)]);
  }

  async draw() {
    const { model, state } = this;
    const visible = (this.visible = model.visible(state));
    this.drawn = true;
    byId("picking").hidden = !state.pathFrom;
    byId("focus-note").hidden = !state.focus;
    byId("none").hidden = visible.nodes.size > 0;
    this.nodes.draw(visible.nodes);
    this.links.draw(visible.links);
    byId("shown").textContent = `${plural(visible.nodes.size, "name")}, ${plural(visible.links.size, "link")} shown${this.left()}`;
    const marked = { nodes: new Set(), links: new Set(), near: new Set() };
    this.steps = null;
    if (state.path) {
      const steps = (this.steps = model.path(...state.path, visible));
      if (steps) {
        steps.forEach((id) => marked.nodes.add(id));
        steps.slice(1).forEach((id, i) => marked.links.add(linkKey(steps[i], id)));
        this.card(pathCard(model, steps, this.act));
      } else this.card(noPathCard(model, ...state.path));
    } else if (state.link) {
      model.graph.extremities(state.link).forEach((id) => marked.nodes.add(id));
      marked.links.add(state.link);
      this.card(linkCard(model, state.link, this.act));
    } else if (state.node) {
      marked.nodes.add(state.node);
      model.linksOf(state.node, visible).forEach(({ key, other }) => marked.links.add(key) && marked.near.add(other));
      this.card(nodeCard(model, state.node, visible, this.act));
    } else this.card(welcome(model, visible, this.act));
    this.canvas?.draw(visible, marked);
  }

  /** What there is to say of names that are not here, as of a large graph. */
  left() {
    const { model } = this;
    const more = (model.total?.nodes ?? 0) - model.graph.order;
    if (more <= 0) return "";
    return model.api
      ? `. The graph has ${plural(more, "name")} more: search for them, or expand neighbours.`
      : `. This page holds the names with the heaviest links, and leaves out ${count(more)} others.`;
  }

  card(children) {
    byId("panel-details").replaceChildren(...children.flat(3).filter((child) => child != null && child !== false));
  }

  clear() {
    this.state = Object.assign(freshState(), { node: this.state.node, link: this.state.link, path: this.state.path });
    this.time.set(null, null, false);
    this.changed();
    this.canvas?.whole();
  }

  buttons() {
    byId("zoom-in").addEventListener("click", () => this.canvas.zoom(1 / 1.5));
    byId("zoom-out").addEventListener("click", () => this.canvas.zoom(1.5));
    byId("zoom-all").addEventListener("click", () => this.canvas.whole());
    for (const id of ["clear", "clear-all"]) byId(id).addEventListener("click", () => this.clear());
    byId("show-all").addEventListener("click", () => { this.state.focus = null; this.changed(); this.canvas?.whole(); });
    byId("copy").addEventListener("click", () => this.copy());
    document.querySelector("[data-skip]").addEventListener("click", (event) => {
      event.preventDefault(); // the part of the address after "#" is taken
      byId("panel").focus();
    });
    const help = byId("help");
    byId("ask-help").addEventListener("click", () => help.showModal());
    byId("close-help").addEventListener("click", () => help.close());
    byId("filter-box").open = !narrow();
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input:not([type=range]):not([type=checkbox]), select, dialog");
      if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
      if (event.key === "/") byId("search").focus();
      else if (event.key === "?") help.showModal();
      else if (event.key === "Escape") { this.state.pathFrom = null; this.choose({}); }
      else return;
      event.preventDefault();
    });
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      say("The link is copied");
    } catch {
      say("The link is in the address bar");
    }
    byId("copy").textContent = "Copied";
    setTimeout(() => { byId("copy").textContent = "Copy link"; }, 1500);
  }
}

/** Tabs as WAI-ARIA has them: arrows move between them. */
class Tabs {
  constructor(names, opened) {
    Object.assign(this, { names, opened });
    names.forEach((name, i) => {
      byId(`tab-${name}`).addEventListener("click", () => this.open(name));
      byId(`tab-${name}`).addEventListener("keydown", (event) => {
        const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!way) return;
        const next = names[(i + way + names.length) % names.length];
        this.open(next);
        byId(`tab-${next}`).focus();
        event.preventDefault();
      });
    });
  }

  open(chosen) {
    for (const name of this.names) {
      byId(`tab-${name}`).setAttribute("aria-selected", String(name === chosen));
      byId(`tab-${name}`).tabIndex = name === chosen ? 0 : -1;
      byId(`panel-${name}`).hidden = name !== chosen;
    }
    this.opened(chosen);
  }
}

const narrow = () => matchMedia("(max-width: 52rem)").matches;

function say(text) {
  byId("said").textContent = text;
}

start().catch((error) => {
  byId("panel-details").replaceChildren(h("p", { class: "error", role: "alert" }, `The graph cannot be shown: ${error.message}`));
  throw error;
});
