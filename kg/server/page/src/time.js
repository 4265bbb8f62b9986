// The time slider: two handles under bars that show how many articles each slot of time has.
import { byId, h, plural, s } from "./dom.js";

export class Time {
  constructor(model, change) {
    const { slots, counts, slotOf } = model.times;
    Object.assign(this, { slots, change });
    const box = byId("time");
    const undated = slotOf.filter((slot) => slot == null).length;
    if (slots.length < 2) {
      const why = slots.length ? `All dated articles are of ${slots[0]}` : "No article is dated";
      box.replaceChildren(h("p", { class: "quiet" }, `${why}, so there is no time to choose.`));
      return;
    }
    const most = Math.max(...counts);
    const width = 100 / slots.length;
    this.bars = counts.map((n, i) =>
      s("rect", { x: i * width, y: 30 - (29 * n) / most, width: width * 0.86, height: (29 * n) / most }));
    this.from = this.handle("from", "From", 0);
    this.to = this.handle("to", "To", slots.length - 1);
    this.words = h("output", { class: "span" });
    this.undated = h("input", { type: "checkbox", id: "undated" });
    this.undated.addEventListener("change", () => this.tell());
    this.all = h("button", { type: "button", onclick: () => this.reset() }, "All time");
    box.replaceChildren(
      h("div", { class: "time-head" }, h("h2", null, "Time"), this.words, h("span", { class: "grow" }),
        undated > 0 && h("label", { for: "undated" }, this.undated, ` with ${plural(undated, "undated article")}`), this.all),
      h("div", { class: "slider" },
        s("svg", { viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" }, ...this.bars), this.from, this.to));
    this.set(null, null, false);
  }

  handle(name, label, value) {
    const input = h("input", { type: "range", min: 0, max: this.slots.length - 1, step: 1, class: name, "aria-label": `${label} this time` });
    input.value = value;
    input.addEventListener("input", () => {
      if (+this.from.value > +this.to.value) (input === this.from ? this.to : this.from).value = input.value;
      this.tell();
    });
    return input;
  }

  reset() {
    this.set(null, null, false);
    this.tell();
  }

  /** Show a choice that was made elsewhere. */
  set(from, to, undated) {
    if (!this.from) return;
    this.from.value = from ?? 0;
    this.to.value = to ?? this.slots.length - 1;
    this.undated.checked = undated;
    this.draw();
  }

  draw() {
    const [from, to] = [+this.from.value, +this.to.value];
    this.bars.forEach((bar, i) => bar.setAttribute("class", i >= from && i <= to ? "in" : ""));
    this.words.textContent = from === to ? this.slots[from] : `${this.slots[from]} to ${this.slots[to]}`;
    this.from.setAttribute("aria-valuetext", this.slots[from]);
    this.to.setAttribute("aria-valuetext", this.slots[to]);
    const whole = from === 0 && to === this.slots.length - 1;
    this.all.disabled = whole;
    this.undated.disabled = whole;
  }

  tell() {
    this.draw();
    const [from, to] = [+this.from.value, +this.to.value];
    const whole = from === 0 && to === this.slots.length - 1;
    this.change(whole ? null : from, whole ? null : to, this.undated.checked);
  }
}
