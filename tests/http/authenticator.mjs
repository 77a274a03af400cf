// The authenticator app of a member of staff, played by node:crypto, which knows nothing of ours.
import { createHmac } from 'node:crypto';

export function base32(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((each) => alphabet.indexOf(each).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((each) => parseInt(each, 2)));
}

// The code of a secret, now or a step later: both are good for half a minute at least. The server says in `date` what time it is.
export async function codeOf(deployment, secret, steps = 0) {
  const { headers } = await fetch(`${deployment.base}/healthz`);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.parse(headers.get('date')) / 30000) + steps));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}
