// How deep a JSON text nests, told before it is parsed. It parses nothing and believes nothing: brackets in strings are
// no brackets, and a text that is no JSON has some depth too.

const opening = new Set(["[".charCodeAt(0), "{".charCodeAt(0)]);
const closing = new Set(["]".charCodeAt(0), "}".charCodeAt(0)]);
const quote = '"'.charCodeAt(0);
const escape = "\\".charCodeAt(0);

/** Levels of the deepest array or object in a text's UTF-8 bytes; 0 for none. */
export function measureDepth(text: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? 0;
    if (isString && byte === escape) index += 1;
    else if (byte === quote) isString = !isString;
    else if (!isString && opening.has(byte)) deepest = Math.max(deepest, (depth += 1));
    else if (!isString && closing.has(byte)) depth -= 1;
  }
  return deepest;
}
