// What is said of a name, a link or a path.
import { count, h, plural, s, swatch } from "./dom.js";

const FEW = 8;
const QUOTES = 10;
const ROLES = { source: "acts in it", target: "is acted on in it", participant: "takes part in it" };

const day = (published) => /^\d{4}(-\d\d(-\d\d)?)?/.exec(published ?? "")?.[0] ?? published;

/** An address that is safe to follow, or null. */
function safe(url) {
  try {
    const { protocol, href } = new URL(url);
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}

const fact = (name, value) => (value == null || value === "" ? null : [h("dt", null, name), h("dd", null, value)]);

const seen = ({ first_seen: first, last_seen: last }) => (first === last ? first : `${first} to ${last}`);

function heading(kind, name, ...more) {
  return h("h2", { id: "card-title", tabindex: "-1" }, swatch(kind), h("span", null, name), ...more);
}

/** What is known of a node. `act` are the things to do. */
export function nodeCard(model, id, visible, act) {
  const about = model.node(id);
  const links = model.linksOf(id, visible);
  const hidden = model.linksOf(id, null).length - links.length;
  const articles = model.articlesOf(id);
  return [
    heading(about.kind, about.label),
    h("p", { class: "quiet" }, [{ person: "Person", country: "Country", event: "Event" }[about.kind] ?? about.kind,
      about.type && `, ${about.type}`, about.named === false && ", reported"]),
    about.aliases && h("p", null, h("span", { class: "quiet" }, "Also written "), about.aliases.join(" · ")),
    h("dl", { class: "facts" },
      fact("Mentions", count(about.mentions)),
      fact("Articles", count(about.articles)),
      fact("Links", count(model.linksOf(id, null).length)),
      about.first_seen && fact("Seen", seen(about)),
      fact("When", [about.when, about.date && about.date !== about.when && `(${about.date})`].filter(Boolean).join(" ")),
      fact("Where", about.place),
      fact("Told as", about.modality),
      fact("PLOVER", about.plover),
      about.wikidata && fact("Wikidata", outside(`https://www.wikidata.org/wiki/${encodeURIComponent(about.wikidata)}`, about.wikidata))),
    h("div", { class: "actions" },
      h("button", { type: "button", onclick: () => act.expand(id) }, "Expand neighbours"),
      h("button", { type: "button", onclick: () => act.only(id) }, "Only its neighbours"),
      h("button", { type: "button", onclick: () => act.pathFrom(id) }, "Path from here…")),
    history(model, links),
    h("h3", null, links.length ? "Strongest links" : "No links shown"),
    more(links, FEW, (found) => h("ul", { class: "links" }, found.map(({ key, link, other }) => linkRow(model, key, link, other, act)))),
    hidden > 0 && h("p", { class: "quiet" }, `${plural(hidden, "link")} hidden by the filters.`),
    articles.length > 0 && [
      h("h3", null, "In the news"),
      more(articles.sort((a, b) => (b.published ?? "").localeCompare(a.published ?? "") || (a.id < b.id ? -1 : 1)), 5, (found) =>
        h("ul", { class: "articles" }, found.map((article) => h("li", null, source(article))))),
    ],
  ];
}

function linkRow(model, key, link, other, act) {
  return h("li", null,
    h("button", { type: "button", class: "row", onclick: () => act.link(key), title: "Show the quotes" },
      swatch(model.node(other).kind), h("span", { class: "grow" }, model.label(other)),
      link.about.role && h("span", { class: "quiet" }, link.about.role),
      h("span", { class: "number", title: "weight" }, count(link.weight))));
}

/** Bars: in how many articles the links of a node are shown, slot by slot. */
function history(model, links) {
  const { slots, slotOf } = model.times;
  if (slots.length < 2) return null;
  const articles = new Set(links.flatMap(({ link }) => link.about.in));
  const counts = slots.map(() => 0);
  for (const article of articles) if (slotOf[article] != null) counts[slotOf[article]] += 1;
  const most = Math.max(...counts);
  if (!most) return null;
  const width = 100 / slots.length;
  return h("figure", { class: "history" },
    s("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" },
      ...counts.map((n, i) => s("rect", { x: i * width, y: 24 - (22 * n) / most, width: width * 0.8, height: (22 * n) / most }))),
    h("figcaption", { class: "quiet" }, `${plural(articles.size, "article")}, ${slots[0]} to ${slots[slots.length - 1]}`));
}

/** The first few of a list, and a button for the rest. */
function more(list, few, draw) {
  const box = h("div", null, draw(list.slice(0, few)));
  if (list.length > few) {
    const button = h("button", { type: "button", class: "more" }, `Show all ${count(list.length)}`);
    button.addEventListener("click", () => {
      box.replaceChildren(draw(list));
      (box.querySelectorAll("li > button, li a, blockquote")[few] ?? box).focus?.();
    });
    box.append(button);
  }
  return box;
}

function outside(url, text) {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text, h("span", { class: "sr" }, " (opens in a new tab)"));
}

