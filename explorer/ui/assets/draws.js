// Many draws of one code, decoded a few at a time, with the mean and the spread of each pixel.

const DRAWS = new WeakMap();
const CHUNK = 4;
// Grey levels of standard deviation drawn in full colour: the least that few pixels exceed.
const SCALES = [4, 10, 20, 40, 80];
const STOPS = [[24, 26, 44], [138, 92, 192], [236, 127, 87], [255, 214, 120]]; // the house's ramp, from nearly black

function rampOf(share) {
  const at = Math.min(0.9999, Math.max(0, share)) * (STOPS.length - 1);
  const number = Math.floor(at);
  return STOPS[number].map((value, i) => Math.round(value + (STOPS[number + 1][i] - value) * (at - number)));
}

function quantile(sorted, share) {
  return sorted[Math.floor(share * sorted.length)];
}

class Draws {
  constructor(parent) {
    this.root = parent.querySelector(".draws");
    this.find = (name) => parent.querySelector(name);
  }

  setData(data) {
    if (this.data?.id === data.id) return;
    this.data = data;
    this.codes = floatsOf(data.codes);
    this.decoder = decoderOf(data.socket);
    this.done = 0;
    this.sum = this.squares = null;
    this.root.dataset.done = 0;
    this.root.dataset.id = data.id;
    const sheet = this.find(".sheet");
    while (sheet.childElementCount < data.count) sheet.append(document.createElement("canvas"));
    while (sheet.childElementCount > data.count) sheet.lastElementChild.remove();
    this.next(data.id);
  }

  next(id) {
    const start = this.done, size = this.codes.length / this.data.count;
    const count = Math.min(CHUNK, this.data.count - start);
    if (!count) return;
    const codes = this.codes.subarray(start * size, (start + count) * size);
    this.decoder.ask("draws", { bundle: this.data.bundle, codes, count }, (pictures) => {
      if (this.data.id !== id) return;
      pictures.forEach((picture, i) => this.add(picture, start + i));
      this.done = start + count;
      this.summarise(pictures[0]);
      this.root.dataset.done = this.done;
      this.next(id);
    });
  }

  add(picture, place) {
    const canvas = this.find(".sheet").children[place];
    paint(canvas, picture, canvas.clientWidth || 84);
    this.sum ??= new Float64Array(picture.bytes.length);
    this.squares ??= new Float64Array(picture.bytes.length);
    picture.bytes.forEach((value, i) => {
      this.sum[i] += value;
      this.squares[i] += value * value;
    });
  }

  summarise({ width, height, channels }) {
    const count = this.done;
    const mean = { width, height, channels, bytes: new Uint8Array(this.sum.length) };
    const spread = { width, height, channels: 3, bytes: new Uint8Array(3 * width * height) };
    const levels = new Float64Array(width * height);
    for (let pixel = 0; pixel < levels.length; pixel++) {
      let variance = 0;
      for (let c = 0; c < channels; c++) {
        const i = pixel * channels + c, middle = this.sum[i] / count;
        mean.bytes[i] = Math.round(middle);
        variance += Math.max(0, this.squares[i] / count - middle ** 2) / channels;
      }
      levels[pixel] = Math.sqrt((variance * count) / Math.max(1, count - 1));
    }
    const sorted = levels.slice().sort();
    const full = SCALES.find((scale) => scale >= quantile(sorted, 0.99)) ?? SCALES.at(-1);
    levels.forEach((level, pixel) => spread.bytes.set(rampOf(level / full), 3 * pixel));
    paint(this.find(".mean canvas"), mean, this.find(".mean").clientWidth || 208);
    paint(this.find(".spread canvas"), spread, this.find(".spread").clientWidth || 208);
    this.say(sorted, full);
  }

  say(levels, full) {
    const mean = levels.reduce((a, b) => a + b) / levels.length;
    const most = quantile(levels, 0.95);
    this.find(".mean figcaption").textContent = `Mean of ${this.done} draws`;
    this.find(".spread figcaption").textContent = `Spread of each pixel: dark 0, bright ${full} grey levels`;
    this.find(".says").textContent = `A pixel varies by ${mean.toFixed(1)} of 255 grey levels (standard deviation, mean over all); one in twenty by more than ${most.toFixed(1)}.`;
    this.root.dataset.spread = mean.toFixed(2);
  }
}

export default function draws({ data, parentElement }) {
  if (!DRAWS.has(parentElement)) DRAWS.set(parentElement, new Draws(parentElement));
  DRAWS.get(parentElement).setData(data);
  return () => DRAWS.delete(parentElement);
}
