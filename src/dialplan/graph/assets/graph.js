// The page of `wdev dialplan graph --format html`: draws what is open, moves, searches, shows lines.
const data = JSON.parse(document.getElementById('data').textContent);
const drawing = document.getElementById('drawing');
const detail = document.getElementById('detail');
const search = document.getElementById('search');
const boxes = new Map(data.boxes.map((box) => [box.id, box]));
const rows = new Map(data.boxes.flatMap((box) => box.rows.map((row) => [row.port, { ...row, box }])));
const open = new Set(data.open ? data.boxes.filter((box) => box.rows.length > 0).map((box) => box.id) : []);
const SVG = 'http://www.w3.org/2000/svg';
const view = { x: 0, y: 0, scale: 1 };
let graphviz;
let svg;
let chosen;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** The picture in Graphviz's language; lines between folded contexts that lie on each other are one. */
function dot() {
  const seen = new Set();
  const inside = data.clusters.map(() => []);
  const outside = [];
  for (const box of data.boxes) {
    const text = open.has(box.id) ? box.dot : box.folded;
    (data.clusters[box.file] === undefined ? outside : inside[box.file]).push(text);
  }
  for (const link of data.links) {
    if (link.from.box === link.to.box) continue;
    const from = open.has(link.from.box) ? link.ends.from : link.ends.fromBox;
    const to = open.has(link.to.box) ? link.ends.to : link.ends.toBox;
    const key = `${from} -> ${to} ${link.colour} ${link.solid}`;
    if (seen.has(key)) continue;
    seen.add(key);
    outside.push(`${from} -> ${to} [${link.attributes}];`);
  }
  const clusters = data.clusters.flatMap((frame, at) => [frame.head, ...inside[at], frame.close]);
  const frame = seen.size < data.many.from ? data.frame : data.many.frame;
  return [frame.head, ...clusters, ...outside, frame.close].join('\n');
}

function draw() {
  let text;
  try {
    text = graphviz.renderString(dot(), { format: 'svg', engine: 'dot' });
  } catch (error) {
    drawing.replaceChildren(
      element('p', { class: 'wait' }, `Graphviz cannot lay this out: ${error.message}`),
    );
    return;
  }
  svg = document.adoptNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement);
  for (const one of svg.querySelectorAll('[font-family]')) one.removeAttribute('font-family');
  for (const link of svg.querySelectorAll('a')) link.removeAttribute('xlink:href');
  drawing.replaceChildren(svg);
  const size = svg.viewBox.baseVal;
  svg.setAttribute('width', size.width);
  svg.setAttribute('height', size.height);
  bows();
  place();
  mark();
}

/** Lines within a box: bows at its right side, as in bows.ts. */
function bows() {
  const top = svg.querySelector('g.graph');
  const lanes = new Map();
  const inner = data.links.filter((link) => link.bow && open.has(link.from.box));
  const at = (port) => {
    const text = document.getElementById(`a_${port}`)?.querySelector('text');
    return text === null || text === undefined ? undefined : Number(text.getAttribute('y')) - 3;
  };
  const drawn = inner.map((link) => ({ link, from: at(link.from.port), to: at(link.to.port) }));
  drawn.sort((a, b) => Math.abs(a.from - a.to) - Math.abs(b.from - b.to));
  for (const { link, from, to } of drawn) {
    if (from === undefined || to === undefined) continue;
    const node = document.getElementById(link.from.box);
    const border =
      [...node.querySelectorAll('path')].find((one) => one.getAttribute('fill') === 'none') ?? node;
    const box = border.getBBox();
    const [high, low] = [Math.min(from, to), Math.max(from, to)];
    const own = lanes.get(link.from.box) ?? [];
    lanes.set(link.from.box, own);
    let lane = own.findIndex((taken) => taken.every(([a, b]) => low <= a || high >= b));
    if (lane < 0) lane = own.push([]) - 1;
    own[lane].push([high, low]);
    const x = box.x + box.width;
    const reach = x + 14 + 9 * Math.min(lane, 9);
    const group = document.createElementNS(SVG, 'g');
    group.setAttribute('class', 'edge bow');
    group.dataset.from = link.from.port;
    group.dataset.to = link.to.port;
    const path = document.createElementNS(SVG, 'path');
    const shape = `M${x},${from + 2}C${reach},${from + 2} ${reach},${to - 2} ${x + 7},${to - 2}`;
    const style = { fill: 'none', stroke: link.colour, 'stroke-width': link.taken > 0 ? 2 : 1.1, d: shape };
    for (const [name, value] of Object.entries(style)) path.setAttribute(name, value);
    if (!link.solid) path.setAttribute('stroke-dasharray', '5,3');
    const head = document.createElementNS(SVG, 'polygon');
    head.setAttribute('points', `${x},${to - 2} ${x + 7},${to - 4.6} ${x + 7},${to + 0.6}`);
    head.setAttribute('fill', link.colour);
    const title = document.createElementNS(SVG, 'title');
    title.textContent = link.why.join('; ');
    group.append(title, path, head);
    top.append(group);
  }
}

function place() {
  svg.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
}

function fit() {
  const { width, height } = svg.viewBox.baseVal;
  const room = drawing.getBoundingClientRect();
  view.scale = Math.min(1.25, Math.max(0.12, Math.min(room.width / width, room.height / height)));
  view.x = Math.max(0, (room.width - width * view.scale) / 2);
  view.y = Math.max(0, (room.height - height * view.scale) / 2);
  place();
}

