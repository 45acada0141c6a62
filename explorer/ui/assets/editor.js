// Sliders move a code and the picture follows: everything that must be quick happens here. Python
// says what the sliders move along, and is told what was released.

const EDITORS = new WeakMap();
const MAX_CHIPS = 8;
const SAY_MS = 2500;
const INVITATION = "Drag a slider: the picture follows your hand.";
const LOCKS = "the other sliders are bent so that, as far as the codes can tell, this stays as it is.";

class Editor {
  constructor(parent) {
    this.root = parent.querySelector(".editor");
    const find = (name) => parent.querySelector(name);
    this.canvas = find("canvas.main");
    this.badge = find(".badge");
    this.rows = new Map();
    this.movedAt = -Infinity;
    this.asked = this.version = 0;
    this.waiting = new WaitingPictures(
      (code, onPicture) => this.decode("waiting", code, onPicture),
      () => this.movedAt,
    );
    this.listen(find);
    this.sizes = new ResizeObserver(() => this.repaint());
    this.sizes.observe(find(".portrait"));
  }

  listen(find) {
    const acts = { undo: () => this.travel("undo"), redo: () => this.travel("redo"), clear: () => this.clear(), copy: () => this.copyLink() };
    for (const button of this.root.querySelectorAll("[data-act]")) button.addEventListener("click", acts[button.dataset.act]);
    find(".fresh").addEventListener("click", () => this.send("others", {}));
    find(".search input").addEventListener("input", () => this.drawChips());
    for (const target of [find(".compare"), this.canvas]) {
      target.addEventListener("pointerdown", (event) => {
        target.setPointerCapture(event.pointerId);
        this.compare(true);
      });
      for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) target.addEventListener(end, () => this.compare(false));
      target.addEventListener("contextmenu", (event) => event.preventDefault());
    }
    const hold = (event, isHeld) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      this.compare(isHeld);
    };
    find(".compare").addEventListener("keydown", (event) => hold(event, true));
    find(".compare").addEventListener("keyup", (event) => hold(event, false));
    this.onKey = (event) => this.press(event);
    for (const name of ["keydown", "keyup"]) document.addEventListener(name, this.onKey);
  }

  press(event) {
    const target = event.composedPath()[0];
    if (target.isContentEditable || (target.matches?.("input, textarea") && target.type !== "range")) return;
    const key = event.key.toLowerCase();
    const hasControl = event.ctrlKey || event.metaKey;
    if (key === "o" && !hasControl && !event.repeat) this.compare(event.type === "keydown");
    if (event.type !== "keydown" || !hasControl || (key !== "z" && key !== "y")) return;
    event.preventDefault();
    this.travel(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  // ---- what Python sends -------------------------------------------------------------------

  setData(data, setStateValue) {
    const isNew = this.data?.bundle !== data.bundle;
    if (this.data?.vectors !== data.vectors) this.version += 1;
    this.data = data;
    this.setStateValue = setStateValue;
    this.decoder = decoderOf(data.socket);
    this.sliders = new Map(data.sliders.map((slider, i) => [slider.key, { ...slider, place: i }]));
    this.vectors = floatsOf(data.vectors);
    this.base = floatsOf(data.face.code);
    this.code = new Float32Array(this.base.length);
    this.others = floatsOf(data.others.codes);
    if (isNew) this.start(data.edit);
    this.drawRows();
    this.drawChips();
    this.drawOthers();
    this.drawStrip();
    this.drawPhoto();
    this.refresh();
    this.root.dataset.ready = "1";
  }

  // From here on the edit is the browser's; Python hears of it.
  start(edit) {
    this.waiting.forget();
    for (const row of this.rows.values()) row.root.remove();
    this.rows.clear();
    this.edit = EditHistory.copy(edit);
    this.history = new EditHistory(this.edit);
    this.stripKey = this.othersKey = null;
  }

  // ---- what the hand does --------------------------------------------------------------------

  move(key, value) {
    this.edit.values[key] = value;
    this.edit.last = key;
    this.movedAt = performance.now();
    this.showValues();
    this.drawMain();
    this.wantOthers();
    if (this.stripOf !== key) this.drawStrip();
    this.markStrip();
  }

  touch(key) {
    if (this.active === key) return;
    this.active = key;
    this.showValues();
    this.drawNote();
  }

  lock(keys, isLocked = null) {
    const locks = new Set(this.edit.locks);
    for (const key of keys) (isLocked ?? !locks.has(key)) ? locks.add(key) : locks.delete(key);
    this.edit.locks = [...locks];
    this.edit.shown = [...new Set([...this.edit.shown, ...locks])];
    this.commit();
  }

  reset(key) {
    if (this.edit.locks.includes(key)) return;
    this.setValue(key, 0);
  }

  setValue(key, value) {
    this.edit.values[key] = value;
    this.edit.last = key;
    this.commit();
  }

  clear() {
    for (const key of Object.keys(this.edit.values)) if (!this.edit.locks.includes(key)) this.edit.values[key] = 0;
    this.commit();
  }

  add(key) {
    this.edit.shown.push(key);
    this.active = key;
    this.commit();
    this.rows.get(key).input.focus();
  }

  remove(key) {
    this.edit.shown = this.edit.shown.filter((one) => one !== key);
    this.edit.locks = this.edit.locks.filter((one) => one !== key);
    delete this.edit.values[key];
    if (this.edit.last === key) this.edit.last = "";
    this.commit();
  }

  travel(which) {
    const edit = this.history[which]();
    if (!edit) return;
    this.edit = edit;
    this.tell();
  }

  // What was done is over: it can be undone, and Python hears of it.
  commit() {
    this.history.note(this.edit);
    this.tell();
  }

  tell() {
    this.drawRows();
    this.drawChips();
    this.refresh();
    const moved = Object.entries(this.edit.values).filter(([key, value]) => value && this.sliders.has(key));
    this.send("edit", { ...EditHistory.copy(this.edit), values: Object.fromEntries(moved) });
  }

  send(name, message) {
    this.setStateValue(name, { ...message, bundle: this.data.bundle, serial: Date.now() });
  }

  // ---- pictures --------------------------------------------------------------------------------

  weights(values = this.edit.values) {
    const weights = new Float32Array(this.sliders.size);
    for (const [key, value] of Object.entries(values)) if (this.sliders.has(key)) weights[this.sliders.get(key).place] = value;
    return weights;
  }

  edited(base, weights) {
    return combine(new Float32Array(base.length), base, this.vectors, weights);
  }

  decode(lane, code, onPicture) {
    const bundle = this.data.bundle;
    this.decoder.ask(lane, { bundle, codes: code }, ([picture]) => bundle === this.data.bundle && onPicture(picture));
  }

  drawMain() {
    const time = performance.now();
    const number = ++this.asked;
    combine(this.code, this.base, this.vectors, this.weights());
    this.decode("main", this.code, (picture) => {
      if (number < (this.landed ?? 0)) return;
      this.landed = number;
      this.picture = picture;
      if (!this.isComparing) this.paintMain(picture);
      this.root.dataset.latency = performance.now() - time;
      this.root.dataset.faces = Number(this.root.dataset.faces ?? 0) + 1;
    });
  }

  paintMain(picture) {
    paint(this.canvas, picture, this.canvas.clientWidth || 320);
  }

  repaint() {
    const picture = this.isComparing ? this.data?.face.picture : this.picture;
    if (picture) this.paintMain(picture);
  }

  compare(isOn) {
    if (this.isComparing === isOn) return;
    this.isComparing = isOn;
    this.badge.hidden = !isOn;
    this.root.dataset.comparing = String(isOn);
    this.repaint();
  }

  wantOthers() {
    const size = this.base.length;
    this.data.others.rows.forEach((_, i) => {
      const code = () => this.edited(this.others.subarray(i * size, (i + 1) * size), this.weights());
      this.waiting.want(`other ${i}`, code, (picture) => {
        paint(this.otherCanvases[i], picture, 96);
        this.root.dataset.others = Number(this.root.dataset.others ?? 0) + 1;
      });
    });
  }

  wantStrip() {
    const key = this.stripOf;
    this.data.alphas.forEach((alpha, i) => {
      const code = () => this.edited(this.base, this.weights({ ...this.edit.values, [key]: alpha }));
      this.waiting.want(`strip ${i}`, code, (picture) => {
        if (this.stripOf !== key) return;
        paint(this.frames[i].firstChild, picture, 120);
        this.frames[i].classList.remove("old");
        this.root.dataset.strip = Number(this.root.dataset.strip ?? 0) + 1;
      });
    });
  }

  // Everything anew: after a face, a lock, an undo.
  refresh() {
    this.showValues();
    this.picture ??= this.data.face.picture;
    this.repaint();
    this.drawMain();
    this.wantOthers();
    this.drawStrip();
  }

  // ---- the panel ---------------------------------------------------------------------------------

  drawRows() {
    const on = {
      move: (key, value) => this.move(key, value),
      release: () => this.commit(),
      lock: (key) => this.lock([key]),
      reset: (key) => this.reset(key),
      remove: (key) => this.remove(key),
      keep: (keys) => this.lock(keys, true),
      touch: (key) => this.touch(key),
    };
    const shown = this.edit.shown.filter((key) => this.sliders.has(key));
    for (const [key, row] of this.rows) if (!shown.includes(key)) (row.root.remove(), this.rows.delete(key));
    const list = this.root.querySelector(".rows");
    shown.forEach((key, i) => {
      if (!this.rows.has(key)) this.rows.set(key, new SliderRow(key, this.data.reach, on));
      const row = this.rows.get(key);
      row.describe(this.sliders.get(key), this.data.notes[key]);
      if (list.children[i] !== row.root) list.insertBefore(row.root, list.children[i] ?? null);
    });
    this.drawNote();
  }

  drawNote() {
    const note = this.root.querySelector(".note");
    const row = this.rows.get(this.active);
    note.hidden = !row;
    row?.tell(note);
  }

  showValues() {
    const { values, locks } = this.edit;
    for (const [key, row] of this.rows) row.show(values[key] ?? 0, locks.includes(key), key === this.active);
    const isUntouched = !Object.values(values).some(Boolean) && !this.edit.last;
    this.root.querySelector(".invitation").hidden = !isUntouched;
    this.root.querySelector(".invitation span").textContent = INVITATION;
    const titles = locks.filter((key) => this.sliders.has(key)).map((key) => this.sliders.get(key).title);
    this.root.querySelector(".locks").textContent = titles.length
      ? `Locked: ${titles.join(", ")}. From now on ${LOCKS}`
      : `Lock what shall not change: ${LOCKS}`;
    for (const [name, isOff] of [["undo", this.history.past.length < 2], ["redo", !this.history.future.length], ["clear", !Object.values(values).some(Boolean)]])
      this.root.querySelector(`[data-act="${name}"]`).disabled = isOff;
  }

  drawChips() {
    const input = this.root.querySelector(".search input");
    const hidden = [...this.sliders.values()].filter((slider) => !this.edit.shown.includes(slider.key));
    this.root.querySelector(".more").hidden = !hidden.length;
    input.placeholder = `Search all ${this.sliders.size}`;
    input.setAttribute("aria-label", "Search sliders");
    input.hidden = this.sliders.size <= MAX_CHIPS + 2;
    const wanted = input.value.trim().toLowerCase();
    const found = hidden.filter((slider) => slider.title.toLowerCase().includes(wanted));
    const chips = (wanted ? found : found.slice(0, Math.max(MAX_CHIPS, input.hidden ? found.length : 0))).map((slider) => this.chip(slider));
    if (!found.length) chips.push(element("span", "none", `No slider is called “${input.value.trim()}”.`));
    this.root.querySelector(".chips").replaceChildren(...chips);
  }

  chip(slider) {
    const chip = element("button", "chip", slider.title);
    chip.type = "button";
    chip.title = slider.score;
    if (slider.auc !== null) chip.append(element("small", "", slider.auc.toFixed(2)));
    chip.addEventListener("click", () => this.add(slider.key));
    return chip;
  }

  // ---- below ---------------------------------------------------------------------------------------

  drawOthers() {
    const text = JSON.stringify(this.data.others.rows);
    if (this.othersKey === text) return;
    this.othersKey = text;
    this.root.querySelector(".others h4").textContent = `The same edit on other ${this.data.noun}s`;
    this.otherCanvases = this.data.others.rows.map(() => document.createElement("canvas"));
    const buttons = this.otherCanvases.map((canvas, i) => {
      const button = element("button", "other");
      button.type = "button";
      button.title = `${this.data.others.titles[i]}: click to edit this one`;
      button.append(canvas);
      button.addEventListener("click", () => this.send("swap", { row: this.data.others.rows[i] }));
      return button;
    });
    this.root.querySelector(".others .row").replaceChildren(...buttons);
  }

  // The slider touched last, from -2 to 2, the others where they are.
  drawStrip() {
    this.stripOf = this.sliders.has(this.edit.last) ? this.edit.last : (this.edit.shown[0] ?? [...this.sliders.keys()][0]);
    const slider = this.sliders.get(this.stripOf);
    const { [this.stripOf]: _own, ...rest } = this.edit.values;
    const key = JSON.stringify([this.stripOf, rest, this.data.face.key, this.version]);
    this.root.querySelector(".strip h4").textContent = `${slider.title}, from −2 to +2`;
    this.root.querySelector(".strip small").textContent = slider.success.length ? "% is how often an independent judge sees the change" : "";
    this.captionStrip(slider);
    this.markStrip();
    if (key === this.stripKey) return;
    this.stripKey = key;
    for (const frame of this.frames) frame.classList.add("old");
    this.wantStrip();
  }

  captionStrip(slider) {
    const list = this.root.querySelector(".frames");
    if (list.children.length !== this.data.alphas.length) {
      list.replaceChildren(...this.data.alphas.map((alpha) => this.frame(alpha)));
      this.frames = [...list.children];
    }
    const success = new Map(slider.success);
    this.data.alphas.forEach((alpha, i) => {
      const share = success.get(alpha);
      this.frames[i].querySelector(".share").textContent = share === undefined ? "" : `${Math.round(100 * share)} %`;
      this.frames[i].title = share === undefined ? "Click to go there" : alpha > 0
        ? `At ${signed(alpha)} a judge of pictures sees it on ${Math.round(100 * share)} % of unseen ${this.data.noun}s without it`
        : `At ${signed(alpha)} a judge of pictures no longer sees it on ${Math.round(100 * share)} % of unseen ${this.data.noun}s with it`;
    });
  }

  frame(alpha) {
    const button = element("button", "frame");
    button.type = "button";
    const caption = element("span", "caption", alpha === 0 ? "0" : signed(alpha).replace(/0$/, ""));
    button.append(document.createElement("canvas"), caption, element("small", "share"));
    button.addEventListener("click", () => !this.edit.locks.includes(this.stripOf) && this.setValue(this.stripOf, alpha));
    return button;
  }

  // Which picture of the strip is nearest to where the slider stands.
  markStrip() {
    const value = this.edit.values[this.stripOf] ?? 0;
    const gaps = this.data.alphas.map((alpha) => Math.abs(alpha - value));
    const nearest = gaps.indexOf(Math.min(...gaps));
    this.frames.forEach((frame, i) => frame.classList.toggle("here", i === nearest && gaps[i] <= 0.25));
  }

  drawPhoto() {
    const canvas = this.root.querySelector("canvas.photo");
    canvas.hidden = !this.data.face.photo;
    if (this.data.face.photo) paint(canvas, this.data.face.photo, 96);
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.say("Link copied: it brings back the face, the sliders and the locks.");
    } catch {
      this.say("The address of this page is the link: copy it from the browser's address bar.");
    }
  }

  say(text) {
    const status = this.root.querySelector(".status");
    status.textContent = text;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (status.textContent = ""), SAY_MS);
  }

  dispose() {
    this.sizes.disconnect();
    this.waiting.forget();
    clearTimeout(this.saying);
    for (const name of ["keydown", "keyup"]) document.removeEventListener(name, this.onKey);
  }
}

export default function editor({ data, parentElement, setStateValue }) {
  let shown = EDITORS.get(parentElement);
  if (!shown || !shown.root.isConnected) {
    shown?.dispose();
    shown = new Editor(parentElement);
    EDITORS.set(parentElement, shown);
  }
  shown.setData(data, setStateValue);
  return () => shown.dispose();
}
