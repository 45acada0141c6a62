// A photo with the square that is cut out of it. Two views: the whole photo with the square, the
// eyes and the other faces on it; or, for the hand, the square in the middle and the photo moving
// under it. Coordinates of the square are photo pixels; its angle is counter-clockwise.

const CROPPERS = new WeakMap();
const FRAME_SHARE = 0.8; // of the canvas that the square takes in the view for the hand
const IDLE_MS = 180; // after the last turn of the wheel or press of a key
const THUMB_PX = 56;

class Cropper {
  constructor(parent) {
    const find = (name) => parent.querySelector(name);
    Object.assign(this, { root: find(".cropper"), stage: find(".stage"), canvas: find("canvas") });
    Object.assign(this, { zoomDial: find(".zoom"), turnDial: find(".turn"), fingers: new Map() });
    find(".by-hand").addEventListener("click", () => this.setView(this.view === "hand" ? "whole" : "hand"));
    find(".reset").addEventListener("click", () => this.reset());
    this.zoomDial.addEventListener("input", () => this.zoomTo(Number(this.zoomDial.value)));
    this.turnDial.addEventListener("input", () => this.change({ angle: Number(this.turnDial.value) }));
    for (const dial of [this.zoomDial, this.turnDial]) dial.addEventListener("change", () => this.send());
    this.canvas.addEventListener("pointerdown", (e) => this.onDown(e));
    this.canvas.addEventListener("pointermove", (e) => this.onMove(e));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, (e) => this.onUp(e));
    this.canvas.addEventListener("wheel", (e) => this.onWheel(e), { passive: false });
    this.canvas.addEventListener("keydown", (e) => this.onKey(e));
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.stage);
  }

  // ---- what Python sends -------------------------------------------------------------------

  setData(data, setStateValue) {
    this.setStateValue = setStateValue;
    const isNew = this.data?.photo !== data.photo || this.data?.bundle !== data.bundle;
    this.data = data;
    if (!isNew) return;
    this.placement = { ...data.start };
    this.chosen = 0;
    this.sent = null;
    this.root.querySelector(".caption").textContent = data.caption;
    delete this.root.dataset.ready;
    this.photo = new Image();
    this.photo.onload = () => {
      this.fillFaces();
      this.draw();
      this.root.dataset.ready = data.photo;
    };
    this.photo.src = data.source;
    this.setView(data.by_hand ? "hand" : "whole");
  }

  // What the model was shown last. While a hand moves on, answers to what it sent before come
  // late and must not pull the photo back: only the answer to the last message counts.
  setPlacement({ photo, placement, chosen }) {
    if (!placement || photo !== this.data?.photo || this.fingers.size || this.timer) return;
    if (this.sent && !isSame(this.sent, placement)) return;
    this.sent = null;
    this.placement = { ...placement };
    this.chosen = chosen;
    this.draw();
  }

  // ---- views -------------------------------------------------------------------------------

  setView(view) {
    this.view = view;
    this.root.dataset.view = view;
    const isHand = view === "hand";
    const button = this.root.querySelector(".by-hand");
    button.textContent = isHand ? "Whole photo" : "Crop by hand";
    button.setAttribute("aria-pressed", String(isHand));
    this.root.querySelector(".dials").hidden = !isHand;
    this.root.querySelector(".reset").hidden = !isHand;
    const guide = this.data?.guides.length ? " The eyes belong on the two rings." : "";
    this.canvas.setAttribute("aria-label", isHand
      ? `The photo under a square frame.${guide} Arrow keys move it, plus and minus zoom, comma and full stop turn, 0 starts again.`
      : "The photo with the square that is cut out of it.");
    this.draw();
  }

  resize() {
    const side = this.stage.clientWidth;
    if (!side) return;
    this.size = side;
    this.ratio = Math.max(1, window.devicePixelRatio || 1);
    this.canvas.width = this.canvas.height = Math.round(side * this.ratio);
    this.draw();
  }

  get frame() {
    return FRAME_SHARE * this.size;
  }

  // ---- geometry ----------------------------------------------------------------------------

  // Places in the square (from its middle, side 1) to photo pixels.
  toPhoto(u, v, { x, y, side, angle } = this.placement) {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    return [x + side * (u * cos + v * sin), y + side * (v * cos - u * sin)];
  }

  // Canvas pixels (CSS) to photo pixels, in the view for the hand.
  photoAt({ x, y }) {
    return this.toPhoto((x - this.size / 2) / this.frame, (y - this.size / 2) / this.frame);
  }

  // Moves the photo so that the point `anchor` of it lies under the place `spot` of the canvas.
  pin(anchor, spot) {
    const [x, y] = this.photoAt(spot);
    this.change({ x: this.placement.x + anchor[0] - x, y: this.placement.y + anchor[1] - y });
  }

  change(values) {
    const { width, height, limits } = this.data;
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
    const next = { ...this.placement, ...values };
    next.x = clamp(next.x, 0, width);
    next.y = clamp(next.y, 0, height);
    next.side = clamp(next.side, limits[0], limits[1]);
    next.angle = ((((next.angle + 180) % 360) + 360) % 360) - 180;
    this.placement = next;
    this.draw();
  }

  zoomTo(value) {
    const [low, high] = this.data.limits;
    this.change({ side: high * Math.pow(low / high, value / 1000) });
  }

  reset() {
    this.change(this.data.faces[this.chosen]?.placement ?? this.data.start);
    this.send();
  }

  // ---- what is told to Python --------------------------------------------------------------

  send() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.sent = { ...this.placement };
    this.setStateValue("placement", { ...this.placement, ...this.about() });
  }

  sendSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), IDLE_MS);
  }

  choose(number) {
    this.chosen = number;
    this.sent = this.placement = { ...this.data.faces[number].placement };
    this.draw();
    this.setStateValue("face", { number, ...this.about() });
  }

  about() {
    return { photo: this.data.photo, bundle: this.data.bundle, serial: Date.now() };
  }

  // ---- hands -------------------------------------------------------------------------------

  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  onDown(event) {
    if (event.button !== 0) return;
    if (this.view === "whole") {
      this.chooseAt(this.spot(event));
      return;
    }
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.spot(event));
    this.moved = false;
  }

  onMove(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const spot = this.spot(event);
    const other = [...this.fingers].find(([key]) => key !== event.pointerId)?.[1];
    const middle = (a, b) => (b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : a);
    const anchor = this.photoAt(middle(before, other));
    if (other) {
      const [old, now] = [before, spot].map((p) => ({ length: Math.hypot(p.x - other.x, p.y - other.y) || 1, turn: Math.atan2(p.y - other.y, p.x - other.x) }));
      const turn = ((now.turn - old.turn) * 180) / Math.PI; // clockwise, as the photo on the screen
      this.change({ side: (this.placement.side * old.length) / now.length, angle: this.placement.angle + turn });
    }
    this.fingers.set(event.pointerId, spot);
    this.moved = true;
    this.pin(anchor, middle(spot, other));
  }

  onUp(event) {
    if (!this.fingers.delete(event.pointerId) || this.fingers.size || !this.moved) return;
    this.send();
  }

  onWheel(event) {
    if (this.view !== "hand") return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const anchor = this.photoAt(this.spot(event));
    this.change({ side: this.placement.side * Math.exp((event.deltaY * lines) / 420) });
    this.pin(anchor, this.spot(event));
    this.sendSoon();
  }

  onKey(event) {
    if (this.view !== "hand" || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (event.shiftKey ? 0.05 : 0.01);
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const { side, angle } = this.placement;
    if (moves[event.key]) {
      // The photo goes the way of the arrow.
      const [x, y] = this.toPhoto(-moves[event.key][0] * step, -moves[event.key][1] * step);
      this.change({ x, y });
    } else if (event.key === "+" || event.key === "=") this.change({ side: side / 1.03 });
    else if (event.key === "-") this.change({ side: side * 1.03 });
    else if (event.key === ",") this.change({ angle: angle - 1 });
    else if (event.key === ".") this.change({ angle: angle + 1 });
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
    this.sendSoon();
  }

  chooseAt(spot) {
    const { scale, left, top } = this.whole();
    const [x, y] = [(spot.x - left) / scale, (spot.y - top) / scale];
    const inside = ({ box }) => x >= box[0] && y >= box[1] && x <= box[0] + box[2] && y <= box[1] + box[3];
    const number = this.data.faces.findIndex(inside);
    if (number >= 0 && number !== this.chosen) this.choose(number);
  }

  // ---- drawing -----------------------------------------------------------------------------

  whole() {
    const { width, height } = this.data;
    const scale = this.size / Math.max(width, height);
    return { scale, left: (this.size - width * scale) / 2, top: (this.size - height * scale) / 2 };
  }

  draw() {
    if (!this.size || !this.data || !this.photo?.complete) return;
    const context = this.canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.size, this.size);
    context.imageSmoothingQuality = "high";
    if (this.view === "hand") this.drawHand(context);
    else this.drawWhole(context);
    const [low, high] = this.data.limits;
    this.zoomDial.value = (1000 * Math.log(this.placement.side / high)) / Math.log(low / high);
    this.turnDial.value = this.placement.angle;
    for (const [i, button] of [...this.root.querySelectorAll(".faces button")].entries()) {
      button.setAttribute("aria-pressed", String(i === this.chosen));
    }
    this.root.dataset.placement = JSON.stringify(this.placement);
  }

  // The photo as it lies when its square fills `side` pixels around the origin.
  drawUnder(context, { x, y, side: width, angle }, side) {
    context.scale(side / width, side / width);
    context.rotate((angle * Math.PI) / 180);
    context.translate(-x, -y);
    context.drawImage(this.photo, 0, 0, this.data.width, this.data.height);
  }

  drawHand(context) {
    const { size, frame } = this;
    const edge = (size - frame) / 2;
    context.save();
    context.translate(size / 2, size / 2);
    this.drawUnder(context, this.placement, frame);
    context.restore();
    context.beginPath();
    context.rect(0, 0, size, size);
    context.rect(edge, edge, frame, frame);
    context.fillStyle = "rgb(0 0 0 / 0.5)";
    context.fill("evenodd");
    context.strokeStyle = "#fff";
    context.lineWidth = 2;
    context.strokeRect(edge, edge, frame, frame);
    for (const [u, v] of this.data.guides) ringOn(context, edge + u * frame, edge + v * frame, 0.055 * frame);
  }

  drawWhole(context) {
    const { scale, left, top } = this.whole();
    const onCanvas = ([x, y]) => [left + x * scale, top + y * scale];
    const { width, height, faces } = this.data;
    context.drawImage(this.photo, left, top, width * scale, height * scale);
    const corners = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]].map(([u, v]) => onCanvas(this.toPhoto(u, v)));
    context.beginPath();
    context.rect(left, top, width * scale, height * scale);
    context.moveTo(...corners[0]);
    for (const corner of corners.slice(1)) context.lineTo(...corner);
    context.closePath();
    context.fillStyle = "rgb(0 0 0 / 0.35)";
    context.fill("evenodd");
    context.beginPath();
    corners.forEach((corner, i) => (i ? context.lineTo(...corner) : context.moveTo(...corner)));
    context.closePath();
    haloed(context, 2);
    const radius = (face) => Math.max(3, 0.035 * face.placement.side * scale);
    faces.forEach((face, i) => {
      if (i === this.chosen) for (const eye of face.eyes) ringOn(context, ...onCanvas(eye), radius(face));
      // At a corner of its square: in a small face it would cover an eye.
      if (faces.length > 1) this.drawNumber(context, i, ...onCanvas(this.toPhoto(-0.5, -0.5, face.placement)));
    });
  }

  drawNumber(context, i, x, y) {
    context.beginPath();
    context.arc(x, y, 10, 0, 7);
    context.fillStyle = i === this.chosen ? "#fff" : "rgb(0 0 0 / 0.7)";
    context.fill();
    context.fillStyle = i === this.chosen ? "#000" : "#fff";
    context.font = "600 12px sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(i + 1), x, y + 0.5);
  }

  fillFaces() {
    const { faces } = this.data;
    const list = this.root.querySelector(".faces");
    list.replaceChildren(...(faces.length > 1 ? faces.map((face, i) => this.thumbnail(face, i)) : []));
  }

  thumbnail(face, number) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Face ${number + 1}`);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = THUMB_PX * (this.ratio ?? 1);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.translate(canvas.width / 2, canvas.height / 2);
    this.drawUnder(context, face.placement, canvas.width);
    const badge = document.createElement("span");
    badge.textContent = number + 1;
    button.append(canvas, badge);
    button.addEventListener("click", () => this.choose(number));
    return button;
  }

  dispose() {
    this.resizer.disconnect();
    clearTimeout(this.timer);
  }
}

function isSame(one, other) {
  return ["x", "y", "side", "angle"].every((name) => Math.abs(one[name] - other[name]) < 1e-6);
}

// White on dark, to be seen on any photo.
function haloed(context, width) {
  context.strokeStyle = "rgb(0 0 0 / 0.55)";
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = "#fff";
  context.lineWidth = width;
  context.stroke();
}

function ringOn(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  haloed(context, 1.5);
}

export default function cropper({ data, parentElement, setStateValue }) {
  const shared = channel(data.channel);
  let piece = CROPPERS.get(parentElement);
  if (!piece || !piece.root.isConnected) {
    piece?.dispose();
    piece = new Cropper(parentElement);
    CROPPERS.set(parentElement, piece);
  }
  shared.cropper = piece;
  piece.setData(data, setStateValue);
  if (shared.likeness) piece.setPlacement(shared.likeness);
  return () => {
    piece.dispose();
    CROPPERS.delete(parentElement);
    if (shared.cropper === piece) shared.cropper = null;
  };
}
