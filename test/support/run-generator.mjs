// run-generator.mjs FILE [NAME=VALUE...]: what `yo` does with a generator, without its look-ups
import { createEnv } from 'yeoman-environment';

const [file, ...words] = process.argv.slice(2);
const options = Object.fromEntries(words.map((word) => word.split('=')));
const env = createEnv({ cwd: process.cwd() });
env.register(file, { namespace: 'wazo-plugin:own' });
await env.run(['wazo-plugin:own'], { yes: true, ...options });
