/**
 * Text as a PDF writes it with the fonts that every reader has: Windows Latin, widths of Helvetica. What these fonts do
 * not have is written by its number, [U+1F44D]; the exact words are in the file that goes with the page. Pure.
 */

/** Widths of the characters from the space to the tilde, in thousandths of the size. */
const ascii = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
] as const
const others: Readonly<Record<string, number>> = { "’": 222, "‘": 222, "—": 1000, "…": 1000, œ: 944, Œ: 1000, æ: 889, Æ: 1000, "°": 400, "·": 278, "•": 350, "\u00a0": 278, "“": 333, "”": 333 }
const usual = 556
/** Bold is a little wider. */
const boldFactor = 1.08

/** What Windows Latin has between 128 and 159. */
const special = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ"

/** The byte of a character, null where the fonts have none. */
function byteOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0
  if ((code >= 32 && code < 127) || (code >= 160 && code < 256)) return code
  const at = special.indexOf(character)
  return at === -1 || character === "\0" ? null : 128 + at
}

/** With what can be written only; other spaces are spaces, what a control character would do is not done. */
export function writable(text: string): string {
  return Array.from(text.normalize("NFC").replace(/[\u2000-\u200a\u202f\t]/g, "\u00a0").replace(/[\u200b-\u200f\ufe0e\ufe0f]/g, ""))
    .map((character) => {
      if (character === "\n" || byteOf(character) !== null) return character
      const code = character.codePointAt(0) ?? 0
      return code < 32 || code === 127 ? " " : `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`
    })
    .join("")
}

/** As a string of a PDF, in hexadecimal: nothing in it is ever read as an instruction. */
export function hexOf(text: string): string {
  return `<${Array.from(text, (character) => (byteOf(character) ?? 63).toString(16).padStart(2, "0")).join("")}>`
}

export function widthOf(text: string, size: number, isBold: boolean): number {
  let sum = 0
  for (const character of text) {
    const [base = character] = character.normalize("NFD")
    sum += others[character] ?? ascii[(base.codePointAt(0) ?? 0) - 32] ?? usual
  }
  return (sum * size * (isBold ? boldFactor : 1)) / 1000
}

/** Lines no wider than `width`; a word that is too long is cut. */
export function wrapped(text: string, size: number, isBold: boolean, width: number): readonly string[] {
  return writable(text)
    .split("\n")
    .flatMap((paragraph) => {
      const lines: string[] = []
      let line = ""
      for (const word of paragraph.split(" ").flatMap((one) => pieces(one, size, isBold, width))) {
        const longer = line === "" ? word : `${line} ${word}`
        if (widthOf(longer, size, isBold) <= width) line = longer
        else {
          lines.push(line)
          line = word
        }
      }
      return [...lines, line]
    })
}

function pieces(word: string, size: number, isBold: boolean, width: number): readonly string[] {
  if (widthOf(word, size, isBold) <= width) return [word]
  const found: string[] = []
  let piece = ""
  for (const character of word) {
    if (widthOf(piece + character, size, isBold) > width) {
      found.push(piece)
      piece = ""
    }
    piece += character
  }
  return [...found, piece]
}
