import { lineByLine, saidOrRemarked } from "../speaker-form";

/** `[20] Tue 03Feb26 10:00:00 - (000012) PASV`, `... - (000012) Connected to 192.0.2.1 (local address 10.0.0.2, port 21)`. */
const line = /^\[\d{1,2}\] .{0,45}?\d\d:\d\d:\d\d (?:- )?\((\d{6,7})\) (.*)$/;
/** Words that Serv-U puts around what was said. */
const around =
  /^(?:Command|Received|Sent response|Sent reply|Sent|Reply|CMND|RESP)\b:? ?(?:command |response |reply )?"?(.*?)"?(?: received.*)?$/i;

/** Serv-U's log of a domain; Wing FTP Server writes almost the same. */
export const servU = lineByLine({
  id: "serv-u-log",
  title: "Serv-U's log",
  by: "server",
  software: "Serv-U",
  read: (text) => {
    const [, session, message] = line.exec(text) ?? [];
    if (session === undefined || message === undefined) return null;
    return saidOrRemarked(around.exec(message)?.[1] ?? message, session);
  },
});
