/**
 * A session by PHP's `ftp_` functions, as its manual shows. They show nothing of the control dialogue, so the script says which
 * one it calls and what came of it, in order with PHP's warnings.
 */
export const phpScript = `<?php
$wanted = json_decode(stream_get_contents(STDIN), true);
set_error_handler(fn (int $level, string $text) => fwrite(STDERR, "$text\\n"));

function call(string $function, mixed ...$arguments): mixed {
    fwrite(STDERR, "call $function\\n");
    $result = $function(...$arguments);
    fwrite(STDERR, "$function = " . ($result === false ? "false" : "true") . "\\n");
    return $result === false ? exit(1) : $result;
}

$connect = $wanted["tls"] === "none" ? "ftp_connect" : "ftp_ssl_connect";
$ftp = call($connect, $wanted["host"], $wanted["port"], $wanted["timeout"]);
call("ftp_login", $ftp, $wanted["user"], $wanted["password"]);
if (in_array("ignore-227", $wanted["options"])) {
    call("ftp_set_option", $ftp, FTP_USEPASVADDRESS, false);
}
call("ftp_pasv", $ftp, $wanted["passive"]);
$folder = $wanted["folder"];
if ($wanted["operation"] === "list") {
    print(implode("\\n", call("ftp_rawlist", $ftp, $folder)) . "\\n");
} else {
    foreach ($wanted["files"] as $name) {
        if ($wanted["operation"] === "download") {
            call("ftp_get", $ftp, $name, "$folder/$name");
        } else {
            call("ftp_put", $ftp, "$folder/$name", $name);
        }
    }
}
call("ftp_close", $ftp);
`;
