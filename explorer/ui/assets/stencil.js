// A layer stage by stage: what goes in, what comes out, and the kernel's window that goes over it.

const STENCILS = new WeakMap();
const GAP = 26; // px between two boards
const NARROW = 736; // px; below, boards stand one below the other (46rem in the style)
const WHOLE_MS = 14000; // of all steps played, where the pace allows it
const PACE = [60, 420]; // ms a step, at least and at most
const MOST_TERMS = 8; // of the sum that is written out
const SETTLED_MS = 350; // without a step, before the link is told

class Stencil {
  constructor(parent) {
    this.root = parent.querySelector(".stencil");
    this.find = (name) => parent.querySelector(name);
    this.at = 0;
    this.listen();
    this.resizer = new ResizeObserver(() => this.layOut());
    this.resizer.observe(this.root);
  }

  listen() {
    this.find(".back").addEventListener("click", () => this.step(-1));
    this.find(".forth").addEventListener("click", () => this.step(1));
    this.find(".play").addEventListener("click", () => this.toggle());
    this.find("input").addEventListener("input", (event) => this.go(Number(event.target.value)));
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    this.find(".after canvas").addEventListener("click", (event) => this.onResult(event));
  }

  onKey(event) {
    const isRange = event.target.matches("input");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === " " && !event.target.matches("button")) this.toggle();
    else if (step && !isRange) this.step(step);
    else return;
    event.preventDefault();
  }

  // A click on a cell of the result goes to the step that made it.
  onResult(event) {
    const { stage, stageStart } = this.here;
    if (!stage.window) return;
    const box = event.target.getBoundingClientRect();
    const [c, r] = [event.clientX - box.left, event.clientY - box.top].map((place) => Math.floor(place / this.cell));
    this.go(stageStart + r * stage.after.values[0].length + c);
  }

  // ---- what Python sends -------------------------------------------------------------------

  setData(data, tell) {
    const before = this.data && this.here;
    this.tell = tell;
    if (this.data?.id === data.id) return this.layOut();
    this.data = data;
    this.starts = [];
    this.count = 0;
    for (const stage of data.stages) {
      this.starts.push(this.count);
      this.count += stage.window ? stage.after.values.flat().length : 1;
    }
    // Another setting: stay at the same stage, as far along as before.
    if (!before) this.at = data.start;
    else if (data.stages.some((stage) => stage.name === before.stage.name)) {
      const number = data.stages.findIndex((stage) => stage.name === before.stage.name);
      this.at = this.starts[number] + Math.min(before.along, this.stepsOf(number) - 1);
    } else this.at = 0;
    this.find("input").max = this.count - 1;
    this.lay();
    this.halt();
    this.layOut();
    this.go(Math.min(this.at, this.count - 1), { isQuiet: true });
    this.root.dataset.ready = data.id;
  }

  stepsOf(number) {
    return (this.starts[number + 1] ?? this.count) - this.starts[number];
  }

  get here() {
    let number = this.starts.length - 1;
    while (this.starts[number] > this.at) number -= 1;
    return { number, stage: this.data.stages[number], stageStart: this.starts[number], along: this.at - this.starts[number] };
  }

  lay() {
    this.find(".stages").replaceChildren(
      ...this.data.stages.map((stage, number) => {
        const button = document.createElement("button");
        const title = document.createElement("b"), shape = document.createElement("small");
        button.type = "button";
        title.textContent = `${number + 1} ${stage.title}`;
        shape.textContent = shapeText(stage.after);
        button.append(title, shape);
        button.addEventListener("click", () => (this.halt(), this.go(this.starts[number])));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    this.find(".legend").replaceChildren(
      ...this.data.legend.map(([kind, text]) => {
        const item = document.createElement("li"), swatch = document.createElement("i");
        swatch.dataset.kind = kind;
        swatch.className = kind === CUT ? "strike" : "";
        item.append(swatch, text);
        return item;
      }),
    );
  }

  // ---- the boards --------------------------------------------------------------------------

  // One size of cell for all stages, so that nothing jumps from one to the next.
  layOut() {
    if (!this.data || !this.root.clientWidth) return;
    const { stages, kernel } = this.data;
    const columns = (grid) => grid.values[0].length;
    const isNarrow = this.root.clientWidth <= NARROW;
    const room = this.root.clientWidth - (isNarrow ? 2 : 2 * GAP);
    const needs = stages.map((stage) =>
      stage.window
        ? [columns(stage.before), columns({ values: kernel }), columns(stage.after)]
        : [columns(stage.before), columns(stage.after)],
    );
    const widest = Math.max(...needs.map((need) => (isNarrow ? Math.max(...need) : need.reduce((a, b) => a + b))));
    const grids = stages.flatMap((stage) => [stage.before, stage.after]).concat({ values: kernel });
    this.cell = cellSize(grids, widest, room);
    this.theme = themeOfCells(this.root);
    this.draw();
  }

  draw() {
    const { stage, along } = this.here;
    const isFirst = stage.name === "input";
    const options = { cell: this.cell, theme: this.theme };
    this.board(".before", stage.before, stage.captions[0], options);
    this.find(".after").hidden = isFirst;
    this.find(".kernel").hidden = !(isFirst || stage.window);
    const place = stage.window ? { shown: along + 1, current: along } : {};
    if (!isFirst) this.board(".after", stage.after, stage.captions[1], { ...options, ...place });
    const kernel = { values: stage.window ? this.data.laid : this.data.kernel };
    const caption = stage.window && this.data.isTurned ? "Kernel, turned by 180°" : "Kernel";
    if (isFirst || stage.window) this.board(".kernel", kernel, caption, options);
    this.find(".after canvas").classList.toggle("live", Boolean(stage.window));
    this.placeWindow(stage, along);
    for (const swatch of this.root.querySelectorAll(".legend i:not(.strike)")) {
      const [value, kind] = swatch.dataset.kind === "negative" ? [-1, GIVEN] : [1, Number(swatch.dataset.kind)];
      swatch.style.background = `rgb(${fillOf(value, kind, { theme: this.theme, largest: 1 }).join(",")})`;
    }
  }

  board(name, grid, caption, options) {
    this.find(`${name} figcaption`).textContent = `${caption} · ${shapeText(grid)}`;
    const canvas = this.find(`${name} canvas`);
    canvas.setAttribute("aria-label", `${caption}, ${shapeText(grid)}`);
    drawGrid(canvas, grid, { ...options, largest: largestOf(grid) });
  }

  placeWindow(stage, along) {
    const frame = this.find(".window");
    frame.hidden = !stage.window;
    if (!stage.window) return;
    const columns = stage.after.values[0].length;
    const [r, c] = [Math.floor(along / columns), along % columns].map((place) => place * stage.window.stride);
    const side = this.data.kernel.length * this.cell + 1;
    frame.style.width = frame.style.height = `${side}px`;
    frame.style.transform = `translate(${c * this.cell}px, ${r * this.cell}px)`;
  }

  // ---- the words ---------------------------------------------------------------------------

  say() {
    const { stage, number, along } = this.here;
    const formula = this.find(".formula");
    const bold = document.createElement("b");
    bold.textContent = stage.formula;
    formula.replaceChildren(`${stage.text} `, bold);
    this.find(".says").replaceChildren(...(stage.window ? this.sum(stage, along) : []));
    [...this.find(".stages").querySelectorAll("button")].forEach((button, i) => {
      if (i === number) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      if (i === number) this.find(".stages").scrollLeft = button.offsetLeft - this.find(".stages").offsetLeft - 40;
    });
    this.find("output").textContent = `step ${this.at + 1} of ${this.count}`;
  }

  // The sum behind one number of the result; zeros add nothing and are left out.
  sum(stage, along) {
    const columns = stage.after.values[0].length;
    const [row, column] = [Math.floor(along / columns), along % columns];
    const { stride } = stage.window;
    const terms = [];
    this.data.laid.forEach((weights, i) =>
      weights.forEach((weight, j) => {
        const value = stage.before.values[row * stride + i][column * stride + j];
        if (value !== 0) terms.push(`${numberText(value)} × ${numberText(weight)}`);
      }),
    );
    const rest = terms.length - MOST_TERMS;
    const shown = rest > 0 ? [...terms.slice(0, MOST_TERMS), `${rest} more`] : terms;
    const result = document.createElement("b");
    result.textContent = numberText(stage.after.values[row][column]);
    const words = terms.length ? `${shown.join(" + ")} = ` : "only zeros lie under the kernel = ";
    return [`Row ${row + 1}, column ${column + 1}: ${words}`, result];
  }

  // ---- the way -----------------------------------------------------------------------------

  go(place, { isQuiet = false } = {}) {
    this.at = Math.min(this.count - 1, Math.max(0, place));
    this.find("input").value = this.at;
    this.draw();
    this.say();
    this.root.dataset.step = this.at;
    this.root.dataset.stage = this.here.stage.name;
    clearTimeout(this.telling);
    if (!isQuiet && !this.playing) this.telling = setTimeout(() => this.tell({ step: this.at, serial: Date.now() }), SETTLED_MS);
  }

  step(by) {
    this.halt();
    this.go(this.at + by);
  }

  toggle() {
    if (this.playing) return this.halt(), this.go(this.at);
    if (this.at >= this.count - 1) this.go(0, { isQuiet: true });
    const pace = Math.min(PACE[1], Math.max(PACE[0], WHOLE_MS / this.count));
    const stride = Math.max(1, Math.round((this.count * PACE[0]) / (2 * WHOLE_MS))); // long ways in leaps
    this.playing = setInterval(() => this.onBeat(stride), pace);
    this.find(".play").dataset.playing = "";
    this.find(".play").setAttribute("aria-label", "Pause");
  }

  onBeat(stride) {
    const { stage } = this.here;
    this.go(this.at + (stage.window ? stride : 1), { isQuiet: true });
    if (this.at < this.count - 1) return;
    this.halt();
    this.go(this.at);
  }

  halt() {
    clearInterval(this.playing);
    this.playing = null;
    delete this.find(".play").dataset.playing;
    this.find(".play").setAttribute("aria-label", "Play");
  }

  close() {
    this.halt();
    clearTimeout(this.telling);
    this.resizer.disconnect();
  }
}

function shapeText(grid) {
  return `${grid.values.length} × ${grid.values[0].length}`;
}

export default function stencil({ data, parentElement, setStateValue }) {
  if (!STENCILS.has(parentElement)) STENCILS.set(parentElement, new Stencil(parentElement));
  const view = STENCILS.get(parentElement);
  view.setData(data, (at) => setStateValue("at", at));
  return () => {
    view.close();
    STENCILS.delete(parentElement);
  };
}
