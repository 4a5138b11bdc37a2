import { configureGlobal } from 'fast-check';

/** The same random cases in every run, so that what is green stays so; WDEV_TEST_SEED=NUMBER tries others. */
configureGlobal({ seed: Number((process.env['WDEV_TEST_SEED'] ?? '1').split(',')[0]) });

export * from 'fast-check';
