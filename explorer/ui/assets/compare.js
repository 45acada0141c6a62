// Several models on the same pictures. One slider moves the same picture in all of them: a round
// asks every model and shows the answers together, so that no model is ahead of another. The rows
// below are drawn while the hand rests.

const COMPARES = new WeakMap();
const LOST_ROUND_MS = 2500;

class Compare {
  constructor(parent) {
    this.root = parent.querySelector(".compare");
    const find = (name) => parent.querySelector(name);
    this.input = find("input");
    this.output = find("output");
    this.reset = find(".reset");
    this.movedAt = -Infinity;
    this.shown = new Map(); // row -> what is drawn in it
    this.wanted = new Map(); // row -> what shall be
    this.waiting = new WaitingPictures(
      (question, done) => this.decoder.ask("waiting", question, done),
      () => this.movedAt,
    );
    this.input.addEventListener("input", () => {
      if (Math.abs(this.input.valueAsNumber) < SNAP) this.input.value = 0;
      this.move(this.input.valueAsNumber);
    });
    this.input.addEventListener("change", () => this.tell());
    for (const target of [this.reset, this.input]) {
      target.addEventListener(target === this.reset ? "click" : "dblclick", () => {
        this.move(0);
        this.tell();
      });
    }
    this.sizes = new ResizeObserver(() => this.repaint());
    this.sizes.observe(find(".panels"));
  }

  setData(data, setStateValue) {
    this.setStateValue = setStateValue;
    this.decoder = decoderOf(data.socket);
    // From the first message on, the slider's value is the browser's; Python hears of it.
    if (!this.data) this.value = data.slider.value;
    this.data = data;
    this.models = data.panels.map((panel) => ({
      ...panel,
      base: panel.code && floatsOf(panel.code),
      step: panel.vector && floatsOf(panel.vector),
    }));
    this.drawPanels();
    this.showValue();
    this.round = null;
    this.begin(); // before the rows: what the slider moves is what the eye is on
    this.drawStrips();
    this.root.dataset.ready = "1";
  }

  // ---- the slider --------------------------------------------------------------------------------

  move(value) {
    this.value = value;
    this.movedAt = performance.now();
    this.showValue();
    if (this.round) this.isWanted = true;
    else this.begin();
  }

  tell() {
    this.setStateValue("edit", { value: this.value, serial: Date.now() });
  }

  showValue() {
    const { title, reach } = this.data.slider;
    Object.assign(this.input, { min: -reach, max: reach });
    this.input.value = this.value;
    this.input.setAttribute("aria-valuetext", signed(this.value));
    this.root.querySelector(".bar label").textContent = title;
    this.output.textContent = signed(this.value);
    this.reset.disabled = this.value === 0;
  }

  begin() {
    this.isWanted = false;
    const asked = this.models.filter((model) => model.base);
    const round = { pictures: new Map(), left: asked.length, movedAt: this.movedAt };
    if (!asked.length) return;
    this.round = round;
    for (const model of asked) {
      const codes = combine(new Float32Array(model.base.length), model.base, model.step, [this.value]);
      this.decoder.ask(`panel ${model.number}`, { bundle: model.bundle, codes }, ([picture]) => {
        if (this.round !== round) return;
        round.pictures.set(model.number, picture);
        round.left -= 1;
        if (!round.left) this.finish(round);
      });
    }
    round.timer = setTimeout(() => this.finish(round), LOST_ROUND_MS);
  }

  // All at once; a model that did not answer keeps its picture.
  finish(round) {
    clearTimeout(round.timer);
    if (this.round !== round) return;
    this.round = null;
    for (const [number, picture] of round.pictures) this.pictures.set(number, picture);
    this.repaint();
    this.root.dataset.latency = performance.now() - round.movedAt;
    this.root.dataset.rounds = Number(this.root.dataset.rounds ?? 0) + 1;
    if (this.isWanted) this.begin();
  }

  // ---- panels ------------------------------------------------------------------------------------

  drawPanels() {
    const heads = this.models.map(({ base, step, code, vector, ...rest }) => rest);
    const key = JSON.stringify([heads, this.data.original?.title]);
    if (key === this.panelsKey) return;
    this.panelsKey = key;
    const before = this.pictures ?? new Map();
    this.pictures = new Map();
    this.canvases = new Map();
    const figures = this.models.map((model) => this.panel(model));
    const first = this.data.original ? [this.originalPanel(this.data.original)] : [];
    const box = this.root.querySelector(".panels");
    box.replaceChildren(...first, ...figures);
    box.style.setProperty("--count", figures.length + first.length);
    for (const [number, picture] of before) if (this.canvases.has(number)) this.pictures.set(number, picture);
  }

