// Rows of pictures, one per axis of the code. A handle moves the code here in the browser; the
// server only decodes, so the large picture follows the hand.

const TRAVERSALS = new WeakMap();
const ROW_SOCKETS = 2; // on two cores of the server; the large picture has its own
const ROWS_AT_ONCE = 3; // 33 pictures take a sixth less than three times 11
const LOST_ROW_MS = 4000;
const TELL_MS = 1000;
const ACTS = ["pointerdown", "keydown"];
const GAP = 1; // px between pictures

// Decodes the rows that are out of date, those in sight first, two at a time.
class RowFeed {
  constructor(path, onIdle) {
    this.decoders = Array.from({ length: ROW_SOCKETS }, (_, i) => decoderOf(`${path}?rows=${i}`));
    this.busy = this.decoders.map(() => null);
    this.next = onIdle;
  }

  // `next()` gives the question to ask: {codes, count, bundle, onPictures}, or nothing.
  pump() {
    this.decoders.forEach((decoder, i) => {
      if (this.busy[i] && performance.now() - this.busy[i].time < LOST_ROW_MS) return;
      const question = this.next();
      if (!question) return;
      const mine = (this.busy[i] = { time: performance.now() });
      setTimeout(() => this.busy[i] === mine && this.pump(), LOST_ROW_MS);
      decoder.ask("row", question, (pictures) => {
        if (this.busy[i] === mine) this.busy[i] = null;
        question.onPictures(pictures);
        this.pump();
      });
    });
  }
}

class Row {
  constructor(view, place) {
    this.view = view;
    this.place = place;
    this.version = -1; // of the code whose pictures are shown
    this.asked = -1;
    this.element = document.createElement("div");
    this.element.className = "row";
    this.element.setAttribute("role", "listitem");
    this.element.innerHTML =
      '<div class="about"><div class="name"><b></b><small></small></div><div class="bar"><i></i></div><ul class="chips"></ul></div>' +
      '<div class="film"><div class="cells"><canvas></canvas></div><i class="line"></i><div class="track"><input type="range" step="any" /></div></div>';
    this.find = (name) => this.element.querySelector(name);
    this.input = this.find("input");
    this.cells = this.find(".cells");
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.view.move(this.place, Number(this.input.value)));
    this.input.addEventListener("change", () => this.view.release());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("dblclick", () => this.view.forget(this.place));
    const to = (event) => {
      const box = this.cells.getBoundingClientRect();
      const cell = box.width / this.view.data.steps;
      const share = (event.clientX - box.left - cell / 2) / (box.width - cell);
      const { low, high } = this.ends;
      this.view.move(this.place, low + (high - low) * Math.min(1, Math.max(0, share)));
    };
    this.cells.addEventListener("pointerdown", (event) => {
      this.cells.setPointerCapture(event.pointerId);
      this.scrubbing = true;
      to(event);
    });
    this.cells.addEventListener("pointermove", (event) => this.scrubbing && to(event));
    const end = () => {
      if (this.scrubbing) this.view.release();
      this.scrubbing = false;
    };
    this.cells.addEventListener("pointerup", end);
    this.cells.addEventListener("pointercancel", end);
  }

  // A range input without steps moves too far on an arrow key.
  onKey(event) {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (event.key === "Escape") this.view.forget(this.place);
    if (!step) return;
    event.preventDefault();
    const { low, high } = this.ends;
    const size = (high - low) / ((this.view.data.steps - 1) * (event.shiftKey ? 1 : 4));
    this.view.move(this.place, Math.min(high, Math.max(low, Number(this.input.value) + step * size)));
    this.view.release();
  }

  get ends() {
    return { low: this.view.low[this.place], high: this.view.high[this.place] };
  }

  setData(data) {
    this.find("b").textContent = data.names[this.place];
    this.find("small").textContent = data.figures[this.place];
    this.find(".bar i").style.width = `${100 * data.shares[this.place]}%`;
    this.input.min = this.ends.low;
    this.input.max = this.ends.high;
    this.input.setAttribute("aria-label", data.names[this.place]);
  }

  showNotes(notes) {
    this.find(".chips").replaceChildren(
      ...notes.map(([text, kind]) => {
        const chip = document.createElement("li");
        chip.textContent = text;
        chip.className = kind;
        return chip;
      }),
    );
    this.find(".chips").title = notes.map(([text]) => text).join(", ");
  }

  placeHandle(value, isMoved) {
    const { low, high } = this.ends;
    this.input.value = value;
    const steps = this.view.data.steps;
    const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
    this.find(".line").style.left = `${(100 * (0.5 + share * (steps - 1))) / steps}%`;
    this.element.toggleAttribute("data-moved", isMoved);
    this.input.setAttribute("aria-valuetext", value.toFixed(2));
  }

  get isNear() {
    const box = this.element.getBoundingClientRect();
    return box.height > 0 && box.bottom > -200 && box.top < window.innerHeight + 400;
  }

  draw(pictures) {
    const size = (this.cells.clientWidth + GAP) / pictures.length - GAP;
    paintRow(this.cells.firstElementChild, pictures, size > 0 ? size : 48, GAP);
    delete this.element.dataset.stale;
  }
}