/** Where a quote is from: title, source, date, and the way there. */
function source(article) {
  const url = safe(article.url);
  const title = article.title || article.found?.[0] || article.id;
  const rest = [article.source, day(article.published)].filter(Boolean).join(", ");
  return [
    url ? outside(url, title) : h("span", null, title),
    rest && h("span", { class: "quiet" }, ` ${rest}`),
    !url && article.found?.[0] && article.title && h("span", { class: "quiet place" }, ` ${article.found[0]}`),
  ];
}

/** What is known of a link, with its quotes, which may be on their way. */
export function linkCard(model, key, act) {
  const [a, b] = model.graph.extremities(key);
  const { about } = model.graph.getEdgeAttributes(key);
  const list = h("div", { class: "quotes", "aria-live": "polite" }, h("p", { class: "quiet" }, "Fetching the quotes…"));
  const lines = (quotes) =>
    more(quotes, QUOTES, (found) => h("ol", null, found.map((quote) => h("li", null, quoteBox(model, quote)))));
  const show = (quotes) => {
    const inside = quotes.filter(([article]) => act.inTime(article));
    const outside = quotes.filter(([article]) => !act.inTime(article));
    list.replaceChildren(
      inside.length ? lines(inside) : h("p", { class: "quiet" }, quotes.length ? "Nothing at the time chosen." : "No quotes are kept."),
      ...(outside.length ? [h("h3", null, "At other times"), lines(outside)] : []));
  };
  model.quotes(key).then(show, (error) => list.replaceChildren(h("p", { class: "error" }, `No quotes: ${error.message}.`)));
  return [
    h("h2", { id: "card-title", tabindex: "-1", class: "pair" },
      nameButton(model, a, act), h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "sr" }, " and "), nameButton(model, b, act)),
    h("dl", { class: "facts" },
      fact("Weight", count(about.weight)),
      fact("Sentences", about.sentences && count(about.sentences)),
      fact("Articles", about.articles && count(about.articles)),
      about.npmi != null && fact("NPMI", about.npmi.toFixed(2)),
      about.first_seen && fact("Seen", seen(about)),
      about.role && fact("Role", ROLES[about.role] ?? about.role)),
    h("h3", null, "What the articles say"),
    list,
  ];
}

function nameButton(model, id, act) {
  return h("button", { type: "button", class: "name", onclick: () => act.node(id) }, swatch(model.node(id).kind), model.label(id));
}

/** A quote with its names marked. Pieces at odd places are names. */
function quoteBox(model, [article, ...pieces]) {
  const text = pieces.map((piece, i) => (i % 2 ? h("mark", null, piece) : piece));
  return h("figure", null,
    h("blockquote", { tabindex: "-1" }, text),
    h("figcaption", null, source(model.articles[article] ?? { id: "unknown article" })));
}

/** The steps of a path, each with its best quote. */
export function pathCard(model, steps, act) {
  const rows = [];
  steps.forEach((id, i) => {
    if (i > 0) {
      const key = act.key(steps[i - 1], id);
      const box = h("div", { class: "step" });
      model.quotes(key).then((quotes) => quotes.length && box.append(quoteBox(model, quotes[0])), () => {});
      rows.push(h("li", null, h("button", { type: "button", class: "row", onclick: () => act.link(key) },
        h("span", { class: "grow" }, `Together with weight ${count(model.graph.getEdgeAttribute(key, "weight"))}`), "All quotes"), box));
    }
    rows.push(h("li", { class: "stop" }, nameButton(model, id, act)));
  });
  return [
    h("h2", { id: "card-title", tabindex: "-1" }, `Path of ${plural(steps.length - 1, "link")}`),
    h("ol", { class: "path" }, rows),
  ];
}

export function noPathCard(model, from, to) {
  return [
    h("h2", { id: "card-title", tabindex: "-1" }, "No path"),
    h("p", null, `Nothing that is shown connects ${model.label(from)} and ${model.label(to)}. Wider filters may.`),
  ];
}

/** What stands there before anything is chosen. */
export function welcome(model, visible, act) {
  const top = [...visible.nodes]
    .sort((a, b) => model.graph.getNodeAttribute(b, "strength") - model.graph.getNodeAttribute(a, "strength") || (a < b ? -1 : 1))
    .slice(0, 12);
  if (!top.length) return [h("h2", { id: "card-title", tabindex: "-1" }, "Nothing is shown"), h("p", { class: "quiet" }, "Clear the filters, or choose others.")];
  return [
    h("h2", { id: "card-title", tabindex: "-1" }, "Who is linked most"),
    h("p", { class: "quiet" }, "by the weights of all links"),
    h("ul", { class: "links" }, top.map((id) => h("li", null,
      h("button", { type: "button", class: "row", onclick: () => act.node(id) },
        swatch(model.node(id).kind), h("span", { class: "grow" }, model.label(id)),
        h("span", { class: "number", title: "sum of the weights of its links" }, count(model.graph.getNodeAttribute(id, "strength"))))))),
    h("p", { class: "quiet" }, "Click a name for its card, and a line for the sentences that prove it. ",
      h("kbd", null, "/"), " searches, ", h("kbd", null, "?"), " helps."),
  ];
}
