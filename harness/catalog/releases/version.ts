/** Whether a version is older than another: `7.88.1` than `8.0.0`, `1.3.7a` than `1.3.8`, `1.3.8` than `1.3.8c`. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [partsOf(version), partsOf(than)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [left = 0, right = 0] = [one[index], other[index]];
    if (left !== right) return left < right;
  }
  return false;
}

/** Numbers as they are, letters by their place in the alphabet; a number and a letter behind it are two parts. */
function partsOf(version: string): readonly number[] {
  return (version.match(/\d+|[a-z]/g) ?? []).map((part) => (/\d/.test(part) ? Number(part) : part.charCodeAt(0) - 96));
}
