// A pull request from measuring to the comment on it.
import { commentJob, pullJob, runAction } from "./runner.mjs";
import { pullRequest } from "./world.mjs";

/** Measures a pull request and comments on it. */
export function judged(world, pull, { inputs = {}, run, attempt } = {}) {
  const job = pullJob(world, pull, { ...(run && { run }), ...(attempt && { attempt }) });
  const measured = { job, result: runAction(job, "driftline", inputs) };
  return { pull, measured, commented: commented(world, pull, job.run) };
}

/** Makes a pull request, measures it and comments on it. */
export const proposed = (world, what, more) => judged(world, pullRequest(world, what), more);

export function commented(world, pull, run) {
  const job = commentJob(world, pull, run);
  return { job, result: runAction(job, "comment") };
}
