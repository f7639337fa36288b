// The map: quiet communes, outlines, numbered circles pushed apart, an outline in place of its circle once it is
// large enough to be seen.
const NEAREST = 60;
const STEP = 60;
const MANY = 200;
const LARGE = 2.6;

class Chart {
  constructor(pane, choose) {
    this.pane = pane;
    this.choose = choose;
    this.shapes = s("g");
    this.ground = s("g");
    this.world = s("g", null, this.ground, this.shapes);
    this.leaders = s("g", { class: "leaders" });
    this.names = s("g", { class: "names" });
    this.circles = s("g");
    this.scale = s("g", { class: "scale" });
    this.hatches = patterns("-ground");
    this.svg = s("svg", { role: "img" }, s("defs", null, patterns(""), this.hatches), this.world, this.leaders, this.names, this.circles, this.scale);
    pane.append(this.svg);
    this.ground.append(...DATA.ground.communes
      .map((one) => s("path", { d: one.d, class: one.holds ? "commune holds" : "commune" })));
    this.pointers = new Map();
    this.listen();
    new ResizeObserver(() => this.resize()).observe(pane);
  }

  // Puts the neighbourhoods of a generation on the ground.
  load(places) {
    this.places = places;
    const most = Math.max(1, ...places.map((one) => one.population ?? 0));
    const [low, high] = places.length > MANY ? [3, 7] : places.length > 40 ? [9, 14] : [11, 19];
    this.marks = places.map((place, rank) => {
      if (!place.shape) return null;
      const shape = s("path", { d: place.shape.d, class: "outline", "data-rank": rank });
      const disc = s("circle", { class: "disc" });
      const text = s("text", { class: "digit" }, String(place.number));
      const title = s("title");
      const group = s("g", { class: "mark", "data-rank": rank }, title, disc, text);
      return {
        place, shape, disc, text, title, group, x: place.shape.at[0], y: place.shape.at[1], side: place.shape.at[2],
        radius: Math.max(low, high * Math.sqrt((place.population ?? most / 3) / most)),
      };
    });
    const drawn = this.marks.filter(Boolean);
    this.shapes.replaceChildren(...drawn.map((one) => one.shape));
    this.circles.replaceChildren(...drawn.map((one) => one.group));
    this.resize();
  }

  resize() {
    const { width, height } = this.pane.getBoundingClientRect();
    if (!width || !height || !this.marks) return;
    const before = this.k && [...this.toWorld(this.width / 2, this.height / 2), this.k / this.fit];
    [this.width, this.height] = [width, height];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const [west, north, east, south] = DATA.ground.window;
    const room = (side) => Math.max(side - 40, side / 2);
    this.fit = Math.min(room(width) / Math.max(east - west, 1), room(height) / Math.max(south - north, 1));
    if (before && before[2] > 1.01) this.look(before[0], before[1], this.fit * before[2]);
    else this.whole();
  }

  whole() {
    const [west, north, east, south] = DATA.ground.window;
    this.look((west + east) / 2, (north + south) / 2, this.fit);
  }

  // Looks at a point of the ground; everything drawn follows.
  look(x, y, k) {
    this.k = Math.min(Math.max(k, this.fit), this.fit * Math.max(NEAREST, 2 / (this.fit * DATA.ground.metres)));
    const [west, north, east, south] = DATA.ground.window;
    const inside = (value, low, high) => Math.min(Math.max(value, low), high);
    this.x = this.width / 2 - inside(x, west, east) * this.k;
    this.y = this.height / 2 - inside(y, north, south) * this.k;
    this.pane.classList.toggle("zoomed", this.k > this.fit * 1.01);
    this.draw();
  }

