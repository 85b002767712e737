/* The desk of an engineer: completing mentions, lists that stay up to date. Pages work without it. */
(function () {
  "use strict";

  /* ---- `@name`: those who may see the incident are offered while a name is typed ---- */
  var beforeCaret = /(?:^|[^\w@.+/-])@([\w.+-]{0,60})$/;
  var mentions = function (box) {
    var field = box.querySelector("textarea"),
      list = document.createElement("ul"),
      timer,
      chosen = 0;
    list.className = "mention-list";
    list.id = field.id + "-personas";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    box.append(list);
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
    var typed = function () {
      var found = beforeCaret.exec(field.value.slice(0, field.selectionStart));
      return found ? found[1] : null;
    };
    var close = function () {
      list.hidden = true;
      list.textContent = "";
      field.removeAttribute("aria-activedescendant");
    };
    var mark = function (index) {
      chosen = (index + list.children.length) % list.children.length;
      Array.prototype.forEach.call(list.children, function (item, at) {
        item.setAttribute("aria-selected", String(at === chosen));
      });
      field.setAttribute("aria-activedescendant", list.children[chosen].id);
    };
    var take = function (item) {
      var start = field.selectionStart - typed().length;
      field.setRangeText(item.dataset.name + " ", start, field.selectionStart, "end");
      close();
      field.focus();
    };
    var show = function (people) {
      close();
      people.forEach(function (person, at) {
        var item = document.createElement("li"),
          name = document.createElement("small");
        item.id = list.id + "-" + at;
        item.setAttribute("role", "option");
        item.dataset.name = person.usuario;
        item.textContent = "@" + person.usuario + " ";
        name.textContent = person.nombre;
        item.append(name);
        list.append(item);
      });
      if (!people.length) return;
      list.hidden = false;
      mark(0);
    };
    var ask = function () {
      var words = typed();
      if (words === null) {
        close();
        return;
      }
      window
        .fetch(box.dataset.mentions + "?q=" + encodeURIComponent(words), { headers: { Accept: "application/json" } })
        .then(function (answer) {
          return answer.ok ? answer.json() : { resultados: [] };
        })
        .then(function (found) {
          if (typed() === words) show(found.resultados);
        })
        .catch(close);
    };
    field.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 150);
    });
    field.addEventListener("blur", function () {
      window.setTimeout(close, 200);
    });
    list.addEventListener("mousedown", function (event) {
      event.preventDefault();
      var item = event.target.closest("li");
      if (item) take(item);
    });
    field.addEventListener("keydown", function (event) {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(chosen + 1);
      else if (event.key === "ArrowUp") mark(chosen - 1);
      else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  };
  Array.prototype.forEach.call(document.querySelectorAll("[data-mentions]"), mentions);

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* ---- lists: asked for with the mark of what is shown; what is new is counted and marked ---- */
  var live = document.querySelector("[data-live]");
  if (!live) return;
  var rows = function () {
    return Array.prototype.slice.call(live.querySelectorAll("tr[id^=fila-]"));
  };
  var known = new Set(
    rows().map(function (row) {
      return row.id;
    }),
  );
  var fresh = new Set(),
    button = document.querySelector("[data-new]");
  var show = function () {
    rows().forEach(function (row) {
      if (!known.has(row.id)) {
        known.add(row.id);
        fresh.add(row.id);
      }
      row.classList.toggle("is-new", fresh.has(row.id));
    });
    if (!button) return;
    button.hidden = fresh.size === 0;
    button.textContent = fresh.size === 1 ? button.dataset.one : button.dataset.many.replace("{n}", String(fresh.size));
  };
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.target === live) event.detail.headers["If-None-Match"] = live.dataset.live;
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target !== live) return;
    live.dataset.live = event.detail.xhr.getResponseHeader("ETag") || live.dataset.live;
  });
  document.addEventListener("htmx:afterSettle", show);
  if (button)
    button.addEventListener("click", function () {
      fresh.clear();
      show();
      live.scrollIntoView();
    });
})();
