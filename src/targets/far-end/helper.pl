# Questions and answers.

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
    return print_files( @words[ 1 .. $#words ] )   if $line =~ /\Acat -- /;
    return print_digests( @words[ 1 .. $#words ] ) if $line =~ /\Asha256sum -- /;
    return stand(@words)                           if $program eq 'stand';
    return console( $words[1] )                    if $line =~ /\Aasterisk -rx /;
    return open_consoles(@words)                   if $program eq 'consoles';
    return log_from(@words)                        if $program eq 'log-from';
    return log_since(@words)                       if $program eq 'log-since';
    return listens(@words)                         if $program eq 'listens';
    return holds(@words)                           if $program eq 'holds';
    return start_asker(@words)                     if $program eq 'asker';
    return ask_asker()                             if $program eq 'asked';
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
