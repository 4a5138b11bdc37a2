# Loaded into helper.pl by PERL5OPT: each of its changes of the disk takes the next number, as the programs of
# faults.ts do, and the one whose number stands in the file `limit` kills.
package KillAt;
use strict;
use warnings;
use Fcntl;

my $folder = $ENV{WDEV_FAULTS};

sub first_line {
    my ($name) = @_;
    CORE::open my $file, '<', "$folder/$name" or return '';
    my $line = <$file> // '';
    chomp $line;
    return $line;
}

sub step {
    my ($act) = @_;
    my $count = first_line('count') || 0;
    my $made;
    1 until CORE::sysopen $made, "$folder/calls/" . ++$count, O_WRONLY | O_CREAT | O_EXCL;
    CORE::open my $file, '>', "$folder/count" or die;
    print {$file} "$count\n";
    CORE::close $file;
    return $act->() if first_line('limit') ne $count;
    my ( $who, $when ) = split / /, first_line('how');
    my $end = sub { kill 'KILL', $who eq 'all,' ? 0 : getppid };
    $end->() if $when eq 'before';
    my $result = $act->();
    $end->();
    return $result;
}

BEGIN {
    no warnings 'once';
    *CORE::GLOBAL::mkdir   = sub (_;$) { my @words = @_; step( sub { CORE::mkdir $words[0] } ) };
    *CORE::GLOBAL::rmdir   = sub (_) { my ($path) = @_; step( sub { CORE::rmdir $path } ) };
    *CORE::GLOBAL::rename  = sub ($$) { my ( $from, $to ) = @_; step( sub { CORE::rename $from, $to } ) };
    *CORE::GLOBAL::unlink  = sub { my @paths = @_; step( sub { CORE::unlink @paths } ) };
    *CORE::GLOBAL::symlink = sub ($$) { my ( $from, $to ) = @_; step( sub { CORE::symlink $from, $to } ) };
    *CORE::GLOBAL::chmod   = sub { my ( $mode, @files ) = @_; step( sub { CORE::chmod $mode, @files } ) };
}

1;
