import { describe, expect, it } from 'vitest';
import { fit } from '../../src/terminal/fit.ts';
import { wrap } from '../../src/terminal/wrap.ts';

const LINE = '    skipped: a plugin never runs its own install on the machine of its author';

describe('fit', () => {
  it('breaks a long line at a word, set in a little more', () => {
    expect(fit(LINE, 50)).toEqual([
      '    skipped: a plugin never runs its own install',
      '      on the machine of its author',
    ]);
  });

  it('sees blanks behind a colour', () => {
    const [first, second] = fit(`\u001b[2m${LINE}\u001b[22m`, 50);
    expect(first).toMatch(/^ {4}\S*skipped/);
    expect(second).toMatch(/^ {6}\S*on the/);
  });

  it('leaves a line whole without a terminal, and one that fits', () => {
    expect(fit(LINE, Infinity)).toEqual([LINE]);
    expect(fit(LINE, 80)).toEqual([LINE]);
  });

  it('does not count colours', () => {
    const dim = `\u001b[2m${'word '.repeat(15)}end\u001b[22m`;
    expect(fit(dim, 80)).toHaveLength(1);
  });

  it.each([
    ['git config --global user.name "Your Name"', 'Note: no first commit: user.name is not set (', ').'],
    ['git remote add origin ADDRESS', 'The folder has no remote: ', ', then push.'],
    ['wdev stack up --kind embedded', 'There is no such stack here. Start it with ', ' and try it again.'],
    ['wdev new stack hello --namespace demo --part dialplan', 'Make it: ', ' and look at it.'],
    ['wdev install', 'Not installed: demo/api. Install them: ', ''],
    ['wdev watch hello', 'Now do this in the other terminal: ', '. It waits.'],
    ["wdev targets add lab 'exec:docker exec -i pbx sh'", 'Name it once: ', '; then it is known.'],
    ['git -C hello checkout -q .', 'Undo it: git status --short shows it; ', ''],
  ])('never breaks %s, at any width', (command, before, after) => {
    for (let columns = 20; columns < 120; columns += 1)
      expect(fit(`  ${before}${command}${after}`, columns).join('\n'), String(columns)).toContain(command);
  });

  it.each(['135 ms', '1.2 s', '\u001b[2m135 ms\u001b[22m', '3 min', '80 %', '1.5 MB'])(
    'never breaks %s, at any width, nor does the other wrapper',
    (quantity) => {
      const line = `hello is installed and verified, ${quantity} and a word, within ${quantity}`;
      for (let columns = 20; columns < 90; columns += 1) {
        const shown = [fit(`  ${line}`, columns), wrap(line, columns)];
        for (const lines of shown) expect(lines.join('\n').split(quantity), String(columns)).toHaveLength(3);
      }
    },
  );

  it('keeps a word that is wider than the terminal', () => {
    const path = `/etc/asterisk/${'long'.repeat(10)}`;
    expect(fit(`  see ${path} there`, 30).join('\n')).toContain(path);
  });
});

describe('a row of a table', () => {
  const ROW = '  asterisk-conf         settings in a folder of Asterisk, which are read at each start of it';

  it('is continued below its text, coloured or not', () => {
    const plain = fit(ROW, 60);
    expect(plain).toEqual([
      '  asterisk-conf         settings in a folder of Asterisk,',
      '                        which are read at each start of it',
    ]);
    const coloured = fit(ROW.replace('asterisk-conf', '\u001b[1masterisk-conf\u001b[22m'), 60);
    expect(coloured.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual(plain);
  });

  it('is none where its text would be too narrow', () => {
    expect(fit(ROW, 50)[1]).toMatch(/^ {4}\S/);
  });

  it.each([
    '14:50:40 ✓ demo/hello  demo-hello.conf → 1 file, dialplan reload and a word more, 101 ms',
    '  4 | same  n,NoOp(a text of a source that is longer than the terminal is wide, by far)',
  ])('is not %s', (line) => {
    expect(fit(line, 80)[1]).toMatch(/^ {2,4}\S/);
  });
});
