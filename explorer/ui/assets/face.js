// The picked face, large, with what is known about it.

function fill(list, tag, texts) {
  list.replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement(tag);
      item.textContent = text;
      return item;
    }),
  );
}

function showFace(root, data) {
  const find = (name) => root.querySelector(name);
  paint(find(".big canvas"), data.picture, find(".big").clientWidth || 320);
  find("h3").textContent = data.title;
  find(".origin").textContent = data.origin;
  find(".where span").textContent = data.distance;
  const original = find(".original");
  original.hidden = !data.original;
  if (data.original) paint(original.querySelector("canvas"), data.original, 84);
  fill(find(".chips"), "li", data.chips);
  const list = find("dl");
  fill(list, "dt", data.facts.map((fact) => fact[0]));
  [...list.children].forEach((term, i) => {
    const value = document.createElement("dd");
    value.textContent = data.facts[i][1];
    term.after(value);
  });
  root.dataset.level = data.level;
  delete root.dataset.early;
}

export default function face({ data, parentElement, setStateValue }) {
  const shared = channel(data.channel);
  shared.sendPick = (pick) => setStateValue("pick", { ...pick, serial: Date.now() });
  const root = parentElement.querySelector(".face");
  shared.showEarly = (frame) => {
    parentElement.querySelector(".empty")?.remove();
    root.hidden = false;
    root.dataset.early = "1";
    paint(root.querySelector(".big canvas"), frame.picture, root.querySelector(".big").clientWidth || 320);
  };
  const waiting = parentElement.querySelector(".empty");
  if (!data.picture) {
    root.hidden = true;
    if (!waiting) {
      const note = document.createElement("div");
      note.className = "empty";
      note.textContent = data.invitation;
      root.after(note);
    }
  } else {
    root.hidden = false;
    waiting?.remove();
    showFace(root, data);
  }
  if (shared.map) shared.map.setMarks(data.marks);
  else shared.marks = data.marks;
}
