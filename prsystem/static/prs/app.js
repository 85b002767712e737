/* Behaviour added to pages that already work without it: menus, notices, confirmation, polling, shortcuts. */
(function () {
  "use strict";
  var text = document.body.dataset;
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var isTyping = function (node) { return node.closest("input, textarea, select, [contenteditable]") !== null; };

  /* ---- menus: one open at a time, closed by Escape or a click elsewhere ---- */
  var closeMenus = function (except) {
    all("details.menu[open]").forEach(function (menu) { if (menu !== except) menu.open = false; });
  };
  document.addEventListener("click", function (event) { closeMenus(event.target.closest("details.menu")); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  /* ---- notices ---- */
  var toasts = document.getElementById("avisos");
  var notify = function (message, kind) {
    var model = document.getElementById("aviso-modelo");
    if (!model || !toasts) return;
    var same = all(".notice p", toasts).some(function (p) { return p.textContent === message; });
    if (same) return;
    var notice = model.content.firstElementChild.cloneNode(true);
    notice.classList.add(kind);
    notice.querySelector("p").textContent = message;
    toasts.append(notice);
    retire(notice);
  };
  var retire = function (notice) {
    if (!notice.matches(".success, .info")) return;
    window.setTimeout(function () { if (!notice.matches(":hover, :focus-within")) notice.remove(); }, 7000);
  };
  all(".notice", toasts || document.createElement("div")).forEach(retire);
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-dismiss]")) event.target.closest(".notice").remove();
  });

  /* ---- dialogs and confirmation ---- */
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog).showModal();
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close();
  });
  var ask = document.getElementById("confirmar");
  var confirmed = null;
  document.addEventListener("submit", function (event) {
    var submitter = event.submitter;
    var question = (submitter && submitter.dataset.confirm) || event.target.dataset.confirm;
    if (!question || !ask || confirmed === event.target) { confirmed = null; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask.querySelector("p").textContent = question;
    ask.querySelector("[data-yes]").onclick = function () {
      ask.close();
      confirmed = event.target;
      event.target.requestSubmit(submitter || undefined);
    };
    ask.showModal();
  }, true);

  /* ---- one submission per click ---- */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.matches("[hx-post], [hx-get]") || form.method === "get" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    all("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  /* ---- controls that send their form when changed ---- */
  document.addEventListener("change", function (event) {
    if (event.target.closest("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  /* ---- polling: not while the tab is hidden or somebody is using the part ---- */
  var isBusy = function (part) {
    var active = document.activeElement;
    return part.querySelector("details[open]") !== null || (part.contains(active) && isTyping(active) && !active.matches("[type=checkbox]"));
  };
  document.addEventListener("htmx:beforeRequest", function (event) {
    var part = event.target.closest("[data-poll]");
    if (part === event.target && (document.hidden || !part.getClientRects().length || isBusy(part))) event.preventDefault();
  });
  document.addEventListener("htmx:sendError", function () {
    document.documentElement.classList.add("is-offline");
    notify(text.msgOffline, "warning");
  });
  document.addEventListener("htmx:afterOnLoad", function () { document.documentElement.classList.remove("is-offline"); });
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status === 401 || status === 403) notify(text.msgSignIn, "warning");
    else notify(text.msgFailed, "error");
  });

  /* ---- keyboard ---- */
  var enabled = function () { return window.localStorage.getItem("prs-atajos") !== "no"; };
  var toggle = document.getElementById("atajos-activos");
  if (toggle) {
    toggle.checked = enabled();
    toggle.addEventListener("change", function () { window.localStorage.setItem("prs-atajos", toggle.checked ? "si" : "no"); });
  }
  var focusSearch = function () {
    var box = all("[data-search]").find(function (input) { return input.offsetParent !== null; });
    if (box) { box.focus(); box.select(); return; }
    window.location.assign(text.urlSearch);
  };
  var moveRow = function (step) {
    var links = all(".rows .title, .item-list .item-link").filter(function (link) { return link.offsetParent !== null; });
    var next = links[links.indexOf(document.activeElement) + step] || (step > 0 ? links[0] : null);
    if (next) next.focus();
  };
  /* On a list these act on the row that has the focus, on the page of an incident on the incident. */
  var rowOf = function () { return document.activeElement.closest(".rows tr"); };
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
  var asked = /[?&]abrir=([a-z-]+)/.exec(window.location.search);
  var form = asked && document.querySelector('form[action$="/' + asked[1] + '"]');
  var first = form && (form.querySelector("textarea, input[type=text]") || form.querySelector("select"));
  if (first) first.focus();
  var goTo = function (key) {
    var link = document.querySelector('[data-key="g ' + key + '"]');
    if (link) window.location.assign(link.href);
  };
  var actions = {
    "/": focusSearch,
    "?": function () { document.getElementById("atajos").showModal(); },
    n: function () { var link = document.querySelector('[data-key="n"]'); if (link) window.location.assign(link.href); },
    j: function () { moveRow(1); },
    k: function () { moveRow(-1); },
    t: claim,
    e: function () { open("escalar"); },
    r: function () { open("resolver"); }
  };
  var prefix = false;
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]") || !enabled()) return;
    if (prefix) { prefix = false; goTo(event.key); return; }
    if (event.key === "g") { prefix = true; window.setTimeout(function () { prefix = false; }, 1200); return; }
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });

  window.prs = { notify: notify };
})();