  toWorld(x, y) {
    return [(x - this.x) / this.k, (y - this.y) / this.k];
  }

  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [wx, wy] = this.toWorld(x, y);
    const k = Math.min(Math.max(this.k * factor, this.fit), this.fit * NEAREST);
    this.look(wx + (this.width / 2 - x) / k, wy + (this.height / 2 - y) / k, k);
  }

  move(dx, dy) {
    const [x, y] = this.toWorld(this.width / 2 - dx, this.height / 2 - dy);
    this.look(x, y, this.k);
  }

  // Brings a neighbourhood into view, near enough to see its outline when asked.
  show(rank, near = false) {
    const mark = this.marks[rank];
    if (!mark) return;
    const [x, y] = [mark.x * this.k + this.x, mark.y * this.k + this.y];
    const seen = x > 20 && y > 20 && x < this.width - 20 && y < this.height - 20;
    const k = near ? (Math.min(this.width, this.height) / 2.5) / Math.max(mark.side, 1) : this.k;
    if (near || !seen) this.look(mark.x, mark.y, k);
  }

  draw() {
    this.world.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.k})`);
    for (const one of this.hatches) one.setAttribute("patternTransform", `scale(${1 / this.k})`);
    const drawn = this.marks.filter(Boolean);
    for (const one of drawn) {
      one.ax = one.cx = one.x * this.k + this.x;
      one.ay = one.cy = one.y * this.k + this.y;
      one.open = one.side * this.k > LARGE * one.radius || this.places.length === 1;
      one.r = one.open ? 10 : one.radius;
    }
    if (drawn.length <= MANY) spread(drawn.filter((one) => !one.open), this.width, this.height);
    this.leaders.replaceChildren();
    for (const one of drawn) this.drawOne(one);
    this.drawNames(drawn);
    this.drawScale();
  }

  drawOne(one) {
    one.group.setAttribute("transform", `translate(${one.cx.toFixed(1)} ${one.cy.toFixed(1)})`);
    one.group.classList.toggle("open", one.open);
    one.shape.classList.toggle("open", one.open);
    one.disc.setAttribute("r", !one.open && one.dot ? 4 : one.r);
    one.text.toggleAttribute("hidden", one.r < 8);
    one.text.setAttribute("dx", !one.open && one.dot ? 11 : 0);
    one.disc.setAttribute("fill", one.open ? "#ffffff" : one.fill ?? "#ffffff");
    one.text.setAttribute("fill", one.open ? "#1d2433" : one.ink ?? "#1d2433");
    one.shape.setAttribute("fill", one.open ? one.ground ?? "#ffffff" : "#c9cfd8");
    if (Math.hypot(one.cx - one.ax, one.cy - one.ay) > 0.75 * one.r) {
      this.leaders.append(s("path", { d: `M${one.ax} ${one.ay}L${one.cx} ${one.cy}` }),
        s("circle", { cx: one.ax, cy: one.ay, r: 2 }));
    }
  }

  // Colours what an indicator says, the reason of an absence as well.
  paint(series, chosen) {
    const ramp = DATA.ramps[series.limits.length - 2];
    this.marks.forEach((one, rank) => {
      if (!one) return;
      const missing = absence(series, rank);
      const level = klass(series, rank);
      one.dot = missing?.kind === "not_applicable";
      [one.fill, one.ink] = missing ? [`url(#${pattern(missing.kind)})`, "#1d2433"]
        : level == null ? ["#ffffff", "#1d2433"] : ramp[level];
      one.ground = missing ? `url(#${pattern(missing.kind)}-ground)` : one.fill;
      one.title.textContent = `${one.place.number}. ${one.place.name}${NBSP}: ${said(series, rank)}`;
      for (const element of [one.group, one.shape]) {
        element.setAttribute("data-kind", missing?.kind ?? "value");
        element.classList.toggle("chosen", rank === chosen);
      }
    });
    if (this.marks[chosen]) {
      this.circles.append(this.marks[chosen].group);
      this.shapes.append(this.marks[chosen].shape);
    }
    if (this.k) this.draw();
  }

  drawNames(drawn) {
    const taken = drawn.map((one) => [one.cx - one.r, one.cy - one.r, one.cx + one.r, one.cy + one.r]);
    for (const one of drawn.filter((mark) => mark.open)) {
      const half = one.side * this.k / 2;
      taken.push([one.ax - half, one.ay - half, one.ax + half, one.ay + half]);
    }
    const meets = ([a, b, c, d]) => taken.some(([e, f, g, i]) => a < g && c > e && b < i && d > f);
    const found = [];
    if (drawn.length <= MANY || this.k > this.fit * 6) {
      for (const one of DATA.ground.communes.filter((name) => name.holds)) {
        const [x, y] = [one.x * this.k + this.x, one.y * this.k + this.y];
        const half = one.name.length * 3.3 + 3;
        for (const dy of [0, -16, 16, -32, 32, -46, 46]) {
          const box = [x - half, y + dy - 8, x + half, y + dy + 8];
          if (box[0] < 2 || box[1] < 2 || box[2] > this.width - 2 || box[3] > this.height - 24 || meets(box)) continue;
          taken.push(box);
          found.push(s("text", { x, y: y + dy + 4 }, one.name));
          break;
        }
      }
    }
    this.names.replaceChildren(...found);
  }

  drawScale() {
    const metres = 110 * DATA.ground.metres / this.k;
    const power = 10 ** Math.floor(Math.log10(metres));
    const length = [5, 2, 1].find((digit) => digit * power <= metres) * power;
    const wide = length / DATA.ground.metres * this.k;
    const bottom = this.height - 12;
    this.scale.replaceChildren(
      s("rect", { x: 6, y: bottom - 14, width: wide + 66, height: 22, class: "back" }),
      s("path", { d: `M12 ${bottom - 4}v4h${wide}v-4` }),
      s("text", { x: 18 + wide, y: bottom + 3 },
        length < 1000 ? `${number(length)}${NBSP}m` : `${number(length / 1000)}${NBSP}km`));
  }

  listen() {
    const { pane } = this;
    const keys = {
      ArrowLeft: () => this.move(STEP, 0), ArrowRight: () => this.move(-STEP, 0), ArrowUp: () => this.move(0, STEP),
      ArrowDown: () => this.move(0, -STEP), "+": () => this.zoom(1.5), "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5), 0: () => this.whole(),
    };
    pane.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    // A wheel scrolls the page until the map is in use.
    pane.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== pane) return;
      event.preventDefault();
      const box = pane.getBoundingClientRect();
      this.zoom(1.2 ** -Math.sign(event.deltaY), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    pane.addEventListener("pointerdown", (event) => this.down(event));
    pane.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) pane.addEventListener(name, (event) => this.up(event, name));
  }

  down(event) {
    this.pane.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.pointers.size > 1) this.pressed = null;
    else this.pressed = { rank: event.target.closest("[data-rank]")?.dataset.rank, x: event.clientX, y: event.clientY };
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    const now = [event.clientX, event.clientY];
    this.pointers.set(event.pointerId, now);
    if (this.pressed && Math.hypot(now[0] - this.pressed.x, now[1] - this.pressed.y) > 6) this.pressed = null;
    if (others.length) {
      const [other] = others;
      const apart = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]) || 1;
      const box = this.pane.getBoundingClientRect();
      this.zoom(apart(now) / apart(before), (now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top);
    } else if (!this.pressed) this.move(now[0] - before[0], now[1] - before[1]);
  }

  up(event, name) {
    this.pointers.delete(event.pointerId);
    if (name === "pointerup" && this.pressed?.rank != null) this.choose(Number(this.pressed.rank));
    this.pressed = null;
  }
}

