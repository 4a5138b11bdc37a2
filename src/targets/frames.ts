/** The stream of one descriptor of a far end, cut into answers that each end with "\n<nonce> <status>\n". */

/** How many bytes an answer may have: logs are read up to 16 MB each. */
const MOST = 64 << 20;

/** How many bytes the status at the end of an answer may have. */
const STATUS = 32;

/** How much of the end of what came may say why a shell is lost. */
const TAIL = 2000;

export class Frames {
  readonly #end: Buffer;
  readonly #onEnd: (output: Buffer, status: string) => void;
  #parts: Buffer[] = [];
  #size = 0;
  /** The beginning of an end, perhaps. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(nonce: string, onEnd: (output: Buffer, status: string) => void) {
    this.#end = Buffer.from(`\n${nonce} `);
    this.#onEnd = onEnd;
  }

  /** Takes what came, and tells each answer that it ends. */
  take(chunk: Buffer): void {
    const end = this.#end;
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const at = rest.indexOf(end);
      const newline = at < 0 ? -1 : rest.indexOf(10, at + end.length);
      if (newline < 0) {
        const kept = at < 0 ? Math.max(0, rest.length - end.length + 1) : at;
        if (kept > 0) this.#parts.push(rest.subarray(0, kept));
        this.#size += kept;
        this.#rest = rest.subarray(kept);
        return;
      }
      const status = rest.subarray(at + end.length, newline).toString();
      this.#parts.push(rest.subarray(0, at));
      const output = joined(this.#parts);
      [this.#parts, this.#size] = [[], 0];
      this.#onEnd(output, status);
      rest = rest.subarray(newline + 1);
    }
  }

  /** Says how the bounds are broken, by an answer or by what nobody asked for. */
  get excess(): string | undefined {
    const isMore = this.#size > MOST || this.#rest.length > this.#end.length + STATUS;
    return isMore ? `answers more than ${MOST >> 20} MB` : undefined;
  }

  /** The last bytes of what came since the last end. */
  tail(): Buffer {
    const last = [this.#rest];
    for (let at = this.#parts.length - 1, size = this.#rest.length; at >= 0 && size < TAIL; at -= 1) {
      const part = this.#parts[at] as Buffer;
      last.unshift(part);
      size += part.length;
    }
    return Buffer.from(joined(last).subarray(-TAIL));
  }

  /** Keeps nothing but the tail, which is of no answer. */
  cut(): void {
    this.#parts = [this.tail().subarray(0, -this.#rest.length || undefined)];
    this.#size = 0;
  }

  forget(): void {
    [this.#parts, this.#size, this.#rest] = [[], 0, Buffer.alloc(0)];
  }
}

function joined(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}
