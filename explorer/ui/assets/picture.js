// Pictures arrive as raw grey or RGB bytes: nothing to decode, nothing to fetch, nothing to revoke.

function imageOf(picture) {
  const bytes = picture.bytes ?? bytesOf(picture.pixels);
  const out = new ImageData(picture.width, picture.height);
  const grey = picture.channels === 1;
  for (let i = 0, s = 0, d = 0; i < picture.width * picture.height; i++, d += 4) {
    out.data[d] = bytes[s];
    out.data[d + 1] = grey ? bytes[s] : bytes[s + 1];
    out.data[d + 2] = grey ? bytes[s] : bytes[s + 2];
    out.data[d + 3] = 255;
    s += picture.channels;
  }
  return out;
}

const scratch = document.createElement("canvas"); // a picture before it is enlarged

// Fills `canvas` (its CSS size decides) with the picture, enlarged smoothly.
function paint(canvas, picture, cssSize) {
  paintRow(canvas, [picture], cssSize);
}

// Fills `canvas` with pictures side by side. One canvas of eleven costs the browser a good deal
// less than eleven canvases: each is a layer of its own to lay over the page.
function paintRow(canvas, pictures, cssSize, gap = 0) {
  const ratio = Math.max(1, window.devicePixelRatio || 1);
  const side = Math.round(cssSize * ratio);
  const step = side + Math.round(gap * ratio);
  const width = step * (pictures.length - 1) + side;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== side) canvas.height = side;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  pictures.forEach((picture, i) => {
    load(picture);
    context.drawImage(scratch, i * step, 0, side, side);
  });
}

function load(picture) {
  const image = imageOf(picture);
  if (scratch.width !== image.width) scratch.width = image.width;
  if (scratch.height !== image.height) scratch.height = image.height;
  scratch.getContext("2d").putImageData(image, 0, 0);
}
