// The maps of several models, each point the same picture in all of them: what the pointer is on
// in one is ringed in the others, with what each model draws for it.

const VIEWS = new WeakMap();
const REACH_PX = 14;
const MARGIN_PX = 12;
const NUDGES = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class SmallMap {
  constructor(model, on) {
    this.model = model;
    this.panel = document.createElement("figure");
    this.panel.className = model.steered ? "panel steered" : "panel";
    this.panel.style.setProperty("--own", model.colour);
    const head = document.createElement("header");
    const title = document.createElement("h4");
    title.textContent = model.title;
    head.append(title);
    head.title = model.name;
    this.panel.append(head);
    if (model.problem) {
      const hole = document.createElement("div");
      hole.className = "hole";
      hole.textContent = model.problem;
      this.panel.append(hole);
      return;
    }
    this.points = new Points(model.map);
    this.rows = new Uint32Array(bytesOf(model.map.rows).buffer);
    this.view = new Viewport();
    this.raster = new Raster();
    this.stage = document.createElement("div");
    this.stage.className = "stage";
    for (const name of ["dots", "rings", "seen"]) {
      this[name] = document.createElement("canvas");
      this[name].className = name;
      (name === "seen" ? head : this.stage).append(this[name]);
    }
    this.rings.tabIndex = 0;
    this.rings.setAttribute("role", "img");
    this.rings.setAttribute("aria-label", `Map of ${model.title}: arrow keys go from picture to picture`);
    this.rings.addEventListener("pointermove", (event) => on.hover(this, this.at(event)));
    this.rings.addEventListener("pointerleave", () => on.leave(this));
    this.rings.addEventListener("click", (event) => on.pick(this, this.at(event)));
    this.rings.addEventListener("keydown", (event) => on.key(this, event));
    this.panel.append(this.stage);
  }

  // Which picture is under the pointer, or -1.
  at(event) {
    const box = this.rings.getBoundingClientRect();
    const [x, y] = this.view.toPlane(event.clientX - box.left, event.clientY - box.top);
    return this.points.nearest(x, y, REACH_PX / this.view.scale, () => true);
  }

  fit() {
    const side = this.stage.clientWidth;
    this.ratio = Math.max(1, window.devicePixelRatio || 1);
    Object.assign(this.view, { width: side, height: side });
    this.view.fit(this.points.bounds);
    this.view.scale *= (side - 2 * MARGIN_PX) / (side - 56); // fit() leaves room for a map's tools
    for (const canvas of [this.dots, this.rings]) canvas.width = canvas.height = Math.round(side * this.ratio);
  }

  draw(colour, theme) {
    const { cx, cy, scale } = this.view;
    this.raster.begin(this.dots.width, this.dots.height, theme.background);
    this.raster.discs({
      x: this.points.x,
      y: this.points.y,
      order: null,
      codes: colour.codes,
      colours: colour.table,
      radius: 1.9 * this.ratio,
      alpha: 0.75,
      view: { cx, cy, scale: scale * this.ratio },
    });
    this.dots.getContext("2d").putImageData(this.raster.image, 0, 0);
  }

  ring(marks, theme) {
    const context = this.rings.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.view.width, this.view.height);
    for (const { index, colour, radius } of marks) {
      if (index < 0 || index >= this.points.count) continue;
      const [x, y] = this.view.toScreen(this.points.x[index], this.points.y[index]);
      for (const [width, stroke] of [[5, `rgb(${theme.background})`], [2.5, colour]]) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        Object.assign(context, { lineWidth: width, strokeStyle: stroke });
        context.stroke();
      }
    }
  }

  show(frame) {
    if (frame.picture) paint(this.seen, frame.picture, this.seen.clientWidth || 80);
  }
}

