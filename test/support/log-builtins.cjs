// Preloaded by node --require: writes the modules of Node that are loaded from then on to $WDEV_MODULES
'use strict';

const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const loaded = process.moduleLoadList.filter(
    (name) => !before.has(name) && name.startsWith('NativeModule '),
  );
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  writeFileSync(
    process.env['WDEV_MODULES'],
    loaded.map((name) => name.slice('NativeModule '.length)).join('\n'),
  );
});
