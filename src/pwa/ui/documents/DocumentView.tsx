import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { AttachmentInfo, DocumentBody, DocumentRef, DocumentView as Document, PatientId } from "../../bridge/documents.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { StateView } from "./CardView.js"
import { dateOf, familyName, sourceOf, titleOf } from "./documentModel.js"
import { DetailsView } from "./DetailsView.js"
import { DoubtsView, IdentityLineView } from "./IdentityView.js"
import { NarrativeView } from "./NarrativeView.js"
import { PageSkeletonView, PdfView } from "./PdfView.js"
import { PictureView } from "./PictureView.js"
import "./documents.css"

type Props = {
  readonly document: Document | null
  /** Null while it is opened. */
  readonly body: DocumentBody | null
  readonly failure: string | null
  readonly isSaved: boolean
  readonly nowMs: number
  readonly picture: (name: string) => ComponentChildren
  readonly onBack: () => void
  readonly onRetry: () => void
  readonly onPatient: (patient: PatientId) => void
  readonly onDocument: (document: DocumentRef) => void
  /** Null for what is talked about already. */
  readonly onTalk: (() => void) | null
  /** Of it, or of the attachment with this index. */
  readonly onSave: (attachment: number | null) => Promise<void>
}

/** One document: whose it is and from whom, always on screen above; then its pages. */
export function DocumentView(props: Props) {
  const { document, failure, onBack } = props
  const text = words().document
  return (
    <>
      <HeaderView title={document === null ? text.opening : titleOf(document)} onBack={onBack} />
      {document !== null && <PatientStripView {...props} document={document} />}
      <div class="scroll document">
        {document === null ? (
          failure === null ? (
            <PageSkeletonView />
          ) : (
            <EmptyView icon="other" text={failure === "not_found" ? text.missing : explainCode(failure)} />
          )
        ) : (
          <SheetView {...props} document={document} />
        )}
      </div>
      {document !== null && document.state !== "withdrawn" && <ActionsView {...props} document={document} />}
    </>
  )
}

type Shown = Props & { readonly document: Document }

function PatientStripView({ document, onPatient }: Shown) {
  // What was shared has no folder here.
  if (document.shared !== null) {
    return (
      <div class="document-patient">
        <span class="document-patient-text">
          <IdentityLineView identity={document.identity} />
        </span>
      </div>
    )
  }
  return (
    <button type="button" class="document-patient" onClick={() => onPatient(document.patient)}>
      <span class="document-patient-text">
        <IdentityLineView identity={document.identity} />
      </span>
      <span class="visually-hidden">{words().document.openPatient}</span>
      <IconView name="open" />
    </button>
  )
}

function SheetView(props: Shown) {
  const { document, nowMs, isSaved, onDocument } = props
  const text = words().document
  const { newer, withdrawnAtMs } = document
  const date = dateOf(document)
  return (
    <>
      <div class="document-head">
        <p class="document-family">
          <span>{familyName(document.family)}</span>
          <StateView card={document} />
        </p>
        <p>{sourceOf(document)}</p>
        <p class="quiet time">
          {[date === "" ? text.received(spokenTime(document.receivedAtMs, nowMs)) : text.dated(date), ...(document.version > 0 ? [text.version(document.version)] : [])].join(
            words().profession.separator,
          )}
        </p>
      </div>
      <div class="notices">
        {document.shared !== null && (
          <p class="notice notice-information shared-by">
            <IconView name="share" />
            {text.sharedBy(document.shared.by, spokenTime(document.shared.atMs, nowMs))}
          </p>
        )}
        {withdrawnAtMs !== null && <NoticeView tone="urgent" text={text.withdrawn(spokenTime(withdrawnAtMs, nowMs))} />}
        {newer !== null && (
          <div class="notice notice-attention together">
            <IconView name="warning" />
            <p>{text.replaced}</p>
            <button type="button" class="button button-quiet" onClick={() => onDocument(newer)}>
              {text.openNewer}
            </button>
          </div>
        )}
        {document.isMoved && <NoticeView tone="attention" text={text.moved} />}
        <DoubtsView doubts={document.doubts.slice(0, 1)} />
        {isSaved && <NoticeView tone="good" text={text.saved} />}
      </div>
      <BodyView {...props} />
      <AttachmentsView attachments={document.attachments} onSave={props.onSave} />
      <DetailsView document={document} nowMs={nowMs} onDocument={onDocument} />
    </>
  )
}

function BodyView({ document, body, failure, picture, onRetry }: Shown) {
  const text = words().document
  if (document.body === null) return null
  if (failure !== null) {
    return (
      <div class="notices">
        <NoticeView tone="attention" text={failure === "bad_document" ? text.notReadable : explainCode(failure)} />
        {failure !== "bad_document" && failure !== "document_withdrawn" && (
          <button type="button" class="button button-outline" onClick={onRetry}>
            {words().app.retry}
          </button>
        )}
      </div>
    )
  }
  if (body === null) return <PageSkeletonView />
  switch (body.kind) {
    case "pdf":
      return <PdfView bytes={body.bytes} title={titleOf(document)} />
    case "picture":
      return <PictureView bytes={body.bytes} mediaType={body.mediaType} label={text.picture} />
    case "narrative":
      return <NarrativeView nodes={body.nodes} picture={picture} />
    case "text":
      return <p class="narrative plain">{body.text}</p>
  }
}

function AttachmentsView({ attachments, onSave }: Pick<Shown, "onSave"> & { readonly attachments: readonly AttachmentInfo[] }) {
  const text = words().document
  const [asked, setAsked] = useState<number | null>(null)
  // Pictures of the text are shown in their places.
  const shown = attachments.map((one, index) => [one, index] as const).filter(([one]) => !one.mediaType.startsWith("image/"))
  if (shown.length === 0) return null
  return (
    <section class="attachments" aria-labelledby="attachments-title">
      <h2 id="attachments-title">{text.attachments}</h2>
      {shown.map(([one, index]) => (
        <button type="button" class="row" key={index} onClick={() => setAsked(index)}>
          <IconView name="attachment" />
          <span class="row-body">
            <span class="row-title">{one.name}</span>
          </span>
        </button>
      ))}
      {asked !== null && <LeavingView onSave={() => onSave(asked)} onClose={() => setAsked(null)} />}
    </section>
  )
}

function ActionsView({ onTalk, onSave }: Shown) {
  const text = words().document
  const [isAsked, setAsked] = useState(false)
  return (
    <div class="document-actions">
      <button type="button" class="button button-outline" onClick={() => setAsked(true)}>
        <IconView name="download" />
        {text.save}
      </button>
      {onTalk !== null && (
        <button type="button" class="button button-primary" onClick={onTalk}>
          <IconView name="talk" />
          {text.talk}
        </button>
      )}
      {isAsked && <LeavingView onSave={() => onSave(null)} onClose={() => setAsked(false)} />}
    </div>
  )
}

/** Something of it leaves Lien. */
function LeavingView({ onSave, onClose }: { readonly onSave: () => Promise<void>; readonly onClose: () => void }) {
  const text = words().document
  return <ConfirmView title={text.saveTitle} text={text.saveExplain} action={text.saveConfirm} isHarmless onConfirm={onSave} onClose={onClose} />
}
