// What is shown, as the part of the address after "#", so that a link to it can be kept and sent.
import { freshState, KINDS, linkKey } from "./model.js";

export function toHash(state, times, model) {
  const query = new URLSearchParams();
  if (state.path) query.append("path", state.path[0]), query.append("path", state.path[1]);
  else if (state.link) model.graph.extremities(state.link).forEach((id) => query.append("link", id));
  else if (state.node) query.set("name", state.node);
  if (state.kinds.size < KINDS.length) query.set("kinds", KINDS.filter((kind) => state.kinds.has(kind)).join(","));
  if (state.types) query.set("types", [...state.types].sort().join(","));
  if (state.weight) query.set("weight", state.weight);
  if (state.relation) query.set("relation", state.relation);
  if (state.from != null) query.set("from", times.slots[state.from]);
  if (state.to != null) query.set("to", times.slots[state.to]);
  if (state.undated) query.set("undated", "1");
  if (state.focus) [...state.focus].sort().forEach((id) => query.append("only", id));
  const text = query.toString();
  return text && `#${text.replace(/%2F/g, "/").replace(/%2C/g, ",")}`;
}

/** Return the state that an address tells; what it says of names that are not there is passed over. */
export async function fromHash(hash, times, model) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const state = freshState();
  const has = async (ids) => (await Promise.all(ids.map((id) => model.need(id)))).every(Boolean);
  const name = query.get("name");
  const link = query.getAll("link");
  const path = query.getAll("path");
  const missing = [];
  if (path.length === 2) (await has(path)) ? (state.path = path) : missing.push(...path);
  else if (link.length === 2) {
    if ((await has(link)) && model.graph.hasEdge(linkKey(...link))) state.link = linkKey(...link);
    else missing.push(...link);
  } else if (name) (await has([name])) ? (state.node = name) : missing.push(name);
  if (query.has("kinds")) state.kinds = new Set(query.get("kinds").split(",").filter((kind) => KINDS.includes(kind)));
  if (query.has("types")) state.types = new Set(query.get("types").split(",").filter(Boolean));
  state.weight = Math.max(0, Number(query.get("weight")) || 0);
  state.relation = ["participant", "co-occurrence"].includes(query.get("relation")) ? query.get("relation") : "";
  const slot = (text) => {
    const at = text ? times.slots.indexOf(text.slice(0, times.slots[0]?.length)) : -1;
    return at < 0 ? null : at;
  };
  state.from = slot(query.get("from"));
  state.to = slot(query.get("to"));
  state.undated = query.get("undated") === "1";
  const only = query.getAll("only");
  if (only.length) {
    await has(only);
    state.focus = new Set(only.filter((id) => model.graph.hasNode(id)));
    if (!state.focus.size) state.focus = null;
  }
  return { state, missing };
}
