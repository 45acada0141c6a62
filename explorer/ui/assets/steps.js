// The steps of a way as a strip; a click takes the handle there.

function stepOf(item, number, count, walker) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = item.title;
  button.setAttribute("aria-label", item.title);
  if (item.isStop) button.dataset.stop = "";
  const canvas = document.createElement("canvas");
  paint(canvas, item.picture, 104);
  button.append(canvas, document.createElement("i"));
  button.addEventListener("click", () => walker.go(number / (count - 1)));
  return button;
}

const STRIPS = new WeakMap();

export default function steps({ data, parentElement }) {
  const walker = walkerOf(data.channel);
  const row = parentElement.querySelector(".row");
  const title = parentElement.querySelector("h4");
  const manner = document.createElement("span");
  manner.textContent = data.note;
  title.replaceChildren(data.title, " ", manner);
  row.setAttribute("aria-label", data.title);
  row.style.setProperty("--count", data.items.length);
  row.replaceChildren(...data.items.map((item, i) => stepOf(item, i, data.items.length, walker)));
  row.dataset.count = data.items.length;
  walker.strips.set(data.name, data.items.map((item) => item.picture));
  STRIPS.get(parentElement)?.();
  const unwatch = walker.watch(() => {
    const here = Math.round(walker.t * (row.children.length - 1));
    const far = walker.far[data.name] ?? [];
    [...row.children].forEach((button, i) => {
      button.setAttribute("aria-current", String(i === here));
      button.dataset.level = far.includes(i) ? "far" : "among";
    });
  });
  STRIPS.set(parentElement, unwatch);
  return () => {
    STRIPS.get(parentElement)?.();
    STRIPS.delete(parentElement);
  };
}
