import { met, row } from './row.ts';

/** Faults that a plugin's own tests show. */
export const OWN_TESTS = met({
  'test-failed': row(
    'error',
    "A test of the plugin's own failed",
    'The plugin does not do what its author wrote down, here or on the server that was asked.',
    'Correct the plugin or the test at the line that the finding names.',
    'the plugin itself',
    'tests/test_it.py: def test_it(): assert 1 == 2\n$ wdev test',
  ),
  'tests-not-run': row(
    'error',
    "None of the plugin's tests gave a result",
    'pytest did not come to the tests, or each was skipped: nothing is known of the plugin.',
    'Correct what the message names; python3 -m pytest shows all of it.',
    'pytest, exit codes',
    'tests/test_it.py: every test is skipped\n$ wdev test',
  ),
});
