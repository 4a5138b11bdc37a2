# Calls of programs about files; each gives its status, or nothing when it is left to the program itself.

my $is_root = $> == 0;

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

# cat -- FILE...
sub print_files {
    my $status = 0;
    for my $path (@_) {
        my ( $file, $piece );
        open( $file, '<', $path ) && defined sysread( $file, $piece, 65536 ) or $status = failed( 'cat', $path ), next;
        do { put( *STDOUT, $piece ) } while sysread $file, $piece, 65536;
    }
    return $status;
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

# holds LOCK: whether it is the lock of the shell
sub holds {
    my ($lock) = @_;
    return ( readlink($lock) // '' ) =~ /\A\Q$shell\E,/ ? 0 : 1;
}
