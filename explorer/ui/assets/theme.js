// Colours of the page, read from the variables Streamlit sets; light or dark is decided by the background.

function rgbOf(text) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = text.trim();
  probe.fillRect(0, 0, 1, 1);
  return Array.from(probe.getImageData(0, 0, 1, 1).data.slice(0, 3));
}

function readTheme(element) {
  const style = getComputedStyle(element);
  const get = (name) => style.getPropertyValue(name) || "#888888";
  const background = rgbOf(get("--st-background-color"));
  return {
    background,
    surface: rgbOf(get("--st-secondary-background-color")),
    text: get("--st-text-color"),
    accent: get("--st-primary-color"),
    dark: 0.3 * background[0] + 0.59 * background[1] + 0.11 * background[2] < 128,
  };
}

function mix(a, b, share) {
  return a.map((value, i) => Math.round(value + (b[i] - value) * share));
}
