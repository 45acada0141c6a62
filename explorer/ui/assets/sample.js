// A sheet of samples. A click shows one large at once; the rest about it comes from the server.

function cutOut(data, bytes, number) {
  const size = data.width * data.height * data.channels;
  const part = bytes.subarray(number * size, (number + 1) * size);
  return { width: data.width, height: data.height, channels: data.channels, bytes: part };
}

function sampleButton(name, picture, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = name;
  button.setAttribute("aria-label", name);
  const canvas = document.createElement("canvas");
  paint(canvas, picture, 104);
  button.append(canvas);
  button.addEventListener("click", choose);
  return button;
}

function sampleHead(group) {
  const head = document.createElement("header");
  if (!group.title) return head;
  const title = document.createElement("b");
  title.textContent = group.title;
  const note = document.createElement("span");
  note.textContent = group.note;
  head.append(title, note);
  return head;
}

function mark(shared) {
  shared.buttons?.forEach((button, i) => button.setAttribute("aria-pressed", String(i === shared.number)));
}

export default function sample({ data, parentElement, setStateValue }) {
  const shared = channel("sample");
  const root = parentElement.querySelector(".sample");
  shared.mark = () => mark(shared);
  if (root.dataset.sheet !== data.sheet || !root.childElementCount) {
    const bytes = bytesOf(data.pixels);
    shared.buttons = data.names.map((name, number) => {
      const picture = cutOut(data, bytes, number);
      return sampleButton(name, picture, () => {
        shared.number = number;
        mark(shared);
        shared.showEarly?.({ sheet: data.sheet, number, title: name, picture });
        shared.reveal?.();
        setStateValue("choice", { sheet: data.sheet, number, serial: Date.now() });
      });
    });
    let start = 0;
    root.replaceChildren(
      ...data.groups.map((group) => {
        const box = document.createElement("div");
        box.className = "group";
        const grid = document.createElement("div");
        grid.className = group.columns ? "grid fixed" : "grid";
        grid.style.setProperty("--columns", group.columns || 8);
        grid.style.setProperty("--least", group.count > 40 ? "4.4rem" : "5.6rem");
        grid.append(...shared.buttons.slice(start, start + group.count));
        start += group.count;
        box.append(sampleHead(group), grid);
        return box;
      }),
    );
    root.dataset.sheet = data.sheet;
    const chosen = shared.number ?? 0;
    if (chosen < data.names.length) {
      shared.showEarly?.({ sheet: data.sheet, number: chosen, title: data.names[chosen], picture: cutOut(data, bytes, chosen) });
    }
    root.dataset.faces = Number(root.dataset.faces ?? 0) + data.names.length;
  }
  mark(shared);
  root.dataset.ready = "1";
}
