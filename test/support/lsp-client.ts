import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { BIN } from './wdev.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export interface Shown {
  readonly uri: string;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly range: { readonly start: { readonly line: number; readonly character: number } };
  }[];
}

/** An editor, as far as the protocol knows one: frames of JSON on the server's standard input and output. */
export class LspClient {
  private readonly child: ChildProcess;
  private buffer = Buffer.alloc(0);
  private next = 1;
  private readonly waiting = new Map<number, (message: Message) => void>();
  private readonly listeners = new Set<(message: Message) => void>();
  private readonly versions = new Map<string, number>();
  readonly exited: Promise<number | null>;

  constructor(args: readonly string[] = ['lsp', '--stdio']) {
    this.child = spawn(process.execPath, [BIN, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdout!.on('data', (chunk: Buffer) => this.take(chunk));
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
  }

  async start(): Promise<{ readonly capabilities: Record<string, unknown> }> {
    const made = (await this.ask('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
    })) as {
      capabilities: Record<string, unknown>;
    };
    this.tell('initialized', {});
    return made;
  }

  async stop(): Promise<number | null> {
    await this.ask('shutdown', null);
    this.tell('exit', null);
    return await this.exited;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  open(file: string, text: string): string {
    const uri = pathToFileURL(file).href;
    this.versions.set(uri, 1);
    this.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'asterisk', version: 1, text } });
    return uri;
  }

  type(uri: string, text: string): void {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    this.tell('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  /** Milliseconds that the server has had of the processor. Source: Linux, proc_pid_stat(5), in ticks of 10 ms. */
  processorTime(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  }

  async ask(method: string, params: unknown): Promise<unknown> {
    const id = this.next++;
    const answer = new Promise<Message>((resolve) => this.waiting.set(id, resolve));
    this.send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(error.message);
    return result;
  }

  tell(method: string, params: unknown): void {
    this.send({ method, params });
  }

  /** The next findings of a file that are as wanted. */
  async shown(uri: string, wants: (shown: Shown) => boolean = () => true): Promise<Shown> {
    return await new Promise((resolve) => {
      const listener = ({ method, params }: Message): void => {
        if (method !== 'textDocument/publishDiagnostics') return;
        const shown = params as Shown;
        if (shown.uri !== uri || !wants(shown)) return;
        this.listeners.delete(listener);
        resolve(shown);
      };
      this.listeners.add(listener);
    });
  }

  private send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.child.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  private take(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/.exec(this.buffer.subarray(0, Math.max(0, end)).toString())?.[1],
      );
      if (end < 0 || this.buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.buffer.subarray(end + 4, end + 4 + length).toString()) as Message;
      this.buffer = this.buffer.subarray(end + 4 + length);
      if (message.method !== undefined && message.id !== undefined)
        this.send({ id: message.id, result: null });
      else if (message.id !== undefined) this.waiting.get(message.id)?.(message);
      else for (const listener of this.listeners) listener(message);
    }
  }
}
