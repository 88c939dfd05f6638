/**
 * What servers, kernels, firewalls, captures and listings write, by the id of the form; made up after public threads and after the programs'
 * sources, with addresses of the documentation ranges.
 */
export const speakerSamples = {
  "vsftpd-log": `Sat Feb  7 22:55:45 2026 [pid 28103] CONNECT: Client "203.0.113.40"
Sat Feb  7 22:55:45 2026 [pid 28103] FTP response: Client "203.0.113.40", "220 (vsFTPd 3.0.5)"
Sat Feb  7 22:55:45 2026 [pid 28103] FTP command: Client "203.0.113.40", "USER lab"
Sat Feb  7 22:55:45 2026 [pid 28103] [lab] FTP response: Client "203.0.113.40", "331 Please specify the password."
Sat Feb  7 22:55:45 2026 [pid 28103] [lab] FTP command: Client "203.0.113.40", "PASS <password>"
Sat Feb  7 22:55:45 2026 [pid 28101] [lab] OK LOGIN: Client "203.0.113.40"
Sat Feb  7 22:55:45 2026 [pid 28105] [lab] FTP response: Client "203.0.113.40", "230 Login successful."
Sat Feb  7 22:55:46 2026 [pid 28105] [lab] FTP command: Client "203.0.113.40", "PASV"
Sat Feb  7 22:55:46 2026 [pid 28105] [lab] FTP response: Client "203.0.113.40", "227 Entering Passive Mode (10,0,0,5,195,80)."
Sat Feb  7 22:55:46 2026 [pid 28105] [lab] FTP command: Client "203.0.113.40", "LIST"
Sat Feb  7 22:56:46 2026 [pid 28105] [lab] FTP response: Client "203.0.113.40", "425 Failed to establish connection."
Sat Feb  7 22:57:46 2026 [pid 28105] [lab] FAIL UPLOAD: Client "203.0.113.40", "/up/a.bin", 0.00Kbyte/sec`,
  "pure-ftpd-syslog": `Jan  4 11:14:17 f812ef1dd8ea pure-ftpd: (?@198.51.100.7) [INFO] New connection from 198.51.100.7
Jan  4 11:14:17 f812ef1dd8ea pure-ftpd: (?@198.51.100.7) [DEBUG] Command [user] [web]
Jan  4 11:14:17 f812ef1dd8ea pure-ftpd: (?@198.51.100.7) [DEBUG] Command [pass] [<*>]
Jan  4 11:14:17 f812ef1dd8ea pure-ftpd: (?@198.51.100.7) [INFO] web is now logged in
Jan  4 11:14:17 f812ef1dd8ea pure-ftpd: (web@198.51.100.7) [DEBUG] Command [pasv] []
Jan  4 11:14:17 f812ef1dd8ea pure-ftpd: (web@198.51.100.7) [DEBUG] 227 Entering Passive Mode (203,0,113,9,117,57)
Jan  4 11:14:17 f812ef1dd8ea pure-ftpd: (web@198.51.100.7) [DEBUG] Command [mlsd] []
Jan  4 11:15:17 f812ef1dd8ea pure-ftpd: (web@198.51.100.7) [WARNING] Timeout - try typing a little faster next time`,
  "pyftpdlib-log": `[I 2026-02-03 10:00:00] 198.51.100.7:40000-[] FTP session opened (connect)
[D 2026-02-03 10:00:00] 198.51.100.7:40000-[] -> 220 pyftpdlib 1.5.9 ready.
[D 2026-02-03 10:00:00] 198.51.100.7:40000-[] <- USER web
[D 2026-02-03 10:00:00] 198.51.100.7:40000-[web] -> 331 Username ok, send password.
[D 2026-02-03 10:00:00] 198.51.100.7:40000-[web] <- PASS ******
[I 2026-02-03 10:00:00] 198.51.100.7:40000-[web] USER 'web' logged in.
[D 2026-02-03 10:00:01] 198.51.100.7:40000-[web] <- PORT 10,0,0,5,252,236
[I 2026-02-03 10:00:01] 198.51.100.7:40000-[web] Rejected data connection to foreign address 10.0.0.5:64748.
[D 2026-02-03 10:00:01] 198.51.100.7:40000-[web] -> 501 Can't connect to a foreign address.`,
  "libunftp-log": ` INFO  libunftp::server::controlchan::log            > Control channel event Command(Type), source: 203.0.113.8:42058, trace-id: 0x186277850b1cba9d, seq: 10
 INFO  libunftp::server::controlchan::log            > Control channel reply CodeAndMsg { code: CommandOkay, msg: "Always in binary mode" }, source: 203.0.113.8:42058, trace-id: 0x186277850b1cba9d, seq: 10
 INFO  libunftp::server::controlchan::log            > Control channel event Command(Port), source: 203.0.113.8:42058, trace-id: 0x186277850b1cba9d, seq: 11
 INFO  libunftp::server::controlchan::log            > Control channel reply CodeAndMsg { code: CommandNotImplemented, msg: "ACTIVE mode is not supported - use PASSIVE instead" }, source: 203.0.113.8:42058, trace-id: 0x186277850b1cba9d, seq: 11`,
  "structured-log": `{"ts":"2024-05-01T10:00:00Z","session_id":"ab12","remote_addr":"203.0.113.7:50122","command":"USER","args":"web","code":331,"message":"Password required"}
{"ts":"2024-05-01T10:00:00Z","session_id":"ab12","remote_addr":"203.0.113.7:50122","command":"PASS","args":"secret","code":230,"message":"Logged in"}
{"ts":"2024-05-01T10:00:01Z","session_id":"ab12","remote_addr":"203.0.113.7:50122","command":"PASV","code":227,"message":"Entering Passive Mode (10,0,0,5,195,80)"}
{"ts":"2024-05-01T10:00:01Z","session_id":"ab12","remote_addr":"203.0.113.7:50122","command":"LIST","code":150,"message":"Opening"}
time="2024-05-01T10:00:31Z" level=error session=ab12 client=203.0.113.7 msg="accept failed" err="accept tcp [::]:50000: i/o timeout"
time="2024-05-01T10:00:31Z" level=debug session=ab12 client=203.0.113.7 msg="425 Can't open data connection"`,
  "sftpgo-log": `{"level":"debug","time":"2026-06-02T14:14:54.185","sender":"ftpserverlib","server_id":"FTP_0","clientId":"1","clientIp":"10.0.0.202:5618","message":"Client connected"}
{"level":"debug","time":"2026-06-02T14:14:54.185","sender":"ftpserverlib","server_id":"FTP_0","clientId":"1","line":"220 SFTPGo 2.6.0 ready","message":"Sending answer"}
{"level":"debug","time":"2026-06-02T14:14:54.188","sender":"ftpserverlib","server_id":"FTP_0","clientId":"1","line":"USER web","message":"Received line"}
{"level":"debug","time":"2026-06-02T14:14:54.196","sender":"ftpserverlib","server_id":"FTP_0","clientId":"1","line":"PASS secret","message":"Received line"}
{"level":"debug","time":"2026-06-02T14:14:54.403","sender":"dataprovider_sqlite","connection_id":"FTP_0_1","message":"create intermediary dir"}
{"level":"debug","time":"2026-06-02T14:14:54.500","sender":"ftpserverlib","server_id":"FTP_0","clientId":"1","line":"PASV","message":"Received line"}
{"level":"debug","time":"2026-06-02T14:14:54.500","sender":"ftpserverlib","server_id":"FTP_0","clientId":"1","line":"227 Entering Passive Mode (172,17,0,38,195,80)","message":"Sending answer"}
{"level":"warn","time":"2026-06-02T14:15:24.500","sender":"ftpserverlib","server_id":"FTP_0","clientId":"1","err":"data connection ip address 172.17.0.3 does not match control connection ip address 172.17.0.1","message":"Could not open transfer"}`,
  "sftpgo-console": `2026-03-17T19:57:02.648 DBG Sending answer | sender=ftpserverlib server_id=FTP_0 clientId=3 line=220 SFTPGo_2.6.6
2026-03-17T19:57:02.653 DBG Received line | sender=ftpserverlib server_id=FTP_0 clientId=3 line=USER test-user
2026-03-17T19:57:02.653 DBG Sending answer | sender=ftpserverlib server_id=FTP_0 clientId=3 line=331 OK`,
  "filezilla-server-log": `<03/02/2026 10:00:00> FTP Session 12 198.51.100.7 [Response] 220 FileZilla Server 1.8.0
<03/02/2026 10:00:00> FTP Session 12 198.51.100.7 [Command] AUTH TLS
<03/02/2026 10:00:00> FTP Session 12 198.51.100.7 [Response] 234 Using authentication type TLS.
<03/02/2026 10:00:01> FTP Session 12 198.51.100.7 web [Command] PASV
<03/02/2026 10:00:01> FTP Session 12 198.51.100.7 web [Response] 227 Entering Passive Mode (203,0,113,9,195,80)
<03/02/2026 10:00:01> FTP Session 12 198.51.100.7 web [Command] MLSD
<03/02/2026 10:00:11> FTP Session 12 198.51.100.7 web [Response] 425 Unable to build data connection: TLS session of data connection not resumed.
<03/02/2026 10:00:11> FTP Session 12 198.51.100.7 web [Error] TLS session of data connection not resumed.`,
  "filezilla-server-0.9": `(000133)2/3/2026 10:00:00 AM - (not logged in) (198.51.100.7)> Connected on port 21, sending welcome message...
(000133)2/3/2026 10:00:00 AM - (not logged in) (198.51.100.7)> 220 FileZilla Server 0.9.60 beta
(000133)2/3/2026 10:00:00 AM - (not logged in) (198.51.100.7)> USER web
(000133)2/3/2026 10:00:00 AM - (not logged in) (198.51.100.7)> 331 Password required for web
(000133)2/3/2026 10:00:01 AM - (web) (198.51.100.7)> PASV
(000133)2/3/2026 10:00:01 AM - (web) (198.51.100.7)> 227 Entering Passive Mode (203,0,113,9,195,80)
(000133)2/3/2026 10:00:11 AM - (web) (198.51.100.7)> 425 Can't open data connection for transfer of "/"
(000133)2/3/2026 10:00:11 AM - (web) (198.51.100.7)> disconnected.`,
  "proftpd-log": `2026-02-03 10:00:00,123 mod_tls/2.9.2[1234]: TLS/TLS-C requested, starting TLS handshake
2026-02-03 10:00:00,223 mod_tls/2.9.2[1234]: TLSv1.3 connection accepted, using cipher TLS_AES_256_GCM_SHA384 (256 bits)
2026-02-03 10:00:00,323 mod_tls/2.9.2[1234]: Protection set to Private
2026-02-03 10:00:01,123 mod_tls/2.9.2[1234]: client did not reuse SSL session, rejecting data connection (see the NoSessionReuseRequired TLSOptions parameter)
2026-02-03 10:00:01,124 mod_tls/2.9.2[1234]: unable to open data connection: TLS negotiation failed`,
  "proftpd-debug": `Apr 24 07:56:29 rico proftpd[6554]: 10.0.0.5 (client.example.com[198.51.100.7]) - FTP session opened.
Apr 24 07:56:30 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): dispatching PRE_CMD command 'PASV' to mod_tls
Apr 24 07:56:30 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): dispatching PRE_CMD command 'PASV' to mod_core
Apr 24 07:56:30 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): dispatching CMD command 'PASV' to mod_core
Apr 24 07:56:30 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): Entering Passive Mode (10,0,0,5,163,174).
Apr 24 07:56:30 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): dispatching LOG_CMD command 'PASV' to mod_log
Apr 24 07:56:31 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): dispatching PRE_CMD command 'MLSD' to mod_core
Apr 24 07:56:31 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): dispatching CMD command 'MLSD' to mod_ls
Apr 24 08:01:31 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): passive data transfer failed, possibly due to network issues
Apr 24 08:01:31 rico proftpd[6554] localhost (::ffff:198.51.100.7[::ffff:198.51.100.7]): dispatching LOG_CMD_ERR command 'MLSD' to mod_log`,
  "proftpd-extended-log": `198.51.100.7 UNKNOWN nobody [03/Feb/2026:10:00:00 +0000] "USER web" 331 -
198.51.100.7 UNKNOWN web [03/Feb/2026:10:00:00 +0000] "PASS (hidden)" 230 -
198.51.100.7 UNKNOWN web [03/Feb/2026:10:00:01 +0000] "EPSV" 229 -
198.51.100.7 UNKNOWN web [03/Feb/2026:10:05:01 +0000] "LIST" 425 -`,
  "proftpd-tls-log": `TLSLog: received CCC, clearing control channel protection
SSL_shutdown error: wrong version number`,
  xferlog: `Tue Feb  3 10:00:00 2026 1 198.51.100.7 1048576 /home/web/upload/backup.tar.gz b _ i r web ftp 0 * i`,
  "iis-w3c-log": `#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Date: 2026-02-03 10:00:00
#Fields: date time c-ip cs-username s-ip s-port cs-method cs-uri-stem sc-status sc-win32-status sc-substatus x-session x-fullpath
2026-02-03 10:00:00 198.51.100.7 - 10.0.0.5 21 ControlChannelOpened - - 0 0 5242ddb2-95f5-43b1-b19d-6173e04ac6f0 -
2026-02-03 10:00:00 198.51.100.7 - 10.0.0.5 21 USER web 331 0 0 5242ddb2-95f5-43b1-b19d-6173e04ac6f0 -
2026-02-03 10:00:00 198.51.100.7 web 10.0.0.5 21 PASS *** 230 0 0 5242ddb2-95f5-43b1-b19d-6173e04ac6f0 /
2026-02-03 10:00:01 198.51.100.7 web 10.0.0.5 21 PASV - 227 0 0 5242ddb2-95f5-43b1-b19d-6173e04ac6f0 -
2026-02-03 10:00:21 198.51.100.7 web 10.0.0.5 50000 DataChannelOpened - - 0 0 5242ddb2-95f5-43b1-b19d-6173e04ac6f0 -
2026-02-03 10:00:21 198.51.100.7 web 10.0.0.5 50000 DataChannelClosed - - 1236 38 5242ddb2-95f5-43b1-b19d-6173e04ac6f0 -
2026-02-03 10:00:21 198.51.100.7 web 10.0.0.5 21 STOR file.txt 425 10060 0 5242ddb2-95f5-43b1-b19d-6173e04ac6f0 -`,
  "iis-without-fields": `2026-01-15 02:08:16 198.51.100.7 user01 10.0.0.5 40063 DataChannelOpened - - 0 0
2026-01-15 02:08:16 198.51.100.7 user01 10.0.0.5 40063 DataChannelClosed - - 1236 38
2026-01-15 02:08:16 198.51.100.7 user01 10.0.0.5 21 STOR file.txt 425 1236 0`,
  "two-sided-log": `2025-04-04T13:25:54.189Z New connection from 192.0.2.30
2025-04-04T13:25:54.191Z [192.0.2.30] Server: 220 Ready
2025-04-04T13:25:57.301Z [192.0.2.30] Client: pasv
2025-04-04T13:25:57.306Z [192.0.2.30] Server: 227 PASV OK (192,0,2,10,195,80)
2025-04-04T13:25:58.288Z [192.0.2.30] Client: stor data.bin
2025-04-04T13:25:58.304Z [192.0.2.30] Server: 150 Awaiting passive connection
2025-04-04T13:35:58.310Z [192.0.2.30] control socket timeout, closing connection`,
  "serv-u-log": `[20] Tue 03Feb26 10:00:00 - (000012) Connected to 198.51.100.7 (local address 10.0.0.5, port 21)
[20] Tue 03Feb26 10:00:00 - (000012) 220 Serv-U FTP Server v15.3 ready...
[20] Tue 03Feb26 10:00:00 - (000012) USER web
[20] Tue 03Feb26 10:00:00 - (000012) 331 User name okay, need password.
[20] Tue 03Feb26 10:00:01 - (000012) PASV
[20] Tue 03Feb26 10:00:01 - (000012) 227 Entering Passive Mode (10,0,0,5,195,80)
[20] Tue 03Feb26 10:00:21 - (000012) 425 Cannot open data connection (10060).`,
  "cerberus-log": `[2026-02-03 10:00:00]:CONNECT [    12] - Incoming connection request on FTP interface 0 at 10.0.0.5
[2026-02-03 10:00:00]:COMMAND [    12] - USER web
[2026-02-03 10:00:00]:REPLY [    12] - 331 User web, password please
[2026-02-03 10:00:01]:COMMAND [    12] - LIST
[2026-02-03 10:00:21]:REPLY [    12] - 425 Unable to open the data connection`,
  "crushftp-log": `FTP|02/03/2026 10:00:00.123|[FTP:0012:web:198.51.100.7] READ: *PASV*
FTP|02/03/2026 10:00:00.124|[FTP:0012:web:198.51.100.7] WROTE: *227 Entering Passive Mode (10,0,0,5,195,80)*
FTP|02/03/2026 10:00:00.125|[FTP:0012:web:198.51.100.7] READ: *LIST*
FTP|02/03/2026 10:00:30.125|[FTP:0012:web:198.51.100.7] WROTE: *425 Can't open data connection.*`,
  "apache-ftpserver-log": `[ INFO] 2026-02-03 10:00:00,123 [] [198.51.100.7] CREATED
[ INFO] 2026-02-03 10:00:00,223 [web] [198.51.100.7] RECEIVED: PASV
[ INFO] 2026-02-03 10:00:00,224 [web] [198.51.100.7] SENT: 227 Entering Passive Mode (10,0,0,5,195,80)`,
  "syslog-ftpd": `Feb  3 10:00:00 bsd ftpd[55]: connection from client.example.com (198.51.100.7)
Feb  3 10:00:01 bsd ftpd[55]: command: PASV
Feb  3 10:00:01 bsd ftpd[55]: <--- 227 Entering Passive Mode (10,0,0,5,195,80)
Feb  3 10:00:02 srv vsftpd[812]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=web rhost=::ffff:198.51.100.7`,
  "winscp-xml": `<session xmlns="http://winscp.net/schema/session/1.0" name="web@ftp.example.com" start="2026-02-03T10:00:00.000Z">
  <ls>
    <destination value="/" />
    <result success="false">
      <message>Timeout detected. (data connection)</message>
      <message>Could not retrieve directory listing</message>
    </result>
  </ls>
</session>`,
  "xml-events": `<event id="4711" desc="FTP data connection failed.">
  <error message="TLS session for the data connection was not resumed, the server closed it."/>
</event>`,
  "ufw-block": `Jun 23 08:51:22 server1 kernel: [486938.916177] [UFW BLOCK] IN=eth1 OUT= MAC=00:00:5e:00:53:01:00:00:5e:00:53:02:08:00 SRC=198.51.100.77 DST=10.180.0.3 LEN=60 TOS=0x00 PREC=0x00 TTL=50 ID=51005 DF PROTO=TCP SPT=41945 DPT=16881 WINDOW=7300 RES=0x00 SYN URGP=0
[UFW BLOCK] IN=eth0 OUT= SRC=198.51.100.77 DST=10.180.0.3 PROTO=TCP SPT=53039 DPT=8190 SYN
[  123.456789] FINAL_REJECT: IN=eth0 OUT=eth1 SRC=2001:db8::7 DST=2001:db8:1::5 LEN=60 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=TCP SPT=40000 DPT=50100 WINDOW=64240 RES=0x00 SYN URGP=0
Apr 19 19:45:43 kernel: DROP IN=eth0 OUT=br0 SRC=198.51.100.7 DST=192.168.1.9 LEN=64 TOS=0x00 PREC=0x00 TTL=56 ID=49941 DF PROTO=TCP SPT=39671 DPT=55400 SEQ=3159701038 ACK=0 WINDOW=65535 RES=0x00 SYN URGP=0 OPT (020405820103030501)
Feb  3 10:00:00 gw kernel: Shorewall:net2fw:DROP:IN=ppp0 OUT= MAC= SRC=198.51.100.7 DST=203.0.113.9 LEN=60 PROTO=TCP SPT=40000 DPT=50101 WINDOW=64240 RES=0x00 SYN URGP=0
Mon Feb  2 00:32:57 2026 kern.warn kernel: [  140.339295] DROP(src wan)IN=wan OUT= MAC=00:00:5e:00:53:01 SRC=198.51.100.7 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=52 ID=1 DF PROTO=TCP SPT=40001 DPT=50102 WINDOW=64240 RES=0x00 SYN URGP=0`,
  "ufw-wrapped": `Jun 23 08:51:22 server1 kernel: [486938.916177] [UFW BLOCK] IN=eth1 OUT=
MAC=00:00:5e:00:53:01:00:00:5e:00:53:02:08:00 SRC=198.51.100.77
DST=10.180.0.3 LEN=60 TOS=0x00 PREC=0x00 TTL=50 ID=51005 DF PROTO=TCP
SPT=41945 DPT=16881 WINDOW=7300 RES=0x00 SYN URGP=0`,
  "kernel-helper-drop": `nf_ct_ftp: dropping packet: partial matching of \`227 ' IN= OUT= SRC=192.168.88.11 DST=192.168.88.2 LEN=65 TOS=0x10 PREC=0x00 TTL=64 ID=21753 DF PROTO=TCP SPT=21 DPT=52558 SEQ=1495310752 ACK=1151444886 WINDOW=1019 RES=0x00 ACK PSH FIN URGP=0 OPT (0101080ACEAB6C79379C8674)`,
  "kernel-helpers": `[   12.345678] nf_conntrack: default automatic helper assignment has been turned off for security reasons and CT-based firewall rule not found. Use the iptables CT target to attach helpers instead.
[  100.000001] Missing nfct_seqadj_ext_add() setup call`,
  "windows-firewall": `#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path
2026-02-03 10:00:00 DROP TCP 198.51.100.7 10.0.0.5 51000 50123 52 S 123 0 8192 - - - RECEIVE
2026-02-03 10:00:00 ALLOW TCP 198.51.100.7 10.0.0.5 51001 21 0 - 0 0 0 - - - RECEIVE`,
  filterlog: `Feb  3 10:00:00 fw filterlog[123]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,0,0,DF,6,tcp,60,198.51.100.7,203.0.113.9,51000,50123,0,S,123,,64240,,mss`,
  fortigate: `date=2026-02-03 time=10:00:00 devname="fw" type="traffic" subtype="forward" srcip=198.51.100.7 srcport=51000 srcintf="wan1" dstip=203.0.113.9 dstport=50123 dstintf="dmz" proto=6 action="deny" policyid=0`,
  "firewall-flows": `Feb  3 10:00:00 srx RT_FLOW: RT_FLOW_SESSION_DENY: session denied 198.51.100.7/51000->203.0.113.9/50123 None 6(0) default-deny untrust dmz UNKNOWN UNKNOWN N/A(N/A) ge-0/0/0.0
*Feb  3 10:00:00.123: %SEC-6-IPACCESSLOGP: list OUTSIDE-IN denied tcp 198.51.100.7(51000) -> 203.0.113.9(50123), 1 packet
Feb  3 10:00:00 ftp kernel: ipfw: 65534 Deny TCP 198.51.100.7:51000 203.0.113.9:50123 in via em0
2026-02-03 10:00:00 Deny 198.51.100.7 203.0.113.9 50123/tcp 51000 50123 0-External 1-Trusted Denied 60 52 (Unhandled External Packet-00) proc_id="firewall" rc="101" msg_id="3000-0148"
Feb  3 10:00:00.123: default/client-7d:51000 (ID:1234) <> ftp/vsftpd-0:50123 (ID:5678) Policy denied DROPPED (TCP Flags: SYN)`,
  "pan-os": `Feb  3 10:00:00 pa 1,2026/02/03 10:00:00,001801010877,TRAFFIC,drop,2305,2026/02/03 10:00:00,198.51.100.7,203.0.113.9,0.0.0.0,0.0.0.0,interzone-default,,,not-applicable,vsys1,untrust,dmz,ethernet1/1,,default,2026/02/03 10:00:00,0,1,51000,50123,0,0,0x0,tcp,deny,74,74,0,1,2026/02/03 10:00:00,0,any,0`,
  "azure-flow-log": `{"category":"NetworkSecurityGroupFlowEvent","properties":{"Version":2,"flows":[{"rule":"DefaultRule_DenyAllInBound","flows":[{"mac":"000D3AF87856","flowTuples":["1770109200,198.51.100.7,203.0.113.9,51000,50123,T,I,D,B,,,,"]}]}]}}`,
  "macos-firewall": `Feb  3 10:00:00 mac socketfilterfw[471] <Info>: Deny proftpd connecting from 198.51.100.7:51000 to port 50123 proto=6`,
  "windows-filtering-platform": `The Windows Filtering Platform has blocked a packet.
Network Information:
	Direction:		Inbound
	Source Address:		198.51.100.7
	Source Port:		51000
	Destination Address:	203.0.113.9
	Destination Port:		50123
	Protocol:		6`,
  "firewall-pairs": `Feb  3 10:00:00 cp CheckPoint 4711 - [action:"Drop"; ifname:"eth0"; product:"VPN-1 & FireWall-1"; src:"198.51.100.7"; dst:"203.0.113.9"; proto:"6"; s_port:"51000"; service:"50123"; rule:"23"]`,
  "ban-tools": `2026-02-03 10:00:00,123 fail2ban.actions        [4711]: NOTICE  [vsftpd] Ban 198.51.100.7`,
  balancers: `Feb  3 10:00:00 lb haproxy[4711]: 198.51.100.7:51000 [03/Feb/2026:10:00:00.123] ftp_in ftp_back/ftp1 1/-1/3 0 SC 1/1/0/0/3 0/0`,
  audit: `type=AVC msg=audit(1770109200.123:4711): avc:  denied  { write } for  pid=4711 comm="vsftpd" name="upload" scontext=system_u:system_r:ftpd_t:s0 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=dir permissive=0`,
  pflog: ` 00:00:00.000000 rule 12/0(match): block in on hn1: 198.51.100.7.51000 > 203.0.113.9.50123: Flags [S], seq 903315622, win 65535, length 0`,
  "fortios-flow": `id=20085 trace_id=12 func=print_pkt_detail line=5845 msg="vd-root:0 received a packet(proto=6, 198.51.100.7:51000->203.0.113.9:50123) from internal. flag [S], seq 903315622, ack 0, win 64240"
id=20085 trace_id=12 func=init_ip_session_common line=6023 msg="allocate a new session-004c11a2"
id=20085 trace_id=12 func=vf_ip_route_input_common line=2605 msg="find a route: flag=04000000 gw-198.51.100.1 via wan1"
id=20085 trace_id=12 func=fw_forward_handler line=732 msg="Denied by forward policy check (policy 0)"`,
  "routeros-services": `[admin@MikroTik] > /ip firewall service-port print
Flags: X - disabled, I - invalid
 #   NAME                                                                PORTS
 0   ftp                                                                 21
 1   tftp                                                                69`,
  "fortios-helpers": `FGT60F # show system session-helper
config system session-helper
    edit 4
        set name ftp
        set protocol 6
        set port 21
    next
end`,
  "cisco-asa": `Feb 03 2026 10:00:00: %ASA-4-106023: Deny tcp src outside:198.51.100.7/51000 dst inside:10.0.0.5/50123 by access-group "OUTSIDE_IN" [0x0, 0x0]`,
  "vpc-flow-log": `2 123456789010 eni-0a1b2c3d 198.51.100.7 172.31.16.139 51000 50123 6 1 60 1418530010 1418530070 REJECT OK`,
  mikrotik: `10:00:00 firewall,info drop forward: in:ether1 out:bridge, connection-state:new src-mac 00:00:5e:00:53:01, proto TCP (SYN), 198.51.100.7:51000->192.168.88.5:50123, len 60`,
  conntrack: `tcp      6 431999 ESTABLISHED src=192.168.1.5 dst=203.0.113.9 sport=40000 dport=21 src=203.0.113.9 dst=198.51.100.7 sport=21 dport=40000 [ASSURED] mark=0 helper=ftp use=1
tcp      6 112 SYN_SENT src=192.168.1.5 dst=203.0.113.9 sport=40001 dport=50123 [UNREPLIED] src=203.0.113.9 dst=198.51.100.7 sport=50123 dport=40001 mark=0 use=1
conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.
    [NEW] tcp      6 120 SYN_SENT src=192.168.1.5 dst=203.0.113.9 sport=40002 dport=50124 [UNREPLIED] src=203.0.113.9 dst=198.51.100.7 sport=50124 dport=40002
ipv4     2 tcp      6 299 ESTABLISHED src=192.168.1.5 dst=203.0.113.9 sport=40003 dport=21 src=203.0.113.9 dst=198.51.100.7 sport=21 dport=40003 [ASSURED] mark=0 zone=0 use=2`,
  "nft-ruleset": `table inet filter {
	ct helper ftp-standard {
		type "ftp" protocol tcp
		l3proto inet
	}

	set trusted {
		typeof ip saddr
		elements = { 192.0.2.10 }
	}

	chain input {
		type filter hook input priority filter; policy drop;
		iifname "lo" accept
		ct state established,related accept
		tcp dport { 21, 50000-50999 } accept
		ip saddr 192.0.2.0/24 tcp dport 990 accept
	}

	chain pre {
		type filter hook prerouting priority raw; policy accept;
		tcp dport 21 ct helper set "ftp-standard"
	}
}
table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "wan" tcp dport 21 dnat to 192.168.1.5:21
	}
}`,
  "iptables-save": `# Generated by iptables-save v1.8.9 on Tue Feb  3 10:00:00 2026
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i wan -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.1.5:21
-A POSTROUTING -o wan -j MASQUERADE
COMMIT
*filter
:INPUT DROP [12:720]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m multiport --dports 20,21 -j ACCEPT
COMMIT
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
COMMIT`,
  "iptables-s": `-P INPUT DROP
-P FORWARD ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -m state --state NEW,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 40000:40100 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited`,
  "iptables-commands": `sudo iptables -A INPUT -p tcp --dport 21 -j ACCEPT
iptables -t nat -I PREROUTING 1 -i eth0 -p tcp --dport 21 -j DNAT --to 192.168.1.5
iptables -P INPUT DROP`,
  "iptables-list": `Chain INPUT (policy DROP)
target     prot opt source               destination
ACCEPT     all  --  anywhere             anywhere
ACCEPT     tcp  --  anywhere             anywhere             tcp dpt:ftp
ACCEPT     tcp  --  anywhere             anywhere             tcp dpts:40000:40100
ACCEPT     all  --  anywhere             anywhere             ctstate RELATED,ESTABLISHED
REJECT     all  --  anywhere             anywhere             reject-with icmp-host-prohibited

Chain FORWARD (policy ACCEPT)
target     prot opt source               destination         `,
  "iptables-list-verbose": `Chain INPUT (policy DROP 12 packets, 720 bytes)
num   pkts bytes target     prot opt in     out     source               destination
1      10M 9000K ACCEPT     all  --  lo     *       0.0.0.0/0            0.0.0.0/0
2      120  7200 ACCEPT     tcp  --  *      *       192.0.2.0/24         0.0.0.0/0            multiport dports 20,21 /* ftp */
3        5   300 LOG        all  --  *      *       0.0.0.0/0            0.0.0.0/0            limit: avg 3/min burst 10 LOG flags 0 level 4 prefix "[UFW BLOCK] "

Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
    0     0 DNAT       6    --  wan    *       0.0.0.0/0            0.0.0.0/0            tcp dpt:21 to:192.168.1.5:21
    0     0 CT         tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:21 CT helper ftp`,
  "ufw-status": `Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW IN    Anywhere
20,21/tcp                  ALLOW IN    192.0.2.0/24
40000:50000/tcp            ALLOW       Anywhere
21/tcp (v6)                DENY IN     Anywhere (v6)             # old`,
  firewalld: `public (active)
  target: default
  icmp-block-inversion: no
  interfaces: eth0
  sources:
  services: cockpit dhcpv6-client ftp ssh
  ports: 21/tcp 40000-40100/tcp
  protocols:
  forward: yes
  masquerade: no
  forward-ports:
	port=2121:proto=tcp:toport=21:toaddr=192.168.1.5
  source-ports:
  icmp-blocks:
  rich rules: `,
  tcpdump: `12:00:00.123456 IP 198.51.100.7.40000 > 203.0.113.9.21: Flags [S], seq 1, win 64240, options [mss 1460,sackOK], length 0
12:00:00.223456 IP 203.0.113.9.21 > 198.51.100.7.40000: Flags [P.], seq 1:51, ack 1, win 502, length 50: FTP: 227 Entering Passive Mode (10,0,0,5,195,80).
12:00:00.323456 IP 198.51.100.7.40001 > 203.0.113.9.50000: Flags [S], seq 1, win 64240, length 0
12:00:00.423456 IP 203.0.113.1 > 198.51.100.7: ICMP host 203.0.113.9 unreachable - admin prohibited, length 68
12:00:00.523456 IP6 2001:db8::7.40002 > 2001:db8::9.21: Flags [R.], seq 0, ack 1, win 0, length 0
12:00:00.623456 eth0  In  IP client.example.com.40003 > server.example.com.ftp: Flags [.], ack 1, win 502, length 0`,
  "tcpdump-verbose": `12:00:00.123456 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 90)
    203.0.113.9.21 > 198.51.100.7.40000: Flags [P.], cksum 0x1234 (correct), seq 1:39, ack 1, win 502, length 38: FTP, length: 38
	530 Login incorrect.
12:00:01.123456 IP (tos 0x0, ttl 64, id 2, offset 0, flags [DF], proto ICMP (1), length 88)
    203.0.113.9 > 198.51.100.7: ICMP 203.0.113.9 tcp port 50000 unreachable, length 68`,
  tshark: `    1 0.000000000 198.51.100.7 → 203.0.113.9  TCP 74 40000 → 21 [SYN] Seq=0 Win=64240 Len=0 MSS=1460
    2 0.100000000  203.0.113.9 → 198.51.100.7 FTP 106 Response: 227 Entering Passive Mode (10,0,0,5,195,80).
    3 0.200000000 198.51.100.7 → 203.0.113.9  TCP 74 [TCP Retransmission] 40001 → 50000 [SYN] Seq=0 Win=64240 Len=0
1146	7.562069	172.17.59.8	172.17.59.5	FTP	74	Request: PASS secret`,
  "conntrack-expect": `conntrack v1.4.7 (conntrack-tools): 0 expectations have been shown.
300 proto=6 src=198.51.100.7 dst=203.0.113.9 sport=0 dport=50123 mask-src=255.255.255.255 mask-dst=255.255.255.255 sport=0 dport=65535 master-src=198.51.100.7 master-dst=203.0.113.9 sport=40000 dport=21 class=0 helper=ftp`,
  machine: `Module                  Size  Used by
nf_nat_ftp             20480  0
nf_conntrack_ftp       24576  1 nf_nat_ftp
cat: /proc/sys/net/netfilter/nf_conntrack_helper: No such file or directory
21/tcp    open     ftp
50000/tcp filtered unknown`,
  "docker-ports": `CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS   PORTS   NAMES
0a1b2c3d4e5f   vsftpd    "/run"    1 h ago   Up 1 h   0.0.0.0:20-21->20-21/tcp, :::20-21->20-21/tcp   ftpd`,
  "docker-run": `docker run -d -p 21:21 -p 21100-21110:21100-21110 -e PASV_ADDRESS=203.0.113.9 fauria/vsftpd`,
  "docker-compose": `services:
  ftpd:
    ports:
      - "21:21"
      - 30000-30009:30000-30009
    environment:
      - PUBLICHOST=ftp.example.com`,
  sockets: `tcp        0      1 192.168.1.5:40001       203.0.113.9:50123       SYN_SENT    1234/lftp
  TCP    192.168.1.5:50001      203.0.113.9:50124      SYN_SENT
ESTAB     0      0      192.168.1.5:40000      203.0.113.9:21
tcp        0      0 0.0.0.0:21              0.0.0.0:*               LISTEN`,
  "vsftpd-conf": `# pasv_address=192.0.2.1
pasv_enable=YES
pasv_min_port=40000
pasv_max_port=40100`,
  "proftpd-conf": `PassivePorts                 49152 65534
MasqueradeAddress            203.0.113.9`,
  "pure-ftpd-conf": `PassivePortRange          30000 50000
ForcePassiveIP            203.0.113.9`,
  "container-settings": `PASV_ADDRESS=203.0.113.9`,
} as const;
