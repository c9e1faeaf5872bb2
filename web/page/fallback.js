// @ts-check
// Without the core the page still shows values: those of driftline's own histories, as they stand in
// the file. Nothing is judged.

import { gunzipped, isGzip } from "./unpack.js";

const FORMAT = "driftline-run/1";

/** @param {any} measurement the median of the rounds' medians */
function centreOf(measurement) {
  const centres = (measurement.rounds ?? [])
    .map((/** @type {any} */ round) => round.summary?.median ?? round.summary?.mean)
    .filter(Number.isFinite)
    .sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
  const middle = centres.length >> 1;
  if (centres.length === 0) return Number.NaN;
  return centres.length % 2 ? centres[middle] : (centres[middle - 1] + centres[middle]) / 2;
}

/** @param {string} text @param {string} name @returns {any[]} */
export function runsOf(text, name) {
  const runs = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    let run;
    try {
      run = JSON.parse(line);
    } catch {
      continue;
    }
    if (run?.format === FORMAT && typeof run.id === "string" && Array.isArray(run.measurements))
      runs.push(run);
  }
  if (runs.length === 0)
    throw new Error(`${name}: without the core only driftline's own history.jsonl can be shown`);
  return runs;
}

/** What stands in for a worker with the core in it. */
export class ValuesOnly {
  constructor() {
    /** @type {any[]} */
    this.runs = [];
    this.closed = false;
  }

  /** @param {string} call @param {any[]} args @returns {Promise<any>} */
  async call(call, args = []) {
    if (call === "add") return this.add(args[0], args[1]);
    if (call === "index") return this.index();
    if (call === "levels") return this.table();
    if (call === "series") return this.columns(args[0], args[1]);
    if (call === "reference")
      return { kind: "none", runs: [], why: "the core could not be started" };
    if (call === "agreement") return this.agreement(args[0]);
    throw new Error("the core could not be started");
  }

  close() {
    this.closed = true;
  }

  /** @param {Blob} blob @param {string} name */
  async add(blob, name) {
    const content = (await isGzip(blob)) ? gunzipped(blob.stream()) : blob;
    const runs = runsOf(await new Response(content).text(), name);
    const held = new Set(this.runs.map(({ id }) => id));
    const fresh = runs.filter(({ id }) => !held.has(id));
    this.runs.push(...fresh);
    const order = (/** @type {any} */ run) => run.commit?.order ?? Infinity;
    this.runs.sort(
      (a, b) => order(a) - order(b) || String(a.time ?? "").localeCompare(String(b.time ?? "")),
    );
    return {
      format: "history",
      runs: runs.length,
      added: fresh.length,
      notes: [],
      skipped: [],
      baseline: null,
    };
  }

  /** What CI recorded with a run. @param {string} id */
  agreement(id) {
    const judgement = this.runs.find((run) => run.id === id)?.judgement;
    if (!Array.isArray(judgement?.verdicts)) return { recorded: false };
    const rows = judgement.verdicts.map((/** @type {any} */ row) => ({
      id: String(row.id),
      metric: String(row.metric),
      recorded: String(row.verdict),
    }));
    return {
      recorded: true,
      core: String(judgement.core ?? ""),
      agrees: null,
      why_unknown: "the core could not be started",
      rows,
    };
  }

  index() {
    /** @type {Map<string, any>} */
    const series = new Map();
    for (const run of this.runs) {
      for (const { id, metric, unit, better } of run.measurements) {
        const key = `${id}\u0000${metric}`;
        const known = series.get(key);
        if (known) known.runs += 1;
        else
          series.set(key, {
            id: String(id),
            metric: String(metric ?? "wall_time"),
            unit: String(unit ?? ""),
            better: better ?? "lower",
            runs: 1,
            machines: [],
          });
      }
    }
    this.series = [...series.values()];
    const machine = (/** @type {any} */ run) =>
      run.machine ? JSON.stringify(run.machine) : "unknown";
    return {
      core: "",
      runs: this.runs.map((run) => ({
        id: run.id,
        commit: run.commit ?? null,
        time: run.time ?? null,
        machine: machine(run),
        machine_name: run.machine?.name,
        toolchain: run.toolchain ?? null,
        measurements: run.measurements.length,
        skipped: run.skipped?.length ?? 0,
      })),
      series: this.series,
      baselines: [],
      notes: [],
    };
  }

  /** @param {any} run @param {string} id @param {string} metric */
  measurement(run, id, metric) {
    return run.measurements.find(
      (/** @type {any} */ one) => one.id === id && one.metric === metric,
    );
  }

  table() {
    const places = new Map(
      (this.series ?? []).map(({ id, metric }, place) => [`${id}\u0000${metric}`, place]),
    );
    const table = new Float64Array(places.size * this.runs.length).fill(Number.NaN);
    this.runs.forEach((run, at) => {
      for (const measurement of run.measurements) {
        const place = places.get(`${measurement.id}\u0000${measurement.metric}`);
        if (place !== undefined) table[place * this.runs.length + at] = centreOf(measurement);
      }
    });
    return table;
  }

  /** @param {string} id @param {string} metric */
  columns(id, metric) {
    const found = this.runs
      .map((run, place) => ({ place, measurement: this.measurement(run, id, metric) }))
      .filter(({ measurement }) => measurement);
    const one = (/** @type {(measurement: any) => number} */ value) =>
      Float64Array.from(found, ({ measurement }) => value(measurement));
    const centre = one(centreOf);
    return {
      run: Uint32Array.from(found, ({ place }) => place),
      level: centre,
      centre,
      low: one((m) => m.rounds?.[0]?.summary?.lower_quartile ?? Number.NaN),
      high: one((m) => m.rounds?.[0]?.summary?.upper_quartile ?? Number.NaN),
      rounds: Uint32Array.from(found, ({ measurement }) => measurement.rounds?.length ?? 0),
      n: one((m) => m.rounds?.[0]?.summary?.n ?? Number.NaN),
    };
  }
}
