# The last step before somebody's program: what bubblewrap does not do, and all that it does where it is missing.
# Words before `--` say what the sandbox is (inside.ts); the program and its arguments follow. Needs no module of Perl.
use strict;

my %one;
my @seen;
while (@ARGV) {
  my $word = shift;
  last if $word eq '--';
  my ($key, $value) = split /=/, $word, 2;
  if ($key =~ /^(?:ro|rw|link)$/) { push @seen, [$key, $value] }
  else { $one{$key} = $value }
}

sub fail {
  my ($what) = @_;
  print STDERR "wdev-sandbox: $what: $!\n";
  exit 125;
}

# mount umount2 pivot_root unshare prctl capset; the numbers from 424 on are the same on every machine
my %number;
@number{qw(mount umount pivot unshare prctl capset)} = map { $_ + 0 } split /,/, $one{calls};
@number{qw(close_range mount_setattr)} = (436, 442);

sub call {
  my ($what, $name, @words) = @_;
  fail($what) if syscall($number{$name}, @words) == -1;
}

my $none = 'none';
my ($NOSUID, $NODEV, $NOEXEC, $BIND, $REC) = (2, 4, 8, 4096, 16384);

sub folder {
  my ($path, $mode) = @_;
  my $at = '';
  for my $part (grep { $_ ne '' } split m{/}, $path) {
    $at .= "/$part";
    next if -d $at;
    mkdir $at, 0755 or fail("mkdir $at");
  }
  chmod $mode, $path or fail("chmod $path") if defined $mode;
}

sub memory {
  my ($path, $flags, $mode) = @_;
  folder($path);
  my ($type, $data) = ('tmpfs', "mode=$mode");
  call("tmpfs on $path", 'mount', $type, $path, $type, $flags, $data);
}

# attributes of mount_setattr: 1 read-only, 2 no set-uid, 4 no devices, 8 no programs
sub attributes {
  my ($path, $set, $deep) = @_;
  my $wanted = pack 'Q4', $set, 0, 0, 0;
  call("attributes of $path", 'mount_setattr', -100, $path, $deep ? 0x8000 : 0, $wanted, 32);
}

sub show {
  my ($from, $to, $set) = @_;
  if (-d $from) { folder($to) }
  elsif (!-e $to) {
    folder($to =~ s{/[^/]*$}{}r);
    open my $file, '>>', $to or fail("file $to");
  }
  call("bind of $to", 'mount', $from, $to, $none, $BIND | $REC, 0);
  attributes($to, $set, 1);
}

# a root of our own, with nothing of the machine in it but what is named
sub enclose {
  umask 0;
  my ($base, $old, $new, $here, $top) = ('/tmp', '/tmp/old', '/new', '.', '/');
  memory($base, $NOSUID | $NODEV, '0755');
  folder($old);
  folder('/tmp/new');
  call('pivot_root', 'pivot', $base, $old);
  chdir $top or fail('chdir /');
  memory($new, $NOSUID | $NODEV, '0755');
  memory($_, $NOSUID | $NODEV, '1777') for my @private = ('/new/tmp', '/new/var/tmp');
  folder('/new/tmp/home', 0777);
  folder("/new$_") for qw(/run /proc);
  my ($proc, $at) = ('proc', '/new/proc');
  call('proc', 'mount', $proc, $at, $proc, $NOSUID | $NODEV | $NOEXEC, 0);
  memory('/new/dev', $NOSUID | $NOEXEC, '0755');
  show("/old/dev/$_", "/new/dev/$_", 2 | 8) for qw(null zero full random urandom tty);
  my ($pts, $ends, $how) = ('devpts', '/new/dev/pts', 'newinstance,ptmxmode=0666,mode=620');
  folder($ends);
  call('devpts', 'mount', $pts, $ends, $pts, $NOSUID | $NOEXEC, $how);
  memory('/new/dev/shm', $NOSUID | $NODEV, '1777');
  my %links = ('pts/ptmx' => 'ptmx', '/proc/self/fd' => 'fd');
  @links{map { "/proc/self/fd/$_" } 0 .. 2} = qw(stdin stdout stderr);
  symlink $_, "/new/dev/$links{$_}" or fail("link /dev/$links{$_}") for keys %links;
  for (@seen) {
    my ($key, $value) = @$_;
    if ($key eq 'link') {
      my ($target, $name) = split /\t/, $value;
      symlink $target, "/new$name" or fail("link $name");
      next;
    }
    my ($from, $to) = split /\t/, $value;
    show("/old$from", "/new$to", 2 | 4 | ($key eq 'ro' ? 1 : 0));
  }
  call('umount', 'umount', $old = '/old', 2);
  chdir $new or fail('chdir /new');
  call('pivot_root', 'pivot', $here, $here);
  call('umount', 'umount', $here, 2);
  attributes($_, 1, 0) for $top, $one{still} ? qw(/tmp /var/tmp /dev/shm /dev) : ();
}

sub loopback_up {
  socket my $any, 2, 2, 0 or fail('socket');
  my $request = pack 'a16 s x22', 'lo', 0x41;
  ioctl $any, 0x8914, $request or fail('loopback');
}

if ($one{enclose}) {
  loopback_up() unless $one{network};
  enclose();
}
# that of a service: modes of what a plugin packages follow it
umask 022;

# no capability comes back, whatever is started
sub bound {
  for my $capability (0 .. 63) { last if syscall($number{prctl}, 24, $capability, 0, 0, 0) == -1 }
}

if ($one{drop}) {
  bound();
  $( = $one{gid};
  $) = "$one{gid} $one{gid}";
  ($<, $>) = ($one{uid}, $one{uid});
  fail('uid') if $< != $one{uid} || $> != $one{uid} || $( != $one{gid};
}
elsif ($one{enclose}) {
  call('user name space', 'unshare', 0x10000000);
  for (['gid', $one{gid}], ['uid', $one{uid}]) {
    my ($kind, $id) = @$_;
    open my $map, '>', "/proc/self/${kind}_map" or fail("${kind}_map");
    syswrite $map, "$id 0 1\n" or fail("${kind}_map");
  }
  bound();
}
# what `unshare --kill-child` has set went with the rights
call('the end of all', 'prctl', 1, 9, 0, 0, 0) if $one{enclose};
chdir $one{cwd} or fail("chdir $one{cwd}");
call('no new privileges', 'prctl', 38, 1, 0, 0, 0);
call('no ambient capabilities', 'prctl', 47, 4, 0, 0, 0);
my ($who, $nothing) = (pack('L2', 0x20080522, 0), pack 'L6', (0) x 6);
call('no capabilities', 'capset', $who, $nothing);
if ($one{filter} ne '') {
  my $filter = pack 'H*', $one{filter};
  my $program = pack 'S x6 P', length($filter) / 8, $filter;
  call('filter', 'prctl', 22, 2, $program, 0, 0);
}
syscall $number{close_range}, 3, 0xffffffff, 0;
delete $ENV{PERL_BADLANG};

sub start {
  no warnings;
  exec { $ARGV[0] } @ARGV;
  my ($number, $text) = ($! + 0, "$!");
  print STDERR "spawn $ARGV[0] ", $number == 2 ? 'ENOENT' : $number == 13 ? 'EACCES' : $text, "\n";
  exit($number == 2 ? 127 : 126);
}

start() unless $one{enclose};
# the first process of its own name space: ends with the program, and everything else with it
my $child = fork;
fail('fork') unless defined $child;
start() if $child == 0;
my ($ended, $status) = (0, 0);
while (($ended = wait) != -1) { $status = $?, last if $ended == $child }
exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
