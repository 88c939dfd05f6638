/** What went wrong, in the words of programs; people use the same words, in sentences. */

const words =
  /\b(?:\w*error|\w*exception|\w*timed? ?out|\w*time-?out|refused|fail(?:ed|s|ure)|unreachable|closed|reset|no route|unable|could ?n[o']t|can(?:not|'t)|disconnected|abort(?:ed|ing)|lost|denied|broken pipe|not connected|no re(?:sponse|ply)|EOF|invalid|did not|does not|expired|gave up|giving up|mismatch(?:ed)?|now in progress|EINPROGRESS|\w*ProtoError|\w*ReplyError)\b/i;

/** How a program's message begins: with its name, a kind of error, or with what could not be done. */
const beginning =
  /^(?:[\w./:-]{1,80}: |\/\S{1,200}:\d+:in [`']|[[({*!<]|(?:[A-Z]\w* ){0,3}\w*(?:error|exception|warning)\b ?[:[(]|(?:fatal|connect\w*|timed?|time-?out|fail\w*|could ?n[o']t|can(?:not|'t)|unable|no route|network|operation|unhandled|error|exception|disconnected|abort(?:ed|ing)|lost|broken|not connected|server|remote|connection|data (?:connection|socket|channel)|transfer|login|command|socket|response|peer|EOF|invalid|list error|directory|passive mode)\b)/i;

/** What only programs write, wherever it stands: names of errno(3), exceptions with their message, Rust's and Go's errors. */
const ofPrograms =
  /\bE(?:CONN|TIMEDOUT|HOST|NET|PIPE|ADDR|ACCES|PERM|AI_)[A-Z]*\b|\b\w+Exception: |\bOs \{ code: |\bdial tcp\b/;

/** `Error: ...`, whomever it speaks to. */
const labelled = /^(?:Uncaught |Unhandled )?\w*(?:Error|Exception|ERROR)(?: \[\w+\])?: \S/;

/** Who writes of himself or to others is no program; a line that ends in a colon leads to what follows. */
const prose = /\b(?:I|I'm|I've|[Mm]y|[Ww]e|[Oo]ur|[Yy]ou|[Yy]our)\b|(?<!\(\d{1,3}\)):$/;

/** Whether a line is a program's word of a failure, and not a sentence about one. */
export function tellsTrouble(line: string): boolean {
  if (labelled.test(line)) return true;
  return (ofPrograms.test(line) || (words.test(line) && beginning.test(line))) && !isProse(line);
}

export function isProse(line: string): boolean {
  return prose.test(line) && !labelled.test(line);
}
