/** What went wrong, in the words of programs; people use the same words, in sentences. */

const words =
  /\b(?:E[A-Z]{4,}|\w*error|\w*exception|timed? ?out|time-?out|refused|failed|unreachable|closed|reset|no route)\b/i;

/** How a program's message begins: with its name, a kind of error, or with what could not be done. */
const beginning =
  /^(?:[\w./-]+: |[[({*!<]|(?:[A-Z]\w* ){0,3}\w*(?:error|exception|warning)\b ?[:[(]|E[A-Z]{4,}|(?:fatal|connect\w*|timed?|time-?out|failed|could ?n[o']t|can(?:not|'t)|unable|no route|network|operation|unhandled|error)\b)/i;

/** Who writes of himself or to others is no program; a line that ends in a colon leads to what follows. */
const prose = /\b(?:I|I'm|I've|[Mm]y|[Ww]e|[Oo]ur|[Yy]ou|[Yy]our)\b|:$/;

/** Whether a line is a program's word of a failure, and not a sentence about one. */
export function tellsTrouble(line: string): boolean {
  return words.test(line) && beginning.test(line) && !isProse(line);
}

export function isProse(line: string): boolean {
  return prose.test(line);
}
