// The drawing: what is visible, with what is chosen standing out.
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

const short = (label) => (label.length > 42 ? `${label.slice(0, 40)}…` : label);
const font = ({ labelWeight, labelSize, labelFont }) => `${labelWeight} ${labelSize}px ${labelFont}`;

export class Canvas {
  /** `on` has node(id), link(key) and nothing(), called at clicks. Throws where there is no WebGL. */
  constructor(container, model, on) {
    this.model = model;
    this.state = null;
    this.visible = null;
    this.marked = { nodes: new Set(), links: new Set(), near: new Set() };
    this.hovered = null;
    this.labels = [];
    this.setTheme("light");
    this.sigma = new Sigma(model.graph, container, {
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
      hideEdgesOnMove: model.graph.size > 50000,
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
      this.sigma.scheduleRender();
    }).observe(container);
    container.addEventListener("keydown", (event) => this.key(event));
    this.container = container;
  }

  hover(node, link) {
    const changed = [this.hovered, link].filter(Boolean);
    this.hovered = link;
    this.container.style.cursor = node || link ? "pointer" : "";
    const tip = byId("tip");
    tip.textContent = link
      ? this.model.graph.extremities(link).map((id) => this.model.label(id)).join(" – ")
      : "";
    if (changed.length) this.sigma.refresh({ partialGraph: { edges: changed }, skipIndexation: true });
  }

  /** Where moving is slow, as without a graphics card, links are left out while it lasts. */
  watchSpeed() {
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
    this.looks = LOOKS[theme];
    if (this.sigma) this.sigma.refresh({ skipIndexation: true });
  }

  /** Draw what is visible, with what is marked: the nodes and links chosen, and the nodes near them. */
  draw(visible, marked) {
    this.visible = visible;
    this.marked = marked;
    this.sigma.refresh({ skipIndexation: false });
  }

  nodeLooks(id, data) {
    if (!this.visible?.nodes.has(id)) return { ...data, hidden: true, color: "#000", rim: "#000" };
    const { ground, kinds, strong, rim } = this.looks;
    const { nodes, near } = this.marked;
    const chosen = nodes.has(id);
    const faded = nodes.size && !chosen && !near.has(id);
    let colour = kinds[data.about.kind] ?? OTHER;
    let edge = rim > 0 ? mix(colour, [0, 0, 0], rim) : mix(colour, [255, 255, 255], -rim);
    if (faded) [colour, edge] = [mix(colour, ground, 0.78), mix(edge, ground, 0.72)];
    if (chosen) edge = strong;
    return {
      x: data.x, y: data.y, kind: data.about.kind, color: hex(colour), rim: hex(edge),
      size: chosen ? data.size * 1.15 + 2 : data.size,
      label: faded ? null : data.about.label,
      forceLabel: chosen || near.has(id),
      zIndex: chosen ? 3 : near.has(id) ? 2 : 1,
    };
  }

  linkLooks(key, data) {
    if (!this.visible?.links.has(key)) return { ...data, hidden: true };
    const { ground, link, strong, accent } = this.looks;
    const share = Math.sqrt(data.weight / this.model.heaviest);
    const { nodes, links } = this.marked;
    const size = 0.8 + 4 * share;
    if (key === this.hovered) return { color: hex(accent), size: size + 1.5, zIndex: 4 };
    if (links.has(key)) {
      const colour = links.size < 12 ? accent : mix(ground, strong, 0.45 + 0.3 * share);
      return { color: hex(colour), size: size + 0.6, zIndex: 3 };
    }
    if (nodes.size) return { color: hex(mix(ground, link, 0.14)), size: 0.6, zIndex: 0 };
    const crowd = this.visible.links.size > 1500 ? 0.28 : 0.42;
    return { color: hex(mix(ground, link, crowd + 0.58 * share)), size, zIndex: 1 };
  }

  /** Labels of one frame, the most important first; one that would lie over another is left out. */
  drawLabels() {
    const settings = this.sigma.getSettings();
    const rank = ({ data: { zIndex, size } }) => zIndex * 1000 + size;
    const taken = [];
    for (const { context, data } of this.labels.sort((a, b) => rank(b) - rank(a))) {
      const text = short(data.label);
      context.font = font(settings);
      const left = data.x + data.size + 2;
      const box = [left, data.y - settings.labelSize * 0.7, left + context.measureText(text).width + 4, data.y + settings.labelSize * 0.7];
      const over = ([l, t, r, b]) => box[0] < r && box[2] > l && box[1] < b && box[3] > t;
      if (data.zIndex < 3 && taken.some(over)) continue;
      taken.push(box);
      this.drawLabel(context, data, settings);
    }
    this.labels = [];
  }

  drawLabel(context, data, settings) {
    if (!data.label) return;
    const text = short(data.label);
    context.font = font(settings);
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = hex(this.looks.ground);
    context.fillStyle = this.looks.ink;
    const [x, y] = [data.x + data.size + 4, data.y + settings.labelSize / 3];
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }

  drawHover(context, data, settings) {
    context.beginPath();
    context.arc(data.x, data.y, data.size + 3, 0, Math.PI * 2);
    context.lineWidth = 2;
    context.strokeStyle = hex(this.looks.accent);
    context.stroke();
    this.drawLabel(context, { ...data, label: data.label ?? null }, settings);
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
