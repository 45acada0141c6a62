// The faces at hand, as a row of thumbnails: a click puts one where the page works on it.

function shelfItem(item, number, isCurrent, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = item.title;
  button.setAttribute("aria-label", item.title);
  button.setAttribute("aria-pressed", String(isCurrent));
  const canvas = document.createElement("canvas");
  paint(canvas, item.picture, 56);
  button.append(canvas);
  button.addEventListener("click", () => choose(number));
  return button;
}

export default function shelf({ data, parentElement, setStateValue }) {
  const choose = (number) => setStateValue("choice", { number, bundle: data.bundle, serial: Date.now() });
  const row = parentElement.querySelector(".row");
  row.replaceChildren(...data.items.map((item, i) => shelfItem(item, i, data.current[i], choose)));
  row.dataset.count = data.items.length;
}
