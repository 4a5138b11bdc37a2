import { writeFile } from 'node:fs/promises';
import { UserError } from '../support/errors.ts';
import { pageDocument } from './document.ts';
import type { Feed } from './feed.ts';
import { pictureOf, type DialplanPicture } from './picture.ts';

/** Plugins whose dialplan a report shows; each takes some tenths of a second to draw. */
const MOST_PICTURES = 10;

/**
 * Writes the page as one file, as it is now.
 * @throws UserError `report-not-written`
 */
export async function writeReport(feed: Feed, file: string): Promise<void> {
  await feed.settled();
  const pictures: Record<string, DialplanPicture> = {};
  for (const plugin of feed.plugins.slice(0, MOST_PICTURES)) {
    const picture = await pictureIfPossible(feed.folderOf(plugin) ?? '');
    if (picture !== undefined) pictures[plugin] = picture;
  }
  const { html } = pageDocument({ model: feed.model, isLive: false, pictures });
  try {
    await writeFile(file, html);
  } catch (error) {
    throw new UserError('report-not-written', `the report cannot be written: ${(error as Error).message}`);
  }
}

/** A dialplan that cannot be read has its findings in the report. */
async function pictureIfPossible(dir: string): Promise<DialplanPicture | undefined> {
  try {
    return await pictureOf(dir);
  } catch {
    return undefined;
  }
}
