// A pull request from measuring to the comment on it.
import { commentJob, pullJob, runAction } from "./runner.mjs";
import { pullRequest } from "./world.mjs";

/** The event of a label that is put on. @param {string} name */
export const labeled = (name) => ({ action: "labeled", label: { name } });

/**
 * Measures a pull request and comments on it.
 * @param {{inputs?: object, run?: number, attempt?: number, event?: object}} more event: what it holds besides the pull request
 */
export function judged(world, pull, { inputs = {}, run, attempt, event = {} } = {}) {
  const job = pullJob(world, pull, {
    payload: { action: "synchronize", pull_request: pull, ...event },
    ...(run && { run }),
    ...(attempt && { attempt }),
  });
  const measured = { job, result: runAction(job, "driftline", inputs) };
  return { pull, measured, commented: commented(world, pull, job.run) };
}

/** Makes a pull request, measures it and comments on it. */
export const proposed = (world, what, more) => judged(world, pullRequest(world, what), more);

export function commented(world, pull, run) {
  const job = commentJob(world, pull, run);
  return { job, result: runAction(job, "comment") };
}
