import { HERE, type Machine } from './machine.ts';

/** One call of a maintainer script by dpkg. */
export interface ScriptCall {
  /** `postinst`, `prerm`, `postrm`. */
  readonly script: string;
  /** Its arguments: `configure`, `upgrade 0.1.0`. */
  readonly call: string;
  readonly status: number;
  readonly output: string;
}

export interface DpkgRun {
  readonly status: number;
  readonly output: string;
  readonly scripts: readonly ScriptCall[];
  readonly ms: number;
}

/** Runs dpkg in the machine, with watched programs first on PATH. Dependencies are ignored. */
export async function dpkg(machine: Machine, words: string, before = ''): Promise<DpkgRun> {
  const started = performance.now();
  const script = `${before}\nPATH=${HERE}/bin:$PATH DEBIAN_FRONTEND=noninteractive exec dpkg --debug=2 --force-depends ${words}`;
  const { status, stdout } = await machine.sh(script);
  return {
    status,
    output: plainOutput(stdout),
    scripts: readScripts(stdout),
    ms: performance.now() - started,
  };
}

const DEBUG = /^D\d{6}: /;
const START = /^D\d{6}: fork\/exec \S+[./](preinst|postinst|prerm|postrm) \( ([^)]*)\)/;
const SCRIPT =
  /\b(?:preinst|postinst|prerm|postrm|pre-removal|post-removal|pre-installation|post-installation)\b/;
/** Lines that dpkg itself writes between and after scripts. */
const OWN =
  /^(?:\(Reading database|Preparing to unpack|Unpacking|Setting up|Removing|Purging configuration|Selecting previously|dpkg: |Errors were encountered|Processing triggers| \S)/;

/** Source: dpkg 1.21 to 1.23, --debug=2. */
function readScripts(text: string): readonly ScriptCall[] {
  const found: { script: string; call: string; status: number; output: string[] }[] = [];
  let open = false;
  for (const line of text.split('\n')) {
    const start = START.exec(line);
    if (start !== null) {
      found.push({ script: start[1] ?? '', call: (start[2] ?? '').trimEnd(), status: 0, output: [] });
      open = true;
      continue;
    }
    const last = found.at(-1);
    const status = failedWith(line);
    if (status !== undefined && last !== undefined && /^dpkg| (?:installed|old|new) /.test(line)) {
      last.status = Number(status) || 1;
      open = false;
    } else if (DEBUG.test(line) || OWN.test(line)) open = false;
    else if (open && last !== undefined) last.output.push(line);
  }
  return found.map(({ output, ...rest }) => ({ ...rest, output: output.join('\n').trim() }));
}

function plainOutput(text: string): string {
  return text
    .split('\n')
    .filter((line) => !DEBUG.test(line))
    .join('\n')
    .trim();
}

/** The status, or the signal, with which dpkg says that a script ended: the last one of its line. */
function failedWith(line: string): string | undefined {
  const at = line.search(SCRIPT);
  return at < 0 ? undefined : [...line.slice(at).matchAll(/(?:status|signal) \(?(\w+)/g)].at(-1)?.[1];
}
