/** Commands killed at 30 points each; npm test tries a few of them. */
process.env['WDEV_PROMISES'] = 'long';
await import('../unit/edits-killed.test.ts');
await import('../unit/stack-killed.test.ts');
await import('../real/killed-stacks.test.ts');
