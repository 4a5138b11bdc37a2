import type { Finding } from '../findings/finding.ts';
import type { Driver } from './drivers.ts';
import type { ConfigProblem, PreviewReply } from './request.ts';
import { generatedName } from '../wazo/entry-point.ts';

const MERGING = 'Wazo services, configuration merging';

/** Reports faults of the settings that a driver was given. */
export function settingsFindings(driver: Driver, reply: PreviewReply): readonly Finding[] {
  const problems = (reply.problems ?? []).map(toFinding);
  const { enabled } = reply;
  // a driver that never came to its end left no answer to this
  if (enabled === driver.name || enabled === undefined) return problems;
  const key = `${driver.resource}.${driver.filename}`;
  const message =
    enabled === null
      ? `No settings file enables the driver for ${generatedName(driver)}`
      : `The settings name the driver ${enabled} for ${generatedName(driver)}, and the entry point is ${driver.name}`;
  return [
    ...problems,
    {
      code: 'entry-point-not-enabled',
      level: 'warning',
      message,
      help: `Ship a file for /etc/wazo-confgend/conf.d:\nplugins:\n  ${key}: ${driver.name}`,
      source: 'wazo-confgend, finding a driver',
    },
  ];
}

function toFinding({ file, kind, message, line }: ConfigProblem): Finding {
  const place = { file, ...(line === null ? {} : { line }) };
  if (kind === 'invalid') {
    return {
      code: 'confd-syntax',
      level: 'error',
      message: `The file is not YAML (${message}): the service starts without it, and says so only in its journal`,
      ...place,
      source: MERGING,
    };
  }
  if (kind === 'no-mapping') {
    return {
      code: 'confd-not-mapping',
      level: 'error',
      message: `At its top the file has a ${message} instead of a mapping: the service does not start`,
      ...place,
      source: MERGING,
    };
  }
  return {
    code: 'settings-exec',
    level: 'warning',
    message: `${message}; a preview does not run it, so the file was skipped`,
    ...place,
    help: 'Allow it: --allow-exec, or preview.exec: true in wdev.yml.',
    source: MERGING,
  };
}
