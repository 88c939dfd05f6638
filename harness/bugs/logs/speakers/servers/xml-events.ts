import { nothingSaid, saidOrRemarked, type LineReader, type Reading, type SpeakerForm } from "../speaker-form";

/** An element with attributes; a paste may be cut inside of it. */
const element = /<(event|error|command|reply|response|message|entry|log)\b([^<>]{0,2000})(?:>([^<]{0,2000}))?/gi;
const attribute = /\b(desc|description|message|text|value|reason|code|command|reply)="([^"]{0,1000})"/gi;

/** What managed file transfer writes: `<event desc="FTP data connection failed."> <error message="..."/>`. */
export const xmlEvents: SpeakerForm = {
  id: "xml-events",
  title: "a log of events in XML",
  by: "server",
  software: null,
  begin: readXml,
};

function readXml(): LineReader {
  return (text) => {
    if (!/^\s*<[?/a-z]/i.test(text)) return null;
    const readings = [...text.matchAll(element)].flatMap(([, , attributes = "", inner = ""]): Reading[] => {
      const words = [...attributes.matchAll(attribute)].map(([, , value = ""]) => value);
      return [...words, inner]
        .map((word) => word.trim())
        .filter(isSentence)
        .map((word) => saidOrRemarked(word));
    });
    if (readings.length > 0) return { said: readings.flatMap(({ said = [] }) => said) };
    return /^\s*<\/?(?:event|events|log|\?xml)\b/i.test(text) ? nothingSaid : null;
  };
}

/** Ids, times and numbers are no words of a failure. */
function isSentence(text: string): boolean {
  return /[a-z]{2,}[ .]/i.test(text) || /^\d{3}[ -]/.test(text) || /^(?:PASV|EPSV|CCC|QUIT|FEAT)$/.test(text);
}
