const utf8 = new TextEncoder();

/**
 * cyrb53 over the UTF-8 bytes of `text`: a hash of 53 bits that Python computes alike.
 *
 * It spreads samples and hides keys from a glance; it is no cryptography.
 */
export function h53(text: string, seed = 0): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (const byte of utf8.encode(text)) {
    a = Math.imul(a ^ byte, 2654435761);
    b = Math.imul(b ^ byte, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