class Maps {
  constructor(parent) {
    this.root = parent.querySelector(".maps");
    this.lit = -1;
    this.asked = new Map();
    this.seq = 0;
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.root);
  }

  setData(data, setStateValue) {
    Object.assign(this, { data, setStateValue });
    this.theme = readTheme(this.root);
    this.socket ??= new LiveSocket(data.socket, {
      onFrame: (frame) => this.land(frame),
      onLost: () => this.asked.clear(),
      onBack: () => this.look(),
      onOpen: () => this.look(),
    });
    this.colours = data.cohorts.map((cohort) => ({ codes: bytesOf(cohort.colour.codes), table: this.table(cohort.colour) }));
    const on = {
      hover: (map, index) => this.hover(map, index),
      leave: (map) => this.hover(map, -1),
      pick: (map, index) => this.pick(map, index),
      key: (map, event) => this.press(map, event),
    };
    const key = JSON.stringify(data.panels);
    if (key !== this.key) {
      this.maps = data.panels.map((panel) => new SmallMap(panel, on));
      this.root.querySelector(".panels").replaceChildren(...this.maps.map((map) => map.panel));
    }
    this.key = key;
    this.cohort = null;
    this.lit = -1;
    this.drawLegend();
    this.resize();
    this.root.dataset.ready = "1";
  }

  // The steps of a ramp from code 0 to 254, or the categories; grey for what is not known.
  table(colour) {
    const table = new Uint8Array(256 * 3).fill(140);
    const last = colour.colours.length - 1;
    for (let code = 0; code < 255; code++) {
      const step = colour.kind === "ramp" ? Math.round((code / 254) * last) : code;
      if (step <= last) table.set(rgbOf(colour.colours[step]), 3 * code);
    }
    return table;
  }

  drawLegend() {
    const parts = this.data.cohorts.flatMap(({ colour }) => {
      const title = document.createElement("b");
      title.textContent = colour.kind === "plain" ? "" : colour.title;
      const names = colour.kind === "ramp" ? [colour.ticks[0], colour.ticks.at(-1)] : colour.kind === "plain" ? [] : colour.names;
      const chips = names.map((name, i) => {
        const chip = document.createElement("span");
        chip.textContent = name;
        chip.style.setProperty("--own", colour.kind === "ramp" && i ? colour.colours.at(-1) : colour.colours[i]);
        return chip;
      });
      return [title, ...chips];
    });
    this.root.querySelector(".legend").replaceChildren(...parts);
  }

  get live() {
    return (this.maps ?? []).filter((map) => map.points);
  }

  resize() {
    if (!this.data || !this.root.clientWidth) return; // not laid out yet
    for (const map of this.live) {
      map.fit();
      map.draw(this.colours[map.model.cohort], this.theme);
    }
    this.ringAll();
    this.look();
  }

  ringAll() {
    for (const map of this.live) {
      const cohort = this.data.cohorts[map.model.cohort];
      const marks = [{ index: cohort.picked, colour: this.theme.accent, radius: 8 }];
      if (map.model.cohort === this.cohort) marks.push({ index: this.lit, colour: this.theme.text, radius: 6 });
      map.ring(marks, this.theme);
    }
    this.root.dataset.lit = this.lit;
  }

  hover(map, index) {
    if (index === this.lit && map.model.cohort === this.cohort) return;
    Object.assign(this, { cohort: map.model.cohort, lit: index });
    this.ringAll();
    this.look();
  }

  pick(map, index) {
    if (index < 0) return;
    const { ids } = this.data.cohorts[map.model.cohort];
    this.setStateValue("pick", { id: ids[index], serial: Date.now() });
  }

  press(map, event) {
    const cohort = this.data.cohorts[map.model.cohort];
    const from = this.lit >= 0 && this.cohort === map.model.cohort ? this.lit : Math.max(0, cohort.picked);
    if (event.key === "Enter") this.pick(map, from);
    const step = NUDGES[event.key];
    if (!step) return;
    event.preventDefault();
    this.hover(map, this.next(map.points, from, step));
  }

  // The nearest picture in a direction, within 45 degrees of it.
  next({ x, y, count }, from, [dx, dy]) {
    let best = from;
    let least = Infinity;
    for (let i = 0; i < count; i++) {
      const [ex, ey] = [x[i] - x[from], y[i] - y[from]];
      const along = ex * dx + ey * dy;
      const across = Math.abs(ex * dy - ey * dx);
      if (along <= 0 || across > along || ex * ex + ey * ey >= least) continue;
      least = ex * ex + ey * ey;
      best = i;
    }
    return best;
  }

  // What each model draws for the picture under the pointer, or for the picked one.
  look() {
    if (!this.socket?.isReady) return;
    for (const map of this.live) {
      const { picked, ids } = this.data.cohorts[map.model.cohort];
      const isHere = map.model.cohort === this.cohort && this.lit >= 0;
      const index = isHere ? this.lit : picked;
      if (isHere || this.lit < 0) this.root.querySelector(".status").textContent = `${ids[index]}${isHere ? " · click to take it along to the other tabs" : ""}`;
      const wish = { map, row: map.rows[index] };
      map.wish = wish;
      if (!map.isOut) this.send(wish);
    }
  }

  // One question a map under way: the hand may be faster than the models.
  send({ map, row }) {
    map.isOut = true;
    map.sent = row;
    this.asked.set(++this.seq, map);
    this.socket.ask({ bundle: map.model.bundle, plane: map.model.map.plane, x: 0, y: 0, index: row, seq: this.seq });
  }

  land(frame) {
    const map = this.asked.get(frame.seq);
    this.asked.delete(frame.seq);
    if (!map) return;
    map.isOut = false;
    if (map.wish.row !== map.sent) this.send(map.wish);
    else map.show(frame);
    this.root.dataset.seen = Number(this.root.dataset.seen ?? 0) + 1;
  }

  dispose() {
    this.sizes.disconnect();
    this.socket?.close();
  }
}

export default function compareMaps({ data, parentElement, setStateValue }) {
  let shown = VIEWS.get(parentElement);
  if (!shown || !shown.root.isConnected) {
    shown?.dispose();
    shown = new Maps(parentElement);
    VIEWS.set(parentElement, shown);
  }
  shown.setData(data, setStateValue);
  return () => shown.dispose();
}
