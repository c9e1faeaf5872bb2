// The part of GitHub's expressions that the workflows here use: paths, literals, == != && || !, and
// a few functions. Anything else is an error, so that a test cannot pass by not knowing it.

const FUNCTIONS = {
  contains: (list, wanted) => (list ?? []).includes(wanted),
  fromJSON: (text) => JSON.parse(text),
  cancelled: () => false,
};

const TOKEN =
  /\s*(?:(?<word>[A-Za-z_*][\w.*-]*)|'(?<text>(?:[^']|'')*)'|(?<sign>==|!=|&&|\|\||[(),!]))/y;

/** Replaces each `${{ … }}` of a value. @param {unknown} value @param {object} context */
export function interpolate(value, context) {
  return String(value ?? "").replace(/\$\{\{(.*?)\}\}/gs, (_, text) =>
    shown(evaluate(text, context)),
  );
}

/** @param {unknown} value */
const shown = (value) => (value === null || value === undefined ? "" : String(value));

/** @param {string} text @param {object} context */
export function evaluate(text, context) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== "") {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new Error(`expression ${text}: unknown at ${at}`);
    tokens.push(found.groups);
  }
  let position = 0;
  const sign = (expected) => tokens[position]?.sign === expected && (position++, true);
  const either = () => {
    let value = both();
    while (sign("||")) {
      const right = both();
      value = value || right;
    }
    return value;
  };
  const both = () => {
    let value = equality();
    while (sign("&&")) {
      const right = equality();
      value = value && right;
    }
    return value;
  };
  const equality = () => {
    const left = operand();
    if (sign("==")) return shown(left) === shown(operand());
    if (sign("!=")) return shown(left) !== shown(operand());
    return left;
  };
  const operand = () => {
    if (sign("!")) return !operand();
    if (sign("(")) {
      const value = either();
      if (!sign(")")) throw new Error(`expression ${text}: ) is missing`);
      return value;
    }
    const token = tokens[position++];
    if (token?.text !== undefined) return token.text.replaceAll("''", "'");
    if (token?.word && sign("(")) {
      const called = FUNCTIONS[token.word];
      if (!called) throw new Error(`expression ${text}: ${token.word}() is not known here`);
      const values = [];
      while (!sign(")")) {
        values.push(either());
        sign(",");
      }
      return called(...values);
    }
    if (token?.word === "true" || token?.word === "false") return token.word === "true";
    if (token?.word === "null") return null;
    if (token?.word) return lookUp(token.word.split("."), context);
    throw new Error(`expression ${text}: incomplete`);
  };
  const value = either();
  if (position !== tokens.length) throw new Error(`expression ${text}: too long`);
  return value;
}

/** @param {string[]} path @param {any} value @returns {unknown} */
function lookUp([name, ...rest], value) {
  if (name === undefined) return value;
  if (name === "*") return (value ?? []).map((item) => lookUp(rest, item));
  return lookUp(rest, value?.[name]);
}
