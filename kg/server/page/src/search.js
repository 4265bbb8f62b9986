// The search box: a combobox whose list shows the names that the text may mean.
import { byId, h, plural, swatch } from "./dom.js";

export class Search {
  constructor(model, { pick, say }) {
    Object.assign(this, { model, pick, say, found: [], at: -1 });
    this.input = byId("search");
    this.list = byId("suggestions");
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.input.addEventListener("focus", () => this.input.value && this.suggest());
  }

  async suggest() {
    const text = this.input.value;
    this.show(this.model.search(text));
    if (!this.model.api || text.trim().length < 2) return;
    const far = await this.model.searchFar(text).catch(() => []);
    if (text !== this.input.value) return;
    const known = new Set(this.found.map(({ id }) => id));
    const others = far.filter((about) => !known.has(about.id)).map((about) => ({ id: about.id, about, alias: null }));
    this.show([...this.found, ...others].slice(0, 12));
  }

  show(found) {
    this.found = found;
    this.at = found.length ? 0 : -1;
    const options = found.map(({ about, alias }, i) =>
      h("li", { role: "option", id: `option-${i}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); this.choose(i); } },
        swatch(about.kind), h("span", { class: "grow" }, about.label, alias && h("span", { class: "quiet" }, ` “${alias}”`)),
        h("span", { class: "quiet" }, about.type ?? about.kind)));
    if (this.input.value.trim() && !found.length) {
      options.push(h("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "quiet" }, "No name like that"));
    }
    this.list.replaceChildren(...options);
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.mark();
    if (this.input.value.trim()) this.say(found.length ? plural(found.length, "suggestion") : "No name like that");
  }

  mark() {
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `option-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const last = this.found.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden) this.suggest();
      else this.at = event.key === "ArrowDown" ? (this.at >= last ? 0 : this.at + 1) : this.at <= 0 ? last : this.at - 1;
      this.mark();
      event.preventDefault();
    } else if (event.key === "Enter" && this.at >= 0) {
      this.choose(this.at);
      event.preventDefault();
    } else if (event.key === "Escape") {
      if (this.list.hidden) this.input.value = "";
      this.close();
      event.stopPropagation();
    }
  }

  choose(i) {
    const { id } = this.found[i];
    this.input.value = "";
    this.close();
    this.pick(id);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