  panel(model) {
    const panel = element("figure", "panel");
    panel.style.margin = 0;
    panel.style.setProperty("--own", model.colour);
    panel.classList.toggle("steered", model.steered);
    panel.dataset.number = model.number;
    const head = element("header", "");
    head.append(element("h4", "", model.title));
    head.title = model.name;
    if (model.subtitle) head.append(element("small", "", model.subtitle));
    if (model.problem) {
      panel.append(head, element("div", "hole", model.problem));
      return panel;
    }
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `What ${model.title} draws`);
    this.canvases.set(model.number, canvas);
    panel.append(head, canvas, element("p", "note", model.note));
    return panel;
  }

  originalPanel({ picture, title }) {
    const panel = element("figure", "panel original");
    panel.style.margin = 0;
    panel.style.setProperty("--own", "transparent");
    const head = element("header", "");
    head.append(element("h4", "", "Original"), element("small", "", title));
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "The source picture");
    this.original = { canvas, picture };
    panel.append(head, canvas, element("p", "note", ""));
    return panel;
  }

  repaint() {
    for (const [number, canvas] of this.canvases ?? []) {
      const picture = this.pictures.get(number);
      if (picture) paint(canvas, picture, canvas.clientWidth || 240);
    }
    const { original } = this.data ?? {};
    if (original && this.original) paint(this.original.canvas, original.picture, this.original.canvas.clientWidth || 240);
  }

  // ---- rows of pictures --------------------------------------------------------------------------

  drawStrips() {
    this.waiting.forget();
    const { strips } = this.data;
    const key = JSON.stringify([strips.map((strip) => [strip.key, strip.rows.map((row) => [row.member, row.note])]), this.panelsKey]);
    if (key !== this.stripsKey) {
      this.shown.clear();
      this.wanted.clear();
      this.boxes = new Map();
      this.root.querySelector(".strips").replaceChildren(...strips.map((strip) => this.strip(strip)));
    }
    this.stripsKey = key;
    for (const strip of strips) this.fill(strip);
  }

  strip(strip) {
    const section = element("section", "strip");
    section.dataset.key = strip.key;
    const head = element("header", "");
    head.append(element("h4", "", strip.title), element("small", ""));
    const rows = element("div", "rows");
    if (strip.originals) rows.append(...this.row(`${strip.key} original`, "Original", "", "transparent"));
    for (const row of strip.rows) {
      const { title, colour } = this.models[row.member];
      const parts = this.row(`${strip.key} ${row.member}`, title, row.codes ? row.note : "", colour);
      if (!row.codes) parts[1].replaceWith((parts[1] = element("p", "none", row.note)));
      rows.append(...parts);
    }
    section.append(head, rows);
    return section;
  }

  row(key, title, note, colour) {
    const name = element("div", "name", title);
    name.style.setProperty("--own", colour);
    if (note) name.append(element("small", "", note));
    const box = element("div", "pictures");
    this.boxes.set(key, box);
    return [name, box];
  }

  fill(strip) {
    const section = this.root.querySelector(`.strip[data-key="${strip.key}"]`);
    section.querySelector("h4").textContent = strip.title;
    section.querySelector("small").textContent = strip.note ?? "";
    if (strip.originals) this.put(`${strip.key} original`, strip.originals, strip);
    for (const row of strip.rows) {
      if (!row.codes) continue;
      const { bundle } = this.models[row.member];
      const key = `${strip.key} ${row.member}`;
      const own = bundle + row.codes;
      this.wanted.set(key, own);
      if (this.shown.get(key) === own) {
        this.mark(this.boxes.get(key), strip);
        continue;
      }
      const question = { bundle, codes: floatsOf(row.codes), count: row.count };
      this.waiting.want(key, () => question, (pictures) => {
        if (this.wanted.get(key) !== own) return; // an answer that came too late
        this.shown.set(key, own);
        this.put(key, pictures, strip);
        this.root.dataset.drawn = this.shown.size;
      });
    }
    this.root.dataset.drawn = this.shown.size;
  }

  put(key, pictures, strip) {
    const box = this.boxes.get(key);
    const size = Math.max(48, box.clientWidth / 9);
    box.replaceChildren(
      ...pictures.map((picture, i) => {
        const canvas = document.createElement("canvas");
        if (picture) paint(canvas, picture, size);
        if (!strip.ids) return canvas;
        const button = document.createElement("button");
        button.type = "button";
        button.title = `${strip.ids[i]}: click to choose it`;
        button.setAttribute("aria-label", strip.ids[i]);
        button.append(canvas);
        button.addEventListener("click", () => this.setStateValue("pick", { id: strip.ids[i], serial: Date.now() }));
        return button;
      }),
    );
    this.mark(box, strip);
  }

  mark(box, strip) {
    if (strip.ids) [...box.children].forEach((button, i) => button.setAttribute("aria-pressed", String(strip.ids[i] === strip.picked)));
  }

  dispose() {
    this.sizes.disconnect();
    this.waiting.forget();
    clearTimeout(this.round?.timer);
    this.round = null;
  }
}

export default function compare({ data, parentElement, setStateValue }) {
  let shown = COMPARES.get(parentElement);
  if (!shown || !shown.root.isConnected) {
    shown?.dispose();
    shown = new Compare(parentElement);
    COMPARES.set(parentElement, shown);
  }
  shown.setData(data, setStateValue);
  return () => shown.dispose();
}
