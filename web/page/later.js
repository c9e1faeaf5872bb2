// @ts-check
// What the first rows do not need: a script of its own, fetched when they are there, or when it is
// asked for.

import { whatIfPanel } from "./panel_whatif.js";
import { compareView } from "./view_compare.js";
import { seriesView } from "./view_series.js";
import { whyPanel } from "./why.js";

export const later = { compareView, seriesView, whatIfPanel, whyPanel };
