import { useState } from "preact/hooks"
import type { AttachmentInfo } from "../../bridge/documents.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { LeavingView } from "./LeavingView.js"
import { PageSkeletonView, PdfView } from "./PdfView.js"

type Props = {
  readonly attachments: readonly AttachmentInfo[]
  readonly onRead: (attachment: number) => Promise<Uint8Array<ArrayBuffer>>
  readonly onSave: (attachment: number) => Promise<void>
}

/** What came with a document: a PDF is read in its place, anything else can be saved only. */
export function AttachmentsView({ attachments, onRead, onSave }: Props) {
  // Pictures of the text are shown in their places.
  const shown = attachments.map((one, index) => [one, index] as const).filter(([one]) => !one.mediaType.startsWith("image/"))
  if (shown.length === 0) return null
  return (
    <section class="attachments" aria-labelledby="attachments-title">
      <h2 id="attachments-title">{words().document.attachments}</h2>
      {shown.map(([one, index]) => (
        <AttachmentView key={index} attachment={one} onRead={() => onRead(index)} onSave={() => onSave(index)} />
      ))}
    </section>
  )
}

type OneProps = { readonly attachment: AttachmentInfo; readonly onRead: () => Promise<Uint8Array<ArrayBuffer>>; readonly onSave: () => Promise<void> }

function AttachmentView({ attachment, onRead, onSave }: OneProps) {
  const task = useTask()
  const [isOpen, setOpen] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null)
  const isReadable = attachment.mediaType === "application/pdf"
  const touch = () => {
    if (!isReadable) {
      setLeaving(true)
      return
    }
    setOpen(!isOpen)
    if (bytes === null) task.run(async () => setBytes(await onRead()))
  }
  return (
    <div class="attachment">
      <button type="button" class="row" aria-expanded={isReadable ? isOpen : undefined} onClick={touch}>
        <IconView name="attachment" />
        <span class="row-body">
          <span class="row-title">{attachment.name}</span>
        </span>
        {isReadable && <IconView name="open" />}
      </button>
      {isOpen && (
        <>
          {task.failure !== null ? <NoticeView tone="attention" text={explainCode(task.failure)} /> : bytes === null ? <PageSkeletonView /> : <PdfView bytes={bytes} title={attachment.name} />}
          <button type="button" class="button button-outline" onClick={() => setLeaving(true)}>
            <IconView name="download" />
            {words().document.saveAttachment}
          </button>
        </>
      )}
      {isLeaving && <LeavingView onSave={onSave} onClose={() => setLeaving(false)} />}
    </div>
  )
}
