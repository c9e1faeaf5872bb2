// @ts-check
// Elements from text: the only place where the page makes them. Text from a file becomes a text node
// or an attribute, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @param {Element} element
 * @param {Record<string, unknown>} attributes
 * @param {(Child | Child[])[]} children
 */
function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (name === "value" && "value" in element) {
      Object.assign(element, { value });
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/**
 * An element: `h("p", {class: "note"}, "text")`.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, unknown>} [attributes] @param {(Child | Child[])[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  furnish(element, attributes, children);
  return element;
}

/**
 * The same for SVG.
 * @param {string} tag @param {Record<string, unknown>} [attributes] @param {(Child | Child[])[]} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  furnish(element, attributes, children);
  return element;
}

/**
 * A name as it stands in the file, isolated so that its direction and length disturb nothing.
 * @param {string} name
 */
export function nameNode(name) {
  return h(
    "bdi",
    { class: "name", title: name.length > 60 ? name.slice(0, 2000) : null },
    name.slice(0, 2000),
  );
}

/**
 * Puts text on the clipboard; where that is not allowed, offers it to be copied by hand.
 * @param {string} text @param {(message: string) => void} say
 */
export async function copyText(text, say) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    const area = h("textarea", { readonly: true, rows: 12, "aria-label": "Text to copy" });
    area.value = text;
    const dialog = h(
      "dialog",
      { class: "dialog" },
      h("p", {}, "Copy this text:"),
      area,
      h("form", { method: "dialog" }, h("button", {}, "Close")),
    );
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    area.select();
  }
}

/**
 * Offers text as a file.
 * @param {string} name @param {string} text @param {string} type
 */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * What has a key among the descendants of an element: to focus it again after it was drawn anew. Keys
 * hold names with any characters, which a selector could not.
 * @param {Element} root @param {string} key
 * @returns {HTMLElement | null}
 */
export function byKey(root, key) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    root.querySelectorAll("[data-key]")
  )) {
    if (element.dataset.key === key) return element;
  }
  return null;
}
