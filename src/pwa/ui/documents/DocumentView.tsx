import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { DocumentBody, DocumentRef, DocumentView as Document, PatientId } from "../../bridge/documents.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { AttachmentsView } from "./AttachmentsView.js"
import { StateView } from "./CardView.js"
import { dateOf, familyName, sourceOf, titleOf } from "./documentModel.js"
import { DetailsView } from "./DetailsView.js"
import { DoubtsView, IdentityLineView } from "./IdentityView.js"
import { LeavingView } from "./LeavingView.js"
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
  /** The attachment with this index, to be read here. */
  readonly onRead: (attachment: number) => Promise<Uint8Array<ArrayBuffer>>
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
      <AttachmentsView attachments={document.attachments} onRead={props.onRead} onSave={props.onSave} />
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
