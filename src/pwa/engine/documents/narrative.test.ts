import { expect, it } from "vitest"
import type { NarrativeNode } from "../../bridge/documents.js"
import { parseNarrative } from "./narrative.js"

/** What a reader would see, with the tags that give it shape. */
function drawn(nodes: readonly NarrativeNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === "text") return node.text
      if (node.kind === "picture") return `[${node.name}]`
      const spans = `${node.colSpan > 1 ? ` ${node.colSpan}` : ""}${node.rowSpan > 1 ? `/${node.rowSpan}` : ""}`
      return node.tag === "br" ? "⏎" : `(${node.tag}${spans} ${drawn(node.children)})`
    })
    .join("")
}

it("reads what the gateway writes", () => {
  const html =
    '<article><h1>Compte rendu</h1><section><h2>Biologie</h2><p>a &lt; b &amp;amp; c<br>suite</p><table><tbody><tr><td colspan="2">' +
    'Sodium</td><td rowspan="3"><strong>138</strong></td></tr></tbody></table><ul><li>un</li></ul><figure data-attachment="MM1"></figure></section></article>'
  expect(drawn(parseNarrative(html))).toBe(
    "(article (h1 Compte rendu)(section (h2 Biologie)(p a < b &amp; c⏎suite)(table (tbody (tr (td 2 Sodium)(td/3 (strong 138)))))(ul (li un))[MM1]))",
  )
})

it("has nothing that a script, an address or a style could become", () => {
  const html =
    '<p onclick="evil()" style="x">a</p><script>evil()</script><img src=x onerror=evil()><a href="javascript:evil()">b</a><iframe src="//evil">c</iframe>' +
    "<style>p{}</style><svg><script>evil()</script></svg><!-- d --><P>e</P>"
  const nodes = parseNarrative(html)
  expect(drawn(nodes)).toBe("(p a)bc(p e)")
  expect(JSON.stringify(nodes)).not.toMatch(/evil|onclick|style|href/)
})

it("keeps the text of what is not closed, and closes nothing twice", () => {
  expect(drawn(parseNarrative("</p>a<p>b<strong>c</p>d</strong> < e"))).toBe("a(p b(strong c))d < e")
})

it("is bounded in depth, number and length", () => {
  const depthOf = (nodes: readonly NarrativeNode[]): number =>
    Math.max(0, ...nodes.map((node) => (node.kind === "element" ? 1 + depthOf(node.children) : 0)))
  expect(depthOf(parseNarrative("<section>".repeat(20_000)))).toBeLessThan(60)
  expect(() => parseNarrative("<br>".repeat(50_001))).toThrow("bad_document")
  expect(() => parseNarrative("x".repeat(2_000_001))).toThrow("bad_document")
})

it("reads any text in time", () => {
  const nasty = ["<", "<!--", "<p ", "&#", "&", '<td colspan="', "<script>", "</", "<a><b>"]
  for (const piece of nasty) expect(parseNarrative(piece.repeat(5_000)).length, piece).toBeGreaterThanOrEqual(0)
})
