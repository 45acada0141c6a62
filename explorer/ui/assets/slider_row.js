// One slider with its name, score, value, lock, reset, and what there is to beware of.

const SNAP = 0.04; // slider units within which a drag falls onto 0
const KEY_STEPS = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 0.5, PageDown: -0.5 };
const LOCK = '<svg viewBox="0 0 20 20"><rect x="4.500" y="9" width="11" height="8" rx="1.500" /><path class="bow" d="M7 9V6.500a3 3 0 0 1 6 0V9" /></svg>';
const RESET = '<svg viewBox="0 0 20 20"><path d="M4 5v4h4M4.600 9a6 6 0 1 1 .9 4" /></svg>';
const CLOSE = '<svg viewBox="0 0 20 20"><path d="M5.500 5.500l9 9M14.500 5.500l-9 9" /></svg>';

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function iconButton(className, icon, act) {
  const button = element("button", `icon ${className}`);
  button.type = "button";
  button.innerHTML = icon;
  button.addEventListener("click", act);
  return button;
}

function signed(value) {
  const text = Math.abs(value).toFixed(2);
  return value > 0 ? `+${text}` : value < 0 ? `−${text}` : "0.00";
}

class SliderRow {
  // `on` has: move(key, value), release(key), lock(key), reset(key), remove(key), keep(keys), touch(key).
  constructor(key, reach, on) {
    Object.assign(this, { key, reach, on });
    this.root = element("div", "slider");
    this.root.dataset.key = key;
    this.label = element("label", "name");
    this.score = element("span", "score");
    this.warning = element("span", "warning", "!");
    this.value = element("output", "value");
    this.lock = iconButton("lock", LOCK, () => on.lock(key));
    this.reset = iconButton("reset", RESET, () => on.reset(key));
    this.remove = iconButton("remove", CLOSE, () => on.remove(key));
    const head = element("div", "head");
    head.append(this.label, this.score, this.warning, this.value, this.lock, this.reset, this.remove);
    this.problem = element("p", "problem");
    this.root.append(head, this.makeTrack(), this.problem);
    this.root.addEventListener("pointerdown", () => on.touch(key));
    this.root.addEventListener("focusin", () => on.touch(key));
  }

  makeTrack() {
    const track = element("div", "track");
    const input = (this.input = element("input"));
    Object.assign(input, { type: "range", min: -this.reach, max: this.reach, step: 0.01 });
    input.id = `slider-${this.key}`;
    this.label.htmlFor = input.id;
    input.addEventListener("input", () => {
      if (Math.abs(input.valueAsNumber) < SNAP) input.value = 0;
      this.on.move(this.key, input.valueAsNumber);
    });
    input.addEventListener("change", () => this.on.release(this.key));
    input.addEventListener("dblclick", () => this.on.reset(this.key));
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("keyup", (event) => this.isStep(event.key) && this.on.release(this.key));
    track.append(input, ...[0, 1].map((at) => this.makeMark(at)));
    return track;
  }

  makeMark(at) {
    const mark = element("span", "mark", at === 0 ? "0" : "1");
    mark.style.setProperty("--at", (at + this.reach) / (2 * this.reach));
    mark.title = at === 0 ? "As it is" : "As far as from the average without it to the average with it";
    return mark;
  }

  isStep(key) {
    return key in KEY_STEPS || key === "Home" || key === "End";
  }

  // The browsers' own steps are a hundredth, too fine to be seen.
  press(event) {
    if (!this.isStep(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = KEY_STEPS[event.key] * (event.shiftKey ? 5 : 1);
    const ends = { Home: -this.reach, End: this.reach };
    const value = ends[event.key] ?? Math.round((this.input.valueAsNumber + step) * 10) / 10;
    this.input.value = value;
    this.on.move(this.key, this.input.valueAsNumber);
  }

  // What Python says about the slider.
  describe(slider, note) {
    this.label.textContent = slider.title;
    this.input.setAttribute("aria-label", slider.title);
    this.score.textContent = slider.auc === null ? "not measured" : `${slider.auc.toFixed(2)} ${slider.grade}`;
    this.score.dataset.grade = slider.grade;
    this.score.title = slider.score;
    this.lock.setAttribute("aria-label", `Lock ${slider.title}`);
    this.reset.setAttribute("aria-label", `Reset ${slider.title}`);
    this.reset.title = "Back to 0 (double-click the slider)";
    this.remove.setAttribute("aria-label", `Put ${slider.title} away`);
    this.remove.title = "Put this slider away";
    const texts = note?.texts ?? [];
    this.warning.hidden = !texts.length && !slider.problem;
    this.warning.classList.toggle("grave", Boolean(slider.problem || note?.is_grave) || slider.grade === "weak");
    this.warning.title = [slider.problem, ...texts].filter(Boolean).join("\n");
    this.problem.textContent = slider.problem;
    this.problem.hidden = !slider.problem;
    this.hasProblem = Boolean(slider.problem);
    this.about = { ...slider, texts, lockable: note?.lockable ?? [] };
  }

  // What it is worth and what to beware of, in full; shown below the sliders, which must not
  // move under the hand.
  tell(box) {
    const { title, score, judged, texts, lockable } = this.about;
    const lines = [element("h4", "", title), element("p", "", score)];
    if (judged) lines.push(element("p", "", judged));
    for (const text of texts) lines.push(element("p", "caution", text));
    if (lockable.length) {
      const keep = element("button", "keep", `Lock ${lockable.map((other) => other.title).join(", ")}`);
      keep.type = "button";
      keep.title = "What it moves most: locked, these stay as they are";
      keep.addEventListener("click", () => this.on.keep(lockable.map((other) => other.key)));
      lines.push(keep);
    }
    box.replaceChildren(...lines);
  }

  // Where it stands.
  show(value, isLocked, isActive) {
    if (this.input.valueAsNumber !== value) this.input.value = value;
    this.input.style.setProperty("--at", (value + this.reach) / (2 * this.reach));
    this.input.setAttribute("aria-valuetext", signed(value));
    this.input.disabled = isLocked || this.hasProblem;
    this.value.textContent = signed(value);
    this.reset.disabled = value === 0 || isLocked;
    this.lock.setAttribute("aria-pressed", String(isLocked));
    const name = this.label.textContent;
    this.lock.title = isLocked
      ? `${name} stays as it is, whatever else is moved. Click to unlock.`
      : `Lock: the other sliders then leave ${name} as it is`;
    this.root.classList.toggle("locked", isLocked);
    this.root.classList.toggle("moved", value !== 0);
    this.root.classList.toggle("active", isActive);
  }
}
