// A small map: all pictures as faint dots, one place marked, its neighbours ringed.

const LOCATORS = new WeakMap();
const MARGIN = 0.9; // of the canvas that the map takes

class Locator {
  constructor(parent) {
    const find = (name) => parent.querySelector(name);
    Object.assign(this, { root: find(".locator"), stage: find(".stage"), canvas: find("canvas"), lit: -1 });
    this.raster = new Raster();
    this.view = new Viewport();
    this.resizer = new ResizeObserver(() => this.draw());
    this.resizer.observe(this.stage);
  }

  setData(data, setStateValue) {
    this.setStateValue = setStateValue;
    if (this.data?.xy !== data.xy || this.data?.bundle !== data.bundle) this.points = new Points(data);
    this.data = data;
    this.codes = bytesOf(data.colour.codes);
    this.root.querySelector(".caption").textContent = data.caption;
    this.canvas.setAttribute("aria-label", data.caption);
    this.draw();
  }

  // The strip of neighbours asks for these, as on the map page.
  light(index) {
    this.lit = index;
    this.draw();
  }

  pickPoint(index) {
    this.setStateValue("pick", { index, bundle: this.data.bundle, serial: Date.now() });
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height || !this.points) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    Object.assign(this.view, { width, height });
    this.view.fit(this.boundsWithPlace());
    this.view.scale *= MARGIN;
    const theme = readTheme(this.root);
    const context = this.canvas.getContext("2d");
    this.drawPoints(context, theme, ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const index of this.data.neighbours) this.ring(context, this.points.x[index], this.points.y[index], 4, theme.text, 1.2);
    if (this.lit >= 0) this.ring(context, this.points.x[this.lit], this.points.y[this.lit], 8, theme.accent, 2.5);
    this.drawPlace(context, theme);
    this.root.dataset.place = JSON.stringify(this.data.place);
  }

  // A place outside the data is shown all the same.
  boundsWithPlace() {
    const [x0, x1, y0, y1] = this.data.bounds;
    const [x, y] = this.data.place;
    return [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }

  drawPoints(context, theme, ratio) {
    const { colour } = this.data;
    const colours = new Uint8Array(256 * 3);
    const grey = mix(theme.background, rgbOf(theme.text), 0.35);
    for (let code = 0; code < 256; code++) {
      const isRamp = colour.kind === "ramp";
      const hex = isRamp ? colour.colours[Math.round((code / 254) * (colour.colours.length - 1))] : colour.colours[code];
      const rgb = code === 255 || !hex ? grey : [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
      colours.set(rgb, code * 3);
    }
    this.raster.begin(this.canvas.width, this.canvas.height, theme.background);
    const { x, y } = this.points;
    const view = { cx: this.view.cx, cy: this.view.cy, scale: this.view.scale * ratio };
    this.raster.discs({ x, y, order: null, codes: this.codes, colours, radius: 1.1 * ratio, alpha: 0.4, view });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.putImageData(this.raster.image, 0, 0);
  }

  drawPlace(context, theme) {
    this.ring(context, ...this.data.place, 9, theme.text, 3);
    const [x, y] = this.view.toScreen(...this.data.place);
    context.beginPath();
    context.arc(x, y, 7, 0, 7);
    context.fillStyle = theme.accent;
    context.fill();
  }

  ring(context, x, y, radius, colour, width) {
    context.beginPath();
    context.arc(...this.view.toScreen(x, y), radius, 0, 7);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }

  dispose() {
    this.resizer.disconnect();
  }
}

export default function locator({ data, parentElement, setStateValue }) {
  const shared = channel(data.channel);
  let piece = LOCATORS.get(parentElement);
  if (!piece || !piece.root.isConnected) {
    piece?.dispose();
    piece = new Locator(parentElement);
    LOCATORS.set(parentElement, piece);
  }
  shared.map = piece;
  piece.setData(data, setStateValue);
  return () => {
    piece.dispose();
    LOCATORS.delete(parentElement);
    if (shared.map === piece) shared.map = null;
  };
}
