import { nothingSaid, saidOrRemarked, type LineReader, type SpeakerForm } from "../speaker-form";

/** WinSCP's log in XML, in which operations have results, and no dialogue. */
export const winscpXml: SpeakerForm = {
  id: "winscp-xml",
  title: "WinSCP's log in XML",
  by: "client",
  software: null,
  begin: readXml,
};

function readXml(): LineReader {
  let isInside = false;
  return (text) => {
    if (/<session\b[^>]*\bwinscp\.net\/schema\/session\b/.test(text)) isInside = true;
    if (!isInside) return null;
    if (text.includes("</session>")) isInside = false;
    const [, words] = /<message>([^<]{1,1000})/.exec(text) ?? [];
    return words === undefined ? nothingSaid : saidOrRemarked(words.trim());
  };
}
