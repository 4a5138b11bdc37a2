/** The page's end of the line to the watch. */

import { heard } from '../hear.ts';
import type { PageModel, Told } from '../model.ts';
import type { DialplanPicture } from '../picture.ts';

export type Connection = 'open' | 'lost' | 'report';

export interface PageData {
  readonly model: PageModel;
  readonly isLive: boolean;
  readonly pictures: Readonly<Record<string, DialplanPicture>>;
}

export type PictureAnswer = { readonly picture?: DialplanPicture | undefined } | { readonly error: string };

/** Listens to the watch; tells the model after each event, and whether the watch is there. */
export function listen(from: PageModel, tell: (model: PageModel, connection: Connection) => void): void {
  let model = from;
  const source = new EventSource('events');
  source.addEventListener('model', (event: MessageEvent<string>) => {
    model = JSON.parse(event.data) as PageModel;
    tell(model, 'open');
  });
  source.addEventListener('told', (event: MessageEvent<string>) => {
    model = heard(model, JSON.parse(event.data) as Told);
    tell(model, 'open');
  });
  source.addEventListener('error', () => tell(model, 'lost'));
}

export async function pressKey(key: string): Promise<void> {
  await post('key', { key });
}

export async function askPicture(plugin: string, call: string): Promise<PictureAnswer> {
  const response = await post('picture', { plugin, call });
  return response.ok ? ((await response.json()) as PictureAnswer) : { error: 'The watch does not answer.' };
}

async function post(name: string, body: object): Promise<Response> {
  return await fetch(name, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
