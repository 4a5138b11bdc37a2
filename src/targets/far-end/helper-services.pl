# What is asked of Asterisk's console, of logs, of the ports of a service, and of services by a program in Python.

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

my @consoles;

# consoles COUNT: so many commands will come. Asterisk takes longer to greet than to answer, so it does that
# beside the work on files; more at once than it lets wait would have to wait here.
sub open_consoles {
    my ($count) = @_;
    while ( @consoles < $count && @consoles < 3 ) {
        my $socket = open_console() or last;
        push @consoles, $socket;
    }
    return 0;
}

sub close_consoles { @consoles = () }

sub open_console {
    # the path of a socket has to be short
    chdir "$root/var/run/asterisk" or return;
    my $socket;
    my $isOpen = socket( $socket, AF_UNIX, SOCK_STREAM, 0 ) && connect $socket, pack_sockaddr_un('asterisk.ctl');
    chdir '/';
    return $isOpen ? $socket : undef;
}

# Asterisk takes connections also while it is stopped, or waits for itself: then nothing more is asked of it in this
# request. library.sh has the same words.
my $patience = 15;
my $hangs    = "Asterisk did not answer for $patience s\n";
my $isHung   = 0;

sub forget_hang { $isHung = 0 }

# whether there is something to read
sub comes {
    my ($socket) = @_;
    my $ready = '';
    vec( $ready, fileno $socket, 1 ) = 1;
    return 1 if select( $ready, undef, undef, $patience ) > 0;
    $isHung = 1;
    return;
}

sub console_once {
    my ($command) = @_;
    return $hangs if $isHung;
    # one that was opened before may be that of an Asterisk which has ended since
    while ( my $socket = shift @consoles ) {
        my $answer = ask_console( $socket, $command );
        return $answer if defined $answer;
    }
    my $socket = open_console() or return;
    return ask_console( $socket, $command );
}

sub ask_console {
    my ( $socket, $command ) = @_;
    my $answer = '';
    until ( $answer =~ s/\A[^\n]*\n// ) {
        comes($socket) or return $hangs;
        sysread( $socket, $answer, 65536, length $answer ) or return;
    }
    return unless put( $socket, "cli quit after $command\0" );
    for ( ; ; ) {
        comes($socket) or return $hangs;
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

# log-since FILE: prints what was added, in the new file too when it was rotated meanwhile; of each the last 16 MB,
# behind a line that says how much that skips. Status 1: nothing
sub log_since {
    my ($path) = @_;
    my ( $new, $skipped ) = ( '', 0 );
    for ( 1, 2 ) {
        my $file = $logs{$path};
        if ($file) {
            my $added;
            my $most = ( -s $file ) - 16777216;
            my $at   = sysseek $file, 0, SEEK_CUR;
            if ( $most > $at ) {
                $skipped += $most - $at;
                sysseek $file, $most, SEEK_SET;
            }
            read_all( $file, \$added );
            $new .= $added;
        }
        my @now = stat $path or last;
        my @was = $file ? stat $file : ();
        last if @was && $was[0] == $now[0] && $was[1] == $now[1];
        open $logs{$path}, '<', $path or last;
    }
    $new = "wdev: $skipped bytes of this log were not read\n$new" if $skipped;
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

# seconds of a clock that nobody sets
sub now {
    return Time::HiRes::clock_gettime( Time::HiRes::CLOCK_MONOTONIC() ) if $can_time;
    open my $file, '<', '/proc/uptime' or return time;
    return ( split ' ', <$file> )[0];
}

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

# --- services, by a program that stays

my %asker;

# asker PROGRAM: starts it in Python, and waits for nothing
sub start_asker {
    my ($program) = @_;
    return 0 if %asker;
    pipe( my $question, my $to )     or return;
    pipe( my $from,     my $answer ) or return;
    my $pid = fork // return;
    if ( $pid == 0 ) {
        open STDIN,  '<&', $question;
        open STDOUT, '>&', $answer;
        open STDERR, '>',  '/dev/null';
        { no warnings; exec 'python3', '-c', $program; }
        # not an exit of ours
        kill 'KILL', $$;
    }
    %asker = ( pid => $pid, to => $to, from => $from );
    return 0;
}

# asked: hands it the input of the request, a line, and prints the line that it answers
sub ask_asker {
    return unless %asker;
    my ( $line, $text ) = ( '', '' );
    sysseek $stdin, 0, SEEK_SET;
    read_all( $stdin, \$line );
    if ( put( $asker{to}, "$line\n" ) ) {
        until ( $text =~ /\n\z/ ) { sysread( $asker{from}, $text, 65536, length $text ) or last }
    }
    if ( $text =~ /\n\z/ ) { put( *STDOUT, $text ); return 0 }
    # it has ended
    waitpid $asker{pid}, 0;
    %asker = ();
    return;
}
