/**
 * The narrative of a structured document: the little HTML that a gateway writes, read into a tree of known nodes.
 *
 * The page never sees markup: what comes out is data that components draw. Anything that is not on the list (an
 * attribute, an address, a script, a style) has no node to become, so that not even a malicious gateway can show one.
 */
import type { NarrativeNode, NarrativeTag } from "../../bridge/documents.js"
import { Refusal } from "../failure.js"

const MAX_CHARACTERS = 2_000_000
const MAX_NODES = 50_000
const MAX_DEPTH = 48
const MAX_SPAN = 100

const TAGS: ReadonlySet<string> = new Set<NarrativeTag>([
  ...(["article", "section", "h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "ul", "ol", "li", "small", "strong", "em", "u"] as const),
  ...(["sub", "sup", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figure"] as const),
])
/** Whose text is no text for a reader, should it ever come. */
const SILENT: ReadonlySet<string> = new Set(["script", "style", "template", "head"])
const isTag = (name: string): name is NarrativeTag => TAGS.has(name)

type Open = { readonly tag: string; readonly children: NarrativeNode[] }

/** The nodes of a narrative; its tags need not match, its text is kept. Refuses with `bad_document` what is too big. */
export function parseNarrative(html: string): readonly NarrativeNode[] {
  if (html.length > MAX_CHARACTERS) throw new Refusal("bad_document")
  const root: Open = { tag: "", children: [] }
  const open: Open[] = [root]
  const top = (): Open => open.at(-1) ?? root
  let nodes = 0
  let silent = ""
  const add = (node: NarrativeNode): void => {
    if (++nodes > MAX_NODES) throw new Refusal("bad_document")
    top().children.push(node)
  }
  const close = (tag: string): void => {
    const place = open.findLastIndex((one) => one.tag === tag)
    if (place > 0) open.length = place
  }
  // Nothing here looks past the next "<", so that any text is read in time.
  for (const [token, name = "", attributes = ""] of html.matchAll(/<(?:\/?([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|![^<>]*>)|[^<]+|</g)) {
    const isEnd = token.startsWith("</")
    const tag = name.toLowerCase()
    if (silent !== "") {
      if (isEnd && tag === silent) silent = ""
    } else if (!token.startsWith("<") || token === "<") add({ kind: "text", text: textOf(token) })
    else if (SILENT.has(tag) && !isEnd) silent = tag
    else if (!isTag(tag)) continue
    else if (isEnd) close(tag)
    else if (tag === "figure") add({ kind: "picture", name: attributeOf(attributes, "data-attachment") })
    else {
      const children: NarrativeNode[] = []
      add({ kind: "element", tag, ...spansOf(attributes), children })
      if (tag !== "br" && open.length < MAX_DEPTH) open.push({ tag, children })
    }
  }
  return root.children
}

function spansOf(attributes: string): { readonly colSpan: number; readonly rowSpan: number } {
  const span = (name: string): number => {
    const value = Number(attributeOf(attributes, name))
    return Number.isInteger(value) && value > 1 && value <= MAX_SPAN ? value : 1
  }
  return { colSpan: span("colspan"), rowSpan: span("rowspan") }
}

function attributeOf(attributes: string, name: string): string {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)
  return textOf(found?.[1] ?? "")
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" }

/** Character references, once: what they give is text and is not read again. */
function textOf(markup: string): string {
  return markup.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "\ufffd"
  })
}
