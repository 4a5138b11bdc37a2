import { met, row } from './row.ts';

/** Faults that a plugin's own tests show. */
export const OWN_TESTS = met({
  'test-failed': row(
    'error',
    'A test of the plugin failed',
    'The plugin does not do what its author wrote down, here or on the server that was asked.',
    'Fix the plugin or the test.',
    'the plugin itself',
    'tests/test_it.py: def test_it(): assert 1 == 2\n$ wdev test',
  ),
  'tests-not-run': row(
    'error',
    'No test of the plugin gave a result',
    'pytest did not come to the tests, or each was skipped: nothing is known of the plugin.',
    'See why: python3 -m pytest -rs',
    'pytest, exit codes',
    'tests/test_it.py: every test is skipped\n$ wdev test',
  ),
});
