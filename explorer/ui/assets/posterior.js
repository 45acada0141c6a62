// One number of a code as the encoder sees it, N(mu, sigma²), and a draw from it, decoded while a
// hand moves: z = mu + sigma · eps.

const POSTERIORS = new WeakMap();
const REACH = 4.5; // of the plot on both sides of 0
const SIZE = { width: 600, height: 200, floor: 176, top: 14 };
const CONTROLS = [
  ["mu", "μ, the mean", -4, 4, 0.02],
  ["sigma", "σ, the spread", 0.01, 2, 0.01],
  ["eps", "ε, the noise", -3, 3, 0.02],
];

function gauss() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function signedText(value) {
  return value.toFixed(2).replace("-", "−");
}

class Posterior {
  constructor(parent) {
    this.root = parent.querySelector(".posterior");
    this.find = (name) => parent.querySelector(name);
    this.drawn = 0;
    this.makeSliders();
    const plot = this.find(".plot");
    const wrap = document.createElement("div");
    wrap.className = "wrap";
    plot.replaceWith(wrap);
    wrap.append(plot);
    this.wrap = wrap;
    this.listen(plot);
  }

  makeSliders() {
    this.inputs = {};
    for (const [name, text, low, high, step] of CONTROLS) {
      const label = document.createElement("label"), input = document.createElement("input"), output = document.createElement("output");
      Object.assign(input, { type: "range", min: low, max: high, step, id: `slide-${name}` });
      label.htmlFor = input.id;
      label.textContent = text;
      input.addEventListener("input", () => this.set(name, Number(input.value)));
      input.addEventListener("change", () => this.settle());
      this.inputs[name] = { input, output };
      this.find(".sliders").append(label, input, output);
    }
  }

  listen(plot) {
    const pull = (event) => {
      const box = plot.getBoundingClientRect();
      const z = REACH * ((2 * (event.clientX - box.left)) / box.width - 1);
      this.set("eps", Math.min(3, Math.max(-3, (z - this.at.mu) / this.at.sigma)));
    };
    plot.addEventListener("pointerdown", (event) => (plot.setPointerCapture(event.pointerId), (this.pulling = true), pull(event)));
    plot.addEventListener("pointermove", (event) => this.pulling && pull(event));
    for (const name of ["pointerup", "pointercancel"]) {
      plot.addEventListener(name, () => {
        if (this.pulling) this.settle();
        this.pulling = false;
      });
    }
    this.find(".roll").addEventListener("click", () => this.roll());
    this.find(".all").addEventListener("change", () => this.roll());
    this.find(".reset").addEventListener("click", () => {
      this.at = { ...this.own, eps: 0 };
      this.find(".all").checked = false;
      this.others.fill(0);
      this.show();
      this.settle();
    });
  }

  setData(data, tell) {
    this.tell = tell;
    if (this.data?.id === data.id) return;
    this.data = data;
    this.mu = floatsOf(data.mu);
    this.sigma = floatsOf(data.sigma);
    this.others = new Float32Array(this.mu.length);
    this.code = new Float32Array(this.mu.length);
    this.own = { mu: this.mu[data.dim], sigma: this.sigma[data.dim] };
    this.at = data.start ?? { ...this.own, eps: 0 };
    this.decoder = decoderOf(data.socket);
    this.find(".all").checked = false;
    this.find(".buttons span").textContent = `noise in the other ${this.mu.length - 1} numbers too`;
    paint(this.find(".mean canvas"), data.picture, 112);
    paint(this.find(".now canvas"), data.picture, 272);
    this.root.dataset.ready = data.id;
    this.show();
  }

  // ---- what a hand does --------------------------------------------------------------------

  set(name, value) {
    this.at[name] = value;
    this.show();
  }

  roll() {
    const isAll = this.find(".all").checked;
    for (let d = 0; d < this.others.length; d++) this.others[d] = isAll ? gauss() : 0;
    this.at.eps = Math.min(3, Math.max(-3, gauss()));
    this.show();
    this.settle();
  }

