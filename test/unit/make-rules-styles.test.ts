import { describe, expect, it } from 'vitest';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { findWay } from '../../src/sandbox/way.ts';
import { WITH_MAKE, foundWithMake, type Files } from '../support/make-rules.ts';

/** The findings but for those that all of them have, as `CODE FILE: text of the line`. */
async function told(files: Files): Promise<readonly string[]> {
  const all: Files = { ...SOUND_PLUGIN, 'wazo/plugin.yml': WITH_MAKE, ...files };
  const findings = await foundWithMake(files);
  return findings
    .filter(({ code }) => !/^rules-(?:pkgdir-unquoted|asterisk-not-reloaded)$/.test(code))
    .map(
      ({ code, file, line = 0 }) =>
        `${code} ${file}: ${all[file ?? '']?.split('\n')[line - 1]?.trim() ?? ''}`,
    )
    .sort();
}

/** Makefiles as people write them; a line that ends in `# CODE`, or is below one, has that finding, and no other has any. */
const STYLES: Readonly<Record<string, Files>> = {
  'pattern rules': {
    'wazo/rules': `#!/usr/bin/make -f
CONFS := $(wildcard etc/asterisk/extensions_extra.d/*.conf)

.PHONY: build package install uninstall postrm
build:
	@true
package: $(addprefix $(pkgdir)/,$(CONFS))
$(pkgdir)/etc/%: etc/%
	install -D -m 0644 $< $@
install:
	[ ! -d /var/lib/x ] || chown asterisk.asterisk /var/lib/x # rules-chown-dot
uninstall postrm: ;
`,
  },
  'static pattern rules, secondary expansion, targets with two colons': {
    'wazo/rules': `#!/usr/bin/make -f
.SECONDEXPANSION:
DIRS := $(pkgdir)/etc/asterisk/extensions_extra.d $(pkgdir)/usr/share/acme
FILES := acme-hello.conf
.PHONY: build package install uninstall postrm
build:: ; @echo one
build::
	@echo two
package: $(FILES:%=$(pkgdir)/etc/asterisk/extensions_extra.d/%) | $(DIRS)
	cp docs/none.md $(pkgdir)/usr/share/acme/ # rules-source-missing
$(FILES:%=$(pkgdir)/etc/asterisk/extensions_extra.d/%): $(pkgdir)/%: $$(wildcard $$*) | $(DIRS)
	install -m 644 etc/asterisk/extensions_extra.d/$(@F) $@
$(DIRS):
	mkdir -p $@
install postrm:
	ln -s /usr/share/acme /opt/acme # rules-not-repeatable
uninstall: ;
`,
  },
  'targets that define and eval make': {
    'wazo/rules': `#!/usr/bin/make -f
define owned
own-$(1):
	@if test -d /var/lib/$(1); then \\
	    chown root.root /var/lib/$(1); \\
	fi
endef
$(foreach one,a b,$(eval $(call owned,$(one)))) # rules-chown-dot
define copy_tree
mkdir -p "$(pkgdir)/$(1)"
cp -R "$(1)/." "$(pkgdir)/$(1)/"
endef
.PHONY: build package install uninstall postrm
build: ; @:
package:
	$(call copy_tree,etc)
# below: rules-source-missing
	$(call copy_tree,usr/none)
install: $(addprefix own-,a b)
uninstall postrm: ;
`,
  },
  'one shell for a recipe': {
    'wazo/rules': `#!/usr/bin/make -f
.SHELLFLAGS := -eu -c
.ONESHELL:
.PHONY: build package install uninstall postrm
build:
	@
	for file in $$(find etc -name '*.conf'); do
	  test -s "$$file"
	done
package:
	mkdir -p "$(pkgdir)/usr/share/acme"
	cp -R etc "$(pkgdir)/"
	if [ -d docs ]
	then
	  cp -R docs "$(pkgdir)/usr/share/acme/"
	fi
	cd wazo
	cp nothing "$(pkgdir)/usr/share/acme/" # rules-source-missing
install:
	if test -d /var/lib/x; then
	  chown asterisk.asterisk /var/lib/x # rules-chown-dot
	fi
uninstall postrm:
	:
`,
  },
  'what make says while it reads': {
    'wazo/rules': `#!/usr/bin/make -f
WHAT = all of it
CLEAN = test -d etc
$(info don't forget: chown root.root /)
.PHONY: build package install uninstall postrm tree own
build: tree
	$(info it's built, by chown root.root x)
	@:
tree:
	$(WHAT:%=) test -d etc
	$(CLEAN)
package: tree
	$(info $(WHAT))
	$(info cp -R none $(pkgdir))
	mkdir -p "$(pkgdir)/usr/share"
	cp -R etc "$(pkgdir)/"
	cp -R none "$(pkgdir)/usr/share/" # rules-source-missing
own: tree
	$(warning chown root.root x)
	chown root.root /var/lib/acme # rules-chown-dot
install: own ; $(info what's left: $(WHAT))
uninstall postrm: ; $(info don't)
`,
  },
  'variables that it exports': {
    'wazo/rules': `#!/usr/bin/make -f
export DEST := $(pkgdir)/etc
export UNIT = wazo-calld
FROM = etc
export FROM
export RELOAD = dialplan reload
OWNER := root.root
define script
if [ -d "$$1" ]; then
  echo "$$1"
fi
endef
export script
include $(dir $(lastword $(MAKEFILE_LIST)))names.mk
.PHONY: build package install uninstall postrm
build: ; @:
package: export SHARE = $(pkgdir)/usr/share/acme
package:
	mkdir -p "$$DEST" "$$SHARE"
	cp -R "$$FROM/." "$$DEST/"
	cp -R "$$GONE" "$$SHARE/" # rules-source-missing
install postrm:
	[ ! -d "$$DEST" ] || chown $(OWNER) "$$DEST" # rules-chown-dot
	[ ! -d /var/lib/acme ] || chown "$$FULL_OWNER" /var/lib/acme # rules-chown-dot
	[ ! -d /var/lib/acme ] || chown "$$OWNER" /var/lib/acme
	answer=$$(asterisk -rx "$$RELOAD") || echo "no Asterisk: $$answer" >&2
	-systemctl restart "$$UNIT" # rules-service-untouched
uninstall:
	@sh -c "$$script" sh "$$FROM"
`,
    'wazo/names.mk': `export FULL_OWNER = asterisk.asterisk
export GONE = usr/none
`,
  },
  'all variables, exported': {
    'wazo/rules': `#!/usr/bin/make -f
.EXPORT_ALL_VARIABLES:
OWNER = asterisk.asterisk
KEPT = asterisk.asterisk
unexport KEPT
.PHONY: build package install uninstall postrm
build: ; @:
package:
	cp -R etc "$$pkgdir/"
install uninstall:
	[ ! -d /var/lib/acme ] || chown "$$OWNER" /var/lib/acme # rules-chown-dot
	[ ! -d /var/lib/acme ] || chown "$$KEPT" /var/lib/acme
postrm: ;
`,
  },
  'another sign before recipes, a shell of its own': {
    'wazo/rules': `#!/usr/bin/make -f
SHELL = /bin/bash
.RECIPEPREFIX = >
.PHONY: build package install uninstall postrm
build: ; @:
package:
> if [[ -d etc ]]; then cp -R etc "$$pkgdir/"; fi
# below: rules-source-missing
> cp -R none \\
>   "$$pkgdir/etc/"
install:
> [[ -d /var/lib/acme ]] || exit 0
> chown root.root /var/lib/acme # rules-chown-dot
.RECIPEPREFIX =
uninstall:
	chown root.root /var/lib/acme # rules-chown-dot
postrm: ;
`,
  },
  'a shell that an included file names': {
    'wazo/rules': `#!/usr/bin/make -f
include $(dir $(lastword $(MAKEFILE_LIST)))common.mk
.PHONY: build package install uninstall postrm
build: ; @:
package:
	if [[ -d etc ]]; then
	  cp -R etc "$$pkgdir/"
	fi
install uninstall:
	[[ -d /var/lib/acme ]]
	chown root.root /var/lib/acme # rules-chown-dot
postrm: ;
`,
    'wazo/common.mk': `SHELL = /bin/bash
.SHELLFLAGS = -euo pipefail -c
.ONESHELL:
`,
  },
  'recipes for Python': {
    'wazo/rules': `#!/usr/bin/make -f
SHELL := /usr/bin/python3
.ONESHELL:
.PHONY: build package install uninstall postrm
# below: rules-not-followed
build: ; pass
# below: rules-not-followed
package:
	import os, shutil
	if True:
	    shutil.copytree('etc', os.environ['pkgdir'] + '/etc')
# below: rules-not-followed
install:
	import subprocess
	subprocess.run(['asterisk', '-rx', 'dialplan reload'])
# below: rules-not-followed
uninstall: ; pass
# below: rules-not-followed
postrm: ; pass
`,
  },
  'a make for each folder': {
    'wazo/rules': `#!/usr/bin/make -f
.PHONY: build package install uninstall postrm own
build: ; @:
package:
	$(MAKE) -C src DESTDIR=$(pkgdir) prefix=/usr install
	cd src && $(MAKE) DESTDIR=$(pkgdir) extra
	cp -R etc $(pkgdir)/
	cp -R none $(pkgdir)/usr/share/ # rules-source-missing
install:
	$(MAKE) -f $(lastword $(MAKEFILE_LIST)) own
own:
	chown root.root /var/lib/acme # rules-chown-dot
uninstall postrm: ;
`,
    'src/Makefile': `prefix ?= /usr/local
SHARE = $(DESTDIR)$(prefix)/share/acme
include ../wazo/extra.mk
.PHONY: install extra all
all: ;
install: all
	$(MAKE) all
	install -D -m 644 hello.txt $(SHARE)/hello.txt
	install -D -m 644 gone.txt $(SHARE)/gone.txt # rules-source-missing
`,
    'src/hello.txt': 'hello\n',
    'wazo/extra.mk': `extra:
	mkdir -p $(DESTDIR)/var/lib/acme
	chown root.root $(DESTDIR)/var/lib/acme # rules-chown-dot
`,
  },
};

const way = await findWay('best');

describe.skipIf(way.way === undefined)('a Makefile as wazo/rules', () => {
  it.each(Object.entries(STYLES))('is looked into at its lines: %s', async (_, files) => {
    const wanted = Object.entries(files).flatMap(([file, text]) =>
      text.split('\n').flatMap((line, at, lines) => {
        const codes = /^# below: (\S+)$/.exec(lines[at - 1] ?? '') ?? / # (rules-\S+)$/.exec(line);
        return codes === null ? [] : [`${codes[1]} ${file}: ${line.trim()}`];
      }),
    );
    expect(await told(files)).toEqual(wanted.sort());
  });
});
