/** A server with wazo-plugind, however it is reached. */

import type { PlugindEvent } from './progress.ts';

/** The names by which a plugin is asked for. */
export interface PluginName {
  readonly namespace: string;
  readonly name: string;
  /** `wazo-plugind-NAME-NAMESPACE` */
  readonly package: string;
}

/** A plugin as `GET /plugins` lists it. */
export interface InstalledItem {
  readonly version: string;
}

export interface PackageState {
  /** dpkg's word: `installed`, `half-configured`, `config-files`. */
  readonly state: string;
  readonly version: string;
}

/** An entry of the market, as `GET /market/NAMESPACE/NAME` has it. */
export interface MarketEntry {
  readonly versions?: readonly {
    readonly version: string;
    readonly upgradable?: boolean;
    readonly min_wazo_version?: string;
    readonly max_wazo_version?: string;
    readonly method?: string;
    readonly options?: { readonly url?: string; readonly ref?: string; readonly subdirectory?: string };
  }[];
  /** Why there is none. */
  readonly missing?: string;
}

export interface ServerLook {
  readonly installed: InstalledItem | null;
  /** Undefined where dpkg cannot be asked. */
  readonly package?: PackageState | null;
  /** The server's Wazo; null when it does not say. */
  readonly wazo: string | null;
  readonly market?: MarketEntry;
}

/** The body of `POST /plugins`. */
export interface InstallBody {
  readonly method: 'git' | 'market';
  readonly options: Readonly<Record<string, string>>;
}

/** How a job that was begun ended to be followed. */
export type Followed =
  | { readonly is: 'followed' }
  /** It runs there without being followed: why. */
  | { readonly is: 'unseen'; readonly why: string }
  | { readonly is: 'lost'; readonly why: string };

export interface Diagnosis {
  readonly term?: string;
  readonly dpkg?: string;
  readonly journal?: string;
  readonly package?: PackageState | null;
  /** Exit status and output of what was run again there. */
  readonly clone?: readonly [number, string];
  readonly update?: readonly [number, string];
  readonly configure?: readonly [number, string];
  readonly depends?: readonly (readonly [string, 'installed' | 'known' | 'unknown'])[];
}

export interface DiagnosisWish {
  readonly clone?: readonly [string, string];
  readonly update?: boolean;
  readonly configure?: boolean;
  readonly depends?: readonly string[];
}

/**
 * All of them throw UserError `no-plugind` and `target-unreachable` (exit 3), `no-token`, `not-allowed`, `plugind-refused`.
 */
export interface PlugindServer {
  readonly id: string;
  look(plugin: PluginName, market: boolean): Promise<ServerLook>;
  install(
    plugin: PluginName,
    body: InstallBody,
    reinstall: boolean,
    onEvent: (event: PlugindEvent) => void,
  ): Promise<Followed>;
  remove(plugin: PluginName, onEvent: (event: PlugindEvent) => void): Promise<Followed>;
  /** The lines that the server logged since the last job began; undefined where it has no shell for us. */
  diagnose?(plugin: PluginName, wish: DiagnosisWish): Promise<Diagnosis>;
  /** The words of `dpkg --verify`. */
  verify?(plugin: PluginName): Promise<string>;
}
