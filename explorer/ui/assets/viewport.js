// Where the plane is seen from. `scale` is CSS pixels per unit of the plane, the same on both axes.

class Viewport {
  constructor() {
    Object.assign(this, { cx: 0, cy: 0, scale: 1, width: 1, height: 1, fitted: 1 });
  }

  fit(bounds) {
    const [x0, x1, y0, y1] = bounds;
    const margin = 28;
    this.cx = (x0 + x1) / 2;
    this.cy = (y0 + y1) / 2;
    const wide = (this.width - 2 * margin) / Math.max(x1 - x0, 1e-9);
    const high = (this.height - 2 * margin) / Math.max(y1 - y0, 1e-9);
    this.scale = this.fitted = Math.max(1e-9, Math.min(wide, high));
  }

  toScreen(x, y) {
    return [(x - this.cx) * this.scale + this.width / 2, this.height / 2 - (y - this.cy) * this.scale];
  }

  toPlane(px, py) {
    return [(px - this.width / 2) / this.scale + this.cx, (this.height / 2 - py) / this.scale + this.cy];
  }

  pan(dx, dy) {
    this.cx -= dx / this.scale;
    this.cy += dy / this.scale;
  }

  zoom(factor, px, py) {
    const [x, y] = this.toPlane(px, py);
    const wanted = this.scale * factor;
    this.scale = Math.min(this.fitted * 80, Math.max(this.fitted * 0.4, wanted));
    this.cx = x - (px - this.width / 2) / this.scale;
    this.cy = y + (py - this.height / 2) / this.scale;
  }

  get zoomed() {
    return this.scale / this.fitted;
  }

  state() {
    return { cx: this.cx, cy: this.cy, scale: this.scale, fitted: this.fitted };
  }
}
