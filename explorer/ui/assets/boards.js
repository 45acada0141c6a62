// Grids side by side: as numbers, or as grey pictures.

const BOARDS = new WeakMap();
const MOST_CELL = 30;

class Boards {
  constructor(parent) {
    this.root = parent.querySelector(".row");
    this.resizer = new ResizeObserver(() => this.draw());
    this.resizer.observe(this.root);
  }

  setData(data) {
    this.data = data;
    this.root.replaceChildren(...data.boards.map((board) => this.figureOf(board)));
    this.draw();
    this.root.dataset.ready = data.id;
  }

  figureOf({ title, note, kind }) {
    const figure = document.createElement("figure");
    figure.setAttribute("role", "listitem");
    figure.innerHTML = '<figcaption><b></b><span></span></figcaption><div class="scroll"><canvas role="img"></canvas></div>';
    figure.querySelector("b").textContent = title;
    figure.querySelector("span").textContent = note;
    figure.querySelector("canvas").setAttribute("aria-label", `${title}: ${note}`);
    figure.dataset.kind = kind;
    return figure;
  }

  draw() {
    if (!this.data || !this.root.clientWidth) return;
    const theme = themeOfCells(this.root);
    this.data.boards.forEach((board, i) => {
      const figure = this.root.children[i];
      const grid = { values: board.values };
      const columns = board.values[0].length;
      const isGrey = board.kind === "picture";
      const fits = Math.floor(figure.clientWidth / columns);
      const cell = isGrey ? Math.max(2, fits) : cellSize([grid], columns, figure.clientWidth, { most: MOST_CELL });
      drawGrid(figure.querySelector("canvas"), grid, { cell, theme, largest: largestOf(grid), isGrey });
    });
  }

  close() {
    this.resizer.disconnect();
  }
}

export default function boards({ data, parentElement }) {
  if (!BOARDS.has(parentElement)) BOARDS.set(parentElement, new Boards(parentElement));
  BOARDS.get(parentElement).setData(data);
  return () => {
    BOARDS.get(parentElement)?.close();
    BOARDS.delete(parentElement);
  };
}
