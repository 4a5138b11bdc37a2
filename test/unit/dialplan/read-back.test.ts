import { describe, expect, test } from 'vitest';
import { expectedEntries, missingFromShow } from '../../../src/dialplan/show/read-back.ts';
import { loadDialplan } from '../../../src/dialplan/read/load.ts';
import { showDialplan } from '../../../src/dialplan/show/show.ts';
import { memorySource } from '../../../src/dialplan/read/source.ts';

const FILE = '/etc/asterisk/extensions_extra.d/acme.conf';

/** The whole dialplan, as shown when these files are read in this order. */
function shownWith(files: Record<string, string>): string {
  const installed = new Map(
    Object.entries(files).map(([name, text]) => [`/etc/asterisk/extensions_extra.d/${name}`, text]),
  );
  installed.set(
    '/etc/asterisk/extensions.conf',
    '[stock]\nexten => s,1,NoOp\n#include extensions_extra.d/*\n',
  );
  return showDialplan(loadDialplan(memorySource(installed)));
}

function missing(text: string, others: Record<string, string> = {}): string[] {
  const { entries } = expectedEntries(text, FILE);
  const found = missingFromShow(entries, shownWith({ 'acme.conf': text, ...others }));
  return found.map(
    ({ entry, instead }) =>
      `${entry.place.line} ${entry.text}${instead === undefined ? '' : ` <- ${instead}`}`,
  );
}

describe('a file that was loaded', () => {
  test.each([
    ['plain', '[acme]\nexten = s,1,Answer()\nsame = n,Return()\n'],
    [
      'hints, labels, includes',
      '[acme]\nexten = s,1(a),NoOp\nsame = n(b),Goto(a)\nexten = 1,hint,PJSIP/x\ninclude = stock\nignorepat = 9\nswitch = Loopback/x\n',
    ],
    ['callers', '[acme]\nexten = 12/34,1,NoOp\nexten = 12,1,NoOp(x)\n'],
    [
      'a very long line',
      `[acme]\nexten = s,1,NoOp(${'x'.repeat(3000)})\nsame = n,NoOp(${'é'.repeat(900)})\n`,
    ],
    [
      'an application that looks like a place',
      '[acme]\nexten = s,1,NoOp(a [b.conf:3]  )\nsame = n,NoOp([x])\n',
    ],
    ['no header', 'exten = t,1,NoOp\nsame = n,Hangup()\n'],
    ['same without its extension', 'same = n,NoOp(more)\n'],
    ['an addition', '[stock](+)\nexten = s,n,NoOp(more)\nsame = n(x),NoOp\n'],
    ['a global of another file in a name', '[acme]\nexten = ${X}1,1,NoOp\ninclude = ${X}\n'],
  ])('%s: nothing is missing', (_, text) => {
    expect(expectedEntries(text, FILE).entries.length).toBeGreaterThan(0);
    expect(missing(text)).toEqual([]);
  });

  test('its place in the glob does not matter', () => {
    const text = '[acme]\nexten = s,1,NoOp\n';
    expect(missing(text, { 'a-first.conf': '; a comment\n\n[first]\n' })).toEqual([]);
  });
});

describe('what is not there', () => {
  test('lines that another file took before', () => {
    const text = '[shared]\nexten = s,1,NoOp(mine)\nsame = n,NoOp(second)\n';
    const others = { 'a-first.conf': '[shared]\nexten = s,1,NoOp(theirs)\n' };
    expect(missing(text, others)).toEqual(['2 NoOp(mine) <- 1. NoOp(theirs) [a-first.conf:2]']);
  });

  test('the same words from another file do not count', () => {
    const text = '[shared]\nexten = s,1,NoOp\n';
    expect(missing(text, { 'a-first.conf': text })).toEqual(['2 NoOp() <- 1. NoOp() [a-first.conf:2]']);
  });

  test('a file that is not read at all', () => {
    const { entries, contexts } = expectedEntries('[acme]\nexten = s,1,NoOp\ninclude = stock\n', FILE);
    expect(contexts).toEqual(['acme']);
    const show = "There is no existence of 'acme' context\nCommand 'dialplan show acme' failed.\n";
    expect(missingFromShow(entries, show).map(({ entry }) => entry.text)).toEqual(['NoOp()', 'stock']);
  });

  test('what Asterisk refuses anyway is told apart', () => {
    const { entries, rejections } = expectedEntries(
      '[acme]\nexten = s,1,NoOp\ngarbage\nexten = s,1,NoOp(twice)\n',
      FILE,
    );
    expect(entries.map(({ text }) => text)).toEqual(['NoOp()']);
    expect(rejections.map(({ code, asteriskLine }) => [code, asteriskLine])).toEqual([
      ['dialplan-no-equals', 3],
      ['dialplan-duplicate-priority', 4],
    ]);
  });
});
