import type { OWN_TESTS } from '../../src/findings/own-tests.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { testPlugin } from '../../src/own-tests/tested.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';
import type { Scenario } from './scenario.ts';

async function found(test: string): Promise<readonly Finding[]> {
  const dir = tempFolder();
  writePlugin(dir, { 'tests/test_it.py': test });
  return (await testPlugin(readPlugin(dir)!))?.findings ?? [];
}

export const OWN_TESTS_SCENARIOS: Readonly<Record<keyof typeof OWN_TESTS, Scenario>> = {
  'test-failed': () => found('def test_it():\n    assert 1 == 2\n'),
  'tests-not-run': () => found("import pytest\n\n@pytest.mark.skip('no server')\ndef test_it():\n    pass\n"),
};
