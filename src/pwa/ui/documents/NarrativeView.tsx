/** The narrative of a structured document, drawn from data by our own elements: no markup is ever set. */
import { createElement, type ComponentChildren } from "preact"
import type { NarrativeNode } from "../../bridge/documents.js"

type Props = { readonly nodes: readonly NarrativeNode[]; readonly picture: (name: string) => ComponentChildren }

/** The first heading is the title of the screen already; tables scroll sideways by themselves. */

export function NarrativeView({ nodes, picture }: Props) {
  return <div class="narrative">{nodes.map((node, index) => draw(node, picture, index))}</div>
}

function draw(node: NarrativeNode, picture: Props["picture"], key: number): ComponentChildren {
  if (node.kind === "text") return node.text
  if (node.kind === "picture") return <span key={key}>{picture(node.name)}</span>
  const { tag, colSpan, rowSpan } = node
  if (tag === "h1") return null
  if (tag === "br") return <br key={key} />
  const children = node.children.map((child, index) => draw(child, picture, index))
  const spans = { ...(colSpan > 1 ? { colSpan } : {}), ...(rowSpan > 1 ? { rowSpan } : {}) }
  const element = createElement(tag as string, { key, ...spans }, children)
  if (tag !== "table") return element
  return (
    <div key={key} class="narrative-table" tabIndex={0}>
      {element}
    </div>
  )
}
