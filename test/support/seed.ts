import { tmpdir } from 'node:os';
import path from 'node:path';
import { configureGlobal } from 'fast-check';

/** The same random cases in every run, so that what is green stays so; WDEV_TEST_SEED=NUMBER tries others. */
configureGlobal({ seed: Number((process.env['WDEV_TEST_SEED'] ?? '1').split(',')[0]) });

/** What tests leave in the cache is nobody's. */
process.env['XDG_CACHE_HOME'] = path.join(tmpdir(), 'wdev-test-cache');
