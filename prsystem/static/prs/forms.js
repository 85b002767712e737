/* Forms: character counters, drafts kept in this browser, pasted and dropped files. */
(function () {
  "use strict";
  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };

  /* ---- counters ---- */
  var count = function (field) {
    var counter = document.getElementById(field.id + "-contador");
    if (!counter) return;
    var isFar = field.maxLength > 1000 && field.value.length < field.maxLength * 0.8;
    counter.textContent = isFar ? "" : field.value.length + " / " + field.maxLength;
    counter.classList.toggle("near", field.value.length > field.maxLength * 0.9);
  };
  all("[data-counter]").forEach(count);
  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-counter]")) count(event.target);
  });

  /* ---- drafts: kept per form and person, dropped once the server has accepted the form: by the page that follows,
     which names the showing of the form that was taken, or leads elsewhere ---- */
  var PREFIX = "prs-borrador:",
    SENT = "prs-enviado",
    TAKEN = "prs-aceptado";
  var tokenOf = function (form) {
    var field = form.elements.namedItem("token");
    return field ? field.value : "";
  };
  var fieldsOf = function (form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !field.matches("[type=hidden], [type=file], [type=password], button");
    });
  };
  var save = function (form) {
    var values = {},
      any = false;
    fieldsOf(form).forEach(function (field) {
      if (field.matches("[type=radio], [type=checkbox]") && !field.checked) return;
      values[field.name] = field.value;
      if (field.matches("textarea, [type=text]") && field.value.trim()) any = true;
    });
    if (any) window.localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(values));
    else window.localStorage.removeItem(PREFIX + form.dataset.draft);
  };
  var restore = function (form) {
    var stored = window.localStorage.getItem(PREFIX + form.dataset.draft);
    if (!stored || form.dataset.bound) return;
    var values = JSON.parse(stored);
    fieldsOf(form).forEach(function (field) {
      if (!(field.name in values)) return;
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = field.value === values[field.name];
      else field.value = values[field.name];
      if (field.matches("[data-counter]")) count(field);
    });
    var note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
  };
  var forms = all("form[data-draft]");
  var sent = JSON.parse(window.sessionStorage.getItem(SENT) || "null");
  var isTaken = function (token) {
    return Boolean(token) && document.querySelector('[data-accepted="' + token + '"]') !== null;
  };
  if (
    sent &&
    (isTaken(sent.token) ||
      !forms.some(function (form) {
        return form.dataset.draft === sent.draft;
      }))
  ) {
    window.localStorage.removeItem(PREFIX + sent.draft);
    window.sessionStorage.setItem(TAKEN, sent.token);
  }
  window.sessionStorage.removeItem(SENT);
  forms.forEach(function (form) {
    var timer;
    restore(form);
    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 300, form);
    });
    form.addEventListener("submit", function () {
      window.clearTimeout(timer);
      save(form);
      window.sessionStorage.setItem(SENT, JSON.stringify({ draft: form.dataset.draft, token: tokenOf(form) }));
    });
    /* Back to a page that the browser kept as it was: what it sent isn't there to be sent again. */
    window.addEventListener("pageshow", function (event) {
      if (event.persisted && tokenOf(form) && tokenOf(form) === window.sessionStorage.getItem(TAKEN)) form.reset();
    });
    var discard = form.querySelector("[data-draft-discard]");
    if (discard)
      discard.addEventListener("click", function () {
        window.localStorage.removeItem(PREFIX + form.dataset.draft);
        window.location.reload();
      });
  });

  document.addEventListener("submit", function (event) {
    var key = event.target.dataset.draftClear;
    if (key) window.localStorage.removeItem(PREFIX + key);
  });

  /* ---- files: paste or drop into the form ---- */
  var show = function (input) {
    var list = document.getElementById(input.id + "-lista");
    if (!list) return;
    list.textContent = "";
    Array.prototype.forEach.call(input.files, function (file) {
      var item = document.createElement("li"),
        name = document.createElement("span"),
        size = document.createElement("small");
      item.className = "file-chip";
      name.textContent = file.name;
      size.textContent =
        Math.max(1, Math.round(file.size / 1024)).toLocaleString(document.documentElement.lang) + " KB";
      item.append(name, size);
      list.append(item);
    });
  };
  var add = function (input, files) {
    var bag = new DataTransfer();
    Array.prototype.forEach.call(input.files, function (file) {
      bag.items.add(file);
    });
    Array.prototype.forEach.call(files, function (file) {
      bag.items.add(file);
    });
    input.files = bag.files;
    show(input);
  };
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-files]")) show(event.target);
  });
  document.addEventListener("paste", function (event) {
    var form = event.target.closest && event.target.closest("form");
    var input = form && form.querySelector("[data-files]");
    if (!input || !event.clipboardData || !event.clipboardData.files.length) return;
    event.preventDefault();
    add(input, event.clipboardData.files);
  });
  all(".drop").forEach(function (zone) {
    var input = zone.querySelector("[data-files]");
    if (!input) return;
    ["dragover", "dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) {
        event.preventDefault();
        zone.classList.toggle("over", kind === "dragover");
        if (kind === "drop") add(input, event.dataTransfer.files);
      });
    });
  });
})();
