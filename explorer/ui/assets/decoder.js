// Turns codes into pictures while a hand moves: codes go to the server as they are, pictures come
// back as they are. One socket serves all pieces of a page. Each lane ("main", "row" ...) keeps
// only its latest question; two are under way, so that one is drawn while the next is decoded.

const UNDER_WAY = 2;
const LOST_MS = 2000; // an answer lost for this long does not hold up the next question

class Decoder {
  constructor(path) {
    this.lanes = new Map();
    this.flying = new Map();
    this.seq = 0;
    this.socket = new LiveSocket(path, {
      onFrame: (frame) => this.land(frame),
      onLost: () => this.flying.clear(),
      onBack: () => this.flush(),
      onOpen: () => this.flush(),
    });
  }

  // Asks for the pictures of codes (Float32Array of count x D). `onPictures` gets a list of
  // {width, height, channels, bytes}, unless a newer question of the same lane came before.
  ask(lane, { bundle, codes, count = 1 }, onPictures) {
    this.lanes.delete(lane);
    this.lanes.set(lane, { bundle, codes: codes.slice(), count, onPictures, lane });
    this.flush();
  }

  flush() {
    if (!this.socket.isReady) return;
    const now = performance.now();
    for (const [seq, question] of this.flying) if (now - question.time > LOST_MS) this.flying.delete(seq);
    // "main" is what the eye follows.
    const waiting = [...this.lanes.values()].sort((a, b) => (b.lane === "main") - (a.lane === "main"));
    for (const question of waiting) {
      if (this.flying.size >= UNDER_WAY) return;
      this.lanes.delete(question.lane);
      this.seq += 1;
      this.flying.set(this.seq, { ...question, time: now });
      this.socket.send(packCodes({ bundle: question.bundle, seq: this.seq, count: question.count }, question.codes));
    }
  }

  land(frame) {
    const question = this.flying.get(frame.seq);
    this.flying.delete(frame.seq);
    this.flush();
    if (!question || !frame.picture) return;
    const { width, height, channels, bytes } = frame.picture;
    const size = width * height * channels;
    const pictures = Array.from({ length: frame.count }, (_, i) => ({
      width, height, channels, bytes: bytes.subarray(i * size, (i + 1) * size),
    }));
    question.onPictures(pictures);
  }
}

// The page's own decoder; it outlives the pieces that ask it.
function decoderOf(path) {
  hub.decoders ??= new Map();
  if (!hub.decoders.has(path)) hub.decoders.set(path, new Decoder(path));
  return hub.decoders.get(path);
}

function packCodes(header, codes) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const buffer = new Uint8Array(4 + text.length + codes.byteLength);
  new DataView(buffer.buffer).setUint32(0, text.length, true);
  buffer.set(text, 4);
  buffer.set(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength), 4 + text.length);
  return buffer;
}

function floatsOf(base64) {
  return new Float32Array(bytesOf(base64).buffer);
}

// target = base + sum of weight_i * vector_i, all Float32Array of D numbers; vectors lie row by row.
function combine(target, base, vectors, weights) {
  target.set(base);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    const start = i * base.length;
    for (let d = 0; d < base.length; d++) target[d] += weights[i] * vectors[start + d];
  }
  return target;
}
