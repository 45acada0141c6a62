// A canvas to draw a digit on. Strokes are lists of places, 0 to 1, and are sent after each.

const SKETCHES = new WeakMap();
const PEN_SHARE = 0.075; // of the canvas, only to be looked at: Python draws with a pen of its own
const STEP = 0.004; // places nearer than this to the last one are left out
const MOST_POINTS = 2000; // of a stroke

class Sketch {
  constructor(parent) {
    const find = (name) => parent.querySelector(name);
    Object.assign(this, { root: find(".sketch"), stage: find(".stage"), canvas: find("canvas"), strokes: [] });
    Object.assign(this, { invitation: find(".invitation"), undoButton: find(".undo"), clearButton: find(".clear") });
    this.undoButton.addEventListener("click", () => this.undo());
    this.clearButton.addEventListener("click", () => this.clear());
    this.canvas.addEventListener("pointerdown", (e) => this.onDown(e));
    this.canvas.addEventListener("pointermove", (e) => this.onMove(e));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, (e) => this.onUp(e));
    this.root.addEventListener("keydown", (e) => this.onKey(e));
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.stage);
  }

  setData(data, setStateValue) {
    this.setStateValue = setStateValue;
    const isFresh = this.data?.bundle !== data.bundle || this.data?.round !== data.round;
    this.data = data;
    this.invitation.textContent = data.invitation;
    // Later messages only echo what was drawn here; a stroke under way must not be lost.
    if (isFresh) this.strokes = data.strokes;
    this.draw();
    this.root.dataset.ready = "1";
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (value, size) => Math.min(1, Math.max(0, value / size));
    return [share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height)];
  }

  onDown(event) {
    if (event.button !== 0 || this.pen !== undefined) return;
    this.pen = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.strokes.push([this.place(event)]);
    this.draw();
  }

  onMove(event) {
    if (event.pointerId !== this.pen) return;
    const stroke = this.strokes.at(-1);
    // A quick pen reports several places at once.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) {
      const place = this.place(one);
      const [x, y] = stroke.at(-1);
      if (Math.hypot(place[0] - x, place[1] - y) >= STEP && stroke.length < MOST_POINTS) stroke.push(place);
    }
    this.draw();
  }

  onUp(event) {
    if (event.pointerId !== this.pen) return;
    this.pen = undefined;
    this.send();
  }

  onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.undo();
    else if (event.key === "Delete") this.clear();
    else return;
    event.preventDefault();
  }

  undo() {
    if (!this.strokes.length) return;
    this.strokes.pop();
    this.draw();
    this.send();
  }

  clear() {
    if (!this.strokes.length) return;
    this.strokes = [];
    this.draw();
    this.send();
  }

  send() {
    const rounded = this.strokes.map((stroke) => stroke.map((place) => place.map((v) => Math.round(v * 1e4) / 1e4)));
    const { bundle, round } = this.data;
    this.setStateValue("strokes", { strokes: rounded, bundle, round, serial: Date.now() });
  }

  resize() {
    const side = Math.round(this.stage.clientWidth * Math.max(1, window.devicePixelRatio || 1));
    if (!side) return;
    this.canvas.width = this.canvas.height = side;
    this.draw();
  }

  draw() {
    const context = this.canvas.getContext("2d");
    const side = this.canvas.width;
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    Object.assign(context, { strokeStyle: "#fff", lineCap: "round", lineJoin: "round", lineWidth: PEN_SHARE * side });
    for (const stroke of this.strokes) this.trace(context, stroke, side);
    this.invitation.hidden = this.strokes.length > 0;
    this.undoButton.disabled = this.clearButton.disabled = !this.strokes.length;
    this.root.dataset.strokes = this.strokes.length;
  }

  // Through the middles between places, so that a quick stroke has no corners.
  trace(context, stroke, side) {
    const at = ([x, y]) => [x * side, y * side];
    context.beginPath();
    context.moveTo(...at(stroke[0]));
    for (let i = 1; i < stroke.length - 1; i++) {
      const [x, y] = at(stroke[i]);
      const [nextX, nextY] = at(stroke[i + 1]);
      context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    }
    context.lineTo(...at(stroke.at(-1)));
    context.stroke();
  }

  dispose() {
    this.resizer.disconnect();
  }
}

export default function sketch({ data, parentElement, setStateValue }) {
  let piece = SKETCHES.get(parentElement);
  if (!piece || !piece.root.isConnected) {
    piece?.dispose();
    piece = new Sketch(parentElement);
    SKETCHES.set(parentElement, piece);
  }
  piece.setData(data, setStateValue);
  return () => {
    piece.dispose();
    SKETCHES.delete(parentElement);
  };
}
