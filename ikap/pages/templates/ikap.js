/* The portal's own script: theme, map, filters, table, opened area. No other library than Leaflet.
   Text from data is only ever set by textContent. `ikap.start(map)` is called by the page. */
"use strict";
(function () {
  const $ = (selector, root) => (root || document).querySelector(selector);
  const $$ = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const wide = matchMedia("(min-width: 900px)");
  const SVG = "http://www.w3.org/2000/svg";
  const STEP = 1e-5;
  const COUNTS_BELOW = 12; // zoom levels where areas are counted per municipality
  const LABELS_FROM = 14;
  const LIST = 15; // areas in the list beside the map before "show more"

  function el(tag, facts, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(facts || {})) {
      if (key === "text") node.textContent = value;
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== null && value !== undefined) node.setAttribute(key, value);
    }
    node.append(...children.filter(Boolean));
    return node;
  }
  function icon(path) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 20 20");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }
  function swatch(status) {
    const svg = icon("");
    svg.setAttribute("viewBox", "0 0 22 16");
    svg.setAttribute("class", "swatch");
    const box = document.createElementNS(SVG, "rect");
    for (const [k, v] of Object.entries({ x: 1.5, y: 1.5, width: 19, height: 13, rx: 2 })) box.setAttribute(k, v);
    box.setAttribute("class", "z z-" + status);
    svg.replaceChildren(box);
    return svg;
  }
  function fill(text, facts) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
  }

  /* --- theme: the reader's choice is kept, else the system's applies --- */
  const themeButton = $("#theme");
  const onTheme = [];
  if (themeButton) {
    themeButton.hidden = false;
    themeButton.addEventListener("click", () => {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("ikap-tema", root.dataset.theme); } catch (e) { /* a page from disk may have no storage */ }
      onTheme.forEach((f) => f());
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => onTheme.forEach((f) => f()));

  if (!window.L) return;
  if (calm) L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });

  const data = JSON.parse($("#data").textContent);
  const T = data.text;
  const areas = data.areas;
  const layers = window.ikapShapes || {};
  const at = new Map(areas.map((a, k) => [a.k, k]));
  for (const name of ["zones", "pieces"]) if (layers[name]) layers[name].row = layers[name].key.map((key) => at.get(key));
  const state = { status: new Set(), text: "", municipality: "", purpose: "", check: "", open: null, back: null, rows: LIST };
  let map, visible = areas.map(() => true);
  const paths = new Map(); // area index -> Leaflet path
  const groups = {};

  /* --- packed shapes back to coordinates --- */
  function ring(steps) {
    const out = [];
    let x = 0, y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i]; y += steps[i + 1];
      out.push([y * STEP, x * STEP]);
    }
    return out;
  }
  const shape = (packed) => packed.map((part) => part.map(ring));
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  function pane(name, z, passive) {
    const made = map.createPane(name);
    made.style.zIndex = z;
    if (passive) made.style.pointerEvents = "none";
    return name;
  }

  /* --- background: own terrain under the basemap, so the page is whole without it --- */
  const ORDER = ["sea", "open", "mountain", "forest", "bog", "urban", "lake", "river", "road", "railway", "station"];
  function drawContext() {
    const source = layers.context;
    if (!source) return;
    const renderer = L.canvas({ pane: pane("context", 150, true), padding: 0.3 });
    const rows = source.theme.map((theme, i) => ({ theme, i, rank: ORDER.indexOf(theme) }));
    rows.sort((a, b) => a.rank - b.rank || a.i - b.i);
    groups.context = L.layerGroup().addTo(map);
    for (const row of rows) {
      const parts = shape(source.shapes[row.i]);
      if (!parts.length) continue;
      const base = { renderer, pane: "context", interactive: false, theme: row.theme };
      let made;
      if (row.theme === "station") made = L.circleMarker(parts[0][0][0], { ...base, radius: 4, weight: 2 });
      else if (["road", "railway", "river"].includes(row.theme)) made = L.polyline(parts.map((p) => p[0]), { ...base, weight: 1, dashArray: row.theme === "railway" ? "6 4" : null });
      else made = L.polygon(parts, { ...base, stroke: false, fillOpacity: 1 });
      made.addTo(groups.context);
    }
    paintContext();
  }
  function paintContext() {
    if (!groups.context) return;
    groups.context.eachLayer((layer) => {
      const theme = layer.options.theme, tone = colour(theme) || colour("other");
      const weight = theme === "station" ? 2 : map.getZoom() < 11 ? 0.8 : map.getZoom() < 13 ? 1.4 : 2.2;
      layer.setStyle(theme === "station" ? { color: tone, fillColor: colour("page"), fillOpacity: 1 } : { color: tone, fillColor: tone, weight });
    });
  }
  /* --- what the rules measure to: stops, centres, services, hazards, commercial land --- */
  const POINTS = ["stops", "services"];
  function drawMarks() {
    const source = layers.marks;
    if (!source || !data.marks.length) return;
    const below = L.canvas({ pane: pane("marks", 330, true), padding: 0.3 });
    const above = L.canvas({ pane: pane("points", 430, true), padding: 0.3 });
    groups.marks = L.layerGroup().addTo(map);
    source.theme.forEach((theme, i) => {
      const parts = shape(source.shapes[i]);
      if (!data.marks.includes(theme) || !parts.length) return;
      const at = parts[0][0][0], area = parts[0][0].length > 2;
      const base = { interactive: false, theme };
      if (area) L.polygon(parts, { ...base, renderer: below, pane: "marks", fill: theme === "hazards", fillOpacity: 0.15, weight: 1.5, dashArray: { hazards: "2 3", centres: "5 3" }[theme] || null }).addTo(groups.marks);
      else L.circleMarker(at, { ...base, renderer: above, pane: "points", radius: POINTS.includes(theme) ? 3 : 5, weight: 1, fillOpacity: 1 }).addTo(groups.marks);
    });
    paintMarks();
  }
  function paintMarks() {
    if (!groups.marks) return;
    groups.marks.eachLayer((layer) => {
      const tone = colour("m-" + layer.options.theme);
      layer.setStyle(layer instanceof L.CircleMarker ? { color: colour("page"), fillColor: tone } : { color: tone, fillColor: tone });
    });
  }
  /* --- what the plan has besides its areas: outlines alone, for they decide nothing --- */
  const DASH = { provision: "1 4", detailing: "8 4", line: null };
  function drawBeside() {
    for (const name of ["plan_zones", "plan_lines"]) {
      const source = layers[name];
      if (!source) continue;
      const renderer = L.canvas({ pane: pane(name, 440, true), padding: 0.3 });
      groups[name] = L.layerGroup().addTo(map);
      source.theme.forEach((theme, i) => {
        const parts = shape(source.shapes[i]);
        if (!parts.length) return;
        const base = { renderer, pane: name, interactive: false, fill: false, weight: 2, dashArray: DASH[theme], theme };
        (theme === "line" ? L.polyline(parts.map((p) => p[0]), base) : L.polygon(parts, base)).addTo(groups[name]);
      });
    }
    paintBeside();
  }
  function paintBeside() {
    for (const name of ["plan_zones", "plan_lines"]) if (groups[name]) groups[name].eachLayer((l) => l.setStyle({ color: colour("b-" + l.options.theme) }));
  }
  function drawFarmland() {
    const source = layers.farmland;
    if (!source) return;
    const renderer = L.canvas({ pane: pane("farmland", 320, true), padding: 0.3 });
    groups.farmland = L.layerGroup().addTo(map);
    source.shapes.forEach((packed, i) => {
      L.polygon(shape(packed), { renderer, pane: "farmland", interactive: false, code: source.class[i], weight: 0.6, fillOpacity: data.basemap ? 0.75 : 1 }).addTo(groups.farmland);
    });
    paintFarmland();
  }
  function paintFarmland() {
    if (groups.farmland) groups.farmland.eachLayer((l) => l.setStyle({ fillColor: colour("k" + l.options.code) || colour("k20"), color: colour("land") }));
  }
  function drawMunicipalities() {
    const source = layers.municipalities;
    if (!source) return;
    const renderer = L.canvas({ pane: pane("borders", 360, true), padding: 0.3 });
    groups.municipalities = L.layerGroup().addTo(map);
    source.shapes.forEach((packed, i) => {
      L.polygon(shape(packed), { renderer, pane: "borders", interactive: false, fill: !source.member[i], fillOpacity: data.basemap ? 0.35 : 0.8, member: source.member[i], weight: source.member[i] ? 1.6 : 0.8, dashArray: "8 3 2 3" }).addTo(groups.municipalities);
    });
    paintMunicipalities();
  }
  function paintMunicipalities() {
    if (groups.municipalities) groups.municipalities.eachLayer((l) => l.setStyle({ color: colour("border"), fillColor: colour("near") }));
  }
  function drawBasemap() {
    if (!data.basemap) return;
    let told = false;
    groups.basemap = L.tileLayer(data.basemap, { maxZoom: 18, className: "basemap" });
    groups.basemap.on("tileerror", () => {
      if (!told) say(T.tiles);
      told = true;
    });
    groups.basemap.addTo(map);
  }

  /* --- planned areas: SVG, so that patterns, focus and styles reach them --- */
  function drawAreas() {
    const source = layers.zones;
    if (!source) return;
    const renderer = L.svg({ pane: pane("areas", 420), padding: 0.4 });
    groups.zones = L.layerGroup().addTo(map);
    const tip = L.tooltip({ className: "tooltip-map", direction: "top", offset: [0, -8] });
    const rows = source.row.map((row, i) => ({ row, parts: shape(source.shapes[i]) })).filter((entry) => entry.row !== undefined);
    for (const entry of rows) entry.size = entry.parts.length ? sizeOf(entry.parts) : 0;
    rows.sort((a, b) => b.size - a.size); // small over large
    for (const { row, parts } of rows) {
      const area = areas[row];
      const made = L.polygon(parts, { renderer, pane: "areas", className: "z z-" + statusOf(area), weight: 1.5 });
      // one shared tooltip: Leaflet's own would make every area a nameless tab stop
      made.on("click", () => open(row, null));
      made.on("mouseover mousemove", (e) => {
        light(row, true);
        tip.setLatLng(e.latlng).setContent(el("span", { text: area.n + " – " + data.status[statusOf(area)] }));
        if (!map.hasLayer(tip)) tip.addTo(map);
      });
      made.on("mouseout", () => { light(row, false); tip.remove(); });
      paths.set(row, made);
      made.addTo(groups.zones);
    }
  }
  function sizeOf(parts) {
    let w = Infinity, s = Infinity, e = -Infinity, n = -Infinity;
    for (const [lat, lng] of parts[0][0]) { w = Math.min(w, lng); e = Math.max(e, lng); s = Math.min(s, lat); n = Math.max(n, lat); }
    return (e - w) * (n - s);
  }
  function light(row, on) {
    const path = paths.get(row), node = path && path.getElement();
    if (node) node.classList.toggle("hot", on);
    const item = $('[data-item="' + row + '"]');
    if (item) item.classList.toggle("lit", on);
  }

  /* --- names and counts, placed without overlap --- */
  let labels = null;
  function drawLabels() {
    if (labels) labels.remove();
    labels = L.layerGroup().addTo(map);
    const taken = [], zoom = map.getZoom(), view = map.getBounds();
    const room = (point, w, h) => {
      const box = [point.x - w / 2, point.y - h / 2, point.x + w / 2, point.y + h / 2];
      if (taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) return false;
      taken.push(box);
      return true;
    };
    const text = (at, content, kind, width) => {
      const node = el("span", { text: content });
      L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ html: node, className: "tag-map " + kind, iconSize: [width, 18] }) }).addTo(labels);
    };
    const source = layers.municipalities;
    const shownLayer = groups.zones && map.hasLayer(groups.zones);
    if (source) source.name.map((name, i) => i).sort((a, b) => source.member[b] - source.member[a]).forEach((i) => {
      const name = source.name[i];
      const at = L.latLng(source.centre[i][1], source.centre[i][0]);
      const here = map.latLngToContainerPoint(at), width = name.length * 8 + 24;
      const n = source.member[i] ? areas.filter((a, k) => visible[k] && a.m === source.number[i] && statusOf(a) !== "not_applicable").length : 0;
      if (source.member[i] && zoom < COUNTS_BELOW && areas.length && (shownLayer || !groups.zones)) {
        if (!room(here, width, 50)) return;
        const node = el("span", {}, el("b", { text: String(n) }), " ", el("span", { text: name }), el("span", { class: "sr", text: " " + T.bubble }));
        node.style.display = "contents";
        const marker = L.marker(at, { keyboard: true, icon: L.divIcon({ html: node, className: "bubble", iconSize: [width, 44] }) });
        const go = () => map.fitBounds(boundsOf(source.shapes[i]), { animate: !calm });
        marker.on("click", go).on("keypress", (e) => { if (["Enter", " "].includes(e.originalEvent.key)) go(); });
        marker.addTo(labels);
      } else if (view.contains(at) && zoom < LABELS_FROM && room(here, width, 20)) text(at, name, "municipality", width);
    });
    if (zoom >= LABELS_FROM && shownLayer) {
      for (const [row, path] of paths) {
        if (!visible[row] || !view.intersects(path.getBounds())) continue;
        const at = path.getCenter(), content = areas[row].p || areas[row].n;
        if (room(map.latLngToContainerPoint(at), content.length * 8 + 8, 18)) text(at, content, "purpose", content.length * 8 + 8);
      }
    }
  }
  function boundsOf(packed) {
    return L.latLngBounds(shape(packed).flat(2));
  }

  /* --- filters: chips, search, municipality, purpose; map, list and table follow --- */
  const wanted = (a) =>
    (!state.status.size || state.status.has(statusOf(a))) &&
    (!state.check || a.f.some((f) => f.q === state.check)) &&
    (!state.municipality || a.m === state.municipality) &&
    (!state.purpose || a.p === state.purpose) &&
    (!state.text || (a.n + " " + a.d).toLocaleLowerCase(data.lang).includes(state.text) || [a.k, a.i].some((id) => id.toLocaleLowerCase(data.lang).startsWith(state.text)));
  const filtered = () => Boolean(state.check || state.status.size || state.municipality || state.purpose || state.text);
  const findingOf = (a) => (state.check ? a.f.find((f) => f.q === state.check) : a.f[0]);
  const statusOf = (a) => (state.check ? (findingOf(a) || { s: "not_applicable" }).s : a.s);
  function repaint() {
    for (const [row, path] of paths) {
      const node = path.getElement(), status = statusOf(areas[row]);
      path.options.className = "z z-" + status;
      if (!node) continue;
      for (const name of Array.from(node.classList)) if (name.startsWith("z-")) node.classList.remove(name);
      node.classList.add("z-" + status);
    }
    for (const chip of $$(".chip")) $("strong", chip).textContent = areas.filter((a) => statusOf(a) === chip.dataset.status).length;
    for (const box of $$(".check-table")) box.hidden = Boolean(state.check) && box.dataset.check !== state.check;
  }
  function apply(quiet) {
    visible = areas.map(wanted);
    for (const [row, path] of paths) {
      if (visible[row] && !groups.zones.hasLayer(path)) groups.zones.addLayer(path);
      if (!visible[row] && groups.zones.hasLayer(path)) groups.zones.removeLayer(path);
    }
    for (const row of $$(".findings tbody tr")) row.hidden = !visible[row.dataset.k];
    state.rows = LIST;
    if (map) { drawLabels(); list(); }
    const n = visible.filter(Boolean).length;
    $("#reset").hidden = !filtered();
    if (!quiet) say(n ? fill(T.shown, { n, total: areas.length }) : T.none);
  }
  function say(text) { $("#status").textContent = text; }

  /* --- the list beside the map, of what the map shows --- */
  function list() {
    const items = $("#items");
    if (!items || !wide.matches) return;
    const view = map.getBounds();
    const rows = [];
    areas.forEach((area, k) => {
      const path = paths.get(k);
      if (visible[k] && statusOf(area) !== "not_applicable" && (!path || view.intersects(path.getBounds()))) rows.push(k);
    });
    items.replaceChildren(...rows.slice(0, state.rows).map((k) => {
      const a = areas[k];
      return el("li", {}, el("button", { type: "button", class: "item", "data-item": k, onclick: (e) => open(k, e.currentTarget), onmouseenter: () => light(k, true), onmouseleave: () => light(k, false), onfocus: () => light(k, true), onblur: () => light(k, false) },
        swatch(statusOf(a)), el("b", { text: a.n }), el("span", { text: (findingOf(a) || a.f[0]).v }), el("small", { text: a.d })));
    }));
    const more = $("#more");
    more.hidden = rows.length <= state.rows;
    more.textContent = T.more_list;
  }

  /* --- the opened area: figures and words from the results, focus there and back --- */
  function open(k, from, quiet) {
    close(true);
    const a = areas[k], sheet = $("#sheet");
    state.open = k;
    state.back = from;
    sheet.replaceChildren(...sheetOf(a, k));
    sheet.dataset.size = "1";
    sheet.hidden = false;
    document.body.classList.add("opened");
    sheet.scrollTop = 0;
    for (const row of $$('.findings tr[data-k="' + k + '"]')) row.classList.add("on");
    const path = paths.get(k);
    if (path) {
      const node = path.getElement();
      if (node) node.classList.add("lit");
      path.bringToFront();
      pieces(k);
      const narrow = !wide.matches;
      map.fitBounds(path.getBounds(), { maxZoom: 15, animate: !calm, paddingTopLeft: [!narrow && $("#legend").open ? 310 : 40, 60], paddingBottomRight: narrow ? [40, Math.round(map.getSize().y * 0.5)] : [430, 40] });
    }
    if (!quiet) {
      sheet.focus({ preventScroll: true });
      say(fill(T.opened, { name: a.n }));
    }
    link();
  }
  function sheetOf(a, k) {
    const heading = el("header", {}, el("h2", { id: "sheet-title", text: a.n }), el("button", { type: "button", class: "icon", "aria-label": T.close, onclick: () => close() }, icon("M4 4L16 16M16 4L4 16")));
    const out = [heading, el("p", { class: "sub", text: a.d })];
    if (a.w) out.push(el("p", { class: "rule", text: a.w }));
    for (const f of a.f) {
      out.push(el("div", { class: "verdict" },
        el("p", { class: "badge" }, swatch(f.s), el("span", { text: data.status[f.s] })),
        f.s === "not_applicable" ? null : el("p", { class: "figure" }, el("span", { class: "measured", text: f.v }), f.g ? el("small", { text: " " + f.g }) : null),
        f.w ? el("p", { class: "rule", text: f.w }) : null,
        el("p", { class: "rule", text: f.c }),
        el("div", { class: "explain" }, el("p", { text: f.t }), f.x ? el("p", { text: T.sliver }) : null, f.b ? el("p", { class: "rule", text: f.b }) : null, f.u || f.e ? el("p", { class: "rule", text: [f.u, f.e ? fill(T.leaves_out, { dates: f.e }) : ""].join(" ").trim() }) : null)));
    }
    const more = el("button", { type: "button", class: "more", "aria-expanded": "false", text: T.more });
    more.addEventListener("click", () => {
      const next = { 1: "2", 2: "3", 3: "1" }[$("#sheet").dataset.size];
      $("#sheet").dataset.size = next;
      more.textContent = next === "3" ? T.less : T.more;
      more.setAttribute("aria-expanded", String(next !== "1"));
    });
    const full = el("div", { class: "full" });
    if (a.r.length) {
      const body = el("tbody", {}, ...a.r.map(([label, value, share], i) => el("tr", { class: i === a.r.length - 1 ? "sum" : null }, el("th", { scope: "row", text: label }), el("td", { class: "n", text: value }), el("td", { class: "n", text: share }))));
      full.append(el("table", { class: "statement" }, el("caption", { text: T.statement }), el("thead", {}, el("tr", {}, el("th", { scope: "col", text: T.class }), el("th", { scope: "col", class: "n", text: T.daa }), el("th", { scope: "col", class: "n", text: T.share }))), body));
    }
    const sources = [...new Set(a.f.map((f) => f.l).filter(Boolean))].join(", ");
    full.append(el("div", { class: "facts" },
      sources ? el("p", { text: T.source + ": " + sources }) : null,
      a.i ? el("p", { text: T.plan_id + ": " + a.i }) : null,
      el("p", { class: "ids", text: T.finding_id + ": " + $$('.findings tr[data-k="' + k + '"]').map((row) => row.dataset.id).join(", ") }),
      layers.zones ? null : el("p", { text: T.not_drawn }),
      el("p", { text: T.provisions })));
    full.append(el("p", { class: "links" }, el("a", { href: "#id=" + encodeURIComponent(a.k), text: T.link }), el("a", { href: "#tabell", text: T.table, onclick: (e) => { e.preventDefault(); toRow(k); } })));
    out.push(full, more);
    return out;
  }
  function toRow(k) {
    const row = $('.check-table:not([hidden]) tr[data-k="' + k + '"]');
    if (!row) return;
    close(true);
    row.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    $("button", row).focus({ preventScroll: true });
  }
  function close(quiet) {
    if (state.open === null) return;
    const k = state.open, sheet = $("#sheet"), path = paths.get(k);
    state.open = null;
    sheet.hidden = true;
    document.body.classList.remove("opened");
    sheet.replaceChildren();
    for (const row of $$(".findings tr.on")) row.classList.remove("on");
    if (path && path.getElement()) path.getElement().classList.remove("lit");
    if (groups.pieces) groups.pieces.remove();
    if (quiet) return;
    say(T.closed);
    const back = state.back && state.back.isConnected ? state.back : $('[data-item="' + k + '"]') || map.getContainer();
    back.focus({ preventScroll: back === map.getContainer() });
    link();
  }
  function pieces(k) {
    const source = layers.pieces;
    if (groups.pieces) groups.pieces.remove();
    if (!source) return;
    groups.pieces = L.layerGroup().addTo(map);
    source.row.forEach((row, i) => {
      if (row === k) L.polygon(shape(source.shapes[i]), { pane: "areas", renderer: L.svg({ pane: "areas" }), className: "piece", weight: 1.5, fillOpacity: 0.9, interactive: false }).addTo(groups.pieces);
    });
  }

  /* --- table: sort by a column, open in the map --- */
  function readyTables() {
    const collator = new Intl.Collator(data.lang, { numeric: true });
    for (const table of $$(".findings")) {
      $$("thead th", table).forEach((th, column) => {
        if (!th.classList.contains("needs-js")) sortable(table, th, column, collator);
      });
      table.tBodies[0].addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        show(Number(button.closest("tr").dataset.k), button);
      });
    }
    for (const a of $$(".largest a")) {
      a.addEventListener("click", (event) => {
        const key = new URLSearchParams(a.hash.slice(1)).get("id"), k = areas.findIndex((area) => area.k === key);
        if (k < 0) return;
        event.preventDefault();
        show(k, a);
      });
    }
  }
  function show(k, from) {
    $("#kart").scrollIntoView({ behavior: "auto" });
    open(k, from);
  }
  function sortable(table, th, column, collator) {
    const button = el("button", { type: "button", text: th.textContent });
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = th.getAttribute("aria-sort") !== "descending" && (th.classList.contains("n") || th.getAttribute("aria-sort") === "ascending");
      $$("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => {
        const cell = row.cells[column];
        return "v" in cell.dataset ? (cell.dataset.v === "" ? -1 : Number(cell.dataset.v)) : cell.textContent;
      };
      const rows = Array.from(table.tBodies[0].rows).map((row) => ({ row, key: key(row) }));
      rows.sort((a, b) => (typeof a.key === "number" ? a.key - b.key : collator.compare(a.key, b.key)) * (down ? -1 : 1));
      table.tBodies[0].append(...rows.map((r) => r.row));
    });
  }

  /* --- permalink: #id=…&k=zoom/lat/lng, and #kommune=… from the front page --- */
  function link() {
    if (!map) return;
    const c = map.getCenter(), facts = [];
    if (state.open !== null) facts.push("id=" + encodeURIComponent(areas[state.open].k));
    facts.push("k=" + [+map.getZoom().toFixed(2), c.lat.toFixed(5), c.lng.toFixed(5)].join("/"));
    try { history.replaceState(null, "", "#" + facts.join("&")); } catch (e) { /* not allowed in some frames */ }
  }
  function readLink() {
    const facts = new URLSearchParams(location.hash.slice(1));
    const at = (facts.get("k") || "").split("/").map(Number);
    const region = L.latLngBounds([data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]);
    if (at.length === 3 && at.every(Number.isFinite)) map.setView([at[1], at[2]], at[0], { animate: false });
    else map.fitBounds(region, { animate: false, paddingTopLeft: wide.matches ? [290, 16] : [4, 4], paddingBottomRight: [wide.matches ? 60 : 4, 16] });
    const number = facts.get("kommune"), source = layers.municipalities;
    if (number && $("#municipality") && areas.some((a) => a.m === number)) {
      state.municipality = number;
      $("#municipality").value = number;
      apply();
    }
    if (number && source && source.number.includes(number)) map.fitBounds(boundsOf(source.shapes[source.number.indexOf(number)]), { animate: false });
    const id = facts.get("id");
    if (id) {
      const k = areas.findIndex((a) => a.k === id);
      if (k >= 0) { open(k, null); if (at.length === 3) map.setView([at[1], at[2]], at[0], { animate: false }); } else say(T.missing);
    }
  }

  /* --- controls of our own: names in the page's language, 44 px --- */
  function controls() {
    const zoom = L.control({ position: "topright" });
    zoom.onAdd = () => {
      const box = el("div", { class: "leaflet-bar leaflet-control leaflet-control-zoom" });
      const region = L.latLngBounds([data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]);
      const button = (name, path, run) => box.append(el("button", { type: "button", "aria-label": name, title: name, onclick: run }, icon(path)));
      button(T.zoom_in, "M10 3V17M3 10H17", () => map.zoomIn());
      button(T.zoom_out, "M3 10H17", () => map.zoomOut());
      button(T.whole, "M3 8V3H8M12 3H17V8M17 12V17H12M8 17H3V12", () => map.fitBounds(region, { animate: !calm }));
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    zoom.addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 120 }).addTo(map);
    map.attributionControl.setPrefix("");
    if (data.credit) map.attributionControl.addAttribution(el("span", { text: data.credit }).innerHTML);
    else map.attributionControl.remove();
    L.DomEvent.disableClickPropagation($("#legend"));
    L.DomEvent.disableScrollPropagation($("#legend"));
    L.DomEvent.disableClickPropagation($("#sheet"));
    L.DomEvent.disableScrollPropagation($("#sheet"));
    for (const box of $$("#legend input")) box.addEventListener("change", () => {
      const group = groups[box.dataset.layer];
      if (!group) return;
      if (box.checked) group.addTo(map); else group.remove();
      drawLabels();
    });
  }
  function readyFilters() {
    for (const chip of $$(".chip")) chip.addEventListener("click", () => {
      const on = chip.getAttribute("aria-pressed") !== "true";
      chip.setAttribute("aria-pressed", String(on));
      if (on) state.status.add(chip.dataset.status); else state.status.delete(chip.dataset.status);
      apply();
    });
    const search = $("#search");
    if (!search) return;
    let timer = 0;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { state.text = search.value.trim().toLocaleLowerCase(data.lang); apply(); }, 120);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      clearTimeout(timer);
      state.text = search.value.trim().toLocaleLowerCase(data.lang);
      apply();
      const k = visible.indexOf(true);
      if (state.text && k >= 0) open(k, search);
    });
    for (const name of ["municipality", "purpose", "check"].filter((n) => $("#" + n))) $("#" + name).addEventListener("change", (event) => {
      state[name] = event.target.value;
      if (name === "check") repaint();
      apply();
      const source = layers.municipalities, i = source ? source.number.indexOf(state.municipality) : -1;
      if (name === "municipality" && i >= 0) map.fitBounds(boundsOf(source.shapes[i]), { animate: !calm });
    });
    $("#reset").addEventListener("click", () => {
      state.status.clear(); state.text = ""; state.municipality = ""; state.purpose = ""; state.check = "";
      if ($("#check")) $("#check").value = "";
      repaint();
      search.value = ""; $("#municipality").value = ""; $("#purpose").value = "";
      for (const chip of $$(".chip")) chip.setAttribute("aria-pressed", "false");
      apply();
      search.focus({ preventScroll: true });
    });
    $("#more").addEventListener("click", () => { state.rows += LIST; list(); });
  }
  function readyBar() {
    const links = $$(".bar a"), seen = new Map();
    if (!links.length || !window.IntersectionObserver) return;
    const watch = new IntersectionObserver((entries) => {
      for (const e of entries) seen.set(e.target.id, e.isIntersecting);
      const here = links.filter((a) => seen.get(a.hash.slice(1))).pop();
      for (const a of links) if (a === here) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
    }, { rootMargin: "-45% 0px -50% 0px" });
    for (const a of links) { const target = $(a.hash); if (target) watch.observe(target); }
  }

  function start(made) {
    map = made;
    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", $(".mapbox").getAttribute("aria-label"));
    $(".mapbox").removeAttribute("aria-label");
    box.addEventListener("focus", () => map.scrollWheelZoom.enable());
    map.on("click", () => map.scrollWheelZoom.enable());
    if (!data.basemap) map.options.zoomSnap = 0.25;
    map.setView([data.bounds[1], data.bounds[0]], 8, { animate: false });
    drawContext(); drawBasemap(); drawFarmland(); drawMarks(); drawMunicipalities(); drawAreas(); drawBeside();
    controls(); readyFilters(); readyTables(); readyBar();
    if (wide.matches) { $("#legend").open = true; if ($("#filters")) $("#filters").open = true; }
    let before = null;
    matchMedia("print").addEventListener("change", (event) => {
      if (event.matches) { before = map.getBounds(); $("#legend").open = true; }
      map.invalidateSize({ animate: false });
      if (before) map.fitBounds(before, { animate: false });
    });
    const hash = location.hash;
    readLink();
    drawLabels(); list();
    map.on("moveend", () => { drawLabels(); list(); link(); });
    map.on("zoomend", paintContext);
    wide.addEventListener("change", () => { map.invalidateSize(); list(); });
    onTheme.push(() => { paintContext(); paintMarks(); paintFarmland(); paintMunicipalities(); paintBeside(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.open !== null) close(); });
    window.addEventListener("hashchange", () => { if (/(^|[#&])(id|kommune)=/.test(location.hash)) readLink(); });
    if (/^#\w+$/.test(hash) && $(hash)) $(hash).scrollIntoView();
    if (!filtered() && areas.length && !$("#status").textContent) say(fill(T.shown, { n: areas.length, total: areas.length }));
    box.dataset.ready = "true";
  }
  window.ikap = { start };
})();
