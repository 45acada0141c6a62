// Two Gaussians under two sliders: the prior stays, the posterior follows, and so does what lies
// between them. The formula is that of explorer/lab/gaussians.py.

const REACH = 6; // the densities are drawn from -REACH to REACH
const HIGHEST = 1.05; // of the plot; narrower posteriors are drawn lower, as the plot says
const FULL_BAR = 8; // nats that fill the bar
const SAMPLES = 400;
const PIECES = new WeakMap();

function density(x, mu, sigma) {
  return Math.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * Math.sqrt(2 * Math.PI));
}

function klParts(mu, sigma) {
  return { place: mu ** 2 / 2, width: (sigma ** 2 - 1 - 2 * Math.log(sigma)) / 2 };
}

class Divergence {
  constructor(parent) {
    this.root = parent.querySelector(".kl");
    this.canvas = this.root.querySelector("canvas");
    this.inputs = { mu: this.root.querySelector("input.mu"), sigma: this.root.querySelector("input.sigma") };
    for (const input of Object.values(this.inputs)) {
      input.addEventListener("input", () => this.show());
      input.addEventListener("change", () => this.tell());
    }
    this.resizer = new ResizeObserver(() => this.draw());
    this.resizer.observe(this.root);
  }

  setData(data, setStateValue) {
    this.setStateValue = setStateValue;
    for (const [name, input] of Object.entries(this.inputs)) {
      const { low, high, step, value } = data[name];
      const known = input.max !== "" && input.dataset.told === String(value);
      Object.assign(input, { min: low, max: high, step });
      if (!known) input.value = value; // a theme that changes does not move a slider
      input.dataset.told = value;
    }
    this.show();
    this.root.dataset.ready = "1";
  }

  get numbers() {
    return { mu: this.inputs.mu.valueAsNumber, sigma: this.inputs.sigma.valueAsNumber };
  }

  show() {
    const { mu, sigma } = this.numbers;
    const { place, width } = klParts(mu, sigma);
    const write = (selector, text) => (this.root.querySelector(selector).textContent = text);
    write(".mu-value", mu.toFixed(2));
    write(".sigma-value", sigma.toFixed(2));
    write(".total output", (place + width).toFixed(2));
    write(".place-value", place.toFixed(2));
    write(".width-value", width.toFixed(2));
    const scale = 100 / Math.max(FULL_BAR, place + width);
    this.root.querySelector(".bar .place").style.width = `${place * scale}%`;
    this.root.querySelector(".bar .width").style.width = `${width * scale}%`;
    this.draw();
  }

  draw() {
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return;
    Object.assign(this.canvas, { width: clientWidth * ratio, height: clientHeight * ratio });
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const theme = readTheme(this.root);
    const floor = clientHeight - 20;
    const { mu, sigma } = this.numbers;
    const top = Math.max(HIGHEST / 2, Math.min(density(mu, mu, sigma) * 1.08, 8));
    const to = (x, y) => [((x + REACH) / (2 * REACH)) * clientWidth, floor - (y / top) * (floor - 8)];
    this.drawAxis(context, { theme, to, floor, clientWidth });
    this.drawDensity(context, to, { mu: 0, sigma: 1 }, { colour: theme.text, fill: 0.08, dash: [6, 4] });
    this.drawDensity(context, to, { mu, sigma }, { colour: "#009e73", fill: 0.3, dash: [] });
    this.name(context, "prior p = N(0, 1)", to(-1.1, density(1.1, 0, 1)), theme.text, "right");
    this.name(context, "posterior q", to(mu + 1.1 * sigma, density(1.1 * sigma, 0, sigma)), "#009e73", "left");
  }

  drawAxis(context, { theme, to, floor, clientWidth }) {
    context.font = `12px ${getComputedStyle(this.root).fontFamily}`;
    context.fillStyle = context.strokeStyle = theme.text;
    context.textAlign = "center";
    for (let x = -REACH + 1; x < REACH; x++) {
      context.globalAlpha = 0.75;
      context.fillText(String(x).replace("-", "−"), to(x, 0)[0], floor + 15);
      context.globalAlpha = 0.12;
      context.fillRect(to(x, 0)[0], 0, 1, floor);
    }
    context.globalAlpha = 0.5;
    context.fillRect(0, floor, clientWidth, 1);
    context.globalAlpha = 1;
  }

  drawDensity(context, to, { mu, sigma }, { colour, fill, dash }) {
    context.beginPath();
    // As many points within the bell as beside it: a narrow one is drawn as it is.
    const xs = [];
    for (let i = 0; i <= SAMPLES; i++) xs.push(-REACH + (2 * REACH * i) / SAMPLES, mu + sigma * (8 * i / SAMPLES - 4));
    for (const x of xs.sort((a, b) => a - b)) context.lineTo(...to(x, density(x, mu, sigma)));
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = fill;
    context.fill();
    context.globalAlpha = 1;
  }

  name(context, text, [x, y], colour, side) {
    const width = context.measureText(text).width;
    const left = side === "left" ? x + 8 : x - 8 - width;
    context.textAlign = "left";
    context.fillStyle = colour;
    context.fillText(text, Math.min(Math.max(left, 2), this.canvas.clientWidth - width - 2), Math.max(y, 14));
  }

  tell() {
    this.setStateValue("numbers", this.numbers);
  }

  dispose() {
    this.resizer.disconnect();
  }
}

export default function mount({ data, parentElement, setStateValue }) {
  let piece = PIECES.get(parentElement);
  if (!piece || !piece.root.isConnected) {
    piece?.dispose();
    piece = new Divergence(parentElement);
    PIECES.set(parentElement, piece);
  }
  piece.setData(data, setStateValue);
  return () => {
    piece.dispose();
    PIECES.delete(parentElement);
  };
}
