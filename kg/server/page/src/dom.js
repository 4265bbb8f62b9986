// Elements by plain calls: text is text, whatever it holds.

/** Make an element; `props` are attributes, `on…` listeners, or null; children are nodes, text, lists or null. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...children.flat(3).filter((child) => child != null && child !== false));
  return element;
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...children);
  return element;
}

function set(element, name, value) {
  if (value == null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : value);
}

export const byId = (id) => document.getElementById(id);

/** A number as people read it. */
export const count = (n) => n.toLocaleString("en");

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** The shape and colour that stand for a kind. */
export function swatch(kind) {
  const shape = {
    person: s("circle", { cx: 8, cy: 8, r: 6 }),
    country: s("rect", { x: 2.5, y: 2.5, width: 11, height: 11 }),
    event: s("path", { d: "M8 1 15 8 8 15 1 8Z" }),
  };
  return s(
    "svg",
    { class: `swatch ${kind}`, viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" },
    shape[kind] ?? s("circle", { cx: 8, cy: 8, r: 5 }),
  );
}
