/** Sessions that stop at the same place, as the programs that people use write them; addresses are of the documentation ranges. */

/** As Rust prints a list of bytes. */
export function bytesOf(text: string): string {
  return [...Buffer.from(text, "latin1")].join(", ");
}

/** In each of them a passive data connection to 203.0.113.9 port 50000 is not made. */
export const passiveForms: Readonly<Record<string, string>> = {
  "FileZilla in Czech": `Stav:	Připojování k 203.0.113.9:21...
Stav:	Připojení navázáno, čekání na uvítací zprávu...
Stav:	Inicializace TLS...
Stav:	TLS připojení navázáno.
Příkaz:	PASV
Odpověď:	227 Entering Passive Mode (203,0,113,9,195,80)
Příkaz:	MLSD
Chyba:	Připojení vypršelo po 20 sekundě nečinnosti`,
  "FileZilla in Japanese": `状態:	203.0.113.9:21 に接続中...
状態:	接続を確立しました。ウェルカム メッセージを待っています...
コマンド:	PASV
レスポンス:	227 Entering Passive Mode (203,0,113,9,195,80)
コマンド:	MLSD
エラー:	20 秒間操作が無かったため、接続がタイムアウトしました`,
  "FileZilla's log file": `2026-02-03 10:00:00 1234 1 Status: Connecting to 203.0.113.9:21...
2026-02-03 10:00:00 1234 1 Command: PASV
2026-02-03 10:00:00 1234 1 Response: 227 Entering Passive Mode (203,0,113,9,195,80)
2026-02-03 10:00:00 1234 1 Command: MLSD
2026-02-03 10:00:20 1234 1 Error: Connection timed out after 20 seconds of inactivity`,
  "labels that nobody knows": `Fooz:	203.0.113.9:21
Barz:	USER a
Quxz:	331 b
Barz:	PASS c
Quxz:	230 d
Barz:	PASV
Quxz:	227 Entering Passive Mode (203,0,113,9,195,80)
Errz:	Zzxx`,
  "Ruby's Net::FTP": `get: 220 (vsFTPd 3.0.3)
put: USER bob
get: 331 Please specify the password.
put: PASS *
get: 230 Login successful.
put: PASV
get: 227 Entering Passive Mode (203,0,113,9,195,80).
/usr/lib/ruby/3.0.0/net/ftp.rb:300:in \`initialize': Connection timed out - connect(2) for "203.0.113.9" port 50000 (Errno::ETIMEDOUT)`,
  "Perl's Net::FTP": `Net::FTP=GLOB(0x5581)<<< 220 (vsFTPd 3.0.5)
Net::FTP=GLOB(0x5581)>>> USER bob
Net::FTP=GLOB(0x5581)<<< 331 Please specify the password.
Net::FTP=GLOB(0x5581)>>> PASS ....
Net::FTP=GLOB(0x5581)<<< 230 Login successful.
Net::FTP=GLOB(0x5581)>>> PASV
Net::FTP=GLOB(0x5581)<<< 227 Entering Passive Mode (203,0,113,9,195,80).
Net::FTP: Timeout at list.pl line 9`,
  FlashFXP: `[10:00:01] [R] PASV
[10:00:01] [R] 227 Entering Passive Mode (203,0,113,9,195,80).
[10:00:01] [R] Opening data connection IP: 203.0.113.9 PORT: 50000
[10:00:22] [R] Data Socket Error: Connection timed out
[10:00:22] [R] List Error`,
  "Transmit and NcFTP": `1: Cmd: PASV
1: 227: Entering Passive Mode (203,0,113,9,195,80)
1: Could not connect to 203.0.113.9:50000 -- try again later: Operation timed out.`,
  CuteFTP: `COMMAND:>	PASV
	227 Entering Passive Mode (203,0,113,9,195,80).
STATUS:>	Connecting FTP data socket 203.0.113.9:50000...
ERROR:>	Can't connect to remote server. Socket error = #10060.`,
  NppFTP: `-> PASV
227 Entering Passive Mode (203,0,113,9,195,80).
-> LIST
Failure retrieving contents of directory /.`,
  "Rust's suppaftp": `[2026-02-03T10:00:00Z TRACE suppaftp::sync_ftp] CC OUT: PASV
[2026-02-03T10:00:00Z TRACE suppaftp::sync_ftp] CC IN: [${bytesOf("227 Entering Passive Mode (203,0,113,9,195,80)\r\n")}]
[2026-02-03T10:02:11Z ERROR app] ConnectionError(Os { code: 110, kind: TimedOut, message: "Connection timed out" })`,
  "Node's ftp, several lines in a string": `[debug] > PASV
[debug] < '227 Entering Passive Mode (203,0,113,9,195,79).\\r\\n'
[debug] > LIST
[debug] < '150 Connecting\\r\\n226-Options: -a -l \\r\\n226 7 matches total\\r\\n'
[debug] > PASV
[debug] < '227 Entering Passive Mode (203,0,113,9,195,80).\\r\\n'
[error] Error: Timed out while making data connection`,
  "a logger's JSON": `{"level":"debug","message":"> PASV"}
{"level":"debug","message":"< 227 Entering Passive Mode (203,0,113,9,195,80)"}
{"level":"error","message":"connect ETIMEDOUT 203.0.113.9:50000"}`,
  "Python's bytes": `b'230 ok\\r\\n'
b'227 Entering Passive Mode (203,0,113,9,195,80)\\r\\n'
socket.timeout: timed out`,
  Erlang: `"Sending: PASV"
"Receiving: 227 Entering Passive Mode (203,0,113,9,195,80)"
{:error, :timeout}`,
  ".NET's trace": `System.Net Information: 0 : [4321] FtpControlStream#1 - Sending command [PASV]
System.Net Information: 0 : [4321] FtpControlStream#1 - Received response [227 Entering Passive Mode (203,0,113,9,195,80)]
System.Net Error: 0 : [4321] Exception in FtpWebRequest#1::GetResponse - Unable to connect to the remote server`,
  "Commons Net": `PASV
227 Entering Passive Mode (203,0,113,9,195,80)
java.net.ConnectException: Connection timed out (Connection timed out)
	at java.net.PlainSocketImpl.socketConnect(Native Method)`,
  "Windows' ftp in German, with passive mode quoted": `Verbindung mit 203.0.113.9 wurde hergestellt.
220 ready
Benutzer (203.0.113.9:(none)): bob
331 Password required
Kennwort:
230 Logged in
ftp> quote PASV
227 Entering Passive Mode (203,0,113,9,195,80)
ftp> ls
Zeitüberschreitung der Verbindung`,
};
