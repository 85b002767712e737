/* The charts of the board: drawn from the figures in the page, in the colours of the theme. The tables below each
   chart hold the same figures, so that the page works without this file. */
(function () {
  "use strict";
  var data = document.getElementById("tablero-datos");
  if (!data || !window.echarts) return;
  var charts = JSON.parse(data.textContent),
    drawn = [];
  var lang = document.documentElement.lang || "es",
    probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  var colour = function (name) {
    probe.style.color = "var(" + name + ")";
    return window.getComputedStyle(probe).color;
  };
  var number = function (value) {
    return value === null || value === undefined ? "—" : value.toLocaleString(lang, { maximumFractionDigits: 1 });
  };
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  var options = function (chart) {
    var text = colour("--tblr-body-color"),
      soft = colour("--tblr-secondary-color"),
      line = colour("--tblr-border-color");
    var isRate = chart.codigo === "tasas";
    var shown = function (value) {
      if (isRate) return value === null ? "—" : number(value * 100) + " %";
      return number(value) + (chart.unidad && value !== null ? " " + chart.unidad : "");
    };
    var names = {
      type: "category",
      data: chart.categorias,
      axisLabel:
        chart.categorias.length > 6
          ? { color: soft, hideOverlap: true }
          : { color: soft, interval: 0, width: 52, overflow: "break", lineHeight: 14 },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    };
    var values = {
      type: "value",
      max: isRate ? 1 : null,
      minInterval: chart.unidad || isRate ? 0 : 1,
      axisLabel: { color: soft, formatter: shown, hideOverlap: true },
      splitLine: { lineStyle: { color: line } },
    };
    var isFlat = isRate || chart.codigo === "abiertas";
    if (isFlat) {
      names.inverse = true;
      names.axisLabel = { color: soft, width: 150, overflow: "truncate" };
    }
    return {
      animation: !calm,
      textStyle: { fontFamily: window.getComputedStyle(document.body).fontFamily, color: text },
      legend: { show: chart.series.length > 1, bottom: 0, textStyle: { color: text }, itemWidth: 12, itemHeight: 12 },
      grid: { left: 8, right: 16, top: 12, bottom: chart.series.length > 1 ? 34 : 4, containLabel: true },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        valueFormatter: shown,
        axisPointer: { type: "shadow" },
        backgroundColor: colour("--tblr-bg-surface"),
        borderColor: line,
        textStyle: { color: text },
      },
      xAxis: isFlat ? values : names,
      yAxis: isFlat ? names : values,
      series: chart.series.map(function (series) {
        var shade = colour("--prs-" + series.color);
        return {
          name: series.nombre,
          type: series.linea ? "line" : "bar",
          stack: chart.apilado ? "todo" : undefined,
          data: series.datos,
          color: shade,
          showSymbol: false,
          barMaxWidth: 28,
          lineStyle: { width: 2, color: shade },
        };
      }),
    };
  };

  var draw = function () {
    drawn.forEach(function (one) {
      one.dispose();
    });
    drawn = charts.map(function (chart) {
      var box = document.getElementById("grafica-" + chart.codigo);
      var one = window.echarts.init(box, null, { renderer: "canvas" });
      one.setOption(options(chart));
      return one;
    });
  };
  draw();
  new MutationObserver(draw).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-bs-theme"],
  });
  var timer;
  window.addEventListener("resize", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(function () {
      drawn.forEach(function (one) {
        one.resize();
      });
    }, 120);
  });
})();
