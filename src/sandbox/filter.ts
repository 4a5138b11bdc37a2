/** The system calls that are refused in a sandbox, as a seccomp filter. Pure. */

/** Numbers of calls that differ between machines. Source: Linux, arch/x86/entry/syscalls, asm-generic/unistd.h. */
interface Machine {
  readonly audit: number;
  readonly socket: number;
  readonly socketpair: number;
  readonly ioctl: number;
  readonly clone: number;
  readonly unshare: number;
  readonly setns: number;
  /** add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd: no build needs them. */
  readonly never: readonly number[];
  readonly mmap: number;
  /** shmget, msgget, memfd_create: memory that is no process's own. */
  readonly shared: readonly number[];
  /** mount, umount2, pivot_root, unshare, prctl, capset. */
  readonly setUp: readonly [number, number, number, number, number, number];
}

const GENERIC = {
  socket: 198,
  socketpair: 199,
  ioctl: 29,
  clone: 220,
  unshare: 97,
  setns: 268,
  never: [217, 218, 219, 280, 241, 282],
  mmap: 222,
  shared: [194, 186, 279],
  setUp: [40, 39, 41, 97, 167, 91],
} as const;

const MACHINES: Readonly<Record<string, Machine>> = {
  x64: {
    audit: 0xc000003e,
    socket: 41,
    socketpair: 53,
    ioctl: 16,
    clone: 56,
    unshare: 272,
    setns: 308,
    never: [248, 249, 250, 321, 298, 323],
    mmap: 9,
    shared: [29, 68, 319],
    setUp: [165, 166, 155, 272, 157, 126],
  },
  arm64: { audit: 0xc00000b7, ...GENERIC },
  riscv64: { audit: 0xc00000f3, ...GENERIC },
  loong64: { audit: 0xc0000102, ...GENERIC },
};

/** The numbers that inside.pl calls by; undefined on a machine that it does not know. */
export function setUpCalls(arch: string = process.arch): readonly number[] | undefined {
  return MACHINES[arch]?.setUp;
}

const [EPERM, ENOSYS] = [1, 38];
const [AF_UNIX, AF_VSOCK, SOCK_DGRAM] = [1, 40, 2];
const CLONE_NEWUSER = 0x1000_0000;
const MAP_SHARED = 1;
const [TIOCSTI, TIOCLINUX] = [0x5412, 0x541c];
const [CLONE3, IO_URING_SETUP] = [435, 425];

type Step =
  | { readonly load: number }
  | { readonly mask: number }
  /** Goes on where the value is equal, else to the label. */
  | { readonly equal: number; readonly otherwise: string }
  | { readonly anyOf: number; readonly otherwise: string }
  | { readonly below: number; readonly otherwise: string }
  | { readonly answer: number }
  | { readonly label: string };

const ALLOW = 0x7fff_0000;
const refuse = (errno: number): number => 0x0005_0000 + errno;
/** Low halves of the arguments of a call. Source: Linux, struct seccomp_data. */
const [NUMBER, AUDIT] = [0, 4];
const argument = (index: number): number => 16 + 8 * index;

/**
 * The filter as the kernel takes it. It refuses what reaches beyond the name spaces of a sandbox: keys, a virtual
 * machine's host, new user name spaces, typing into a terminal; with the network also the sockets of the machine that
 * have a name and no path, for they belong to it. Who only reads has no socket, and shares no memory: both are counted
 * for no process.
 */
