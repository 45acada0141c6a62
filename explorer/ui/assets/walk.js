// Large pictures that follow a handle: the browser finds the code at the handle, between the
// points of the way that Python sent, and the live socket decodes it.

const WALKS = new WeakMap();
const KEY_STEP = 0.01;
const PAGE_STEP = 0.1;

class Walk {
  constructor(parent, walker) {
    this.walker = walker;
    this.root = parent.querySelector(".walk");
    this.stages = [];
    this.faces = 0;
    this.input = this.root.querySelector("input");
    this.button = this.root.querySelector(".play");
    this.input.addEventListener("input", () => walker.go(Number(this.input.value)));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.button.addEventListener("click", () => walker.toggle());
    // What is scrolled out of sight asks for nothing.
    this.isSeen = true;
    this.sight = new IntersectionObserver((entries) => {
      this.isSeen = entries.at(-1).isIntersecting;
      if (this.isSeen) this.show();
    });
    this.sight.observe(this.root);
    this.resizer = new ResizeObserver(() => this.repaint());
    this.resizer.observe(this.root);
  }

  setData(data) {
    this.decoder = decoderOf(data.socket);
    this.id = data.id;
    this.walker.legs = data.stops - 1;
    this.stages = data.ways.map((way, i) => this.stage(way, i));
    const box = this.root.querySelector(".stages");
    box.classList.toggle("many", data.ways.length > 2);
    box.style.setProperty("--count", data.ways.length);
    box.replaceChildren(...this.stages.map((stage) => stage.figure));
    this.drawTicks(data.stops);
    this.unwatch ??= this.walker.watch(() => this.show());
    this.show();
  }

  stage(way, number) {
    const known = this.stages[number]?.way.name === way.name ? this.stages[number] : null;
    const figure = known?.figure ?? emptyFigure();
    figure.querySelector("canvas").setAttribute("aria-label", `${way.title}, the picture at the handle`);
    figure.querySelector("b").textContent = way.title;
    figure.querySelector("span").textContent = way.manner ? `, ${way.manner}` : "";
    const points = floatsOf(way.points);
    const stage = { way, figure, points, dim: points.length / way.count, canvas: figure.querySelector("canvas") };
    return Object.assign(stage, { code: new Float32Array(stage.dim), picture: known?.picture });
  }

  // The ends and the stops, under the handle.
  drawTicks(stops) {
    this.root.querySelector(".ticks").replaceChildren(
      ...Array.from({ length: stops }, (_, i) => {
        const tick = document.createElement("i");
        tick.style.left = `${(100 * i) / (stops - 1)}%`;
        return tick;
      }),
    );
  }

  show() {
    const { t, isPlaying } = this.walker;
    this.input.value = t;
    this.input.setAttribute("aria-valuetext", `${Math.round(100 * t)} % of the way`);
    this.root.querySelector("output").textContent = `${Math.round(100 * t)} %`;
    this.button.setAttribute("aria-pressed", String(isPlaying));
    this.button.querySelector("span").textContent = isPlaying ? "Pause" : "Play";
    this.button.setAttribute("aria-label", isPlaying ? "Pause" : "Play the walk there and back");
    if (!this.isSeen) return;
    for (const stage of this.stages) this.place(stage, t);
    for (const [bundle, group] of this.groups()) this.ask(bundle, group);
  }

  place(stage, t) {
    const { points, dim, way, code } = stage;
    const at = t * (way.count - 1);
    const before = Math.min(Math.floor(at), Math.max(0, way.count - 2));
    const share = at - before;
    for (let d = 0; d < dim; d++) {
      const a = points[before * dim + d];
      code[d] = a + share * (points[(before + 1) * dim + d] - a);
    }
    const note = `${Math.hypot(...code).toFixed(1)} from the origin`;
    stage.figure.querySelector("small").textContent = note;
  }

  groups() {
    const groups = new Map();
    for (const stage of this.stages) {
      if (!groups.has(stage.way.bundle)) groups.set(stage.way.bundle, []);
      groups.get(stage.way.bundle).push(stage);
    }
    return groups;
  }

  // One question for all ways through one bundle.
  ask(bundle, group) {
    const first = group[0] === this.stages[0];
    if (!this.decoder.socket.isReady) group.forEach((stage) => this.showStep(stage));
    const codes = new Float32Array(group.length * group[0].dim);
    group.forEach((stage, i) => codes.set(stage.code, i * stage.dim));
    const lane = first && this.id === "walk" ? "main" : `${this.id}-${bundle}`;
    this.decoder.ask(lane, { bundle, codes, count: group.length }, (pictures) => {
      if (!this.stages.includes(group[0])) return; // of a way that is no longer shown
      group.forEach((stage, i) => this.draw(stage, pictures[i]));
      if (first) this.root.dataset.faces = this.faces += 1;
    });
  }

  // Until the socket is there, or while it is lost: the nearest step of the strip.
  showStep(stage) {
    const steps = this.walker.strips.get(stage.way.name);
    if (steps) this.draw(stage, steps[Math.round(this.walker.t * (steps.length - 1))]);
  }

  draw(stage, picture) {
    stage.picture = picture;
    paint(stage.canvas, picture, stage.canvas.clientWidth || 300);
  }

  repaint() {
    for (const stage of this.stages) if (stage.picture) this.draw(stage, stage.picture);
  }

  press(event) {
    const moves = { ArrowRight: KEY_STEP, ArrowUp: KEY_STEP, ArrowLeft: -KEY_STEP, ArrowDown: -KEY_STEP, PageUp: PAGE_STEP, PageDown: -PAGE_STEP };
    if (event.key === " ") this.walker.toggle();
    else if (event.key in moves) this.walker.go(this.walker.t + moves[event.key]);
    else return;
    event.preventDefault();
  }

  dispose() {
    this.unwatch?.();
    this.sight.disconnect();
    this.resizer.disconnect();
  }
}

function emptyFigure() {
  const figure = document.createElement("figure");
  figure.innerHTML = '<canvas role="img"></canvas><figcaption><b></b><span></span><small></small></figcaption>';
  return figure;
}

export default function mount({ data, parentElement }) {
  let walk = WALKS.get(parentElement);
  if (!walk || !walk.root.isConnected) {
    walk?.dispose();
    walk = new Walk(parentElement, walkerOf(data.channel));
    WALKS.set(parentElement, walk);
  }
  walk.setData(data);
  return () => {
    walk.dispose();
    WALKS.delete(parentElement);
  };
}
