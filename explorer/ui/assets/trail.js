// The ways as lines on the map: the map draws them above its points (see `layers` in drawing.js).

const HALO_PX = 5.5;
const LINE_PX = 2.6;

function strokeLine(context, line, map) {
  const halo = `rgb(${map.theme.background.join(",")})`;
  for (const [colour, width] of [[halo, HALO_PX], [colourOf(line, map.theme), LINE_PX]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(line.name === "spherical" && width === LINE_PX ? [7, 4] : []);
    context.beginPath();
    for (let i = 0; i < line.count; i++) context.lineTo(...map.view.toScreen(line.xy[2 * i], line.xy[2 * i + 1]));
    context.stroke();
  }
  context.setLineDash([]);
}

const colourOf = (line, theme) => (line.name === "spherical" ? theme.text : theme.accent);

function dot(context, place, radius, { fill, stroke }) {
  context.beginPath();
  context.arc(...place, radius, 0, 7);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = stroke;
  context.stroke();
}

// Where the handle is on a line, between two of its points.
function placeAt(line, t) {
  const at = t * (line.count - 1);
  const before = Math.min(Math.floor(at), line.count - 2);
  const share = at - before;
  const mixed = (axis) => line.xy[2 * before + axis] * (1 - share) + line.xy[2 * before + 2 + axis] * share;
  return [mixed(0), mixed(1)];
}

function layerOf(data, lines, walker) {
  return (context, map) => {
    if (data.plane !== map.data.plane || data.bundle !== map.data.bundle) return;
    const background = `rgb(${map.theme.background.join(",")})`;
    for (const line of lines) strokeLine(context, line, map);
    const stops = floatsOf(data.stops);
    for (let i = 0; i < stops.length / 2; i++) {
      const place = map.view.toScreen(stops[2 * i], stops[2 * i + 1]);
      dot(context, place, 8, { fill: background, stroke: map.theme.text });
      context.fillStyle = map.theme.text;
      context.font = "600 10px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(i + 1), place[0], place[1] + 0.5);
    }
    for (const line of lines) {
      dot(context, map.view.toScreen(...placeAt(line, walker.t)), 5.5, { fill: colourOf(line, map.theme), stroke: background });
    }
  };
}

const TRAILS = new WeakMap();

export default function trail({ data, parentElement, setStateValue }) {
  const shared = channel(data.map);
  const walker = walkerOf(data.channel);
  const theme = readTheme(parentElement.querySelector(".trail"));
  const lines = data.lines.map((line) => ({ ...line, xy: floatsOf(line.xy) }));
  shared.sendPick = (pick) => setStateValue("pick", { ...pick, serial: Date.now() });
  shared.marks = null;
  shared.layers = [layerOf(data, lines, walker)];
  parentElement.querySelector("ul").replaceChildren(
    ...lines.map((line) => {
      const entry = document.createElement("li");
      const stroke = document.createElement("i");
      stroke.className = line.name;
      stroke.style.borderColor = colourOf(line, theme);
      entry.append(stroke, line.title);
      return entry;
    }),
  );
  parentElement.querySelector("ul").dataset.lines = lines.length;
  TRAILS.get(parentElement)?.();
  const unwatch = walker.watch(() => shared.map?.drawOverlay());
  TRAILS.set(parentElement, unwatch);
  return () => {
    TRAILS.get(parentElement)?.();
    TRAILS.delete(parentElement);
    shared.layers = [];
    shared.map?.drawOverlay();
  };
}