  settle() {
    this.tell({ id: this.data.id, ...this.at, serial: Date.now() });
  }

  get z() {
    return this.at.mu + this.at.sigma * this.at.eps;
  }

  // ---- what is seen ------------------------------------------------------------------------

  show() {
    for (const [name, { input, output }] of Object.entries(this.inputs)) {
      input.value = this.at[name];
      output.textContent = signedText(this.at[name]);
    }
    const result = document.createElement("b");
    result.textContent = signedText(this.z);
    const { mu, sigma, eps } = this.at;
    this.find(".sum").replaceChildren(`z = μ + σ · ε = ${signedText(mu)} + ${signedText(sigma)} · ${signedText(eps)} = `, result);
    this.plot();
    this.decode();
    this.root.dataset.z = this.z.toFixed(2);
  }

  decode() {
    for (let d = 0; d < this.code.length; d++) this.code[d] = this.mu[d] + this.sigma[d] * this.others[d];
    this.code[this.data.dim] = this.z;
    const question = { bundle: this.data.bundle, codes: this.code, count: 1 };
    this.decoder.ask("main", question, ([picture]) => {
      paint(this.find(".now canvas"), picture, this.find(".now").clientWidth || 272);
      this.root.dataset.drawn = this.drawn += 1;
    });
  }

  plot() {
    const { mu, sigma } = this.at;
    const { width, height, floor, top } = SIZE;
    const x = (value) => (width * (value + REACH)) / (2 * REACH);
    // The height is the density's own while it fits: narrow is high, as it should be.
    const peak = Math.max(0.45, Math.min(1.6, 0.4 / sigma));
    const y = (density) => floor - ((floor - top) * density) / peak;
    const curve = (m, s) => Array.from({ length: 241 }, (_, i) => {
      const value = -REACH + (2 * REACH * i) / 240;
      const density = Math.exp(-(((value - m) / s) ** 2) / 2) / (s * Math.sqrt(2 * Math.PI));
      return `${x(value).toFixed(1)},${y(Math.min(density, peak * 1.02)).toFixed(1)}`;
    }).join(" L");
    const at = (value, name, from = floor, to = top) => `<line class="${name}" x1="${x(value)}" x2="${x(value)}" y1="${from}" y2="${to}" />`;
    const ticks = Array.from({ length: 9 }, (_, i) => at(i - 4, "tick", floor, floor + 5)).join("");
    this.find(".plot").innerHTML =
      `<path class="own" d="M${x(-REACH)},${floor} L${curve(mu, sigma)} L${x(REACH)},${floor} Z" />` +
      `<path class="prior" d="M${curve(0, 1)}" /><line class="axis" x1="0" x2="${width}" y1="${floor}" y2="${floor}" />${ticks}${at(mu, "at")}` +
      `<line class="way" x1="${x(mu)}" x2="${x(this.z)}" y1="${floor}" y2="${floor}" />`;
    const share = (value) => `${(100 * x(value)) / width}%`;
    const down = `${(100 * floor) / height}%`;
    const marks = [
      ["dot", this.z, down, ""],
      ["", this.z, `calc(${down} + 11px)`, "z"],
      ...[-4, -2, 0, 2, 4].map((value) => ["scale", value, `calc(${down} + 26px)`, String(value).replace("-", "−")]),
      ["", mu, "-6px", "μ"],
    ];
    this.wrap.querySelectorAll("i").forEach((mark) => mark.remove());
    for (const [name, value, place, text] of marks) {
      const mark = document.createElement("i");
      mark.className = name;
      mark.style.left = share(Math.min(REACH, Math.max(-REACH, value)));
      mark.style.top = place;
      mark.textContent = text;
      this.wrap.append(mark);
    }
  }
}

export default function posterior({ data, parentElement, setStateValue }) {
  if (!POSTERIORS.has(parentElement)) POSTERIORS.set(parentElement, new Posterior(parentElement));
  POSTERIORS.get(parentElement).setData(data, (at) => setStateValue("at", at));
  return () => POSTERIORS.delete(parentElement);
}
