// The picture that floats beside the pointer.

const PREVIEW_PX = 148;
const GAP_PX = 18;

class Preview {
  constructor(element) {
    this.element = element;
    this.canvas = element.querySelector("canvas");
    this.caption = element.querySelector(".caption");
    this.faces = 0;
    this.hide();
  }

  // Beside the pointer, or above a finger, and always inside the map.
  place(px, py, width, height, isTouch) {
    const box = [this.element.offsetWidth || PREVIEW_PX + 10, this.element.offsetHeight || PREVIEW_PX + 34];
    let left = isTouch ? px - box[0] / 2 : px + GAP_PX;
    let top = isTouch ? py - box[1] - 3 * GAP_PX : py + GAP_PX;
    if (!isTouch && left + box[0] > width - 4) left = px - GAP_PX - box[0];
    if (!isTouch && top + box[1] > height - 4) top = py - GAP_PX - box[1];
    left = Math.min(Math.max(left, 4), Math.max(4, width - box[0] - 4));
    top = Math.min(Math.max(top, 4), Math.max(4, height - box[1] - 4));
    this.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  show(frame, category) {
    paint(this.canvas, frame.picture, PREVIEW_PX);
    this.caption.textContent = category ? `${frame.caption} · ${category}` : frame.caption;
    this.element.dataset.level = frame.level;
    this.element.dataset.ready = "1";
    this.faces += 1;
  }

  reveal() {
    this.element.style.visibility = this.element.dataset.ready ? "visible" : "hidden";
  }

  hide() {
    this.element.style.visibility = "hidden";
  }
}
