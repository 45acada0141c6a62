// Pictures that may wait: the other faces and the strip. They are asked for one at a time, and
// while a hand moves only now and then, so that the large picture never waits for them.

const CALM_MS = 80; // after the last move
const BETWEEN_MS = 250; // of two questions while the hand moves
const GIVEN_UP_MS = 2000;

class WaitingPictures {
  // `ask(code, onPicture)` asks for one picture; `movedAt()` is when the hand moved last.
  constructor(ask, movedAt) {
    Object.assign(this, { ask, movedAt, tasks: new Map(), askedAt: -Infinity, isOut: false });
  }

  // Wants a picture under a name; a newer wish of the same name replaces it.
  want(name, code, onPicture) {
    this.tasks.set(name, { code, onPicture });
    this.pump();
  }

  forget() {
    this.tasks.clear();
    clearTimeout(this.timer);
  }

  pump() {
    clearTimeout(this.timer);
    if (!this.tasks.size) return;
    const wait = this.delay(performance.now());
    if (wait > 0) this.timer = setTimeout(() => this.pump(), wait);
    else this.send();
  }

  delay(now) {
    if (this.isOut && now - this.askedAt < GIVEN_UP_MS) return this.askedAt + GIVEN_UP_MS - now;
    const calm = this.movedAt() + CALM_MS - now;
    return Math.min(calm, this.askedAt + BETWEEN_MS - now);
  }

  send() {
    const [name, { code, onPicture }] = this.tasks.entries().next().value;
    this.tasks.delete(name); // what is wanted again goes to the end: each gets its turn
    this.askedAt = performance.now();
    this.isOut = true;
    this.ask(code(), (picture) => {
      this.isOut = false;
      onPicture(picture);
      this.pump();
    });
  }
}
