// @ts-check
// The library that draws the large chart. The build puts its script in this module's place.

import Library from "uplot";

export const uPlot = Library;
