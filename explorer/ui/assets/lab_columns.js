// Models side by side, told the same things: their codes in a plane, what each draws at one place
// of it, and sheets of pictures. Pointing at one plane points at all; a click keeps the place.

const RADIUS = 1.9; // pixels of a point
const KEY_STEP = 0.1;
const STEPS_OF_GRID = [0.5, 1, 2, 5, 10, 20, 50, 100];
const MAX_LINES = 9;
const MODELS = new WeakMap();

function made(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

// A plane of one model: points, curves and marks, drawn once; the place is drawn over them.
class Plane {
  constructor(column, owner) {
    this.owner = owner;
    this.root = made("div", "plane");
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "application");
    this.root.setAttribute("aria-label", `Codes of ${column.title}; arrow keys move the place`);
    this.under = made("canvas");
    this.over = made("canvas");
    this.root.append(this.under, this.over);
    this.column = column;
    const plane = column.plane;
    this.points = floatsOf(plane.points);
    this.classes = bytesOf(plane.classes);
    this.base = floatsOf(plane.base);
    this.axes = floatsOf(plane.axes);
    this.curves = plane.curves.map((curve) => ({ ...curve, xy: floatsOf(curve.points) }));
    this.marks = plane.marks.map((mark) => ({ ...mark, xy: floatsOf(mark.points) }));
    this.listen();
  }

  listen() {
    this.root.addEventListener("pointermove", (event) => this.owner.point(this.placeOf(event)));
    this.root.addEventListener("pointerleave", () => this.owner.point(this.owner.pinned));
    this.root.addEventListener("click", (event) => this.owner.pin(this.placeOf(event)));
    this.root.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const moves = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const step = KEY_STEP * (event.shiftKey ? 5 : 1);
    this.owner.pin(this.owner.pinned.map((value, i) => value + step * move[i]));
  }

  placeOf(event) {
    const box = this.root.getBoundingClientRect();
    const [x, y] = this.column.plane.centre;
    const { half } = this.column.plane;
    return [
      x + half * ((2 * (event.clientX - box.left)) / box.width - 1),
      y - half * ((2 * (event.clientY - box.top)) / box.height - 1),
    ];
  }

  // The code at a place: base + x first axis + y second axis.
  codeAt(place) {
    return combine(new Float32Array(this.base.length), this.base, this.axes, place);
  }

  fit(canvas) {
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const side = Math.round((this.root.clientWidth || 240) * ratio);
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    const [cx, cy] = this.column.plane.centre;
    const scale = side / (2 * this.column.plane.half);
    const to = (x, y) => [side / 2 + (x - cx) * scale, side / 2 - (y - cy) * scale];
    return { context, side, ratio, to };
  }

  draw(theme, colours) {
    const { context, side, ratio, to } = this.fit(this.under);
    this.drawGrid(context, { side, ratio, to, theme });
    const { highlight } = this.column.plane;
    const other = theme.dark ? "rgba(150,150,150,0.35)" : "rgba(120,120,120,0.28)";
    const size = RADIUS * ratio * Math.min(1.4, Math.max(0.8, side / ratio / 240));
    for (const first of highlight === null ? [null] : [false, true]) {
      for (let i = 0; i < this.classes.length; i++) {
        const isIt = this.classes[i] === highlight;
        if (first !== null && isIt !== first) continue;
        context.fillStyle = highlight === null || isIt ? colours[this.classes[i]] : other;
        context.beginPath();
        context.arc(...to(this.points[2 * i], this.points[2 * i + 1]), size, 0, 7);
        context.fill();
      }
    }
    for (const curve of this.curves) this.drawCurve(context, curve, { ratio, to, theme });
    for (const mark of this.marks) this.drawMark(context, mark, { ratio, to, theme });
  }

  drawGrid(context, { side, ratio, to, theme }) {
    const { half, centre } = this.column.plane;
    const step = STEPS_OF_GRID.find((each) => (2 * half) / each <= MAX_LINES) ?? 2 * half;
    context.font = `${10 * ratio}px ${getComputedStyle(this.root).fontFamily}`;
    context.lineWidth = ratio;
    for (const axis of [0, 1]) {
      const first = Math.ceil((centre[axis] - half) / step);
      for (let i = first; i * step <= centre[axis] + half; i++) {
        const [x, y] = to(i * step, i * step);
        context.globalAlpha = i === 0 ? 0.3 : 0.1;
        context.strokeStyle = context.fillStyle = theme.text;
        context.beginPath();
        context.moveTo(axis ? 0 : x, axis ? y : 0);
        context.lineTo(axis ? side : x, axis ? y : side);
        context.stroke();
        context.globalAlpha = 0.6;
        context.fillText(String(i * step).replace("-", "−"), axis ? 3 * ratio : x + 3 * ratio, axis ? y - 3 * ratio : side - 4 * ratio);
      }
    }
    context.globalAlpha = 1;
  }

  drawCurve(context, { xy, label, colour }, { ratio, to, theme }) {
    const stroke = colour || theme.text;
    context.beginPath();
    for (let i = 0; i < xy.length; i += 2) context.lineTo(...to(xy[i], xy[i + 1]));
    context.strokeStyle = rgbaOf(theme.background, 0.6);
    context.lineWidth = 3 * ratio;
    context.stroke();
    context.strokeStyle = stroke;
    context.lineWidth = 1.2 * ratio;
    context.stroke();
    if (!label) return;
    let top = 0; // the highest point of the curve
    for (let i = 2; i < xy.length; i += 2) if (xy[i + 1] > xy[top + 1]) top = i;
    const [x, y] = to(xy[top], xy[top + 1]);
    context.textAlign = "center";
    context.fillStyle = rgbaOf(theme.background, 0.8);
    const width = context.measureText(label).width + 6 * ratio;
    context.fillRect(x - width / 2, y - 7 * ratio, width, 14 * ratio);
    context.fillStyle = stroke;
    context.fillText(label, x, y + 4 * ratio);
    context.textAlign = "start";
  }

  drawMark(context, { xy, kind, colour }, { ratio, to, theme }) {
    context.lineWidth = (kind === "cross" ? 3 : 1.6) * ratio;
    context.strokeStyle = colour || theme.text;
    context.fillStyle = rgbaOf(theme.background, 0.9);
    for (let i = 0; i < xy.length; i += 2) {
      const [x, y] = to(xy[i], xy[i + 1]);
      context.beginPath();
      if (kind === "cross") {
        context.moveTo(x - 7 * ratio, y - 7 * ratio);
        context.lineTo(x + 7 * ratio, y + 7 * ratio);
        context.moveTo(x + 7 * ratio, y - 7 * ratio);
        context.lineTo(x - 7 * ratio, y + 7 * ratio);
      } else {
        context.arc(x, y, 3.4 * ratio, 0, 7);
        context.fill();
      }
      context.stroke();
    }
  }

  drawPlace(place, theme) {
    const { context, ratio, to } = this.fit(this.over);
    const [x, y] = to(...place);
    for (const [width, colour] of [[5, rgbaOf(theme.background, 0.9)], [2.5, theme.accent]]) {
      context.lineWidth = width * ratio;
      context.strokeStyle = colour;
      context.beginPath();
      context.arc(x, y, 7 * ratio, 0, 7);
      context.stroke();
    }
  }
}

