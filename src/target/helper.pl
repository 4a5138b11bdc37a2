# Does for the shell of a target what starting a program for each would take ten times as long: a few calls of
# mkdir, cp, mv, rm, rmdir, tar and sha256sum, commands for Asterisk's console, and reading the requests
# themselves. library.sh asks it (wdev_ask), and starts the program where there is no perl, or where the answer
# is "-": not mine, and nothing was done.
#
# A question is "<count>\0<word>\0..." on descriptor 7, an answer "<status>\n" on 8. What a program
# would print goes to standard output, which is the shell's own; both take turns, so the order is kept.
use strict;
use warnings;
use Fcntl qw(:DEFAULT :mode :seek);
use Socket;

my ( $shell, $root ) = @ARGV;
my $is_root = $> == 0;

# driver.sh has opened them
open my $stdin,  '+<&=', 5 or exit 1;
open my $script, '+<&=', 6 or exit 1;
open my $asked,  '<&=',  7 or exit 1;
open my $told,   '>&=',  8 or exit 1;
put( $told, "ready\n" ) or exit;

# --- the channel: requests "<bytes of input> <bytes of script> <use>\n<script><input>"

my $held  = '';    # what was read of the channel and not used yet
my $unread = 0;    # bytes of the present request's input that are still to come

sub more {
    my $count = sysread STDIN, $held, 65536, length $held;
    return $count;
}

sub take {
    my ($wanted) = @_;
    while ( length $held < $wanted ) { more() or exit }
    return substr $held, 0, $wanted, '';
}

# Hands on the input piece by piece.
sub take_input {
    my ( $wanted, $use ) = @_;
    $unread -= $wanted;
    while ( $wanted > 0 ) {
        if ( $held eq '' ) { more() or exit }
        my $piece = substr $held, 0, $wanted, '';
        $wanted -= length $piece;
        $use->($piece);
    }
}

# next: status 0 when a script is there, 1 when there is an input beside it, 2 at the end
sub next_request {
    take_input( $unread, sub { } );
    my $end;
    until ( ( $end = index $held, "\n" ) >= 0 ) { more() or return 2 }
    my ( $bytes, $length, $use ) = split / /, take( $end + 1 );
    chomp $use;
    fill( $script, take($length) );
    $unread = $bytes;
    return 0 if $bytes == 0 || $use eq 'archive';
    fill( $stdin, '' );
    take_input( $bytes, sub { put( $stdin, $_[0] ) } );
    return 1;
}

sub fill {
    my ( $file, $bytes ) = @_;
    truncate $file, 0;
    sysseek $file, 0, SEEK_SET;
    put( $file, $bytes );
}

sub put {
    my ( $file, $bytes ) = @_;
    my $at = 0;
    while ( $at < length $bytes ) {
        my $count = syswrite $file, $bytes, length($bytes) - $at, $at;
        return 0 unless defined $count;
        $at += $count;
    }
    return 1;
}

# --- programs; each returns its status, or nothing when it is left to the program itself

sub failed {
    put( *STDERR, join( ': ', @_, "$!" ) . "\n" );
    return 1;
}

sub make_folders {
    for my $path (@_) { mkdir $path or return failed( 'mkdir', $path ) }
    return 0;
}

sub remove_folders {
    my $status = 0;
    for my $path (@_) { rmdir $path or $status = failed( 'rmdir', $path ) }
    return $status;
}

my $can_time = eval { require Time::HiRes; 1 };

# cp -pPR FILE... FOLDER/, of small plain files
sub copy {
    my $to = pop;
    my @stats = map { $can_time ? [ Time::HiRes::lstat($_) ] : [] } @_;
    return if grep { !@$_ || !S_ISREG( $_->[2] ) || $_->[7] > 1 << 20 } @stats;
    for my $from (@_) {
        my ( $mode, $uid, $gid, $read, $written ) = @{ shift @stats }[ 2, 4, 5, 8, 9 ];
        my $copy = $to . ( $from =~ m{([^/]+)\z} )[0];
        my ( $old, $new, $bytes );
        open $old, '<', $from or return failed( 'cp', $from );
        defined read_all( $old, \$bytes ) or return failed( 'cp', $from );
        sysopen $new, $copy, O_WRONLY | O_CREAT | O_TRUNC, 0600 or return failed( 'cp', $copy );
        my $isWritten = put( $new, $bytes ) && ( !$is_root || chown $uid, $gid, $new ) && chmod $mode & 07777, $new;
        $isWritten && close $new && Time::HiRes::utime( $read, $written, $copy ) or return failed( 'cp', $copy );
    }
    return 0;
}

sub read_all {
    my ( $file, $bytes ) = @_;
    $$bytes = '';
    my $count;
    1 while $count = sysread $file, $$bytes, 65536, length $$bytes;
    return $count;
}

