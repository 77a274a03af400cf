// Pictures of nobody, made here: a portrait with a white background and a scan of noise.
import jpeg from 'jpeg-js';

// The same noise every time, so that a failure can be seen again.
function noise(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % 256;
  };
}

// Encoding takes longer than all that the server does with one: the same is made once.
const made = new Map();
function once(kind, make) {
  return (wanted = {}) => {
    const name = JSON.stringify([kind, wanted]);
    if (!made.has(name)) made.set(name, make(wanted));
    return made.get(name);
  };
}

function picture(width, height, quality, color) {
  const data = Buffer.alloc(width * height * 4, 255);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(color(x, y), (y * width + x) * 4);
  return jpeg.encode({ data, width, height }, quality).data;
}

// 25:35, white around an ellipse of noise; 40 to 80 KB at this quality.
export const portrait = once('portrait', ({ width = 413, height = 578, background = [255, 255, 255], quality = 88, seed = 7 }) => {
  const random = noise(seed);
  return picture(width, height, quality, (x, y) => {
    const inside = ((x - width / 2) / (width * 0.33)) ** 2 + ((y - height * 0.62) / (height * 0.42)) ** 2 < 1;
    return inside ? [120 + random() / 4, 100 + random() / 4, 90 + random() / 4, 255] : [...background, 255];
  });
});

// The rougher, the more bytes.
export const scan = once('scan', ({ width = 800, height = 1100, seed = 11, quality = 60, rough = 16 }) => {
  const random = noise(seed);
  return picture(width, height, quality, (x, y) => {
    const line = y % 40 < 3 ? 0 : 251 - rough + (random() * rough) / 256;
    return [line, line, line, 255];
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
