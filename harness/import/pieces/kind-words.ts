/** Names that files and headings have: whose, and of what. */

/** Words of names that say what is in the file, and not whose it is. */
export const kindWords =
  /^(iptables|ip6tables|ip[46]?t|nft|nftables|nftab|ruleset|rules?|save|saved|restore|legacy|dump|net|nets|nic|nics|hook|hooks|ip|ipv4|ipv6|addr|addrs|address|addresses|a|r|o|l|s|n|v|t|nv|vn|nvl|vnl|ln|all|br|brief|link|links|route|routes|ifconfig|interfaces?|ifaces?|config|configuration|conf|cfg|txt|text|log|sh|script|yml|yaml|v4|v6|firewall|firewalld|fw[34]|cmd|zone|zones|services?|network|output|out|stdout|print|list|listing|tables?|chains?|uci|show|ufw|before|after|user|status|verbose|numbered|compose|docker|proftpd|vsftpd|pure|ftpd|tls|sysctl|lsmod|modules|ss|netstat|listening|ports?|collect|etc|filter|nat|mangle|raw|sudo|current|live|running|full|complete|new|old|my|our|today|latest|log|logs|note|notes|readme|info|details|thread|question|problem|answer|screenshot|picture|copy|pasted?|defaults?)$/;
