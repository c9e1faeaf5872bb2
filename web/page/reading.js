// @ts-check
// Which module reads a file: the core reads driftline's own, and what harnesses write is read by a
// module of its own, which is fetched for the first such file.

/**
 * What the readers of harness outputs offer: web/formats.
 * @typedef {{format: string, notes: string[], runs: Uint8Array}} Reading
 * @typedef {{read: (bytes: Uint8Array, name: string, format: string) => Reading,
 *   readCriterion: (paths: string[], contents: Uint8Array[]) => Reading}} Formats
 */

/** So many bytes tell whether a file is driftline's own. */
const OPENING = 400;

/**
 * Whether a file begins as driftline's own do.
 * @param {Uint8Array} bytes
 */
function isOurs(bytes) {
  const opening = new TextDecoder().decode(bytes.subarray(0, OPENING));
  return opening.includes('"format"') && opening.includes('"driftline-');
}

/**
 * Whether the core itself reads a file of that format, or one that begins so where none is said.
 * @param {Uint8Array} bytes @param {string} format
 */
export function readsItself(bytes, format) {
  return format === "driftline" || (format === "" && isOurs(bytes));
}

/**
 * Reads a file into the session. `format` is the format's name, or empty to tell it from the content.
 * @param {any} session @param {Uint8Array} bytes @param {string} name @param {string} format
 * @param {() => Promise<Formats>} formats
 * @returns {Promise<string>} what became of it, as JSON
 */
export async function addFile(session, bytes, name, format, formats) {
  if (readsItself(bytes, format)) return session.add(bytes, name);
  return addReading(session, name, (await formats()).read(bytes, name, format));
}

/**
 * Reads the files of criterion's directory into the session.
 * @param {any} session @param {string} name @param {{name: string, bytes: Uint8Array}[]} files
 * @param {() => Promise<Formats>} formats
 * @returns {Promise<string>}
 */
export async function addCriterion(session, name, files, formats) {
  const reading = (await formats()).readCriterion(
    files.map((file) => file.name),
    files.map((file) => file.bytes),
  );
  return addReading(session, name, reading);
}

/** @param {any} session @param {string} name @param {Reading} reading */
function addReading(session, name, { runs, format, notes }) {
  return session.addRead(runs, name, format, notes);
}
