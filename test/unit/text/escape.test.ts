import fc from "fast-check";
import { markdownCode, markdownText, toAscii, visible } from "../../../harness/text/escape";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("<", ">", "|", "`", "\n", "\x1b[2J", "\u202e", "\ud800", "&", "\\", "a", "é", "漢"),
  }),
);

describe("visible", () => {
  it("shows control characters in a form that a terminal does not obey", () => {
    expect(visible("a\x1b[31mb\x07\x9b\x7f")).toBe("a\\x1b[31mb\\x07\\x9b\\x7f");
  });

  it("keeps text on one line", () => {
    expect(visible("one\r\ntwo\tthree\u2028four\u2029")).toBe("one\\r\\ntwo\\tthree\\u2028four\\u2029");
  });

  it("shows characters that turn the reading direction or take no room", () => {
    expect(visible("\u202egnp.exe \u2066x\u2069 \u200f \u200b \ufeff")).toBe(
      "\\u202egnp.exe \\u2066x\\u2069 \\u200f \\u200b \\ufeff",
    );
    expect(visible("\u{e0041}")).toBe("\\u{e0041}");
  });

  it("shows half a surrogate pair, which is no character", () => {
    expect(visible("\ud83d!")).toBe("\\ud83d!");
  });

  it("leaves letters of all scripts alone", () => {
    expect(visible("Délai dépassé — 接続 🙂 שלום")).toBe("Délai dépassé — 接続 🙂 שלום");
  });

  it("cuts to the limit and says so", () => {
    expect(visible("abcdef", 6)).toBe("abcdef");
    expect(visible("abcdefg", 6)).toBe("abcde…");
  });

  it("never cuts within an escape", () => {
    expect(visible("ab\x1b\x1b", 7)).toBe("ab\\x1b…");
    expect(visible("ab\x1bc", 5)).toBe("ab…");
  });

  it("cuts a line of a megabyte to 300 characters", () => {
    expect(visible("x".repeat(1_000_000))).toHaveLength(300);
  });

  it("leaves nothing invisible and nothing too long, whatever the text", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const shown = visible(text, limit);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(shown.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe("toAscii", () => {
  it("replaces what is not ASCII by something readable or its code", () => {
    expect(toAscii("cut… é 🙂 \x1b[1m")).toBe("cut... \\u{e9} \\u{1f642} \x1b[1m");
  });
});

describe("markdownText", () => {
  it("makes HTML, table bars, code and links mere text", () => {
    expect(markdownText("</script>|`x`[a](b)")).toBe("&lt;/script&gt;&#124;&#96;x&#96;&#91;a&#93;(b)");
  });

  it("does not let an entity of its own through", () => {
    expect(markdownText("&lt;")).toBe("&amp;lt;");
  });

  it("makes no link, mention, issue reference or formula of it", () => {
    expect(markdownText("https://x www.example.org @user #1 $x$")).toBe(
      "https&#58;//x www&#46;example.org &#64;user &#35;1 &#36;x&#36;",
    );
  });

  it("leaves none of the characters that Markdown or HTML act on, whatever the text", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(markdownText(text)).not.toMatch(/[<>|`*_[\]~\\\n\r]/);
      }),
    );
  });
});

describe("markdownCode", () => {
  it("uses a code span where the text allows it", () => {
    expect(markdownCode("227 Entering Passive Mode (10,0,0,2,4,1)")).toBe("`227 Entering Passive Mode (10,0,0,2,4,1)`");
  });

  it("uses entities where a code span could be broken out of", () => {
    expect(markdownCode("a`b|c")).toBe("<code>a&#96;b&#124;c</code>");
  });

  it("never lets a table bar, a tag or a line end through", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const code = markdownCode(text).replace(/^<code>(.*)<\/code>$/s, "$1");
        expect(code).not.toMatch(/[<>|\n\r]/);
      }),
    );
  });
});
