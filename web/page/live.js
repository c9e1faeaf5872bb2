// @ts-check
// What is said to who cannot see it.

let timer = 0;

/**
 * Says a message; of several within a moment the last.
 * @param {string} message
 */
export function say(message) {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const live = document.getElementById("live");
    if (live) live.textContent = message;
  }, 150);
}
