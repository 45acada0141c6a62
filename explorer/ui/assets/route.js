// The pictures a walk goes through, in order: a click says which one the next choice replaces;
// small buttons move one or take it out.

function act(text, label, isPossible, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.title = label;
  button.setAttribute("aria-label", label);
  button.disabled = !isPossible;
  button.addEventListener("click", run);
  return button;
}

function faceOf(item, isSelected, select) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "face";
  button.title = `${item.role}: ${item.title}. Click, then choose another picture for it.`;
  button.setAttribute("aria-label", `${item.role}: ${item.title}`);
  button.setAttribute("aria-pressed", String(isSelected));
  const canvas = document.createElement("canvas");
  paint(canvas, item.picture, 82);
  const role = document.createElement("b");
  role.textContent = item.role;
  const title = document.createElement("span");
  title.textContent = item.title;
  button.append(canvas, role, title);
  button.addEventListener("click", select);
  return button;
}

// All places but one, or with two places exchanged.
const without = (count, i) => [...Array(count).keys()].filter((k) => k !== i);
function swapped(count, i, j) {
  const order = [...Array(count).keys()];
  [order[i], order[j]] = [j, i];
  return order;
}

export default function route({ data, parentElement, setStateValue }) {
  const send = (news) => setStateValue("change", { ...news, bundle: data.bundle, serial: Date.now() });
  const row = parentElement.querySelector(".row");
  row.classList.toggle("corners", !data.movable);
  const count = data.items.length;
  row.replaceChildren(
    ...data.items.map((item, i) => {
      const entry = document.createElement("li");
      entry.append(faceOf(item, i === data.selected, () => send({ selected: i })));
      if (!data.movable) return entry;
      const acts = document.createElement("div");
      acts.className = "acts";
      acts.append(
        act("←", `Move ${item.role} earlier`, i > 0, () => send({ order: swapped(count, i, i - 1), selected: i - 1 })),
        act("→", `Move ${item.role} later`, i < count - 1, () => send({ order: swapped(count, i, i + 1), selected: i + 1 })),
        act("✕", `Take ${item.role} out`, count > 2, () => send({ order: without(count, i), selected: Math.min(i, count - 2) })),
      );
      entry.append(acts);
      return entry;
    }),
  );
  row.dataset.count = count;
}
