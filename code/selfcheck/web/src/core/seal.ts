import { h53 } from "./hash";

const utf8 = new TextEncoder();

/** The first `length` bytes of the keystream of a blob's label. */
function keystream(salt: string, label: string, length: number): Uint8Array {
  const stream = new Uint8Array(length);
  for (let block = 0; block * 6 < length; block++) {
    let rest = h53(`${salt}|${label}|${block}`);
    for (let at = block * 6; at < Math.min(length, block * 6 + 6); at++) {
      stream[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
  return stream;
}

function mask(bytes: Uint8Array, salt: string, label: string): Uint8Array {
  const stream = keystream(salt, label, bytes.length);
  return bytes.map((byte, at) => byte ^ (stream[at] as number));
}

/** Hide `text` from a glance; the inverse of `unseal`. */
export function seal(text: string, salt: string, label: string): string {
  return btoa(String.fromCharCode(...mask(utf8.encode(text), salt, label)));
}

/** The text of a sealed blob. The label says whose blob it is. */
export function unseal(blob: string, salt: string, label: string): string {
  const bytes = Uint8Array.from(atob(blob), (char) => char.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(mask(bytes, salt, label));
}
