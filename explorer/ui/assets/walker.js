// One place on the way, `t` from 0 to 1, for everything on a page that walks along it: the handle,
// the large pictures, the strips, the line on the map. It also plays, there and back.

const LEG_MS = 3000;
const REST_MS = 350; // at either end, so that the eye sees where the walk ends

class Walker {
  constructor() {
    this.t = 0.5; // where two ways differ most
    this.legs = 1;
    this.direction = 1;
    this.watchers = new Set();
    this.far = {}; // steps far from the data, by the way's name
    this.strips = new Map(); // pictures of the steps, by the way's name: shown without a socket
  }

  watch(watcher) {
    this.watchers.add(watcher);
    watcher();
    return () => {
      this.watchers.delete(watcher);
      if (!this.watchers.size) this.pause();
    };
  }

  tell() {
    for (const watcher of this.watchers) watcher();
  }

  // Where a hand put it.
  go(t) {
    this.halt();
    this.move(t);
  }

  move(t) {
    this.t = Math.min(1, Math.max(0, t));
    this.tell();
  }

  get isPlaying() {
    return this.frame !== undefined;
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  pause() {
    this.halt();
    this.tell();
  }

  halt() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  play() {
    if (this.t >= 1) this.direction = -1;
    if (this.t <= 0) this.direction = 1;
    let last = performance.now();
    let rest = 0;
    const step = (now) => {
      const spent = Math.min(now - last, 200); // a page in the background does not leap
      last = now;
      this.frame = requestAnimationFrame(step);
      if ((rest -= spent) > 0) return;
      this.move(this.t + (this.direction * spent) / (LEG_MS * this.legs));
      if (this.t > 0 && this.t < 1) return;
      this.direction *= -1;
      rest = REST_MS;
    };
    this.frame = requestAnimationFrame(step);
    this.tell();
  }
}

function walkerOf(name) {
  return (channel(name).walker ??= new Walker());
}