export function seccompFilter(
  { network, readsOnly }: { readonly network?: boolean; readonly readsOnly?: boolean },
  arch: string = process.arch,
): Buffer {
  const machine = MACHINES[arch];
  if (machine === undefined) return Buffer.alloc(0);
  const steps: Step[] = [
    { load: AUDIT },
    { equal: machine.audit, otherwise: 'refuse' },
    { load: NUMBER },
    { below: 0x4000_0000, otherwise: 'refuse' },
    // its arguments lie in memory, where a filter does not see them: the C library then calls clone
    ...answer('clone3', CLONE3, refuse(ENOSYS)),
    ...answer('rings', IO_URING_SETUP, refuse(ENOSYS)),
    ...[machine.setns, ...machine.never].flatMap((call) => answer(`call-${call}`, call, refuse(EPERM))),
    ...where('clone', machine.clone, [{ load: argument(0) }, { anyOf: CLONE_NEWUSER, otherwise: 'allow' }]),
    ...where('unshare', machine.unshare, [
      { load: argument(0) },
      { anyOf: CLONE_NEWUSER, otherwise: 'allow' },
    ]),
    ...[TIOCSTI, TIOCLINUX].flatMap((request) =>
      where(`ioctl-${request}`, machine.ioctl, [
        { load: argument(1) },
        { equal: request, otherwise: `ioctl-${request}-end` },
      ]),
    ),
    ...where('vsock', machine.socket, [{ load: argument(0) }, { equal: AF_VSOCK, otherwise: 'vsock-end' }]),
    ...(network === true ? namedSockets(machine) : []),
    ...(readsOnly === true ? memoryOfNobody(machine) : []),
    { label: 'allow' },
    { answer: ALLOW },
    { label: 'refuse' },
    { answer: refuse(EPERM) },
  ];
  return assemble(steps);
}

function memoryOfNobody({ socket, socketpair, shared, mmap }: Machine): readonly Step[] {
  return [
    { load: NUMBER },
    ...[socket, socketpair, ...shared].flatMap((call) => answer(`still-${call}`, call, refuse(EPERM))),
    ...where('map', mmap, [{ load: argument(3) }, { anyOf: MAP_SHARED, otherwise: 'allow' }]),
  ];
}

/** A pair of datagram sockets can be connected anew, to a name. */
function namedSockets(machine: Machine): readonly Step[] {
  return [
    ...where('unix', machine.socket, [{ load: argument(0) }, { equal: AF_UNIX, otherwise: 'allow' }]),
    ...where('pair', machine.socketpair, [
      { load: argument(0) },
      { equal: AF_UNIX, otherwise: 'allow' },
      { load: argument(1) },
      { mask: 0xf },
      { equal: SOCK_DGRAM, otherwise: 'allow' },
    ]),
  ];
}

function answer(label: string, call: number, result: number): readonly Step[] {
  const end = `${label}-end`;
  return [{ equal: call, otherwise: end }, { answer: result }, { label: end }];
}

/** Refuses a call for which all tests go on; the number is loaded again behind it. */
function where(label: string, call: number, tests: readonly Step[]): readonly Step[] {
  const end = `${label}-end`;
  return [
    { load: NUMBER },
    { equal: call, otherwise: end },
    ...tests,
    { answer: refuse(EPERM) },
    { label: end },
  ];
}

/** Instructions of classic BPF: code, two relative jumps, a value. */
function assemble(steps: readonly Step[]): Buffer {
  const places = new Map<string, number>();
  const instructions: Exclude<Step, { label: string }>[] = [];
  for (const step of steps) {
    if ('label' in step) places.set(step.label, instructions.length);
    else instructions.push(step);
  }
  const bytes = Buffer.alloc(8 * instructions.length);
  instructions.forEach((step, index) => {
    const away = 'otherwise' in step ? (places.get(step.otherwise) ?? Number.NaN) - index - 1 : 0;
    if (!(away >= 0 && away < 256)) throw new Error(`no jump of ${away} in a filter`);
    const [code, whenTrue, whenFalse, value] = encode(step, away);
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(whenTrue, 8 * index + 2);
    bytes.writeUInt8(whenFalse, 8 * index + 3);
    bytes.writeUInt32LE(value >>> 0, 8 * index + 4);
  });
  return bytes;
}

function encode(
  step: Exclude<Step, { label: string }>,
  away: number,
): readonly [number, number, number, number] {
  if ('load' in step) return [0x20, 0, 0, step.load];
  if ('mask' in step) return [0x54, 0, 0, step.mask];
  if ('equal' in step) return [0x15, 0, away, step.equal];
  if ('anyOf' in step) return [0x45, 0, away, step.anyOf];
  if ('below' in step) return [0x35, away, 0, step.below];
  return [0x06, 0, 0, step.answer];
}
