// The drawing: what is visible, with what is chosen standing out.
import { UndirectedGraph } from "graphology";
import Sigma from "sigma";
import { ShapeProgram } from "./shapes.js";
import { byId } from "./dom.js";

const LOOKS = {
  light: {
    ground: [255, 255, 255], ink: "#1b1f24", link: [120, 130, 142], strong: [27, 31, 36], accent: [176, 0, 98],
    kinds: { person: [0, 114, 178], country: [230, 159, 0], event: [0, 158, 115] }, rim: 0.45,
  },
  dark: {
    ground: [18, 21, 26], ink: "#eef1f4", link: [128, 138, 150], strong: [238, 241, 244], accent: [255, 138, 196],
    kinds: { person: [86, 180, 233], country: [230, 159, 0], event: [32, 190, 142] }, rim: -0.35,
  },
};
const OTHER = [153, 153, 153];

const hex = (rgb) => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
const mix = (one, two, share) => one.map((part, i) => part + (two[i] - part) * share);

// Colours are made once a theme, not once a link: all between two, in steps too small to be seen.
const STEPS = 64;
const shades = (one, two) => Array.from({ length: STEPS + 1 }, (_, i) => hex(mix(one, two, i / STEPS)));
const shade = (list, share) => list[Math.round(STEPS * share)];

// Of so many links, drawing takes long for a machine whose processor does it.
const MANY_LINKS = 2000;
const NO_CARD = /swiftshader|llvmpipe|softpipe|software|basic render/i;

const short = (label) => (label.length > 42 ? `${label.slice(0, 40)}…` : label);
const font = ({ labelWeight, labelSize, labelFont }) => `${labelWeight} ${labelSize}px ${labelFont}`;

/** A label and where it begins and ends: right of its node, or left of it where the drawing ends before the label. */
function placed(context, { x, size, label }, width) {
  const text = short(label);
  const long = context.measureText(text).width + 4;
  const left = x + size + 2;
  const other = x - size - 2 - long;
  return left + long > width && other > 0 ? { text, left: other, right: other + long } : { text, left, right: left + long };
}

export class Canvas {
  /** `on` has node(id), link(key) and nothing(), called at clicks. Throws where there is no WebGL. */
  constructor(container, model, on) {
    this.model = model;
    this.state = null;
    this.visible = null;
    this.marked = { nodes: new Set(), links: new Set(), near: new Set() };
    this.hovered = null;
    this.labels = [];
    this.container = container;
    this.setTheme("light");
    // it gets the graph when that is first drawn: what it is given here it would prepare in vain
    this.sigma = new Sigma(new UndirectedGraph(), container, {
      nodeProgramClasses: { shape: ShapeProgram },
      defaultNodeType: "shape",
      enableEdgeEvents: true,
      labelFont: "system-ui, -apple-system, 'Segoe UI', sans-serif",
      labelSize: 13,
      labelWeight: "500",
      labelDensity: 1,
      labelGridCellSize: 70,
      labelRenderedSizeThreshold: 5,
      minCameraRatio: 0.02,
      maxCameraRatio: 3,
      zoomToSizeRatioFunction: (ratio) => ratio ** 0.35,
      stagePadding: 40,
      zIndex: true,
      minEdgeThickness: 1,
      hideEdgesOnMove: false, // see watchSpeed
      defaultDrawNodeLabel: (context, data) => data.label && this.labels.push({ context, data: { ...data } }),
      defaultDrawNodeHover: (context, data, settings) => this.drawHover(context, data, settings),
      nodeReducer: (id, data) => this.nodeLooks(id, data),
      edgeReducer: (key, data) => this.linkLooks(key, data),
    });
    this.sigma.on("afterRender", () => this.drawLabels());
    this.sigma.on("clickNode", ({ node }) => on.node(node));
    this.sigma.on("clickEdge", ({ edge }) => on.link(edge));
    this.sigma.on("clickStage", () => on.nothing());
    this.sigma.on("doubleClickNode", (event) => {
      event.preventSigmaDefault();
      on.expand(event.node);
    });
    this.sigma.on("enterNode", ({ node }) => this.hover(node, null));
    this.sigma.on("leaveNode", () => this.hover(null, null));
    this.sigma.on("enterEdge", ({ edge }) => this.hover(null, edge));
    this.sigma.on("leaveEdge", () => this.hover(null, null));
    this.watchSpeed();
    new ResizeObserver(() => {
      this.sigma.resize();
      if (this.visible && this.share !== this.shareOfSize()) this.draw(this.visible, this.marked);
      else this.sigma.scheduleRender();
    }).observe(container);
    container.addEventListener("keydown", (event) => this.key(event));
  }

