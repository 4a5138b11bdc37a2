/** What a plugin is: the one description that every later step works from. */

export const PLUGIN_KINDS = ['stack', 'confgend', 'call-logger', 'legacy'] as const;

export type PluginKind = (typeof PLUGIN_KINDS)[number];

export interface Plugin {
  readonly kind: PluginKind;
  /** Absolute path of its source folder. */
  readonly dir: string;
  /** Unique among plugins: `namespace/name` for a stack plugin, else its package's name. */
  readonly id: string;
  readonly name: string;
  /** Empty for kinds that have none. */
  readonly namespace: string;
  readonly version: string;
  /** Only of kind `call-logger`: what its manifest says. */
  readonly callLogger?: CallLoggerManifest;
}

/** Of the call logger: quartx_call_logger 0.1, quartx_call_logger 0.2, calllogger 2. */
export const CALL_LOGGER_GENERATIONS = ['1', '1b', '2'] as const;

export type CallLoggerGeneration = (typeof CALL_LOGGER_GENERATIONS)[number];

export interface CallLoggerManifest {
  readonly name: string;
  readonly version: string;
  /** Path of the plugin's module, relative to the plugin's folder. */
  readonly module: string;
  /** Exact name of its class; the settings block has the same name. */
  readonly className: string;
  /** Path of the YAML file with the settings block, or of generation 2's environment file, relative to it too. */
  readonly settings: string;
  readonly generation: CallLoggerGeneration;
  /** Package that registers the class and starts the call logger; of generation 2 only. */
  readonly launcher?: string;
}
