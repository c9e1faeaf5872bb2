// @ts-check
// Light or dark, before anything is drawn: as it was chosen, else as the system has it, also when that
// changes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      const theme = localStorage.getItem("driftline-theme");
      return theme === "light" || theme === "dark" ? theme : null;
    } catch {
      // Without storage the system's theme holds.
      return null;
    }
  };
  const set = () => {
    root.dataset.theme = chosen() ?? (dark.matches ? "dark" : "light");
    dispatchEvent(new CustomEvent("themechange"));
  };
  dark.addEventListener("change", set);
  set();
})();