  hover(node, link) {
    const changed = [this.hovered, link].filter(Boolean);
    this.hovered = link;
    this.container.style.cursor = node || link ? "pointer" : "";
    const tip = byId("tip");
    tip.textContent = link
      ? this.model.graph.extremities(link).map((id) => this.model.label(id)).join(" – ")
      : "";
    if (changed.length && !this.isSlow()) this.sigma.refresh({ partialGraph: { edges: changed }, skipIndexation: true });
  }

  /** Whether to draw all links anew takes long. */
  isSlow() {
    return this.sigma.getSetting("hideEdgesOnMove") && this.visible?.links.size > MANY_LINKS;
  }

  /** Where moving is slow, as without a graphics card, links are left out while it lasts. */
  watchSpeed() {
    const many = this.model.graph.size > MANY_LINKS;
    if (many && NO_CARD.test(renderer())) this.sigma.setSetting("hideEdgesOnMove", true);
    let [last, slow] = [0, 0];
    this.sigma.getCamera().on("updated", () => {
      const now = performance.now();
      const took = now - last;
      last = now;
      if (took > 500) return; // the first of a movement
      slow = took > 70 ? slow + 1 : 0;
      if (slow > 3) this.sigma.setSetting("hideEdgesOnMove", true);
    });
  }

  setTheme(theme) {
    const { ground, ink, link, strong, accent, kinds, rim } = LOOKS[theme];
    const nodes = {};
    for (const [kind, colour] of Object.entries({ ...kinds, other: OTHER })) {
      const edge = rim > 0 ? mix(colour, [0, 0, 0], rim) : mix(colour, [255, 255, 255], -rim);
      nodes[kind] = {
        plain: { color: hex(colour), rim: hex(edge) },
        chosen: { color: hex(colour), rim: hex(strong) },
        faded: { color: hex(mix(colour, ground, 0.78)), rim: hex(mix(edge, ground, 0.72)) },
      };
    }
    this.looks = { ground: hex(ground), ink, accent: hex(accent), nodes, links: shades(ground, link), strong: shades(ground, strong) };
    if (this.visible) this.sigma.refresh();
  }

  /** How large nodes are drawn: smaller where there is little room, as on a phone. */
  shareOfSize() {
    const { clientWidth, clientHeight } = this.container;
    return Math.max(0.5, Math.min(1, Math.round(Math.min(clientWidth, clientHeight) / 60) / 10));
  }

  /** Draw what is visible, with what is marked: the nodes and links chosen, and the nodes near them. */
  draw(visible, marked) {
    const first = !this.visible;
    this.visible = visible;
    this.marked = marked;
    this.share = this.shareOfSize();
    if (first) this.sigma.setGraph(this.model.graph);
    else this.sigma.refresh();
  }

  nodeLooks(id, { x, y, size, about }) {
    if (!this.visible?.nodes.has(id)) return { x, y, size, hidden: true, color: "#000", rim: "#000" };
    const { nodes, near } = this.marked;
    const chosen = nodes.has(id);
    const close = near.has(id);
    const faded = nodes.size > 0 && !chosen && !close;
    const looks = this.looks.nodes[about.kind] ?? this.looks.nodes.other;
    const { color, rim } = chosen ? looks.chosen : faded ? looks.faded : looks.plain;
    return {
      x, y, color, rim,
      kind: about.kind,
      size: this.share * (chosen ? size * 1.15 + 2 : size),
      label: faded ? null : about.label,
      forceLabel: chosen || close,
      zIndex: chosen ? 3 : close ? 2 : 1,
    };
  }

