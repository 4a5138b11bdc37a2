# Does for the shell of a target what starting a program for each would take ten times as long: a few calls of
# mkdir, cp, mv, rm, rmdir, cat, tar and sha256sum, commands for Asterisk's console, and reading the requests
# themselves. library.sh asks it (wdev_ask), and starts the program where there is no perl, or where the answer
# is "-": not mine, and nothing was done.
#
# A question is "<count>\0<word>\0..." on descriptor 7, an answer "<status>\n" on 8. What a program
# would print goes to standard output, which is the shell's own; both take turns, so the order is kept.
#
# This file reads the requests; helper-files.pl and helper-services.pl are what can be asked for, helper.pl answers.
# They run as one program, in this order.
use strict;
use warnings;
use Fcntl qw(:DEFAULT :mode :seek);
use Socket;

my ( $shell, $root ) = @ARGV;

# who stops listening is told apart by what `put` gives
$SIG{PIPE} = 'IGNORE';

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

# next: status 0 when a script is there, 1 when there is an input beside it, 2 at the end, 3 when there is no room for
# all of it: half of a script, or half of its input, must not be used
sub next_request {
    take_input( $unread, sub { } );
    close_consoles();
    forget_hang();
    my $end;
    until ( ( $end = index $held, "\n" ) >= 0 ) { more() or return 2 }
    my ( $bytes, $length, $use ) = split / /, take( $end + 1 );
    chomp $use;
    my $isWhole = fill( $script, take($length) );
    $unread = $bytes;
    return 3 unless $isWhole;
    return 0 if $bytes == 0 || $use eq 'archive';
    fill( $stdin, '' );
    take_input( $bytes, sub { $isWhole &&= put( $stdin, $_[0] ) } );
    return $isWhole ? 1 : 3;
}

sub fill {
    my ( $file, $bytes ) = @_;
    truncate $file, 0;
    sysseek $file, 0, SEEK_SET;
    return put( $file, $bytes );
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
