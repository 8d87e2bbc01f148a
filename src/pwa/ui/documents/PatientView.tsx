import { useState } from "preact/hooks"
import type { DocumentCard, OtherFolder, PatientId, PatientView as Patient, ShownIdentity } from "../../bridge/documents.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { CardView } from "./CardView.js"
import { birthDateOf, IDENTITY_DOUBTS, NAMESAKE_DOUBTS, nameOf, shelfOf, shelvesIn, type Shelf } from "./documentModel.js"
import { DoubtsView, IdentityLineView, IdentityView } from "./IdentityView.js"
import "./documents.css"

type Props = {
  readonly patient: Patient | null
  readonly failure: string | null
  readonly nowMs: number
  readonly onBack: () => void
  readonly onDocument: (card: DocumentCard) => void
  readonly onPatient: (patient: PatientId) => void
  readonly onJoin: (other: PatientId) => Promise<void>
  readonly onSeparate: () => Promise<void>
}

/** The history of one patient: who it is, what is doubtful about that, then the documents from the newest. */
export function PatientView(props: Props) {
  const { patient, failure, onBack } = props
  const text = words().folder
  return (
    <>
      <HeaderView title={patient === null ? text.title : nameOf(patient.identity)} onBack={onBack} />
      <div class="scroll patient">
        {failure === "not_found" ? (
          <EmptyView icon="patients" text={text.missing} />
        ) : failure !== null ? (
          <NoticeView tone="attention" text={explainCode(failure)} />
        ) : patient === null ? (
          <SkeletonRowsView label={words().patients.loading} />
        ) : (
          <FolderView {...props} patient={patient} />
        )}
      </div>
    </>
  )
}

function FolderView(props: Props & { readonly patient: Patient }) {
  const { patient, nowMs, onDocument } = props
  const text = words().folder
  const [shelf, setShelf] = useState<Shelf | null>(null)
  const cards = patient.documents.filter(({ family }) => shelf === null || shelfOf(family) === shelf)
  const present = shelvesIn(patient.documents)
  return (
    <>
      <IdentityView identity={patient.identity} isDoubtful={patient.doubts.some((doubt) => IDENTITY_DOUBTS.has(doubt) || NAMESAKE_DOUBTS.has(doubt))} />
      <div class="notices">
        <DoubtsView doubts={patient.doubts} />
        <TogetherView {...props} />
      </div>
      <OthersView {...props} />
      {present.length > 1 && (
        <div class="chips timeline-chips" role="group" aria-label={text.filters}>
          {[null, ...present].map((one) => (
            <button type="button" key={one ?? "all"} class="chip" aria-pressed={shelf === one} onClick={() => setShelf(one)}>
              <span>{one === null ? text.all : words().shelves[one]}</span>
            </button>
          ))}
        </div>
      )}
      <ul class="document-list" aria-label={words().patients.count(cards.length)}>
        {cards.map((card) => (
          <li key={card.document}>
            <CardView card={card} nowMs={nowMs} onOpen={() => onDocument(card)} />
          </li>
        ))}
      </ul>
      {cards.length === 0 && <p class="quiet">{text.none}</p>}
    </>
  )
}

function TogetherView({ patient, onSeparate }: Props & { readonly patient: Patient }) {
  const text = words().folder
  if (patient.parts.length < 2) return null
  return (
    <div class="notice together">
      <IconView name="join" />
      <p>{text.together(patient.parts.length)}</p>
      <button type="button" class="button button-quiet" onClick={() => void onSeparate()}>
        {text.separate}
      </button>
    </div>
  )
}

/** Namesakes apart. */
const lineOf = (identity: ShownIdentity): string => `${nameOf(identity)} (${birthDateOf(identity)})`

/** Other folders whose patient may be taken for this one: side by side, so that they can be told apart. */
function OthersView({ patient, onPatient, onJoin }: Props & { readonly patient: Patient }) {
  const text = words().folder
  const [asked, setAsked] = useState<OtherFolder | null>(null)
  const candidates = new Set(patient.candidates.map((one) => one.patient))
  const others = [...patient.candidates, ...patient.lookalikes.filter((one) => !candidates.has(one.patient))]
  if (others.length === 0) return null
  return (
    <details class="details">
      <summary>{text.others(others.length)}</summary>
      <ul>
        {others.map((other) => (
          <li class="other" key={other.patient}>
            <p class="other-identity">
              <IdentityLineView identity={other.identity} />
              <span class="quiet">{words().patients.count(other.documents)}</span>
            </p>
            <div class="other-actions">
              <button type="button" class="button button-outline" onClick={() => onPatient(other.patient)}>
                {text.openOther}
              </button>
              {candidates.has(other.patient) && (
                <button type="button" class="button button-quiet" onClick={() => setAsked(other)}>
                  {text.same}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {asked !== null && (
        <ConfirmView
          title={text.sameTitle}
          text={text.sameExplain(lineOf(patient.identity), lineOf(asked.identity))}
          action={text.sameConfirm}
          isHarmless
          onConfirm={() => onJoin(asked.patient)}
          onClose={() => setAsked(null)}
        />
      )}
    </details>
  )
}
