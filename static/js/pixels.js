// Pictures as bytes: the size that a file declares, and 784 greys as a part of a link.

export const side = 28, count = side * side;

/** The width and height that a PNG or JPEG file declares, before anything is unpacked; null for other files. */
export function dimensions(view) {
  const at16 = i => i + 2 <= view.byteLength ? view.getUint16(i) : 0;
  if (view.byteLength > 24 && view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (at16(0) !== 0xffd8) return null;
  for (let i = 2; i + 9 < view.byteLength; i += 2 + at16(i + 2)) {
    const marker = at16(i);
    if (marker >> 8 !== 0xff || at16(i + 2) < 2) return null;
    const kind = marker & 0xff;
    if (kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind)) return { width: at16(i + 7), height: at16(i + 5) };
  }
  return null;
}

/** Writes 784 greys as PackBits in base64url, as the server's Picture.Encode does; black ones at the end are left out. */
export function encode(pixels) {
  let end = count;
  while (end > 0 && pixels[end - 1] === 0) end--;
  const packed = [];
  const run = i => { let n = 1; while (n < 128 && i + n < end && pixels[i + n] === pixels[i]) n++; return n; };
  for (let i = 0; i < end;) {
    const same = run(i);
    if (same >= 3) {
      packed.push(257 - same, pixels[i]);
      i += same;
      continue;
    }
    const from = i;
    while (i < end && i - from < 128 && run(i) < 3) i++;
    packed.push(i - from - 1, ...pixels.slice(from, i));
  }
  return btoa(String.fromCharCode(...packed)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Reads what encode writes. */
export function decode(text) {
  const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
  const pixels = new Uint8Array(count);
  for (let i = 0, at = 0; i < packed.length;) {
    const n = packed[i++];
    if (n < 128) {
      pixels.set(packed.subarray(i, i + n + 1), at);
      i += n + 1;
      at += n + 1;
    } else {
      pixels.fill(packed[i++], at, at + 257 - n);
      at += 257 - n;
    }
  }
  return pixels;
}
