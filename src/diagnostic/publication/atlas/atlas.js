// The state, kept in the address so that it can be shared, and what changes with it.
const state = { layer: DATA.layers[0], series: null, kind: "", chosen: null, shown: ROWS };
const plainText = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const map = new Chart(at("pane"), (rank) => choose(rank));

function write() {
  const parts = { g: state.layer.generation, i: state.series.id };
  if (state.kind) parts.c = state.kind;
  if (state.chosen != null) parts.q = state.layer.places[state.chosen].code;
  history.replaceState(null, "", `#${new URLSearchParams(parts)}`);
}

// Reads an address; what it does not know is left as it is.
function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const layer = DATA.layers.find((one) => String(one.generation) === given.get("g")) ?? state.layer;
  const moved = layer !== state.layer || !state.series;
  state.layer = layer;
  state.series = layer.series.find((one) => one.id === given.get("i"))
    ?? layer.series.find((one) => one.id === state.series?.id) ?? first(layer);
  if (given.get("c") in state.series.gaps) state.kind = given.get("c");
  const found = layer.places.findIndex((one) => one.code === given.get("q"));
  if (found >= 0) state.chosen = found;
  else if (moved) state.chosen = layer.places.length === 1 ? 0 : null;
  if (moved) enter();
  render();
}

// What is shown first: a figure with a favourable side and a comparator, where there is one.
const first = (layer) => layer.series.find((one) => one.sided && written(one) && Object.keys(one.gaps).length)
  ?? layer.series.find((one) => !one.plain && written(one)) ?? layer.series[0];

// A generation comes in whole: its places, its indicators, never those of another.
function enter() {
  const { layer } = state;
  map.load(layer.places);
  const themes = [...new Set(layer.series.map((one) => one.theme))];
  swap("series", themes.map((theme) => h("optgroup", { label: theme }, layer.series
    .filter((one) => one.theme === theme).map((one) => h("option", { value: one.id }, one.name)))));
  at("search").value = "";
}

function choose(rank) {
  state.chosen = rank;
  render();
  map.show(rank);
  keepInView(at("list"), at(`q${rank}`));
  const place = state.layer.places[rank];
  announce(`${place.name}. ${state.series.name}${NBSP}: ${sentences(state.series, rank).join(" ")}`);
}

// Scrolls the list alone: the page must not move under a finger.
function keepInView(list, row) {
  if (!row) return;
  const above = row.offsetTop - list.scrollTop;
  if (above < 0) list.scrollTop = row.offsetTop;
  else if (above + row.offsetHeight > list.clientHeight) list.scrollTop = row.offsetTop + row.offsetHeight - list.clientHeight;
}

const announce = (text) => { at("status").textContent = text; };

function render() {
  const { layer, series } = state;
  const kinds = Object.keys(series.gaps);
  if (!kinds.includes(state.kind)) state.kind = kinds[0] ?? "";
  state.ranks = order(layer, series);
  at("series").value = series.id;
  swap("kind", kinds.length ? kinds.map((kind) => h("option", { value: kind }, kindLabel(series, kind)))
    : h("option", { value: "" }, "aucun comparateur publié"));
  at("kind").value = state.kind;
  at("kind").disabled = !kinds.length;
  renderMap();
  renderList();
  renderGaps();
  swap("words", words(series));
  const place = layer.places[state.chosen];
  swap("sheet-title", place ? ["Fiche du quartier : ".replace(" :", `${NBSP}:`), h("bdi", null, place.label)] : "Fiche du quartier");
  swap("sheet-body", sheet(layer, state.chosen));
  document.body.classList.toggle("chosen", Boolean(place));
  document.body.classList.toggle("crowded", layer.places.length > 26);
  document.body.classList.toggle("many", layer.places.length > 40);
  write();
}

const kindLabel = (series, kind) => {
  const one = common(series, kind);
  // What is computed bears the name of its kind, too long for the box once counted: the legend says it whole.
  return one && !/^(médiane|ensemble)/.test(one.name) ? `${kindName(kind)} (${one.name})` : kindName(kind);
};

function renderMap() {
  const { layer, series, kind, chosen } = state;
  const known = written(series);
  swap("map-title", series.name);
  swap("map-subtitle", measure(series));
  map.paint(series, chosen);
  map.svg.setAttribute("aria-label", `Carte de ${plural(layer.places.length, "quartier", "quartiers")}${NBSP}: ${measure(series)}. ${plural(known, "valeur écrite", "valeurs écrites")}. Les mêmes chiffres sont dans la liste et dans le tableau.`);
  swap("legend", legend(series, kind));
  const ground = DATA.ground.communes.length ? "" : " Contours des communes absents.";
  swap("map-source", `Source${NBSP}: ${[sourceLine(series), DATA.ground.source].filter(Boolean).join(" ; ")}. ${generation(layer)}.${ground}`);
  swap("list-unit", series.period);
}

function matching() {
  const wanted = plainText(at("search").value.trim());
  return state.layer.places.map((_, rank) => rank).filter((rank) => {
    const { code, label, name, communes, number: digit } = state.layer.places[rank];
    return plainText(`${digit} ${name} ${label} ${code} ${communes}`).includes(wanted);
  });
}

