import { tcpdump } from "./captures/tcpdump";
import { tshark } from "./captures/tshark";
import { ciscoAsa, fortiGate, mikrotik, pfLog, pfSense, vpcFlow, windowsFirewall } from "./kernel/firewalls";
import { fortiOsFlow, fortiOsHelpers } from "./kernel/fortios";
import { helperWords, netfilterLog } from "./kernel/netfilter-log";
import { banTools } from "./kernel/ban-tools";
import { systemAudit } from "./kernel/audit";
import { balancers } from "./kernel/balancers";
import { routerOsServices } from "./kernel/routeros-services";
import { azureFlow, flowFirewall, keyedFirewall, macFirewall, panOs, windowsPlatform } from "./kernel/vendors";
import { conntrack } from "./listings/conntrack";
import { dockerPorts } from "./listings/docker-ports";
import { firewalld } from "./listings/firewalld";
import { iptablesList } from "./listings/iptables-list";
import { iptablesSave } from "./listings/iptables-save";
import { machine } from "./listings/machine";
import { nft } from "./listings/nft";
import { containerSettings, proftpdSettings, pureFtpdSettings, vsftpdSettings } from "./listings/server-settings";
import { sockets } from "./listings/sockets";
import { ufwStatus } from "./listings/ufw-status";
import { apacheFtpServer } from "./servers/apache-ftpserver";
import { cerberus } from "./servers/cerberus";
import { crushFtp } from "./servers/crushftp";
import { fileZillaServer } from "./servers/filezilla-server";
import { iis } from "./servers/iis";
import { libunftp } from "./servers/libunftp";
import { extendedLog, modTlsWords, proftpd } from "./servers/proftpd";
import { pureFtpd } from "./servers/pure-ftpd";
import { pyftpdlib } from "./servers/pyftpdlib";
import { servU } from "./servers/serv-u";
import { sftpgo } from "./servers/sftpgo";
import { structured } from "./servers/structured";
import { syslogFtpd } from "./servers/syslog-ftpd";
import { twoSided } from "./servers/two-sided";
import { vsftpd } from "./servers/vsftpd";
import { winscpXml } from "./servers/winscp-xml";
import { xferlog } from "./servers/xferlog";
import { xmlEvents } from "./servers/xml-events";
import type { SpeakerForm } from "./speaker-form";

/** Every form of those who are no client. A line is of the first that knows it, so the plainest come last. */
export const speakerForms: readonly SpeakerForm[] = [
  machine,
  netfilterLog,
  helperWords,
  windowsFirewall,
  pfSense,
  pfLog,
  flowFirewall,
  panOs,
  azureFlow,
  macFirewall,
  windowsPlatform,
  fortiGate,
  fortiOsFlow,
  fortiOsHelpers,
  banTools,
  balancers,
  systemAudit,
  routerOsServices,
  ciscoAsa,
  vpcFlow,
  mikrotik,
  keyedFirewall,
  conntrack,
  nft,
  iptablesSave,
  iptablesList,
  ufwStatus,
  firewalld,
  dockerPorts,
  sockets,
  vsftpdSettings,
  proftpdSettings,
  pureFtpdSettings,
  containerSettings,
  vsftpd,
  pureFtpd,
  pyftpdlib,
  sftpgo,
  libunftp,
  fileZillaServer,
  proftpd,
  extendedLog,
  iis,
  servU,
  cerberus,
  crushFtp,
  apacheFtpServer,
  xferlog,
  winscpXml,
  xmlEvents,
  twoSided,
  modTlsWords,
  structured,
  syslogFtpd,
  tcpdump,
  tshark,
];
