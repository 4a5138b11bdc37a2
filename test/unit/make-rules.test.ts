import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { MadeRules } from '../../src/readers/shell/make-answer.ts';
import { setPolicy } from '../../src/sandbox/policy.ts';
import { findWay } from '../../src/sandbox/way.ts';
import { askMake } from '../../src/stage/ask-make.ts';
import { PLUGIN, WITH_MAKE, foundWithMake, type Files } from '../support/make-rules.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const HEAD = '#!/usr/bin/make -f\n';

/** The findings of check about a plugin with these files, with make asked. */
async function found(rules: string, files: Files = {}): Promise<readonly Finding[]> {
  return await foundWithMake({ ...files, 'wazo/rules': rules });
}

/** `CODE line: text of that line`, of what is said about wazo/rules. */
async function told(rules: string, files: Files = {}): Promise<readonly string[]> {
  const lines = rules.split('\n');
  return (await found(rules, files))
    .filter(({ file }) => file === 'wazo/rules')
    .map(({ code, line = 0 }) => `${code}: ${lines[line - 1]?.trim().replaceAll('$$', '$') ?? ''}`)
    .sort();
}

const COMMANDS = ['build', 'package', 'install', 'uninstall', 'postrm'] as const;

type Steps = Readonly<Record<string, readonly string[]>>;

const RELOAD = 'answer=$(asterisk -rx "dialplan reload") || echo "no Asterisk: $answer" >&2';

/** The commands of a step; those of the sound plugin where a case has none of its own. */
function stepOf(steps: Steps, name: string): readonly string[] {
  return steps[name] ?? [name === 'install' ? RELOAD : ':'];
}

function asShell(steps: Steps): string {
  const arms = COMMANDS.map(
    (name) =>
      `${name})\n${stepOf(steps, name)
        .map((line) => `${line}\n`)
        .join('')};;\n`,
  );
  return `#!/bin/sh\nset -e\ncase "$1" in\n${arms.join('')}*)\necho "unknown: $1" >&2\nexit 1\n;;\nesac\n`;
}

function asMake(steps: Steps, head = ''): string {
  const targets = COMMANDS.map(
    (name) =>
      `${name}:\n${stepOf(steps, name)
        .map((line) => `\t${line.replaceAll('$', '$$$$')}\n`)
        .join('')}`,
  );
  return `${HEAD}${head}.PHONY: ${COMMANDS.join(' ')}\n\n${targets.join('\n')}`;
}

const SOUND = { package: ['cp -R etc "$pkgdir/"'] };