class Traversal {
  constructor(parent, shared) {
    this.root = parent.querySelector(".traverse");
    this.find = (name) => parent.querySelector(name);
    this.shared = shared;
    this.rows = [];
    this.shown = 0; // living rows, by pages
    this.moves = new Map(); // place of a row -> coordinate along its axis
    this.version = 0;
    this.drawn = 0;
    this.filled = 0;
    this.find(".more").addEventListener("click", () => this.showMore());
    this.find(".dead").addEventListener("toggle", () => this.feed.pump());
    // Scrolling happens in one of Streamlit's own containers.
    this.onScroll = () => this.feed?.pump();
    window.addEventListener("scroll", this.onScroll, { capture: true, passive: true });
    this.onAct = () => this.tell();
    for (const act of ACTS) window.addEventListener(act, this.onAct, { capture: true });
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.root);
  }

  // ---- what Python sends -------------------------------------------------------------------

  setData(data, sendMoves) {
    const sameRows = this.data?.bundle === data.bundle && this.data.kind === data.kind;
    const sameStart = this.data?.start === data.start;
    this.sendMoves = sendMoves;
    this.data = data;
    this.code = floatsOf(data.code);
    this.vectors = floatsOf(data.vectors);
    this.at = floatsOf(data.at);
    this.low = floatsOf(data.low);
    this.high = floatsOf(data.high);
    this.current = this.code.slice();
    this.decoder ??= decoderOf(data.socket);
    this.feed ??= new RowFeed(data.socket, () => this.nextRows());
    if (!sameStart) this.moves = new Map(data.moves.map(([number, value]) => [data.numbers.indexOf(number), value]));
    if (!sameRows) this.layRows();
    this.root.style.setProperty("--steps", data.steps);
    this.rows.forEach((row) => row.setData(data));
    this.showWords();
    this.showNotes();
    paint(this.find(".before canvas"), data.picture, 60);
    if (!this.moves.size) this.show(data.picture);
    this.refresh();
    this.update();
    this.root.dataset.ready = "1";
  }

  layRows() {
    this.rows = this.data.numbers.map((_, place) => new Row(this, place));
    this.shown = Math.min(this.data.page, this.data.living);
    this.lay();
    this.find(".dead").open = false;
    this.find(".dead .list").replaceChildren(...this.rows.slice(this.data.living).map((row) => row.element));
  }

  lay() {
    const { living, page } = this.data;
    this.find(".living").replaceChildren(...this.rows.slice(0, this.shown).map((row) => row.element));
    const rest = living - this.shown;
    this.find(".more").hidden = rest <= 0;
    this.find(".more").textContent = `Show ${Math.min(rest, page)} more of ${rest} rows`;
  }

  showMore() {
    this.shown = Math.min(this.data.living, this.shown + this.data.page);
    this.lay();
    this.feed.pump();
  }

  showWords() {
    const { data } = this;
    this.find("h3").textContent = data.title;
    this.find(".hint").textContent = "Drag a handle, or drag over the pictures of a row. Double-click a handle to put it back.";
    this.find(".low").textContent = `−${data.reach} σ`;
    this.find(".mid").textContent = "mean";
    this.find(".high").textContent = `+${data.reach} σ`;
    const dead = this.rows.length - data.living;
    this.find(".dead").hidden = !dead;
    this.find(".dead summary").textContent = `${dead} dead`;
    this.find(".dead p").textContent = data.dead;
  }

  showNotes() {
    const notes = this.shared.notes;
    if (!this.data || notes?.bundle !== this.data.bundle || notes.kind !== this.data.kind) return;
    this.rows.forEach((row, place) => row.showNotes(notes.notes[place]));
  }

  // ---- the code ----------------------------------------------------------------------------

  // target = start + sum over the moved axes of (coordinate - start's coordinate) * axis.
  codeWith(moves, target) {
    const { code, vectors, at } = this;
    target.set(code);
    for (const [place, value] of moves) {
      const start = place * code.length;
      const way = value - at[place];
      for (let d = 0; d < code.length; d++) target[d] += way * vectors[start + d];
    }
    return target;
  }

  move(place, value) {
    this.moves.set(place, value);
    this.held = true;
    this.rows[place].placeHandle(value, true);
    this.update();
  }

  release() {
    this.held = false;
    this.untold = true;
    this.refresh();
    this.tellIfDrawn();
    setTimeout(() => this.tell(), TELL_MS);
  }

  // Python has nothing to add to the pictures, and its rerun would take the time they need: it is
  // told once they are there, or before anything else is done.
  tellIfDrawn() {
    if (this.rows.every((row) => row.asked !== this.version || row.version === this.version)) this.tell();
  }

  tell() {
    if (!this.untold) return;
    this.untold = false;
    const { numbers, start } = this.data;
    const moves = [...this.moves].map(([place, value]) => [numbers[place], value]);
    this.sendMoves({ start, moves, serial: Date.now() });
  }

  forget(place) {
    if (place === undefined) this.moves.clear();
    else this.moves.delete(place);
    this.update();
    this.release();
  }

  // The large picture and the list of what was moved.
  update() {
    this.codeWith(this.moves, this.current);
    const question = { bundle: this.data.bundle, codes: this.current, count: 1 };
    this.decoder.ask("main", question, ([picture]) => this.show(picture));
    this.root.dataset.moved = this.moves.size;
    this.listMoves();
  }

  listMoves() {
    const entries = [...this.moves].map(([place, value]) => [`${this.data.names[place]} ${signed(value)} ✕`, place]);
    if (entries.length > 1) entries.push(["Back to the start", undefined]);
    this.find(".moved").replaceChildren(
      ...entries.map(([text, place]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.className = place === undefined ? "all" : "";
        button.addEventListener("click", () => this.forget(place));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
  }

  show(picture) {
    paint(this.find("canvas.now"), picture, this.find(".big").clientWidth || 304);
    this.drawn += 1;
    this.root.dataset.faces = this.drawn;
  }

  // ---- the rows ----------------------------------------------------------------------------

  // All rows start from where the code is now; they are decoded again when the hand lets go.
  refresh() {
    this.version += 1;
    this.root.dataset.filled = 0;
    this.filled = 0;
    this.rows.forEach((row, place) => row.placeHandle(this.moves.get(place) ?? this.at[place], this.moves.has(place)));
    this.feed.pump();
  }

  nextRows() {
    if (this.held) return null;
    const { bundle, steps } = this.data;
    const rows = this.rows.filter((row) => row.asked !== this.version && row.isNear).slice(0, ROWS_AT_ONCE);
    if (!rows.length) return null;
    const version = this.version;
    const codes = new Float32Array(rows.length * steps * this.code.length);
    rows.forEach((row, i) => {
      row.asked = version;
      if (row.version >= 0) row.element.dataset.stale = "1";
      codes.set(this.codesOf(row), i * steps * this.code.length);
    });
    const onPictures = (pictures) => {
      if (version !== this.version) return;
      rows.forEach((row, i) => {
        row.version = version;
        row.draw(pictures.slice(i * steps, (i + 1) * steps));
      });
      this.root.dataset.filled = this.filled += rows.length;
      this.tellIfDrawn();
    };
    return { bundle, codes, count: rows.length * steps, onPictures };
  }

  codesOf(row) {
    const { steps } = this.data;
    const size = this.code.length;
    const codes = new Float32Array(steps * size);
    const { low, high } = row.ends;
    const others = new Map(this.moves);
    for (let i = 0; i < steps; i++) {
      others.set(row.place, low + ((high - low) * i) / (steps - 1));
      this.codeWith(others, codes.subarray(i * size, (i + 1) * size));
    }
    return codes;
  }

  resize() {
    this.feed?.pump();
  }

  close() {
    window.removeEventListener("scroll", this.onScroll, { capture: true });
    for (const act of ACTS) window.removeEventListener(act, this.onAct, { capture: true });
    this.resizer.disconnect();
    if (this.shared.view === this) this.shared.view = null;
  }
}

function signed(value) {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

export default function traverse({ data, parentElement, setStateValue }) {
  const shared = channel("traverse");
  if (!TRAVERSALS.has(parentElement)) TRAVERSALS.set(parentElement, new Traversal(parentElement, shared));
  const view = TRAVERSALS.get(parentElement);
  shared.view = view;
  view.setData(data, (moves) => setStateValue("moves", moves));
  return () => {
    view.close();
    TRAVERSALS.delete(parentElement);
  };
}
