// @ts-check
// What mouse and fingers do on a chart.

/**
 * @typedef {{visible: () => [number, number], setRange: (from: number, to: number, done: boolean) => void,
 *   zoom: (factor: number, around: number) => void, pinNear: (x: number) => void}} Handling
 */

/**
 * Moves what is shown with the mouse, until it is let go.
 * @param {import("uplot")} u @param {MouseEvent} start @param {Handling} chart
 */
export function panWithMouse(u, start, chart) {
  const width = u.over.clientWidth;
  const [from0, to0] = chart.visible();
  const move = (/** @type {MouseEvent} */ event) => {
    const shift = ((start.clientX - event.clientX) / width) * (to0 - from0);
    chart.setRange(from0 + shift, to0 + shift, false);
  };
  const end = () => {
    removeEventListener("mousemove", move);
    removeEventListener("mouseup", end);
    chart.setRange(...chart.visible(), true);
  };
  addEventListener("mousemove", move);
  addEventListener("mouseup", end);
}

/**
 * Clicks pin, the wheel with Ctrl and two fingers zoom.
 * @param {import("uplot")} u @param {Handling} chart
 */
export function listenToGestures(u, chart) {
  const { over } = u;
  let down = 0;
  over.addEventListener("mousedown", (event) => (down = event.clientX));
  over.addEventListener("click", (event) => {
    if (Math.abs(event.clientX - down) > 4 || event.shiftKey) return;
    chart.pinNear(u.posToVal(event.offsetX, "x"));
  });
  over.addEventListener(
    "wheel",
    (event) => {
      // The wheel alone scrolls the page.
      if (!event.ctrlKey) return;
      event.preventDefault();
      chart.zoom(event.deltaY > 0 ? 1.25 : 0.8, u.posToVal(event.offsetX, "x"));
    },
    { passive: false },
  );
  /** @type {Map<number, number>} */
  const fingers = new Map();
  over.addEventListener(
    "pointerdown",
    (event) => event.pointerType === "touch" && fingers.set(event.pointerId, event.offsetX),
  );
  over.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const spread = () => {
      const [a, b] = [...fingers.values()];
      return Math.abs(a - b);
    };
    const before = fingers.size === 2 ? spread() : 0;
    fingers.set(event.pointerId, event.offsetX);
    if (fingers.size === 2 && before > 0) {
      const [a, b] = [...fingers.values()];
      chart.zoom(before / Math.max(8, spread()), u.posToVal((a + b) / 2, "x"));
    }
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    over.addEventListener(end, (event) =>
      fingers.delete(/** @type {PointerEvent} */ (event).pointerId),
    );
  }
}
