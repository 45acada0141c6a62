// Asks the server what the model draws at a place, over a WebSocket of our own: a Streamlit rerun
// takes some 70 ms for every picture, this takes the time of the decoding.

const RETRY_MS = [250, 1000, 4000];

class LiveSocket {
  constructor(path, { onFrame, onLost, onBack, onOpen }) {
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    Object.assign(this, { onFrame, onLost, onBack, onOpen, failures: 0 });
    this.open();
  }

  get isReady() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  open() {
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      if (this.failures) this.onBack();
      else this.onOpen?.();
      this.failures = 0;
    };
    this.socket.onmessage = (event) => this.onFrame(unpackFrame(event.data));
    this.socket.onclose = () => {
      if (this.closed) return;
      this.onLost();
      this.retry = setTimeout(() => this.open(), RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
    };
  }

  ask(question) {
    this.send(JSON.stringify(question));
  }

  send(message) {
    this.socket.send(message);
  }

  close() {
    this.closed = true;
    clearTimeout(this.retry);
    this.socket.close();
  }
}

// Four bytes of header length, the header as JSON, the pixels.
function unpackFrame(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  if (header.picture) header.picture.bytes = new Uint8Array(buffer, 4 + length);
  return header;
}
