/* Rows chosen in a list: the bar shows up with the first one, and a choice survives the refresh of the list. */
(function () {
  "use strict";
  var form = document.querySelector("[data-bulk]");
  if (!form) return;
  var chosen = new Set();
  var whole = form.querySelector("[name=todas]");
  var boxes = function () {
    return Array.prototype.slice.call(document.querySelectorAll("input[name=ids].pick"));
  };
  var show = function () {
    boxes().forEach(function (box) {
      box.checked = chosen.has(box.value);
    });
    var all = document.querySelector("[data-pick-all]");
    var shown = boxes();
    if (all)
      all.checked =
        shown.length > 0 &&
        shown.every(function (box) {
          return box.checked;
        });
    form.querySelector("[data-count]").textContent = String(chosen.size);
    form.hidden = chosen.size === 0 && !whole.checked;
  };
  var keep = function (box) {
    if (box.checked) chosen.add(box.value);
    else chosen.delete(box.value);
  };
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-pick-all]")) {
      boxes().forEach(function (box) {
        box.checked = event.target.checked;
        keep(box);
      });
    } else if (event.target.matches("input[name=ids].pick")) keep(event.target);
    else if (event.target !== whole) return;
    show();
  });
  document.addEventListener("htmx:afterSettle", show);
  window.addEventListener("pageshow", function () {
    boxes().forEach(keep);
    show();
  });
  show();
})();
