import { Transcript } from "../../../harness/agent/transcript";

function texts(transcript: Transcript): string[] {
  return transcript.lines.map(({ direction, text }) => `${direction} ${text}`);
}

test("writes replies line by line, however they arrive", () => {
  const transcript = new Transcript(() => 0);
  transcript.sent("FEAT");
  for (const chunk of ["211-Feat", "ures:\r\n MLST\r", "\n211 End\r\n22"]) transcript.received(chunk);
  expect(texts(transcript)).toEqual(["> FEAT", "< 211-Features:", "<  MLST", "< 211 End"]);
});

test("keeps a reply that was cut off, once", () => {
  const transcript = new Transcript(() => 0);
  transcript.received("227 Ent");
  transcript.flush();
  transcript.flush();
  expect(texts(transcript)).toEqual(["< 227 Ent"]);
});

test("stamps each line with the session's time", () => {
  let now = 1;
  const transcript = new Transcript(() => now);
  transcript.remark("a");
  now = 2.5;
  transcript.sent("NOOP");
  expect(transcript.lines.map(({ atMs }) => atMs)).toEqual([1, 2.5]);
});
