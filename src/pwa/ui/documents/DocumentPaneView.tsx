/** One document, wired to the engine: opened when it is on screen, saved after a fresh unlock; both are traced. */
import { useEffect, useState } from "preact/hooks"
import type { DocumentBody, DocumentPlace, DocumentView as Document } from "../../bridge/documents.js"
import { prove } from "../account/proving.js"
import { codeOf } from "../i18n/failures.js"
import { offerFile } from "../files/readyFile.js"
import type { Page } from "../page.js"
import { goBack, goTo, replaceWith } from "../router.js"
import { dateOf, titleOf } from "./documentModel.js"
import { DocumentView } from "./DocumentView.js"
import { useObjectUrl } from "./PictureView.js"

type Props = { readonly page: Page; readonly place: DocumentPlace; readonly nowMs: number }

export function DocumentPaneView({ page, place, nowMs }: Props) {
  const { engine } = page
  const placed = JSON.stringify(place)
  const [document, setDocument] = useState<Document | null>(null)
  const [body, setBody] = useState<DocumentBody | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [isSaved, setSaved] = useState(false)
  useEffect(() => {
    engine.ask("document", place).then(setDocument, (error: unknown) => setFailure(codeOf(error)))
  }, [placed, page.documents.value?.revision])
  const open = async () => {
    setFailure(null)
    try {
      setBody(await engine.ask("documentBody", place))
    } catch (error) {
      setFailure(codeOf(error))
    }
  }
  const isReadable = document !== null && document.body !== null
  useEffect(() => {
    if (isReadable && body === null) void open()
  }, [placed, isReadable])
  const save = async (attachment: number | null) => {
    if (document === null) return
    await prove(page)
    const { bytes, mediaType } = await engine.ask("saveDocument", { ...place, attachment })
    const name = attachment === null ? titleOf(document) : (document.attachments[attachment]?.name ?? "")
    // Not awaited: what asked for it closes, and the file is offered.
    const taken = offerFile([bytes], mediaType, `${dateOf(document)} ${name}`.trim(), () => engine.ask("documentLeaves", place))
    void taken.then((isTaken) => setSaved((before) => before || isTaken))
  }
  return (
    <DocumentView
      document={document}
      body={document?.state === "withdrawn" ? null : body}
      failure={failure}
      isSaved={isSaved}
      nowMs={nowMs}
      picture={(name) => <AttachedPictureView page={page} place={place} index={document?.attachments.findIndex((one) => one.name === name) ?? -1} />}
      onBack={goBack}
      onRetry={() => void open()}
      onPatient={(patient) => replaceWith({ kind: "patient", patient })}
      onDocument={(other) => goTo({ kind: "document", document: other })}
      onTalk={"document" in place ? () => goTo({ kind: "talk-about", document: place.document }) : null}
      onRead={async (index) => (await engine.ask("documentAttachment", { ...place, index })).bytes}
      onSave={save}
    />
  )
}

type PictureProps = { readonly page: Page; readonly place: DocumentPlace; readonly index: number }

/** A picture in its place in the text. */
function AttachedPictureView({ page, place, index }: PictureProps) {
  const [picture, setPicture] = useState<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string } | null>(null)
  useEffect(() => {
    if (index >= 0) page.engine.ask("documentAttachment", { ...place, index }).then(setPicture, () => undefined)
  }, [JSON.stringify(place), index])
  const isPicture = picture !== null && ["image/jpeg", "image/png", "image/gif", "image/webp"].includes(picture.mediaType)
  const url = useObjectUrl(isPicture ? picture.bytes : null, picture?.mediaType ?? "")
  return url === null ? null : <img class="narrative-picture" src={url} alt="" />
}