function zoom(by, x, y) {
  const room = drawing.getBoundingClientRect();
  const [px, py] = [x ?? room.width / 2, y ?? room.height / 2];
  const scale = Math.min(4, Math.max(0.05, view.scale * by));
  view.x = px - ((px - view.x) * scale) / view.scale;
  view.y = py - ((py - view.y) * scale) / view.scale;
  view.scale = scale;
  place();
}

/** Brings a row or a box to the middle, at a size that can be read. */
function show(id) {
  const target = document.getElementById(`a_${id}`) ?? document.getElementById(id);
  if (target === null) return;
  if (view.scale < 0.75) zoom(1 / view.scale);
  const [room, spot] = [drawing.getBoundingClientRect(), target.getBoundingClientRect()];
  view.x += room.x + room.width / 2 - (spot.x + spot.width / 2);
  view.y += room.y + room.height / 2 - (spot.y + spot.height / 2);
  place();
}

/** Lines that begin or end at what is chosen stand out. */
function mark() {
  for (const one of svg.querySelectorAll('.chosen')) one.classList.remove('chosen');
  drawing.classList.toggle('picked', chosen !== undefined);
  if (chosen === undefined) return;
  document.getElementById(`a_${chosen}`)?.classList.add('chosen');
  const isNear = (end) => end === chosen || end === `${chosen}e`;
  for (const edge of svg.querySelectorAll('g.edge')) {
    const ends = edge.dataset.from
      ? [edge.dataset.from, edge.dataset.to]
      : (edge.querySelector('title')?.textContent ?? '')
          .split('->')
          .flatMap((end) => end.split(':').slice(0, 2));
    edge.classList.toggle('near', ends.some(isNear));
  }
}

function reveal(box) {
  if (open.has(box.id) || box.rows.length === 0) return;
  open.add(box.id);
  draw();
}

function choose(id) {
  const row = rows.get(id);
  const box = row?.box ?? boxes.get(id);
  if (box === undefined) return;
  if (row !== undefined) reveal(box);
  chosen = id;
  mark();
  tell(box, row);
}

function toggle(id) {
  const title = document.getElementById(`a_${id}-t`) ?? document.getElementById(id);
  const before = title.getBoundingClientRect();
  if (!open.delete(id)) open.add(id);
  chosen = id;
  draw();
  const after = (document.getElementById(`a_${id}-t`) ?? document.getElementById(id)).getBoundingClientRect();
  // the context stays under the pointer
  view.x += before.x - after.x;
  view.y += before.y - after.y;
  place();
  tell(boxes.get(id));
}

let moved = false;
drawing.addEventListener('pointerdown', (event) => {
  const start = {
    x: event.clientX - view.x,
    y: event.clientY - view.y,
    px: event.clientX,
    py: event.clientY,
  };
  moved = false;
  const move = (next) => {
    if (!moved && Math.hypot(next.clientX - start.px, next.clientY - start.py) < 4) return;
    moved = true;
    drawing.classList.add('moving');
    view.x = next.clientX - start.x;
    view.y = next.clientY - start.y;
    place();
  };
  const up = () => {
    drawing.classList.remove('moving');
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', up);
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', up);
});
drawing.addEventListener('click', (event) => {
  const link = event.target.closest?.('g[id^="a_"]');
  event.preventDefault();
  if (moved) return;
  if (link === null || link === undefined) {
    chosen = undefined;
    mark();
    searched();
    return;
  }
  const id = link.id.slice(2);
  if (id.endsWith('-t')) toggle(id.slice(0, -2));
  else if (rows.has(id)) choose(id);
  else choose(link.closest('g.node')?.id);
});
drawing.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    const room = drawing.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - room.x, event.clientY - room.y);
  },
  { passive: false },
);
const MOVES = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
addEventListener('keydown', (event) => {
  if (event.target === search) {
    if (event.key === 'Escape') {
      search.value = '';
      searched();
      drawing.focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const move = MOVES[event.key];
  if (move !== undefined && document.activeElement === drawing) {
    view.x += move[0];
    view.y += move[1];
    place();
  } else if (event.key === '/') search.focus();
  else if (event.key === '+') zoom(1.25);
  else if (event.key === '-') zoom(0.8);
  else if (event.key === '0') fit();
  else if (event.key === 'Escape') {
    chosen = undefined;
    mark();
    searched();
  } else return;
  event.preventDefault();
});
search.addEventListener('input', searched);
search.form.addEventListener('submit', (event) => {
  event.preventDefault();
  detail.querySelector('button')?.click();
});
document.getElementById('open').addEventListener('click', () => {
  for (const box of data.boxes) if (box.rows.length > 0) open.add(box.id);
  draw();
  fit();
});
document.getElementById('fold').addEventListener('click', () => {
  open.clear();
  draw();
  fit();
});
document.getElementById('fit').addEventListener('click', fit);
document.getElementById('in').addEventListener('click', () => zoom(1.25));
document.getElementById('out').addEventListener('click', () => zoom(0.8));

async function start() {
  try {
    graphviz = await Viz.instance();
  } catch (error) {
    drawing.replaceChildren(
      element('p', { class: 'wait' }, `Graphviz does not start here: ${error.message}`),
    );
    return;
  }
  draw();
  fit();
  searched();
  document.body.dataset.ready = 'yes';
}

Object.assign(globalThis, { show });
void start();