function rgbaOf([r, g, b], alpha) {
  return `rgba(${r},${g},${b},${alpha})`;
}

// A model by itself has its pictures beside its plane.
function beside(parts) {
  const box = made("div", "beside");
  box.append(...parts);
  return box;
}

class Models {
  constructor(parent) {
    this.parent = parent;
    this.root = parent.querySelector(".models");
    this.faces = 0;
    this.resizer = new ResizeObserver(() => this.draw());
    this.resizer.observe(this.root);
  }

  setData(data, setStateValue) {
    if (data.version !== this.data?.version) this.pinned = data.place;
    this.data = data;
    this.setStateValue = setStateValue;
    this.decoder = decoderOf(data.socket);
    this.place = this.pinned;
    this.columns = data.columns.map((column) => this.column(column));
    this.root.querySelector(".legend").replaceChildren(...this.legend());
    this.root.querySelector(".columns").replaceChildren(...this.columns.map((one) => one.root));
    this.root.dataset.columns = this.columns.length;
    this.draw();
    this.point(this.pinned);
    this.root.dataset.ready = data.version;
  }

  legend() {
    const shown = this.data.columns.some((column) => column.plane && column.plane.highlight === null);
    return (shown ? this.data.names : []).map((name, i) => {
      const entry = made("span");
      const dot = made("i");
      dot.style.background = this.data.colours[i];
      entry.append(dot, name);
      return entry;
    });
  }