function renderList() {
  const { layer, series, chosen } = state;
  const ranks = matching();
  swap("list", ranks.map((rank) => option(layer.places[rank], rank, series, chosen)));
  const total = plural(layer.places.length, "quartier", "quartiers");
  swap("found", ranks.length < layer.places.length ? `${plural(ranks.length, "quartier trouvé", "quartiers trouvés")} sur ${total}` : total);
  const active = ranks.includes(chosen) ? `q${chosen}` : null;
  if (active) at("list").setAttribute("aria-activedescendant", active);
  else at("list").removeAttribute("aria-activedescendant");
  swap("card", card(layer, series, chosen));
  at("near")?.addEventListener("click", () => { map.show(chosen, true); at("map").scrollIntoView({ block: "nearest" }); });
}

function renderGaps() {
  const { layer, series, kind, ranks } = state;
  swap("gaps-title", kind ? `${series.name}${NBSP}: écart avec ${DATA.comparators[kind] ?? kind}` : series.name);
  swap("gaps-subtitle", `${measure(series)}. ${series.plain ? "Dans l’ordre de la liste." : `Du plus petit au plus grand. ${capital(DATA.words[series.words].direction)}.`}`);
  swap("gaps-table", gapsTable(layer, series, state));
  const left = ranks.length - state.shown;
  swap("gaps-more", left > 0 && h("button", { type: "button", id: "more" }, `Montrer ${plural(Math.min(left, ROWS), "ligne", "lignes")} de plus (${number(left)} restantes)`));
  at("more")?.addEventListener("click", () => { state.shown += ROWS; renderGaps(); at("more")?.focus(); });
  swap("gaps-foot", gapsFoot(layer, series, kind));
}

function listen() {
  at("series").addEventListener("change", (event) => {
    state.series = state.layer.series.find((one) => one.id === event.target.value);
    render();
    announce(`${measure(state.series)}${NBSP}: ${plural(written(state.series), "valeur écrite", "valeurs écrites")}.`);
  });
  at("kind").addEventListener("change", (event) => { state.kind = event.target.value; render(); });
  at("print").addEventListener("click", () => window.print());
  at("nearer").addEventListener("click", () => map.zoom(1.5));
  at("farther").addEventListener("click", () => map.zoom(1 / 1.5));
  at("whole").addEventListener("click", () => map.whole());
  at("search").addEventListener("input", () => { renderList(); announce(at("found").textContent); });
  at("search").addEventListener("keydown", (event) => {
    const [rank] = matching();
    if (event.key === "Enter" && rank != null) choose(rank);
    if (event.key === "ArrowDown") { event.preventDefault(); at("list").focus(); }
  });
  at("list").addEventListener("click", (event) => pick(event));
  at("gaps-table").addEventListener("click", (event) => pick(event));
  at("list").addEventListener("keydown", walk);
  window.addEventListener("hashchange", () => { if (location.hash.includes("=")) read(); });
}

function pick(event) {
  const rank = event.target.closest("[data-rank]")?.dataset.rank;
  if (rank != null) choose(Number(rank));
}

// Arrows move the choice along the list as it is shown.
function walk(event) {
  const ranks = matching();
  const here = ranks.indexOf(state.chosen);
  const next = {
    ArrowDown: Math.min(here + 1, ranks.length - 1), ArrowUp: Math.max(here - 1, 0), Home: 0, End: ranks.length - 1,
    PageDown: Math.min(here + 10, ranks.length - 1), PageUp: Math.max(here - 10, 0),
  }[event.key];
  if (next == null || !ranks.length) return;
  event.preventDefault();
  choose(ranks[next]);
}

// What never changes.
function frame() {
  const { identity, layers } = DATA;
  at("banner").hidden = !identity.banner;
  swap("banner", identity.banner && `${identity.banner}${NBSP}: aucun chiffre de cette page n’est réel.`);
  swap("title", `Atlas des quartiers prioritaires – ${identity.name}`);
  swap("identity", [layers.map(generation).join(" ; "), identity.date, identity.commissioner, identity.author].filter(Boolean).join(" · "));
  swap("foot", [identity.name, identity.date, `diagnostic-territorial ${identity.version}`, identity.banner].filter(Boolean).join(" · "));
  if (layers.length > 1) {
    at("generations").hidden = false;
    at("generations").append(...layers.map((one) => h("label", null,
      h("input", { type: "radio", name: "generation", value: one.generation, checked: one === layers[0] }), ` ${one.generation}`)));
    at("generations").addEventListener("change", (event) => {
      Object.assign(state, { layer: layers.find((one) => String(one.generation) === event.target.value), chosen: null });
      state.series = state.layer.series.find((one) => one.id === state.series.id) ?? first(state.layer);
      enter();
      render();
    });
  }
  if (DATA.survey) {
    at("survey").hidden = false;
    swap("survey-body", survey(DATA.survey));
  }
  if (DATA.quadrant) {
    at("crossing").hidden = false;
    swap("crossing-title", DATA.quadrant.title);
    swap("crossing-body", quadrant(DATA.quadrant));
  }
  swap("reading-body", prose(DATA.reading));
  swap("sources-list", sources());
}

frame();
listen();
read();
document.documentElement.dataset.ready = "true";
