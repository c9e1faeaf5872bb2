// @ts-check
// The first screen: what became of every benchmark in one run.

import { fetchCompared, setState } from "./app.js";
import { app } from "./store.js";
import { byKey, h } from "./dom.js";
import { counted, shortened } from "./format.js";
import { countRows, filterRows, groupRows, sortRows, STATUS, STATUSES } from "./model.js";
import { headline, verdictBar } from "./overview_head.js";
import { pendingNode } from "./pending.js";
import { focusRow, forestReach, openName, rowElement } from "./rows_table.js";
import { formatAddress } from "./state.js";

/** @typedef {import("./types.d.ts").Row} Row */

/** So many rows are drawn at once; the next ones when one gets there. */
const PAGE = 150;

/** @returns {import("./main.js").View} */
export function overviewView() {
  const head = h("div", { class: "overview-head" });
  const body = h("tbody", { role: "rowgroup" });
  const columns = h("tr", { role: "row" });
  const table = h(
    "table",
    { class: "rows", role: "table" },
    h("caption", { class: "unseen" }, "Verdicts by benchmark"),
    h("thead", { role: "rowgroup" }, columns),
    body,
  );
  const foot = h("div", { class: "rows-foot" });
  const element = h("section", { class: "overview" }, head, table, foot);
  /** @type {{element: HTMLElement, update: () => void} | null} */
  let whatIf = null;
  let limit = PAGE;
  /** @type {Set<string>} */
  const folded = new Set();
  /** @type {unknown[]} */
  let drawn = [];

  const more = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        limit += PAGE;
        update();
      }
    },
    { rootMargin: "600px" },
  );

  const toggle = (/** @type {Row} */ row) =>
    setState({ open: app.state.open === openName(row) ? "" : openName(row) });

  function update() {
    const { state, rows, agreement, comparison, changes, levels, later, missing } = app;
    if (later && !whatIf) {
      whatIf = later.whatIfPanel();
      head.after(whatIf.element);
    }
    whatIf?.update();
    const now = [
      later,
      missing,
      app.judging,
      state.show,
      state.search,
      state.sort,
      state.open,
      state.run,
      state.machine,
      state.min,
      state.alpha,
      rows,
      agreement,
      comparison,
      changes,
      levels,
      limit,
      folded.size,
      [...folded].join(),
    ];
    if (now.length === drawn.length && now.every((part, i) => part === drawn[i])) return;
    drawn = now;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
    const { shown, hidden, hiddenCount } = filterRows(rows, state);
    const sorted = sortRows(shown, state.sort);
    // While nothing is judged yet, "0 regressed" would say what is not known.
    const pending = app.judging && !comparison;
    head.replaceChildren(...headline(rows), ...(pending ? [] : [verdictBar(rows, shown.length)]));
    drawColumns();
    const reach = forestReach(shown);
    const disagreeing = new Map(
      (agreement?.rows ?? []).map((row) => [
        `${row.id}\u0000${row.metric}`,
        STATUS[row.recorded]?.word ?? row.recorded,
      ]),
    );
    const groups =
      state.sort === "name" || state.sort === "impact"
        ? groupRows(sorted)
        : [{ group: "", rows: sorted }];
    const plain = groups.length === 1 && groups[0].group === "";
    const parts = [];
    /** @type {Row[]} */
    const drawnRows = [];
    let left = limit;
    for (const { group, rows: members } of groups) {
      if (left <= 0) break;
      const closed = folded.has(group);
      if (!plain) parts.push(groupRow(group, members, closed));
      if (closed) continue;
      for (const row of members.slice(0, left)) {
        const open = state.open === openName(row) && row.comparison !== null;
        drawnRows.push(row);
        parts.push(
          rowElement(plain ? { ...row, group: "" } : row, {
            reach,
            open,
            toggle,
            spark: true,
            disagrees: disagreeing.get(row.key),
          }),
        );
        if (open) {
          parts.push(
            h(
              "tr",
              { role: "row", class: "why-row" },
              h(
                "td",
                { role: "cell", colspan: 8 },
                later
                  ? later.whyPanel(/** @type {NonNullable<Row["comparison"]>} */ (row.comparison), {
                      asked: app.asked,
                      comparison: app.comparison,
                    })
                  : pendingNode(),
              ),
            ),
          );
        }
      }
      left -= members.length;
    }
    body.replaceChildren(...parts);
    if (levels) void fetchCompared(drawnRows);
    table.hidden = parts.length === 0;
    drawFoot(shown.length, rows.length, hidden, hiddenCount);
    if (focused) byKey(element, focused)?.focus({ preventScroll: true });
  }

  /** @param {string} group @param {Row[]} members @param {boolean} closed */
  function groupRow(group, members, closed) {
    const counts = countRows(members);
    const notable = STATUSES.filter((status) => counts[status] > 0)
      .map((status) => `${STATUS[status].glyph} ${counts[status]}`)
      .join("  ");
    const fold = () => {
      if (closed) folded.delete(group);
      else folded.add(group);
      update();
    };
    return h(
      "tr",
      { role: "row", class: "group" },
      h(
        "td",
        { role: "cell", colspan: 8 },
        h(
          "button",
          {
            "aria-expanded": closed ? "false" : "true",
            "data-key": `group ${group}`,
            onclick: fold,
          },
          h("span", { "aria-hidden": "true" }, closed ? "▸ " : "▾ "),
          h("bdi", {}, group ? `${shortened(group, 100)}/` : "others"),
        ),
        h("span", { class: "faint" }, ` ${notable}`),
      ),
    );
  }

  function drawColumns() {
    const sortable = (
      /** @type {string} */ text,
      /** @type {import("./types.d.ts").State["sort"]} */ sort,
      /** @type {string} */ name,
    ) => {
      const on = app.state.sort === sort;
      return h(
        "th",
        {
          role: "columnheader",
          scope: "col",
          class: name,
          "aria-sort": on ? (sort === "name" ? "ascending" : "descending") : null,
        },
        h(
          "button",
          {
            "data-key": `sort ${sort}`,
            title: `Sort by ${text.toLowerCase()}`,
            onclick: () => setState({ sort }),
          },
          text,
          on ? h("span", { "aria-hidden": "true" }, sort === "name" ? " ↑" : " ↓") : null,
        ),
      );
    };
    columns.replaceChildren(
      sortable("Verdict", "impact", "c-verdict"),
      sortable("Benchmark", "name", "c-name"),
      h("th", { role: "columnheader", scope: "col", class: "c-value" }, "Value"),
      sortable("Change", "size", "c-change"),
      h(
        "th",
        { role: "columnheader", scope: "col", class: "c-interval" },
        "Interval and threshold",
      ),
      h(
        "th",
        {
          role: "columnheader",
          scope: "col",
          class: "c-spark",
          title: "Dark: what is compared. Light: the median. Dashed: the last change point.",
        },
        "Last 60 runs",
      ),
      sortable("Last shift", "recent", "c-since"),
      h(
        "th",
        { role: "columnheader", scope: "col", class: "c-why" },
        h("span", { class: "unseen" }, "Why"),
      ),
    );
  }

  /** @param {number} shown @param {number} all @param {Record<string, number>} hidden @param {number} hiddenCount */
  function drawFoot(shown, all, hidden, hiddenCount) {
    const { state } = app;
    more.disconnect();
    const link = (/** @type {string} */ text, /** @type {string} */ show) =>
      h("a", { href: formatAddress({ ...state, show, search: "" }) }, text);
    const parts = STATUSES.filter((status) => hidden[status] > 0).map((status) =>
      link(`${hidden[status]} ${STATUS[status].word}`, status),
    );
    const told = parts.flatMap((part, i) => (i === 0 ? [part] : [", ", part]));
    foot.replaceChildren(
      ...(shown > limit
        ? [
            h(
              "button",
              {
                class: "more",
                onclick: () => {
                  limit += PAGE;
                  update();
                },
              },
              `Show more (${shown - limit} below)`,
            ),
          ]
        : []),
      ...(all === 0
        ? app.judging
          ? []
          : [
              h(
                "p",
                { class: "nothing" },
                (app.index?.runs.length ?? 0) > 1
                  ? "None of its runs holds a benchmark. "
                  : "Its run holds no benchmark. ",
                "Record some with ",
                h("code", {}, "driftline run"),
                ", or open another file: what was read is in the notes above, if there are any.",
              ),
            ]
        : [
            h(
              "p",
              {},
              `${shown} of ${counted(all, "benchmark")} shown`,
              hiddenCount > 0 ? " — not shown: " : "",
              ...told,
              hiddenCount > 0 ? [". ", link("Show all", "all")] : null,
            ),
          ]),
      ...(app.comparison?.skipped ?? []).slice(0, 1).map(() => skippedFold()),
    );
    if (shown > limit) more.observe(/** @type {Element} */ (foot.firstElementChild));
  }

  function skippedFold() {
    const skipped = app.comparison?.skipped ?? [];
    return h(
      "details",
      {},
      h("summary", {}, `${counted(skipped.length, "benchmark")} skipped`),
      h(
        "ul",
        {},
        skipped
          .slice(0, 500)
          .map(({ name, reason }) =>
            h("li", {}, h("bdi", {}, name.slice(0, 300)), ": ", reason.slice(0, 500)),
          ),
      ),
    );
  }

  return {
    element,
    update,
    destroy: () => more.disconnect(),
    keys: {
      j: () => focusRow(table, 1),
      k: () => focusRow(table, -1),
      ArrowDown: () => focusRow(table, 1),
      ArrowUp: () => focusRow(table, -1),
      e: () =>
        /** @type {HTMLElement | null} */ (
          document.activeElement?.closest("tr")?.querySelector("button.why")
        )?.click(),
      Escape: () => setState({ open: "", show: "", search: "" }),
    },
  };
}
