// The JSON that crosses the border to the core, and what the page makes of it.

export type VerdictWord = "regressed" | "inconclusive" | "improved" | "gone" | "new" | "unchanged";

export interface Commit {
    id: string;
    parent?: string;
    order?: number;
    subject?: string;
    author?: string;
    time?: string;
    branch?: string;
    dirty?: boolean;
}

export interface Run {
    id: string;
    commit?: Commit | null;
    time?: string | null;
    machine: string;
    machine_name?: string;
    toolchain?: string | null;
    conditions?: Record<string, number> | null;
    ci?: { name: string; url?: string } | null;
    measurements: number;
    skipped: number;
    samples?: boolean;
    quick?: boolean;
}

export interface SeriesInfo {
    id: string;
    metric: string;
    unit: string;
    better: "lower" | "higher";
    runs: number;
    machines: string[];
}

export interface Index {
    core: string;
    runs: Run[];
    series: SeriesInfo[];
    baselines: { name: string; run: string }[];
    notes: string[];
}

export interface Added {
    format: string;
    runs: number;
    added: number;
    known?: number;
    notes: string[];
    skipped: { name: string; reason: string }[];
    baseline: string | null;
}

export interface SeriesColumns {
    run: Uint32Array;
    /** The figure that is compared. */
    level: Float64Array;
    /** The median, which change points are of. */
    centre: Float64Array;
    low: Float64Array;
    high: Float64Array;
    rounds: Uint32Array;
    n: Float64Array;
}

export interface Figures {
    runs: number;
    rounds: number;
    n?: number;
    median?: number;
    mean?: number;
    launches: number[];
}

export interface ComparisonRow {
    id: string;
    metric: string;
    unit: string;
    better: "lower" | "higher";
    statistic: string | null;
    baseline: number | null;
    candidate: number | null;
    change: number | null;
    interval: [number, number] | null;
    noise_floor: number | null;
    history_runs?: number;
    smallest_detectable: number | null;
    p_value: number | null;
    q_value: number | null;
    threshold: number;
    improvement_threshold?: number;
    absolute_threshold?: number;
    verdict: VerdictWord;
    reasons: string[];
    tail?: { change: number; slower: boolean };
    drift?: {
        accepted: number;
        best: number;
        change: number;
        interval: [number, number];
        verdict: VerdictWord;
    };
    identical?: boolean;
    acceptance?: {
        state: "accepted" | "exceeded" | "expired";
        reason: string;
        source: string;
        until?: string;
    };
    baseline_figures?: Figures;
    candidate_figures?: Figures;
}

export interface Side {
    name: string;
    runs: string[];
    commit?: string;
    machine: string;
    toolchain?: string;
}

export interface Comparison {
    core: string;
    policy: { threshold: number; confidence: number; fdr: number; common_mode: string };
    baseline: Side;
    candidate: Side;
    summary: Record<VerdictWord | "compared" | "skipped" | "tail_slower" | "drifted", number>;
    warnings: string[];
    common_shift?: unknown;
    benchmarks: ComparisonRow[];
    skipped: { name: string; reason: string }[];
}

export interface ChangePoint {
    index: number;
    run: string;
    commit: string | null;
    state: "settled" | "probable";
    effect: "regression" | "improvement";
    candidates: [string | null, string | null];
    candidate_indices: [number, number];
    last_before: string | null;
    commits?: number;
    before: number;
    after: number;
    change: number | null;
    interval: [number, number] | null;
    p_value: number;
    q_value: number;
    holds: boolean;
    recovered?: string;
    settled_in?: number;
    acknowledged?: string;
}

export interface SeriesChanges {
    id: string;
    metric: string;
    unit: string;
    better: "lower" | "higher";
    machine: string;
    points: number;
    noise: number;
    segments: { start: number; end: number; level: number; level_at_end: number }[];
    change_points: ChangePoint[];
    drift?: { index: number; run: string; effect: string; total: number; relative: boolean };
}

export interface Changes {
    runs: number;
    summary: Record<string, number>;
    events: unknown[];
    series: SeriesChanges[];
    skipped?: { name: string; reason: string }[];
}

export interface Reference {
    kind: "history" | "baseline" | "previous" | "none";
    baseline?: string | null;
    runs: string[];
    why: string;
}

export interface Agreement {
    recorded: boolean;
    core?: string;
    agrees?: boolean | null;
    why_unknown?: string;
    missing_runs?: string[];
    rows?: { id: string; metric: string; recorded: VerdictWord; now?: VerdictWord }[];
}

export interface Calibration {
    policy: { threshold: number; fdr: number };
    window: number;
    runs: number;
    replayed: number;
    totals: {
        comparisons: number;
        inconclusive: number;
        false_alarms: number;
        runs_with_false_alarms: number;
        lasting: number;
        found: { slowdown: number; tried: number; found: number }[];
    };
    suggested_threshold: number | null;
    alarms: { run: string; id: string; metric: string; change: number; outcome: string }[];
}

/** What became of a benchmark, with what the page adds: not measured in the run that is shown, or
 * measured in too few runs to be judged. */
export type Status = VerdictWord | "unmeasured" | "unjudged";

export interface Row {
    key: string;
    id: string;
    metric: string;
    unit: string;
    better: "lower" | "higher";
    status: Status;
    group: string;
    name: string;
    value: number | null;
    baseline: number | null;
    change: number | null;
    interval: [number, number] | null;
    noise: number | null;
    threshold: number;
    improvementThreshold: number;
    impact: number;
    series: number;
    since: Since | null;
    notes: string[];
    comparison: ComparisonRow | null;
}

export interface Since {
    point: ChangePoint;
    run: number;
    runsAgo: number;
}

/** A note on a run: `benchmark` and `metric` are empty for one on all of them, such as a release; `run`
 * is empty where the commit is named instead. */
export interface Annotation {
    benchmark: string;
    metric: string;
    run: string;
    commit?: string;
    text: string;
    time: string;
}

export interface State {
    view: "overview" | "series" | "compare";
    id: string;
    metric: string;
    also: string[];
    baseline: string;
    candidate: string;
    run: string;
    machine: string;
    branch: string;
    x: "order" | "date" | "changes";
    y: "fit" | "zero" | "log" | "relative";
    from: string;
    to: string;
    min: number | null;
    alpha: number | null;
    search: string;
    show: string;
    sort: "impact" | "size" | "name" | "recent";
    hide: string[];
    open: string;
    table: boolean;
    page: number;
}
