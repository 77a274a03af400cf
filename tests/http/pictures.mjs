// Pictures of nobody, made here: a portrait with a white background and a scan of noise.
import jpeg from 'jpeg-js';

// The same noise every time, so that a failure can be seen again.
function noise() {
  let state = 7;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % 256;
  };
}

// Encoding takes longer than all that the server does with one: each kind is encoded once, and of other noise only by its head, in which
// the steps of four frequencies tell one seed from another.
const made = new Map();
function once(kind, make) {
  return ({ seed = 0, ...wanted } = {}) => {
    const name = JSON.stringify([kind, wanted]);
    if (!made.has(name)) made.set(name, make(wanted));
    return seeded(made.get(name), seed);
  };
}

const rgb = (red, green, blue) => (red << 16) | (green << 8) | blue;

function seeded(encoded, seed) {
  const bytes = Buffer.from(encoded);
  const steps = bytes.indexOf(Buffer.from([0xff, 0xdb])) + 6; // of frequencies, behind that of the mean
  for (let i = 0; i < 4; i++) bytes[steps + i] += Math.floor(seed / 10 ** i) % 10;
  return bytes;
}

// A colour is a number, 0xrrggbb.
function picture(width, height, quality, color) {
  const data = Buffer.alloc(width * height * 4, 255);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at += 4) data.writeUInt32BE(color(x, y) * 256 + 255, at);
  return jpeg.encode({ data, width, height }, quality).data;
}

// 25:35, white around an ellipse of noise; 40 to 80 KB at this quality.
export const portrait = once('portrait', ({ width = 413, height = 578, background = [255, 255, 255], quality = 88 }) => {
  const random = noise();
  const ground = rgb(...background);
  return picture(width, height, quality, (x, y) => {
    const inside = ((x - width / 2) / (width * 0.33)) ** 2 + ((y - height * 0.62) / (height * 0.42)) ** 2 < 1;
    return inside ? rgb(120 + random() / 4, 100 + random() / 4, 90 + random() / 4) : ground;
  });
});

// The rougher, the more bytes.
export const scan = once('scan', ({ width = 600, height = 840, quality = 60, rough = 16 }) => {
  const random = noise();
  return picture(width, height, quality, (x, y) => {
    const line = y % 40 < 3 ? 0 : 251 - rough + (random() * rough) / 256;
    return rgb(line, line, line);
  });
});

// The head of a scan that claims to be so large, and no pixels.
export function head(width, height) {
  const bytes = Buffer.from(scan());
  const [frame, pixels] = [0xc0, 0xda].map((marker) => bytes.indexOf(Buffer.from([0xff, marker])));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes.subarray(0, pixels + 2 + bytes.readUInt16BE(pixels + 2));
}
