// The points of one map: coordinates, a grid for "which point is nearest", and membership tests.

const GRID = 128;

class Points {
  constructor(data) {
    const packed = new Uint16Array(bytesOf(data.xy).buffer);
    const [x0, x1, y0, y1] = data.bounds;
    this.count = data.count;
    this.bounds = data.bounds;
    this.x = new Float32Array(this.count);
    this.y = new Float32Array(this.count);
    for (let i = 0; i < this.count; i++) {
      this.x[i] = x0 + ((x1 - x0) * packed[2 * i]) / 65535;
      this.y[i] = y0 + ((y1 - y0) * packed[2 * i + 1]) / 65535;
    }
    this.buildGrid();
  }

  buildGrid() {
    const [x0, x1, y0, y1] = this.bounds;
    this.cellW = Math.max((x1 - x0) / GRID, 1e-9);
    this.cellH = Math.max((y1 - y0) / GRID, 1e-9);
    const cells = new Uint16Array(this.count);
    this.start = new Uint32Array(GRID * GRID + 1);
    for (let i = 0; i < this.count; i++) {
      cells[i] = this.column(this.x[i]) + GRID * this.row(this.y[i]);
      this.start[cells[i] + 1]++;
    }
    for (let c = 0; c < GRID * GRID; c++) this.start[c + 1] += this.start[c];
    const next = this.start.slice();
    this.members = new Uint32Array(this.count);
    for (let i = 0; i < this.count; i++) this.members[next[cells[i]]++] = i;
  }

  column(x) {
    return Math.min(GRID - 1, Math.max(0, Math.floor((x - this.bounds[0]) / this.cellW)));
  }

  row(y) {
    return Math.min(GRID - 1, Math.max(0, Math.floor((y - this.bounds[2]) / this.cellH)));
  }

  // Index of the nearest point no farther than `reach` for which `allowed(i)`, or -1.
  nearest(x, y, reach, allowed) {
    let best = -1;
    let bestSquare = reach * reach;
    const rows = [this.row(y - reach), this.row(y + reach)];
    const columns = [this.column(x - reach), this.column(x + reach)];
    for (let r = rows[0]; r <= rows[1]; r++) {
      for (let k = this.start[columns[0] + GRID * r]; k < this.start[columns[1] + GRID * r + 1]; k++) {
        const i = this.members[k];
        const square = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
        if (square <= bestSquare && allowed(i)) {
          best = i;
          bestSquare = square;
        }
      }
    }
    return best;
  }

  // Points inside a closed polygon [[x, y], ...], by the even-odd rule.
  inside(polygon, allowed) {
    const hits = [];
    const xs = polygon.map((p) => p[0]);
    const ys = polygon.map((p) => p[1]);
    const box = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    for (let i = 0; i < this.count; i++) {
      const x = this.x[i];
      const y = this.y[i];
      if (x < box[0] || x > box[1] || y < box[2] || y > box[3] || !allowed(i)) continue;
      let odd = false;
      for (let a = 0, b = xs.length - 1; a < xs.length; b = a++) {
        if (ys[a] > y !== ys[b] > y && x < ((xs[b] - xs[a]) * (y - ys[a])) / (ys[b] - ys[a]) + xs[a]) odd = !odd;
      }
      if (odd) hits.push(i);
    }
    return hits;
  }
}

// A set of points as a base64 bit field, 1/8 byte a point: small enough to send for 100,000.
function packBits(indices, count) {
  const bytes = new Uint8Array(Math.ceil(count / 8));
  for (const i of indices) bytes[i >> 3] |= 1 << (i & 7);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function unpackBits(base64, count) {
  const bytes = bytesOf(base64);
  const out = [];
  for (let i = 0; i < count; i++) if (bytes[i >> 3] & (1 << (i & 7))) out.push(i);
  return out;
}
