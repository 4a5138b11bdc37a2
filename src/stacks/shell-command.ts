/** How a shell is opened in a place where plugins run. */
export interface ShellCommand {
  readonly argv: readonly [string, ...string[]];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}
