/** Logs as users paste them, one for each format; made up after public threads, with addresses of the documentation ranges. */
export const pastedLogs = {
  /** FileZilla over TLS shows neither AUTH nor USER; the log is quoted as a whole, as in an issue. */
  filezillaActive: `
> Status:       \tConnecting to 203.0.113.7:21...
> Status:       \tConnection established, waiting for welcome message...
> Status:       \tInitializing TLS...
> Status:       \tTLS connection established.
> Status:       \tLogged in
> Command: \tTYPE I
> Response: \t200 Type set to I
> Command: \tPORT 10,0,0,7,235,90
> Response: \t200 PORT command successful
> Command: \tMLSD
> Error:         \tConnection timed out after 20 seconds of inactivity
> Error:         \tFailed to retrieve directory listing
> Status:       \tDisconnected from server`,
  filezillaFrench: `
Statut :\tConnexion à 203.0.113.7:21...
Statut :\tServeur non sécurisé, celui-ci ne supporte pas FTP sur TLS.
Commande :\tPASV
Réponse :\t227 Entering Passive Mode (203,0,113,7,195,80).
Commande :\tMLSD
Erreur :\tLe délai d'attente de la connexion est dépassé`,
  filezillaHidden227: `
Status:\tConnecting to 203.0.xxx.xxx:xx...
Status:\tInitializing TLS...
Status:\tLogged in
Status:\tServer sent passive reply with unroutable address. Using server address instead.
Command:\tMLSD
Error:\tConnection timed out after 20 seconds of inactivity
Error:\tFailed to retrieve directory listing`,
  basicFtp425: `
Connected to 203.0.113.5:21 (No encryption)
< 220 ProFTPD Server (files)
> AUTH TLS
< 234 AUTH TLS successful
Control socket is using: TLSv1.3
Login security: TLSv1.3
> USER web
< 331 Password required for web
> PASS hunter2
< 230 User web logged in
> PBSZ 0
< 200 PBSZ 0 successful
> PROT P
< 200 Protection set to Private
Trying to find optimal transfer strategy...
> EPSV
< 229 Entering Extended Passive Mode (|||50123|)
Optimal transfer strategy found.
> LIST -a
< 150 Opening ASCII mode data connection for file list
< 425 Unable to build data connection: Operation not permitted
FTPError: 425 Unable to build data connection: Operation not permitted`,
  curlPrivate227: `
2026-02-03T04:05:06.789Z * Trying 192.0.2.10:21...
2026-02-03T04:05:06.790Z * Connected to ftp.example.com (192.0.2.10) port 21 (#0)
2026-02-03T04:05:06.791Z < 220 ready
2026-02-03T04:05:06.792Z > AUTH SSL
2026-02-03T04:05:06.793Z < 234 AUTH SSL successful
2026-02-03T04:05:06.794Z > USER u
2026-02-03T04:05:06.795Z < 331 Password required for u
2026-02-03T04:05:06.796Z > PASS secret
2026-02-03T04:05:06.797Z < 230 User u logged in
2026-02-03T04:05:06.798Z > PBSZ 0
2026-02-03T04:05:06.799Z < 200 PBSZ 0 successful
2026-02-03T04:05:06.800Z > PROT P
2026-02-03T04:05:06.801Z < 200 Protection set to Private
2026-02-03T04:05:06.802Z > PASV
2026-02-03T04:05:06.803Z < 227 Entering Passive Mode (192,168,178,2,246,61).
2026-02-03T04:05:06.804Z *   Trying 192.168.178.2:63037...
2026-02-03T04:07:06.804Z curl: (28) Failed to connect to 192.168.178.2 port 63037`,
  lftpCccRefused: `
---- Connecting to ftp.example.com (192.0.2.10) port 21
<--- 220 ready
---> AUTH TLS
<--- 234 AUTH TLS successful
---> USER a
<--- 331 Password required
---> PASS b
<--- 230 logged in
---> PBSZ 0
<--- 200 PBSZ 0 successful
---> PROT P
<--- 200 Protection set to Private
---> CCC
<--- 534 Unwilling to accept security parameters
**** Peer closed connection`,
  ftplibEprt: `
*resp* '220 ready'
*cmd* 'USER lab'
*resp* '331 Password required for lab'
*cmd* 'PASS ***'
*resp* '230 User lab logged in'
*cmd* 'EPRT |1|192.168.0.100|53839|'
*resp* '500 Illegal EPRT command'
Traceback (most recent call last):
ftplib.error_perm: 500 Illegal EPRT command`,
  wgetRefused: `
--2026-01-01 10:00:00--  ftp://ftp.example.com/pub/
Connecting to ftp.example.com (ftp.example.com)|203.0.113.5|:21... connected.
Logging in as anonymous ... Logged in!
==> SYST ... done.    ==> PWD ... done.
==> PASV ... couldn't connect to 127.0.0.1 port 21100: Connection refused`,
  winscp: `
. 2026-01-01 10:00:00.000 Connecting to 203.0.113.5 ...
< 2026-01-01 10:00:00.100 220 (vsFTPd 3.0.5)
> 2026-01-01 10:00:00.101 USER bob
< 2026-01-01 10:00:00.102 530 Non-anonymous sessions must use encryption.`,
  nodeFtp: `
[connection] < '220 ProFTPD Server\\r\\n'
[connection] > 'USER bob'
[connection] < '331 Password required\\r\\n'
[connection] > 'PASS x'
[connection] < '230 logged in\\r\\n'
[connection] > 'PASV'
[connection] < '227 Entering Passive Mode (203,0,113,5,195,80).\\r\\n'
Error: Timed out while making data connection`,
  basicFtpTimeout: `
Connected to 203.0.113.5:21 (No encryption)
< 220 ProFTPD Server (files) [203.0.113.5]
Login security: No encryption
> USER web
< 331 Password required for web
> PASS ###
< 230 User web logged in
Trying to find optimal transfer strategy...
> EPSV
< 229 Entering Extended Passive Mode (|||50123|)
Error: Timeout when trying to open data connection to 203.0.113.5:50123`,
  curlTlsRequired: `
*   Trying 203.0.113.5:21...
* Connected to ftp.example.com (203.0.113.5) port 21
< 220 ProFTPD Server (Debian) [::ffff:203.0.113.5]
> USER web
< 550 SSL/TLS required on the control channel
* Access denied: 550
* closing connection #0
curl: (67) Access denied: 550`,
  lftpFixesAddress: `
---- Connecting to ftp.example.com (203.0.113.5) port 21
<--- 220 ProFTPD Server (Debian) [192.168.1.20]
---> FEAT
<--- 211 End
---> AUTH TLS
<--- 234 AUTH TLS successful
---> USER a
<--- 331 Password required for a
---> PASS XXXX
<--- 230 User a logged in
---> PBSZ 0
<--- 200 PBSZ 0 successful
---> PROT P
<--- 200 Protection set to Private
---> PASV
<--- 227 Entering Passive Mode (192,168,1,20,195,88).
---- Address returned by PASV seems to be incorrect and has been fixed
---- Connecting data socket to (203.0.113.5) port 50008
**** Timeout - reconnecting`,
  ftplibTimeout: `
*resp* '220 (vsFTPd 3.0.5)'
*cmd* 'USER lab'
*resp* '331 Please specify the password.'
*cmd* 'PASS ********'
*resp* '230 Login successful.'
*cmd* 'TYPE A'
*resp* '200 Switching to ASCII mode.'
*cmd* 'PASV'
*resp* '227 Entering Passive Mode (10,0,0,5,78,32).'
Traceback (most recent call last):
  File "/srv/list.py", line 9, in <module>
TimeoutError: [Errno 110] Connection timed out`,
  transcriptActive: `
220 Welcome to Pure-FTPd.
USER bob
331 User bob OK. Password required
PASS x
230 OK. Current directory is /
PORT 192,168,1,20,200,10
200 PORT command successful
LIST
425 Could not open data connection to port 51210: Connection timed out`,
  transcript: `
220 ProFTPD 1.3.6 Server
USER bob
550 SSL/TLS required on the control channel`,
} as const;

/** A private address in 227 that FileZilla did not dial, over TLS. */
export const filezillaNotDialled = `Status: Connecting to 203.0.113.7:21...
Status: Initializing TLS...
Status: Logged in
Command: PASV
Response: 227 Entering Passive Mode (192,168,10,5,200,10)
Status: Server sent passive reply with unroutable address. Using server address instead.
Command: MLSD
Error: Connection timed out after 20 seconds of inactivity`;
