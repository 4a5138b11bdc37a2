// Part of graph.js: the panel beside the drawing, with lines, ways and what was found.
const panel = document.getElementById('panel');

function nameOf({ box, port }) {
  const row = rows.get(port);
  const title = boxes.get(box).title;
  return row === undefined
    ? title
    : `${title}, ${row.kind === 'extension' ? row.name : `${row.name} ${row.text}`}`;
}

function jumpTo({ box, port }) {
  const id = port !== undefined && rows.has(port) ? port : box;
  choose(id);
  show(id);
}

/** The line, and where a call comes from and goes to. */
function tell(box, row) {
  const line = row?.line ?? box.line;
  const file = data.files[box.file];
  const isHere = (end) => end.box === box.id && (row === undefined || end.port === row.port);
  const list = (title, all, end) => {
    const other = end === 'to' ? 'from' : 'to';
    const isInner = (link) => row === undefined && link.from.box === link.to.box;
    const links = new Map();
    for (const link of all) {
      const key = `${link[end].box} ${link[end].port}`;
      if (isHere(link[other]) && !isInner(link) && !links.has(key)) links.set(key, link);
    }
    if (links.size === 0) return [];
    const items = [...links.values()].map((link) =>
      element(
        'li',
        {},
        element(
          'button',
          { type: 'button', onclick: () => jumpTo(link[end]) },
          nameOf(link[end]),
          element(
            'small',
            {},
            [...link.why.slice(0, 3), ...(link.taken > 0 ? [`${link.taken} traced`] : [])].join('; '),
          ),
        ),
      ),
    );
    return [element('h3', {}, title), element('ul', {}, ...items)];
  };
  detail.replaceChildren(
    element(
      'h2',
      {},
      row === undefined
        ? box.title
        : row.kind === 'extension'
          ? `${row.name} in ${box.title}`
          : `${row.name} ${row.text}`,
    ),
    element('p', {}, row === undefined ? box.summary : (row.pill ?? box.title)),
    ...(file === undefined
      ? []
      : [element('span', { class: 'place' }, `${file.name}:${line}`), source(file, line)]),
    ...list('Leads to', data.links, 'to'),
    ...list('Comes from', data.links, 'from'),
  );
  panel.classList.add('busy');
}

function source(file, line) {
  const first = Math.max(1, line - 5);
  const lines = file.lines.slice(first - 1, line + 9);
  const shown = element(
    'pre',
    {},
    ...lines.map((text, at) =>
      element('span', { 'data-line': first + at, class: first + at === line ? 'here' : '' }, text),
    ),
  );
  return lines.length === 0 ? '' : shown;
}

function found(words) {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const has = (text) => wanted.every((word) => text.toLowerCase().includes(word));
  const contexts = data.boxes
    .filter((box) => has(box.title))
    .map((box) => ({ id: box.id, text: box.title, where: box.summary }));
  const lines = [...rows.values()]
    .filter((row) => has(`${row.box.title} ${row.name} ${row.label ?? ''} ${row.text}`))
    .map((row) => ({ id: row.port, text: `${row.name} ${row.text}`, where: row.box.title }));
  return [...contexts, ...lines];
}

/** Every context, by its file: what is small in the whole picture is read here. */
function contents() {
  const contexts = data.boxes.filter(({ kind, file }) => kind === 'context' && file >= 0);
  return [...new Set(contexts.map(({ file }) => file))].flatMap((file) => [
    element('h3', {}, data.files[file].short),
    element(
      'ul',
      {},
      ...contexts
        .filter((box) => box.file === file)
        .map(({ id, title, summary }) =>
          element(
            'li',
            {},
            element(
              'button',
              { type: 'button', onclick: () => jumpTo({ box: id }) },
              title,
              element('small', {}, summary),
            ),
          ),
        ),
    ),
  ]);
}

function searched() {
  if (search.value.trim() === '') {
    detail.replaceChildren(...contents());
    panel.classList.remove('busy');
    return;
  }
  const all = found(search.value);
  const items = all
    .slice(0, 60)
    .map(({ id, text, where }) =>
      element(
        'li',
        {},
        element(
          'button',
          { type: 'button', onclick: () => (choose(id), show(id)) },
          text,
          element('small', {}, where),
        ),
      ),
    );
  const title =
    all.length === 0 ? 'Nothing found' : `${all.length} found${all.length > 60 ? ', the first 60' : ''}`;
  detail.replaceChildren(element('h2', {}, title), element('ul', {}, ...items));
  panel.classList.add('busy');
}

Object.assign(globalThis, { tell, searched });
