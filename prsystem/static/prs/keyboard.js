/* The keyboard: shortcuts, and where the focus is after something was done. Pages work without it. */
(function () {
  "use strict";
  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };
  var isTyping = function (node) {
    return node.closest("input, textarea, select, [contenteditable]") !== null;
  };
  var isNowhere = function () {
    return document.activeElement === document.body;
  };

  /* ---- rows: the one with the focus, the next one, the one that was left ---- */
  var LEFT = "prs-fila";
  var here = window.location.pathname + window.location.search;
  var rowOf = function () {
    return document.activeElement.closest(".rows tr");
  };
  var titles = function () {
    return all(".rows .title, .item-list .item-link").filter(function (link) {
      return link.offsetParent !== null;
    });
  };
  var moveRow = function (step) {
    var links = titles();
    var next = links[links.indexOf(document.activeElement) + step] || (step > 0 ? links[0] : null);
    if (next) next.focus();
  };
  var left = function () {
    return JSON.parse(window.sessionStorage.getItem(LEFT) || "null");
  };
  window.addEventListener("pagehide", function () {
    var row = rowOf(),
      title = row && row.querySelector(".title");
    if (title && document.activeElement.matches(":focus-visible")) {
      window.sessionStorage.setItem(LEFT, JSON.stringify({ url: here, id: title.id, at: titles().indexOf(title) }));
    } else if (titles().length && left() && left().url === here) window.sessionStorage.removeItem(LEFT);
  });
  /* Back in a list: on the same row, or on the one that took its place. */
  var returned = function () {
    var was = left();
    return was && was.url === here ? document.getElementById(was.id) || titles()[was.at] || titles().pop() : null;
  };
  var back = function () {
    if (left()) window.location.assign(left().url);
  };

  /* A row that is drawn anew, by its claim or by the refresh of its list, keeps the focus. */
  var drawn = "";
  document.addEventListener("htmx:beforeSwap", function () {
    var row = rowOf();
    drawn = row ? row.id : "";
  });
  document.addEventListener("htmx:afterSettle", function () {
    var title = drawn && isNowhere() && document.querySelector("#" + drawn + " .title");
    if (title) title.focus();
    drawn = "";
  });

  /* ---- when a page opens: the form that was asked for, what has to be corrected, the row that was left; else, after
     something was done, the content and not the navigation before it ---- */
  var asked = /[?&]abrir=([a-z-]+)/.exec(window.location.search);
  var form = asked && document.querySelector('form[action$="/' + asked[1] + '"]');
  var first =
    document.querySelector("main [aria-invalid=true]") ||
    (form && (form.querySelector("textarea, input[type=text]") || form.querySelector("select"))) ||
    returned() ||
    (isNowhere() && document.querySelector("#avisos .notice") && document.getElementById("contenido"));
  if (first) first.focus({ preventScroll: first.id === "contenido" });

  /* ---- shortcuts; on a list they act on the row that has the focus, on the page of an
     incident on the incident ---- */
  var enabled = function () {
    return window.localStorage.getItem("prs-atajos") !== "no";
  };
  var toggle = document.getElementById("atajos-activos");
  if (toggle) {
    toggle.checked = enabled();
    toggle.addEventListener("change", function () {
      window.localStorage.setItem("prs-atajos", toggle.checked ? "si" : "no");
    });
  }
  var focusSearch = function () {
    var box = all("[data-search]").find(function (input) {
      return input.offsetParent !== null;
    });
    if (box) {
      box.focus();
      box.select();
      return;
    }
    window.location.assign(document.body.dataset.urlSearch);
  };
  var claim = function () {
    var row = rowOf();
    var button = row ? row.querySelector(".act button") : document.querySelector('form[action$="/tomar"] button');
    if (button) button.click();
  };
  var open = function (action) {
    var row = rowOf();
    var link = row && row.querySelector(".title");
    if (link) window.location.assign(link.href + "?abrir=" + action);
    else if (document.querySelector('form[action$="/' + action + '"]')) window.location.assign("?abrir=" + action);
  };
  var follow = function (key) {
    var link = document.querySelector('[data-key="' + key + '"]');
    if (link) window.location.assign(link.href);
  };
  var actions = {
    "/": focusSearch,
    "?": function () {
      document.getElementById("atajos").showModal();
    },
    n: function () {
      follow("n");
    },
    j: function () {
      moveRow(1);
    },
    k: function () {
      moveRow(-1);
    },
    u: back,
    t: claim,
    e: function () {
      open("escalar");
    },
    r: function () {
      open("resolver");
    },
  };
  var prefix = false;
  document.addEventListener("keydown", function (event) {
    if (
      event.key === "Enter" &&
      (event.ctrlKey || event.metaKey) &&
      event.target.matches("form[method=post] textarea")
    ) {
      event.target.form.requestSubmit();
      return;
    }
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isTyping(event.target) ||
      document.querySelector("dialog[open]") ||
      !enabled()
    )
      return;
    if (prefix) {
      prefix = false;
      follow("g " + event.key);
      return;
    }
    if (event.key === "g") {
      prefix = true;
      window.setTimeout(function () {
        prefix = false;
      }, 1200);
      return;
    }
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });
})();
