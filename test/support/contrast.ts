import type { Page } from 'playwright-core';

/** WCAG 2.2, 1.4.3: the least contrast of a text with its ground. */
export const LEAST = 4.5;

/** The contrast of two colours like `#1a2b3c`, as WCAG counts it. */
export function contrastOf(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Texts of a page that stand out too little from their ground, and how much; those of drawings are not looked at. */
export async function faintTexts(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate<readonly [text: string, colour: string, ground: string][]>(SCRIPT);
  return texts
    .filter(([, colour, ground]) => contrastOf(colour, ground) < LEAST)
    .map(
      ([text, colour, ground]) =>
        `${contrastOf(colour, ground).toFixed(2)} ${colour} on ${ground}: ${text.trim()}`,
    );
}

/** Controls of a page that a screen reader has no name for. */
export async function unnamedControls(page: Page): Promise<readonly string[]> {
  return await page.evaluate<
    readonly string[]
  >(`[...document.querySelectorAll('button, input, a[href]:not(svg *), select')]
    .filter((one) => one.checkVisibility() && !(one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent).trim())
    .map((one) => one.outerHTML)`);
}

/** Each text that is seen, with its colour and that of its ground, both without transparency. */
const SCRIPT = `(() => {
  const parse = (colour) => {
    const parts = colour.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    const scale = colour.startsWith('color(') ? 255 : 1;
    return [...parts.slice(0, 3).map((part) => part * scale), parts[3] ?? 1];
  };
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, at) => part * a + ground[at] * (1 - a));
  const hex = (colour) => '#' + colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('');
  const groundOf = (element) => {
    if (element === null) return parse(getComputedStyle(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)').slice(0, 3);
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, groundOf(element.parentElement));
  };
  const found = [];
  const add = (element, text, colour) => {
    const ground = groundOf(element);
    let opacity = 1;
    for (let one = element; one !== null; one = one.parentElement) opacity *= Number(getComputedStyle(one).opacity);
    const [r, g, b, a] = parse(colour);
    found.push([text, hex(over([r, g, b, a * opacity], ground)), hex(ground)]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: element, data } = walker.currentNode;
    if (data.trim() === '' || element.closest('svg, script, style, :disabled') !== null || !element.checkVisibility()) continue;
    add(element, data, getComputedStyle(element).color);
  }
  for (const input of document.querySelectorAll('input[placeholder]'))
    if (input.checkVisibility()) add(input, input.placeholder, getComputedStyle(input, '::placeholder').color);
  return found;
})()`;
