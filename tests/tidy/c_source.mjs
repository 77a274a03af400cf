// C as far as tidiness needs it: what is code, comment or literal, and inside which call a literal stands.

const token = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

const blank = (text) => text.replace(/[^\n]/g, ' ');

export class CSource {
  constructor(text) {
    this.text = text;
    // The same text with comments and what stands between quotation marks made spaces, so that places stay the same.
    this.code = text.replace(token, (part) =>
      part[0] === '/' ? blank(part) : part[0] + blank(part.slice(1, -1)) + part[0]);
  }

  // Texts without their quotation marks, neighbours joined as the compiler does: {value, at, call}, where `call` is the
  // name of the innermost call around it, or "".
  get literals() {
    const found = [];
    const calls = [];
    let open = null;
    for (let at = 0; at < this.code.length; at++) {
      const sign = this.code[at];
      if (sign === '"') {
        const end = this.code.indexOf('"', at + 1);
        const value = this.text.slice(at + 1, end);
        if (open) open.value += value;
        else found.push((open = { value, at, call: calls.at(-1) ?? '' }));
        at = end;
        continue;
      }
      if (/\S/.test(sign)) open = null;
      if (sign === '(') calls.push(/(\w*)\s*$/.exec(this.code.slice(Math.max(0, at - 80), at))[1]);
      if (sign === ')') calls.pop();
    }
    return found;
  }

  // Calls of these functions: {name, words, at}, each word as it stands in the source.
  calls(names) {
    const found = [];
    for (const match of this.code.matchAll(new RegExp(`\\b(${names.join('|')})\\s*\\(`, 'g'))) {
      const words = [];
      let depth = 0;
      let from = match.index + match[0].length;
      for (let at = from; at < this.code.length && depth >= 0; at++) {
        const sign = this.code[at];
        if ('([{'.includes(sign)) depth++;
        if (')]}'.includes(sign)) depth--;
        if (depth < 0 || (depth === 0 && sign === ',')) {
          words.push(this.text.slice(from, at).trim());
          from = at + 1;
        }
      }
      found.push({ name: match[1], words, at: match.index });
    }
    return found;
  }

  // Function bodies, as clang-format lays them out: a brace that is its line's first sign, and the next such. Lines of
  // a static table are not counted: it is read as data, however long it is.
  get bodies() {
    return [...this.code.matchAll(/^\{[^]*?^\}/gm)].map((match) => ({
      at: match.index,
      length: match[0].replace(/^\tstatic const [^]*?= \{\n[^]*?^\t\};\n/gm, '').split('\n').length,
    }));
  }

  get includes() {
    return [...this.text.matchAll(/^[ \t]*#[ \t]*include[ \t]+(["<])([^">\n]+)[">]/gm)].map((match) => ({
      path: match[2],
      ours: match[1] === '"',
      at: match.index,
    }));
  }
}
