import { render } from 'preact';
import { App } from './app.tsx';
import type { PageData } from './watch.ts';

const data = JSON.parse(document.querySelector('#data')?.textContent ?? '{}') as PageData;
const root = document.querySelector('#page');
if (root !== null) render(<App data={data} />, root);
