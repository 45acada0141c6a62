// Mouse, wheel, touch and keys. A mouse drags the plane (or draws a selection); one finger looks,
// two fingers move and pinch; arrow keys move a crosshair.

const CLICK_PX = 4; // a press that moved less than this is a click
const KEY_PX = 12;

const Gestures = {
  listen(parent) {
    const { canvas } = this;
    this.fingers = new Map();
    canvas.addEventListener("pointerdown", (e) => this.onDown(e));
    canvas.addEventListener("pointermove", (e) => this.onMove(e));
    canvas.addEventListener("pointerup", (e) => this.onUp(e));
    canvas.addEventListener("pointercancel", (e) => this.onCancel(e));
    canvas.addEventListener("pointerleave", (e) => this.onLeave(e));
    canvas.addEventListener("wheel", (e) => this.onWheel(e), { passive: false });
    canvas.addEventListener("dblclick", (e) => e.preventDefault());
    canvas.addEventListener("keydown", (e) => this.onKey(e));
    canvas.addEventListener("blur", () => this.dropCrosshair());
    // The frame of the focus is for those who came by the keyboard.
    canvas.addEventListener("focus", () => canvas.classList.toggle("keys", !this.press));
    parent.querySelector(".tools").addEventListener("click", (e) => {
      const button = e.target.closest("button");
      if (button?.dataset.tool) this.setTool(button.dataset.tool);
      if (button?.dataset.act) this.act(button.dataset.act);
    });
  },

  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  },

  onDown(event) {
    if (event.button !== 0) return;
    this.crosshair = false;
    const spot = this.spot(event);
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.classList.remove("keys");
    this.fingers.set(event.pointerId, spot);
    this.press = { ...spot, moved: false, pinched: this.fingers.size > 1 };
    this.canvas.focus({ preventScroll: true });
    const drawing = this.tool !== "move" || event.shiftKey;
    if (this.fingers.size > 1) this.path = null;
    else if (drawing) this.path = { kind: this.tool === "lasso" ? "lasso" : "box", trail: [[spot.x, spot.y]] };
    this.pointer = spot;
    if (event.pointerType === "touch") this.look(event);
  },

  onMove(event) {
    const spot = this.spot(event);
    const held = this.fingers.get(event.pointerId);
    if (held && this.press) {
      this.press.moved ||= Math.hypot(spot.x - this.press.x, spot.y - this.press.y) > CLICK_PX;
      if (this.fingers.size > 1) this.pinch(event.pointerId, spot);
      else if (this.path && this.press.moved) this.trace(spot);
      else if (event.pointerType !== "touch" && this.press.moved) this.dragBy(spot.x - held.x, spot.y - held.y);
      this.fingers.set(event.pointerId, spot);
    }
    this.pointer = spot;
    this.crosshair = false;
    this.look(event);
  },

  onUp(event) {
    const press = this.press;
    this.fingers.delete(event.pointerId);
    this.endDrag();
    if (!press || this.fingers.size) return;
    this.press = null;
    if (press.pinched) this.path = null;
    else if (press.moved && this.path) this.finishPath();
    else if (!press.moved) {
      this.path = null;
      this.pointer = this.spot(event);
      this.pick();
    }
    if (event.pointerType === "touch") this.onLeave(event);
    this.drawOverlay();
  },

  onCancel(event) {
    this.fingers.delete(event.pointerId);
    this.press = this.path = null;
    this.endDrag();
    this.onLeave(event);
  },

  onLeave() {
    if (this.press || this.crosshair) return;
    this.pointer = null;
    this.asked.key = "";
    this.preview.hide();
    this.canvas.style.cursor = "";
  },

  look(event) {
    if (!this.points) return;
    const covered = this.dragging || this.path || this.fingers.size > 1;
    if (covered) {
      this.preview.hide();
      return;
    }
    this.preview.place(this.pointer.x, this.pointer.y, this.view.width, this.view.height, event.pointerType === "touch");
    this.preview.reveal();
    this.canvas.style.cursor = this.target().index >= 0 ? "pointer" : "";
    this.ask();
  },

  dragBy(dx, dy) {
    this.dragging = true;
    this.canvas.classList.add("dragging");
    this.view.pan(dx, dy);
    this.draw();
  },

  endDrag() {
    this.dragging = false;
    this.canvas.classList.remove("dragging");
  },

  trace(spot) {
    this.path.trail.push([spot.x, spot.y]);
    this.drawOverlay();
  },

  pinch(id, spot) {
    const other = [...this.fingers].find(([key]) => key !== id)?.[1];
    const before = this.fingers.get(id);
    this.press.pinched = true;
    const span = (a) => Math.hypot(a.x - other.x, a.y - other.y) || 1;
    this.view.pan((spot.x - before.x) / 2, (spot.y - before.y) / 2);
    this.view.zoom(span(spot) / span(before), (spot.x + other.x) / 2, (spot.y + other.y) / 2);
    this.draw();
  },

  onWheel(event) {
    event.preventDefault();
    const { x, y } = this.spot(event);
    const lines = event.deltaMode === 1 ? 16 : 1;
    this.view.zoom(Math.exp((-event.deltaY * lines) / 420), x, y);
    this.draw();
    if (this.pointer) this.ask();
  },

  onKey(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const key = event.key;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[key]) this.moveCrosshair(steps[key], event.shiftKey ? 5 : 1);
    else if (key === "Enter" || key === " ") this.pointer && this.pick();
    else if (key === "+" || key === "=") this.act("in");
    else if (key === "-") this.act("out");
    else if (key === "0" || key === "Home") this.act("fit");
    else if (key === "m" || key === "b" || key === "l") this.setTool({ m: "move", b: "box", l: "lasso" }[key]);
    else if (key === "Escape") this.escape();
    else return;
    event.preventDefault();
  },

  moveCrosshair([dx, dy], speed) {
    const start = this.pointer ?? { x: this.view.width / 2, y: this.view.height / 2 };
    const clamp = (value, high) => Math.min(high - 1, Math.max(1, value));
    this.pointer = {
      x: clamp(start.x + dx * KEY_PX * speed, this.view.width),
      y: clamp(start.y + dy * KEY_PX * speed, this.view.height),
    };
    this.crosshair = true;
    this.look({ pointerType: "key" });
    this.drawOverlay();
  },

  dropCrosshair() {
    if (!this.crosshair) return;
    this.crosshair = false;
    this.onLeave();
    this.drawOverlay();
  },

  escape() {
    this.path = null;
    this.dropCrosshair();
    if (this.selected.size) this.setSelection([]);
    this.drawOverlay();
  },
};
