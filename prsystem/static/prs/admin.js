/* Names for the controls of the console that Django's admin leaves without one. */
(function () {
  "use strict";
  var clean = function (text) {
    return (text || "")
      .replace(/\s+/g, " ")
      .replace(/[:?]\s*$/, "")
      .trim();
  };

  /* The heading of a cell's column: rows of inlines have no labels of their own. */
  function headingOf(cell) {
    var table = cell.closest("table"),
      head = table && table.querySelector("thead tr");
    if (!head) return "";
    var index = Array.prototype.indexOf.call(cell.parentNode.cells, cell),
      at = 0,
      i;
    for (i = 0; i < head.cells.length; i += 1) {
      at += head.cells[i].colSpan;
      if (index < at) return clean(head.cells[i].textContent);
    }
    return "";
  }

  function rowLabel(control) {
    var row = control.closest(".form-row, .fieldBox, fieldset");
    var label = row && row.querySelector("legend, label");
    return label ? clean(label.textContent) : "";
  }

  /* Date and time stand in one paragraph, each after its own word. */
  function wordBefore(control) {
    var node = control.previousSibling;
    while (node && node.nodeType !== 3) node = node.previousSibling;
    return node ? clean(node.textContent) : "";
  }

  function nameOf(control) {
    var cell = control.closest("td");
    var parts = cell && control.closest(".inline-group") ? [headingOf(cell)] : [rowLabel(control)];
    if (control.closest("p.datetime")) parts.push(wordBefore(control));
    return parts.filter(Boolean).join(", ") || clean(control.name);
  }

  function nameControls(root) {
    root.querySelectorAll(".form-row, .inline-related").forEach(function (place) {
      place.querySelectorAll("input, select, textarea").forEach(function (control) {
        if (
          control.type === "hidden" ||
          control.getAttribute("aria-label") ||
          (control.labels && control.labels.length)
        )
          return;
        control.setAttribute("aria-label", nameOf(control));
      });
    });
    root.querySelectorAll(".select2-container").forEach(function (box) {
      var select = box.previousElementSibling;
      if (!select) return;
      var name = select.labels && select.labels.length ? clean(select.labels[0].textContent) : nameOf(select);
      box
        .querySelectorAll("[role=combobox], [role=textbox], .select2-search__field, .select2-selection__rendered")
        .forEach(function (part) {
          part.setAttribute("aria-label", name);
        });
    });
  }

  function nameFilters(root) {
    root.querySelectorAll("#changelist-filter a").forEach(function (link) {
      if (!link.textContent.trim()) link.textContent = "—";
    });
  }

  /* Rows that are added and boxes that select2 draws come after the page. */
  function start() {
    nameControls(document);
    nameFilters(document);
    new MutationObserver(function () {
      nameControls(document);
    }).observe(document.body, { childList: true, subtree: true });
  }

  start();
})();
