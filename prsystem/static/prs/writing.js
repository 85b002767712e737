/* The draft that is saved as one types: what the server didn't take is said, asked again, and not left by mistake. The
   page works without this file. */
(function () {
  "use strict";
  var form = document.getElementById("texto"),
    saver = document.getElementById("guarda"),
    said = document.getElementById("guardado"),
    model = document.getElementById("sin-guardar");
  if (!form || !saver || !model || !window.htmx) return;
  var typed = 0,
    sent = 0,
    kept = 0,
    isLost = false;
  var isOurs = function (node) {
    return node === form || node === saver || node.closest("#conflicto") !== null;
  };

  /* ---- how much of what was typed the server has ---- */
  form.addEventListener("input", function () {
    typed += 1;
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (isOurs(event.detail.elt)) sent = typed;
  });
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    var answer = event.detail.xhr;
    if (!isOurs(event.detail.elt)) return;
    if (answer.status < 300 || /prs:kept/.test(answer.getResponseHeader("HX-Trigger") || "")) kept = sent;
    isLost = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (typed !== kept) event.preventDefault();
  });

  /* ---- what it didn't take ---- */
  var tell = function (event) {
    if (!isOurs(event.detail.elt)) return;
    isLost = true;
    said.replaceChildren(model.content.cloneNode(true));
  };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, tell);
  });

  /* Whoever has signed in again comes back with another token: it is in the page as it is by now. */
  var again = function () {
    if (!isLost) return;
    window
      .fetch(window.location.href, { headers: { Accept: "text/html" } })
      .then(function (answer) {
        return answer.text();
      })
      .then(function (page) {
        var fresh = new DOMParser().parseFromString(page, "text/html");
        var token = fresh.querySelector("#texto [name=csrfmiddlewaretoken]");
        if (!token) return;
        document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (field) {
          field.value = token.value;
        });
        window.htmx.trigger(saver, "again");
      })
      .catch(function () {});
  };
  window.addEventListener("focus", again);
  window.addEventListener("online", again);
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-save-again]")) again();
  });
})();
