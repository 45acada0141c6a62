// The map: ties points, view, legend and preview together; `Asking`, `Drawing` and `Gestures` are
// the rest of its methods.

const MAPS = new WeakMap();

class MapView {
  constructor(parent, shared) {
    this.shared = shared;
    this.root = parent.querySelector(".map");
    this.stage = parent.querySelector(".stage");
    this.canvas = parent.querySelector("canvas.points");
    this.overlay = parent.querySelector("canvas.overlay");
    this.status = parent.querySelector(".status");
    this.hint = parent.querySelector(".hint");
    this.legend = new Legend(parent.querySelector(".legend"), () => this.refresh());
    this.preview = new Preview(parent.querySelector(".preview"));
    this.view = new Viewport();
    this.raster = new Raster();
    this.views = new Map(); // projection -> last view, so that switching back returns to it
    this.selected = new Set();
    this.pointer = null;
    this.waiting = false;
    this.asked = { time: 0, seq: 0, key: "", index: -1 };
    this.setTool("move");
    this.listen(parent);
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.stage);
  }

  // ---- what Python sends -------------------------------------------------------------------

  setData(data) {
    const sameModel = this.data?.bundle === data.bundle;
    const samePlane = sameModel && this.data.plane === data.plane;
    const before = this.points;
    const old = this.view.state();
    if (this.root.dataset.ready) this.views.set(this.data.bundle + this.data.plane, old);
    this.data = data;
    if (!this.socket) this.connect(data.socket);
    if (!samePlane) {
      this.points = new Points(data);
      this.forget();
      if (this.root.dataset.ready) this.seat(data);
      if (sameModel && before.count === data.count) this.morph(before, old);
    }
    if (!sameModel) this.selected = new Set(data.selected ? unpackBits(data.selected, data.count) : []);
    this.codes = bytesOf(data.colour.codes);
    this.theme = readTheme(this.root);
    this.legend.setColour(data.colour, data.bundle);
    this.setPalette();
    for (const axis of ["x", "y"]) this.root.querySelector(`.axis-${axis}`).textContent = data.axes[axis];
    this.refresh();
  }

  seat(data) {
    this.view.fit(this.points.bounds);
    Object.assign(this.view, this.views.get(data.bundle + data.plane) ?? {});
  }

  setMarks(marks) {
    this.shared.marks = marks;
    this.drawOverlay();
  }

  light(index) {
    this.lit = index;
    this.drawOverlay();
  }

  refresh() {
    const shown = this.data.colour.kind === "category" && this.legend.shown !== null;
    this.order = null;
    this.rest = null;
    if (shown || this.selected.size) {
      this.order = [];
      this.rest = [];
      for (let i = 0; i < this.points.count; i++) {
        const strong = this.isActive(i) && (!this.selected.size || this.selected.has(i));
        (strong ? this.order : this.rest).push(i);
      }
    }
    this.tell();
    this.draw();
  }

  // ---- words -----------------------------------------------------------------------------------

  say(text) {
    this.status.textContent = text;
  }

  tell() {
    const total = this.points.count.toLocaleString("en");
    const chosen = this.selected.size.toLocaleString("en");
    this.say(this.selected.size ? `${chosen} of ${total} selected, shown below · Esc clears` : `${total} pictures, one dot each`);
    const hints = {
      move: "Hover to see · click to keep · drag to move · wheel to zoom",
      box: "Drag a box around dots",
      lasso: "Draw around dots",
    };
    this.hint.textContent = hints[this.tool];
  }

  // ---- selection -------------------------------------------------------------------------------

  setSelection(indices) {
    this.selected = new Set(indices);
    this.refresh();
    this.shared.sendSelection?.({ bits: packBits(indices, this.points.count), bundle: this.data.bundle });
  }

  outline() {
    if (this.path.kind === "lasso") return this.path.trail;
    const [[x0, y0], [x1, y1]] = [this.path.trail[0], this.path.trail.at(-1)];
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
  }

  finishPath() {
    const polygon = this.outline().map(([x, y]) => this.view.toPlane(x, y));
    this.path = null;
    this.setSelection(this.points.inside(polygon, (i) => this.isActive(i)));
  }

  setTool(tool) {
    this.tool = tool;
    this.canvas.dataset.tool = tool;
    for (const button of this.root.querySelectorAll("[data-tool]:not(canvas)")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    }
    if (this.points) this.tell();
  }

  act(action) {
    const [x, y] = [this.view.width / 2, this.view.height / 2];
    if (action === "in") this.view.zoom(1.5, x, y);
    if (action === "out") this.view.zoom(1 / 1.5, x, y);
    if (action === "fit") this.view.fit(this.points.bounds);
    this.draw();
  }

  dispose() {
    this.resizer.disconnect();
    this.socket?.close();
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.morphing);
    clearTimeout(this.timer);
    clearTimeout(this.pickTimer);
    if (this.shared.map === this) this.shared.map = null;
  }
}

Object.assign(MapView.prototype, Asking, Drawing, Gestures);

export default function mount({ data, parentElement }) {
  const shared = channel(data.channel);
  let map = MAPS.get(parentElement);
  if (!map || !map.root.isConnected) {
    map?.dispose();
    map = new MapView(parentElement, shared);
    MAPS.set(parentElement, map);
  }
  shared.map = map;
  map.setData(data);
  return () => map.dispose();
}
