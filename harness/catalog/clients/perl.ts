import { isPassive, traitsOf } from "../../model/axes";
import type {
  ClientProgram,
  Lack,
  OutputLine,
  ProgramOutcome,
  ProgramSession,
  ProgramStory,
} from "../../model/program";
import type { ClientDefinition, Usage } from "./definition";
import { tlsOptions } from "./tls-options";
import { endsAtProtection, singleTickets } from "./expects";
import { perlScript } from "./perl-script";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";
import { scriptSettings } from "./script-settings";

/**
 * Perl's `Net::FTP` with `IO::Socket::SSL`, in Debian's `perl` and `libio-socket-ssl-perl`. It is passive by its configuration,
 * sends PASV over IPv4 and EPSV over IPv6, dials the address that 227 names, sends the transfer command before it dials, resumes
 * the control connection's TLS session, and checks certificates.
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["perl", "-MNet::FTP", "-e", "print $Net::FTP::VERSION"], pattern: /^(\S+)/ },
  lacks,
  command: (session) => ({
    argv: ["perl", "session.pl"],
    files: [{ path: "session.pl", text: perlScript }],
    input: scriptSettings(session),
  }),
  read,
};

/** `epsv` can be called, but leaves dialling to the caller: no listing or transfer uses it. */
function lacks({ data, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  if (data !== "epsv" || family === 6) return null;
  return {
    what: "Net::FTP sends EPSV for its listings and transfers over IPv6 only.",
    proof: {
      kind: "command",
      argv: [
        ...["perl", "-MNet::FTP", "-e"],
        "open(my $file, '<', $INC{'Net/FTP.pm'}) or die; print grep { /^sub pasv/ .. /^}/ } <$file>",
      ],
      expect: "present",
      pattern: /^ +return \$ftp->epsv if \$ftp->sockdomain != AF_INET;$[^]*\$ftp->_PASV\b/m,
    },
  };
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  return {
    transcript: transcriptOf(output, dialogueLine),
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: succeeded ? null : (lastLine(output, /^Net::FTP: /)?.replace(/^Net::FTP: /, "") ?? null),
    succeeded,
    lack: null,
  };
}

/** `Net::FTP=GLOB(0x55d0c7a3a2c8)>>> PASV` on stderr. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  const [, direction, said] = /^Net::FTP=GLOB\(0x[0-9a-f]+\)(>>>|<<<) (.*)$/.exec(text) ?? [];
  if (stream !== "stderr" || said === undefined) return null;
  return { direction: direction === ">>>" ? ">" : "<", text: said };
}

/** Calls for a session; CCC is followed by a command that says nothing, which helpers need. */
function usage({ mode, data, host, port, caFile }: Usage): readonly string[] {
  const { tls, protection, ccc } = traitsOf(mode);
  const options = [
    ...([21, 990].includes(port) ? [] : [`Port => ${port}`]),
    `Passive => ${isPassive(data) ? 1 : 0}`,
    ...(tls === "implicit" ? ["SSL => 1"] : []),
    ...(tls === "none" || caFile === null ? [] : [`SSL_ca_file => "${caFile}"`]),
  ];
  return [
    `my $ftp = Net::FTP->new("${host}", ${options.join(", ")}) or die $@;`,
    ...(tls === "explicit" ? ["$ftp->starttls or die;"] : []),
    "$ftp->login($user, $password) or die;",
    ...(protection === "C" ? ['$ftp->prot("C") or die;'] : []),
    ...(ccc === "none" ? [] : ["$ftp->stoptls or die; $ftp->pwd;"]),
  ];
}

export const perl: ClientDefinition = {
  id: "perl",
  title: "Perl's Net::FTP, Debian 13",
  defaults: { foreignAddress: "trust", resumeSession: true },
  options: { ...tlsOptions("SSL_verify_mode => 0", "SSL_version") },
  program,
  usage,
  expects: (cell, predict, version) => endsAtProtection(cell, predict) ?? predict({}, singleTickets(cell, version)),
};