  linkLooks(key, { weight }) {
    if (!this.visible?.links.has(key)) return { hidden: true };
    const { links: grey, strong, accent } = this.looks;
    const share = Math.sqrt(weight / this.model.heaviest);
    const { nodes, links } = this.marked;
    const size = 0.8 + 4 * share;
    if (key === this.hovered) return { color: accent, size: size + 1.5, zIndex: 4 };
    if (links.has(key)) {
      const color = links.size < 12 ? accent : shade(strong, 0.45 + 0.3 * share);
      return { color, size: size + 0.6, zIndex: 3 };
    }
    if (nodes.size) return { color: shade(grey, 0.14), size: 0.6, zIndex: 0 };
    const crowd = this.visible.links.size > 1500 ? 0.28 : 0.42;
    return { color: shade(grey, crowd + 0.58 * share), size, zIndex: 1 };
  }

  /** Labels of one frame, the most important first; one that would lie over another is left out. */
  drawLabels() {
    const settings = this.sigma.getSettings();
    const { width } = this.sigma.getDimensions();
    const rank = ({ data: { zIndex, size } }) => zIndex * 1000 + size;
    const taken = [];
    for (const { context, data } of this.labels.sort((a, b) => rank(b) - rank(a))) {
      context.font = font(settings);
      const { text, left, right } = placed(context, data, width);
      const box = [left, data.y - settings.labelSize * 0.7, right, data.y + settings.labelSize * 0.7];
      const over = ([l, t, r, b]) => box[0] < r && box[2] > l && box[1] < b && box[3] > t;
      if (data.zIndex < 3 && taken.some(over)) continue;
      taken.push(box);
      this.write(context, text, left + 2, data.y + settings.labelSize / 3);
    }
    this.labels = [];
  }

  write(context, text, x, y) {
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = this.looks.ground;
    context.fillStyle = this.looks.ink;
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }

  drawHover(context, data, settings) {
    context.beginPath();
    context.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
    context.lineWidth = 2;
    context.strokeStyle = this.looks.accent;
    context.stroke();
    if (!data.label) return;
    context.font = font(settings);
    const { text, left } = placed(context, data, this.sigma.getDimensions().width);
    this.write(context, text, left + 2, data.y + settings.labelSize / 3);
  }

  /** Move so that these nodes fill the view; near enough for one is a quarter of the whole. */
  show(ids, { least = 0.25 } = {}) {
    const places = [...ids].map((id) => this.sigma.getNodeDisplayData(id)).filter(Boolean);
    if (!places.length) return;
    const xs = places.map((place) => place.x);
    const ys = places.map((place) => place.y);
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const ratio = Math.max(least, Math.min(1.1, 1.35 * Math.max(right - left, high - low)));
    this.move({ x: (left + right) / 2, y: (low + high) / 2, ratio });
  }

  move(to) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const camera = this.sigma.getCamera();
    if (calm) camera.setState({ ...camera.getState(), ...to });
    else camera.animate(to, { duration: 350 });
  }

  whole() {
    this.move({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
  }

  zoom(factor) {
    const { ratio } = this.sigma.getCamera();
    this.move({ ratio: Math.max(0.02, Math.min(3, ratio * factor)) });
  }

  key(event) {
    const { x, y, ratio } = this.sigma.getCamera();
    const step = 0.1 * ratio;
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ways[event.key]) this.move({ x: x + ways[event.key][0], y: y + ways[event.key][1] });
    else if (event.key === "+" || event.key === "=") this.zoom(1 / 1.4);
    else if (event.key === "-") this.zoom(1.4);
    else if (event.key === "0") this.whole();
    else return;
    event.preventDefault();
  }
}

/** What draws in this browser, as far as it says. */
function renderer() {
  const gl = document.createElement("canvas").getContext("webgl");
  const about = gl?.getExtension("WEBGL_debug_renderer_info");
  return about ? String(gl.getParameter(about.UNMASKED_RENDERER_WEBGL)) : "";
}
