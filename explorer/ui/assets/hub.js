// What the mounted pieces of one page share: the map, the live preview, the picked face, the strips.
// Streamlit mounts each piece on its own (so that one can be refreshed without the others being
// sent again) and loads each script as a module of its own, hence a registry on globalThis.
const hub = (globalThis[Symbol.for("latent-explorer")] ??= { channels: new Map() });

function channel(name) {
  if (!hub.channels.has(name)) hub.channels.set(name, { marks: null });
  return hub.channels.get(name);
}

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
