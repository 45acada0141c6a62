// The key to the colours: chips for categories (click: only this one; more clicks add and remove;
// Shift+click hides), a ramp with its numbers for measurements.

class Legend {
  constructor(element, onChange) {
    this.element = element;
    this.onChange = onChange;
    this.shown = null; // null: everything; otherwise a Set of category codes
    this.key = null;
  }

  setColour(colour, bundle) {
    const key = `${bundle}/${colour.key}`;
    if (this.key !== key) this.shown = null;
    this.key = key;
    this.colour = colour;
    this.render();
  }

  isShown(code) {
    return this.shown === null || this.shown.has(code);
  }

  toggle(code, hide) {
    const all = this.colour.names.map((_, i) => i);
    const next = new Set(this.shown ?? (hide ? all : []));
    if (next.has(code)) next.delete(code);
    else next.add(code);
    this.shown = next.size === 0 || next.size === all.length ? null : next;
    this.render();
    this.onChange();
  }

  render() {
    const { colour } = this;
    const title = document.createElement("span");
    title.className = "legend-title";
    title.textContent = colour.title;
    const parts = colour.kind === "plain" ? [] : [title];
    if (colour.kind === "category") parts.push(...colour.names.map((name, i) => this.chip(name, i)));
    if (colour.kind === "ramp") parts.push(this.ramp());
    if (this.shown !== null) parts.push(this.reset());
    this.element.replaceChildren(...parts);
  }

  chip(name, code) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.dataset.code = code;
    chip.setAttribute("aria-pressed", String(this.isShown(code)));
    chip.title = "Click: show only this. Click more to add or remove. Shift+click: hide.";
    const dot = document.createElement("i");
    dot.style.background = this.colour.colours[code];
    const count = document.createElement("small");
    count.textContent = this.colour.counts[code].toLocaleString("en");
    chip.append(dot, name, count);
    chip.addEventListener("click", (event) => this.toggle(code, event.shiftKey));
    return chip;
  }

  ramp() {
    const box = document.createElement("span");
    box.className = "ramp";
    const bar = document.createElement("i");
    bar.style.background = `linear-gradient(to right, ${this.colour.colours.join(",")})`;
    const [low, middle, high] = this.colour.ticks.map((text) => {
      const tick = document.createElement("small");
      tick.textContent = text;
      return tick;
    });
    const ticks = document.createElement("span");
    ticks.className = "ticks";
    ticks.append(low, middle, high);
    box.append(bar, ticks);
    return box;
  }

  reset() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip all";
    button.textContent = "Show all";
    button.addEventListener("click", () => {
      this.shown = null;
      this.render();
      this.onChange();
    });
    return button;
  }
}
