// @ts-check
// Which runs the core's change points count. It leaves out what was measured briefly, of files that
// differ from their commit, or of another branch; positions in its answer count the others.

/** From so many runs of the default branch on, other branches' do not count. */
const ENOUGH = 5;

/** @typedef {import("./types.d.ts").Index} Index */

/** @param {import("./types.d.ts").Run} run */
const counts = (run) => !run.quick && !run.commit?.dirty;

/**
 * The runs that the core looks at, in its order.
 * @param {Index} index @param {string | undefined} defaultBranch
 * @returns {boolean[]} by run
 */
function selected(index, defaultBranch) {
  const chosen = index.runs.map(counts);
  if (defaultBranch === undefined) return chosen;
  const own = index.runs.map(
    (run, place) => chosen[place] && (run.commit?.branch ?? defaultBranch) === defaultBranch,
  );
  return own.filter(Boolean).length >= ENOUGH ? own : chosen;
}

/**
 * The positions of the runs that a series of change points is of; null where they cannot be told,
 * because the answer does not fit them.
 * @param {Index} index @param {import("./types.d.ts").SeriesColumns} columns
 * @param {import("./types.d.ts").SeriesChanges} series @param {string} [defaultBranch]
 * @returns {number[] | null}
 */
export function countedRuns(index, columns, series, defaultBranch) {
  const chosen = selected(index, defaultBranch);
  const runs = Array.from(columns.run).filter(
    (run, i) =>
      chosen[run] &&
      index.runs[run].machine === series.machine &&
      Number.isFinite(columns.centre[i]),
  );
  const fits =
    runs.length === series.points &&
    series.change_points.every((point) => index.runs[runs[point.index]]?.id === point.run);
  return fits ? runs : null;
}

/**
 * The runs around the change points of a series: the one before and the first after each, and both ends.
 * @param {Index} index @param {import("./types.d.ts").SeriesColumns} columns
 * @param {import("./types.d.ts").SeriesChanges[]} changes @param {(run: number) => boolean} chosen
 * @returns {Set<number>}
 */
export function runsAroundChanges(index, columns, changes, chosen) {
  const runs = Array.from(columns.run).filter(chosen);
  const kept = new Set([runs[0], runs[runs.length - 1]]);
  for (const { machine, change_points: points } of changes) {
    const own = runs.filter((run) => index.runs[run].machine === machine);
    for (const point of points) {
      const at = own.findIndex((run) => index.runs[run].id === point.run);
      if (at < 0) continue;
      kept.add(own[at]);
      if (at > 0) kept.add(own[at - 1]);
    }
  }
  return kept;
}
