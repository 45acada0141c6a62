// How the map is drawn: the points once for each view, the marks and outlines on a canvas above.

const MORPH_MS = 650;

const Drawing = {
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
  },

  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.drawPoints();
      this.drawOverlay();
    });
  },

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
  },

  drawOverlay() {
    const context = this.overlay.getContext("2d");
    const ratio = this.overlay.width / this.view.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.view.width, this.view.height);
    if (!this.points) return;
    for (const drawLayer of this.shared.layers ?? []) drawLayer(context, this);
    const marks = this.shared.marks;
    if (marks && marks.place.bundle === this.data.bundle) this.drawMarks(context, marks);
    if (this.crosshair && this.pointer) this.drawCross(context);
    if (this.path) this.drawPath(context);
  },

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
  },

  // A picked point is wherever this map puts it; a place has coordinates on one map only (Python moves it).
  whereIs(place) {
    if (place.index >= 0) return this.view.toScreen(this.points.x[place.index], this.points.y[place.index]);
    return place.plane === this.data.plane ? this.view.toScreen(place.x, place.y) : null;
  },

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
  },

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
  },

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
  },

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
  },
};

function ring(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.stroke();
}
