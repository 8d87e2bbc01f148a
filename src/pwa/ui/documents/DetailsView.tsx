import type { DocumentRef, DocumentView as Document } from "../../bridge/documents.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { CardView } from "./CardView.js"

type Props = { readonly document: Document; readonly nowMs: number; readonly onDocument: (document: DocumentRef) => void }

/** Everything else that is known of a document: who wrote, sent and received it, and its earlier versions. */
export function DetailsView({ document, nowMs, onDocument }: Props) {
  const text = words().document
  const { authors, structure, sender, readers, confidentiality, history, receivedAtMs } = document
  const facts: readonly (readonly [string, readonly string[]])[] = [
    [authors.length > 1 ? text.authors : text.author, authors.map(({ name }) => name)],
    [text.structure, [structure]],
    [text.sender, [sender, text.received(spokenTime(receivedAtMs, nowMs))]],
    [text.readers, readers],
  ]
  return (
    <>
      {history.length > 0 && (
        <section class="history" aria-labelledby="history-title">
          <h2 id="history-title">{text.history}</h2>
          <ul class="document-list">
            {history.map((card) => (
              <li key={card.document}>
                <CardView card={card} nowMs={nowMs} onOpen={() => onDocument(card.document)} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <details class="details">
        <summary>{text.details}</summary>
        <dl class="facts">
          {facts.map(([name, values]) => {
            const said = values.filter((value) => value !== "")
            return said.length === 0 ? null : (
              <div key={name}>
                <dt>{name}</dt>
                {said.map((value) => (
                  <dd key={value}>{value}</dd>
                ))}
              </div>
            )
          })}
          {(confidentiality === "R" || confidentiality === "V") && (
            <div>
              <dd>{text.confidential}</dd>
            </div>
          )}
        </dl>
      </details>
    </>
  )
}
