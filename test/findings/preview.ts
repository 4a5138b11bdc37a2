import type { PREVIEW } from '../../src/findings/preview.ts';
import { Previewer } from '../../src/preview/previewer.ts';
import { pythonWith } from '../../src/stacks/requirements.ts';
import { stagedDriver } from '../support/confgend-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { provokedIn, type Scenario } from './scenario.ts';

const TEST = provokedIn('unit/preview.test.ts');

export const PREVIEW_SCENARIOS: Readonly<Record<keyof typeof PREVIEW, Scenario>> = {
  'driver-registered-twice': TEST,
  'driver-empty': TEST,
  'driver-none': TEST,
  'driver-bytes': TEST,
  'driver-not-text': TEST,
  'driver-not-utf8': TEST,
  'driver-timeout': TEST,
  'driver-died': TEST,
  'driver-import-failed': TEST,
  'driver-init-failed': TEST,
  'driver-raised': TEST,
  'driver-runtime-error': TEST,
  'driver-template-missing': TEST,
  'preview-not-declared': TEST,
  'driver-network-in-generate': async () => {
    const python = (await pythonWith(['yaml'])) ?? '/usr/bin/python3';
    const previewer = await Previewer.open(python);
    const driver = `import socket


class Acme:
    def __init__(self, dependencies):
        pass

    def generate(self):
        try:
            socket.create_connection(('127.0.0.1', 9), timeout=1)
        except OSError:
            pass
        return '; text'
`;
    try {
      return (await previewer.preview([stagedDriver(tempFolder(), { driver })])).flatMap(
        ({ findings }) => findings,
      );
    } finally {
      await previewer.close();
    }
  },
  'driver-network-in-init': TEST,
  'driver-database-in-init': TEST,
  'driver-template-undefined': TEST,
  'driver-slow': TEST,
  'settings-exec': TEST,
  'generated-section-twice': TEST,
  'generated-section-gone': TEST,
  'generated-not-yaml': TEST,
};