describe('a Makefile as wazo/rules', () => {
  it.each<readonly [string, Steps]>([
    ['sound', SOUND],
    [
      'writes elsewhere, needs root and the network',
      {
        build: ['systemctl daemon-reload', 'wget https://example.org/x'],
        package: ['cp -R etc "$pkgdir/"', 'cp etc/asterisk/extensions_extra.d/acme-hello.conf /etc/'],
      },
    ],
    ['copies what is not there', { package: ['cp -R etc usr "$pkgdir/"', 'cp wazo/rules "$pkgdir/usr/x/"'] }],
    ['no quotes', { package: ['cp -R etc $pkgdir/'] }],
    [
      'restarts unguarded, and what the package has nothing for',
      { ...SOUND, install: ['systemctl restart wazo-dird', 'asterisk -rx "dialplan reload" || true'] },
    ],
    [
      'cannot be run twice, and knows no folder of the sources',
      {
        ...SOUND,
        install: ['echo "a=1" >> /etc/acme.conf', 'cp etc/asterisk/extensions_extra.d/acme-hello.conf /tmp/'],
      },
    ],
    ['for bash', { ...SOUND, install: ['if [[ -d /etc/asterisk ]]; then echo there; fi'] }],
    ['python 2', { ...SOUND, build: ['python setup.py bdist'] }],
  ])('has the findings that the same commands have in a shell script: %s', async (_, steps) => {
    expect(await told(asMake(steps))).toEqual(await told(asShell(steps)));
  });

  it('has them where make puts variables, prerequisites, loops and included files in', async () => {
    const rules = `${HEAD}include $(dir $(lastword $(MAKEFILE_LIST)))common.mk
DEST = $(pkgdir)/etc
SERVICES := wazo-dird wazo-chatd
$(info no command)
.PHONY: build package install uninstall postrm tree
define restart
systemctl restart $(1)

endef

build uninstall postrm: ; @true

tree:
	mkdir -p "$(DEST)/asterisk/extensions_extra.d"

package: tree
	# copies what Asterisk reads
	cp $(wildcard etc/asterisk/extensions_extra.d/*.conf) \\
	    "$(DEST)/asterisk/extensions_extra.d/"
	cp $(CURDIR)/etc/nothing.conf "$(DEST)/"
install:
ifdef pkgdir
	-systemctl restart wazo-calld
endif
	$(foreach service,$(SERVICES),$(call restart,$(service)))
	$(bad) /tmp/x
	rm -rf $(notdir $(abspath wazo/common.mk))
`;
    const findings = await found(rules, { 'wazo/common.mk': 'bad = chown asterisk.asterisk\n' });
    const lines = rules.split('\n');
    const at = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;
    expect(findings.map(({ code, file, line }) => `${code} ${file}:${line}`).sort()).toEqual(
      [
        `rules-source-missing wazo/rules:${at('nothing.conf')}`,
        `rules-service-untouched wazo/rules:${at('systemctl restart wazo-calld') || 0}`,
        `rules-service-untouched wazo/rules:${at('foreach')}`,
        `rules-service-untouched wazo/rules:${at('foreach')}`,
        `rules-last-command-decides wazo/rules:${at('foreach')}`,
        `rules-last-command-decides wazo/rules:${at('foreach')}`,
        `rules-chown-dot wazo/rules:${at('$(bad)')}`,
        `rules-asterisk-not-reloaded wazo/rules:${at('systemctl restart wazo-calld')}`,
      ].sort(),
    );
  });

  it.each([
    ['an error of make', `${HEAD}build:\n\t@:\npackage\n`, 'rules-syntax', 4],
    ['an error of the shell', asMake({ ...SOUND, install: ['if true; then'] }), 'rules-syntax', 11],
    [
      'a command that it has no rule for',
      `${HEAD}build package install uninstall:\n\tcp -R etc "$(pkgdir)/"\n`,
      'rules-postrm-missing',
      1,
    ],
    ['a file that the server lacks', `${HEAD}include wazo/own.mk\n`, 'rules-syntax', 2],
    ['no -f', asMake(SOUND).replace(' -f', ''), 'rules-command-missing', 1],
    [
      'env',
      asMake(SOUND).replace('/usr/bin/make -f', '/usr/bin/env make -f'),
      'rules-interpreter-unknown',
      1,
    ],
  ])('tells of %s', async (_, rules, code, line) => {
    const errors = (await found(rules, { 'wazo/own.mk': asMake(SOUND) })).filter(
      ({ level }) => level === 'error',
    );
    expect(errors).toContainEqual(expect.objectContaining({ code, file: 'wazo/rules', line }));
  });

  it('wants make on the server, or under debian_depends', async () => {
    const rules = asMake(SOUND);
    expect(await told(rules)).toEqual([]);
    expect(await told(rules, { 'wazo/plugin.yml': SOUND_PLUGIN['wazo/plugin.yml'] ?? '' })).toEqual([
      'rules-interpreter-unknown: #!/usr/bin/make -f',
    ]);
  });

  it('is left as it is by --fix, which would edit another text than that of the Makefile', async () => {
    const fixable = (await found(asMake({ ...SOUND, package: ['cp -R etc $pkgdir/'] }))).filter(
      ({ fixable: is }) => is === true,
    );
    expect(fixable).toEqual([]);
  });
});

const way = await findWay('best');

describe('what make runs while it reads', () => {
  it.skipIf(way.way === undefined)('is in the sandbox, and ends', async () => {
    const dir = tempFolder();
    const own = path.join(dir, 'own');
    const rules = asMake(SOUND, `X := $(shell touch ${own} wazo/touched; echo x)\n`);
    const plugin = path.join(dir, 'hello');
    writePlugin(plugin, { 'wazo/rules': rules, 'wazo/plugin.yml': WITH_MAKE });
    const result = await wdev(['check', plugin]);
    expect(result.status).toBe(0);
    expect(result.stdout).toContain('is not checked: it writes a file while it is read [rules-not-followed]');
    expect([existsSync(own), existsSync(path.join(plugin, 'wazo/touched'))]).toEqual([false, false]);
  });

  it('may load what a setup.py needs', async () => {
    const version = '/usr/bin/python3 -c "import setuptools; print(1)" | sort | tail -1';
    // once, for its time is bounded too
    const asked = `ifeq ($(MAKECMDGOALS),build)\nX := $(shell ${version})\n$(if $(X),,$(error none))\nendif\n`;
    const rules = asMake(SOUND, asked);
    expect(await told(rules)).toEqual([]);
  });

  it('is ended when it goes on and on', async () => {
    setPolicy({ timeout: 1 });
    try {
      expect(await told(asMake(SOUND, 'X := $(shell sleep 600)\n'))).toContain('rules-not-followed: build:');
    } finally {
      setPolicy({ timeout: 900 });
    }
  });

  it.skipIf(way.way === undefined)('has bounds; one step that reaches them speaks for all', async () => {
    const findings = await found(asMake(SOUND, 'X := $(shell $(MAKE) -f wazo/rules)\n'));
    const missed = findings.filter(({ code }) => code === 'rules-not-followed');
    expect(missed.map(({ message }) => message)).toEqual([
      'make -n stops in build, so most of what it and the other commands do is not checked: it starts more than 12 processes',
    ]);
  });

  it('is not asked for where there is no sandbox, nor when somebody else says no', async () => {
    const made = await askMake(
      [
        {
          plugin: PLUGIN,
          sources: new Map([
            ['wazo/rules', { path: 'wazo/rules', mode: 0o755, bytes: Buffer.from(asMake(SOUND)) }],
          ]),
        },
      ],
      () => 'not here',
    );
    expect(made.get('/p')).toEqual<MadeRules>({ why: 'not here' });
  });
});