  column(column) {
    const root = made("article");
    const title = made("h4", "", column.title);
    title.append(made("small", "", column.note));
    const parts = [title];
    const one = { column, root, plane: null, canvas: null };
    if (column.plane) {
      one.plane = new Plane(column, this);
      one.canvas = made("canvas");
      one.canvas.setAttribute("role", "img");
      parts.push(one.plane.root);
    }
    const rest = [this.here(one)];
    for (const sheet of column.sheets) rest.push(made("h5", "", sheet.caption), this.sheet(sheet));
    if (this.data.columns.length === 1) parts.push(beside(rest));
    else parts.push(...rest);
    root.style.setProperty("--rows", parts.length);
    root.append(...parts);
    return one;
  }

  // What is at the place, and the figures of the model.
  here({ column, canvas }) {
    const box = made("div", "here");
    const list = made("dl");
    if (canvas) box.append(canvas);
    for (const [name, value] of column.facts) {
      const row = made("div");
      row.append(made("dt", "", name), made("dd", "", value));
      list.append(row);
    }
    box.append(list);
    return box;
  }

  sheet({ caption, columns, count, width, height, channels, pixels }) {
    const box = made("div", count === 1 ? "sheet one" : "sheet");
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", caption);
    box.style.setProperty("--count", columns);
    const bytes = bytesOf(pixels);
    const size = width * height * channels;
    for (let i = 0; i < count; i++) {
      const canvas = made("canvas");
      paint(canvas, { width, height, channels, bytes: bytes.subarray(i * size, (i + 1) * size) }, count === 1 ? 128 : 64);
      box.append(canvas);
    }
    return box;
  }

  draw() {
    if (!this.columns) return;
    this.theme = readTheme(this.root);
    for (const { plane } of this.columns) plane?.draw(this.theme, this.data.colours);
    for (const { plane } of this.columns) plane?.drawPlace(this.place, this.theme);
  }

  // Every model draws what it has at the place.
  point(place) {
    this.place = place;
    for (const one of this.columns) {
      if (!one.plane) continue;
      one.plane.drawPlace(place, this.theme);
      const question = { bundle: one.column.bundle, codes: one.plane.codeAt(place) };
      this.decoder.ask(`lab-${one.column.bundle}`, question, ([picture]) => {
        paint(one.canvas, picture, 96);
        const told = place.map((value) => value.toFixed(1)).join(", ");
        one.canvas.setAttribute("aria-label", `${one.column.title}, decoded at ${told}`);
        this.root.dataset.faces = this.faces += 1;
      });
    }
  }

  pin(place) {
    this.pinned = place.map((value) => Math.round(100 * value) / 100);
    this.point(this.pinned);
    this.setStateValue("place", { x: this.pinned[0], y: this.pinned[1] });
  }

  dispose() {
    this.resizer.disconnect();
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  let models = MODELS.get(parentElement);
  if (!models || !models.root.isConnected) {
    models?.dispose();
    models = new Models(parentElement);
    MODELS.set(parentElement, models);
  }
  models.setData(data, setStateValue);
  return () => {
    models.dispose();
    MODELS.delete(parentElement);
  };
}