# mv -f FILE... FOLDER/
sub move {
    my $to = pop;
    for my $from (@_) {
        my $place = $to . ( $from =~ m{([^/]+)\z} )[0];
        if ( -d $place && !-l $place ) { $! = 21; return failed( 'mv', $place ) }
        rename $from, $place or return failed( 'mv', $from );
        # two names of one file: the system leaves both
        unlink $from if lstat $from;
    }
    return 0;
}

sub remove {
    for my $path (@_) {
        next if unlink $path or !lstat $path;
        return failed( 'rm', $path );
    }
    return 0;
}

sub remove_trees {
    my $status = 0;
    for my $path (@_) {
        if ( -d $path && !-l $path ) {
            my $folder;
            opendir $folder, $path or return failed( 'rm', $path );
            my @names = grep { $_ ne '.' && $_ ne '..' } readdir $folder;
            closedir $folder;
            $status |= remove_trees( map { "$path/$_" } @names );
            rmdir $path or $status = failed( 'rm', $path );
        }
        else { $status |= remove($path) }
    }
    return $status;
}

# tar -xpmf - -C FOLDER, of archives as archive.ts makes them: files and links with GNU's long names
sub unpack_archive {
    my ($folder) = @_;
    my ( %long, $status );
    while ( $unread >= 512 ) {
        my $block = '';
        take_input( 512, sub { $block .= $_[0] } );
        next if $block !~ /[^\0]/;
        my ( $name, $mode, $size, $type, $link ) = unpack 'Z100 Z8 x16 Z12 x20 a1 Z100', $block;
        my ( $bytes, $padding ) = ( oct $size, ( 512 - oct($size) % 512 ) % 512 );
        if ( $type eq 'L' || $type eq 'K' ) {
            $long{$type} = '';
            take_input( $bytes, sub { $long{$type} .= $_[0] } );
            take_input( $padding, sub { } );
            chop $long{$type};
            next;
        }
        my $path = "$folder/" . ( delete $long{L} // $name );
        $link = delete $long{K} // $link;
        if ($status) { take_input( $bytes + $padding, sub { } ); next }
        if ( $type eq '2' ) { $status = extract_link( $path, $link ) }
        else { $status = extract_file( $path, oct $mode, $bytes ) }
        take_input( $padding, sub { } );
    }
    return $status // 0;
}

sub extract_link {
    my ( $path, $link ) = @_;
    make_above($path) or return failed( 'tar', $path );
    unlink $path;
    symlink $link, $path or return failed( 'tar', $path );
    return 0;
}

sub extract_file {
    my ( $path, $mode, $bytes ) = @_;
    my ( $file, $error );
    $error = "$!" unless make_above($path);
    unlink $path;
    $error //= "$!" unless sysopen $file, $path, O_WRONLY | O_CREAT | O_EXCL, 0600;
    take_input(
        $bytes,
        sub {
            return if defined $error;
            $error = "$!" unless put( $file, $_[0] );
        }
    );
    if ( !defined $error ) {
        my $isOurs = !$is_root || chown 0, 0, $file;
        $error = "$!" unless $isOurs && chmod( $mode, $file ) && close $file;
    }
    return 0 unless defined $error;
    put( *STDERR, "tar: $path: $error\n" );
    return 1;
}

sub make_above {
    my ($path) = @_;
    my ($above) = $path =~ m{\A(.*)/}s or return 1;
    return -d $above || make_above($above) && mkdir $above;
}

my $can_digest = eval { require Digest::SHA; 1 };

# The SHA-256 of each file; undef for what can't be read. Nothing when it can't be told here.
sub digests {
    return unless $can_digest;
    return map {
        my $file;
        open( $file, '<', $_ ) && -f $file ? Digest::SHA->new(256)->addfile($file)->hexdigest : undef
    } @_;
}

# sha256sum -- FILE...: names that it would not print as they are never come here
sub print_digests {
    my @digests = digests(@_) or return;
    my $out     = '';
    for my $at ( 0 .. $#_ ) { $out .= "$digests[$at]  $_[$at]\n" if defined $digests[$at] }
    put( *STDOUT, $out );
    return ( grep { !defined } @digests ) ? 1 : 0;
}

# stand HASH FILE...: whether all files have these hashes
sub stand {
    my %wanted = reverse @_;
    my @files  = keys %wanted;
    my @found  = digests(@files) or return;
    return ( grep { ( $found[$_] // '' ) ne $wanted{ $files[$_] } } 0 .. $#files ) ? 1 : 0;
}

# --- Asterisk's console, as asterisk -rx uses it

# asterisk -rx COMMAND
sub console {
    my ($command) = @_;
    for my $try ( 0 .. 10 ) {
        my $answer = console_once($command);
        return unless defined $answer;
        if ( $try < 10 && $answer =~ /request is already in progress/ ) { sleep 1; next }
        $answer =~ s/\n+\z//;
        put( *STDOUT, "$answer\n" );
        return 0;
    }
}

sub console_once {
    my ($command) = @_;
    # the path of a socket has to be short
    chdir "$root/var/run/asterisk" or return;
    my $socket;
    my $isOpen = socket( $socket, AF_UNIX, SOCK_STREAM, 0 ) && connect $socket, pack_sockaddr_un('asterisk.ctl');
    chdir '/';
    return unless $isOpen;
    my $answer = '';
    until ( $answer =~ s/\A[^\n]*\n// ) { sysread( $socket, $answer, 65536, length $answer ) or return }
    return unless put( $socket, "cli quit after $command\0" );
    for ( ; ; ) {
        my $ready = '';
        vec( $ready, fileno $socket, 1 ) = 1;
        select( $ready, undef, undef, 60 ) > 0 or last;
        sysread( $socket, $answer, 65536, length $answer ) or last;
    }
    return $answer;
}

# --- logs, and ports

my %logs;

# log-from FILE: log-since tells what is added from now on
sub log_from {
    my ($path) = @_;
    delete $logs{$path};
    open my $file, '<', $path or return 0;
    sysseek $file, 0, SEEK_END;
    $logs{$path} = $file;
    return 0;
}

# log-since FILE: prints what was added, in the new file too when it was rotated meanwhile. Status 1: nothing
sub log_since {
    my ($path) = @_;
    my $new = '';
    for ( 1, 2 ) {
        my $file = $logs{$path};
        if ($file) {
            my $added;
            read_all( $file, \$added );
            $new .= $added;
        }
        my @now = stat $path or last;
        my @was = $file ? stat $file : ();
        last if @was && $was[0] == $now[0] && $was[1] == $now[1];
        open $logs{$path}, '<', $path or last;
    }
    put( *STDOUT, $new );
    return $new eq '' ? 1 : 0;
}

# listens PID SECONDS: whether the process itself listens on a TCP port, whichever that is configured to be, or
# does so within that time
sub listens {
    my ( $pid, $seconds ) = @_;
    my $until = now() + $seconds;
    for ( ; ; ) {
        return 0 if listens_now($pid);
        return 1 if now() >= $until || !-e "/proc/$pid";
        select undef, undef, undef, 0.005;
    }
}

sub now { return $can_time ? Time::HiRes::time() : time }

sub listens_now {
    my ($pid) = @_;
    my %sockets;
    for my $link ( glob "/proc/$pid/fd/*" ) {
        $sockets{$1} = 1 if ( readlink($link) // '' ) =~ /\Asocket:\[(\d+)\]\z/;
    }
    return unless %sockets;
    for my $table ( "/proc/$pid/net/tcp", "/proc/$pid/net/tcp6" ) {
        open my $file, '<', $table or next;
        while ( my $line = <$file> ) {
            # state 0A is LISTEN; the inode stands in the tenth column
            my @columns = split ' ', $line;
            return 1 if $columns[3] eq '0A' && $sockets{ $columns[9] };
        }
    }
    return;
}

# --- questions and answers

sub answer {
    my ( $program, @words ) = @_;
    my $line = join ' ', $program, @words[ 0 .. ( @words < 2 ? $#words : 1 ) ];
    return next_request()                          if $program eq 'next';
    return make_folders(@words)                    if $program eq 'mkdir' && $words[0] !~ /\A-/;
    return remove_folders(@words)                  if $program eq 'rmdir';
    return copy( @words[ 1 .. $#words ] )          if $line =~ /\Acp -pPR /;
    return move( @words[ 1 .. $#words ] )          if $line =~ /\Amv -f /;
    return remove( @words[ 1 .. $#words ] )        if $line =~ /\Arm -f /;
    return remove_trees( @words[ 1 .. $#words ] )  if $line =~ /\Arm -rf /;
    return unpack_archive( $words[3] )             if $line eq 'tar -xpmf -' && $unread > 0;
    return print_digests( @words[ 1 .. $#words ] ) if $line =~ /\Asha256sum -- /;
    return stand(@words)                           if $program eq 'stand';
    return console( $words[1] )                    if $line =~ /\Aasterisk -rx /;
    return log_from(@words)                        if $program eq 'log-from';
    return log_since(@words)                       if $program eq 'log-since';
    return listens(@words)                         if $program eq 'listens';
    return;
}

my $question = '';

# The shell may be gone although what it started still holds the descriptor.
sub wait_for_question {
    for ( ; ; ) {
        my $ready = '';
        vec( $ready, fileno $asked, 1 ) = 1;
        return if select( $ready, undef, undef, 5 ) > 0;
        exit if getppid() != $shell;
    }
}

for ( ; ; ) {
    my @words;
    while ( $question !~ /\A(\d+)\0/ || ( @words = split /\0/, $question, -1 ) < $1 + 2 ) {
        wait_for_question();
        sysread( $asked, $question, 65536, length $question ) or exit;
    }
    my $count = shift @words;
    pop @words;
    $question = '';
    my $status = answer(@words);
    put( $told, ( $status // '-' ) . "\n" ) or exit;
}
