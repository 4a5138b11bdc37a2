import { expect, it } from 'vitest';
import { explainStep } from '../../src/stage/step-failure.ts';

const STEP = {
  runs: 'python',
  name: 'install the Python package',
  args: ['setup.py'],
  file: 'setup.py',
} as const;
const LIBRARY = '/usr/lib/python3/dist-packages/pkg_resources/__init__.py';
/** As setuptools ends when a cache is empty: one error while another is handled. */
const CHAINED = `Traceback (most recent call last):
  File "${LIBRARY}", line 2860, in get_entry_map
    ep_map = self._ep_map
AttributeError: _ep_map

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/tmp/copy/setup.py", line 5, in <module>
    setup(
  File "${LIBRARY}", line 2535, in parse_group
    raise ValueError("Invalid group name", group)
ValueError: ('Invalid group name', 'a-b')
`;

it.each([
  ['a library fails in turn', CHAINED, 'setup.py', 5],
  ['as it was called', CHAINED.replace('/tmp/copy/', ''), 'setup.py', 5],
  [
    'in a module of the plugin',
    CHAINED.replace('setup.py", line 5', 'acme/version.py", line 3'),
    'acme/version.py',
    3,
  ],
  ['no line of the plugin', CHAINED.replaceAll('/tmp/copy/setup.py', '<string>'), LIBRARY, 2860],
])('a step of Python that failed has its place in the plugin: %s', (_, stderr, file, line) => {
  const result = { status: 1, stdout: '', stderr } as Parameters<typeof explainStep>[1];
  expect(explainStep(STEP, result, undefined, '/tmp/copy')).toMatchObject({
    file,
    line,
    message: expect.stringContaining('Invalid group name') as string,
  });
});
