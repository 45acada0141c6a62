// The map: ties points, view, legend and preview together and talks to the other pieces by the channel.

const HIT_PX = 9; // a pointer this near a point means the point
const HOVER_MS = 25; // faces are asked for at most this often
const ANSWER_MS = 2000; // an answer lost for this long does not block the next question
const PICK_MS = 150; // a click waits this long for its face before the page is asked
const MORPH_MS = 650;
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
    if (this.data) this.views.set(this.data.bundle + this.data.plane, old);
    this.data = data;
    if (!this.socket) this.connect(data.socket);
    if (!samePlane) {
      this.points = new Points(data);
      this.asked.key = "";
      if (this.root.dataset.ready) this.seat(data);
      if (sameModel && before.count === data.count) this.morph(before, old);
    }
    if (!sameModel) this.setSelection(data.selected ? unpackBits(data.selected, data.count) : [], false);
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

  setPalette() {
    const { colour } = this.data;
    const hexes = colour.colours;
    const fallback = mix(this.theme.background, rgbOf(this.theme.text), 0.35);
    this.colours = new Uint8Array(256 * 3);
    for (let code = 0; code < 256; code++) {
      const hex = colour.kind === "ramp" ? hexes[Math.round((code / 254) * (hexes.length - 1))] : hexes[code];
      const rgb = code === 255 || !hex ? fallback : [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
      this.colours.set(rgb, code * 3);
    }
    const faint = mix(this.theme.background, rgbOf(this.theme.text), this.theme.dark ? 0.22 : 0.16);
    this.faint = new Uint8Array(256 * 3).map((_, i) => faint[i % 3]);
  }

  setMarks(marks) {
    this.shared.marks = marks;
    this.drawOverlay();
  }

  showFrame(frame) {
    if (frame.seq !== this.asked.seq) return;
    this.waiting = false;
    if (frame.picture) {
      this.shown = { frame, key: this.asked.key };
      this.preview.show(frame, this.categoryOf(this.asked.index));
      this.showPicked();
      this.root.dataset.faces = this.preview.faces;
      if (this.pointer) {
        this.preview.reveal();
        if (this.crosshair) this.say(`${frame.caption} under the crosshair`);
      }
    }
    if (frame.error) this.say(frame.error);
    this.ask();
  }

  // What the colours say about a point, for the caption.
  categoryOf(index) {
    const { kind, title, names } = this.data.colour;
    const name = kind === "category" && index >= 0 ? names[this.codes[index]] : undefined;
    if (name === undefined) return "";
    return name === "yes" || name === "no" ? `${title}: ${name}` : name;
  }

  connect(path) {
    this.socket = new LiveSocket(path, {
      onFrame: (frame) => this.showFrame(frame),
      onLost: () => this.say("The live picture is lost, trying again …"),
      onBack: () => this.points && this.tell(),
    });
  }

  // ---- asking for the face under the pointer -------------------------------------------------

  ask() {
    if (!this.pointer || !this.socket.isReady || this.dragging) return;
    const now = performance.now();
    if (this.waiting && now - this.asked.time < ANSWER_MS) return;
    const { x, y, index } = this.target();
    const key = keyOf({ x, y, index });
    if (key === this.asked.key) return;
    const pause = HOVER_MS - (now - this.asked.time);
    if (pause > 1) {
      this.timer ??= setTimeout(() => {
        this.timer = null;
        this.ask();
      }, pause);
      return;
    }
    this.asked = { time: now, seq: this.asked.seq + 1, key, index };
    this.waiting = true;
    this.socket.ask({ x, y, index, seq: this.asked.seq, plane: this.data.plane, bundle: this.data.bundle });
  }

  // What the pointer means: a point within reach, otherwise the place itself.
  target() {
    const [x, y] = this.view.toPlane(this.pointer.x, this.pointer.y);
    const reach = HIT_PX / this.view.scale;
    const index = this.points.nearest(x, y, reach, (i) => this.isActive(i));
    return { x, y, index };
  }

  isActive(i) {
    return this.data.colour.kind !== "category" || this.legend.isShown(this.codes[i]);
  }

  pick({ x, y, index } = this.target()) {
    const pick = { x, y, index, plane: this.data.plane, bundle: this.data.bundle };
    this.setMarks({ place: pick, neighbours: [] });
    this.picked = { pick, key: keyOf(pick) };
    clearTimeout(this.pickTimer);
    this.pickTimer = setTimeout(() => this.sendPicked(), PICK_MS);
    this.showPicked();
  }

  // The large face need not wait for the page: it is the picture beside the pointer, or the next.
  // Only then is the page asked for the rest, which would keep both processors busy.
  showPicked() {
    if (!this.picked || this.shown?.key !== this.picked.key) return;
    this.shared.showEarly?.(this.shown.frame);
    this.sendPicked();
  }

  sendPicked() {
    clearTimeout(this.pickTimer);
    if (this.picked) this.shared.sendPick?.(this.picked.pick);
    this.picked = null;
  }

  pickPoint(index) {
    this.pick({ x: this.points.x[index], y: this.points.y[index], index });
    this.sendPicked(); // no face is on its way: the pointer is elsewhere
  }

  light(index) {
    this.lit = index;
    this.drawOverlay();
  }

  // ---- drawing ---------------------------------------------------------------------------------

  resize() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height) return;
    const first = !this.root.dataset.ready;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    for (const canvas of [this.canvas, this.overlay]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const zoomed = this.view.zoomed;
    const centre = [this.view.cx, this.view.cy];
    Object.assign(this.view, { width, height });
    if (this.points) {
      this.view.fit(this.points.bounds);
      if (!first) {
        this.view.scale *= zoomed;
        [this.view.cx, this.view.cy] = centre;
      }
      this.draw();
      this.root.dataset.ready = "1";
    }
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

  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.drawPoints();
      this.drawOverlay();
    });
  }

  drawPoints() {
    if (!this.points || !this.canvas.width) return;
    const ratio = this.canvas.width / this.view.width;
    const started = performance.now();
    const crowd = Math.pow(8000 / Math.max(this.points.count, 500), 0.22);
    const radius = Math.min(7, 2.1 * crowd * Math.pow(this.view.zoomed, 0.3));
    const view = { cx: this.view.cx, cy: this.view.cy, scale: this.view.scale * ratio };
    const common = { x: this.morphed?.x ?? this.points.x, y: this.morphed?.y ?? this.points.y, codes: this.codes, view };
    const snapped = Math.round(radius * ratio * 4) / 4;
    this.raster.begin(this.canvas.width, this.canvas.height, this.theme.background);
    if (this.rest) this.raster.discs({ ...common, order: this.rest, colours: this.faint, radius: snapped, alpha: 0.6 });
    this.raster.discs({ ...common, order: this.order, colours: this.colours, radius: snapped, alpha: this.points.count > 40000 ? 0.6 : 0.82 });
    this.canvas.getContext("2d").putImageData(this.raster.image, 0, 0);
    this.root.dataset.drawMs = (performance.now() - started).toFixed(1);
  }

  drawOverlay() {
    const context = this.overlay.getContext("2d");
    const ratio = this.overlay.width / this.view.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.view.width, this.view.height);
    if (!this.points) return;
    const marks = this.shared.marks;
    if (marks && marks.place.bundle === this.data.bundle) this.drawMarks(context, marks);
    if (this.crosshair && this.pointer) this.drawCross(context);
    if (this.path) this.drawPath(context);
  }

  drawMarks(context, marks) {
    const at = this.whereIs(marks.place);
    if (!at) return;
    context.lineWidth = 1.2;
    context.strokeStyle = this.theme.text;
    for (const i of marks.neighbours) {
      const [x, y] = this.view.toScreen(this.points.x[i], this.points.y[i]);
      context.globalAlpha = i === this.lit ? 1 : 0.55;
      ring(context, x, y, i === this.lit ? 9 : 5.5);
    }
    context.globalAlpha = 1;
    const halo = `rgb(${this.theme.background.join(",")})`;
    for (const [colour, width] of [[halo, 5.5], [this.theme.accent, 2.6]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      ring(context, at[0], at[1], 10);
    }
    context.fillStyle = this.theme.accent;
    context.beginPath();
    context.arc(at[0], at[1], 2.4, 0, 7);
    context.fill();
  }

  // A picked point is wherever this map puts it; a place has coordinates on one map only (Python moves it).
  whereIs(place) {
    if (place.index >= 0) return this.view.toScreen(this.points.x[place.index], this.points.y[place.index]);
    return place.plane === this.data.plane ? this.view.toScreen(place.x, place.y) : null;
  }

  drawCross(context) {
    const { x, y } = this.pointer;
    context.strokeStyle = this.theme.text;
    context.lineWidth = 1;
    context.beginPath();
    for (const [a, b] of [[-16, -5], [5, 16]]) {
      context.moveTo(x + a, y);
      context.lineTo(x + b, y);
      context.moveTo(x, y + a);
      context.lineTo(x, y + b);
    }
    context.stroke();
  }

  drawPath(context) {
    context.strokeStyle = this.theme.accent;
    context.fillStyle = this.theme.accent;
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [x, y] of this.outline()) context.lineTo(x, y);
    context.closePath();
    context.setLineDash([5, 3]);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 0.1;
    context.fill();
    context.globalAlpha = 1;
  }

  // Points travel from one projection to the other, so that the eye can follow a cluster.
  morph(before, old) {
    cancelAnimationFrame(this.morphing);
    this.morphed = null;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || before.count > 60000 || !this.root.dataset.ready) return;
    const start = { x: new Float32Array(before.count), y: new Float32Array(before.count) };
    for (let i = 0; i < before.count; i++) {
      const px = (before.x[i] - old.cx) * old.scale;
      const py = (before.y[i] - old.cy) * old.scale;
      start.x[i] = px / this.view.scale + this.view.cx;
      start.y[i] = py / this.view.scale + this.view.cy;
    }
    const { x, y, count } = this.points;
    const began = performance.now();
    const now = { x: new Float32Array(count), y: new Float32Array(count) };
    const step = () => {
      const t = Math.min(1, (performance.now() - began) / MORPH_MS);
      const eased = t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2;
      for (let i = 0; i < count; i++) {
        now.x[i] = start.x[i] + (x[i] - start.x[i]) * eased;
        now.y[i] = start.y[i] + (y[i] - start.y[i]) * eased;
      }
      this.morphed = t < 1 ? now : null;
      this.drawPoints();
      this.drawOverlay();
      if (t < 1) this.morphing = requestAnimationFrame(step);
    };
    this.morphed = start;
    this.morphing = requestAnimationFrame(step);
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

  setSelection(indices, send = true) {
    this.selected = new Set(indices);
    if (this.points) this.refresh();
    if (send) this.shared.sendSelection?.({ bits: packBits(indices, this.points.count), bundle: this.data.bundle });
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

function keyOf({ x, y, index }) {
  return index >= 0 ? `#${index}` : `${x},${y}`;
}

function ring(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.stroke();
}

Object.assign(MapView.prototype, Gestures);

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
