// The chosen sample, large; resting on a training picture shows that one in its place.

function nearest(item, show, back) {
  const figure = document.createElement("figure");
  figure.tabIndex = 0;
  const canvas = document.createElement("canvas");
  paint(canvas, item.picture, 72);
  const caption = document.createElement("figcaption");
  caption.textContent = item.caption;
  figure.append(canvas, caption);
  for (const name of ["pointerenter", "focus"]) figure.addEventListener(name, show);
  for (const name of ["pointerleave", "blur"]) figure.addEventListener(name, back);
  return figure;
}

export default function sampleChosen({ data, parentElement }) {
  const shared = channel("sample");
  const find = (name) => parentElement.querySelector(name);
  const root = find(".chosen");
  const draw = (picture, badge) => {
    paint(find(".big canvas"), picture, find(".big").clientWidth || 320);
    find(".badge").textContent = badge;
  };
  const show = (title, picture) => {
    draw(picture, "decoded");
    find("h3").textContent = title;
    root.dataset.early = "1";
  };
  const showFound = () => {
    const { found } = shared;
    if (found?.sheet !== data.sheet || found.number !== data.number) return;
    find(".where span").textContent = found.where;
    find(".memorised").textContent = found.memorised;
    find("h4").textContent = found.nearest;
    find(".near").replaceChildren(
      ...found.near.map((item) =>
        nearest(item, () => draw(item.picture, "training"), () => draw(data.picture, "decoded")),
      ),
    );
    root.dataset.level = found.level;
    root.dataset.number = found.number;
    delete root.dataset.early;
  };
  const showAll = () => {
    show(data.title, data.picture);
    showFound();
  };
  // What is known here already is not sent again, so it must not wait to be sent.
  shared.showEarly = ({ sheet, number, title, picture }) => {
    if (sheet === data.sheet && number === data.number) showAll();
    else show(title, picture);
  };
  shared.showFound = showFound;
  // Below the sheet, where the window is narrow.
  shared.reveal = () => {
    const box = find(".big").getBoundingClientRect();
    const isSeen = box.top >= 0 && box.bottom <= window.innerHeight;
    if (!isSeen) root.scrollIntoView({ behavior: "smooth", block: "start" });
  };
  shared.number = data.number;
  shared.mark?.();
  showAll();
}
