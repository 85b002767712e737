/* Runs before the first paint: follows the system's theme when the user chose none. Small and blocking on purpose. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  if (root.dataset.themeChoice !== "auto") return;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var apply = function () {
    root.dataset.bsTheme = dark.matches ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", apply);
})();
