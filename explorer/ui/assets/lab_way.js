// A picture that a slider moves along a vector, and what a probe says along the way.

const KEY_STEPS = { ArrowRight: 0.05, ArrowUp: 0.05, ArrowLeft: -0.05, ArrowDown: -0.05, PageUp: 0.25, PageDown: -0.25 };
const WAYS = new WeakMap();

class Way {
  constructor(parent) {
    this.root = parent.querySelector(".way");
    this.picture = this.root.querySelector(".picture");
    this.chart = this.root.querySelector(".chart canvas");
    this.input = this.root.querySelector("input");
    this.faces = 0;
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("change", () => this.tell());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.resizer = new ResizeObserver(() => this.draw());
    this.resizer.observe(this.root);
  }

  setData(data, setStateValue) {
    const isOther = data.version !== this.data?.version;
    this.data = data;
    this.setStateValue = setStateValue;
    this.decoder = decoderOf(data.socket);
    this.code = floatsOf(data.code);
    this.vector = floatsOf(data.vector);
    const at = data.at;
    Object.assign(this.input, { min: at[0], max: at[at.length - 1], step: 0.01 });
    if (isOther) this.input.value = data.alpha;
    this.root.querySelector(".low").textContent = data.low;
    this.root.querySelector(".high").textContent = data.high;
    this.show();
    this.root.dataset.ready = data.version;
  }

  // The browsers' own steps are a hundredth, too fine to be seen.
  press(event) {
    const step = KEY_STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.input.value = Math.round(100 * (this.input.valueAsNumber + step)) / 100;
    this.show();
    this.tell();
  }

  show() {
    const alpha = this.input.valueAsNumber;
    const codes = combine(new Float32Array(this.code.length), this.code, this.vector, [alpha]);
    this.root.querySelector("output").textContent = `${alpha.toFixed(2)} of the vector`;
    const told = this.data.curves.map((curve) => {
      const entry = document.createElement("span");
      const dash = document.createElement("i");
      const share = document.createElement("b");
      dash.style.background = curve.colour;
      share.textContent = `${Math.round(100 * this.valueOf(curve, alpha))} %`;
      entry.append(dash, `${curve.name} `, share);
      return entry;
    });
    this.root.querySelector(".told").replaceChildren(...told);
    this.draw();
    this.decoder.ask("main", { bundle: this.data.bundle, codes }, ([picture]) => {
      this.last = picture;
      paint(this.picture, picture, this.picture.clientWidth || 240);
      this.picture.setAttribute("aria-label", `The picture with ${alpha.toFixed(2)} of the vector added`);
      this.root.dataset.faces = this.faces += 1;
    });
  }

  // Between the places where the probe was asked, on the straight line.
  valueOf(curve, alpha) {
    const { at } = this.data;
    const place = ((alpha - at[0]) / (at[at.length - 1] - at[0])) * (at.length - 1);
    const before = Math.min(Math.floor(place), at.length - 2);
    return curve.values[before] + (place - before) * (curve.values[before + 1] - curve.values[before]);
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.chart;
    if (!width || !this.data) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    Object.assign(this.chart, { width: width * ratio, height: height * ratio });
    const context = this.chart.getContext("2d");
    context.scale(ratio, ratio);
    const theme = readTheme(this.root);
    const { at } = this.data;
    const to = (alpha, share) => [
      ((alpha - at[0]) / (at[at.length - 1] - at[0])) * width,
      height - 4 - share * (height - 10),
    ];
    this.drawLines(context, { theme, to, width, height });
    for (const { values, colour } of this.data.curves) {
      context.beginPath();
      values.forEach((value, i) => context.lineTo(...to(at[i], value)));
      context.strokeStyle = colour;
      context.lineWidth = 2.5;
      context.stroke();
    }
  }

  drawLines(context, { theme, to, width, height }) {
    context.font = `11px ${getComputedStyle(this.root).fontFamily}`;
    context.fillStyle = theme.text;
    for (const share of [0, 0.5, 1]) {
      context.globalAlpha = 0.15;
      context.fillRect(0, to(0, share)[1], width, 1);
      context.globalAlpha = 0.7;
      context.fillText(`${100 * share} %`, 2, to(0, share)[1] + (share === 1 ? 11 : -3));
    }
    for (const alpha of [0, 1]) {
      context.globalAlpha = 0.3;
      context.fillRect(to(alpha, 0)[0], 0, 1, height);
    }
    context.globalAlpha = 1;
    context.fillStyle = theme.accent;
    context.fillRect(to(this.input.valueAsNumber, 0)[0] - 1, 0, 2, height);
  }

  tell() {
    this.setStateValue("alpha", { value: this.input.valueAsNumber, version: this.data.version });
  }

  dispose() {
    this.resizer.disconnect();
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  let way = WAYS.get(parentElement);
  if (!way || !way.root.isConnected) {
    way?.dispose();
    way = new Way(parentElement);
    WAYS.set(parentElement, way);
  }
  way.setData(data, setStateValue);
  return () => {
    way.dispose();
    WAYS.delete(parentElement);
  };
}
