'use strict';

const box = document.getElementById('search');
const found = document.getElementById('found');
const items = [...document.querySelectorAll('[data-search]')];
const texts = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));

/** Shows only what holds every word, and what stands around it. */
function search() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (item) => words.every((word) => texts.get(item).includes(word));
  let count = 0;
  for (const item of items) {
    const fits = words.length === 0 || holds(item);
    item.hidden = !fits;
    if (fits && !items.some((other) => other !== item && item.contains(other) && holds(other))) count += 1;
  }
  for (const section of document.querySelectorAll('main > section')) {
    section.hidden = words.length > 0 && !section.querySelector('[data-search]:not([hidden])');
  }
  // what is folded away could hold the only hit
  for (const fold of document.querySelectorAll('main details:not(.rule)')) {
    fold.open = words.length > 0 && fold.querySelector('[data-search]:not([hidden])') !== null;
  }
  found.textContent = words.length === 0 ? '' : count === 1 ? '1 entry' : `${count} entries`;
}

/** Opens what is folded around the address that was followed. */
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === 'DETAILS') part.open = true;
  }
  target?.scrollIntoView();
}

box.addEventListener('input', search);
box.form.addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== box) {
    event.preventDefault();
    box.focus();
  } else if (event.key === 'Escape' && document.activeElement === box) {
    box.value = '';
    search();
  }
});
addEventListener('hashchange', unfold);
if (matchMedia('(max-width: 61.99rem)').matches) document.querySelector('nav details').open = false;
if (location.hash) unfold();
