/* Behaviour added to pages that already work without it: menus, notices, confirmation, polling. */
(function () {
  "use strict";
  var text = document.body.dataset;
  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };
  var isTyping = function (node) {
    return node.closest("input, textarea, select, [contenteditable]") !== null;
  };

  /* ---- menus: one open at a time, closed by Escape or a click elsewhere ---- */
  var closeMenus = function (except) {
    all("details.menu[open]").forEach(function (menu) {
      if (menu !== except) menu.open = false;
    });
  };
  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
  });
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
    var same = all(".notice p", toasts).some(function (p) {
      return p.textContent === message;
    });
    if (same) return;
    var notice = model.content.firstElementChild.cloneNode(true);
    notice.classList.add(kind);
    notice.querySelector("p").textContent = message;
    toasts.append(notice);
    retire(notice);
  };
  var retire = function (notice) {
    if (!notice.matches(".success, .info")) return;
    window.setTimeout(function () {
      if (!notice.matches(":hover, :focus-within")) notice.remove();
    }, 7000);
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
  document.addEventListener(
    "submit",
    function (event) {
      var submitter = event.submitter;
      var question = (submitter && submitter.dataset.confirm) || event.target.dataset.confirm;
      if (!question || !ask || confirmed === event.target) {
        confirmed = null;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      ask.querySelector("p").textContent = question;
      ask.querySelector("[data-yes]").onclick = function () {
        ask.close();
        confirmed = event.target;
        event.target.requestSubmit(submitter || undefined);
      };
      ask.showModal();
    },
    true,
  );

  /* ---- one submission per click ---- */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.matches("[hx-post], [hx-get]") || form.method === "get" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", function () {
    all("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  /* ---- controls that send their form when changed ---- */
  document.addEventListener("change", function (event) {
    if (event.target.closest("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  /* ---- polling: not while the tab is hidden or somebody is using the part ---- */
  var isBusy = function (part) {
    var active = document.activeElement;
    return (
      part.querySelector("details[open]") !== null ||
      (part.contains(active) && isTyping(active) && !active.matches("[type=checkbox]"))
    );
  };
  document.addEventListener("htmx:beforeRequest", function (event) {
    var part = event.target.closest("[data-poll]");
    if (part === event.target && (document.hidden || !part.getClientRects().length || isBusy(part)))
      event.preventDefault();
  });
  document.addEventListener("htmx:sendError", function () {
    document.documentElement.classList.add("is-offline");
    notify(text.msgOffline, "warning");
  });
  document.addEventListener("htmx:afterOnLoad", function () {
    document.documentElement.classList.remove("is-offline");
  });
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status === 401 || status === 403) notify(text.msgSignIn, "warning");
    else notify(text.msgFailed, "error");
  });

  window.prs = { notify: notify };
})();
