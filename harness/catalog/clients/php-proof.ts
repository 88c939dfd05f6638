/**
 * Prints the commands that PHP's `ftp_` functions send over IPv4, first by `ftp_ssl_connect`, then by `ftp_connect`, passive and
 * active: to a server of its own that only says yes or no.
 */
export const phpCommands = `
$listener = stream_socket_server("tcp://127.0.0.1:0");
[$host, $port] = explode(":", stream_socket_get_name($listener, false));
$replies = ["AUTH" => "500", "USER" => "331", "PASS" => "230", "PASV" => "227 (127,0,0,1,0,9)", "LIST" => "425"];
if (pcntl_fork() === 0) {
    for ($session = 0; $session < 2; $session++) {
        $client = stream_socket_accept($listener);
        fwrite($client, "220 Ready\\r\\n");
        while (($line = fgets($client)) !== false) {
            print(trim($line) . "\\n");
            $reply = $replies[substr($line, 0, 4)] ?? "200";
            fwrite($client, (strlen($reply) === 3 ? "$reply Said" : $reply) . "\\r\\n");
        }
    }
    exit;
}
$tls = ftp_ssl_connect($host, (int) $port, 5);
@ftp_login($tls, "name", "word");
ftp_close($tls);
$clear = ftp_connect($host, (int) $port, 5);
ftp_login($clear, "name", "word");
foreach ([true, false] as $passive) {
    ftp_pasv($clear, $passive);
    @ftp_rawlist($clear, "/");
}
ftp_close($clear);
pcntl_wait($status);
`;
