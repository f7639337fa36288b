// What residents declare: in the order of the questionnaire, each share with its interval, never by rank.
function shareBar([share, low, high]) {
  const line = (name, from, to, top, bottom) =>
    s("line", { x1: `${from}%`, x2: `${to}%`, y1: top, y2: bottom, class: name });
  return s("svg", { class: "plot", "aria-hidden": "true" }, [0, 25, 50, 75, 100].map((one) => line("rule", one, one, 0, "100%")),
    line("interval", low, high, "50%", "50%"), line("share", share, share, "15%", "85%"));
}

function answers(group, interval) {
  return [
    h("h3", null, group.title),
    group.series.map((series) => h("div", { class: "scroll", tabindex: 0, role: "group",
      "aria-label": `${group.title}, ${series.label}` },
    h("table", { class: "answers" }, h("caption", null, [capital(series.label), series.size].filter(Boolean).join(", ")),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "Réponse"), h("th", { scope: "col", class: "number" }, "Part"),
        h("td", { class: "chart" }, h("span", { class: "scale", "aria-hidden": "true" },
          h("span", null, `0${NBSP}%`), h("span", null, `100${NBSP}%`))),
        h("th", { scope: "col", class: "number" }, capital(interval)))),
      h("tbody", null, series.answers.map((one) => h("tr", null,
        h("th", { scope: "row" }, one.strong ? h("strong", null, one.name) : one.name),
        h("td", { class: "number" }, one.text), h("td", { class: "chart" }, shareBar(one.bar)),
        h("td", { class: "number" }, one.interval))))))),
    group.hidden.map((text) => h("p", { class: "quiet" }, text)),
  ];
}

function survey(data) {
  return [
    prose(data.rule),
    h("p", { class: "quiet" }, `Source${NBSP}: ${data.source}. ${data.caveat}`),
    data.panels.map((panel) => h("details", null,
      h("summary", null, h("span", null, panel.title)), h("p", { class: "quiet" }, panel.subtitle),
      panel.groups.map((group) => answers(group, data.interval)),
      h("p", { class: "quiet" }, data.caveat))),
    data.breakdowns.map((one) => h("details", null, h("summary", null, `Réponses par ${one.axis}`),
      h("p", { class: "quiet" }, data.caveat),
      one.tables.map((table) => [grid(`${table.title}, ${data.interval} entre parenthèses`, ["", ...table.heads], table.rows),
        table.marks.length > 0 && h("p", { class: "quiet" }, `${table.marks.join(" ; ")}.`)]))),
    data.counts.length > 0 && h("details", null, h("summary", null, "Répondants par quartier"),
      grid("", ["N°", "Quartier", "Répondants"], data.counts, { numeric: [2] })),
    h("details", null, h("summary", null, "Carte d’identité de l’enquête"), grid("", ["Rubrique", "Contenu"], data.card)),
    h("details", null, h("summary", null, "Comment lire ces chiffres"), prose(data.reading)),
  ];
}
