import path from 'node:path';
import { pythonValue } from '../readers/yaml/python-value.ts';
import { readYaml } from '../readers/yaml/read.ts';
import { timeLimit } from '../sandbox/policy.ts';
import { duringEach } from '../support/doing.ts';
import { messageOf, usageError } from '../support/errors.ts';
import type { Finding } from '../findings/finding.ts';
import { driversOf, type Driver, type PreviewInput } from './drivers.ts';
import { replyFindings } from './findings.ts';
import { Interpreter } from './interpreter.ts';
import { lintGenerated } from './lint.ts';
import type { ConfigLayer, PreviewReply } from './request.ts';
import { readPreviewSettings, type PreviewSettings } from './settings.ts';
import { registrationPlace } from './registration.ts';
import { Site } from './site.ts';
import { generatedName } from '../wazo/entry-point.ts';
import { readText } from '../support/read-file.ts';

export interface PreviewOptions {
  /** `resource/filename`; every file of every driver by default. */
  readonly wanted?: string;
  /** Only the drivers of this plugin (its id); the other inputs are merely installed beside it. */
  readonly of?: string;
  /** Settings file that wins over all others. */
  readonly config?: string;
  /** Whether `!exec` in settings may run its program; `wdev.yml` can allow it too. */
  readonly allowExec?: boolean;
  /** Seconds that a driver may take; what the person wants by default, or 30. */
  readonly limit?: number;
}

/** The text that one driver generates, with its findings. */
export interface DriverPreview {
  readonly driver: Driver;
  /** Undefined when wazo-confgend would answer nothing new. */
  readonly text: string | undefined;
  readonly findings: readonly Finding[];
  /** The driver's own output. */
  readonly printed: string;
  readonly reply: PreviewReply;
  /** Milliseconds from the request to the answer. */
  readonly ms: number;
}

const LIMIT = 30;

/** Runs drivers off-PBX; keeps a Python interpreter and the installed files between previews. */
export class Previewer {
  readonly interpreter: Interpreter;
  readonly #site: Site;

  private constructor(interpreter: Interpreter, site: Site) {
    this.interpreter = interpreter;
    this.#site = site;
  }

  /** @throws UserError `no-python` when no Python can be started */
  static async open(python?: string): Promise<Previewer> {
    const site = Site.open();
    try {
      return new Previewer(await Interpreter.start(site.root, python), site);
    } catch (error) {
      site.close();
      throw error;
    }
  }

  /**
   * Previews the drivers of staged plugins, which all lie on one search path: two packages that register one
   * name are seen.
   * @throws UserError `usage` when no driver generates the wanted file
   */
  async preview(
    inputs: readonly PreviewInput[],
    options: PreviewOptions = {},
  ): Promise<readonly DriverPreview[]> {
    const all = driversOf(inputs);
    const drivers = wantedDrivers(
      options.of === undefined ? all : all.filter(({ input }) => input.plugin.id === options.of),
      options.wanted,
    );
    this.#site.show(inputs.map(({ tree }) => tree));
    const previews: DriverPreview[] = [];
    await duringEach('asking drivers', drivers, async (driver) => {
      previews.push(await this.#previewOne(driver, options));
    });
    return previews;
  }

  async #previewOne(driver: Driver, options: PreviewOptions): Promise<DriverPreview> {
    const settings = await readPreviewSettings(driver.input.plugin.dir);
    const started = performance.now();
    const reply = await this.interpreter.preview({
      root: this.#site.root,
      path: this.#site.packages,
      resource: driver.resource,
      filename: driver.filename,
      namespace: driver.namespace,
      driver: driver.name,
      layers: await this.#layers(driver.input.plugin.dir, settings, options.config),
      allowExec: options.allowExec === true || settings.exec,
      dao: settings.dao,
      stock: settings.stock,
      limit: options.limit ?? timeLimit(LIMIT),
    });
    const ms = performance.now() - started;
    const text = reply.outcome === 'text' ? reply.text : undefined;
    const told = replyFindings(driver, reply, (file) => this.#site.sourceOf(file));
    const place = told.some(({ file }) => file === undefined) ? await registrationPlace(driver) : {};
    const findings = [
      ...told.map((finding) => ({ ...place, ...finding })),
      ...(text === undefined ? [] : lintGenerated(driver, text, settings.stock)),
    ];
    return { driver, text, findings, printed: reply.printed ?? '', reply, ms };
  }

  /** First one wins: what the user names, then the plugin's own, then what every server has. */
  async #layers(
    dir: string,
    settings: PreviewSettings,
    config: string | undefined,
  ): Promise<readonly ConfigLayer[]> {
    const given = config ?? (settings.config === undefined ? undefined : path.join(dir, settings.config));
    const first = given === undefined ? [] : [layerOf(path.relative(dir, given), await readConfig(given))];
    const own = this.#site.settingsFiles().map(({ file, text }) => layerOf(file, text));
    return [...first, ...own, layerOf("(Wazo's own settings)", STOCK_SETTINGS)];
  }

  async close(): Promise<void> {
    await this.interpreter.close();
    this.#site.close();
  }
}

function wantedDrivers(drivers: readonly Driver[], wanted: string | undefined): readonly Driver[] {
  const found = drivers.filter((driver) => wanted === undefined || generatedName(driver) === wanted);
  if (found.length > 0) return found;
  const names = drivers.map(generatedName).join(', ');
  throw usageError(
    wanted === undefined ? 'the plugin has no wazo-confgend driver' : `no driver generates ${wanted}`,
    names === ''
      ? 'Add one with wdev add confgend, or an entry point in a group such as wazo_confgend.asterisk.pjsip.conf.'
      : `Available: ${names}`,
  );
}

async function readConfig(file: string): Promise<string> {
  try {
    return readText(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw usageError(`--config ${file}: ${isMissing ? 'there is no such file' : messageOf(error)}`);
  }
}

function layerOf(file: string, text: string): ConfigLayer {
  const { root, problem } = readYaml(text, { tags: ['!exec'] });
  if (problem === undefined) return { file, text, value: pythonValue(root) };
  return { file, text, value: null, error: problem.message };
}

/** Names of the stock drivers (wazo-confgend, its own settings file). */
const STOCK = [
  'asterisk.confbridge.conf',
  'asterisk.features.conf',
  'asterisk.hep.conf',
  'asterisk.modules.conf',
  'asterisk.musiconhold.conf',
  'asterisk.pjsip.conf',
  'asterisk.rtp.conf',
  'provd.network.yml',
];

const STOCK_SETTINGS = [
  'debug: false',
  'listen_address: 127.0.0.1',
  'listen_port: 8669',
  'cache: /var/cache/wazo-confgend',
  'plugins:',
  ...STOCK.map((name) => `  ${name}: wazo`),
  '',
].join('\n');
