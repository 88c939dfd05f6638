#!/bin/sh
# Collects what decides about FTP on this machine: a router, an FTP server's host, or a client's. It prints one text.
#
#   sh collect.sh > network.txt             as root, or else what root alone may see is named as missing
#   sh collect.sh FILE... > network.txt     with the FTP server's main configuration files, where it does not find them
#
# It only reads: it writes no file, changes nothing and opens no connection to another machine. Passwords, keys and hashes are
# taken out here, before anything is printed; still, look the text over before you give it away. It runs with dash, bash and
# busybox's ash. `ftp-nat-matrix import network.txt --output DIR` reads the text.

LC_ALL=C
LANG=C
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
export LC_ALL LANG PATH
unset CDPATH
umask 077
# Paths may hold blanks: only line feeds part words.
IFS='
'
newline=$IFS
log_lines=200
file_kilobytes=256
command_kilobytes=4096

# Takes secrets out of a text; `kind` is config, log, rules or xml. Lines keep their numbers.
# mawk has neither {n} nor [[:space:]], so neither is used.
# shellcheck disable=SC2016 # awk's own variables
cleaner='
function isSecret(word) {
  if (word == "no_anon_password" || word == "email_password_file" || word ~ /^(allowemptypasswords|passwordauthentication)$/) return 0
  if (word ~ /^(tlspassphraseprovider|sftppassphraseprovider|sqlpassword(engine|encoding|rounds|cost|options))$/) return 0
  if (word ~ /passw|pass_?phrase|pass_?key|pass_?code|passwd|pswd|kennwort|senha|contrasen|mot_?de_?passe/) return 1
  if (word ~ /(^|[-_.])(pass|pw|pwd|psk|pin)[0-9]*$/ || word ~ /(psk|pwd)$/ || word ~ /(^|[-_.])(psk|pwd)/) return 1
  if (word ~ /pass$/ && word !~ /(by|com|tres|sur|under|over)pass$/) return 1
  if (word ~ /secret|token|credential|community|pincode|bindpw|rootpw|cookie|authorization|bearer/) return 1
  if (word ~ /(api|private|pre_?shared|shared|auth|access|encryption|encrypt|wep|psk|session|signing|server|account|admin)[-_.]?key/) return 1
  if (word ~ /(^|[-_.])salt$/) return 1
  return 0
}
# Where the value of a secret that stands in a pair of quotes ends; 0 where the quote is not closed.
function closing(text, quote,   i) {
  for (i = 1; i <= length(text); i++) {
    if (substr(text, i, 1) == "\\") { i++; continue }
    if (substr(text, i, 1) == quote) return i
  }
  return 0
}
function quotesIn(text,   copy) { copy = text; gsub(/\\./, "", copy); return gsub(/"/, "", copy) }
# The text behind the name of a secret, without its value.
function withoutValue(before, rest, isPath,   gap, value, end, quote) {
  if (match(rest, /^["\047]?[ \t]*(=>|[=:]+)[ \t]*/)) gap = substr(rest, 1, RLENGTH)
  else if (match(rest, /^["\047]?[ \t]+/) && !isPath && (kind != "rules" || quotesIn(before) % 2 == 1)) {
    gap = substr(rest, 1, RLENGTH)
    value = tolower(substr(rest, RLENGTH + 1))
    if (kind == "log" && value ~ /^(required|incorrect|authentication|auth|expired|changed|check|failed|mismatch|file|accepted|ok|needed|not|hidden)([^a-z]|$)/) return rest
  } else return rest
  value = substr(rest, length(gap) + 1)
  if (value == "" || value ~ /^["\047]?[ \t]*$/ || value ~ /^(\(hidden\)|<password>|<\*>|\[removed\])/) return rest
  if (kind != "rules") { isJoined = value ~ /\\\r?$/; return gap "[removed]" }
  quote = substr(value, 1, 1)
  if (quote == "\"" || quote == "\047") {
    end = closing(substr(value, 2), quote)
    return end == 0 ? gap "[removed]" : gap quote "[removed]" substr(value, end + 1)
  }
  if (quotesIn(before) % 2 == 1) {
    end = closing(value, "\"")
    return end == 0 ? gap "[removed]" : gap "[removed]" substr(value, end)
  }
  match(value, /^[^ \t]+/)
  return gap "[removed]" substr(value, RLENGTH + 1)
}
function withoutNamed(line,   done, rest, word, tail) {
  done = ""; rest = line
  while (match(rest, /[A-Za-z0-9_.-]+/)) {
    word = tolower(substr(rest, RSTART, RLENGTH))
    done = done substr(rest, 1, RSTART + RLENGTH - 1)
    rest = substr(rest, RSTART + RLENGTH)
    if (!isSecret(word)) continue
    tail = withoutValue(done, rest, done ~ /\/[A-Za-z0-9_.-]*$/)
    if (tail != rest && kind != "rules") return done tail
    rest = tail
    if (rest ~ /^["\047]?[ \t]*(=>|[=:]+)?[ \t]*["\047]?\[removed\]/) {
      match(rest, /\[removed\]/)
      done = done substr(rest, 1, RSTART + RLENGTH - 1)
      rest = substr(rest, RSTART + RLENGTH)
    }
  }
  return done rest
}
# What is a secret by its form, wherever it stands.
function withoutForms(line,   done, rest, piece) {
  gsub(/:\/\/[^ \t"\047@:\/]*:[^ \t"\047]*@/, "://[removed]@", line)
  gsub(/\$(1|2|2a|2b|2x|2y|5|6|7|y|gy|md5|sha1|apr1|argon2i|argon2d|argon2id|scrypt|pbkdf2|pbkdf2-sha256|pbkdf2-sha512)\$[A-Za-z0-9.\/$=,+-]+/, "[removed]", line)
  gsub(/\{(SSHA|SHA|SMD5|MD5|CRYPT|ssha|sha|smd5|md5|crypt|sha1|SHA1|SHA256|sha256|SHA512|sha512|SSHA256|SSHA512|PBKDF2|PLAIN|plain|CLEARTEXT|cleartext)\}[^ \t"\047]+/, "[removed]", line)
  gsub(/eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?/, "[removed]", line)
  gsub(/(gh[pousr]|glpat|xox[abprs]|github_pat)[-_][A-Za-z0-9_-]+/, "[removed]", line)
  gsub(/(AKIA|ASIA)[A-Z0-9]+/, "[removed]", line)
  done = ""; rest = line
  while (match(rest, /[A-Za-z0-9+\/]+=?=?/)) {
    piece = substr(rest, RSTART, RLENGTH)
    done = done substr(rest, 1, RSTART - 1)
    rest = substr(rest, RSTART + RLENGTH)
    # Keys of WireGuard and the like have 44 characters; digests 32 and more.
    if (RLENGTH >= 44 && piece ~ /=$/) piece = "[removed]"
    else if (kind != "rules" && length(piece) >= 32 && piece ~ /^[0-9a-fA-F]+$/) piece = "[removed]"
    done = done piece
  }
  return done rest
}
function clean(line,   low, name, from, to) {
  if (isJoined) { isJoined = line ~ /\\\r?$/; return "# [removed]" }
  if (isKey) {
    if (line ~ /-----END /) isKey = 0
    return "# [left out]"
  }
  if (match(line, /-----BEGIN [^-]*-----/)) {
    name = substr(line, RSTART + 11, RLENGTH - 16)
    from = substr(line, 1, RSTART - 1)
    if (line !~ /-----END /) isKey = 1
    return withoutForms(withoutNamed(from)) "# [left out: " tolower(name) "]"
  }
  low = tolower(line)
  if (kind == "config") {
    # Directives of ProFTPD whose secrets have no name.
    if (match(low, /^[ \t#]*(sqlconnectinfo|sqlnamedconnectinfo|ldapbinddn|ldapdninfo|ldapdoauth|radius(acct|auth)?server|userpassword|grouppassword|redisserver|redissentinel|ldapauthbinds|sqlbackend_secret|snmpcommunity|tlspkcs12file|anonrejectpasswords|sftpdhparamfile)[ \t]/)) {
      isJoined = line ~ /\\\r?$/
      return substr(line, 1, RLENGTH) "[removed]"
    }
  }
  if (kind == "log") {
    if (match(low, /(^|[^a-z0-9_])(pass|acct|adat|pswd|site pswd)[ \t]+/) && substr(low, RSTART + RLENGTH) !~ /^(\(hidden\)|<password>|<\*>|\*+["\047]?([ \t]|$)|xxx+["\047]?([ \t]|$))/)
      line = substr(line, 1, RSTART + RLENGTH - 1) "[removed]"
  }
  # name:hash:uid:gid:...
  if (kind != "rules" && line ~ /^[^:# \t]+:[^:]+:[0-9]+:[0-9]*:[^:]*:[^:]*:/) {
    match(line, /^[^:]+:/)
    line = substr(line, 1, RLENGTH) "[removed]"
  }
  if (kind == "xml") line = withoutXml(line)
  else line = withoutNamed(line)
  return withoutForms(line)
}
# FileZilla Server: users, and elements with a secret name, as a whole. Text is read tag by tag.
function withoutXml(line,   done, tag, name) {
  done = ""
  while (line != "") {
    if (match(line, /<[^>]*>/)) {
      if (depth == 0) done = done substr(line, 1, RSTART - 1)
      tag = substr(line, RSTART, RLENGTH)
      line = substr(line, RSTART + RLENGTH)
      name = tolower(tag)
      sub(/^<\/?/, "", name)
      sub(/[ \t\/>].*$/, "", name)
      if (depth == 0 && tag !~ /^<[\/?!]/ && (name ~ /^(users?|groups?|hash|salt|key|impersonator)$/ || isSecret(name))) {
        done = done "<" name "/>"
        if (tag !~ /\/>$/) { depth = 1; inside = name }
      } else if (depth > 0 && name == inside) {
        if (tag ~ /^<\//) depth--
        else if (tag !~ /\/>$/) depth++
      } else if (depth == 0) done = done withoutNamed(tag)
    } else {
      # A tag that goes on in the next line is not read.
      if (depth == 0) { sub(/<.*$/, "", line); done = done line }
      line = ""
    }
  }
  return done
}
{
  gsub(/[\001-\010\013\014\016-\037\177]/, "?")
  line = clean($0)
  if (line ~ /^===/) line = " " line
  print line
}
'

if ! command -v awk >/dev/null 2>&1; then
  echo 'collect: awk is missing. Nothing is printed, since nothing could be cleaned of passwords.' >&2
  exit 1
fi

# busybox before 1.30 wants the seconds behind -t.
if timeout 5 true >/dev/null 2>&1; then limit='timeout'; seconds='20'
elif timeout -t 5 true >/dev/null 2>&1; then limit="timeout${newline}-t"; seconds='20'
else limit=''; seconds=''
fi

has() { command -v "$1" >/dev/null 2>&1; }
cleaned() { awk -v kind="$1" "$cleaner"; }
one_line() { printf '%s' "$1" | tr '\n' ' ' | cut -c 1-160; }
# A name in a heading: no control characters, and no sign of another heading.
heading() { printf '%s' "$1" | tr '\000-\037\177' '?' | sed 's/===*/=/g'; }
missing() { printf '=== missing %s: %s ===\n' "$(heading "$1")" "$(heading "$(printf '%s' "$2" | cleaned log)")"; }
# section NAME KIND TEXT: prints what is there.
section() {
  printf '=== begin %s ===\n' "$(heading "$1")"
  [ -z "$3" ] || printf '%s\n' "$3" | cleaned "$2"
  printf '=== end %s ===\n' "$(heading "$1")"
}

# run COMMAND...: its output and complaints in `output`, its exit code in `code`.
run() {
  # shellcheck disable=SC2086 # an empty limit is no word
  output=$($limit $seconds "$@" 2>&1 </dev/null)
  code=$?
}

# collect NAME KIND COMMAND...
collect() {
  name=$1
  kind=$2
  shift 2
  if ! has "$1"; then missing "$name" 'not installed'; return 1; fi
  run "$@"
  if [ "$code" -ne 0 ]; then
    case $code in
      124 | 143) [ -z "$limit" ] || { missing "$name" "it took longer than $seconds s"; return 1; } ;;
    esac
    case $output in
      *[Pp]ermission\ denied* | *not\ permitted* | *root* | *[Aa]uthoriz*) missing "$name" "$as_root" ;;
      *) missing "$name" "failed: $(one_line "$output")" ;;
    esac
    return 1
  fi
  if [ "${#output}" -gt $((command_kilobytes * 1024)) ]; then
    missing "$name" "longer than $command_kilobytes kB"
    return 1
  fi
  section "$name" "$kind" "$output"
}

printed=$newline
# file PATH KIND: a file's text, once.
file() {
  case $printed in *"$newline$1$newline"*) return 0 ;; esac
  printed="$printed$1$newline"
  low=$(printf '%s' "${1##*/}" | tr '[:upper:]' '[:lower:]')
  case $low in
    *passw* | *shadow* | *secret* | *.key | *.p12 | *.pfx | *.pdb | *.env | .env* | id_rsa* | id_ed* | *.ppk | \
      mysql.conf | *pgsql*.conf | *postgresql*.conf | *ldap*.conf | users.xml)
      missing "file $1" 'not printed: a file of this name may hold secrets'; return 1 ;;
    *.pem | *.crt | *.cer) missing "file $1" 'not printed: a certificate or key'; return 1 ;;
  esac
  if [ ! -e "$1" ]; then missing "file $1" 'not there'; return 1; fi
  if [ ! -f "$1" ]; then missing "file $1" 'no ordinary file'; return 1; fi
  if [ ! -r "$1" ]; then missing "file $1" "$as_root"; return 1; fi
  text=$(dd if="$1" bs=1024 count=$file_kilobytes 2>/dev/null | tr -d '\000')
  section "file $1" "$2" "$text"
  size=$(wc -c <"$1" | tr -d ' ')
  [ "$size" -le $((file_kilobytes * 1024)) ] || missing "rest of file $1" "longer than $file_kilobytes kB"
}

logged=$newline
# log PATH: its last lines.
log() {
  case $logged in *"$newline$1$newline"*) return 0 ;; esac
  logged="$logged$1$newline"
  [ -e "$1" ] || return 0
  if [ ! -f "$1" ]; then missing "log $1" 'no ordinary file'; return 1; fi
  if [ ! -r "$1" ]; then missing "log $1" "$as_root"; return 1; fi
  section "log $1" log "$(tail -n $log_lines "$1" | tr -d '\000' | dd bs=1024 count=$file_kilobytes 2>/dev/null)"
}

# Files that a proftpd.conf includes, one a line, in their order: a folder's files, and what a pattern finds.
included_by() {
  awk 'tolower($1) == "include" {
    sub(/^[ \t]*[^ \t]+[ \t]+/, ""); sub(/[ \t\r]+$/, ""); gsub(/"/, ""); print
  }' "$1" 2>/dev/null
}

# configuration FILE: with what it includes.
configuration() {
  waiting=$1
  depth=0
  while [ -n "$waiting" ] && [ $depth -lt 200 ]; do
    depth=$((depth + 1))
    next=${waiting%%"$newline"*}
    case $waiting in *"$newline"*) waiting=${waiting#*"$newline"} ;; *) waiting='' ;; esac
    case $printed in *"$newline$next$newline"*) continue ;; esac
    file "$next" config || continue
    configurations="$configurations$next$newline"
    found=''
    # shellcheck disable=SC2013 # a line is a path
    for pattern in $(included_by "$next"); do
      case $pattern in /*) ;; *) pattern="${next%/*}/$pattern" ;; esac
      if [ -d "$pattern" ]; then pattern="${pattern%/}/*"; fi
      # shellcheck disable=SC2231 # the pattern is one
      for path in $pattern; do
        case $path in
          *'*'* | *'?'*) [ -e "$path" ] || continue ;;
        esac
        [ -d "$path" ] || found="$found$path$newline"
      done
    done
    waiting="$found$waiting"
    while :; do case $waiting in "$newline"*) waiting=${waiting#"$newline"} ;; *) break ;; esac; done
    waiting=${waiting%"$newline"}
  done
}

setting() { [ ! -r "$1" ] || printf '%s = %s\n' "$(printf '%s' "${1#/proc/sys/}" | tr '/.' './')" "$(tr '\t' ' ' <"$1" 2>/dev/null)"; }
settings() {
  for path in /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/rp_filter \
    /proc/sys/net/ipv4/conf/*/route_localnet /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_local_reserved_ports \
    /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/tcp_syn_retries /proc/sys/net/ipv4/tcp_mtu_probing \
    /proc/sys/net/ipv6/conf/*/forwarding /proc/sys/net/ipv6/conf/*/disable_ipv6 \
    /proc/sys/net/netfilter/nf_conntrack_helper /proc/sys/net/netfilter/nf_conntrack_max \
    /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_tcp_* \
    /proc/sys/net/bridge/bridge-nf-call-*; do
    setting "$path"
  done
}

modules() {
  while IFS=' ' read -r module _; do
    case $module in *ftp* | nf_conntrack* | nf_nat* | ip_conntrack* | nf_tables | ip_tables | ip6_tables | *flow* | br_netfilter | ip_vs*) printf '%s\n' "$module" ;; esac
  done </proc/modules 2>/dev/null
  for module in nf_conntrack nf_conntrack_ftp nf_nat_ftp ip_vs_ftp; do
    [ -d "/sys/module/$module" ] || continue
    [ -e "/sys/module/$module/initstate" ] || printf '%s (built in)\n' "$module"
    for path in /sys/module/"$module"/parameters/*; do
      [ ! -r "$path" ] || printf '%s %s = %s\n' "$module" "${path##*/}" "$(cat "$path" 2>/dev/null)"
    done
  done
}

# Listeners that are FTP's by port or program; of programs that cannot be seen all, since any port may be FTP's.
listening() {
  if has ss; then run ss -ltnp
  elif has netstat; then run netstat -ltnp; [ "$code" -eq 0 ] || run netstat -ltn
  else return 1
  fi
  printf '%s\n' "$output" | awk -v isRoot="$is_root" '
    /[:.](20|21|989|990|2121)[ \t]/ || tolower($0) ~ /ftp|filezilla|docker-proxy|rootlessport|xinetd|inetd|systemd/ { print; next }
    !isRoot && /LISTEN/ { print }'
}

# Programs that run and are FTP servers, with their arguments, one a line. Arguments of others are not looked at.
servers() {
  for folder in /proc/[0-9]*; do
    [ -r "$folder/cmdline" ] || continue
    line=$(tr '\000' ' ' <"$folder/cmdline" 2>/dev/null)
    case ${line%% *} in
      *proftpd* | *vsftpd | *vsftpd: | *pure-ftpd* | *filezilla-server* | *uftpd* | *bftpd | *tnftpd | *in.ftpd | ftpd) printf '%s\n' "$line" ;;
      *python*)
        for word in $(printf '%s' "$line" | tr ' ' '\n'); do
          case $word in
            pyftpdlib) printf 'pyftpdlib\n' ;;
            /*.py) if grep -q pyftpdlib "$word" 2>/dev/null; then printf 'pyftpdlib %s\n' "$word"; fi ;;
          esac
        done ;;
    esac
  done | sort -u
}

versions() {
  if has proftpd; then run proftpd -v; printf '%s\n' "$output"; run proftpd -l; printf '%s\n' "$output"; fi
  # vsftpd answers its standard input, as the client of an inetd.
  if has vsftpd; then vsftpd -v 0>&1 2>&1; fi
  if has pure-ftpd; then run pure-ftpd --help; printf '%s\n' "$output" | sed -n 1p; fi
  for path in /opt/filezilla-server/bin/filezilla-server /usr/bin/filezilla-server; do
    [ ! -x "$path" ] || { run "$path" --version; printf '%s\n' "$output"; }
  done
  [ -z "$running" ] || printf '%s\n' "$running" | sed 's/^/running: /'
}

logs_of() {
  for path in $1; do
    awk '
      { line = $0; sub(/\r$/, "", line); gsub(/"/, "", line); count = split(line, word, /[ \t]+/); first = word[1] == "" ? 2 : 1 }
      tolower(word[first]) ~ /^(systemlog|serverlog|transferlog|tlslog|extendedlog)$/ && word[first + 1] ~ /^\// { print word[first + 1] }
      line ~ /^(vsftpd_log_file|xferlog_file)=\// { sub(/^[^=]*=/, "", line); print line }
      line ~ /^(clf|stats|w3c|xferlog):\// { sub(/^[^:]*:/, "", line); print line }' "$path" 2>/dev/null
  done
}

user=$(id -un 2>/dev/null || id -u 2>/dev/null || echo unknown)
is_root=0
as_root='run as root'
if [ "$(id -u 2>/dev/null)" = 0 ]; then
  is_root=1
  as_root='root may not see it here, as in a container without NET_ADMIN: run this on the machine itself'
fi
system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')
host=$(cat /proc/sys/kernel/hostname 2>/dev/null || hostname 2>/dev/null)
printf '# ftp-nat-matrix collect 1\n'
printf '# host: %s   system: %s   user: %s   date: %s\n' "$(heading "$host")" "$(heading "${system:-$(uname -sr)}")" "$user" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
printf '# kernel: %s\n' "$(uname -r)"

for words in 'iptables-save' 'ip6tables-save'; do
  collect "$words" rules "$words"
  # Rules of the kernel's older filter, where the usual program shows those of nf_tables.
  legacy="${words%-save}-legacy-save"
  if has "$legacy"; then
    run "$legacy"
    case $output in *'
-A '*) [ "$code" -ne 0 ] || section "$legacy" rules "$output" ;; esac
  fi
done
collect nft rules nft list ruleset

if has ip; then
  collect 'ip addr' rules ip addr
  collect 'ip route' rules ip route
  collect 'ip rule' rules ip rule
  collect 'ip -6 route' rules ip -6 route
else
  if has ifconfig; then collect 'ip addr' rules ifconfig -a; else missing 'ip addr' 'neither ip nor ifconfig is installed'; fi
  if has route; then collect 'ip route' rules route -n; else missing 'ip route' 'neither ip nor route is installed'; fi
  missing 'ip rule' 'ip is not installed'
  missing 'ip -6 route' 'ip is not installed'
fi
section sysctl rules "$(settings)"
if [ -r /proc/modules ]; then section modules rules "$(modules)"; else missing modules '/proc/modules is not there'; fi
if has ss || has netstat; then section listening rules "$(listening)"; else missing listening 'neither ss nor netstat is installed'; fi

running=$(servers)
found_versions=$(versions)
if [ -n "$found_versions" ]; then section 'ftp version' config "$found_versions"; else missing 'ftp version' 'no FTP server was found'; fi

configurations=$newline
if [ $# -gt 0 ]; then
  for path in "$@"; do configuration "$path"; done
else
  for path in /etc/proftpd/proftpd.conf /etc/proftpd.conf /usr/local/etc/proftpd.conf /usr/local/etc/proftpd/proftpd.conf; do
    [ ! -e "$path" ] || configuration "$path"
  done
  # What a running vsftpd was told, and the usual places.
  for path in $(printf '%s\n' "$running" | awk '{ count = split($0, word, " "); if (word[1] ~ /vsftpd$/) for (i = 2; i <= count; i++) if (word[i] ~ /^\//) print word[i] }') \
    /etc/vsftpd*.conf /etc/vsftpd/*.conf /usr/local/etc/vsftpd.conf; do
    [ ! -e "$path" ] || { file "$path" config && configurations="$configurations$path$newline"; }
  done
  for path in /etc/pure-ftpd/pure-ftpd.conf /etc/pure-ftpd.conf /usr/local/etc/pure-ftpd.conf /etc/default/pure-ftpd-common /etc/pure-ftpd/conf/*; do
    [ ! -f "$path" ] || { file "$path" config && configurations="$configurations$path$newline"; }
  done
  for path in /etc/pure-ftpd/db/*.conf /etc/pure-ftpd/*.pdb; do
    [ ! -e "$path" ] || missing "file $path" 'not printed: a file of accounts'
  done
  for path in /opt/filezilla-server/etc/settings.xml /etc/filezilla-server/settings.xml /root/.config/filezilla-server/settings.xml; do
    [ ! -e "$path" ] || file "$path" xml
  done
  for path in /etc/xinetd.d/*ftp*; do [ ! -e "$path" ] || file "$path" config; done
  for path in $(printf '%s\n' "$running" | sed -n 's/^pyftpdlib //p'); do missing "file $path" 'a program, which is not printed'; done
fi

for path in $(logs_of "$configurations") /var/log/proftpd/proftpd.log /var/log/proftpd/system.log /var/log/proftpd/tls.log \
  /var/log/vsftpd.log /var/log/xferlog /var/log/pure-ftpd/transfer.log /var/log/pureftpd.log; do
  log "$path"
done
if has journalctl; then
  run journalctl -q -n $log_lines --no-pager -o short-iso -u proftpd -u vsftpd -u pure-ftpd -u pureftpd -u filezilla-server
  [ "$code" -ne 0 ] || [ -z "$output" ] || section 'log journal' log "$output"
fi
if has logread; then
  run logread
  output=$(printf '%s\n' "$output" | grep -i 'ftp' | tail -n $log_lines)
  [ -z "$output" ] || section 'log logread' log "$output"
fi
if has dmesg; then
  run dmesg
  output=$([ "$code" -ne 0 ] || printf '%s\n' "$output" | grep -i 'conntrack\|nf_ct_\|[^a-z]ftp' | tail -n 50)
  [ -z "$output" ] || section 'log kernel' log "$output"
fi

collect ufw rules ufw status verbose && {
  for path in /etc/ufw/user.rules /etc/ufw/before.rules /etc/ufw/after.rules /etc/default/ufw; do [ ! -e "$path" ] || file "$path" rules; done
}
collect firewalld rules firewall-cmd --list-all-zones && {
  run firewall-cmd --direct --get-all-rules
  [ "$code" -ne 0 ] || [ -z "$output" ] || section 'firewalld direct' rules "$output"
}
collect shorewall rules shorewall status && {
  for path in /etc/shorewall/zones /etc/shorewall/interfaces /etc/shorewall/policy /etc/shorewall/rules /etc/shorewall/masq \
    /etc/shorewall/snat /etc/shorewall/conntrack; do
    [ ! -e "$path" ] || file "$path" rules
  done
}
collect 'uci network' config uci show network
collect 'uci firewall' config uci show firewall
# What the kernel loads is for root alone; files that anybody may read are better than nothing.
if [ $is_root = 0 ]; then
  for path in /etc/iptables/rules.v4 /etc/sysconfig/iptables /etc/nftables.conf; do [ ! -r "$path" ] || file "$path" rules; done
fi

# Neither commands nor environment of containers: they hold passwords.
collect 'docker ps' rules docker ps --format '{{.Names}}\t{{.Image}}\t{{.Ports}}' && {
  # shellcheck disable=SC2016 # the template is Docker's
  run sh -c 'for id in $(docker ps -q); do docker inspect --format "{{.Name}}{{range \$name, \$one := .NetworkSettings.Networks}} {{\$name}}={{\$one.IPAddress}}{{end}}{{range \$port, \$to := .NetworkSettings.Ports}}{{range \$to}} {{.HostIp}}:{{.HostPort}}->{{\$port}}{{end}}{{end}}" "$id"; done'
  [ "$code" -ne 0 ] || section 'docker ports' rules "$output"
}
printf '# end\n'
