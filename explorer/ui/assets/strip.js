// Thumbnails of pictures that are points of the map: hover shows where, click goes there.

function thumbnail(item, shared) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = `${item.id}: click to look at it`;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-label", item.id);
  paint(canvas, item.picture, 96);
  const caption = document.createElement("span");
  caption.textContent = item.caption;
  button.append(canvas, caption);
  button.addEventListener("click", () => shared.map?.pickPoint(item.index));
  button.addEventListener("pointerenter", () => shared.map?.light(item.index));
  button.addEventListener("pointerleave", () => shared.map?.light(-1));
  return button;
}

export default function strip({ data, parentElement, setStateValue }) {
  const shared = channel(data.channel);
  if (data.listens) shared.sendSelection = (selection) => setStateValue("selection", selection);
  parentElement.querySelector("h4").textContent = data.title;
  const grid = parentElement.querySelector(".grid");
  grid.classList.toggle("flow", data.columns === 0);
  grid.style.setProperty("--columns", data.columns);
  grid.replaceChildren(...data.items.map((item) => thumbnail(item, shared)));
  grid.dataset.count = data.items.length;
}
