// Grids of numbers drawn as cells, with the numbers in them where they can be read.

const GIVEN = 0, BETWEEN = 1, AFTER = 2, BORDER = 3, CUT = 4;
const LEAST_FONT = 9.5; // px; cells grow, and a board scrolls, before numbers get smaller
const MOST_NUMBERED = 32; // columns; larger grids are colours alone
const WIDTH_OF_DIGIT = 0.58;
const TEAL = [31, 139, 126], VERMILION = [213, 94, 0], AMBER = [230, 159, 0];

function numberText(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 10000 || size < 0.005) return value.toExponential(0).replace("e+", "e").replace("-", "−");
  const digits = Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits))).replace("-", "−").replace("−0.", "−.").replace(/^0\./, ".");
}

function largestOf(...grids) {
  return Math.max(1e-12, ...grids.flatMap((grid) => grid.values.flat()).map(Math.abs));
}

// The side of a cell for grids of so many columns side by side in `width` pixels.
function cellSize(grids, columns, width, { most = 42 } = {}) {
  const fits = width / columns;
  const isNumbered = Math.max(...grids.map((grid) => grid.values[0].length)) <= MOST_NUMBERED;
  if (!isNumbered) return Math.max(5, Math.min(most, Math.floor(fits)));
  const longest = Math.max(...grids.flatMap((grid) => grid.values.flat()).map((value) => numberText(value).length));
  const least = Math.ceil(LEAST_FONT * WIDTH_OF_DIGIT * Math.max(2, longest) + 4);
  return Math.max(least, Math.min(most, Math.floor(fits)));
}

// options: cell (px), theme, largest (value of full colour), shown (cells drawn, row by row),
// current (cell set off), isGrey (a picture: black to white over 0..1).
function drawGrid(canvas, grid, { cell, theme, largest, shown = Infinity, current = -1, isGrey = false }) {
  const rows = grid.values.length, columns = grid.values[0].length;
  const scale = Math.max(1, window.devicePixelRatio || 1);
  canvas.width = Math.round(columns * cell * scale);
  canvas.height = Math.round(rows * cell * scale);
  canvas.style.width = `${columns * cell}px`;
  canvas.style.height = `${rows * cell}px`;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const gap = isGrey || cell < 10 ? 0 : 1;
  const hasNumbers = !isGrey && columns <= MOST_NUMBERED;
  if (hasNumbers) {
    const longest = Math.max(...grid.values.flat().map((value) => numberText(value).length));
    context.font = `${Math.min(15, 0.5 * cell, (cell - 3) / (WIDTH_OF_DIGIT * longest))}px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
  }
  grid.values.forEach((row, r) =>
    row.forEach((value, c) => {
      const number = r * columns + c;
      const kind = grid.kinds?.[r][c] ?? GIVEN;
      const box = [c * cell, r * cell, cell - gap, cell - gap];
      const isShown = number < shown;
      const fill = isGrey ? greyOf(value) : fillOf(isShown ? value : 0, kind, { theme, largest });
      context.fillStyle = `rgb(${fill.join(",")})`;
      if (isShown || gap) context.fillRect(...box);
      if (!isShown) return;
      if (kind === CUT) strike(context, box, theme);
      if (number === current) setOff(context, box, theme);
      if (!hasNumbers) return;
      context.globalAlpha = kind === GIVEN ? (value === 0 ? 0.55 : 1) : kind === CUT ? 0.5 : 0.4;
      context.fillStyle = theme.text;
      context.fillText(numberText(value), box[0] + box[2] / 2, box[1] + box[3] / 2 + 0.5);
      context.globalAlpha = 1;
    }),
  );
}

function greyOf(value) {
  const level = Math.round(255 * Math.min(1, Math.max(0, value)));
  return [level, level, level];
}

function fillOf(value, kind, { theme, largest }) {
  if (kind === BETWEEN) return mix(theme.background, theme.surface, 0.75);
  if (kind === AFTER) return mix(theme.background, AMBER, 0.28);
  if (kind === BORDER) return mix(theme.background, theme.surface, 0.3);
  const share = Math.min(1, Math.abs(value) / largest);
  const base = mix(theme.background, theme.surface, 0.9);
  return mix(base, value < 0 ? VERMILION : TEAL, (kind === CUT ? 0.35 : 0.75) * share ** 0.8);
}

function strike(context, [x, y, width, height], theme) {
  context.strokeStyle = theme.text;
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y + height);
  context.lineTo(x + width, y);
  context.stroke();
  context.globalAlpha = 1;
}

function setOff(context, [x, y, width, height], theme) {
  context.strokeStyle = theme.accent;
  context.lineWidth = 2.5;
  context.strokeRect(x + 1.25, y + 1.25, width - 2.5, height - 2.5);
}

function themeOfCells(element) {
  return { ...readTheme(element), font: getComputedStyle(element).getPropertyValue("--st-font") || "sans-serif" };
}
