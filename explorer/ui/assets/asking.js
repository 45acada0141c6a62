// Asking for the face under the pointer, and keeping the one that is clicked.

const HIT_PX = 9; // a pointer this near a point means the point
const HOVER_MS = 25; // faces are asked for at most this often
const ANSWER_MS = 2000; // an answer lost for this long does not block the next question
const PICK_MS = 150; // a click waits this long for its face before the page is asked

const Asking = {
  connect(path) {
    this.socket = new LiveSocket(path, {
      onFrame: (frame) => this.showFrame(frame),
      onLost: () => this.say("The live picture is lost, trying again …"),
      onBack: () => this.points && this.tell(),
    });
  },

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
  },

  // What the colours say about a point, for the caption.
  categoryOf(index) {
    const { kind, title, names } = this.data.colour;
    const name = kind === "category" && index >= 0 ? names[this.codes[index]] : undefined;
    if (name === undefined) return "";
    return name === "yes" || name === "no" ? `${title}: ${name}` : name;
  },

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
  },

  // On another plane what was asked and shown means nothing, nor does an answer under way.
  forget() {
    this.asked = { time: 0, seq: this.asked.seq + 1, key: "", index: -1 };
    this.shown = this.picked = null;
    this.waiting = false;
    this.preview.hide();
  },

  // What the pointer means: a point within reach, otherwise the place itself.
  target() {
    const [x, y] = this.view.toPlane(this.pointer.x, this.pointer.y);
    const reach = HIT_PX / this.view.scale;
    const index = this.points.nearest(x, y, reach, (i) => this.isActive(i));
    return { x, y, index };
  },

  isActive(i) {
    return this.data.colour.kind !== "category" || this.legend.isShown(this.codes[i]);
  },

  pick({ x, y, index } = this.target()) {
    const pick = { x, y, index, plane: this.data.plane, bundle: this.data.bundle };
    this.setMarks({ place: pick, neighbours: [] });
    this.picked = { pick, key: keyOf(pick) };
    clearTimeout(this.pickTimer);
    this.pickTimer = setTimeout(() => this.sendPicked(), PICK_MS);
    this.showPicked();
  },

  // The large face need not wait for the page: it is the picture beside the pointer, or the next.
  // Only then is the page asked for the rest, which would keep both processors busy.
  showPicked() {
    if (!this.picked || this.shown?.key !== this.picked.key) return;
    this.shared.showEarly?.(this.shown.frame);
    this.sendPicked();
  },

  sendPicked() {
    clearTimeout(this.pickTimer);
    if (this.picked) this.shared.sendPick?.(this.picked.pick);
    this.picked = null;
  },

  pickPoint(index) {
    this.pick({ x: this.points.x[index], y: this.points.y[index], index });
    this.sendPicked(); // no face is on its way: the pointer is elsewhere
  },
};

function keyOf({ x, y, index }) {
  return index >= 0 ? `#${index}` : `${x},${y}`;
}