// Pushes circles apart until none touches another, inside the frame, each drawn back towards its place.
function spread(marks, width, height) {
  for (let turn = 0; turn < 160; turn += 1) {
    let touched = false;
    for (let i = 0; i < marks.length; i += 1) {
      for (let j = i + 1; j < marks.length; j += 1) {
        const [a, b] = [marks[i], marks[j]];
        const reach = a.r + b.r + 2;
        const dx = a.cx - b.cx || 0.1;
        const dy = a.cy - b.cy || 0.1 * (i % 2 ? 1 : -1);
        const apart = Math.hypot(dx, dy);
        if (apart >= reach) continue;
        touched = true;
        const push = (reach - apart) / 2 / apart;
        a.cx += dx * push; a.cy += dy * push;
        b.cx -= dx * push; b.cy -= dy * push;
      }
    }
    for (const one of marks) {
      const pull = turn < 80 ? 0.04 : 0;
      one.cx += (one.ax - one.cx) * pull;
      one.cy += (one.ay - one.cy) * pull;
      const away = one.ax < 0 || one.ay < 0 || one.ax > width || one.ay > height;
      if (away) continue; // a place outside the frame is not brought back into it
      one.cx = Math.min(Math.max(one.cx, one.r + 1), width - one.r - 1);
      one.cy = Math.min(Math.max(one.cy, one.r + 1), height - one.r - 1);
    }
    if (!touched && turn >= 80) break;
  }
}

// Absences are told apart without colour; a reason unknown to this page is dotted.
const PATTERNS = {
  suppressed: { size: 6, d: "M-1 7L7-1M-1 1L1-1M5 7L7 5" },
  not_released: { size: 6, d: "M0 3H6" },
  masked: { size: 6, d: "M0 0L6 6M0 6L6 0" },
  missing: { size: 6, d: "" },
  not_applicable: { size: 6, d: "", back: "#8d9099" },
  weak: { size: 6, d: "" },
  other: { size: 6, d: "M2 3h2" },
};
const pattern = (kind) => `mark-${kind in PATTERNS ? kind : "other"}`;
const patterns = (suffix) => Object.entries(PATTERNS).map(([kind, { size, d, back = "#ffffff" }]) =>
  s("pattern", { id: `mark-${kind}${suffix}`, width: size, height: size, patternUnits: "userSpaceOnUse" },
    s("rect", { width: size, height: size, fill: back }), s("path", { d, stroke: "#5f6672", "stroke-width": 1.2 })));
