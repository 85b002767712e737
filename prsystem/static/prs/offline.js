/* The page for writing without a connection: its form, and the list of what this device keeps of the person. */
(function () {
  "use strict";
  const outbox = window.prsOutbox,
    page = document.body.dataset;
  const part = (name, root) => (root || document).querySelector("[data-" + name + "]");
  if (!outbox) {
    part("unsupported").hidden = false;
    return;
  }
  const form = part("write"),
    list = part("list"),
    model = document.getElementById("reporte-modelo");
  const fields = { titulo: form.elements.titulo, descripcion: form.elements.descripcion, area: form.elements.area };

  /* ---- who writes; forms.js, which runs after this, brings back what was typed in the form for reports ---- */
  const showPerson = () => {
    const who = outbox.person();
    form.hidden = part("kept").hidden = !who;
    part("nobody").hidden = Boolean(who);
    if (!who || form.dataset.draft === "reporte-" + who.usuario) return;
    if (form.dataset.draft) form.reset();
    form.dataset.draft = "reporte-" + who.usuario;
    part("name").textContent = who.nombre;
    const isOnly = who.areas.length === 1;
    const options = who.areas.map((area) => new Option(area.nombre, area.codigo, isOnly, isOnly));
    fields.area.replaceChildren(fields.area.options[0], ...options);
  };

  /* ---- the list ---- */
  const COLOURS = { waiting: "c-amber", doubtful: "c-orange", rejected: "c-red", done: "c-green" };
  const kindOf = (report) => {
    if (report.estado === "enviado") return "done";
    if (report.estado === "rechazado") return "rejected";
    return outbox.isDoubtful(report) ? "doubtful" : "waiting";
  };
  const noteOf = (report, kind) => {
    const files = report.archivos ? page.msgFiles : "";
    return [kind === "rejected" ? report.error : "", kind === "doubtful" ? page.msgLook : "", files]
      .filter(Boolean)
      .join(" ");
  };
  const drawn = (report) => {
    const item = model.content.firstElementChild.cloneNode(true),
      kind = kindOf(report);
    const piece = (name) => item.querySelector('[data-part="' + name + '"]');
    const moment = new Date(report.escrito);
    item.dataset.key = report.clave;
    piece("title").textContent = report.titulo;
    piece("state").textContent = page["msg" + kind[0].toUpperCase() + kind.slice(1)];
    piece("state").classList.add(COLOURS[kind]);
    piece("area").textContent = report.area;
    piece("time").textContent = moment.toLocaleString(document.documentElement.lang, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    piece("time").dateTime = moment.toISOString();
    piece("note").textContent = noteOf(report, kind);
    piece("note").hidden = !piece("note").textContent;
    if (report.numero) {
      piece("number").textContent = report.numero;
      piece("number").href = "/incidencias/" + encodeURIComponent(report.numero) + "/";
      piece("number").hidden = false;
    }
    item.querySelector('[data-act="again"]').hidden = kind !== "doubtful" && kind !== "rejected";
    item.querySelector('[data-act="edit"]').hidden = kind !== "rejected";
    item.addEventListener("click", (event) => act(event.target.closest("[data-act]"), report, kind));
    return item;
  };
  const act = async (button, report, kind) => {
    if (!button) return;
    if (button.dataset.act === "again") return void outbox.again(report);
    if (button.dataset.act === "remove" && kind !== "done" && !window.confirm(page.msgDelete)) return;
    if (button.dataset.act === "edit") {
      for (const name of Object.keys(fields)) fields[name].value = report.cuerpo[name];
      fields.titulo.focus();
    }
    await outbox.remove(report.clave);
  };
  /* The buttons are others afterwards: the focus goes to the same one, or to the heading when that is gone. */
  const redraw = (reports) => {
    const button = list.contains(document.activeElement) ? document.activeElement : null;
    const key = button && button.closest("li").dataset.key,
      name = button && button.dataset.act;
    list.replaceChildren(...reports.map(drawn));
    if (!button) return;
    const same = name && list.querySelector('li[data-key="' + key + '"] [data-act="' + name + '"]:not([hidden])');
    (same || document.getElementById("guardados")).focus();
  };
  const show = async () => {
    showPerson();
    const reports = await outbox.mine(),
      others = await outbox.hiddenCount(),
      state = outbox.state();
    redraw(reports);
    part("count").textContent = reports.length || "";
    part("none").hidden = reports.length > 0;
    part("send").hidden = !reports.some((report) => kindOf(report) === "waiting");
    part("hidden").hidden = others === 0;
    part("hidden").textContent = page.msgHidden.replace("{n}", String(others));
    tell({ away: page.msgAway, in: page.msgIn, out: page.msgOut }[navigator.onLine ? state : "away"]);
  };
  const tell = (text) => {
    const line = part("state");
    line.hidden = !text;
    if (text && line.querySelector("span").textContent !== text) line.querySelector("span").textContent = text;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await outbox.write(
      { titulo: fields.titulo.value, descripcion: fields.descripcion.value, area: fields.area.value },
      0,
    );
    window.sessionStorage.removeItem("prs-enviado");
    form.reset();
    list.lastElementChild.scrollIntoView({ block: "nearest" });
    outbox.send();
  });
  part("send").addEventListener("click", () => outbox.send());
  window.addEventListener("prs:outbox", show);
  window.addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) show();
  });
  showPerson();
  show();

  /* ---- offered by browsers that can install it ---- */
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    part("install").hidden = false;
    part("install").addEventListener(
      "click",
      async () => {
        part("install").hidden = true;
        await event.prompt();
      },
      { once: true },
    );
  });
})();
