/** For servers that log to syslog(3) alone or to the second only: a receiver of ours, which adds the time in milliseconds. */
import { giveUp, poll } from "../../text/poll";
import type { ServerFile } from "./definition";

/** What the receiver writes: seconds, a tab, and what it was given, a line each. */
export const receivedPath = "/var/log/ftp-lab/received.log";

/** A pipe that takes lines in place of a log file. */
export const pipePath = "/var/log/ftp-lab/pipe";

const program = "/usr/local/sbin/lab-log-receiver";

/** What ends a line inside a datagram becomes a blank. */
export const receiverFile: ServerFile = {
  path: program,
  mode: "755",
  text: `#!/usr/bin/perl
use strict;
use warnings;
use Fcntl;
use IO::Handle;
use IO::Socket::UNIX;
use Time::HiRes qw(time);
my ($log, $pipe);
# Opened for writing too, so that it does not end when nobody else has it open.
if ($ARGV[0] eq "pipe") { sysopen $pipe, "${pipePath}", O_RDWR or die "${pipePath}: $!" }
open $log, ">>", "${receivedPath}" or die "${receivedPath}: $!";
$log->autoflush(1);
sub note { my $text = shift; $text =~ s/[\\r\\n\\0]+/ /g; $text =~ s/ $//; printf $log "%.3f\\t%s\\n", time, $text }
if (defined $pipe) {
  note($_) while <$pipe>;
} else {
  unlink "/dev/log";
  my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die "/dev/log: $!";
  chmod 0666, "/dev/log";
  my $text;
  note($text) while defined $socket->recv($text, 65536);
}
`,
};

/** Starts it as the system's syslog, unless it runs. */
export const receiveSyslog: readonly string[] = [
  `[ -S /dev/log ] || setsid -f ${program} syslog </dev/null >/dev/null 2>&1`,
  poll({ until: "[ -S /dev/log ]", otherwise: giveUp("The receiver of syslog lines does not listen.") }),
];

/** Starts it as the reader of the pipe, unless it runs. A line that is written before it has the pipe open is lost (pipe(7)). */
export const receivePipe: readonly string[] = [
  `[ -p ${pipePath} ] || { mkfifo ${pipePath} && setsid -f ${program} pipe </dev/null >/dev/null 2>&1; }`,
  // It opens its log once it has the pipe.
  poll({ until: `[ -e ${receivedPath} ]`, otherwise: giveUp("The receiver of log lines does not open its pipe.") }),
];

/** Lines come in order: once this one stands in the log, all earlier ones do. */
const waitForToken = poll({
  until: `grep -q "$token" ${receivedPath}`,
  otherwise: giveUp("The last lines of the log do not come."),
});

export const settleSyslog: readonly string[] = [
  'token="settled-$RANDOM-$RANDOM"',
  `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => "/dev/log")->send($ARGV[0])' "$token"`,
  waitForToken,
];

export const settlePipe: readonly string[] = [
  'token="settled-$RANDOM-$RANDOM"',
  // Opened for reading too, so that it never waits for a reader.
  `echo "$token" 1<>${pipePath}`,
  waitForToken,
];
